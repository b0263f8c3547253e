// The state of a run as bytes and back, for the journal, and as text for its dump.
#include "flow/run.h"

#include <array>

#include "base/bytes.h"
#include "base/value_codec.h"

namespace reticle {
namespace {

// The first byte of a state: its layout. A run that was never told of a signal has nothing of them.
constexpr std::uint8_t kForm = 1, kFormWithSignals = 2;

// A number that no enumerator has fails the reader.
template <typename Enum>
Enum enumerator(ByteReader& in, Enum last) {
  const std::uint8_t value = in.u8();
  if (value > static_cast<std::uint8_t>(last)) in.fail();
  return in.failed() ? Enum{} : static_cast<Enum>(value);
}

// No timer, no time.
void encodeTimer(ByteWriter& out, Time due, std::uint32_t timer) {
  out.varint(timer);
  if (timer != 0) out.zigzag(due);
}

void decodeTimer(ByteReader& in, Time& due, std::uint32_t& timer) {
  timer = decodeNumber(in);
  if (timer != 0) due = in.zigzag();
}

// ORDER: encodeStep, decodeStep
void encodeStep(ByteWriter& out, const Step& step) {
  out.varint(step.number);
  out.text(step.path);
  out.u8(static_cast<std::uint8_t>(step.kind));
  out.u8(static_cast<std::uint8_t>(step.status));
  out.varint(step.pc);
  out.u8(step.undo);
  out.varint(index(step.function));
  encodeValues(out, step.arguments);
  out.text(step.key);
  out.varint(step.attempt);
  out.varint(step.failures);
  encode(out, step.result);
  out.text(step.error);
  encodeTimer(out, step.due, step.timer);
}

// ORDER: encodeStep.
Step decodeStep(ByteReader& in) {
  Step step;
  step.number = decodeNumber(in);
  step.path = in.text();
  step.kind = enumerator(in, StepKind::Wait);
  step.status = enumerator(in, StepStatus::Retrying);
  step.pc = decodeNumber(in);
  step.undo = in.u8() != 0;
  step.function = FunctionId{decodeNumber(in)};
  step.arguments = decodeValues(in);
  step.key = in.text();
  step.attempt = decodeNumber(in);
  step.failures = decodeNumber(in);
  step.result = decodeValue(in);
  step.error = in.text();
  decodeTimer(in, step.due, step.timer);
  return step;
}

}  // namespace

// ORDER: the enums in run.h. These words stand in traces and views.
const char* name(RunStatus status) {
  constexpr std::array<const char*, 4> names{"running", "completed", "failed", "cancelled"};
  return names[static_cast<std::size_t>(status)];
}

const char* name(StepKind kind) {
  constexpr std::array<const char*, 3> names{"call", "sleep", "wait"};
  return names[static_cast<std::size_t>(kind)];
}

const char* name(StepStatus status) {
  constexpr std::array<const char*, 4> names{"started", "completed", "failed", "retrying"};
  return names[static_cast<std::size_t>(status)];
}

// ORDER: encodeRun, decodeRun
std::string encodeRun(const Run& run, std::uint32_t timers) {
  ByteWriter out;
  out.u8(run.signalled == 0 ? kForm : kFormWithSignals);
  out.varint(timers);
  out.varint(index(run.id));
  out.varint(index(run.flow));
  out.text(run.key);
  out.u8(static_cast<std::uint8_t>(run.status));
  out.varint(run.generation);
  out.varint(run.pc);
  encodeValues(out, run.locals);
  out.varint(run.steps.size());
  for (const Step& step : run.steps) encodeStep(out, step);
  out.varint(run.nextStep);
  out.varint(run.undo.size());
  for (const UndoCall& undo : run.undo) {
    out.varint(undo.step);
    out.text(undo.path);
    out.varint(undo.pc);
    out.varint(index(undo.function));
    encodeValues(out, undo.arguments);
  }
  out.varint(run.loops.size());
  for (const FlowLoop& loop : run.loops) {
    encodeValues(out, loop.items);
    out.varint(loop.next);
  }
  // Flags in one byte.
  out.u8(static_cast<std::uint8_t>((run.handling ? 1 : 0) | (run.failing ? 2 : 0) |
                                   (run.cancelled ? 4 : 0)));
  encode(out, run.failure);
  out.text(run.error);
  encode(out, run.result);
  encodeTimer(out, run.due, run.timer);
  if (run.signalled == 0) return out.take();
  out.varint(run.signalled);
  out.varint(run.signals.size());
  for (const Signal& signal : run.signals) {
    out.varint(index(signal.type));
    encode(out, signal.event);
  }
  return out.take();
}

// `timers`: how many have ever been set, so that numbers are not used again.
Result<Run> decodeRun(std::string_view bytes, std::uint32_t& timers) {
  ByteReader in(bytes);
  const std::uint8_t form = in.u8();
  if (form != kForm && form != kFormWithSignals) in.fail();
  timers = decodeNumber(in);
  Run run;
  run.id = RunId{decodeNumber(in)};
  run.flow = FlowId{decodeNumber(in)};
  run.key = in.text();
  run.status = enumerator(in, RunStatus::Cancelled);
  run.generation = decodeNumber(in);
  run.pc = decodeNumber(in);
  run.locals = decodeValues(in);
  const std::size_t steps = in.count();
  for (std::size_t i = 0; i < steps && !in.failed(); ++i) run.steps.push_back(decodeStep(in));
  run.nextStep = decodeNumber(in);
  const std::size_t undo = in.count();
  for (std::size_t i = 0; i < undo && !in.failed(); ++i) {
    UndoCall call;
    call.step = decodeNumber(in);
    call.path = in.text();
    call.pc = decodeNumber(in);
    call.function = FunctionId{decodeNumber(in)};
    call.arguments = decodeValues(in);
    run.undo.push_back(std::move(call));
  }
  const std::size_t loops = in.count();
  for (std::size_t i = 0; i < loops && !in.failed(); ++i) {
    FlowLoop loop;
    loop.items = decodeValues(in);
    loop.next = decodeNumber(in);
    run.loops.push_back(std::move(loop));
  }
  const std::uint8_t flags = in.u8();
  run.handling = flags & 1;
  run.failing = flags & 2;
  run.cancelled = flags & 4;
  run.failure = decodeValue(in);
  run.error = in.text();
  run.result = decodeValue(in);
  decodeTimer(in, run.due, run.timer);
  if (form == kFormWithSignals) {
    run.signalled = decodeNumber(in);
    const std::size_t signals = in.count();
    for (std::size_t i = 0; i < signals && !in.failed(); ++i) {
      const TypeId type{decodeNumber(in)};
      run.signals.push_back({type, decodeValue(in)});
    }
  }
  if (in.failed() || !in.atEnd()) {
    return Error{ErrorCode::Corrupt, "the state of a run cannot be read"};
  }
  return run;
}

// Without the program the flow is written as a number.
std::string runText(std::string_view bytes, const model::Program* program) {
  std::uint32_t timers = 0;
  const Result<Run> run = decodeRun(bytes, timers);
  if (!run.ok()) return "(unreadable)";
  const bool named = program && index(run->flow) < program->flows.size();
  std::string text =
      std::to_string(index(run->id)) + " " +
      (named ? program->flows[index(run->flow)].name : "flow " + std::to_string(index(run->flow)));
  text += " \"" + run->key + "\" " + name(run->status);
  if (!run->error.empty()) text += " (" + run->error + ")";
  const char* before = ": ";
  for (const Step& step : run->steps) {
    text += before + step.path + " " + name(step.status);
    // The first attempt is what everybody expects.
    if (step.attempt > 1) text += " (attempt " + std::to_string(step.attempt) + ")";
    if (step.status == StepStatus::Completed && !step.result.isNull()) {
      text += " " + toText(step.result);
    }
    if (!step.error.empty()) text += " \"" + step.error + "\"";
    before = ", ";
  }
  return text;
}

}  // namespace reticle
