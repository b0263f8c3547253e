// What a journal keeps: a crash after any entry, damaged bytes, files, the command's own journal.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { memory, open } from "reticle";
import { file } from "reticle/node";
import { discounts, native, orderRules } from "./support.mjs";

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "reticle-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * What is done to the engine; each can be done again after a crash in its middle. Times are
 * absolute, so that doing it again goes no further.
 */
const doings = [
  (engine) => {
    engine.insert("Order", { id: "a", total: 150 });
  },
  (engine) => {
    engine.emit("order.placed", { orderId: "a" });
  },
  (engine) => engine.settle(),
  (engine) => engine.advance(Math.max(0, 60_000 - engine.now())),
  (engine) => engine.advance(Math.max(0, 3_600_000 - engine.now())),
];

function host(executed) {
  const count = (name, result) => {
    executed.push(name);
    return result;
  };
  let charges = 0;
  return {
    "pay.charge": () => {
      if (++charges < 3 && executed.failing) {
        executed.push("pay.charge failed");
        throw new Error("503");
      }
      return count("pay.charge", "ch-1");
    },
    "mail.send": () => count("mail.send", null),
  };
}

/** The outcome that must not depend on crashes. */
function outcome(engine) {
  return {
    facts: engine.facts().map(({ id, fields }) => ({ id, fields })),
    runs: engine.runs().map(({ flow, key, status, result }) => ({ flow, key, status, result })),
  };
}

async function wholeRun() {
  const store = memory();
  const executed = Object.assign([], { failing: true });
  const engine = await open(orderRules, { store, functions: host(executed) });
  const ends = [];
  for (const doing of doings) {
    await doing(engine);
    await engine.flush();
    ends.push(store.bytes().length);
  }
  const result = {
    bytes: store.bytes(),
    ends,
    outcome: outcome(engine),
    executed,
    digest: engine.digest(),
  };
  engine.close();
  return result;
}

/** Lengths at which the journal ends with a whole entry, found by cutting at every byte. */
async function boundaries(bytes) {
  const found = new Set();
  for (let length = 1; length <= bytes.length; length++) {
    const store = memory(bytes.slice(0, length));
    const engine = await open(orderRules, { store });
    if (engine.recovery) found.add(length - engine.recovery.truncated);
    assert.equal(store.bytes().length, length - (engine.recovery?.truncated ?? 0));
    engine.close();
  }
  found.delete(0);
  return [...found].sort((a, b) => a - b);
}

describe("recovery", () => {
  test("a journal read back gives the state it was written from", async () => {
    const whole = await wholeRun();
    const engine = await open(orderRules, { store: memory(whole.bytes), functions: host([]) });
    assert.equal(engine.recovery.truncated, 0);
    assert.equal(engine.recovery.bytes, whole.bytes.length);
    assert.equal(engine.digest(), whole.digest);
    assert.ok(engine.runs()[0].steps.every(({ recorded }) => recorded));
    engine.close();
  });

  test("after a crash at any entry the outcome is alike; no recorded step is redone", async () => {
    const whole = await wholeRun();
    const cuts = await boundaries(whole.bytes);
    assert.ok(cuts.length > 10, `${cuts.length} entries`);
    for (const cut of cuts) {
      const executed = [];
      const store = memory(whole.bytes.slice(0, cut));
      const engine = await open(orderRules, { store, functions: host(executed) });
      const recorded = new Set(
        engine
          .runs()
          .flatMap(({ steps }) =>
            steps.filter(({ status }) => status === "completed").map((step) => step.function),
          ),
      );
      const next = whole.ends.filter((end) => end <= cut).length;
      for (const doing of doings.slice(next)) await doing(engine);
      await engine.settle();
      assert.deepEqual(outcome(engine), whole.outcome, `cut at ${cut}`);
      for (const name of recorded)
        assert.ok(!executed.includes(name), `${name} again after the cut at ${cut}`);
      assert.ok(executed.length <= 2, `cut at ${cut}: ${executed}`);
      engine.close();

      const again = await open(orderRules, { store: memory(store.bytes()) });
      assert.deepEqual(outcome(again), whole.outcome, `read again after the cut at ${cut}`);
      again.close();
    }
  });

  test("damage before the end is found and nothing is cut; other rules are refused", async () => {
    const { bytes } = await wholeRun();
    for (const at of [bytes.length >> 2, bytes.length >> 1]) {
      const damaged = bytes.slice();
      damaged[at] ^= 0x40;
      const store = memory(damaged);
      await assert.rejects(open(orderRules, { store }), { code: "Corrupt" });
      assert.deepEqual(store.bytes(), damaged);
    }
    await assert.rejects(open(discounts(), { store: memory(bytes) }), { code: "Mismatch" });
  });
});

