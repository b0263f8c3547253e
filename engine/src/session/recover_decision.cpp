// Applying recorded decisions: the same elementary changes in the same order give the same facts,
// matches and activations, with the same ids, without a rule being fired. What does not fit the
// state is a mismatch: another program wrote the journal.

#include <utility>

#include "session/state.h"

namespace reticle {

namespace {

Error mismatch(const std::string& what) {
  return Error{ErrorCode::Mismatch, what, {}, "open the journal with the program that wrote it"};
}

// One decision, in the state that the decisions before it made.
class RecordedDecision {
 public:
  RecordedDecision(Session::State& state, const Decision& decision)
      : s_(state), decision_(decision) {}

  Status apply() {
    switch (decision_.kind) {
      case Decision::Kind::Assert: return assertFact();
      case Decision::Kind::Update: return update();
      case Decision::Kind::Retract: return retract();
      case Decision::Kind::Support: return support();
      case Decision::Kind::Fire: return fire();
      case Decision::Kind::Raise: return raise();
      case Decision::Kind::Begin: return beginEvent();
      case Decision::Kind::End: return endEvent();
      case Decision::Kind::Halt: s_.control.setHalted(true); return Done{};
      case Decision::Kind::Rest: s_.settleFacts(); return Done{};
      case Decision::Kind::Refuse: return refuse();
      case Decision::Kind::Rearm: return rearm();
      case Decision::Kind::Settle: s_.returns.clear(); return Done{};
      case Decision::Kind::Salience: return salience();
      case Decision::Kind::Clock: return moveClock();
      case Decision::Kind::Focus: return s_.setFocus(decision_.values);
      case Decision::Kind::Timer: return moment();
      case Decision::Kind::Wait: return await();
      case Decision::Kind::Drop: return drop();
      case Decision::Kind::Run:
      case Decision::Kind::Wake:
      case Decision::Kind::Output: return Done{};  // the flows' own
    }
    return Done{};
  }

 private:
  // Refuses a decision about a fact that is not there. `does`: "updates".
  Status checkHeld(const char* does) const {
    if (s_.memory.find(decision_.fact)) return Done{};
    return mismatch(std::string("the journal ") + does + " fact " +
                    std::to_string(index(decision_.fact)) + ", which is not there");
  }

  Status assertFact() {
    if (index(decision_.type) >= s_.program.types.size() ||
        decision_.values.size() != s_.program.type(decision_.type).fields.size()) {
      return mismatch("the journal asserts a fact of a type that this program does not have");
    }
    if (index(decision_.fact) < index(s_.memory.nextId())) {
      return mismatch("the journal asserts fact " + std::to_string(index(decision_.fact)) +
                      " twice");
    }
    std::vector<Value> values = decision_.values;
    s_.assertFact(decision_.type, values, decision_.flag, decision_.rule, decision_.facts,
                  decision_.fact);
    if (decision_.type == BuiltinClock::kType) s_.clock.adopt(decision_.fact, decision_.values);
    // The first fact of its type after an event began is the event itself.
    const Event* current = s_.events.current();
    if (current && current->matched && s_.events.currentFact() == kNoFact &&
        current->type == decision_.type) {
      s_.events.setCurrentFact(decision_.fact);
    }
    return Done{};
  }

  Status update() {
    if (Status held = checkHeld("updates"); !held) return held;
    const model::FactType& type = s_.program.type(s_.memory.find(decision_.fact)->type);
    for (const auto& [field, value] : decision_.assignment) {
      if (index(field) >= type.fields.size()) {
        return mismatch("the journal sets a field that this program does not have");
      }
    }
    s_.updateFact(decision_.fact, decision_.assignment);
    return Done{};
  }

  Status retract() {
    if (Status held = checkHeld("retracts"); !held) return held;
    if (decision_.fact == s_.events.currentFact()) s_.events.setCurrentFact(kNoFact);
    s_.retractFact(decision_.fact);
    return Done{};
  }

  // Without an activation: the fact was derived, and is stated from now on.
  Status support() {
    if (Status held = checkHeld("supports"); !held) return held;
    if (index(decision_.activation) == 0) {
      s_.makeStated(decision_.fact);
    } else {
      s_.addSupport(decision_.fact, s_.agenda.find(decision_.activation), decision_.activation);
    }
    return Done{};
  }

  // The facts are compared to be sure that this program matches as the one that wrote the journal.
  Status fire() {
    const ActivationSlot slot = s_.agenda.find(decision_.activation);
    if (slot == kNoActivation || s_.agenda.at(slot).fired ||
        s_.agenda.at(slot).rule != decision_.rule ||
        s_.matcher.factsOf(s_.agenda.at(slot).token) != decision_.facts) {
      return mismatch("the journal fires activation " +
                      std::to_string(index(decision_.activation)) +
                      ", which this program does not have there");
    }
    // What it takes from others has decisions of its own.
    if (!decision_.flag) s_.control.takeRivals(slot);
    s_.reasons.pin(decision_.facts);
    s_.markFired(slot, true);
    return Done{};
  }

