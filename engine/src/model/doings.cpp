// The fields of the engine's own events.

#include "model/doings.h"

#include "model/types.h"

namespace reticle::model {

std::vector<std::pair<std::string, Type>> fieldsOfDoing(std::string_view event) {
  const Type string = Type::of(TypeKind::String), integer = Type::of(TypeKind::Int);
  const Type list = listOf(Type::of(TypeKind::Any));
  if (event == kRuleProcessed) {
    return {{"rule", string},
            {"event", string},
            {"type", string},
            {"subject", string.asOptional()},
            {"fired", integer},
            {"failed", integer},
            {"code", string.asOptional()},
            {"message", string.asOptional()},
            {"chain", string},
            {"conditions", list},
            {"bindings", list},
            {"changes", list}};
  }
  if (event != kRuleFailed) return {};
  return {{"rule", string},
          {"code", string},
          {"message", string},
          {"part", string.asOptional()},
          {"event", string.asOptional()},
          {"type", string.asOptional()},
          {"subject", string.asOptional()},
          {"chain", string},
          {"facts", list}};
}

}  // namespace reticle::model
