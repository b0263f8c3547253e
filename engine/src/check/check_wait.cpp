// Steps of a flow that catch and wait.
#include <algorithm>

#include "check/action_checker.h"
#include "check/condition_checker.h"
#include "check/expression_checker.h"
#include "check/flow_checker.h"
#include "check/outcome.h"
#include "check/pattern_checker.h"
#include "check/ways.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

// What fails in the body goes on in `catch`; what both have bound, or the body when `catch` leaves,
// is there after them.
bool FlowChecker::checkTry(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Try;
  const std::size_t mark = s.bindings.size(), known = s.known.size(), shared = s.shared.size();
  out.body = actions_.checkActions(action.body, s);
  std::vector<Binding> body = bindings_.takeBound(s, mark);
  s.known.resize(known);
  if (action.name) {
    out.name = action.name.text;
    out.local = bindings_.bindLocal(s, action.name, failureType(), "failure", true);
    index_.after(action.name.span, s);
  }
  const std::size_t inside = s.bindings.size();
  for (const Binding& binding : body) s.shared.push_back(binding);
  out.otherwise = actions_.checkActions(action.otherwise, s);
  s.shared.resize(shared);
  std::vector<Binding> handler = bindings_.takeBound(s, inside);
  bindings_.close(s, mark, true);
  s.known.resize(known);
  // A body that leaves may have failed before: what `catch` binds is there only when that is the
  // only way on.
  bindings_.keepCommon(std::move(body), leaves(out.body), std::move(handler), leaves(out.otherwise),
                       s);
  return true;
}

// An event that comes from now on. With `for` it may not come in time: its type is optional then.
bool FlowChecker::checkWait(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Wait;
  const std::size_t known = s.known.size();
  Pattern pattern;
  if (!action.pattern || !patterns_.checkPattern(*action.pattern, pattern, s)) return false;
  s.known.resize(known);
  const FactType& type = types_.typeOf(pattern.type);
  if (type.kind != FactKind::Event) {
    Diagnostic& d = report_.error("RL2009", action.pattern->type.span,
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
  if (action.duration) out.duration = expressions_.spanOf(*action.duration, s.module);
  const tree::Name& name = action.name ? action.name : action.pattern->binding;
  if (!name) return true;
  out.name = name.text;
  Type event = types_.recordType(out.type);
  if (out.duration) event.optional = true;
  out.local = bindings_.bindResult(s, name, std::move(event), "event");
  return true;
}

// `wait until { conditions }` and `wait until e`: conditions of their own, whose rows end with the
// wait; the facts they bind go on as locals.
bool FlowChecker::checkWaitUntil(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::WaitUntil;
  if (action.duration) out.duration = expressions_.spanOf(*action.duration, s.module);
  const std::size_t mark = s.bindings.size(), known = s.known.size(),
                    errorsBefore = report_.errors();
  const Scope::Place place = std::exchange(s.place, Scope::Place::Condition);
  if (action.value) {
    Expr test = *action.value;
    s.constraint = test.span;
    expressions_.check(test, s);
    fit_.requireBool(test, s, "`wait until`");
    s.constraint = {};
    if (!out.duration) assume(test, true, s);
    out.value = expressions_.finish(std::move(test));
  } else {
    conditions_.checkConditions(action.conditions, out.conditions, s);
    out.rows = static_cast<std::uint32_t>(s.rows.size());
  }
  s.place = place;
  // The rows end with the wait: the facts may change or go while the run goes on.
  s.rows.clear();
  keepRows(out, mark, known, s);
  if (action.name) {
    out.name = action.name.text;
    out.local = bindings_.bindResult(s, action.name, Type::of(TypeKind::Bool), "answer");
  }
  if (report_.errors() == errorsBefore) ways_.warnEndless(action, out, s);
  return true;
}

// The facts that the conditions have bound go on as locals, and what is known of them with them.
void FlowChecker::keepRows(Action& out, std::size_t mark, std::size_t known, Scope& s) {
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
}

}  // namespace reticle::model
