// The functions of `math`. Those of the platform serve where they are exact, or rounded correctly
// by definition; for all others every build has the same ones (vendor/musl).
#include <cmath>

#include <reticle_math.h>

#include "expression/functions_table.h"
#include "expression/operators.h"

namespace reticle {
namespace {

// The greatest (or least) of the arguments, or of the one list that is the argument. Ints and
// doubles are compared exactly; among equals the first.
Value extreme(std::string_view name, const Value* args, std::size_t count, int wanted) {
  const Value* items = args;
  std::size_t size = count;
  if (count == 1 && args[0].kind() == ValueKind::List) {
    items = args[0].asList().data();
    size = args[0].asList().size();
    if (size == 0) return failure(std::string("`").append(name).append("` of an empty list"));
  }
  // The first among equals stays.
  const Value* best = items;
  for (std::size_t i = 0; i < size; ++i) {
    if (!items[i].isNumber()) return noOverload(name, items + i, 1);
    if (compare(items[i], *best) == wanted) best = items + i;
  }
  return *best;
}

Value greatest(const Value* args, std::size_t count) {
  return extreme("math.greatest", args, count, 1);
}
Value least(const Value* args, std::size_t count) { return extreme("math.least", args, count, -1); }

// The least int has no positive counterpart: an error, as for `-`.
Value absolute(const Value* args, std::size_t count) {
  if (args[0].kind() == ValueKind::Int) return args[0].asInt() < 0 ? negateValue(args[0]) : args[0];
  if (args[0].kind() == ValueKind::Uint) return args[0];
  if (args[0].kind() == ValueKind::Double) return Value::real(std::fabs(args[0].asDouble()));
  return noOverload("math.abs", args, count);
}

// Of the kind of the number; NaN has no sign and stays.
Value sign(const Value* args, std::size_t count) {
  if (args[0].kind() == ValueKind::Int) {
    return Value::integer((args[0].asInt() > 0) - (args[0].asInt() < 0));
  }
  if (args[0].kind() == ValueKind::Uint) return Value::natural(args[0].asUint() > 0 ? 1 : 0);
  if (args[0].kind() != ValueKind::Double) return noOverload("math.sign", args, count);
  const double x = args[0].asDouble();
  return x > 0 ? Value::real(1) : x < 0 ? Value::real(-1) : args[0];
}

// Wrapped, because functions of the library cannot be template arguments everywhere.
double nearest(double x) { return std::round(x); }
double above(double x) { return std::ceil(x); }
double below(double x) { return std::floor(x); }
double whole(double x) { return std::trunc(x); }

// Rounded correctly by definition, unlike the rest of libm.
Value root(const Value* args, std::size_t count) {
  if (!args[0].isNumber()) return noOverload("math.sqrt", args, count);
  const Value& from = args[0];
  return Value::real(std::sqrt(from.kind() == ValueKind::Double ? from.asDouble()
                               : from.kind() == ValueKind::Int
                                   ? static_cast<double>(from.asInt())
                                   : static_cast<double>(from.asUint())));
}

// Ints are taken as doubles.
double realOf(const Value& number) {
  return number.kind() == ValueKind::Double ? number.asDouble()
         : number.kind() == ValueKind::Int  ? static_cast<double>(number.asInt())
                                            : static_cast<double>(number.asUint());
}

template <double (*deed)(double)>
Value ofReal(const Value* args, std::size_t count) {
  if (!args[0].isNumber()) return noOverload("a function of numbers", args, count);
  return Value::real(deed(realOf(args[0])));
}

template <double (*deed)(double, double)>
Value ofReals(const Value* args, std::size_t count) {
  if (!args[0].isNumber() || !args[1].isNumber()) {
    return noOverload("a function of numbers", args, count);
  }
  return Value::real(deed(realOf(args[0]), realOf(args[1])));
}

Value halfCircle(const Value*, std::size_t) { return Value::real(3.141592653589793); }

template <double (*deed)(double)>
Value ofDouble(const Value* args, std::size_t count) {
  return args[0].kind() == ValueKind::Double ? Value::real(deed(args[0].asDouble()))
                                             : noOverload("a function of doubles", args, count);
}

bool nan(double x) { return x != x; }
bool infinite(double x) { return x == x && x - x != 0; }
bool finite(double x) { return x - x == 0; }

template <bool (*test)(double)>
Value testDouble(const Value* args, std::size_t count) {
  return args[0].kind() == ValueKind::Double ? Value::boolean(test(args[0].asDouble()))
                                             : noOverload("a test of doubles", args, count);
}

// An operation on bits of ints, taken as 64 bits, or of uints. The number of places is an int in
// both.
enum class Bits { And, Or, Xor, Left, Right };

template <Bits bits>
Value combineBits(const Value* args, std::size_t count) {
  const bool isUnsigned = args[0].kind() == ValueKind::Uint,
             shift = bits == Bits::Left || bits == Bits::Right;
  if (!isUnsigned && args[0].kind() != ValueKind::Int) {
    return noOverload("a function of bits", args, count);
  }
  if (args[1].kind() != (isUnsigned && !shift ? ValueKind::Uint : ValueKind::Int)) {
    return noOverload("a function of bits", args, count);
  }
  const std::uint64_t a = args[0].asUint(), b = args[1].asUint();
  std::uint64_t result = 0;
  if constexpr (bits == Bits::And) {
    result = a & b;
  } else if constexpr (bits == Bits::Or) {
    result = a | b;
  } else if constexpr (bits == Bits::Xor) {
    result = a ^ b;
  } else {
    if (args[1].asInt() < 0) return failure("bits cannot be shifted by a negative number");
    // Shifted by 64 or more nothing is left; C++ leaves that open.
    if (b < 64) result = bits == Bits::Left ? a << b : a >> b;
  }
  return isUnsigned ? Value::natural(result) : Value::integer(static_cast<std::int64_t>(result));
}

Value invertBits(const Value* args, std::size_t count) {
  if (args[0].kind() == ValueKind::Uint) return Value::natural(~args[0].asUint());
  return args[0].kind() == ValueKind::Int ? Value::integer(~args[0].asInt())
                                          : noOverload("math.bitNot", args, count);
}

Builtin extremeOf(std::string_view name, PlainImplementation implementation, std::string_view doc,
                  std::string_view docOfList) {
  using enum TypeKind;
  Builtin builtin{name, implementation, {}};
  for (const TypeKind kind : {Int, Double, Uint, Any}) {
    builtin.overloads.push_back(function({listOf(kind)}, kind, kind == Any, docOfList));
  }
  // An int beside a double: the result is one or the other.
  for (const TypeKind kind : {Int, Double, Uint, Any}) {
    Overload overload = function({of(kind)}, kind, kind == Any, doc);
    overload.repeats = true;
    builtin.overloads.push_back(std::move(overload));
  }
  return builtin;
}

}  // namespace

// All are called by their full name, `math.abs(x)`.
std::vector<Builtin> mathFunctions() {
  using enum TypeKind;
  const auto onDouble = [](std::string_view name, PlainImplementation implementation,
                           TypeKind result, std::string_view doc) {
    return Builtin{name, implementation, {function({of(Double)}, result, false, doc)}};
  };
  const auto onInts = [](std::string_view name, PlainImplementation implementation, TypeKind second,
                         bool canFail, std::string_view doc) {
    return Builtin{name,
                   implementation,
                   {function({of(Int), of(Int)}, Int, canFail, doc),
                    function({of(Uint), of(second)}, Uint, canFail, doc)}};
  };
  const auto onReal = [](std::string_view name, PlainImplementation implementation,
                         std::string_view doc) {
    return Builtin{
        name,
        implementation,
        {function({of(Double)}, Double, false, doc), function({of(Int)}, Double, false, doc)}};
  };
  const auto onReals = [](std::string_view name, PlainImplementation implementation,
                          std::string_view doc) {
    Builtin builtin{name, implementation, {}};
    for (const TypeKind a : {Double, Int}) {
      for (const TypeKind b : {Double, Int}) {
        builtin.overloads.push_back(function({of(a), of(b)}, Double, false, doc));
      }
    }
    return builtin;
  };
  return {
      onReal("math.acos", ofReal<reticle_acos>, "The angle whose cosine it is, in radians."),
      onReal("math.asin", ofReal<reticle_asin>, "The angle whose sine it is, in radians."),
      onReal("math.atan", ofReal<reticle_atan>, "The angle whose tangent it is, in radians."),
      onReals("math.atan2", ofReals<reticle_atan2>,
              "The angle of the point (x, y), given y first, in radians."),
      onReal("math.cos", ofReal<reticle_cos>, "The cosine of an angle in radians."),
      onReal("math.exp", ofReal<reticle_exp>, "e to the power of the number."),
      onReal("math.log", ofReal<reticle_log>, "The natural logarithm; NaN below zero."),
      onReal("math.log10", ofReal<reticle_log10>, "The logarithm to base 10; NaN below zero."),
      onReal("math.log2", ofReal<reticle_log2>, "The logarithm to base 2; NaN below zero."),
      {"math.pi", halfCircle, {function({}, Double, false, "Half of a full circle, in radians.")}},
      onReals("math.pow", ofReals<reticle_pow>, "The first number to the power of the second."),
      onReal("math.sin", ofReal<reticle_sin>, "The sine of an angle in radians."),
      onReal("math.tan", ofReal<reticle_tan>, "The tangent of an angle in radians."),
      {"math.abs",
       absolute,
       {function({of(Int)}, Int, true, "The number without its sign."),
        function({of(Double)}, Double, false, "The number without its sign."),
        function({of(Uint)}, Uint, false, "The number itself.")}},
      onInts("math.bitAnd", combineBits<Bits::And>, Uint, false, "The bits set in both."),
      {"math.bitNot",
       invertBits,
       {function({of(Int)}, Int, false, "Every bit the other way round."),
        function({of(Uint)}, Uint, false, "Every bit the other way round.")}},
      onInts("math.bitOr", combineBits<Bits::Or>, Uint, false, "The bits set in either."),
      onInts("math.bitShiftLeft", combineBits<Bits::Left>, Int, true,
             "The bits moved up; those that leave are lost."),
      onInts("math.bitShiftRight", combineBits<Bits::Right>, Int, true,
             "The bits moved down; zeros come in."),
      onInts("math.bitXor", combineBits<Bits::Xor>, Uint, false,
             "The bits set in one of them only."),
      onDouble("math.ceil", ofDouble<above>, Double, "The least whole number that is not below."),
      onDouble("math.floor", ofDouble<below>, Double,
               "The greatest whole number that is not above."),
      extremeOf("math.greatest", greatest, "The greatest of the numbers.",
                "The greatest number of a list."),
      onDouble("math.isFinite", testDouble<finite>, Bool,
               "Whether it is neither NaN nor infinite."),
      onDouble("math.isInf", testDouble<infinite>, Bool, "Whether it is infinite."),
      onDouble("math.isNaN", testDouble<nan>, Bool, "Whether it is not a number."),
      extremeOf("math.least", least, "The least of the numbers.", "The least number of a list."),
      onDouble("math.round", ofDouble<nearest>, Double,
               "The nearest whole number; halves go away from zero."),
      {"math.sign",
       sign,
       {function({of(Int)}, Int, false, "-1, 0 or 1."),
        function({of(Double)}, Double, false, "-1.0, 0.0 or 1.0; NaN stays."),
        function({of(Uint)}, Uint, false, "0 or 1.")}},
      {"math.sqrt",
       root,
       {function({of(Double)}, Double, false, "The square root; NaN below zero."),
        function({of(Int)}, Double, false, "The square root; NaN below zero."),
        function({of(Uint)}, Double, false, "The square root.")}},
      onDouble("math.trunc", ofDouble<whole>, Double, "The number without its fraction."),
  };
}

}  // namespace reticle
