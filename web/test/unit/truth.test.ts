// What the page says at random moments of random programs, beside what the engine says.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FactPath, NodeId, ProgramSchema, RuleMatches, Value, WhyNot } from "reticle";
import { compile } from "reticle";
import { agendaBy, agendaOf } from "../../src/derive/agenda.ts";
import { liveCounts, untold } from "../../src/derive/live-counts.ts";
import { holdings } from "../../src/derive/near.ts";
import { Timeline } from "../../src/derive/timeline.ts";
import { conditionWords, furthestEnds, outcomeOf } from "../../src/derive/why.ts";
import type { Step } from "../../src/state/project.ts";
import { played } from "./played.ts";
import { numbers } from "./records.ts";

type Random = (below: number) => number;

const types = `
fact A { key id: int  x: int = 0 }
fact B { key id: int  of: int  y: int = 0 }
fact C { key id: int  of: int }
fact D { key id: int  rule: string }
`;

/** A rule of a few conditions: joins, a negation, an existence, a count, filters. */
function randomRule(random: Random, index: number): string {
  const conditions = [`a: A(x > ${random(4)})`];
  if (random(2)) conditions.push(`b: B(of == a.id, y < ${1 + random(5)})`);
  const hasB = conditions.length > 1;
  if (random(3) === 0) conditions.push("not C(of == a.id)");
  if (random(3) === 0) conditions.push(`exists C(id > ${random(4)})`);
  if (random(3) === 0)
    conditions.push("accumulate { every: B(of == a.id) } into n = count()", `if n > ${random(3)}`);
  else if (random(2))
    conditions.push(hasB ? `if a.x + b.y > ${random(7)}` : `if a.x + a.id < ${4 + random(5)}`);
  const action = random(2)
    ? `insert logical D{id: a.id * 10 + ${index}, rule: "r${index}"}`
    : `log info "r${index}"`;
  const head = `rule "r${index}" salience ${random(3)}`;
  return `${head}\nwhen {\n  ${conditions.join("\n  ")}\n}\nthen { ${action} }\n`;
}

function randomStep(random: Random, facts: number[]): Step {
  const some = (list: number[]) => list[random(list.length)] ?? 1;
  const id = random(5);
  switch (random(facts.length ? 8 : 3)) {
    case 0:
      return { kind: "insert", type: "A", fields: { id, x: random(6) } };
    case 1:
      return { kind: "insert", type: "B", fields: { id, of: random(5), y: random(6) } };
    case 2:
      return { kind: "insert", type: "C", fields: { id, of: random(5) } };
    case 3:
      return { kind: "retract", fact: some(facts) };
    case 4:
    case 5:
      return { kind: "update", fact: some(facts), fields: { [random(2) ? "x" : "y"]: random(6) } };
    case 6:
      return { settle: true, max: 1 };
    default:
      return { settle: true };
  }
}

const moments = 200;
const perProgram = 20;

test(`at ${moments} random moments the page and the engine say the same`, async () => {
  let paths = 0,
    ends = 0;
  for (let seed = 1; seed <= moments / perProgram; seed++) {
    const random = numbers(seed * 7919);
    const rules = Array.from({ length: 3 }, (_, index) => randomRule(random, index)).join("");
    const source = `${types}${rules}`;
    const { session } = await played(source, []);
    const program = await compile([{ name: "a.rules", text: `module m\n${source}` }]);
    const { schema } = program;
    const timeline = new Timeline(0);
    timeline.append(session.takeTrace());
    for (let moment = 0; moment < perProgram; moment++) {
      const facts = session.views().facts.filter(({ type }) => "ABC".includes(type));
      for (let i = 0; i < 1 + random(3); i++)
        await session.play(
          [
            randomStep(
              random,
              facts.map(({ id }) => id),
            ),
          ],
          500,
        );
      timeline.append(session.takeTrace());
      const where = `seed ${seed}, moment ${moment}\n${rules}`;
      sameMoment(session, timeline, where);
      sameCounts(session, schema, timeline, where);
      for (const { name } of schema.rules) {
        const whyNot = session.whyNot(name);
        ends += sameWhy(whyNot, session.matches(name), where);
      }
      for (const { id } of session.views().facts) {
        if (session.views().facts.find((fact) => fact.id === id)?.type === "Clock") continue;
        samePath(session.pathOf(id), schema, timeline, where);
        paths++;
      }
    }
    await session.end();
    program.close();
  }
  assert.ok(paths > 500 && ends > 100, `${paths} paths and ${ends} ends were compared`);
});

type Session = Awaited<ReturnType<typeof played>>["session"];

