// Builds the network rule by rule, condition by condition, sharing every node whose meaning is
// already there.
//
// A node is shared when its canonical description is equal: the same parents, tests, keys and, for
// beta nodes, the same set of fields that conditions read. The last keeps property reactivity
// exact: sharing with a rule that reads more would re-fire the one that reads less.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "network/network.h"
#include "network/reads.h"
#include "network/split.h"

namespace reticle {

namespace {

using model::Condition;

std::string number(std::uint64_t n) { return std::to_string(n); }

// A place in the beta network where the next condition is to be attached.
struct Point {
  NodeId left = kNoNode;
  bool branch = false;  // what follows begins a branch that hangs from `left`
  bool loose = false;
  NodeId anchor = kNoNode;    // the last node where tokens stand; kNoNode: the root
  NodeId producer = kNoNode;  // what adds to them since then …
  Binding binding;            // … and what it adds
  std::vector<TokenPath> rows, locals, places;  // from a token at `anchor`
};

class Builder {
 public:
  explicit Builder(const model::Program& program) : program_(program) {}

  Network build() {
    for (const model::FactType& type : program_.types) addType(type);
    network_.productions.assign(program_.rules.size(), kNoNode);
    network_.conditionNodes.resize(program_.rules.size());
    volatility(program_, changed_, comesAndGoes_);
    for (const model::Rule& rule : program_.rules) {
      if (!rule.disabled) addRule(rule);
    }
    finish();
    return std::move(network_);
  }

 private:
  Node& node(NodeId id) { return network_.nodes[index(id)]; }
  const std::vector<UserFunction>& functions() const { return program_.functions; }
  Expr expanded(const model::Expression& expression) const {
    return expandFunctions(expression.tree, functions());
  }
  Code compiled(const Expr& expr) const { return compileExpr(expr, functions()); }

  // The node of a description, made by `make` when it is new.
  template <typename Make>
  NodeId share(const std::string& description, Make make) {
    auto known = nodes_.find(description);
    if (known != nodes_.end()) return known->second;
    NodeId id{static_cast<std::uint32_t>(network_.nodes.size())};
    Node fresh;
    fresh.id = id;
    make(fresh);
    network_.nodes.push_back(std::move(fresh));
    nodes_.emplace(description, id);
    return id;
  }

  // --- alpha part

  void addType(const model::FactType& type) {
    network_.typeNodes.push_back(share("type " + number(index(type.id)), [&](Node& fresh) {
      fresh.kind = NodeKind::Type;
      fresh.type = type.id;
      fresh.label = type.name;
      fresh.span = type.span;
    }));
  }

  NodeId addTest(NodeId parent, TypeId type, const Expr& test, bool loose) {
    return share("test " + number(index(parent)) + (loose ? " loose " : " ") + canonicalText(test),
                 [&](Node& fresh) {
                   fresh.kind = NodeKind::Test;
                   fresh.right = parent;
                   fresh.type = type;
                   fresh.test = compiled(test);
                   fresh.tree = test;
                   fresh.loose = loose;
                   fresh.testReads = readsOfRow0(test);
                   fresh.label = toText(test);
                   fresh.span = test.span;
                 });
  }

  static FieldMask readsOfRow0(const Expr& expr) {
    std::vector<FieldMask> reads;
    addFieldReads(expr, reads);
    return reads.empty() ? 0 : reads[0];
  }

  NodeId addAlpha(TypeId type, const std::vector<Expr>& tests, bool loose) {
    NodeId at = network_.typeNodes[index(type)];
    for (const Expr& test : tests) at = addTest(at, type, test, loose && canFail(test));
    return at;
  }

  NodeId addNewest(NodeId parent, TypeId type, const model::Pattern& pattern) {
    for (const model::Suffix& suffix : pattern.suffixes) {
      if (suffix.kind != model::Suffix::Kind::OverLastCount) continue;
      return share("newest " + number(static_cast<std::uint64_t>(suffix.count)) + " of " +
                       number(index(parent)),
                   [&](Node& fresh) {
                     fresh.kind = NodeKind::Newest;
                     fresh.right = parent;
                     fresh.type = type;
                     fresh.newest = static_cast<std::uint64_t>(suffix.count);
                     fresh.label = "last " + std::to_string(suffix.count);
                     fresh.span = suffix.span;
                   });
    }
    return parent;
  }

