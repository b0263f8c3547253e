#include "base/value_json.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/utf8.h"

namespace reticle {
namespace {

constexpr int kMaxDepth = 128;
constexpr std::int64_t kExactInt = std::int64_t{1} << 53;

void writeKey(std::string& out, const Value& key) {
  if (key.kind() == ValueKind::String) {
    writeJsonString(out, key.asString());
  } else {
    writeJsonString(out, toText(key, false));
  }
}

// Values spelled as an object with one member that begins with `$`; nothing when the object is an ordinary map.
std::optional<Value> fromTagged(const nlohmann::json& json) {
  if (json.size() != 1) return std::nullopt;
  const std::string& tag = json.begin().key();
  const nlohmann::json& content = json.begin().value();
  if (tag == "$int" && content.is_string()) {
    if (const auto number = parseInt(content.get_ref<const std::string&>())) return Value::integer(*number);
  }
  if (tag == "$double" && content.is_string()) {
    if (const auto number = parseDouble(content.get_ref<const std::string&>())) return Value::real(*number);
  }
  if (tag == "$fact" && content.is_number_integer()) {
    const auto fact = content.get<std::int64_t>();
    if (fact >= 0 && fact <= 0xffffffff) return Value::fact(static_cast<FactId>(fact));
  }
  return std::nullopt;
}

Value fromJson(const nlohmann::json& json, int depth) {
  if (depth < 0) return Value::error("RL9001", "lists and maps nest deeper than 128 levels");
  switch (json.type()) {
    case nlohmann::json::value_t::boolean: return Value::boolean(json.get<bool>());
    case nlohmann::json::value_t::number_integer: return Value::integer(json.get<std::int64_t>());
    case nlohmann::json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      return number <= INT64_MAX ? Value::integer(static_cast<std::int64_t>(number)) : Value::real(static_cast<double>(number));
    }
    case nlohmann::json::value_t::number_float: return Value::real(json.get<double>());
    case nlohmann::json::value_t::string: return Value::string(json.get_ref<const std::string&>());
    case nlohmann::json::value_t::array: {
      Value::List items;
      items.reserve(json.size());
      for (const nlohmann::json& item : json) items.push_back(fromJson(item, depth - 1));
      return Value::list(std::move(items));
    }
    case nlohmann::json::value_t::object: {
      if (auto tagged = fromTagged(json)) return *std::move(tagged);
      Value::Map entries;
      entries.reserve(json.size());
      for (auto entry = json.begin(); entry != json.end(); ++entry) {
        entries.emplace_back(Value::string(entry.key()), fromJson(entry.value(), depth - 1));
      }
      return Value::map(std::move(entries));
    }
    case nlohmann::json::value_t::null:
    case nlohmann::json::value_t::binary:
    case nlohmann::json::value_t::discarded: break;
  }
  return {};
}

}  // namespace

void writeJsonString(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;   // start of the run that needs no change
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      ++at;
      continue;
    }
    const CodePoint point = decodeUtf8(text, at);
    if (point.valid && point.size > 1) {
      at += point.size;
      continue;
    }
    out.append(text.substr(plain, at - plain));
    at += point.size;
    plain = at;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c < 0x20) {
          out += "\\u00";
          out += "0123456789abcdef"[c >> 4];
          out += "0123456789abcdef"[c & 15];
        } else {
          appendUtf8(out, kReplacement);
        }
    }
  }
  out.append(text.substr(plain));
  out += '"';
}

void writeJson(std::string& out, const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: out += "null"; return;
    case ValueKind::Bool: out += value.asBool() ? "true" : "false"; return;
    case ValueKind::Int: {
      const bool exact = value.asInt() >= -kExactInt && value.asInt() <= kExactInt;
      if (!exact) out += "{\"$int\":\"";
      appendInt(out, value.asInt());
      if (!exact) out += "\"}";
      return;
    }
    case ValueKind::Double: {
      const double real = value.asDouble();
      const bool finite = real - real == 0;
      if (!finite) out += "{\"$double\":\"";
      appendDoubleAsScript(out, real);
      if (!finite) out += "\"}";
      return;
    }
    case ValueKind::String:
    case ValueKind::Type: writeJsonString(out, value.asString()); return;
    case ValueKind::Bytes:
      out += '"';
      appendBase64(out, value.asString());
      out += '"';
      return;
    case ValueKind::List: {
      out += '[';
      bool first = true;
      for (const Value& item : value.asList()) {
        if (!first) out += ',';
        first = false;
        writeJson(out, item);
      }
      out += ']';
      return;
    }
    case ValueKind::Map: {
      out += '{';
      bool first = true;
      for (const auto& [key, item] : value.asMap()) {
        if (!first) out += ',';
        first = false;
        writeKey(out, key);
        out += ':';
        writeJson(out, item);
      }
      out += '}';
      return;
    }
    case ValueKind::Timestamp:
      out += '"';
      appendTimestamp(out, {value.seconds(), static_cast<std::uint32_t>(value.nanos())});
      out += '"';
      return;
    case ValueKind::Duration:
      out += '"';
      appendDuration(out, {value.seconds(), value.nanos()});
      out += '"';
      return;
    case ValueKind::Optional:
      if (value.isNone()) out += "null";
      else writeJson(out, value.held());
      return;
    case ValueKind::Uint: out += std::to_string(value.asUint()); return;
    case ValueKind::Fact:
      out += "{\"$fact\":";
      appendInt(out, index(value.asFact()));
      out += '}';
      return;
    case ValueKind::Error:
      out += "{\"$error\":{\"code\":";
      writeJsonString(out, value.errorCode());
      out += ",\"message\":";
      writeJsonString(out, value.errorMessage());
      out += "}}";
      return;
  }
}

Value valueFromJson(const nlohmann::json& json) { return fromJson(json, kMaxDepth); }

}  // namespace reticle
