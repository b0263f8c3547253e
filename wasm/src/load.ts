// Loading the WebAssembly module, and the one place that touches it.

import { messageOf, ReticleError } from "./errors.js";
import create from "./module.mjs";
import type {
  ModuleOptions,
  RawLoop,
  RawModule,
  RawProgram,
  RawSession,
  RawWorkspace,
} from "./raw.js";
import type {
  CompileResult,
  ConformanceResult,
  ConvertedText,
  Diagnostic,
  EngineError,
  ImportedRules,
  NumberColumn,
  Output,
  RecoveryReport,
  Replaced,
  SettleOptions,
  SettleReport,
  SourceFile,
  SubmitAnswer,
} from "./types.js";
import { zoneOffset } from "./zones.js";

/** Where the WebAssembly comes from; by default the `module.wasm` beside this module. */
export type WasmSource = URL | string | Response | ArrayBuffer | Uint8Array | WebAssembly.Module;
export interface InitOptions {
  /** Only the first call's counts. */
  wasm?: WasmSource;
}

let loading: Promise<Instance> | undefined;
let source: WasmSource | undefined;

/**
 * Loads the WebAssembly module, once; later calls share the first one's promise. `compile` and
 * `open` call it themselves, so it is only needed to choose where the bytes come from or to load
 * early.
 *
 * @throws ReticleError "Load" when the bytes cannot be read or are not the engine's.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  if (!loading) source = options.wasm;
  await instance();
}

/**
 * The module in use. After a trap there is a new one: its memory may be damaged, so whatever lived
 * in the old one is lost.
 */
export function instance(): Promise<Instance> {
  loading ??= load(source).catch((error: unknown) => {
    loading = undefined;
    throw new ReticleError(
      "Load",
      `the WebAssembly module could not be loaded: ${messageOf(error)}`,
      { cause: error },
    );
  });
  return loading;
}

async function load(from: WasmSource | undefined): Promise<Instance> {
  const here = new Instance();
  const quiet: ModuleOptions = {
    print() {},
    printErr(text) {
      here.lastWords = text;
    },
  };
  here.raw = await create({ ...quiet, ...(await wasmOptions(from)) });
  return here;
}

async function wasmOptions(from: WasmSource | undefined): Promise<ModuleOptions> {
  if (from === undefined)
    return isNode()
      ? { wasmBinary: await readFile(new URL("./module.wasm", import.meta.url)) }
      : {};
  if (from instanceof ArrayBuffer || from instanceof Uint8Array) return { wasmBinary: from };
  if (from instanceof WebAssembly.Module) return instantiating(from);
  if (typeof Response !== "undefined" && from instanceof Response)
    return instantiating(await compileResponse(from.clone()));
  const url = new URL(
    String(from),
    typeof location === "undefined" ? import.meta.url : location.href,
  );
  if (url.protocol === "file:" && isNode()) return { wasmBinary: await readFile(url) };
  return instantiating(await compileResponse(await fetch(url)));
}

function instantiating(module: WebAssembly.Module): ModuleOptions {
  return {
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(module, imports).then(done);
      return {};
    },
  };
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const isTyped = response.headers.get("content-type")?.startsWith("application/wasm");
  return isTyped
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

function isNode(): boolean {
  return typeof process !== "undefined" && process.versions?.node !== undefined;
}

async function readFile(url: URL): Promise<Uint8Array> {
  // The name is hidden from bundlers, which would look for it when they build for a page.
  const name = "node:fs/promises";
  const fs: typeof import("node:fs/promises") = await import(
    /* webpackIgnore: true */ /* @vite-ignore */ name
  );
  return fs.readFile(url);
}

/**
 * One loaded module. Every call into it goes through `call`, so that a trap is seen
 * wherever it happens.
 */
export class Instance {
  raw!: RawModule;
  lastWords = "";
  private crash: ReticleError | undefined;

