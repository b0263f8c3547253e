// Blocks of rules on the site: a whole module gets a link that opens it in the playground, a wrong
// one is marked as wrong.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { top } from "./site.mjs";

const kept = join(top, "docs/pages/facts.json");
const openings = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : {};

/** The address that opens a program in the playground; web/src/state/address.ts reads it. */
export function addressOf(title, text) {
  const { inputs = [], start = 0 } = openings[text] ?? {};
  const shared = {
    version: 1,
    title,
    paragraph: "",
    files: [{ name: "page.rules", text }],
    inputs,
    tables: {},
    host: {},
    start,
    view: { pane: "", selection: null, record: null },
  };
  return `/#v1=${deflateRawSync(JSON.stringify(shared), { level: 9 }).toString("base64url")}`;
}

/** A plugin for the Markdown of the site. */
export function playground(markdown) {
  // The site's pages are no templates: two braces are two braces.
  for (const name of ["text", "code_inline"]) {
    const rule = markdown.renderer.rules[name];
    markdown.renderer.rules[name] = (...of) => rule(...of).replaceAll("{{", "&#123;&#123;");
  }
  const link = markdown.renderer.rules.link_open;
  markdown.renderer.rules.link_open = (tokens, at, options, env, self) => {
    const [, example] = tokens[at].attrGet("href").match(/^playground:(.*)$/) ?? [];
    if (example === undefined) return link(tokens, at, options, env, self);
    tokens[at].attrSet("href", `/#example=${example}`);
    return self.renderToken(tokens, at, options);
  };
  const fence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (tokens, at, options, env, self) => {
    const { info, content } = tokens[at];
    const block = fence(tokens, at, options, env, self);
    const words = info.trim();
    if (/\bwrong\b/.test(words)) return `<div class="code-wrong">${block}</div>`;
    if (!/^reticle( file=\S+)?$/.test(words)) return block;
    const address = addressOf(env.frontmatter?.title ?? env.title ?? "From the guide", content);
    return `${block}<a class="code-open" href="${address}">Open in the playground</a>`;
  };
}
