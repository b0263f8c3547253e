// Working memory as tables.

import "./facts-pane.css";
import type { FieldSchema, TypeSchema } from "reticle";
import { fieldText, readValue } from "../derive/field-values.ts";
import type { FactNow } from "../derive/moment.ts";
import { printValue } from "../derive/moment.ts";
import { countOf } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { insertDialog, updateStep } from "./insert-dialog.ts";

const mostRows = 200;

interface TypeRows {
  type: string;
  fields: string[];
  facts: FactNow[];
}

/** A type's part of the pane; `rows` fills its table. */
type TypeSection = HTMLElement & { rows?: (facts: FactNow[]) => void };

/** Working memory: a table for each type of fact. */
export function factsPane(commands: Commands): Pane<View> {
  const filter = h("input", {
    class: "facts-filter",
    aria: { label: "Show only facts containing" },
    set: { type: "search", placeholder: "Filter facts" },
  });
  const insert = button(
    "Insert a fact …",
    () => {
      if (view?.schema) insertDialog(view.schema.types, "", commands);
    },
    { class: "small-button" },
  );
  const tables = h("div", { class: "facts-tables" });
  const empty = h("p", { class: "empty" });
  const dom = h(
    "div",
    { class: "facts-pane", data: { pane: "facts" } },
    h("div", { class: "facts-head" }, filter, insert),
    tables,
    empty,
  );
  let view: View | null = null;
  filter.addEventListener("input", () => {
    if (view) update(view);
  });
  const render = keyedList<TypeRows, TypeSection>(
    tables,
    ({ type, fields }) => `${type} ${fields.join()}`,
    ({ type, fields }) => typeSection(type, fields, commands, () => view),
    drawSection,
  );

  function update(next: View): void {
    view = next;
    if (next.state.layout.tableTab !== "facts") return;
    const wanted = filter.value.trim().toLowerCase();
    const byType = factsByType(next, wanted);
    render(byType);
    empty.hidden = byType.length > 0;
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

/** The facts that contain a text, by type: those the rules declare first, as they declare them. */
function factsByType({ moment, types }: View, wanted: string): TypeRows[] {
  const byType = new Map<string, TypeRows>();
  for (const fact of moment.facts.values()) {
    if (wanted && !textOf(fact).includes(wanted)) continue;
    const known = byType.get(fact.type);
    if (known) {
      known.facts.push(fact);
      continue;
    }
    const declared = types.get(fact.type)?.fields.map(({ name }) => name);
    const fields = declared ?? Object.keys(fact.fields);
    byType.set(fact.type, { type: fact.type, fields, facts: [fact] });
  }
  const builtin = (type: string) => Number(types.get(type)?.builtin ?? false);
  return [...byType.values()].sort(
    (a, b) =>
      builtin(a.type) - builtin(b.type) ||
      (types.get(a.type)?.id ?? 0) - (types.get(b.type)?.id ?? 0),
  );
}

const textOf = (fact: FactNow) =>
  `${fact.type} ${JSON.stringify(fact.fields)} ${fact.subject ?? ""}`.toLowerCase();

function typeSection(
  type: string,
  fields: string[],
  commands: Commands,
  view: () => View | null,
): TypeSection {
  const body = h("tbody");
  const column = (name: string) => h("th", { set: { scope: "col" } }, name);
  const change = h("th", { set: { scope: "col" }, aria: { label: "Change" } });
  const head = h("thead", {}, h("tr", {}, column("#"), ...fields.map(column), change));
  const section: TypeSection = h(
    "section",
    { class: "facts-type" },
    h(
      "h3",
      { class: "facts-name" },
      type,
      h("span", { class: "tab-count" }),
      addOne(type, commands, view),
    ),
    h("table", { class: "table", aria: { label: `Facts of type ${type}` } }, head, body),
    h("p", { class: "facts-more" }),
  );
  section.rows = keyedList<FactNow, HTMLTableRowElement>(
    body,
    ({ id }) => id,
    (fact) => factRow(fact, fields, commands),
    (row, fact) => {
      const now = view();
      if (now) drawRow(row, fact, fields, now, commands);
    },
  );
  return section;
}

/** One more of a type, unless it is one that the engine keeps for itself. */
function addOne(type: string, commands: Commands, view: () => View | null): HTMLElement | null {
  const now = view();
  if (now?.types.get(type)?.builtin) return null;
  const add = button("+", () => insertDialog([...(view()?.types.values() ?? [])], type, commands), {
    class: "small-button facts-add",
    aria: { label: `Insert one more ${type}` },
  });
  return add;
}

function drawSection(section: TypeSection, { type, facts }: TypeRows): void {
  section.querySelector(".tab-count")?.replaceChildren(String(facts.length));
  section.rows?.(facts.slice(0, mostRows));
  const more = section.querySelector<HTMLElement>(".facts-more");
  if (!more) return;
  more.hidden = facts.length <= mostRows;
  const rest = countOf(facts.length - mostRows, `more ${type}`, `more of ${type}`);
  setText(more, `and ${rest}: narrow them down with the filter`);
}

function factRow(fact: FactNow, fields: string[], commands: Commands): HTMLTableRowElement {
  const select = () => commands.select({ kind: "fact", fact: fact.id });
  const retract = () => void commands.perform([{ kind: "retract", fact: fact.id }]);
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
    ...fields.map(() => h("td", { class: "facts-cell" })),
    h(
      "td",
      { class: "facts-act" },
      button("Retract", retract, {
        class: "small-button",
        aria: { label: `Retract fact ${fact.id}` },
      }),
    ),
  );
}

function drawRow(
  row: HTMLElement,
  fact: FactNow,
  fields: string[],
  { state, types }: View,
  commands: Commands,
): void {
  const type = types.get(fact.type);
  const isOpen = state.live && state.engine.phase === "ready";
  for (const [index, name] of fields.entries()) {
    const cell = row.children[index + 1];
    const value = fact.fields[name];
    if (!(cell instanceof HTMLElement)) continue;
    const field = type?.fields.find((each) => each.name === name);
    const canChange =
      isOpen && type && field && !field.key && !type.builtin && type.kind !== "event";
    cell.ondblclick = canChange ? () => editCell(cell, fact, field, type, commands) : null;
    cell.title = canChange ? "Double-click to change it" : "";
    if (cell.querySelector("input")) continue; // being typed in
    setText(cell, value === undefined || value === null ? "–" : printValue(value));
    cell.toggleAttribute("data-number", typeof value === "number");
  }
  const { selection, from, timeline, position } = state;
  const since = Math.max(from, timeline.previousBoundary(position));
  row.toggleAttribute("data-logical", fact.logical);
  row.toggleAttribute("data-changed", fact.changed > since);
  row.toggleAttribute("data-selected", selection?.kind === "fact" && selection.fact === fact.id);
  const retract = row.querySelector<HTMLButtonElement>(".facts-act button");
  // Nothing can be done to the past.
  if (retract) retract.disabled = !state.live || state.engine.phase !== "ready";
  row.title = fact.logical ? "Derived: stays while a match supports it" : "";
}

/** The value becomes a field to type in: Enter changes the fact, Escape leaves it as it is. */
function editCell(
  cell: HTMLElement,
  fact: FactNow,
  field: FieldSchema,
  type: TypeSchema,
  commands: Commands,
): void {
  const before = fieldText(fact.fields[field.name]);
  const input = h("input", {
    class: "facts-edit",
    aria: { label: `${field.name} of fact ${fact.id}` },
    set: { spellcheck: "false" },
  });
  input.value = before;
  const close = () => setText(cell, before === "" ? "\u2013" : before);
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key !== "Enter") return;
    const read = readValue(field, input.value);
    if (!read.ok) {
      input.setAttribute("aria-invalid", "true");
      input.title = read.message;
      return;
    }
    const value = read.value ?? null;
    close();
    if (input.value !== before)
      void commands.perform([updateStep(fact, type, { [field.name]: value })]);
  });
  input.addEventListener("blur", close);
  cell.replaceChildren(input);
  input.focus();
  input.select();
}
