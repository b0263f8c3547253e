// JSON as strictly as the engine reads it: members once, no half characters, limited nesting, and
// whole numbers that JavaScript cannot hold exactly as `{"$int": "…"}`. JSON.parse lets the first
// three pass and rounds the last.

import type { Value } from "../types.js";

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const words: [string, Value][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** @throws SyntaxError that says what is wrong, and where. */
export function parseJson(text: string, depth: number): Value {
  const reader = new Reader(text);
  const value = reader.value(depth);
  reader.end();
  return value;
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  value(depth: number): Value {
    this.skip();
    const next = this.text[this.at];
    if (next === "{" || next === "[") {
      if (depth === 0) this.fail("it is nested too deeply");
      return next === "{" ? this.map(depth - 1) : this.list(depth - 1);
    }
    if (next === '"') return this.string();
    for (const [word, value] of words) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    return this.number();
  }

  end(): void {
    this.skip();
    if (this.at < this.text.length) this.fail("something follows the value");
  }

  private map(depth: number): Value {
    const map: { [name: string]: Value } = {};
    this.items("}", () => {
      this.skip();
      if (this.text[this.at] !== '"') this.fail("a member needs a name in double quotes");
      const name = this.string();
      if (Object.hasOwn(map, name)) this.fail(`the member ${JSON.stringify(name)} stands twice`);
      if (!this.takes(":")) this.fail("`:` is missing");
      const value = this.value(depth);
      // An assignment to `__proto__` would set another thing than a member.
      Object.defineProperty(map, name, {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    });
    return map;
  }

  private list(depth: number): Value {
    const list: Value[] = [];
    this.items("]", () => list.push(this.value(depth)));
    return list;
  }

  private items(close: string, item: () => void): void {
    this.at++;
    if (this.takes(close)) return;
    do item();
    while (this.takes(","));
    if (!this.takes(close)) this.fail(`\`,\` or \`${close}\` is missing`);
  }

  private string(): string {
    let end = this.at;
    do end = this.text.indexOf('"', end + 1);
    while (end > 0 && this.isEscaped(end));
    if (end < 0) return this.fail("this string does not end");
    const text = this.unescaped(this.text.slice(this.at, end + 1));
    if (half.test(text)) this.fail("a string has half a character");
    this.at = end + 1;
    return text;
  }

  private isEscaped(at: number): boolean {
    let first = at;
    while (this.text[first - 1] === "\\") first--;
    return (at - first) % 2 === 1;
  }

  private unescaped(quoted: string): string {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return this.fail("this string has a control character, or an escape that is none");
    }
  }

  private number(): Value {
    number.lastIndex = this.at;
    const found = number.exec(this.text);
    if (!found) return this.fail("a value is missing");
    this.at += found[0].length;
    const value = Number(found[0]);
    if (!Number.isFinite(value)) this.fail("this number is too large");
    const isWhole = found[1] === undefined && found[2] === undefined;
    return isWhole && !Number.isSafeInteger(value) ? { $int: found[0] } : value;
  }

  private takes(character: string): boolean {
    this.skip();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skip(): void {
    space.lastIndex = this.at;
    this.at += space.exec(this.text)?.[0].length ?? 0;
  }

  private fail(why: string): never {
    throw new SyntaxError(`${why} (at character ${this.at + 1})`);
  }
}
