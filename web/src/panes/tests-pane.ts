// The tests that stand in the rules, and their results.

import type { TestReport } from "reticle";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";

/** The rules' own tests: what they are called, whether they hold, and where they do not. */
export function testsPane(commands: Commands): Pane<View> {
  const run = button("Run the tests", commands.runTests, { class: "small-button" });
  const make = button("Make a test of this moment", commands.makeTest, {
    class: "small-button",
    title: "Writes what was done so far, and what is there now, as a test at the end of the rules",
  });
  const says = h("span", { class: "tests-says" });
  const list = h("ul", { class: "tests" });
  const dom = h(
    "div",
    { data: { pane: "tests" } },
    h("div", { class: "tests-head" }, run, make, says),
    list,
  );
  return {
    dom,
    update({ state, schema }) {
      const declared = schema?.tests ?? [];
      const reports = new Map(state.tests.reports.map((report) => [report.name, report]));
      run.disabled = state.tests.running || !declared.length || state.program.stale;
      make.disabled = !schema || state.program.stale || !state.live || state.tests.running;
      const passed = state.tests.reports.filter((report) => report.passed).length;
      setText(
        says,
        state.tests.running
          ? "running …"
          : reports.size
            ? `${passed} passed, ${reports.size - passed} failed`
            : declared.length
              ? `${declared.length} ${declared.length === 1 ? "test stands" : "tests stand"} ` +
                "in the rules"
              : "A `test` block in the rules is listed here.",
      );
      list.replaceChildren(
        ...declared.map(({ name, span }) => {
          const report = reports.get(name);
          return h(
            "li",
            { class: "test", data: { outcome: outcome(report) } },
            h(
              "span",
              { class: "test-sign", aria: { label: outcome(report) } },
              report ? (report.passed ? "✓" : "✗") : "○",
            ),
            h(
              "div",
              {},
              button(name, () => commands.reveal(span), { class: "link" }),
              ...(report?.failures ?? []).map((failure) =>
                h(
                  "p",
                  { class: "problem-more" },
                  button(`line ${failure.span.line}`, () => commands.reveal(failure.span), {
                    class: "link",
                  }),
                  `: ${failure.message}`,
                ),
              ),
            ),
          );
        }),
      );
    },
  };
}

function outcome(report: TestReport | undefined): string {
  return report ? (report.passed ? "passed" : "failed") : "not run";
}