  /**
   * Runs `work`, which may call the module; anything thrown inside means that its memory cannot
   * be trusted any more.
   */
  call<T>(work: () => T): T {
    if (this.crash) throw this.crash;
    try {
      return work();
    } catch (error) {
      const said = this.lastWords ? ` (${this.lastWords})` : "";
      this.crash = new ReticleError(
        "Crashed",
        `the engine stopped: ${messageOf(error)}${said}; ` +
          "close it and open a new one on the same journal",
        { cause: error },
      );
      loading = undefined;
      throw this.crash;
    }
  }

  get crashed(): boolean {
    return this.crash !== undefined;
  }

  compile(files: readonly SourceFile[]): ProgramHandle {
    const json = encode(files);
    return new ProgramHandle(
      this,
      this.call(() => this.raw.Program.compile(json)),
    );
  }

  conformance(text: string): ConformanceResult[] {
    return parse(this.call(() => this.raw.conformance(text, zoneOffset)));
  }
  check(files: readonly SourceFile[]): Diagnostic[] {
    const json = encode(files);
    return parse(this.call(() => this.raw.check(json)));
  }
  convert({ name, text }: SourceFile, to: string): ConvertedText {
    return parse(this.call(() => this.raw.convert(name, text, to)));
  }
  format({ name, text }: SourceFile): ConvertedText {
    return parse(this.call(() => this.raw.format(name, text)));
  }
  moduleSchema(): object {
    return parse(this.call(() => this.raw.moduleSchema()));
  }
  importJsonRules(name: string, json: string): ImportedRules {
    return parse(this.call(() => this.raw.importJsonRules(name, json)));
  }
  workspace(): WorkspaceHandle {
    return new WorkspaceHandle(
      this,
      this.call(() => new this.raw.Workspace()),
    );
  }
}

/**
 * JSON text, with the numbers that JSON cannot write.
 * @throws ReticleError "BadInput" for cycles.
 */
