// The rules as JSON.

import "./json-pane.css";
import type { SourceFile } from "reticle";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import { isRefused, uriOf } from "../engine/lsp.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";

/**
 * The same rules in the interchange form, kept in step with the text; asked for only while the pane
 * is shown.
 */
export function jsonPane(commands: Commands): Pane<View> {
  const says = h("span", { class: "json-says" });
  const text = h("pre", { class: "json-text", tabIndex: 0, aria: { label: "The rules as JSON" } });
  const copy = button("Copy", () => void navigator.clipboard.writeText(text.textContent ?? ""), {
    class: "small-button",
  });
  const schema = h(
    "a",
    { class: "link", set: { href: "rule-module.schema.json", target: "_blank" } },
    "JSON Schema",
  );
  const dom = h(
    "div",
    { class: "json", data: { pane: "json" } },
    h("div", { class: "json-head" }, copy, schema, says),
    text,
  );
  let drawn: SourceFile[] | null = null;

  async function draw(files: SourceFile[]): Promise<void> {
    const answers = await Promise.all(
      files.map(({ name }) =>
        commands.language("reticle/convert", { textDocument: { uri: uriOf(name) }, to: "json" }),
      ),
    );
    if (drawn !== files) return; // typed on meanwhile
    const texts = answers.map((answer) =>
      !isRefused(answer) && typeof answer === "object" && answer !== null && "text" in answer
        ? String(answer.text)
        : null,
    );
    const broken = texts.indexOf(null);
    setText(
      says,
      broken < 0
        ? ""
        : `${files[broken]?.name ?? ""} has a syntax error: the last version without one is shown.`,
    );
    if (broken < 0) text.textContent = texts.join("\n");
    copy.disabled = !text.textContent;
  }

  return {
    dom,
    update({ state }) {
      const { files } = state.project;
      if (state.layout.editorTab !== "json" || drawn === files) return;
      drawn = files;
      void draw(files);
    },
  };
}
