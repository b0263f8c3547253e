import { messageOf, ReticleError } from "./errors.js";
/** A timer of the platform can wait no longer; it is then set again. */
const longestWait = 2 ** 31 - 1;
/** Timers may set timers for the same moment; so many in a row are a circle. */
const mostAtOneMoment = 10_000;
/**
 * Performs the calls an engine asks for and moves its clock.
 *
 * Each round: settle → journal durable → take outputs → perform the calls → submit their results in the calls' order. With a system clock results are
 * submitted as they come, since a slow call must not hold up the others. The command line's runner of examples goes by the same order
 * (tools/cli/host.cpp), so both leave the same trace.
 */
export class HostLoop {
    core;
    functions;
    clock;
    /** Released outputs nobody here can perform, for takeOutputs. */
    leftOver = [];
    timer;
    constructor(core, functions, clock) {
        this.core = core;
        this.functions = functions;
        this.clock = clock;
    }
    async settle(options) {
        this.catchUp();
        const report = this.core.settleOnce(options);
        await this.carryOn(report, options);
        this.arm();
        return report;
    }
    /** Goes to the target from timer to timer, so that a call made by one of them is answered at its own time. */
    async advance(by) {
        if (!Number.isFinite(by) || by < 0)
            throw new ReticleError("BadInput", `the clock goes forward by milliseconds, this is ${by}`);
        const target = this.core.live().now() + by;
        let total;
        for (let atOneMoment = 0; atOneMoment < mostAtOneMoment; atOneMoment++) {
            const now = this.core.live().now();
            const next = this.core.live().nextTimer();
            const to = next < target ? Math.max(next, now) : target; // NaN, no timer, is not less
            if (to > now)
                atOneMoment = 0;
            this.core.submit({ kind: "advance", to });
            const report = this.core.settleOnce({});
            total = total ? add(total, report) : report;
            await this.carryOn(total, {});
            if (total.reason !== "quiescent")
                break;
            const isLeft = this.core.live().nextTimer() <= target;
            if (to >= target && !isLeft)
                break;
        }
        this.arm();
        return total ?? { firings: 0, reason: "quiescent", fired: [] };
    }
    takeOutputs() {
        const earlier = this.leftOver;
        this.leftOver = [];
        return earlier.concat(this.core.takeOutputs());
    }
    /** With a system clock: moves the session's clock to the present. */
    catchUp() {
        if (this.clock === "system" && Date.now() > this.core.live().now())
            this.core.submit({ kind: "advance", to: Date.now() });
    }
    /** With a system clock: wakes up at the next timer. */
    arm(at) {
        clearTimeout(this.timer);
        if (this.clock !== "system" || !this.core.usable)
            return;
        const next = at ?? this.core.live().nextTimer();
        if (Number.isNaN(next))
            return;
        this.timer = setTimeout(() => { void this.wake(); }, Math.min(Math.max(next - Date.now(), 0), longestWait));
        if (typeof this.timer === "object" && "unref" in this.timer)
            this.timer.unref();
    }
    stop() { clearTimeout(this.timer); }
    async wake() {
        try {
            await this.settle({});
        }
        catch (error) {
            if (this.core.usable)
                throw error; // otherwise whoever uses the engine next is told
        }
    }
    /** Performs what a settle released, until nothing more comes of it. Adds later rounds to the report. */
    async carryOn(report, options) {
        for (;;) {
            await this.core.flush();
            const calls = this.takeCalls();
            if (calls.length === 0)
                return;
            if (this.clock === "system") {
                await Promise.all(calls.map(async (call) => {
                    this.answer(call, await this.perform(call));
                    await this.goOn(report, options);
                }));
                return;
            }
            const answers = calls.map((call) => this.perform(call));
            for (const [i, call] of calls.entries())
                this.answer(call, await answers[i]);
            if (!this.settleAgain(report, options))
                return this.core.flush();
        }
    }
    async goOn(report, options) {
        this.catchUp();
        if (this.settleAgain(report, options))
            await this.carryOn(report, options);
        else
            await this.core.flush();
    }
    /** Settles once more, unless the last round was stopped or was to fire one activation only, or its budget is spent. */
    settleAgain(report, options) {
        if (report.reason !== "quiescent" || options.activation !== undefined)
            return false;
        const left = options.maxFirings === undefined ? undefined : options.maxFirings - report.firings;
        if (left !== undefined && left <= 0)
            return false;
        add(report, this.core.settleOnce(left === undefined ? {} : { maxFirings: left }));
        return true;
    }
    takeCalls() {
        const calls = [];
        for (const output of this.core.takeOutputs()) {
            if (output.kind !== "call")
                continue;
            if (Object.hasOwn(this.functions, output.function))
                calls.push(output);
            else
                this.leftOver.push(output);
        }
        return calls;
    }
    async perform({ args, ...call }) {
        const { call: id, function: name, run, step, attempt, key } = call;
        try {
            const value = await this.functions[name](args, { call: id, function: name, run, step, attempt, key });
            return { value: value ?? null };
        }
        catch (error) {
            return { error: failureOf(error) };
        }
    }
    /** A late or repeated answer is passed over; one of the wrong type makes the attempt fail. */
    answer({ call, attempt }, outcome) {
        try {
            this.core.submit({ kind: "result", call, attempt, ...outcome });
        }
        catch (error) {
            if (!(error instanceof ReticleError) || !this.core.usable)
                throw error;
            if (!["WrongType", "BadInput"].includes(error.code))
                return;
            this.core.submit({ kind: "result", call, attempt, error: { reason: error.message } });
        }
    }
}
function failureOf(thrown) {
    const hasReason = typeof thrown === "object" && thrown !== null && "reason" in thrown && typeof thrown.reason === "string";
    if (!hasReason)
        return { reason: messageOf(thrown) };
    const { reason } = thrown;
    return thrown instanceof Error ? { reason } : { ...thrown, reason };
}
function add(total, report) {
    total.firings += report.firings;
    total.reason = report.reason;
    for (const fired of report.fired)
        total.fired.push(fired);
    if (report.cycle)
        total.cycle = report.cycle;
    return total;
}
