// Compiled rules.

import { ReticleError } from "./errors.js";
import { warnIfForgotten } from "./lifetime.js";
import type { ProgramHandle } from "./load.js";
import { instance } from "./load.js";
import type { CompileResult, Diagnostic, ProgramSchema, SourceFile, TestReport } from "./types.js";

/**
 * Compiles rule modules. Never rejects for bad rules: see `ok` and `diagnostics` of the program.
 *
 * @param rules the text of one module (its name in messages is then "rules"), or several named
 *   files that belong together.
 * @returns the program; close() it when neither it nor an engine opened on it is needed any more.
 * @throws ReticleError "Load" when the module cannot be loaded, "BadInput" when `rules` is
 *   neither of the two.
 */
export async function compile(rules: string | SourceFile[]): Promise<Program> {
  const files = typeof rules === "string" ? [{ name: "rules", text: rules }] : rules;
  return new Program((await instance()).compile(files));
}

/** Checked and compiled rules. Never changes; any number of engines may be opened on it. */
export class Program {
  readonly ok: boolean;
  /**
   * Errors, warnings and information in order of place; `text` of each is what a terminal shows.
   */
  readonly diagnostics: Diagnostic[];
  private readonly compiled: CompileResult;
  private handle: ProgramHandle | undefined;

  /** @internal Programs are made by `compile`. */
  constructor(handle: ProgramHandle) {
    this.compiled = handle.result();
    this.ok = this.compiled.ok;
    this.diagnostics = this.compiled.diagnostics;
    this.handle = handle;
    warnIfForgotten.register(this, "a Program", this);
  }

  /**
   * Types, rules, flows, functions, queries, tests and the network.
   * @throws ReticleError "Compile" when the rules have errors.
   */
  get schema(): ProgramSchema {
    if (!this.compiled.schema) throw this.compileError();
    return this.compiled.schema;
  }

  /**
   * Runs every `test` block, each in an engine of its own on a virtual clock.
   * @throws ReticleError "Compile" when the rules have errors.
   */
  runTests(): TestReport[] {
    if (!this.ok) throw this.compileError();
    return this.live().runTests<TestReport[]>();
  }

  /**
   * The stable text form of a stage: the syntax tree (also of rules with errors), the checked
   * model, or the network.
   */
  dump(stage: "tree" | "model" | "network"): string {
    if (!this.ok && stage !== "tree") throw this.compileError();
    return this.live().dump(stage);
  }

  /** Frees the program's memory. Engines opened on it go on; a second close() does nothing. */
  close(): void {
    this.handle?.delete();
    this.handle = undefined;
    warnIfForgotten.unregister(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  live(): ProgramHandle {
    if (!this.handle)
      throw new ReticleError("Closed", "this program was closed; compile the rules again");
    return this.handle;
  }

  /** @internal */
  compileError(): ReticleError {
    const errors = this.diagnostics.filter(({ level }) => level === "error");
    const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    const first = errors[0];
    const place = first ? `${first.span.file}:${first.span.line}:${first.span.column}: ` : "";
    return new ReticleError(
      "Compile",
      `the rules have errors: ${place}${first?.message ?? "unknown"}${rest}`,
      { diagnostics: this.diagnostics },
    );
  }
}
