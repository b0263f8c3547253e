// The inputs as text.

import "./inputs-pane.css";
import { countOf } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Refusal } from "../engine/protocol.ts";
import type { Commands } from "../state/commands.ts";
import { parseSteps, printSteps } from "../state/project.ts";
import type { View } from "../state/view.ts";

const pause = 400;

/**
 * Everything done to the session, one JSON object a line; editing it plays it again from the start.
 */
export function inputsPane(commands: Commands): Pane<View> {
  const area = h("textarea", {
    class: "plain-editor inputs-text",
    aria: { label: "Inputs, one JSON object a line" },
    set: { spellcheck: "false", wrap: "off" },
  });
  const says = h("p", { class: "inputs-says", role: "status" });
  const refusals = h("ul", {
    class: "inputs-refusals",
    aria: { label: "Inputs the engine refused" },
  });
  /** Why what was typed here is no input; it goes as soon as something that is one was typed. */
  let complaint = "";
  let count = 0;
  const tell = () =>
    setText(
      says,
      complaint || `${countOf(count, "input")}; every edit plays them again from the start.`,
    );
  const complain = (text: string) => {
    complaint = text;
    says.toggleAttribute("data-wrong", text !== "");
    tell();
  };
  const more = oneMore(commands, complain);
  const dom = h(
    "div",
    { class: "inputs", data: { pane: "inputs" } },
    filesHead(commands),
    area,
    more,
    says,
    refusals,
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = "";
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const parsed = parseSteps(area.value);
      area.setAttribute("aria-invalid", String(!parsed.ok));
      complain(parsed.ok ? "" : `Line ${parsed.line}: ${parsed.message}`);
      if (!parsed.ok) return;
      written = printSteps(parsed.steps);
      commands.replay(parsed.steps);
    }, pause);
  });
  return {
    dom,
    update({ state }) {
      const text = printSteps(state.steps);
      if (text !== written && document.activeElement !== area) {
        area.value = text;
        area.setAttribute("aria-invalid", "false");
      }
      count = state.steps.length;
      tell();
      written = text;
      refusals.replaceChildren(...state.refusals.map(refusalLine));
    },
  };
}

function refusalLine({ index, code, message, line }: Refusal): HTMLElement {
  const place = line === undefined ? "" : `, line ${line}`;
  return h("li", {}, `input ${index + 1}${place}, ${code}: ${message}`);
}

/** A field for one more input, which is done to the session as it is. */
function oneMore(commands: Commands, complain: (text: string) => void): HTMLElement {
  const one = h("input", {
    class: "inputs-one",
    aria: { label: "One more input as JSON" },
    set: { spellcheck: "false", placeholder: '{"kind":"insert","type":…} or {"advance":"10m"}' },
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const parsed = parseSteps(one.value);
    if (!parsed.ok || !parsed.steps.length)
      return complain(parsed.ok ? "Write one input as JSON." : parsed.message);
    one.value = "";
    complain("");
    void commands.perform(parsed.steps);
  };
  const doIt = h("button", { class: "small-button", set: { type: "submit" } }, "Do it now");
  return h("form", { class: "inputs-more", on: { submit } }, one, doIt);
}

/** The button that opens the browser's choice of files; the input itself is not shown. */
function filesHead(commands: Commands): HTMLElement {
  const chosen = h("input", {
    class: "visually-hidden",
    set: { type: "file", accept: ".csv,.json,.jsonl", tabindex: "-1" },
    aria: { label: "Facts from a file", hidden: "true" },
    on: {
      change: () => {
        commands.addFacts([...(chosen.files ?? [])]);
        chosen.value = "";
      },
    },
  });
  return h(
    "div",
    { class: "inputs-head" },
    button("Facts from a file …", () => chosen.click(), { class: "small-button" }),
    chosen,
    button("Follow a trace …", commands.askStream, { class: "small-button" }),
    h("span", { class: "inputs-hint" }, "or drop a CSV or JSON file anywhere"),
  );
}
