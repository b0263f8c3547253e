// What can be done with rules without compiling them: check, lay out, convert, import.

import { ReticleError } from "./errors.js";
import { instance } from "./load.js";
import type { ConvertedText, Diagnostic, ImportedRules, SourceFile } from "./types.js";

/**
 * Rules as an argument: the text of one module, or a named file. The end of the name gives the
 * form: `.json`, `.yaml`, `.yml`; anything else is text.
 */
type Rules = string | SourceFile;

/**
 * Checks whether rules are right, not whether this engine can carry out all they say: what an
 * editor shows while rules are written.
 *
 * @param rules the text of one module, or several named files that belong together.
 * @returns errors, warnings and information in order of place; empty when there is nothing to say.
 * @throws ReticleError "BadInput" when `rules` is neither of the two.
 */
export async function check(rules: string | SourceFile[]): Promise<Diagnostic[]> {
  return (await instance()).check(typeof rules === "string" ? [fileOf(rules)] : rules);
}

/**
 * Lays out a module in the one style there is. Comments stay, laying out twice changes nothing
 * more, and the rules mean the same.
 *
 * @returns `ok` false and the mistakes when the rules cannot be read; `text` is empty then.
 */
export async function format(rules: Rules): Promise<ConvertedText> {
  return (await instance()).format(fileOf(rules));
}

/**
 * Writes a module in another form. Text to JSON loses only `//` comments and layout; JSON or YAML
 * to text gives the one layout.
 *
 * @returns `ok` false and the mistakes when the rules cannot be read; names and types are not
 *   checked.
 * @throws ReticleError "BadInput" when `to` is not a form that can be written.
 */
export async function convert(rules: Rules, to: "json" | "text"): Promise<ConvertedText> {
  if (to !== "json" && to !== "text")
    throw new ReticleError(
      "BadInput",
      `rules cannot be written as ${JSON.stringify(to)}; there are "json" and "text"`,
    );
  return (await instance()).convert(fileOf(rules), to);
}

/**
 * The JSON Schema (draft 2020-12) of rules as JSON; the same as the package's file
 * `rule-module.schema.json`.
 */
export async function moduleSchema(): Promise<object> {
  return (await instance()).moduleSchema();
}

/**
 * Makes a module of a rule file of json-rules-engine 7. What has no counterpart here is reported in
 * `notes`, and in comments of the module.
 *
 * @param json one rule, a list of rules, or `{ rules, conditions }`, as JSON text or as
 *   what it is text of.
 * @param name the file's name, for the module's name and the comment at its top.
 */
export async function importJsonRules(
  json: string | object,
  name = "imported.json",
): Promise<ImportedRules> {
  return (await instance()).importJsonRules(
    name,
    typeof json === "string" ? json : JSON.stringify(json),
  );
}

const fileOf = (rules: Rules): SourceFile =>
  typeof rules === "string" ? { name: "rules", text: rules } : rules;
