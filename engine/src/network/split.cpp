// A pattern's constraints, taken apart: tests of the candidate alone, keys, a range, and the rest.
#include "network/split.h"

#include <algorithm>

#include "network/dispatch.h"
#include "network/reads.h"

namespace reticle {

namespace {

// Comparisons that an ordered index can serve.
bool isOrder(Operator op) {
  return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
         op == Operator::GreaterEqual;
}

// Each conjunct goes to the cheapest place that can decide it.
class Splitter {
 public:
  Splitter(std::uint32_t row, bool exact, bool loose) : row_(row), exact_(exact), loose_(loose) {}

  Split run(const std::vector<Expr>& conjuncts, bool negates, std::size_t alphaMost) {
    for (std::size_t i = 0; i < conjuncts.size(); ++i) place(conjuncts[i], i < alphaMost);
    joinBounds();
    // A loose memory also holds facts of which it is unknown whether they belong there: each
    // candidate is asked again.
    const bool asked = loose_ && std::any_of(result_.alpha.begin(), result_.alpha.end(), canFail);
    result_.rangeDecides = negates && !asked && addBounds(true);
    if (!result_.rangeDecides) {
      addBounds(false);
      if (!result_.keys.empty()) result_.range.reset();
    }
    return std::move(result_);
  }

 private:
  // Tests of the candidate alone first, then keys, then whatever is left.
  void place(const Expr& conjunct, bool alpha) {
    const Reads reads = readsOf(conjunct, row_);
    if (alpha && !reads.earlier && !reads.outside) {
      result_.alpha.push_back(moveRow(conjunct, row_, 0));
      return;
    }
    if (conjunct.kind == ExprKind::Binary && conjunct.op == Operator::Equal &&
        !mustBeAsked(conjunct)) {
      for (int side = 0; side < 2; ++side) {
        if (divides(conjunct.args[side], conjunct.args[1 - side])) {
          result_.keys.push_back(
              {conjunct.args[1 - side], moveRow(conjunct.args[side], row_, 0), toText(conjunct)});
          return;
        }
      }
    }
    if (conjunct.op == Operator::In && conjunct.args[1].kind == ExprKind::Range) {
      placeBounds(conjunct);
    } else {
      result_.residual.push_back(conjunct);
    }
  }

  // `x in a..b` is two comparisons.
  void placeBounds(const Expr& in) {
    for (const int side : {0, 1}) {
      Expr bound = in;
      bound.op = side == 0                              ? Operator::GreaterEqual
                 : in.args[1].op == Operator::Exclusive ? Operator::Less
                                                        : Operator::LessEqual;
      bound.args = {in.args[0], in.args[1].args[side]};
      result_.residual.push_back(std::move(bound));
    }
  }

  // An index finds what is true; where unknown counts too, what can be unknown stays a test.
  bool mustBeAsked(const Expr& test) const { return exact_ && canBeUnknown(test); }
  bool canBeUnknown(const Expr& test) const {
    return canFail(test) || (loose_ && readsLocal(test));
  }

  static bool readsLocal(const Expr& expr) {
    if (expr.ref.kind == Ref::Kind::Local) return true;
    return std::any_of(expr.args.begin(), expr.args.end(), readsLocal);
  }

  // Whether one side reads nothing but the candidate, and the other one nothing of it.
  bool divides(const Expr& here, const Expr& there) const {
    const Reads ours = readsOf(here, row_), theirs = readsOf(there, row_);
    return ours.candidate && !ours.earlier && !ours.outside && !theirs.candidate && !theirs.outside;
  }

  // Two bounds of one field are one interval, which is found by one search.
  void joinBounds() {
    std::vector<Expr> joined;
    for (Expr& test : result_.alpha) {
      Bounds bounds, other;
      bool merged = false;
      if (!exact_ && readBounds(test, bounds) && !bounds.equality) {
        for (Expr& earlier : joined) {
          if (!readBounds(earlier, other) || other.equality || other.field != bounds.field) {
            continue;
          }
          Expr both;
          both.kind = ExprKind::Binary;
          both.op = Operator::And;
          both.span = earlier.span;
          both.type = earlier.type;
          both.args = {earlier, test};
          if (!readBounds(both, other)) continue;
          earlier = std::move(both);
          merged = true;
          break;
        }
      }
      if (!merged) joined.push_back(std::move(test));
    }
    result_.alpha = std::move(joined);
  }

  // Of all tests that are left. Returns whether they are bounds, all of them. `deciding`: whether
  // nothing will be asked again.
  bool addBounds(bool deciding) {
    result_.range.reset();
    bool all = !result_.residual.empty();
    for (const Expr& test : result_.residual) all = addBound(test, deciding) && all;
    return all;
  }

  // The first comparison says which expression of the candidate the index orders by; others join in
  // if they bound the same one. Returns whether this one does.
  bool addBound(const Expr& test, bool deciding) {
    if (test.kind != ExprKind::Binary || !isOrder(test.op)) return false;
    if (!deciding && mustBeAsked(test)) return false;
    for (int side = 0; side < 2; ++side) {
      if (!divides(test.args[side], test.args[1 - side])) continue;
      // If it can be unknown, then by its bound: for all candidates, or for none.
      if (deciding && canBeUnknown(test) &&
          (canFail(test.args[side]) || !isTotal(test.args[side].type))) {
        return false;
      }
      Expr right = moveRow(test.args[side], row_, 0);
      if (!result_.range) {
        result_.range = Split::Range();
        result_.range->right = right;
      } else if (canonicalText(result_.range->right) != canonicalText(right)) {
        return false;
      }
      const bool strict = test.op == Operator::Less || test.op == Operator::Greater;
      // `x < f` bounds f from below.
      const bool low =
          (test.op == Operator::Greater || test.op == Operator::GreaterEqual) == (side == 0);
      std::optional<Expr>& bound = low ? result_.range->low : result_.range->high;
      if (bound) return false;
      bound = test.args[1 - side];
      (low ? result_.range->strictLow : result_.range->strictHigh) = strict;
      return true;
    }
    return false;
  }

  std::uint32_t row_;
  bool exact_, loose_;
  Split result_;
};

}  // namespace

std::vector<Expr> conjunctsOf(const Expr& test, const std::vector<UserFunction>& functions) {
  const Expr expanded = expandFunctions(test, functions);
  std::vector<const Expr*> parts;
  splitConjuncts(expanded, parts);
  std::vector<Expr> out;
  for (const Expr* part : parts) out.push_back(*part);
  return out;
}

Split split(const std::vector<Expr>& conjuncts, std::uint32_t candidateRow, bool exact, bool loose,
            bool negates, std::size_t alphaMost) {
  return Splitter(candidateRow, exact, loose).run(conjuncts, negates, alphaMost);
}

}  // namespace reticle
