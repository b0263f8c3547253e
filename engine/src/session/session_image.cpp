// A session's state written down without its network, and taken in by another one.
//
// The network is filled with all facts first. Which match is which activation is decided only then:
// while facts come in one by one, matches come and go that the whole state does not have.

#include "session/session_image.h"

#include <algorithm>

#include "session/match_place.h"
#include "session/state.h"

namespace reticle {

// --- telling

namespace {

SessionImage::Fact imageOf(const Session::State& s, const StoredFact& stored) {
  SessionImage::Fact fact;
  fact.id = stored.id;
  fact.type = stored.type;
  fact.logical = stored.logical;
  fact.recency = stored.recency;
  fact.fields.assign(stored.fields().begin(), stored.fields().end());
  const std::optional<Reasons::Derivation> made = s.reasons.find(stored.id);
  if (!made) return fact;
  fact.derivedBy = made->rule;
  fact.derivedIn = made->change;
  fact.derivedFrom = made->facts;
  for (const Reasons::Then& then : made->facts) {
    const Reasons::Past* past = s.reasons.past(then);
    fact.past.push_back(past ? std::optional(*past) : std::nullopt);
  }
  return fact;
}

}  // namespace

SessionImage Session::image() const {
  const State& s = *state_;
  SessionImage image;
  image.now = s.calendar.now();
  image.changes = s.changes.count();
  image.nextEvent = s.events.nextNumber();
  image.nextFact = s.memory.nextId();
  image.nextActivation = s.agenda.nextId();
  image.clockFact = s.clock.zones().empty() ? kNoFact : s.clock.zones()[0].fact;
  image.currentFact = s.events.currentFact();
  for (const FactId id : s.memory.all()) {
    image.facts.push_back(imageOf(s, *s.memory.find(id)));
    if (const auto* keepers = s.truths.supportsOf(id)) {
      for (const ActivationSlot keeper : *keepers) {
        image.supports.emplace_back(id, s.agenda.at(keeper).id);
      }
    }
  }
  for (const ActivationSlot slot : inPlaceOrder(s)) {
    const Activation& activation = s.agenda.at(slot);
    image.matches.push_back({activation.id, activation.recency, activation.fired});
  }
  image.once = s.control.once().fired();
  for (const std::uint32_t group : s.agenda.focused()) {
    image.focus.push_back(s.agenda.plan().groups[group]);
  }
  if (const Event* current = s.events.current()) image.current = *current;
  image.queue = s.events.waiting();
  image.nextWaiting = s.waiting.nextNumber();
  for (const auto& [number, each] : s.waiting.all()) {
    image.waiting.push_back({number, each.due, each.name, each.event});
  }
  image.seen.assign(s.seen.all().begin(), s.seen.all().end());
  return image;
}

// --- taking in

namespace {

// The facts, into working memory and the network.
Status fill(Session::State& s, const SessionImage& image) {
  for (const SessionImage::Fact& fact : image.facts) {
    if (index(fact.type) >= s.program.types.size() ||
        fact.fields.size() != s.program.type(fact.type).fields.size() ||
        index(fact.id) < index(s.memory.nextId())) {
      return Error{ErrorCode::Corrupt,
                   "a fact of the state that was kept does not fit the program"};
    }
    s.memory.add(fact.type, std::vector<Value>(fact.fields), fact.logical, fact.recency, fact.id);
    const SlotId slot = s.memory.slotOf(fact.id);
    const StoredFact& stored = s.memory.at(slot);
    s.digest.toggle(stored);
    s.calendar.schedule(s.expiryOf(stored));
    if (fact.logical) s.truths.add(stored, slot);
    s.matcher.add(fact.id);
  }
  s.memory.countFrom(image.nextFact);
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.derivedBy == kNoRule) continue;
    s.reasons.restore(fact.id, {fact.derivedBy, fact.derivedIn, fact.derivedFrom}, fact.past);
  }
  return Done{};
}

// Groups that this program does not have are dropped.
Status takeFocus(Session::State& s, const std::vector<std::string>& groups) {
  std::vector<Value> focus;
  for (const std::string& group : groups) {
    if (s.agenda.plan().findGroup(group)) focus.push_back(Value::string(group));
  }
  return s.setFocus(focus);
}

}  // namespace

Status Session::State::take(const SessionImage& image, const MatchesFor& matchesFor) {
  // Nothing of this is news: it is neither recorded nor does it change the focus.
  decisions.setRecovering(true);
  agenda.setAutoFocus(false);
  beginClock(image.now);
  changes.countFrom(image.changes);
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.type == BuiltinClock::kType) clock.adopt(fact.id, fact.fields);
  }
  events.restore(image.nextEvent, image.current, image.currentFact, image.queue);
  for (const SessionImage::Waiting& each : image.waiting) {
    waiting.restore(each.number, {each.due, each.name, each.event});
    calendar.schedule(Timer{each.due, Timer::Kind::Event, each.number});
  }
  waiting.countFrom(image.nextWaiting);
  for (const SeenEvents::Seen& each : image.seen) seen.add(each.source, each.id, each.fingerprint);
  for (const auto& [rule, value] : image.once) control.once().remember(rule, value);
  arrived.begin();
  matcher.begin();
  matcher.deferQueries();
  if (Status filled = fill(*this, image); !filled) return filled;
  matcher.askQueries();

  std::vector<NewMatch> batch = arrived.end();
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

  if (Status set = takeFocus(*this, image.focus); !set) return set;
  for (const auto& [fact, id] : image.supports) {
    const ActivationSlot slot = agenda.find(id);
    if (slot != kNoActivation && memory.find(fact)) addSupport(fact, slot, id);
  }
  for (const SessionImage::Fact& fact : image.facts) {
    if (fact.logical && !truths.isSupported(fact.id)) truths.support(fact.id, kNoActivation);
  }
  agenda.setAutoFocus(true);
  decisions.setRecovering(false);
  return Done{};
}

Status Session::restore(const SessionImage& image) {
  auto fresh = std::make_unique<State>(*this, state_->program, state_->network, state_->options,
                                       state_->tracer);
  fresh->decisions.connect(state_->decisions.sink());
  fresh->effects = state_->effects;
  fresh->queries = state_->queries;
  // The image lists activations in the order of their places.
  const auto byPlace = [&](const State& filled, const std::vector<NewMatch>& batch) {
    std::vector<std::pair<MatchPlace, std::size_t>> placed;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      placed.emplace_back(placeOf(filled, batch[i].rule, batch[i].token), i);
    }
    std::sort(placed.begin(), placed.end());
    std::vector<SessionImage::Match> matches(placed.size() == image.matches.size() ? batch.size()
                                                                                   : 0);
    for (std::size_t i = 0; i < matches.size(); ++i) matches[placed[i].second] = image.matches[i];
    return matches;
  };
  filling_ = fresh.get();
  Status taken = fresh->take(image, byPlace);
  filling_ = nullptr;
  if (!taken) return taken;
  state_ = std::move(fresh);
  return Done{};
}

}  // namespace reticle
