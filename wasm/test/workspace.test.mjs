// The language service through WebAssembly: the same answers as natively, and memory that is given
// back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openWorkspace } from "../dist/index.js";

const uri = "file:///a.rules";
const text =
  "fact Customer { key id: string  loggedIn: bool }\n" +
  'rule "r" when { c: Customer(loggedIn) } then { log c.id }\n';
const at = (line, character) => ({ textDocument: { uri }, position: { line, character } });

describe("language service", () => {
  test("diagnostics follow the edits", async () => {
    const workspace = await openWorkspace();
    workspace.open(uri, text);
    const codes = () =>
      workspace
        .request("textDocument/diagnostic", { textDocument: { uri } })
        .items.map(({ code }) => code);
    assert.deepEqual(codes(), []);
    const letter = { start: { line: 1, character: 28 }, end: { line: 1, character: 29 } };
    assert.equal(workspace.edit(uri, letter, ""), true);
    assert.deepEqual(codes(), ["RL1001"]);
    assert.equal(
      workspace.edit(
        uri,
        { start: { line: 9, character: 0 }, end: { line: 9, character: 0 } },
        "x",
      ),
      false,
    );
    assert.equal(
      workspace.edit(
        uri,
        { start: { line: -1, character: 0 }, end: { line: 0, character: 0 } },
        "x",
      ),
      false,
    );
    workspace.close();
  });

  test("completion, hover and renaming answer as the protocol says", async () => {
    const workspace = await openWorkspace();
    workspace.open(uri, text);
    const labels = workspace
      .request("textDocument/completion", at(1, 28))
      .items.map(({ label }) => label);
    assert.ok(labels.includes("loggedIn"));
    assert.match(
      workspace.request("textDocument/hover", at(1, 30)).contents.value,
      /loggedIn: bool/,
    );
    const { changes } = workspace.request("textDocument/rename", {
      ...at(1, 30),
      newName: "online",
    });
    assert.equal(changes[uri].length, 2);
    assert.throws(() => workspace.request("textDocument/rename", { ...at(1, 30), newName: "id" }), {
      code: "BadInput",
      message: /already/,
    });
    assert.throws(() => workspace.request("textDocument/dance"), { code: "BadInput" });
    workspace.close();
  });

  test("a closed document and a closed workspace say so", async () => {
    const workspace = await openWorkspace();
    workspace.open(uri, text);
    workspace.closeDocument(uri);
    assert.throws(() => workspace.request("textDocument/hover", at(0, 0)), { code: "BadInput" });
    workspace.close();
    workspace.close();
    assert.throws(() => workspace.open(uri, text), { code: "Closed" });
  });

  test("one request each gives the words and the colours", async () => {
    const workspace = await openWorkspace();
    assert.ok(workspace.request("reticle/keywords").actions.includes("insert"));
    assert.ok(workspace.request("reticle/legend").tokenTypes.includes("property"));
    workspace.close();
  });
});
