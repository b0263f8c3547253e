// What looking at a value costs: one unit an item, and one for so many bytes of text.
#include "expression/fuel.h"

namespace reticle {

std::int64_t units(const Value& value) {
  if (value.kind() == ValueKind::List) return static_cast<std::int64_t>(value.asList().size());
  if (value.kind() == ValueKind::Map) return static_cast<std::int64_t>(value.asMap().size());
  if (value.kind() == ValueKind::Optional) return value.isNone() ? 0 : 1 + units(value.held());
  const bool isText = value.kind() == ValueKind::String || value.kind() == ValueKind::Bytes;
  return isText ? static_cast<std::int64_t>(value.asString().size()) / kBytesPerUnit : 0;
}

// All that lies inside; stops as soon as the fuel is spent.
void spendOn(const Value& value, std::int64_t& fuel) {
  fuel -= units(value);
  if (value.kind() == ValueKind::List) {
    for (const Value& item : value.asList()) {
      if (fuel < 0) return;
      spendOn(item, fuel);
    }
  } else if (value.kind() == ValueKind::Map) {
    for (const auto& [key, item] : value.asMap()) {
      if (fuel < 0) return;
      spendOn(item, fuel);
    }
  } else if (value.kind() == ValueKind::Optional && !value.isNone()) {
    spendOn(value.held(), fuel);
  }
}

}  // namespace reticle
