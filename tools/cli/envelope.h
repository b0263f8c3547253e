// What an envelope's type and extensions mean to the events that rules declare.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reticle/schema.h"
#include "reticle/wire.h"

namespace reticle::cli {

// Events by the name of their type or by the one on the wire; null: there is none.
const TypeSchema* eventType(const Schema& schema, std::string_view name);

// An extension goes into the field of its name, unless the data have one. What the engine itself
// puts on the events that it sends means nothing here. Returns those that no field is for.
std::vector<std::string> takeExtensions(const TypeSchema& type, wire::IncomingEvent& event);

}  // namespace reticle::cli
