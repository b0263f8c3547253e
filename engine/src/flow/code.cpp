// From the steps of a flow to its instructions, and when a failed call is tried again.
#include "flow/code.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "model/asking.h"

namespace reticle {
namespace {

using Kind = model::Action::Kind;

// Instructions of the steps, then of what undoes them, then of the handlers. What fails without a
// handler is compensated and ends.
class FlowCompiler {
 public:
  explicit FlowCompiler(const model::Program& program) : program_(program) {}

  FlowCode compile(const model::Flow& flow) {
    block(flow.steps);
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
      block(handler.steps);
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

  void block(const std::vector<model::Action>& actions) {
    for (const model::Action& action : actions) step(action);
  }

  // Items, next: Next end, body, Jump next, end:
  // At once: Each end, body, End, end:
  void loop(FlowOp op, const model::Action& action) {
    if (action.atOnce) {
      const std::uint32_t each = emit(FlowOp::Each, &action);
      block(action.body);
      emit(FlowOp::End);
      return land(each);
    }
    emit(op, &action);
    const std::uint32_t next = emit(FlowOp::Next, &action);
    block(action.body);
    code_.instructions[emit(FlowOp::Jump)].target = next;
    land(next);
  }

  // Steps that wait for nothing are only started, and one Await stands after them all. Anything
  // else is a strand of its own: Fork end, part, End, part, End, end:
  void parallel(const model::Action& action) {
    const bool calls =
        !action.first &&
        std::all_of(action.body.begin(), action.body.end(), [](const model::Action& part) {
          return part.kind == Kind::Step && part.afterParts.empty();
        });
    if (calls) {
      for (const model::Action& part : action.body) emit(FlowOp::Step, &part);
      emit(FlowOp::Await);
      return;
    }
    const std::uint32_t fork = emit(FlowOp::Fork, &action);
    std::vector<FlowPart> parts;
    for (const model::Action& part : action.body) {
      FlowPart& made = parts.emplace_back();
      made.pc = here();
      for (std::size_t i = 0; i < action.body.size(); ++i) {
        const model::Action& other = action.body[i];
        const bool named = (other.kind == Kind::Step || other.kind == Kind::Branch) &&
                           std::find(part.afterParts.begin(), part.afterParts.end(), other.name) !=
                               part.afterParts.end();
        if (named) made.after.push_back(static_cast<std::uint32_t>(i));
      }
      step(part);
      emit(FlowOp::End);
    }
    code_.instructions[fork].parts = std::move(parts);
    land(fork);
  }

  // Try handler, body, TryEnd end, handler: catch, end:
  void attempt(const model::Action& action) {
    const std::uint32_t begin = emit(FlowOp::Try, &action);
    block(action.body);
    const std::uint32_t end = emit(FlowOp::TryEnd, &action);
    land(begin);
    block(action.otherwise);
    land(end);
  }

  // A reference may lead to any fact.
  void until(const model::Action& action) {
    FlowInstruction& made = code_.instructions[emit(FlowOp::Until, &action)];
    model::Asking::Needs needs = model::Asking(program_).needs(action.value, action.conditions);
    made.asksTime = needs.time;
    if (needs.references) {
      for (const model::FactType& type : program_.types) made.asks.push_back(type.id);
    } else {
      made.asks = std::move(needs.types);
    }
  }

  // ORDER: model::Action::Kind.
  void step(const model::Action& action) {
    switch (action.kind) {
      case Kind::Step:
        emit(FlowOp::Step, &action);
        emit(FlowOp::Await);
        return;
      case Kind::Parallel: return parallel(action);
      case Kind::Branch: return block(action.body);
      case Kind::Try: return attempt(action);
      case Kind::If: {
        const std::uint32_t unless = emit(FlowOp::Unless, &action);
        block(action.body);
        if (action.otherwise.empty()) return land(unless);
        const std::uint32_t past = emit(FlowOp::Jump);
        land(unless);
        block(action.otherwise);
        return land(past);
      }
      case Kind::For: return loop(FlowOp::Items, action);
      case Kind::ForFacts: return loop(FlowOp::Facts, action);
      case Kind::Find: emit(FlowOp::Find, &action); return;
      case Kind::Sleep: emit(FlowOp::Sleep, &action); return;
      case Kind::SleepUntil: emit(FlowOp::SleepUntil, &action); return;
      case Kind::Wait: emit(FlowOp::Wait, &action); return;
      case Kind::WaitUntil: return until(action);
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
    }
  }

  const model::Program& program_;
  FlowCode code_;
};

}  // namespace

std::vector<FlowCode> compileFlows(const model::Program& program) {
  std::vector<FlowCode> flows;
  for (const model::Flow& flow : program.flows)
    flows.push_back(FlowCompiler(program).compile(flow));
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
