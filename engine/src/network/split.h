// A pattern's constraints, taken apart: what each of them becomes in the network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expression/expr.h"
#include "model/model.h"
#include "network/network.h"

namespace reticle {

struct Split {
  std::vector<Expr> alpha;  // read the candidate only; moved to row 0
  struct Key {
    Expr left, right;
    std::string text;
  };
  std::vector<Key> keys;  // right moved to row 0
  struct Range {
    Expr right;  // moved to row 0
    std::optional<Expr> low, high;
    bool strictLow = false, strictHigh = false;
  };
  // Its comparisons stay in `residual`. With keys only if it decides: it is the whole residual, and
  // what it reads of the candidate cannot fail.
  std::optional<Range> range;
  bool rangeDecides = false;
  std::vector<Expr> residual;
};

// The conjuncts of an expression with its functions expanded.
std::vector<Expr> conjunctsOf(const Expr& test, const std::vector<UserFunction>& functions);

// `exact`: what is unknown counts. Then a comparison that can fail stays a test, because an index
// cannot find what is unknown. `loose`: names may stand for values that are unknown, so
// everything that reads one can fail. `negates`: for a Not or Exists, whose range may decide. Of
// the conjuncts only the first `alphaMost` may become tests of the candidate alone: a window of a
// number stands between those and the others.
Split split(const std::vector<Expr>& conjuncts, std::uint32_t candidateRow, bool exact, bool loose,
            bool negates, std::size_t alphaMost = SIZE_MAX);

// The order in which a rule's own conditions are joined: positions of `conditions`. The author's
// order, but for patterns that no equality ties to the others and that rules change: control facts.
// They come last, so that what is expensive is not built anew with each of their changes. Names
// only need what binds them to come first, and no match depends on the order: rows and locals keep
// their numbers.
std::vector<std::size_t> joinOrder(const model::Rule& rule, const std::vector<FieldMask>& changed,
                                   const std::vector<bool>& comesAndGoes,
                                   const std::vector<UserFunction>& functions);

// By type: the fields that rules set, and whether rules insert or retract facts of it.
void volatility(const model::Program& program, std::vector<FieldMask>& changed,
                std::vector<bool>& comesAndGoes);

}  // namespace reticle
