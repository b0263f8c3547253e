// The table of all built-in functions, and the conversions between types.
#include "expression/functions.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/base64.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "expression/fuel.h"
#include "expression/functions_table.h"
#include "expression/operators.h"

namespace reticle {
namespace {

constexpr std::int64_t kConstantFuel = 1000;  // what is worth computing before anything runs

// The functions in the order of their names, those with overloads for rule text first; and which
// overloads they have.
struct Table {
  std::vector<Overload> overloads;
  // beside `overloads`, then one for each name that has unsigned overloads only
  std::vector<Implementation> implementations;
  std::vector<Overload> unsignedOverloads;
  std::vector<std::string_view> unsignedOnly;  // the names of the latter
};

// Overloads with uints exist for CEL's conformance suite only; rule text does not see them.
bool mentionsUnsigned(const reticle::Type& type) {
  using enum TypeKind;
  return type.kind == Uint ||
         std::any_of(type.arguments.begin(), type.arguments.end(), mentionsUnsigned);
}

bool isUnsigned(const Overload& overload) {
  return mentionsUnsigned(overload.result) ||
         std::any_of(overload.params.begin(), overload.params.end(), mentionsUnsigned);
}

// Each room of functions gives its part; the names must be sorted for builtinIndex.
Table makeTable() {
  std::vector<Builtin> all;
  for (auto part : {conversionFunctions, textFunctions, formatFunctions, timeFunctions,
                    mathFunctions, listFunctions, optionalFunctions}) {
    for (Builtin& builtin : part()) all.push_back(std::move(builtin));
  }
  std::sort(all.begin(), all.end(),
            [](const Builtin& a, const Builtin& b) { return a.name < b.name; });
  Table table;
  std::vector<Implementation> unsignedOnly;
  for (std::size_t i = 0; i < all.size(); ++i) {
    assert((i == 0 || all[i - 1].name != all[i].name) &&
           "each function stands in one part of the table");
    // A name all of whose overloads are unsigned gets its place after all others.
    const std::size_t before = table.overloads.size();
    for (Overload& overload : all[i].overloads) {
      overload.name = all[i].name;
      if (isUnsigned(overload)) {
        table.unsignedOverloads.push_back(std::move(overload));
      } else {
        table.overloads.push_back(std::move(overload));
        table.implementations.push_back(all[i].implementation);
      }
    }
    if (table.overloads.size() > before) continue;
    table.unsignedOnly.push_back(all[i].name);
    unsignedOnly.push_back(all[i].implementation);
  }
  table.implementations.insert(table.implementations.end(), unsignedOnly.begin(),
                               unsignedOnly.end());
  return table;
}

// Made when it is first needed, then shared: it never changes.
const Table& table() {
  static const Table made = makeTable();
  return made;
}

// What was found, what it is not, and how it would be right.
Value badText(std::string_view what, const Value& text, std::string_view right) {
  return failure(toText(text).append(" is no ").append(what).append(right));
}

// A double loses its fraction; what does not fit is an error, never wrapped round.
Value toInt(const Value* args, std::size_t count) {
  const Value& from = args[0];
  if (from.kind() == ValueKind::Int) return from;
  if (from.kind() == ValueKind::Double) {
    // The ends themselves are doubles that stand for rounded numbers, too.
    if (from.asDouble() > -9223372036854775808.0 && from.asDouble() < 9223372036854775808.0) {
      return Value::integer(static_cast<std::int64_t>(from.asDouble()));
    }
    return failure(toText(from).append(" does not fit an int"));
  }
  if (from.kind() == ValueKind::String) {
    const auto number = parseInt(from.asString());
    return number ? Value::integer(*number) : badText("int", from, "");
  }
  if (from.kind() == ValueKind::Timestamp) return Value::integer(from.seconds());
  if (from.kind() == ValueKind::Uint) {
    return from.asUint() <= INT64_MAX ? Value::integer(static_cast<std::int64_t>(from.asUint()))
                                      : failure(toText(from).append(" does not fit an int"));
  }
  return noOverload("int", args, count);
}

// By hand, because no library function reads all of a uint and nothing but digits.
Value toUint(const Value* args, std::size_t count) {
  const Value& from = args[0];
  const auto misfit = [&from] { return failure(toText(from).append(" does not fit a uint")); };
  if (from.kind() == ValueKind::Uint) return from;
  if (from.kind() == ValueKind::Int) {
    return from.asInt() >= 0 ? Value::natural(static_cast<std::uint64_t>(from.asInt())) : misfit();
  }
  if (from.kind() == ValueKind::Double) {
    const double real = from.asDouble();
    return real > -1.0 && real < 18446744073709551616.0
               ? Value::natural(real > 0 ? static_cast<std::uint64_t>(real) : 0)
               : misfit();
  }
  if (from.kind() != ValueKind::String) return noOverload("uint", args, count);
  // Digits only: no sign, no spaces.
  std::uint64_t number = 0;
  bool fits = !from.asString().empty();
  for (const char c : from.asString()) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    fits = fits && c >= '0' && c <= '9' && number <= (UINT64_MAX - digit) / 10;
    number = number * 10 + digit;
  }
  return fits ? Value::natural(number) : badText("uint", from, "");
}

// The nearest double: ints beyond 2^53 are rounded.
Value toDouble(const Value* args, std::size_t count) {
  const Value& from = args[0];
  if (from.kind() == ValueKind::Double) return from;
  if (from.kind() == ValueKind::Int) return Value::real(static_cast<double>(from.asInt()));
  if (from.kind() == ValueKind::Uint) return Value::real(static_cast<double>(from.asUint()));
  if (from.kind() == ValueKind::String) {
    const auto number = parseDouble(from.asString());
    return number ? Value::real(*number) : badText("number", from, "");
  }
  return noOverload("double", args, count);
}

// Doubles and durations in CEL's form, which differs from that of literals.
Value toString(const Value* args, std::size_t count) {
  const Value& from = args[0];
  switch (from.kind()) {
    case ValueKind::String: return from;
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Uint:
    case ValueKind::Timestamp: return Value::string(toText(from, false));
    case ValueKind::Double: {
      std::string text;
      appendDoubleAsScript(text, from.asDouble());
      return Value::string(text);
    }
    case ValueKind::Bytes:
      return isUtf8(from.asString()) ? Value::string(from.asString())
                                     : failure("these bytes are no text in UTF-8");
    case ValueKind::Duration: {
      std::string text;
      appendSeconds(text, {from.seconds(), from.nanos()});
      return Value::string(text);
    }
    case ValueKind::Type: return Value::string(from.asString());
    case ValueKind::Null:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Optional:
    case ValueKind::Fact:
    case ValueKind::Error: break;
  }
  return noOverload("string", args, count);
}

// The spellings that CEL's definition lists.
Value toBool(const Value* args, std::size_t count) {
  const Value& from = args[0];
  if (from.kind() == ValueKind::Bool) return from;
  if (from.kind() != ValueKind::String) return noOverload("bool", args, count);
  for (const std::string_view yes : {"true", "True", "TRUE", "t", "1"}) {
    if (from.asString() == yes) return Value::boolean(true);
  }
  for (const std::string_view no : {"false", "False", "FALSE", "f", "0"}) {
    if (from.asString() == no) return Value::boolean(false);
  }
  return badText("bool", from, ": write \"true\" or \"false\"");
}

Value toBytes(const Value* args, std::size_t count) {
  if (args[0].kind() == ValueKind::Bytes) return args[0];
  if (args[0].kind() == ValueKind::String) return Value::bytes(args[0].asString());
  return noOverload("bytes", args, count);
}

// An int counts seconds since 1970, as int(timestamp) gives them.
Value toTimestamp(const Value* args, std::size_t count) {
  const Value& from = args[0];
  if (from.kind() == ValueKind::Timestamp) return from;
  if (from.kind() == ValueKind::Int) return makeTimestamp(from.asInt(), 0);
  if (from.kind() != ValueKind::String) return noOverload("timestamp", args, count);
  const auto instant = parseTimestamp(from.asString());
  return instant ? Value::timestamp(instant->seconds, instant->nanos)
                 : badText("timestamp", from, ": write it like \"2024-01-15T09:30:00Z\"");
}

Value toDuration(const Value* args, std::size_t count) {
  const Value& from = args[0];
  if (from.kind() == ValueKind::Duration) return from;
  if (from.kind() == ValueKind::Int) return makeDuration(from.asInt(), 0);
  if (from.kind() != ValueKind::String) return noOverload("duration", args, count);
  const auto elapsed = parseDuration(from.asString());
  return elapsed ? Value::duration(elapsed->seconds, elapsed->nanos)
                 : badText("duration", from, ": write it like \"1h30m\" or \"1.5s\"");
}

// For the checker alone: the value stays as it is.
Value toDyn(const Value* args, std::size_t) { return args[0]; }

Value typeOf(const Value* args, std::size_t) { return Value::type(typeName(args[0])); }

// Code points, bytes, items, entries.
Value sizeOf(const Value* args, std::size_t count) {
  const auto number = [](std::size_t size) {
    return Value::integer(static_cast<std::int64_t>(size));
  };
  switch (args[0].kind()) {
    case ValueKind::String: return number(countCodePoints(args[0].asString()));
    case ValueKind::Bytes: return number(args[0].asString().size());
    case ValueKind::List: return number(args[0].asList().size());
    case ValueKind::Map: return number(args[0].asMap().size());
    case ValueKind::Null:
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Double:
    case ValueKind::Timestamp:
    case ValueKind::Duration:
    case ValueKind::Type:
    case ValueKind::Optional:
    case ValueKind::Uint:
    case ValueKind::Fact:
    case ValueKind::Error: break;
  }
  return noOverload("size", args, count);
}

Value encodeBase64(const Value* args, std::size_t count) {
  if (args[0].kind() != ValueKind::Bytes) return noOverload("base64.encode", args, count);
  std::string text;
  appendBase64(text, args[0].asString());
  return Value::string(text);
}

Value decodeBase64(const Value* args, std::size_t count) {
  if (args[0].kind() != ValueKind::String) return noOverload("base64.decode", args, count);
  const auto bytes = parseBase64(args[0].asString());
  return bytes ? Value::bytes(*bytes) : badText("base64", args[0], "");
}

// As a function and as a method, for each kind that has a size.
std::vector<Overload> sizeOverloads() {
  using enum TypeKind;
  std::vector<Overload> overloads;
  for (const bool asMethod : {false, true}) {
    for (const TypeKind kind : {String, Bytes, List, Map}) {
      reticle::Type param = of(kind);
      if (kind == List) param = listOf(Any);
      if (kind == Map) param.arguments = {of(Any), of(Any)};
      const std::string_view doc = kind == String  ? "The number of code points of a string."
                                   : kind == Bytes ? "The number of bytes."
                                   : kind == List  ? "The number of items of a list."
                                                   : "The number of entries of a map.";
      overloads.push_back({{}, asMethod, {param}, of(Int), false, doc});
    }
  }
  return overloads;
}

}  // namespace

