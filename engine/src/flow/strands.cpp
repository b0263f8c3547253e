// What a run does at the same time: parts of a `parallel`, elements of a `for … parallel`.
//
// The strand that comes to such a block waits until no strand of the block is left. Each has a copy
// of the locals that were there when it began; what a part of a `parallel` binds is copied back
// when it ends, so that parts after it, and what follows the block, see it.
#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "flow/flows.h"

namespace reticle {
namespace {

constexpr std::size_t kMostAtOnce = 256;  // elements of one loop

bool contains(const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool isIn(const Strand& strand, const Strand& parent) {
  return strand.number != 0 && strand.parent == parent.number;
}

}  // namespace

std::size_t Flows::childrenOf(const Run& run, const Strand& parent) const {
  return static_cast<std::size_t>(
      std::count_if(run.strands.begin(), run.strands.end(),
                    [&parent](const auto& entry) { return isIn(entry.second, parent); }));
}

// Nothing but the first strand, outside of all blocks.
Strand& Flows::onlyMain(Run& run) {
  Strand& main = run.main();
  run.strands.erase(std::next(run.strands.begin()), run.strands.end());
  main.loops.clear();
  main.tries.clear();
  main.block.reset();
  main.failing = false;
  return main;
}

// --- beginning

bool Flows::fork(Run& run, Strand& strand) {
  strand.block.emplace().pc = strand.pc;
  beginMore(run, strand);
  if (childrenOf(run, strand) == 0) endBlock(run, strand);
  return !strand.block;
}

bool Flows::each(Run& run, Strand& strand, std::vector<Value> items) {
  FlowBlock& block = strand.block.emplace();
  block.pc = strand.pc;
  block.items = std::move(items);
  beginMore(run, strand);
  if (childrenOf(run, strand) == 0) endBlock(run, strand);
  return !strand.block;
}

// The parts whose predecessors have ended; so many elements as may run at the same time.
void Flows::beginMore(Run& run, Strand& parent) {
  FlowBlock& block = *parent.block;
  const FlowInstruction& begin = instructionOf(run, block.pc);
  if (begin.op == FlowOp::Fork) {
    for (std::uint32_t part = 0; part < begin.parts.size(); ++part) {
      const std::vector<std::uint32_t>& after = begin.parts[part].after;
      const bool begun =
          contains(block.ended, part) ||
          std::any_of(run.strands.begin(), run.strands.end(), [&](const auto& entry) {
            return isIn(entry.second, parent) && entry.second.part == part;
          });
      const bool held = std::any_of(after.begin(), after.end(), [&block](std::uint32_t other) {
        return !contains(block.ended, other);
      });
      if (!begun && !held) beginStrand(run, parent, part, begin.parts[part].pc);
    }
    return;
  }
  const model::Action& loop = *begin.action;
  const bool facts = loop.kind == model::Action::Kind::ForFacts;
  const std::size_t most =
      loop.count < 0 ? kMostAtOnce : std::min<std::size_t>(kMostAtOnce, loop.count);
  for (std::size_t running = childrenOf(run, parent);
       running < most && block.next < block.items.size(); ++block.next) {
    const Value& item = block.items[block.next];
    if (facts && !session_.holds(item.asFact())) continue;  // gone meanwhile
    Strand& strand = beginStrand(run, parent, block.next, block.pc + 1);
    if (loop.local) strand.locals[*loop.local] = item;
    strand.loops.push_back({{}, block.next + 1});
    ++running;
  }
}

// Of the loops around it only the turns are known, which names of steps are made of.
Strand& Flows::beginStrand(Run& run, const Strand& parent, std::uint32_t part, std::uint32_t pc) {
  const std::uint32_t number = run.nextStrand++;
  Strand& strand = run.strands[number];
  strand.number = number;
  strand.parent = parent.number;
  strand.part = part;
  strand.pc = pc;
  strand.locals = parent.locals;
  for (const FlowLoop& loop : parent.loops) strand.loops.push_back({{}, loop.next});
  touch(run);
  return strand;
}

// --- ending

// Requires: no step of the strand is open, and it is in no block of its own.
void Flows::endPart(Run& run, Strand& strand) {
  Strand& parent = run.strands.at(strand.parent);
  FlowBlock& block = *parent.block;
  const FlowInstruction& begin = instructionOf(run, block.pc);
  touch(run);
  if (begin.op == FlowOp::Fork && !block.failing) {
    const model::Action& part = begin.action->body[strand.part];
    for (std::uint32_t local = part.localsBegin; local < part.localsEnd; ++local) {
      parent.locals[local] = strand.locals[local];
    }
  }
  if (begin.op == FlowOp::Fork) block.ended.push_back(strand.part);
  const bool first = begin.op == FlowOp::Fork && begin.action->first;
  run.strands.erase(strand.number);
  if (first) {
    stopBlock(run, parent, true, "another part came to its end first");
  } else if (!block.failing) {
    beginMore(run, parent);
  }
  if (childrenOf(run, parent) == 0) endBlock(run, parent);
}

// The first failure counts. Calls of the others that are under way are awaited, and nothing else of
// them.
void Flows::partFailed(Run& run, Strand& strand, Value error) {
  Strand& parent = run.strands.at(strand.parent);
  FlowBlock& block = *parent.block;
  const FlowInstruction& begin = instructionOf(run, block.pc);
  if (!block.failing) {
    block.failing = true;
    block.failure = std::move(error);
  }
  const bool first = begin.op == FlowOp::Fork && begin.action->first;
  run.strands.erase(strand.number);
  stopBlock(run, parent, first, "another part failed");
  if (childrenOf(run, parent) == 0) endBlock(run, parent);
}

// Nothing of the block is left: its strand goes on behind it, or fails with it.
void Flows::endBlock(Run& run, Strand& parent) {
  FlowBlock block = std::move(*parent.block);
  parent.block.reset();
  touch(run);
  if (parent.stopping) return dropStopped(run, parent);
  effects_.wake(run.id);
  if (block.failing) {
    fail(run, parent, std::move(block.failure));
  } else {
    parent.pc = instructionOf(run, block.pc).target;
  }
}

// --- stopping

void Flows::stopBlock(Run& run, const Strand& parent, bool atOnce, std::string_view reason) {
  std::vector<std::uint32_t> children;
  for (const auto& [number, strand] : run.strands) {
    if (isIn(strand, parent)) children.push_back(number);
  }
  for (const std::uint32_t child : children) stop(run, run.strands.at(child), atOnce, reason);
}

// With all that is in its block. What it waits for is given up; calls under way only `atOnce`.
void Flows::stop(Run& run, Strand& strand, bool atOnce, std::string_view reason) {
  if (strand.block) stopBlock(run, strand, atOnce, reason);
  listen(run, false);
  for (Step& step : run.steps) {
    const bool underWay = step.kind == StepKind::Call && step.status == StepStatus::Started;
    if (step.strand != strand.number || !step.open() || (underWay && !atOnce)) continue;
    abandonStep(run, step, reason);
  }
  listen(run, true);
  strand.stopping = true;
  touch(run);
  if (!hasOpenCalls(run, strand) && childrenOf(run, strand) == 0) run.strands.erase(strand.number);
}

// A strand that was stopped, and of which nothing is left under way.
void Flows::dropStopped(Run& run, Strand& strand) {
  if (hasOpenCalls(run, strand) || childrenOf(run, strand) > 0) return;
  Strand& parent = run.strands.at(strand.parent);
  run.strands.erase(strand.number);
  touch(run);
  if (childrenOf(run, parent) == 0) endBlock(run, parent);
}

}  // namespace reticle
