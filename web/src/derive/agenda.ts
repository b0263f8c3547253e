// The agenda in the order in which it fires, and the reason for the order.

import type { ActivationView, RuleSchema } from "reticle";
import type { Moment, ReadyActivation } from "./moment.ts";

/**
 * The activations in the order in which they will fire: salience, then newest match first, then
 * declaration order, then newer facts first, position by position. The same order as the engine's
 * (engine/src/agenda/agenda.h).
 */
export function agendaOf(moment: Moment): ReadyActivation[] {
  return [...moment.agenda.values()].sort(byFiringOrder);
}

/**
 * The same as the engine says it, where it has been asked about this moment: in its order, and what
 * cannot fire for now at the end, with the reason in `waits`.
 */
export function agendaBy(moment: Moment, known: ActivationView[] | null): ReadyActivation[] {
  if (!known) return agendaOf(moment);
  const ordered: ReadyActivation[] = [];
  for (const { id, waits } of known) {
    const ready = moment.agenda.get(id);
    if (ready) ordered.push(waits === undefined ? ready : { ...ready, waits });
  }
  return ordered;
}

function byFiringOrder(a: ReadyActivation, b: ReadyActivation): number {
  return (
    b.salience - a.salience ||
    b.recency - a.recency ||
    a.rule - b.rule ||
    byFacts(a.facts, b.facts) ||
    a.id - b.id
  );
}

function byFacts(a: number[], b: number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (b[i] ?? 0) - (a[i] ?? 0);
    if (difference) return difference;
  }
  return b.length - a.length;
}

/** Why the activation at `index` fires before the one after it, in words. */
export function orderReason(agenda: ReadyActivation[], index: number): string {
  const ready = agenda[index],
    next = agenda[index + 1];
  if (!ready) return "";
  if (ready.waits !== undefined) return ready.waits;
  if (next?.waits !== undefined)
    return index === 0 ? "the only one that can fire" : "the last that can fire";
  if (!next) return agenda.length === 1 ? "the only one ready" : "last: nothing comes after it";
  if (ready.salience !== next.salience) return `salience ${ready.salience} before ${next.salience}`;
  if (ready.recency !== next.recency) return "its match is newer";
  if (ready.rule !== next.rule) return "its rule is declared first";
  return "its facts are newer";
}

export function ruleName(rules: RuleSchema[], rule: number): string {
  return rules[rule]?.name ?? `rule ${rule}`;
}
