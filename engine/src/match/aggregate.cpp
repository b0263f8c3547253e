// The running results of accumulate's functions: a candidate that comes or goes costs a look-up at
// most, whatever the size of the group.
#include "match/aggregate.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/flat_map.h"
#include "base/unreachable.h"
#include "base/value_order.h"
#include "match/ordered_index.h"
#include "syntax/accumulate_functions.h"

namespace reticle {

namespace {

using Kind = model::AccumulateFunction::Kind;
__extension__ using Wide = __int128;

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kMostSeconds = 315'576'000'000;  // CEL's durations reach 10,000 years

// 0, 0.0 or no time, as the type says.
Value sumOfNothing(const model::AccumulateFunction& function) {
  const TypeKind argument =
      function.argument.present() ? function.argument.tree.type.kind : function.result.kind;
  if (argument == TypeKind::Duration) return Value::duration(0, 0);
  return argument == TypeKind::Double ? Value::real(0) : Value::integer(0);
}

std::string_view nameOf(Kind kind) {
  for (const auto& [name, each] : kAccumulateFunctions) {
    if (each == kind) return name;
  }
  unreachable("a function has a name");
}

Wide nanosOf(const Value& duration) { return Wide{duration.seconds()} * kNanos + duration.nanos(); }

std::optional<double> asNumber(const Value& value) {
  if (value.kind() == ValueKind::Int) return static_cast<double>(value.asInt());
  if (value.kind() == ValueKind::Double) return value.asDouble();
  return std::nullopt;
}

// Before every candidate with the same value: for searches.
constexpr std::uint32_t kFirstOfAll = 0xffffffffu;

Value unknown(const std::string& message) { return Value::error("RL9001", message); }

}  // namespace

// A square whose rounding error is a double, too.
void Aggregate::Moments::add(double value, int sign) {
  const double square = value * value;
  if (sign > 0) {
    sum.add(value);
    squares.add(square);
    if (std::isfinite(square)) squares.add(std::fma(value, value, -square));
  } else {
    sum.remove(value);
    squares.remove(square);
    if (std::isfinite(square)) squares.remove(std::fma(value, value, -square));
  }
}

// By the order of matches; candidates that are equal there, by token.
bool Aggregate::ByCandidate::operator()(const Item& a, const Item& b) const {
  const int compared = order->compareCandidates(a.candidate, b.candidate);
  return compared != 0 ? compared < 0 : a.candidate < b.candidate;
}

// Values without an order stand in stretch 0, all equal, and are told apart by candidate.
bool Aggregate::ByValue::operator()(const Item& a, const Item& b) const {
  const int sa = stretchOf(a.value), sb = stretchOf(b.value);
  if (sa != sb) return sa < sb;
  const int compared = sa == 0 ? 0 : compare(a.value, b.value);
  if (compared != 0) return compared < 0;
  if (a.candidate == kFirstOfAll || b.candidate == kFirstOfAll) {
    return a.candidate == kFirstOfAll && b.candidate != kFirstOfAll;
  }
  return ByCandidate{order}(a, b);
}

// Each function keeps only what it needs.
Aggregate::Aggregate(const model::AccumulateFunction& function, const CandidateOrder& order)
    : function_(&function) {
  switch (function.kind) {
    case Kind::Count: break;
    case Kind::Sum:
    case Kind::Avg: numbers_ = std::make_unique<Numbers>(); break;
    case Kind::Variance:
    case Kind::Stddev:
      numbers_ = std::make_unique<Numbers>();
      moments_ = std::make_unique<Moments>();
      break;
    case Kind::Min:
    case Kind::Max: values_ = std::make_unique<std::set<Item, ByValue>>(ByValue{&order}); break;
    case Kind::Percentile: ranked_ = std::make_unique<Ranked>(order); break;
    case Kind::Collect:
    case Kind::Distinct:
    case Kind::First:
    case Kind::Last:
      items_ = std::make_unique<std::set<Item, ByCandidate>>(ByCandidate{&order});
      break;
  }
}

// `sign`: 1 comes, -1 goes.
void Aggregate::count(const Value& value, int sign) {
  count_ += sign;
  if (values_ || ranked_) stretches_[stretchOf(value)] += sign;
  if (!numbers_) return;
  if (value.kind() == ValueKind::Int) {
    numbers_->ints += sign * Wide{value.asInt()};
    numbers_->intCount += sign;
  } else if (value.kind() == ValueKind::Double) {
    if (sign > 0) {
      numbers_->doubles.add(value.asDouble());
    } else {
      numbers_->doubles.remove(value.asDouble());
    }
    numbers_->doubleCount += sign;
  } else if (value.kind() == ValueKind::Duration) {
    numbers_->nanos += sign * nanosOf(value);
    numbers_->spanCount += sign;
  } else {
    numbers_->otherCount += sign;
  }
  if (!moments_) return;
  const std::optional<double> number = asNumber(value);
  if (number) moments_->add(*number, sign);
}

void Aggregate::add(const Value& value, std::uint32_t candidate) {
  count(value, 1);
  if (items_) items_->insert({value, candidate});
  if (values_) values_->insert({value, candidate});
  if (ranked_) ranked_->insert(value, candidate);
}

void Aggregate::remove(const Value& value, std::uint32_t candidate) {
  count(value, -1);
  if (items_) items_->erase({value, candidate});
  if (values_) values_->erase({value, candidate});
  if (ranked_) ranked_->erase(value, candidate);
}

Value Aggregate::result() const {
  switch (function_->kind) {
    case Kind::Count: return Value::integer(count_);
    case Kind::Sum: return sum();
    case Kind::Avg: return average();
    case Kind::Min:
    case Kind::Max: return extreme();
    case Kind::Percentile: return percentile();
    case Kind::Collect: return list(false);
    case Kind::Distinct: return list(true);
    case Kind::First: return count_ == 0 ? Value() : items_->begin()->value;
    case Kind::Last: return count_ == 0 ? Value() : items_->rbegin()->value;
    case Kind::Variance:
    case Kind::Stddev: return variance();
  }
  unreachable("a function has a result");
}

// Durations are neither numbers nor compatible with them.
Value Aggregate::notNumbers() const {
  const Numbers& n = *numbers_;
  if (n.otherCount > 0 || (n.spanCount > 0 && n.intCount + n.doubleCount > 0)) {
    return unknown(std::string(nameOf(function_->kind)) + ": not all of these are numbers");
  }
  return {};
}

// Ints are summed in 128 bits: an overflow in between does not count.
Value Aggregate::sum() const {
  if (count_ == 0) return sumOfNothing(*function_);
  if (Value error = notNumbers(); error.isError()) return error;
  if (numbers_->spanCount > 0) return duration(false);
  if (numbers_->doubleCount > 0) return Value::real(total().value());
  if (numbers_->ints > INT64_MAX || numbers_->ints < INT64_MIN) {
    return unknown("sum: integer overflow");
  }
  return Value::integer(static_cast<std::int64_t>(numbers_->ints));
}

// An int128 below 2^95 is the sum of two doubles.
ExactSum Aggregate::total() const {
  ExactSum total = numbers_->doubles;
  const Wide high = numbers_->ints >> 48;
  total.add(std::ldexp(static_cast<double>(static_cast<std::int64_t>(high)), 48));
  total.add(static_cast<double>(static_cast<std::int64_t>(numbers_->ints - (high << 48))));
  return total;
}

Value Aggregate::average() const {
  if (count_ == 0) return Value();
  if (Value error = notNumbers(); error.isError()) return error;
  if (numbers_->spanCount > 0) return duration(true);
  return Value::real(total().value() / static_cast<double>(count_));
}

// An average is rounded down to the nanosecond.
Value Aggregate::duration(bool average) const {
  Wide nanos = numbers_->nanos;
  if (average) nanos = nanos / count_ - (nanos % count_ < 0 ? 1 : 0);
  const Wide seconds = nanos / kNanos, rest = nanos % kNanos;
  if (seconds > kMostSeconds || seconds < -kMostSeconds) {
    return unknown(std::string(nameOf(function_->kind)) + ": the duration is too long");
  }
  return Value::duration(static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest));
}

