// What rules do; flows and tests do most of it too.
#include <algorithm>

#include "check/action_checker.h"
#include "check/arguments.h"
#include "check/expression_checker.h"
#include "check/flow_checker.h"
#include "check/outcome.h"
#include "check/test_checker.h"
#include "check/ways.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// The word an action begins with, for those that have a place of their own. Empty for the others,
// which may stand everywhere and are never refused for their place.
const char* keywordOf(const tree::Action& action) {
  switch (action.kind) {
    case Kind::Call: return "call";
    case Kind::Focus: return "focus";
    case Kind::Refresh: return "refresh";
    case Kind::Halt: return "halt";
    case Kind::Step: return "step";
    case Kind::Find: return "find";
    case Kind::Sleep:
    case Kind::SleepUntil: return "sleep";
    case Kind::Wait:
    case Kind::WaitUntil: return "wait";
    case Kind::Parallel: return "parallel";
    case Kind::Branch: return "branch";
    case Kind::Try: return "try";
    case Kind::Fail: return "fail";
    case Kind::Return: return "return";
    case Kind::Compensate: return "compensate";
    case Kind::Restart: return "restart";
    case Kind::Clock: return "clock";
    case Kind::Settle: return "settle";
    case Kind::Advance: return "advance";
    case Kind::Crash: return "crash";
    case Kind::Host: return "host";
    case Kind::Replace: return "replace";
    case Kind::Insert:
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateFields:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Start:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::CancelEvent:
    case Kind::Log:
    case Kind::Let:
    case Kind::If:
    case Kind::For: break;
  }
  return "";
}

// What the facts at the start may be made with.
bool mayBeGiven(Kind kind) {
  return kind == Kind::Insert || kind == Kind::Upsert || kind == Kind::Let || kind == Kind::If ||
         kind == Kind::For;
}

}  // namespace

// All names that the actions bind are noted first, so that a use before the binding is known as
// such. Each action then takes its own names off that list.
std::vector<Action> ActionChecker::checkActions(const std::vector<tree::Action>& actions,
                                                Scope& s) {
  std::vector<Action> out;
  std::vector<std::vector<tree::Name>> bound;
  for (const tree::Action& action : actions) {
    bound.push_back(namesBoundBy(action));
    // A name that a block binds is known inside of it only.
    if (action.kind == Kind::If || action.kind == Kind::Try) bound.back().clear();
    for (const tree::Name& name : bound.back()) {
      if (!s.find(name.text)) {
        s.absent.push_back(
            {name.text, Absent::Why::Later, name.span, "", action.span, nullptr, &action});
      }
    }
  }
  const tree::Action* leaving = nullptr;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const tree::Action& action = actions[i];
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Later &&
             std::any_of(bound[i].begin(), bound[i].end(),
                         [&](const tree::Name& name) { return name.span == a.span; });
    });
    Action checked;
    checked.span = action.span;
    checked.text = textOf(action);
    const auto known = index_.item(action.span, s);
    if (checkAction(action, checked, s)) {
      const bool left = leavesHere(checked);
      out.push_back(std::move(checked));
      // Only the first that leaves: what comes after it is lost to that one.
      if (!left || leaving) continue;
      leaving = &action;
      if (i + 1 < actions.size()) {
        ways_.reportUnreachable(
            action, {actions.begin() + static_cast<std::ptrdiff_t>(i) + 1, actions.end()}, s);
      }
    } else {
      for (const tree::Name& name : bound[i]) {
        if (!s.find(name.text)) {
          s.absent.push_back({name.text, Absent::Why::Broken, name.span, "", {}});
        }
      }
    }
  }
  return out;
}