// What a call says when the kinds of its arguments fit none of its overloads.
Value noOverload(std::string_view name, const Value* args, std::size_t count) {
  std::string message = "`";
  message.append(name).append(count == 0 ? "` needs arguments" : "` does not take ");
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) message += ", ";
    message += kindWord(args[i]);
  }
  return failure(message);
}

// By name, each with the overloads that the checker chooses among and editors show.
std::vector<Builtin> conversionFunctions() {
  using enum TypeKind;
  return {
      {"base64.decode",
       decodeBase64,
       {function({of(String)}, Bytes, true, "The bytes that a base64 text stands for.")}},
      {"base64.encode",
       encodeBase64,
       {function({of(Bytes)}, String, false, "The bytes as base64 text.")}},
      {"bool",
       toBool,
       {function({of(Bool)}, Bool, false, "The bool itself."),
        function({of(String)}, Bool, true, "Reads \"true\" or \"false\".")}},
      {"bytes",
       toBytes,
       {function({of(Bytes)}, Bytes, false, "The bytes themselves."),
        function({of(String)}, Bytes, false, "The UTF-8 bytes of a string.")}},
      {"double",
       toDouble,
       {function({of(Double)}, Double, false, "The double itself."),
        function({of(Int)}, Double, false, "The int as a double."),
        function({of(Uint)}, Double, false, "The uint as a double."),
        function({of(String)}, Double, true, "Reads a number.")}},
      {"duration",
       toDuration,
       {function({of(String)}, Duration, true, "Reads a duration such as \"1h30m\"."),
        function({of(Duration)}, Duration, false, "The duration itself."),
        function({of(Int)}, Duration, true, "So many seconds.")}},
      {"dyn",
       toDyn,
       {function({of(Any)}, Any, false, "The same value, its type left open until it runs.")}},
      {"int",
       toInt,
       {function({of(Int)}, Int, false, "The int itself."),
        function({of(Double)}, Int, true, "The double without its fraction."),
        function({of(Uint)}, Int, true, "The uint as an int."),
        function({of(String)}, Int, true, "Reads an int."),
        function({of(Timestamp)}, Int, false, "Seconds since 1970-01-01T00:00:00Z.")}},
      {"size", sizeOf, sizeOverloads()},
      {"string",
       toString,
       {function({of(String)}, String, false, "The string itself."),
        function({of(Bool)}, String, false, "\"true\" or \"false\"."),
        function({of(Int)}, String, false, "The int in digits."),
        function({of(Double)}, String, false, "The shortest digits that read back the same."),
        function({of(Uint)}, String, false, "The uint in digits."),
        function({of(Bytes)}, String, true, "The text that the bytes are in UTF-8."),
        function({of(Timestamp)}, String, false, "In RFC 3339: \"2024-01-15T09:30:00Z\"."),
        function({of(Duration)}, String, false, "In seconds: \"5400s\".")}},
      {"timestamp",
       toTimestamp,
       {function({of(String)}, Timestamp, true,
                 "Reads a point of time in RFC 3339: \"2024-01-15T09:30:00Z\"."),
        function({of(Timestamp)}, Timestamp, false, "The timestamp itself."),
        function({of(Int)}, Timestamp, true, "So many seconds after 1970-01-01T00:00:00Z.")}},
      {"type", typeOf, {function({of(Any)}, TypeKind::Type, false, "The type of a value.")}},
      {"uint",
       toUint,
       {function({of(Uint)}, Uint, false, "The uint itself."),
        function({of(Int)}, Uint, true, "The int as a uint."),
        function({of(Double)}, Uint, true, "The double without its fraction."),
        function({of(String)}, Uint, true, "Reads a uint.")}},
  };
}

