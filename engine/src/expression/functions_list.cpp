// Functions of lists, and of optionals.
#include <algorithm>
#include <numeric>

#include "base/number.h"
#include "expression/fuel.h"
#include "expression/functions_table.h"
#include "expression/operators.h"

namespace reticle {
namespace {

bool isList(const Value& value) { return value.kind() == ValueKind::List; }
bool isInt(const Value& value) { return value.kind() == ValueKind::Int; }
std::int64_t sizeOf(const Value& list) { return static_cast<std::int64_t>(list.asList().size()); }

// The bounds are those of the list: nothing is cut to fit.
Value slice(const Value* args, std::size_t count) {
  if (!isList(args[0]) || !isInt(args[1]) || !isInt(args[2])) {
    return noOverload("slice", args, count);
  }
  const std::int64_t from = args[1].asInt(), to = args[2].asInt(), size = sizeOf(args[0]);
  if (from < 0 || to < 0) {
    return failure("`slice` counts from 0, not from " + toText(from < 0 ? args[1] : args[2]));
  }
  if (to < from) {
    return failure("`slice` cannot end at " + toText(args[2]) + " before it begins at " +
                   toText(args[1]));
  }
  if (to > size) {
    return failure("`slice` cannot end at " + toText(args[2]) + " in a list of " +
                   toText(Value::integer(size)));
  }
  const Value::List& items = args[0].asList();
  return Value::list(Value::List(items.begin() + static_cast<std::ptrdiff_t>(from),
                                 items.begin() + static_cast<std::ptrdiff_t>(to)));
}

// Lists within the list give their items instead of themselves, `depth` levels down.
void flattenInto(Value::List& out, const Value::List& items, std::int64_t depth,
                 std::int64_t& fuel) {
  for (const Value& item : items) {
    if (--fuel < 0) return;
    if (isList(item) && depth > 0) {
      flattenInto(out, item.asList(), depth - 1, fuel);
    } else {
      out.push_back(item);
    }
  }
}

Value flatten(const Value* args, std::size_t count, CallContext& context) {
  if (!isList(args[0]) || (count == 2 && !isInt(args[1]))) {
    return noOverload("flatten", args, count);
  }
  const std::int64_t depth = count == 2 ? args[1].asInt() : 1;
  if (depth < 0) return failure("`flatten` needs a depth of 0 or more, this is " + toText(args[1]));
  Value::List out;
  flattenInto(out, args[0].asList(), depth, context.fuel);
  return context.fuel < 0 ? outOfFuel() : Value::list(std::move(out));
}

// The items are their own keys.
Value sort(const Value* args, std::size_t count, CallContext& context) {
  if (!isList(args[0])) return noOverload("sort", args, count);
  return sortedBy(args[0].asList(), args[0].asList(), context.fuel);
}

// Each item as it stands first. By hash, as equal values hash alike; long items are paid for once
// more.
Value distinct(const Value* args, std::size_t count, CallContext& context) {
  if (!isList(args[0])) return noOverload("distinct", args, count);
  spendOn(args[0], context.fuel);
  if (context.fuel < 0) return outOfFuel();
  const Value::List& items = args[0].asList();
  // Items of one hash come to stand together, and are compared with each other only.
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return items[a].hash() < items[b].hash(); });
  std::vector<bool> repeated(items.size(), false);
  std::vector<std::size_t> firsts;  // unequal items of the hash at hand, in their order
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Value& item = items[order[i]];
    if (i > 0 && items[order[i - 1]].hash() != item.hash()) firsts.clear();
    for (const std::size_t first : firsts) {
      spendOn(item, context.fuel);
      if (--context.fuel < 0) return outOfFuel();
      if (items[first] == item) repeated[order[i]] = true;
    }
    if (!repeated[order[i]]) firsts.push_back(order[i]);
  }
  Value::List out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!repeated[i]) out.push_back(items[i]);
  }
  return Value::list(std::move(out));
}

