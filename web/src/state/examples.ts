// The examples that come with the page.

import { capital } from "../derive/words.ts";
import { hostFrom } from "./address.ts";
import type { Project, Step } from "./project.ts";
import { stepFrom } from "./project.ts";

/** `group` is the heading it stands under in the picker; examples on their own have none. */
export interface Example {
  name: string;
  group: string | null;
  project: Project;
  leave: number;
  order: number;
}

/** The order of the picker; examples not named here come after, by name. */
const order = [
  "discounts",
  "device-temperature",
  "order-saga",
  "finops",
  "insurance",
  "sudoku",
  "manners",
];

/**
 * Reads the description of an example at a path below the examples folder, and the files it names
 * beside it. `red/example.json` is the example `red`; any other name is one of a group:
 * `tutorial/01-first.json` is `tutorial/01-first` of the group `Tutorial`.
 */
function readExample(path: string, text: (path: string) => string | undefined): Example | null {
  const json = text(path);
  if (json === undefined) return null;
  const [folder = "", file = ""] = path.split("/");
  const isAlone = file === "example.json";
  const name = isAlone ? folder : path.replace(/\.json$/, "");
  const parsed: unknown = JSON.parse(json);
  const members = new Map<string, unknown>(
    typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [],
  );
  const word = (member: string) => {
    const value = members.get(member);
    return typeof value === "string" ? value : "";
  };
  const named = members.get("rules");
  const rules = (Array.isArray(named) ? named : [named]).filter((file) => typeof file === "string");
  const files = rules.map((file) => ({ name: file, text: text(`${folder}/${file}`) ?? "" }));
  const inputs = members.get("inputs");
  const steps = (Array.isArray(inputs) ? inputs : [])
    .map(stepFrom)
    .filter((step): step is Step => step !== undefined);
  // Facts in CSV, and files that tables of the rules read their rows from.
  const data = steps.flatMap((step) => ("csv" in step ? [step.csv] : []));
  for (const file of files)
    for (const [, csv = ""] of file.text.matchAll(/\bfrom "([^"]+\.[ct]sv)"/g)) data.push(csv);
  const tables = Object.fromEntries(data.map((csv) => [csv, text(`${folder}/${csv}`) ?? ""]));
  const start = Date.parse(word("start") || "1970-01-01T00:00:00Z");
  const leave = members.get("leave");
  const place = order.indexOf(name);
  return {
    name,
    group: isAlone ? null : capital(folder),
    leave: typeof leave === "number" ? leave : 0,
    order: place < 0 ? order.length : place,
    project: {
      title: word("title") || name,
      paragraph: word("paragraph"),
      files,
      inputs: steps,
      tables,
      host: hostFrom(members.get("host")) ?? {},
      start,
    },
  };
}

export function readExamples(texts: { [path: string]: string }): Example[] {
  const byPath = new Map(
    Object.entries(texts).map(([path, text]) => [path.replace(/^.*?examples\//, ""), text]),
  );
  const described = [...byPath.keys()].filter((path) => path.endsWith(".json"));
  return described
    .map((path) => readExample(path, (file) => byPath.get(file)))
    .filter((example) => example !== null)
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}

/** The examples under their headings, in order; those on their own come first. */
export function groupExamples(examples: Example[]): [group: string | null, examples: Example[]][] {
  const groups = new Map<string | null, Example[]>([[null, []]]);
  for (const example of examples)
    groups.set(example.group, [...(groups.get(example.group) ?? []), example]);
  return [...groups];
}

/**
 * The example's project for the first screen: the last settle leaves some activations ready, so
 * that there is something to fire.
 */
export function onFirstScreen(example: Example): Project {
  const last = example.project.inputs.findLastIndex((step) => "settle" in step);
  const inputs: Step[] = example.project.inputs.map((step, index) =>
    index === last && example.leave > 0 ? { settle: true, leave: example.leave } : step,
  );
  return { ...example.project, inputs };
}
