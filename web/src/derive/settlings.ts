// How often each step that settles fired, by the records.

import type { TraceRecord } from "reticle";
import type { Step } from "../state/project.ts";
import { isInput } from "../state/project.ts";

/** A settling of the engine's, and the kinds of inputs that came since the one before. */
interface Settling {
  came: Set<string>;
  firings: number;
}

/**
 * The firings of each step, in order; undefined of one that settles nothing. The engine settles
 * more often than it is asked to: again after each result of the host, which belongs to the step
 * that asked the host, and at each timer on the way of a clock that is moved.
 */
export function firingsOfSteps(
  steps: readonly Step[],
  records: readonly TraceRecord[],
): (number | undefined)[] {
  const settlings = settlingsOf(records);
  let at = 0;
  const isNext = (kind: string, alone: boolean) => {
    const came = settlings[at]?.came;
    return came?.has(kind) === true && (!alone || came.size === 1);
  };
  const results = () => {
    let firings = 0;
    for (; isNext("result", true); at++) firings += settlings[at]?.firings ?? 0;
    return firings;
  };
  return steps.map((step) => {
    if (isInput(step) || "csv" in step) return undefined;
    if ("advance" in step) {
      while (isNext("advance", false) || isNext("result", true)) at++;
      return undefined;
    }
    results();
    const own = settlings[at++]?.firings ?? 0;
    return own + results();
  });
}

/** Of what a new worker reads back nothing was asked for here. */
function settlingsOf(records: readonly TraceRecord[]): Settling[] {
  const settlings: Settling[] = [];
  let came = new Set<string>();
  let isReadBack = false;
  for (const record of records) {
    if (record.kind === "recover") isReadBack = true;
    else if (record.kind === "input") {
      came.add(record.input);
      isReadBack = false;
    } else if (record.kind === "settled") {
      if (!isReadBack) settlings.push({ came, firings: record.firings });
      came = new Set();
    }
  }
  return settlings;
}