describe("the file store", () => {
  test("keeps what memory keeps, byte for byte, and goes on after a crash", async () => {
    const whole = await wholeRun();
    const path = join(folder, "orders.journal");
    for (const [i, doing] of doings.entries()) {
      const functions = { "pay.charge": () => "ch-1", "mail.send": () => null };
      const engine = await open(orderRules, { store: file(path), functions });
      assert.equal(engine.recovery === null, i === 0);
      await doing(engine);
      engine.close();
    }
    const engine = await open(orderRules, { store: file(path) });
    assert.deepEqual(outcome(engine).runs, whole.outcome.runs);
    engine.close();

    const second = join(folder, "second.journal");
    const executed = Object.assign([], { failing: true });
    const same = await open(orderRules, { store: file(second), functions: host(executed) });
    for (const doing of doings) await doing(same);
    await same.flush();
    assert.deepEqual(new Uint8Array(readFileSync(second)), whole.bytes);
    same.close();
  });

  test("has one writer; a lock left by a dead process is taken over", async () => {
    const path = join(folder, "locked.journal");
    const first = await open(discounts(), { store: file(path) });
    assert.throws(() => file(path), { code: "Busy" });
    first.close();
    file(path).close();
    const ended = spawnSync(process.execPath, ["-e", "console.log(process.pid)"], {
      encoding: "utf8",
    });
    writeFileSync(`${path}.lock`, ended.stdout);
    const store = file(path);
    store.close();
    assert.throws(() => statSync(`${path}.lock`), { code: "ENOENT" });
    writeFileSync(`${path}.lock`, "1\n");
    assert.throws(() => file(path), { code: "Busy" });
    rmSync(`${path}.lock`);
    assert.throws(() => file(join(folder, "no/such/folder")), { code: "Store" });
  });

  test("shares its lock with the native library", async () => {
    const path = join(folder, "shared.journal"),
      rules = join(folder, "shared.rules");
    writeFileSync(rules, discounts());
    const command = () =>
      spawnSync(native, ["run", rules, "--journal", path], { encoding: "utf8" });
    const store = file(path);
    const refused = command();
    assert.notEqual(refused.status, 0);
    assert.match(
      refused.stderr,
      new RegExp(`another engine writes this journal: process ${process.pid}`),
    );
    store.close();
    assert.equal(command().status, 0);
    // As the library writes it: the number of a process, and when that one began.
    const held = (line) => {
      writeFileSync(`${path}.lock`, line);
      try {
        file(path).close();
        return false;
      } catch (error) {
        assert.equal(error.code, "Busy");
        return true;
      } finally {
        rmSync(`${path}.lock`, { force: true });
      }
    };
    const begin = readFileSync(`/proc/${process.pid}/stat`, "utf8").split(") ")[1].split(" ")[19];
    assert.ok(held(`${process.pid} ${begin}\n`));
    assert.ok(!held(`${process.pid} 1\n`), "the number was given out again");
  });

  test("notices that the file was deleted or changed by somebody else", () => {
    const path = join(folder, "changed.journal");
    const changed = (change) => {
      const store = file(path);
      store.append(new Uint8Array(5));
      change();
      assert.throws(() => store.append(new Uint8Array(5)), { code: "Store" });
      assert.throws(() => store.append(new Uint8Array(5)), { code: "Store" });
      store.close();
      rmSync(path, { force: true });
    };
    changed(() => rmSync(path));
    changed(() => truncateSync(path, 2));
  });

  test("survives SIGKILL of its process: what was flushed is there, no lock hinders", async () => {
    const path = join(folder, "killed.journal");
    const script = `
      import { open } from "reticle";
      import { file } from "reticle/node";
      import { writeSync } from "node:fs";
      const store = file(${JSON.stringify(path)});
      const engine = await open(${JSON.stringify(orderRules)}, { store });
      for (let i = 0; ; i++) {
        engine.insert("Order", { id: "o" + i, total: i });
        await engine.flush();
        writeSync(1, i + "\\n");
        if (i === 20) process.kill(process.pid, "SIGKILL");
      }`;
    const killed = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      cwd: import.meta.dirname,
    });
    assert.equal(killed.signal, "SIGKILL", killed.stderr);
    const acknowledged = killed.stdout.trim().split("\n").length;
    assert.equal(acknowledged, 21);
    const engine = await open(orderRules, { store: file(path) });
    assert.equal(engine.facts("Order").length, acknowledged);
    engine.close();
  });
});

describe("the journal of the command", () => {
  test("has the same bytes, and each reads the other's", async () => {
    const rules = join(folder, "discounts.rules"),
      facts = join(folder, "facts.json"),
      path = join(folder, "native.journal");
    writeFileSync(rules, discounts());
    const given = {
      Customer: [{ id: "ada", loggedIn: true }, { id: "bob" }],
      CartItem: [{ customerId: "bob", sku: "tea", qty: 3 }],
      Thing: [{ name: "bike", color: "red" }],
    };
    writeFileSync(facts, JSON.stringify(given));
    const run = (...more) => {
      const result = spawnSync(
        native,
        ["run", rules, ...more, "--journal", path, "--start", "2024-04-11T12:00:00Z", "--digest"],
        { encoding: "utf8" },
      );
      assert.equal(result.status, 0, result.stderr);
      return result.stdout;
    };
    const said = run("--facts", facts);

    const store = memory();
    const engine = await open(discounts(), {
      store,
      start: Date.parse("2024-04-11T12:00:00Z"),
      trace: true,
    });
    for (const [type, items] of Object.entries(given))
      for (const fields of items) engine.insert(type, fields);
    await engine.settle();
    await engine.flush();
    assert.equal(said, `digest ${engine.digest()}\ntrace ${engine.traceDigest()}\n`);
    assert.deepEqual(store.bytes(), new Uint8Array(readFileSync(path)));
    engine.close();

    const here = await open(discounts(), { store: file(path) });
    assert.equal(here.facts("Discount").length, 2);
    here.insert("Thing", { name: "car", color: "red" });
    await here.flush();
    here.close();
    run();
    const again = await open(discounts(), { store: file(path) });
    assert.equal(again.agenda().length, 0);
    assert.equal(again.facts("Thing").length, 2);
    again.close();
  });
});
