// The dialog about facts from a file.

import "./dialogs.css";
import type { ProgramSchema, TypeSchema } from "reticle";
import { fieldText } from "../derive/field-values.ts";
import { readTable } from "../derive/table-rows.ts";
import { countOf, grouped } from "../derive/words.ts";
import { button, h, setText } from "../dom.ts";
import type { Refusal, Requests, TableReport } from "../engine/protocol.ts";
import type { Step } from "../state/project.ts";
import { openDialog } from "./dialogs.ts";

type Ask = Requests["table"]["ask"];

interface ImportMeans {
  read(ask: Ask): Promise<TableReport | null>;
  insert(steps: Step[], tables: { [file: string]: string }): Promise<Refusal[]>;
  /** Whether the project has a file of that name. */
  isTaken(name: string): boolean;
  stop(): void;
  /** Tells how far it is; returns how to stop listening. */
  watch(listener: (progress: { done: number; total: number } | null) => void): () => void;
}

/**
 * Asks what kind of facts a dropped file holds, shows the first of them and which rows cannot be
 * read and why, and hands the good ones over. Reading and inserting go on in the worker.
 */
export async function importFile(
  name: string,
  text: string,
  schema: ProgramSchema,
  means: ImportMeans,
): Promise<void> {
  const choices = schema.types.filter(({ builtin, kind }) => !builtin && kind !== "event");
  const { picker, says, preview, problems, bar } = partsOf(choices);
  const accept = button("Insert", () => void hand(), { class: "fire-button", disabled: true });
  const stop = button(
    "Stop",
    () => {
      close();
      means.stop();
    },
    { class: "small-button", title: "Ends it at once; nothing of it stays", disabled: true },
  );
  let report: TableReport | null = null;

  function tell(sentence: string, wrong: TableReport["problems"]): void {
    setText(says, sentence);
    problems.replaceChildren(
      ...wrong.map(({ line, message }) => h("li", {}, h("b", {}, `line ${line}`), `: ${message}`)),
    );
  }

  async function look(type: string | null): Promise<void> {
    setText(says, "reading …");
    report = await means.read({ file: name, text, type });
    if (!report) return tell("The rules do not run, so there is nothing to insert into.", []);
    if (!report.type) {
      // No type fits by its name or its columns: the first is tried, and says what it misses.
      if (type === null && picker.value) return look(picker.value);
      return tell("The rules declare no type of fact that these rows could be.", report.problems);
    }
    picker.value = report.type;
    tell(
      `${countOf(report.good, "row")} ` +
        `can be inserted${report.bad ? `, ${countOf(report.bad, "row")} cannot:` : "."}`,
      report.problems,
    );
    preview.replaceChildren(previewTable(report));
    accept.disabled = report.good === 0;
  }

  /**
   * The engine may refuse rows that can be read: two with one key, a value a field's check
   * forbids. Good rows stay.
   */
  async function hand(): Promise<void> {
    if (!report) return;
    accept.disabled = true;
    bar.hidden = false;
    stop.disabled = false;
    bar.max = report.good;
    bar.value = 0;
    const { good, bad, problems: unread } = report;
    const unwatch = means.watch((progress) => {
      if (!progress) return;
      bar.value = progress.done;
      setText(says, `${countOf(progress.done, "row")} of ${grouped(progress.total)}`);
    });
    const type = choices.find((each) => each.name === picker.value);
    if (!type) return;
    const { steps, tables } = stepsOf(name, text, type, means);
    const refusals = await means.insert(steps, tables);
    unwatch();
    bar.hidden = true;
    stop.disabled = true;
    // Rows that cannot be read are among the refusals of a file, and those of a list are not.
    const refused = refusals.map(({ index, line, message }) => ({
      line: line ?? index + 1,
      message,
    }));
    const isFile = Object.keys(tables).length > 0;
    const wrong = isFile ? refused : [...unread, ...refused];
    if (!wrong.length) return close();
    const inserted = good - (isFile ? refused.length - bad : refused.length);
    tell(
      `${countOf(inserted, "row")} inserted, ${countOf(wrong.length, "row")} not:`,
      wrong.slice(0, 100),
    );
  }

  picker.addEventListener("change", () => void look(picker.value));
  const close = openDialog(`Facts from ${name}`, [
    h("label", { class: "import-label", set: { for: "import-type" } }, "Insert each row as "),
    picker,
    says,
    bar,
    preview,
    problems,
    h("div", { class: "dialog-buttons" }, accept, stop),
  ]);
  await look(null);
}

function partsOf(choices: TypeSchema[]) {
  return {
    picker: h(
      "select",
      { class: "import-type", set: { id: "import-type" } },
      ...choices.map((type) => h("option", { set: { value: type.name } }, type.name)),
    ),
    says: h("p", { class: "import-says", role: "status" }),
    preview: h("div", { class: "import-preview" }),
    problems: h("ul", {
      class: "import-problems",
      aria: { label: "Rows that cannot be inserted" },
    }),
    bar: h("progress", {
      class: "import-progress",
      aria: { label: "Rows inserted" },
      hidden: true,
    }),
  };
}

/** CSV becomes a file of the project and one input; what JSON holds becomes an input a row. */
function stepsOf(
  name: string,
  text: string,
  type: TypeSchema,
  means: ImportMeans,
): { steps: Step[]; tables: { [file: string]: string } } {
  if (/\.(json|jsonl|ndjson)$/i.test(name) || /^\s*[[{]/.test(text)) {
    const rows = readTable(name, text).rowsAs(type);
    const steps = rows.flatMap((row): Step[] =>
      row.ok ? [{ kind: "insert", type: type.name, fields: row.fields }] : [],
    );
    return { steps, tables: {} };
  }
  let free = name;
  for (let number = 2; means.isTaken(free); number++)
    free = name.replace(/(\.[^.]*)?$/, (ending) => `-${number}${ending}`);
  return { steps: [{ csv: free, type: type.name }], tables: { [free]: text } };
}

/** The first rows, as the engine would get them. */
function previewTable({ columns, preview }: TableReport): HTMLElement {
  const known = columns.filter((name) => preview.some((fields) => name in fields));
  return h(
    "table",
    { class: "table", aria: { label: "The first rows" } },
    h("thead", {}, h("tr", {}, ...known.map((name) => h("th", { set: { scope: "col" } }, name)))),
    h(
      "tbody",
      {},
      ...preview.map((fields) =>
        h("tr", {}, ...known.map((name) => h("td", {}, fieldText(fields[name])))),
      ),
    ),
  );
}
