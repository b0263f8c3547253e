// Builds the network rule by rule, condition by condition, sharing every node whose meaning is already there.
//
// A node is shared when its canonical description is equal: the same parents, tests, keys and, for beta nodes, the same set of fields
// that conditions read. The last keeps property reactivity exact: sharing with a rule that reads more would re-fire the one that reads less.

#include <algorithm>
#include <cassert>
#include <map>
#include <string>
#include <utility>

#include "network/analysis.h"
#include "network/network.h"

namespace reticle {

namespace {

using model::Condition;

// A pattern's constraints, taken apart.
struct Split {
  std::vector<Expr> alpha;       // read the candidate only; moved to row 0
  struct Key { Expr left, right; std::string text; Span span; };
  std::vector<Key> keys;         // right moved to row 0
  std::vector<Expr> residual;
  std::vector<Expr> all;
};

class Builder {
 public:
  explicit Builder(const model::Program& program) : program_(program) {}

  Network build() {
    for (const model::FactType& type : program_.types) addType(type);
    network_.productions.assign(program_.rules.size(), kNoNode);
    network_.conditionNodes.resize(program_.rules.size());
    for (const model::Rule& rule : program_.rules)
      if (!rule.disabled) addRule(rule);
    finish();
    return std::move(network_);
  }

 private:
  Node& node(NodeId id) { return network_.nodes[index(id)]; }

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

  void addType(const model::FactType& type) {
    network_.typeNodes.push_back(share("type " + std::to_string(index(type.id)), [&](Node& fresh) {
      fresh.kind = NodeKind::Type;
      fresh.type = type.id;
      fresh.label = type.name;
      fresh.span = type.span;
    }));
  }

  NodeId addTest(NodeId parent, TypeId type, const Expr& test, bool loose) {
    std::string text = canonicalText(test);
    std::string description = "test " + std::to_string(index(parent)) + (loose ? " loose " : " ") + text;
    return share(description, [&](Node& fresh) {
      fresh.kind = NodeKind::Test;
      fresh.right = parent;
      fresh.type = type;
      fresh.test = compileExpr(test, program_.functions);
      fresh.loose = loose;
      std::vector<FieldMask> reads;
      addFieldReads(test, reads);
      fresh.testReads = reads.empty() ? 0 : reads[0];
      fresh.label = toText(test);
      fresh.span = test.span;
    });
  }

  AlphaIndexId addIndex(NodeId alpha, const std::vector<Split::Key>& keys) {
    std::string description = std::to_string(index(alpha));
    for (const Split::Key& key : keys) description += " | " + canonicalText(key.right);
    auto known = indexes_.find(description);
    if (known != indexes_.end()) return known->second;
    AlphaIndexId id{static_cast<std::uint32_t>(network_.indexes.size())};
    AlphaIndex fresh;
    fresh.alpha = alpha;
    for (const Split::Key& key : keys) {
      fresh.keys.push_back(compileExpr(key.right, program_.functions));
      std::vector<FieldMask> reads;
      addFieldReads(key.right, reads);
      if (!reads.empty()) fresh.reads |= reads[0];
    }
    network_.indexes.push_back(std::move(fresh));
    node(alpha).indexes.push_back(id);
    indexes_.emplace(description, id);
    return id;
  }

  // `exact`: a key whose evaluation can fail stays a test, because an unknown candidate still counts there.
  Split split(const model::Pattern& pattern, bool exact) {
    Split result;
    for (const model::Constraint& constraint : pattern.constraints) {
      Expr expanded = expandFunctions(constraint.test.tree, program_.functions);
      std::vector<const Expr*> conjuncts;
      splitConjuncts(expanded, conjuncts);
      for (const Expr* conjunct : conjuncts) place(*conjunct, pattern.row, exact, result);
    }
    return result;
  }

  void place(const Expr& conjunct, std::uint32_t row, bool exact, Split& result) {
    result.all.push_back(conjunct);
    Reads reads = readsOf(conjunct, row);
    if (!reads.earlier && !reads.outside) {
      result.alpha.push_back(moveRow(conjunct, row, 0));
      return;
    }
    if (conjunct.kind == ExprKind::Binary && conjunct.op == Operator::Equal && !(exact && canFail(conjunct))) {
      for (int side = 0; side < 2; ++side) {
        const Expr& here = conjunct.args[side];
        const Expr& there = conjunct.args[1 - side];
        Reads ours = readsOf(here, row), theirs = readsOf(there, row);
        if (ours.candidate && !ours.earlier && !ours.outside && !theirs.candidate && !theirs.outside) {
          result.keys.push_back({there, moveRow(here, row, 0), toText(conjunct), conjunct.span});
          return;
        }
      }
    }
    result.residual.push_back(conjunct);
  }

