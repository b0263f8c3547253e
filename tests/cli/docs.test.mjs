// The documents: every block of rules that is a whole module is right and its tests pass, and every
// link leads somewhere.
//
// A fenced block is a module when its info string is `reticle`, `json reticle` or `yaml reticle`,
// perhaps with a file's name behind it. Parts of modules are marked `reticle fragment` and are not
// checked. The pages in diagnostics/ are asked by diagnostics.test.mjs, those in api/ are made of
// the headers; docs/test/pages.test.mjs runs what is no module.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");
const pages = readdirSync(join(top, "engine/docs"), { recursive: true })
  .filter((name) => name.endsWith(".md") && !/^(api|diagnostics)\//.test(name))
  .sort();
const suffixes = { reticle: "rules", "json reticle": "json", "yaml reticle": "yaml" };

// The fenced blocks of a text: info string, content, and the line on which the content begins.
function blocksOf(text) {
  const blocks = [];
  for (const found of text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)) {
    blocks.push({
      info: found[1].trim().replace(/ file=\S+$/, ""),
      code: found[2],
      line: text.slice(0, found.index).split("\n").length + 1,
    });
  }
  return blocks;
}

// The anchors that a page offers, as GitHub derives them from its headings.
function anchorsOf(text) {
  const outside = text.replace(/^```[\s\S]*?^```$/gm, "");
  return [...outside.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, "")
      .replaceAll(" ", "-"),
  );
}

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "reticle-docs-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reticle(...words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: "utf8",
    cwd: folder,
  });
  assert.equal(error, undefined);
  return { status, said: stdout + stderr };
}

describe("the modules in the pages of the language", () => {
  let modules = 0;
  for (const page of pages) {
    for (const { info, code, line } of blocksOf(
      readFileSync(join(top, "engine/docs", page), "utf8"),
    )) {
      const suffix = suffixes[info];
      if (suffix === undefined) continue;
      modules += 1;
      test(`${page}, line ${line}`, () => {
        const name = `${page.replace(".md", "").replaceAll("/", "-")}-${line}.${suffix}`;
        writeFileSync(join(folder, name), code);
        const checked = reticle("check", name);
        assert.equal(checked.status, 0, checked.said);
        assert.match(checked.said, /^0 errors, 0 warnings$/m, "an example is without a mistake");
        if (!/\btest "/.test(code)) return;
        const tested = reticle("test", name);
        assert.equal(tested.status, 0, tested.said);
      });
    }
  }
  test("there are some", () => assert.ok(modules >= 12, `${modules} modules`));
});

describe("the links of the documents lead somewhere", () => {
  const documents = [
    "README.md",
    ".github/CONTRIBUTING.md",
    ".github/CHANGELOG.md",
    "engine/README.md",
    "tests/README.md",
    "tests/fuzz/README.md",
    "wasm/README.md",
    "web/README.md",
    "tools/bench/README.md",
    "tools/bench/RESULTS.md",
    "tools/vscode/README.md",
    ...pages.map((page) => `engine/docs/${page}`),
    ...["engine/docs/diagnostics", "engine/docs/api", "wasm/docs/api"].flatMap((folder) =>
      readdirSync(join(top, folder)).map((page) => `${folder}/${page}`),
    ),
    "docs/README.md",
  ];
  for (const document of documents) {
    test(document, () => {
      const text = readFileSync(join(top, document), "utf8");
      for (const [, link] of text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path, anchor] = link.split("#");
        const target = path === "" ? join(top, document) : join(top, dirname(document), path);
        assert.ok(existsSync(target), `${link} leads nowhere`);
        if (anchor)
          assert.ok(
            anchorsOf(readFileSync(target, "utf8")).includes(anchor),
            `${link}: no such heading`,
          );
      }
    });
  }
});
