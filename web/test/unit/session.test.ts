// The session that runs in the page's worker, here in Node.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Step } from "../../src/state/project.ts";
import { played } from "./played.ts";

const counting = `
fact Count { key id: string  n: int = 0 }
rule "counts up" allow RL3001, RL3002 when { c: Count(n >= 0) } then { update c { n: c.n + 1 } }
`;
const one: Step = { kind: "insert", type: "Count", fields: { id: "a" } };

describe("a settling that ends before all is quiet", () => {
  test("stopped on purpose it is no alarm, whatever it repeated until then", async () => {
    for (const step of [{ settle: true, max: 40 }, { settle: 40 }] as Step[]) {
      const { session, answer } = await played(counting, [one, step]);
      assert.equal(answer.firings, 40);
      assert.equal(answer.cycle, null);
      assert.equal(answer.limited, false);
      await session.end();
    }
    const left = await played(
      'fact T { key id: int }\nrule r when { t: T } then { log info "t" }',
      [
        ...[1, 2, 3, 4].map((id): Step => ({ kind: "insert", type: "T", fields: { id } })),
        { settle: true, leave: 1 },
      ],
    );
    assert.equal(left.answer.firings, 3);
    assert.equal(left.answer.cycle, null);
    assert.equal(left.answer.limited, false);
    await left.session.end();
  });

  test("stopped by the page's limit it names the rules and what feeds them", async () => {
    const { session, answer } = await played(counting, [one, { settle: true }], { limit: 200 });
    assert.equal(answer.firings, 200);
    assert.equal(answer.limited, true);
    assert.deepEqual(answer.cycle, ["counts up"]);
    assert.deepEqual(answer.feeds, ["Count.n"]);
    await session.end();
  });
});