  NodeId addAlpha(const model::Pattern& pattern, const Split& parts, bool loose) {
    NodeId at = network_.typeNodes[index(pattern.type)];
    for (const Expr& test : parts.alpha) at = addTest(at, pattern.type, test, loose && canFail(test));
    return at;
  }

  void describe(std::string& description, const Split& parts) {
    for (const Split::Key& key : parts.keys) description += " | " + canonicalText(key.left) + " = " + canonicalText(key.right);
    for (const Expr& test : parts.residual) description += " & " + canonicalText(test);
  }

  void fillTwoInput(Node& fresh, const model::Pattern& pattern, const Split& parts, NodeId left, NodeId right, AlphaIndexId alphaIndex, FieldMask reads) {
    fresh.left = left;
    fresh.right = right;
    fresh.row = pattern.row;
    fresh.type = pattern.type;
    fresh.index = alphaIndex;
    fresh.reads = reads;
    fresh.span = pattern.span;
    for (const Split::Key& key : parts.keys)
      fresh.keys.push_back({compileExpr(key.left, program_.functions), compileExpr(key.right, program_.functions), key.text});
    for (const Expr& test : parts.residual) fresh.residual.push_back({compileExpr(test, program_.functions), test, toText(test), test.span});
    for (const Split::Key& key : parts.keys) fresh.label += (fresh.label.empty() ? "" : ", ") + key.text;
    for (const Expr& test : parts.residual) fresh.label += (fresh.label.empty() ? "" : ", ") + toText(test);
  }

  static const char* kindWord(Condition::Kind kind) {
    switch (kind) {
      case Condition::Kind::Pattern: return "join";
      case Condition::Kind::Not: return "not";
      case Condition::Kind::Exists: return "exists";
      case Condition::Kind::Accumulate: return "accumulate";
      case Condition::Kind::Let: return "let";
      case Condition::Kind::If: return "filter";
      case Condition::Kind::Forall: return "forall";
      case Condition::Kind::Either: return "either";
      case Condition::Kind::Each: return "each";
    }
    return "";
  }

  NodeId addCondition(const Condition& condition, NodeId left, FieldMask reads) {
    switch (condition.kind) {
      case Condition::Kind::Pattern:
      case Condition::Kind::Exists:
      case Condition::Kind::Not:
      case Condition::Kind::Accumulate: return addTwoInput(condition, left, reads);
      case Condition::Kind::Let:
      case Condition::Kind::If: {
        Expr expr = expandFunctions(condition.expr.tree, program_.functions);
        bool let = condition.kind == Condition::Kind::Let;
        std::string description = std::string(kindWord(condition.kind)) + " " + std::to_string(index(left)) + " " + canonicalText(expr) +
                                  (let ? " -> " + std::to_string(condition.local) : "");
        return share(description, [&](Node& fresh) {
          fresh.kind = let ? NodeKind::Let : NodeKind::Filter;
          fresh.left = left;
          fresh.expr = compileExpr(expr, program_.functions);
          fresh.local = condition.local;
          fresh.label = let ? condition.name + " = " + toText(condition.expr.tree) : toText(condition.expr.tree);
          fresh.span = condition.span;
        });
      }
      case Condition::Kind::Forall: case Condition::Kind::Either: case Condition::Kind::Each:
        assert(false && "a program with this condition is refused before its network is built");
    }
    return left;
  }

  NodeId addTwoInput(const Condition& condition, NodeId left, FieldMask reads) {
    bool joins = condition.kind == Condition::Kind::Pattern;
    bool accumulates = condition.kind == Condition::Kind::Accumulate;
    bool loose = condition.kind == Condition::Kind::Not || (accumulates && !condition.skipErrors);
    Split parts = split(condition.pattern, loose);
    NodeId right = addAlpha(condition.pattern, parts, loose);
    AlphaIndexId alphaIndex = addIndex(right, parts.keys);

    std::string description = std::string(kindWord(condition.kind)) + " " + std::to_string(index(left)) + " " + std::to_string(index(right)) + " row " +
                              std::to_string(condition.pattern.row) + " reads " + std::to_string(reads);
    describe(description, parts);
    for (const model::AccumulateFunction& function : condition.functions) {
      description += " into " + std::to_string(function.local) + " " + std::to_string(static_cast<int>(function.kind));
      if (function.argument.present()) description += " " + canonicalText(expandFunctions(function.argument.tree, program_.functions));
    }
    if (condition.skipErrors) description += " skip";
    return share(description, [&](Node& fresh) {
      switch (condition.kind) {
        case Condition::Kind::Pattern: fresh.kind = NodeKind::Join; break;
        case Condition::Kind::Not: fresh.kind = NodeKind::Not; break;
        case Condition::Kind::Exists: fresh.kind = NodeKind::Exists; break;
        default: fresh.kind = NodeKind::Accumulate; break;
      }
      fillTwoInput(fresh, condition.pattern, parts, left, right, alphaIndex, reads);
      // The join that `at` and `on change` stand for is nothing that the author wrote.
      bool implied = condition.origin == Condition::Origin::At || (condition.origin == Condition::Origin::Change && !parts.keys.empty());
      if (fresh.label.empty() || implied) {
        const std::string& binding = condition.pattern.binding;
        fresh.label = (condition.kind == Condition::Kind::Not ? "not " : condition.kind == Condition::Kind::Exists ? "exists " : "") +
                      (binding.empty() ? std::string() : binding + ": ") + program_.type(condition.pattern.type).name;
      }
      fresh.bindsRow = joins;
      if (!accumulates) return;
      fresh.functions = condition.functions;
      fresh.skipErrors = condition.skipErrors;
      fresh.label.clear();
      for (const model::AccumulateFunction& function : condition.functions)
        fresh.label += (fresh.label.empty() ? "" : ", ") + function.name + (function.argument.present() ? "(" + toText(function.argument.tree) + ")" : "()");
      for (const Expr& test : parts.all)
        if (!condition.skipErrors && canFail(test)) fresh.unsureTests.push_back(compileExpr(test, program_.functions));
    });
  }

