// Line drawings, each beside a word or in place of one that screen readers still find.

import { drawn } from "../dom.ts";

/** On a grid of 16 by 16. */
const drawings = {
  run: "M4.5 3v10l8-5z",
  step: "M3.5 3.5v9l6-4.5zM12.5 3.5v9",
  stop: "M4 4h8v8H4z",
  timer: "M8 4.2v4l2.6 1.6M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.6v2.6h2.6",
  crash: "M9 1.8 3.5 9h4l-.7 5.2L12.5 7h-4z",
  share:
    "M10.5 5.2 5.6 7.4M10.5 10.8 5.6 8.6M12.2 6a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z" +
    "M12.2 13.4a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z" +
    "M3.9 9.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z",
  light:
    "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.4v1.4M8 13.2v1.4" +
    "M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
  dark: "M13 9.4A5.4 5.4 0 0 1 6.6 3 5.4 5.4 0 1 0 13 9.4z",
  system: "M2.2 3h11.6v7.6H2.2zM6 13.4h4M8 10.6v2.8",
  help:
    "M6.2 6.2a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.4" +
    "M8 11.7v.1M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  docs: "M3 2.6h7.6L13 5v8.4H3zM5.4 6.4h5M5.4 8.6h5M5.4 10.8h3",
  first: "M4 3.5v9M12.5 3.5v9L6.5 8z",
  back: "M10.5 3.5 5.5 8l5 4.5",
  forward: "M5.5 3.5l5 4.5-5 4.5",
  last: "M12 3.5v9M3.5 3.5v9l6-4.5z",
  play: "M4.5 3v10l8-5z",
  pause: "M5 3.5v9M11 3.5v9",
  grow: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9.5 6.5M2.5 13.5l4-4",
  shrink: "M13.5 6.5h-4v-4M2.5 9.5h4v4M9.5 6.5l4-4M6.5 9.5l-4 4",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3",
  count: "M3 13V8.5M6.5 13V4M10 13V9.5M13.5 13V6.5",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
  file: "M9 1.8H4v12.4h8V4.8zM9 1.8v3h3",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM10.2 10.2l3.3 3.3",
  slow: "M2.5 8a5.5 5.5 0 1 1 1.7 4M2.5 8V4.6M2.5 8h3.2M6.8 5.7v4.6l3.6-2.3z",
  legend: "M2.5 4h3M2.5 8h3M2.5 12h3M8 4h5.5M8 8h5.5M8 12h5.5",
  flow: "M3 3h4v3H3zM9 10h4v3H9zM5 6v2.5h6V10",
  close: "M4 4l8 8M12 4l-8 8",
  fire:
    "M8 1.8c.6 2.4 3.6 3.8 3.6 7A3.7 3.7 0 0 1 8 12.6a3.7 3.7 0 0 1-3.6-3.8c0-1.5.7-2.5" +
    " 1.5-3.3.2 1 .6 1.6 1.2 1.9C7 5.4 7.3 3.4 8 1.8z",
} as const;

export type IconName = keyof typeof drawings;

export function icon(name: IconName): SVGSVGElement {
  return drawn(
    "svg",
    { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" },
    drawn("path", { d: drawings[name] }),
  );
}
