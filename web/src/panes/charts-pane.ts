// The session in pictures: how full the agenda was, and which rules fired how often.

import "./charts-pane.css";
import { agendaSizes, firingsByRule } from "../derive/charts.ts";
import { countOf, grouped } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { moreLine } from "./more.ts";
import { linePlot, moveCursors } from "./plots.ts";

const mostRules = 40;

export function chartsPane(commands: Commands): Pane<View> {
  const agenda = agendaChart();
  const fired = h("div");
  const dom = h("div", { class: "charts", data: { pane: "charts" } }, agenda.dom, fired);
  let drawn = "";
  return {
    dom,
    update(view) {
      const { state, schema } = view;
      if (state.layout.tableTab !== "charts") return;
      const { selection } = state;
      const rule = selection?.kind === "rule" ? selection.rule : -1;
      const now = `${state.revision} ${state.position} ${state.program.generation} ${rule}`;
      if (now === drawn) return;
      drawn = now;
      agenda.update(view);
      fired.replaceChildren(...(schema ? [firings(view, commands)] : []));
    },
  };
}

/** Its line is made anew when there are more records: another moment moves the cursor. */
function agendaChart(): Pane<View> {
  const says = h("p", { class: "chart-says" });
  const frame = h("div", { class: "plot-frame chart-agenda" });
  const dom = h("section", { class: "chart" }, h("h3", {}, "Ready to fire"), says, frame);
  let made: { plot: SVGSVGElement; revision: number; most: number } | null = null;
  return {
    dom,
    update({ state, moment }) {
      const { revision, timeline, position: shown } = state;
      if (made?.revision !== revision) {
        const points = agendaSizes(timeline.records);
        const most = points.reduce((high, { value }) => Math.max(high, value), 0);
        const scale = { least: 0, most, end: timeline.length, shown };
        made = { plot: linePlot("", points, scale, 70), revision, most };
        frame.replaceChildren(made.plot, h("span", { class: "plot-most" }, grouped(most)));
      }
      moveCursors(frame, shown, timeline.length);
      const now = `${moment.agenda.size} now, ${grouped(made.most)} at most`;
      made.plot.setAttribute("aria-label", `Ready activations over time: ${now}`);
      setText(says, now);
    },
  };
}

function firings({ moment, schema, state }: View, commands: Commands): HTMLElement {
  const all = schema ? firingsByRule(moment, schema) : [];
  const most = all[0]?.count ?? 1;
  const selected = state.selection?.kind === "rule" ? state.selection.rule : -1;
  const rows = all.slice(0, mostRules).map(({ rule, name, count }) => {
    const bar = h("span", { class: "chart-bar", aria: { hidden: "true" } });
    bar.style.width = `${Math.max(1, (100 * count) / most)}%`;
    const row = h(
      "li",
      { class: "chart-row", data: { rule: String(rule) } },
      button(name, () => commands.select({ kind: "rule", rule }), { class: "link chart-name" }),
      h("span", { class: "chart-track", aria: { hidden: "true" } }, bar),
      h("span", { class: "chart-count" }, grouped(count)),
    );
    row.toggleAttribute("data-selected", rule === selected);
    return row;
  });
  const idle = (schema?.rules.length ?? 0) - all.length;
  return h(
    "section",
    { class: "chart" },
    h("h3", {}, "Firings by rule"),
    h(
      "p",
      { class: "chart-says" },
      idle ? `${countOf(idle, "rule has", "rules have")} not fired.` : "",
    ),
    h("ol", { class: "chart-rows" }, ...rows),
    moreLine(all.length - rows.length),
  );
}
