// Values as bytes and back, for the journal: a tag (the kind), then what the kind needs. Whatever
// cannot have been written by the encoder fails the reader.
#include "base/value_codec.h"

namespace reticle {
namespace {

constexpr int kMaxCodedDepth = 128;  // as deep as a value can be

Value failing(ByteReader& in) {
  in.fail();
  return {};
}

// Keys of other kinds cannot have been written.
bool isKey(const Value& value) {
  return value.kind() == ValueKind::String || value.kind() == ValueKind::Int ||
         value.kind() == ValueKind::Uint || value.kind() == ValueKind::Bool;
}

// The key itself may stand in it: a look-up finds the first of those that are equal.
std::string whyNotKept(const Value::Map& entries, const Value& map) {
  for (const auto& [key, item] : entries) {
    if (!isKey(key)) {
      return "a map with the key " + toText(key) +
             "; keys are texts, whole numbers, true and false";
    }
    if (map.find(key) != &item) return "a map that has the key " + toText(key) + " twice";
    if (std::string why = whyNotKept(item); !why.empty()) return why;
  }
  return {};
}

Value decode(ByteReader& in, int depth);

Value decodeMap(ByteReader& in, int depth) {
  Value::Map entries;
  for (std::size_t left = in.count(); left > 0 && !in.failed(); --left) {
    Value key = decode(in, depth - 1);
    if (!isKey(key)) return failing(in);
    Value item = decode(in, depth - 1);
    entries.emplace_back(std::move(key), std::move(item));
  }
  if (in.failed()) return {};
  Value made = Value::map(std::move(entries));
  if (made.isError()) return failing(in);
  for (const auto& [key, item] : made.asMap()) {
    if (made.find(key) != &item) return failing(in);  // the key stands there twice
  }
  return made;
}

// The depth is bounded here, because damaged bytes may nest as deep as they are long. ORDER:
// ValueKind; tags stand in journals.
Value decode(ByteReader& in, int depth) {
  const std::uint8_t tag = in.u8();
  if (in.failed() || depth < 0 || tag > static_cast<std::uint8_t>(ValueKind::Uint)) {
    return failing(in);
  }
  switch (static_cast<ValueKind>(tag)) {
    case ValueKind::Null: return {};
    case ValueKind::Bool: {
      const std::uint8_t bit = in.u8();
      return bit <= 1 ? Value::boolean(bit == 1) : failing(in);
    }
    case ValueKind::Int: return Value::integer(in.zigzag());
    case ValueKind::Double: return Value::real(in.real());
    case ValueKind::String: return Value::string(in.text());
    case ValueKind::Bytes: return Value::bytes(in.text());
    case ValueKind::Type: return Value::type(in.text());
    case ValueKind::List: {
      Value::List items;
      for (std::size_t left = in.count(); left > 0 && !in.failed(); --left) {
        items.push_back(decode(in, depth - 1));
      }
      if (in.failed()) return {};
      Value made = Value::list(std::move(items));
      return made.isError() ? failing(in) : made;
    }
    case ValueKind::Map: return decodeMap(in, depth);
    case ValueKind::Timestamp: {
      const std::int64_t seconds = in.zigzag();
      const std::uint64_t nanos = in.varint();
      return nanos < 1000000000 ? Value::timestamp(seconds, static_cast<std::uint32_t>(nanos))
                                : failing(in);
    }
    case ValueKind::Duration: {
      const std::int64_t seconds = in.zigzag(), nanos = in.zigzag();
      // The bounds that Value asserts must hold before a value is made.
      if (nanos <= -1000000000 || nanos >= 1000000000) return failing(in);
      if (seconds != 0 && nanos != 0 && (seconds < 0) != (nanos < 0)) return failing(in);
      return Value::duration(seconds, static_cast<std::int32_t>(nanos));
    }
    case ValueKind::Fact: {
      const std::uint64_t fact = in.varint();
      return fact <= 0xffffffffu ? Value::fact(static_cast<FactId>(fact)) : failing(in);
    }
    case ValueKind::Error: {
      const std::string_view code = in.text();
      const std::string_view message = in.text();
      return Value::error(code, message);
    }
    case ValueKind::Optional: {
      const std::uint8_t held = in.u8();
      if (held > 1) return failing(in);
      if (held == 0) return Value::none();
      Value made = Value::some(decode(in, depth - 1));
      return made.isError() ? failing(in) : made;
    }
    case ValueKind::Uint: return Value::natural(in.varint());
  }
  return failing(in);
}

}  // namespace

// ORDER: decode() above.
void encode(ByteWriter& out, const Value& value) {
  out.u8(static_cast<std::uint8_t>(value.kind()));
  switch (value.kind()) {
    case ValueKind::Null: break;
    case ValueKind::Bool: out.u8(value.asBool() ? 1 : 0); break;
    case ValueKind::Int: out.zigzag(value.asInt()); break;
    case ValueKind::Double: out.real(value.asDouble()); break;
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type: out.text(value.asString()); break;
    case ValueKind::List:
      out.varint(value.asList().size());
      for (const Value& item : value.asList()) encode(out, item);
      break;
    case ValueKind::Map:
      out.varint(value.asMap().size());
      for (const auto& [key, item] : value.asMap()) {
        encode(out, key);
        encode(out, item);
      }
      break;
    case ValueKind::Timestamp:
      out.zigzag(value.seconds());
      out.varint(static_cast<std::uint64_t>(value.nanos()));
      break;
    case ValueKind::Duration:
      out.zigzag(value.seconds());
      out.zigzag(value.nanos());
      break;
    case ValueKind::Fact: out.varint(index(value.asFact())); break;
    case ValueKind::Error:
      out.text(value.errorCode());
      out.text(value.errorMessage());
      break;
    case ValueKind::Optional:
      out.u8(value.isNone() ? 0 : 1);
      if (!value.isNone()) encode(out, value.held());
      break;
    case ValueKind::Uint: out.varint(value.asUint()); break;
  }
}

std::string whyNotKept(const Value& value) {
  switch (value.kind()) {
    case ValueKind::List:
      for (const Value& item : value.asList()) {
        if (std::string why = whyNotKept(item); !why.empty()) return why;
      }
      return {};
    case ValueKind::Map: return whyNotKept(value.asMap(), value);
    case ValueKind::Optional: return value.isNone() ? std::string() : whyNotKept(value.held());
    case ValueKind::Null:
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Uint:
    case ValueKind::Double:
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type:
    case ValueKind::Timestamp:
    case ValueKind::Duration:
    case ValueKind::Fact:
    case ValueKind::Error: return {};
  }
  return {};
}

Value decodeValue(ByteReader& in) {
  Value value = decode(in, kMaxCodedDepth);
  return in.failed() ? Value{} : value;
}

void encodeValues(ByteWriter& out, const std::vector<Value>& values) {
  out.varint(values.size());
  for (const Value& value : values) encode(out, value);
}

std::vector<Value> decodeValues(ByteReader& in) {
  std::vector<Value> values(in.count());
  for (Value& value : values) value = decodeValue(in);
  return values;
}

void encodeFields(ByteWriter& out, const std::vector<std::pair<std::string, Value>>& fields) {
  out.varint(fields.size());
  for (const auto& [name, value] : fields) {
    out.text(name);
    encode(out, value);
  }
}

std::vector<std::pair<std::string, Value>> decodeFields(ByteReader& in) {
  std::vector<std::pair<std::string, Value>> fields(in.count());
  for (auto& [name, value] : fields) {
    name = in.text();
    value = decodeValue(in);
  }
  return fields;
}

std::uint32_t decodeNumber(ByteReader& in) {
  const std::uint64_t number = in.varint();
  if (number > 0xffffffffu) in.fail();
  return static_cast<std::uint32_t>(number);
}

}  // namespace reticle
