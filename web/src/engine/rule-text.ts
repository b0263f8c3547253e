// The language service as the page asks it: about the rules as typed.

import type { SourceFile } from "reticle";
import type { Store } from "../state/store.ts";
import type { EngineClient } from "./client.ts";
import { EngineProblem } from "./client.ts";
import type { TextEdit } from "./lsp.ts";
import { edited, uriOf } from "./lsp.ts";

/** Asks the service in the worker that lives now; the files go along only when they are news. */
export class RuleText {
  private sent: { files: SourceFile[] | null; client: EngineClient | null } = {
    files: null,
    client: null,
  };

  constructor(
    private readonly store: Store,
    private readonly client: () => EngineClient,
  ) {}

  /** The answer to one request; null when there is nothing to say, or no worker lives. */
  async request(method: string, params: object): Promise<unknown> {
    const { files } = this.store.get().project;
    const client = this.client();
    const isNews = this.sent.files !== files || this.sent.client !== client;
    this.sent = { files, client };
    try {
      return await client.request("language", { files: isNews ? files : null, method, params });
    } catch (error) {
      if (error instanceof EngineProblem && error.code === "Ended") return null;
      throw error;
    }
  }

  /** The changes that give a file the one layout there is; none while it has syntax errors. */
  async layoutEdits(file: string): Promise<TextEdit[]> {
    const textDocument = { uri: uriOf(file) };
    const answer = await this.request("textDocument/formatting", { textDocument });
    return Array.isArray(answer) ? (answer as TextEdit[]) : [];
  }
}

/** The files with one of them changed. */
export function withEdits(files: SourceFile[], file: string, edits: TextEdit[]): SourceFile[] {
  return files.map((each) =>
    each.name === file ? { ...each, text: edited(each.text, edits) } : each,
  );
}
