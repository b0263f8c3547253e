// The blocks of code on the pages, and how each is run in the form in which a reader would run it.
//
// The words behind the name of the language say what a block is:
//
//   reticle             a whole module: it is checked without a word, and its tests pass
//   … fragment, wrong   a part of one, or one with a mistake: not run
//   … file=NAME         is also written into the folder of the page
//   sh run              a command in the folder of the page; `reticle` is the one that was built
//   sh in=FOLDER        the same in a copy of a folder of the repository
//   js run, cpp run     a program on its own, in the folder of the page
//   … shown             something that this machine cannot run
//
// Behind what is run, a block `text` is what it prints, to the letter; `text status=1` says how it
// ends, and in `text ms` fractions of milliseconds may differ.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "./site.mjs";

const command = process.env.RETICLE ?? join(top, "build/native/reticle");

/** The fenced blocks of a text: language, words, content, and the line where the content begins. */
export function blocksOf(text) {
  const blocks = [];
  for (const found of text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)) {
    const [language = "", ...words] = found[1].trim().split(/\s+/);
    const named = Object.fromEntries(words.map((word) => word.split("=")));
    const line = text.slice(0, found.index).split("\n").length + 1;
    blocks.push({ language, words, named, code: found[2], line });
  }
  return blocks;
}

const programs = new Set(["sh", "js", "cpp"]);

/** How a block is run, or undefined. */
export function kindOf({ language, words, named }) {
  if (words.some((word) => ["fragment", "wrong", "shown"].includes(word))) return undefined;
  if (language === "reticle") return "module";
  if (/^(json|yaml)$/.test(language) && words.includes("reticle")) return "module";
  if (programs.has(language) && (words.includes("run") || named.in)) return language;
  return undefined;
}

/** Whether a block is one that somebody would run, and says not what it is. */
export const saysNothing = (block) =>
  ["sh", "js", "cpp", "ts"].includes(block.language) &&
  kindOf(block) === undefined &&
  !block.words.some((word) => ["fragment", "wrong", "shown"].includes(word));

/** The folder of a page, in which its blocks are run one after another. */
export class PageFolder {
  constructor(path) {
    this.path = path;
    mkdirSync(join(path, "bin"), { recursive: true });
    symlinkSync(command, join(path, "bin/reticle"));
    mkdirSync(join(path, "own/node_modules"), { recursive: true });
    symlinkSync(join(top, "wasm"), join(path, "own/node_modules/reticle"));
    writeFileSync(join(path, "own/package.json"), '{ "type": "module" }\n');
  }

  write({ named, code }) {
    if (named.file) writeFileSync(join(this.path, "own", named.file), code);
  }

  #spawn(file, args, cwd) {
    const { status, stdout, stderr, error } = spawnSync(file, args, {
      cwd,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(this.path, "bin")}:${process.env.PATH}` },
    });
    if (error) throw error;
    return { status, said: stdout + stderr };
  }

  /** The status and what is printed, the error stream behind the output. */
  run(block) {
    const own = join(this.path, "own");
    switch (kindOf(block)) {
      case "module":
        return this.#module(block, own);
      case "sh":
        return this.#spawn("bash", ["-c", `{ ${block.code}\n} 2>&1`], this.#folderOf(block));
      case "js": {
        writeFileSync(join(own, "block.mjs"), block.code);
        return this.#spawn("node", ["block.mjs"], own);
      }
      case "cpp":
        return this.#cpp(block, own);
    }
  }

  #folderOf({ named }) {
    if (!named.in) return join(this.path, "own");
    const copy = join(this.path, named.in.replaceAll("/", "-"));
    if (!existsSync(copy)) cpSync(join(top, named.in), copy, { recursive: true });
    return copy;
  }

  #module({ language, code, line }, own) {
    const name = `block-${line}.${language === "reticle" ? "rules" : language}`;
    writeFileSync(join(own, name), code);
    const checked = this.#spawn(command, ["check", name], own);
    const isClean = /^0 errors, 0 warnings$/m.test(checked.said);
    if (checked.status !== 0 || !isClean) return { ...checked, status: checked.status || 1 };
    if (!/\btest "/.test(code) && language === "reticle") return { status: 0, said: checked.said };
    return this.#spawn(command, ["test", name], own);
  }

  #cpp({ code }, own) {
    writeFileSync(join(own, "block.cpp"), code);
    const library = join(top, "build/native/engine/libreticle.a");
    const include = `-I${join(top, "engine/include")}`;
    const flags = ["-std=c++20", include, "block.cpp", library, "-o", "block"];
    const built = this.#spawn("c++", flags, own);
    return built.status === 0 ? this.#spawn(join(own, "block"), [], own) : built;
  }
}

/** The blocks of a page with what each should print, where the page says so. */
export function stepsOf(text) {
  const blocks = blocksOf(text);
  return blocks.map((block, at) => {
    const next = blocks[at + 1];
    const runs = kindOf(block) !== undefined && kindOf(block) !== "module";
    const expected = runs && next?.language === "text" ? next : undefined;
    return {
      block,
      expected: expected?.code,
      expectedLine: expected?.line,
      status: Number(expected?.named.status ?? 0),
      isTimed: expected?.words.includes("ms") ?? false,
    };
  });
}

export const readPage = ({ from }) => readFileSync(join(top, from), "utf8");

/** Whether something was printed that the page says. */
export function agrees(said, { expected, isTimed }) {
  const plain = (text) => (isTimed ? text.replace(/ *\d+\.\d{3}\b/g, " 0.000") : text);
  return expected === undefined || plain(said) === plain(expected);
}
