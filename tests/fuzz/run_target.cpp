// Rule text to sessions: what compiles is run on facts, events and times that its own text decides.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "fuzz/targets.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::fuzz {
namespace {

constexpr int kSteps = 40;
constexpr std::uint64_t kFirings = 200;   // in one settling
constexpr std::size_t kMostFacts = 3000;  // beyond it the story is over

// Numbers that depend on the text alone, so that an input shows the same every time.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed | 1) {}
  std::size_t below(std::size_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return bound == 0 ? 0 : static_cast<std::size_t>(state_ >> 16) % bound;
  }

 private:
  std::uint64_t state_;
};

// A value that mostly fits: few different ones, so that much matches.
Value valueFor(const FieldSchema& field, Dice& dice) {
  if (dice.below(12) == 0) return Value();
  const ValueKind kind = field.kind.value_or(dice.below(2) ? ValueKind::Int : ValueKind::String);
  const auto small = static_cast<std::int64_t>(dice.below(4));
  switch (kind) {
    case ValueKind::Bool: return Value::boolean(small > 1);
    case ValueKind::Int: return Value::integer(dice.below(20) ? small : INT64_MAX - small);
    case ValueKind::Double: return Value::real(static_cast<double>(small) / 2);
    case ValueKind::String: return Value::string(std::string(1, static_cast<char>('a' + small)));
    case ValueKind::Timestamp: return Value::timestamp(small * 60'000'000);
    case ValueKind::Duration: return Value::span(small * 1'000'000);
    case ValueKind::List: return Value::list({Value::integer(small), Value::string("a")});
    case ValueKind::Map: return Value::map({{Value::string("a"), Value::integer(small)}});
    case ValueKind::Null:
    case ValueKind::Bytes:
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Error:
    case ValueKind::Optional:
    case ValueKind::Uint: return Value();
  }
  return Value();
}

Fields fieldsFor(const TypeSchema& type, Dice& dice, bool some) {
  Fields fields;
  for (const FieldSchema& field : type.fields) {
    if (some ? dice.below(2) == 0 : field.initial && dice.below(2) == 0) continue;
    fields.emplace_back(field.name, valueFor(field, dice));
  }
  return fields;
}

// One change of the story; what is refused is refused.
void change(Engine& engine, const std::vector<TypeSchema>& types, std::vector<FactId>& facts,
            Dice& dice) {
  const TypeSchema& type = types[dice.below(types.size())];
  if (type.builtin) return;
  const std::size_t what = dice.below(8);
  if (type.kind == TypeSchema::Kind::Event) {
    (void)engine.submit(input::Emit{type.name, fieldsFor(type, dice, false), {}, {}, {}});
  } else if (what < 5 || facts.empty()) {
    const Result<Accepted> accepted =
        engine.submit(input::Insert{type.name, fieldsFor(type, dice, false)});
    if (accepted) facts.push_back(accepted->fact);
  } else if (what < 7) {
    (void)engine.submit(
        input::Update{facts[dice.below(facts.size())], fieldsFor(type, dice, true)});
  } else {
    (void)engine.submit(input::Retract{facts[dice.below(facts.size())]});
  }
}

// Calls are answered, well or badly.
void answer(Engine& engine, Dice& dice) {
  for (const Output& output : engine.takeOutputs()) {
    const Call* call = std::get_if<Call>(&output);
    if (!call) continue;
    input::StepResult result{call->id, call->attempt, Value::integer(1)};
    result.failed = dice.below(3) == 0;
    if (result.failed) result.error = Value::string("busy");
    (void)engine.submit(result);
  }
}

}  // namespace

std::string runBroken(std::string_view input) {
  const Compiled compiled = compile("fuzz.rules", input);
  if (!compiled.ok()) return "";
  Dice dice(hashBytes(input));
  EngineOptions options;
  options.start = 1'700'000'000'000'000;
  Engine engine(compiled.program, options);
  const std::vector<TypeSchema> types = schemaOf(*compiled.program).types;
  std::vector<FactId> facts;
  std::string journal;
  for (int step = 0; step < kSteps && engine.factCount() < kMostFacts; ++step) {
    for (std::size_t i = dice.below(4); i > 0; --i) change(engine, types, facts, dice);
    const SettleReport report = engine.settle({.maxFirings = kFirings});
    if (report.firings > kFirings) return "more firings than a settling may have";
    answer(engine, dice);
    if (dice.below(3) == 0) {
      (void)engine.submit(
          input::Advance{engine.now() + static_cast<Time>(dice.below(90)) * 1'000'000});
      (void)engine.settle({.maxFirings = kFirings});
    }
    journal += engine.takeJournal();
    engine.journalDurable();
    if (step % 8 != 7) continue;
    const Result<Engine> again = Engine::recover(compiled.program, journal, options);
    if (!again) return "its journal cannot be read: " + again.error().message;
    if (again->digest() != engine.digest()) return "recovery leads to another state";
  }
  return "";
}

}  // namespace reticle::fuzz