  // Fields of the candidate of condition `at` that the rule's conditions read.
  FieldMask readsOfCondition(const model::Rule& rule, std::size_t at) {
    const Condition& condition = rule.conditions[at];
    std::vector<FieldMask> reads(condition.pattern.row + 1, 0);
    auto add = [&](const model::Expression& expression) {
      if (expression.present()) addFieldReads(expandFunctions(expression.tree, program_.functions), reads);
    };
    auto addCondition = [&](const Condition& other) {
      for (const model::Constraint& constraint : other.pattern.constraints)
        if (!constraint.internal) add(constraint.test);
      for (const model::AccumulateFunction& function : other.functions) add(function.argument);
      add(other.expr);
    };
    addCondition(condition);
    if (condition.kind == Condition::Kind::Pattern) {
      for (std::size_t later = at + 1; later < rule.conditions.size(); ++later) addCondition(rule.conditions[later]);
      if (!rule.fixedSalience) add(rule.salience);
    }
    return reads[condition.pattern.row];
  }

  void addRule(const model::Rule& rule) {
    NodeId left = kNoNode;
    for (std::size_t at = 0; at < rule.conditions.size(); ++at) {
      const Condition& condition = rule.conditions[at];
      left = addCondition(condition, left, condition.hasPattern() ? readsOfCondition(rule, at) : 0);
      network_.conditionNodes[index(rule.id)].push_back(left);
      mark(left, rule.id);
    }
    NodeId production = share("production " + std::to_string(index(rule.id)), [&](Node& fresh) {
      fresh.kind = NodeKind::Production;
      fresh.left = left;
      fresh.rule = rule.id;
      fresh.label = rule.name;
      fresh.span = rule.nameSpan;
      fresh.rules.push_back(rule.id);
    });
    network_.productions[index(rule.id)] = production;
    network_.maxRows = std::max(network_.maxRows, rule.rows + 1);
    network_.maxLocals = std::max(network_.maxLocals, rule.conditionLocals);
  }

  // The node and the alpha nodes above it belong to the rule too.
  void mark(NodeId id, RuleId rule) {
    while (id != kNoNode) {
      std::vector<RuleId>& rules = node(id).rules;
      if (rules.empty() || rules.back() != rule) rules.push_back(rule);
      id = node(id).right;
    }
  }

  void finish() {
    for (Node& at : network_.nodes) {
      bool alpha = at.kind == NodeKind::Type || at.kind == NodeKind::Test;
      if (at.left != kNoNode) {
        node(at.left).children.push_back(at.id);
        at.layer = node(at.left).layer + 1;
      }
      if (at.right != kNoNode) {
        Node& above = node(at.right);
        (alpha ? above.children : above.readers).push_back(at.id);
        at.layer = std::max(at.layer, above.layer + 1);
      }
      if (!alpha && at.layer == 0) at.layer = 1;
    }
    for (Node& at : network_.nodes) std::reverse(at.readers.begin(), at.readers.end());
    // Rules stand at the right edge, whatever the length of their path.
    std::uint32_t deepest = 0;
    for (const Node& at : network_.nodes) deepest = std::max(deepest, at.layer);
    for (Node& at : network_.nodes)
      if (at.kind == NodeKind::Production) at.layer = deepest;
  }

  const model::Program& program_;
  Network network_;
  std::map<std::string, NodeId> nodes_;
  std::map<std::string, AlphaIndexId> indexes_;
};

}  // namespace

Network buildNetwork(const model::Program& program) { return Builder(program).build(); }

}  // namespace reticle
