// The types of what bindings.cpp declares. Only load.ts uses them.

import type { NumberColumn } from "./types.js";

/**
 * The classes that bindings.cpp declares; JSON text both ways, errors as `{"error": …}`.
 * Only load.ts uses them.
 */

/**
 * Seconds east of UTC in a named time zone at an instant in seconds; NaN for unknown zones.
 */
export type RawZones = (zone: string, seconds: number) => number;

export interface RawProgram {
  result(): string;
  runTests(zones: RawZones): string;
  dump(stage: string): string;
  delete(): void;
}

export interface RawLoop {
  begin(options: string, bounded: boolean): string;
  beginAdvance(input: string): string;
  moveOn(): boolean;
  next(): string;
  submit(result: string): string;
  failure(): string;
  delete(): void;
}

export interface RawSession {
  error(): string;
  recover(journal: Uint8Array): string;
  submit(input: string): string;
  canTake(event: string): string;
  /** The ids, or an error as JSON text. */
  insertColumns(
    type: string,
    names: string[],
    columns: (NumberColumn | string)[],
  ): Uint32Array | string;
  settle(options: string): string;
  loop(): RawLoop;
  replaceProgram(program: RawProgram): string;
  takeJournal(): Uint8Array;
  journalDurable(): void;
  takeOutputs(): string;
  takeTrace(): string;
  view(what: string, args: string): string;
  memoryCounts(): Int32Array;
  now(): number;
  nextTimer(): number;
  digest(): string;
  traceDigest(): string;
  delete(): void;
}

export interface RawWorkspace {
  open(uri: string, text: string): void;
  edit(
    uri: string,
    startLine: number,
    startCharacter: number,
    endLine: number,
    endCharacter: number,
    text: string,
  ): boolean;
  close(uri: string): void;
  request(method: string, params: string): string;
  delete(): void;
}

export interface RawModule {
  Program: { compile(files: string): RawProgram };
  Session: {
    open(
      program: RawProgram,
      options: string,
      host: (name: string, args: string) => string,
      zones: RawZones,
    ): RawSession;
  };
  conformance(text: string, zones: RawZones): string;
  check(files: string): string;
  convert(name: string, text: string, to: string): string;
  format(name: string, text: string): string;
  moduleSchema(): string;
  importJsonRules(name: string, json: string): string;
  Workspace: new () => RawWorkspace;
}

export interface ModuleOptions {
  wasmBinary?: Uint8Array | ArrayBuffer;
  instantiateWasm?(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): object;
  print?(text: string): void;
  printErr?(text: string): void;
  onAbort?(reason: unknown): void;
}
