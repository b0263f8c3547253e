// What is written is kept.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Shared } from "../../src/state/address.ts";
import type { DraftLine, Drafts } from "../../src/state/drafts.ts";
import { isWork, keepDrafts } from "../../src/state/keeper.ts";
import type { Project } from "../../src/state/project.ts";
import { initialState } from "../../src/state/state.ts";
import { createStore } from "../../src/state/store.ts";

const project: Project = {
  title: "Discounts",
  paragraph: "",
  files: [{ name: "a.rules", text: "module m\n" }],
  inputs: [{ kind: "insert", type: "T", fields: { id: 1 } }, { settle: true }],
  tables: {},
  host: {},
  start: 0,
};

/** Drafts in memory; with `refuse` the browser does not keep them. */
class Memory implements Drafts {
  readonly kept = new Map<string, { line: DraftLine; shared: Shared }>();
  constructor(public refuse = false) {}
  list = async () => [...this.kept.values()].map(({ line }) => line);
  read = async (id: string) => {
    const found = this.kept.get(id);
    return found ? { title: found.line.title, shared: found.shared } : null;
  };
  /** Told when a draft is about to be written; the writing waits for it. */
  before: () => Promise<void> = () => Promise.resolve();
  write = async (line: DraftLine, shared: Shared) => {
    await this.before();
    if (this.refuse) throw new Error("the disk is full");
    this.kept.set(line.id, { line, shared });
  };
  remove = async (id: string) => void this.kept.delete(id);
}

function start(drafts: Memory | null) {
  const store = createStore(initialState(project, "discounts"));
  const began: string[] = [];
  const keeper = keepDrafts(
    store,
    Promise.resolve(drafts),
    () => 42,
    (id) => began.push(id),
  );
  const told = () => new Promise((later) => setTimeout(later));
  const type = async (text: string) => {
    store.dispatch({ kind: "edit files", files: [{ name: "a.rules", text }] });
    await told();
  };
  return { store, keeper, began, type, told };
}

describe("drafts", () => {
  test("what is typed becomes a draft, and later typing the same one", async () => {
    const drafts = new Memory();
    const { store, keeper, began, type } = start(drafts);
    await type("module one\n");
    assert.equal(store.get().draft.kept, "saving");
    await keeper.flush();
    assert.equal(store.get().draft.kept, "saved");
    await type("module two\n");
    await keeper.flush();
    assert.equal(began.length, 1);
    const [draft] = [...drafts.kept.values()];
    assert.equal(drafts.kept.size, 1);
    assert.equal(draft?.line.title, "Discounts (edited)");
    assert.equal(draft?.shared.project.files[0]?.text, "module two\n");
    keeper.stop();
  });

  test("inputs of one's own are work; firing and advancing are none", async () => {
    const drafts = new Memory();
    const { store, keeper, told } = start(drafts);
    store.dispatch({ kind: "steps taken", steps: [{ settle: true, max: 1 }, { advance: "1h" }] });
    await told();
    assert.equal(isWork(store.get()), false);
    store.dispatch({
      kind: "steps taken",
      steps: [{ kind: "insert", type: "T", fields: { id: 2 } }],
    });
    await told();
    assert.equal(isWork(store.get()), true);
    await keeper.flush();
    assert.equal([...drafts.kept.values()][0]?.shared.project.inputs.length, 5);
    keeper.stop();
  });

  test("opening something else begins with no draft, and the one before stays", async () => {
    const drafts = new Memory();
    const { store, keeper, type, told } = start(drafts);
    await type("module one\n");
    await keeper.flush();
    store.dispatch({ kind: "open project", project, source: "other", banner: null });
    await told();
    assert.equal(store.get().draft.id, null);
    await type("module three\n");
    await keeper.flush();
    assert.equal(drafts.kept.size, 2);
    keeper.stop();
  });

  test("a browser that keeps nothing is told of, also when it begins to refuse", async () => {
    for (const drafts of [null, new Memory(true)]) {
      const { store, keeper, began, type } = start(drafts);
      await type("module one\n");
      await keeper.flush();
      assert.equal(store.get().draft.kept, "off");
      assert.deepEqual(began, [], "there is no draft to lead back to");
      keeper.stop();
    }
  });

  test("typed on while it is written, it is not said to be kept", async () => {
    const drafts = new Memory();
    const { store, keeper, type } = start(drafts);
    await type("module one\n");
    drafts.before = () => type("module two\n");
    const first = keeper.flush();
    await first;
    drafts.before = () => Promise.resolve();
    assert.equal(store.get().draft.kept, "saving");
    await keeper.flush();
    assert.equal([...drafts.kept.values()][0]?.shared.project.files[0]?.text, "module two\n");
    keeper.stop();
  });
});
