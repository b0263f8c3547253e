// Other rules for the same facts: the state is written down without its network, translated, and
// taken in by a new one. What only the old program knew is dropped.

#include <algorithm>
#include <cassert>
#include <deque>
#include <map>
#include <set>

#include "model/meaning.h"
#include "session/match_place.h"
#include "session/state.h"

namespace reticle {

// --- from one program to another

namespace {

const char* pluralOf(model::FactKind kind) {
  switch (kind) {
    case model::FactKind::Fact: return "facts";
    case model::FactKind::Subject: return "subjects";
    case model::FactKind::Event: return "events";
  }
  return "facts";
}

// What things of the old program are in the new one: types by name and shape, rules by name and
// meaning.
class Translation {
 public:
  Translation(const model::Program& from, const model::Program& to) : from_(from), to_(to) {
    std::map<std::string, const model::Rule*> known;
    for (const model::Rule& rule : to.rules) known[rule.name] = &rule;
    for (const model::Rule& rule : from.rules) {
      const auto found = known.find(rule.name);
      const bool same =
          found != known.end() && meaningOf(from, rule) == meaningOf(to, *found->second);
      ruleTo_.push_back(same ? found->second->id : kNoRule);
    }
  }

  // The new rule that means the same; kNoRule when there is none, or none was asked for.
  RuleId ruleTo(RuleId rule) const { return rule == kNoRule ? kNoRule : ruleTo_[index(rule)]; }

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
    event.by = kNoRule;
    if (!event.ofSubject()) {
      event.type = *typeTo(event.type);
      return;
    }
    event.matched = false;
    event.type = TypeId{};
  }

 private:
  const model::Program& from_;
  const model::Program& to_;
  std::vector<RuleId> ruleTo_;  // by old rule
};

}  // namespace

Status Session::canReplace(const model::Program& next) const {
  const State& s = *state_;
  const Translation translation(s.program, next);
  for (const model::FactType& type : s.program.types) {
    if (s.memory.count(type.id) == 0 || type.changeOf) continue;
    if (Status fits = translation.check(type.id, pluralOf(type.kind)); !fits) return fits;
  }
  std::vector<Event> waiting(s.events.waiting().begin(), s.events.waiting().end());
  if (const Event* current = s.events.current()) waiting.push_back(*current);
  for (const auto& [number, each] : s.waiting.all()) waiting.push_back(each.event);
  for (const Event& event : waiting) {
    if (!event.ofSubject()) {
      if (Status fits = translation.check(event.type, "events that have not had their turn");
          !fits) {
        return fits;
      }
    }
  }
  return Done{};
}

