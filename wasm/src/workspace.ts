// The language service for editors.

import { ReticleError } from "./errors.js";
import { warnIfForgotten } from "./lifetime.js";
import type { WorkspaceHandle } from "./load.js";
import { instance } from "./load.js";

/**
 * A place in a document, as the Language Server Protocol counts: lines from 0, UTF-16
 * units within the line.
 */
export interface DocumentPosition {
  line: number;
  character: number;
}
/** From one place to another; the end is not part of it. */
export interface DocumentRange {
  start: DocumentPosition;
  end: DocumentPosition;
}

/**
 * Opens the language service: what an editor asks about rule text.
 *
 * @throws ReticleError "Load" when the module cannot be loaded.
 */
export async function openWorkspace(): Promise<Workspace> {
  return new Workspace((await instance()).workspace());
}

/**
 * Documents of rules that are open together and form one program. Requests and results are
 * those of the Language Server Protocol 3.17; nothing is read from disk. Every result follows
 * from the documents alone.
 */
export class Workspace {
  private handle: WorkspaceHandle | undefined;

  /** @internal Workspaces are made by `openWorkspace`. */
  constructor(handle: WorkspaceHandle) {
    this.handle = handle;
    warnIfForgotten.register(this, "a Workspace", this);
  }

  /**
   * Opens a document, or replaces its text. The end of `uri` gives its form: `.rules`, `.json`,
   * `.yaml`.
   */
  open(uri: string, text: string): void {
    this.live().open(uri, text);
  }

  /**
   * Replaces a range of an open document. False when the document is not open or the range is not
   * in it: nothing is changed then.
   */
  edit(uri: string, { start, end }: DocumentRange, text: string): boolean {
    const places = [start.line, start.character, end.line, end.character];
    if (!places.every((place) => Number.isInteger(place) && place >= 0 && place < 2 ** 31))
      return false;
    return this.live().edit(uri, start.line, start.character, end.line, end.character, text);
  }

  /** Takes a document out of the program. */
  closeDocument(uri: string): void {
    this.live().close(uri);
  }

  /**
   * Asks by the protocol's method, such as `textDocument/hover` with
   * `{ textDocument: { uri }, position }`; also `reticle/legend`, `reticle/keywords` and
   * `reticle/convert`.
   *
   * @returns the result, null where there is nothing to say.
   * @throws ReticleError "BadInput" when the method or its parameters are refused; its message says
   *   why, and is shown to people who rename.
   */
  request<Answer = unknown>(method: string, params: object = {}): Answer {
    const answer = this.live().request(method, params);
    if (isRefusal(answer)) throw new ReticleError("BadInput", answer.error.message);
    return answer as Answer;
  }

  /** Frees the memory; a second close() does nothing. */
  close(): void {
    this.handle?.delete();
    this.handle = undefined;
    warnIfForgotten.unregister(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private live(): WorkspaceHandle {
    if (!this.handle)
      throw new ReticleError("Closed", "this workspace was closed; open another one");
    return this.handle;
  }
}

function isRefusal(answer: unknown): answer is { error: { code: number; message: string } } {
  return typeof answer === "object" && answer !== null && "error" in answer;
}
