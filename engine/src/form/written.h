// Expressions as their author wrote them.
#pragma once

#include <string>
#include <string_view>

#include "document/document.h"
#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// A CEL expression on one line: its own literals, canonical spaces, no brackets that change
// nothing, no comments. What is no expression is answered as it is.
std::string canonicalExpression(std::string_view text);

// The words of a tree's source, whatever its form. Borrows both; they must outlive it.
class Written {
 public:
  // `document` is what the source was read into, null for the text form.
  Written(const Source& source, const DocumentNode* document)
      : source_(source), document_(document) {}

  // As its author wrote it, in canonical spaces; printed from the tree where no source is left.
  std::string of(const Expr& expr) const;
  std::string of(const tree::Duration& duration) const;
  // An expression as an operand: in brackets when an operator could tear it apart.
  std::string operand(const Expr& expr) const;
  // The tests of a table cell.
  std::string of(const std::vector<tree::Cell>& cell) const;

 private:
  // Empty when nothing stands there.
  std::string at(const Span& span) const;

  const Source& source_;
  const DocumentNode* document_;
};

// The notations of the text form.
std::string durationText(Span64 micros);
std::string typeText(const tree::TypeUse& type);
std::string quotedText(std::string_view text);
std::string_view signOf(Operator op);  // of a relation or a range

}  // namespace reticle
