var __rewriteRelativeImportExtension = (this && this.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
import create from "./engine.mjs";
import { messageOf, ReticleError } from "./errors.js";
let loading;
let source;
/**
 * Loads the WebAssembly module, once; later calls share the first one's promise. `compile` and `open` call it themselves, so it is only
 * needed to choose where the bytes come from or to load early.
 *
 * @throws ReticleError "Load" when the bytes cannot be read or are not the engine's.
 */
export async function init(options = {}) {
    if (!loading)
        source = options.wasm;
    await instance();
}
/** The module in use. After a trap there is a new one: its memory may be damaged, so whatever lived in the old one is lost. */
export function instance() {
    loading ??= load(source).catch((error) => {
        loading = undefined;
        throw new ReticleError("Load", `the WebAssembly module could not be loaded: ${messageOf(error)}`, { cause: error });
    });
    return loading;
}
async function load(from) {
    const here = new Instance();
    const quiet = { print() { }, printErr(text) { here.lastWords = text; } };
    here.raw = await create({ ...quiet, ...await wasmOptions(from) });
    return here;
}
async function wasmOptions(from) {
    if (from === undefined)
        return isNode() ? { wasmBinary: await readFile(new URL("./engine.wasm", import.meta.url)) } : {};
    if (from instanceof ArrayBuffer || from instanceof Uint8Array)
        return { wasmBinary: from };
    if (from instanceof WebAssembly.Module)
        return instantiating(from);
    if (typeof Response !== "undefined" && from instanceof Response)
        return instantiating(await compileResponse(from.clone()));
    const url = new URL(String(from), typeof location === "undefined" ? import.meta.url : location.href);
    if (url.protocol === "file:" && isNode())
        return { wasmBinary: await readFile(url) };
    return instantiating(await compileResponse(await fetch(url)));
}
function instantiating(module) {
    return {
        instantiateWasm(imports, done) {
            void WebAssembly.instantiate(module, imports).then(done);
            return {};
        },
    };
}
async function compileResponse(response) {
    if (!response.ok)
        throw new Error(`${response.url} answered ${response.status}`);
    const isTyped = response.headers.get("content-type")?.startsWith("application/wasm");
    return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
function isNode() {
    return typeof process !== "undefined" && process.versions?.node !== undefined;
}
async function readFile(url) {
    // The name is kept from bundlers, which would look for it when they build for a page.
    const name = "node:fs/promises";
    const fs = await import(__rewriteRelativeImportExtension(/* webpackIgnore: true */ /* @vite-ignore */ name));
    return fs.readFile(url);
}
/** One loaded module. Every call into it goes through `call`, so that a trap is seen wherever it happens. */
export class Instance {
    raw;
    lastWords = "";
    crash;
    /** Runs `work`, which may call the module; anything thrown inside means that its memory cannot be trusted any more. */
    call(work) {
        if (this.crash)
            throw this.crash;
        try {
            return work();
        }
        catch (error) {
            const said = this.lastWords ? ` (${this.lastWords})` : "";
            this.crash = new ReticleError("Crashed", `the engine stopped: ${messageOf(error)}${said}; close it and open a new one on the same journal`, { cause: error });
            loading = undefined;
            throw this.crash;
        }
    }
    get crashed() { return this.crash !== undefined; }
    compile(files) {
        const json = encode(files);
        return new ProgramHandle(this, this.call(() => this.raw.Program.compile(json)));
    }
}
/** JSON text, with the numbers JSON has no word for. @throws ReticleError "BadInput" for cycles. */
export function encode(value) {
    try {
        return JSON.stringify(value, (_name, each) => typeof each === "bigint" ? { $int: String(each) }
            : typeof each === "number" && !Number.isFinite(each) ? { $double: String(each) }
                : each) ?? "null";
    }
    catch (error) {
        throw new ReticleError("BadInput", `this cannot be written as JSON: ${messageOf(error)}`, { cause: error });
    }
}
function parse(json) {
    const answer = JSON.parse(json);
    if (typeof answer === "object" && answer !== null && "error" in answer && isEngineError(answer.error))
        throw ReticleError.from(answer.error);
    return answer;
}
function isEngineError(error) {
    return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
/** A compiled program inside the module. */
export class ProgramHandle {
    instance;
    raw;
    constructor(instance, raw) {
        this.instance = instance;
        this.raw = raw;
    }
    result() { return parse(this.instance.call(() => this.raw.result())); }
    runTests() { return parse(this.instance.call(() => this.raw.runTests())); }
    dump(stage) { return this.instance.call(() => this.raw.dump(stage)); }
    delete() { if (!this.instance.crashed)
        this.instance.call(() => this.raw.delete()); }
    open(options, host) {
        const { instance } = this;
        const json = encode(options);
        const raw = instance.call(() => instance.raw.Session.open(this.raw, json, host));
        const handle = new SessionHandle(instance, raw);
        const error = instance.call(() => raw.error());
        if (error) {
            handle.delete();
            parse(error);
        }
        return handle;
    }
}
/** A session inside the module. */
export class SessionHandle {
    instance;
    raw;
    constructor(instance, raw) {
        this.instance = instance;
        this.raw = raw;
    }
    recover(journal) { return parse(this.instance.call(() => this.raw.recover(journal))); }
    submit(input) {
        const json = encode(input);
        return JSON.parse(this.instance.call(() => this.raw.submit(json)));
    }
    settle(options) {
        const json = encode(options);
        return parse(this.instance.call(() => this.raw.settle(json)));
    }
    takeJournal() { return this.instance.call(() => this.raw.takeJournal()); }
    journalDurable() { this.instance.call(() => this.raw.journalDurable()); }
    takeOutputs() { return parse(this.instance.call(() => this.raw.takeOutputs())); }
    takeTrace() { return parse(this.instance.call(() => this.raw.takeTrace())); }
    view(what, args) {
        const json = encode(args);
        return parse(this.instance.call(() => this.raw.view(what, json)));
    }
    counters() { return this.instance.call(() => this.raw.counters()); }
    now() { return this.instance.call(() => this.raw.now()); }
    nextTimer() { return this.instance.call(() => this.raw.nextTimer()); }
    digest() { return this.instance.call(() => this.raw.digest()); }
    traceDigest() { return this.instance.call(() => this.raw.traceDigest()); }
    delete() { if (!this.instance.crashed)
        this.instance.call(() => this.raw.delete()); }
}
