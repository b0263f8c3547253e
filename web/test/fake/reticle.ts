// A stand-in for the package while the page is drawn: the discount example only, by hand. Never shipped.
export type * from "../../../wasm/src/types.ts";
import type { ActivationView, Diagnostic, FactView, Input, NodeSchema, ProgramSchema, SettleReport, SourceFile, Span, TraceRecord } from "../../../wasm/src/types.ts";
export class ReticleError extends Error { constructor(readonly code: string, message: string) { super(message); } }
export interface CallInfo { call: string; run: number; step: string; attempt: number }
export interface Store { read(): unknown; append(bytes: Uint8Array): unknown; truncate(n: number): unknown; close(): unknown }

const span = (files: SourceFile[], text: string, extra = 0): Span => {
  const start = Math.max(0, files[0]!.text.indexOf(text)), line = files[0]!.text.slice(0, start).split("\n").length;
  return { file: files[0]!.name, start, end: start + text.length + extra, line, column: 1, endLine: line, endColumn: 9 };
};
const node = (id: number, kind: NodeSchema["kind"], label: string, layer: number, rules: number[], more: Partial<NodeSchema> = {}): NodeSchema => ({ id, kind, label, layer, rules, ...more });

export class Program {
  diagnostics: Diagnostic[] = [];
  constructor(readonly files: SourceFile[]) {
    const at = files[0]!.text.indexOf("logedIn");
    if (at >= 0) this.diagnostics.push({ code: "RL1001", level: "error", message: "`Customer` has no field `logedIn`", span: span(files, "logedIn"), related: [], help: ["a field with a similar name exists: `loggedIn`"], notes: [], text: "",
      fixes: [{ title: "replace `logedIn` with `loggedIn`", edits: [{ span: span(files, "logedIn"), text: "loggedIn" }] }] });
  }
  get ok() { return this.diagnostics.length === 0; }
  close() {}
  runTests() { return [{ name: "logged in on a Thursday", passed: true, digest: "", failures: [] }]; }
  get schema(): ProgramSchema {
    const f = this.files;
    const names = ["something is red", "20% for a logged-in customer", "30% for more than two products"];
    const conditions = [[["pattern", "t: Thing(color == \"red\")", 6]], [["pattern", "c: Customer(loggedIn)", 8], ["not", "not Clock(weekday == \"friday\")", 9]],
      [["pattern", "c: Customer", 11], ["accumulate", "accumulate i: CartItem(customerId == c.id) into n = sum(i.qty)", 12], ["if", "if n > 2", 13], ["not", "not Clock(weekday == \"friday\")", 14]]] as const;
    return {
      module: "demo", flows: [], functions: [], queries: [], tests: [{ name: "logged in on a Thursday", span: span(f, "test \"logged") }],
      types: [
        { id: 0, name: "Thing", kind: "fact", fields: [{ name: "name", type: "string", key: true }, { name: "color", type: "string" }] },
        { id: 1, name: "Customer", kind: "fact", fields: [{ name: "id", type: "string", key: true }, { name: "loggedIn", type: "bool", default: false }] },
        { id: 2, name: "CartItem", kind: "fact", fields: [{ name: "customerId", type: "string", key: true }, { name: "sku", type: "string", key: true }, { name: "qty", type: "int", default: 1 }] },
        { id: 3, name: "Discount", kind: "fact", fields: [{ name: "customerId", type: "string", key: true }, { name: "reason", type: "string", key: true }, { name: "percent", type: "int" }] },
        { id: 4, name: "Clock", kind: "subject", builtin: true, fields: [{ name: "weekday", type: "string" }] }],
      rules: names.map((name, id) => ({ id, name, salience: 0, node: [7, 10, 15][id]!, bindings: id === 0 ? ["t"] : ["c"], span: span(f, `rule "${name}"`, 120), nameSpan: span(f, `"${name}"`),
        ...(id ? { group: "pricing" } : {}), conditions: conditions[id]!.map(([kind, text, at]) => ({ kind, text, node: at, span: span(f, text) })) })),
      network: { nodes: [
        node(0, "type", "Thing", 0, [0], { type: 0 }), node(1, "type", "Customer", 0, [1, 2], { type: 1 }), node(2, "type", "CartItem", 0, [2], { type: 2 }), node(3, "type", "Clock", 0, [1, 2], { type: 4 }),
        node(4, "test", "color == \"red\"", 1, [0], { right: 0 }), node(5, "test", "loggedIn", 1, [1], { right: 1 }),
        node(6, "join", "t: Thing", 2, [0], { right: 4 }), node(7, "production", "something is red", 3, [0], { left: 6 }),
        node(8, "join", "c: Customer", 2, [1], { right: 5 }), node(9, "not", "weekday == \"friday\"", 3, [1], { left: 8, right: 16 }), node(10, "production", "", 4, [1], { left: 9 }),
        node(11, "join", "c: Customer", 1, [2], { right: 1 }), node(12, "accumulate", "customerId == c.id → n = sum(i.qty)", 2, [2], { left: 11, right: 2 }), node(13, "filter", "n > 2", 3, [2], { left: 12 }),
        node(14, "not", "weekday == \"friday\"", 4, [2], { left: 13, right: 16 }), node(15, "production", "", 5, [2], { left: 14 }), node(16, "test", "weekday == \"friday\"", 1, [1, 2], { right: 3 })] },
    };
  }
}
export async function compile(files: string | SourceFile[]) { return new Program(typeof files === "string" ? [{ name: "rules", text: files }] : files); }
export async function open(program: Program, options: { start?: number }) { return new Engine(program, options.start ?? 0); }

