#include "inquiry/enumerate.h"

#include <algorithm>
#include <cassert>

#include "base/hash.h"
#include "base/value_order.h"
#include "network/reads.h"

namespace reticle {

namespace {

Truth truthOf(const Value& value) {
  return value.isTrue() ? Truth::True : value.isFalse() ? Truth::False : Truth::Unknown;
}

Truth opposite(Truth truth) {
  return truth == Truth::True ? Truth::False : truth == Truth::False ? Truth::True : Truth::Unknown;
}

}  // namespace

Kept::~Kept() {
  match_.bound = bound_;
  match_.places.resize(places_);
  match_.unsure = unsure_;
}

void PartialMatch::setLocal(std::uint32_t local, Value value) {
  if (locals.size() <= local) locals.resize(local + 1);
  locals[local] = std::move(value);
}

std::vector<FactId> PartialMatch::facts() const {
  std::vector<FactId> out;
  for (std::uint32_t row = 0; row < bound; ++row) out.push_back(rows[row].fact);
  return out;
}

bool comesBefore(const PartialMatch& a, const PartialMatch& b) {
  for (std::uint32_t row = 0; row < a.bound && row < b.bound; ++row) {
    if (a.rows[row].fact != b.rows[row].fact) return a.rows[row].fact < b.rows[row].fact;
  }
  for (std::size_t i = 0; i < a.places.size() && i < b.places.size(); ++i) {
    if (int order = totalOrder(a.places[i], b.places[i])) return order < 0;
  }
  return false;
}

// --- values and facts

Value Enumerator::value(const model::Expression& expression, const PartialMatch& match) const {
  return evaluate(expression.code, Frame{match.rows.data(), match.locals.data(), &surroundings_});
}

void Enumerator::put(PartialMatch& match, std::uint32_t row, FactId fact) const {
  if (match.rows.size() <= row) match.rows.resize(row + 1);
  match.rows[row] = memory_.row(fact);
}

const std::vector<FactId>& Enumerator::factsOf(TypeId type) const {
  auto known = facts_.find(type);
  // what is gone is hidden from patterns by a test of theirs
  if (known == facts_.end()) known = facts_.emplace(type, memory_.allAndGone(type)).first;
  return known->second;
}

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

// `over last n`: of those that satisfy what the pattern asks of its own fact the newest ones.
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
    std::vector<FactId> newest;
    const std::vector<FactId>& all = factsOf(pattern.type);
    for (auto fact = all.rbegin();
         fact != all.rend() && static_cast<std::int64_t>(newest.size()) < suffix->count; ++fact) {
      const Row row = memory_.row(*fact);
      if (std::all_of(tests.begin(), tests.end(), [&](const Code& test) {
            return evaluate(test, Frame{&row, nullptr, &surroundings_}).isTrue();
          })) {
        newest.push_back(*fact);
      }
    }
    std::reverse(newest.begin(), newest.end());
    known = windows_.emplace(&pattern, std::move(newest)).first;
  }
  return std::binary_search(known->second.begin(), known->second.end(), candidate);
}

