// One pattern against what is matched so far: joins, not, exists and forall over a single pattern.
#include "network/builder.h"

#include <string>
#include <utility>

#include "network/reads.h"

namespace reticle {

namespace {

bool isComparison(Operator op) { return op >= Operator::Equal && op <= Operator::GreaterEqual; }

Operator opposite(Operator op) {
  if (op == Operator::Equal) return Operator::NotEqual;
  if (op == Operator::NotEqual) return Operator::Equal;
  if (op == Operator::Less) return Operator::GreaterEqual;
  if (op == Operator::LessEqual) return Operator::Greater;
  return op == Operator::Greater ? Operator::LessEqual : Operator::Less;
}

// `!test`. Where that says the same, as a comparison or as conjuncts, which an index can serve.
Expr negated(Expr test) {
  if (test.kind == ExprKind::Unary && test.op == Operator::Not) return test.args[0];
  if (test.kind == ExprKind::Binary && test.op == Operator::Or) {
    test.op = Operator::And;
    for (Expr& arg : test.args) arg = negated(std::move(arg));
    return test;
  }
  if (test.kind == ExprKind::Binary && isComparison(test.op) &&
      (test.op <= Operator::NotEqual ||
       (isTotal(test.args[0].type) && isTotal(test.args[1].type)))) {
    test.op = opposite(test.op);
    return test;
  }
  Expr out;
  out.kind = ExprKind::Unary;
  out.op = Operator::Not;
  out.span = test.span;
  out.type = Type::of(TypeKind::Bool);
  out.args.push_back(std::move(test));
  return out;
}

}  // namespace

// The fact joins the match, in its row.
Point NetworkBuilder::addPattern(const Conditions& conditions, std::size_t at, const Point& point,
                                 const Masks& later) {
  const Condition& condition = conditions[at];
  const FieldMask reads = readsOf(condition.pattern.row, conditions, at, later);
  const NodeId id =
      addTwoInput(NodeKind::Join, condition, constraintsOf(condition.pattern), point, reads);
  Binding adds;
  adds.row = condition.pattern.row;
  return after(id, adds, point.loose);
}

// A condition that adds nothing to the match: only its own reads count.
Point NetworkBuilder::addSingle(NodeKind kind, const Condition& condition,
                                const std::vector<Expr>& conjuncts, const Point& point,
                                std::size_t alphaMost) {
  Masks masks(condition.pattern.row + 1, 0);
  addReads(condition, masks);
  const NodeId id =
      addTwoInput(kind, condition, conjuncts, point, masks[condition.pattern.row], alphaMost);
  return after(id, {}, point.loose);
}

Point NetworkBuilder::addForall(const Condition& condition, const Point& point) {
  if (!condition.groups.empty()) {
    Condition fails = condition;
    fails.kind = Condition::Kind::Not;
    return addGroup(NodeKind::NotGroup, condition, {patternOf(condition), std::move(fails)}, point);
  }
  std::vector<Expr> conjuncts = constraintsOf(condition.pattern);
  // A window of a number takes the newest of those that satisfy the pattern, then looks at them.
  const std::size_t own = conjuncts.size();
  for (Expr& part : conjunctsOf(negated(expanded(condition.expr)), functions())) {
    conjuncts.push_back(std::move(part));
  }
  return addSingle(NodeKind::Not, condition, conjuncts, point,
                   condition.pattern.suffixes.empty() ? SIZE_MAX : own);
}

// The constraints are split: what reads the candidate alone goes into the alpha part, equalities
// become keys, a range orders the memories, and the rest is tested pair by pair.
NodeId NetworkBuilder::addTwoInput(NodeKind kind, const Condition& condition,
                                   const std::vector<Expr>& conjuncts, const Point& point,
                                   FieldMask reads, std::size_t alphaMost) {
  const model::Pattern& pattern = condition.pattern;
  // Whether candidates that are neither true nor false have to be seen.
  const bool unknownCounts = kind == NodeKind::Not || point.loose;
  const bool negates = kind != NodeKind::Join;
  const Split parts = split(conjuncts, pattern.row, unknownCounts, point.loose, negates, alphaMost);
  const NodeId right =
      addNewest(addAlpha(pattern.type, parts.alpha, unknownCounts), pattern.type, pattern);
  // A join at the root without keys takes every fact of its memory: no look-up, no index.
  const bool first = kind == NodeKind::Join && point.left == kNoNode && parts.keys.empty();
  const AlphaIndexId alphaIndex = first ? kNoIndex : addIndex(right, parts);

  std::string description = describe(name(kind), point) + " " + std::to_string(index(right)) +
                            " row " + std::to_string(pattern.row) + " reads " +
                            std::to_string(reads);
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
    // What its index reads, too: a candidate that stands elsewhere there has come anew.
    fresh.reads = reads;
    if (parts.rangeDecides) fresh.reads |= network_.indexes[index(alphaIndex)].reads;
    fresh.span = condition.span;
    fresh.flushAt = index(fresh.id);
    addTests(fresh, parts, point.loose);
    labelTwoInput(fresh, condition, parts);
  });
}

// Operands are seen from the tokens of the node itself, which is why it must have been placed.
void NetworkBuilder::addTests(Node& fresh, const Split& parts, bool loose) const {
  for (const Split::Key& key : parts.keys) {
    fresh.keys.push_back(
        {operand(key.left, Binding::kNone, &fresh), operand(key.right, 0, nullptr), key.text});
  }
  if (parts.range) addRange(fresh, *parts.range, parts.rangeDecides);
  for (const Expr& test : parts.residual) fresh.residual.push_back(residualTest(test, fresh));
  // A loose memory also holds what is unknown: the tests are asked again, to know which it is.
  if (loose) {
    for (const Expr& test : parts.alpha) {
      if (canFail(test)) fresh.unsureTests.push_back(compiled(test));
    }
  }
}

void NetworkBuilder::addRange(Node& fresh, const Split::Range& range, bool decides) const {
  fresh.range.present = true;
  fresh.range.right = operand(range.right, 0, nullptr);
  fresh.range.hasLow = range.low.has_value();
  fresh.range.hasHigh = range.high.has_value();
  if (range.low) fresh.range.low = operand(*range.low, Binding::kNone, &fresh);
  if (range.high) fresh.range.high = operand(*range.high, Binding::kNone, &fresh);
  fresh.range.strictLow = range.strictLow;
  fresh.range.strictHigh = range.strictHigh;
  fresh.range.decides = decides;
  fresh.range.kind = range.right.type.kind;
}

// A comparison of two operands that need no evaluation is carried out directly.
ResidualTest NetworkBuilder::residualTest(const Expr& test, const Node& fresh) const {
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

// What the picture shows: keys and tests as written, else the pattern.
void NetworkBuilder::labelTwoInput(Node& fresh, const Condition& condition,
                                   const Split& parts) const {
  const model::Pattern& pattern = condition.pattern;
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
    fresh.label = "forall " + program_.type(pattern.type).name + ": " + toText(condition.expr.tree);
  }
}

}  // namespace reticle
