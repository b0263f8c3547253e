// The fewest inputs after which something still happens.

import type { Requests, Shrunk } from "../engine/protocol.ts";
import type { Step } from "../state/project.ts";
import { Session } from "./session.ts";

type Ask = Requests["shrink"]["ask"];

const mostTries = 400;

/**
 * Takes inputs away, in ever smaller pieces, as long as the rule still fires (Zeller's delta
 * debugging). What is left is minimal: without any one of them it does not, unless the tries ran
 * out.
 */
export async function shrink(ask: Ask): Promise<Shrunk> {
  let tries = 0;
  const still = async (steps: Step[]) => {
    tries++;
    return firesAfter(ask, steps);
  };
  const begun = ask.steps;
  if (!(await still(begun))) return { steps: begun, tries, holds: false, isMinimal: false };
  let left = begun;
  let pieces = 2;
  while (left.length > 1 && tries < mostTries) {
    const size = Math.ceil(left.length / pieces);
    let taken = false;
    for (let from = 0; from < left.length && tries < mostTries; from += size) {
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      if (!(await still(without))) continue;
      left = without;
      pieces = Math.max(2, pieces - 1);
      taken = true;
      break;
    }
    if (taken) continue;
    if (size === 1) return { steps: left, tries, holds: true, isMinimal: true };
    pieces = Math.min(left.length, pieces * 2);
  }
  return { steps: left, tries, holds: true, isMinimal: left.length <= 1 };
}

/** Whether the rule has fired after the steps, and a settling at their end. */
async function firesAfter({ begin, rule, maxFirings }: Ask, steps: Step[]): Promise<boolean> {
  const session = new Session(() => {});
  await session.begin({ ...begin, recover: false, mirrored: new Uint8Array() });
  try {
    const { fired } = await session.play([...steps, { settle: true }], maxFirings);
    return fired.includes(rule);
  } finally {
    await session.end();
  }
}
