// The network's layout, on random networks.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NodeSchema } from "reticle";
import { parentsOf } from "../../src/derive/slices.ts";
import { drawnGraph } from "../../src/net/graph.ts";
import { nodeKeys } from "../../src/net/identity.ts";
import type { LayoutOptions, NetLayout } from "../../src/net/layout.ts";
import { layoutNet } from "../../src/net/layout.ts";
import { place } from "../../src/net/place.ts";
import { randomNet } from "./nets.ts";

const options = {
  widthOf: ({ label }: NodeSchema) => 80 + label.length,
  heightOf: () => 46,
  rowGap: 24,
  columnGap: 40,
};

const laidOut = (nodes: NodeSchema[], more: Partial<LayoutOptions> = {}): NetLayout =>
  layoutNet(drawnGraph(nodes), { ...options, ...more });

function overlaps(layout: NetLayout): string[] {
  const boxes = [...layout.boxes.values()],
    found: string[] = [];
  for (const [index, a] of boxes.entries())
    for (const b of boxes.slice(index + 1)) {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= 46 - 0.001;
      if (!apart) found.push(`${a.key} and ${b.key}`);
    }
  return found;
}

describe("layout", () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`edges go from left to right and nothing overlaps (seed ${seed})`, () => {
      const nodes = randomNet(3 + seed * 3, seed),
        layout = laidOut(nodes);
      assert.equal(layout.boxes.size, nodes.length);
      assert.deepEqual(overlaps(layout), []);
      for (const node of nodes)
        for (const parent of parentsOf(node)) {
          const from = layout.boxes.get(parent),
            to = layout.boxes.get(node.id);
          assert.ok(from && to && from.x + from.width < to.x, `${parent} → ${node.id}`);
        }
    });
  }

  test("each part of the network has its band, one after the other, and all that is in it", () => {
    const nodes = randomNet(6, 3),
      { bands, boxes } = laidOut(nodes);
    assert.deepEqual(
      bands.map(({ band }) => band),
      ["types", "tests", "joins", "rules"],
    );
    for (const [index, { x, width }] of bands.entries()) {
      const next = bands[index + 1];
      if (next) assert.ok(Math.abs(x + width - next.x) < 0.001, "without a gap");
    }
    for (const { id, band } of drawnGraph(nodes).nodes) {
      const place = bands.find((each) => each.band === band),
        box = boxes.get(id);
      assert.ok(place && box && place.x <= box.x && box.x + box.width <= place.x + place.width);
    }
  });

  test("after an edit what is still there keeps its order and nearly its place", () => {
    const before = randomNet(8, 5),
      layout = laidOut(before);
    // A rule is added in front, so that every id moves.
    const shifted: NodeSchema[] = [
      { id: 0, kind: "type", label: "New", layer: 0, rules: [8] },
      ...before.map((node) => ({
        ...node,
        id: node.id + 1,
        ...(node.left === undefined ? {} : { left: node.left + 1 }),
        ...(node.right === undefined ? {} : { right: node.right + 1 }),
      })),
      {
        id: before.length + 1,
        kind: "join" as const,
        label: "new join",
        layer: 2,
        right: 0,
        rules: [8],
      },
      {
        id: before.length + 2,
        kind: "production" as const,
        label: "new rule",
        layer: 3,
        left: before.length + 1,
        rules: [8],
      },
    ];
    const after = laidOut(shifted, { previous: layout });
    assert.deepEqual(overlaps(after), []);
    const old = new Map([...layout.boxes.values()].map((box) => [box.key, box]));
    const kept = [...after.boxes.values()].filter(({ key }) => old.has(key));
    assert.equal(kept.length, before.length);
    for (const a of kept)
      for (const b of kept) {
        if (a.column === b.column && a.y < b.y)
          assert.ok(
            (old.get(a.key)?.y ?? 0) < (old.get(b.key)?.y ?? 0),
            `${a.key} stays above ${b.key}`,
          );
      }
    const moved = kept
      .map((box) => Math.abs(box.y - (old.get(box.key)?.y ?? 0)))
      .sort((a, b) => a - b);
    assert.ok((moved[Math.floor(moved.length / 2)] ?? 0) < 12, "half of them hardly move");
  });

  test("the same net laid out on itself stays where it is", () => {
    const nodes = randomNet(7, 2),
      first = laidOut(nodes),
      second = laidOut(nodes, { previous: first });
    for (const [id, box] of first.boxes)
      assert.ok(Math.abs(box.y - (second.boxes.get(id)?.y ?? 0)) < 1, box.key);
  });

  test("names of nodes are different from each other and do not depend on ids", () => {
    const nodes = randomNet(9, 4),
      keys = nodeKeys(nodes);
    assert.equal(new Set(keys.values()).size, nodes.length);
  });

  test("5,000 nodes are laid out, and it does not take minutes", () => {
    const nodes = randomNet(1500, 12);
    const start = process.cpuUsage();
    const layout = laidOut(nodes);
    assert.equal(layout.boxes.size, nodes.length);
    const { user, system } = process.cpuUsage(start);
    // A tenth of a second where it was written; a layout that grows with the square takes minutes.
    const seconds = (user + system) / 1e6;
    assert.ok(seconds < 60, `${nodes.length} nodes took ${seconds} s`);
  });
});

describe("place", () => {
  test("things that wish for one place stand around it, in order, with the gap between", () => {
    const wish = { at: 100, weight: 1, height: 20 };
    assert.deepEqual(place([wish, wish, wish], 10), [70, 100, 130]);
  });
  test("things far apart stand where they wish", () => {
    assert.deepEqual(
      place(
        [
          { at: 0, weight: 1, height: 20 },
          { at: 500, weight: 1, height: 20 },
        ],
        10,
      ),
      [0, 500],
    );
  });
  test("heavier wishes give way less", () => {
    const [a, b] = place(
      [
        { at: 0, weight: 9, height: 20 },
        { at: 0, weight: 1, height: 20 },
      ],
      10,
    );
    assert.deepEqual([a, b], [-3, 27]);
  });
});
