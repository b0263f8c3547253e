// Flows: their heads and handlers, and the steps that wait, look, leave and catch. Calls and
// parallel steps are in check_step.cpp.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// More locals than these conditions can bind.
std::uint32_t countConditionLocals(const std::vector<tree::Condition>& conditions) {
  std::uint32_t count = 0;
  for (const tree::Condition& condition : conditions) {
    count += static_cast<std::uint32_t>(2 + condition.functions.size() + condition.groupBy.size());
    // A name out of the branches of an `either` gets a local of its own.
    for (const std::vector<tree::Condition>& group : condition.groups) {
      count += 2 * countConditionLocals(group);
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

Type failureType() { return mapOf(Type::of(TypeKind::String), Type::of(TypeKind::Any)); }

Span keywordSpan(const tree::Action& action) {
  return action.keyword == Span{} ? action.span : action.keyword;
}

// `on failure`, when it is written so; a word that was mended may be shorter.
Span headOf(const tree::Handler& handler) {
  const std::uint32_t end = handler.span.begin + 3 + static_cast<std::uint32_t>(handler.on.size());
  return {handler.span.file, handler.span.begin, std::min(end, handler.span.end)};
}

}  // namespace

void Checker::checkFlow(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;
  flow_ = found->second;
  flowDeclaration_ = &declaration;
  const std::size_t errorsBefore = errors_, saidBefore = diagnostics_.size();
  Scope s;
  s.place = Scope::Place::Flow;
  bindParams(declaration.params, program_.flows[flow_].params, s, true);
  std::uint32_t locals = s.locals + countConditionLocals(declaration.then);
  for (const tree::Handler& handler : declaration.handlers) {
    locals += 1 + countConditionLocals(handler.body);
  }
  // The last local is `err` of the retry conditions.
  s.retryError = locals;
  Flow flow = program_.flows[flow_];
  flow.locals = locals + 1;
  if (declaration.key) flow.key = checkKey(*declaration.key, "the key of a run", s);
  if (declaration.timeout) flow.timeout = declaration.timeout->value;
  flow.version = declaration.version;
  if (declaration.version) {
    unsupported(declaration.name.span, "`version`",
                "a flow without it goes on as it was written when the program was opened");
  }
  flow.retry = checkRetry(declaration.retry, s);
  const std::size_t params = s.bindings.size();
  flow.steps = checkActions(declaration.then, s);
  close(s, params, true);
  checkHandlers(declaration, flow, s);
  close(s, 0);
  if (errors_ > errorsBefore || wasUnread(declaration.span)) {
    const auto unused = [](const Diagnostic& d) { return d.code == "RL3002"; };
    diagnostics_.erase(
        std::remove_if(diagnostics_.begin() + static_cast<std::ptrdiff_t>(saidBefore),
                       diagnostics_.end(), unused),
        diagnostics_.end());
  } else {
    warnWithoutUndo(declaration);
    informOfEndless(declaration);
  }
  program_.flows[flow_] = std::move(flow);
  flowDeclaration_ = nullptr;
}

void Checker::checkHandlers(const tree::Declaration& declaration, Flow& flow, Scope& s) {
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
      Diagnostic& d = error("RL1007", headOf(handler), "there are two `on " + handler.on + "`");
      d.related.push_back({headOf(*same), "the first one"});
    }
    if (handler.error) checked.error = bindLocal(s, handler.error, failureType(), "failure", true);
    if (handler.error) index_.after(handler.error.span, s);
    checked.steps = checkActions(handler.body, s);
    close(s, params, true);
    s.known.clear();
    flow.handlers.push_back(std::move(checked));
    if (handler.on != "failure") {
      unsupported(handler.span, "`on " + handler.on + "`",
                  "`on failure` also sees a run whose time is up: `err.reason` tells");
    }
  }
}

bool Checker::checkFlowAction(const tree::Action& action, Action& out, Scope& s) {
  const auto valueOf = [&](Type& type) {
    Expr value = action.value ? *action.value : Expr{};
    type = check(value, s);
    return value;
  };
  Type type;
  switch (action.kind) {
    case Kind::Step: return checkStep(action, out, s);
    case Kind::Parallel: return checkParallel(action, out, s);
    case Kind::Try: return checkTry(action, out, s);
    case Kind::Wait: return checkWait(action, out, s);
    case Kind::WaitUntil: return checkWaitUntil(action, out, s);
    case Kind::Find: {
      out.kind = Action::Kind::Find;
      const std::size_t known = s.known.size();
      Pattern pattern;
      if (!action.pattern || !checkPattern(*action.pattern, 0, pattern, s)) return false;
      s.known.resize(known);
      out.type = pattern.type;
      out.pattern = std::move(pattern);
      out.name = action.name.text;
      out.local = bindResult(s, action.name, recordType(out.type).asOptional(), "fact");
      return true;
    }
    case Kind::Sleep:
    case Kind::SleepUntil: {
      const bool until = action.kind == Kind::SleepUntil;
      out.kind = until ? Action::Kind::SleepUntil : Action::Kind::Sleep;
      Expr value = valueOf(type);
      coerce(value, Type::of(until ? TypeKind::Timestamp : TypeKind::Duration),
             {until ? "`sleep until`" : "`sleep`", {}}, s);
      out.value = finish(std::move(value));
      return true;
    }
    case Kind::Fail:
      out.kind = Action::Kind::Fail;
      out.value = finish(valueOf(type));
      return true;
    case Kind::Return: return checkReturn(action, out, s);
    case Kind::Compensate: out.kind = Action::Kind::Compensate; return true;
    case Kind::Restart: {
      out.kind = Action::Kind::Restart;
      const std::vector<Param> params = program_.flows[flow_].params;
      out.arguments = namedArguments(action.arguments, params, flowDeclaration_->params,
                                     keywordSpan(action), "`restart`", s);
      return true;
    }
    default: return false;
  }
}

