// CLIPS: the workloads whose programs stand in clips/, and those whose rules grow with the size.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "../processes.mjs";

const programs = fileURLToPath(new URL("clips/", import.meta.url));
const shared = { b2: "b", "e-oldest": "e-range" };

const grown = {
  d: (size) =>
    "(deftemplate Item (slot id) (slot kind))\n" +
    each(size, (i) => `(defrule kind${i} (Item (kind ${i})) =>)\n`),
  d2: (size) =>
    "(deftemplate Item (slot id) (slot v))\n" +
    each(size, (i) => `(defrule from${i} (Item (v ?v&:(>= ?v ${i})&:(< ?v ${i + 1}))) =>)\n`),
  compile: (size) =>
    `(deftemplate Customer (slot id) (slot level) (slot region))
(deftemplate Order (slot id) (slot customerId) (slot amount) (slot status))
(deftemplate Item (slot orderId) (slot sku) (slot qty))
(deftemplate Note (slot orderId) (slot rule) (slot text))
` +
    each(size, (i) => {
      const item =
        `  (Item (orderId ?o) (qty ?qty&:(> (* ?qty 3) ${i % 13})) ` +
        `(sku ?sku&~"s${i % 17}"))\n`;
      return `(defrule large${i}
  (declare (salience ${i % 7}))
  (Customer (id ?c) (level ${i % 5}) (region ?region&"r${i % 11}"))
  (Order (id ?o) (customerId ?c) (amount ?amount&:(> ?amount ${i})))
${i % 2 ? "" : item}  (not (Note (orderId ?o) (rule ${i})))
  =>
  (assert (Note (orderId ?o) (rule ${i})
    (text (str-cat "order " ?o " of " ?region${i % 2 ? "" : ' ": " ?sku'})))))
`;
    }),
};

function each(count, text) {
  return Array.from({ length: count }, (_, i) => text(i)).join("");
}

function literal(value) {
  return typeof value === "string"
    ? JSON.stringify(value)
    : value === true
      ? "TRUE"
      : value === false
        ? "FALSE"
        : String(value);
}
function slots(fields) {
  return Object.entries(fields)
    .map(([name, value]) => `(${name} ${literal(value)})`)
    .join(" ");
}

/** What happens once the facts are there, as commands. */
function* deeds({ deed, changes = [], given }) {
  switch (deed) {
    case "settle":
      yield "(run)";
      return;
    case "retractAll":
      yield "(retract *)";
      yield "(run)";
      return;
    case "updates": {
      yield "(run)";
      // f-0 is there from the beginning, and a fact that changes takes the next number.
      const now = Array.from({ length: given }, (_, i) => i + 1);
      let next = given + 1;
      for (const [fact, fields] of changes) {
        yield `(modify ${now[fact]} ${slots(fields)})`;
        yield "(run)";
        now[fact] = next++;
      }
      return;
    }
    case "events": {
      yield "(run)";
      let next = given + 1;
      for (const [type, fields] of changes) {
        yield `(assert (${type} ${slots(fields)}))`;
        yield "(run)";
        yield `(retract ${next++})`;
      }
    }
  }
}

const clock =
  '(deffunction tell (?what) (open "/proc/self/schedstat" s "r") ' +
  '(printout t crlf "@" ?what " " (read s) crlf) (close s))\n';

export function clips(command) {
  return {
    name: "clips",
    missing: () =>
      spawnSync(command, ["-f2", "/dev/null"], { input: "(exit)\n" }).error
        ? `\`${command}\` is not installed`
        : undefined,
    can: (name) => name in grown || existsSync(join(programs, `${shared[name] ?? name}.clp`)),

    prepare(folder, workload) {
      const { name, size, blocks } = workload;
      writeFileSync(
        join(folder, "rules.clp"),
        grown[name]?.(size) ?? readFileSync(join(programs, `${shared[name] ?? name}.clp`), "utf8"),
      );
      writeFileSync(
        join(folder, "facts.fct"),
        blocks
          .flatMap(({ type, fields, rows }) =>
            rows.map((row) => {
              const filled = fields.map((field, i) => `(${field} ${literal(row[i])})`);
              return `(${type} ${filled.join(" ")})\n`;
            }),
          )
          .join(""),
      );
      const begin = [
        `${clock}(tell begin)`,
        `(load* "${folder}/rules.clp")`,
        "(tell compiled)",
        "(reset)",
        "",
      ].join("\n");
      const load = blocks.length ? `(load-facts "${folder}/facts.fct")\n` : "";
      const then = [...deeds(workload)].join("\n");
      writeFileSync(
        join(folder, "timed.clp"),
        `${begin}${load}(tell loaded)\n${then}\n(tell ran)\n(exit)\n`,
      );
      // The events of the last pair of commands are gone, and facts are saved as text.
      writeFileSync(
        join(folder, "end.clp"),
        `(watch statistics)\n${begin}${load}${then}\n` +
          `(save-facts "${folder}/end.fct" visible)\n(exit)\n`,
      );
    },

    command: ({ folder }) => [command, "-f2", join(folder, "timed.clp")],
    read(stdout) {
      const at = Object.fromEntries(
        [...stdout.matchAll(/^@(\w+) (\d+)/gm)].map(([, what, nanoseconds]) => [
          what,
          Number(nanoseconds) / 1e9,
        ]),
      );
      return {
        compile: at.compiled - at.begin,
        load: at.loaded - at.compiled,
        run: at.ran - at.loaded,
      };
    },
    end({ folder }) {
      const { stdout } = run([command, "-f2", join(folder, "end.clp")]);
      const firings = [...stdout.matchAll(/^(\d+) rules fired/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
      const facts = readFileSync(join(folder, "end.fct"), "utf8")
        .split("\n")
        .filter((line) => line && line !== "(initial-fact)")
        .map(canonical);
      return { firings, facts };
    },
  };
}

/** `(Type (slot value) …)` as engines.mjs writes facts. */
function canonical(line) {
  const fields = [...line.matchAll(/\((\w+) ("(?:[^"\\]|\\.)*"|[^()\s]+)\)/g)].map(
    ([, name, text]) => [
      name,
      text === "TRUE"
        ? true
        : text === "FALSE"
          ? false
          : text.startsWith('"')
            ? JSON.parse(text)
            : Number(text),
    ],
  );
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${/^\((\w+)/.exec(line)[1]} ${JSON.stringify(fields)}`;
}
