// What would come of a change: two sessions of their own, one with it and one without.

import type { Future } from "../derive/futures.ts";
import type { PlayAnswer, Requests } from "../engine/protocol.ts";
import type { Step } from "../state/project.ts";
import { Session } from "./session.ts";

type Ask = Requests["futures"]["ask"];

/** Plays the steps twice, and after them the change once; then both settle. */
export async function futuresOf(ask: Ask): Promise<Requests["futures"]["answer"]> {
  return { asIs: await futureOf(ask, []), then: await futureOf(ask, ask.change) };
}

async function futureOf({ begin, steps, maxFirings }: Ask, change: Step[]): Promise<Future> {
  const session = new Session(() => {});
  // No file: the one that is shown has it.
  await session.begin({ ...begin, recover: false, mirrored: new Uint8Array() });
  try {
    await session.play(steps, maxFirings);
    session.takeTrace();
    const after: PlayAnswer = await session.play([...change, { settle: true }], maxFirings);
    const { rules } = session.schema();
    return {
      fired: session
        .takeTrace()
        .flatMap((record) =>
          record.kind === "fire"
            ? [{ rule: rules[record.rule]?.name ?? "", facts: record.facts }]
            : [],
        ),
      facts: session.views().facts,
      refused: after.refusals.map(({ message }) => message),
      limited: after.limited,
    };
  } finally {
    await session.end();
  }
}
