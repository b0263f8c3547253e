// Events that tell of the engine's own doings. A program that declares an event of such a name
// hears of them, with those of the fields below that it declares.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/type.h"

namespace reticle::model {

// Of a firing that failed: `RuleFailed`.
inline constexpr std::string_view kRuleFailed = "RuleFailed";

// Of what a rule with `on` has made of an event: `RuleProcessed`.
inline constexpr std::string_view kRuleProcessed = "RuleProcessed";

// What an event of that name may declare, each with the type that its values have; nothing for
// another name.
std::vector<std::pair<std::string, Type>> fieldsOfDoing(std::string_view event);

}  // namespace reticle::model
