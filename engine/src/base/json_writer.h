// Writes JSON text member by member; keeps the commas. The caller closes what it opens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/number.h"
#include "base/value_json.h"

namespace reticle {

// `Self` is the class that derives from this one: its actions return the writer itself, so that
// they stand in a row.
template <typename Self>
class JsonWriter {
 public:
  Self& object() { return begin('{'); }
  Self& endObject() { return end('}'); }
  Self& list() { return begin('['); }
  Self& endList() { return end(']'); }

  Self& key(std::string_view name) {
    separate();
    writeJsonString(out_, name);
    out_ += ':';
    comma_ = false;
    return self();
  }
  Self& text(std::string_view text) {
    separate();
    writeJsonString(out_, text);
    return ended();
  }
  Self& number(std::int64_t number) {
    separate();
    appendInt(out_, number);
    return ended();
  }
  Self& boolean(bool value) { return raw(value ? "true" : "false"); }
  // Text that is JSON already.
  Self& raw(std::string_view json) {
    separate();
    out_ += json;
    return ended();
  }
  // A member that is left out when it says nothing.
  Self& textUnlessEmpty(std::string_view name, std::string_view value) {
    return value.empty() ? self() : key(name).text(value);
  }

  std::string take() { return std::move(out_); }

 protected:
  void separate() {
    if (comma_) out_ += ',';
  }
  Self& ended() {
    comma_ = true;
    return self();
  }
  Self& self() { return static_cast<Self&>(*this); }

  std::string out_;

 private:
  Self& begin(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return self();
  }
  Self& end(char bracket) {
    out_ += bracket;
    return ended();
  }

  bool comma_ = false;
};

}  // namespace reticle
