// The debugger's view of values and ids, tools/gdb/reticle.py: GDB shows each value of a small
// program as the program itself prints it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

// Prints `toText` of each value of the array `values`, one a line, and then stops at `here`.
const program = `
#include <cstdio>
#include "reticle/value.h"
using reticle::Value;

reticle::FactId fact{7}, noFact{0};
reticle::RuleId rule{3}, noRule{0xffffffffu};
reticle::ActivationId activation{12};

__attribute__((noinline)) void here(Value* values, std::size_t count) {
  std::printf("%p %zu\\n", static_cast<void*>(values), count);
}

int main() {
  Value values[] = {
    Value(), Value::boolean(true), Value::integer(-12), Value::real(1.5),
    Value::real(2), Value::real(1e100), Value::real(-0.0), Value::natural(7),
    Value::string("a \\"text\\" \\\\ of\\ntwo lines, \\u00e9"), Value::bytes("\\x01z\\""),
    Value::type("int"), Value::fact(reticle::FactId{7}), Value::list({}),
    Value::list({Value::integer(1), Value::string("two"), Value::list({Value()})}),
    Value::map({{Value::string("a"), Value::integer(1)}, {Value::integer(2), Value::map({})}}),
    Value::timestamp(1705276800, 0), Value::timestamp(1705276800, 250000000),
    Value::timestamp(-1, 999999999),
    Value::duration(90, 0), Value::duration(0, 1500000), Value::duration(-3661, -500000000),
    Value::duration(0, 0), Value::duration(86400 * 3, 0),
    Value::none(), Value::some(Value::integer(4)),
    Value::error("RL9001", "a message that is longer than a short string holds"),
  };
  for (const Value& value : values) std::puts(reticle::toText(value).c_str());
  std::fflush(stdout);
  here(values, sizeof values / sizeof values[0]);
}
`;

test("GDB shows values and ids as people write them", () => {
  const folder = mkdtempSync(join(tmpdir(), "reticle-gdb-"));
  try {
    writeFileSync(join(folder, "values.cpp"), program);
    const binary = join(folder, "values");
    execFileSync(
      "c++",
      [
        "-std=c++20",
        "-g",
        "-O0",
        "-Iengine/include",
        join(folder, "values.cpp"),
        "build/native/engine/libreticle.a",
        "-o",
        binary,
      ],
      { cwd: top },
    );
    const printed = execFileSync(binary, { encoding: "utf8" }).trimEnd().split("\n").slice(0, -1);
    assert.equal(printed.length, 26);

    const commands = [
      "set print elements 0",
      "set width 0",
      "break here",
      "run",
      "up",
      ...printed.map((_, i) => `output values[${i}]\necho \\n`),
      ...["fact", "noFact", "rule", "noRule", "activation"].map(
        (name) => `output ${name}\necho \\n`,
      ),
    ];
    writeFileSync(join(folder, "commands"), `${commands.join("\n")}\nkill\n`);
    const gdb = spawnSync(
      "gdb",
      [
        "-batch",
        "-nx",
        "-x",
        join(top, "tools/gdb/reticle.py"),
        "-x",
        join(folder, "commands"),
        binary,
      ],
      { encoding: "utf8" },
    );
    assert.equal(gdb.error, undefined, "gdb is installed (tools/setup native)");
    const shown = gdb.stdout.trimEnd().split("\n");
    const last = shown.indexOf("fact 7");
    assert.notEqual(last, -1, gdb.stdout + gdb.stderr);
    assert.deepEqual(shown.slice(last - printed.length, last), printed);
    assert.deepEqual(shown.slice(last, last + 5), [
      "fact 7",
      "no fact",
      "rule 3",
      "no rule",
      "activation 12",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
