// JSON text, as the results of the language service are written.
#pragma once

#include "base/json_writer.h"

namespace reticle::language {

class Json : public JsonWriter<Json> {};

}  // namespace reticle::language
