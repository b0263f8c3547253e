// How long events stay: through the lifetimes that patterns give them, one after the other.

#include <algorithm>

#include "session/state.h"

namespace reticle {

namespace {

// ORDER: the hidden fields of events in src/check/check_types.cpp
Time timeOf(const model::FactType& type, const StoredFact& event) {
  return event.fields()[type.declared + 2].asTime();
}

}  // namespace

std::optional<Timer> Session::State::expiryOf(const StoredFact& event) const {
  const model::FactType& type = program.type(event.type);
  if (type.lifetimes.empty()) return std::nullopt;
  std::size_t stage = type.stage ? static_cast<std::size_t>(event.field(*type.stage).asInt()) : 0;
  if (stage == 0 && type.lifetimes[0] == 0) ++stage;  // its own turn, which ends by itself
  if (stage >= type.lifetimes.size()) return std::nullopt;
  // It is seen through the last moment of its lifetime.
  Time due = 0;
  if (__builtin_add_overflow(timeOf(type, event) + 1, type.lifetimes[stage], &due)) {
    return std::nullopt;
  }
  return Timer{due, Timer::Kind::Expire, index(event.id)};
}

void Session::State::expire(FactId event) {
  const StoredFact* stored = memory.find(event);
  if (!stored) return;
  const std::vector<Span64>& lifetimes = program.type(stored->type).lifetimes;
  const Span64 age = calendar.now() - timeOf(program.type(stored->type), *stored);
  moveTo(event, static_cast<std::size_t>(std::lower_bound(lifetimes.begin(), lifetimes.end(), age) -
                                         lifetimes.begin()));
}

void Session::State::endTurnOf(FactId event) {
  const std::vector<Span64>& lifetimes = program.type(memory.find(event)->type).lifetimes;
  if (lifetimes.empty()) {
    retractFact(event);
  } else {
    moveTo(event, lifetimes[0] == 0 ? 1 : 0);
  }
}

// It has reached a lifetime; after the last one it goes, and before that when only windows of a
// number could still see it and none does.
void Session::State::moveTo(FactId event, std::size_t stage) {
  const StoredFact& stored = *memory.find(event);
  const model::FactType& type = program.type(stored.type);
  const bool over =
      stage == type.lifetimes.size() ||
      (type.lifetimes[stage] == model::kForever && !type.endless && !matcher.isAmongNewest(event));
  if (over) {
    retractFact(event);
  } else if (type.stage && stored.field(*type.stage).asInt() != static_cast<std::int64_t>(stage)) {
    updateFact(event, {{*type.stage, Value::integer(static_cast<std::int64_t>(stage))}});
  }
}

void Session::State::dropDisplaced() {
  for (const FactId event : matcher.takeDisplaced()) {
    const StoredFact* stored = memory.find(event);
    if (!stored || event == events.currentFact()) continue;
    const model::FactType& type = program.type(stored->type);
    const std::size_t stage =
        type.stage ? static_cast<std::size_t>(stored->field(*type.stage).asInt()) : 0;
    if (type.kind == model::FactKind::Event && stage < type.lifetimes.size() &&
        type.lifetimes[stage] == model::kForever) {
      moveTo(event, stage);
    }
  }
}

}  // namespace reticle