Value range(const Value* args, std::size_t count, CallContext& context) {
  if (!isInt(args[0])) return noOverload("lists.range", args, count);
  const std::int64_t size = args[0].asInt();
  // What it makes is paid for by the caller; here it is enough not to begin what nobody can pay.
  if (size > context.fuel) {
    context.fuel = -1;
    return outOfFuel();
  }
  Value::List out;
  for (std::int64_t i = 0; i < size; ++i) out.push_back(Value::integer(i));
  return Value::list(std::move(out));
}

// An empty list is no error: the result is an optional.
Value first(const Value* args, std::size_t count) {
  if (!isList(args[0])) return noOverload("first", args, count);
  return args[0].asList().empty() ? Value::none() : Value::some(args[0].asList().front());
}

Value last(const Value* args, std::size_t count) {
  if (!isList(args[0])) return noOverload("last", args, count);
  return args[0].asList().empty() ? Value::none() : Value::some(args[0].asList().back());
}

// --- optionals

bool isOptional(const Value& value) { return value.kind() == ValueKind::Optional; }

// What a type is before anything is known: false, 0, empty, null, none.
bool isZero(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return true;
    case ValueKind::Bool: return !value.asBool();
    case ValueKind::Int: return value.asInt() == 0;
    case ValueKind::Uint: return value.asUint() == 0;
    case ValueKind::Double: return value.asDouble() == 0;
    case ValueKind::String:
    case ValueKind::Bytes: return value.asString().empty();
    case ValueKind::List: return value.asList().empty();
    case ValueKind::Map: return value.asMap().empty();
    case ValueKind::Timestamp:
    case ValueKind::Duration: return value.seconds() == 0 && value.nanos() == 0;
    case ValueKind::Optional: return value.isNone();
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Error: break;
  }
  return false;
}

Value optionalOfValue(const Value* args, std::size_t) { return Value::some(args[0]); }
// What isZero() calls nothing becomes none.
Value optionalOfNonZero(const Value* args, std::size_t) {
  return isZero(args[0]) ? Value::none() : Value::some(args[0]);
}
Value optionalNone(const Value*, std::size_t) { return Value::none(); }

Value hasValue(const Value* args, std::size_t count) {
  return isOptional(args[0]) ? Value::boolean(!args[0].isNone())
                             : noOverload("hasValue", args, count);
}

Value valueOf(const Value* args, std::size_t count) {
  if (!isOptional(args[0])) return noOverload("value", args, count);
  return args[0].isNone() ? failure(
                                "this optional holds no value: ask with `hasValue()`, or give one "
                                "with `orValue(…)`")
                          : args[0].held();
}

// The compiler of expressions spares the argument where it is not needed; these are for calls it
// does not see.
Value either(const Value* args, std::size_t count) {
  if (!isOptional(args[0]) || !isOptional(args[1])) return noOverload("or", args, count);
  return args[0].isNone() ? args[1] : args[0];
}

Value orValue(const Value* args, std::size_t count) {
  if (!isOptional(args[0])) return noOverload("orValue", args, count);
  return args[0].isNone() ? args[1] : args[0].held();
}

// What the optionals hold; those that hold nothing are left out.
Value unwrap(const Value* args, std::size_t count) {
  if (!isList(args[0])) return noOverload("unwrapOpt", args, count);
  Value::List out;
  for (const Value& item : args[0].asList()) {
    if (!isOptional(item)) return noOverload("unwrapOpt", &item, 1);
    if (!item.isNone()) out.push_back(item.held());
  }
  return Value::list(std::move(out));
}

}  // namespace

