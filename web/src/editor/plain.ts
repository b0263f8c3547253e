import type { EditorEvents, RuleEditor } from "./editor.ts";
import { h } from "../panes/elements.ts";

/** A plain text field: what phones have instead of Monaco, and what everybody has until Monaco has arrived. */
export function plainEditor(label: string, events: EditorEvents): RuleEditor {
  const area = h("textarea", { class: "plain-editor", aria: { label }, set: { spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off" } });
  area.addEventListener("input", () => events.changed(area.value));
  area.addEventListener("click", () => events.visited(area.selectionStart));
  return {
    dom: area,
    text: () => area.value,
    setText(text) { if (area.value !== text) area.value = text; },
    setDiagnostics(diagnostics) { area.setAttribute("aria-invalid", String(diagnostics.some(({ level }) => level === "error"))); },
    setMarks() {},
    reveal(span, focus) {
      if (focus) area.focus();
      area.setSelectionRange(span.start, span.end);
      area.scrollTop = Math.max(0, (span.line - 4) * 20);
    },
    applyTheme() {},
    focus() { area.focus(); },
    dispose() { area.remove(); },
  };
}
