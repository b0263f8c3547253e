// Sets of values: how they are cut, joined, compared and said in words.
#include "model/value_set.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "expression/code.h"

namespace reticle::model {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

// Lines whose values have neighbours.
bool isWhole(Line line) {
  return line == Line::Whole || line == Line::Truth || line == Line::Choice;
}

// Before all values.
Cut start() { return {}; }
// After all values.
Cut end() { return {Cut::Side::End, {}}; }

// Ties go to the first, whose words are kept.
const Cut& later(const Cut& a, const Cut& b) { return compare(a, b) >= 0 ? a : b; }
const Cut& earlier(const Cut& a, const Cut& b) { return compare(a, b) <= 0 ? a : b; }

// The value as a point of the line; empty when it is of another kind.
std::optional<Value> pointOf(const Type& type, const Value& value) {
  switch (lineOf(type)) {
    case Line::None: return std::nullopt;
    case Line::Whole:
    case Line::Real:
      if (!value.isNumber() ||
          (value.kind() == ValueKind::Double && std::isnan(value.asDouble()))) {
        return std::nullopt;
      }
      return value;
    case Line::Text: return value.kind() == ValueKind::String ? std::optional(value) : std::nullopt;
    case Line::Truth:
      return value.kind() == ValueKind::Bool ? std::optional(Value::integer(value.asBool() ? 1 : 0))
                                             : std::nullopt;
    case Line::Choice: {
      if (value.kind() != ValueKind::String) return std::nullopt;
      const auto found =
          std::find(type.values.begin(), type.values.end(), std::string(value.asString()));
      if (found == type.values.end()) return std::nullopt;
      return Value::integer(found - type.values.begin());
    }
    case Line::Time:
      return value.kind() == ValueKind::Timestamp ? std::optional(value) : std::nullopt;
    case Line::Span:
      return value.kind() == ValueKind::Duration ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

// The two ends of the line compare without a value.
int compare(const Cut& a, const Cut& b) {
  const auto inner = [](Cut::Side side) {
    return side == Cut::Side::Before || side == Cut::Side::Behind;
  };
  if (!inner(a.side) || !inner(b.side)) {
    const auto rank = [&](Cut::Side side) {
      return side == Cut::Side::Start ? -1 : side == Cut::Side::End ? 1 : 0;
    };
    return rank(a.side) < rank(b.side) ? -1 : rank(a.side) > rank(b.side) ? 1 : 0;
  }
  const int order = reticle::compare(a.value, b.value);
  if (order != 0) return order < 0 ? -1 : 1;
  return a.side == b.side ? 0 : a.side == Cut::Side::Before ? -1 : 1;
}

// By the type without its `?`: null lies on no line and is kept beside the intervals.
Line lineOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::Int: return Line::Whole;
    case TypeKind::Double: return Line::Real;
    case TypeKind::String: return Line::Text;
    case TypeKind::Bool: return Line::Truth;
    case TypeKind::Enum: return type.values.empty() ? Line::None : Line::Choice;
    case TypeKind::Timestamp: return Line::Time;
    case TypeKind::Duration: return Line::Span;
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bytes:
    case TypeKind::Uint:
    case TypeKind::Optional:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return Line::None;
}

// Rows as a whole are no place: nothing is known of their values.
bool samePlace(const Ref& a, const Ref& b) {
  if (a.kind != b.kind || a.row != b.row) return false;
  return a.kind == Ref::Kind::Local || (a.kind == Ref::Kind::Field && a.field == b.field);
}

// The one spelling (invariant 2): a cut after a whole number is the cut before the next one.
Cut cutAt(Line line, Cut::Side side, Value value) {
  if (!isWhole(line) || side == Cut::Side::Start || side == Cut::Side::End) {
    // Nothing lies before the empty text.
    if (line == Line::Text && side == Cut::Side::Before && value.asString().empty()) return start();
    return {side, std::move(value)};
  }
  // Before the least whole number that lies behind the cut.
  std::int64_t least = 0;
  if (value.kind() == ValueKind::Double) {
    const double real = value.asDouble();
    const double whole = std::ceil(real);
    // Both bounds are exact as `double`; the greatest `int` itself is not.
    if (whole < -9223372036854775808.0) return start();
    if (whole >= 9223372036854775808.0) return end();
    least = static_cast<std::int64_t>(whole);
    if (whole != real) side = Cut::Side::Before;
  } else {
    least = value.asInt();
  }
  if (side == Cut::Side::Behind) {
    if (least == kGreatest) return end();
    ++least;
  }
  // One spelling again: nothing lies before the least number.
  if (least == std::numeric_limits<std::int64_t>::min()) return start();
  return {Cut::Side::Before, Value::integer(least), side == Cut::Side::Behind};
}

// Truth values and enums have ends; the other lines have none.
ValueSet ValueSet::all(const Type& type) {
  ValueSet set(lineOf(type));
  set.null_ = type.optional;
  switch (set.line_) {
    case Line::None: break;
    case Line::Truth:
      set.intervals_.push_back(
          {{Cut::Side::Before, Value::integer(0)}, {Cut::Side::Before, Value::integer(2)}});
      break;
    case Line::Choice:
      set.intervals_.push_back(
          {{Cut::Side::Before, Value::integer(0)},
           {Cut::Side::Before, Value::integer(static_cast<std::int64_t>(type.values.size()))}});
      break;
    case Line::Whole:
    case Line::Real:
    case Line::Text:
    case Line::Time:
    case Line::Span: set.intervals_.push_back({start(), end()}); break;
  }
  return set;
}

// The null of a type without any of its values.
ValueSet ValueSet::null(Line line) {
  ValueSet set(line);
  set.null_ = true;
  return set;
}

std::optional<ValueSet> ValueSet::where(const Type& type, Operator op, const Value& value) {
  const Line line = lineOf(type);
  if (line == Line::None || value.isError()) return std::nullopt;
  const ValueSet whole = all(type);
  if (value.isNull()) {
    if (op == Operator::Equal) return type.optional ? null(line) : ValueSet(line);
    if (op == Operator::NotEqual) return all(type.required());
    return std::nullopt;
  }
  const std::optional<Value> point = pointOf(type, value);
  if (!point) return std::nullopt;
  const bool negated = op == Operator::NotEqual;
  ValueSet set(line);
  const Cut before = cutAt(line, Cut::Side::Before, *point),
            behind = cutAt(line, Cut::Side::Behind, *point);
  switch (op) {
    case Operator::Less: set.add({start(), before}); break;
    case Operator::LessEqual: set.add({start(), behind}); break;
    case Operator::Greater: set.add({behind, end()}); break;
    case Operator::GreaterEqual: set.add({before, end()}); break;
    case Operator::Equal:
    case Operator::NotEqual: set.add({before, behind}); break;
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
    case Operator::In:
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo:
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive: return std::nullopt;
  }
  // null is unequal to every value, and has no order.
  return negated ? set.removedFrom(whole) : set.intersected(whole);
}

std::optional<ValueSet> ValueSet::where(const Type& type, const Expr& e) {
  if (e.kind != ExprKind::Binary || e.args.size() != 2) return std::nullopt;
  const Expr& right = e.args[1];
  if (e.op != Operator::In) {
    const std::optional<Value> value = constantValue(right);
    return value ? where(type, e.op, *value) : std::nullopt;
  }
  if (right.kind == ExprKind::Range) {
    const std::optional<Value> from = constantValue(right.args[0]),
                               to = constantValue(right.args[1]);
    if (!from || !to) return std::nullopt;
    const std::optional<ValueSet> above = where(type, Operator::GreaterEqual, *from);
    const std::optional<ValueSet> below =
        where(type, right.op == Operator::Exclusive ? Operator::Less : Operator::LessEqual, *to);
    return above && below ? std::optional(above->intersected(*below)) : std::nullopt;
  }
  std::vector<Value> values;
  if (right.kind == ExprKind::List) {
    for (const Expr& item : right.args) {
      std::optional<Value> value = constantValue(item);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    }
  } else if (const std::optional<Value> list = constantValue(right);
             list && list->kind() == ValueKind::List) {
    values = list->asList();
  } else {
    return std::nullopt;
  }
  ValueSet some(lineOf(type));
  for (const Value& value : values) {
    const std::optional<ValueSet> one = where(type, Operator::Equal, value);
    if (!one) return std::nullopt;
    some = some.united(*one);
  }
  return some;
}

// `&&` and `||` are intersection and union; `!` is what is left of all. Null fails every
// comparison, so a negation does not simply turn the set round.
std::optional<ValueSet> ValueSet::satisfying(const Type& type, const Ref& place, const Expr& e) {
  const Line line = lineOf(type);
  if (line == Line::None) return std::nullopt;
  if (samePlace(e.ref, place)) {
    return type.kind == TypeKind::Bool && !type.optional
               ? where(type, Operator::Equal, Value::boolean(true))
               : std::nullopt;
  }
  if (e.kind == ExprKind::Unary && e.op == Operator::Not) {
    // Null has no order: what fails for it is neither true nor false.
    const std::optional<ValueSet> inner =
        type.optional ? std::nullopt : satisfying(type, place, e.args[0]);
    return inner ? std::optional(inner->removedFrom(all(type))) : std::nullopt;
  }
  if (e.kind != ExprKind::Binary) return std::nullopt;
  if (e.op == Operator::And || e.op == Operator::Or) {
    const std::optional<ValueSet> a = satisfying(type, place, e.args[0]),
                                  b = satisfying(type, place, e.args[1]);
    if (!a || !b) return std::nullopt;
    return e.op == Operator::And ? a->intersected(*b) : a->united(*b);
  }
  if (samePlace(e.args[0].ref, place)) return where(type, e);
  if (samePlace(e.args[1].ref, place) && e.op != Operator::In) {
    const std::optional<Value> value = constantValue(e.args[0]);
    return value ? where(type, mirrored(e.op), *value) : std::nullopt;
  }
  return std::nullopt;
}

// Keeps invariant 1: neighbours become one interval.
void ValueSet::add(Interval interval) {
  if (compare(interval.from, interval.to) >= 0) return;
  if (!intervals_.empty() && compare(intervals_.back().to, interval.from) >= 0) {
    intervals_.back().to = later(intervals_.back().to, interval.to);
    return;
  }
  intervals_.push_back(std::move(interval));
}

// Both lists are in order, so one walk does it.
ValueSet ValueSet::intersected(const ValueSet& other) const {
  ValueSet set(line_);
  set.null_ = null_ && other.null_;
  for (std::size_t i = 0, j = 0; i < intervals_.size() && j < other.intervals_.size();) {
    const Interval &a = intervals_[i], &b = other.intervals_[j];
    set.add({later(a.from, b.from), earlier(a.to, b.to)});
    if (compare(a.to, b.to) < 0) {
      ++i;
    } else {
      ++j;
    }
  }
  return set;
}

// By inserting in order; `add` joins what touches.
ValueSet ValueSet::united(const ValueSet& other) const {
  ValueSet set(line_ == Line::None ? other.line_ : line_);
  set.null_ = null_ || other.null_;
  std::size_t i = 0, j = 0;
  while (i < intervals_.size() || j < other.intervals_.size()) {
    const bool mine =
        j >= other.intervals_.size() ||
        (i < intervals_.size() && compare(intervals_[i].from, other.intervals_[j].from) <= 0);
    set.add(mine ? intervals_[i++] : other.intervals_[j++]);
  }
  return set;
}

// The gaps between the intervals, inside of all.
ValueSet ValueSet::removedFrom(const ValueSet& all) const {
  ValueSet outside(line_);
  Cut at = start();
  for (const Interval& interval : intervals_) {
    outside.add({at, interval.from});
    at = interval.to;
  }
  outside.add({at, end()});
  outside.null_ = !null_;
  return outside.intersected(all);
}

// Nothing of the other is left over.
bool ValueSet::contains(const ValueSet& other) const { return intersected(other) == other; }

bool ValueSet::operator==(const ValueSet& other) const {
  return null_ == other.null_ &&
         std::equal(intervals_.begin(), intervals_.end(), other.intervals_.begin(),
                    other.intervals_.end(), [](const Interval& a, const Interval& b) {
                      return compare(a.from, b.from) == 0 && compare(a.to, b.to) == 0;
                    });
}

// Of whole lines an interval of width one; of the others one closed at both ends.
std::optional<Value> ValueSet::single() const {
  if (null_ || intervals_.size() != 1) return std::nullopt;
  const auto& [from, to] = intervals_[0];
  if (from.side == Cut::Side::Before &&
      compare(cutAt(line_, Cut::Side::Behind, from.value), to) == 0) {
    return from.value;
  }
  return std::nullopt;
}

// Evaluated as the engine would, so that the analysis and the run agree.
std::optional<Value> constantValue(const Expr& e) {
  if (e.kind == ExprKind::Literal || e.ref.kind == Ref::Kind::Constant) return e.value;
  std::size_t nodes = 0;
  const auto closed = [&](const auto& self, const Expr& x) -> bool {
    // A bound on the work, as this is asked of many expressions; what is larger counts as unknown.
    if (++nodes > 32) return false;
    switch (x.kind) {
      case ExprKind::Literal: return true;
      case ExprKind::Call:
        if (x.ref.kind != Ref::Kind::Function) return false;
        break;
      case ExprKind::Unary:
      case ExprKind::Binary:
      case ExprKind::Ternary: break;
      case ExprKind::Name:
      case ExprKind::Select:
      case ExprKind::Index:
      case ExprKind::List:
      case ExprKind::Map:
      case ExprKind::Record:
      case ExprKind::Template:
      case ExprKind::Range:
      case ExprKind::Macro:
      case ExprKind::Poison: return x.ref.kind == Ref::Kind::Constant;
    }
    for (const Expr& arg : x.args) {
      if (!self(self, arg)) return false;
    }
    return true;
  };
  if (!closed(closed, e)) return std::nullopt;
  Value value = evaluate(compileExpr(e, {}), Frame{});
  if (value.isError()) return std::nullopt;
  return value;
}

// Enums by name, all else as a literal.
std::string valueText(const Value& value, const Type& type) {
  if (value.isNull()) return "null";
  if (lineOf(type) == Line::Choice && value.kind() == ValueKind::Int) {
    const auto at = static_cast<std::size_t>(value.asInt());
    if (at < type.values.size()) {
      return type.name.empty() ? toText(Value::string(type.values[at])) : type.values[at];
    }
  }
  if (lineOf(type) == Line::Truth && value.kind() == ValueKind::Int) {
    return value.asInt() ? "true" : "false";
  }
  return toText(value);
}

// As a reader would say it: "at most" and not an interval.
namespace {

// "s other than "a" and "b"", when the set lacks a few single texts only; else empty.
std::string describeRest(const std::string& name, const ValueSet& set, const Type& type) {
  constexpr std::size_t kMost = 12;
  const ValueSet lacking = set.removedFrom(ValueSet::all(type.required()));
  if (lacking.intervals().empty()) return "";
  std::vector<std::string> texts;
  for (const Interval& interval : lacking.intervals()) {
    ValueSet alone(Line::Text);
    alone.add(interval);
    const std::optional<Value> value = alone.single();
    if (!value) return "";
    texts.push_back(valueText(*value, type));
  }
  const std::size_t more = texts.size() > kMost ? texts.size() - kMost : 0;
  if (more > 0) texts.resize(kMost);
  std::string text = name + " other than ";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool last = more == 0 && i + 1 == texts.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + texts[i];
  }
  if (more > 0) text += " and " + std::to_string(more) + " more";
  if (set.hasNull()) text += ", or null";
  return text;
}

}  // namespace

std::string describe(const std::string& name, const ValueSet& set, const Type& type) {
  const Line line = set.line();
  if (set == ValueSet::all(type)) return "any " + name;
  std::vector<std::string> points, parts;
  const auto one = [&](const Value& value) { points.push_back(valueText(value, type)); };
  // Of texts the order is seldom meant: what is left beside some of them is told by these.
  if (const std::string rest = line == Line::Text ? describeRest(name, set, type) : "";
      !rest.empty()) {
    return rest;
  }
  for (const Interval& interval : set.intervals()) {
    if (line == Line::Choice || line == Line::Truth) {
      for (std::int64_t at = interval.from.value.asInt(); at < interval.to.value.asInt(); ++at) {
        one(Value::integer(at));
      }
      continue;
    }
    // A value alone reads better as `x = 3` than as `3 <= x <= 3`.
    ValueSet alone(line);
    alone.add(interval);
    if (const std::optional<Value> value = alone.single()) {
      one(*value);
      continue;
    }
    const bool from = interval.from.side != Cut::Side::Start,
               to = interval.to.side != Cut::Side::End;
    // A cut after a whole number is kept as the one before the next; the author wrote the former.
    const auto text = [&](const Cut& cut) {
      return valueText(cut.behindPrevious ? Value::integer(cut.value.asInt() - 1) : cut.value,
                       type);
    };
    const auto behind = [](const Cut& cut) {
      return cut.behindPrevious || cut.side == Cut::Side::Behind;
    };
    const char* upper = to && behind(interval.to) ? " <= " : " < ";
    if (from && to) {
      parts.push_back(text(interval.from) + (behind(interval.from) ? " < " : " <= ") + name +
                      upper + text(interval.to));
    } else if (to) {
      parts.push_back(name + upper + text(interval.to));
    } else if (from) {
      parts.push_back(name + (behind(interval.from) ? " > " : " >= ") + text(interval.from));
    } else {
      parts.push_back("any " + name + " but null");
    }
  }
  if (set.hasNull()) points.push_back("null");
  if (!points.empty()) {
    std::string text = name + " = ";
    for (std::size_t i = 0; i < points.size(); ++i) {
      text += (i == 0 ? "" : i + 1 == points.size() ? " or " : ", ") + points[i];
    }
    parts.push_back(std::move(text));
  }
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " or " : ", ") + parts[i];
  }
  return text.empty() ? "no " + name : text;
}

}  // namespace reticle::model
