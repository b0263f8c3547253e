// Runs of flows, open calls, and the account of a crash.

import "./runs-pane.css";
import type { Millis, ProgramSchema, Value } from "reticle";
import type { RunNow, StepNow } from "../derive/moment.ts";
import { printValue } from "../derive/moment.ts";
import { printDue } from "../derive/times.ts";
import { countOf, fieldWords } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList } from "../dom.ts";
import type { OpenCall } from "../engine/protocol.ts";
import type { Commands } from "../state/commands.ts";
import type { CrashAccount, EngineState } from "../state/state.ts";
import type { View } from "../state/view.ts";

/**
 * Runs of flows with their steps; calls that wait for a result; what a crash cost. Grey: read
 * back. Coloured: executed here.
 */
export function runsPane(commands: Commands): Pane<View> {
  const automatic = button("automatic", () => commands.setCalls("automatic"), {
    class: "switch-part",
  });
  const byHand = button("by hand", () => commands.setCalls("by hand"), { class: "switch-part" });
  const executed = h("p", { class: "runs-executed", data: { role: "executed" } });
  const account = h("div", { class: "runs-account", data: { role: "crash-account" } });
  const calls = h("div", { class: "runs-calls" });
  const runs = h("div", { class: "runs-list" });
  const empty = h(
    "p",
    { class: "empty" },
    "No flow has been started. The order saga and the ticket " +
      "example have flows that survive a crash.",
  );
  const dom = h(
    "div",
    { class: "runs-pane", data: { pane: "runs" } },
    h(
      "div",
      { class: "runs-head" },
      h("span", { class: "runs-label", set: { id: "calls-label" } }, "Host calls"),
      h(
        "div",
        { class: "switch", role: "group", aria: { labelledby: "calls-label" } },
        automatic,
        byHand,
      ),
      executed,
    ),
    account,
    calls,
    runs,
    empty,
  );
  const renderCalls = keyedList<OpenCall, HTMLElement>(
    calls,
    ({ call, attempt }) => `${call}/${attempt}`,
    (call) => openCall(call, commands, schema),
    () => {},
  );
  const renderRuns = runRows(runs, commands);
  let schema: ProgramSchema | null = null;
  let drawnAccount: CrashAccount | null = null;
  return {
    dom,
    update({ state, moment, schema: current }) {
      const { engine } = state;
      if (state.layout.tableTab !== "runs") return;
      schema = current;
      automatic.setAttribute("aria-pressed", String(engine.calls === "automatic"));
      byHand.setAttribute("aria-pressed", String(engine.calls === "by hand"));
      executed.replaceChildren(...executions(engine));
      if (engine.crash !== drawnAccount || engine.crash)
        account.replaceChildren(...(engine.crash ? crashAccount(engine.crash, engine) : []));
      drawnAccount = engine.crash;
      renderCalls(state.live ? (engine.status?.openCalls ?? []) : []);
      const { selection } = state;
      const selected =
        selection?.kind === "run" ? { run: selection.run, step: selection.step ?? "" } : null;
      renderRuns([...moment.runs.values()], { clock: moment.clock, selected, live: state.live });
      empty.hidden = moment.runs.size > 0;
    },
  };
}

interface Shown {
  clock: Millis;
  selected: { run: number; step: string } | null;
  live: boolean;
}

/** A row for each run, drawn anew when what it shows has changed. */
function runRows(parent: HTMLElement, commands: Commands): (runs: RunNow[], now: Shown) => void {
  // A run is another object once it has changed.
  const made = new WeakMap<HTMLElement, RunNow>();
  // Why a run was not ended or let go on; said at its row, which is drawn anew meanwhile.
  const refused = new Map<number, string>();
  let listed: RunNow[] = [];
  let shown: Shown = { clock: 0, selected: null, live: false };
  const render = keyedList<RunNow, HTMLElement>(
    parent,
    ({ id }) => id,
    () => h("div"),
    (frame, run) => {
      const step = shown.selected?.run === run.id ? shown.selected.step : null;
      const problem = refused.get(run.id) ?? "";
      const looks = `${step} ${shown.clock} ${shown.live} ${problem}`;
      if (made.get(frame) === run && frame.dataset.looks === looks) return;
      frame.dataset.looks = looks;
      made.set(frame, run);
      const offers = shown.live ? doings(run, problem, carryOut) : [];
      frame.replaceChildren(runView(run, step, shown.clock, commands, offers));
    },
  );
  const carryOut = async (run: RunNow, kind: "cancel" | "resume") => {
    const input = { kind, flow: run.flow, key: run.key };
    const [refusal] = await commands.perform([input, { settle: true }]);
    refused.set(run.id, refusal?.message ?? "");
    render(listed);
  };
  return (runs, now) => {
    listed = runs;
    shown = now;
    render(runs);
  };
}

