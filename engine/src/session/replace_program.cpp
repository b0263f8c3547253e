// Other rules for the same facts: the state is told without its network, translated, and taken in
// by a new one.

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/value_codec.h"
#include "model/meaning.h"
#include "session/session_image.h"
#include "session/state.h"

namespace reticle {

SessionImage Session::image() const {
  const State& s = *state_;
  SessionImage image;
  image.now = s.now;
  image.changes = s.changes;
  image.nextEvent = s.nextEvent;
  image.nextFact = s.memory.nextId();
  image.nextActivation = s.agenda.nextId();
  image.clockFact = s.clockFact;
  image.currentFact = s.currentFact;
  for (const FactId id : s.memory.all()) {
    const StoredFact& stored = *s.memory.find(id);
    SessionImage::Fact fact{id,
                            stored.type,
                            stored.logical,
                            stored.recency,
                            {stored.fields().begin(), stored.fields().end()},
                            kNoRule,
                            0,
                            {},
                            {}};
    if (const std::optional<Reasons::Derivation> made = s.reasons.find(id)) {
      fact.derivedBy = made->rule;
      fact.derivedIn = made->change;
      fact.derivedFrom = made->facts;
      for (const Reasons::Then& then : made->facts) {
        const Reasons::Past* past = s.reasons.past(then);
        fact.past.push_back(past ? std::optional(*past) : std::nullopt);
      }
    }
    image.facts.push_back(std::move(fact));
    if (const auto* keepers = s.supports.find(index(id))) {
      for (const ActivationSlot keeper : *keepers) {
        image.supports.emplace_back(id, s.agenda.at(keeper).id);
      }
    }
  }
  for (const ActivationSlot slot : s.inPlaceOrder()) {
    image.matches.push_back(
        {s.agenda.at(slot).id, s.agenda.at(slot).recency, s.agenda.at(slot).fired});
  }
  image.once = s.once.fired();
  for (const std::uint32_t group : s.agenda.focused()) {
    image.focus.push_back(s.agenda.plan().groups[group]);
  }
  image.current = s.current;
  image.queue = s.queue;
  return image;
}

// Places matches in an order that every build and every filling of the network agrees on. Matches
// that it cannot tell apart are alike in all that counts.
Session::State::Place Session::State::placeOf(RuleId rule, TokenId token) const {
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(token, rows, locals);
  locals.resize(program.rules[index(rule)].conditionLocals);
  ByteWriter bytes;
  encodeValues(bytes, locals);
  return {rule, matcher.factsOf(token), bytes.take()};
}

// All activations in the order of their places; of equal ones the older one first.
std::vector<ActivationSlot> Session::State::inPlaceOrder() const {
  std::vector<std::pair<Place, ActivationSlot>> placed;
  for (const ActivationSlot slot : agenda.all()) {
    placed.emplace_back(placeOf(agenda.at(slot).rule, agenda.at(slot).token), slot);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ActivationSlot> out;
  for (const auto& [place, slot] : placed) out.push_back(slot);
  return out;
}

// --- taking a state in

// Requires: nothing has been done with it yet. `matchesFor` says of each match, in order, which
// activation it is.
Status Session::State::take(const SessionImage& image, const MatchesFor& matchesFor) {
  recovering = true;
  agenda.setAutoFocus(false);
  beginClock(image.now);
  changes = image.changes;
  nextEvent = image.nextEvent;
  clockFact = image.clockFact;
  currentFact = image.currentFact;
  current = image.current;
  queue = image.queue;
  for (const auto& [rule, value] : image.once) once.remember(rule, value);
  filling = true;
  matcher.begin();
  for (const SessionImage::Fact& fact : image.facts) {
    if (index(fact.type) >= program.types.size() ||
        fact.fields.size() != program.type(fact.type).fields.size() ||
        index(fact.id) < index(memory.nextId())) {
      return Error{ErrorCode::Corrupt,
                   "a fact of the state that was kept does not fit the program"};
    }
    memory.add(fact.type, std::vector<Value>(fact.fields), fact.logical, fact.recency, fact.id);
    const StoredFact& stored = *memory.find(fact.id);
    toggleFact(stored);
    if (const std::optional<Timer> expiry = expiryOf(stored)) timers.schedule(*expiry);
    if (fact.logical) {
      supports[index(fact.id)];
      logicalByContent.add(contentHash(fact.type, stored.fields()),
                           static_cast<std::uint32_t>(memory.slotOf(fact.id)));
    }
    matcher.add(fact.id);
  }
  memory.countFrom(image.nextFact);
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.derivedBy != kNoRule) {
      reasons.restore(fact.id, {fact.derivedBy, fact.derivedIn, fact.derivedFrom}, fact.past);
    }
  }
  filling = false;

