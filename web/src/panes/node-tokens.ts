// A node's memory as a table: the facts or matches it holds, and the nearest that it turned away.

import "./node-tokens.css";
import type { FactId, NodeId, Value } from "reticle";
import { printValue } from "../derive/moment.ts";
import { holdings } from "../derive/near.ts";
import type { Failure, TokenTable } from "../derive/tokens.ts";
import { failuresAt, ruleOfNode, tokensAt, turnedAway } from "../derive/tokens.ts";
import { countOf, grouped } from "../derive/words.ts";
import { h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import { factLink, section } from "./explain-parts.ts";

const mostRows = 20,
  mostAway = 6;

/** Of a type or a test the facts, field by field; of the others the matches with their values. */
export function nodeTokens(view: View, commands: Commands, id: NodeId): HTMLElement[] {
  const { schema, state, moment } = view;
  const node = schema?.network.nodes[id];
  if (!schema || !node) return [];
  const held = holdings(state.timeline.records, moment.position);
  const isAlpha = node.kind === "type" || node.kind === "test" || node.kind === "newest";
  if (isAlpha) {
    const facts = [...(held.get(id)?.values() ?? [])].flat();
    return factTables(view, commands, facts, turnedAway(schema, id, held), node.label);
  }
  const rule = ruleOfNode(schema, id);
  const answers = state.live ? currentAnswers(state) : undefined;
  const matches = rule && answers?.matches.get(rule.name);
  const whyNot = rule && answers?.whyNots.get(rule.name);
  return [
    ...matchTable(view, commands, tokensAt(schema, id, held, matches)),
    ...failureTable(view, commands, failuresAt(whyNot, id)),
  ];
}

function factTables(
  view: View,
  commands: Commands,
  passed: FactId[],
  away: FactId[],
  test: string,
): HTMLElement[] {
  const fields = [
    ...new Set(
      [...passed, ...away].flatMap((fact) =>
        Object.keys(view.moment.facts.get(fact)?.fields ?? {}),
      ),
    ),
  ];
  const row = (fact: FactId, passes: boolean) => {
    const values = view.moment.facts.get(fact)?.fields ?? {};
    return h(
      "tr",
      { data: { passes: String(passes) } },
      h("td", {}, sign(passes, passes ? "it is here" : `\`${test}\` is not true for it`)),
      h("td", {}, factLink(view, commands, fact)),
      ...fields.map((field) => h("td", {}, valueWords(values[field]))),
    );
  };
  const parts = [];
  if (passed.length)
    parts.push(
      section(
        `Holds ${countOf(passed.length, "fact")}`,
        table(
          ["", "fact", ...fields],
          passed.slice(0, mostRows).map((fact) => row(fact, true)),
        ),
        moreWords(passed.length),
      ),
    );
  if (away.length)
    parts.push(
      section(
        `Not true for ${countOf(away.length, "fact")}`,
        table(
          ["", "fact", ...fields],
          away.slice(0, mostAway).map((fact) => row(fact, false)),
        ),
      ),
    );
  return parts;
}

function matchTable(view: View, commands: Commands, tokens: TokenTable): HTMLElement[] {
  const { rows, names, total, more } = tokens;
  if (!rows.length) return [];
  const width = Math.max(...rows.map(({ facts }) => facts.length));
  const values = [...new Set(rows.flatMap(({ bindings }) => Object.keys(bindings)))];
  const hasState = rows.some(({ state }) => state !== undefined);
  const columns = Array.from({ length: width }, (_, index) => names[index] || `fact ${index + 1}`);
  return [
    section(
      `Holds ${countOf(total, "match", "matches")}${more ? " or more" : ""}`,
      table(
        [...columns, ...values, ...(hasState ? ["rule"] : [])],
        rows.slice(0, mostRows).map(({ facts, bindings, state }) =>
          h(
            "tr",
            {},
            ...columns.map((_, index) => {
              const fact = facts[index];
              return h("td", {}, fact === undefined ? "" : factLink(view, commands, fact));
            }),
            ...values.map((name) => h("td", {}, valueWords(bindings[name]))),
            ...(hasState ? [h("td", {}, state ?? "")] : []),
          ),
        ),
      ),
      moreWords(total),
    ),
  ];
}

function failureTable(view: View, commands: Commands, failures: Failure[]): HTMLElement[] {
  if (!failures.length) return [];
  return [
    section(
      "Came nearest, and ended here",
      table(
        ["", "match", "test", "is", "against"],
        failures.map(({ facts, test, left, right, error }) =>
          h(
            "tr",
            { data: { passes: "false" } },
            h("td", {}, sign(false, error ?? "not true")),
            h(
              "td",
              {},
              ...facts.flatMap((fact, index) => [
                index ? " + " : "",
                factLink(view, commands, fact),
              ]),
            ),
            h("td", {}, h("code", {}, test)),
            h("td", {}, error ?? valueWords(left)),
            h("td", {}, error ? "" : valueWords(right)),
          ),
        ),
      ),
    ),
  ];
}

function table(heads: string[], rows: HTMLElement[]): HTMLElement {
  return h(
    "div",
    { class: "node-tokens" },
    h(
      "table",
      { class: "table node-tokens-table" },
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { set: { scope: "col" } }, head)))),
      h("tbody", {}, ...rows),
    ),
  );
}

function sign(passes: boolean, says: string): HTMLElement {
  return h(
    "span",
    { class: "node-tokens-sign", role: "img", title: says, aria: { label: says } },
    passes ? "✓" : "✗",
  );
}

const moreWords = (count: number) =>
  count > mostRows ? h("p", {}, `and ${grouped(count - mostRows)} more`) : null;

const valueWords = (value: Value | undefined): string =>
  value === undefined ? "" : value === null ? "–" : printValue(value);
