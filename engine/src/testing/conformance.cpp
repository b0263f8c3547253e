// The conformance suite of CEL: its cases are read, carried out and compared, line by line.
//
// A case is data of somebody else: what is odd about it becomes a failed case that says so, and
// never ends the run. Names of variables come from the case, so each is checked in an
// environment of its own.
#include "reticle/conformance.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/value_json.h"
#include "check/check_alone.h"
#include "expression/code.h"
#include "syntax/parser.h"

namespace reticle {
namespace {

using model::Environment;
using nlohmann::json;

constexpr int kMaxDepth = 100;

// --- reading

// What is wrong with a part of a case; empty when nothing is.
struct Problem {
  std::string text;
  void say(std::string what) {
    if (text.empty()) text = std::move(what);
  }
};

// A member that is there and not null.
const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

// Empty when it is not there.
std::string textOf(const json& object, const char* name) {
  const json* found = member(object, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

// Whether a flag is there and has this value.
bool says(const json& object, const char* name, bool value) {
  const json* found = member(object, name);
  return found != nullptr && found->is_boolean() && found->get<bool>() == value;
}

// JSON has no NaN and no infinity: those are written as text.
std::optional<double> realOf(const json& value) {
  if (value.is_number()) return value.get<double>();
  return value.is_string() ? parseDouble(value.get_ref<const std::string&>()) : std::nullopt;
}

// Digits in a string, or a plain number.
std::string digitsOf(const json& value) {
  return value.is_string()           ? value.get<std::string>()
         : value.is_number_integer() ? value.dump()
                                     : std::string("?");
}

// Nothing for digits beyond 64 bits.
std::optional<std::uint64_t> uintOf(const std::string& digits) {
  std::uint64_t number = 0;
  for (const char c : digits) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (c < '0' || c > '9' || number > (UINT64_MAX - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  return digits.empty() ? std::nullopt : std::optional(number);
}

// By the one member that names the kind.
Value readValue(const json& tagged, Problem& problem, int depth);

// In the order given; keys may be of several kinds.
Value readMap(const json& entries, Problem& problem, int depth) {
  Value::Map map;
  for (const json& entry : entries) {
    if (!entry.is_array() || entry.size() != 2) {
      problem.say("an entry of a map is [key, value], this is " + entry.dump());
      return {};
    }
    Value key = readValue(entry[0], problem, depth - 1);
    map.emplace_back(std::move(key), readValue(entry[1], problem, depth - 1));
  }
  return Value::map(std::move(map));
}

Value readValue(const json& tagged, Problem& problem, int depth) {
  if (depth < 0 || !tagged.is_object() || tagged.size() != 1) {
    problem.say("a value is an object with one member that names its kind, this is " +
                tagged.dump().substr(0, 80));
    return {};
  }
  const std::string& kind = tagged.begin().key();
  const json& held = tagged.begin().value();
  const std::string text = held.is_string() ? held.get<std::string>() : std::string();
  if (kind == "null") return {};
  if (kind == "bool" && held.is_boolean()) return Value::boolean(held.get<bool>());
  if (kind == "string" && held.is_string()) return Value::string(text);
  if (kind == "type" && held.is_string()) return Value::type(text);
  if (kind == "int") {
    if (const auto number = parseInt(digitsOf(held))) return Value::integer(*number);
  } else if (kind == "uint") {
    if (const auto number = uintOf(digitsOf(held))) return Value::natural(*number);
  } else if (kind == "double") {
    if (const auto number = realOf(held)) return Value::real(*number);
  } else if (kind == "bytes" && held.is_string()) {
    if (const auto bytes = parseBase64(text)) return Value::bytes(*bytes);
  } else if (kind == "timestamp") {
    if (const auto instant = parseTimestamp(text)) {
      return Value::timestamp(instant->seconds, instant->nanos);
    }
  } else if (kind == "duration") {
    if (const auto elapsed = parseDuration(text)) {
      return Value::duration(elapsed->seconds, elapsed->nanos);
    }
  } else if (kind == "map" && held.is_array()) {
    return readMap(held, problem, depth);
  } else if (kind == "list" && held.is_array()) {
    Value::List items;
    for (const json& item : held) items.push_back(readValue(item, problem, depth - 1));
    return Value::list(std::move(items));
  } else {
    problem.say("there are no values of the kind `" + kind + "` here");
    return {};
  }
  problem.say("no " + kind + " can be read from " + held.dump().substr(0, 80));
  return {};
}

// A type as CEL writes it.
class TypeReader {
 public:
  TypeReader(std::string_view text, Problem& problem) : text_(text), problem_(problem) {}

  // The type, which must be all of the text.
  Type whole() {
    Type type = one(kMaxDepth);
    skipSpace();
    if (at_ < text_.size()) problem_.say("the type `" + std::string(text_) + "` cannot be read");
    return type;
  }

 private:
  void skipSpace() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // A name, and its arguments in parentheses; missing ones are dyn.
  Type one(int depth) {
    skipSpace();
    const std::size_t end = std::min(text_.find_first_of("(), ", at_), text_.size());
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end;
    std::vector<Type> arguments;
    if (depth > 0 && take('(')) {
      do arguments.push_back(one(depth - 1));
      while (take(','));
      if (!take(')')) problem_.say("a `)` is missing in the type `" + std::string(text_) + "`");
    }
    struct Known {
      std::string_view name;
      TypeKind kind;
      std::size_t arguments;
    };
    static constexpr Known kKnown[] = {
        {"dyn", TypeKind::Any, 0},
        {"null", TypeKind::Null, 0},
        {"null_type", TypeKind::Null, 0},
        {"bool", TypeKind::Bool, 0},
        {"int", TypeKind::Int, 0},
        {"uint", TypeKind::Uint, 0},
        {"double", TypeKind::Double, 0},
        {"string", TypeKind::String, 0},
        {"bytes", TypeKind::Bytes, 0},
        {"list", TypeKind::List, 1},
        {"map", TypeKind::Map, 2},
        {"optional_type", TypeKind::Optional, 1},
        {"type", TypeKind::Type, 0},
        {"timestamp", TypeKind::Timestamp, 0},
        {"duration", TypeKind::Duration, 0},
        {"google.protobuf.Timestamp", TypeKind::Timestamp, 0},
        {"google.protobuf.Duration", TypeKind::Duration, 0},
    };
    for (const Known& known : kKnown) {
      if (known.name != name) continue;
      Type type = Type::of(known.kind);
      arguments.resize(known.arguments, Type::of(TypeKind::Any));
      type.arguments = std::move(arguments);
      return type;
    }
    problem_.say("there is no type `" + std::string(name) + "` here");
    return Type::of(TypeKind::Any);
  }

  std::string_view text_;
  Problem& problem_;
  std::size_t at_ = 0;
};

// An unknown type is a problem of the case, not of the file.
Type readType(const json& text, Problem& problem) {
  if (text.is_string()) return TypeReader(text.get_ref<const std::string&>(), problem).whole();
  problem.say("a type is a text such as \"list(int)\", this is " + text.dump().substr(0, 80));
  return Type::of(TypeKind::Any);
}

// What a case needs to be run.
struct Setting {
  Environment environment;
  std::vector<Value> values;  // of its variables
};

// Each form of a function is an overload of its own.
void readFunction(const std::string& name, const json& forms, Setting& setting, Problem& problem) {
  for (const json& form : forms) {
    Overload overload;
    overload.name = name;
    if (form.is_object()) {
      overload.method = says(form, "method", true);
      if (const json* params = member(form, "params")) {
        for (const json& param : *params) overload.params.push_back(readType(param, problem));
      }
      if (const json* result = member(form, "result")) overload.result = readType(*result, problem);
    }
    setting.environment.functions.push_back(std::move(overload));
  }
}

// Variables that are declared but not bound have no value: to read them is an error, as in the
// suite.
Setting readSetting(const json& line, Problem& problem) {
  Setting setting;
  setting.environment.container = textOf(line, "container");
  auto& variables = setting.environment.variables;
  if (const json* declared = member(line, "env")) {
    for (auto entry = declared->begin(); entry != declared->end(); ++entry) {
      const json* functions = entry->is_object() ? member(*entry, "function") : nullptr;
      if (functions != nullptr) {
        readFunction(entry.key(), *functions, setting, problem);
      } else {
        variables.emplace_back(entry.key(), readType(*entry, problem));
        setting.values.push_back(Value::error("RL9001", "`" + entry.key() + "` has no value"));
      }
    }
  }
  if (const json* bound = member(line, "bindings")) {
    for (auto entry = bound->begin(); entry != bound->end(); ++entry) {
      const auto known =
          std::find_if(variables.begin(), variables.end(),
                       [&](const auto& variable) { return variable.first == entry.key(); });
      Value value = readValue(*entry, problem, kMaxDepth);
      if (known != variables.end()) {
        setting.values[static_cast<std::size_t>(known - variables.begin())] = std::move(value);
      } else {
        variables.emplace_back(entry.key(), Type::of(TypeKind::Any));
        setting.values.push_back(std::move(value));
      }
    }
  }
  return setting;
}

// --- running

// What surrounds an expression here: time zones, and nothing else.
class Outside final : public Surroundings {
 public:
  explicit Outside(const ZoneOffsets& zones) : zones_(zones) {}
  Value fieldOf(FactId, FieldId) const override {
    return Value::error("RL9001", "there are no facts here");
  }
  Value callHost(FunctionId, const Value*, std::size_t) const override {
    return Value::error("RL9001", "there are no host functions here");
  }
  Value query(QueryId, const Value*, std::size_t, const Surroundings&) const override {
    return Value::error("RL9001", "there are no queries here");
  }
  std::optional<std::int32_t> zoneOffset(std::string_view zone,
                                         std::int64_t seconds) const override {
    return zones_ ? zones_(zone, seconds) : std::nullopt;
  }

 private:
  const ZoneOffsets& zones_;
};

// Unlike equality in CEL: a value of the same kind throughout, and NaN is NaN.
bool isSame(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.kind() == ValueKind::Double) {
    return a == b || (a.asDouble() != a.asDouble() && b.asDouble() != b.asDouble());
  }
  if (a.kind() == ValueKind::List) {
    return a.asList().size() == b.asList().size() &&
           std::equal(a.asList().begin(), a.asList().end(), b.asList().begin(),
                      [](const Value& x, const Value& y) { return isSame(x, y); });
  }
  if (a.kind() == ValueKind::Map) {
    if (a.asMap().size() != b.asMap().size()) return false;
    return std::all_of(a.asMap().begin(), a.asMap().end(), [&b](const auto& entry) {
      return std::any_of(b.asMap().begin(), b.asMap().end(), [&entry](const auto& other) {
        return isSame(entry.first, other.first) && isSame(entry.second, other.second);
      });
    });
  }
  return a == b;
}

struct Outcome {
  bool failed = false;  // an error of reading, checking or running
  std::string error;
  std::string type;  // when it was checked
  Value value;       // when it was run
};

Outcome failedWith(std::string error) { return {true, std::move(error), {}, {}}; }

// What a case says that is not expected to check.
std::string firstError(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& d : diagnostics) {
    if (d.level == Level::Error) return d.code + ": " + d.message;
  }
  return "it cannot be read";
}

// Read, check, run; each stage only when the case asks for it and the one before went well.
Outcome run(const std::string& text, const Setting& setting, bool checked, bool executed,
            const Surroundings& outside) {
  std::vector<Diagnostic> diagnostics;
  Expr expr = parseExpression(Source{"case", text}, 0, diagnostics, Dialect::Cel);
  if (hasErrors(diagnostics)) return failedWith(firstError(diagnostics));
  resolveNames(expr, setting.environment);
  Outcome outcome;
  if (checked) {
    if (!checkAlone(expr, setting.environment, diagnostics)) {
      return failedWith(firstError(diagnostics));
    }
    outcome.type = model::celText(expr.type);
  }
  if (!executed) return outcome;
  Frame frame;
  frame.locals = setting.values.data();
  frame.surroundings = &outside;
  outcome.value = evaluate(compileExpr(expr, {}), frame);
  if (outcome.value.isError()) {
    return failedWith(
        std::string(outcome.value.errorCode()).append(": ").append(outcome.value.errorMessage()));
  }
  return outcome;
}

// Its type and its value, in words, for the report.
std::string shown(const Value& value) {
  return std::string(typeName(value)).append(" ").append(toText(value));
}

// Passed when it has the value, the error or the type that is wanted.
ConformanceCase runCase(const json& line, const Surroundings& outside) {
  ConformanceCase result;
  result.file = textOf(line, "file");
  result.section = textOf(line, "section");
  result.name = textOf(line, "name");
  result.profile = textOf(line, "profile");
  result.expression = textOf(line, "expr");
  Problem problem;
  const Setting setting = readSetting(line, problem);
  const json *wantedValue = member(line, "value"), *wantedError = member(line, "error"),
             *wantedType = member(line, "type");
  if (wantedType != nullptr && !wantedType->is_string()) {
    problem.say("a type is a text such as \"list(int)\", this is " +
                wantedType->dump().substr(0, 80));
  }
  const bool executed = !says(line, "checkOnly", true);
  const Value value =
      wantedValue != nullptr ? readValue(*wantedValue, problem, kMaxDepth) : Value::boolean(true);
  if (wantedError != nullptr) {
    result.wanted = "an error";
  } else if (executed) {
    result.wanted = shown(value);
  }
  if (wantedType != nullptr) {
    result.wanted += (result.wanted.empty() ? "the type " : " of the type ") + textOf(line, "type");
  }
  if (!problem.text.empty()) {
    result.got = problem.text;
    return result;
  }
  const Outcome outcome =
      run(result.expression, setting, !says(line, "check", false), executed, outside);
  // Cases may say `null` for the type of null, as CEL's own do.
  Problem unread;
  const bool typed = wantedType == nullptr || outcome.type == textOf(line, "type") ||
                     outcome.type == model::celText(readType(*wantedType, unread));
  result.passed = wantedError != nullptr
                      ? outcome.failed
                      : !outcome.failed && typed && (!executed || isSame(value, outcome.value));
  result.got = outcome.failed ? outcome.error : executed ? shown(outcome.value) : std::string();
  if (wantedType != nullptr && !outcome.failed) {
    result.got += (result.got.empty() ? "the type " : " of the type ") + outcome.type;
  }
  return result;
}

}  // namespace

Result<std::vector<ConformanceCase>> runConformance(std::string_view text,
                                                    const ZoneOffsets& zones) {
  const Outside outside(zones);
  std::vector<ConformanceCase> results;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view written = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (written.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const json line = json::parse(written, nullptr, /*allow_exceptions=*/false);
    const std::string where = "line " + std::to_string(number);
    if (line.is_discarded()) {
      return Error{
          ErrorCode::BadInput, where + " is no JSON: each line is one case, an object", where, {}};
    }
    if (!line.is_object() || member(line, "expr") == nullptr ||
        !member(line, "expr")->is_string()) {
      return Error{ErrorCode::BadInput,
                   where + " is no case: it needs an object with an `expr`, this is " +
                       std::string(written.substr(0, 60)),
                   where,
                   {}};
    }
    for (const char* name : {"env", "bindings"}) {
      if (const json* found = member(line, name); found != nullptr && !found->is_object()) {
        return Error{ErrorCode::BadInput,
                     where + " is no case: its `" + name + "` must be an object",
                     where,
                     {}};
      }
    }
    results.push_back(runCase(line, outside));
    results.back().line = number;
  }
  return results;
}

// On one line, so that results of two builds can be compared line by line.
std::string toJson(const ConformanceCase& result) {
  std::string out = "{\"file\":";
  writeJsonString(out, result.file);
  const std::pair<const char*, const std::string*> texts[] = {
      {"section", &result.section}, {"name", &result.name}, {"profile", &result.profile}};
  for (const auto& [name, text] : texts) {
    out.append(",\"").append(name).append("\":");
    writeJsonString(out, *text);
  }
  out.append(",\"passed\":").append(result.passed ? "true" : "false").append(",\"got\":");
  writeJsonString(out, result.got);
  return out + "}";
}

}  // namespace reticle
