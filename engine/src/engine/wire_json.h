// Writes JSON text member by member; keeps the commas. The caller closes what it opens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/number.h"
#include "base/value_json.h"
#include "reticle/engine.h"

namespace reticle::wire {

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
  Json& number(std::int64_t number) {
    separate();
    appendInt(out_, number);
    return ended();
  }
  Json& boolean(bool value) { return raw(value ? "true" : "false"); }
  Json& null() { return raw("null"); }
  Json& value(const Value& value) {
    separate();
    writeJson(out_, value);
    return ended();
  }
  Json& millis(Time time);
  // Text that is JSON already.
  Json& raw(std::string_view json) {
    separate();
    out_ += json;
    return ended();
  }

  Json& fields(const Fields& fields) {
    object();
    for (const auto& [name, value] : fields) key(name).value(value);
    return endObject();
  }
  template <typename Id>
  Json& ids(const std::vector<Id>& ids) {
    list();
    for (const Id id : ids) number(index(id));
    return endList();
  }

  // Members that are left out when they say nothing.
  Json& textUnlessEmpty(std::string_view name, std::string_view value) {
    if (!value.empty()) key(name).text(value);
    return *this;
  }
  Json& flagIfSet(std::string_view name, bool value) {
    if (value) key(name).boolean(true);
    return *this;
  }

  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (comma_) out_ += ',';
  }
  Json& ended() {
    comma_ = true;
    return *this;
  }
  Json& begin(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
  }
  Json& end(char bracket) {
    out_ += bracket;
    return ended();
  }

  std::string out_;
  bool comma_ = false;
};

}  // namespace reticle::wire
