// The command `reticle lsp`, spoken to as an editor does. Run with
// `node --test tests/cli/*.test.mjs` after building.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "reticle lsp "));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A server and the messages it sends. */
class Client {
  #child = spawn(command, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  #bytes = Buffer.alloc(0);
  #waiting = [];
  #messages = [];
  #last = 0;
  exited = new Promise((done) => this.#child.on("exit", done));

  constructor() {
    this.#child.stdout.on("data", (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      for (;;) {
        const end = this.#bytes.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = Number(
          /Content-Length: (\d+)/.exec(this.#bytes.subarray(0, end).toString())[1],
        );
        if (this.#bytes.length < end + 4 + length) return;
        const message = JSON.parse(this.#bytes.subarray(end + 4, end + 4 + length).toString());
        this.#bytes = this.#bytes.subarray(end + 4 + length);
        this.#messages.push(message);
        this.#waiting = this.#waiting.filter((tryNow) => !tryNow());
      }
    });
  }

  raw(text) {
    this.#child.stdin.write(text);
  }
  send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.raw(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
  /** The next message that fits, each message once. */
  next(fits) {
    return new Promise((done) => {
      const tryNow = () => {
        const at = this.#messages.findIndex(fits);
        if (at >= 0) done(this.#messages.splice(at, 1)[0]);
        return at >= 0;
      };
      if (!tryNow()) this.#waiting.push(tryNow);
    });
  }
  async ask(method, params) {
    const id = ++this.#last;
    this.send({ id, method, params });
    return this.next((message) => message.id === id);
  }
  tell(method, params) {
    this.send({ method, params });
  }
  async diagnostics(uri) {
    const { params } = await this.next(
      (message) =>
        message.method === "textDocument/publishDiagnostics" && message.params.uri === uri,
    );
    return params.diagnostics.map(({ code }) => code);
  }
  async start(params = {}) {
    const { result } = await this.ask("initialize", {
      processId: null,
      capabilities: {},
      rootUri: null,
      ...params,
    });
    this.tell("initialized", {});
    return result;
  }
  async stop() {
    await this.ask("shutdown");
    this.tell("exit");
    return this.exited;
  }
}

const rules =
  "fact Customer { key id: string  loggedIn: bool }\n" +
  'rule "r" when { c: Customer(loggedIn) } then { log c.id }\n';
const open = (client, uri, text) =>
  client.tell("textDocument/didOpen", {
    textDocument: { uri, languageId: "reticle", version: 1, text },
  });

describe("reticle lsp", () => {
  test("begins, answers, and ends with status 0", async () => {
    const client = new Client();
    const { capabilities } = await client.start();
    assert.equal(capabilities.positionEncoding, "utf-16");
    assert.equal(capabilities.textDocumentSync.change, 2);
    assert.ok(capabilities.semanticTokensProvider.legend.tokenTypes.includes("property"));
    const uri = "file:///a.rules",
      textDocument = { uri };
    open(client, uri, rules);
    assert.deepEqual(await client.diagnostics(uri), []);
    const position = { line: 1, character: 30 };
    assert.match(
      (await client.ask("textDocument/hover", { textDocument, position })).result.contents.value,
      /loggedIn: bool/,
    );
    assert.equal(
      (await client.ask("textDocument/definition", { textDocument, position })).result.range.start
        .line,
      0,
    );
    assert.ok(
      (await client.ask("textDocument/completion", { textDocument, position })).result.items
        .length > 3,
    );
    assert.equal(
      (await client.ask("textDocument/documentSymbol", { textDocument })).result.length,
      2,
    );
    assert.ok(
      (await client.ask("textDocument/semanticTokens/full", { textDocument })).result.data.length >
        20,
    );
    assert.equal(
      (await client.ask("textDocument/rename", { textDocument, position, newName: "online" }))
        .result.changes[uri].length,
      2,
    );
    assert.match(
      (await client.ask("textDocument/rename", { textDocument, position, newName: "id" })).error
        .message,
      /already/,
    );
    assert.equal(await client.stop(), 0);
  });

  test("follows edits of ranges, in UTF-16", async () => {
    const client = new Client();
    await client.start();
    const uri = "file:///a.rules";
    open(client, uri, '// 𝄞\nconst a = "𝄞" + 1\n');
    assert.deepEqual(await client.diagnostics(uri), ["RL2003"]);
    const change = (range, text) =>
      client.tell("textDocument/didChange", {
        textDocument: { uri, version: 2 },
        contentChanges: [range ? { range, text } : { text }],
      });
    change({ start: { line: 1, character: 17 }, end: { line: 1, character: 18 } }, '"ü"');
    assert.deepEqual(await client.diagnostics(uri), []);
    change(null, "rule {");
    assert.ok((await client.diagnostics(uri)).length > 0);
    client.tell("textDocument/didClose", { textDocument: { uri } });
    assert.deepEqual(await client.diagnostics(uri), []);
    assert.equal(
      (
        await client.ask("textDocument/hover", {
          textDocument: { uri },
          position: { line: 0, character: 0 },
        })
      ).error.code,
      -32602,
    );
    assert.equal(await client.stop(), 0);
  });

  test("modules of the folder belong to the program when they are imported", async () => {
    writeFileSync(join(folder, "shop.rules"), "module shop\nfact Order { key id: string }\n");
    writeFileSync(join(folder, "other.rules"), "fact Order { name: string }\n");
    const client = new Client();
    await client.start({ workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "x" }] });
    const uri = pathToFileURL(join(folder, "bill.rules")).href;
    open(
      client,
      uri,
      'module bill\nimport shop\nrule "r" when { o: Order(id == "1") } then { log o.id }\n',
    );
    assert.deepEqual(await client.diagnostics(uri), []);
    const { result } = await client.ask("textDocument/definition", {
      textDocument: { uri },
      position: { line: 2, character: 19 },
    });
    assert.equal(fileURLToPath(result.uri), join(folder, "shop.rules"));
    const renamed = await client.ask("textDocument/rename", {
      textDocument: { uri },
      position: { line: 2, character: 19 },
      newName: "Sale",
    });
    assert.equal(Object.keys(renamed.result.changes).length, 2);
    writeFileSync(join(folder, "shop.rules"), "module shop\nfact Sale { key id: string }\n");
    client.tell("workspace/didChangeWatchedFiles", {
      changes: [{ uri: pathToFileURL(join(folder, "shop.rules")).href, type: 2 }],
    });
    assert.deepEqual(await client.diagnostics(uri), ["RL1002"]);
    assert.equal(await client.stop(), 0);
  });

  test("what is malformed is answered with an error, and the rest goes on", async () => {
    const client = new Client();
    assert.equal((await client.ask("textDocument/hover", {})).error.code, -32002);
    await client.start();
    client.raw("Content-Length: 5\r\n\r\n{nope");
    assert.equal((await client.next((message) => message.id === null)).error.code, -32700);
    client.raw("Nonsense: yes\r\n\r\n");
    assert.equal((await client.next((message) => message.id === null)).error.code, -32700);
    client.raw("Content-Type: x\r\ncontent-length: 2\r\n\r\n[]");
    assert.equal((await client.next((message) => message.id === null)).error.code, -32600);
    assert.equal((await client.ask("textDocument/dance", {})).error.code, -32601);
    assert.equal(
      (await client.ask("textDocument/hover", { textDocument: { uri: 7 } })).error.code,
      -32602,
    );
    client.tell("$/cancelRequest", { id: 1 });
    client.tell("textDocument/didChange", {
      textDocument: { uri: "file:///none.rules" },
      contentChanges: [{ text: "x" }],
    });
    client.tell("textDocument/didOpen", 4);
    assert.equal(await client.stop(), 0);
  });

  test("an input that ends too early, or an exit without shutdown, is status 1", async () => {
    assert.equal(spawnSync(command, ["lsp"], { input: "" }).status, 1);
    const client = new Client();
    await client.start();
    client.tell("exit");
    assert.equal(await client.exited, 1);
  });
});

describe("reticle keywords", () => {
  test("the extension's grammar is the one that the command writes", () => {
    const { stdout, status } = spawnSync(command, ["keywords", "--textmate"], { encoding: "utf8" });
    assert.equal(status, 0);
    assert.equal(
      readFileSync(join(top, "tools/vscode/syntaxes/reticle.tmLanguage.json"), "utf8"),
      stdout,
      "write it anew: build/native/reticle keywords --textmate > " +
        "tools/vscode/syntaxes/reticle.tmLanguage.json",
    );
  });
});

describe("reticle bench", () => {
  test("measures what an editor waits for", () => {
    const { stdout, status } = spawnSync(
      command,
      ["bench", "language", "--lines", "150", "--runs", "2", "--json"],
      { encoding: "utf8" },
    );
    assert.equal(status, 0);
    const { milliseconds } = JSON.parse(stdout);
    for (const deed of ["open", "edit", "completion", "hover", "semanticTokens/full", "formatting"])
      assert.ok(milliseconds[deed] > 0, deed);
  });
});
