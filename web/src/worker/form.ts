// The rules in the JSON form.

import type { SourceFile } from "reticle";
import { convert } from "reticle";
import type { Form } from "../derive/sentences.ts";
import { forms, isForm } from "../derive/sentences.ts";

/** The declarations of all files; a file that cannot be read has none. */
export async function formOf(files: SourceFile[]): Promise<Form[]> {
  const converted = await Promise.all(files.map((file) => convert(file, "json")));
  return converted.flatMap(({ ok, text }) => {
    const module: unknown = ok ? JSON.parse(text) : null;
    return isForm(module) ? forms(module.declarations) : [];
  });
}
