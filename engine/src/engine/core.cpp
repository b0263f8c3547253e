// The core at work: what the parts ask for, entries of the journal and the outputs they
// release, settling turn by turn.
#include "engine/core.h"

#include <algorithm>
#include <cassert>

#include "base/failure_codes.h"
#include "engine/outputs.h"

namespace reticle {
namespace {

constexpr std::size_t kFiredReported = 10'000;
// of events, runs and timers within one settle: a guard against flows that feed each other
constexpr std::uint64_t kTurns = 1'000'000;

}  // namespace

// The parts are connected before anything happens: what they decide while they begin stands in
// the first entry.
Core::Core(std::shared_ptr<const Program> program, EngineOptions options)
    : program_(std::move(program)),
      options_(std::move(options)),
      tracer_(options_.trace),
      session_(program_->model, program_->network, options_, tracer_),
      inquiry_(session_),
      flows_(program_->model, program_->flows, session_, tracer_, *this) {
  session_.connect(options_.journal ? this : nullptr, this, &inquiry_);
}

// A new session. Its first entry holds what is there from the start: the clock, constants that
// became facts.
void Core::begin() {
  writer_.begin({program_->hash, options_.start});
  target_ = options_.start;
  session_.begin(options_.start);
  carryOutGiven();
  commit(InputKind::Begin, {});
}

// Whether it can be done was tried when the program was compiled: what fails here rests on the
// host's functions or zones. Then nothing of it is there.
void Core::carryOutGiven() {
  if (program_->model.given.empty()) return;
  if (const Status done = session_.insertGiven(); !done && tracer_.on()) {
    tracer_.record({.body = trace::Failure{name(done.error().code), done.error().message, "given",
                                           done.error().place}});
  }
}

// --- what the parts ask for

// Encoded at once: a decision may hold values that change before the entry ends.
void Core::record(Decision decision) {
  encodeDecision(decided_, decision);
  ++decisions_;
}

// The event itself waits in the session; here stands only that one of its turns is to come.
void Core::eventRaised() {
  queue_.push_back({});
  queueChanged_ = true;
}

// Asked for by an action. When it is refused the firing stands, and the trace says why.
void Core::startFlow(FlowId flow, std::vector<Value> arguments, std::string key) {
  const Result<RunId> run = flows_.start(flow, std::move(arguments), std::move(key));
  const model::Flow& wanted = program_->model.flows[index(flow)];
  if (!run.ok()) traceRefused(run.error(), "start " + wanted.name, wanted.key.tree.span);
}

void Core::signalRun(FlowId flow, const std::string& key, TypeId event, std::vector<Value> values) {
  const Status done = flows_.signal(flow, key, event, std::move(values));
  if (!done) traceRefused(done.error(), "signal " + program_->model.flows[index(flow)].name, {});
}

void Core::cancelRun(FlowId flow, const std::string& key) {
  const Status done = flows_.cancel(flow, key);
  if (!done) traceRefused(done.error(), "cancel " + program_->model.flows[index(flow)].name, {});
}

void Core::traceRefused(const Error& error, const std::string& part, Span place) {
  if (!tracer_.on()) return;
  tracer_.record({.body = trace::Failure{name(error.code), error.message, part, place},
                  .rule = session_.firingRule(),
                  .run = flows_.acting()});
}

// Runs see the event before it goes out: what they do because of it comes after it in the
// cascade.
void Core::eventBegins(const Event& event) {
  flows_.eventBegins(event);
  if (watcher_) watcher_->eventBegins(event, session_);
  if (event.deliver != Delivery::Local) stage(envelope(event));
}

void Core::eventEnds(const Event&) {}

// The run goes on in its own turn, with the cause that it was woken by.
void Core::wake(RunId run) {
  queue_.push_back({run, tracer_.cause(), tracer_.origin()});
  queueChanged_ = true;
}

void Core::call(Call call) { stage(std::move(call)); }

// An output becomes part of the entry in the making; with a cascade that nests, the trace shows
// it when its place is known.
void Core::stage(Output output) {
  ++staging_;
  if (options_.journal) {
    Decision decision{.kind = Decision::Kind::Output};
    decision.bytes = encodeOutput(output);
    record(std::move(decision));
  }
  if (options_.cascade == Cascade::Fifo || std::holds_alternative<Call>(output)) {
    traceOutput(output);
  }
  staged_.push_back(std::move(output));
}

void Core::traceOutput(const Output& output) {
  if (tracer_.on()) tracer_.record({.body = trace::Output{output}});
}

// The envelope of an event: what the type declares as data, the `ext` properties of its subject
// as extensions.
CloudEvent Core::envelope(const Event& event) const {
  CloudEvent out;
  out.source = event.source;
  out.id = event.id;
  out.originId = event.originId.empty() ? event.id : event.originId;
  out.subject = event.subject;
  out.cause = event.cause;
  out.time = event.time;
  const model::Program& model = program_->model;
  out.hops = event.hops;
  out.extensions = event.extensions;
  if (event.gone) {
    if (event.property.empty()) {
      out.type = "subject-deleted";
      for (const auto& [name, value] : event.old.asMap()) {
        out.data.emplace_back(std::string(name.asString()), value);
      }
      return out;
    }
    out.type = "subject-property-deleted";
    out.propertyName = event.property;
    out.data = {{"property_name", Value::string(event.property)}, {"old_value", event.old}};
  } else if (event.property.empty()) {
    const model::FactType& type = model.type(event.type);
    out.type = type.wireName;
    for (std::size_t i = 0; i < type.declared && i < event.values.size(); ++i) {
      out.data.emplace_back(type.fields[i].name, event.values[i]);
    }
  } else {
    out.type = "subject-property-changed";
    out.propertyName = event.property;
    out.data = {{"property_name", Value::string(event.property)},
                {"old_value", event.old},
                {"value", event.value}};
  }
  if (event.subject.empty()) return out;
  if (const std::optional<FactView> subject = session_.subject(event.subject)) {
    const model::FactType& type = model.type(subject->type);
    for (const auto& [name, value] : subject->fields) {
      const std::optional<FieldId> field = type.find(name);
      const bool given =
          std::any_of(out.extensions.begin(), out.extensions.end(),
                      [&name = name](const auto& each) { return each.first == name; });
      if (field && type.fields[index(*field)].ext && !value.isNull() && !given) {
        out.extensions.emplace_back(name, value);
      }
    }
  }
  return out;
}

// --- entries

// Everything that decides what happens next. The target of the clock counts only while it is
// ahead: an advance that has arrived leaves no difference.
std::uint64_t Core::stateDigest() const {
  Digest digest;
  session_.addDigest(digest);
  flows_.addDigest(digest);
  digest.add(static_cast<std::uint64_t>(std::max(target_, session_.now())));
  digest.add(queue_.size());
  for (const Work& work : queue_) digest.add(index(work.run));
  return digest.value();
}

std::string Core::digest() const {
  Digest digest;
  digest.add(stateDigest());
  return digest.hex();
}

// Order: the states of runs and the queue as they are at the end, then the frame, then the
// store, and only then the outputs. When the store fails, nothing of the entry goes out.
void Core::commit(InputKind kind, std::string_view input) {
  if (!options_.journal) {
    (void)flows_.takeChanged();
    queueChanged_ = false;
    release();
    return;
  }
  for (std::string& state : flows_.takeChanged()) {
    Decision decision{.kind = Decision::Kind::Run};
    decision.bytes = std::move(state);
    record(std::move(decision));
  }
  if (queueChanged_) {
    Decision decision{.kind = Decision::Kind::Wake};
    decision.bytes = encodeQueue();
    record(std::move(decision));
    queueChanged_ = false;
  }
  const std::string entry = writer_.frame(session_.now(), kind, input, taken_, decisions_,
                                          decided_.bytes(), stateDigest());
  decided_.clear();
  decisions_ = 0;
  if (store_) {
    const Status kept = store_->append(entry);
    if (!kept.ok()) {
      storeError_ = kept.error();
      staged_.clear();
      return;
    }
  } else {
    journal_ += entry;
  }
  release();
}

// Outputs of a finished entry: to those that can be taken, or, when the host keeps the journal,
// to those that wait until it says that it is durable.
void Core::release() {
  if (options_.cascade == Cascade::Nested) {
    nestEvents(staged_);
    for (const Output& output : staged_) {
      if (std::holds_alternative<CloudEvent>(output)) traceOutput(output);
    }
  }
  std::vector<Output>& to = !store_ && journalTaken_ ? held_ : ready_;
  std::move(staged_.begin(), staged_.end(), std::back_inserter(to));
  if (&to == &ready_) released_ += staged_.size();
  staged_.clear();
}

// The one who takes the journal keeps it: from now on outputs wait for journalDurable().
std::string Core::takeJournal() {
  journalTaken_ = options_.journal;
  heldInTaken_ = held_.size();
  return std::exchange(journal_, {});
}

void Core::journalDurable() {
  const auto end = held_.begin() + static_cast<std::ptrdiff_t>(heldInTaken_);
  std::move(held_.begin(), end, std::back_inserter(ready_));
  held_.erase(held_.begin(), end);
  released_ += heldInTaken_;
  heldInTaken_ = 0;
}

std::vector<Output> Core::takeOutputs() {
  taken_ = released_;
  return std::exchange(ready_, {});
}

// --- settling

// Each settling that decided anything is an entry of its own, whose input is how far it was to
// go.
SettleReport Core::settle(const SettleOptions& options) {
  SettleReport report;
  if (storeError_) return report;
  session_.clearHalt();
  fired_ = 0;
  session_.beginSettling(options);
  if (options.activation) {
    Fired fired;
    if (session_.fireOne(options.activation, &fired) != kNoRule) {
      report.firings = 1;
      report.fired.push_back(std::move(fired));
    }
    if (session_.halted()) report.reason = SettleReport::Reason::Halted;
  } else {
    fire(options, report);
  }
  session_.endSettling();
  if (hasDecided()) {
    ByteWriter input;
    input.varint(options.maxFirings);
    input.varint(options.activation ? index(*options.activation) : 0);
    commit(InputKind::Settle, input.bytes());
  }
  if (tracer_.on()) tracer_.record({.body = trace::Settled{report.firings, report.reason}});
  return report;
}

// One turn after another: while something is ready it fires, otherwise the next of the queue has
// its turn, otherwise the clock moves.
void Core::fire(const SettleOptions& options, SettleReport& report) {
  for (std::uint64_t turns = 0;;) {
    if (session_.ready()) {
      if (report.firings >= options.maxFirings) break;
      Fired* const noted =
          report.fired.size() < kFiredReported ? &report.fired.emplace_back() : nullptr;
      const RuleId rule = session_.fireOne({}, noted);
      if (rule == kNoRule) {
        if (noted) report.fired.pop_back();
        break;
      }
      ++report.firings;
      history_[fired_++ % kHistory] = {rule, session_.firedRecency()};
      if (session_.halted()) {
        report.reason = SettleReport::Reason::Halted;
        return;
      }
      continue;
    }
    if (turns++ >= kTurns) break;
    session_.beginTurn();
    if (!session_.rest() && !flows_.lookAgain() && !takeTurn() && !moveClock()) return;
  }
  report.reason = SettleReport::Reason::Limit;
  findCycle(report);
  if (options.maxFirings >= SettleOptions{}.maxFirings && tracer_.on()) traceRunaway(report);
}

// RL9004, for a settling that was stopped at the guard and not at a budget that the host chose.
void Core::traceRunaway(const SettleReport& report) {
  std::string text = std::to_string(report.firings) + " firings, and still something is ready:";
  for (std::size_t i = 0; i < report.cycle.size(); ++i) {
    text += (i == 0 ? " \"" : ", \"") + report.cycle[i] + "\"";
  }
  text += report.cycle.size() == 1 ? " fires itself again and again"
                                   : " fire each other again and again";
  for (std::size_t i = 0; i < report.feeds.size(); ++i) {
    text += (i == 0 ? ", fed by " : ", ") + report.feeds[i];
  }
  tracer_.record({.body = trace::Failure{std::string(kRunaway), std::move(text), {}, {}}});
}

// Lets the next of the queue have its turn; false when it is empty.
bool Core::takeTurn() {
  if (session_.hasEvent()) {
    session_.endEvent();
    return true;
  }
  if (queue_.empty()) return false;
  const Work work = queue_.front();
  queue_.pop_front();
  queueChanged_ = true;
  if (work.run == kNoRun) {
    session_.beginEvent();
    return true;
  }
  CauseScope cause(tracer_, work.cause, work.origin);
  flows_.resume(work.run);
  return true;
}

// Towards the target, to the next moment at which something happens (the session before the runs);
// false when there is none left.
bool Core::moveClock() {
  const Time now = session_.now();
  const std::optional<Time> due = flows_.nextDue();
  const std::optional<Time> change = session_.nextDue();
  const Time target = std::max(target_, now);
  if (change && *change <= target && (!due || *change <= *due)) {
    session_.setClock(*change, std::max(target, goal_));
    return true;
  }
  if (due && *due <= target) {
    if (*due > now) session_.setClock(*due, std::max(target, goal_));
    flows_.fireTimer();
    return true;
  }
  if (target == now) return false;
  session_.setClock(target, std::max(target, goal_));
  return true;
}

std::optional<Time> Core::nextTimer() const {
  const std::optional<Time> due = flows_.nextDue();
  const std::optional<Time> change = session_.nextDue();
  return due && change ? std::min(*due, *change) : due ? due : change;
}

// The shortest sequence of rules that repeats to the end of what is remembered; when none does, the
// rules that fired last. And what feeds it.
void Core::findCycle(SettleReport& report) const {
  const std::size_t size = std::min<std::size_t>(fired_, kHistory);
  // oldest first
  const auto at = [&](std::size_t i) -> const Past& {
    return history_[(fired_ - size + i) % kHistory];
  };
  std::size_t length = 0;
  for (std::size_t period = 1; period <= size / 2 && length == 0; ++period) {
    const std::size_t checked = std::min(size, std::max<std::size_t>(2 * period, 64));
    bool repeats = true;
    for (std::size_t i = size - checked; i + period < size && repeats; ++i) {
      repeats = at(i).rule == at(i + period).rule;
    }
    if (repeats) length = period;
  }
  std::vector<RuleId> seen;
  for (std::size_t i = size - (length > 0 ? length : std::min<std::size_t>(size, 64)); i < size;
       ++i) {
    session_.addFeeds(at(i).rule, at(i).made, report.feeds);
    if (length == 0 && std::find(seen.begin(), seen.end(), at(i).rule) != seen.end()) continue;
    seen.push_back(at(i).rule);
    report.cycle.push_back(program_->model.rules[index(at(i).rule)].name);
  }
}

}  // namespace reticle
