// Matches come and go: what becomes of them on the agenda, and the focus that follows from it.

#include <algorithm>

#include "session/state.h"

namespace reticle {

void Session::State::matchesAdded(const std::vector<NewMatch>& matches) {
  for (const NewMatch& match : matches) {
    if (arrived.collecting()) {
      matcher.setActivation(match.token, arrived.add(match));
    } else {
      takeMatch(match.rule, match.token);
    }
  }
  noteFocus();
}

// ORDER: the activation is known to all parts before it may count as fired.
void Session::State::takeMatch(RuleId rule, TokenId token) {
  const model::Rule& declared = program.rules[index(rule)];
  const std::int64_t salience = salienceOf(declared, token);
  std::uint8_t held = control.heldFor(declared);
  const std::optional<Value> onceFor = declared.once ? onceValue(declared, token) : std::nullopt;
  if (declared.once && !onceFor) held |= kHeldByError;
  if (calendar.waitsForMoments(rule)) held |= kHeldByMoment;
  const ActivationSlot slot =
      agenda.add(rule, token, salience, changes.count(), held, tagsOf(token));
  const Activation& activation = agenda.at(slot);
  matcher.setActivation(token, slot);
  counters.matched(rule);
  digest.toggle(activation);
  traceActivation(slot);
  const bool renewed = renewals.hasEnded() && noteCame(activation, slot);
  control.enter(declared, slot);
  if (held & kHeldByMoment) calendar.park(activation, slot);
  const bool over = onceFor && control.once().wait(rule, *onceFor, activation.id, slot);
  const bool loops =
      declared.noLoop && firing.rule() == rule && firing.facts() == matcher.factsOf(token);
  const bool again = !(firedForEvent.empty() && firedForNews.empty() && returns.empty()) &&
                     hasFiredBefore(declared, token, renewed);
  // It has fired for the value before (`once`), is of the rule's own making (`no-loop`), or has
  // fired as it is. In recovery that follows as a decision.
  if ((over || loops || again) && !decisions.recovering()) markFired(slot, true);
}

namespace {

bool derives(const std::vector<model::Action>& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const model::Action& action) {
    return action.kind == model::Action::Kind::InsertLogical || derives(action.body) ||
           derives(action.otherwise);
  });
}

}  // namespace

// What has gone with the match a rule has to derive again: it counts as fired only where its
// conclusions stand.
bool Session::State::hasFiredBefore(const model::Rule& rule, TokenId token, bool renewed) {
  if (rule.oncePerEvent && firedForEvent.has(identityOf(rule.id, token))) return true;
  if (rule.oncePerNews && firedForNews.has(identityOf(rule.id, token))) return true;
  if (!changedByHost || returns.empty()) return false;
  const std::optional<std::vector<Value>> values = valuesRead(rule, token);
  return values && returns.take(identityOf(rule.id, token), *values) &&
         (renewed || !derives(rule.actions));
}

void Session::State::noteFired(const model::Rule& rule, TokenId token) {
  if (rule.oncePerEvent) firedForEvent.add(identityOf(rule.id, token));
  if (rule.oncePerNews) firedForNews.add(identityOf(rule.id, token));
}

void Session::State::noteLeft(const Activation& activation) {
  std::optional<std::vector<Value>> values =
      valuesRead(program.rules[index(activation.rule)], activation.token);
  if (values) returns.add(identityOf(activation.rule, activation.token), std::move(*values));
}

