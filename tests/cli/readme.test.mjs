// The C++ example of the README compiles against the public headers alone, links with the library,
// and does what it says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

test("the README's C++ example", () => {
  const [, code] =
    readFileSync(join(top, "README.md"), "utf8").match(/```cpp\n([\s\S]*?)```/) ?? [];
  assert.ok(code, "README.md has a fenced cpp block");
  const folder = mkdtempSync(join(tmpdir(), "reticle-readme-"));
  try {
    writeFileSync(join(folder, "example.cpp"), code);
    execFileSync(
      "c++",
      [
        "-std=c++20",
        "-Iengine/include",
        join(folder, "example.cpp"),
        "build/native/engine/libreticle.a",
        "-o",
        join(folder, "example"),
      ],
      { cwd: top },
    );
    assert.equal(
      execFileSync(join(folder, "example"), { encoding: "utf8" }),
      "1 firing, 1 alarm\n",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
