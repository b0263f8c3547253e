// What Emscripten makes of bindings.cpp; the file itself is put into dist/ by the build.
import type { ModuleOptions, RawModule } from "./raw.js";

export default function create(options?: ModuleOptions): Promise<RawModule>;
