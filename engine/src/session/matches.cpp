// Matches come and go: what becomes of them on the agenda.

#include <algorithm>
#include <cassert>

#include "session/state.h"

namespace reticle {

// Handed on by takeMatches() when the change is whole: what it makes and takes back is nobody's.
void Session::State::matchAdded(RuleId rule, TokenId token) {
  slotOfToken[static_cast<std::uint32_t>(token)] = kArrived | static_cast<std::uint32_t>(arrived.size());
  arrived.push_back({rule, token, matcher.factsOf(token)});
}

std::vector<Session::State::Arrived> Session::State::takeArrived() {
  std::vector<Arrived> batch = std::move(arrived);
  arrived.clear();
  batch.erase(std::remove_if(batch.begin(), batch.end(), [](const Arrived& each) { return each.token == kNoToken; }), batch.end());
  std::sort(batch.begin(), batch.end(), [](const Arrived& a, const Arrived& b) {
    if (a.rule != b.rule) return a.rule < b.rule;
    if (a.facts != b.facts) return std::lexicographical_compare(b.facts.begin(), b.facts.end(), a.facts.begin(), a.facts.end());
    return a.token < b.token;
  });
  return batch;
}

void Session::State::takeMatches() {
  if (arrived.empty()) return;
  for (const Arrived& match : takeArrived()) takeMatch(match.rule, match.token, match.facts);
  noteFocus();
}

// The ages of facts, when the strategy asks for them.
std::vector<std::uint64_t> Session::State::tagsOf(const std::vector<FactId>& facts) const {
  std::vector<std::uint64_t> tags;
  if (agenda.comparesFacts())
    for (FactId fact : facts) tags.push_back(memory.find(fact)->recency);
  return tags;
}

void Session::State::takeMatch(RuleId rule, TokenId token, const std::vector<FactId>& facts) {
  const model::Rule& declared = program.rules[index(rule)];
  const std::int64_t salience = declared.fixedSalience ? *declared.fixedSalience : computedSalience(declared, token);
  std::uint8_t held = heldFor(declared);
  const std::optional<Value> onceFor = declared.once ? onceValue(declared, token) : std::nullopt;
  if (declared.once && !onceFor) held |= kHeldByError;
  const ActivationSlot slot = agenda.add(rule, token, salience, changes, held, tagsOf(facts));
  slotOfToken[static_cast<std::uint32_t>(token)] = slot;
  const Activation& activation = agenda.at(slot);
  toggleActivation(activation);
  traceActivation(slot);
  enterControl(declared, slot);
  const bool over = onceFor && once.wait(rule, *onceFor, activation.id, slot);
  const bool loops = declared.noLoop && firing.rule == rule && firing.facts == facts;
  if ((over || loops) && !recovering) markFired(slot, true);
}

std::int64_t Session::State::computedSalience(const model::Rule& rule, TokenId token) const {
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  const Value computed = reticle::evaluate(rule.salience.code, Frame{rows.data(), locals.data(), &session});
  return computed.kind() == ValueKind::Int ? computed.asInt() : 0;
}

void Session::State::matchRemoved(TokenId token) {
  const std::uint32_t slot = *slotOfToken.find(static_cast<std::uint32_t>(token));
  slotOfToken.erase(static_cast<std::uint32_t>(token));
  if (slot & kArrived) {
    arrived[slot & ~kArrived].token = kNoToken;
    return;
  }
  const Activation gone = agenda.at(slot);
  if (!gone.fired) leaveControl(slot);
  agenda.remove(slot);
  if (!gone.fired) {
    toggleActivation(gone);
    traceDeactivation(gone);
  }
  if (!gone.supports) return;
  for (FactId fact : *supported.find(slot)) {
    std::vector<ActivationSlot>& keepers = *supports.find(index(fact));
    keepers.erase(std::remove(keepers.begin(), keepers.end(), slot), keepers.end());
    if (keepers.empty()) unsupported.push_back(fact);
  }
  supported.erase(slot);
}

void Session::State::memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts, std::uint32_t count) {
  TraceRecord record;
  record.kind = TraceKind::Memory;
  record.node = node;
  record.flag = added;
  record.facts = facts;
  record.count = count;
  tracer.record(std::move(record));
}

void Session::State::markFired(ActivationSlot slot, bool silent) {
  leaveControl(slot);
  agenda.markFired(slot);
  const Activation& activation = agenda.at(slot);
  toggleActivation(activation);
  Decision decision{Decision::Kind::Fire};
  decision.activation = activation.id;
  decision.rule = activation.rule;
  decision.facts = matcher.factsOf(activation.token);
  decision.flag = silent;
  record(std::move(decision));
  if (silent) traceDeactivation(activation);
}

void Session::State::traceActivation(ActivationSlot slot) {
  if (!tracer.on()) return;
  const Activation& activation = agenda.at(slot);
  TraceRecord record;
  record.kind = TraceKind::Activation;
  record.rule = activation.rule;
  record.activation = activation.id;
  record.facts = matcher.factsOf(activation.token);
  record.salience = activation.salience;
  record.recency = activation.recency;
  tracer.record(std::move(record));
}

void Session::State::traceDeactivation(const Activation& activation) {
  if (!tracer.on()) return;
  TraceRecord record;
  record.kind = TraceKind::Deactivation;
  record.rule = activation.rule;
  record.activation = activation.id;
  tracer.record(std::move(record));
}

// In the digest. Which facts an activation is of follows from the changes before it, and firings say it.
void Session::State::toggleActivation(const Activation& activation) {
  Digest digest;
  digest.add(index(activation.id));
  digest.add(index(activation.rule));
  digest.add(static_cast<std::uint64_t>(activation.salience));
  digest.add(activation.recency);
  agendaDigest ^= digest.value();
}

}  // namespace reticle
