// The one loop of settling, performing and submitting.
#include "reticle/host.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "engine/core.h"

namespace reticle {
namespace {

// Timers may set timers for the same moment; so many in a row are a circle.
constexpr int kMostAtOneMoment = 10'000;

// Of several rounds: everything that fired, and how the last one ended.
void add(SettleReport& total, SettleReport report) {
  total.firings += report.firings;
  total.reason = report.reason;
  std::move(report.fired.begin(), report.fired.end(), std::back_inserter(total.fired));
  if (!report.cycle.empty()) total.cycle = std::move(report.cycle);
  if (!report.feeds.empty()) total.feeds = std::move(report.feeds);
}

}  // namespace

HostLoop::HostLoop(Engine& engine) : core_(*engine.core_) {}

SettleReport HostLoop::settle(Host& host, const SettleOptions& options,
                              std::optional<std::uint64_t> firings) {
  begin(options, firings);
  run(host);
  return std::move(report_);
}

SettleReport HostLoop::advance(Host& host, Time to) {
  beginAdvance(to);
  while (moveOn(host.nextResult())) run(host);
  return std::move(report_);
}

// The steps taken one after another. Results are also looked for when there was no output: one
// of an earlier call may be there by now.
void HostLoop::run(Host& host) {
  for (;;) {
    Step step = next();
    switch (step.kind) {
      case Step::Kind::Settled:
        if (std::string* journal = host.journal()) {
          *journal += core_.takeJournal();
          core_.journalDurable();
        }
        continue;
      case Step::Kind::Outputs:
        for (Output& output : step.outputs) {
          if (const Call* call = std::get_if<Call>(&output)) host.perform(*call, core_.now());
          if (CloudEvent* event = std::get_if<CloudEvent>(&output)) {
            host.received(std::move(*event));
          }
        }
        break;
      case Step::Kind::Idle:
        if (report_.reason != SettleReport::Reason::Quiescent) return;
        break;
    }
    const std::vector<input::StepResult> results = host.takeResults(core_.now());
    if (results.empty() && step.kind == Step::Kind::Idle) return;
    for (const input::StepResult& result : results) submit(result);
  }
}

// A new request forgets the one before.
void HostLoop::begin(const SettleOptions& options, std::optional<std::uint64_t> firings) {
  options_ = options;
  firings_ = firings;
  report_ = {};
  begun_ = true;
  submitted_ = false;
}

void HostLoop::beginAdvance(Time to) {
  begin();
  begun_ = false;
  target_ = to;
  reached_.reset();
  atOneMoment_ = 0;
}

// To the next timer or result, or to the target when there is none before it. It has arrived
// when it stands there and no timer is left that is due: one that fires may have set another for
// the same moment.
bool HostLoop::moveOn(std::optional<Time> due) {
  const Time now = core_.now();
  const std::optional<Time> timer = core_.nextTimer();
  if (reached_) {
    if (report_.reason != SettleReport::Reason::Quiescent) return false;
    if (*reached_ >= target_ && !(timer && *timer <= target_)) return false;
    if (++atOneMoment_ >= kMostAtOneMoment) return false;
  }
  Time to = target_;
  for (const std::optional<Time>& moment : {timer, due}) {
    if (moment && *moment < to) to = std::max(*moment, now);
  }
  if (to > now) atOneMoment_ = 0;
  reached_ = to;
  if (const Result<Accepted> moved = core_.submit(input::Advance{to, target_}); !moved) {
    note(moved.error());
    return false;
  }
  begun_ = true;
  submitted_ = false;
  return true;
}

// Results are settled before further outputs are taken, so that the calls they lead to come
// after those they belong to.
HostLoop::Step HostLoop::next() {
  if (begun_ || std::exchange(submitted_, false)) {
    if (!begun_ && !mayGoOn()) return {};
    return {Step::Kind::Settled, settleOnce(), {}};
  }
  std::vector<Output> outputs = core_.takeOutputs();
  if (outputs.empty()) return {};
  return {Step::Kind::Outputs, {}, std::move(outputs)};
}

// Fires: the first round as asked for, those after it with what is left of the budget.
SettleReport HostLoop::settleOnce() {
  SettleOptions options = options_;
  if (firings_) options.maxFirings = *firings_ - std::min(*firings_, report_.firings);
  begun_ = false;
  SettleReport round = core_.settle(options);
  add(report_, round);
  return round;
}

// A settling that was to fire one activation, or in one turn only, is not repeated: its host
// asked for exactly that.
bool HostLoop::mayGoOn() const {
  return report_.reason == SettleReport::Reason::Quiescent && !options_.activation &&
         options_.mode == SettleOptions::Mode::All && (!firings_ || report_.firings < *firings_);
}

// Late and repeated results are refused as Stale or UnknownCall, which is as it should be. A
// value of the wrong type would leave the step open for ever: its attempt fails instead, with
// what is wrong as the reason.
void HostLoop::submit(const input::StepResult& result) {
  submitted_ = true;
  const Result<Accepted> taken = core_.submit(result);
  if (taken) return;
  const ErrorCode code = taken.error().code;
  if (code != ErrorCode::WrongType && code != ErrorCode::BadInput) return;
  const Result<Accepted> failed =
      core_.submit(stepError(result.call, result.attempt, taken.error().message));
  if (!failed) note(failed.error());
}

void HostLoop::note(const Error& error) {
  if (!failure_) failure_ = error;
}

}  // namespace reticle
