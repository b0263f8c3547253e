// The loop: what fires next, and the firing of one activation.

#include "session/session.h"

#include "session/state.h"

namespace reticle {

Session::Session(const model::Program& program, const Network& network,
                 const EngineOptions& options, Tracer& tracer)
    : state_(std::make_unique<State>(*this, program, network, options, tracer)) {}

Session::~Session() = default;

// Matches of rules that need no fact come at once.
void Session::connect(DecisionSink* sink, Effects* effects, const QueryAnswering* queries) {
  state_->decisions.connect(sink);
  state_->effects = effects;
  state_->queries = queries;
  state_->matcher.begin();
}

// --- settling

void Session::beginSettling(const SettleOptions& options) {
  if (!state_->returns.empty()) {
    state_->returns.clear();
    state_->decisions.record(Decision::Kind::Settle);
  }
  state_->control.beginSettling(options);
}

void Session::beginTurn() { state_->control.beginTurn(); }

void Session::endSettling() {
  state_->control.endSettling();
  state_->noteFocus();
}

bool Session::halted() const { return state_->control.halted(); }
void Session::clearHalt() { state_->control.setHalted(false); }

bool Session::ready() {
  State& s = *state_;
  s.agenda.dropIdle();
  s.noteFocus();
  if (!s.eachCycle.empty()) s.reviseSaliences();
  return s.control.ready();
}

// --- firing

// ORDER: it counts as fired before its actions run, so that they cannot make it fire again; its
// match is read out before, since they may end it.
RuleId Session::fireOne(std::optional<ActivationId> chosen, Fired* fired) {
  State& s = *state_;
  if (!chosen && !ready()) return kNoRule;
  const ActivationSlot slot = chosen ? s.agenda.find(*chosen) : s.control.next();
  if (slot == kNoActivation || !s.agenda.at(slot).ready()) return kNoRule;
  const TokenId token = s.agenda.at(slot).token;
  const model::Rule& rule = s.program.rules[index(s.agenda.at(slot).rule)];
  s.firing.begin(s.agenda.at(slot), slot, s.matcher);
  const ActivationId id = s.firing.activation();
  if (fired) *fired = {rule.id, rule.name, id, s.firing.facts()};
  const std::uint32_t seq =
      s.tracer.on() ? s.tracer.record(records::fired(rule.id, id, s.firing.facts())) : 0;
  CauseScope cause(s.tracer, seq);
  const std::vector<ActivationSlot> rivals = s.control.takeRivals(slot);
  s.markFired(slot, false);
  for (const ActivationSlot other : rivals) s.markFired(other, true);
  s.control.hasFired();
  s.firing.load(token, rule, s.matcher);
  const std::uint64_t begun = s.options.stopwatch ? s.options.stopwatch() : 0;
  Status done = Done{};
  s.beginProcessing(rule);
  if (!s.direct.fire(rule, s.firing.rows(), s.firing.locals())) done = s.fireInGeneral(rule);
  const std::uint64_t ended = s.options.stopwatch ? s.options.stopwatch() : 0;
  s.counters.fired(rule.id, ended - begun);
  if (!done) s.counters.failed(rule.id, id, done.error());
  s.endProcessing(done);
  if (!done) {
    s.noteRefused(rule);
    s.tellFailed(rule, done.error());
  }
  s.firing.end();
  if (!done && s.tracer.on()) s.tracer.record(records::failed(rule.id, done.error()));
  return rule.id;
}

// A rule that waits for moments has its next one; `once` has had its turn.
void Session::State::noteRefused(const model::Rule& rule) {
  const ActivationSlot slot = firing.slot(agenda);
  if (inTheWay == kNoFact || slot == kNoActivation || rule.once ||
      calendar.waitsForMoments(rule.id)) {
    return;
  }
  refusals.add(inTheWay, firing.activation(), slot);
  if (!decisions.wanted()) return;
  Decision decision{Decision::Kind::Refuse};
  decision.fact = inTheWay;
  decision.activation = firing.activation();
  decisions.record(std::move(decision));
}

Status Session::State::fireInGeneral(const model::Rule& rule) {
  std::vector<Change> wanted;
  inTheWay = kNoFact;
  const Status done = session.evaluate(rule.actions, firing.rows(), firing.locals(), wanted);
  return done ? session.apply(std::move(wanted)) : done;
}

}  // namespace reticle
