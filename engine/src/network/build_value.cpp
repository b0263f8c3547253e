// Conditions that add or test values: each, let, if, and those that wait for a moment.
#include "network/builder.h"

#include <string>

namespace reticle {

// A match for each element; the place in the list tells equal elements apart.
Point NetworkBuilder::addEach(const Condition& condition, const Point& point) {
  const Expr list = expanded(condition.expr);
  std::string description = describe("each", point) + " " + canonicalText(list) + " -> " +
                            std::to_string(condition.local);
  if (condition.where.present()) {
    description += " where " + canonicalText(expanded(condition.where));
  }
  const NodeId id = share(description, [&](Node& fresh) {
    fresh.kind = NodeKind::Each;
    place(fresh, point);
    fresh.expr = compiled(list);
    if (condition.where.present()) fresh.where = compiled(expanded(condition.where));
    fresh.local = condition.local;
    fresh.label = condition.name + " in " + toText(condition.expr.tree);
    fresh.span = condition.span;
  });
  Binding adds;
  adds.values = {{Binding::Slot::Kind::Local, condition.local, false},
                 {Binding::Slot::Kind::Place, 0, true}};
  return after(id, adds, point.loose);
}

// The match goes on at once; what a let adds is carried by the next token.
Point NetworkBuilder::addThrough(const Condition& condition, const Point& point) {
  if (condition.since) return addSince(condition, point);
  const bool let = condition.kind == Condition::Kind::Let;
  const Expr expr = expanded(condition.expr);
  if (asking_.passed(expr) || asking_.beyond(expr)) return addWait(condition, expr, point);
  std::string description = describe(let ? "let" : "filter", point) + " " + canonicalText(expr) +
                            (let ? " -> " + std::to_string(condition.local) : "");
  const NodeId id = share(description, [&](Node& fresh) {
    fresh.kind = let ? NodeKind::Let : NodeKind::Filter;
    place(fresh, point);
    fresh.expr = compiled(expr);
    fresh.local = condition.local;
    fresh.label =
        let ? condition.name + " = " + toText(condition.expr.tree) : toText(condition.expr.tree);
    fresh.span = condition.span;
  });
  Point next = point;
  next.left = id;
  next.branch = false;
  if (let) next.binding.values.push_back({Binding::Slot::Kind::Local, condition.local, false});
  return next;
}

// Its value is the beginning of the stretch in which the facts so far have been together.
Point NetworkBuilder::addSince(const Condition& condition, const Point& point) {
  const NodeId id =
      share(describe("since", point) + " -> " + std::to_string(condition.local), [&](Node& fresh) {
        fresh.kind = NodeKind::Since;
        place(fresh, point);
        fresh.local = condition.local;
        fresh.label = condition.text;
        fresh.span = condition.span;
      });
  Binding adds;
  adds.values = {{Binding::Slot::Kind::Local, condition.local, false}};
  return after(id, adds, point.loose);
}

// Keeps its tokens, because they are looked at again when the moment comes, or what it reads of
// other facts changes.
Point NetworkBuilder::addWait(const Condition& condition, const Expr& expr, const Point& point) {
  const bool let = condition.kind == Condition::Kind::Let;
  const NodeId id = share(describe("wait", point) + " " + canonicalText(expr) +
                              (let ? " -> " + std::to_string(condition.local) : ""),
                          [&](Node& fresh) {
                            fresh.kind = NodeKind::Wait;
                            place(fresh, point);
                            fresh.expr = compiled(expr);
                            fresh.binds = let;
                            fresh.beyond = asking_.beyond(expr);
                            fresh.asks = asking_.types(expr);
                            fresh.local = condition.local;
                            fresh.flushAt = index(fresh.id);
                            fresh.label = let ? condition.name + " = " + toText(condition.expr.tree)
                                              : toText(condition.expr.tree);
                            fresh.span = condition.span;
                          });
  Binding adds;
  if (let) adds.values = {{Binding::Slot::Kind::Local, condition.local, false}};
  return after(id, adds, point.loose);
}

}  // namespace reticle
