// Ways through actions and steps: what is never reached, never taken, never ends, or cannot be
// undone.
#include <algorithm>

#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// Calls `deed` for every action, in the order of the text.
template <typename Deed>
void walk(const std::vector<tree::Action>& actions, const Deed& deed) {
  for (const tree::Action& action : actions) {
    deed(action);
    walk(action.body, deed);
    walk(action.otherwise, deed);
  }
}

bool waitsFor(const std::vector<Action>& actions, TypeId event) {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    return (action.kind == Action::Kind::Wait && action.type == event) ||
           waitsFor(action.body, event) || waitsFor(action.otherwise, event);
  });
}

// Whether the answer can change while a run waits: it looks at a fact, or asks somebody.
bool canChange(const Expr& e) {
  switch (e.ref.kind) {
    case Ref::Kind::Row:
    case Ref::Kind::Field:
    case Ref::Kind::FactField:
    case Ref::Kind::Host:
    case Ref::Kind::Query: return true;
    default: break;
  }
  if (e.kind == ExprKind::Call && (e.text == "now" || e.text == "passed")) return true;
  // A value of any type may be a fact. A declared function sees only what it is given.
  if (e.type.kind == TypeKind::Any || isPoison(e.type)) return true;
  return std::any_of(e.args.begin(), e.args.end(), canChange);
}

std::string namesIn(const Expr& e, const Scope& s, std::size_t params) {
  if (e.kind == ExprKind::Name) {
    for (std::size_t i = params; i < s.bindings.size(); ++i) {
      if (s.bindings[i].name == e.text) return e.text;
    }
  }
  for (const Expr& arg : e.args) {
    if (std::string name = namesIn(arg, s, params); !name.empty()) return name;
  }
  return "";
}

}  // namespace

bool isFixed(const Expr& e) {
  switch (e.ref.kind) {
    case Ref::Kind::Row:
    case Ref::Kind::Field:
    case Ref::Kind::Local:
    case Ref::Kind::Host:
    case Ref::Kind::Query: return false;
    default: break;
  }
  if (e.kind == ExprKind::Poison || isPoison(e.type)) return false;
  if (e.kind == ExprKind::Call && (e.text == "now" || e.text == "passed")) return false;
  return std::all_of(e.args.begin(), e.args.end(), isFixed);
}

// Behind a step that leaves nothing is reached. The first step of what is lost is pointed at;
// `compensate` alone is seldom what was meant.
void Checker::reportUnreachable(const tree::Action& leaving, const std::vector<tree::Action>& rest,
                                const Scope& s) {
  const auto step = std::find_if(rest.begin(), rest.end(),
                                 [](const tree::Action& a) { return a.kind == Kind::Step; });
  const tree::Action& lost = step == rest.end() ? rest.front() : *step;
  const bool isStep = step != rest.end();
  const Span at =
      isStep && lost.name ? Span{lost.span.file, lost.span.begin, lost.name.span.end} : lost.span;
  Diagnostic& d =
      error("RL6004", at, isStep ? "this step can never be reached" : "this can never be reached");
  d.related.push_back({leaving.span, leaving.kind == Kind::If || leaving.kind == Kind::Try
                                         ? "the run leaves here, whatever holds"
                                         : "the run leaves here"});
  if (leaving.kind != Kind::Fail) return;
  const auto compensate = std::find_if(
      rest.begin(), rest.end(), [](const tree::Action& a) { return a.kind == Kind::Compensate; });
  if (isStep && flowDeclaration_) {
    // Behind a failure only the parameters are known.
    std::string missing;
    for (const tree::Argument& argument : lost.arguments) {
      if (missing.empty()) missing = namesIn(argument.value, s, flowDeclaration_->params.size());
    }
    const auto handler =
        std::find_if(flowDeclaration_->handlers.begin(), flowDeclaration_->handlers.end(),
                     [](const tree::Handler& h) { return h.on == "failure"; });
    Fix fix;
    fix.title = "move the step into `on failure`";
    fix.edits.push_back({lost.span, ""});
    if (handler != flowDeclaration_->handlers.end() && !handler->body.empty()) {
      const Span behind = handler->body.back().span;
      fix.edits.push_back({{behind.file, behind.end, behind.end}, "\n  " + textOf(lost)});
    } else if (handler == flowDeclaration_->handlers.end()) {
      const Span end = flowDeclaration_->span;
      fix.edits.push_back(
          {{end.file, end.end, end.end}, "\non failure {\n  " + textOf(lost) + "\n}"});
    }
    const bool moves = fix.edits.size() == 2;
    for (const tree::Action& action : rest) {
      if (action.kind == Kind::Compensate) fix.edits.push_back({action.span, ""});
    }
    if (missing.empty() && moves) {
      d.fixes.push_back(std::move(fix));
    } else {
      d.help.push_back("move the step into `on failure`" +
                       (missing.empty() ? "" : ", where " + quoted(missing) + " is not known"));
    }
  } else if (lost.kind != Kind::Compensate || rest.size() > 1) {
    d.help.push_back("move it into `on failure`");
  }
  if (compensate == rest.end()) return;
  const std::uint32_t line = onlyLineAt(compensate->span);
  d.notes.push_back("`fail` runs the undo steps by itself; " +
                    (line > 0 ? "line " + std::to_string(line) : std::string("`compensate`")) +
                    " is not needed");
}

