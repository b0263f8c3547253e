// The language service, for the page's editor.

import type { SourceFile, Workspace } from "reticle";
import { openWorkspace, ReticleError } from "reticle";
import { uriOf } from "../engine/lsp.ts";
import type { Requests } from "../engine/protocol.ts";

/** The language service inside the worker: a workspace that holds the page's files. */
export class Language {
  private workspace: Promise<Workspace> | null = null;
  private files: SourceFile[] = [];
  private open = new Set<string>();

  async answer({ files, method, params }: Requests["language"]["ask"]): Promise<unknown> {
    if (files) this.files = files;
    const isNew = this.workspace === null;
    const workspace = await (this.workspace ??= openWorkspace());
    if (files || isNew) this.take(workspace, this.files);
    try {
      return workspace.request(method, params);
    } catch (error) {
      // A refusal is an answer, too: a new name that is not a name, for example.
      if (error instanceof ReticleError && error.code === "BadInput")
        return { error: { code: error.code, message: error.message } };
      this.workspace = null;
      throw error;
    }
  }

  private take(workspace: Workspace, files: SourceFile[]): void {
    const named = new Set(files.map(({ name }) => uriOf(name)));
    for (const uri of this.open) if (!named.has(uri)) workspace.closeDocument(uri);
    for (const { name, text } of files) workspace.open(uriOf(name), text);
    this.open = named;
  }
}
