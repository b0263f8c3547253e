// Two futures of one moment, side by side: what fires and what is there, and where they part.

import type { FactView, TypeSchema } from "reticle";
import { factTitle, printValue } from "./moment.ts";

/** What came of a moment: the firings in order, and the facts at the end. */
export interface Future {
  fired: { rule: string; facts: number[] }[];
  facts: FactView[];
  /** Inputs that were refused. */
  refused: string[];
  /** The limit on firings ended it. */
  limited: boolean;
}

export interface Parting {
  /** Position of the first firing in which they differ; null when all are the same. */
  first: number | null;
  /** Facts that are there in one of them only, and facts with other values. */
  onlyAsIs: string[];
  onlyIf: string[];
  changed: { fact: string; field: string; asIs: string; then: string }[];
  /** The firings of each that the other does not have, by rule. */
  gone: [rule: string, times: number][];
  more: [rule: string, times: number][];
}

/** Compares what comes without a change with what comes with it. */
export function compareFutures(
  asIs: Future,
  then: Future,
  types: Map<string, TypeSchema>,
): Parting {
  const same = (at: number) => sameFiring(asIs.fired[at], then.fired[at]);
  const longest = Math.max(asIs.fired.length, then.fired.length);
  let first: number | null = null;
  for (let at = 0; at < longest && first === null; at++) if (!same(at)) first = at;
  const before = byTitle(asIs.facts, types),
    after = byTitle(then.facts, types);
  const changed: Parting["changed"] = [];
  for (const [title, fact] of before) {
    const other = after.get(title);
    for (const [field, value] of Object.entries(other ? fact.fields : {})) {
      const now = other?.fields[field] ?? null;
      if (JSON.stringify(now) !== JSON.stringify(value))
        changed.push({ fact: title, field, asIs: printValue(value), then: printValue(now) });
    }
  }
  return {
    first,
    onlyAsIs: [...before.keys()].filter((title) => !after.has(title)),
    onlyIf: [...after.keys()].filter((title) => !before.has(title)),
    changed,
    gone: moreOften(asIs, then),
    more: moreOften(then, asIs),
  };
}

type Firing = Future["fired"][number];

function sameFiring(a: Firing | undefined, b: Firing | undefined): boolean {
  return a?.rule === b?.rule && a?.facts.join() === b?.facts.join();
}

/** Facts by what people call them; two of one name are told apart by their number. */
function byTitle(facts: FactView[], types: Map<string, TypeSchema>): Map<string, FactView> {
  const titled = new Map<string, FactView>();
  for (const fact of facts) {
    const title = factTitle(fact, types);
    titled.set(titled.has(title) ? `${title} (fact ${fact.id})` : title, fact);
  }
  return titled;
}

function moreOften(of: Future, than: Future): [string, number][] {
  const times = new Map<string, number>();
  for (const { rule } of of.fired) times.set(rule, (times.get(rule) ?? 0) + 1);
  for (const { rule } of than.fired) times.set(rule, (times.get(rule) ?? 0) - 1);
  return [...times].filter(([, count]) => count > 0);
}