export function encode(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_name, each: unknown) =>
        typeof each === "bigint"
          ? { $int: String(each) }
          : typeof each === "number" && !Number.isFinite(each)
            ? { $double: String(each) }
            : each,
      ) ?? "null"
    );
  } catch (error) {
    throw new ReticleError("BadInput", `this cannot be written as JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

type OrError<T> = T | { error: EngineError };

function parse<T>(json: string): T {
  const answer = JSON.parse(json) as OrError<T>;
  if (
    typeof answer === "object" &&
    answer !== null &&
    "error" in answer &&
    isEngineError(answer.error)
  )
    throw ReticleError.from(answer.error);
  return answer as T;
}

function isEngineError(error: unknown): error is EngineError {
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}

/** A compiled program inside the module. */
export class ProgramHandle {
  constructor(
    readonly instance: Instance,
    readonly raw: RawProgram,
  ) {}
  result(): CompileResult {
    return parse(this.instance.call(() => this.raw.result()));
  }
  runTests<T>(): T {
    return parse(this.instance.call(() => this.raw.runTests(zoneOffset)));
  }
  dump(stage: string): string {
    return this.instance.call(() => this.raw.dump(stage));
  }
  delete(): void {
    if (!this.instance.crashed) this.instance.call(() => this.raw.delete());
  }

  open(options: object, host: (name: string, args: string) => string): SessionHandle {
    const { instance } = this;
    const json = encode(options);
    const raw = instance.call(() => instance.raw.Session.open(this.raw, json, host, zoneOffset));
    const handle = new SessionHandle(instance, raw);
    const error = instance.call(() => raw.error());
    if (error) {
      handle.delete();
      parse(error);
    }
    return handle;
  }
}

/** The documents of the language service inside the module. */
export class WorkspaceHandle {
  constructor(
    private readonly instance: Instance,
    private readonly raw: RawWorkspace,
  ) {}
  open(uri: string, text: string): void {
    this.instance.call(() => this.raw.open(uri, text));
  }
  edit(
    uri: string,
    startLine: number,
    startCharacter: number,
    endLine: number,
    endCharacter: number,
    text: string,
  ): boolean {
    return this.instance.call(() =>
      this.raw.edit(uri, startLine, startCharacter, endLine, endCharacter, text),
    );
  }
  close(uri: string): void {
    this.instance.call(() => this.raw.close(uri));
  }
  request(method: string, params: object): unknown {
    const json = encode(params);
    return JSON.parse(this.instance.call(() => this.raw.request(method, json)));
  }
  delete(): void {
    if (!this.instance.crashed) this.instance.call(() => this.raw.delete());
  }
}

/** What the loop of one request does next, as `reticle::HostLoop::Step`. */
export type LoopStep =
  | { kind: "settled"; report: SettleReport }
  | { kind: "outputs"; outputs: Output[] }
  | { kind: "idle" };

/** The loop of one request inside the module; it must not be used after its session. */
export class LoopHandle {
  constructor(
    private readonly instance: Instance,
    private readonly raw: RawLoop,
  ) {}
  begin(options: SettleOptions): void {
    const json = encode(options);
    const bounded = options.maxFirings !== undefined;
    parse(this.instance.call(() => this.raw.begin(json, bounded)));
  }
  beginAdvance(to: number): void {
    const json = encode({ kind: "advance", to });
    parse(this.instance.call(() => this.raw.beginAdvance(json)));
  }
  moveOn(): boolean {
    const moved = this.instance.call(() => this.raw.moveOn());
    parse(this.instance.call(() => this.raw.failure()));
    return moved;
  }
  next(): LoopStep {
    return parse(this.instance.call(() => this.raw.next()));
  }
  submit(result: object): void {
    const json = encode(result);
    parse(this.instance.call(() => this.raw.submit(json)));
    parse(this.instance.call(() => this.raw.failure()));
  }
  delete(): void {
    if (!this.instance.crashed) this.instance.call(() => this.raw.delete());
  }
}

/** A session inside the module. */
export class SessionHandle {
  constructor(
    private readonly instance: Instance,
    private readonly raw: RawSession,
  ) {}
  recover(journal: Uint8Array): RecoveryReport | null {
    return parse(this.instance.call(() => this.raw.recover(journal)));
  }
  submit(input: object): SubmitAnswer {
    const json = encode(input);
    return JSON.parse(this.instance.call(() => this.raw.submit(json))) as SubmitAnswer;
  }
  canTake(event: object): void {
    const json = encode(event);
    parse(this.instance.call(() => this.raw.canTake(json)));
  }
  insertColumns(
    type: string,
    names: string[],
    columns: (NumberColumn | readonly unknown[])[],
  ): Uint32Array {
    const crossing = columns.map((column) =>
      ArrayBuffer.isView(column) ? column : encode(column),
    );
    const answer = this.instance.call(() => this.raw.insertColumns(type, names, crossing));
    return typeof answer === "string" ? parse(answer) : answer;
  }
  settle(options: object): SettleReport {
    const json = encode(options);
    return parse(this.instance.call(() => this.raw.settle(json)));
  }
  loop(): LoopHandle {
    return new LoopHandle(
      this.instance,
      this.instance.call(() => this.raw.loop()),
    );
  }
  replaceProgram(program: ProgramHandle): Replaced {
    return parse(this.instance.call(() => this.raw.replaceProgram(program.raw)));
  }
  takeJournal(): Uint8Array {
    return this.instance.call(() => this.raw.takeJournal());
  }
  journalDurable(): void {
    this.instance.call(() => this.raw.journalDurable());
  }
  takeOutputs<T>(): T {
    return parse(this.instance.call(() => this.raw.takeOutputs()));
  }
  takeTrace<T>(): T {
    return parse(this.instance.call(() => this.raw.takeTrace()));
  }
  view<T>(what: string, args: object): T {
    const json = encode(args);
    return parse(this.instance.call(() => this.raw.view(what, json)));
  }
  memoryCounts(): Int32Array {
    return this.instance.call(() => this.raw.memoryCounts());
  }
  now(): number {
    return this.instance.call(() => this.raw.now());
  }
  nextTimer(): number {
    return this.instance.call(() => this.raw.nextTimer());
  }
  digest(): string {
    return this.instance.call(() => this.raw.digest());
  }
  traceDigest(): string {
    return this.instance.call(() => this.raw.traceDigest());
  }
  delete(): void {
    if (!this.instance.crashed) this.instance.call(() => this.raw.delete());
  }
}
