// What engine and program report, in the words of the protocol.

import type { CompileResult, Program, SettleReport } from "reticle";
import type { PlayAnswer } from "../engine/protocol.ts";

export function noFirings(): PlayAnswer {
  return {
    steps: 0,
    firings: 0,
    fired: [],
    refusals: [],
    halted: false,
    limited: false,
    cycle: null,
    feeds: [],
  };
}

/** What a compiled program says, as plain data. */
export function resultOf(program: Program): CompileResult {
  const { ok, diagnostics } = program;
  return ok ? { ok, diagnostics, schema: program.schema } : { ok, diagnostics };
}

export function add(answer: PlayAnswer, report: SettleReport | null): void {
  if (!report) return;
  answer.firings += report.firings;
  answer.fired.push(...report.fired.map(({ rule }) => rule));
  answer.halted ||= report.reason === "halted";
  answer.limited ||= report.reason === "limit";
  answer.cycle ??= report.cycle ?? null;
  if (report.feeds) answer.feeds = report.feeds;
}

/**
 * A settle that was to fire so many and no more has not run away, whatever it repeated until then.
 */
export function stoppedOnPurpose(report: SettleReport): SettleReport {
  const { firings, fired, reason } = report;
  return { firings, fired, reason: reason === "limit" ? "quiescent" : reason };
}

/**
 * Leaves out what is undefined: an option that is present but undefined is not an option that was
 * left out.
 */
export function defined(options: {
  maxFirings?: number | undefined;
  activation?: number | undefined;
}) {
  return {
    ...(options.maxFirings === undefined ? {} : { maxFirings: options.maxFirings }),
    ...(options.activation === undefined ? {} : { activation: options.activation }),
  };
}