Truth Enumerator::test(const model::Pattern& pattern, PartialMatch& from, FactId candidate) const {
  if (left_ > 0) --left_;
  if (!pattern.suffixes.empty() && !isInWindow(pattern, candidate)) return Truth::False;
  put(from, pattern.row, candidate);
  Truth truth = Truth::True;
  for (const model::Constraint& constraint : pattern.constraints) {
    const Truth one = truthOf(value(constraint.test, from));
    if (one == Truth::False) return one;  // also behind an unknown one
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

// --- truths

Truth Enumerator::truth(const model::Condition& condition, PartialMatch& from) const {
  using Kind = model::Condition::Kind;
  switch (condition.kind) {
    case Kind::Exists: return some(condition, from, true);
    case Kind::Not: return opposite(some(condition, from, true));
    case Kind::Forall: return all(condition, from);
    case Kind::If: return truthOf(value(condition.expr, from));
    case Kind::Pattern:
    case Kind::Accumulate:
    case Kind::Let:
    case Kind::Either:
    case Kind::Each: break;
  }
  assert(false && "this condition is no truth: it gives values");
  return Truth::Unknown;
}

// Whether there is a candidate. `loose`: it matters whether there may be one.
Truth Enumerator::some(const model::Condition& condition, PartialMatch& from, bool loose) const {
  const Kept kept(from);
  from.unsure = false;
  Truth found = Truth::False;
  eachCandidate(condition, from, loose, [&](PartialMatch& match) {
    found = match.unsure ? Truth::Unknown : Truth::True;
    return found != Truth::True;
  });
  return found;
}

// No candidate for which the rest is not true.
Truth Enumerator::all(const model::Condition& forall, PartialMatch& from) const {
  const Kept kept(from);
  from.unsure = false;
  Truth held = Truth::True;
  eachFact(forall.pattern, from, true, [&](PartialMatch& match) {
    Truth rest = Truth::Unknown;
    if (forall.groups.empty()) {
      rest = truthOf(value(forall.expr, match));
    } else {
      const bool unsure = match.unsure;
      match.unsure = false;
      rest = Truth::False;
      each(forall.groups[0], 0, match, true, [&](PartialMatch& whole) {
        rest = whole.unsure ? Truth::Unknown : Truth::True;
        return rest != Truth::True;
      });
      match.unsure = unsure;
    }
    if (rest == Truth::True) return true;
    held = rest == Truth::False && !match.unsure ? Truth::False : Truth::Unknown;
    return held != Truth::False;
  });
  return held;
}

// --- conditions

std::vector<PartialMatch> Enumerator::matches(const std::vector<model::Condition>& conditions,
                                              PartialMatch from) const {
  std::vector<PartialMatch> out;
  each(conditions, 0, from, false, [&](PartialMatch& match) {
    out.push_back(match);
    return true;
  });
  std::stable_sort(out.begin(), out.end(), comesBefore);
  return out;
}

std::vector<PartialMatch> Enumerator::extend(const model::Condition& condition,
                                             const PartialMatch& from, std::size_t limit) const {
  std::vector<PartialMatch> out;
  PartialMatch start = from;
  each(condition, start, false, [&](PartialMatch& match) {
    out.push_back(match);
    return out.size() < limit;
  });
  return out;
}

bool Enumerator::pass(Truth truth, PartialMatch& match, bool loose, const Use& use) const {
  if (truth == Truth::False || (truth == Truth::Unknown && !loose)) return true;
  const Kept kept(match);
  match.unsure = match.unsure || truth == Truth::Unknown;
  return use(match);
}

bool Enumerator::each(const std::vector<model::Condition>& conditions, std::size_t at,
                      PartialMatch& from, bool loose, const Use& use) const {
  if (at == conditions.size()) return use(from);
  return each(conditions[at], from, loose,
              [&](PartialMatch& match) { return each(conditions, at + 1, match, loose, use); });
}

bool Enumerator::each(const model::Condition& condition, PartialMatch& from, bool loose,
                      const Use& use) const {
  using Kind = model::Condition::Kind;
  switch (condition.kind) {
    case Kind::Pattern: return eachFact(condition.pattern, from, loose, use);
    case Kind::Not:
    case Kind::Forall:
    case Kind::If: return pass(truth(condition, from), from, loose, use);
    case Kind::Exists: return pass(some(condition, from, loose), from, loose, use);
    case Kind::Let: {
      Value result = value(condition.expr, from);
      const Truth truth = result.isError() ? Truth::Unknown : Truth::True;
      from.setLocal(condition.local, std::move(result));
      return pass(truth, from, loose, use);
    }
    case Kind::Each: return eachElement(condition, from, loose, use);
    case Kind::Either: return eachBranch(condition, from, loose, use);
    case Kind::Accumulate: return eachResult(condition, from, loose, use);
  }
  return true;
}

bool Enumerator::eachCandidate(const model::Condition& condition, PartialMatch& from, bool loose,
                               const Use& use) const {
  return condition.hasPattern() ? eachFact(condition.pattern, from, loose, use)
                                : each(condition.groups[0], 0, from, loose, use);
}

bool Enumerator::eachFact(const model::Pattern& pattern, PartialMatch& from, bool loose,
                          const Use& use) const {
  const auto tryFact = [&](FactId fact) {
    const Truth truth = test(pattern, from, fact);
    const Kept kept(from);
    from.bound = pattern.row + 1;
    return pass(truth, from, loose, use);
  };
  if (spent()) return false;
  if (const std::optional<FactId> only = byKeys(pattern, from)) {
    return *only == kNoFact || tryFact(*only);
  }
  for (FactId fact : candidatesFor(pattern, from)) {
    if (!tryFact(fact) || spent()) return false;
  }
  return true;
}

bool Enumerator::eachElement(const model::Condition& condition, PartialMatch& from, bool loose,
                             const Use& use) const {
  const Value walked = value(condition.expr, from);
  Value::List elements;
  Truth truth = Truth::True;
  if (walked.kind() == ValueKind::List) {
    elements = walked.asList();
  } else if (walked.kind() == ValueKind::Map) {
    for (const auto& entry : walked.asMap()) elements.push_back(entry.first);
  } else {
    truth = Truth::Unknown;
    elements.push_back(
        walked.isError()
            ? walked
            : Value::error("RL9001",
                           "`each` walks a list or the keys of a map, this is " + toText(walked)));
  }
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Kept kept(from);
    from.setLocal(condition.local, elements[i]);
    from.places.push_back(Value::integer(static_cast<std::int64_t>(i)));
    Truth here = truth;
    if (condition.where.present() && truth == Truth::True) {
      const Truth where = truthOf(value(condition.where, from));
      if (where != Truth::True) here = where;
    }
    if (!pass(here, from, loose, use)) return false;
  }
  return true;
}

bool Enumerator::eachBranch(const model::Condition& either, PartialMatch& from, bool loose,
                            const Use& use) const {
  struct Combination {
    std::vector<FactId> facts;
    std::vector<Value> values;
    bool unsure = false;
  };
  std::vector<Combination> found;
  std::map<std::uint64_t, std::vector<std::size_t>> byHash;
  const auto same = [](const Combination& a, const Combination& b) {
    if (a.facts != b.facts) return false;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      if (!sameValue(a.values[i], b.values[i])) return false;
    }
    return true;
  };
  for (std::size_t branch = 0; branch < either.groups.size(); ++branch) {
    const Kept kept(from);
    from.unsure = false;
    each(either.groups[branch], 0, from, loose, [&](PartialMatch& match) {
      Combination one;
      one.unsure = match.unsure;
      std::uint64_t hash = 0;
      for (const model::Export& name : either.exports) {
        if (name.fact) {
          one.facts.push_back(match.rows[name.from[branch]].fact);
        } else {
          one.values.push_back(match.locals[name.from[branch]]);
        }
        hash = hashCombine(hash, name.fact ? index(one.facts.back()) : one.values.back().hash());
      }
      std::vector<std::size_t>& alike = byHash[hash];
      for (std::size_t at : alike) {
        if (!same(one, found[at])) continue;
        found[at].unsure = found[at].unsure && one.unsure;
        return true;
      }
      alike.push_back(found.size());
      found.push_back(std::move(one));
      return true;
    });
  }
  for (const Combination& one : found) {
    const Kept kept(from);
    std::size_t facts = 0, values = 0;
    for (const model::Export& name : either.exports) {
      if (name.fact) {
        put(from, name.to, one.facts[facts++]);
        from.bound = std::max(from.bound, name.to + 1);
      } else {
        from.setLocal(name.to, one.values[values]);
        from.places.push_back(one.values[values++]);
      }
    }
    if (!pass(one.unsure ? Truth::Unknown : Truth::True, from, loose, use)) return false;
  }
  return true;
}

}  // namespace reticle
