// Trace records as JSON: one function for each kind writes its members in the order of
// wasm/src/types.ts.
#include "trace/json.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/number.h"
#include "base/value_json.h"

namespace reticle {
namespace {

// Writes the members of one object.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  void end() { out_ += '}'; }

  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    writeJsonString(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view value) { writeJsonString(key(name), value); }
  // A member that is left out when it says nothing; so for values that are not there.
  void textIfAny(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::int64_t value) { appendInt(key(name), value); }
  void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void value(std::string_view name, const Value& value) { writeJson(key(name), value); }
  void valueIfAny(std::string_view name, const std::optional<Value>& given) {
    if (given) value(name, *given);
  }
  void millis(std::string_view name, Time time) { appendMillis(key(name), time); }
  // Ids alone.
  void facts(std::string_view name, const std::vector<FactId>& facts) {
    std::string& out = key(name);
    out += '[';
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (i > 0) out += ',';
      appendInt(out, index(facts[i]));
    }
    out += ']';
  }
  // In the order given, which is that of the declaration.
  void fields(std::string_view name, const Fields& values) {
    Members fields(key(name));
    for (const auto& [field, value] : values) fields.value(field, value);
    fields.end();
  }

 private:
  // Microseconds as milliseconds, exactly.
  static void appendMillis(std::string& out, Time time) {
    std::int64_t whole = time / 1000, rest = time % 1000;
    if (rest != 0 && time < 0) {
      out += '-';
      whole = -whole;
      rest = -rest;
    }
    appendInt(out, whole);
    if (rest == 0) return;
    const char digits[] = {static_cast<char>('0' + rest / 100),
                           static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
    std::size_t count = 3;
    while (digits[count - 1] == '0') --count;
    out += '.';
    out.append(digits, count);
  }

  std::string& out_;
  bool first_ = true;
};

// --- outputs

// As in Output of types.ts.
void write(Members& out, const Call& call) {
  out.text("kind", "call");
  out.text("call", call.id);
  out.number("attempt", call.attempt);
  out.text("key", call.key);
  out.text("function", call.function);
  out.fields("args", call.arguments);
  out.number("run", index(call.run));
  out.text("step", call.step);
}

// The attributes of the envelope; an extension cannot take their names.
constexpr std::array<std::string_view, 11> kEnvelope{
    "specversion",     "type",         "source", "id",  "originid", "subject", "time",
    "datacontenttype", "propertyname", "cause",  "data"};

// The envelope of CloudEvents 1.0: attributes in lower case, extensions beside them, the event's
// fields in `data`.
void write(Members& out, const CloudEvent& event) {
  out.text("kind", "event");
  Members envelope(out.key("event"));
  envelope.text("specversion", "1.0");
  envelope.text("type", event.type);
  envelope.text("source", event.source);
  envelope.text("id", event.id);
  envelope.text("originid", event.originId);
  envelope.textIfAny("subject", event.subject);
  // A session whose clock was never set knows no time.
  if (event.time != 0) envelope.value("time", Value::timestamp(event.time));
  envelope.text("datacontenttype", "application/json");
  envelope.textIfAny("propertyname", event.propertyName);
  envelope.textIfAny("cause", event.cause);
  for (const auto& [name, value] : event.extensions) {
    bool isTaken = false;
    for (const std::string_view attribute : kEnvelope) isTaken = isTaken || attribute == name;
    if (!isTaken) envelope.value(name, value);
  }
  envelope.fields("data", event.data);
  envelope.end();
}

// --- records, in the order of reticle/trace.h

void write(Members& out, const trace::Input& r) {
  out.text("input", r.input);
  out.text("text", r.text);
  out.millis("time", r.time);
}

void write(Members& out, const trace::Recover& r) { out.number("entries", r.entries); }

void write(Members& out, const trace::Assert& r) {
  out.text("type", r.type);
  out.fields("fields", r.fields);
  out.flag("logical", r.logical);
  out.textIfAny("subject", r.subject);
}

// Old and new value side by side.
void write(Members& out, const trace::Update& r) {
  Members changes(out.key("changes"));
  for (const trace::Update::Change& change : r.changes) {
    std::string& pair = changes.key(change.field);
    pair += '[';
    writeJson(pair, change.old);
    pair += ',';
    writeJson(pair, change.value);
    pair += ']';
  }
  changes.end();
}

void write(Members& out, const trace::Retract& r) { out.text("type", r.type); }

// `value` is `new` outside of C++.
void write(Members& out, const trace::Property& r) {
  out.text("subject", r.subject);
  out.text("property", r.property);
  out.value("old", r.old);
  out.value("new", r.value);
  out.text("event", r.event);
}

// `fact` stands in the header when a property changed.
void write(Members& out, const trace::Event& r) {
  out.text("phase", r.phase);
  out.text("event", r.event);
  out.text("type", r.type);
  out.textIfAny("subject", r.subject);
  out.fields("data", r.data);
}

void write(Members& out, const trace::Memory& r) {
  out.flag("added", r.added);
  out.facts("facts", r.facts);
  out.number("count", r.count);
}

void write(Members& out, const trace::Activation& r) {
  out.number("activation", index(r.activation));
  out.facts("facts", r.facts);
  out.number("salience", r.salience);
  out.number("recency", static_cast<std::int64_t>(r.recency));
}

void write(Members& out, const trace::Deactivation& r) {
  out.number("activation", index(r.activation));
}

void write(Members& out, const trace::Fire& r) {
  out.number("activation", index(r.activation));
  out.facts("facts", r.facts);
}

void write(Members& out, const trace::Failure& r) {
  out.text("code", r.code);
  out.text("message", r.message);
}

void write(Members& out, const trace::Log& r) {
  out.text("level", r.level);
  out.text("text", r.text);
}

void write(Members&, const trace::Halt&) {}

void write(Members& out, const trace::Clock& r) { out.millis("time", r.time); }

void write(Members& out, const trace::Timer& r) {
  out.text("phase", r.phase);
  out.number("timer", r.timer);
  out.millis("due", r.due);
  out.text("text", r.text);
}

void write(Members& out, const trace::Run& r) {
  out.text("flow", r.flow);
  out.text("key", r.key);
  out.text("status", r.status);
  out.valueIfAny("result", r.result);
  out.textIfAny("error", r.error);
}

// What does not apply is left out: a sleep has no function, a step under way no result.
void write(Members& out, const trace::Step& r) {
  out.text("stepKind", r.stepKind);
  out.text("status", r.status);
  out.number("attempt", r.attempt);
  out.textIfAny("key", r.key);
  out.textIfAny("function", r.function);
  out.valueIfAny("result", r.result);
  out.textIfAny("error", r.error);
  if (r.due) out.millis("due", *r.due);
}

// The output stands inside as hosts get it.
void write(Members& out, const trace::Output& r) { appendJson(out.key("output"), r.output); }

void write(Members& out, const trace::Settled& r) {
  out.number("firings", static_cast<std::int64_t>(r.firings));
  out.text("reason", name(r.reason));
}

void write(Members& out, const trace::Focus& r) {
  out.text("group", r.group);
  out.number("below", r.below);
}

void write(Members& out, const trace::Replace& r) { out.text("text", r.text); }

}  // namespace

std::string toJson(const TraceRecord& record) {
  std::string text;
  Members out(text);
  out.number("seq", record.seq);
  out.number("cause", record.cause);
  out.number("origin", record.origin);
  const auto kindOf = [](const auto& body) { return std::decay_t<decltype(body)>::kKind; };
  out.text("kind", std::visit(kindOf, record.body));
  if (record.rule != kNoRule) out.number("rule", index(record.rule));
  if (record.node != kNoNode) out.number("node", index(record.node));
  if (record.fact != kNoFact) out.number("fact", index(record.fact));
  if (record.run != kNoRun) out.number("run", index(record.run));
  out.textIfAny("step", record.step);
  std::visit([&out](const auto& body) { write(out, body); }, record.body);
  out.end();
  return text;
}

void appendJson(std::string& out, const Output& output) {
  Members members(out);
  std::visit([&members](const auto& each) { write(members, each); }, output);
  members.end();
}

}  // namespace reticle
