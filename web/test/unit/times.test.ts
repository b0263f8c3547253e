// Durations and instants as text.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseDuration, printDue, printDuration } from "../../src/derive/times.ts";

const at = (text: string) => Date.parse(text);

describe("times", () => {
  test("what is due on another day has its date, what is due today only its hour", () => {
    const now = at("2024-05-02T09:00:00Z");
    assert.equal(printDue(at("2024-05-02T11:30:00Z"), now), "11:30:00");
    assert.equal(printDue(at("2024-05-04T09:00:00Z"), now), "2024-05-04 09:00:00");
    assert.equal(printDue(at("2025-05-02T09:00:00Z"), now), "2025-05-02 09:00:00");
  });

  test("a duration that is printed is the same when it is read", () => {
    for (const millis of [0, 1, 999, 90_000, 86_400_000 + 3_600_001])
      assert.equal(parseDuration(printDuration(millis)), millis);
    assert.equal(parseDuration("soon"), undefined);
  });
});
