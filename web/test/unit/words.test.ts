// What records say.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceRecord } from "reticle";
import { emptyMoment, fold } from "../../src/derive/moment.ts";
import { recordWords } from "../../src/derive/words.ts";

/** Records of kinds that this page does not know. */
const header = '"seq":9,"cause":8,"origin":1';
const switched: TraceRecord = JSON.parse(
  `{${header},"kind":"switch","rule":3,"on":false,"reason":{"text":"night"}}`,
);
const paused: TraceRecord = JSON.parse(`{${header},"kind":"pause"}`);

describe("words", () => {
  test("a kind without a sentence says its name, its rule and its other members", () => {
    assert.equal(
      recordWords(switched, null),
      'switch \u201crule 3\u201d {on: false, reason: {"text":"night"}}',
    );
    assert.equal(recordWords(paused, null), "pause");
  });

  test("a kind without a case changes nothing of a moment but its position", () => {
    const moment = emptyMoment(7);
    fold(moment, switched);
    assert.deepEqual(moment, { ...emptyMoment(7), position: 1 });
  });
});
