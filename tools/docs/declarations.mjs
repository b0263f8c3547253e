// What the two references of the interface share: cutting a source into its declarations, and a
// page of them. The sources are laid out by formatters, so lines and brackets are enough.

const kOpening = "({[";
const kClosing = ")}]";

/** How many brackets a line opens more than it closes, texts and comments aside. */
export function depthOf(line) {
  const plain = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'/g, "").replace(/\/\/.*$/, "");
  let depth = 0;
  for (const sign of plain) {
    if (kOpening.includes(sign)) depth += 1;
    if (kClosing.includes(sign)) depth -= 1;
  }
  return depth;
}

/**
 * Cuts lines into declarations, each with the comment in front of it. `commentAt` says how many
 * lines from one on are a comment; `ends` whether a declaration is over with a line.
 */
export function declarationsOf(lines, commentAt, ends) {
  const found = [];
  let comment = [];
  for (let at = 0; at < lines.length; ) {
    const length = commentAt(lines, at);
    if (length > 0) {
      comment = lines.slice(at, at + length);
      at += length;
      continue;
    }
    if (lines[at].trim() === "") {
      comment = [];
      at += 1;
      continue;
    }
    const code = [];
    for (let depth = 0; at < lines.length; ) {
      depth += depthOf(lines[at]);
      code.push(lines[at]);
      at += 1;
      if (depth === 0 && ends(code.at(-1))) break;
    }
    found.push({ comment, code });
    comment = [];
  }
  return found;
}

/** Prose of a comment, safe as Markdown: names of code stay, signs of it do not act. */
export function prose(text) {
  return text
    .split(/(`[^`\n]*`)/)
    .map((part, at) => (at % 2 ? part : part.replace(/[<>*[\]]/g, "\\$&")))
    .join("");
}

export function fence(language, lines) {
  const margin = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return `\`\`\`${language}\n${lines.map((line) => line.slice(margin)).join("\n")}\n\`\`\`\n`;
}

/**
 * The members of a class one after another, each with its comment as text; those without a comment
 * stand together with the one before, as they do in the source.
 */
export function membersAsText(lines, { language, commentAt, ends, textOf, isHidden, shown }) {
  const groups = [];
  for (const member of declarationsOf(lines, commentAt, ends)) {
    if (isHidden?.(member)) continue;
    const last = groups.at(-1);
    if (last && member.comment.length === 0) last.code.push(...shown(member.code));
    else groups.push({ comment: member.comment, code: [...shown(member.code)] });
  }
  return groups
    .map(({ comment, code }) => {
      const about = comment.length > 0 ? `\n${textOf(comment)}` : "";
      return `${fence(language, code)}${about}`;
    })
    .join("\n");
}
