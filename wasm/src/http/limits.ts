// What one handler takes from the world at most. Beyond each limit a request is refused with a
// status that says so.

export interface Limits {
  /** Bytes of a body: 413. Default 1 MiB. */
  body: number;
  /** Events of a batch: 413. Default 1,000. */
  batch: number;
  /** Levels of JSON: 400. Default, and most, 100: the engine takes no more. */
  depth: number;
  /** Events and other requests that wait for the engine: 429. Default 10,000. */
  queue: number;
}

const defaults: Limits = { body: 1 << 20, batch: 1_000, depth: 100, queue: 10_000 };

export function limitsOf(given: Partial<Limits> = {}): Limits {
  const limits = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Limits)[]) {
    const value = given[name];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`the limit \`${name}\` is a whole number from 1 on, this is ${value}`);
    limits[name] = value;
  }
  limits.depth = Math.min(limits.depth, defaults.depth);
  return limits;
}

/** Of an attribute of an envelope, in bytes: 400. */
export const attributeBytes = 1_024;
/** Items of a list, unless `limit` says fewer. */
export const pageItems = 1_000;
