// The three modes of CloudEvents over HTTP, brought to one form: the envelope in JSON.
#include "envelopes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "media_type.h"
#include "reticle/csv.h"
#include "reticle/text.h"

namespace reticle::serve {
namespace {

constexpr std::string_view kModes =
    "application/cloudevents+json, application/cloudevents-batch+json, or ce-… headers";

Problem bad(std::string title, std::string field, std::string expected, int status = 400) {
  return {status, std::move(title), std::move(field), std::move(expected), "", {}};
}

}  // namespace

std::optional<Problem> readJson(const std::string& body, Value& to, const char* field) {
  if (const std::string wrong = notUtf8(body); !wrong.empty()) {
    return bad("the body is no UTF-8: " + wrong, field, "JSON in UTF-8");
  }
  Result<Value> json = wire::parse(body);
  if (json) {
    to = std::move(*json);
    return std::nullopt;
  }
  const Error& error = json.error();
  return bad("the body is no JSON: " + error.message +
                 (error.where.empty() ? "" : " (" + error.where + ")"),
             field, "JSON, nested at most 100 levels, each member once");
}

namespace {

// --- one envelope in JSON

constexpr std::array<std::string_view, 7> kTexts{
    "specversion", "id", "source", "type", "subject", "datacontenttype", "dataschema"};

// As the specification has strings: without control characters and what is no character at all.
bool isPlain(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return false;
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return false;
    }
  }
  return true;
}

// A URI reference as far as it can be told at a glance.
bool isUri(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return c == ' ' || c == '<' || c == '>' || c == '"' || c == '{' || c == '}' || c == '|' ||
           c == '\\' || c == '^' || c == '`';
  });
}

bool isExtensionName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

std::optional<Problem> checkTexts(const Value& envelope) {
  for (const std::string_view name : kTexts) {
    const Value* value = envelope.find(name);
    if (!value || value->kind() != ValueKind::String) continue;
    const std::string field(name);
    const std::string_view text = value->asString();
    if (text.empty()) return bad("`" + field + "` is empty", field, "a text, or leave it out");
    if (text.size() > kAttributeBytes) {
      return bad("`" + field + "` is too long", field,
                 "at most " + std::to_string(kAttributeBytes) + " bytes");
    }
    if (!isPlain(text)) {
      return bad("`" + field + "` has control characters", field, "a text without them");
    }
    if ((name == "source" || name == "dataschema") && !isUri(text)) {
      return bad("`" + field + "` is no URI reference", field, "such as /devices/7 or urn:x:y");
    }
  }
  return std::nullopt;
}

std::optional<Problem> checkExtensions(const Fields& extensions) {
  for (const auto& [name, value] : extensions) {
    if (!isExtensionName(name)) {
      return bad("`" + name + "` cannot be the name of an attribute", name,
                 "lower-case letters and digits");
    }
    switch (value.kind()) {
      case ValueKind::String:
        if (value.asString().size() > kAttributeBytes) {
          return bad("`" + name + "` is too long", name,
                     "at most " + std::to_string(kAttributeBytes) + " bytes");
        }
        if (!isPlain(value.asString())) {
          return bad("`" + name + "` has control characters", name, "a text without them");
        }
        continue;
      case ValueKind::Null:
      case ValueKind::Bool: continue;
      case ValueKind::Int:
        if (value.asInt() >= INT32_MIN && value.asInt() <= INT32_MAX) continue;
        return bad("`" + name + "` is no integer of 32 bits", name, "a smaller one, or a text");
      case ValueKind::Double:
      case ValueKind::Bytes:
      case ValueKind::List:
      case ValueKind::Map:
      case ValueKind::Timestamp:
      case ValueKind::Duration:
      case ValueKind::Type:
      case ValueKind::Fact:
      case ValueKind::Error:
      case ValueKind::Optional:
      case ValueKind::Uint: break;
    }
    return bad("an extension cannot have such a value", name, "a text, an integer or a boolean");
  }
  return std::nullopt;
}

std::optional<Problem> readOne(const Value& envelope, Envelopes& to) {
  if (envelope.kind() != ValueKind::Map) {
    return bad("an envelope is an object", "body", "{\"specversion\": \"1.0\", …}");
  }
  // The other form that files may have has no place here.
  if (!envelope.find("specversion")) {
    return bad("the envelope has no `specversion`", "specversion", "\"1.0\"");
  }
  if (std::optional<Problem> wrong = checkTexts(envelope)) return wrong;
  Result<wire::IncomingEvent> event = wire::eventFrom(envelope);
  if (!event) {
    Problem problem = problemOf(event.error());
    if (problem.field.empty()) problem.field = "body";
    return problem;
  }
  if (std::optional<Problem> wrong = checkExtensions(event->extensions)) return wrong;
  to.events.push_back(std::move(*event));
  return std::nullopt;
}

