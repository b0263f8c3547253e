// Which settling is which step's.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { firingsOfSteps } from "../../src/derive/settlings.ts";
import type { Step } from "../../src/state/project.ts";
import { played } from "./played.ts";

const text = `
fact A { key n: int }
host function ask(n: int) -> int
rule "tick" on every 1m when { A } then { log "tick" }
rule "begin" when { a: A(n > 0) } then { start F(n: a.n) }
rule "end" when { a: A(n < 0) } then { log "end" }
flow F(n: int) { sleep 30s  step one = call ask(n: n)  step two = call ask(n: n)  insert A{n: -n} }
flow G(n: int) { step one = call ask(n: n)  step two = call ask(n: n)  insert A{n: -n} }
`;
const insert = (n: number): Step => ({ kind: "insert", type: "A", fields: { n } });

describe("the firings of each step", () => {
  test("results of the host and timers on the way settle, too, and are no steps", async () => {
    const steps: Step[] = [
      insert(1),
      insert(2),
      { settle: true, leave: 3 },
      { settle: true },
      { advance: "150s" },
      { advance: "0s" },
      insert(3),
      { settle: true, max: 0 },
      { kind: "start", flow: "G", args: { n: 9 } },
      { settle: true },
    ];
    const { session } = await played(text, steps, { host: { ask: [{ returns: 5 }] } });
    const records = session.takeTrace();
    const firings = firingsOfSteps(steps, records);
    // Two ticks wait beside two beginnings, and three of these are left. The last fires one for the
    // fact, and one for what its flow made of two results.
    const settling = firings.filter((each) => each !== undefined);
    assert.deepEqual(settling, [1, 1, 0, 2]);
    assert.deepEqual(
      firings.map((each) => each !== undefined),
      steps.map((step) => "settle" in step),
    );
  });
});
