// Rules in plain words: a sentence for each condition and each action, made of the JSON form.

import { capital } from "./words.ts";

/** A declaration, condition or action of the JSON form, as `rule-module.schema.json` says. */
export interface Form {
  [member: string]: unknown;
}

interface RuleInWords {
  /** What sets it off, if anything but its conditions does. */
  trigger: string;
  when: string[];
  then: string[];
  /** How often, when and before whom it fires. */
  also: string[];
}

export function ruleInWords(rule: Form): RuleInWords {
  const triggers = [...forms(rule.on), ...forms(rule.or)].map(triggerWords);
  return {
    trigger: triggers.join(", or "),
    when: forms(rule.when).map(conditionWords),
    then: forms(rule.then).flatMap(actionLines),
    also: attributeWords(isForm(rule.attributes) ? rule.attributes : {}),
  };
}

export const isForm = (value: unknown): value is Form =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The forms of a list; one alone counts as a list of one. */
export function forms(value: unknown): Form[] {
  return (Array.isArray(value) ? value : [value]).filter(isForm);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const strings = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");

function triggerWords(on: Form): string {
  if (isForm(on.event)) {
    const { match, as } = on.event;
    const about = isForm(on.at) ? ` about ${patternWords(on.at)}` : "";
    if (match === "*") return `any event${as ? ` ${text(as)}` : ""} comes${about && `,${about}`}`;
    return `an event comes: ${patternWords(on.event)}${about && `,${about}`}`;
  }
  if (on.change) {
    const what = on.any ? "any property" : text(on.property);
    const name = on.as ? ` ${text(on.as)}` : "";
    const where = strings(on.where).map(testWords).join(" and ");
    return `${what} of ${article(text(on.change))}${name} changes${where && `, where ${where}`}`;
  }
  if (on.fact) return `${patternWords(on)} is ${on.fact === "insert" ? "inserted" : "retracted"}`;
  if (on.every) return `${text(on.every)} have passed, again and again`;
  const zone = on.zone ? ` in ${text(on.zone)}` : "";
  return on.cron ? `the clock says ${text(on.cron)}${zone}` : "something happens";
}

export function conditionWords(form: Form): string {
  if (form.match) return `There is ${patternWords(form)}.`;
  if (form.not) return `There is no ${groupWords(form.not, false)}.`;
  if (form.exists) return `There is at least one ${groupWords(form.exists, false)}.`;
  if (isForm(form.forall)) {
    const must = text(form.satisfies)
      ? expressionWords(text(form.satisfies))
      : groupWords(form.satisfies, true);
    return `For every ${patternWords(form.forall, false)}: ${must}.`;
  }
  if (Array.isArray(form.either))
    return `${form.either.map((way) => `Either ${groupWords(way, true)}`).join("; or ")}.`;
  if (form.accumulate) return accumulateWords(form);
  if (form.each) return `${text(form.each)} is each of ${valueWords(form.in)} in turn.`;
  if (form.let) return `${text(form.let)} stands for ${valueWords(form.be)}.`;
  return form.if ? `${capital(expressionWords(text(form.if)))}.` : "";
}

function accumulateWords(form: Form): string {
  const into = Object.entries(isForm(form.into) ? form.into : {})
    .map(([name, value]) => `${name} is the ${aggregateWords(value)}`)
    .join(" and ");
  const by = isForm(form.groupBy) ? ` for each ${Object.keys(form.groupBy).join(" and ")}` : "";
  return `Over all ${groupWords(form.accumulate, false)}${by}: ${into}.`;
}

/** `{ sum: "i.qty" }`: the sum of i.qty. */
function aggregateWords(value: unknown): string {
  const [called] = Object.entries(isForm(value) ? value : {});
  if (!called) return valueWords(value);
  const [name, of] = called;
  const words = strings(of).map(expressionWords).join(", ");
  return words ? `${name} of ${words}` : name;
}

/** "a Customer c whose loggedIn holds"; without an article where the sentence has one. */
function patternWords(form: Form, hasArticle = true): string {
  const type = text(form.match) || text(form.event);
  const name = text(form.as);
  const over = forms(form.over)
    .map(({ last, lastCount, by }) => {
      const of = by ? ` of each ${valueWords(by)}` : "";
      return last ? ` in the last ${text(last)}${of}` : ` among the last ${lastCount}${of}`;
    })
    .join("");
  const held = strings(form.held).map((span) => ` for at least ${span} without a break`);
  const around = (["after", "before", "within"] as const).flatMap((word) =>
    forms(form[word]).map(({ of, within, span }) => {
      const most = text(within) || text(span);
      return ` ${word} ${text(of)}${most ? `, by at most ${most}` : ""}`;
    }),
  );
  const what = hasArticle ? article(type) : type;
  const when = [over, ...held, ...around].join("");
  return `${what}${name ? ` ${name}` : ""}${whereWords(form)}${when}`;
}

function whereWords(form: Form): string {
  const where = strings(form.where).map(testWords);
  return where.length ? ` whose ${where.join(" and ")}` : "";
}

/** A bare name is a property that is true. */
const testWords = (cel: string): string =>
  /^[\w.]+$/.test(cel)
    ? `${cel} holds`
    : /^![\w.]+$/.test(cel)
      ? `${cel.slice(1)} does not hold`
      : expressionWords(cel);

function groupWords(value: unknown, hasArticle: boolean): string {
  if (isForm(value) && value.match) return patternWords(value, hasArticle);
  const parts = forms(value).map((each, index) =>
    each.match
      ? patternWords(each, hasArticle || index > 0)
      : uncapital(conditionWords(each).replace(/\.$/, "")),
  );
  return parts.join(", and ");
}

const signs: [sign: RegExp, words: string][] = [
  [/\s*==\s*/g, " is "],
  [/\s*!=\s*/g, " is not "],
  [/\s*>=\s*/g, " is at least "],
  [/\s*<=\s*/g, " is at most "],
  [/\s*>\s*/g, " is more than "],
  [/\s*<\s*/g, " is less than "],
  [/\s*&&\s*/g, " and "],
  [/\s*\|\|\s*/g, " or "],
  [/!(?=[\w(])/g, "not "],
  [/ in (?=\[)/g, " is one of "],
  [/ in (?=\w)/g, " is among "],
];

/** Comparisons in words; what stands in quotes stays as it is. */
export function expressionWords(cel: string): string {
  return cel
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)
    .map((part, index) =>
      index % 2 ? part : signs.reduce((words, [sign, by]) => words.replaceAll(sign, by), part),
    )
    .join("");
}

function valueWords(value: unknown): string {
  if (typeof value === "string") return expressionWords(value);
  if (isForm(value) && "lit" in value) return JSON.stringify(value.lit);
  return value === undefined ? "" : JSON.stringify(value);
}

/** One line for an action, and further ones for what stands inside of it. */
function actionLines(form: Form): string[] {
  const inside = (actions: unknown) =>
    forms(actions)
      .flatMap(actionLines)
      .map((line) => `– ${line}`);
  if (form.if)
    return [
      `If ${expressionWords(text(form.if))}:`,
      ...inside(form.do),
      ...(form.else ? ["Otherwise:", ...inside(form.else)] : []),
    ];
  if (form.in !== undefined) {
    const of = isForm(form.in) ? patternWords(form.in, false) : valueWords(form.in);
    return [`For each ${text(form.for)} of ${of}:`, ...inside(form.do)];
  }
  if (form.parallel) return ["At the same time:", ...inside(form.parallel)];
  if (form.branch) return [`Branch ${text(form.branch)}:`, ...inside(form.do)];
  if (form.try) return ["Try:", ...inside(form.try), "If that fails:", ...inside(form.catch)];
  return [`${capital(actionWords(form))}.`];
}

/** What an action does, as a clause. */
export function actionWords(form: Form): string {
  if (form.insert) {
    const how = form.logical ? "it holds as long as the conditions do" : "";
    const once = form.ifAbsent ? "unless there is one like it" : "";
    const more = [how, once].filter((part) => part).join(", ");
    return `insert ${madeWords(form.insert)}${more ? ` (${more})` : ""}`;
  }
  if (form.upsert) return `insert ${madeWords(form.upsert)}, or change the one with its key`;
  if (form.set) {
    const quiet = form.muted ? ", quietly" : "";
    return `set ${text(form.set)} to ${valueWords(form.to)}${quiet}`;
  }
  if (form.unset) return `take ${text(form.unset)} away`;
  if (form.update)
    return `change ${text(form.update)}: ${valuesWords(form.fields) || valueWords(form.with)}`;
  if (form.retract) return `retract ${text(form.retract)}`;
  if (form.emit) return emitWords(form);
  if (form.step) return `step ${text(form.step)}: ${calls(form)}`;
  if (form.start) return `start a run of ${text(form.start)}${keyed(form)}`;
  if (form.call) return calls(form);
  if (form.signal)
    return `tell the run of ${text(form.signal)}${keyed(form)} of ${madeWords(form.with)}`;
  if (form.cancel) return `cancel the run of ${text(form.cancel)}${keyed(form)}`;
  if (form.cancelEvent !== undefined) {
    const to = form.to === undefined ? "" : ` to ${valueWords(form.to)}`;
    return `take back the event${to} that waits as ${valueWords(form.cancelEvent)}`;
  }
  if (form.log) return `log (${text(form.log)}) ${valueWords(form.text).replace(/^t"/, '"')}`;
  return waitingWords(form);
}

const reaches: Record<string, string> = {
  local: ", to rules and runs here alone",
  outside: ", to the outside alone",
  both: ", to rules and runs here and to the outside",
  unhandled: ", to the outside only where nothing here takes it",
};

function emitWords(form: Form): string {
  const to = form.to === undefined ? "" : ` to ${valueWords(form.to)}`;
  const after = form.after === undefined ? "" : ` after ${valueWords(form.after)}`;
  const at = form.at === undefined ? "" : ` at ${valueWords(form.at)}`;
  const name = form.replacing;
  const instead =
    name === undefined ? "" : `, in place of the one that waits as ${valueWords(name)}`;
  const reach = reaches[text(form.deliver)] ?? "";
  return `send the event ${madeWords(form.emit)}${to}${after}${at}${instead}${reach}`;
}

function waitingWords(form: Form): string {
  const most = form.for ? `, for ${text(form.for)} at most` : "";
  if (isForm(form.wait)) return `wait for ${patternWords(form.wait)}${most}`;
  if (form.waitUntil) {
    const until = text(form.waitUntil)
      ? expressionWords(text(form.waitUntil))
      : groupWords(form.waitUntil, true);
    return `wait until ${until}${most}`;
  }
  if (isForm(form.find)) return `look for ${patternWords(form.find)}, called ${text(form.let)}`;
  if (form.let) return `call ${valueWords(form.be)} ${text(form.let)}`;
  if (form.focus) return `let the group ${text(form.focus)} go first`;
  if (form.refresh) return `let ${text(form.refresh)} fire again for what it has fired for`;
  if (form.halt) return "stop firing";
  if (form.sleep) return `sleep ${valueWords(form.sleep)}`;
  if (form.sleepUntil) return `sleep until ${valueWords(form.sleepUntil)}`;
  if ("fail" in form) return `fail with ${valueWords(form.fail)}`;
  if ("return" in form) return `return ${valueWords(form.return)}`;
  if (form.compensate) return "undo what was done, the last first";
  if (form.restart) return "begin again with other arguments";
  return Object.keys(form).join(" ");
}

function calls(form: Form): string {
  const what = form.run ? `run the flow ${text(form.run)}` : `ask the host for ${text(form.call)}`;
  const undo = isForm(form.undo) ? `; undone by ${text(form.undo.call)}` : "";
  const times = isForm(form.retry) ? form.retry.times : 0;
  const tries = times ? `; tried again ${times === 1 ? "once" : `${times} times`}` : "";
  const most = form.timeout ? `; within ${text(form.timeout)}` : "";
  return `${what}${tries}${most}${undo}`;
}

const keyed = (form: Form): string => (form.key ? `, for ${valueWords(form.key)}` : "");

function madeWords(made: unknown): string {
  if (!isForm(made)) return text(made);
  const fields = valuesWords(made.fields);
  return `${article(text(made.type))}${fields ? ` with ${fields}` : ""}`;
}

function valuesWords(values: unknown): string {
  return Object.entries(isForm(values) ? values : {})
    .map(([name, value]) => `${name} ${valueWords(value)}`)
    .join(", ");
}

function attributeWords(attributes: Form): string[] {
  const { salience, group, once, exclusive, disabled, noLoop, repeat } = attributes;
  const words: string[] = [];
  if (salience !== undefined)
    words.push(`Its salience is ${valueWords(salience)}: of what is ready the highest goes first.`);
  if (group) words.push(`It belongs to the group ${text(group)}.`);
  if (exclusive) words.push(`Of the rules exclusive in ${text(exclusive)} one fires for a match.`);
  if (isForm(once)) words.push(`It fires once for each ${valueWords(once.per)}.`);
  else if (once) words.push("It fires once.");
  if (noLoop) words.push("What it changes itself does not make it fire again.");
  if (repeat) words.push("It fires again whenever what it matches changes.");
  if (attributes.from) words.push(`It holds from ${text(attributes.from)} on.`);
  if (attributes.to) words.push(`It holds until ${text(attributes.to)}.`);
  if (disabled) words.push("It is switched off.");
  return words;
}

const article = (type: string): string => `${/^[AEIO]/i.test(type) ? "an" : "a"} ${type}`;
const uncapital = (words: string): string => words.slice(0, 1).toLowerCase() + words.slice(1);
