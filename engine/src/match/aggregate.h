// The functions of `accumulate`, kept up to date candidate by candidate: count, sum, avg, variance
// and stddev in O(1), the others in O(log n). (Lists are made when they are asked for.)
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "match/exact_sum.h"
#include "match/treap.h"
#include "model/model.h"
#include "reticle/value.h"

namespace reticle {

// The order of candidates: by their facts, row by row, then by their places in lists.
class CandidateOrder {
 public:
  virtual ~CandidateOrder() = default;
  // of two candidates' tokens: < 0, 0, > 0
  virtual int compareCandidates(std::uint32_t a, std::uint32_t b) const = 0;
};

// Values in order, each found by how many stand before it.
class Ranked {
 public:
  explicit Ranked(const CandidateOrder& order) : order_(order) {}
  void insert(const Value& value, std::uint32_t candidate);
  void erase(const Value& value, std::uint32_t candidate);  // Requires: inserted with this value
  const Value& at(std::uint32_t rank) const;                // from 0. Requires: there are more

 private:
  struct Place : TreapLinks {
    Value value;
    std::uint32_t candidate = 0, size = 1;  // size: of the subtree
  };
  struct Sizes {
    static constexpr bool kKept = true;
    static void refresh(Slab<Place>& places, std::uint32_t place);
  };
  bool isBefore(const Value& value, std::uint32_t candidate, const Place& place) const;

  const CandidateOrder& order_;
  Treap<Place, Sizes> places_;
};

class Aggregate {
 public:
  Aggregate(const model::AccumulateFunction& function, const CandidateOrder& order);

  void add(const Value& value, std::uint32_t candidate);
  void remove(const Value& value, std::uint32_t candidate);  // Requires: added with this value
  // Of nothing: count and sum are 0, collect and distinct are empty lists, the others are null.
  // Ints and doubles together count as doubles. An error when a sum overflows, when what is summed
  // is neither numbers nor durations, or when what min or max is asked of has no order.
  Value result() const;

 private:
  struct Item {
    Value value;
    std::uint32_t candidate;
  };
  struct ByCandidate {
    const CandidateOrder* order;
    bool operator()(const Item& a, const Item& b) const;
  };
  struct ByValue {
    const CandidateOrder* order;
    bool operator()(const Item& a, const Item& b) const;
  };
  struct Numbers {
    __extension__ __int128 ints = 0;
    ExactSum doubles;
    __extension__ __int128 nanos = 0;  // of durations
    std::int64_t intCount = 0, doubleCount = 0, spanCount = 0, otherCount = 0;
  };
  // Of the numbers as doubles.
  struct Moments {
    ExactSum sum, squares;
    void add(double value, int sign);
  };

  void count(const Value& value, int sign);
  Value sum() const;
  Value average() const;
  ExactSum total() const;    // of ints and doubles
  Value notNumbers() const;  // an error; null when they are numbers, or durations only
  Value duration(bool average) const;
  Value variance() const;
  Value notOrdered() const;
  Value extreme() const;
  Value percentile() const;
  Value list(bool distinct) const;

  const model::AccumulateFunction* function_;
  std::int64_t count_ = 0;
  std::unique_ptr<Numbers> numbers_;                    // sum, avg, variance, stddev
  std::unique_ptr<Moments> moments_;                    // variance, stddev
  std::unique_ptr<std::set<Item, ByCandidate>> items_;  // collect, distinct, first, last
  std::unique_ptr<std::set<Item, ByValue>> values_;     // min, max
  std::unique_ptr<Ranked> ranked_;                      // percentile
  // min, max, percentile: how many values of each
  std::int64_t stretches_[8] = {};
};

// The function of values that are given whole, in the order of their candidates.
Value aggregate(const model::AccumulateFunction& function, const std::vector<Value>& values);

}  // namespace reticle
