// What hosts see of a session.

#include "expression/coerce.h"
#include "inquiry/enumerate.h"
#include "session/activations.h"
#include "session/state.h"

namespace reticle {

namespace {

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
std::uint64_t Session::changeCount() const { return state_->changes; }
bool Session::holds(FactId id) const { return state_->memory.holds(id); }
bool Session::passed(Time time) const { return time <= state_->now; }
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
        view.bindings.emplace_back(rule.bindings[row], Value::string(s.describe(rows[row].fact)));
      }
    }
    for (auto& binding : bindingsOf(rule, locals)) view.bindings.push_back(std::move(binding));
    view.waits = s.waitsFor(slot);
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

std::vector<FactId> Session::find(const model::Pattern& pattern,
                                  const std::vector<Value>& locals) const {
  PartialMatch from;
  from.locals = locals;
  return Enumerator(state_->program, state_->memory, *this)
      .candidates(pattern, std::move(from), false);
}

// --- queries

namespace {

std::vector<Fields> answers(const Session& session, const Session::State& s,
                            const model::Query& query, const Value* arguments, std::size_t count) {
  PartialMatch from(query.frameRows, query.locals);
  for (std::size_t i = 0; i < count && i < query.params.size(); ++i) from.locals[i] = arguments[i];
  std::vector<Fields> out;
  for (const PartialMatch& match :
       Enumerator(s.program, s.memory, session).matches(query.conditions, std::move(from))) {
    Fields answer;
    for (std::size_t row = 0; row < query.bindings.size() && row < match.bound; ++row) {
      if (!query.bindings[row].empty()) {
        answer.emplace_back(query.bindings[row], Value::fact(match.rows[row].fact));
      }
    }
    for (std::size_t local = query.params.size(); local < query.localNames.size(); ++local) {
      if (!query.localNames[local].first.empty()) {
        answer.emplace_back(query.localNames[local].first, match.locals[local]);
      }
    }
    out.push_back(std::move(answer));
  }
  return out;
}

}  // namespace

Result<std::vector<Fields>> Session::runQuery(std::string_view name,
                                              const std::vector<Value>& arguments) const {
  const State& s = *state_;
  for (const model::Query& query : s.program.queries) {
    if (query.name != name) continue;
    if (arguments.size() != query.params.size()) {
      return Error{ErrorCode::BadInput,
                   "the query \"" + query.name + "\" takes " + std::to_string(query.params.size()) +
                       " arguments, this gives " + std::to_string(arguments.size()),
                   "arguments",
                   {}};
    }
    std::vector<Value> fitting;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      auto value = coerce(arguments[i], query.params[i].type,
                          "the argument \"" + query.params[i].name + "\" of " + query.name);
      if (!value) return value.error();
      fitting.push_back(std::move(*value));
    }
    return answers(*this, s, query, fitting.data(), fitting.size());
  }
  return Error{
      ErrorCode::UnknownQuery, "there is no query \"" + std::string(name) + "\"", "name", {}};
}

Value Session::query(QueryId id, const Value* args, std::size_t count) const {
  const model::Query& asked = state_->program.queries[index(id)];
  Value::List rows;
  for (Fields& fields : answers(*this, *state_, asked, args, count)) {
    Value::Map row;
    for (auto& [name, value] : fields) row.emplace_back(Value::string(name), std::move(value));
    rows.push_back(Value::map(std::move(row)));
  }
  if (!asked.single) return Value::list(std::move(rows));
  return rows.empty() ? Value::error("RL9001", "the query `" + asked.name + "` has no answer")
                      : rows[0];
}

// --- Surroundings

Value Session::fieldOf(FactId fact, FieldId field) const {
  const State& s = *state_;
  if (index(fact) & kPending) {
    std::uint32_t at = index(fact) & ~kPending;
    if (s.pendingChanges && at < s.pendingChanges->size() &&
        index(field) < (*s.pendingChanges)[at].values.size()) {
      return (*s.pendingChanges)[at].values[index(field)];
    }
    return Value::error("RL9001", "this fact is not there yet");
  }
  const StoredFact* stored = s.memory.find(fact);
  if (!stored) {
    return Value::error("RL9001", "fact " + std::to_string(index(fact)) + " is not there any more");
  }
  if (index(field) >= stored->fields().size()) {
    return Value::error("RL9001", "the fact has no such field");
  }
  return stored->fields()[index(field)];
}

Value Session::callHost(FunctionId function, const Value* args, std::size_t count) const {
  const std::string& name = state_->program.hosts[index(function)].name;
  for (const auto& [registered, call] : state_->options.functions) {
    if (registered == name) return call(std::vector<Value>(args, args + count));
  }
  return Value::error("RL9001", "the host function `" + name + "` is not registered");
}

std::optional<std::int32_t> Session::zoneOffset(std::string_view zone, std::int64_t seconds) const {
  const ZoneOffsets& zones = state_->options.zones;
  return zones ? zones(zone, seconds) : std::nullopt;
}

void Session::addDigest(Digest& digest) const {
  const State& s = *state_;
  std::uint64_t facts = s.factDigest, agenda = s.agendaDigest;
  if (!s.options.journal) {
    facts = agenda = 0;
    for (const model::FactType& type : s.program.types) {
      s.memory.forEach(type.id, [&](SlotId, const StoredFact& fact) { facts ^= s.digestOf(fact); });
    }
    for (const ActivationSlot slot : s.agenda.all()) {
      if (!s.agenda.at(slot).fired) agenda ^= s.digestOf(s.agenda.at(slot));
    }
  }
  digest.add(facts);
  digest.add(agenda);
  digest.add(s.changes);
  digest.add(static_cast<std::uint64_t>(s.now));
  digest.add(static_cast<std::uint64_t>(s.timers.nextDue().value_or(-1)));
  digest.add(static_cast<std::uint64_t>(s.matcher.nextDue().value_or(-1)));
  digest.add(s.nextEvent);
  digest.add(s.current ? s.current->id : std::string());
  for (const Event& event : s.queue) digest.add(event.id);
  digest.add(s.once.digest());
  for (const std::uint32_t group : s.agenda.focused()) digest.add(group);
}

}  // namespace reticle
