// Matches found condition after condition: what each condition makes of a partial match, and
// whether it is true beside one.
//
// One partial match is grown in place all the way down and put back when a way is at its end
// (Kept), so that a search costs no copies.

#include "inquiry/enumerate.h"

#include <algorithm>
#include <cassert>

#include "base/hash.h"
#include "base/value_order.h"

namespace reticle {

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

// Goes on with a match when its truth allows it: what is unknown only where it is looked for, and
// marked.
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

// A key decides at once; else an index over a field that must be equal; else every fact.
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

// A list by its elements, a map by its keys. What is neither goes on as one unknown element, since
// it cannot be told whether there is one.
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

// Branches that export the same facts and values are one match, in whatever order and however often
// they find it; it is sure when one of them is.
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
