// The state of a run as bytes and back, for the journal, and as text for its dump.
#include "flow/run.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/value_codec.h"

namespace reticle {
namespace {

// The first byte of a state: its layout. A run that was never told of a signal has nothing of them,
// one that never did two things at once nothing of strands.
constexpr std::uint8_t kForm = 1, kFormWithSignals = 2, kFormWithStrands = 3;

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
  step.kind = enumerator(in, StepKind::Until);
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

void encodeLoops(ByteWriter& out, const std::vector<FlowLoop>& loops) {
  out.varint(loops.size());
  for (const FlowLoop& loop : loops) {
    encodeValues(out, loop.items);
    out.varint(loop.next);
  }
}

std::vector<FlowLoop> decodeLoops(ByteReader& in) {
  std::vector<FlowLoop> loops;
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    FlowLoop loop;
    loop.items = decodeValues(in);
    loop.next = decodeNumber(in);
    loops.push_back(std::move(loop));
  }
  return loops;
}

// Of a strand what a run of one strand does not have.
void encodeNesting(ByteWriter& out, const Strand& strand) {
  out.varint(strand.tries.size());
  for (const FlowTry& each : strand.tries) {
    out.varint(each.pc);
    out.varint(each.loops);
  }
  out.u8(strand.block ? 1 : 0);
  if (!strand.block) return;
  out.varint(strand.block->pc);
  encodeValues(out, strand.block->items);
  out.varint(strand.block->next);
  out.varint(strand.block->ended.size());
  for (const std::uint32_t part : strand.block->ended) out.varint(part);
  out.u8(strand.block->failing);
  encode(out, strand.block->failure);
}

void decodeNesting(ByteReader& in, Strand& strand) {
  const std::size_t tries = in.count();
  for (std::size_t i = 0; i < tries && !in.failed(); ++i) {
    const std::uint32_t pc = decodeNumber(in);
    strand.tries.push_back({pc, decodeNumber(in)});
  }
  if (in.u8() == 0) return;
  FlowBlock& block = strand.block.emplace();
  block.pc = decodeNumber(in);
  block.items = decodeValues(in);
  block.next = decodeNumber(in);
  const std::size_t ended = in.count();
  for (std::size_t i = 0; i < ended && !in.failed(); ++i) block.ended.push_back(decodeNumber(in));
  block.failing = in.u8() != 0;
  block.failure = decodeValue(in);
}

// ORDER: decodeCause
void encodeCause(ByteWriter& out, const RunCause& cause) {
  out.text(cause.id);
  out.text(cause.originId);
  out.varint(cause.hops);
  out.u8(cause.afterFailure);
  encode(out, mapOf(cause.trace));
}

RunCause decodeCause(ByteReader& in) {
  RunCause cause;
  cause.id = in.text();
  cause.originId = in.text();
  cause.hops = decodeNumber(in);
  cause.afterFailure = in.u8() != 0;
  const Value trace = decodeValue(in);
  if (cause.id.empty() || trace.kind() != ValueKind::Map) {
    in.fail();
    return {};
  }
  for (const auto& [name, value] : trace.asMap()) {
    if (name.kind() != ValueKind::String) in.fail();
    if (!in.failed()) cause.trace.emplace_back(std::string(name.asString()), value);
  }
  return cause;
}

// ORDER: decodeFailedAt
void encodeFailedAt(ByteWriter& out, const Run& run) {
  out.varint(run.failedAt->pc);
  encodeValues(out, run.failedAt->locals);
  encodeLoops(out, run.failedAt->loops);
  encodeNesting(out, *run.failedAt);
  out.varint(run.failedSteps.size());
  for (const std::uint32_t step : run.failedSteps) out.varint(step);
}

void decodeFailedAt(ByteReader& in, Run& run) {
  Strand& at = run.failedAt.emplace();
  at.pc = decodeNumber(in);
  at.locals = decodeValues(in);
  at.loops = decodeLoops(in);
  decodeNesting(in, at);
  const std::size_t steps = in.count();
  for (std::size_t i = 0; i < steps && !in.failed(); ++i) {
    run.failedSteps.push_back(decodeNumber(in));
  }
}

bool hasStrands(const Run& run) {
  return run.nextStrand > 1 || !run.main().tries.empty() ||
         std::any_of(run.steps.begin(), run.steps.end(), [](const Step& step) {
           return step.kind == StepKind::Run || step.kind == StepKind::Until;
         });
}

// ORDER: decodeStrands
void encodeStrands(ByteWriter& out, const Run& run) {
  out.varint(run.nextStrand);
  encodeNesting(out, run.main());
  out.varint(run.strands.size() - 1);
  for (const auto& [number, strand] : run.strands) {
    if (number == 0) continue;
    out.varint(number);
    out.varint(strand.parent);
    out.varint(strand.part);
    out.varint(strand.pc);
    encodeValues(out, strand.locals);
    encodeLoops(out, strand.loops);
    out.u8(static_cast<std::uint8_t>((strand.failing ? 1 : 0) | (strand.stopping ? 2 : 0)));
    encode(out, strand.failure);
    encodeNesting(out, strand);
  }
  for (const Step& step : run.steps) {
    out.varint(step.strand);
    out.varint(index(step.child));
    out.u8(step.ownsChild);
  }
}

void decodeStrands(ByteReader& in, Run& run) {
  run.nextStrand = decodeNumber(in);
  decodeNesting(in, run.main());
  const std::size_t strands = in.count();
  for (std::size_t i = 0; i < strands && !in.failed(); ++i) {
    const std::uint32_t number = decodeNumber(in);
    Strand& strand = run.strands[number];
    strand.number = number;
    strand.parent = decodeNumber(in);
    // Parents stand before what they began.
    if (number == 0 || number >= run.nextStrand || strand.parent >= number ||
        run.strands.count(strand.parent) == 0) {
      in.fail();
    }
    strand.part = decodeNumber(in);
    strand.pc = decodeNumber(in);
    strand.locals = decodeValues(in);
    strand.loops = decodeLoops(in);
    const std::uint8_t flags = in.u8();
    strand.failing = flags & 1;
    strand.stopping = flags & 2;
    strand.failure = decodeValue(in);
    decodeNesting(in, strand);
  }
  for (Step& step : run.steps) {
    step.strand = decodeNumber(in);
    step.child = RunId{decodeNumber(in)};
    step.ownsChild = in.u8() != 0;
  }
}

}  // namespace