namespace {

// --- what becomes of the state

// The image of a session in the terms of another program.
SessionImage translated(const Session::State& old, const Translation& translation,
                        const model::Program& next, SessionImage image) {
  const std::vector<SessionImage::Fact> facts = std::move(image.facts);
  image.facts.clear();
  for (const SessionImage::Fact& was : facts) {
    const std::optional<TypeId> type = translation.typeTo(was.type);
    if (!type) {
      if (was.id == image.currentFact) image.currentFact = kNoFact;
      continue;
    }
    SessionImage::Fact fact = was;
    fact.type = *type;
    fact.fields = old.internals.refit(old.program.type(was.type), next.type(*type), was.fields,
                                      was.id, was.id == image.currentFact);
    fact.derivedBy = translation.ruleTo(was.derivedBy);
    for (std::optional<Reasons::Past>& past : fact.past) {
      const std::optional<TypeId> to = past ? translation.typeTo(past->type) : std::nullopt;
      if (to) {
        past->type = *to;
      } else {
        past.reset();
      }
    }
    image.facts.push_back(std::move(fact));
  }
  std::vector<std::pair<RuleId, Value>> once;
  for (const auto& [rule, value] : image.once) {
    if (translation.ruleTo(rule) != kNoRule) once.emplace_back(translation.ruleTo(rule), value);
  }
  image.once = std::move(once);
  if (image.current) translation.event(*image.current);
  for (Event& event : image.queue) translation.event(event);
  for (SessionImage::Waiting& each : image.waiting) translation.event(each.event);
  return image;
}

// With the Clocks that rules of the new program read, without the others.
void fitClock(const BuiltinClock& clock, SessionImage& image) {
  const auto zoneOf = [](const SessionImage::Fact& fact) {
    return fact.type == BuiltinClock::kType
               ? std::string(fact.fields[index(model::kClockZone)].asString())
               : std::string();
  };
  const auto isRead = [&](const std::string& zone) {
    return std::any_of(clock.zones().begin(), clock.zones().end(),
                       [&](const BuiltinClock::Zoned& each) { return each.zone == zone; });
  };
  image.facts.erase(std::remove_if(image.facts.begin(), image.facts.end(),
                                   [&](const SessionImage::Fact& fact) {
                                     const std::string zone = zoneOf(fact);
                                     return !zone.empty() && !isRead(zone);
                                   }),
                    image.facts.end());
  image.clockFact = kNoFact;
  for (const BuiltinClock::Zoned& each : clock.zones()) {
    const auto there =
        std::find_if(image.facts.begin(), image.facts.end(),
                     [&](const SessionImage::Fact& fact) { return zoneOf(fact) == each.zone; });
    FactId id = kNoFact;
    if (there != image.facts.end()) {
      id = there->id;
    } else if (auto fields = clock.fieldsAt(each.zone, image.now)) {
      SessionImage::Fact fact;
      fact.id = id = image.nextFact;
      fact.type = BuiltinClock::kType;
      fact.recency = image.changes;
      fact.fields = std::move(*fields);
      image.nextFact = FactId{index(image.nextFact) + 1};
      image.facts.push_back(std::move(fact));
    }
    if (image.clockFact == kNoFact) image.clockFact = id;
  }
}

// The activations of rules that go on, which keep their ids when their matches are found again.
class KeptActivations {
 public:
  KeptActivations(const Session::State& old, const Translation& translation) {
    for (const ActivationSlot slot : old.agenda.all()) {
      const Activation& activation = old.agenda.at(slot);
      const RuleId to = translation.ruleTo(activation.rule);
      if (to == kNoRule) continue;
      MatchPlace place = placeOf(old, activation.rule, activation.token);
      place.rule = to;
      // A firing that was refused is tried again under the new rules.
      const bool fired = activation.fired && !old.refusals.isRefused(activation.id);
      byPlace_[place].push_back({activation.id, activation.recency, fired});
      ids_.insert(activation.id);
    }
  }

  bool goesOn(ActivationId id) const { return ids_.count(id) != 0; }

  // Which activation each of these matches is: one that goes on, or a new one, numbered from
  // `next`.
  std::vector<SessionImage::Match> assign(const Session::State& fresh,
                                          const std::vector<NewMatch>& batch, ActivationId& next) {
    std::vector<SessionImage::Match> matches;
    for (const NewMatch& match : batch) {
      const auto group = byPlace_.find(placeOf(fresh, match.rule, match.token));
      if (group != byPlace_.end() && !group->second.empty()) {
        matches.push_back(group->second.front());
        group->second.pop_front();
        continue;
      }
      matches.push_back({next, fresh.changes.count(), false});
      next = ActivationId{index(next) + 1};
    }
    return matches;
  }

