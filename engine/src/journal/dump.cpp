// Entries of a journal as lines of text: the input, then the decisions it caused.
#include "journal/dump.h"

#include <array>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/value_codec.h"
#include "flow/run.h"
#include "journal/entry.h"

namespace reticle {
namespace {

// {a: 1, b: "x"}
std::string fieldsText(const Fields& fields) {
  std::string text = "{";
  for (const auto& [name, value] : fields) {
    if (text.size() > 1) text += ", ";
    text += name + ": " + toText(value);
  }
  return text + "}";
}

// An input in a few words.
struct Summary {
  std::string operator()(const input::Insert& i) const { return i.type + fieldsText(i.fields); }
  std::string operator()(const input::InsertAll& i) const {
    return (i.fields.empty() ? "0" : std::to_string(i.values.size() / i.fields.size())) + " of " +
           i.type;
  }
  std::string operator()(const input::Update& i) const {
    return "#" + std::to_string(index(i.fact)) + " " + fieldsText(i.fields);
  }
  std::string operator()(const input::Retract& i) const {
    return "#" + std::to_string(index(i.fact));
  }
  std::string operator()(const input::SetProperties& i) const {
    return i.subject + " " + fieldsText(i.properties) + (i.muted ? " muted" : "");
  }
  std::string operator()(const input::Emit& i) const {
    return i.type + fieldsText(i.data) + (i.subject.empty() ? "" : " to " + i.subject);
  }
  std::string operator()(const input::Start& i) const {
    return i.flow + fieldsText(i.arguments) + (i.key.empty() ? "" : " key " + i.key);
  }
  std::string operator()(const input::StepResult& i) const {
    return i.call + " attempt " + std::to_string(i.attempt) +
           (i.failed ? " fails " + toText(i.error) : " returns " + toText(i.value));
  }
  std::string operator()(const input::Advance& i) const {
    return "to " + toText(Value::timestamp(i.to));
  }
  std::string operator()(const input::Signal& i) const {
    return i.flow + " key " + i.key + " with " + i.type + fieldsText(i.data);
  }
  std::string operator()(const input::Cancel& i) const { return i.flow + " key " + i.key; }
  std::string operator()(const input::Resume& i) const { return i.flow + " key " + i.key; }
  std::string operator()(const input::UnsetProperties& i) const {
    std::string text = i.subject;
    for (const std::string& property : i.properties) text += " " + property;
    return text + (i.muted ? " muted" : "");
  }
  std::string operator()(const input::DeleteSubject& i) const { return i.subject; }
  std::string operator()(const input::CompareAndSet& i) const {
    return i.subject + "." + i.property + ": " + toText(i.expected) + " -> " + toText(i.value);
  }
  std::string operator()(const input::CancelEvent& i) const {
    return i.name + (i.subject.empty() ? "" : " to " + i.subject);
  }
};

// ORDER: Decision::Kind.
constexpr std::array<const char*, 22> kDecisions{
    "assert", "update", "retract", "support",  "fire", "raise",  "begin", "end",
    "halt",   "clock",  "run",     "timer",    "wake", "output", "focus", "rest",
    "refuse", "rearm",  "settle",  "salience", "wait", "drop"};
static_assert(kDecisions.size() == static_cast<std::size_t>(Decision::Kind::Drop) + 1);

// Names come from the program, when it is at hand; otherwise ids are written.
class Dump {
 public:
  explicit Dump(const model::Program* program) : program_(program) {}

  // What the journal was begun with.
  void header(const JournalHeader& header) {
    text_ += "journal of program " + hex(header.program) + ", begun at " +
             toText(Value::timestamp(header.start)) + "\n";
  }
  // Number, place, time, input and digest, then one line a decision.
  void entry(const EntryView& entry) {
    text_ += std::to_string(entry.sequence) + " @" + std::to_string(entry.offset) + " " +
             toText(Value::timestamp(entry.time)) + " " + name(entry.kind);
    const Result<Input> input = decodeInput(entry.kind, entry.input);
    if (input.ok()) text_ += " " + summary(*input);
    text_ += "  => " + hex(entry.digest) + "\n";
    ByteReader in(entry.decisionBytes);
    for (std::size_t i = 0; i < entry.decisions && !in.failed(); ++i) decision(decodeDecision(in));
    if (in.failed()) text_ += "  (the rest cannot be read)\n";
  }
  void line(const std::string& line) { text_ += line + "\n"; }
  std::string take() { return std::move(text_); }

