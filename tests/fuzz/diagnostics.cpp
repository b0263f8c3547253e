// What must hold of every diagnostic, whatever it is about.
#include "base/utf8.h"
#include "fuzz/targets.h"

namespace reticle::fuzz {
namespace {

bool within(const Span& span, const std::vector<Source>& sources) {
  return span.file < sources.size() && span.begin <= span.end &&
         span.end <= sources[span.file].text.size();
}

bool within(const Diagnostic& d, const std::vector<Source>& sources) {
  if (!within(d.span, sources)) return false;
  for (const Related& related : d.related) {
    if (!within(related.span, sources)) return false;
  }
  for (const Fix& fix : d.fixes) {
    for (const Edit& edit : fix.edits) {
      if (!within(edit.span, sources)) return false;
    }
  }
  return true;
}

}  // namespace

std::string diagnosticsBroken(const std::vector<Diagnostic>& diagnostics,
                              const std::vector<Source>& sources) {
  // Showing is slow next to reading, and a hundred diagnostics are shown no otherwise than the
  // first few.
  constexpr std::size_t kShown = 5;
  std::size_t shownSoFar = 0;
  bool readable = true;
  for (const Source& source : sources) readable = readable && isUtf8(source.text);
  for (const Diagnostic& d : diagnostics) {
    if (d.code.empty() || d.message.empty()) return "a diagnostic says nothing";
    if (!within(d, sources)) return d.code + " points outside of the text: " + d.message;
    for (const Fix& fix : d.fixes) {
      if (fix.title.empty() || fix.edits.empty()) return d.code + " has an empty fix: " + d.message;
    }
    if (++shownSoFar > kShown) continue;
    const std::string shown = render(d, sources);
    if (readable && !isUtf8(shown)) return d.code + " is not UTF-8: " + shown;
  }
  return "";
}

}  // namespace reticle::fuzz
