// What comes from outside (JSON, a host, a test) made to fit a declared type, or an error that
// says what was needed and what was found.
#include "expression/coerce.h"

#include "base/base64.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "base/value_json.h"

namespace reticle {
namespace {

// What a type asks for, as it stands after "needs".
std::string wanted(const Type& type) {
  switch (type.kind) {
    case TypeKind::Any: return "a value";
    case TypeKind::Null: return "null";
    case TypeKind::Bool: return "true or false";
    case TypeKind::Int: return "an int";
    case TypeKind::Double: return "a number";
    case TypeKind::String: return "a string";
    case TypeKind::Bytes: return "bytes in base64";
    case TypeKind::Timestamp: return "a timestamp such as \"2024-01-15T09:30:00Z\"";
    case TypeKind::Duration: return "a duration such as \"1h30m\"";
    case TypeKind::List:
    case TypeKind::Map: return "a " + toText(type.required());
    case TypeKind::Enum: {
      std::string text = "one of ";
      for (std::size_t i = 0; i < type.values.size(); ++i) {
        if (i > 0) text += ", ";
        if (i == 20) {
          text += "…";
          break;
        }
        writeJsonString(text, type.values[i]);
      }
      return text;
    }
    case TypeKind::Record:
      return "a reference to a fact of type " +
             (type.name.empty() ? toText(type.required()) : type.name);
    case TypeKind::Optional: return "an optional";
    case TypeKind::Uint: return "a uint";
    case TypeKind::Type: return "a type";
    case TypeKind::Row: return "a map";
    case TypeKind::Poison: return "a value";
  }
  return "a value";
}

// What was found, in a few words.
std::string found(const Value& value) {
  if (value.kind() == ValueKind::List) return "a list";
  if (value.kind() == ValueKind::Map) return "a map";
  if (value.kind() == ValueKind::Bytes) return "bytes";
  std::string text = toText(value);
  if (text.size() > 60) {
    std::size_t end = 0;
    while (end < 56) end += decodeUtf8(text, end).size;
    text.resize(end);
    text += "…";
    if (value.kind() == ValueKind::String) text += '"';
  }
  return text;
}

// The message names the place, what it needs and what it got.
Error mismatch(const Value& from, const Type& to, std::string_view where) {
  Error error{ErrorCode::WrongType, std::string(where), std::string(where), {}};
  error.message += " needs " + wanted(to) + ", this is " + found(from);
  if (from.isNull()) error.fix = "give a value, or declare it as `" + toText(to.asOptional()) + "`";
  return error;
}

// Items are read one by one, so that the message can name the one that is wrong.
Result<Value> coerceList(const Value& from, const Type& to, std::string_view where) {
  if (to.arguments.empty() || to.arguments[0].kind == TypeKind::Any) return from;
  Value::List items;
  items.reserve(from.asList().size());
  for (const Value& item : from.asList()) {
    // The place is only put into words when something is wrong there.
    Result<Value> read = coerce(item, to.arguments[0], "");
    if (!read.ok()) {
      std::string place = "item ";
      appendInt(place, static_cast<std::int64_t>(items.size()));
      return coerce(item, to.arguments[0], place.append(" of ").append(where));
    }
    items.push_back(*std::move(read));
  }
  return Value::list(std::move(items));
}

// A key comes as a string from JSON, whatever it is declared as.
Result<Value> coerceKey(const Value& key, const Type& to, std::string_view where) {
  if (key.kind() == ValueKind::String && to.kind == TypeKind::Int) {
    if (const auto number = parseInt(key.asString())) return Value::integer(*number);
  }
  if (key.kind() == ValueKind::String && to.kind == TypeKind::Bool) {
    if (key.asString() == "true" || key.asString() == "false") {
      return Value::boolean(key.asString() == "true");
    }
  }
  return coerce(key, to, where);
}

// Keys by the type of keys, entries by that of entries.
Result<Value> coerceMap(const Value& from, const Type& to, std::string_view where) {
  if (to.arguments.size() < 2) return from;
  Value::Map entries;
  entries.reserve(from.asMap().size());
  for (const auto& [key, item] : from.asMap()) {
    Result<Value> readKey = coerceKey(key, to.arguments[0], "");
    if (!readKey.ok()) {
      return coerceKey(key, to.arguments[0], std::string("a key of ").append(where));
    }
    Result<Value> read = coerce(item, to.arguments[1], "");
    if (!read.ok()) {
      return coerce(item, to.arguments[1],
                    std::string("the entry ").append(toText(key)).append(" of ").append(where));
    }
    entries.emplace_back(*std::move(readKey), *std::move(read));
  }
  // Two keys that were different texts may be one int now.
  Value made = Value::map(std::move(entries));
  if (!made.isError()) {
    for (const auto& [key, item] : made.asMap()) {
      if (made.find(key) == &item) continue;
      return Error{ErrorCode::WrongType,
                   std::string(where).append(" has the key ").append(toText(key)).append(" twice"),
                   std::string(where),
                   {}};
    }
  }
  return made;
}

}  // namespace

// ORDER: TypeKind. A value that fits is returned as it is, sharing what it holds.
Result<Value> coerce(const Value& from, const Type& to, std::string_view where) {
  if (from.isError()) {
    return Error{ErrorCode::WrongType,
                 std::string(where).append(" has no value: ").append(from.errorMessage()),
                 std::string(where),
                 {}};
  }
  if (from.isNull() && (to.optional || to.kind == TypeKind::Any)) return from;
  // JSON has no bytes, times or durations: they come as texts.
  const bool isText = from.kind() == ValueKind::String;
  switch (to.kind) {
    case TypeKind::Any:
    case TypeKind::Poison: return from;
    case TypeKind::Null:
      if (from.isNull()) return from;
      break;
    case TypeKind::Bool:
      if (from.kind() == ValueKind::Bool) return from;
      break;
    case TypeKind::Int:
      if (from.kind() == ValueKind::Int) return from;
      if (from.kind() == ValueKind::Double) {
        // JSON has one kind of number: 3.0 is an int where an int is needed.
        if (const auto whole = exactInt(from.asDouble())) return Value::integer(*whole);
      }
      break;
    case TypeKind::Double:
      if (from.kind() == ValueKind::Double) return from;
      if (from.kind() == ValueKind::Int) {
        // Exactly or not at all: nothing is rounded on its way in.
        const Value real = Value::real(static_cast<double>(from.asInt()));
        if (compare(real, from) == 0) return real;
        Error error = mismatch(from, to, where);
        error.message += ", which a double cannot hold exactly";
        return error;
      }
      break;
    case TypeKind::String:
      if (isText) return from;
      break;
    case TypeKind::Bytes:
      if (from.kind() == ValueKind::Bytes) return from;
      if (isText) {
        if (const auto bytes = parseBase64(from.asString())) return Value::bytes(*bytes);
      }
      break;
    case TypeKind::Timestamp:
      if (from.kind() == ValueKind::Timestamp) return from;
      if (isText) {
        auto instant = parseTimestamp(from.asString());
        if (!instant) instant = parseDate(from.asString());
        if (instant) return Value::timestamp(instant->seconds, instant->nanos);
      }
      break;
    case TypeKind::Duration:
      if (from.kind() == ValueKind::Duration) return from;
      if (isText) {
        if (const auto elapsed = parseDuration(from.asString())) {
          return Value::duration(elapsed->seconds, elapsed->nanos);
        }
      }
      break;
    case TypeKind::List:
      if (from.kind() == ValueKind::List) return coerceList(from, to, where);
      break;
    case TypeKind::Map:
      if (from.kind() == ValueKind::Map) return coerceMap(from, to, where);
      break;
    case TypeKind::Enum:
      for (const std::string& value : to.values) {
        if (isText && from.asString() == value) return from;
      }
      break;
    case TypeKind::Record:
      if (from.kind() == ValueKind::Fact) return from;
      break;
    case TypeKind::Type:
      if (from.kind() == ValueKind::Type) return from;
      break;
    case TypeKind::Row:
      if (from.kind() == ValueKind::Map) return from;
      break;
    case TypeKind::Optional:
      if (from.kind() == ValueKind::Optional) return from;
      break;
    case TypeKind::Uint:
      if (from.kind() == ValueKind::Uint) return from;
      break;
  }
  return mismatch(from, to, where);
}

// The kinds that need no look inside come first.
bool fit(Value& value, const Type& to) {
  if (value.isNull()) return to.optional || to.kind == TypeKind::Any || to.kind == TypeKind::Null;
  if (to.kind == TypeKind::Int && value.kind() == ValueKind::Int) return true;
  if (to.kind == TypeKind::Double && value.kind() == ValueKind::Double) return true;
  if (to.kind == TypeKind::String && value.kind() == ValueKind::String) return true;
  if (to.kind == TypeKind::Bool && value.kind() == ValueKind::Bool) return true;
  if (to.kind == TypeKind::Record && value.kind() == ValueKind::Fact) return true;
  Result<Value> fitting = coerce(value, to, "");
  if (!fitting.ok()) return false;
  value = *std::move(fitting);
  return true;
}

}  // namespace reticle