  AlphaIndexId addIndex(NodeId alpha, const Split& parts) {
    std::string description = number(index(alpha));
    for (const Split::Key& key : parts.keys) description += " | " + canonicalText(key.right);
    if (parts.range) description += " order " + canonicalText(parts.range->right);
    auto known = indexes_.find(description);
    if (known != indexes_.end()) return known->second;
    AlphaIndexId id{static_cast<std::uint32_t>(network_.indexes.size())};
    AlphaIndex fresh;
    fresh.alpha = alpha;
    for (const Split::Key& key : parts.keys) {
      fresh.keys.push_back(operand(key.right, 0, nullptr));
      fresh.reads |= readsOfRow0(key.right);
    }
    if (parts.range) {
      fresh.ordered = true;
      fresh.order = operand(parts.range->right, 0, nullptr);
      fresh.reads |= readsOfRow0(parts.range->right);
    }
    network_.indexes.push_back(std::move(fresh));
    node(alpha).indexes.push_back(id);
    indexes_.emplace(description, id);
    return id;
  }

  // What a comparison reads, as seen from the tokens of `at` (null: only the candidate is seen).
  Operand operand(const Expr& expr, std::uint32_t candidateRow, const Node* at) const {
    Operand out;
    if (expr.kind == ExprKind::Literal || expr.ref.kind == Ref::Kind::Constant) {
      out.kind = Operand::Kind::Constant;
      out.code.constants.push_back(expr.value);
    } else if (expr.ref.kind == Ref::Kind::Field && expr.ref.row == candidateRow) {
      out.kind = Operand::Kind::Candidate;
      out.field = index(expr.ref.field);
    } else if (expr.ref.kind == Ref::Kind::Field && at && expr.ref.row < at->rows.size() &&
               at->rows[expr.ref.row].hops != TokenPath::kUnbound) {
      out.kind = Operand::Kind::Row;
      out.path = at->rows[expr.ref.row];
      out.field = index(expr.ref.field);
    } else if (expr.ref.kind == Ref::Kind::Local && at && expr.ref.row < at->locals.size() &&
               at->locals[expr.ref.row].hops != TokenPath::kUnbound) {
      out.kind = Operand::Kind::Local;
      out.path = at->locals[expr.ref.row];
    } else {
      out.code = compiled(expr);
    }
    return out;
  }

  // --- beta part: points and tokens

