// What conditions mean, canonically: with row numbers instead of names, and functions expanded. Two
// groups with equal texts match alike, so their nodes can be shared.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace reticle {

std::string conditionText(const model::Condition& condition,
                          const std::vector<UserFunction>& functions);
std::string groupText(const std::vector<model::Condition>& conditions,
                      const std::vector<UserFunction>& functions);
// What an accumulation computes of its candidates: functions, arguments, group keys.
std::string intoText(const model::Condition& condition, const std::vector<UserFunction>& functions);

}  // namespace reticle
