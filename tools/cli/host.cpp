#include "host.h"

#include <algorithm>
#include <iterator>

namespace reticle::cli {
namespace {

// Timers may set timers for the same moment; so many in a row are a circle.
constexpr int kMostAtOneMoment = 10'000;

void add(SettleReport& total, SettleReport report) {
  total.firings += report.firings;
  total.reason = report.reason;
  std::move(report.fired.begin(), report.fired.end(), std::back_inserter(total.fired));
  if (!report.cycle.empty()) total.cycle = std::move(report.cycle);
  if (!report.feeds.empty()) total.feeds = std::move(report.feeds);
}

}  // namespace

ScriptLine scriptedAnswer(const std::vector<ScriptLine>& script, std::uint64_t execution) {
  for (std::size_t i = 0; i < script.size(); ++i) {
    const ScriptLine& line = script[i];
    const bool isLast = i + 1 == script.size();
    if (isLast && (!line.fails || line.times < 0)) return line;
    const std::uint64_t times = line.times < 0 ? 1 : static_cast<std::uint64_t>(line.times);
    if (execution < times) return line;
    execution -= times;
  }
  return {};
}

SettleReport Host::settle(const SettleOptions& options, bool isLimited) {
  SettleReport report = engine_.settle(options);
  carryOn(report, options, isLimited);
  return report;
}

SettleReport Host::advance(Span64 by) {
  const Time target = engine_.now() + by;
  SettleReport total;
  for (int atOneMoment = 0; atOneMoment < kMostAtOneMoment; ++atOneMoment) {
    const Time now = engine_.now();
    const std::optional<Time> next = engine_.nextTimer();
    const Time to = next && *next < target ? std::max(*next, now) : target;
    if (to > now) atOneMoment = 0;
    if (Result<Accepted> moved = engine_.submit(input::Advance{to}); !moved) {
      failure_ = moved.error().message;
      break;
    }
    add(total, engine_.settle());
    carryOn(total, {}, false);
    if (total.reason != SettleReport::Reason::Quiescent) break;
    const std::optional<Time> left = engine_.nextTimer();
    if (to >= target && !(left && *left <= target)) break;
  }
  return total;
}

void Host::carryOn(SettleReport& report, const SettleOptions& options, bool isLimited) {
  for (;;) {
    const std::vector<Call> calls = takeCalls();
    if (calls.empty()) return;
    for (const Call& call : calls) answer(call);
    if (report.reason != SettleReport::Reason::Quiescent || options.activation ||
        options.mode != SettleOptions::Mode::All) {
      return;
    }
    SettleOptions next;
    next.tags = options.tags;
    if (isLimited) {
      if (options.maxFirings <= report.firings) return;
      next.maxFirings = options.maxFirings - report.firings;
    }
    add(report, engine_.settle(next));
  }
}

std::vector<Call> Host::takeCalls() {
  std::vector<Call> calls;
  for (Output& output : engine_.takeOutputs()) {
    if (Call* call = std::get_if<Call>(&output)) {
      (isScripted_ ? calls : open_).push_back(std::move(*call));
    }
  }
  return calls;
}

// A late or repeated answer is passed over; one of the wrong type makes the attempt fail.
void Host::answer(const Call& call) {
  const auto script = scripts_.find(call.function);
  const ScriptLine line =
      scriptedAnswer(script == scripts_.end() ? std::vector<ScriptLine>{} : script->second,
                     executions_[call.function]++);
  const Result<Accepted> taken =
      engine_.submit(line.fails ? stepError(call.id, call.attempt, line.reason)
                                : stepResult(call.id, call.attempt, line.value));
  if (taken) return;
  const ErrorCode code = taken.error().code;
  if (code != ErrorCode::WrongType && code != ErrorCode::BadInput) return;
  if (Result<Accepted> failed =
          engine_.submit(stepError(call.id, call.attempt, taken.error().message));
      !failed) {
    failure_ = failed.error().message;
  }
}

}  // namespace reticle::cli
