// JSON text with what the wire says of the engine's own things.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/value_json.h"
#include "reticle/engine.h"

namespace reticle::wire {

// Spells a time in milliseconds: 1500, 0.25.
void appendMillis(std::string& out, Time time);

class Json : public JsonWriter<Json> {
 public:
  Json& null() { return raw("null"); }
  Json& value(const Value& value) {
    separate();
    writeJson(out_, value);
    return ended();
  }
  Json& millis(Time time);
  Json& output(const Output& output);
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
  // A member that is left out when it says nothing.
  Json& flagIfSet(std::string_view name, bool value) {
    if (value) key(name).boolean(true);
    return *this;
  }
};

// "error", "warning" or "information".
constexpr const char* levelName(Level level) {
  switch (level) {
    case Level::Error: return "error";
    case Level::Warning: return "warning";
    case Level::Information: return "information";
  }
  return "error";
}

}  // namespace reticle::wire
