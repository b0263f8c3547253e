// Which part of the layout the pane shows, and at what scale.

import { textSize } from "./measure.ts";

/** A point of the layout at (a, b) is on the screen at (x + k·a, y + k·b). */
export interface Camera {
  k: number;
  x: number;
  y: number;
}
export interface Bounds {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
export interface Room {
  width: number;
  height: number;
  /** What the headings above and the legend below take of the height. */
  above: number;
  below: number;
}

export const smallest = 0.002,
  largest = 2.5;
/** Words of this size in pixels can be read without effort. */
const readable = 11;
export const readableScale = readable / textSize;
const mostUnasked = 1.4;
const margin = 12;

/** All of it, in the middle, as large as it fits; never larger than words need to be. */
export function fitted(bounds: Bounds, room: Room): Camera {
  const width = Math.max(1, bounds.right - bounds.left),
    height = Math.max(1, bounds.bottom - bounds.top);
  const free = {
    width: Math.max(40, room.width - 2 * margin),
    height: Math.max(40, room.height - room.above - room.below - 2 * margin),
  };
  const k = Math.max(smallest, Math.min(mostUnasked, free.width / width, free.height / height));
  return centred(bounds, room, k);
}

/** At the scale `k`; what does not fit begins at the left and is cut at the right. */
function centred(bounds: Bounds, room: Room, k: number): Camera {
  const width = (bounds.right - bounds.left) * k,
    height = (bounds.bottom - bounds.top) * k;
  const inner = room.height - room.above - room.below;
  const x = width > room.width - 2 * margin + 1 ? margin : (room.width - width) / 2;
  const y = height > inner - 2 * margin + 1 ? margin : (inner - height) / 2;
  return { k, x: x - bounds.left * k, y: room.above + y - bounds.top * k };
}

/**
 * Where to begin: the whole picture when its words can be read then, else at a readable scale what
 * matters most: all of `slice` where it fits, else around `heart`.
 */
export function opening(
  whole: Bounds,
  slice: Bounds | null,
  heart: Bounds | null,
  room: Room,
): Camera {
  const all = fitted(whole, room);
  if (all.k >= readableScale) return all;
  return slice ? showing(slice, heart ?? slice, room) : centred(whole, room, readableScale);
}

/** All of `slice` where that can be read, else the heart of it and as much as there is room for. */
export function showing(slice: Bounds, heart: Bounds, room: Room): Camera {
  const all = fitted(slice, room);
  if (all.k >= readableScale) return { ...all, k: all.k };
  const k = readableScale;
  const free = { width: room.width / k, height: (room.height - room.above - room.below) / k };
  const between = (from: number, to: number, low: number, high: number, size: number) => {
    if (high - low <= size - (2 * margin) / k) return (low + high) / 2;
    const middle = (from + to) / 2;
    const half = size / 2 - margin / k;
    return Math.max(low + half, Math.min(high - half, middle));
  };
  const middleX = between(heart.left, heart.right, slice.left, slice.right, free.width),
    middleY = between(heart.top, heart.bottom, slice.top, slice.bottom, free.height);
  return {
    k,
    x: room.width / 2 - middleX * k,
    y: room.above + (room.height - room.above - room.below) / 2 - middleY * k,
  };
}

/** Whether all of it is on the screen. */
export function isInPane(bounds: Bounds, { k, x, y }: Camera, room: Room): boolean {
  return (
    bounds.left * k + x >= -1 &&
    bounds.right * k + x <= room.width + 1 &&
    bounds.top * k + y >= room.above - 1 &&
    bounds.bottom * k + y <= room.height - room.below + 1
  );
}

/** The same, and large enough to be read. */
export function isInView(bounds: Bounds, camera: Camera, room: Room): boolean {
  return camera.k >= readableScale * 0.8 && isInPane(bounds, camera, room);
}

/** On the way from one to the other, `share` from 0 to 1. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const eased = 1 - (1 - share) ** 3;
  // Scales are passed through evenly to the eye when their logarithms are.
  const k = from.k * (to.k / from.k) ** eased;
  const turn = to.k === from.k ? eased : (k - from.k) / (to.k - from.k);
  return { k, x: from.x + (to.x - from.x) * turn, y: from.y + (to.y - from.y) * turn };
}
