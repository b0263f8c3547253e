// The page's end of the channel to the engine's worker.

import type { TraceRecord } from "reticle";
import type { Ask, FromWorker, Notice, RequestKind, Requests, Status } from "./protocol.ts";

interface ClientListener {
  /** Everything the engine did since the last reply, in order. */
  trace(records: TraceRecord[]): void;
  status(status: Status): void;
  notice(notice: Notice): void;
  /** The worker itself broke, so no reply comes. */
  broke(message: string): void;
}

export class EngineProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The page's end of one engine worker. After terminate() nothing is answered any more: open
 * requests are rejected.
 */
export class EngineClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<
    number,
    { settle(reply: unknown): void; refuse(error: Error): void }
  >();
  private lastId = 0;
  private ended = false;

  constructor(private readonly listener: ClientListener) {
    this.worker = new Worker(new URL("../worker/worker.ts", import.meta.url), {
      type: "module",
      name: "engine",
    });
    this.worker.addEventListener("message", (message: MessageEvent<FromWorker>) =>
      this.receive(message.data),
    );
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.listener.broke(event.message || "the engine's worker could not be started");
      this.refuseAll(new EngineProblem("Worker", event.message));
    });
  }

  request<K extends RequestKind>(kind: K, ask: Requests[K]["ask"]): Promise<Requests[K]["answer"]> {
    if (this.ended) return Promise.reject(new EngineProblem("Ended", "this worker was ended"));
    const id = ++this.lastId;
    const message = { id, kind, ask } as Ask; // the table pairs each kind with its ask
    this.worker.postMessage(message);
    return new Promise((settle, refuse) =>
      this.waiting.set(id, { settle: settle as (reply: unknown) => void, refuse }),
    );
  }

  /** Ends the worker at once, wherever it is: nothing of it survives but what it wrote. */
  terminate(): void {
    this.ended = true;
    this.worker.terminate();
    this.refuseAll(new EngineProblem("Ended", "the worker was ended while this was under way"));
  }

  private receive(message: FromWorker): void {
    if (this.ended && message.kind !== "executing" && message.kind !== "written") return;
    if (message.kind !== "reply") return this.listener.notice(message);
    if (message.trace.length) this.listener.trace(message.trace);
    if (message.status) this.listener.status(message.status);
    const asked = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.ok) asked?.settle(message.answer);
    else asked?.refuse(new EngineProblem(message.code, message.message));
  }

  private refuseAll(error: Error): void {
    for (const asked of this.waiting.values()) asked.refuse(error);
    this.waiting.clear();
  }
}
