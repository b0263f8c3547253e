// Expressions from text for tests, with names resolved in the plainest way: the compiler of
// expressions is tested here, not the checker.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/code.h"

namespace reticle {

struct Names {
  // Facts: name and fields. A name alone is a row, `name.field` a field of it.
  std::vector<std::pair<std::string, std::vector<std::string>>> rows;
  std::vector<std::string> locals;
  // Fields that are reached through references: `x.field` on anything else.
  std::vector<std::string> fields;
  // Calls of these names: declared functions, by position; host functions; queries.
  std::vector<std::string> functions, hosts, queries;
};

// The expression, or Poison when the text has mistakes.
Expr read(std::string_view text, const Names& names = {});

// The value of an expression without rows, as text.
std::string evaluateText(std::string_view text, const Names& names = {},
                         const std::vector<Value>& locals = {});

}  // namespace reticle