// ORDER: matches end before the fact that they bind takes its new values, but for one that an
// `either` makes known.
std::optional<std::vector<Value>> Session::State::valuesRead(const model::Rule& rule,
                                                             TokenId token) const {
  std::vector<FieldMask> reads(rule.rows);
  std::uint32_t joined = 0;
  for (NodeId at = network.productions[index(rule.id)]; at != kNoNode; at = network.node(at).left) {
    const Node& node = network.node(at);
    if (node.kind != NodeKind::Join || node.row >= reads.size()) continue;
    reads[node.row] = node.reads;
    ++joined;
  }
  if (joined < rule.rows) return std::nullopt;
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  std::vector<Value> values(locals.begin(), locals.begin() + rule.conditionLocals);
  for (const std::uint32_t local : rule.asked) values.push_back(locals[local]);
  for (std::uint32_t row = 0; row < rule.rows; ++row) {
    const std::size_t fields = program.type(rule.rowTypes[row]).declared;
    for (std::uint32_t field = 0; field < fields; ++field) {
      if (reads[row] & bitOf(FieldId{field})) values.push_back(rows[row].fields[field]);
    }
  }
  return values;
}

void Session::State::adopt(const NewMatch& match, const SessionImage::Match& as) {
  const model::Rule& rule = program.rules[index(match.rule)];
  Activation activation;
  activation.id = as.id;
  activation.rule = match.rule;
  activation.token = match.token;
  activation.salience = salienceOf(rule, match.token);
  activation.recency = as.recency;
  activation.fired = as.fired;
  const bool parks = calendar.waitsForMoments(match.rule);
  std::optional<Value> onceFor;
  if (!activation.fired) {
    activation.held = control.heldFor(rule);
    if (rule.once && !(onceFor = onceValue(rule, match.token))) activation.held |= kHeldByError;
    if (parks) activation.held |= kHeldByMoment;
  }
  const ActivationSlot slot = agenda.adopt(activation, tagsOf(match.token));
  matcher.setActivation(match.token, slot);
  if (parks) calendar.park(activation, slot);
  counters.matched(match.rule);
  if (activation.fired) {
    noteFired(rule, match.token);
    return;
  }
  if (onceFor) control.once().wait(rule.id, *onceFor, activation.id, slot);
  control.enter(rule, slot);
  digest.toggle(agenda.at(slot));
}

// The ages of the facts, when the strategy asks for them.
std::vector<std::uint64_t> Session::State::tagsOf(TokenId token) const {
  std::vector<std::uint64_t> tags;
  if (agenda.comparesFacts()) {
    for (FactId fact : matcher.factsOf(token)) tags.push_back(memory.find(fact)->recency);
  }
  return tags;
}

// A computed salience is that of the moment of the match; one that has no value is 0.
std::int64_t Session::State::salienceOf(const model::Rule& rule, TokenId token) const {
  if (rule.fixedSalience) return *rule.fixedSalience;
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  const Value computed =
      reticle::evaluate(rule.salience.code, Frame{rows.data(), locals.data(), &session});
  return computed.kind() == ValueKind::Int ? computed.asInt() : 0;
}

std::optional<Value> Session::State::onceValue(const model::Rule& rule, TokenId token) const {
  if (!rule.oncePer.present()) return Value();
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  Value value = reticle::evaluate(rule.oncePer.code, Frame{rows.data(), locals.data(), &session});
  if (value.isError() || !(value == value)) return std::nullopt;
  return value;
}

// The activation leaves all parts; facts that stood on it may be in doubt now.
void Session::State::matchRemoved(TokenId, std::uint32_t slot) {
  if (arrived.collecting()) {
    arrived.drop(slot);
    return;
  }
  const Activation gone = agenda.at(slot);  // a copy: the slot is given to others
  calendar.unpark(gone, slot);
  if (gone.supports || renewals.hasRenewed()) noteEnded(gone, slot);
  if (!gone.fired) control.leave(slot);
  if (gone.fired && changedByHost) noteLeft(gone);
  if (!refusals.empty()) refusals.drop(gone.id);
  agenda.remove(slot);
  if (!gone.fired) {
    digest.toggle(gone);
    if (tracer.on()) tracer.record(records::deactivated(gone));
  }
  if (gone.supports) truths.matchEnded(slot);
}

void Session::State::memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts,
                                   std::uint32_t count) {
  tracer.record(records::memory(node, added, facts, count));
}

