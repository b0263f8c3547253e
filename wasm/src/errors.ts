// The one kind of error the package throws.

import type { Diagnostic, EngineError } from "./types.js";

/** What an error can carry beside its code and message. */
export interface ErrorDetails {
  /** Code "Compile": what is wrong with the rules. */
  diagnostics?: Diagnostic[];
  /** The field, input member or byte offset it is about. */
  where?: string;
  /** A concrete way out. */
  fix?: string;
  cause?: unknown;
}

/**
 * The one kind of error this package throws or rejects with.
 *
 * `code` is stable: an engine's code such as "UnknownType", "WrongType", "DuplicateKey",
 * "BadInput", "Corrupt" or "Mismatch", or one of the package's own: "Compile" (bad rules), "Load"
 * (the WebAssembly module), "Closed" (used after close()), "Crashed" (the module trapped; open a
 * new engine on the journal), "Store" (the journal could not be written), "Busy" (a journal that
 * another engine holds), "Duration".
 */
export class ReticleError extends Error {
  readonly code: string;
  readonly diagnostics?: Diagnostic[];
  readonly where?: string;
  readonly fix?: string;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ReticleError";
    this.code = code;
    if (details.diagnostics) this.diagnostics = details.diagnostics;
    if (details.where !== undefined) this.where = details.where;
    if (details.fix !== undefined) this.fix = details.fix;
  }

  static from({ code, message, where, fix }: EngineError): ReticleError {
    return new ReticleError(code, message, {
      ...(where === undefined ? {} : { where }),
      ...(fix === undefined ? {} : { fix }),
    });
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
