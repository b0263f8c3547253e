// The time line.

import "./timeline-pane.css";
import type { Mark } from "../derive/timeline.ts";
import { printTime } from "../derive/times.ts";
import { recordWords } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { modeWords } from "../state/view.ts";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";

/** The session as a line of trace records: every moment can be shown again. */
export function timelinePane(commands: Commands): Pane<View> {
  const slider = h("input", {
    class: "timeline-slider",
    aria: { label: "Trace record shown" },
    set: { type: "range", min: "0", max: "0", step: "1" },
  });
  const marks = h("canvas", { class: "timeline-marks", aria: { hidden: "true" } });
  const words = h("span", { class: "timeline-words" });
  const live = button("Live", commands.goLive, {
    class: "small-button timeline-live",
    title: "Back to the present (l)",
  });
  const back = press("back", "One record back", ",", () => commands.stepRecord(-1)),
    forward = press("forward", "One record forward", ".", () => commands.stepRecord(1));
  const first = press("first", "Back to the end of the input before", "[", () =>
      commands.stepBoundary(-1),
    ),
    last = press("last", "Forward to the end of the next input", "]", () =>
      commands.stepBoundary(1),
    );
  const dom = h(
    "section",
    { class: "timeline", data: { pane: "timeline" }, aria: { label: "Time line" } },
    h("div", { class: "timeline-buttons" }, first, back, forward, last),
    h("div", { class: "timeline-track" }, marks, slider),
    h("div", { class: "timeline-says" }, words, live),
  );
  slider.addEventListener("input", () => commands.show(Number(slider.value)));
  let view: View | null = null;
  /** As the browser tells it: to ask would lay out the whole page at once. */
  let size = { width: 0, height: 0 };
  const sizes = new ResizeObserver(([entry]) => {
    if (entry) size = entry.contentRect;
    if (view) drawMarks(marks, view, size);
  });
  sizes.observe(marks);
  let drawn = "";
  return {
    dom,
    update(next) {
      view = next;
      const { state, schema, moment } = next;
      const { length } = state.timeline;
      slider.max = String(length);
      slider.value = String(state.position);
      const record = state.timeline.records[state.position - 1];
      const said = record
        ? recordWords(record, schema)
        : length
          ? "before the first record"
          : "no records yet";
      slider.setAttribute("aria-valuetext", `record ${state.position} of ${length}: ${said}`);
      setText(
        words,
        `${state.live ? `record ${state.position} of ${length}` : modeWords(state)} · ${said}`,
      );
      words.title = `${words.textContent} · ${printTime(moment.clock)}`;
      first.disabled = back.disabled = state.position === 0;
      last.disabled = forward.disabled = live.disabled = state.live;
      const now = `${state.revision} ${state.position} ${document.documentElement.dataset.theme}`;
      if (now !== drawn) drawMarks(marks, next, size);
      drawn = now;
    },
    dispose() {
      sizes.disconnect();
    },
  };
}

function press(name: IconName, title: string, key: string, act: () => void): HTMLButtonElement {
  const made = button("", act, {
    class: "icon-button",
    title: `${title} (${key})`,
    aria: { label: title },
  });
  made.append(icon(name));
  return made;
}

let sparse: { all: Mark[]; count: number; length: number; apart: number; marks: Mark[] } | null =
  null;

/**
 * Of marks of a kind that stand nearer to each other the first; the same while nothing is added.
 */
function marksApart(all: Mark[], length: number, apart: number): Mark[] {
  const isSame = sparse?.all === all && sparse.count === all.length;
  if (sparse && isSame && sparse.length === length && sparse.apart === apart) return sparse.marks;
  const last = { input: -apart, fire: -apart, change: -apart, step: -apart, crash: -apart };
  const marks: Mark[] = [];
  for (const mark of all) {
    if (mark.position - last[mark.kind] < apart) continue;
    last[mark.kind] = mark.position;
    marks.push(mark);
  }
  sparse = { all, count: all.length, length, apart, marks };
  return marks;
}

/**
 * Inputs are lines over the whole height, firings triangles, property changes dots, steps
 * squares, crashes crosses.
 */
function drawMarks(
  canvas: HTMLCanvasElement,
  { state }: View,
  { width, height }: { width: number; height: number },
): void {
  const context = canvas.getContext("2d");
  if (!context || !width) return;
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  const colours = {
    input: colour("--ink-faint"),
    fire: colour("--ready"),
    change: colour("--kind-test"),
    step: colour("--kind-join"),
    crash: colour("--danger"),
  };
  const inset = 8,
    span = width - 2 * inset,
    length = Math.max(1, state.timeline.length);
  const apart = (1.5 / span) * length;
  for (const { position, kind } of marksApart(state.timeline.marks, length, apart)) {
    const x = inset + (position / length) * span;
    context.globalAlpha = position > state.position ? 0.35 : 1;
    context.fillStyle = colours[kind];
    context.beginPath();
    if (kind === "input") context.rect(x - 0.5, 3, 1, height - 6);
    else if (kind === "fire") {
      context.moveTo(x - 4, 2);
      context.lineTo(x + 4, 2);
      context.lineTo(x, 9);
    } else if (kind === "change") context.arc(x, height - 6, 2.6, 0, 2 * Math.PI);
    else if (kind === "step") context.rect(x - 2.5, height - 8.5, 5, 5);
    else {
      context.rect(x - 5, height / 2 - 1, 10, 2);
      context.rect(x - 1, height / 2 - 5, 2, 10);
    }
    context.fill();
  }
  context.globalAlpha = 1;
}