/** Counted by the page, so a crash cannot make it forget. */
function executions(engine: EngineState): HTMLElement[] {
  const entries = Object.entries(engine.executed);
  if (!entries.length) return [h("span", { class: "runs-none" }, "none executed yet")];
  return entries.map(([name, count]) =>
    h(
      "span",
      {
        class: "runs-count",
        data: { function: name, count: String(count) },
        title: `${name} was really executed ${countOf(count, "time")}`,
      },
      `${name} ×${count}`,
    ),
  );
}

function crashAccount(crash: CrashAccount, engine: EngineState): HTMLElement[] {
  const again = Object.entries(engine.executed)
    .map(([name, count]) => [name, count - (crash.before[name] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return [
    h("h3", { class: "runs-account-title" }, `After crash ${engine.crashes}`),
    h(
      "p",
      {},
      "The worker was ended. A new one read " +
        `${countOf(crash.entries, "journal entry", "journal entries")} ` +
        `(${countOf(crash.bytes, "byte")}) from ${
          crash.storage === "private file"
            ? "this page's private file"
            : "the page's memory, because this browser gives workers no files,"
        } and resumed ${countOf(crash.runs, "run")}.`,
    ),
    h(
      "p",
      { data: { role: "read-back" } },
      crash.stepsReadBack.length
        ? `Read back, not executed again: ${crash.stepsReadBack.join(", ")}.`
        : "No step had finished before the crash.",
    ),
    h(
      "p",
      { data: { role: "executed-since" } },
      again.length
        ? `Executed since: ${again.map(([name, count]) => `${name} ×${count}`).join(", ")}.`
        : "Nothing has been executed since.",
    ),
    h(
      "p",
      {},
      crash.sameDigest
        ? "The digest of the session is the same as before."
        : crash.truncated
          ? `The last ${countOf(crash.truncated, "byte")} were cut short and dropped.`
          : "The crash came before the last work was in the journal; it is done again.",
    ),
  ];
}

function runView(
  run: RunNow,
  selectedStep: string | null,
  now: Millis,
  commands: Commands,
  offers: HTMLElement[],
): HTMLElement {
  const dom = h(
    "section",
    { class: "run", data: { run: String(run.id), status: run.status } },
    h(
      "h3",
      { class: "run-head" },
      button(`${run.flow} ${run.key}`.trim(), () => commands.select({ kind: "run", run: run.id }), {
        class: "link",
      }),
      h("span", { class: "run-status", data: { status: run.status } }, run.status),
      h(
        "span",
        { class: "run-result" },
        run.error ??
          (run.result === undefined || run.result === null ? "" : `→ ${printValue(run.result)}`),
      ),
      ...offers,
    ),
    h(
      "ol",
      { class: "run-steps" },
      ...run.steps.map((step) => stepRow(run, step, selectedStep === step.name, now, commands)),
    ),
  );
  dom.toggleAttribute("data-selected", selectedStep === "");
  return dom;
}

/** What can be done with a run now: of a failed one the engine says whether it can go on. */
function doings(
  run: RunNow,
  problem: string,
  carryOut: (run: RunNow, kind: "cancel" | "resume") => Promise<void>,
): HTMLElement[] {
  const offer = (name: string, title: string, kind: "cancel" | "resume") =>
    button(name, () => void carryOut(run, kind), {
      class: "small-button",
      title,
      data: { run: String(run.id), does: kind },
    });
  if (run.status === "running") {
    return [offer("cancel", "End this run: its `on cancel` goes on, or it is undone", "cancel")];
  }
  if (run.status !== "failed") return [];
  const title = "Go on with what failed; what has a result is not repeated";
  return [
    offer("go on", title, "resume"),
    h("span", { class: "run-problem", role: "status" }, problem),
  ];
}

function stepRow(
  run: RunNow,
  step: StepNow,
  isSelected: boolean,
  now: Millis,
  commands: Commands,
): HTMLElement {
  const status = step.recorded
    ? `${step.status}, read back`
    : step.status === "started"
      ? step.kind === "sleep"
        ? "sleeping"
        : step.kind === "call"
          ? "open"
          : "waiting"
      : step.status;
  const said =
    step.error !== undefined
      ? step.error
      : step.result === undefined || step.result === null
        ? ""
        : `→ ${printValue(step.result)}`;
  const row = h(
    "li",
    {
      class: "run-step",
      data: { step: step.name, status: step.status, recorded: String(step.recorded) },
    },
    h("span", { class: "run-dot", aria: { hidden: "true" } }),
    button(step.name, () => commands.select({ kind: "run", run: run.id, step: step.name }), {
      class: "link",
    }),
    h("span", { class: "run-kind" }, step.function ?? step.kind),
    h("span", { class: "run-step-status" }, status),
    h("span", { class: "run-attempts" }, step.attempt > 1 ? `attempt ${step.attempt}` : ""),
    h(
      "span",
      { class: "run-said" },
      step.due !== undefined && step.status !== "completed"
        ? `due ${printDue(step.due, now)} ${said}`
        : said,
    ),
  );
  row.toggleAttribute("data-selected", isSelected);
  return row;
}

function openCall(open: OpenCall, commands: Commands, schema: ProgramSchema | null): HTMLElement {
  const value = h("input", {
    class: "call-value",
    aria: { label: `Return value of ${open.function} as JSON` },
    set: { value: suggestion(open, schema), spellcheck: "false" },
  });
  const problem = h("span", { class: "call-problem", role: "alert" });
  const read = (): { value: Value } | null => {
    try {
      const parsed: Value = JSON.parse(value.value || "null");
      return { value: parsed };
    } catch {
      problem.textContent = "This is not JSON: text stands in double quotes.";
      return null;
    }
  };
  const withValue = (use: (value: Value) => void) => () => {
    const answer = read();
    if (answer) use(answer.value);
  };
  return h(
    "form",
    {
      class: "call",
      data: { function: open.function, call: open.call },
      on: {
        submit: (event) => {
          event.preventDefault();
          withValue((answer) => commands.reply(open.call, open.attempt, { value: answer }, true))();
        },
      },
    },
    h(
      "p",
      { class: "call-what" },
      h("strong", {}, open.function),
      ` ${fieldWords(open.args, 6)} `,
      h(
        "span",
        { class: "call-step" },
        `step ${open.step}, attempt ${open.attempt}; it has been executed and waits for its result`,
      ),
    ),
    h(
      "div",
      { class: "call-line" },
      value,
      h("button", { class: "small-button call-return", set: { type: "submit" } }, "Return"),
      button(
        "Fail",
        () => commands.reply(open.call, open.attempt, { reason: "failed-by-hand" }, true),
        { class: "small-button" },
      ),
      button(
        "Return, then crash",
        withValue((answer) => commands.answerAndCrash(open.call, open.attempt, answer)),
        {
          class: "small-button",
          title: "Make the result durable, then end the worker before the next step begins",
        },
      ),
      button("Crash now", commands.crash, {
        class: "small-button bar-danger",
        title: "End the worker while this call is open",
      }),
    ),
    problem,
  );
}

/** A plausible value of the declared type to start from. */
function suggestion(open: OpenCall, schema: ProgramSchema | null): string {
  const result = schema?.functions.find(({ name }) => name === open.function)?.result ?? null;
  if (result === null || result.endsWith("?")) return "null";
  if (result === "int" || result === "double") return "1";
  if (result === "bool") return "true";
  return result.startsWith("list")
    ? "[]"
    : result.startsWith("map")
      ? "{}"
      : JSON.stringify(`${open.step}-${open.run}`);
}
