// A subject of an engine: a thing with a name and reactive properties.

import { ReticleError } from "./errors.js";
import type { Accepted, FactId, FactView, Fields, Input, Value } from "./types.js";

/** What a subject needs of its engine. */
export interface SubjectHost {
  submit(input: Input): Accepted;
  find(name: string): FactView | null;
  /** @throws ReticleError "UnknownSubject", "MissingProperty", "UnknownField". */
  property(subject: string, name: string): Value;
}

const isMissing = (error: unknown): boolean =>
  error instanceof ReticleError &&
  (error.code === "MissingProperty" || error.code === "UnknownSubject");

/** A subject by its name; it need not exist yet: its first property begins it. */
export class Subject {
  /** @internal Subjects are made by `Engine.subject`. */
  constructor(
    private readonly host: SubjectHost,
    /** Its name. */
    readonly name: string,
    private readonly type?: string,
  ) {}

  /** Whether it is there. */
  get exists(): boolean {
    return this.host.find(this.name) !== null;
  }

  /** Its properties now, or undefined when it does not exist. */
  get(): Fields | undefined {
    return this.host.find(this.name)?.fields;
  }

  /** Its fact, or null when it does not exist. */
  view(): FactView | null {
    return this.host.find(this.name);
  }

  /**
   * One property.
   * @param otherwise what to return when the property, or the subject, is not there; null counts.
   * @throws ReticleError "MissingProperty" when it is not there and nothing was given for that,
   *   "UnknownField" for one that its type does not have.
   */
  read(property: string, ...otherwise: [] | [Value]): Value {
    try {
      return this.host.property(this.name, property);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (otherwise.length > 0) return otherwise[0] as Value;
      throw new ReticleError(
        "MissingProperty",
        `the subject "${this.name}" has no property "${property}"`,
        { where: property, cause: error },
      );
    }
  }

  /**
   * Sets properties; the first ones begin the subject.
   * @param options `muted`: without change events.
   * @returns the id of its fact. @throws as `Engine.submit`.
   */
  set(properties: Fields, { muted = false }: { muted?: boolean } = {}): FactId {
    const { fact } = this.host.submit({
      kind: "set",
      subject: this.name,
      properties,
      ...(this.type === undefined ? {} : { type: this.type }),
      ...(muted ? { muted } : {}),
    });
    return fact ?? 0;
  }

  /**
   * Sets a property to what a function makes of its value, as one input: nothing comes between.
   * @param change gets the value, or null when the property is not there yet. What it throws goes
   *   on to the caller, and nothing has changed.
   * @returns the new value. @throws as `set`; "BadInput" when it returns a promise.
   */
  update(property: string, change: (value: Value) => Value): Value {
    const value = change(this.read(property, null));
    if (value instanceof Promise) {
      throw new ReticleError(
        "BadInput",
        `the function given to update("${property}") must return the value, not a promise of it`,
        { where: property, fix: "await before, then set the property" },
      );
    }
    this.set({ [property]: value });
    return value;
  }

  /**
   * Sets a property if it holds `expected` now (null: it is not there).
   * @returns whether it did, and what it held.
   * @throws as `set`.
   */
  compareAndSet(
    property: string,
    expected: Value,
    value: Value,
  ): { swapped: boolean; actual: Value } {
    const { swapped = false, actual = null } = this.host.submit({
      kind: "compareAndSet",
      subject: this.name,
      property,
      expected,
      value,
    });
    return { swapped, actual };
  }

  /**
   * Takes properties away, each with an event `subject-property-deleted`.
   * @throws ReticleError "MissingProperty" when one is not there; then none goes.
   */
  unset(...properties: string[]): void {
    this.host.submit({ kind: "unset", subject: this.name, properties });
  }

  /**
   * Takes the subject away: an event for each of its properties, then `subject-deleted` with all of
   * them. @throws ReticleError "UnknownSubject".
   */
  delete(): void {
    this.host.submit({ kind: "deleteSubject", subject: this.name });
  }
}
