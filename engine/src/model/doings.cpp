// The fields of the engine's own events.

#include "model/doings.h"

#include "model/types.h"

namespace reticle::model {

std::vector<std::pair<std::string, Type>> fieldsOfDoing(std::string_view event) {
  if (event != kRuleFailed) return {};
  const Type string = Type::of(TypeKind::String);
  return {{"rule", string},
          {"code", string},
          {"message", string},
          {"part", string.asOptional()},
          {"event", string.asOptional()},
          {"type", string.asOptional()},
          {"subject", string.asOptional()},
          {"chain", string},
          {"facts", listOf(Type::of(TypeKind::Any))}};
}

}  // namespace reticle::model
