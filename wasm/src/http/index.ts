// The door `reticle/http`. It only re-exports: what is not named here is not public.

export type { GuardOptions } from "./guard.js";
export type { FetchHandler, HandlerOptions } from "./handler.js";
export { fetchHandler } from "./handler.js";
export type { Limits } from "./limits.js";
export type { NodeHandler, NodeRequest, NodeResponse } from "./node.js";
export { nodeHandler } from "./node.js";
export type { Problem } from "./problem.js";
