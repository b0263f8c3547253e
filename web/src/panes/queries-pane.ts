// Queries: typed, and their rows as they are now.

import "./queries-pane.css";
import type { Fields, Value } from "reticle";
import { printValue } from "../derive/moment.ts";
import type { AskedQuery } from "../derive/query-text.ts";
import { example, factOf, queryKey, readQuery, signature } from "../derive/query-text.ts";
import { countOf } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { QueryAnswer } from "../engine/protocol.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import { factLink } from "./explain-parts.ts";

const mostRows = 200;

/** A box for one of the rules' queries; its rows follow everything that is done to the session. */
export function queriesPane(commands: Commands): Pane<View> {
  const box = h("input", {
    class: "query-box",
    aria: { label: "Query" },
    set: { type: "text", spellcheck: "false", autocomplete: "off", list: "query-names" },
  });
  const names = h("datalist", { set: { id: "query-names" } });
  const offers = h("p", { class: "query-offers" });
  const says = h("p", { class: "query-says", role: "status" });
  const table = h("div", { class: "query-rows" });
  const ask = h("button", { class: "small-button", set: { type: "submit" } }, "Ask");
  const form = h("form", { class: "query-form" }, box, names, ask);
  const dom = h("div", { class: "queries", data: { pane: "queries" } }, form, offers, says, table);
  let view: View | null = null;
  let problem = "";
  let drawn: unknown[] = [];
  const take = (text: string) => {
    const read = readQuery(text, view?.schema?.queries ?? []);
    problem = read.ok ? "" : read.message;
    says.toggleAttribute("data-wrong", !read.ok);
    commands.askQuery(read.ok ? read.query : null);
    if (view) update(view);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(box.value);
  });

  function offer(next: View): void {
    const queries = next.schema?.queries ?? [];
    names.replaceChildren(
      ...queries.map((query) => h("option", { set: { value: example(query) } })),
    );
    const fill = (text: string) => {
      box.value = text;
      box.focus();
      if (text.endsWith("()")) take(text);
    };
    const buttons = queries.map((query) =>
      button(signature(query), () => fill(example(query)), { class: "link query-offer" }),
    );
    offers.replaceChildren(
      ...(buttons.length
        ? buttons
        : ["These rules declare no query. `query best(id: string) { … }` is one."]),
    );
  }

  function update(next: View): void {
    if (next.schema !== view?.schema) offer(next);
    view = next;
    const { state } = next;
    const asked = state.query;
    const answer = asked ? currentAnswers(state).queries.get(queryKey(asked)) : undefined;
    const now = [problem, asked, answer, state.live, next.moment.position];
    if (now.every((each, at) => each === drawn[at])) return;
    drawn = now;
    setText(says, problem || wordsOf(asked, answer, state.live));
    // While the next answer is on its way the last one stays.
    if (!asked || answer || !state.live) table.replaceChildren(...rowsOf(answer, next, commands));
  }
  return { dom, update };
}

function wordsOf(asked: AskedQuery | null, answer: QueryAnswer | undefined, live: boolean): string {
  if (!asked) return "";
  if (!live) return "The engine answers for the present only.";
  if (!answer) return "looking …";
  return answer.ok ? countOf(answer.rows.length, "row") : answer.message;
}

function rowsOf(answer: QueryAnswer | undefined, view: View, commands: Commands): HTMLElement[] {
  if (!answer?.ok || !answer.rows.length) return [];
  const names = [...new Set(answer.rows.flatMap((row) => Object.keys(row)))];
  const head = h("tr", {}, ...names.map((name) => h("th", { set: { scope: "col" } }, name)));
  const cell = (row: Fields, name: string) =>
    h("td", {}, shownValue(row[name] ?? null, view, commands));
  const rows = answer.rows
    .slice(0, mostRows)
    .map((row) => h("tr", {}, ...names.map((name) => cell(row, name))));
  const more = answer.rows.length - rows.length;
  const table = h("table", { class: "table" }, h("thead", {}, head), h("tbody", {}, ...rows));
  return [table, ...(more > 0 ? [h("p", { class: "facts-more" }, `and ${more} more`)] : [])];
}

function shownValue(value: Value, view: View, commands: Commands): HTMLElement | string {
  const fact = factOf(value);
  return fact === null ? printValue(value) : factLink(view, commands, fact);
}
