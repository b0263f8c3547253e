export * from "../../../wasm/src/csv.ts";
export type ScriptLine = { returns: unknown; times?: number } | { fails: string; times?: number };
export function scriptedAnswer() { return { returns: null }; }
