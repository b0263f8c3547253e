// Links: what goes in comes out, and nothing else is let in.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Shared } from "../../src/state/address.ts";
import { decodeAddress, encodeAddress } from "../../src/state/address.ts";
import type { Project, Step } from "../../src/state/project.ts";
import type { Selection } from "../../src/state/state.ts";
import { numbers } from "./records.ts";

const texts = [
  "",
  "plain",
  'rule "x"\nwhen { a: B }\nthen { halt }\n',
  "Grüße, 世界 🌍 \u202Eright to left",
  "<script>alert(1)</script>",
  "\u0000\\\"'",
  "é".repeat(500),
];

function randomShared(random: (below: number) => number): Shared {
  const text = () => texts[random(texts.length)] ?? "";
  const list = <T>(make: () => T, least = 0): T[] =>
    Array.from({ length: least + random(5) }, make);
  const steps: (() => Step)[] = [
    () => ({ settle: true }),
    () => ({ settle: true, max: random(9) }),
    () => ({ settle: 3 }),
    () => ({ advance: `${random(90)}m` }),
    () => ({ fire: random(40) }),
    () => ({ csv: "a.csv", type: "Thing" }),
    () => ({
      kind: "insert",
      type: "Thing",
      fields: {
        name: text(),
        size: random(100) / 8,
        on: random(2) === 1,
        none: null,
        list: [1, text()],
      },
    }),
    () => ({ kind: "retract", fact: random(99) }),
  ];
  const selections: (Selection | null)[] = [
    null,
    { kind: "rule", rule: random(9) },
    { kind: "node", node: random(9) },
    { kind: "fact", fact: random(9) },
    { kind: "activation", activation: random(9) },
    { kind: "run", run: random(9) },
    { kind: "run", run: 1, step: text() },
    { kind: "record", position: random(9) },
  ];
  const project: Project = {
    title: text(),
    paragraph: text(),
    files: list(() => ({ name: `f${random(99)}.rules`, text: text() }), 1),
    start: random(1e9),
    inputs: list(() => steps[random(steps.length)]?.() ?? { settle: true }),
    tables: Object.fromEntries(list(() => [`t${random(9)}.csv`, text()])),
    host: Object.fromEntries(
      list(() => [
        `host.f${random(9)}`,
        [{ fails: text(), times: 1 + random(3) }, { returns: { id: text() } }],
      ]),
    ),
  };
  return {
    project,
    view: {
      pane: "facts",
      selection: selections[random(selections.length)] ?? null,
      record: random(2) ? random(500) : null,
    },
  };
}

describe("address", () => {
  for (let seed = 1; seed <= 40; seed++) {
    test(`what is shared is what is opened (seed ${seed})`, async () => {
      const shared = randomShared(numbers(seed));
      const address = await encodeAddress(shared);
      assert.match(address, /^#v1=[A-Za-z0-9_-]+$/);
      assert.deepEqual(await decodeAddress(address), { ok: true, shared });
    });
  }

  test("every truncation is reported in a sentence and opens nothing", async () => {
    const address = await encodeAddress(randomShared(numbers(7)));
    for (
      let length = 4;
      length < address.length;
      length += Math.max(1, Math.floor(address.length / 60))
    ) {
      const opened = await decodeAddress(address.slice(0, length));
      if (length > "#v1=".length)
        assert.match(opened.ok ? "" : opened.message, /cut short or damaged/);
      assert.equal(opened.ok, false, `cut at ${length}`);
      assert.match(opened.ok ? "" : opened.message, /link/);
    }
  });

  test("changed signs never open something else unnoticed", async () => {
    const shared = randomShared(numbers(11)),
      address = await encodeAddress(shared),
      random = numbers(3);
    for (let i = 0; i < 60; i++) {
      const at = 4 + random(address.length - 4);
      const opened = await decodeAddress(`${address.slice(0, at)}-${address.slice(at + 1)}`);
      if (opened.ok) assert.ok(opened.shared.project.files.length > 0);
      else assert.match(opened.message, /link/);
    }
  });

  const wrap = async (value: unknown) => {
    const bytes = new Uint8Array(
      await new Response(
        new Blob([JSON.stringify(value)])
          .stream()
          .pipeThrough(new CompressionStream("deflate-raw")),
      ).arrayBuffer(),
    );
    return `#v1=${Buffer.from(bytes).toString("base64url")}`;
  };
  const hostile: [string, unknown][] = [
    ["a list", []],
    ["null", null],
    ["no files", { version: 1, files: [], inputs: [], start: 0 }],
    ["a file that is a number", { version: 1, files: [3], inputs: [], start: 0 }],
    ["another version", { version: 2, files: [{ name: "a", text: "" }], inputs: [], start: 0 }],
    ["no start", { version: 1, files: [{ name: "a", text: "" }], inputs: [] }],
    [
      "an input of no kind",
      {
        version: 1,
        files: [{ name: "a", text: "" }],
        inputs: [{ kind: "delete everything" }],
        start: 0,
      },
    ],
    [
      "a host that is a text",
      { version: 1, files: [{ name: "a", text: "" }], inputs: [], start: 0, host: "x" },
    ],
  ];
  for (const [what, value] of hostile) {
    test(`${what} is refused`, async () => {
      const opened = await decodeAddress(await wrap(value));
      assert.equal(opened.ok, false);
    });
  }

  test("a link that unpacks to more than any project is given up", async () => {
    const opened = await decodeAddress(
      await wrap({
        version: 1,
        files: [{ name: "a", text: " ".repeat(6_000_000) }],
        inputs: [],
        start: 0,
      }),
    );
    assert.match(opened.ok ? "" : opened.message, /4 MB/);
  });

  test("strange signs and other versions have messages of their own", async () => {
    const strange = await decodeAddress("#v1=<script>"),
      other = await decodeAddress("#v9=AAAA");
    assert.match(strange.ok ? "" : strange.message, /characters/);
    assert.match(other.ok ? "" : other.message, /another version/);
  });
});
