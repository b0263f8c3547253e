// The rules in a plain text field.

import { h } from "../dom.ts";
import type { EditorEvents, RuleEditor } from "./editor.ts";

/**
 * A plain text field: what phones have instead of Monaco, and every screen until Monaco is loaded.
 */
export function plainEditor(label: string, events: EditorEvents): RuleEditor {
  let file = "";
  const area = h("textarea", {
    class: "plain-editor",
    aria: { label },
    set: { spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off" },
  });
  area.addEventListener("input", () => events.changed(file, area.value));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    events.left();
  });
  area.addEventListener("click", () => events.visited(area.selectionStart));
  return {
    dom: area,
    setFiles(files, shown) {
      const current = files[shown];
      file = current?.name ?? "";
      if (current && area.value !== current.text) area.value = current.text;
    },
    setDiagnostics(diagnostics) {
      area.setAttribute(
        "aria-invalid",
        String(diagnostics.some(({ level, span }) => level === "error" && span.file === file)),
      );
    },
    setMarks() {},
    setNotes() {},
    reveal(span) {
      area.setSelectionRange(span.start, span.start);
      area.scrollTop = Math.max(0, (span.line - 4) * 20);
    },
    applyTheme() {},
    focus() {
      area.focus();
    },
    dispose() {
      area.remove();
    },
  };
}
