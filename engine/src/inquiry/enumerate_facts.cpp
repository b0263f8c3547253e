// The facts that a pattern finds beside a partial match: by key, by an equal field, or one after
// the other.

#include <algorithm>

#include "base/value_order.h"
#include "inquiry/enumerate.h"
#include "network/reads.h"

namespace reticle {

// --- values and rows

Value Enumerator::value(const model::Expression& expression, const PartialMatch& match) const {
  return evaluate(expression.code, Frame{match.rows.data(), match.locals.data(), &surroundings_});
}

void Enumerator::put(PartialMatch& match, std::uint32_t row, FactId fact) const {
  if (match.rows.size() <= row) match.rows.resize(row + 1);
  match.rows[row] = memory_.row(fact);
}

// --- the facts of a pattern

const std::vector<FactId>& Enumerator::factsOf(TypeId type) const {
  auto known = facts_.find(type);
  // what is gone is hidden from patterns by a test of theirs
  if (known == facts_.end()) known = facts_.emplace(type, memory_.allAndGone(type)).first;
  return known->second;
}

// Conjuncts `field == e`, either way round, where `e` reads nothing of the candidate: they can be
// asked before there is one.
const Enumerator::EqualTests& Enumerator::equalTests(const model::Pattern& pattern) const {
  auto known = equalTests_.find(&pattern);
  if (known != equalTests_.end()) return known->second;
  EqualTests tests;
  for (const model::Constraint& constraint : pattern.constraints) {
    const Expr whole = expandFunctions(constraint.test.tree, program_.functions);
    std::vector<const Expr*> conjuncts;
    splitConjuncts(whole, conjuncts);
    for (const Expr* conjunct : conjuncts) {
      if (conjunct->kind != ExprKind::Binary || conjunct->op != Operator::Equal ||
          conjunct->args.size() != 2) {
        continue;
      }
      for (std::size_t side = 0; side < 2; ++side) {
        const Expr &field = conjunct->args[side], &other = conjunct->args[1 - side];
        const bool plain = field.ref.kind == Ref::Kind::Field && field.ref.row == pattern.row &&
                           !field.test && !field.maybe;
        if (plain && !readsOf(other, pattern.row).candidate) {
          tests.emplace_back(field.ref.field, compileExpr(other, program_.functions));
        }
      }
    }
  }
  return equalTests_.emplace(&pattern, std::move(tests)).first->second;
}

std::optional<FactId> Enumerator::byKeys(const model::Pattern& pattern,
                                         const PartialMatch& match) const {
  const model::FactType& type = program_.type(pattern.type);
  // subjects are found by name, what is gone by neither
  if (type.keys.empty() || type.kind == model::FactKind::Subject || type.onRetract) {
    return std::nullopt;
  }
  std::vector<Value> fields(type.fields.size());
  std::size_t found = 0;
  for (FieldId key : type.keys) {
    for (const auto& [field, code] : equalTests(pattern)) {
      if (field != key) continue;
      Value wanted = evaluate(code, Frame{match.rows.data(), match.locals.data(), &surroundings_});
      if (wanted.isError()) continue;  // then the tests of all facts are unknown, not false
      fields[index(key)] = std::move(wanted);
      ++found;
      break;
    }
  }
  if (found < type.keys.size()) return std::nullopt;
  return memory_.findByKey(pattern.type, fields);
}

// A value that cannot be computed rules nothing out: then all tests of the facts are unknown.
const std::vector<FactId>& Enumerator::candidatesFor(const model::Pattern& pattern,
                                                     const PartialMatch& match) const {
  static const std::vector<FactId> none;
  for (const auto& [field, code] : equalTests(pattern)) {
    FieldIndex& byField = byField_[{pattern.type, field}];
    if (!byField.asked) {
      byField.asked = true;
      continue;
    }
    const Value wanted =
        evaluate(code, Frame{match.rows.data(), match.locals.data(), &surroundings_});
    if (wanted.isError()) continue;
    if (!byField.made) {
      byField.made = true;
      for (FactId fact : factsOf(pattern.type)) {
        byField.facts[memory_.row(fact).fields[index(field)].hash()].push_back(fact);
      }
    }
    const std::vector<FactId>* found = byField.facts.find(wanted.hash());
    return found ? *found : none;
  }
  return factsOf(pattern.type);
}

// `over last n`: of those that satisfy what the pattern asks of its own fact the newest ones, or
// the newest ones of each key.
bool Enumerator::isInWindow(const model::Pattern& pattern, FactId candidate) const {
  const auto counts = [](const model::Suffix& suffix) {
    return suffix.kind == model::Suffix::Kind::OverLastCount;
  };
  const auto suffix = std::find_if(pattern.suffixes.begin(), pattern.suffixes.end(), counts);
  if (suffix == pattern.suffixes.end()) return true;
  auto known = windows_.find(&pattern);
  if (known == windows_.end()) {
    std::vector<Expr> own;
    for (const model::Constraint& constraint : pattern.constraints) {
      const Expr whole = expandFunctions(constraint.test.tree, program_.functions);
      std::vector<const Expr*> conjuncts;
      splitConjuncts(whole, conjuncts);
      for (const Expr* conjunct : conjuncts) {
        if (const Reads reads = readsOf(*conjunct, pattern.row); !reads.earlier && !reads.outside) {
          own.push_back(moveRow(*conjunct, pattern.row, 0));
        }
      }
    }
    std::vector<Code> tests;
    for (const Expr& test : own) tests.push_back(compileExpr(test, program_.functions));
    const bool keyed = suffix->by.present();
    const Code by =
        keyed ? compileExpr(
                    moveRow(expandFunctions(suffix->by.tree, program_.functions), pattern.row, 0),
                    program_.functions)
              : Code{};
    std::vector<FactId> newest;
    FlatMap<std::uint64_t, std::vector<std::pair<Value, std::int64_t>>> counts;
    const std::vector<FactId>& all = factsOf(pattern.type);
    for (auto fact = all.rbegin();
         fact != all.rend() && (keyed || static_cast<std::int64_t>(newest.size()) < suffix->count);
         ++fact) {
      const Row row = memory_.row(*fact);
      const Frame frame{&row, nullptr, &surroundings_};
      if (!std::all_of(tests.begin(), tests.end(),
                       [&](const Code& test) { return evaluate(test, frame).isTrue(); })) {
        continue;
      }
      if (keyed) {
        const Value key = evaluate(by, frame);
        if (key.isError()) continue;
        auto& alike = counts[key.hash()];
        auto of = std::find_if(alike.begin(), alike.end(),
                               [&](const auto& each) { return sameValue(each.first, key); });
        if (of == alike.end()) of = alike.insert(alike.end(), {key, 0});
        if (++of->second > suffix->count) continue;
      }
      newest.push_back(*fact);
    }
    std::reverse(newest.begin(), newest.end());
    known = windows_.emplace(&pattern, std::move(newest)).first;
  }
  return std::binary_search(known->second.begin(), known->second.end(), candidate);
}

// False as soon as one constraint is; unknown only when none is false.
Truth Enumerator::test(const model::Pattern& pattern, PartialMatch& from, FactId candidate) const {
  if (left_ > 0) --left_;
  if (!pattern.suffixes.empty() && !isInWindow(pattern, candidate)) return Truth::False;
  put(from, pattern.row, candidate);
  Truth truth = Truth::True;
  for (const model::Constraint& constraint : pattern.constraints) {
    const Truth one = truthOf(value(constraint.test, from));
    if (one == Truth::False) return one;  // also after an unknown one
    if (one == Truth::Unknown) truth = one;
  }
  return truth;
}

std::vector<FactId> Enumerator::candidates(const model::Pattern& pattern, PartialMatch from,
                                           bool unsure) const {
  std::vector<FactId> out;
  eachFact(pattern, from, unsure, [&](PartialMatch& match) {
    out.push_back(match.rows[pattern.row].fact);
    return true;
  });
  return out;
}

}  // namespace reticle
