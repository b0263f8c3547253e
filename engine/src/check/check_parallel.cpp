// Steps and branches that run at the same time, and what each of them may know of the others.
#include <algorithm>

#include "check/action_checker.h"
#include "check/outcome.h"
#include "check/step_checker.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;
using Parts = StepChecker::Parts;

// By identity: parts are told by their place, since two may be alike.
bool contains(const Parts& parts, const tree::Action* part) {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

// The parts that must have ended before this one begins, also by way of others.
Parts partsBefore(const tree::Action& part, const Parts& parts) {
  Parts before;
  const auto add = [&](const auto& self, const tree::Action& one) -> void {
    for (const tree::Name& name : one.afterSteps) {
      const tree::Action* other = findPart(parts, name.text);
      if (!other || contains(before, other)) continue;
      before.push_back(other);
      self(self, *other);
    }
  };
  add(add, part);
  return before;
}

}  // namespace

// Those with a name of their own; a second part of the same name is reported.
Parts StepChecker::partsOf(const tree::Action& action) {
  Parts parts;
  for (const tree::Action& part : action.body) {
    const tree::Action* twin = findPart(parts, partName(part));
    if (!twin) {
      parts.push_back(&part);
      continue;
    }
    const std::string what =
        part.kind == twin->kind ? part.kind == Kind::Step ? "steps" : "branches" : "parts";
    report_
        .error("RL6007", part.name.span,
               "there are two " + what + " called " + quoted(part.name.text))
        .related.push_back({twin->name.span, "the first one"});
  }
  return parts;
}

// In an order in which each part comes after those it waits for. When no part can come next, those
// that are left wait for each other.
bool StepChecker::checkParallel(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Parallel;
  out.first = action.first;
  Block block{action, partsOf(action), {}, {}, {}};
  block.waiting = block.parts;
  block.made.resize(block.parts.size());
  block.checked.resize(block.parts.size());
  while (!block.waiting.empty()) {
    const auto next =
        std::find_if(block.waiting.begin(), block.waiting.end(), [&](const tree::Action* part) {
          const Parts before = partsBefore(*part, block.parts);
          return std::none_of(before.begin(), before.end(), [&](const tree::Action* other) {
            return other != part && contains(block.waiting, other);
          });
        });
    if (next == block.waiting.end()) {
      reportCircle(block.waiting);
      return false;
    }
    const tree::Action* part = *next;
    block.waiting.erase(next);
    checkNext(block, *part, s);
  }
  bindParts(block, out, s);
  return true;
}

// At the first of them in the text.
void StepChecker::reportCircle(const Parts& waiting) {
  std::vector<std::string> names;
  for (const tree::Action* part : waiting) names.push_back(quoted(partName(*part)));
  Diagnostic& d = report_.error("RL6006", waiting[0]->name.span,
                                "these steps wait for each other: " + listed(names));
  for (std::size_t i = 1; i < waiting.size(); ++i) {
    d.related.push_back({waiting[i]->name.span, "waits too"});
  }
}

// One part, whose predecessors were read: it sees what they have bound, and nothing of the others.
void StepChecker::checkNext(Block& block, const tree::Action& part, Scope& s) {
  const auto place = [&](const tree::Action* one) {
    return static_cast<std::size_t>(std::find(block.parts.begin(), block.parts.end(), one) -
                                    block.parts.begin());
  };
  const std::size_t mark = s.bindings.size(), known = s.known.size(), absent = s.absent.size();
  const Parts before = partsBefore(part, block.parts);
  for (const tree::Action* other : before) {
    const std::vector<Binding>& names = block.made[place(other)];
    s.bindings.insert(s.bindings.end(), names.begin(), names.end());
  }
  const std::size_t own = s.bindings.size();
  for (const tree::Action* other : block.parts) {
    if (other == &part || contains(before, other)) continue;
    const Span last = part.afterSteps.empty() ? part.name.span : part.afterSteps.back().span;
    const Span behind{last.file, last.end, last.end};
    const bool joins = part.kind == Kind::Step && !partName(*other).empty() && !block.action.first;
    for (const tree::Name& name : namesBoundBy(*other)) {
      s.absent.push_back(
          {name.text, Absent::Why::Sibling, name.span, partName(*other), joins ? behind : Span{}});
      s.absent.back().action = &part;
    }
  }
  Action& result = block.checked[place(&part)];
  result.span = part.span;
  result.text = textOf(part);
  result.localsBegin = s.locals;
  const bool good = checkPartOf(block.action, part, block.parts, result, s);
  result.localsEnd = s.locals;
  if (!good) result.text.clear();
  block.made[place(&part)].assign(s.bindings.begin() + static_cast<std::ptrdiff_t>(own),
                                  s.bindings.end());
  // The parts before were used or not: that is known of their copies.
  for (std::size_t i = mark; i < own; ++i) {
    for (std::vector<Binding>& names : block.made) {
      for (Binding& binding : names) {
        binding.used = binding.used || (binding.name == s.bindings[i].name && s.bindings[i].used);
      }
    }
  }
  // The others are read as if this part had never been.
  s.bindings.resize(mark);
  s.known.resize(known);
  s.absent.resize(absent);
  if (good) return;
  for (const tree::Name& name : namesBoundBy(part)) {
    s.absent.push_back({name.text, Absent::Why::Broken, name.span, "", {}});
  }
}

// In the order of the text, whatever the order of reading was.
void StepChecker::bindParts(Block& block, Action& out, Scope& s) {
  for (std::size_t i = 0; i < block.parts.size(); ++i) {
    if (!block.checked[i].text.empty()) out.body.push_back(std::move(block.checked[i]));
    for (Binding& binding : block.made[i]) {
      if (!bindings_.isFree({binding.name, binding.span}, s)) continue;
      if (block.action.first && binding.type.kind != TypeKind::Null && !isAny(binding.type)) {
        binding.type.optional = true;
      }
      s.bindings.push_back(std::move(binding));
    }
  }
}

// A step, a branch, or any other action that a flow may have.
bool StepChecker::checkPartOf(const tree::Action& parallel, const tree::Action& part,
                              const Parts& parts, Action& out, Scope& s) {
  if (parallel.first) {
    for (const tree::Name& name : part.afterSteps) {
      if (!findPart(parts, name.text)) continue;
      Diagnostic& d = report_.error("RL6006", name.span,
                                    "in `parallel first` nothing comes after another part");
      d.notes.push_back("the first part to end ends the others");
      d.help.push_back("write what belongs together as one `branch`");
      return false;
    }
  }
  const auto known = index_.item(part.span, s);
  if (part.kind == Kind::Step) return checkStep(part, out, s, parts);
  if (part.kind != Kind::Branch) return actions_.checkAction(part, out, s);
  out.kind = Action::Kind::Branch;
  out.name = part.name.text;
  out.body = actions_.checkActions(part.body, s);
  return true;
}

}  // namespace reticle::model
