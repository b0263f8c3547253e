// The session in pictures: how full the agenda was, and which rules fired how often.

import "./charts-pane.css";
import { agendaSizes, firingsByRule } from "../derive/charts.ts";
import { countOf, grouped } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { moreLine } from "./more.ts";
import { linePlot } from "./plots.ts";

const mostRules = 40;

export function chartsPane(commands: Commands): Pane<View> {
  const dom = h("div", { class: "charts", data: { pane: "charts" } });
  let drawn = "";
  return {
    dom,
    update(view) {
      const { state, schema } = view;
      if (state.layout.tableTab !== "charts") return;
      const now = `${state.revision} ${state.position} ${state.program.generation}`;
      if (now === drawn) return;
      drawn = now;
      dom.replaceChildren(agendaChart(view), ...(schema ? [firings(view, commands)] : []));
    },
  };
}

function agendaChart({ state, moment }: View): HTMLElement {
  const points = agendaSizes(state.timeline.records);
  const most = points.reduce((high, { value }) => Math.max(high, value), 0);
  const scale = { least: 0, most, end: state.timeline.length, shown: state.position };
  const label = `Ready activations over time: ${moment.agenda.size} now, ${most} at most`;
  const plot = h("div", { class: "plot-frame chart-agenda" });
  plot.append(linePlot(label, points, scale, 70), h("span", { class: "plot-most" }, grouped(most)));
  return h(
    "section",
    { class: "chart" },
    h("h3", {}, "Ready to fire"),
    h("p", { class: "chart-says" }, `${moment.agenda.size} now, ${grouped(most)} at most`),
    plot,
  );
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
