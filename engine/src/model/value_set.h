// Sets of values of one type, as intervals on a line: what a constraint, a check or a cell of a
// table leaves of a field.
//
// A line is cut at places between its values: before or behind a value, or at either end. An
// interval lies between two cuts, so open and closed ends are one thing, and neighbours meet
// exactly:
//
//   t < 20.0   …|20.0          the cut before 20.0
//   t <= 20.0  … 20.0|         the cut behind it
//
// Invariants:
//   (1) Intervals are not empty, do not touch, and stand in order.
//   (2) Whole numbers, truth values and the values of an enum are cut before a value only (`x <= 3`
//       ends before 4), so equal sets look equal.
//   (3) The values of an enum are their positions: whole numbers from 0.
//
// NaN lies on no line: nothing is said about it. Fields of other types (lists, maps, any) have no
// line; nothing is known of their values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expression/expr.h"
#include "expression/type.h"
#include "reticle/value.h"

namespace reticle::model {

enum class Line : std::uint8_t { None, Whole, Real, Text, Truth, Choice, Time, Span };

struct Cut {
  enum class Side : std::uint8_t { Start, Before, Behind, End };
  Side side = Side::Start;
  Value value;  // Before, Behind
  // of whole numbers: the author cut behind the number before (`x <= 3`); for words only
  bool behindPrevious = false;
};
// -1, 0, 1. Requires: values of one line.
int compare(const Cut& a, const Cut& b);

struct Interval {
  Cut from, to;
};

class ValueSet {
 public:
  // Nothing at all.
  ValueSet() = default;
  // Every value of the type, null among them when it is optional.
  static ValueSet all(const Type& type);
  static ValueSet null(Line line);
  // What `x op value` leaves of the type: the values for which it is true. Empty optional when that
  // cannot be told.
  static std::optional<ValueSet> where(const Type& type, Operator op, const Value& value);

  // The same of a checked comparison of some `x` of the type, its left side, with what is known: `x
  // < 3`, `x in 1..5`, `x in ["a", "b"]`.
  static std::optional<ValueSet> where(const Type& type, const Expr& comparison);

  // The values for which a checked condition holds that reads nothing but `place`, built of
  // comparisons, `&&`, `||` and `!`.
  static std::optional<ValueSet> satisfying(const Type& type, const Ref& place,
                                            const Expr& condition);

  Line line() const { return line_; }
  bool hasNull() const { return null_; }
  const std::vector<Interval>& intervals() const { return intervals_; }
  bool empty() const { return !null_ && intervals_.empty(); }

  ValueSet intersected(const ValueSet& other) const;
  ValueSet united(const ValueSet& other) const;
  // What of `all` is not in this set.
  ValueSet removedFrom(const ValueSet& all) const;
  bool contains(const ValueSet& other) const;
  bool overlaps(const ValueSet& other) const { return !intersected(other).empty(); }
  void add(Interval interval);  // Requires: after all that is there
  void setNull(bool null) { null_ = null; }
  // The one value, when there is just one.
  std::optional<Value> single() const;
  bool operator==(const ValueSet& other) const;

  explicit ValueSet(Line line) : line_(line) {}

 private:
  Line line_ = Line::None;
  bool null_ = false;
  std::vector<Interval> intervals_;
};

Line lineOf(const Type& type);
bool samePlace(const Ref& a, const Ref& b);
// The cut in its one spelling for the line (invariant 2).
Cut cutAt(Line line, Cut::Side side, Value value);
// The value of an expression that reads nothing: a literal, a constant, `duration("5m")`, `-3`, `2
// * 30`.
std::optional<Value> constantValue(const Expr& checked);

// The set in words about `name`: "t = 30.0", "20.0 <= t < 30.0", "t > 45.0", "tier = gold or
// silver", "any t".
std::string describe(const std::string& name, const ValueSet& set, const Type& type);
// A value of the line as the author would write it (values of an enum by name).
std::string valueText(const Value& value, const Type& type);

}  // namespace reticle::model
