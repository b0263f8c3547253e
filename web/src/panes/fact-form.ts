// A form for the fields of a fact or event, made from what the rules declare.

import "./fact-form.css";
import type { FieldSchema, Fields, TypeSchema } from "reticle";
import { fieldKind, fieldText, readValue } from "../derive/field-values.ts";
import { button, h } from "../dom.ts";

interface FactForm {
  dom: HTMLElement;
  /** What was typed; null when something is wrong, which the form then says. */
  read(): Fields | null;
  focus(): void;
}

let forms = 0;

/** Fields of one type, with their types beside them; `known` is what stands in them at first. */
export function factForm(type: TypeSchema, known: Fields = {}, isEdit = false): FactForm {
  const id = `form-${++forms}`;
  const shown = type.fields.filter(({ key }) => !isEdit || !key);
  const inputs = new Map<FieldSchema, HTMLInputElement | HTMLSelectElement>();
  const rows = shown.map((field) => {
    const input = inputFor(field, known[field.name] ?? field.default, `${id}-${field.name}`);
    inputs.set(field, input);
    return h(
      "div",
      { class: "fact-field", data: { field: field.name } },
      h("label", { set: { for: `${id}-${field.name}` } }, field.name),
      input,
      h("span", { class: "fact-type" }, `${field.type}${field.key ? ", key" : ""}`),
      h("p", { class: "fact-problem", role: "alert" }),
    );
  });
  const dom = h("div", { class: "fact-form" }, ...rows);
  return {
    dom,
    focus: () => dom.querySelector<HTMLElement>("input, select")?.focus(),
    read() {
      const fields: Fields = {};
      let wrong: HTMLElement | null = null;
      for (const [at, [field, input]] of [...inputs].entries()) {
        const read = readValue(field, input.value);
        const problem = rows[at]?.querySelector(".fact-problem");
        if (problem) problem.textContent = read.ok ? "" : read.message;
        input.setAttribute("aria-invalid", String(!read.ok));
        if (!read.ok) wrong ??= input;
        else if (read.value !== undefined) fields[field.name] = read.value;
        else if (isEdit && known[field.name] !== undefined) fields[field.name] = null;
      }
      wrong?.focus();
      return wrong ? null : fields;
    },
  };
}

function inputFor(
  field: FieldSchema,
  value: Fields[string] | undefined,
  id: string,
): HTMLInputElement | HTMLSelectElement {
  const kind = fieldKind(field);
  const text = fieldText(value);
  if (kind === "bool") {
    const select = h(
      "select",
      { set: { id } },
      ...(field.type.endsWith("?") ? [h("option", { set: { value: "" } }, "no value")] : []),
      ...["false", "true"].map((each) => h("option", { set: { value: each } }, each)),
    );
    select.value = text || (field.type.endsWith("?") ? "" : "false");
    return select;
  }
  const input = h("input", {
    set: {
      id,
      type: "text",
      spellcheck: "false",
      autocomplete: "off",
      ...(kind === "number" ? { inputmode: "decimal" } : {}),
      ...(kind === "json" ? { placeholder: "JSON" } : {}),
    },
  });
  input.value = text;
  return input;
}

/** The form with a button; Enter does the same. `act` is given what was typed. */
export function submitForm(
  form: FactForm,
  acts: [label: string, act: (fields: Fields) => void][],
): HTMLElement {
  const doIt = (act: (fields: Fields) => void) => {
    const fields = form.read();
    if (fields) act(fields);
  };
  const [first, ...others] = acts;
  return h(
    "form",
    {
      class: "fact-submit",
      set: { novalidate: "" },
      on: {
        submit: (event) => {
          event.preventDefault();
          if (first) doIt(first[1]);
        },
      },
    },
    form.dom,
    h(
      "div",
      { class: "dialog-buttons" },
      ...(first ? [h("button", { class: "fire-button", set: { type: "submit" } }, first[0])] : []),
      ...others.map(([label, act]) => button(label, () => doIt(act), { class: "small-button" })),
    ),
  );
}
