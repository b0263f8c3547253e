// Trace records as JSON. Members stand in the order of wasm/src/types.ts: seq, cause, origin, kind,
// then the kind's own.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/number.h"
#include "base/value_json.h"
#include "trace/tracer.h"

namespace reticle {
namespace {

// ORDER: TraceKind in reticle/trace.h
constexpr std::array<std::string_view, 22> kKinds{
    "input",      "recover",      "assert", "update",  "retract", "property", "event", "memory",
    "activation", "deactivation", "fire",   "failure", "log",     "halt",     "clock", "timer",
    "run",        "step",         "output", "settled", "focus",   "replace"};
static_assert(kKinds.size() == static_cast<std::size_t>(TraceKind::Replace) + 1);

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
  void textIfAny(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::int64_t value) { appendInt(key(name), value); }
  void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void value(std::string_view name, const Value& value) { writeJson(key(name), value); }
  void millis(std::string_view name, Time time) { appendMillis(key(name), time); }
  void facts(std::string_view name, const std::vector<FactId>& facts) {
    std::string& out = key(name);
    out += '[';
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (i > 0) out += ',';
      appendInt(out, index(facts[i]));
    }
    out += ']';
  }
  void fields(std::string_view name, const std::vector<NamedValue>& values) {
    Members fields(key(name));
    for (const NamedValue& field : values) fields.value(field.name, field.value);
    fields.end();
  }
  void changes(std::string_view name, const std::vector<NamedValue>& values) {
    Members fields(key(name));
    for (const NamedValue& field : values) {
      std::string& out = fields.key(field.name);
      out += '[';
      writeJson(out, field.old);
      out += ',';
      writeJson(out, field.value);
      out += ']';
    }
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

void writeBody(Members& out, const TraceRecord& r) {
  switch (r.kind) {
    case TraceKind::Input:
      out.text("input", r.name);
      out.text("text", r.text);
      return out.millis("time", r.time);
    case TraceKind::Recover: return out.number("entries", r.count);
    case TraceKind::Assert:
      out.text("type", r.name);
      out.fields("fields", r.values);
      out.flag("logical", r.flag);
      return out.textIfAny("subject", r.subject);
    case TraceKind::Update: return out.changes("changes", r.values);
    case TraceKind::Retract: return out.text("type", r.name);
    case TraceKind::Property:
      out.text("subject", r.subject);
      out.text("property", r.name);
      out.value("old", r.values.empty() ? Value{} : r.values[0].old);
      out.value("new", r.values.empty() ? Value{} : r.values[0].value);
      return out.text("event", r.text);
    case TraceKind::Event:
      out.text("phase", r.phase);
      out.text("event", r.text);
      out.text("type", r.name);
      out.textIfAny("subject", r.subject);
      return out.fields("data", r.values);
    case TraceKind::Memory:
      out.flag("added", r.flag);
      out.facts("facts", r.facts);
      return out.number("count", r.count);
    case TraceKind::Activation:
      out.number("activation", index(r.activation));
      out.facts("facts", r.facts);
      out.number("salience", r.salience);
      return out.number("recency", static_cast<std::int64_t>(r.recency));
    case TraceKind::Deactivation: return out.number("activation", index(r.activation));
    case TraceKind::Fire:
      out.number("activation", index(r.activation));
      return out.facts("facts", r.facts);
    case TraceKind::Failure: out.text("code", r.name); return out.text("message", r.text);
    case TraceKind::Log: out.text("level", r.name); return out.text("text", r.text);
    case TraceKind::Halt: return;
    case TraceKind::Clock: return out.millis("time", r.time);
    case TraceKind::Timer:
      out.text("phase", r.phase);
      out.number("timer", r.count);
      out.millis("due", r.time);
      return out.text("text", r.text);
    case TraceKind::Run:
      out.text("flow", r.name);
      out.text("key", r.text);
      out.text("status", r.phase);
      if (!r.values.empty()) out.value("result", r.values[0].value);
      return out.textIfAny("error", r.subject);
    case TraceKind::Step:
      out.text("stepKind", r.name);
      out.text("status", r.phase);
      out.number("attempt", r.count);
      out.textIfAny("key", r.text);
      out.textIfAny("function", r.subject);
      for (const NamedValue& value : r.values) out.value(value.name, value.value);
      if (r.flag) out.millis("due", r.time);
      return;
    case TraceKind::Output: out.key("output") += r.text; return;
    case TraceKind::Settled: out.number("firings", r.count); return out.text("reason", r.name);
    case TraceKind::Focus: out.text("group", r.name); return out.number("below", r.count);
    case TraceKind::Replace: return out.text("text", r.text);
  }
}

}  // namespace

std::string toJson(const TraceRecord& record) {
  std::string text;
  Members out(text);
  out.number("seq", record.seq);
  out.number("cause", record.cause);
  out.number("origin", record.origin);
  out.text("kind", kKinds[static_cast<std::size_t>(record.kind)]);
  if (record.rule != kNoRule) out.number("rule", index(record.rule));
  if (record.node != kNoNode) out.number("node", index(record.node));
  if (record.fact != kNoFact) out.number("fact", index(record.fact));
  if (record.run != kNoRun) out.number("run", index(record.run));
  if (!record.step.empty()) out.text("step", record.step);
  writeBody(out, record);
  out.end();
  return text;
}

}  // namespace reticle
