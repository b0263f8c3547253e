// What is never reached, and what is never taken.
#include <algorithm>

#include "check/expression_checker.h"
#include "check/shapes.h"
#include "check/ways.h"
#include "model/message.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// A name bound by the steps that an expression reads; "" when it reads parameters only.
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

// Behind a step that leaves nothing is reached. The first step of what is lost is pointed at;
// `compensate` alone is seldom what was meant.
void Ways::reportUnreachable(const tree::Action& leaving, const std::vector<tree::Action>& rest,
                             const Scope& s) {
  const auto step = std::find_if(rest.begin(), rest.end(),
                                 [](const tree::Action& a) { return a.kind == Kind::Step; });
  const tree::Action& lost = step == rest.end() ? rest.front() : *step;
  const bool isStep = step != rest.end();
  const Span at =
      isStep && lost.name ? Span{lost.span.file, lost.span.begin, lost.name.span.end} : lost.span;
  Diagnostic& d = report_.error(
      "RL6004", at, isStep ? "this step can never be reached" : "this can never be reached");
  d.related.push_back({leaving.span, leaving.kind == Kind::If || leaving.kind == Kind::Try
                                         ? "the run leaves here, whatever holds"
                                         : "the run leaves here"});
  if (leaving.kind != Kind::Fail) return;
  const auto compensate = std::find_if(
      rest.begin(), rest.end(), [](const tree::Action& a) { return a.kind == Kind::Compensate; });
  if (isStep && s.flow) {
    // Behind a failure only the parameters are known.
    std::string missing;
    for (const tree::Argument& argument : lost.arguments) {
      if (missing.empty()) missing = namesIn(argument.value, s, s.flow->params.size());
    }
    const auto handler = std::find_if(s.flow->handlers.begin(), s.flow->handlers.end(),
                                      [](const tree::Handler& h) { return h.on == "failure"; });
    Fix fix;
    fix.title = "move the step into `on failure`";
    fix.edits.push_back({lost.span, ""});
    if (handler != s.flow->handlers.end() && !handler->body.empty()) {
      const Span behind = handler->body.back().span;
      fix.edits.push_back({{behind.file, behind.end, behind.end}, "\n  " + textOf(lost)});
    } else if (handler == s.flow->handlers.end()) {
      const Span end = s.flow->span;
      fix.edits.push_back(
          {{end.file, end.end, end.end}, "\non failure {\n  " + textOf(lost) + "\n}"});
    }
    // A handler without a step has no place that could be pointed at.
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
  const std::uint32_t line = report_.onlyLineAt(compensate->span);
  d.notes.push_back("`fail` runs the undo steps by itself; " +
                    (line > 0 ? "line " + std::to_string(line) : std::string("`compensate`")) +
                    " is not needed");
}

// An `if` that always goes one way.
void Ways::warnConstant(const tree::Action& action, const Expr& test, const Scope& s) {
  if (!action.value || !isFixed(test) || report_.failed()) return;
  const std::optional<Value> value = expressions_.fold(expressions_.finish(Expr(test)));
  if (!value || value->kind() != ValueKind::Bool) return;
  const bool holds = value->isTrue();
  const std::string code = holds ? "RL6002" : "RL6001";
  if (allows(s, code)) return;
  Diagnostic& d =
      report_.warn(code, action.value->span,
                   holds ? "this condition always holds" : "this condition never holds");
  const std::vector<tree::Action>& lost = holds ? action.otherwise : action.body;
  if (!lost.empty()) d.related.push_back({lost.front().span, "never carried out"});
  d.notes.push_back("it reads nothing that changes: neither a fact nor a value of the " +
                    std::string(s.flow   ? "run"
                                : s.rule ? "match"
                                         : "test"));
}

}  // namespace reticle::model
