// Turns the fixes of a reader of texts into edits of the JSON or YAML document that holds them; one
// that cannot be written there becomes help.
#include "form/fit_fixes.h"

#include <algorithm>
#include <optional>

namespace reticle {
namespace {

bool fit(Edit& edit, const DocumentNode& root) {
  const DocumentPlace begin = placeIn(root, edit.span.begin);
  if (begin.node == nullptr || !begin.inText) return false;
  const std::uint32_t end =
      begin.node->placeOf(static_cast<std::uint32_t>(begin.node->text.size()));
  return edit.span.end <= end && escapeFor(*begin.node, edit.text);
}

}  // namespace

void fitFixes(Diagnostic& diagnostic, const DocumentNode& root) {
  std::vector<Fix> kept;
  for (Fix& fix : diagnostic.fixes) {
    const bool fits = std::all_of(fix.edits.begin(), fix.edits.end(),
                                  [&](Edit& edit) { return fit(edit, root); });
    if (fits) {
      kept.push_back(std::move(fix));
    } else {
      diagnostic.help.push_back(std::move(fix.title));
    }
  }
  diagnostic.fixes = std::move(kept);
}

void fitFixes(std::vector<Diagnostic>& diagnostics, std::size_t from,
              const std::vector<Source>& sources) {
  std::vector<std::optional<DocumentNode>> documents(sources.size());
  for (std::size_t i = from; i < diagnostics.size(); ++i) {
    Diagnostic& d = diagnostics[i];
    const std::uint32_t file = d.span.file;
    if (d.fixes.empty() || file >= sources.size() ||
        documentFormOf(sources[file].name) == DocumentForm::None) {
      continue;
    }
    std::vector<Diagnostic> ignored;
    if (!documents[file]) documents[file] = readDocument(sources[file], file, ignored);
    fitFixes(d, *documents[file]);
  }
}

}  // namespace reticle
