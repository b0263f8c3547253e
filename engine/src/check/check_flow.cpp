// Flows: their heads and handlers, and the steps that look and leave.
#include <algorithm>

#include "check/action_checker.h"
#include "check/arguments.h"
#include "check/expression_checker.h"
#include "check/flow_checker.h"
#include "check/outcome.h"
#include "check/pattern_checker.h"
#include "check/ways.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// At least as many locals as these conditions bind: a run has room for all of them. A name gets
// one where it is bound, and one more for each `either` around that which hands it on.
std::uint32_t countConditionLocals(const std::vector<tree::Condition>& conditions,
                                   std::uint32_t handings = 1) {
  std::uint32_t count = 0;
  for (const tree::Condition& condition : conditions) {
    const auto names =
        static_cast<std::uint32_t>(2 + condition.functions.size() + condition.groupBy.size());
    count += names * handings;
    const std::uint32_t inside =
        condition.kind == tree::Condition::Kind::Either ? handings + 1 : handings;
    for (const std::vector<tree::Condition>& group : condition.groups) {
      count += countConditionLocals(group, inside);
    }
  }
  return count;
}

// More locals than these actions can bind.
std::uint32_t countConditionLocals(const std::vector<tree::Action>& actions) {
  std::uint32_t count = 0;
  for (const tree::Action& action : actions) {
    count += 1 + countConditionLocals(action.body) + countConditionLocals(action.otherwise) +
             countConditionLocals(action.conditions);
  }
  return count;
}

// `on failure`, when it is written so; a word that was mended may be shorter.
Span headOf(const tree::Handler& handler) {
  const std::uint32_t end = handler.span.begin + 3 + static_cast<std::uint32_t>(handler.on.size());
  return {handler.span.file, handler.span.begin, std::min(end, handler.span.end)};
}

}  // namespace

// The parameters are the first locals. Handlers see the parameters only: when they run, any step
// may have been the one that failed.
void FlowChecker::checkFlow(const tree::Declaration& declaration, const tree::Module* from) {
  const auto found = symbols_.indexOf(declaration);
  if (!found) return;
  const std::size_t errorsBefore = report_.errors(), saidBefore = report_.said();
  Scope s = Scope::in(Scope::Place::Flow, from);
  s.flow = &declaration;
  s.flowIndex = *found;
  bindings_.bindParams(declaration.params, program_.flows[s.flowIndex].params, s, true);
  std::uint32_t locals = s.locals + countConditionLocals(declaration.then);
  for (const tree::Handler& handler : declaration.handlers) {
    locals += 1 + countConditionLocals(handler.body);
  }
  // The last local is `err` of the retry conditions.
  s.retryError = locals;
  Flow flow = program_.flows[s.flowIndex];
  flow.locals = locals + 1;
  flow.retryError = locals;
  if (declaration.key) flow.key = arguments_.checkKey(*declaration.key, "the key of a run", s);
  if (declaration.timeout) flow.timeout = expressions_.spanOf(*declaration.timeout, s.module);
  flow.retry = steps_.checkRetry(declaration.retry, s);
  const std::size_t params = s.bindings.size();
  flow.steps = actions_.checkActions(declaration.then, s);
  bindings_.close(s, params, true);
  checkHandlers(declaration, flow, s);
  bindings_.close(s, 0);
  if (report_.errors() > errorsBefore || report_.wasUnread(declaration.span)) {
    report_.forgetUnused(saidBefore);
  } else {
    ways_.warnWithoutUndo(declaration, from);
    ways_.informOfEndless(declaration);
  }
  program_.flows[s.flowIndex] = std::move(flow);
}

// What the steps have bound is marked as unmade, so that its use is reported with the reason.
void FlowChecker::checkHandlers(const tree::Declaration& declaration, Flow& flow, Scope& s) {
  const std::size_t params = s.bindings.size();
  s.known.clear();
  for (Absent& absent : s.absent) {
    if (absent.why == Absent::Why::Left) absent.why = Absent::Why::Unmade;
  }
  for (const tree::Handler& handler : declaration.handlers) {
    Flow::Handler checked;
    checked.on = handler.on;
    const auto same = std::find_if(declaration.handlers.begin(), declaration.handlers.end(),
                                   [&](const tree::Handler& h) { return h.on == handler.on; });
    if (&*same != &handler) {
      Diagnostic& d =
          report_.error("RL1007", headOf(handler), "there are two `on " + handler.on + "`");
      d.related.push_back({headOf(*same), "the first one"});
    }
    if (handler.error)
      checked.error = bindings_.bindLocal(s, handler.error, failureType(), "failure", true);
    if (handler.error) index_.after(handler.error.span, s);
    checked.steps = actions_.checkActions(handler.body, s);
    bindings_.close(s, params, true);
    s.known.clear();
    flow.handlers.push_back(std::move(checked));
  }
}