// Of these values, not an estimate for others: the mean square of their distances from the mean m,
// as (Σx² - 2mΣx + nm²) / n, whose sums are exact; what m was rounded by is taken out again.
Value Aggregate::variance() const {
  if (count_ == 0) return Value();
  if (Value error = notNumbers(); error.isError()) return error;
  if (numbers_->spanCount > 0) {
    return unknown(std::string(nameOf(function_->kind)) + ": needs numbers");
  }
  const double n = static_cast<double>(count_);
  const double mean = moments_->sum.value() / n, squares = moments_->squares.value();
  if (!std::isfinite(mean) || !std::isfinite(squares)) return Value::real(squares - squares);
  ExactSum distances = moments_->squares, offset = moments_->sum;
  distances.addProduct(moments_->sum, -2 * mean);
  const double square = mean * mean;
  distances.addProduct(square, n);
  distances.addProduct(std::fma(mean, mean, -square), n);
  offset.addProduct(mean, -n);
  const double off = offset.value() / n;
  const double variance = std::max(0.0, distances.value() / n - off * off);
  return Value::real(function_->kind == Kind::Stddev ? std::sqrt(variance) : variance);
}

// An error unless all values have an order among each other.
Value Aggregate::notOrdered() const {
  int kinds = 0;
  for (int stretch = 1; stretch < 8; ++stretch) kinds += stretches_[stretch] > 0;
  if (stretches_[0] == 0 && kinds <= 1) return {};
  return unknown(function_->name + ": " + "these values have no order among each other");
}

