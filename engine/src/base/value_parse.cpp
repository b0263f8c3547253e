// JSON text as values.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/number.h"
#include "base/value_json.h"

namespace reticle {
namespace {

// Values themselves nest to 128; an input wraps them in two levels.
constexpr std::size_t kMaxTextDepth = 100;
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

Error badInput(std::string message, std::string where = {}) {
  return {ErrorCode::BadInput, std::move(message), std::move(where), {}};
}

// Builds values while the text is read: no tree in between, no recursion, members in the order
// written.
class ValueBuilder {
 public:
  ValueBuilder(std::string_view text, bool tags) : text_(text), tags_(tags) {}

  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return put({}); }
  bool boolean(bool value) { return put(Value::boolean(value)); }
  bool number_integer(number_integer_t number) { return put(Value::integer(number)); }
  // Beyond the ints a whole number is the nearest double, as in JavaScript.
  bool number_unsigned(number_unsigned_t number) {
    return put(number <= INT64_MAX ? Value::integer(static_cast<std::int64_t>(number))
                                   : Value::real(static_cast<double>(number)));
  }
  bool number_float(number_float_t number, const string_t&) { return put(Value::real(number)); }
  bool string(string_t& text) { return put(Value::string(text)); }
  bool binary(binary_t&) { return fail("this is not text"); }
  bool start_object(std::size_t) { return start(true); }
  bool start_array(std::size_t) { return start(false); }
  bool key(string_t& name) {
    open_.back().key = Value::string(name);
    return true;
  }
  bool end_array() {
    Value made = Value::list(std::move(open_.back().items));
    open_.pop_back();
    return put(std::move(made));
  }
  // One member with a tag may stand for a value that JSON has no form for (see value_json.cpp).
  bool end_object() {
    Value::Map& members = open_.back().members;
    if (const Value* twice = duplicate(members)) {
      return fail("the member `" + std::string(twice->asString()) + "` is given twice");
    }
    std::optional<Value> tagged = tags_ ? fromTagged(members) : std::nullopt;
    Value made = tagged ? std::move(*tagged) : Value::map(std::move(members));
    open_.pop_back();
    return put(std::move(made));
  }
  // Called by nlohmann::json instead of throwing; the line and byte tell where to look.
  template <typename Exception>
  bool parse_error(std::size_t position, const std::string& last, const Exception&) {
    std::string message = "this is not JSON: ";
    if (last.empty()) {
      message += "it ends too early";
    } else {
      message += "unexpected `" + last.substr(last.size() > 40 ? last.size() - 40 : 0) + "`";
    }
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(position, text_.size()));
    error_ = badInput(std::move(message),
                      "line " + std::to_string(1 + std::count(text_.begin(), end, '\n')) +
                          ", byte " + std::to_string(position));
    return false;
  }

  const std::optional<Error>& error() const { return error_; }
  Value take() { return std::move(result_); }

 private:
  // A list or object whose end has not been read yet.
  struct Open {
    bool isObject;
    Value key;
    Value::List items;
    Value::Map members;
  };

  bool fail(std::string message) {
    error_ = badInput(std::move(message));
    return false;
  }
  bool start(bool isObject) {
    if (open_.size() >= kMaxTextDepth) {
      return fail("lists and maps nest deeper than " + std::to_string(kMaxTextDepth) + " levels");
    }
    open_.push_back({isObject, {}, {}, {}});
    return true;
  }
  // Where a finished value goes: into what is open, or it is the whole.
  bool put(Value value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (open_.back().isObject) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }
  // The first name that stands twice, by its second place; JSON itself does not forbid it.
  static const Value* duplicate(const Value::Map& members) {
    std::set<std::string_view> seen;
    for (const auto& [key, value] : members) {
      if (!seen.insert(key.asString()).second) return &key;
    }
    return nullptr;
  }
  static std::optional<Value> fromTagged(const Value::Map& members) {
    if (members.size() != 1) return std::nullopt;
    const std::string_view tag = members.front().first.asString();
    const Value& content = members.front().second;
    if (tag == "$int" && content.kind() == ValueKind::String) {
      if (const auto number = parseInt(content.asString())) return Value::integer(*number);
    }
    if (tag == "$double" && content.kind() == ValueKind::String) {
      if (const auto number = parseDouble(content.asString())) return Value::real(*number);
    }
    if (tag == "$fact" && content.kind() == ValueKind::Int && content.asInt() >= 0 &&
        content.asInt() <= 0xffffffffLL) {
      return Value::fact(static_cast<FactId>(content.asInt()));
    }
    return std::nullopt;
  }

  std::string_view text_;
  bool tags_;
  std::vector<Open> open_;
  Value result_;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> parseJson(std::string_view json, bool tags) {
  if (json.size() > kMaxBytes) return badInput("the text is longer than 256 MB");
  // The reader would take it for the end of the text, whatever follows.
  if (json.find('\0') != std::string_view::npos) return badInput("a JSON text has no zero bytes");
  ValueBuilder builder(json, tags);
  if (!nlohmann::json::sax_parse(json, &builder)) {
    return builder.error() ? *builder.error() : badInput("this is not JSON");
  }
  return builder.take();
}

}  // namespace reticle
