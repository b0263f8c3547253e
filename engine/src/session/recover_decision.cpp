// Applying recorded decisions: the same elementary changes in the same order give the same facts,
// matches and activations, with the same ids, without a rule being fired.

#include <utility>

#include "session/state.h"

namespace reticle {

void Session::beginRecovery() {
  state_->recovering = true;
  state_->agenda.setAutoFocus(false);
}

Status Session::recover(const Decision& decision) {
  State& s = *state_;
  auto mismatch = [&](const std::string& what) {
    return Error{ErrorCode::Mismatch, what, {}, "open the journal with the program that wrote it"};
  };
  switch (decision.kind) {
    case Decision::Kind::Assert: {
      if (index(decision.type) >= s.program.types.size() ||
          decision.values.size() != s.program.type(decision.type).fields.size()) {
        return mismatch("the journal asserts a fact of a type that this program does not have");
      }
      if (index(decision.fact) < index(s.memory.nextId())) {
        return mismatch("the journal asserts fact " + std::to_string(index(decision.fact)) +
                        " twice");
      }
      std::vector<Value> values = decision.values;
      s.assertFact(decision.type, values, decision.flag, decision.rule, decision.facts,
                   decision.fact);
      if (index(decision.type) == 0) s.clockFact = decision.fact;
      if (s.current && s.current->matched && s.currentFact == kNoFact &&
          s.current->type == decision.type) {
        s.currentFact = decision.fact;
      }
      break;
    }
    case Decision::Kind::Update:
      if (!s.memory.find(decision.fact)) {
        return mismatch("the journal updates fact " + std::to_string(index(decision.fact)) +
                        ", which is not there");
      }
      for (const auto& [field, value] : decision.assignment) {
        if (index(field) >= s.program.type(s.memory.find(decision.fact)->type).fields.size()) {
          return mismatch("the journal sets a field that this program does not have");
        }
      }
      s.updateFact(decision.fact, decision.assignment);
      break;
    case Decision::Kind::Retract:
      if (!s.memory.find(decision.fact)) {
        return mismatch("the journal retracts fact " + std::to_string(index(decision.fact)) +
                        ", which is not there");
      }
      if (decision.fact == s.currentFact) s.currentFact = kNoFact;
      s.retractFact(decision.fact);
      break;
    case Decision::Kind::Support:
      if (!s.memory.find(decision.fact)) {
        return mismatch("the journal supports fact " + std::to_string(index(decision.fact)) +
                        ", which is not there");
      }
      if (index(decision.activation) == 0) {
        s.makeStated(decision.fact);
      } else {
        s.addSupport(decision.fact, s.agenda.find(decision.activation), decision.activation);
      }
      break;
    case Decision::Kind::Fire: {
      const ActivationSlot slot = s.agenda.find(decision.activation);
      if (slot == kNoActivation || s.agenda.at(slot).fired ||
          s.agenda.at(slot).rule != decision.rule ||
          s.matcher.factsOf(s.agenda.at(slot).token) != decision.facts) {
        return mismatch("the journal fires activation " +
                        std::to_string(index(decision.activation)) +
                        ", which this program does not have there");
      }
      if (!decision.flag) s.dropsOf(slot);  // what was dropped has decisions of its own
      s.reasons.pin(decision.facts);
      s.markFired(slot, true);
      break;
    }
    case Decision::Kind::Raise: {
      if (!decision.event) return mismatch("the journal raises no event");
      Event event = *decision.event;
      if (event.property.empty()) s.traceRaised(event);
      s.queue.push_back(std::move(event));
      if (decision.flag) ++s.nextEvent;
      break;
    }
    case Decision::Kind::Begin:
      if (s.queue.empty() || s.current) {
        return mismatch("the journal begins an event that was not raised");
      }
      s.current = std::move(s.queue.front());
      s.queue.pop_front();
      if (s.tracer.on()) s.tracer.record(s.eventRecord(*s.current, "begin"));
      break;
    case Decision::Kind::End:
      if (!s.current) return mismatch("the journal ends an event that did not begin");
      if (s.tracer.on()) s.tracer.record(s.eventRecord(*s.current, "end"));
      s.current.reset();
      s.currentFact = kNoFact;
      s.matcher.takeDisplaced();  // what became of them follows
      break;
    case Decision::Kind::Halt: s.halted = true; break;
    case Decision::Kind::Rest: s.settleFacts(); break;
    case Decision::Kind::Clock: {
      const Time before = s.now;
      if (!s.begun) s.beginClock(decision.time);
      s.now = decision.time;
      s.tick();
      s.moveDates(before);
      s.carryOutDue();
      break;
    }
    case Decision::Kind::Focus:
      if (Status set = s.setFocus(decision.values); !set) return set;
      break;
    case Decision::Kind::Timer:
      if (index(decision.rule) >= s.program.rules.size() || !s.waitsForMoments(decision.rule)) {
        return mismatch("the journal wakes a rule that this program does not have");
      }
      s.momentOf(decision.rule);
      break;
    case Decision::Kind::Run:
    case Decision::Kind::Wake:
    case Decision::Kind::Output: break;  // the flows' own
  }
  s.unsupported.clear();
  return Done{};
}

Status Session::endRecovery() {
  state_->recovering = false;
  state_->agenda.setAutoFocus(true);
  state_->halted = false;
  state_->reasons.pin({});
  return Done{};
}

}  // namespace reticle
