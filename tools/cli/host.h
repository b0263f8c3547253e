// The host of an engine on the command line: answers calls from a script and moves the clock.
//
// Each round: settle → take outputs → perform the calls in order → submit their results in order.
// The TypeScript package goes by the same order
// (wasm/src/host-loop.ts), so both leave the same trace.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reticle/engine.h"

namespace reticle::cli {

// One line of a host function's script. `times` < 0: once, as the last line for ever.
struct ScriptLine {
  bool fails = false;
  std::string reason;
  Value value;
  std::int64_t times = -1;
};
using Scripts = std::map<std::string, std::vector<ScriptLine>>;

// What a script says at its n-th execution, from 0. When it ends with counted failures, or is
// empty, it then returns null.
ScriptLine scriptedAnswer(const std::vector<ScriptLine>& script, std::uint64_t execution);

class Host {
 public:
  // Borrows the engine. Without scripts every call stays open.
  explicit Host(Engine& engine) : engine_(engine) {}
  Host(Engine& engine, Scripts scripts)
      : engine_(engine), scripts_(std::move(scripts)), isScripted_(true) {}

  SettleReport settle(const SettleOptions& options, bool isLimited);
  // From timer to timer.
  SettleReport advance(Span64 by);

  const std::vector<Call>& openCalls() const { return open_; }
  // The first error of an accepted round that the store met; empty when all went well.
  const std::string& failure() const { return failure_; }

 private:
  void carryOn(SettleReport& report, const SettleOptions& options, bool isLimited);
  std::vector<Call> takeCalls();
  void answer(const Call& call);

  Engine& engine_;
  Scripts scripts_;
  bool isScripted_ = false;
  std::map<std::string, std::uint64_t> executions_;
  std::vector<Call> open_;
  std::string failure_;
};

}  // namespace reticle::cli
