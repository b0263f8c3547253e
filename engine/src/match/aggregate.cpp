#include "match/aggregate.h"

#include <algorithm>

namespace reticle {

namespace {

using Kind = model::AccumulateFunction::Kind;

bool countsInts(const model::AccumulateFunction& function) {
  return function.argument.present() && function.argument.tree.type.kind == TypeKind::Int;
}

Value sum(const model::AccumulateFunction& function, const std::vector<Value>& values) {
  bool ints = values.empty() ? function.result.kind != TypeKind::Double || countsInts(function) : values[0].kind() == ValueKind::Int;
  if (ints) {
    std::int64_t total = 0;
    for (const Value& value : values) {
      if (value.kind() != ValueKind::Int) return Value::error("RL9001", "sum: cannot add int and " + std::string(typeName(value)));
      if (__builtin_add_overflow(total, value.asInt(), &total)) return Value::error("RL9001", "sum: integer overflow");
    }
    return Value::integer(total);
  }
  double total = 0;
  for (const Value& value : values) {
    if (value.kind() != ValueKind::Double) return Value::error("RL9001", "sum: needs numbers of one kind, found " + std::string(typeName(value)));
    total += value.asDouble();
  }
  return Value::real(total);
}

Value extreme(const std::vector<Value>& values, int wanted) {
  if (values.empty()) return Value();
  const Value* best = &values[0];
  for (const Value& value : values) {
    int order = compare(value, *best);
    if (order == 2) return Value::error("RL9001", "min or max: " + toText(value) + " and " + toText(*best) + " have no order");
    if (order == wanted) best = &value;
  }
  return *best;
}

Value average(const std::vector<Value>& values) {
  if (values.empty()) return Value();
  double total = 0;
  for (const Value& value : values) {
    if (!value.isNumber()) return Value::error("RL9001", "avg: needs numbers, found " + std::string(typeName(value)));
    total += value.kind() == ValueKind::Int ? static_cast<double>(value.asInt()) : value.asDouble();
  }
  return Value::real(total / static_cast<double>(values.size()));
}

}  // namespace

Value aggregate(const model::AccumulateFunction& function, const std::vector<Value>& values) {
  switch (function.kind) {
    case Kind::Count: return Value::integer(static_cast<std::int64_t>(values.size()));
    case Kind::Sum: return sum(function, values);
    case Kind::Min: return extreme(values, -1);
    case Kind::Max: return extreme(values, 1);
    case Kind::Avg: return average(values);
    case Kind::Collect: return Value::list(values);
    case Kind::Distinct: {
      Value::List distinct;
      for (const Value& value : values)
        if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) distinct.push_back(value);
      return Value::list(std::move(distinct));
    }
    case Kind::First: return values.empty() ? Value() : values.front();
    case Kind::Last: return values.empty() ? Value() : values.back();
  }
  return Value();
}

}  // namespace reticle
