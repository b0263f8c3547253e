// From the steps of a flow to its instructions, and when a failed call is tried again.
#include "flow/code.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace reticle {
namespace {

using Kind = model::Action::Kind;

// Instructions of the steps, then of what undoes them, then of the handlers. What fails without a
// handler is compensated and ends.
class FlowCompiler {
 public:
  FlowCode compile(const model::Flow& flow) {
    block(flow.steps, false);
    emit(FlowOp::Complete);
    code_.unhandled = code_.onFailure = code_.onTimeout = code_.onCancel = here();
    emit(FlowOp::Compensate);
    emit(FlowOp::Failed);
    for (const model::Flow::Handler& handler : flow.handlers) {
      if (handler.on == "failure") {
        // A handler of failures also takes the flow's time limit, unless that one has its own.
        if (code_.onTimeout == code_.onFailure) {
          code_.onTimeout = here();
          code_.timeoutLocal = handler.error;
        }
        code_.onFailure = here();
        code_.failureLocal = handler.error;
      } else if (handler.on == "timeout") {
        code_.onTimeout = here();
        code_.timeoutLocal = handler.error;
      } else {
        code_.onCancel = here();
        code_.cancelLocal = handler.error;
      }
      block(handler.steps, false);
      emit(FlowOp::Failed);
    }
    return std::move(code_);
  }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_.instructions.size()); }
  std::uint32_t emit(FlowOp op, const model::Action* action = nullptr) {
    code_.instructions.push_back({.op = op, .action = action});
    return here() - 1;
  }
  void land(std::uint32_t jump) { code_.instructions[jump].target = here(); }

  void block(const std::vector<model::Action>& actions, bool parallel) {
    for (const model::Action& action : actions) step(action, parallel);
  }

  // Items, next: Next end, body, Jump next, end:
  void loop(FlowOp op, const model::Action& action, bool parallel) {
    emit(op, &action);
    const std::uint32_t next = emit(FlowOp::Next, &action);
    block(action.body, parallel);
    code_.instructions[emit(FlowOp::Jump)].target = next;
    land(next);
  }

  // Calls of a `parallel` are only started; one Await stands after them all, and one before
  // those that come `after` others.
  void layers(const model::Action& parallel) {
    // In layers: those that wait for no part still waiting, again and again.
    std::vector<const model::Action*> waiting, later;
    for (const model::Action& part : parallel.body) waiting.push_back(&part);
    while (!waiting.empty()) {
      std::vector<const model::Action*> ready;
      for (const model::Action* part : waiting) {
        const bool held =
            std::any_of(waiting.begin(), waiting.end(), [&](const model::Action* other) {
              return std::find(part->afterParts.begin(), part->afterParts.end(), other->name) !=
                     part->afterParts.end();
            });
        (held ? later : ready).push_back(part);
      }
      for (const model::Action* part : ready) step(*part, true);
      emit(FlowOp::Await);
      // The checker refuses parts that wait for each other.
      if (ready.empty()) return;
      waiting = std::exchange(later, {});
    }
  }

  // ORDER: model::Action::Kind.
  void step(const model::Action& action, bool parallel) {
    switch (action.kind) {
      case Kind::Step:
        emit(FlowOp::Step, &action);
        if (!parallel) emit(FlowOp::Await);
        return;
      case Kind::Parallel: return layers(action);
      case Kind::If: {
        const std::uint32_t unless = emit(FlowOp::Unless, &action);
        block(action.body, parallel);
        if (action.otherwise.empty()) return land(unless);
        const std::uint32_t past = emit(FlowOp::Jump);
        land(unless);
        block(action.otherwise, parallel);
        return land(past);
      }
      case Kind::For: return loop(FlowOp::Items, action, parallel);
      case Kind::ForFacts: return loop(FlowOp::Facts, action, parallel);
      case Kind::Find: emit(FlowOp::Find, &action); return;
      case Kind::Sleep: emit(FlowOp::Sleep, &action); return;
      case Kind::SleepUntil: emit(FlowOp::SleepUntil, &action); return;
      case Kind::Wait: emit(FlowOp::Wait, &action); return;
      case Kind::Fail: emit(FlowOp::Fail, &action); return;
      case Kind::Return: emit(FlowOp::Return, &action); return;
      case Kind::Compensate: emit(FlowOp::Compensate, &action); return;
      case Kind::Restart: emit(FlowOp::Restart, &action); return;
      case Kind::Insert:
      case Kind::InsertLogical:
      case Kind::Upsert:
      case Kind::Set:
      case Kind::Unset:
      case Kind::UpdateFields:
      case Kind::UpdateWith:
      case Kind::Retract:
      case Kind::Emit:
      case Kind::Start:
      case Kind::Call:
      case Kind::Focus:
      case Kind::Refresh:
      case Kind::Signal:
      case Kind::Cancel:
      case Kind::CancelEvent:
      case Kind::Log:
      case Kind::Let:
      case Kind::Halt: code_.instructions[emit(FlowOp::Act, &action)].act.push_back(action); return;
      case Kind::Clock:
      case Kind::Settle:
      case Kind::Advance:
      case Kind::Crash:
      case Kind::Host:
      case Kind::Replace: return;  // doings of tests
      case Kind::WaitUntil:
      case Kind::Branch:
      case Kind::Try: return;  // not carried out yet: refused by the checker
    }
  }

  FlowCode code_;
};

}  // namespace

std::vector<FlowCode> compileFlows(const model::Program& program) {
  std::vector<FlowCode> flows;
  for (const model::Flow& flow : program.flows) flows.push_back(FlowCompiler{}.compile(flow));
  return flows;
}

// The delay before attempt failures + 1. Jitter is drawn from the key, so that a replay waits as
// long.
Span64 retryDelay(const model::Retry& retry, std::uint32_t failures, std::string_view key) {
  constexpr Span64 kLongest = Span64{365} * 24 * 3600 * 1'000'000;
  const Span64 bound = retry.max > 0 ? std::min(retry.max, kLongest) : kLongest;
  Span64 delay = std::min(retry.delay, bound);
  switch (retry.backoff) {
    case model::Retry::Backoff::None: return 0;
    case model::Retry::Backoff::Constant: break;
    case model::Retry::Backoff::Linear:
      delay = delay > bound / std::max(failures, 1u) ? bound : delay * failures;
      break;
    case model::Retry::Backoff::Exponential:
      for (std::uint32_t i = 1; i < failures && delay < bound; ++i) {
        delay = std::min(delay * 2, bound);
      }
      break;
  }
  if (retry.jitter > 0) {
    // 24 bits
    const std::uint32_t drawn = static_cast<std::uint32_t>(hashBytes(key, failures) >> 40);
    const double share =
        (static_cast<double>(drawn) / 8388608.0 - 1.0) * std::min(retry.jitter, 1.0);
    delay += static_cast<Span64>(static_cast<double>(delay) * share);
  }
  // Whole milliseconds, as hosts set timers in.
  return delay >= 1000 ? delay / 1000 * 1000 : delay;
}

}  // namespace reticle
