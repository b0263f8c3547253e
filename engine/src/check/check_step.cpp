// Steps that call host functions and run flows, with their retries and undos.
#include <algorithm>

#include "check/arguments.h"
#include "check/expression_checker.h"
#include "check/outcome.h"
#include "check/step_checker.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// ORDER: none; the two enums have the same names and each is named.
Retry::Backoff backoffOf(tree::Retry::Backoff backoff) {
  switch (backoff) {
    case tree::Retry::Backoff::None: return Retry::Backoff::None;
    case tree::Retry::Backoff::Constant: return Retry::Backoff::Constant;
    case tree::Retry::Backoff::Linear: return Retry::Backoff::Linear;
    case tree::Retry::Backoff::Exponential: return Retry::Backoff::Exponential;
  }
  return Retry::Backoff::None;
}

}  // namespace

// The condition sees the failure as `err`, in the last local of the flow, which all retries share:
// only one of them is asked at a time.
std::optional<Retry> StepChecker::checkRetry(const std::optional<tree::Retry>& retry, Scope& s) {
  if (!retry) return std::nullopt;
  Retry out;
  out.forever = retry->forever;
  out.times = retry->times;
  out.backoff = backoffOf(retry->backoff);
  if (retry->delay) out.delay = expressions_.spanOf(*retry->delay, s.module).value_or(0);
  if (retry->max) out.max = expressions_.spanOf(*retry->max, s.module).value_or(0);
  out.jitter = retry->jitter;
  if (out.max != 0 && out.max < out.delay) {
    report_
        .error("RL2009", retry->span, "the longest delay of this retry is shorter than the first")
        .help.push_back("write " + quoted(durationText(out.max) + ".." + durationText(out.delay)));
  }
  if (retry->jitter > 1) {
    Diagnostic& d =
        report_.error("RL2009", retry->span, "`jitter` is a part of the pause, from 0 to 1");
    d.help.push_back("`jitter 0.2` makes each pause longer or shorter by up to a fifth");
  } else if (retry->jitter > 0 && retry->backoff == tree::Retry::Backoff::None) {
    report_.error("RL2009", retry->span, "there is no pause that `jitter` could change")
        .help.push_back("say how long to wait between the attempts: `backoff constant 1s`");
  }
  if (retry->condition) {
    Binding err;
    err.name = "err";
    err.type = mapOf(Type::of(TypeKind::String), Type::of(TypeKind::Any));
    err.ref = {Ref::Kind::Local, s.retryError, {}};
    err.span = retry->span;
    err.what = "failure";
    err.quiet = true;
    bindings_.bind(s, std::move(err));
    index_.within(retry->condition->span, s);
    Expr condition = *retry->condition;
    expressions_.check(condition, s);
    fit_.requireBool(condition, s, "the condition of `retry`");
    s.bindings.pop_back();
    out.condition = expressions_.finish(std::move(condition));
  }
  return out;
}

// Other actions have no name, and nothing can wait for them.
std::string partName(const tree::Action& part) {
  return part.kind == Kind::Step || part.kind == Kind::Branch ? part.name.text : "";
}

// By name; parts of one `parallel` have different ones.
const tree::Action* findPart(const StepChecker::Parts& parts, const std::string& name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const tree::Action* part) {
    return !name.empty() && partName(*part) == name;
  });
  return found == parts.end() ? nullptr : *found;
}

// `after` names another part of the same `parallel`, or a step above, which has ended anyway and is
// allowed for its reader.
void StepChecker::checkAfter(const tree::Action& step, const Parts& parts, Scope& s) {
  std::vector<std::string> steps;
  for (const Binding& binding : s.bindings) {
    if (std::string_view(binding.what) == "step") steps.push_back(binding.name);
  }
  for (const tree::Action* part : parts) {
    if (part != &step && !partName(*part).empty()) steps.push_back(partName(*part));
  }
  for (const tree::Name& name : step.afterSteps) {
    const tree::Action* part = findPart(parts, name.text);
    if (part && part != &step) {
      index_.use(name, part->name.span);
      continue;
    }
    Binding* found = s.find(name.text);
    if (found && std::string_view(found->what) == "step") {
      found->used = true;
      index_.use(*found, name.span);
      continue;
    }
    const auto absent = std::find_if(s.absent.begin(), s.absent.end(),
                                     [&](const Absent& a) { return a.name == name.text; });
    if (part || absent != s.absent.end()) {
      if (!part && absent->why == Absent::Why::Broken) continue;
      Diagnostic& d =
          report_.error("RL6006", name.span,
                        part ? quoted(name.text) + " cannot come after itself"
                             : quoted(step.name.text) + " cannot come after " + quoted(name.text));
      if (!part) {
        d.related.push_back({absent->span, absent->why == Absent::Why::Left
                                               ? "a step inside a block that has ended"
                                               : "this step is further down"});
      }
      continue;
    }
    Diagnostic& d =
        report_.error("RL1005", name.span, "there is no step called " + quoted(name.text));
    suggest(d, name.span, name.text, steps);
  }
}