bool Checker::checkReturn(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Return;
  const std::optional<Type> result = program_.flows[flow_].result;
  if (!action.value) {
    if (result && !result->optional) {
      error("RL2001", keywordSpan(action),
            "this flow gives a " + quoted(toText(*result)) + "; say which");
    }
    return true;
  }
  Expr value = *action.value;
  const Type type = check(value, s);
  if (result) {
    coerce(value, *result, {"the result of " + quoted(program_.flows[flow_].name), {}}, s);
  } else if (!isPoison(type) && type.kind != TypeKind::Null) {
    Diagnostic& d = error("RL2001", value.span, "this flow gives nothing");
    d.related.push_back({program_.flows[flow_].span, "declared without a result"});
    d.help.push_back("declare it with " + quoted("-> " + toText(type)));
  }
  out.value = finish(std::move(value));
  return true;
}

// What fails in the body goes on in `catch`; what both have bound, or the body when `catch` leaves,
// is there behind them.
bool Checker::checkTry(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Try;
  const std::size_t mark = s.bindings.size(), known = s.known.size(), shared = s.shared.size();
  out.body = checkActions(action.body, s);
  std::vector<Binding> body = takeBound(s, mark);
  s.known.resize(known);
  if (action.name) {
    out.name = action.name.text;
    out.local = bindLocal(s, action.name, failureType(), "failure", true);
    index_.after(action.name.span, s);
  }
  const std::size_t inside = s.bindings.size();
  for (const Binding& binding : body) s.shared.push_back(binding);
  out.otherwise = checkActions(action.otherwise, s);
  s.shared.resize(shared);
  std::vector<Binding> handler = takeBound(s, inside);
  close(s, mark, true);
  s.known.resize(known);
  // A body that leaves may have failed before: what `catch` binds is there only when that is the
  // only way on.
  keepCommon(std::move(body), leaves(out.body), std::move(handler), leaves(out.otherwise), s);
  unsupported(keywordSpan(action), "`try`",
              "`ignore errors` on a step makes its result null, `on failure` ends the flow");
  return true;
}

bool Checker::checkWait(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Wait;
  const std::size_t known = s.known.size();
  Pattern pattern;
  if (!action.pattern || !checkPattern(*action.pattern, 0, pattern, s)) return false;
  s.known.resize(known);
  const FactType& type = typeOf(pattern.type);
  if (type.kind != FactKind::Event) {
    Diagnostic& d = error("RL2009", action.pattern->type.span,
                          "`wait` waits for an event; " + quoted(type.name) + " is a " +
                              (type.kind == FactKind::Fact ? "fact" : "subject"));
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back("to look for one that is there write " +
                     quoted("let x = find " + type.name + "(…)") + ", to wait for one " +
                     quoted("wait until { x: " + type.name + "(…) }"));
    return false;
  }
  out.type = pattern.type;
  out.pattern = std::move(pattern);
  if (action.duration) out.duration = action.duration->value;
  const tree::Name& name = action.name ? action.name : action.pattern->binding;
  if (!name) return true;
  out.name = name.text;
  Type event = recordType(out.type);
  if (out.duration) event.optional = true;
  out.local = bindResult(s, name, std::move(event), "event");
  return true;
}

// `wait until { conditions }` and `wait until e`: conditions of their own, whose rows end with the
// wait; the facts they bind go on as locals.
bool Checker::checkWaitUntil(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::WaitUntil;
  if (action.duration) out.duration = action.duration->value;
  const std::size_t mark = s.bindings.size(), known = s.known.size(), errorsBefore = errors_;
  const Scope::Place place = std::exchange(s.place, Scope::Place::Condition);
  if (action.value) {
    Expr test = *action.value;
    s.constraint = test.span;
    check(test, s);
    requireBool(test, s, "`wait until`");
    s.constraint = {};
    if (!out.duration) assume(test, true, s);
    out.value = finish(std::move(test));
  } else {
    checkConditions(action.conditions, out.conditions, s);
    out.rows = static_cast<std::uint32_t>(s.rows.size());
  }
  s.place = place;
  s.rows.clear();
  std::vector<Binding> bound(s.bindings.begin() + static_cast<std::ptrdiff_t>(mark),
                             s.bindings.end());
  s.bindings.resize(mark);
  for (Binding& binding : bound) {
    if (binding.ref.kind == Ref::Kind::Row) {
      const std::string row = "r" + std::to_string(binding.ref.row);
      out.kept.push_back({binding.ref.row, s.locals});
      binding.ref = {Ref::Kind::Local, s.locals++, {}};
      for (std::size_t i = known; i < s.known.size(); ++i) {
        if (s.known[i].starts_with(row + ".")) {
          s.known[i] = "l" + std::to_string(binding.ref.row) + s.known[i].substr(row.size());
        }
      }
    }
    if (out.duration && !isAny(binding.type) && binding.type.kind != TypeKind::Null) {
      binding.type.optional = true;
    }
    s.bindings.push_back(std::move(binding));
  }
  // What is left of rows is of facts without a name.
  std::erase_if(s.known, [](const std::string& path) { return path.starts_with("r"); });
  if (out.duration) s.known.resize(std::min(known, s.known.size()));
  if (action.name) {
    out.name = action.name.text;
    out.local = bindResult(s, action.name, Type::of(TypeKind::Bool), "answer");
  }
  if (errors_ == errorsBefore) warnEndless(action, out);
  unsupported(keywordSpan(action), "`wait until`",
              "wait for an event that a rule emits when the conditions hold");
  return true;
}

}  // namespace reticle::model
