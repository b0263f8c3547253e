// Matches come and go: what becomes of them on the agenda.

#include <algorithm>
#include <cassert>

#include "session/state.h"

namespace reticle {

void Session::State::matchesAdded(const std::vector<NewMatch>& matches) {
  for (const NewMatch& match : matches) {
    if (filling) {
      matcher.setActivation(match.token, static_cast<std::uint32_t>(arrived.size()));
      arrived.push_back(match);
    } else {
      takeMatch(match.rule, match.token);
    }
  }
  noteFocus();
}

void Session::State::takeMatch(RuleId rule, TokenId token) {
  const model::Rule& declared = program.rules[index(rule)];
  const std::int64_t salience =
      declared.fixedSalience ? *declared.fixedSalience : computedSalience(declared, token);
  std::uint8_t held = heldFor(declared);
  const std::optional<Value> onceFor = declared.once ? onceValue(declared, token) : std::nullopt;
  if (declared.once && !onceFor) held |= kHeldByError;
  if (waitsForMoments(rule)) held |= kHeldByMoment;
  const ActivationSlot slot = agenda.add(rule, token, salience, changes, held, tagsOf(token));
  matcher.setActivation(token, slot);
  ++ruleCounters[index(rule)].matches;
  toggleActivation(agenda.at(slot));
  traceActivation(slot);
  enterControl(declared, slot);
  if (held & kHeldByMoment) parked[rule].emplace(index(agenda.at(slot).id), slot);
  const bool over = onceFor && once.wait(rule, *onceFor, agenda.at(slot).id, slot);
  const bool loops =
      declared.noLoop && firing.rule == rule && firing.facts == matcher.factsOf(token);
  if ((over || loops) && !recovering) markFired(slot, true);
}

// The ages of the facts, when the strategy asks for them.
std::vector<std::uint64_t> Session::State::tagsOf(TokenId token) const {
  std::vector<std::uint64_t> tags;
  if (agenda.comparesFacts()) {
    for (FactId fact : matcher.factsOf(token)) tags.push_back(memory.find(fact)->recency);
  }
  return tags;
}

std::int64_t Session::State::computedSalience(const model::Rule& rule, TokenId token) const {
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  const Value computed =
      reticle::evaluate(rule.salience.code, Frame{rows.data(), locals.data(), &session});
  return computed.kind() == ValueKind::Int ? computed.asInt() : 0;
}

void Session::State::matchRemoved(TokenId, std::uint32_t slot) {
  if (filling) {
    arrived[slot].token = kNoToken;
    return;
  }
  const Activation gone = agenda.at(slot);
  if (const auto waiting = parked.find(gone.rule); waiting != parked.end()) {
    waiting->second.erase({index(gone.id), slot});
  }
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
    if (keepers.empty()) {
      unsupported.insert(fact);
    } else if (circular[index(memory.find(fact)->type)]) {
      doubtful.insert(fact);
    }
  }
  supported.erase(slot);
}

void Session::State::memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts,
                                   std::uint32_t count) {
  tracer.record({.body = trace::Memory{added, facts, count}, .node = node});
}

void Session::State::markFired(ActivationSlot slot, bool silent) {
  leaveControl(slot);
  agenda.markFired(slot);
  const Activation& activation = agenda.at(slot);
  toggleActivation(activation);
  if (recording()) {
    Decision decision{Decision::Kind::Fire};
    decision.activation = activation.id;
    decision.rule = activation.rule;
    matcher.factsOf(activation.token, decision.facts);
    decision.flag = silent;
    recorder->record(std::move(decision));
  }
  if (silent) traceDeactivation(activation);
}

void Session::State::traceActivation(ActivationSlot slot) {
  if (!tracer.on()) return;
  const Activation& activation = agenda.at(slot);
  tracer.record({.body = trace::Activation{activation.id, matcher.factsOf(activation.token),
                                           activation.salience, activation.recency},
                 .rule = activation.rule});
}

void Session::State::traceDeactivation(const Activation& activation) {
  if (!tracer.on()) return;
  tracer.record({.body = trace::Deactivation{activation.id}, .rule = activation.rule});
}

// Which facts an activation is of follows from the changes before it, and firings say it.
std::uint64_t Session::State::digestOf(const Activation& activation) const {
  Digest digest;
  digest.add(index(activation.id));
  digest.add(index(activation.rule));
  digest.add(static_cast<std::uint64_t>(activation.salience));
  digest.add(activation.recency);
  return digest.value();
}

}  // namespace reticle
