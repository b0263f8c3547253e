// `accumulate` beside a partial match: its candidates in their order, in groups when it has keys,
// and what its functions make of them.
#include <algorithm>

#include "base/hash.h"
#include "base/value_order.h"
#include "inquiry/enumerate.h"
#include "match/aggregate.h"

namespace reticle {

namespace {

struct Candidate {
  PartialMatch match;  // to tell their order
  std::vector<Value> keys, arguments;
};

struct Group {
  std::vector<Value> keys;
  std::vector<const Candidate*> candidates;
};

bool sameKeys(const std::vector<Value>& a, const std::vector<Value>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!sameValue(a[i], b[i])) return false;
  }
  return true;
}

// Without keys there is one group, also of nothing.
std::vector<Group> groupsOf(const std::vector<Candidate>& candidates, bool keyed) {
  std::vector<Group> groups;
  if (!keyed) groups.emplace_back();
  std::map<std::uint64_t, std::vector<std::size_t>> byHash;
  for (const Candidate& candidate : candidates) {
    if (!keyed) {
      groups[0].candidates.push_back(&candidate);
      continue;
    }
    std::uint64_t hash = 0;
    for (const Value& key : candidate.keys) hash = hashCombine(hash, key.hash());
    std::vector<std::size_t>& alike = byHash[hash];
    auto at = std::find_if(alike.begin(), alike.end(), [&](std::size_t group) {
      return sameKeys(groups[group].keys, candidate.keys);
    });
    if (at == alike.end()) {
      at = alike.insert(alike.end(), groups.size());
      groups.push_back({candidate.keys, {}});
    }
    groups[*at].candidates.push_back(&candidate);
  }
  return groups;
}

}  // namespace

bool Enumerator::eachResult(const model::Condition& accumulate, PartialMatch& from, bool loose,
                            const Use& use) const {
  std::vector<Candidate> candidates;
  Value unknown;  // why the whole is unknown
  {
    const Kept kept(from);
    from.unsure = false;
    eachCandidate(accumulate, from, !accumulate.skipErrors, [&](PartialMatch& match) {
      if (match.unsure) unknown = Value::error("RL9001", "`accumulate`: a candidate is unknown");
      Candidate candidate{match, {}, {}};
      Value failed;
      const auto take = [&](const model::Expression& expression, std::vector<Value>& values) {
        values.push_back(expression.present() ? value(expression, match) : Value::boolean(true));
        if (values.back().isError() && !failed.isError()) failed = values.back();
      };
      for (const model::GroupKey& key : accumulate.groupBy) take(key.value, candidate.keys);
      for (const model::AccumulateFunction& function : accumulate.functions) {
        take(function.argument, candidate.arguments);
      }
      if (!failed.isError()) {
        candidates.push_back(std::move(candidate));
      } else if (!accumulate.skipErrors) {
        unknown = failed;
      }
      return !unknown.isError();
    });
  }
  if (unknown.isError()) {
    const Kept kept(from);
    for (const model::GroupKey& key : accumulate.groupBy) from.setLocal(key.local, unknown);
    for (const model::AccumulateFunction& function : accumulate.functions) {
      from.setLocal(function.local, unknown);
    }
    return pass(Truth::Unknown, from, loose, use);
  }
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return comesBefore(a.match, b.match); });
  for (const Group& group : groupsOf(candidates, !accumulate.groupBy.empty())) {
    const Kept kept(from);
    Truth truth = Truth::True;
    for (std::size_t i = 0; i < group.keys.size(); ++i) {
      from.setLocal(accumulate.groupBy[i].local, group.keys[i]);
      from.places.push_back(group.keys[i]);
    }
    std::vector<Value> results;
    for (std::size_t i = 0; i < accumulate.functions.size(); ++i) {
      std::vector<Value> arguments;
      for (const Candidate* candidate : group.candidates) {
        arguments.push_back(candidate->arguments[i]);
      }
      results.push_back(aggregate(accumulate.functions[i], arguments));
    }
    // One result without a value leaves the others unknown, too.
    const auto failed = std::find_if(results.begin(), results.end(),
                                     [](const Value& result) { return result.isError(); });
    const Value error = failed == results.end() ? Value() : *failed;
    if (error.isError()) truth = Truth::Unknown;
    for (std::size_t i = 0; i < results.size(); ++i) {
      from.setLocal(accumulate.functions[i].local, error.isError() ? error : results[i]);
    }
    if (!pass(truth, from, loose, use)) return false;
  }
  return true;
}

}  // namespace reticle
