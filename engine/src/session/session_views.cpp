// What hosts see of a session, and what expressions ask of it.

#include <algorithm>

#include "base/value_codec.h"
#include "session/activations.h"
#include "session/state.h"

namespace reticle {

namespace {

// Declared fields, then the undeclared properties of an open subject; nothing hidden.
FactView view(const model::Program& program, const StoredFact& stored) {
  const model::FactType& type = program.type(stored.type);
  FactView out{stored.id, stored.type, type.name, {}, stored.logical, {}, stored.recency};
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    out.fields.emplace_back(type.fields[i].name, stored.fields()[i]);
  }
  if (type.kind != model::FactKind::Subject) return out;
  out.subject = std::string(stored.fields()[type.declared].asString());
  if (!type.open) return out;
  if (const Value& open = stored.fields()[index(type.undeclared())];
      open.kind() == ValueKind::Map) {
    for (const auto& [name, value] : open.asMap()) {
      out.fields.emplace_back(std::string(name.asString()), value);
    }
  }
  return out;
}

}  // namespace

const model::Program& Session::program() const { return state_->program; }
std::uint64_t Session::changeCount() const { return state_->changes.count(); }
bool Session::holds(FactId id) const { return state_->memory.holds(id); }
Row Session::rowOf(FactId fact) const { return state_->memory.row(fact); }

std::size_t Session::factCount() const { return state_->memory.size(); }

std::vector<FactView> Session::facts(std::string_view typeName) const {
  const State& s = *state_;
  std::optional<TypeId> type;
  if (!typeName.empty()) {
    const model::FactType* found = s.program.findType(typeName);
    if (!found) return {};
    type = found->id;
  }
  std::vector<FactView> out;
  for (FactId id : s.memory.all(type)) out.push_back(view(s.program, *s.memory.find(id)));
  return out;
}

std::optional<FactView> Session::fact(FactId id) const {
  const StoredFact* stored = state_->memory.find(id);
  if (!stored || stored->gone) return std::nullopt;
  return view(state_->program, *stored);
}

std::optional<FactId> Session::findSubject(std::string_view name) const {
  FactId found = state_->memory.findSubject(name);
  if (found == kNoFact) return std::nullopt;
  return found;
}

std::optional<FactView> Session::subject(std::string_view name) const {
  auto found = findSubject(name);
  return found ? fact(*found) : std::nullopt;
}