  // The activation that a decision is about, which has fired.
  Result<ActivationSlot> fired() const {
    const ActivationSlot slot = s_.agenda.find(decision_.activation);
    if (slot != kNoActivation && s_.agenda.at(slot).fired) return slot;
    return mismatch("the journal speaks of activation " +
                    std::to_string(index(decision_.activation)) +
                    ", which has not fired in this program");
  }

  Status refuse() {
    if (Status held = checkHeld("is refused by"); !held) return held;
    const Result<ActivationSlot> slot = fired();
    if (!slot) return slot.error();
    s_.refusals.add(decision_.fact, decision_.activation, *slot);
    return Done{};
  }

  Status salience() {
    const ActivationSlot slot = s_.agenda.find(decision_.activation);
    if (slot == kNoActivation || s_.agenda.at(slot).fired || decision_.values.size() != 1 ||
        decision_.values[0].kind() != ValueKind::Int) {
      return mismatch("the journal orders activation " +
                      std::to_string(index(decision_.activation)) +
                      ", which this program does not have there");
    }
    s_.setSalience(slot, decision_.values[0].asInt());
    return Done{};
  }

  Status rearm() {
    const Result<ActivationSlot> slot = fired();
    if (!slot) return slot.error();
    s_.rearm(*slot);
    return Done{};
  }

  // Its id was given; one of the session's own counts.
  Status raise() {
    if (!decision_.event) return mismatch("the journal raises no event");
    Event event = *decision_.event;
    event.generated = decision_.flag || !event.fromOutside;
    const auto number = static_cast<std::uint32_t>(decision_.time);
    if (number > 0 && !s_.waiting.take(number)) {
      return mismatch("the journal raises a waiting event that is not there");
    }
    if (!event.ofSubject()) s_.traceRaised(event);
    if (number == 0) s_.noteSeen(event);
    s_.events.push(std::move(event));
    if (decision_.flag) s_.events.skipId();
    return Done{};
  }

  Status await() {
    if (!decision_.event) return mismatch("the journal lets no event wait");
    Event event = *decision_.event;
    event.generated = decision_.flag || !event.fromOutside;
    s_.noteSeen(event);
    if (s_.waiting.find(decision_.bytes, event.subject)) {
      return mismatch("the journal lets two events of one name wait");
    }
    const Time due = decision_.time;
    const std::uint32_t number = s_.waiting.add({due, decision_.bytes, std::move(event)});
    s_.calendar.schedule(Timer{due, Timer::Kind::Event, number});
    if (decision_.flag) s_.events.skipId();
    return Done{};
  }

  Status drop() {
    const auto number = static_cast<std::uint32_t>(decision_.time);
    const auto was = s_.waiting.take(number);
    if (!was) return mismatch("the journal drops a waiting event that is not there");
    s_.calendar.cancel(Timer{was->due, Timer::Kind::Event, number});
    return Done{};
  }

  Status beginEvent() {
    if (!s_.events.hasWaiting() || s_.events.current()) {
      return mismatch("the journal begins an event that was not raised");
    }
    const Event& event = s_.events.begin();
    if (s_.tracer.on()) s_.tracer.record(records::event(s_.program, event, "begin"));
    return Done{};
  }

  Status endEvent() {
    const Event* current = s_.events.current();
    if (!current) return mismatch("the journal ends an event that did not begin");
    if (s_.tracer.on()) s_.tracer.record(records::event(s_.program, *current, "end"));
    s_.events.end();
    s_.firedForEvent.clear();
    s_.matcher.takeDisplaced();  // what became of them follows
    return Done{};
  }

  // The first time begins the clock, the others move it.
  Status moveClock() {
    const Time before = s_.calendar.now();
    if (!s_.calendar.hasBegun()) s_.beginClock(decision_.time);
    s_.calendar.moveTo(decision_.time);
    s_.tick();
    s_.moveDates(before);
    s_.carryOutDue();
    return Done{};
  }

  Status moment() {
    if (index(decision_.rule) >= s_.program.rules.size() ||
        !s_.calendar.waitsForMoments(decision_.rule)) {
      return mismatch("the journal wakes a rule that this program does not have");
    }
    s_.momentOf(decision_.rule, decision_.flag);
    return Done{};
  }

  Session::State& s_;
  const Decision& decision_;
};

}  // namespace

void Session::recoverInput(bool changesByHost) { state_->changedByHost = changesByHost; }

void Session::beginRecovery() {
  state_->decisions.setRecovering(true);
  state_->agenda.setAutoFocus(false);
}

Status Session::recover(const Decision& decision) {
  if (Status applied = RecordedDecision(*state_, decision).apply(); !applied) return applied;
  // What nothing holds up any more is retracted by decisions that follow.
  state_->truths.forgetDoubts();
  state_->refusals.takeFreed();
  return Done{};
}

Status Session::endRecovery() {
  state_->decisions.setRecovering(false);
  state_->agenda.setAutoFocus(true);
  state_->control.setHalted(false);
  state_->changedByHost = false;
  state_->reasons.pin({});
  return Done{};
}

}  // namespace reticle
