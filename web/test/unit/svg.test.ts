// The saved picture says what the screen says: both take it from one place.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyMoment, fold } from "../../src/derive/moment.ts";
import type { Arrangement } from "../../src/net/arrange.ts";
import { lookOf, wordsOf } from "../../src/net/node-look.ts";
import type { Palette } from "../../src/net/palette.ts";
import { drawnOf, pictureOf } from "../../src/net/picture.ts";
import { svgOf } from "../../src/net/svg.ts";
import { played } from "./played.ts";

const text = `
fact A { key id: int  on: bool = true }
rule "one <of> two" when { a: A(id > 1, on) } then { log "x" }
rule "two & more" when { a: A(id > 1, !on) } then { log "x" }
`;
/** Every colour under its own name, as far as it is nested. */
const named = (path: string): unknown =>
  new Proxy(
    {},
    { get: (_, name) => (name === "kinds" ? named("kind-") : `${path}${String(name)}`) },
  );
const palette = named("") as Palette; // made by a proxy: it has every member
const widthOf = (words: string) => 7 * words.length;

async function shown() {
  const insert = (id: number) => ({ kind: "insert" as const, type: "A", fields: { id } });
  const { session } = await played(text, [insert(1), insert(2)]);
  const schema = session.schema();
  const moment = emptyMoment(0);
  for (const record of session.takeTrace()) fold(moment, record);
  const picture = pictureOf({ schema, moment, selection: null, since: 0, firedRule: null });
  const { nodes } = drawnOf(schema).graph;
  const boxes = new Map(
    nodes.map(({ id }, row) => [
      id,
      { ...{ node: id, key: String(id), column: 0 }, x: 0, y: 80 * row, width: 160, height: 60 },
    ]),
  );
  const layout = { ...{ boxes, edges: [], columns: [], bands: [], groups: [], lanes: new Map() } };
  const arrangement: Arrangement = {
    layout: { ...layout, top: 0, bottom: 500, width: 160 },
    texts: new Map(),
    isCells: false,
  };
  return { svg: svgOf({ arrangement, edges: [], picture, palette, widthOf }), picture, boxes };
}

describe("the network as SVG", () => {
  test("has every word of every node where the screen has it, in its colour", async () => {
    const { svg, picture, boxes } = await shown();
    let notes = 0;
    let pills = 0;
    for (const [id, box] of boxes) {
      const node = picture.nodes.get(id);
      assert.ok(node);
      const { sign, note, count, lines } = wordsOf(box, node, undefined, palette, widthOf);
      notes += Number(note !== null);
      pills += Number(count?.ground === palette.ready);
      for (const word of [sign, note, count, ...lines]) {
        if (!word) continue;
        const words = word.words
          .replaceAll("&", "&amp;")
          .replaceAll("<", "&lt;")
          .replaceAll(">", "&gt;");
        const at = `<text x="${Math.round(word.x * 10) / 10}" `;
        const found = svg.split("<text").filter((each) => each.includes(`>${words}</text>`));
        assert.ok(
          found.some((each) => `<text${each}`.startsWith(at) && each.includes(`"${word.colour}"`)),
          `${word.words} of ${node.label}`,
        );
      }
      assert.ok(svg.includes(`stroke="${lookOf(node, palette).stroke}"`));
    }
    assert.ok(notes > 0, "a test that two rules share says so");
    assert.equal(pills, 1, "and the rule that is ready stands out");
    assert.match(svg, /<rect [^>]*fill="ready"\/>/);
  });
});
