// Actions inside of actions: `if` and `for`.
#include <algorithm>

#include "check/action_checker.h"
#include "check/expression_checker.h"
#include "check/outcome.h"
#include "check/pattern_checker.h"
#include "check/ways.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

// Both ways are read with what the test says about null. A name that both bind has one local, so
// that what comes after reads it the same way.
bool ActionChecker::checkIf(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::If;
  Expr test = action.value ? *action.value : Expr{};
  expressions_.check(test, s);
  fit_.requireBool(test, s, "`if`");
  s.unsure = s.unsure || isPoison(test.type);
  const std::size_t known = s.known.size(), bindings = s.bindings.size(), shared = s.shared.size();
  assume(test, true, s);
  out.body = checkActions(action.body, s);
  std::vector<Binding> body = bindings_.takeBound(s, bindings);
  s.known.resize(known);
  assume(test, false, s);
  for (const Binding& binding : body) s.shared.push_back(binding);
  out.otherwise = checkActions(action.otherwise, s);
  s.shared.resize(shared);
  std::vector<Binding> otherwise = bindings_.takeBound(s, bindings);
  s.known.resize(known);
  const bool bodyLeaves = leaves(out.body), otherwiseLeaves = leaves(out.otherwise);
  bindings_.keepCommon(std::move(body), bodyLeaves, std::move(otherwise), otherwiseLeaves, s);
  // After a branch that leaves the flow, the other one was taken.
  if (bodyLeaves) assume(test, false, s);
  if (otherwiseLeaves) assume(test, true, s);
  ways_.warnConstant(action, test, s);
  out.value = expressions_.finish(std::move(test));
  return true;
}

// Over a list everywhere; over facts only in flows, where a pattern is asked at one moment. In a
// rule a pattern of `when` does that, and reacts to changes as well.
bool ActionChecker::checkFor(const tree::Action& action, Action& out, Scope& s) {
  const std::size_t known = s.known.size(), bindings = s.bindings.size();
  const bool quiet = s.place == Scope::Place::Test;
  out.atOnce = action.parallelFor;
  out.count = action.count;
  if (action.parallelFor) {
    const Span at = keywordSpan(action);
    if (action.count == 0) {
      report_.error("RL2009", at, "with `max 0` this `for` begins nothing")
          .help.push_back(
              "say how many elements run at the same time: `parallel max 4`, or `parallel` for all "
              "of them");
    }
  }
  out.name = action.name.text;
  if (action.pattern) {
    out.kind = Action::Kind::ForFacts;
    if (s.place != Scope::Place::Flow) {
      Diagnostic& d = report_.error("RL6011", action.span, "`for` over facts belongs into a flow");
      if (s.place == Scope::Place::Rule) {
        d.help.push_back(
            "bind the facts with a pattern in `when`: the rule fires for each of them");
      }
      d.span = action.pattern->span;
      return false;
    }
    Pattern pattern;
    if (!patterns_.checkPattern(*action.pattern, pattern, s)) return false;
    out.type = pattern.type;
    out.pattern = std::move(pattern);
    out.local = bindings_.bindLocal(s, action.name, types_.recordType(out.type), "fact", quiet);
    // What the pattern asked of its candidate is known of the bound fact.
    const std::string row = "r0.", local = "l" + std::to_string(*out.local) + ".";
    for (std::size_t i = known; i < s.known.size(); ++i) {
      if (s.known[i].starts_with(row)) s.known[i] = local + s.known[i].substr(row.size());
    }
  } else {
    out.kind = Action::Kind::For;
    Expr list = action.value ? *action.value : Expr{};
    const Type type = expressions_.check(list, s);
    Type element = Type::of(TypeKind::Poison);
    if (fit_.requireValue(list, s, "`for`", "a list")) {
      if (type.kind == TypeKind::List) {
        element = type.arguments[0];
      } else if (isAny(type)) {
        element = Type::of(TypeKind::Any);
      } else {
        Diagnostic& d = report_.error("RL2017", list.span,
                                      "`for` walks a list; this is " + quoted(toText(type)));
        d.label = toText(type);
      }
    }
    out.value = expressions_.finish(std::move(list));
    out.local = bindings_.bindLocal(s, action.name, element, "element", quiet);
  }
  out.body = checkActions(action.body, s);
  bindings_.close(s, bindings, true);
  s.known.resize(known);
  return true;
}

}  // namespace reticle::model