void Session::State::markFired(ActivationSlot slot, bool silent) {
  control.leave(slot);
  agenda.markFired(slot);
  const Activation& activation = agenda.at(slot);
  digest.toggle(activation);
  noteFired(program.rules[index(activation.rule)], activation.token);
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Fire};
    decision.activation = activation.id;
    decision.rule = activation.rule;
    matcher.factsOf(activation.token, decision.facts);
    decision.flag = silent;
    decisions.record(std::move(decision));
  }
  if (silent && tracer.on()) tracer.record(records::deactivated(activation));
}

void Session::State::traceActivation(ActivationSlot slot) {
  if (!tracer.on()) return;
  const Activation& activation = agenda.at(slot);
  tracer.record(records::activated(activation, matcher.factsOf(activation.token)));
}

// --- ready again

void Session::State::rearm(ActivationSlot slot) {
  const model::Rule& rule = program.rules[index(agenda.at(slot).rule)];
  agenda.rearm(slot, control.heldFor(rule));
  digest.toggle(agenda.at(slot));
  traceActivation(slot);
  control.enter(rule, slot);
  if (!decisions.wanted()) return;
  Decision decision{Decision::Kind::Rearm};
  decision.activation = agenda.at(slot).id;
  decisions.record(std::move(decision));
}

// In order of id, as they came.
void Session::State::refresh(const std::string& rule) {
  for (const ActivationSlot slot : agenda.all()) {
    const Activation& activation = agenda.at(slot);
    if (activation.fired && program.rules[index(activation.rule)].name == rule) rearm(slot);
  }
}

// Costs a look at all activations. Those that have fired keep the salience with which they did.
void Session::State::reviseSaliences() {
  for (const ActivationSlot slot : agenda.all()) {
    const Activation& activation = agenda.at(slot);
    const model::Rule& rule = program.rules[index(activation.rule)];
    if (activation.fired || !rule.eachCycle) continue;
    const std::int64_t salience = salienceOf(rule, activation.token);
    if (salience != activation.salience) setSalience(slot, salience);
  }
}

void Session::State::setSalience(ActivationSlot slot, std::int64_t salience) {
  digest.toggle(agenda.at(slot));
  agenda.setSalience(slot, salience);
  digest.toggle(agenda.at(slot));
  if (!decisions.wanted()) return;
  Decision decision{Decision::Kind::Salience};
  decision.activation = agenda.at(slot).id;
  decision.values.push_back(Value::integer(salience));
  decisions.record(std::move(decision));
}

void Session::State::rearmFreed() {
  for (const auto& [id, slot] : refusals.takeFreed()) {
    if (agenda.at(slot).id == id && agenda.at(slot).fired) rearm(slot);
  }
  noteFocus();
}

// --- the focus

void Session::State::reportFocus() {
  const std::vector<std::uint32_t>& focused = agenda.focused();
  if (tracer.on()) tracer.record(records::focused(agenda.plan(), focused));
  if (!decisions.wanted()) return;
  Decision decision{Decision::Kind::Focus};
  for (const std::uint32_t group : focused) {
    decision.values.push_back(Value::string(agenda.plan().groups[group]));
  }
  decisions.record(std::move(decision));
}

Status Session::State::setFocus(const std::vector<Value>& groups) {
  std::vector<std::uint32_t> stack;
  for (const Value& name : groups) {
    const std::optional<std::uint32_t> group =
        name.kind() == ValueKind::String ? agenda.plan().findGroup(name.asString()) : std::nullopt;
    if (!group) {
      return Error{ErrorCode::Mismatch,
                   "the journal gives the focus to a group that this program does not switch",
                   {},
                   "open the journal with the program that wrote it"};
    }
    stack.push_back(*group);
  }
  agenda.setFocus(std::move(stack));
  control.takeFocusChange();  // it is known already: neither reported nor recorded again
  return Done{};
}

}  // namespace reticle
