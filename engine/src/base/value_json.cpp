// Values as JSON. What JSON cannot hold exactly goes into an object with one member whose name
// begins with `$`.
#include "base/value_json.h"

#include "base/base64.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/utf8.h"

namespace reticle {
namespace {

// Beyond 2^53 a JavaScript number does not hold every int: there ints are tagged.
constexpr std::int64_t kExactInt = std::int64_t{1} << 53;

// Members of an object have texts for names; other keys are written as a text.
void writeKey(std::string& out, const Value& key) {
  if (key.kind() == ValueKind::String) {
    writeJsonString(out, key.asString());
  } else {
    writeJsonString(out, toText(key, false));
  }
}

void writeList(std::string& out, const Value::List& items) {
  out += '[';
  bool first = true;
  for (const Value& item : items) {
    if (!first) out += ',';
    first = false;
    writeJson(out, item);
  }
  out += ']';
}

// Entries in their order, which is the order written.
void writeMap(std::string& out, const Value::Map& entries) {
  out += '{';
  bool first = true;
  for (const auto& [key, item] : entries) {
    if (!first) out += ',';
    first = false;
    writeKey(out, key);
    out += ':';
    writeJson(out, item);
  }
  out += '}';
}

}  // namespace

void writeJsonString(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // start of the run that needs no change
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    // Plain characters are copied in runs, not one by one.
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
      // NaN and the infinities are no numbers to JSON.
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
    case ValueKind::List: writeList(out, value.asList()); return;
    case ValueKind::Map: writeMap(out, value.asMap()); return;
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
      if (value.isNone()) {
        out += "null";
      } else {
        writeJson(out, value.held());
      }
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

}  // namespace reticle
