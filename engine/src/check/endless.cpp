// What never ends, and what cannot be undone.
#include <algorithm>
#include <set>

#include "analysis/analysis.h"
#include "check/expression_checker.h"
#include "check/outcome.h"
#include "check/shapes.h"
#include "check/ways.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// Calls `visit` for every action, in the order of the text.
template <typename Visit>
void walk(const std::vector<tree::Action>& actions, const Visit& visit) {
  for (const tree::Action& action : actions) {
    visit(action);
    walk(action.body, visit);
    walk(action.otherwise, visit);
  }
}

// A `wait` for that event, anywhere in the steps.
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
    case Ref::Kind::None:
    case Ref::Kind::Local:
    case Ref::Kind::Constant:
    case Ref::Kind::Member:
    case Ref::Kind::Function:
    case Ref::Kind::User:
    case Ref::Kind::Type: break;
  }
  if (e.kind == ExprKind::Call && (e.text == "now" || e.text == "passed")) return true;
  // A value of any type may be a fact. A declared function sees only what it is given.
  if (e.type.kind == TypeKind::Any || isPoison(e.type)) return true;
  return std::any_of(e.args.begin(), e.args.end(), canChange);
}

}  // namespace

// A wait whose answer is the same for ever.
void Ways::warnEndless(const tree::Action& action, const Action& checked, const Scope& s) {
  const bool asks = action.value.has_value();
  const Span at = asks ? action.value->span : action.span;
  if (allows(s, "RL6003")) return;
  if (asks && !canChange(checked.value.tree)) {
    Diagnostic& d = report_.warn("RL6003", at, "this wait is over at once, or never");
    d.label = "reads no fact: its answer does not change";
    d.help.push_back("ask a fact, as in " + quoted("wait until order.status == \"PAID\"") +
                     ", or use `if`");
    return;
  }
  if (asks) return;
  for (std::size_t i = 0; i < checked.conditions.size() && i < action.conditions.size(); ++i) {
    if (checked.conditions[i].kind != Condition::Kind::If ||
        !isFixed(checked.conditions[i].expr.tree) || report_.failed()) {
      continue;
    }
    const std::optional<Value> value = expressions_.fold(checked.conditions[i].expr);
    if (!value || value->kind() != ValueKind::Bool || value->isTrue()) continue;
    Diagnostic& d = report_.warn("RL6003", action.conditions[i].span, "this wait never ends");
    d.label = "never holds";
    return;
  }
}

namespace {

bool mayWaitForEver(const tree::Action& action) {
  return (action.kind == Kind::Wait || action.kind == Kind::WaitUntil) && !action.duration;
}

// The waits of a `parallel first` one of whose parts waits for nothing that may never come.
std::set<const tree::Action*> endedByOthers(const std::vector<tree::Action>& actions) {
  std::set<const tree::Action*> ended;
  walk(actions, [&](const tree::Action& action) {
    if (action.kind != Kind::Parallel || !action.first) return;
    std::vector<const tree::Action*> waits;
    bool ends = false;
    for (const tree::Action& part : action.body) {
      const std::size_t before = waits.size();
      const auto look = [&](const tree::Action& inside) {
        if (mayWaitForEver(inside)) waits.push_back(&inside);
      };
      look(part);
      walk(part.body, look);
      walk(part.otherwise, look);
      ends = ends || waits.size() == before;
    }
    if (ends) ended.insert(waits.begin(), waits.end());
  });
  return ended;
}

}  // namespace

// Information: a run that may stay for ever. A flow with a `timeout` ends in any case.
void Ways::informOfEndless(const tree::Declaration& declaration) {
  if (declaration.timeout || allows(declaration, "RL6009")) return;
  const auto inform = [&](Span at, const std::string& message, const std::string& help) {
    Diagnostic& d = report_.say(Level::Information, "RL6009", at, message);
    d.help.push_back(help);
    d.help.push_back("or give the flow a `timeout`");
    d.notes.push_back("if it is meant, add `allow RL6009` to the flow");
  };
  if (declaration.retry && declaration.retry->forever) {
    inform(declaration.retry->span, "this flow may try a step for ever",
           "say how often: `retry 10 times`");
  }
  std::set<const tree::Action*> ended = endedByOthers(declaration.then);
  for (const tree::Handler& handler : declaration.handlers)
    ended.merge(endedByOthers(handler.body));
  const auto look = [&](const tree::Action& action) {
    if (action.kind == Kind::Step && action.retry && action.retry->forever && !action.timeout) {
      inform(action.retry->span, quoted(action.name.text) + " may be tried for ever",
             "give the step a `timeout`, or say how often: `retry 10 times`");
    }
    if (mayWaitForEver(action) && ended.count(&action) == 0) {
      inform(keywordSpan(action), "this run may wait for ever",
             "say for how long: " + quoted(textOf(action) + " for 1d"));
    }
  };
  walk(declaration.then, look);
  for (const tree::Handler& handler : declaration.handlers) walk(handler.body, look);
}

// In a flow that undoes, a call that is not undone although something after it may fail. In front
// of the first step with an `undo` nothing is taken back yet, and checking and asking stand there.
void Ways::warnWithoutUndo(const tree::Declaration& declaration, const tree::Module* from) {
  if (allows(declaration, "RL6008")) return;
  std::vector<const tree::Action*> order;
  walk(declaration.then, [&](const tree::Action& action) { order.push_back(&action); });
  const auto undone = std::find_if(order.begin(), order.end(), [](const tree::Action* a) {
    return a->kind == Kind::Step && a->undoFunction;
  });
  if (undone == order.end()) return;
  for (auto i = static_cast<std::size_t>(undone - order.begin()); i < order.size(); ++i) {
    const tree::Action& step = *order[i];
    if (step.kind != Kind::Step || step.run || step.undoFunction || step.ignoreErrors) continue;
    const Symbol* symbol = symbols_.lookup(step.target.text, from);
    if (!symbol || symbol->kind != Symbol::Kind::Host || program_.hosts[symbol->index].pure) {
      continue;
    }
    const auto fails = std::find_if(
        order.begin() + static_cast<std::ptrdiff_t>(i) + 1, order.end(), [](const tree::Action* a) {
          return (a->kind == Kind::Step && !a->ignoreErrors) || a->kind == Kind::Fail;
        });
    if (fails == order.end()) continue;
    Diagnostic& d = report_.warn("RL6008", {step.span.file, step.span.begin, step.name.span.end},
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
void Ways::warnUnheardSignals() {
  if (report_.failed()) return;
  for (const Signal& signal : signals_) {
    const Flow& flow = program_.flows[index(signal.flow)];
    bool heard = waitsFor(flow.steps, signal.event);
    for (const Flow::Handler& handler : flow.handlers) {
      heard = heard || waitsFor(handler.steps, signal.event);
    }
    const bool meant = signal.rule && allows(*signal.rule, "RL6003");
    if (!heard && !meant) {
      Diagnostic& d = report_.warn(
          "RL6003", signal.span,
          quoted(flow.name) + " never waits for " + quoted(types_.typeOf(signal.event).name));
      d.related.push_back({flow.span, "none of its steps does"});
      d.help.push_back("wait for it there: " + quoted("wait " + types_.typeOf(signal.event).name));
    }
  }
}

// The flow may be further down, so the question is asked at the end.
void Ways::noteSignal(const Action& signal, Span span, const tree::Declaration* rule) {
  signals_.push_back({signal.flow, signal.type, span, rule});
}

}  // namespace reticle::model
