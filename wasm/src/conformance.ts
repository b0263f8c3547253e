// The conformance suite of CEL, run against the expressions of the rule language.

import { instance } from "./load.js";
import type { ConformanceResult } from "./types.js";

/**
 * Runs cases of the conformance suite of CEL, the expression language inside the rule language.
 *
 * The expressions are read as plain CEL: what the rule language adds to it (durations, templates,
 * `??`, ranges, int literals as doubles) is switched off.
 *
 * @param text JSON lines, one case a line; engine/include/reticle/conformance.h describes them.
 * @returns one result for each case, in their order.
 * @throws ReticleError "BadInput" for a line that is not a case; the message names it.
 */
export async function conformance(text: string): Promise<ConformanceResult[]> {
  return (await instance()).conformance(text);
}