// ORDER: the enums in run.h. These words stand in traces and views.
const char* name(RunStatus status) {
  constexpr std::array<const char*, 4> names{"running", "completed", "failed", "cancelled"};
  return names[static_cast<std::size_t>(status)];
}

const char* name(StepKind kind) {
  constexpr std::array<const char*, 5> names{"call", "sleep", "wait", "run", "until"};
  return names[static_cast<std::size_t>(kind)];
}

const char* name(StepStatus status) {
  constexpr std::array<const char*, 4> names{"started", "completed", "failed", "retrying"};
  return names[static_cast<std::size_t>(status)];
}

// ORDER: encodeRun, decodeRun
std::string encodeRun(const Run& run, std::uint32_t timers) {
  ByteWriter out;
  const Strand& main = run.main();
  const std::uint8_t form = hasStrands(run)      ? kFormWithStrands
                            : run.signalled != 0 ? kFormWithSignals
                                                 : kForm;
  out.u8(form);
  out.varint(timers);
  out.varint(index(run.id));
  out.varint(index(run.flow));
  out.text(run.key);
  out.u8(static_cast<std::uint8_t>(run.status));
  out.varint(run.generation);
  out.varint(main.pc);
  encodeValues(out, main.locals);
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
  encodeLoops(out, main.loops);
  // Flags in one byte.
  out.u8(static_cast<std::uint8_t>((run.handling ? 1 : 0) | (main.failing ? 2 : 0) |
                                   (run.cancelled ? 4 : 0) | (run.failedAt ? 8 : 0) |
                                   (run.cause.id.empty() ? 0 : 16)));
  encode(out, main.failure);
  out.text(run.error);
  encode(out, run.result);
  encodeTimer(out, run.due, run.timer);
  if (run.failedAt) encodeFailedAt(out, run);
  if (!run.cause.id.empty()) encodeCause(out, run.cause);
  if (form == kForm) return out.take();
  out.varint(run.signalled);
  out.varint(run.signals.size());
  for (const Signal& signal : run.signals) {
    out.varint(index(signal.type));
    encode(out, signal.event);
  }
  if (form == kFormWithStrands) encodeStrands(out, run);
  return out.take();
}

// `timers`: how many have ever been set, so that numbers are not used again.
Result<Run> decodeRun(std::string_view bytes, std::uint32_t& timers) {
  ByteReader in(bytes);
  const std::uint8_t form = in.u8();
  if (form < kForm || form > kFormWithStrands) in.fail();
  timers = decodeNumber(in);
  Run run;
  Strand& main = run.main();
  run.id = RunId{decodeNumber(in)};
  run.flow = FlowId{decodeNumber(in)};
  run.key = in.text();
  run.status = enumerator(in, RunStatus::Cancelled);
  run.generation = decodeNumber(in);
  main.pc = decodeNumber(in);
  main.locals = decodeValues(in);
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
  main.loops = decodeLoops(in);
  const std::uint8_t flags = in.u8();
  run.handling = flags & 1;
  main.failing = flags & 2;
  run.cancelled = flags & 4;
  main.failure = decodeValue(in);
  run.error = in.text();
  run.result = decodeValue(in);
  decodeTimer(in, run.due, run.timer);
  if (flags & 8) decodeFailedAt(in, run);
  if (flags & 16) run.cause = decodeCause(in);
  if (form >= kFormWithSignals) {
    run.signalled = decodeNumber(in);
    const std::size_t signals = in.count();
    for (std::size_t i = 0; i < signals && !in.failed(); ++i) {
      const TypeId type{decodeNumber(in)};
      run.signals.push_back({type, decodeValue(in)});
    }
  }
  if (form == kFormWithStrands) decodeStrands(in, run);
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
