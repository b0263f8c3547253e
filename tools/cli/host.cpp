// Results from a script, for the one loop of the library.
//
// No call needs time here: a result is there as soon as it is asked for.
#include "host.h"

#include <utility>

namespace reticle::cli {

// Lines are used up in order, each as often as it says; the last one stays.
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

SettleReport ScriptHost::settle(const SettleOptions& options,
                                std::optional<std::uint64_t> firings) {
  HostLoop loop(engine_);
  SettleReport report = loop.settle(*this, options, firings);
  note(loop);
  return report;
}

SettleReport ScriptHost::advance(Span64 by) {
  HostLoop loop(engine_);
  SettleReport report = loop.advance(*this, engine_.now() + by);
  note(loop);
  return report;
}

void ScriptHost::note(const HostLoop& loop) {
  if (loop.failure() && failure_.empty()) failure_ = loop.failure()->message;
}

// Without scripts calls are only listed: nobody performs them here.
void ScriptHost::perform(const Call& call, Time) {
  if (!isScripted_) {
    open_.push_back(call);
    return;
  }
  const auto script = scripts_.find(call.function);
  const ScriptLine line =
      scriptedAnswer(script == scripts_.end() ? std::vector<ScriptLine>{} : script->second,
                     executions_[call.function]++);
  input::StepResult result{call.id, call.attempt, line.value, line.fails, {}};
  if (line.fails) {
    result.value = {};
    result.error = Value::map({{Value::string("reason"), Value::string(line.reason)}});
  }
  results_.push_back(std::move(result));
}

std::vector<input::StepResult> ScriptHost::takeResults(Time) { return std::exchange(results_, {}); }

}  // namespace reticle::cli
