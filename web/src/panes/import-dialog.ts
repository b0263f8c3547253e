// The dialog about facts from a file.

import "./dialogs.css";
import type { ProgramSchema } from "reticle";
import type { ReadRow } from "../derive/table-rows.ts";
import { guessType, readTable } from "../derive/table-rows.ts";
import { countOf } from "../derive/words.ts";
import { button, h, setText } from "../dom.ts";
import type { Refusal } from "../engine/protocol.ts";
import type { Step } from "../state/project.ts";
import { openDialog } from "./dialogs.ts";

/**
 * Asks what kind of facts a dropped file holds, shows which rows cannot be read and why, and hands
 * the good ones over.
 */
export async function importFile(
  file: File,
  schema: ProgramSchema,
  insert: (steps: Step[]) => Promise<Refusal[]>,
): Promise<void> {
  const table = readTable(file.name, await file.text());
  const choices = schema.types.filter(({ builtin, kind }) => !builtin && kind !== "event");
  const picker = h(
    "select",
    { class: "import-type", set: { id: "import-type" } },
    ...choices.map(({ name }) => h("option", { set: { value: name } }, name)),
  );
  const guess = guessType(schema, file.name, table.columns);
  if (guess) picker.value = guess.name;
  const says = h("p", { class: "import-says", role: "status" });
  const problems = h("ul", {
    class: "import-problems",
    aria: { label: "Rows that cannot be inserted" },
  });
  const accept = button("Insert", () => void hand(), { class: "fire-button" });
  let good: (ReadRow & { ok: true })[] = [];
  let unread: { line: number; message: string }[] = [];

  function tell(sentence: string, wrong: { line: number; message: string }[]): void {
    setText(says, sentence);
    problems.replaceChildren(
      ...[...wrong]
        .sort((a, b) => a.line - b.line)
        .slice(0, 100)
        .map(({ line, message }) => h("li", {}, h("b", {}, `line ${line}`), `: ${message}`)),
    );
  }

  function look(): void {
    const type = choices.find(({ name }) => name === picker.value);
    const rows = type ? table.rowsAs(type) : [];
    good = rows.filter((row) => row.ok);
    unread = [...table.problems, ...rows.flatMap((row) => (row.ok ? [] : [row]))];
    tell(
      `${countOf(good.length, "row")} ` +
        `can be inserted${unread.length ? `, ${countOf(unread.length, "row")} cannot:` : "."}`,
      unread,
    );
    accept.disabled = good.length === 0;
  }

  /**
   * The engine may refuse rows that can be read: two with one key, a value a field's check
   * forbids. Good rows stay.
   */
  async function hand(): Promise<void> {
    accept.disabled = true;
    const refusals = await insert(
      good.map(({ fields }) => ({ kind: "insert", type: picker.value, fields })),
    );
    const wrong = [
      ...unread,
      ...refusals.map(({ index, message }) => ({ line: good[index]?.line ?? 0, message })),
    ];
    if (!wrong.length) return close();
    tell(
      `${countOf(good.length - refusals.length, "row")} ` +
        `inserted, ${countOf(wrong.length, "row")} not:`,
      wrong,
    );
  }

  picker.addEventListener("change", look);
  look();
  const close = openDialog(`Facts from ${file.name}`, [
    h("label", { class: "import-label", set: { for: "import-type" } }, "Insert each row as "),
    picker,
    says,
    problems,
    h("div", { class: "dialog-buttons" }, accept),
  ]);
}