 private:
  static std::string hex(std::uint64_t number) {
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 15];
    return text;
  }
  // A journal may belong to another program than the one at hand: every id is looked at first.
  std::string typeName(TypeId type) const {
    return program_ && index(type) < program_->types.size() ? program_->type(type).name
                                                            : "type " + std::to_string(index(type));
  }
  std::string ruleName(RuleId rule) const {
    return program_ && index(rule) < program_->rules.size()
               ? "\"" + program_->rules[index(rule)].name + "\""
               : "rule " + std::to_string(index(rule));
  }
  std::string factText(FactId fact) const { return "#" + std::to_string(index(fact)); }
  // Fields by name where the type is known, else by position.
  std::string values(TypeId type, const std::vector<Value>& values) const {
    Fields fields;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool named = program_ && index(type) < program_->types.size() &&
                         i < program_->type(type).fields.size();
      fields.emplace_back(named ? program_->type(type).fields[i].name : std::to_string(i),
                          values[i]);
    }
    return fieldsText(fields);
  }
  // What a kind has no use for is not written.
  void decision(const Decision& d) {
    text_ += std::string("  ") + kDecisions[static_cast<std::size_t>(d.kind)];
    switch (d.kind) {
      case Decision::Kind::Assert:
        text_ += " " + factText(d.fact) + " " + typeName(d.type) + values(d.type, d.values) +
                 (d.flag ? " logical" : "");
        break;
      case Decision::Kind::Update:
        text_ += " " + factText(d.fact);
        for (const auto& [field, value] : d.assignment) {
          text_ += " ." + std::to_string(index(field)) + " = " + toText(value);
        }
        break;
      case Decision::Kind::Retract: text_ += " " + factText(d.fact); break;
      case Decision::Kind::Refuse:
        text_ += " activation " + std::to_string(index(d.activation)) + " because of " +
                 factText(d.fact);
        break;
      case Decision::Kind::Rearm:
        text_ += " activation " + std::to_string(index(d.activation));
        break;
      case Decision::Kind::Support:
        text_ += " " + factText(d.fact) + " by activation " + std::to_string(index(d.activation));
        break;
      case Decision::Kind::Fire:
        text_ +=
            " " + ruleName(d.rule) + " activation " + std::to_string(index(d.activation)) + " on";
        for (const FactId fact : d.facts) text_ += " " + factText(fact);
        break;
      case Decision::Kind::Drop: text_ += " " + std::to_string(d.time); break;
      case Decision::Kind::Wait:
        if (!d.event) break;
        text_ += " " + d.event->id + " " + typeName(d.event->type) +
                 values(d.event->type, d.event->values) + " until " +
                 toText(Value::timestamp(d.time)) + (d.bytes.empty() ? "" : " as " + d.bytes);
        break;
      case Decision::Kind::Raise:
        // A journal of another program may lack what it should have.
        if (!d.event) break;
        text_ += " " + d.event->id + " ";
        if (d.event->gone) {
          text_ += d.event->subject + (d.event->property.empty() ? "" : "." + d.event->property) +
                   " goes";
        } else if (d.event->property.empty()) {
          text_ += typeName(d.event->type) + values(d.event->type, d.event->values);
        } else {
          text_ += d.event->subject + "." + d.event->property + ": " + toText(d.event->old) +
                   " -> " + toText(d.event->value);
        }
        break;
      case Decision::Kind::Salience:
        text_ += " " + std::to_string(index(d.activation));
        for (const Value& salience : d.values) text_ += " " + toText(salience);
        break;
      case Decision::Kind::Begin:
        if (d.fact != kNoFact) text_ += " " + factText(d.fact);
        break;
      case Decision::Kind::Timer: text_ += " " + ruleName(d.rule); break;
      case Decision::Kind::Clock: text_ += " " + toText(Value::timestamp(d.time)); break;
      case Decision::Kind::Run: text_ += " " + runText(d.bytes, program_); break;
      case Decision::Kind::Output: text_ += " " + std::to_string(d.bytes.size()) + " bytes"; break;
      case Decision::Kind::Focus:
        for (const Value& group : d.values) text_ += " " + std::string(group.asString());
        break;
      case Decision::Kind::End:
      case Decision::Kind::Rest:
      case Decision::Kind::Settle:
      case Decision::Kind::Halt:
      case Decision::Kind::Wake: break;
    }
    text_ += "\n";
  }

  const model::Program* program_;
  std::string text_;
};

}  // namespace

// ORDER: InputKind.
const char* name(InputKind kind) {
  constexpr std::array<const char*, 20> names{
      "insert",  "update", "retract",       "set",           "emit",        "start",     "result",
      "advance", "begin",  "settle",        "recover",       "replace",     "insertAll", "signal",
      "cancel",  "unset",  "deleteSubject", "compareAndSet", "cancelEvent", "resume"};
  return names[static_cast<std::size_t>(kind)];
}

std::string summary(const Input& input) { return std::visit(Summary{}, input); }

// A damaged journal is dumped as far as it can be read, and the damage is named.
std::string dumpJournal(std::string_view bytes, const model::Program* program) {
  Dump dump(program);
  // The same reader that recovery uses.
  const Result<JournalView> journal = readJournal(bytes);
  if (!journal.ok()) {
    dump.line("damaged: " + journal.error().message +
              (journal.error().where.empty() ? "" : " (" + journal.error().where + ")"));
    return dump.take();
  }
  if (!journal->fresh) dump.header(journal->header);
  for (const EntryView& entry : journal->entries) dump.entry(entry);
  if (journal->torn > 0) {
    dump.line("torn: " + std::to_string(journal->torn) + " bytes at byte " +
              std::to_string(journal->sound));
  }
  return dump.take();
}

}  // namespace reticle