  // What a node that keeps tokens knows of them when it is attached at a point.
  void place(Node& fresh, const Point& point) const {
    fresh.left = point.left;
    fresh.inBranch = point.branch;
    fresh.loose = point.loose;
    fresh.binding = point.binding;
    fresh.producer = point.producer;
    if (passesThrough(fresh.kind)) return;
    fresh.rows = point.rows;
    fresh.locals = point.locals;
    fresh.places = point.places;
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

  // Behind a node that keeps tokens and adds something to them.
  Point behind(NodeId id, Binding adds, bool loose) {
    const Node& at = node(id);
    return {id, false, loose, id, id, std::move(adds), at.rows, at.locals, at.places};
  }
  Point branchOf(NodeId id, bool loose) {
    const Node& at = node(id);
    return {id, true, loose, id, id, {}, at.rows, at.locals, at.places};
  }

  std::string describe(const char* word, const Point& point) const {
    return std::string(word) + " " + (point.left == kNoNode ? "-" : number(index(point.left))) +
           (point.branch ? " branch" : "") + (point.loose ? " loose" : "");
  }

  // --- conditions

  // Fields that are read through rows by something behind the conditions at hand.
  using Masks = std::vector<FieldMask>;

  void addReads(const model::Expression& expression, Masks& masks) const {
    if (expression.present()) addFieldReads(expanded(expression), masks);
  }
  void addReads(const Condition& condition, Masks& masks) const {
    for (const model::Constraint& constraint : condition.pattern.constraints) {
      if (!constraint.internal) addReads(constraint.test, masks);
    }
    for (const model::AccumulateFunction& function : condition.functions) {
      addReads(function.argument, masks);
    }
    for (const model::GroupKey& key : condition.groupBy) addReads(key.value, masks);
    addReads(condition.expr, masks);
    addReads(condition.where, masks);
    for (const std::vector<Condition>& group : condition.groups) {
      for (const Condition& inner : group) addReads(inner, masks);
    }
  }

  // What conditions from `from` on, and what follows them, read through a row.
  FieldMask readsOf(std::uint32_t row, const std::vector<Condition>& conditions, std::size_t from,
                    const Masks& after) const {
    Masks masks(row + 1, 0);
    for (std::size_t at = from; at < conditions.size(); ++at) addReads(conditions[at], masks);
    return masks[row] | (row < after.size() ? after[row] : 0);
  }

  Point add(const std::vector<Condition>& conditions, std::size_t at, Point point,
            const Masks& after) {
    const Condition& condition = conditions[at];
    switch (condition.kind) {
      case Condition::Kind::Pattern: {
        const FieldMask reads = readsOf(condition.pattern.row, conditions, at, after);
        const NodeId id = addTwoInput(NodeKind::Join, condition, condition.pattern,
                                      constraintsOf(condition.pattern), point, reads);
        Binding adds;
        adds.row = condition.pattern.row;
        return behind(id, adds, point.loose);
      }
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
      case Condition::Kind::Either: return addEither(conditions, at, point, after);
      case Condition::Kind::Accumulate: return addAccumulate(condition, point);
      case Condition::Kind::Each: return addEach(condition, point);
      case Condition::Kind::Let:
      case Condition::Kind::If: return addThrough(condition, point);
    }
    return point;
  }

  std::vector<Expr> constraintsOf(const model::Pattern& pattern) const {
    std::vector<Expr> out;
    for (const model::Constraint& constraint : pattern.constraints) {
      for (Expr& part : conjunctsOf(constraint.test.tree, functions())) {
        out.push_back(std::move(part));
      }
    }
    return out;
  }

  Point addSingle(NodeKind kind, const Condition& condition, const std::vector<Expr>& conjuncts,
                  const Point& point) {
    Masks masks(condition.pattern.row + 1, 0);
    addReads(condition, masks);
    const NodeId id = addTwoInput(kind, condition, condition.pattern, conjuncts, point,
                                  masks[condition.pattern.row]);
    return behind(id, {}, point.loose);
  }

  // What is not true of some candidate: not(P, !Q).
  Point addForall(const Condition& condition, const Point& point) {
    if (!condition.groups.empty()) {
      Condition each;
      each.kind = Condition::Kind::Pattern;
      each.pattern = condition.pattern;
      each.span = condition.span;
      each.text = condition.pattern.text;
      Condition fails = condition;
      fails.kind = Condition::Kind::Not;
      return addGroup(NodeKind::NotGroup, condition, {std::move(each), std::move(fails)}, point);
    }
    std::vector<Expr> conjuncts = constraintsOf(condition.pattern);
    Expr fails;
    fails.kind = ExprKind::Unary;
    fails.op = Operator::Not;
    fails.span = condition.expr.tree.span;
    fails.type = Type::of(TypeKind::Bool);
    fails.args.push_back(expanded(condition.expr));
    conjuncts.push_back(std::move(fails));
    return addSingle(NodeKind::Not, condition, conjuncts, point);
  }

  static const char* kindWord(NodeKind kind) {
    switch (kind) {
      case NodeKind::Not: return "not";
      case NodeKind::Exists: return "exists";
      default: return "join";
    }
  }

  NodeId addTwoInput(NodeKind kind, const Condition& condition, const model::Pattern& pattern,
                     const std::vector<Expr>& conjuncts, const Point& point, FieldMask reads) {
    // Whether candidates that are neither true nor false have to be seen.
    const bool unknownCounts = kind == NodeKind::Not || point.loose;
    const Split parts = split(conjuncts, pattern.row, unknownCounts, point.loose);
    const NodeId right =
        addNewest(addAlpha(pattern.type, parts.alpha, unknownCounts), pattern.type, pattern);
    const bool first = kind == NodeKind::Join && point.left == kNoNode && parts.keys.empty();
    const AlphaIndexId alphaIndex = first ? kNoIndex : addIndex(right, parts);

    std::string description = describe(kindWord(kind), point) + " " + number(index(right)) +
                              " row " + number(pattern.row) + " reads " + number(reads);
    for (const Split::Key& key : parts.keys) {
      description += " | " + canonicalText(key.left) + " = " + canonicalText(key.right);
    }
    for (const Expr& test : parts.residual) description += " & " + canonicalText(test);
    return share(description, [&](Node& fresh) {
      fresh.kind = kind;
      place(fresh, point);
      fresh.right = right;
      fresh.row = pattern.row;
      fresh.type = pattern.type;
      fresh.index = alphaIndex;
      fresh.reads = reads;
      fresh.span = condition.span;
      fresh.flushAt = index(fresh.id);
      for (const Split::Key& key : parts.keys) {
        fresh.keys.push_back(
            {operand(key.left, Binding::kNone, &fresh), operand(key.right, 0, nullptr), key.text});
      }
      if (parts.range) addRange(fresh, *parts.range);
      for (const Expr& test : parts.residual) fresh.residual.push_back(residualTest(test, fresh));
      if (point.loose) {
        for (const Expr& test : parts.alpha) {
          if (canFail(test)) fresh.unsureTests.push_back(compiled(test));
        }
      }
      labelTwoInput(fresh, condition, pattern, parts);
    });
  }

  void addRange(Node& fresh, const Split::Range& range) const {
    fresh.range.present = true;
    fresh.range.right = operand(range.right, 0, nullptr);
    fresh.range.hasLow = range.low.has_value();
    fresh.range.hasHigh = range.high.has_value();
    if (range.low) fresh.range.low = operand(*range.low, Binding::kNone, &fresh);
    if (range.high) fresh.range.high = operand(*range.high, Binding::kNone, &fresh);
    fresh.range.strictLow = range.strictLow;
    fresh.range.strictHigh = range.strictHigh;
  }

  ResidualTest residualTest(const Expr& test, const Node& fresh) const {
    ResidualTest out;
    out.code = compiled(test);
    out.text = toText(test);
    out.span = test.span;
    if (test.kind != ExprKind::Binary || test.op < Operator::Equal ||
        test.op > Operator::GreaterEqual) {
      return out;
    }
    out.left = operand(test.args[0], fresh.row, &fresh);
    out.right = operand(test.args[1], fresh.row, &fresh);
    if (out.left.kind == Operand::Kind::Code || out.right.kind == Operand::Kind::Code) return out;
    out.kind = ResidualTest::Kind::Compare;
    out.op = test.op;
    return out;
  }

  void labelTwoInput(Node& fresh, const Condition& condition, const model::Pattern& pattern,
                     const Split& parts) const {
    for (const Split::Key& key : parts.keys) {
      fresh.label += (fresh.label.empty() ? "" : ", ") + key.text;
    }
    for (const Expr& test : parts.residual) {
      fresh.label += (fresh.label.empty() ? "" : ", ") + toText(test);
    }
    // The join that `at` and `on change` stand for is nothing that the author wrote.
    const bool implied = condition.origin == Condition::Origin::At ||
                         (condition.origin == Condition::Origin::Change && !parts.keys.empty());
    if (fresh.label.empty() || implied) {
      fresh.label = (fresh.kind == NodeKind::Not      ? "not "
                     : fresh.kind == NodeKind::Exists ? "exists "
                                                      : "") +
                    (pattern.binding.empty() ? std::string() : pattern.binding + ": ") +
                    program_.type(pattern.type).name;
    }
    if (condition.kind == Condition::Kind::Forall) {
      fresh.label =
          "forall " + program_.type(pattern.type).name + ": " + toText(condition.expr.tree);
    }
  }

  // --- groups

  // A branch from `owner`, and its end. Answers the end's id.
  NodeId addBranch(NodeId owner, const std::vector<Condition>& conditions, bool loose,
                   std::uint32_t branch, const Masks& after, const std::string& ends) {
    Point point = branchOf(owner, loose);
    for (std::size_t at = 0; at < conditions.size(); ++at) {
      point = add(conditions, at, point, after);
    }
    return addEnd(owner, point, branch, ends, [](Node&) {});
  }

  template <typename Fill>
  NodeId addEnd(NodeId owner, const Point& point, std::uint32_t branch, const std::string& ends,
                Fill fill) {
    const NodeId id =
        share(describe("end", point) + " of " + number(index(owner)) + " " + number(branch) + ends,
              [&](Node& fresh) {
                fresh.kind = NodeKind::End;
                place(fresh, point);
                fresh.owner = owner;
                fresh.branch = branch;
                fresh.flushAt = index(fresh.id);
                fresh.label = "end";
                std::uint16_t hops = 1;
                for (NodeId at = point.anchor; at != owner; at = parentToken(at)) ++hops;
                fresh.ownerHops = hops;
                const Node& above = node(owner);
                for (std::size_t row = 0; row < fresh.rows.size(); ++row) {
                  const bool outer =
                      row < above.rows.size() && above.rows[row].hops != TokenPath::kUnbound;
                  if (!outer && fresh.rows[row].hops != TokenPath::kUnbound) {
                    fresh.orderRows.push_back(fresh.rows[row]);
                  }
                }
                fresh.firstPlace = static_cast<std::uint32_t>(above.places.size());
                fill(fresh);
              });
    node(owner).flushAt = std::max(node(owner).flushAt, index(id));
    return id;
  }

  // The node at which the parents of a node's tokens stand.
  NodeId parentToken(NodeId id) {
    NodeId at = node(id).left;
    while (at != kNoNode && passesThrough(node(at).kind)) at = node(at).left;
    return at;
  }

  Point addGroup(NodeKind kind, const Condition& condition,
                 const std::vector<Condition>& conditions, const Point& point) {
    const bool loose = kind == NodeKind::NotGroup || point.loose;
    const NodeId id = shareOwner(kind, kind == NodeKind::NotGroup ? "not group" : "exists group",
                                 condition, point, groupText(conditions));
    if (isNew(id)) addBranch(id, conditions, loose, 0, {}, "");
    if (node(id).label.empty()) {
      node(id).label = condition.kind == Condition::Kind::Forall ? "forall"
                       : kind == NodeKind::NotGroup              ? "not { … }"
                                                                 : "exists { … }";
    }
    return behind(id, {}, point.loose);
  }

  // Owners are shared only with their branches: the description holds what these say.
  NodeId shareOwner(NodeKind kind, const char* word, const Condition& condition, const Point& point,
                    const std::string& says) {
    fresh_ = false;
    return share(describe(word, point) + " " + says, [&](Node& fresh) {
      fresh.kind = kind;
      place(fresh, point);
      fresh.span = condition.span;
      fresh_ = true;
    });
  }
  bool isNew(NodeId) const { return fresh_; }

  // What a group means, canonically: conditions with row numbers instead of names.
  std::string groupText(const std::vector<Condition>& conditions) const {
    std::string out = "{";
    for (const Condition& condition : conditions) out += " " + conditionText(condition);
    return out + " }";
  }

  std::string conditionText(const Condition& condition) const {
    std::string out = number(static_cast<std::uint64_t>(condition.kind));
    if (condition.hasPattern()) {
      out += " type " + number(index(condition.pattern.type)) + " row " +
             number(condition.pattern.row);
      for (const model::Constraint& constraint : condition.pattern.constraints) {
        out += " & " + canonicalText(expanded(constraint.test));
      }
      for (const model::Suffix& suffix : condition.pattern.suffixes) {
        out += " suffix " + number(static_cast<std::uint64_t>(suffix.kind)) + " " +
               std::to_string(suffix.duration.value_or(-1)) + " " + std::to_string(suffix.count) +
               " " + number(suffix.row);
      }
    }
    if (condition.since) out += " since";
    if (condition.expr.present()) out += " expr " + canonicalText(expanded(condition.expr));
    if (condition.where.present()) out += " where " + canonicalText(expanded(condition.where));
    out += " local " + number(condition.local);
    out += intoText(condition);
    for (const model::Export& each : condition.exports) {
      out += each.fact ? " fact " : " value ";
      for (const std::uint32_t from : each.from) out += number(from) + ",";
      out += ">" + number(each.to);
    }
    for (const std::vector<Condition>& group : condition.groups) out += groupText(group);
    return out;
  }

  std::string intoText(const Condition& condition) const {
    std::string out;
    for (const model::AccumulateFunction& function : condition.functions) {
      out += " into " + number(function.local) + " " +
             number(static_cast<std::uint64_t>(function.kind));
      if (function.argument.present()) out += " " + canonicalText(expanded(function.argument));
    }
    for (const model::GroupKey& key : condition.groupBy) {
      out += " by " + number(key.local) + " " + canonicalText(expanded(key.value));
    }
    return out + (condition.skipErrors ? " skip" : "");
  }

  Point addEither(const std::vector<Condition>& conditions, std::size_t at, const Point& point,
                  const Masks& after) {
    const Condition& condition = conditions[at];
    std::string says = conditionText(condition);
    // Which fields of the exported facts are read behind it is part of what it means.
    std::vector<FieldMask> later;
    for (const model::Export& each : condition.exports) {
      later.push_back(each.fact ? readsOf(each.to, conditions, at + 1, after) : 0);
      says += " later " + number(later.back());
    }
    const NodeId id = shareOwner(NodeKind::Either, "either", condition, point, says);
    if (isNew(id)) {
      node(id).label = "either";
      for (const model::Export& each : condition.exports) {
        node(id).exports.push_back({each.fact, each.to, 0});
      }
      for (std::uint32_t branch = 0; branch < condition.groups.size(); ++branch) {
        Masks masks;
        for (std::size_t i = 0; i < condition.exports.size(); ++i) {
          const model::Export& each = condition.exports[i];
          if (!each.fact) continue;
          if (masks.size() <= each.from[branch]) masks.resize(each.from[branch] + 1, 0);
          masks[each.from[branch]] |= later[i];
        }
        Point inner = branchOf(id, point.loose);
        for (std::size_t i = 0; i < condition.groups[branch].size(); ++i) {
          inner = add(condition.groups[branch], i, inner, masks);
        }
        addEnd(id, inner, branch, "", [&](Node& end) {
          for (const model::Export& each : condition.exports) {
            end.exports.push_back(
                {each.fact, each.from[branch],
                 each.fact ? readsOf(each.from[branch], condition.groups[branch], 0, masks) : 0});
          }
        });
      }
    }
    Binding adds;
    for (const model::Export& each : condition.exports) {
      adds.values.push_back(
          {each.fact ? Binding::Slot::Kind::Row : Binding::Slot::Kind::Local, each.to, !each.fact});
    }
    return behind(id, adds, point.loose);
  }

  Point addAccumulate(const Condition& condition, const Point& point) {
    // One pattern is a group of one.
    std::vector<Condition> single;
    if (condition.groups.empty()) {
      Condition each;
      each.kind = Condition::Kind::Pattern;
      each.pattern = condition.pattern;
      each.span = condition.span;
      each.text = condition.pattern.text;
      single.push_back(std::move(each));
    }
    const std::vector<Condition>& group = condition.groups.empty() ? single : condition.groups[0];
    const NodeId id = shareOwner(NodeKind::Accumulate, "accumulate", condition, point,
                                 groupText(group) + intoText(condition));
    if (isNew(id)) {
      const auto fill = [&](Node& fresh) {
        fresh.functions = condition.functions;
        fresh.groupBy = condition.groupBy;
        fresh.skipErrors = condition.skipErrors;
      };
      fill(node(id));
      for (const model::AccumulateFunction& function : condition.functions) {
        node(id).label +=
            (node(id).label.empty() ? "" : ", ") + function.name +
            (function.argument.present() ? "(" + toText(function.argument.tree) + ")" : "()");
      }
      Masks masks;
      for (const model::AccumulateFunction& function : condition.functions) {
        addReads(function.argument, masks);
      }
      for (const model::GroupKey& key : condition.groupBy) addReads(key.value, masks);
      Point inner = branchOf(id, !condition.skipErrors);
      for (std::size_t i = 0; i < group.size(); ++i) inner = add(group, i, inner, masks);
      addEnd(id, inner, 0, "", [&](Node& end) {
        fill(end);
        for (const model::AccumulateFunction& function : condition.functions) {
          end.arguments.push_back(function.argument.present()
                                      ? operand(expanded(function.argument), Binding::kNone, &end)
                                      : Operand{Operand::Kind::Constant, {}, 0, noArgument()});
        }
        for (const model::GroupKey& key : condition.groupBy) {
          end.arguments.push_back(operand(expanded(key.value), Binding::kNone, &end));
        }
      });
    }
    Binding adds;
    for (const model::AccumulateFunction& function : condition.functions) {
      adds.values.push_back({Binding::Slot::Kind::Local, function.local, false});
    }
    for (const model::GroupKey& key : condition.groupBy) {
      adds.values.push_back({Binding::Slot::Kind::Local, key.local, true});
    }
    return behind(id, adds, point.loose);
  }

  // Of count: any value.
  static Code noArgument() {
    Code code;
    code.constants.push_back(Value());
    return code;
  }

  // --- values

  Point addEach(const Condition& condition, const Point& point) {
    const Expr list = expanded(condition.expr);
    std::string description =
        describe("each", point) + " " + canonicalText(list) + " -> " + number(condition.local);
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
    return behind(id, adds, point.loose);
  }

  static bool asksPassed(const Expr& expr) {
    if (expr.kind == ExprKind::Call && expr.text == "passed" && !expr.method &&
        expr.ref.kind == Ref::Kind::None) {
      return true;
    }
    return std::any_of(expr.args.begin(), expr.args.end(), asksPassed);
  }

  Point addSince(const Condition& condition, const Point& point) {
    const NodeId id =
        share(describe("since", point) + " -> " + number(condition.local), [&](Node& fresh) {
          fresh.kind = NodeKind::Since;
          place(fresh, point);
          fresh.local = condition.local;
          fresh.label = condition.text;
          fresh.span = condition.span;
        });
    Binding adds;
    adds.values = {{Binding::Slot::Kind::Local, condition.local, false}};
    return behind(id, adds, point.loose);
  }

  Point addWait(const Condition& condition, const Expr& expr, const Point& point) {
    const bool let = condition.kind == Condition::Kind::Let;
    const NodeId id = share(describe("wait", point) + " " + canonicalText(expr) +
                                (let ? " -> " + number(condition.local) : ""),
                            [&](Node& fresh) {
                              fresh.kind = NodeKind::Wait;
                              place(fresh, point);
                              fresh.expr = compiled(expr);
                              fresh.binds = let;
                              fresh.local = condition.local;
                              fresh.flushAt = index(fresh.id);
                              fresh.label =
                                  let ? condition.name + " = " + toText(condition.expr.tree)
                                      : toText(condition.expr.tree);
                              fresh.span = condition.span;
                            });
    Binding adds;
    if (let) adds.values = {{Binding::Slot::Kind::Local, condition.local, false}};
    return behind(id, adds, point.loose);
  }

  Point addThrough(const Condition& condition, const Point& point) {
    if (condition.since) return addSince(condition, point);
    const bool let = condition.kind == Condition::Kind::Let;
    const Expr expr = expanded(condition.expr);
    if (asksPassed(expr)) return addWait(condition, expr, point);
    std::string description = describe(let ? "let" : "filter", point) + " " + canonicalText(expr) +
                              (let ? " -> " + number(condition.local) : "");
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

  // --- rules

  void addRule(const model::Rule& rule) {
    Masks salience;
    if (!rule.fixedSalience) addReads(rule.salience, salience);
    addReads(rule.oncePer, salience);
    Point point;
    std::vector<NodeId>& conditionNodes = network_.conditionNodes[index(rule.id)];
    conditionNodes.assign(rule.conditions.size(), kNoNode);
    for (const std::size_t at : joinOrder(rule, changed_, comesAndGoes_, functions())) {
      point = add(rule.conditions, at, point, salience);
      network_.conditionNodes[index(rule.id)][at] = point.left;
    }
    const NodeId production = share("production " + number(index(rule.id)), [&](Node& fresh) {
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

  // A node, and all that it stands upon, belongs to a rule; branches of its owners do, too.
  void mark(NodeId id, RuleId rule, NodeId end = kNoNode) {
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
  void belong(NodeId id, RuleId rule) {
    std::vector<RuleId>& rules = node(id).rules;
    if (rules.empty() || rules.back() != rule) rules.push_back(rule);
  }

  void finish() {
    for (Node& at : network_.nodes) {
      if (at.left != kNoNode) {
        (at.inBranch ? node(at.left).branches : node(at.left).children).push_back(at.id);
        at.layer = node(at.left).layer + 1;
      }
      if (at.right != kNoNode) {
        Node& above = node(at.right);
        (at.kind == NodeKind::Newest ? above.windows
         : isAlpha(at.kind)          ? above.children
                                     : above.readers)
            .push_back(at.id);
        at.layer = std::max(at.layer, above.layer + 1);
      }
      if (!isAlpha(at.kind) && at.layer == 0) at.layer = 1;
    }
    // What stands behind a group is drawn behind its branches.
    for (Node& at : network_.nodes) {
      if (at.left == kNoNode) continue;
      std::uint32_t least = node(at.left).layer + 1;
      if (!at.inBranch && ownsBranches(node(at.left).kind)) {
        least = network_.nodes[node(at.left).flushAt].layer + 1;
      }
      at.layer = std::max(at.layer, least);
    }
    for (std::size_t i = network_.nodes.size(); i-- > 0;) {
      Node& at = network_.nodes[i];
      std::reverse(at.readers.begin(), at.readers.end());
      if (isAlpha(at.kind)) {
        finishAlpha(at);
      } else {
        finishBeta(at);
      }
    }
    // Rules stand at the right edge, whatever the length of their path.
    std::uint32_t deepest = 0;
    for (const Node& at : network_.nodes) deepest = std::max(deepest, at.layer);
    for (Node& at : network_.nodes) {
      if (at.kind == NodeKind::Production) at.layer = deepest;
    }
  }

  // Children first.
  void finishAlpha(Node& at) {
    at.counted = at.id;
    at.subtreeReads = at.testReads;
    for (const NodeId child : at.children) {
      at.subtreeReads |= node(child).subtreeReads;
      at.dispatch.add(child, node(child).tree, node(child).loose);
    }
    at.dispatch.finish();
    for (const NodeId window : at.windows) at.subtreeReads |= node(window).subtreeReads;
    for (const AlphaIndexId id : at.indexes) {
      at.subtreeReads |= network_.indexes[reticle::index(id)].reads;
    }
    for (const NodeId reader : at.readers) at.subtreeReads |= node(reader).reads;
  }

  void finishBeta(Node& at) {
    at.counted = at.children.empty() ? at.id : tokensBehind(at.children[0]);
  }
  NodeId tokensBehind(NodeId id) {
    while (passesThrough(node(id).kind) && !node(id).children.empty()) id = node(id).children[0];
    return id;
  }

  const model::Program& program_;
  Network network_;
  std::map<std::string, NodeId> nodes_;
  std::map<std::string, AlphaIndexId> indexes_;
  std::vector<FieldMask> changed_;
  std::vector<bool> comesAndGoes_;
  bool fresh_ = false;
};

}  // namespace

Network buildNetwork(const model::Program& program) { return Builder(program).build(); }

}  // namespace reticle
