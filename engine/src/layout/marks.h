// What the tree of a module says about the gaps of its text: the style of the formatter. layout.h
// carries it out.
#pragma once

#include <string_view>

#include "layout/layout.h"
#include "syntax/tree.h"

namespace reticle {

struct MarkOptions {
  bool keepBrackets = false;  // also those that change nothing
};

// Requires: the tree and the lexemes were read from `text` without a mistake.
Marked markModule(std::string_view text, Lexemes lexemes, const tree::Module& module,
                  const MarkOptions& options = {});
Marked markExpression(std::string_view text, Lexemes lexemes, const Expr& expr,
                      const MarkOptions& options = {});

}  // namespace reticle
