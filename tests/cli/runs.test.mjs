// `reticle runs`: the runs of flows in a journal, and what is done about one of them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { workshop } from "./support.mjs";

const { read, write, reticle } = workshop();

const rules = `module demo.runs
event Begin { id: string }
event Approved { by: string }
fact Done { key id: string  by: string }
host function bank.charge(id: string) -> string
host function bank.hold(id: string) -> string
host function bank.release(id: string)

rule "begin" on b: Begin then { start Pay(id: b.id) }

flow Pay(id: string) key id allow RL6009 {
  step hold = call bank.hold(id: id)
  step charge = call bank.charge(id: id)
  let approved = wait Approved
  insert Done{id: id, by: approved.by + " " + charge}
}
on cancel { step end = call bank.release(id: id) }
`;
const rulesOf = ["--rules", "pay.rules"];

/** A journal with a run that has failed, and one that waits. */
function begun() {
  write("pay.rules", rules);
  write("events.jsonl", [{ event: "Begin", data: { id: "o1" } }].map(JSON.stringify).join("\n"));
  write("no.json", {
    "bank.hold": [{ returns: "h" }],
    "bank.charge": [{ fails: "closed" }],
    "bank.release": [{ returns: null }],
  });
  write("yes.json", {
    "bank.hold": [{ returns: "again" }],
    "bank.charge": [{ returns: "c" }],
    "bank.release": [{ returns: null }],
  });
  write("j", "");
  const run = reticle(
    "run",
    "pay.rules",
    ...["--events", "events.jsonl", "--answers", "no.json", "--journal", "j"],
  );
  assert.match(run.out + run.err, /closed/);
}

describe("runs", () => {
  test("lists them, with what they wait for, and shows one with its steps", () => {
    begun();
    const list = reticle("runs", "list", "j", ...rulesOf);
    assert.deepEqual(list, {
      status: 0,
      out: 'Pay "o1" failed: closed\n  it can go on with charge\n',
      err: list.err,
    });
    assert.equal(
      reticle("runs", "show", "j", "Pay", "o1", ...rulesOf).out,
      'Pay "o1" failed: closed\n  it can go on with charge\n' +
        '  hold completed (bank.hold): "h"\n  charge failed (bank.charge): closed\n',
    );
    assert.equal(reticle("runs", "list", "j", ...rulesOf, "--status", "running").out, "");
    const [json] = JSON.parse(reticle("runs", "list", "j", ...rulesOf, "--json").out);
    assert.equal(json.canGoOn, true);
  });

  test("a failed one goes on with what failed; then it is told what it waits for", () => {
    begun();
    const before = read("j").length;
    const resumed = reticle("runs", "resume", "j", "Pay", "o1", ...rulesOf);
    assert.equal(resumed.status, 0, resumed.err);
    assert.match(resumed.out, /^Pay "o1" running\n {2}charge asks bank.charge .* 2\. time\n/);
    assert.ok(read("j").length > before);
    const on = reticle("run", "pay.rules", "--journal", "j", "--answers", "yes.json");
    assert.equal(on.status, 0, on.err);
    assert.match(
      reticle("runs", "list", "j", ...rulesOf).out,
      /^Pay "o1" running\n {2}it waits for Approved\n$/,
    );
    const told = reticle(
      ...["runs", "signal", "j", "Pay", "o1", ...rulesOf],
      ...["--event", "Approved", "--data", '{"by": "ada"}'],
    );
    assert.equal(told.status, 0, told.err);
    const end = reticle("run", "pay.rules", "--journal", "j", "--answers", "yes.json");
    assert.match(end.out, /Done/);
    const { out } = reticle("runs", "show", "j", "Pay", "o1", ...rulesOf);
    assert.match(out, /^Pay "o1" completed\n/);
    // What was answered before the failure was not asked again.
    assert.match(out, /hold completed .*"h"/);
  });

  test("one is cancelled", () => {
    begun();
    reticle("runs", "resume", "j", "Pay", "o1", ...rulesOf);
    const cancelled = reticle("runs", "cancel", "j", "Pay", "o1", ...rulesOf);
    assert.equal(cancelled.status, 0, cancelled.err);
    reticle("run", "pay.rules", "--journal", "j", "--answers", "yes.json");
    assert.match(reticle("runs", "list", "j", ...rulesOf).out, /^Pay "o1" cancelled/);
  });

  test("what cannot be done says why", () => {
    begun();
    const cases = [
      [["list"], 2, /it needs a journal/],
      [["fly", "j"], 2, /it cannot `fly`/],
      [["list", "j"], 2, /it needs --rules FILE/],
      [["show", "j", "Pay", ...rulesOf], 2, /`show` needs a flow and the key of a run/],
      [["show", "j", "Pay", "x", ...rulesOf], 1, /there is no run of Pay with the key "x"/],
      [["resume", "j", "Pay", "x", ...rulesOf], 1, /UnknownRun/],
      [["signal", "j", "Pay", "o1", ...rulesOf], 2, /`signal` needs --event TYPE/],
      [["signal", "j", "Pay", "o1", ...rulesOf, "--event", "Approved", "--data", "{"], 2, /JSON/],
      [["list", "nowhere", ...rulesOf], 1, /nowhere/],
    ];
    for (const [words, status, says] of cases) {
      const answer = reticle("runs", ...words);
      assert.equal(answer.status, status, words.join(" "));
      assert.match(answer.err, says);
    }
    reticle("runs", "resume", "j", "Pay", "o1", ...rulesOf);
    assert.match(reticle("runs", "resume", "j", "Pay", "o1", ...rulesOf).err, /only a failed run/);
  });
});