std::optional<Problem> readBatch(const Value& batch, const Limits& limits, Envelopes& to) {
  to.isBatch = true;
  if (batch.kind() != ValueKind::List) {
    return bad("a batch is a list of envelopes", "body", "[{…}, …]");
  }
  const Value::List& items = batch.asList();
  if (items.size() > limits.batch) {
    return bad("the batch has " + std::to_string(items.size()) + " events", "body",
               "at most " + std::to_string(limits.batch) + " at once", 413);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (std::optional<Problem> wrong = readOne(items[i], to)) {
      wrong->item = i;
      return wrong;
    }
  }
  return std::nullopt;
}

// --- binary mode

std::string base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > bytes.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

// The body as the data that its content type says it is.
std::optional<Problem> readData(const Request& request, const MediaType& type, Value::Map& to) {
  if (request.body.empty()) return std::nullopt;
  if (!isUtf8(type)) {
    return bad("bodies in " + type.charset + " are not read", "content-type", "charset=utf-8", 415);
  }
  if (isJson(type.type)) {
    Value data;
    if (std::optional<Problem> wrong = readJson(request.body, data, "data")) return wrong;
    to.emplace_back(Value::string("data"), std::move(data));
  } else if (type.type.rfind("text/", 0) == 0 && notUtf8(request.body).empty()) {
    to.emplace_back(Value::string("data"), Value::string(request.body));
  } else {
    to.emplace_back(Value::string("data_base64"), Value::string(base64(request.body)));
  }
  return std::nullopt;
}

// Headers become attributes: percent-decoded, in UTF-8.
std::optional<Problem> readBinary(const Request& request, const MediaType& type, Envelopes& to) {
  to.isBinary = true;
  Value::Map envelope;
  for (const auto& [header, value] : request.headers) {
    if (header.rfind("ce-", 0) != 0) continue;
    const std::string name = header.substr(3);
    if (name == "data" || name == "data_base64" || name == "datacontenttype") {
      return bad("`" + header + "` is no header of CloudEvents", header,
                 "the data in the body, their type in content-type");
    }
    if (!isExtensionName(name)) {
      return bad("`" + name + "` cannot be the name of an attribute", header, "letters and digits");
    }
    std::optional<std::string> text = percentDecoded(value);
    if (!text) {
      return bad("`" + header + "` cannot be decoded", header, "`%` and two hexadecimal digits");
    }
    if (!notUtf8(*text).empty()) {
      return bad("`" + header + "` is no UTF-8", header, "UTF-8, percent-encoded");
    }
    const Value key = Value::string(name);
    const bool isThere = std::any_of(envelope.begin(), envelope.end(),
                                     [&](const auto& entry) { return entry.first == key; });
    if (isThere) return bad("`" + header + "` stands twice", header, "once");
    envelope.emplace_back(key, Value::string(*text));
  }
  if (!type.type.empty()) {
    envelope.emplace_back(Value::string("datacontenttype"),
                          Value::string(*request.header("content-type")));
  }
  if (std::optional<Problem> wrong = readData(request, type, envelope)) return wrong;
  std::optional<Problem> wrong = readOne(Value::map(std::move(envelope)), to);
  if (wrong && !wrong->field.empty() && wrong->field != "body" && wrong->field != "data") {
    wrong->field = "ce-" + wrong->field;
  }
  return wrong;
}

}  // namespace

std::optional<Problem> readEnvelopes(const Request& request, const Limits& limits, Envelopes& to) {
  const MediaType type = mediaType(request.header("content-type"));
  const bool isStructured = type.type == "application/cloudevents+json";
  const bool isBatch = type.type == "application/cloudevents-batch+json";
  if (isStructured || isBatch) {
    if (!isUtf8(type)) {
      return bad("bodies in " + type.charset + " are not read", "content-type", "charset=utf-8",
                 415);
    }
    Value json;
    if (std::optional<Problem> wrong = readJson(request.body, json, "body")) return wrong;
    return isBatch ? readBatch(json, limits, to) : readOne(json, to);
  }
  if (type.type.rfind("application/cloudevents", 0) == 0) {
    return bad("envelopes in `" + type.type + "` are not read", "content-type", std::string(kModes),
               415);
  }
  const bool isBinary = std::any_of(request.headers.begin(), request.headers.end(),
                                    [](auto& each) { return each.first.rfind("ce-", 0) == 0; });
  if (isBinary) return readBinary(request, type, to);
  return bad("this is no CloudEvents envelope", "content-type", std::string(kModes), 415);
}

void readTexts(const TypeSchema& type, wire::IncomingEvent& event) {
  for (auto& [name, value] : event.extensions) {
    const FieldSchema* field = type.find(name);
    if (!field || !field->kind || value.kind() != ValueKind::String) continue;
    const std::string_view text = value.asString();
    if (*field->kind == ValueKind::Int || *field->kind == ValueKind::Double) {
      if (const std::optional<std::int64_t> number = intFromText(text)) {
        value = Value::integer(*number);
      }
    } else if (*field->kind == ValueKind::Bool && (text == "true" || text == "false")) {
      value = Value::boolean(text == "true");
    }
  }
}

}  // namespace reticle::serve
