// The host of an engine on the command line: gives calls results from a script, at once.
//
// A script is a list of lines, which are used up in order: each says once, or `times` times, what
// the function returns or that it fails; the last one stays.
//
// The rounds are those of reticle/host.h, as for the TypeScript package, so both leave the same
// trace.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reticle/engine.h"
#include "reticle/host.h"
#include "reticle/result.h"

namespace reticle::cli {

// One line of a host function's script. `times` < 0: once, as the last line for ever.
struct ScriptLine {
  bool fails = false;
  std::string reason;
  Value value;
  std::int64_t times = -1;
};
using Scripts = std::map<std::string, std::vector<ScriptLine>>;

// What becomes of a call of a function that no script is for.
enum class Unscripted { StayOpen, ReturnNull };

// Reads `{function: [{"returns": …} | {"fails": "reason"}, with "times"?]}`. `where` begins the
// place of what is wrong: "host". Errors: BadInput.
Result<Scripts> readScripts(const Value& json, const std::string& where);

// What a script says at its n-th execution, from 0. When it ends with counted failures, or is
// empty, it then returns null.
ScriptLine scriptedAnswer(const std::vector<ScriptLine>& script, std::uint64_t execution);

class ScriptHost final : private Host {
 public:
  // Borrows the engine.
  ScriptHost(Engine& engine, Scripts scripts, Unscripted unscripted)
      : engine_(engine), scripts_(std::move(scripts)), unscripted_(unscripted) {}

  // `firings`: at most so many, of all rounds together.
  SettleReport settle(const SettleOptions& options, std::optional<std::uint64_t> firings = {});
  // From timer to timer.
  SettleReport advance(Span64 by);

  const std::vector<Call>& openCalls() const { return open_; }
  // The first error of an accepted round that the store met; empty when all went well.
  const std::string& failure() const { return failure_; }

 private:
  void perform(const Call& call, Time now) override;
  std::vector<input::StepResult> takeResults(Time now) override;
  void note(const HostLoop& loop);

  Engine& engine_;
  Scripts scripts_;
  Unscripted unscripted_;
  std::map<std::string, std::uint64_t> executions_;
  std::vector<input::StepResult> results_;
  std::vector<Call> open_;
  std::string failure_;
};

}  // namespace reticle::cli
