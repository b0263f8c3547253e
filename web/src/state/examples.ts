import { hostFrom } from "./address.ts";
import { stepFrom } from "./project.ts";
import type { Project, Step } from "./project.ts";

export interface Example { name: string; project: Project; leave: number; order: number }

/** Tells the order of the picker; examples not named here come after, by name. */
const order = ["discounts", "device-temperature", "order-saga", "finops", "sudoku", "manners"];

/** Reads one `example.json` and the files it names, all given as texts by path below the examples folder. */
export function readExample(name: string, text: (path: string) => string | undefined): Example | null {
  const json = text(`${name}/example.json`);
  if (json === undefined) return null;
  const parsed: unknown = JSON.parse(json);
  const members = new Map<string, unknown>(typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : []);
  const word = (member: string) => { const value = members.get(member); return typeof value === "string" ? value : ""; };
  const named = members.get("rules");
  const rules = (Array.isArray(named) ? named : [named]).filter((file) => typeof file === "string");
  const files = rules.map((file) => ({ name: file, text: text(`${name}/${file}`) ?? "" }));
  const inputs = members.get("inputs");
  const steps = (Array.isArray(inputs) ? inputs : []).map(stepFrom).filter((step): step is Step => step !== undefined);
  const tables = Object.fromEntries(steps.flatMap((step) => ("csv" in step ? [[step.csv, text(`${name}/${step.csv}`) ?? ""]] : [])));
  const start = Date.parse(word("start") || "1970-01-01T00:00:00Z");
  const leave = members.get("leave");
  const place = order.indexOf(name);
  return {
    name, leave: typeof leave === "number" ? leave : 0, order: place < 0 ? order.length : place,
    project: { title: word("title") || name, paragraph: word("paragraph"), files, inputs: steps, tables, host: hostFrom(members.get("host")) ?? {}, start },
  };
}

export function readExamples(texts: { [path: string]: string }): Example[] {
  const byPath = new Map(Object.entries(texts).map(([path, text]) => [path.replace(/^.*?examples\//, ""), text]));
  const names = [...byPath.keys()].filter((path) => path.endsWith("/example.json")).map((path) => path.slice(0, -"/example.json".length));
  return names.map((name) => readExample(name, (path) => byPath.get(path))).filter((example) => example !== null)
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}

/** The example's project for the first screen: the last settle leaves some activations ready, so that there is something to fire. */
export function onFirstScreen(example: Example): Project {
  const last = example.project.inputs.findLastIndex((step) => "settle" in step);
  const inputs: Step[] = example.project.inputs.map((step, index) =>
    index === last && example.leave > 0 ? { settle: true, leave: example.leave } : step);
  return { ...example.project, inputs };
}