/** What the page folds out of the records is what the engine holds. */
function sameMoment(session: Session, timeline: Timeline, where: string): void {
  const moment = timeline.at(timeline.length);
  const views = session.views();
  assert.deepEqual(
    [...moment.facts.values()]
      .map(({ id, fields }) => ({ id, fields }))
      .sort((a, b) => a.id - b.id),
    views.facts.map(({ id, fields }) => ({ id, fields })),
    where,
  );
  const ids = (list: { id: number }[]) => list.map(({ id }) => id);
  assert.deepEqual(ids(agendaOf(moment)), ids(views.agenda), where);
  assert.deepEqual(ids(agendaBy(moment, session.agenda())), ids(views.agenda), where);
  for (const [node, count] of views.counters.entries())
    assert.equal(moment.counts.get(node) ?? 0, count, `node ${node}, ${where}`);
}

/** What stands beside the text of a rule is what the engine counts, condition by condition. */
function sameCounts(
  session: Session,
  schema: ProgramSchema,
  timeline: Timeline,
  where: string,
): void {
  const counted = (rule: string) => session.matches(rule).conditions.map(({ count }) => count);
  const asked = new Map(untold(schema).map(({ name }) => [name, counted(name)]));
  assert.deepEqual(
    liveCounts(schema, timeline.at(timeline.length), asked).map(({ count }) => count),
    schema.rules.flatMap(({ name }) => counted(name)),
    where,
  );
}

/** The sentences about conditions agree with the matches; returns how many ends there were. */
function sameWhy(whyNot: WhyNot, matches: RuleMatches, where: string): number {
  for (const [at, report] of whyNot.conditions.entries()) {
    const words = conditionWords(report);
    const { count } = matches.conditions[at] ?? { count: -1 };
    assert.equal(report.partial, count, `${report.text}: as many go on as match, ${where}`);
    if (report.reached === 0) assert.match(words, /no match comes here/);
    else if (report.partial === 0) assert.match(words, /none goes on/);
    else assert.match(words, /go(es)? on|all go on/);
    assert.equal(report.holds, report.partial > 0, where);
    if (outcomeOf(report) === "holds" && report.partial < report.reached)
      assert.fail(`some end at ${report.text}, and it is said to hold, ${where}`);
  }
  const furthest = furthestEnds(whyNot);
  for (const { miss } of furthest?.ends ?? []) {
    if (!miss || miss.error !== undefined) continue;
    assert.equal(
      isTrue(miss.test, miss.left, miss.right),
      false,
      `${miss.test} is false, ${where}`,
    );
  }
  const complete = whyNot.conditions.at(-1)?.partial ?? 0;
  assert.equal(whyNot.state === "noMatch", complete === 0, where);
  return furthest?.ends.length ?? 0;
}

function isTrue(comparison: string, left: Value, right: Value): boolean {
  assert.ok(typeof left === "number" && typeof right === "number", comparison);
  const sign = / (==|>|<) /.exec(comparison)?.[1];
  return sign === "==" ? left === right : sign === ">" ? left > right : left < right;
}

/**
 * The engine's path beside what the trace says the nodes hold. A match counts behind the lets and
 * filters that follow, so nodes before such a one hold what the trace tells only of the next.
 */
function samePath(path: FactPath, schema: ProgramSchema, timeline: Timeline, where: string): void {
  const held = holdings(timeline.records, timeline.length);
  const how = new Map(path.nodes.map((at) => [at.node, at]));
  const { nodes } = schema.network;
  const through = new Set(["let", "filter"]);
  const followed = new Set<NodeId>();
  for (const node of nodes)
    if (node.left !== undefined && through.has(node.kind)) followed.add(node.left);
  for (const node of nodes) {
    const matches = [...(held.get(node.id)?.values() ?? [])];
    const isThere = matches.some((facts) => facts.includes(path.fact));
    const said = how.get(node.id);
    const place = `fact ${path.fact} at ${node.kind} ${node.label} (${node.id}), ${where}`;
    if (isThere) assert.equal(said?.how, "held", place);
    const isDirect = node.kind === "type" || node.kind === "test" || node.kind === "join";
    if (isDirect && !followed.has(node.id) && said?.how === "held")
      assert.equal(isThere || restsOnMore(nodes, node.id), true, place);
    if (said && said.how !== "held") assert.ok(said.text, `${place}: it says why`);
    if (said?.stop && said.stop.error === undefined)
      assert.equal(isTrue(said.stop.test, said.stop.left, said.stop.right), false, place);
  }
}

/** Whether matches of a node can rest on facts that they do not contain. */
function restsOnMore(nodes: ProgramSchema["network"]["nodes"], id: NodeId): boolean {
  for (let at = nodes[id]; at; at = at.left === undefined ? undefined : nodes[at.left])
    if (["exists", "accumulate", "end"].includes(at.kind)) return true;
  return nodes.some(({ kind, owner }) => kind === "end" && owner !== undefined && owner < id);
}
