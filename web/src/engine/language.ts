import { openWorkspace } from "reticle";
import type { SourceFile, Workspace } from "reticle";
import { uriOf } from "../editor/editor.ts";
import type { Requests } from "./protocol.ts";

/** The language service inside the worker: a workspace that holds the page's files. */
export class Language {
  private workspace: Promise<Workspace> | null = null;
  private open = new Set<string>();

  async answer({ files, method, params }: Requests["language"]["ask"]): Promise<unknown> {
    const workspace = await (this.workspace ??= openWorkspace());
    if (files) this.take(workspace, files);
    return workspace.request(method, params);
  }

  private take(workspace: Workspace, files: SourceFile[]): void {
    const named = new Set(files.map(({ name }) => uriOf(name)));
    for (const uri of this.open) if (!named.has(uri)) workspace.closeDocument(uri);
    for (const { name, text } of files) workspace.openDocument(uriOf(name), text);
    this.open = named;
  }
}
