// Files that come into the page and go out of it.

import { fileName, mermaidOf } from "./derive/export.ts";
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

/** Downloads what is asked for; nothing of it reaches a server. */
export function saveAs(store: Store, what: "rules" | "project" | "mermaid"): void {
  const { project, steps, program, draft } = store.get();
  const title = draft.title || project.title;
  if (what === "rules") {
    for (const { name, text } of project.files) download(name, text);
  } else if (what === "project") {
    const view = { pane: "", selection: null, record: null };
    const text = printShared({ project: { ...project, title, inputs: steps }, view });
    download(fileName(title, "reticle.json"), `${text}\n`);
  } else if (program.schema) download(fileName(title, "mmd"), mermaidOf(program.schema));
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