// An `if` that always goes one way.
void Checker::warnConstant(const tree::Action& action, const Expr& test) {
  if (!action.value || !isFixed(test) || failed_) return;
  const std::optional<Value> value = fold(finish(Expr(test)));
  if (!value || value->kind() != ValueKind::Bool) return;
  const bool holds = value->isTrue();
  const std::string code = holds ? "RL6002" : "RL6001";
  if (allows(code)) return;
  Diagnostic& d = warn(code, action.value->span,
                       holds ? "this condition always holds" : "this condition never holds");
  const std::vector<tree::Action>& lost = holds ? action.otherwise : action.body;
  if (!lost.empty()) d.related.push_back({lost.front().span, "never carried out"});
  d.notes.push_back("it reads nothing that changes: neither a fact nor a value of the " +
                    std::string(flowDeclaration_ ? "run"
                                : rule_          ? "match"
                                                 : "test"));
}

// A wait whose answer is the same for ever.
void Checker::warnEndless(const tree::Action& action, const Action& checked) {
  const bool asks = action.value.has_value();
  const Span at = asks ? action.value->span : action.span;
  if (allows("RL6003")) return;
  if (asks && !canChange(checked.value.tree)) {
    Diagnostic& d = warn("RL6003", at, "this wait is over at once, or never");
    d.label = "reads no fact: its answer does not change";
    d.help.push_back("ask a fact, as in " + quoted("wait until order.status == \"PAID\"") +
                     ", or use `if`");
    return;
  }
  if (asks) return;
  for (std::size_t i = 0; i < checked.conditions.size() && i < action.conditions.size(); ++i) {
    if (checked.conditions[i].kind != Condition::Kind::If ||
        !isFixed(checked.conditions[i].expr.tree) || failed_) {
      continue;
    }
    const std::optional<Value> value = fold(checked.conditions[i].expr);
    if (!value || value->kind() != ValueKind::Bool || value->isTrue()) continue;
    Diagnostic& d = warn("RL6003", action.conditions[i].span, "this wait never ends");
    d.label = "never holds";
    return;
  }
}

// Information: a run that may stay for ever. A flow with a `timeout` ends in any case.
void Checker::informOfEndless(const tree::Declaration& declaration) {
  if (declaration.timeout || allows("RL6009")) return;
  const auto inform = [&](Span at, const std::string& message, const std::string& help) {
    Diagnostic& d = say(Level::Information, "RL6009", at, message);
    d.help.push_back(help);
    d.help.push_back("or give the flow a `timeout`");
    d.notes.push_back("if it is meant, add `allow RL6009` to the flow");
  };
  if (declaration.retry && declaration.retry->forever) {
    inform(declaration.retry->span, "this flow may try a step for ever",
           "say how often: `retry 10 times`");
  }
  const auto look = [&](const tree::Action& action) {
    if (action.kind == Kind::Step && action.retry && action.retry->forever && !action.timeout) {
      inform(action.retry->span, quoted(action.name.text) + " may be tried for ever",
             "give the step a `timeout`, or say how often: `retry 10 times`");
    }
    if ((action.kind == Kind::Wait || action.kind == Kind::WaitUntil) && !action.duration) {
      inform(action.keyword == Span{} ? action.span : action.keyword, "this run may wait for ever",
             "say for how long: " + quoted(textOf(action) + " for 1d"));
    }
  };
  walk(declaration.then, look);
  for (const tree::Handler& handler : declaration.handlers) walk(handler.body, look);
}

// In a flow that undoes, a call that is not undone although something behind it may fail.
void Checker::warnWithoutUndo(const tree::Declaration& declaration) {
  if (allows("RL6008")) return;
  std::vector<const tree::Action*> order;
  walk(declaration.then, [&](const tree::Action& action) { order.push_back(&action); });
  const auto undone = std::find_if(order.begin(), order.end(), [](const tree::Action* a) {
    return a->kind == Kind::Step && a->undoFunction;
  });
  if (undone == order.end()) return;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const tree::Action& step = *order[i];
    if (step.kind != Kind::Step || step.run || step.undoFunction || step.ignoreErrors) continue;
    const Symbol* symbol = lookup(step.target.text);
    if (!symbol || symbol->kind != Symbol::Kind::Host || program_.hosts[symbol->index].pure) {
      continue;
    }
    const auto fails = std::find_if(
        order.begin() + static_cast<std::ptrdiff_t>(i) + 1, order.end(), [](const tree::Action* a) {
          return (a->kind == Kind::Step && !a->ignoreErrors) || a->kind == Kind::Fail;
        });
    if (fails == order.end()) continue;
    Diagnostic& d = warn("RL6008", {step.span.file, step.span.begin, step.name.span.end},
                         quoted(step.name.text) + " is not undone when the run fails");
    d.related.push_back({{(*undone)->span.file, (*undone)->span.begin, (*undone)->name.span.end},
                         "this step has an `undo`"});
    d.related.push_back(
        {(*fails)->kind == Kind::Fail
             ? (*fails)->span
             : Span{(*fails)->span.file, (*fails)->span.begin, (*fails)->name.span.end},
         "and here the run may fail"});
    d.help.push_back("say what takes it back: " + quoted("undo call …"));
    d.notes.push_back("if there is nothing to take back, add `allow RL6008` to the flow");
  }
}

// A signal that no step of its flow waits for.
void Checker::warnUnheardSignals() {
  if (failed_) return;
  for (const Signal& signal : signals_) {
    const Flow& flow = program_.flows[index(signal.flow)];
    bool heard = waitsFor(flow.steps, signal.event);
    for (const Flow::Handler& handler : flow.handlers) {
      heard = heard || waitsFor(handler.steps, signal.event);
    }
    rule_ = signal.rule;
    if (!heard && !allows("RL6003")) {
      Diagnostic& d =
          warn("RL6003", signal.span,
               quoted(flow.name) + " never waits for " + quoted(typeOf(signal.event).name));
      d.related.push_back({flow.span, "none of its steps does"});
      d.help.push_back("wait for it there: " + quoted("wait " + typeOf(signal.event).name));
    }
    rule_ = nullptr;
  }
}

}  // namespace reticle::model
