// Puts the pages of the site together in docs/pages, and beside them all that they load: scripts,
// fonts, pictures, examples, the index of the search.
//
//   node docs/assemble.mjs
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { openings } from "./facts.mjs";
import { fontsFor } from "./fonts.mjs";
import { indexOf } from "./search.mjs";
import { pages, top } from "./site.mjs";
import { llms, textsOfPages, titleOf } from "./texts.mjs";

export const folder = join(top, "docs/pages");

function write(path, content) {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
}

/** Writes all that VitePress reads. */
export async function assemble() {
  rmSync(folder, { recursive: true, force: true });
  const texts = textsOfPages();
  for (const [to, text] of texts) write(`${to}.md`, text);
  const copies = [
    [join(top, "examples"), "examples"],
    [join(top, "engine/docs/images"), "images"],
    [join(top, "web/picture.png"), "images/picture.png"],
    [join(top, "web/insert.webp"), "images/insert.webp"],
    [join(top, "web/public/reticle.svg"), "reticle.svg"],
    [join(top, "docs/browser"), "."],
    [join(top, "docs/node_modules/minisearch/dist/es/index.js"), "minisearch.js"],
  ];
  for (const [from, to] of copies) cpSync(from, join(folder, "public", to), { recursive: true });
  write("facts.json", JSON.stringify(await openings(texts.values())));
  write("public/llms.txt", llms(texts));
  write("public/search.json", JSON.stringify(indexOf(found(texts))));
  const fonts = await fontsFor([...texts.values()].join(""));
  for (const [name, bytes] of fonts) write(`public/fonts/${name}`, bytes);
  return texts;
}

/** The pages as the search wants them. */
export function found(texts) {
  return pages.map((page) => ({ to: page.to, title: titleOf(page), text: texts.get(page.to) }));
}

/** The text of every page beside its HTML, for programs that read. */
export function addMarkdown(dist) {
  for (const { to } of pages) {
    const text = readFileSync(join(folder, `${to}.md`), "utf8");
    writeFileSync(join(dist, `${to}.md`), text.replaceAll("](playground:", "](/#example="));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(`${(await assemble()).size} pages`);
}