  std::vector<NewMatch> batch = std::move(arrived);
  arrived.clear();
  batch.erase(std::remove_if(batch.begin(), batch.end(),
                             [](const NewMatch& match) { return match.token == kNoToken; }),
              batch.end());
  matcher.sort(batch);
  const std::vector<SessionImage::Match> matches = matchesFor(*this, batch);
  if (matches.size() != batch.size()) {
    return Error{ErrorCode::Mismatch,
                 "the state that was kept has other matches than this program",
                 {},
                 "open the journal with the program that wrote it"};
  }
  for (std::size_t i = 0; i < batch.size(); ++i) adopt(batch[i], matches[i]);
  agenda.countFrom(image.nextActivation);

  std::vector<Value> focus;
  for (const std::string& group : image.focus) {
    if (agenda.plan().findGroup(group)) focus.push_back(Value::string(group));
  }
  if (Status set = setFocus(focus); !set) return set;
  for (const auto& [fact, id] : image.supports) {
    const ActivationSlot slot = agenda.find(id);
    if (slot != kNoActivation && memory.find(fact)) addSupport(fact, slot, id);
  }
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.logical && supports[index(fact.id)].empty()) unsupported.insert(fact.id);
  }
  agenda.setAutoFocus(true);
  recovering = false;
  return Done{};
}

void Session::State::adopt(const NewMatch& match, const SessionImage::Match& as) {
  const model::Rule& rule = program.rules[index(match.rule)];
  Activation activation;
  activation.id = as.id;
  activation.rule = match.rule;
  activation.token = match.token;
  activation.salience =
      rule.fixedSalience ? *rule.fixedSalience : computedSalience(rule, match.token);
  activation.recency = as.recency;
  activation.fired = as.fired;
  std::optional<Value> onceFor;
  if (!activation.fired) {
    activation.held = heldFor(rule);
    if (rule.once && !(onceFor = onceValue(rule, match.token))) activation.held |= kHeldByError;
  }
  if (!activation.fired && waitsForMoments(match.rule)) activation.held |= kHeldByMoment;
  const ActivationSlot slot = agenda.adopt(activation, tagsOf(match.token));
  matcher.setActivation(match.token, slot);
  if (waitsForMoments(match.rule)) parked[match.rule].emplace(index(activation.id), slot);
  ++ruleCounters[index(match.rule)].matches;
  if (activation.fired) return;
  if (onceFor) once.wait(rule.id, *onceFor, activation.id, slot);
  enterControl(rule, slot);
  toggleActivation(agenda.at(slot));
}

// --- from one program to another

namespace {

class Translation {
 public:
  Translation(const model::Program& from, const model::Program& to) : from_(from), to_(to) {
    std::map<std::string, const model::Rule*> known;
    for (const model::Rule& rule : to.rules) known[rule.name] = &rule;
    for (const model::Rule& rule : from.rules) {
      const auto found = known.find(rule.name);
      const bool same =
          found != known.end() && meaningOf(from, rule) == meaningOf(to, *found->second);
      ruleTo.push_back(same ? found->second->id : kNoRule);
    }
  }

  std::vector<RuleId> ruleTo;  // by old rule: the new one that means the same

  // The type that holds what the old one held; nothing when there is none.
  std::optional<TypeId> typeTo(TypeId id) const {
    const model::FactType& type = from_.type(id);
    if (type.changeOf) {
      const std::optional<TypeId> subject = typeTo(type.changeOf->first);
      if (!subject) return std::nullopt;
      const auto found = to_.changeTypes.find({*subject, type.changeOf->second});
      return found == to_.changeTypes.end() ? std::nullopt : std::optional(found->second);
    }
    const model::FactType* same = to_.findType(type.name);
    return same && model::shapeOf(type) == model::shapeOf(*same) ? std::optional(same->id)
                                                                 : std::nullopt;
  }

  Status check(TypeId id, const std::string& what) const {
    if (typeTo(id)) return Done{};
    const std::string& name = from_.type(id).name;
    const std::string how = to_.findType(name) ? "declares `" + name + "` with other fields"
                                               : "does not declare `" + name + "`";
    return Error{ErrorCode::BadInput,
                 "the new program " + how + ", and there are " + what + " of this type", name,
                 "keep the type as it was, or retract what there is of it first"};
  }

