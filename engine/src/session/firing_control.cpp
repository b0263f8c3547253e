#include "session/once_book.h"

#include <algorithm>

#include "base/hash.h"
#include "session/state.h"

namespace reticle {

// --- once

std::uint64_t OnceBook::hashOf(RuleId rule, const Value& value) {
  return hashCombine(mix64(index(rule)), value.hash());
}

OnceBook::Entry& OnceBook::entry(RuleId rule, const Value& value) {
  std::vector<Entry>& group = entries_[hashOf(rule, value)];
  for (Entry& entry : group) {
    if (entry.rule == rule && entry.value == value) return entry;
  }
  group.push_back({rule, value, false, {}});
  return group.back();
}

bool OnceBook::wait(RuleId rule, const Value& value, ActivationId id, ActivationSlot slot) {
  Entry& at = entry(rule, value);
  at.waiting.emplace(index(id), slot);
  hashOf_[slot] = hashOf(rule, value);
  return at.fired;
}

void OnceBook::leave(ActivationId id, ActivationSlot slot) {
  const std::uint64_t* hash = hashOf_.find(slot);
  if (!hash) return;
  std::vector<Entry>& group = *entries_.find(*hash);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i].waiting.erase({index(id), slot}) == 0) continue;
    if (group[i].waiting.empty() && !group[i].fired) {
      group.erase(group.begin() + static_cast<std::ptrdiff_t>(i));
    }
    break;
  }
  if (group.empty()) entries_.erase(*hash);
  hashOf_.erase(slot);
}

std::vector<ActivationSlot> OnceBook::fire(ActivationId id, ActivationSlot slot) {
  std::vector<ActivationSlot> others;
  for (Entry& entry : *entries_.find(*hashOf_.find(slot))) {
    if (entry.waiting.count({index(id), slot}) == 0) continue;
    setFired(entry);
    for (const auto& [number, other] : entry.waiting) {
      if (other != slot) others.push_back(other);
    }
  }
  return others;
}

void OnceBook::remember(RuleId rule, const Value& value) { setFired(entry(rule, value)); }

void OnceBook::setFired(Entry& entry) {
  if (entry.fired) return;
  entry.fired = true;
  fired_.emplace_back(entry.rule, entry.value);
  Digest digest;
  digest.add(index(entry.rule));
  digest.add(entry.value);
  digest_ ^= digest.value();
}

// --- which matches may fire

namespace {

bool isEffective(const model::Rule& rule, Time now) {
  return (!rule.effectiveFrom || now >= *rule.effectiveFrom) &&
         (!rule.effectiveTo || now < *rule.effectiveTo);
}

bool hasDates(const model::Rule& rule) { return rule.effectiveFrom || rule.effectiveTo; }

}  // namespace

// The value that `once per` asks for; nothing when it cannot be told, or is equal to nothing.
std::optional<Value> Session::State::onceValue(const model::Rule& rule, TokenId token) const {
  if (!rule.oncePer.present()) return Value();
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  Value value = reticle::evaluate(rule.oncePer.code, Frame{rows.data(), locals.data(), &session});
  if (value.isError() || !(value == value)) return std::nullopt;
  return value;
}

std::uint8_t Session::State::heldFor(const model::Rule& rule) const {
  std::uint8_t held = isEffective(rule, now) ? 0 : kHeldByDate;
  if (!muted.empty() && muted[index(rule.id)]) held |= kHeldByTag;
  if (turnSpent || (pass && pass->rankOf[index(rule.id)] < pass->rank)) held |= kHeldByTurn;
  return held;
}

void Session::State::enterControl(const model::Rule& rule, ActivationSlot slot) {
  const Activation& activation = agenda.at(slot);
  if (hasDates(rule)) dated[rule.id].emplace(index(activation.id), slot);
  if (activation.held & (kHeldByTag | kHeldByTurn)) {
    passedOver.emplace_back(activation.id, slot);
  } else if (pass) {
    pass->waiting[pass->rankOf[index(rule.id)]].emplace_back(activation.id, slot);
  }
}

void Session::State::leaveControl(ActivationSlot slot) {
  const Activation& activation = agenda.at(slot);
  const model::Rule& rule = program.rules[index(activation.rule)];
  if (rule.once) once.leave(activation.id, slot);
  if (hasDates(rule)) dated[rule.id].erase({index(activation.id), slot});
}

// What the firing of an activation takes from others. Requires: it is about to be marked as fired.
std::vector<ActivationSlot> Session::State::dropsOf(ActivationSlot slot) {
  std::vector<ActivationSlot> dropped = agenda.rivals(slot);
  if (program.rules[index(agenda.at(slot).rule)].once) {
    for (const ActivationSlot other : once.fire(agenda.at(slot).id, slot)) {
      if (std::find(dropped.begin(), dropped.end(), other) == dropped.end()) {
        dropped.push_back(other);
      }
    }
  }
  return dropped;
}

std::string Session::State::waitsFor(ActivationSlot slot) const {
  const Activation& activation = agenda.at(slot);
  const model::Rule& rule = program.rules[index(activation.rule)];
  if (activation.held & kHeldByDate) {
    return rule.effectiveFrom && now < *rule.effectiveFrom
               ? "the rule is effective from " + toText(Value::timestamp(*rule.effectiveFrom))
               : "the rule is not effective any more";
  }
  if (activation.held & kHeldByError) return "what `once per` asks for has no value";
  if (activation.held & kHeldByMoment) {
    return rule.trigger.kind == model::Trigger::Kind::Every
               ? "the rule waits for its next moment"
               : "the rule waits for the next moment of its plan";
  }
  if (!agenda.isOpen(slot)) return "the group `" + rule.group + "` does not have the focus";
  return activation.held ? "passed over in this settling" : "";
}