export class Engine {
  recovery = null;
  private records: TraceRecord[] = [];
  private seq = 0; private lastFact = 0; private lastActivation = 0; private clock: number;
  private all = new Map<number, FactView>(); private ready = new Map<number, ActivationView & { r: number }>(); private counts = new Int32Array(17); private done = new Set<string>();
  constructor(readonly program: Program, start: number) { this.clock = start; this.assert("Clock", { weekday: "thursday" }, 0); }
  private rec(record: object) { this.records.push({ seq: ++this.seq, cause: this.cause, origin: this.origin, ...record } as TraceRecord); return this.seq; }
  private cause = 0; private origin = 0;
  private mem(n: number, facts: number[], added = true) { this.counts[n]! += added ? 1 : -1; this.rec({ kind: "memory", node: n, added, facts, count: this.counts[n] }); }
  private act(r: number, facts: number[]) { const key = `${r}/${facts}`; if (this.done.has(key)) return; this.done.add(key); const id = ++this.lastActivation; this.ready.set(id, { id, r, rule: this.program.schema.rules[r]!.name, facts, salience: 0, recency: this.seq, bindings: {} }); this.rec({ kind: "activation", activation: id, rule: r, facts, salience: 0, recency: this.seq }); }
  private assert(type: string, fields: FactView["fields"], cause: number) {
    const id = ++this.lastFact; this.all.set(id, { id, type, fields, logical: type === "Discount", recency: this.seq });
    this.cause = cause; this.cause = this.rec({ kind: "assert", fact: id, type, fields, logical: type === "Discount" });
    const nodeOf: Record<string, number> = { Thing: 0, Customer: 1, CartItem: 2, Clock: 3 };
    if (type in nodeOf) this.mem(nodeOf[type]!, [id]);
    if (type === "Thing" && fields["color"] === "red") { this.mem(4, [id]); this.mem(6, [id]); this.mem(7, [id]); this.act(0, [id]); }
    if (type === "Customer") { this.mem(11, [id]); this.mem(12, [id]); if (fields["loggedIn"]) { this.mem(5, [id]); this.mem(8, [id]); this.mem(9, [id]); this.mem(10, [id]); this.act(1, [id]); } }
    if (type === "CartItem") { const c = [...this.all.values()].find((x) => x.type === "Customer" && x.fields["id"] === fields["customerId"]);
      if (c && Number(fields["qty"]) > 2) { this.mem(13, [c.id]); this.mem(14, [c.id]); this.mem(15, [c.id]); this.act(2, [c.id]); } }
    return id;
  }
  submit(input: Input) { this.cause = 0; this.origin = this.seq + 1; this.cause = this.rec({ kind: "input", input: input.kind, text: JSON.stringify(input), time: this.clock });
    if (input.kind === "insert") return { ok: true as const, fact: this.assert(input.type, input.fields, this.cause) }; return { ok: true as const }; }
  settleOnce(options: { maxFirings?: number; activation?: number } = {}): SettleReport {
    const report: SettleReport = { firings: 0, reason: "quiescent", fired: [] };
    while (this.ready.size && report.firings < (options.maxFirings ?? Infinity)) {
      const next = options.activation ? this.ready.get(options.activation)! : [...this.ready.values()].sort((a, b) => b.recency - a.recency)[0]!;
      this.ready.delete(next.id); report.firings++; report.fired.push({ rule: next.rule, activation: next.id, facts: next.facts });
      const cause = this.rec({ kind: "fire", activation: next.id, rule: next.r, facts: next.facts }); const fields = this.all.get(next.facts[0]!)!.fields;
      this.cause = cause;
      if (next.r === 0) this.rec({ kind: "log", level: "info", text: `I found something red: ${String(fields["name"])}` });
      else this.assert("Discount", { customerId: fields["id"]!, reason: next.r === 1 ? "logged-in" : "many-products", percent: next.r === 1 ? 20 : 30 }, cause);
    }
    this.rec({ kind: "settled", firings: report.firings, reason: report.reason });
    return report;
  }
  async settle(options = {}) { return this.settleOnce(options); }
  async advance(by: number) { this.clock += by; this.rec({ kind: "clock", time: this.clock }); return this.settleOnce({}); }
  async flush() {}
  takeOutputs() { return []; }
  takeTrace() { return this.records.splice(0); }
  facts() { return [...this.all.values()]; } agenda() { return [...this.ready.values()]; } runs() { return []; }
  explain(fact: number) { return { fact, type: "", fields: {}, origin: "stated" as const, by: [], text: "It was handed in." }; }
  whyNot(rule: string) { return { rule, fires: false, summary: "The nearest is bob: his cart holds 2 products; `n > 2` compares 2 with 2. One more and it fires.", conditions: this.program.schema.rules.find((r) => r.name === rule)!.conditions.map((c, i) => ({ text: c.text, node: c.node, facts: 2 - i, partial: 1, holds: i < 2, ...(i === 2 ? { nearest: [{ facts: [2], test: "n > 2", left: 2, right: 2 }] } : {}) })) }; }
  counters() { return this.counts; } now() { return this.clock; } nextTimer() { return this.clock + 60_000; } digest() { return "d"; } traceDigest() { return "t"; } close() {}
}