std::vector<WaitingEventView> Session::waitingEvents() const {
  const State& s = *state_;
  std::vector<std::pair<Time, WaitingEventView>> sorted;
  for (const auto& [number, each] : s.waiting.all()) {
    const model::FactType& type = s.program.type(each.event.type);
    WaitingEventView view{each.event.id, type.name, each.event.subject, each.name, each.due, {}};
    for (std::size_t i = 0; i < type.declared && i < each.event.values.size(); ++i) {
      view.data.emplace_back(type.fields[i].name, each.event.values[i]);
    }
    sorted.emplace_back(each.due, std::move(view));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<WaitingEventView> out;
  for (auto& [due, view] : sorted) out.push_back(std::move(view));
  return out;
}

// In the order in which they would fire; those that something holds come last, in order of id.
std::vector<ActivationView> Session::agenda() const {
  const State& s = *state_;
  std::vector<ActivationView> out;
  std::vector<ActivationSlot> listed = s.agenda.inOrder();
  for (const ActivationSlot slot : s.agenda.all()) {
    if (!s.agenda.at(slot).fired && s.agenda.at(slot).held) listed.push_back(slot);
  }
  for (const ActivationSlot slot : listed) {
    const Activation& activation = s.agenda.at(slot);
    const model::Rule& rule = s.program.rules[index(activation.rule)];
    ActivationView view{
        activation.id,       activation.rule,    rule.name, s.matcher.factsOf(activation.token),
        activation.salience, activation.recency, {}};
    std::vector<Row> rows;
    std::vector<Value> locals;
    s.matcher.rowsOf(activation.token, rows, locals);
    for (std::size_t row = 0; row < rule.bindings.size(); ++row) {
      if (!rule.bindings[row].empty()) {
        view.bindings.emplace_back(rule.bindings[row],
                                   Value::string(s.checks.describe(rows[row].fact)));
      }
    }
    for (auto& binding : bindingsOf(rule, locals)) view.bindings.push_back(std::move(binding));
    view.waits = s.control.waitsFor(slot);
    out.push_back(std::move(view));
  }
  return out;
}

std::vector<std::uint32_t> Session::memoryCounts() const {
  std::vector<std::uint32_t> out;
  for (const Node& node : state_->network.nodes) {
    out.push_back(state_->matcher.memoryCount(node.id));
  }
  return out;
}

// --- Surroundings

std::vector<FactId> Session::find(const model::Pattern& pattern,
                                  const std::vector<Value>& locals) const {
  return state_->queries->find(pattern, locals);
}

bool Session::match(const std::vector<model::Condition>& conditions, std::uint32_t rowCount,
                    std::vector<Value>& locals, std::vector<FactId>& rows) const {
  return state_->queries->match(conditions, rowCount, locals, rows);
}

std::uint64_t Session::changesOf(TypeId type) const { return state_->memory.changesOf(type); }

Value Session::query(QueryId query, const Value* args, std::size_t count,
                     const Surroundings& asker) const {
  return state().queries->query(query, args, count, asker);
}

// A pending fact has its values in the list of changes that is being evaluated.
Value Session::fieldOf(FactId fact, FieldId field) const {
  const State& s = state();
  if (index(fact) & kPending) {
    const std::uint32_t at = pendingPosition(Value::fact(fact));
    if (s.evaluating && at < s.evaluating->size() &&
        index(field) < (*s.evaluating)[at].values.size()) {
      return (*s.evaluating)[at].values[index(field)];
    }
    return Value::error("RL9001", "this fact is not there yet");
  }
  const StoredFact* stored = s.memory.isLeaving(fact) ? nullptr : s.memory.find(fact);
  if (!stored) {
    return Value::error("RL9001", "fact " + std::to_string(index(fact)) + " is not there any more");
  }
  if (index(field) >= stored->fields().size()) {
    return Value::error("RL9001", "the fact has no such field");
  }
  return stored->fields()[index(field)];
}

// Registered by name when the engine was made; there are few.
Value Session::callHost(FunctionId function, const Value* args, std::size_t count) const {
  const std::string& name = state().program.hosts[index(function)].name;
  for (const auto& [registered, call] : state().options.functions) {
    if (registered != name) continue;
    Value value = call(std::vector<Value>(args, args + count));
    if (!mayNotBeKept(value)) return value;
    const std::string why = whyNotKept(value);
    if (why.empty()) return value;
    return Value::error("RL9001", "the host function `" + name + "` returned " + why);
  }
  return Value::error("RL9001", "the host function `" + name + "` is not registered");
}

std::optional<std::int32_t> Session::zoneOffset(std::string_view zone, std::int64_t seconds) const {
  const ZoneOffsets& zones = state().options.zones;
  return zones ? zones(zone, seconds) : std::nullopt;
}

// ORDER: every journal entry holds this digest.
void Session::addDigest(Digest& digest) const {
  const State& s = *state_;
  s.digest.addTo(digest, s.program, s.memory, s.agenda);
  digest.add(s.changes.count());
  digest.add(static_cast<std::uint64_t>(s.calendar.now()));
  digest.add(static_cast<std::uint64_t>(s.calendar.nextDue().value_or(-1)));
  digest.add(static_cast<std::uint64_t>(s.matcher.nextDue().value_or(-1)));
  s.events.addTo(digest);
  s.waiting.addTo(digest);
  s.seen.addTo(digest);
  digest.add(s.control.once().digest());
  for (const std::uint32_t group : s.agenda.focused()) digest.add(group);
}

}  // namespace reticle
