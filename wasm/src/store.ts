/**
 * Where an engine's journal is kept: bytes that only grow at the end. Used by one engine
 * at a time. An error in any of its functions stops the engine that uses it: what was not
 * kept is not acted on.
 */
export interface Store {
  /** Everything kept so far. Called once, before anything else. */
  read(): Promise<Uint8Array> | Uint8Array;
  /** Adds bytes at the end; they are durable when it returns or its promise resolves. */
  append(bytes: Uint8Array): Promise<void> | void;
  /** Cuts everything from `length` bytes on: the torn end of a write that a crash interrupted. */
  truncate(length: number): Promise<void> | void;
  /** Lets go of the file or handle. */
  close(): Promise<void> | void;
}
