// Types and extensions of envelopes.
#include "envelope.h"

#include <algorithm>
#include <utility>

namespace reticle::cli {

const TypeSchema* eventType(const Schema& schema, std::string_view name) {
  for (const TypeSchema& type : schema.types) {
    if (type.kind == TypeSchema::Kind::Event && (type.name == name || type.as == name)) {
      return &type;
    }
  }
  return nullptr;
}

std::vector<std::string> takeExtensions(const TypeSchema& type, wire::IncomingEvent& event) {
  std::vector<std::string> passedOver;
  for (auto& [name, value] : event.extensions) {
    const auto isIt = [&name = name](const auto& field) { return field.first == name; };
    Fields& data = event.emit.data;
    if (type.find(name) && std::none_of(data.begin(), data.end(), isIt)) {
      data.emplace_back(name, std::move(value));
    } else if (name != "originid" && name != "cause") {
      passedOver.push_back(name);
    }
  }
  return passedOver;
}

}  // namespace reticle::cli
