// The colours of code, as the page's editor has them: by the variables of
// web/src/styles/tokens.css, so that one highlighting serves light and dark.
const scopes = {
  "--code-comment": ["comment"],
  "--code-string": ["string", "constant.character"],
  "--code-number": ["constant.numeric", "constant.language"],
  "--code-keyword": ["keyword", "storage"],
  "--code-type": ["entity.name.type", "support.type", "entity.name.class", "entity.name.tag"],
  "--code-action": ["entity.name.function", "support.function", "variable.language"],
  "--ink": ["source", "meta.interpolation", "variable", "keyword.operator", "punctuation"],
};

export const codeTheme = {
  name: "reticle",
  type: "light",
  fg: "var(--ink)",
  bg: "var(--pane)",
  colors: { "editor.foreground": "var(--ink)", "editor.background": "var(--pane)" },
  settings: [
    { settings: { foreground: "var(--ink)", background: "var(--pane)" } },
    ...Object.entries(scopes).map(([name, scope]) => ({
      scope,
      settings: { foreground: `var(${name})` },
    })),
  ],
};
