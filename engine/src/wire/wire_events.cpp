// Events as the world sends them: plain ones and CloudEvents envelopes; and data written as YAML.
//
// An envelope is read as its specification has it: the attributes it names, and whatever else
// stands there as extensions. Which of those a type has fields for is not known here.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "base/suggest.h"
#include "document/document.h"
#include "reticle/csv.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::wire {
namespace {

constexpr const char* kTwoForms =
    "an event is {\"event\": \"Type\", \"data\": {…}} or a CloudEvents envelope with "
    "\"specversion\": \"1.0\"";

Error badEvent(std::string message, std::string_view where = {}, std::string fix = {}) {
  return {ErrorCode::BadInput, std::move(message), std::string(where), std::move(fix)};
}

Fields fieldsOfData(const Value& data) {
  Fields fields;
  if (data.kind() == ValueKind::Map) {
    for (const auto& [key, value] : data.asMap()) {
      fields.emplace_back(std::string(key.asString()), value);
    }
  } else if (!data.isNull()) {
    fields.emplace_back("data", data);
  }
  return fields;
}

// "application/json", "application/vnd.acme+json; charset=utf-8"; none at all means JSON.
bool saysJson(std::string_view contentType) {
  std::string type(contentType.substr(0, contentType.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return type == "application/json" || type == "text/json" || type.ends_with("+json");
}

// Reads the members of one event; the first thing wrong is kept.
class EventReader {
 public:
  explicit EventReader(const Value& json) : json_(json) {}

  Result<IncomingEvent> run() {
    if (json_.kind() != ValueKind::Map) return badEvent(kTwoForms);
    if (json_.find("specversion")) {
      readEnvelope();
    } else if (json_.find("event")) {
      readPlain();
    } else {
      return badEvent(kTwoForms, json_.find("type") ? "specversion" : "event");
    }
    if (error_) return *error_;
    return std::move(event_);
  }

 private:
  void fail(std::string message, std::string_view where) {
    if (!error_) error_ = badEvent(std::move(message), where);
  }

  // Empty when it is not there and need not be; null counts as not there, as in the specification.
  std::string text(std::string_view name, bool needed) {
    const Value* value = json_.find(name);
    if (value && value->kind() == ValueKind::String && (!needed || !value->asString().empty())) {
      return std::string(value->asString());
    }
    if (needed || (value && !value->isNull())) {
      fail("an event needs a string as `" + std::string(name) + "`", name);
    }
    return {};
  }

  void readTime(bool millisToo) {
    const Value* time = json_.find("time");
    if (!time || time->isNull()) return;
    if (millisToo && time->kind() == ValueKind::Int) {
      constexpr std::int64_t kMost = 253402300799000;  // the end of the year 9999
      if (time->asInt() >= -kMost && time->asInt() <= kMost) event_.time = time->asInt() * 1000;
    } else if (time->kind() == ValueKind::String) {
      event_.time = timeFromText(time->asString());
    }
    event_.emit.time = event_.time;
    if (!event_.time) {
      fail("`time` is a time such as \"2024-04-11T12:00:00Z\", this is " + toText(*time), "time");
    }
  }

  void readPlain() {
    static const std::vector<std::string> kKnown{"event", "data",   "subject",
                                                 "id",    "source", "time"};
    std::string unknown;
    for (const auto& [key, value] : json_.asMap()) {
      const std::string name{key.asString()};
      if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) continue;
      unknown += (unknown.empty() ? "`" : ", `") + name + "`";
      const std::string meant = model::nearest(name, kKnown);
      if (!meant.empty()) unknown += " (did you mean `" + meant + "`?)";
    }
    if (!unknown.empty()) {
      return fail("an event has event, data, subject, id, source and time, and no " + unknown,
                  "event");
    }
    event_.emit = {
        text("event", true), {}, text("subject", false), text("id", false), text("source", false)};
    if (const Value* data = json_.find("data")) event_.emit.data = fieldsOfData(*data);
    readTime(/*millisToo=*/true);
  }

  void readEnvelope() {
    const Value& version = *json_.find("specversion");
    if (!(version == Value::string("1.0"))) {
      return fail("envelopes of CloudEvents 1.0 are read, this is version " + toText(version),
                  "specversion");
    }
    event_.emit = {
        text("type", true), {}, text("subject", false), text("id", true), text("source", true)};
    readTime(/*millisToo=*/false);
    const std::string contentType = text("datacontenttype", false);
    text("dataschema", false);
    const Value *data = json_.find("data"), *bytes = json_.find("data_base64");
    if (data && bytes) return fail("an envelope has either `data` or `data_base64`", "data_base64");
    if (data) event_.emit.data = fieldsOfData(*data);
    if (bytes) readBytes(*bytes, contentType);
    static constexpr std::string_view kContext[] = {
        "specversion",     "type",       "source", "id",         "subject", "time",
        "datacontenttype", "dataschema", "data",   "data_base64"};
    for (const auto& [key, value] : json_.asMap()) {
      const std::string_view name = key.asString();
      if (std::find(std::begin(kContext), std::end(kContext), name) != std::end(kContext)) continue;
      event_.extensions.emplace_back(std::string(name), value);
    }
    event_.emit.extensions = event_.extensions;
  }

  // Bytes of JSON are what they say; all others stay base64, which a field of type bytes reads.
  void readBytes(const Value& base64, const std::string& contentType) {
    const std::optional<std::string> bytes =
        base64.kind() == ValueKind::String ? parseBase64(base64.asString()) : std::nullopt;
    if (!bytes) return fail("`data_base64` is a text in base64", "data_base64");
    if (!saysJson(contentType)) {
      event_.emit.data = {{"data", base64}};
      return;
    }
    const Result<Value> data =
        notUtf8(*bytes).empty() ? parse(*bytes) : Result<Value>(badEvent("this is not UTF-8"));
    if (!data) {
      return fail("`data_base64` is no JSON, as `datacontenttype` says: " + data.error().message,
                  "data_base64");
    }
    event_.emit.data = fieldsOfData(*data);
  }

  const Value& json_;
  IncomingEvent event_;
  std::optional<Error> error_;
};

}  // namespace

Result<IncomingEvent> eventFrom(const Value& json) { return EventReader(json).run(); }

// By way of JSON text, so that numbers, depths and doubled members are judged in one place.
Result<Value> parseYaml(std::string_view yaml) {
  const Source source{"data.yaml", std::string(yaml)};
  std::vector<Diagnostic> diagnostics;
  const DocumentNode root = readYaml(source, 0, diagnostics);
  for (const Diagnostic& each : diagnostics) {
    if (each.level != Level::Error) continue;
    return badEvent(each.message,
                    "line " + std::to_string(positionOf(source, each.span.begin).line));
  }
  return parse(printJson(root));
}

}  // namespace reticle::wire
