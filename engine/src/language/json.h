// JSON text, member by member; keeps the commas. The caller closes what it opens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/value_json.h"

namespace reticle::language {

class Json {
 public:
  Json& object() { return begin('{'); }
  Json& endObject() { return end('}'); }
  Json& list() { return begin('['); }
  Json& endList() { return end(']'); }
  Json& key(std::string_view name) {
    separate();
    writeJsonString(out_, name);
    out_ += ':';
    comma_ = false;
    return *this;
  }
  Json& text(std::string_view text) {
    separate();
    writeJsonString(out_, text);
    return ended();
  }
  Json& number(std::uint64_t number) { return raw(std::to_string(number)); }
  Json& boolean(bool value) { return raw(value ? "true" : "false"); }
  // Text that is JSON already.
  Json& raw(std::string_view json) {
    separate();
    out_ += json;
    return ended();
  }
  // A member with a text as its value; nothing when it is empty.
  Json& member(std::string_view name, std::string_view value) { return value.empty() ? *this : key(name).text(value); }
  std::string take() { return std::move(out_); }

 private:
  Json& begin(char sign) {
    separate();
    out_ += sign;
    comma_ = false;
    return *this;
  }
  Json& end(char sign) {
    out_ += sign;
    return ended();
  }
  Json& ended() {
    comma_ = true;
    return *this;
  }
  void separate() {
    if (comma_) out_ += ',';
  }
  std::string out_;
  bool comma_ = false;
};

}  // namespace reticle::language