// Nearest rank: the least value that is not exceeded by so many of them. (The inverse of the
// empirical distribution function: definition 1 of Hyndman and Fan 1996, `percentile_disc` of SQL.)
Value Aggregate::percentile() const {
  if (count_ == 0) return Value();
  if (Value error = notOrdered(); error.isError()) return error;
  const Wide whole = function_->whole;
  const Wide rank = (Wide{function_->share} * count_ + whole - 1) / whole;
  return ranked_->at(static_cast<std::uint32_t>(std::max<Wide>(rank, 1) - 1));
}

Value Aggregate::extreme() const {
  if (count_ == 0) return Value();
  if (Value error = notOrdered(); error.isError()) return error;
  if (function_->kind == Kind::Min) return values_->begin()->value;
  // Among equal values the first candidate, as for min.
  return values_->lower_bound({values_->rbegin()->value, kFirstOfAll})->value;
}

// Values are one when they are equal and of one kind, as for `group by`. These have equal hashes,
// so each is compared with few.
Value Aggregate::list(bool distinct) const {
  Value::List out;
  FlatMap<std::uint64_t, std::vector<std::uint32_t>> seen;
  for (const Item& item : *items_) {
    if (distinct) {
      std::vector<std::uint32_t>& alike = seen[item.value.hash()];
      bool known = false;
      for (const std::uint32_t at : alike) known = known || sameValue(out[at], item.value);
      if (known) continue;
      alike.push_back(static_cast<std::uint32_t>(out.size()));
    }
    out.push_back(item.value);
  }
  return Value::list(std::move(out));
}

Value aggregate(const model::AccumulateFunction& function, const std::vector<Value>& values) {
  // Candidates are numbered in the order given.
  struct AsGiven final : CandidateOrder {
    int compareCandidates(std::uint32_t a, std::uint32_t b) const override {
      return a < b ? -1 : a > b;
    }
  } order;
  Aggregate all(function, order);
  for (std::size_t i = 0; i < values.size(); ++i) all.add(values[i], static_cast<std::uint32_t>(i));
  return all.result();
}

}  // namespace reticle