// Those that only flows have; all others went to ActionChecker.
bool FlowChecker::checkFlowAction(const tree::Action& action, Action& out, Scope& s) {
  switch (action.kind) {
    case Kind::Step: return steps_.checkStep(action, out, s);
    case Kind::Parallel: return steps_.checkParallel(action, out, s);
    case Kind::Try: return checkTry(action, out, s);
    case Kind::Wait: return checkWait(action, out, s);
    case Kind::WaitUntil: return checkWaitUntil(action, out, s);
    case Kind::Find: return checkFind(action, out, s);
    case Kind::Sleep:
    case Kind::SleepUntil: return checkSleep(action, out, s);
    case Kind::Fail: {
      out.kind = Action::Kind::Fail;
      Expr value = action.value ? *action.value : Expr{};
      expressions_.check(value, s);
      out.value = expressions_.finish(std::move(value));
      return true;
    }
    case Kind::Return: return checkReturn(action, out, s);
    case Kind::Compensate: out.kind = Action::Kind::Compensate; return true;
    case Kind::Restart: return checkRestart(action, out, s);
    case Kind::Insert:
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateFields:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Call:
    case Kind::Start:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::CancelEvent:
    case Kind::Focus:
    case Kind::Refresh:
    case Kind::Halt:
    case Kind::Log:
    case Kind::Let:
    case Kind::If:
    case Kind::For:
    case Kind::Branch:
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Host:
    case Kind::Replace: break;
  }
  return false;
}

// Looks at one moment, so the fact may not be there: its type is optional.
bool FlowChecker::checkFind(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Find;
  const std::size_t known = s.known.size();
  Pattern pattern;
  if (!action.pattern || !patterns_.checkPattern(*action.pattern, pattern, s)) return false;
  s.known.resize(known);
  out.type = pattern.type;
  out.pattern = std::move(pattern);
  out.name = action.name.text;
  out.local =
      bindings_.bindResult(s, action.name, types_.recordType(out.type).asOptional(), "fact");
  return true;
}

// For a time, or until a moment.
bool FlowChecker::checkSleep(const tree::Action& action, Action& out, Scope& s) {
  const bool until = action.kind == Kind::SleepUntil;
  out.kind = until ? Action::Kind::SleepUntil : Action::Kind::Sleep;
  Expr value = action.value ? *action.value : Expr{};
  expressions_.check(value, s);
  fit_.coerce(value, Type::of(until ? TypeKind::Timestamp : TypeKind::Duration),
              {until ? "`sleep until`" : "`sleep`", {}}, s);
  out.value = expressions_.finish(std::move(value));
  return true;
}

// Begins the same flow again: its arguments are those of a start.
bool FlowChecker::checkRestart(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Restart;
  const std::vector<Param> params = program_.flows[s.flowIndex].params;
  out.arguments = arguments_.namedArguments(action.arguments, params, s.flow->params,
                                            keywordSpan(action), "`restart`", s);
  return true;
}

// A flow that declares no result gives none.
bool FlowChecker::checkReturn(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Return;
  const std::optional<Type> result = program_.flows[s.flowIndex].result;
  if (!action.value) {
    if (result && !result->optional) {
      report_.error("RL2001", keywordSpan(action),
                    "this flow gives a " + quoted(toText(*result)) + "; say which");
    }
    return true;
  }
  Expr value = *action.value;
  const Type type = expressions_.check(value, s);
  if (result) {
    fit_.coerce(value, *result, {"the result of " + quoted(program_.flows[s.flowIndex].name), {}},
                s);
  } else if (!isPoison(type) && type.kind != TypeKind::Null) {
    Diagnostic& d = report_.error("RL2001", value.span, "this flow gives nothing");
    d.related.push_back({program_.flows[s.flowIndex].span, "declared without a result"});
    d.help.push_back("declare it with " + quoted("-> " + toText(type)));
  }
  out.value = expressions_.finish(std::move(value));
  return true;
}

}  // namespace reticle::model
