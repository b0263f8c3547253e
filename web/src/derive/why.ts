// What the engine says of a rule that does not fire, in the order and the words a person reads.
//
// Everything here is taken from the engine's report. Nothing is concluded from the picture.

import type { ConditionReport, FactId, NearMiss, WhyNot } from "reticle";
import { countOf } from "./words.ts";

/** Where matches of a rule come to an end, and the nearest of them. */
export interface Ends {
  /** Position among the rule's conditions. */
  condition: number;
  report: ConditionReport;
  ends: { facts: FactId[]; miss: NearMiss | null }[];
}

/**
 * The furthest condition at which matches end that came to it; null when the engine names none: all
 * of them go on, or nothing has come anywhere.
 */
export function furthestEnds({ conditions }: WhyNot): Ends | null {
  for (const [at, report] of [...conditions.entries()].reverse()) {
    if (report.reached === 0) continue;
    const misses = (report.nearest ?? []).map((miss) => ({ facts: miss.facts, miss }));
    const blockers = (report.blockers ?? []).map(({ facts }) => ({ facts, miss: null }));
    const ends = misses.length ? misses : blockers;
    if (ends.length) return { condition: at, report, ends };
    if (!report.holds && report.note) return { condition: at, report, ends: [] };
  }
  return null;
}

type Outcome = "holds" | "partly" | "fails" | "not reached";

/** Whether all that comes to a condition passes it, some of it, or nothing. */
export function outcomeOf({ reached, holds, nearest, blockers }: ConditionReport): Outcome {
  if (reached === 0) return "not reached";
  if (!holds) return "fails";
  return nearest?.length || blockers?.length ? "partly" : "holds";
}

export const outcomeSigns = { holds: "✓", partly: "◐", fails: "✗", "not reached": "·" } as const;
export const outcomeWords = {
  holds: "holds",
  partly: "holds for some matches and not for others",
  fails: "does not hold",
  "not reached": "was not reached",
} as const;

/** How many facts fit a condition, and what becomes of the matches that come to it. */
export function conditionWords(report: ConditionReport): string {
  const { ofType, facts, reached, partial, more } = report;
  const parts = [
    ofType ? `${facts} of ${countOf(ofType, "fact")} ${facts === 1 ? "fits" : "fit"}` : "",
    flowWords(reached, partial, outcomeOf(report) === "partly"),
    more ? "counting stopped early" : "",
  ];
  return parts.filter((part) => part).join(" · ");
}

function flowWords(reached: number, partial: number, someEnd: boolean): string {
  if (reached === 0) return "no match comes here";
  const come = countOf(reached, "match comes", "matches come");
  if (partial === 0) return `${come}, none goes on`;
  if (partial === reached && !someEnd) {
    return reached === 1 ? "1 match comes and goes on" : `${come} and all go on`;
  }
  // One match can meet several facts, so more may go on than came.
  return partial > reached || someEnd
    ? `${come}, ${countOf(partial, "longer one goes", "longer ones go")} on`
    : `${come}, ${partial} ${partial === 1 ? "goes" : "go"} on`;
}

/**
 * A sentence of the engine in parts: what stands between backticks is code. The backticks
 * themselves are left out; one that has no partner is text.
 */
export function sentenceParts(text: string): { code: boolean; text: string }[] {
  const pieces = text.split("`");
  if (pieces.length % 2 === 0) {
    const last = pieces.pop() ?? "";
    pieces[pieces.length - 1] += `\`${last}`;
  }
  return pieces
    .map((piece, index) => ({ code: index % 2 === 1, text: piece }))
    .filter((part) => part.text !== "");
}