// Equal keys keep their order. Fuel for the comparisons of a merge sort is taken before it begins.
Value sortedBy(const Value::List& keys, const Value::List& items, std::int64_t& fuel) {
  // Looked at before sorting, so that every comparison then has a result: values of one kind, or
  // numbers.
  for (const Value& key : keys) {
    const bool alike = key.kind() == keys[0].kind() || (key.isNumber() && keys[0].isNumber());
    if (compare(key, key) == 2) {
      return failure(std::string("a list of ").append(kindWord(key)).append(" has no order"));
    }
    if (!alike) {
      return failure(std::string("a list of ")
                         .append(kindWord(keys[0]))
                         .append(" and ")
                         .append(kindWord(key))
                         .append(" has no order"));
    }
  }
  // The costliest comparison, times as many as a merge sort makes.
  std::int64_t dearest = 1;
  for (const Value& key : keys) dearest = std::max(dearest, 1 + units(key));
  std::int64_t levels = 1;
  while ((std::size_t{1} << levels) < keys.size()) ++levels;
  const auto size = static_cast<std::int64_t>(keys.size());
  fuel -= size * levels > fuel ? fuel + 1 : std::min(size * levels * dearest, fuel + 1);
  if (fuel < 0) return outOfFuel();
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return compare(keys[a], keys[b]) == -1; });
  Value::List sorted;
  sorted.reserve(items.size());
  for (const std::size_t at : order) sorted.push_back(items[at]);
  return Value::list(std::move(sorted));
}

// By name; `T` stands for one type in all of an overload.
std::vector<Builtin> listFunctions() {
  using enum TypeKind;
  const reticle::Type item = typeParameter("T"), items = listOf(item);
  return {
      {"distinct",
       distinct,
       {method({items}, items, true, "Each item once, where it stands first.")}},
      {"first",
       first,
       {method({items}, optionalOf(item), false,
               "The first item as an optional; none of an empty list.")}},
      {"flatten",
       flatten,
       {method({listOf(listOf(item))}, items, false, "The items of the lists in a list."),
        method({listOf(Any)}, listOf(Any), false,
               "With the items of the lists in it instead of those lists."),
        method({listOf(Any), of(Int)}, listOf(Any), true,
               "With the items of the lists in it instead of those lists, so many levels down.")}},
      {"last",
       last,
       {method({items}, optionalOf(item), false,
               "The last item as an optional; none of an empty list.")}},
      {"lists.range",
       range,
       {function({of(Int)}, listOf(Int), true, "The ints from 0 up to before a number.")}},
      {"slice",
       slice,
       {method({items, of(Int), of(Int)}, items, true,
               "The items from a position up to before another.")}},
      {"sort",
       sort,
       {method({items}, items, true,
               "The items from the least to the greatest; equal ones keep their order.")}},
  };
}

// `T` is what the optional holds.
std::vector<Builtin> optionalFunctions() {
  using enum TypeKind;
  const reticle::Type held = typeParameter("T"), optional = optionalOf(held);
  return {
      {"hasValue",
       hasValue,
       {method({optional}, of(Bool), false, "Whether the optional holds a value.")}},
      {"optional.none",
       optionalNone,
       {function({}, optional, false, "An optional that holds nothing.")}},
      {"optional.of",
       optionalOfValue,
       {function({held}, optional, false, "An optional that holds the value.")}},
      {"optional.ofNonZeroValue",
       optionalOfNonZero,
       {function(
           {held}, optional, false,
           "An optional that holds the value, or nothing for null, false, 0 and what is empty.")}},
      {"optional.unwrap",
       unwrap,
       {function({listOf(optional)}, listOf(held), false, "What the optionals of a list hold.")}},
      {"or",
       either,
       {method({optional, optional}, optional, false,
               "The optional itself if it holds a value, else the other one.")}},
      {"orValue",
       orValue,
       {method({optional, held}, held, false, "What the optional holds, else the value given.")}},
      {"unwrapOpt",
       unwrap,
       {method({listOf(optional)}, listOf(held), false, "What the optionals of a list hold.")}},
      {"value",
       valueOf,
       {method({optional}, held, true, "What the optional holds; unknown when it holds nothing.")}},
  };
}

}  // namespace reticle