// What belongs into rules, flows or tests only. An action that the parser made of a broken line is
// refused in silence.
bool ActionChecker::allowedHere(const tree::Action& action, const Scope& s) {
  const Span at = keywordSpan(action);
  using Place = Scope::Place;
  const bool flow = s.place == Place::Flow, test = s.place == Place::Test;
  const std::string word = quoted(keywordOf(action));
  if (s.place == Place::Given && !mayBeGiven(action.kind)) {
    if (report_.wasUnread(action.span)) return false;
    Diagnostic& d =
        report_.error("RL6011", at, "`given` says which facts are there at the start, and no more");
    d.help.push_back("it takes `insert`, `upsert`, `let`, `if` and `for`");
    return false;
  }
  switch (action.kind) {
    case Kind::Call:
      if (!flow) return true;
      report_.error("RL6011", at, "a flow calls in a step")
          .help.push_back("write " + quoted("step x = call " + action.target.text + "(…)"));
      return false;
    case Kind::Branch:
      if (report_.wasUnread(action.span)) return false;
      report_.error("RL6011", at, "`branch` belongs into `parallel`")
          .help.push_back("write " +
                          quoted("parallel { branch " + action.name.text + " { … } … }"));
      return false;
    case Kind::Halt:
      if (!test) return true;
      report_.error("RL6011", at, "`halt` belongs into a rule");
      return false;
    case Kind::Refresh:
      if (!test && !flow) return true;
      report_.error("RL6011", at, "`refresh` belongs into a rule");
      return false;
    case Kind::Step:
    case Kind::Find:
    case Kind::Sleep:
    case Kind::SleepUntil:
    case Kind::Wait:
    case Kind::WaitUntil:
    case Kind::Parallel:
    case Kind::Try:
    case Kind::Fail:
    case Kind::Return:
    case Kind::Compensate:
    case Kind::Restart: return flow || refuseOutsideOfFlow(action, s);
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Host:
    case Kind::Replace:
      if (test) return true;
      report_.error("RL6011", at, word + " belongs into a test");
      return false;
    case Kind::Insert:
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateFields:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Start:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::CancelEvent:
    case Kind::Log:
    case Kind::Let:
    case Kind::If:
    case Kind::For:
    case Kind::Focus: return true;
  }
  return false;
}

// Returns false.
bool ActionChecker::refuseOutsideOfFlow(const tree::Action& action, const Scope& s) {
  if (report_.wasUnread(action.span)) return false;
  Diagnostic& d = report_.error("RL6011", keywordSpan(action),
                                quoted(keywordOf(action)) + " belongs into a flow");
  if (s.place != Scope::Place::Test) {
    d.help.push_back("declare a `flow` and begin it here with `start Name(…)`");
    d.notes.push_back("a rule fires at once and as a whole; it cannot wait");
    return false;
  }
  const bool waits =
      action.kind == Kind::Sleep || action.kind == Kind::Wait || action.kind == Kind::WaitUntil;
  d.help.push_back(waits ? "a test lets time pass with `advance 10m`"
                         : "a test starts a flow with `start Name(…)`");
  return false;
}

// One action of any kind; those that only flows and tests have are checked there.
bool ActionChecker::checkAction(const tree::Action& action, Action& out, Scope& s) {
  if (!allowedHere(action, s)) return false;
  switch (action.kind) {
    case Kind::Insert: return changes_.checkInsert(action, out, s);
    case Kind::Upsert: return changes_.checkUpsert(action, out, s);
    case Kind::Set: return changes_.checkSet(action, out, s);
    case Kind::Unset: return changes_.checkUnset(action, out, s);
    case Kind::UpdateFields:
    case Kind::UpdateWith: return changes_.checkUpdate(action, out, s);
    case Kind::Retract: return changes_.checkRetract(action, out, s);
    case Kind::Emit: return changes_.checkEmit(action, out, s);
    case Kind::Call: return checkCallAction(action, out, s);
    case Kind::Start: return checkStart(action, out, s);
    case Kind::Signal: return checkSignal(action, out, s);
    case Kind::Cancel: return checkCancel(action, out, s);
    case Kind::CancelEvent: return changes_.checkCancelEvent(action, out, s);
    case Kind::Focus: return checkFocus(action, out);
    case Kind::Refresh: return checkRefresh(action, out);
    case Kind::Log: return checkLog(action, out, s);
    case Kind::Let: return checkLet(action, out, s);
    case Kind::If: return checkIf(action, out, s);
    case Kind::For: return checkFor(action, out, s);
    case Kind::Halt: out.kind = Action::Kind::Halt; return true;
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Host:
    case Kind::Replace: return tests_.checkDoing(action, out, s);
    case Kind::Step:
    case Kind::Find:
    case Kind::Sleep:
    case Kind::SleepUntil:
    case Kind::Wait:
    case Kind::WaitUntil:
    case Kind::Parallel:
    case Kind::Branch:
    case Kind::Try:
    case Kind::Fail:
    case Kind::Return:
    case Kind::Compensate:
    case Kind::Restart: return flows_.checkFlowAction(action, out, s);
  }
  return false;
}