// The clock has moved: rules begin and end to be effective.
void Session::State::moveDates(Time before) {
  for (const auto& [id, activations] : dated) {
    const model::Rule& rule = program.rules[index(id)];
    const bool is = isEffective(rule, now);
    if (isEffective(rule, before) == is) continue;
    std::vector<ActivationSlot> slots;
    for (const auto& [number, slot] : activations) slots.push_back(slot);
    if (is) {
      agenda.release(std::move(slots), kHeldByDate);
    } else {
      for (const ActivationSlot slot : slots) agenda.hold(slot, kHeldByDate);
    }
  }
  noteFocus();
}

std::optional<Time> Session::State::nextDate() const {
  std::optional<Time> next;
  for (const auto& [id, activations] : dated) {
    if (activations.empty()) continue;
    const model::Rule& rule = program.rules[index(id)];
    for (const std::optional<Time>& date : {rule.effectiveFrom, rule.effectiveTo}) {
      if (date && *date > now && (!next || *date < *next)) next = date;
    }
  }
  return next;
}

void Session::State::noteFocus() {
  if (agenda.focused() == notedFocus) return;
  notedFocus = agenda.focused();
  Decision decision{Decision::Kind::Focus};
  for (const std::uint32_t group : notedFocus) {
    decision.values.push_back(Value::string(agenda.plan().groups[group]));
  }
  if (tracer.on()) {
    trace::Focus body;
    if (!notedFocus.empty()) {
      body.group = agenda.plan().groups[notedFocus.back()];
      body.below = static_cast<std::uint32_t>(notedFocus.size() - 1);
    }
    tracer.record({.body = std::move(body)});
  }
  record(std::move(decision));
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
  notedFocus = agenda.focused();
  return Done{};
}

// --- one settling

void Session::beginSettling(const SettleOptions& options) {
  State& s = *state_;
  s.mode = options.mode;
  if (!options.tags.empty()) {
    s.muted.assign(s.program.rules.size(), 1);
    for (const model::Rule& rule : s.program.rules) {
      for (const std::string& tag : rule.tags) {
        if (std::find(options.tags.begin(), options.tags.end(), tag) != options.tags.end()) {
          s.muted[index(rule.id)] = 0;
        }
      }
    }
    for (const ActivationSlot slot : s.agenda.inOrder()) {
      if (s.muted[index(s.agenda.at(slot).rule)]) s.passOver(slot, kHeldByTag);
    }
  }
  beginTurn();
}

void Session::beginTurn() {
  State& s = *state_;
  s.turnSpent = false;
  if (s.mode != SettleOptions::Mode::SinglePass) return;
  s.pass.emplace();
  std::vector<RuleId> order;
  for (const model::Rule& rule : s.program.rules) order.push_back(rule.id);
  std::stable_sort(order.begin(), order.end(), [&](RuleId a, RuleId b) {
    return s.program.rules[index(a)].fixedSalience.value_or(0) >
           s.program.rules[index(b)].fixedSalience.value_or(0);
  });
  s.pass->rankOf.resize(order.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    s.pass->rankOf[index(order[rank])] = static_cast<std::uint32_t>(rank);
  }
  s.pass->waiting.resize(order.size());
  for (const ActivationSlot slot : s.agenda.inOrder()) {
    s.pass->waiting[s.pass->rankOf[index(s.agenda.at(slot).rule)]].emplace_back(
        s.agenda.at(slot).id, slot);
  }
}

void Session::endSettling() {
  State& s = *state_;
  s.mode = SettleOptions::Mode::All;
  s.turnSpent = false;
  s.pass.reset();
  s.muted.clear();
  std::vector<ActivationSlot> waiting;
  for (const auto& [id, slot] : s.passedOver) {
    if (s.agenda.at(slot).id == id) waiting.push_back(slot);
  }
  s.passedOver.clear();
  std::sort(waiting.begin(), waiting.end());
  waiting.erase(std::unique(waiting.begin(), waiting.end()), waiting.end());
  s.agenda.release(waiting, kHeldByTag);
  s.agenda.release(std::move(waiting), kHeldByTurn);
  s.noteFocus();
}

void Session::State::passOver(ActivationSlot slot, Held why) {
  passedOver.emplace_back(agenda.at(slot).id, slot);
  agenda.hold(slot, why);
}

// Nothing more fires in this turn.
void Session::State::spendTurn() {
  turnSpent = true;
  for (const ActivationSlot slot : agenda.inOrder()) passOver(slot, kHeldByTurn);
}

// Single pass: on to the next rule that has something to fire.
void Session::State::advancePass() {
  const auto canFire = [&](const std::pair<ActivationId, ActivationSlot>& each) {
    return agenda.at(each.second).id == each.first && agenda.at(each.second).ready() &&
           agenda.isOpen(each.second);
  };
  while (!turnSpent) {
    while (!pass->turn.empty() && !canFire(pass->turn.back())) pass->turn.pop_back();
    if (!pass->turn.empty()) return;
    if (pass->rank == pass->waiting.size()) {
      spendTurn();
      return;
    }
    pass->turn = std::move(pass->waiting[pass->rank++]);
    pass->turn.erase(std::remove_if(pass->turn.begin(), pass->turn.end(),
                                    [&](const auto& each) { return !canFire(each); }),
                     pass->turn.end());
    std::sort(pass->turn.begin(), pass->turn.end(),
              [&](const auto& a, const auto& b) { return agenda.firesBefore(b.second, a.second); });
  }
}

bool Session::ready() {
  State& s = *state_;
  s.agenda.dropIdle();
  s.noteFocus();
  if (!s.pass) return s.agenda.ready();
  s.advancePass();
  return !s.turnSpent;
}

}  // namespace reticle
