// From changes to working memory: first all of them are reviewed, then all are carried out, in
// their order; what is set on facts comes last.

#include <algorithm>

#include "session/review.h"
#include "session/state.h"

namespace reticle {

namespace {

class Application {
 public:
  Application(Session::State& state, std::vector<Change>& changes)
      : s_(state), changes_(changes), inserted_(changes.size(), kNoFact) {}

  void carryOut(std::size_t at) {
    Change& change = changes_[at];
    switch (change.kind) {
      case Change::Kind::Insert:
      case Change::Kind::InsertLogical: inserted_[at] = insert(change); break;
      case Change::Kind::Set: break;  // see update()
      case Change::Kind::Retract:
        if (s_.memory.holds(targetOf(change))) s_.retractTold(targetOf(change));
        break;
      case Change::Kind::Emit: emit(change); break;
      case Change::Kind::Start:
        for (Value& value : change.arguments) value = resolvePending(value, inserted_);
        if (s_.effects) {
          s_.effects->startFlow(change.flow, std::move(change.arguments), std::move(change.key));
        }
        break;
      case Change::Kind::Signal:
        for (Value& value : change.values) value = resolvePending(value, inserted_);
        if (s_.effects) {
          s_.effects->signalRun(change.flow, change.key, change.type, std::move(change.values));
        }
        break;
      case Change::Kind::Cancel:
        if (s_.effects) s_.effects->cancelRun(change.flow, change.key);
        break;
      case Change::Kind::CancelEvent: {
        const std::string subject = nameOf(change);
        s_.dropWaiting(change.waitingAs, subject);
        break;
      }
      case Change::Kind::Log:
        if (s_.tracer.on()) s_.tracer.record(records::logged(s_.firing.rule(), change));
        break;
      case Change::Kind::Focus:
        if (change.level == "clear") {
          s_.agenda.setFocus({});
        } else if (!change.level.empty()) {
          s_.agenda.popFocus();
        } else if (const auto group = s_.agenda.plan().findGroup(change.text)) {
          s_.agenda.focus(*group);
        }
        s_.noteFocus();
        break;
      case Change::Kind::Refresh: s_.refresh(change.text); break;
      case Change::Kind::Halt:
        s_.control.setHalted(true);
        s_.decisions.record(Decision::Kind::Halt);
        if (s_.tracer.on()) s_.tracer.record(records::halted(s_.firing.rule()));
        break;
    }
  }

  void update(const Review::Update& update) {
    if (!s_.memory.holds(update.fact)) return;  // what came before has ended it
    const StoredFact& stored = *s_.memory.find(update.fact);
    const model::FactType& type = s_.program.type(stored.type);
    Assignment assignment;
    std::vector<Value> next(stored.fields().begin(), stored.fields().end());
    for (const auto& [field, value] : update.assignment) {
      const bool declared = index(field) < type.declared;
      assignment.emplace_back(field,
                              declared ? resolvePending(value, inserted_) : entriesOf(value));
      next[index(field)] = assignment.back().second;
    }
    // A `where` that looks through a reference may see another fact than at the review, since the
    // list has changed it meanwhile. What it refuses now is left as it was.
    if (Status fits = s_.checks.checkFields(type, next); fits) {
      s_.setFields(update.fact, assignment, false, update.muted, update.unset);
    } else if (s_.tracer.on()) {
      s_.tracer.record(records::failed(s_.firing.rule(), fits.error(), "set"));
    }
  }

  std::vector<FactId> takeInserted() { return std::move(inserted_); }

 private:
  FactId targetOf(const Change& change) const {
    return change.pending ? inserted_[change.pending - 1] : change.fact;
  }

  // The open property of a subject, of which entries may be pending.
  Value entriesOf(const Value& open) const {
    Value::Map entries = open.asMap();
    for (auto& [name, value] : entries) value = resolvePending(value, inserted_);
    return Value::map(std::move(entries));
  }

  // The review has made sure that what stands where it would may stay or give way.
  FactId insert(Change& change) {
    const Firing& firing = s_.firing;
    // Without a rule there is no match that could support it.
    const bool logical = change.kind == Change::Kind::InsertLogical && firing.rule() != kNoRule;
    for (Value& value : change.values) value = resolvePending(value, inserted_);
    FactId twin = s_.checks.twin(change.type, change.values);
    if (logical && twin == kNoFact && s_.program.type(change.type).keys.empty()) {
      twin = s_.truths.findEqual(change.type, change.values);
    }
    if (twin == kNoFact) {
      const FactId fact =
          s_.assertFact(change.type, change.values, logical, firing.rule(), firing.facts());
      if (logical) s_.addSupport(fact, firing.slot(s_.agenda), firing.activation());
      return fact;
    }
    if (!logical) {
      if (s_.program.type(change.type).asSet && !s_.memory.find(twin)->logical) return twin;
      s_.stateAs(twin, change.values);
    } else {  // a stated fact of the same key wins, and has one more reason underneath
      s_.addSupport(twin, firing.slot(s_.agenda), firing.activation());
    }
    return twin;
  }

  // To a subject by reference, or by its name; one that is gone by now gets nothing.
  void emit(Change& change) {
    Event event;
    event.type = change.type;
    for (Value& value : change.values) value = resolvePending(value, inserted_);
    event.values = change.values;
    event.subject = nameOf(change);
    event.deliver = change.deliver;
    if (targetOf(change) != kNoFact && !s_.memory.find(targetOf(change)) && s_.tracer.on()) {
      s_.tracer.record(records::noSubject(s_.firing.rule(), s_.program.type(change.type),
                                          "any more to which it could go"));
    }
    event.id = s_.events.takeId();
    s_.aim(event);
    if (change.due && *change.due > s_.calendar.now()) {
      return s_.await(std::move(event), *change.due, std::move(change.waitingAs));
    }
    s_.dropWaiting(change.waitingAs, event.subject);
    s_.traceRaised(event);
    s_.raise(std::move(event));
  }

  // Of the subject that an event is for.
  std::string nameOf(const Change& change) const {
    const StoredFact* stored = s_.memory.find(targetOf(change));
    if (!stored) return change.subject;
    const model::FactType& type = s_.program.type(stored->type);
    if (type.kind != model::FactKind::Subject) return change.subject;
    return std::string(stored->fields()[type.declared].asString());
  }

  Session::State& s_;
  std::vector<Change>& changes_;
  std::vector<FactId> inserted_;  // by position in the list
};

}  // namespace

Status Session::insertGiven() {
  std::vector<Value> locals(state_->program.givenLocals);
  std::vector<Change> changes;
  const Status wanted = evaluate(state_->program.given, nullptr, locals, changes);
  return wanted ? apply(std::move(changes)) : wanted;
}

Status Session::apply(std::vector<Change> changes, std::vector<FactId>* inserted) {
  State& s = *state_;
  Review review(s, changes);
  if (Status sound = review.check(); !sound) {
    s.inTheWay = review.inTheWay();
    return sound;
  }

  Application application(s, changes);
  // What is inserted after a retraction rests on the facts as they were before it.
  const bool retracts = s.firing.rule() != kNoRule &&
                        std::any_of(changes.begin(), changes.end(), [](const Change& change) {
                          return change.kind == Change::Kind::Retract;
                        });
  if (retracts) s.reasons.pin(s.firing.facts());
  for (std::size_t i = 0; i < changes.size(); ++i) application.carryOut(i);
  for (const Review::Update& update : review.updates()) application.update(update);
  if (retracts) s.reasons.pin({});
  s.settleTruths();
  if (inserted) *inserted = application.takeInserted();
  return Done{};
}

}  // namespace reticle
