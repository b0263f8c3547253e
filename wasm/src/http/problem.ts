// What is wrong with a request, as `application/problem+json`: the members and the statuses are
// those of `reticle serve` (tools/serve/problem.cpp).

import { ReticleError } from "../errors.js";

export interface Problem {
  status: number;
  /** What was found. */
  title: string;
  /** Where: a member of the envelope, a header, an argument. */
  field?: string | undefined;
  /** What would be right. */
  expected?: string | undefined;
  /** The engine's code. */
  code?: string | undefined;
  /** The place in a batch. */
  item?: number | undefined;
  /** Headers of the answer. */
  headers?: Record<string, string>;
}

/** Thrown wherever a request is found to be wrong; the handler answers with it. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

export function refuse(
  status: number,
  title: string,
  field?: string,
  expected?: string,
  more: Partial<Problem> = {},
): never {
  throw new Refusal({ status, title, field, expected, ...more });
}

// What is not there is 404, what does not fit the rules 422, what is there already 409.
const statuses: Record<number, string[]> = {
  404: [
    "UnknownFact",
    "UnknownRun",
    "UnknownCall",
    "UnknownQuery",
    "UnknownSubject",
    "UnknownActivation",
  ],
  409: ["DuplicateKey", "Derived", "Stale", "Duplicate", "Mismatch"],
  422: [
    "UnknownType",
    "UnknownField",
    "UnknownFlow",
    "WrongType",
    "MissingField",
    "MissingProperty",
    "ConstraintViolated",
    "NotAFact",
  ],
  503: ["Corrupt", "Full", "Closed", "Busy", "Store", "Crashed"],
};

function statusOf(code: string): number {
  for (const [status, codes] of Object.entries(statuses)) {
    if (codes.includes(code)) return Number(status);
  }
  // Errors of evaluation have the codes of the language's reference.
  return code.startsWith("RL") ? 422 : 400;
}

export const broken: Problem = {
  status: 503,
  title: "the engine is closed, or its journal cannot be written",
  expected: "room on the disk, and a server started anew",
};

/** "qty", of `the field "qty" of Order`; others as they stand. */
const fieldIn = (where: string): string => /"([^"]*)"/.exec(where)?.[1] ?? where;

/** An error of the engine as a problem; anything else goes on as it is. */
export function problemOf(error: unknown, prefix = ""): Problem {
  if (error instanceof Refusal) return error.problem;
  if (!(error instanceof ReticleError)) throw error;
  const status = statusOf(error.code);
  // What is wrong with the server is told in its own log.
  if (status === 503) return { ...broken, code: error.code };
  return {
    status,
    title: error.message,
    field: error.where ? prefix + fieldIn(error.where) : undefined,
    expected: error.fix,
    code: error.code,
  };
}

export function problemResponse({ headers, ...problem }: Problem): Response {
  const { title, status, field, expected, code, item } = problem;
  return new Response(`${JSON.stringify({ title, status, field, expected, code, item })}\n`, {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

export function json(body: unknown, status = 200): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { "content-type": "application/json" },
  });
}