const std::vector<Overload>& builtins() { return table().overloads; }

const std::vector<Overload>& unsignedBuiltins() { return table().unsignedOverloads; }

// The first overload of a name; those that have unsigned overloads only are numbered after all of
// them.
int builtinIndex(std::string_view name) {
  const auto& all = builtins();
  const auto found =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Overload& a, std::string_view b) { return a.name < b; });
  if (found != all.end() && found->name == name) return static_cast<int>(found - all.begin());
  const auto& rest = table().unsignedOnly;
  const auto unsignedName = std::find(rest.begin(), rest.end(), name);
  return unsignedName != rest.end()
             ? static_cast<int>(all.size() + static_cast<std::size_t>(unsignedName - rest.begin()))
             : -1;
}

// An error among the arguments is the result; functions never see one.
Value callBuiltin(std::size_t builtin, const Value* args, std::size_t count, CallContext& context) {
  for (std::size_t i = 0; i < count; ++i) {
    if (args[i].isError()) return args[i];
  }
  const auto& all = builtins();
  const std::string_view name =
      builtin < all.size() ? all[builtin].name : table().unsignedOnly[builtin - all.size()];
  // The number of arguments decides here; their kinds each function looks at itself.
  const auto takes = [&](const Overload& overload) {
    return overload.name == name && (overload.params.size() == count ||
                                     (overload.repeats && overload.params.size() < count));
  };
  // Overloads of one name stand together, from the index on.
  bool arity = false;
  for (std::size_t i = builtin; i < all.size() && all[i].name == name && !arity; ++i) {
    arity = takes(all[i]);
  }
  // After the last of rule text's own names, the unsigned ones are few.
  arity = arity || (builtin >= all.size() && std::any_of(table().unsignedOverloads.begin(),
                                                         table().unsignedOverloads.end(), takes));
  if (!arity) return noOverload(name, args, count);
  const Implementation& implementation = table().implementations[builtin];
  return implementation.plain != nullptr ? implementation.plain(args, count)
                                         : implementation.inContext(args, count, context);
}

Value callBuiltin(std::size_t builtin, const Value* args, std::size_t count) {
  CallContext context{kConstantFuel, nullptr};
  return callBuiltin(builtin, args, count, context);
}

}  // namespace reticle