 private:
  std::map<MatchPlace, std::deque<SessionImage::Match>> byPlace_;
  std::set<ActivationId> ids_;
};

// --- the report

using ReadyByRule = std::map<std::string, std::set<ActivationId>>;

// What has not fired, by name of rule.
ReadyByRule readyByRule(const Session::State& s) {
  ReadyByRule out;
  for (const ActivationSlot slot : s.agenda.all()) {
    const Activation& activation = s.agenda.at(slot);
    if (activation.fired) continue;
    out[s.program.rules[index(activation.rule)].name].insert(activation.id);
  }
  return out;
}

// The rules of the new program, then those that are gone, by name.
std::vector<Replaced::Rule> fatesOf(const std::vector<model::Rule>& before,
                                    const std::vector<model::Rule>& after,
                                    const Translation& translation) {
  std::vector<Replaced::Rule> out;
  const auto named = [](const std::vector<model::Rule>& rules, const std::string& name) {
    return std::find_if(rules.begin(), rules.end(),
                        [&](const model::Rule& each) { return each.name == name; });
  };
  for (const model::Rule& rule : after) {
    const auto was = named(before, rule.name);
    const Replaced::Fate fate = was == before.end()                      ? Replaced::Fate::Added
                                : translation.ruleTo(was->id) == rule.id ? Replaced::Fate::Same
                                                                         : Replaced::Fate::Changed;
    out.push_back({rule.name, fate, 0, 0});
  }
  for (const model::Rule& rule : before) {
    if (named(after, rule.name) == after.end()) {
      out.push_back({rule.name, Replaced::Fate::Removed, 0, 0});
    }
  }
  return out;
}

// How many activations each rule has gained and lost.
void countActivations(const ReadyByRule& before, const ReadyByRule& after,
                      std::vector<Replaced::Rule>& rules) {
  static const std::set<ActivationId> none;
  const auto of = [](const ReadyByRule& ready, const std::string& rule) {
    const auto found = ready.find(rule);
    return found == ready.end() ? none : found->second;
  };
  for (Replaced::Rule& rule : rules) {
    const std::set<ActivationId> was = of(before, rule.name), is = of(after, rule.name);
    for (const ActivationId id : is) rule.gained += was.count(id) == 0;
    for (const ActivationId id : was) rule.lost += is.count(id) == 0;
  }
}

// What is ready for the first time gives its group the focus, as when it is found live.
void focusGained(Session::State& s, const ReadyByRule& before) {
  for (const ActivationSlot slot : s.agenda.all()) {
    const Activation& activation = s.agenda.at(slot);
    const auto was = before.find(s.program.rules[index(activation.rule)].name);
    if (activation.fired || (was != before.end() && was->second.count(activation.id) != 0)) {
      continue;
    }
    const RuleOrder& order = s.agenda.plan().rules[index(activation.rule)];
    if (order.autoFocus && activation.ready()) s.agenda.focus(order.group);
  }
  s.noteFocus();
}

}  // namespace

// The new state is whole before it takes the place of the old one; what follows from the change
// (facts nothing holds up any more, groups that gain the focus) follows in the new one.
Replaced Session::replace(const model::Program& next, const Network& network) {
  State& old = *state_;
  const Translation translation(old.program, next);
  const ReadyByRule before = readyByRule(old);
  KeptActivations kept(old, translation);
  SessionImage image = translated(old, translation, next, this->image());
  ++image.changes;
  image.supports.erase(std::remove_if(image.supports.begin(), image.supports.end(),
                                      [&](const auto& each) { return !kept.goesOn(each.second); }),
                       image.supports.end());

  if (old.tracer.on()) old.tracer.record(records::replaced());
  auto fresh = std::make_unique<State>(*this, next, network, old.options, old.tracer);
  fresh->effects = old.effects;
  fresh->queries = old.queries;
  fitClock(fresh->clock, image);
  const auto matchesFor = [&](const State& filled, const std::vector<NewMatch>& batch) {
    return kept.assign(filled, batch, image.nextActivation);
  };
  filling_ = fresh.get();
  [[maybe_unused]] const Status taken = fresh->take(image, matchesFor);
  filling_ = nullptr;
  assert(taken.ok() && "what one program held is translated for the other");
  fresh->control.setHalted(false);
  fresh->events.reviseEach([&](Event& event) { fresh->relisten(event); });

  Replaced report;
  report.rules = fatesOf(old.program.rules, next.rules, translation);
  DecisionSink* const sink = old.decisions.sink();
  state_ = std::move(fresh);
  State& s = *state_;
  for (const ActivationSlot slot : s.agenda.all()) {
    if (!s.agenda.at(slot).fired) s.traceActivation(slot);
  }
  s.settleTruths();
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.logical && !s.memory.find(fact.id)) report.withdrawn.push_back(fact.id);
  }
  focusGained(s, before);
  s.decisions.connect(sink);  // only now: the image is what the journal keeps of all this
  countActivations(before, readyByRule(s), report.rules);
  return report;
}

}  // namespace reticle
