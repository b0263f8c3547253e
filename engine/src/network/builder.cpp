// Rules become paths of nodes: where each condition is attached, what tokens hold there, and which
// rules a node belongs to.
#include "network/builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/unreachable.h"
#include "model/conclusions.h"
#include "network/reads.h"

namespace reticle {

// Rules in the order written, so that ids are the same in every build.
Network NetworkBuilder::build() {
  for (const model::FactType& type : program_.types) addType(type);
  network_.productions.assign(program_.rules.size(), kNoNode);
  network_.conditionNodes.resize(program_.rules.size());
  volatility(program_, changed_, comesAndGoes_);
  for (const model::Rule& rule : program_.rules) {
    if (!rule.disabled) addRule(rule);
  }
  for (const model::Query& query : program_.queries) addWindows(query.conditions);
  for (const model::Flow& flow : program_.flows) {
    addWindows(flow.steps);
    for (const model::Flow::Handler& handler : flow.handlers) addWindows(handler.steps);
  }
  finishNetwork(network_);
  return std::move(network_);
}

// The salience, `once per` and what the rule derives read fields after all conditions: what they
// read must renew the match.
void NetworkBuilder::addRule(const model::Rule& rule) {
  Masks later;
  if (!rule.fixedSalience && !rule.eachCycle) addReads(rule.salience, later);
  addReads(rule.oncePer, later);
  for (const model::Expression* read : model::conclusionReads(rule.actions)) addReads(*read, later);
  // The root: nothing is matched yet.
  Point point;
  std::vector<NodeId>& conditionNodes = network_.conditionNodes[index(rule.id)];
  conditionNodes.assign(rule.conditions.size(), kNoNode);
  for (const std::size_t at : joinOrder(rule, changed_, comesAndGoes_, functions())) {
    point = add(rule.conditions, at, point, later);
    network_.conditionNodes[index(rule.id)][at] = point.left;
  }
  const NodeId production = share("production " + std::to_string(index(rule.id)), [&](Node& fresh) {
    fresh.kind = NodeKind::Production;
    place(fresh, point);
    fresh.rule = rule.id;
    for (const TokenPath& path : fresh.rows) {
      if (path.hops != TokenPath::kUnbound) fresh.orderRows.push_back(path);
    }
    fresh.label = rule.name;
    fresh.span = rule.nameSpan;
  });
  network_.productions[index(rule.id)] = production;
  network_.maxRows = std::max({network_.maxRows, rule.rows + 1, rule.frameRows + 1});
  network_.maxLocals = std::max({network_.maxLocals, rule.conditionLocals, rule.locals});
  mark(production, rule.id);
}

// Down to the root on the left, and to the types on the right of each node.
void NetworkBuilder::mark(NodeId id, RuleId rule, NodeId end) {
  for (; id != end; id = node(id).left) {
    for (NodeId at = id; at != kNoNode; at = node(at).right) belong(at, rule);
    if (!ownsBranches(node(id).kind)) continue;
    for (std::uint32_t i = index(id); i <= node(id).flushAt; ++i) {
      if (network_.nodes[i].kind == NodeKind::End && network_.nodes[i].owner == id) {
        mark(NodeId{i}, rule, id);
      }
    }
  }
}

// Rules come one after another, so looking at the last one is enough.
void NetworkBuilder::belong(NodeId id, RuleId rule) {
  std::vector<RuleId>& rules = node(id).rules;
  if (rules.empty() || rules.back() != rule) rules.push_back(rule);
}

void NetworkBuilder::place(Node& fresh, const Point& point) const {
  fresh.left = point.left;
  fresh.inBranch = point.branch;
  fresh.loose = point.loose;
  fresh.binding = point.binding;
  fresh.producer = point.producer;
  // Let and filter hold no tokens, so there is nothing to find from theirs.
  if (passesThrough(fresh.kind)) return;
  fresh.rows = point.rows;
  fresh.locals = point.locals;
  fresh.places = point.places;
  // What the anchor's tokens hold is one parent further up now.
  for (std::vector<TokenPath>* paths : {&fresh.rows, &fresh.locals, &fresh.places}) {
    for (TokenPath& path : *paths) {
      if (path.hops != TokenPath::kUnbound) ++path.hops;
    }
  }
  const auto set = [](std::vector<TokenPath>& paths, std::uint32_t at, std::uint16_t position) {
    if (paths.size() <= at) paths.resize(at + 1);
    paths[at] = {0, position};
  };
  if (point.binding.row != Binding::kNone) set(fresh.rows, point.binding.row, TokenPath::kFact);
  for (std::size_t i = 0; i < point.binding.values.size(); ++i) {
    const Binding::Slot& slot = point.binding.values[i];
    if (slot.tells) fresh.places.push_back({0, static_cast<std::uint16_t>(i)});
    if (slot.kind == Binding::Slot::Kind::Place) continue;
    set(slot.kind == Binding::Slot::Kind::Row ? fresh.rows : fresh.locals, slot.number,
        static_cast<std::uint16_t>(i));
  }
}

Point NetworkBuilder::after(NodeId id, Binding adds, bool loose) const {
  const Node& at = node(id);
  return {id, false, loose, id, id, std::move(adds), at.rows, at.locals, at.places};
}

Point NetworkBuilder::branchOf(NodeId id, bool loose) const {
  const Node& at = node(id);
  return {id, true, loose, id, id, {}, at.rows, at.locals, at.places};
}

NodeId NetworkBuilder::parentToken(NodeId id) const {
  NodeId at = node(id).left;
  while (at != kNoNode && passesThrough(node(at).kind)) at = node(at).left;
  return at;
}

// The part of a description that says where a node is attached.
std::string NetworkBuilder::describe(const char* word, const Point& point) const {
  return std::string(word) + " " +
         (point.left == kNoNode ? "-" : std::to_string(index(point.left))) +
         (point.branch ? " branch" : "") + (point.loose ? " loose" : "");
}

// ORDER: Condition::Kind. `later`: what is read after all of these conditions.
Point NetworkBuilder::add(const Conditions& conditions, std::size_t at, Point point,
                          const Masks& later) {
  const Condition& condition = conditions[at];
  switch (condition.kind) {
    case Condition::Kind::Pattern: return addPattern(conditions, at, point, later);
    case Condition::Kind::Not:
    case Condition::Kind::Exists: {
      const bool negates = condition.kind == Condition::Kind::Not;
      if (!condition.groups.empty()) {
        return addGroup(negates ? NodeKind::NotGroup : NodeKind::ExistsGroup, condition,
                        condition.groups[0], point);
      }
      return addSingle(negates ? NodeKind::Not : NodeKind::Exists, condition,
                       constraintsOf(condition.pattern), point);
    }
    case Condition::Kind::Forall: return addForall(condition, point);
    case Condition::Kind::Either: return addEither(conditions, at, point, later);
    case Condition::Kind::Accumulate: return addAccumulate(condition, point);
    case Condition::Kind::Each: return addEach(condition, point);
    case Condition::Kind::Let:
    case Condition::Kind::If: return addThrough(condition, point);
  }
  unreachable("a condition has a kind");
}

// With functions expanded: a field read inside of one is read by the condition.
void NetworkBuilder::addReads(const model::Expression& expression, Masks& masks) const {
  if (expression.present()) addFieldReads(expanded(expression), masks);
}

void NetworkBuilder::addReads(const Condition& condition, Masks& masks) const {
  for (const model::Constraint& constraint : condition.pattern.constraints) {
    if (!constraint.internal) addReads(constraint.test, masks);
  }
  for (const model::AccumulateFunction& function : condition.functions) {
    addReads(function.argument, masks);
  }
  for (const model::GroupKey& key : condition.groupBy) addReads(key.value, masks);
  addReads(condition.expr, masks);
  addReads(condition.where, masks);
  for (const Conditions& group : condition.groups) {
    for (const Condition& inner : group) addReads(inner, masks);
  }
}

FieldMask NetworkBuilder::readsOf(std::uint32_t row, const Conditions& conditions, std::size_t from,
                                  const Masks& later) const {
  Masks masks(row + 1, 0);
  for (std::size_t at = from; at < conditions.size(); ++at) addReads(conditions[at], masks);
  return masks[row] | (row < later.size() ? later[row] : 0);
}

// Each conjunct is placed by itself.
std::vector<Expr> NetworkBuilder::constraintsOf(const model::Pattern& pattern) const {
  std::vector<Expr> out;
  for (const model::Constraint& constraint : pattern.constraints) {
    for (Expr& part : conjunctsOf(constraint.test.tree, functions())) {
      out.push_back(std::move(part));
    }
  }
  return out;
}

model::Condition patternOf(const model::Condition& condition) {
  model::Condition each;
  each.kind = model::Condition::Kind::Pattern;
  each.pattern = condition.pattern;
  each.span = condition.span;
  each.text = condition.pattern.text;
  return each;
}

Network buildNetwork(const model::Program& program) { return NetworkBuilder(program).build(); }

}  // namespace reticle
