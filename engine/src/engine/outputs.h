// Outputs on their way out: as bytes of the journal, and in their order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/output.h"

namespace reticle {

// Events whole, so that recovery can release them again; of a call its id and attempt, since the
// run's state holds the rest.
std::string encodeOutput(const Output& output);
// The event; nothing for calls and for bytes that are no output.
std::optional<CloudEvent> decodeEventOutput(std::string_view bytes);

// Lets every event leave after the events it caused; calls keep their places.
void nestEvents(std::vector<Output>& outputs);

}  // namespace reticle
