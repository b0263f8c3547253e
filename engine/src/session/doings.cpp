// Events that tell the rules of the engine's own doings.

#include <utility>

#include "session/state.h"

namespace reticle {

// One that is caused by a telling of a failure is told no more: a handler that fails does not loop.
// It stands in the trace in any case.
void Session::State::tellFailed(const model::Rule& rule, const Error& error) {
  if (!failedType || decisions.recovering()) return;
  const Event* turn = events.current();
  if (turn && turn->afterFailure) return;
  const auto optional = [](const std::string& text) {
    return text.empty() ? Value() : Value::string(text);
  };
  Value::List facts;
  for (const FactId fact : firing.facts()) {
    if (memory.holds(fact)) facts.push_back(Value::integer(index(fact)));
  }
  const bool known = turn && !turn->ofSubject();
  const std::pair<std::string_view, Value> told[] = {
      {"rule", Value::string(rule.name)},
      {"code", Value::string(name(error.code))},
      {"message", Value::string(error.message)},
      {"part", optional(error.where)},
      {"event", turn ? Value::string(turn->id) : Value()},
      {"type", known  ? Value::string(program.type(turn->type).wireName)
               : turn ? Value::string("subject-property-changed")
                      : Value()},
      {"subject", turn ? optional(turn->subject) : Value()},
      {"chain", Value::string(turn ? events.originText(program, turn->id) : std::string())},
      {"facts", Value::list(std::move(facts))}};
  Event event;
  event.type = failedType->id;
  for (std::uint32_t i = 0; i < failedType->declared; ++i) {
    Value value;
    for (const auto& [field, each] : told) {
      if (failedType->fields[i].name == field) value = each;
    }
    event.values.push_back(std::move(value));
  }
  event.subject = turn ? turn->subject : std::string();
  event.afterFailure = true;
  event.id = events.takeId();
  traceRaised(event);
  raise(std::move(event));
}

}  // namespace reticle