// A text of any type: what is logged is turned into text when it runs.
bool ActionChecker::checkLog(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Log;
  out.level = action.level.empty() ? "info" : action.level;
  Expr text = action.value ? *action.value : Expr{};
  expressions_.check(text, s);
  out.value = expressions_.finish(std::move(text));
  return true;
}

// The name of a value. In a test it may stay unused: tests name things for their readers.
bool ActionChecker::checkLet(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Let;
  Expr value = action.value ? *action.value : Expr{};
  const Type type = expressions_.check(value, s);
  out.value = expressions_.finish(std::move(value));
  out.name = action.name.text;
  out.local = bindings_.bindResult(s, action.name, type, "value", s.place == Scope::Place::Test);
  return true;
}

// `call` outside of a flow: a request that leaves when the firing is committed.
bool ActionChecker::checkCallAction(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Call;
  const tree::Declaration* declaration = nullptr;
  const Host* host = arguments_.resolveHost(action.target, &declaration, s);
  if (!host) {
    arguments_.lookAt(action.arguments, s);
    return false;
  }
  out.function = host->id;
  out.name = host->name;
  const bool pure = host->pure;
  const std::vector<Param> params = host->params;
  out.arguments = arguments_.namedArguments(action.arguments, params, declaration->params,
                                            action.target.span, quoted(action.target.text), s);
  if (action.name) {
    Diagnostic& d = report_.error("RL6013", action.name.span,
                                  "a `call` in a " +
                                      std::string(s.place == Scope::Place::Test ? "test" : "rule") +
                                      " has no result to name");
    d.notes.push_back("it is sent when the firing is over, and answered later");
    d.help.push_back("start a flow, whose steps have results: " +
                     quoted("step " + action.name.text + " = call " + action.target.text + "(…)"));
    return false;
  }
  if (pure) {
    Diagnostic& d = report_.error(
        "RL2009", action.target.span,
        quoted(action.target.text) + " is pure: it only answers, and nobody reads the answer here");
    d.related.push_back({declaration->name.span, "declared `pure`"});
    d.help.push_back("use it in an expression: " + quoted("let x = " + action.target.text + "(…)"));
    return false;
  }
  out.kind = Action::Kind::Start;
  out.flow = callingFlow(*host);
  out.name = program_.flows[index(out.flow)].name;
  return true;
}

// The flow that carries out `call f(…)` of rules: its one step is that call, so that it is
// journaled, answered and seen as every other. No flow of an author can have its name.
FlowId ActionChecker::callingFlow(const Host& host) {
  const std::string name = "call " + host.name;
  for (const Flow& flow : program_.flows) {
    if (flow.name == name) return flow.id;
  }
  Flow flow;
  flow.id = flow.newest = static_cast<FlowId>(program_.flows.size());
  flow.name = name;
  flow.span = host.span;
  flow.params = host.params;
  flow.locals = static_cast<std::uint32_t>(host.params.size()) + 2;
  flow.retryError = flow.locals - 1;
  Action step;
  step.kind = Action::Kind::Step;
  step.span = host.span;
  step.name = host.name;
  step.function = host.id;
  step.local = static_cast<std::uint32_t>(host.params.size());
  step.text = "step " + name;
  for (std::uint32_t i = 0; i < host.params.size(); ++i) {
    Expr value;
    value.kind = ExprKind::Name;
    value.text = host.params[i].name;
    value.span = host.span;
    value.ref = {Ref::Kind::Local, i, {}};
    value.type = host.params[i].type;
    step.arguments.push_back(
        {FieldId{i}, host.params[i].name, expressions_.finish(std::move(value))});
  }
  flow.steps.push_back(std::move(step));
  program_.flows.push_back(std::move(flow));
  return program_.flows.back().id;
}