  // Requires: its type has passed check().
  void event(Event& event) const {
    if (event.property.empty()) {
      event.type = *typeTo(event.type);
      return;
    }
    event.matched = false;
    event.type = TypeId{};
  }

 private:
  const model::Program& from_;
  const model::Program& to_;
};

}  // namespace

// Whether a property change is matched in this program depends on who listens.
void Session::State::relisten(Event& event) const {
  const StoredFact* stored = event.property.empty() ? nullptr : memory.find(event.fact);
  if (!stored) return;
  const auto field = program.type(stored->type).find(event.property);
  if (!field) return;
  const auto listened = program.changeTypes.find({stored->type, *field});
  event.matched = listened != program.changeTypes.end();
  if (event.matched) event.type = listened->second;
}

Status Session::canReplace(const model::Program& next) const {
  const State& s = *state_;
  const Translation translation(s.program, next);
  for (const model::FactType& type : s.program.types) {
    if (s.memory.count(type.id) == 0 || type.changeOf) continue;
    if (Status fits =
            translation.check(type.id, type.kind == model::FactKind::Event     ? "events"
                                       : type.kind == model::FactKind::Subject ? "subjects"
                                                                               : "facts");
        !fits) {
      return fits;
    }
  }
  std::vector<Event> waiting(s.queue.begin(), s.queue.end());
  if (s.current) waiting.push_back(*s.current);
  for (const Event& event : waiting) {
    if (event.property.empty()) {
      if (Status fits = translation.check(event.type, "events that have not had their turn");
          !fits) {
        return fits;
      }
    }
  }
  return Done{};
}

