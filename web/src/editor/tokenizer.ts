// Colours that need no engine: words, strings, numbers and comments by their spelling alone.

import type { languages } from "monaco-editor/editor";
import { actions, clauses, conditions, constants, declarations } from "./keywords.ts";

export const languageId = "reticle";

export const configuration: languages.LanguageConfiguration = {
  comments: { lineComment: "//" },
  brackets: [
    ["{", "}"],
    ["(", ")"],
    ["[", "]"],
  ],
  autoClosingPairs: [
    { open: "{", close: "}" },
    { open: "(", close: ")" },
    { open: "[", close: "]" },
    { open: '"', close: '"', notIn: ["string", "comment"] },
  ],
  surroundingPairs: [
    { open: "{", close: "}" },
    { open: "(", close: ")" },
    { open: '"', close: '"' },
  ],
  onEnterRules: [{ beforeText: /^\s*\/\/\//, action: { indentAction: 0, appendText: "/// " } }],
};

/** Instant colours that survive mistakes. Meaning comes from the engine; this only knows words. */
export const tokenizer: languages.IMonarchLanguage = {
  declarations,
  clauses,
  conditions,
  actions,
  constants,
  tokenizer: {
    root: [
      [/\/\/\/.*$/, "comment.doc"],
      [/\/\/.*$/, "comment"],
      [/\b\d+(\.\d+)?(ms|d|h|m|s)(\d+(ms|d|h|m|s))*\b/, "number.duration"],
      [/\b\d+(\.\d+)?([eE][-+]?\d+)?u?\b/, "number"],
      [/t"/, { token: "string", next: "@template" }],
      [/[rb]?"/, { token: "string", next: "@string" }],
      [/[rb]?'/, { token: "string", next: "@quoted" }],
      [/\.[a-z_]\w*/, "variable.member"],
      [/[a-z_]\w*(?=\s*:(?!:))/, "variable.binding"],
      [/[A-Z]\w*/, "type"],
      [
        /[a-z_]\w*/,
        {
          cases: {
            "@declarations": "keyword.declaration",
            "@constants": "constant",
            "@conditions": "keyword.condition",
            "@actions": "keyword.action",
            "@clauses": "keyword",
            "@default": "identifier",
          },
        },
      ],
      [/[{}()[\]]/, "@brackets"],
      [/=>|->|\.\.<?|[<>=!&|?:+\-*/%]+/, "operator"],
    ],
    string: [
      [/[^"\\]+/, "string"],
      [/\\./, "string.escape"],
      [/"/, { token: "string", next: "@pop" }],
      [/$/, { token: "string", next: "@pop" }],
    ],
    quoted: [
      [/[^'\\]+/, "string"],
      [/\\./, "string.escape"],
      [/'/, { token: "string", next: "@pop" }],
      [/$/, { token: "string", next: "@pop" }],
    ],
    template: [
      [/[^"\\{]+/, "string"],
      [/\{/, { token: "operator", next: "@hole" }],
      [/\\./, "string.escape"],
      [/"/, { token: "string", next: "@pop" }],
    ],
    hole: [[/\}/, { token: "operator", next: "@pop" }], { include: "root" }],
  },
};
