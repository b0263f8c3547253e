#include "syntax/import_json.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace reticle {
namespace {

constexpr std::size_t kMaxDepth = 100;

// Takes what the parser reads, piece by piece; no recursion, so that no text is too deep for the stack.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit Builder(std::string_view text) : text_(text) {}

  bool null() { return put({}); }
  bool boolean(bool value) { return put(Value::boolean(value)); }
  bool number_integer(number_integer_t number) { return put(Value::integer(number)); }
  bool number_unsigned(number_unsigned_t number) {
    return put(number <= INT64_MAX ? Value::integer(static_cast<std::int64_t>(number)) : Value::real(static_cast<double>(number)));
  }
  bool number_float(number_float_t number, const string_t&) { return put(Value::real(number)); }
  bool string(string_t& text) { return put(Value::string(text)); }
  bool binary(binary_t&) { return fail("this is not text"); }
  bool start_object(std::size_t) { return start(true); }
  bool start_array(std::size_t) { return start(false); }
  bool key(string_t& name) {
    for (const auto& member : open_.back().members) {
      if (member.first.asString() == name) return fail("the member `" + name + "` is given twice in one object");
    }
    open_.back().key = name;
    return true;
  }
  bool end_array() {
    Value made = Value::list(std::move(open_.back().items));
    open_.pop_back();
    return put(std::move(made));
  }
  bool end_object() {
    Value made = Value::map(std::move(open_.back().members));
    open_.pop_back();
    return put(std::move(made));
  }
  template <typename Exception>
  bool parse_error(std::size_t position, const std::string& last, const Exception&) {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(position, text_.size()));
    const std::string line = std::to_string(1 + std::count(text_.begin(), end, '\n'));
    return fail("this is not JSON: " + (last.empty() ? "it ends too early, on line " + line : "line " + line + " has an unexpected `" + last.substr(last.size() > 40 ? last.size() - 40 : 0) + "`"));
  }

  const std::string& problem() const { return problem_; }
  Value take() { return std::move(result_); }

 private:
  struct Open {
    bool isObject = false;
    std::string key;
    Value::List items;
    Value::Map members;
  };

  bool fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
  }
  bool start(bool isObject) {
    if (open_.size() >= kMaxDepth) return fail("this nests deeper than " + std::to_string(kMaxDepth) + " levels");
    open_.push_back({isObject, {}, {}, {}});
    return true;
  }
  bool put(Value value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (open_.back().isObject) {
      open_.back().members.emplace_back(Value::string(open_.back().key), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  std::string_view text_;
  std::vector<Open> open_;
  Value result_;
  std::string problem_;
};

}  // namespace

Result<Value> readJson(std::string_view text) {
  Builder builder(text);
  if (nlohmann::json::sax_parse(text, &builder)) return builder.take();
  return Error{ErrorCode::BadInput, builder.problem().empty() ? "this is not JSON" : builder.problem(), {}, {}};
}

}  // namespace reticle
