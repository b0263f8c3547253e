#include "syntax/fit_fixes.h"

#include <algorithm>

namespace reticle {
namespace {

bool fit(Edit& edit, const Node& root) {
  const DocumentPlace begin = placeIn(root, edit.span.begin);
  if (begin.node == nullptr || !begin.inText) return false;
  const std::uint32_t end = begin.node->placeOf(static_cast<std::uint32_t>(begin.node->text.size()));
  return edit.span.end <= end && escapeFor(*begin.node, edit.text);
}

}  // namespace

void fitFixes(Diagnostic& diagnostic, const Node& root) {
  std::vector<Fix> kept;
  for (Fix& fix : diagnostic.fixes) {
    const bool fits = std::all_of(fix.edits.begin(), fix.edits.end(), [&](Edit& edit) { return fit(edit, root); });
    if (fits) kept.push_back(std::move(fix));
    else diagnostic.help.push_back(std::move(fix.title));
  }
  diagnostic.fixes = std::move(kept);
}

}  // namespace reticle