// A step that ignores errors may have no result: its type is optional then.
bool StepChecker::checkStep(const tree::Action& action, Action& out, Scope& s, const Parts& parts) {
  out.kind = Action::Kind::Step;
  out.name = action.name.text;
  checkAfter(action, parts, s);
  for (const tree::Name& name : action.afterSteps) {
    if (findPart(parts, name.text)) out.afterParts.push_back(name.text);
  }
  Type result = Type::of(TypeKind::Null);
  if (!checkTarget(action, out, result, s)) return false;
  out.retry = checkRetry(action.retry, s);
  if (action.timeout) out.timeout = expressions_.spanOf(*action.timeout, s.module);
  out.ignoreErrors = action.ignoreErrors;
  // Within one block a step has its name to itself: the journal knows it by that.
  const Binding* same = s.find(action.name.text);
  if (same && std::string_view(same->what) == "step") {
    report_
        .error("RL6007", action.name.span, "there are two steps called " + quoted(action.name.text))
        .related.push_back({same->span, "the first one"});
    return false;
  }
  // The undo runs when the step has succeeded, so it sees the result as it is.
  const Type plain = result;
  if (action.ignoreErrors && result.kind != TypeKind::Null && result.kind != TypeKind::Any) {
    result.optional = true;
  }
  out.local = bindings_.bindResult(s, action.name, result, "step", true);
  if (action.undoFunction) checkUndo(action, out, plain, s);
  return true;
}

// What the step calls, or the flow it runs; `result` is what that gives.
bool StepChecker::checkTarget(const tree::Action& action, Action& out, Type& result, Scope& s) {
  if (action.run) {
    const Symbol* symbol = nullptr;
    const Flow* flow = arguments_.resolveFlow(action.target, &symbol, s);
    if (!flow) {
      arguments_.lookAt(action.arguments, s);
      return false;
    }
    out.runsFlow = true;
    out.flow = flow->id;
    result = flow->result.value_or(result);
    const std::vector<Param> params = flow->params;
    out.arguments =
        arguments_.namedArguments(action.arguments, params, symbol->declaration->params,
                                  action.target.span, "the flow " + quoted(flow->name), s);
  } else {
    const tree::Declaration* declaration = nullptr;
    const Host* host = arguments_.resolveHost(action.target, &declaration, s);
    if (!host) {
      arguments_.lookAt(action.arguments, s);
      return false;
    }
    out.function = host->id;
    result = host->result.value_or(result);
    const std::vector<Param> params = host->params;
    out.arguments = arguments_.namedArguments(action.arguments, params, declaration->params,
                                              action.target.span, quoted(action.target.text), s);
  }
  return true;
}

// The undo of a step sees what the step saw and its result, which is there once the step has
// succeeded.
void StepChecker::checkUndo(const tree::Action& action, Action& out, const Type& result, Scope& s) {
  out.undoAlways = action.always;
  const tree::Declaration* declaration = nullptr;
  const Host* undo = arguments_.resolveHost(action.undoFunction, &declaration, s);
  if (!undo) return arguments_.lookAt(action.undoArguments, s);
  out.undoFunction = undo->id;
  Binding* own = s.bindings.empty() || s.bindings.back().name != action.name.text
                     ? nullptr
                     : &s.bindings.back();
  const Type outer = own ? own->type : result;
  if (own && own->type.kind != TypeKind::Null && !isAny(own->type)) {
    own->type = result;
    if (action.always) own->type.optional = true;
  }
  const std::vector<Param> params = undo->params;
  const std::size_t said = report_.said();
  out.undoArguments =
      arguments_.namedArguments(action.undoArguments, params, declaration->params,
                                action.undoFunction.span, quoted(action.undoFunction.text), s);
  if (own && s.bindings.back().name == action.name.text) s.bindings.back().type = outer;
  for (std::size_t i = said; i < report_.said(); ++i) rewordUndo(action, report_.at(i));
}

// Says of a mistake in an undo what it means there.
void StepChecker::rewordUndo(const tree::Action& action, Diagnostic& d) {
  if (d.code == "RL2007" && action.always &&
      d.message == quoted(action.name.text) + " may be null here") {
    d.code = "RL6008";
    d.message = quoted(action.name.text) + " may have no result when it is undone";
    d.related.push_back({action.name.span, "`undo always` also runs when this step has failed"});
    d.help.clear();
    d.help.push_back("write `undo call` to undo it only when it has succeeded");
  } else if (d.code == "RL1004" && d.message.ends_with(" is used before it is bound")) {
    d.code = "RL6008";
    d.message = d.message.substr(0, d.message.find('`', 1) + 1) + " may not be there when " +
                quoted(action.name.text) + " is undone";
    d.notes.push_back("an undo sees what was bound before its step, and the result of the step");
    d.help.clear();
  }
}

}  // namespace reticle::model
