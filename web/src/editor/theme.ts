// Monaco's colours.

import { editor } from "monaco-editor/editor";

/**
 * Makes Monaco's theme from the page's own colours, so that light and dark are decided in one style
 * sheet.
 */
export function defineTheme(): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => hex(style.getPropertyValue(name));
  const bare = (name: string) => colour(name).slice(1);
  const isDark = style.colorScheme === "dark";
  editor.defineTheme("reticle", {
    base: isDark ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      { token: "", foreground: bare("--ink") },
      { token: "keyword.declaration", foreground: bare("--code-keyword"), fontStyle: "bold" },
      { token: "keyword", foreground: bare("--code-keyword") },
      { token: "keyword.condition", foreground: bare("--code-keyword") },
      { token: "keyword.action", foreground: bare("--code-action") },
      ...["type", "class", "event", "enum"].map((token) => ({
        token,
        foreground: bare("--code-type"),
      })),
      { token: "enumMember", foreground: bare("--code-number") },
      { token: "function", foreground: bare("--code-action") },
      { token: "string", foreground: bare("--code-string") },
      { token: "string.escape", foreground: bare("--code-number") },
      { token: "number", foreground: bare("--code-number") },
      { token: "constant", foreground: bare("--code-number") },
      { token: "comment", foreground: bare("--code-comment"), fontStyle: "italic" },
      { token: "operator", foreground: bare("--ink-soft") },
      { token: "delimiter", foreground: bare("--ink-soft") },
      { token: "delimiter.curly", foreground: bare("--ink-soft") },
      { token: "delimiter.parenthesis", foreground: bare("--ink-soft") },
      { token: "delimiter.square", foreground: bare("--ink-soft") },
      { token: "variable", foreground: bare("--ink") },
    ],
    colors: {
      "editor.background": colour("--pane"),
      "editor.foreground": colour("--ink"),
      "editor.lineHighlightBackground": colour("--code-line"),
      "editor.lineHighlightBorder": "#00000000",
      "editorLineNumber.foreground": colour("--ink-faint"),
      "editorLineNumber.activeForeground": colour("--ink"),
      "editorGutter.background": colour("--pane"),
      "editor.selectionBackground": colour("--accent-soft"),
      "editorCursor.foreground": colour("--accent"),
      "editorIndentGuide.background1": colour("--line"),
      "editorWidget.background": colour("--pane"),
      "editorWidget.border": colour("--line-strong"),
      "editorHoverWidget.background": colour("--pane"),
      "editorHoverWidget.border": colour("--line-strong"),
      "editorError.foreground": colour("--danger"),
      "editorWarning.foreground": colour("--warning"),
      "scrollbar.shadow": "#00000000",
      focusBorder: colour("--accent"),
      "editorBracketMatch.background": colour("--accent-soft"),
      "editorBracketMatch.border": "#00000000",
      "editorBracketHighlight.foreground1": colour("--ink-soft"),
      "editorBracketHighlight.foreground2": colour("--ink-soft"),
      "editorBracketHighlight.foreground3": colour("--ink-soft"),
      "editorOverviewRuler.border": "#00000000",
    },
  });
  editor.setTheme("reticle");
}

function hex(text: string): string {
  const value = text.trim();
  return /^#[0-9a-f]{3}$/i.test(value)
    ? `#${[...value.slice(1)].map((digit) => digit + digit).join("")}`
    : value || "#000000";
}
