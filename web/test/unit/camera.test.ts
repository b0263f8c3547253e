// What the pane shows of the network.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Bounds } from "../../src/net/camera.ts";
import {
  between,
  fitted,
  isInView,
  opening,
  readableScale,
  showing,
} from "../../src/net/camera.ts";

const room = { width: 860, height: 340, above: 24, below: 30 };
const box = (left: number, top: number, width: number, height: number): Bounds => ({
  left,
  right: left + width,
  top,
  bottom: top + height,
});
const shows = (bounds: Bounds, { k, x, y }: { k: number; x: number; y: number }) =>
  bounds.left * k + x >= 0 &&
  bounds.right * k + x <= room.width &&
  bounds.top * k + y >= room.above &&
  bounds.bottom * k + y <= room.height - room.below;

describe("the camera", () => {
  test("what is fitted is shown whole, however large it is", () => {
    for (const whole of [
      box(0, -50, 300, 100),
      box(0, 0, 2_000, 4_000),
      box(-10, -3_000, 900, 60_000),
      box(0, 0, 40_000, 200),
    ])
      assert.ok(shows(whole, fitted(whole, room)), JSON.stringify(whole));
  });

  test("a small picture is not blown up, and words of a fitted one never exceed their size", () => {
    assert.equal(fitted(box(0, 0, 100, 50), room).k, 1.4);
  });

  test("where the whole cannot be read, the part that matters is shown at a readable size", () => {
    const whole = box(0, 0, 6_000, 9_000),
      slice = box(2_000, 5_000, 700, 200),
      heart = box(2_600, 5_050, 100, 60);
    const camera = opening(whole, slice, heart, room);
    assert.ok(camera.k >= readableScale);
    assert.ok(shows(slice, camera));
    assert.ok(isInView(slice, camera, room));
  });

  test("of a slice that does not fit, its heart is shown, and no room beyond its ends", () => {
    const slice = box(0, 0, 3_000, 2_000),
      heart = box(2_880, 1_000, 120, 60);
    const camera = showing(slice, heart, room);
    assert.ok(shows(heart, camera));
    assert.ok(slice.right * camera.k + camera.x > room.width - 40, "the slice ends at the edge");
  });

  test("what is off the screen, or too small to read, is not in view", () => {
    const one = box(0, 0, 100, 50);
    assert.ok(isInView(one, { k: 1, x: 10, y: 40 }, room));
    assert.ok(!isInView(one, { k: 1, x: 800, y: 40 }, room));
    assert.ok(!isInView(one, { k: 0.3, x: 10, y: 40 }, room));
  });

  test("a glide begins where it was and ends where it should", () => {
    const from = { k: 0.2, x: 5, y: 7 },
      to = { k: 1, x: -500, y: 90 };
    assert.deepEqual(between(from, to, 0), from);
    assert.deepEqual(between(from, to, 1), to);
  });
});
