import "./facts-pane.css";
import type { FactNow } from "../derive/moment.ts";
import { printValue } from "../derive/moment.ts";
import { countOf } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";

const mostRows = 200;

interface TypeRows {
  type: string;
  fields: string[];
  facts: FactNow[];
}

/** Working memory: a table for each type of fact. */
export function factsPane(commands: Commands): Pane<View> {
  const filter = h("input", {
    class: "facts-filter",
    aria: { label: "Show only facts containing" },
    set: { type: "search", placeholder: "Filter facts" },
  });
  const tables = h("div", { class: "facts-tables" });
  const empty = h("p", { class: "empty" });
  const dom = h(
    "div",
    { class: "facts-pane", data: { pane: "facts" } },
    h("div", { class: "facts-head" }, filter),
    tables,
    empty,
  );
  let view: View | null = null;
  filter.addEventListener("input", () => {
    if (view) update(view);
  });

  const render = keyedList<TypeRows, HTMLElement & { rows?: (facts: FactNow[]) => void }>(
    tables,
    ({ type, fields }) => `${type} ${fields.join()}`,
    ({ type, fields }) => {
      const body = h("tbody");
      const section: HTMLElement & { rows?: (facts: FactNow[]) => void } = h(
        "section",
        { class: "facts-type" },
        h("h3", { class: "facts-name" }, type, h("span", { class: "tab-count" })),
        h(
          "table",
          { class: "table", aria: { label: `Facts of type ${type}` } },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { set: { scope: "col" } }, "#"),
              ...fields.map((name) => h("th", { set: { scope: "col" } }, name)),
              h("th", { set: { scope: "col" }, aria: { label: "Change" } }),
            ),
          ),
          body,
        ),
        h("p", { class: "facts-more" }),
      );
      section.rows = factRows(body, fields);
      return section;
    },
    (section, { type, facts }) => {
      section.querySelector(".tab-count")?.replaceChildren(String(facts.length));
      section.rows?.(facts.slice(0, mostRows));
      const more = section.querySelector<HTMLElement>(".facts-more");
      if (more) {
        more.hidden = facts.length <= mostRows;
        setText(
          more,
          `and ${countOf(facts.length - mostRows, `more ${type}`, `more of ${type}`)}: ` +
            "narrow them down with the filter",
        );
      }
    },
  );

  function factRows(body: HTMLElement, fields: string[]) {
    return keyedList<FactNow, HTMLTableRowElement>(
      body,
      ({ id }) => id,
      (fact) => {
        const select = () => commands.select({ kind: "fact", fact: fact.id });
        return h(
          "tr",
          { class: "facts-row", data: { fact: String(fact.id) }, on: { click: select } },
          h(
            "th",
            { set: { scope: "row" } },
            button(String(fact.id), select, {
              class: "link",
              aria: { label: `Fact ${fact.id}, ${fact.type}` },
            }),
          ),
          ...fields.map(() => h("td")),
          h(
            "td",
            { class: "facts-act" },
            button("Retract", () => void commands.perform([{ kind: "retract", fact: fact.id }]), {
              class: "small-button",
              aria: { label: `Retract fact ${fact.id}` },
            }),
          ),
        );
      },
      (row, fact) => {
        if (!view) return;
        const { state } = view;
        for (const [index, name] of fields.entries()) {
          const cell = row.children[index + 1];
          const value = fact.fields[name];
          const text = value === undefined || value === null ? "–" : printValue(value);
          if (cell instanceof HTMLElement) {
            setText(cell, text);
            cell.toggleAttribute("data-number", typeof value === "number");
          }
        }
        row.toggleAttribute("data-logical", fact.logical);
        row.toggleAttribute(
          "data-changed",
          fact.changed > Math.max(state.from, state.timeline.previousBoundary(state.position)),
        );
        row.toggleAttribute(
          "data-selected",
          state.selection?.kind === "fact" && state.selection.fact === fact.id,
        );
        row.title = fact.logical ? "Derived: stays while a match supports it" : "";
      },
    );
  }

  function update(next: View): void {
    view = next;
    const wanted = filter.value.trim().toLowerCase();
    const byType = new Map<string, TypeRows>();
    for (const fact of next.moment.facts.values()) {
      if (
        wanted &&
        !`${fact.type} ${JSON.stringify(fact.fields)} ${fact.subject ?? ""}`
          .toLowerCase()
          .includes(wanted)
      )
        continue;
      const known = byType.get(fact.type);
      if (known) known.facts.push(fact);
      else
        byType.set(fact.type, {
          type: fact.type,
          fields:
            next.types.get(fact.type)?.fields.map(({ name }) => name) ?? Object.keys(fact.fields),
          facts: [fact],
        });
    }
    const builtin = (type: string) => Number(next.types.get(type)?.builtin ?? false);
    render(
      [...byType.values()].sort(
        (a, b) =>
          builtin(a.type) - builtin(b.type) ||
          (next.types.get(a.type)?.id ?? 0) - (next.types.get(b.type)?.id ?? 0),
      ),
    );
    empty.hidden = byType.size > 0;
    setText(
      empty,
      wanted
        ? "No fact contains that."
        : "Working memory is empty. Insert facts in the inputs tab, " +
            "or drop a CSV or JSON file on the page.",
    );
  }
  return { dom, update };
}
