// Trace records and outputs as JSON. Each kind of record names its members itself
// (reticle/trace.h); here is how they are spelled.
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
  // Old and new value side by side.
  void changes(std::string_view name, const std::vector<trace::Update::Change>& changes) {
    Members fields(key(name));
    for (const trace::Update::Change& change : changes) {
      std::string& pair = fields.key(change.field);
      pair += '[';
      writeJson(pair, change.old);
      pair += ',';
      writeJson(pair, change.value);
      pair += ']';
    }
    fields.end();
  }
  // As hosts get it.
  void output(std::string_view name, const Output& output) { appendJson(key(name), output); }

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
constexpr std::array<std::string_view, 12> kEnvelope{
    "specversion",     "type",         "source", "id",   "originid", "subject", "time",
    "datacontenttype", "propertyname", "cause",  "data", "hops"};

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
  if (event.hops > 0) envelope.number("hops", event.hops);
  for (const auto& [name, value] : event.extensions) {
    bool isTaken = false;
    for (const std::string_view attribute : kEnvelope) isTaken = isTaken || attribute == name;
    if (!isTaken) envelope.value(name, value);
  }
  envelope.fields("data", event.data);
  envelope.end();
}

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
  std::visit([&out](const auto& body) { body.write(out); }, record.body);
  out.end();
  return text;
}

void appendJson(std::string& out, const Output& output) {
  Members members(out);
  std::visit([&members](const auto& each) { write(members, each); }, output);
  members.end();
}

}  // namespace reticle
