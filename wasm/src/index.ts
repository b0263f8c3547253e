// The package's entry. It only re-exports: what is not named here is not public.

export { conformance } from "./conformance.js";
export type { OpenOptions } from "./engine.js";
export { Engine, open } from "./engine.js";
export type { ErrorDetails } from "./errors.js";
export { ReticleError } from "./errors.js";
export { check, convert, format, importJsonRules, moduleSchema } from "./forms.js";
export type { CallInfo, HostFunction, HostFunctions } from "./host-loop.js";
export type { Fired, Heard, PropertyChange } from "./listeners.js";
export type { InitOptions, WasmSource } from "./load.js";
export { init } from "./load.js";
export { memory } from "./memory.js";
export { compile, Program } from "./program.js";
export type { Store } from "./store.js";
export { Subject } from "./subject.js";
export type * from "./types.js";
export type { DocumentPosition, DocumentRange } from "./workspace.js";
export { openWorkspace, Workspace } from "./workspace.js";