// A run is known by its key; a flow without one may have any number of runs.
bool ActionChecker::checkStart(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Start;
  if (!action.target) return false;
  const Symbol* symbol = nullptr;
  const Flow* flow = arguments_.resolveFlow(action.target, &symbol, s);
  if (!flow) {
    arguments_.lookAt(action.arguments, s);
    return false;
  }
  out.flow = flow->id;
  out.name = flow->name;
  const std::vector<Param> params = flow->params;
  out.arguments =
      arguments_.namedArguments(action.arguments, params, symbol->declaration->params,
                                action.target.span, "the flow " + quoted(flow->name), s);
  if (action.key) out.key = arguments_.checkKey(*action.key, "the key of a run", s);
  if (action.name) {
    out.local = bindings_.bindResult(s, action.name, Type::of(TypeKind::String), "key of the run",
                                     s.place == Scope::Place::Test);
    if (!action.key && !symbol->declaration->key) {
      Diagnostic& d = report_.error(
          "RL2009", action.name.span,
          "the runs of " + quoted(out.name) + " have no key that could be named here");
      d.related.push_back({symbol->declaration->name.span, "declared without `key`"});
      d.help.push_back("give the run one: " +
                       quoted("start " + out.name + "(…) key … as " + action.name.text));
    }
  }
  return true;
}

// An event for the runs of one flow. Whether any of its steps waits for it is asked when all flows
// are known (see Ways).
bool ActionChecker::checkSignal(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Signal;
  const Symbol* symbol = nullptr;
  const Flow* flow = arguments_.resolveFlow(action.target, &symbol, s);
  if (flow) {
    out.flow = flow->id;
    out.name = flow->name;
  }
  if (action.key) out.key = arguments_.checkKey(*action.key, "the key of a run", s);
  if (!action.with) return false;
  bool good = false;
  out.fields = arguments_.checkRecord(*action.with, FactKind::Event, "signal", out.type, s, good);
  if (!flow || !good) return false;
  ways_.noteSignal(out, action.with->nameSpan == Span{} ? action.with->span : action.with->nameSpan,
                   s.rule);
  return true;
}

// Both the flow and the key are looked at before either mistake ends the check.
bool ActionChecker::checkCancel(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Cancel;
  const Symbol* symbol = nullptr;
  const Flow* flow = arguments_.resolveFlow(action.target, &symbol, s);
  if (action.key) out.key = arguments_.checkKey(*action.key, "the key of a run", s);
  if (!flow) return false;
  out.flow = flow->id;
  out.name = flow->name;
  return true;
}

// What has fired may fire again, unless the rule itself says how often.
bool ActionChecker::checkRefresh(const tree::Action& action, Action& out) {
  out.kind = Action::Kind::Refresh;
  out.name = action.name.text;
  if (!findRule(action.name)) return false;
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) {
      if (declaration.kind != tree::Declaration::Kind::Rule ||
          declaration.name.text != action.name.text) {
        continue;
      }
      using Trigger = tree::Trigger::Kind;
      const bool plan = declaration.on && (declaration.on->kind == Trigger::Every ||
                                           declaration.on->kind == Trigger::Cron);
      if (!declaration.once && !plan) continue;
      Diagnostic& d = report_.error(
          "RL2009", action.name.span,
          quoted(action.name.text) + (plan ? " fires when its moments come" : " fires only once") +
              ": it cannot be refreshed");
      d.related.push_back({plan ? declaration.on->span : declaration.onceSpan, "it says so here"});
      return false;
    }
  }
  return true;
}

// Groups are declared by the rules that are in them, and by nothing else.
bool ActionChecker::checkFocus(const tree::Action& action, Action& out) {
  out.kind = Action::Kind::Focus;
  out.name = action.name.text;
  out.level = action.level;
  if (!out.level.empty()) return true;
  if (!action.name) return false;
  std::vector<std::string> groups;
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) {
      if (declaration.kind != tree::Declaration::Kind::Rule || !declaration.group) continue;
      if (declaration.group.text == out.name &&
          std::find(groups.begin(), groups.end(), out.name) == groups.end()) {
        index_.use(action.name, declaration.group.span);
      }
      groups.push_back(declaration.group.text);
    }
  }
  if (std::find(groups.begin(), groups.end(), out.name) == groups.end()) {
    Diagnostic& d = report_.error("RL1005", action.name.span,
                                  "no rule is in a group called " + quoted(out.name));
    const std::string meant = suggest(d, action.name.span, out.name, groups);
    const Span& span = action.name.span;
    const bool text = span.end - span.begin != out.name.size();  // with quotes around it
    for (Fix& fix : d.fixes) {
      for (Edit& edit : fix.edits) {
        if (text) edit.text = toText(Value::string(meant));
      }
    }
    if (meant.empty()) {
      d.help.push_back("put the rules that it switches on into it: " +
                       quoted("rule … group " + out.name));
    }
    return false;
  }
  return true;
}

}  // namespace reticle::model
