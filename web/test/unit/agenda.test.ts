// The order of the agenda, and its reasons.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agendaOf, orderReason } from "../../src/derive/agenda.ts";
import { Timeline } from "../../src/derive/timeline.ts";
import { Script } from "./records.ts";

function agendaAfter(script: Script) {
  const timeline = new Timeline(0);
  timeline.append(script.records);
  return agendaOf(timeline.at(timeline.length));
}

describe("agenda", () => {
  test("the higher salience fires first, whatever the order of arrival", () => {
    assert.deepEqual(
      agendaAfter(new Script().ready(1, 0, [1], 0, 9).ready(2, 1, [2], 10, 1)).map(({ id }) => id),
      [2, 1],
    );
  });
  test("of equal salience the newer match fires first", () => {
    assert.deepEqual(
      agendaAfter(new Script().ready(1, 0, [1], 0, 1).ready(2, 0, [2], 0, 5)).map(({ id }) => id),
      [2, 1],
    );
  });
  test("then the rule declared first, then newer facts first, position by position", () => {
    assert.deepEqual(
      agendaAfter(
        new Script().ready(1, 2, [1], 0, 3).ready(2, 1, [9, 4], 0, 3).ready(3, 1, [9, 2], 0, 3),
      ).map(({ id }) => id),
      [2, 3, 1],
    );
  });
  test("each place says why it comes before the next", () => {
    const agenda = agendaAfter(
      new Script()
        .ready(1, 0, [1], 5, 1)
        .ready(2, 0, [2], 0, 9)
        .ready(3, 0, [3], 0, 2)
        .ready(4, 1, [3], 0, 2),
    );
    assert.deepEqual(
      agenda.map((_, index) => orderReason(agenda, index)),
      [
        "salience 5 before 0",
        "its match is newer",
        "its rule is declared first",
        "last: nothing comes after it",
      ],
    );
  });
});
