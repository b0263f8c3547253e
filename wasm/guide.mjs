// Puts the guide into guide/, for the package: every page as Markdown but those about C++, and
// llms.txt, which lists them. npm runs it before it packs.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { llms, textsOfPages } from "../docs/texts.mjs";

const folder = new URL("./guide/", import.meta.url);

export function writeGuide() {
  rmSync(folder, { recursive: true, force: true });
  const texts = textsOfPages();
  const files = new Map([["llms.txt", llms(texts).replaceAll("(/docs/", "(")]]);
  for (const [to, text] of texts) {
    if (!to.startsWith("api/cpp/")) files.set(`${to}.md`, text);
  }
  for (const [name, text] of files) {
    const place = new URL(name, folder);
    mkdirSync(dirname(place.pathname), { recursive: true });
    writeFileSync(place, text.replaceAll("](playground:", "](../examples/"));
  }
  return files;
}

writeGuide();
