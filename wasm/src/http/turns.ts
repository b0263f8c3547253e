// Many requests, one settling and one flush: group commit.

import type { Engine } from "../engine.js";
import type { Problem } from "./problem.js";
import { refuse } from "./problem.js";

interface Job {
  weight: number;
  /** Questions come after the flush, so that they see only what is durable. */
  isQuestion: boolean;
  /** Does the work; what it threw or returned is told by the function that comes back. */
  work: () => () => void;
  fail: (error: unknown) => void;
  tell?: () => void;
}

/** More is left for the next group, so that the first of many need not wait for the last. */
const mostInGroup = 1_000;

/**
 * What requests have for the engine, in the order in which they came.
 *
 * Invariants:
 *   (1) A request that changes something is answered after the store has its entries.
 *   (2) Requests that come while a group is being written make up the next group.
 *   (3) After the store has failed, nothing is carried out any more.
 */
export class Turns {
  private waiting: Job[] = [];
  private weight = 0;
  private isBusy = false;
  private failed: unknown;

  constructor(
    private readonly engine: Engine,
    private readonly most: number,
  ) {}

  get hasFailed(): boolean {
    return this.failed !== undefined;
  }

  /**
   * Carries work out in its turn.
   * @returns what it returned, once that is durable. @throws what it threw, then too; Refusal.
   */
  take<T>(work: () => T, { weight = 1, isQuestion = false } = {}): Promise<T> {
    if (this.weight > 0 && this.weight + weight > this.most) {
      refuse(
        429,
        "more is waiting than may wait",
        undefined,
        "the same request, a little later",
        retryLater,
      );
    }
    this.weight += weight;
    return new Promise<T>((resolve, reject) => {
      const tryWork = () => {
        try {
          const result = work();
          return () => resolve(result);
        } catch (error) {
          return () => reject(error);
        }
      };
      this.waiting.push({ weight, isQuestion, work: tryWork, fail: reject });
      if (!this.isBusy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    // Those that come in the same moment join the first group.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.group(this.takeGroup());
    this.isBusy = false;
  }

  private takeGroup(): Job[] {
    let weight = 0;
    let count = 0;
    for (const job of this.waiting) {
      if (count > 0 && weight + job.weight > mostInGroup) break;
      weight += job.weight;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  /** Never rejects: what goes wrong is told to those who wait. */
  private async group(jobs: Job[]): Promise<void> {
    try {
      if (this.failed !== undefined) throw this.failed;
      const changes = jobs.filter((job) => !job.isQuestion);
      for (const job of changes) job.tell = job.work();
      if (changes.length > 0) this.engine.settleOnce();
      await this.engine.flush();
      for (const job of jobs) if (job.isQuestion) job.tell = job.work();
      if (changes.length > 0) this.goOn();
      for (const job of jobs) job.tell?.();
    } catch (error) {
      this.failed ??= error;
      for (const job of jobs) job.fail(error);
    }
    for (const job of jobs) this.weight -= job.weight;
  }

  /** Calls and timers: nobody waits for them, since a call may take as long as it likes. */
  private goOn(): void {
    this.engine.settle().catch((error: unknown) => {
      this.failed ??= error;
    });
  }
}

const retryLater: Partial<Problem> = { headers: { "retry-after": "1" } };
