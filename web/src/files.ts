// Files that come into the page and go out of it.

import { fileName, mermaidOf } from "./derive/export.ts";
import { npmProject } from "./derive/npm-project.ts";
import { zipOf } from "./derive/zip.ts";
import type { NetImages } from "./net/net-view.ts";
import { printShared } from "./state/address.ts";
import type { Store } from "./state/store.ts";

/** Opens the browser's choice of files. */
export function chooseFiles(chosen: (files: File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".csv,.tsv,.json,.jsonl";
  input.multiple = true;
  input.addEventListener("change", () => chosen([...(input.files ?? [])]));
  input.click();
}

export type Saved = "rules" | "project" | "mermaid" | "svg" | "png" | "npm";

/** Downloads what is asked for; nothing of it reaches a server. What fails is said on the page. */
export function saveAs(store: Store, what: Saved, network: NetImages): void {
  save(store, what, network).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const text = `Nothing was saved: ${why}.`;
    store.dispatch({ kind: "banner", banner: { text, tone: "warning" } });
    store.dispatch({ kind: "announce", text });
  });
}

async function save(store: Store, what: Saved, network: NetImages): Promise<void> {
  const { project, steps, program, draft, timeline } = store.get();
  const title = draft.title || project.title;
  if (what === "rules") {
    for (const { name, text } of project.files) download(name, text);
  } else if (what === "project") {
    const view = { pane: "", selection: null, record: null };
    const text = printShared({ project: { ...project, title, inputs: steps }, view });
    download(fileName(title, "reticle.json"), `${text}\n`);
  } else if (what === "npm") {
    const bytes = zipOf(npmProject({ ...project, title }, steps, timeline.records));
    download(fileName(title, "zip"), bytes, "application/zip");
  } else if (what === "svg") {
    download(fileName(title, "svg"), network.svg() ?? none(), "image/svg+xml");
  } else if (what === "png") {
    download(fileName(title, "png"), (await network.png()) ?? none(), "image/png");
  } else {
    download(fileName(title, "mmd"), program.schema ? mermaidOf(program.schema) : none());
  }
}

function none(): never {
  throw new Error("there is no network yet");
}

function download(name: string, content: BlobPart, type = "text/plain"): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