Replaced Session::replace(const model::Program& next, const Network& network) {
  State& old = *state_;
  const Translation translation(old.program, next);
  SessionImage image = this->image();
  ++image.changes;

  // What was ready, by name of rule; and the activations that go on, by rule and facts.
  std::map<std::string, std::set<ActivationId>> before;
  std::map<State::Place, std::deque<SessionImage::Match>> kept;
  std::set<ActivationId> goingOn;
  for (const ActivationSlot slot : old.agenda.all()) {
    const Activation& activation = old.agenda.at(slot);
    const model::Rule& rule = old.program.rules[index(activation.rule)];
    if (!activation.fired) before[rule.name].insert(activation.id);
    const RuleId to = translation.ruleTo[index(activation.rule)];
    if (to == kNoRule) continue;
    State::Place place = old.placeOf(activation.rule, activation.token);
    place.rule = to;
    kept[place].push_back({activation.id, activation.recency, activation.fired});
    goingOn.insert(activation.id);
  }
  const auto matchesFor = [&](const State& fresh, const std::vector<NewMatch>& batch) {
    std::vector<SessionImage::Match> matches;
    for (const NewMatch& match : batch) {
      const auto group = kept.find(fresh.placeOf(match.rule, match.token));
      if (group != kept.end() && !group->second.empty()) {
        matches.push_back(group->second.front());
        group->second.pop_front();
        continue;
      }
      matches.push_back({image.nextActivation, fresh.changes, false});
      image.nextActivation = ActivationId{index(image.nextActivation) + 1};
    }
    return matches;
  };

  // Translated: types by name, rules by meaning; what only the old program knew is left behind.
  image.facts.erase(std::remove_if(image.facts.begin(), image.facts.end(),
                                   [&](const SessionImage::Fact& fact) {
                                     return !translation.typeTo(fact.type);
                                   }),
                    image.facts.end());
  if (image.current && image.currentFact != kNoFact &&
      !translation.typeTo(old.memory.find(image.currentFact)->type)) {
    image.currentFact = kNoFact;
  }
  for (SessionImage::Fact& fact : image.facts) {
    const model::FactType& was = old.program.type(fact.type);
    fact.type = *translation.typeTo(fact.type);
    fact.fields = old.refit(was, next.type(fact.type), std::move(fact.fields), fact.id,
                            fact.id == image.currentFact);
    if (fact.derivedBy != kNoRule) fact.derivedBy = translation.ruleTo[index(fact.derivedBy)];
    for (std::optional<Reasons::Past>& past : fact.past) {
      const std::optional<TypeId> to = past ? translation.typeTo(past->type) : std::nullopt;
      if (to) {
        past->type = *to;
      } else {
        past.reset();
      }
    }
  }
  std::vector<std::pair<RuleId, Value>> once;
  for (const auto& [rule, value] : image.once) {
    if (translation.ruleTo[index(rule)] != kNoRule) {
      once.emplace_back(translation.ruleTo[index(rule)], value);
    }
  }
  image.once = std::move(once);
  image.supports.erase(
      std::remove_if(image.supports.begin(), image.supports.end(),
                     [&](const auto& each) { return goingOn.count(each.second) == 0; }),
      image.supports.end());
  if (image.current) translation.event(*image.current);
  for (Event& event : image.queue) translation.event(event);

  if (old.tracer.on()) {
    old.tracer.record({.body = trace::Replace{"the rules are replaced"}});
  }
  auto fresh = std::make_unique<State>(*this, next, network, old.options, old.tracer);
  fresh->fitClock(image);
  [[maybe_unused]] const Status taken = fresh->take(image, matchesFor);
  assert(taken.ok() && "what one program held is translated for the other");
  fresh->halted = false;
  for (Event& event : fresh->queue) fresh->relisten(event);
  if (fresh->current && fresh->currentFact != kNoFact) fresh->relisten(*fresh->current);
  Recorder* const recorder = old.recorder;
  fresh->effects = old.effects;

  Replaced report;
  const std::vector<model::Rule>& rulesBefore = old.program.rules;
  for (const model::Rule& rule : next.rules) {
    const auto was = std::find_if(rulesBefore.begin(), rulesBefore.end(),
                                  [&](const model::Rule& each) { return each.name == rule.name; });
    const Replaced::Fate fate = was == rulesBefore.end() ? Replaced::Fate::Added
                                : translation.ruleTo[index(was->id)] == rule.id
                                    ? Replaced::Fate::Same
                                    : Replaced::Fate::Changed;
    report.rules.push_back({rule.name, fate, 0, 0});
  }
  for (const model::Rule& rule : rulesBefore) {
    if (std::none_of(next.rules.begin(), next.rules.end(),
                     [&](const model::Rule& each) { return each.name == rule.name; })) {
      report.rules.push_back({rule.name, Replaced::Fate::Removed, 0, 0});
    }
  }

  state_ = std::move(fresh);
  for (const ActivationSlot slot : state_->agenda.all()) {
    if (!state_->agenda.at(slot).fired) state_->traceActivation(slot);
  }
  state_->retractUnsupported();
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.logical && !state_->memory.find(fact.id)) report.withdrawn.push_back(fact.id);
  }

  std::map<std::string, std::set<ActivationId>> after;
  for (const ActivationSlot slot : state_->agenda.all()) {
    const Activation& activation = state_->agenda.at(slot);
    const std::string& name = next.rules[index(activation.rule)].name;
    if (activation.fired) continue;
    after[name].insert(activation.id);
    if (before[name].count(activation.id) != 0) continue;
    const RuleOrder& order = state_->agenda.plan().rules[index(activation.rule)];
    if (order.autoFocus && activation.ready()) state_->agenda.focus(order.group);
  }
  state_->noteFocus();
  state_->recorder = recorder;
  for (Replaced::Rule& rule : report.rules) {
    for (const ActivationId id : after[rule.name]) rule.gained += before[rule.name].count(id) == 0;
    for (const ActivationId id : before[rule.name]) rule.lost += after[rule.name].count(id) == 0;
  }
  return report;
}

Status Session::restore(const SessionImage& image) {
  auto fresh = std::make_unique<State>(*this, state_->program, state_->network, state_->options,
                                       state_->tracer);
  fresh->recorder = state_->recorder;
  fresh->effects = state_->effects;
  const auto inPlaceOrder = [&](const State& filled, const std::vector<NewMatch>& batch) {
    std::vector<std::pair<State::Place, std::size_t>> placed;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      placed.emplace_back(filled.placeOf(batch[i].rule, batch[i].token), i);
    }
    std::sort(placed.begin(), placed.end());
    std::vector<SessionImage::Match> matches(placed.size() == image.matches.size() ? batch.size()
                                                                                   : 0);
    for (std::size_t i = 0; i < matches.size(); ++i) matches[placed[i].second] = image.matches[i];
    return matches;
  };
  Status taken = fresh->take(image, inPlaceOrder);
  if (!taken) return taken;
  state_ = std::move(fresh);
  return Done{};
}

}  // namespace reticle
