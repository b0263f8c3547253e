// What an engine returns, as JSON.
//
// Members that say nothing are left out where types.ts marks them as optional, and nowhere else.
#include "reticle/wire.h"
#include "trace/json.h"
#include "wire/wire_json.h"

namespace reticle::wire {

// Whole milliseconds as an int; parts of one as the shortest decimal that JavaScript would
// print.
void appendMillis(std::string& out, Time time) {
  if (time % 1000 == 0) {
    appendInt(out, time / 1000);
  } else {
    appendDoubleAsScript(out, static_cast<double>(time) / 1000.0);
  }
}

Json& Json::millis(Time time) {
  separate();
  appendMillis(out_, time);
  return ended();
}

// The same text as in the trace.
Json& Json::output(const Output& output) {
  separate();
  appendJson(out_, output);
  return ended();
}

namespace {

// Members that say nothing are left out.
void writeError(Json& json, const Error& error) {
  json.object().key("code").text(name(error.code)).key("message").text(error.message);
  json.textUnlessEmpty("where", error.where).textUnlessEmpty("fix", error.fix).endObject();
}

// A fact that is no subject has no `subject`.
void write(Json& json, const FactView& fact) {
  json.object()
      .key("id")
      .number(index(fact.id))
      .key("type")
      .text(fact.typeName)
      .key("fields")
      .fields(fact.fields);
  json.key("logical").boolean(fact.logical).textUnlessEmpty("subject", fact.subject);
  json.key("recency").number(static_cast<std::int64_t>(fact.recency)).endObject();
}

void write(Json& json, const Output& output) { json.output(output); }

// A result stands only in a completed step, `due` only while its timer runs.
void write(Json& json, const StepView& step) {
  json.object().key("name").text(step.name).key("kind").text(step.kind).textUnlessEmpty(
      "function", step.function);
  json.key("status")
      .text(step.status)
      .key("attempt")
      .number(step.attempt)
      .textUnlessEmpty("key", step.key);
  if (step.result) json.key("result").value(*step.result);
  json.textUnlessEmpty("error", step.error);
  if (step.due) json.key("due").millis(*step.due);
  json.key("recorded").boolean(step.recorded).endObject();
}

// `waits` only for those that cannot fire now.
void write(Json& json, const ActivationView& activation) {
  json.object()
      .key("id")
      .number(index(activation.id))
      .key("rule")
      .text(activation.name)
      .key("facts")
      .ids(activation.facts);
  json.key("salience")
      .number(activation.salience)
      .key("recency")
      .number(static_cast<std::int64_t>(activation.recency));
  json.key("bindings")
      .fields(activation.bindings)
      .textUnlessEmpty("waits", activation.waits)
      .endObject();
}

// Its steps stand inside it, in the order they began.
void write(Json& json, const RunView& run) {
  json.object()
      .key("id")
      .number(index(run.id))
      .key("flow")
      .text(run.flow)
      .key("key")
      .text(run.key)
      .key("status")
      .text(run.status);
  if (run.result) json.key("result").value(*run.result);
  json.textUnlessEmpty("error", run.error).textUnlessEmpty("waitsFor", run.waitsFor);
  if (run.canGoOn) json.key("canGoOn").boolean(true);
  json.key("steps").list();
  for (const StepView& step : run.steps) write(json, step);
  json.endList().endObject();
}

void write(Json& json, const WaitingEventView& event) {
  json.object().key("id").text(event.id).key("type").text(event.type);
  json.textUnlessEmpty("subject", event.subject).textUnlessEmpty("name", event.name);
  json.key("due").millis(event.due).key("data").fields(event.data).endObject();
}

// A list of items that `write` knows, and one item alone.
template <typename Item>
std::string listOf(const std::vector<Item>& items) {
  Json json;
  json.list();
  for (const Item& item : items) write(json, item);
  json.endList();
  return json.take();
}

template <typename Item>
std::string textOf(const Item& item) {
  Json json;
  write(json, item);
  return json.take();
}

}  // namespace

std::string toJson(const Error& error) {
  Json json;
  json.object().key("error");
  writeError(json, error);
  json.endObject();
  return json.take();
}

// Only the members that belong to the kind of input say something.
std::string toJson(const Result<Accepted>& answer) {
  Json json;
  json.object().key("ok").boolean(answer.ok());
  if (answer) {
    if (answer->fact != kNoFact) json.key("fact").number(index(answer->fact));
    if (!answer->facts.empty()) {
      json.key("facts").list();
      for (const FactId fact : answer->facts) json.number(index(fact));
      json.endList();
    }
    json.textUnlessEmpty("event", answer->event);
    if (answer->duplicate) json.key("duplicate").boolean(true);
    if (answer->swapped) {
      json.key("swapped").boolean(*answer->swapped).key("actual").value(answer->actual);
    }
    if (answer->run != kNoRun) json.key("run").number(index(answer->run));
  } else {
    json.key("error");
    writeError(json, answer.error());
  }
  json.endObject();
  return json.take();
}

// `cycle` and `feeds` only at the limit.
std::string toJson(const SettleReport& report) {
  Json json;
  json.object()
      .key("firings")
      .number(static_cast<std::int64_t>(report.firings))
      .key("reason")
      .text(name(report.reason))
      .key("fired")
      .list();
  for (const Fired& fired : report.fired) {
    json.object()
        .key("rule")
        .text(fired.name)
        .key("activation")
        .number(index(fired.activation))
        .key("facts")
        .ids(fired.facts)
        .endObject();
  }
  json.endList();
  const auto names = [&](const char* key, const std::vector<std::string>& names) {
    if (names.empty()) return;
    json.key(key).list();
    for (const std::string& name : names) json.text(name);
    json.endList();
  };
  names("cycle", report.cycle);
  names("feeds", report.feeds);
  json.endObject();
  return json.take();
}

// By rule, in the order of the report.
std::string toJson(const Result<Replaced>& answer) {
  if (!answer) return toJson(answer.error());
  Json json;
  json.object().key("rules").list();
  for (const Replaced::Rule& rule : answer->rules) {
    json.object()
        .key("rule")
        .text(rule.name)
        .key("fate")
        .text(name(rule.fate))
        .key("gained")
        .number(rule.gained)
        .key("lost")
        .number(rule.lost)
        .endObject();
  }
  json.endList().key("withdrawn").ids(answer->withdrawn).endObject();
  return json.take();
}

std::string toJson(const Recovery& recovery) {
  Json json;
  json.object()
      .key("entries")
      .number(static_cast<std::int64_t>(recovery.entries))
      .key("bytes")
      .number(static_cast<std::int64_t>(recovery.bytes));
  json.key("truncated")
      .number(static_cast<std::int64_t>(recovery.truncated))
      .key("digest")
      .text(recovery.digest);
  json.key("runs").number(recovery.runs).endObject();
  return json.take();
}

// One object a row.
std::string toJson(const std::vector<Fields>& rows) {
  Json json;
  json.list();
  for (const Fields& row : rows) json.fields(row);
  json.endList();
  return json.take();
}

std::string toJson(const std::vector<Value>& values) {
  Json json;
  json.list();
  for (const Value& value : values) json.value(value);
  json.endList();
  return json.take();
}

// As everywhere on the wire: see base/value_json.h.
std::string toJson(const Value& value) {
  std::string text;
  writeJson(text, value);
  return text;
}

std::string toJson(const Output& output) { return textOf(output); }
std::string toJson(const std::vector<Output>& outputs) { return listOf(outputs); }
std::string toJson(const FactView& fact) { return textOf(fact); }
std::string toJson(const std::vector<FactView>& facts) { return listOf(facts); }
std::string toJson(const std::vector<ActivationView>& agenda) { return listOf(agenda); }
std::string toJson(const std::vector<RunView>& runs) { return listOf(runs); }
std::string toJson(const std::vector<WaitingEventView>& events) { return listOf(events); }

}  // namespace reticle::wire
