// How the site is built: pages of plain HTML, from what assemble.mjs puts together.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { addMarkdown } from "../assemble.mjs";
import { playground } from "../playground.mjs";
import { parts, top } from "../site.mjs";
import { titleOf } from "../texts.mjs";
import { codeTheme } from "./code-theme.mjs";

// What is linked to and is no page.
process.env.VITE_EXTRA_EXTENSIONS = "rules,csv,jsonl,yaml";

const grammar = {
  ...JSON.parse(readFileSync(join(top, "tools/vscode/syntaxes/reticle.tmLanguage.json"), "utf8")),
  name: "reticle",
};

export default defineConfig({
  title: "Reticle",
  description: "A rule engine you can look inside: what it is, how to use it, how it works.",
  lang: "en",
  base: "/docs/",
  srcDir: "pages",
  srcExclude: ["public/**"],
  outDir: "dist",
  cacheDir: "../build/docs/cache",
  mpa: true,
  ignoreDeadLinks: false,
  lastUpdated: false,
  // The theme is chosen by theme.js, a file: the policy of the page allows no inline script.
  appearance: false,
  head: [
    ["link", { rel: "icon", href: "/docs/reticle.svg", type: "image/svg+xml" }],
    ["meta", { name: "color-scheme", content: "light dark" }],
    ["script", { src: "/docs/theme.js" }],
    ["script", { src: "/docs/site.js", type: "module" }],
  ],
  buildEnd: ({ outDir }) => addMarkdown(outDir),
  transformHtml: (html) => html.replace(/<script id="check-[^"]*">.*?<\/script>/gs, ""),
  markdown: {
    theme: codeTheme,
    languages: [grammar],
    config: playground,
    html: false,
    headers: { level: [2, 3] },
  },
  vite: { logLevel: "warn" },
  themeConfig: {
    parts: parts.map(({ title, pages, collapsed }) => ({
      title,
      collapsed: collapsed === true,
      pages: pages.map((page) => ({ to: page.to, text: titleOf(page) })),
    })),
  },
});
