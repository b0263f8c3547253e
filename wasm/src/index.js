export { Engine, open } from "./engine.js";
export { ReticleError } from "./errors.js";
export { init } from "./load.js";
export { memory } from "./memory.js";
export { compile, Program } from "./program.js";
