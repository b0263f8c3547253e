// Results from a script, for the one loop of the library.
//
// No call needs time here: a result is there as soon as it is asked for.
#include "host.h"

#include <utility>

#include "files.h"

namespace reticle::cli {
namespace {

// What is wrong with a script, and where.
Error badScript(std::string message, std::string where) {
  return {ErrorCode::BadInput, std::move(message), std::move(where), ""};
}

// A line either returns or fails, perhaps so many times; all members it should not have at once.
Result<ScriptLine> scriptLine(const Value& json, const std::string& where) {
  if (json.kind() != ValueKind::Map) {
    return badScript("a line of a script is {\"returns\": …} or {\"fails\": \"reason\"}", where);
  }
  const std::string unknown = unknownMembers(json, {"returns", "fails", "times"});
  if (!unknown.empty()) {
    return badScript("a line of a script has `returns`, `fails` and `times`, and no " + unknown,
                     where);
  }
  ScriptLine line;
  const Value* fails = json.find("fails");
  const Value* returns = json.find("returns");
  const Value* times = json.find("times");
  if (!fails == !returns) {
    return badScript("a line of a script has either `returns` or `fails`", where);
  }
  line.fails = fails != nullptr;
  if (fails && fails->kind() != ValueKind::String) {
    return badScript("`fails` is the reason, a text", where);
  }
  if (fails) line.reason = fails->asString();
  if (returns) line.value = *returns;
  if (times) {
    if (times->kind() != ValueKind::Int || times->asInt() < 0) {
      return badScript("`times` is a whole number", where);
    }
    line.times = times->asInt();
  }
  return line;
}

}  // namespace

Result<Scripts> readScripts(const Value& json, const std::string& where) {
  if (json.kind() != ValueKind::Map) {
    return badScript("scripts are an object with a list of answers for each host function", where);
  }
  Scripts scripts;
  for (const auto& [key, lines] : json.asMap()) {
    const std::string name{key.asString()};
    const std::string place = where.empty() ? name : where + "." + name;
    if (lines.kind() != ValueKind::List) return badScript("a script is a list of answers", place);
    scripts[name];
    for (const Value& each : lines.asList()) {
      Result<ScriptLine> line = scriptLine(each, place);
      if (!line) return line.error();
      scripts[name].push_back(std::move(*line));
    }
  }
  return scripts;
}

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

// A call that stays open is only listed: nobody performs it here.
void ScriptHost::perform(const Call& call, Time) {
  const auto script = scripts_.find(call.function);
  if (script == scripts_.end() && unscripted_ == Unscripted::StayOpen) {
    open_.push_back(call);
    return;
  }
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
