// Asks the engine whether it would take an event, by way of one that it cannot take.

import type { Core } from "./core.js";
import { ReticleError } from "./errors.js";
import type { Input } from "./types.js";

/** As `maxHops` of `engine/include/reticle/options.h`. */
const mostHops = 10_000;
const tooMany = 2 ** 31 - 1;

/**
 * Refuses for every reason for which `submit` would.
 *
 * The module has no call for `Engine::canTake` yet. But how far an event has come is what the
 * engine checks last (`Session::raise`), and no part of what makes two events the same: so one that
 * has come too far, and is refused for nothing else, would be taken without that.
 */
export function tryOut(core: Core, event: Extract<Input, { kind: "emit" }>): "new" | "duplicate" {
  const { hops } = event.extensions ?? {};
  const hasComeTooFar = typeof hops === "number" && hops > mostHops;
  const probe = hasComeTooFar
    ? event
    : { ...event, extensions: { ...event.extensions, hops: tooMany } };
  try {
    core.submit(probe);
  } catch (error) {
    const isOnlyThat =
      error instanceof ReticleError && error.code === "RL9002" && error.where === "hops";
    if (isOnlyThat && !hasComeTooFar) return "new";
    throw error;
  }
  return "duplicate";
}
