// The dialogs in which facts are inserted and changed, and events are raised.

import type { FactId, Fields, TypeSchema } from "reticle";
import { fieldText } from "../derive/field-values.ts";
import type { FactNow } from "../derive/moment.ts";
import { factTitle } from "../derive/moment.ts";
import { h } from "../dom.ts";
import type { Refusal } from "../engine/protocol.ts";
import type { Commands } from "../state/commands.ts";
import type { Step } from "../state/project.ts";
import { openDialog } from "./dialogs.ts";
import { factForm, submitForm } from "./fact-form.ts";

/** A new fact or event of a declared type. What the engine refuses is said in the dialog. */
export function insertDialog(types: TypeSchema[], wanted: string, commands: Commands): void {
  const choices = types.filter(({ builtin }) => !builtin);
  const picker = h(
    "select",
    { class: "import-type", set: { id: "insert-type" } },
    ...choices.map(({ name, kind }) =>
      h("option", { set: { value: name } }, kind === "event" ? `${name} (event)` : name),
    ),
  );
  if (choices.some(({ name }) => name === wanted)) picker.value = wanted;
  const place = h("div");
  const problem = h("p", { class: "fact-problem", role: "alert" });
  const show = () => {
    const type = choices.find(({ name }) => name === picker.value);
    if (!type) return;
    const form = factForm(type);
    const act = async (fields: Fields, isLast: boolean) => {
      const refusals = await commands.perform([stepFor(type, fields)]);
      if (refused(refusals, problem)) return;
      if (isLast) close();
      else show();
    };
    const isEvent = type.kind === "event";
    place.replaceChildren(
      submitForm(form, [
        [isEvent ? "Raise it" : "Insert it", (fields) => void act(fields, true)],
        [isEvent ? "and another" : "and another one", (fields) => void act(fields, false)],
      ]),
    );
    form.focus();
  };
  picker.addEventListener("change", show);
  const close = openDialog("Insert a fact, raise an event", [
    h("label", { class: "import-label", set: { for: "insert-type" } }, "Of type "),
    picker,
    place,
    problem,
  ]);
  show();
}

function stepFor(type: TypeSchema, fields: Fields): Step {
  return type.kind === "event"
    ? { kind: "emit", type: type.name, data: fields }
    : { kind: "insert", type: type.name, fields };
}

function refused(refusals: Refusal[], problem: HTMLElement): boolean {
  problem.textContent = refusals[0]?.message ?? "";
  return refusals.length > 0;
}

/** Other values for a fact: here, or in a future beside this one. */
export function editDialog(
  fact: FactNow,
  type: TypeSchema,
  types: Map<string, TypeSchema>,
  commands: Commands,
): void {
  const form = factForm(type, fact.fields, true);
  const problem = h("p", { class: "fact-problem", role: "alert" });
  const changes = (fields: Fields) =>
    Object.fromEntries(
      Object.entries(fields).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(fact.fields[name] ?? null),
      ),
    );
  const act = (fields: Fields, use: (step: Step, says: string) => void) => {
    const changed = changes(fields);
    if (!Object.keys(changed).length) {
      problem.textContent = "Nothing was changed.";
      return;
    }
    use(updateStep(fact, type, changed), changeWords(changed));
  };
  const close = openDialog(`Change ${factTitle(fact, types)}`, [
    submitForm(form, [
      [
        "Change it",
        (fields) =>
          act(fields, (step) => {
            void commands.perform([step]).then((refusals) => {
              if (!refused(refusals, problem)) close();
            });
          }),
      ],
      [
        "What if …",
        (fields) =>
          act(fields, (step, says) => {
            close();
            commands.whatIf([step], says);
          }),
      ],
    ]),
    problem,
  ]);
  form.focus();
}

/** A subject's properties are set, so that its change is told; a fact is updated. */
export function updateStep(fact: FactNow, type: TypeSchema, fields: Fields): Step {
  return type.kind === "subject" && fact.subject !== undefined
    ? { kind: "set", subject: fact.subject, type: type.name, properties: fields }
    : { kind: "update", fact: fact.id as FactId, fields };
}

/** "qty = 3, color = red". */
function changeWords(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} = ${value === null ? "no value" : fieldText(value)}`)
    .join(", ");
}
