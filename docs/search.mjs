// The index of the search: every section of every page, made when the site is put together.
import MiniSearch from "minisearch";
import { options } from "./browser/finder.js";

/** The anchor of a heading, as VitePress makes it. */
export function anchorOf(heading) {
  return heading
    .normalize("NFKD")
    .replace(/[\u0300-\u036F]/g, "")
    .replace(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^-+|-+$/g, "")
    .replace(/^(\d)/, "_$1")
    .toLowerCase();
}

const plain = (text) =>
  text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*|\\]/g, " ")
    .replace(/-{3,}/g, " ");

/** Cuts a page at its headings of the first three levels, blocks of code aside. */
function sectionsOf(to, title, text) {
  const sections = [];
  const seen = new Map();
  let current;
  for (const part of text.split(/(^```[^\n]*\n[\s\S]*?^```$)/m)) {
    if (part.startsWith("```")) {
      if (current) current.code += ` ${part.replace(/^```.*$/gm, "")}`;
      continue;
    }
    for (const line of part.split("\n")) {
      const [, signs, heading] = line.match(/^(#{1,3}) (.*)$/) ?? [];
      if (signs === undefined) {
        if (current) current.text += `${plain(line)}\n`;
        continue;
      }
      const anchor = anchorOf(plain(heading));
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      const own = signs === "#" ? "" : `#${anchor}${times ? `-${times}` : ""}`;
      current = {
        id: `${to}${own}`,
        to,
        title,
        heading: plain(heading).trim(),
        code: "",
        text: "",
      };
      sections.push(current);
    }
  }
  return sections;
}

/** A page as a whole, for questions whose words stand in several sections. */
function wholeOf(to, title, sections) {
  const all = (part) => sections.map((section) => section[part]).join("\n");
  return { id: to, to, title, heading: all("heading"), code: "", text: all("text") };
}

/** `pages`: address, title and text of each. */
export function indexOf(pages) {
  const index = new MiniSearch(options);
  for (const { to, title, text } of pages) {
    const sections = sectionsOf(to, title, text);
    index.add(wholeOf(to, title, sections));
    index.addAll(sections.filter(({ id }) => id !== to));
  }
  return index;
}
