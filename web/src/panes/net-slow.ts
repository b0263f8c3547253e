// One input in slow motion: forwards and back, a step at a time.

import type { FactId } from "reticle";
import { factOfSpan, spanOfInput, stepsOf, stepWords } from "../derive/steps.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { NetView } from "../net/net-view.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";

interface SlowMotion extends Pane<View> {
  toggle(): void;
  isOpen(): boolean;
}

const everyStep = 1500;

interface Course {
  begin: number;
  steps: number[];
  fact: FactId | undefined;
  /** Where to return to; null: to the present. */
  back: number | null;
}

/**
 * Shows the moments of one input one after the other, in all panes at once. When the last one is
 * reached, the fact that came in is selected, so that its whole path is to be seen.
 */
export function slowMotion(commands: Commands, drawing: NetView): SlowMotion {
  return new SlowStrip(commands, drawing);
}

class SlowStrip implements SlowMotion {
  private view: View | null = null;
  private course: Course | null = null;
  private at = 0;
  private timer = 0;
  private readonly says = h("p", { class: "net-slow-says", role: "status" });
  private readonly count = h("span", { class: "net-slow-count" });
  private readonly first = tool("first", "Back to the beginning", () => this.go(0, false));
  private readonly back = tool("back", "One step back", () => this.step(-1));
  private readonly forward = tool("forward", "One step forward", () => this.step(1));
  private readonly play = tool("pause", "Pause", () => (this.timer ? this.pause() : this.run()));
  readonly dom = h(
    "div",
    { class: "net-slow", role: "group", aria: { label: "Slow motion" }, hidden: true },
    this.first,
    this.back,
    this.play,
    this.forward,
    this.count,
    this.says,
    tool("close", "End slow motion", () => this.close()),
  );

  constructor(
    private readonly commands: Commands,
    private readonly drawing: NetView,
  ) {
    this.dom.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") this.step(1);
      else if (event.key === "ArrowLeft") this.step(-1);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  isOpen(): boolean {
    return this.course !== null;
  }

  toggle(): void {
    if (this.course) this.close();
    else this.open();
  }

  update(next: View): void {
    // Another session, or rules typed anew: there is nothing to go on with.
    if (this.course && next.state.timeline !== this.view?.state.timeline) this.end();
    this.view = next;
    if (!this.course) return;
    const { steps } = this.course;
    const record = next.state.timeline.records[next.state.position - 1];
    setText(this.count, `${this.at + 1} of ${steps.length}`);
    setText(this.says, record ? stepWords(record, next) : "");
    this.back.disabled = this.first.disabled = this.at === 0;
    this.forward.disabled = this.at === steps.length - 1;
  }

  private open(): void {
    if (!this.view) return;
    const { timeline, position, live } = this.view.state;
    const span = spanOfInput(timeline.records, position);
    if (!span) return;
    this.course = {
      begin: span.begin,
      steps: stepsOf(timeline.records, span),
      fact: factOfSpan(timeline.records, span),
      back: live ? null : position,
    };
    this.dom.hidden = false;
    this.go(0, false);
    this.run();
    this.play.focus();
  }

  private close(): void {
    const { course } = this;
    if (!course) return;
    this.end();
    if (course.back === null) this.commands.goLive();
    else this.commands.show(course.back);
    this.drawing.focus();
  }

  private end(): void {
    this.pause();
    this.course = null;
    this.dom.hidden = true;
  }

  private run(): void {
    if (!this.course) return;
    if (this.at >= this.course.steps.length - 1) this.go(0, false);
    this.timer = window.setInterval(() => this.step(1), everyStep);
    this.sayPlay();
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.sayPlay();
  }

  private sayPlay(): void {
    this.play.replaceChildren(icon(this.timer ? "pause" : "play"));
    this.play.title = this.timer ? "Pause" : "Play";
    this.play.setAttribute("aria-label", this.play.title);
  }

  private step(by: 1 | -1): void {
    if (!this.course) return;
    if (by < 0) this.pause();
    const next = this.at + by,
      last = this.course.steps.length - 1;
    if (next < 0) return;
    if (next <= last) this.go(next, by < 0);
    if (next >= last) this.pause();
  }

  private go(next: number, backwards: boolean): void {
    if (!this.course || !this.view) return;
    const { steps, begin, fact } = this.course;
    const undone = steps[this.at];
    this.at = next;
    const position = steps[next] ?? begin;
    const isLast = next === steps.length - 1;
    this.commands.show(position);
    this.commands.select(isLast && fact !== undefined ? { kind: "fact", fact } : null);
    const { records } = this.view.state.timeline;
    const moves = backwards ? (undone ?? position) : position;
    this.drawing.playSlowly(records, begin, moves, backwards);
  }
}

function tool(name: IconName, label: string, press: () => void): HTMLButtonElement {
  const made = button("", press, { class: "icon-button", title: label, aria: { label } });
  made.append(icon(name));
  return made;
}
