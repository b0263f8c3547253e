// Expressions as their author wrote them.
#pragma once

#include <string>
#include <string_view>

namespace reticle {

// A CEL expression on one line: its own literals, canonical spaces, no brackets that change nothing, no comments. What is no expression is
// answered as it is.
std::string canonicalExpression(std::string_view text);

}  // namespace reticle
