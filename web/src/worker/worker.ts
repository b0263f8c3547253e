// The worker's entry: takes one request after the other and answers it.

import { ReticleError } from "reticle";
import type { Ask, FromWorker, RequestKind, Requests } from "../engine/protocol.ts";
import { formOf } from "./form.ts";
import { futuresOf } from "./futures.ts";
import { Language } from "./language-service.ts";
import { Session } from "./session.ts";
import { shrink } from "./shrink.ts";
import { reportTable } from "./table-report.ts";

const session = new Session(post);
const language = new Language();

// One request at a time, in the order asked: an answer always describes the state right
// after its own request.
let before: Promise<void> = Promise.resolve();
addEventListener("message", (message: MessageEvent<Ask>) => {
  before = before.then(() => handle(message.data));
});

async function handle(ask: Ask): Promise<void> {
  try {
    const answer = await answerTo(ask);
    post({
      kind: "reply",
      id: ask.id,
      ok: true,
      answer,
      trace: session.takeTrace(),
      status: session.status(),
    });
  } catch (error) {
    const code = error instanceof ReticleError ? error.code : "Failed";
    const message = error instanceof Error ? error.message : String(error);
    post({ kind: "reply", id: ask.id, ok: false, code, message, trace: [], status: null });
  }
}

async function answerTo({ kind, ask }: Ask): Promise<Requests[RequestKind]["answer"]> {
  switch (kind) {
    case "compile":
      return session.compile(ask.files);
    case "begin":
      return session.begin(ask);
    case "play":
      return session.play(ask.steps, ask.maxFirings, ask.tables);
    case "table":
      return reportTable(session.schema(), ask);
    case "reply":
      return session.reply(ask);
    case "calls":
      session.setMode(ask.mode);
      return null;
    case "explain":
      return session.explain(ask.fact);
    case "path":
      return session.pathOf(ask.fact);
    case "activation":
      return session.explainActivation(ask.activation);
    case "agenda":
      return session.agenda();
    case "counts":
      return session.matches(ask.rule, 0).conditions.map(({ count }) => count);
    case "shrink":
      return shrink(ask);
    case "futures":
      return futuresOf(ask);
    case "whyNot":
      return session.whyNot(ask.rule);
    case "matches":
      return session.matches(ask.rule, ask.most);
    case "counters":
      return session.counters();
    case "query":
      return session.query(ask);
    case "form":
      return formOf(ask.files);
    case "language":
      return language.answer(ask);
    case "tests":
      return session.tests(ask.files);
    case "views":
      return session.views();
  }
}

function post(message: FromWorker): void {
  postMessage(message);
}
