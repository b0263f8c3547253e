// Renders diagnostics for a terminal, one after the other, and remembers what it has found out
// about their sources: where lines begin, and what documents hold.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/text_places.h"
#include "document/document.h"
#include "reticle/diagnostic.h"

namespace reticle {

class Renderer {
 public:
  // Borrows the sources for its whole life.
  explicit Renderer(const std::vector<Source>& sources) : sources_(sources) {}

  std::string render(const Diagnostic& diagnostic);

 private:
  struct Part;

  const TextPlaces& placesOf(std::uint32_t file);
  const DocumentNode& documentOf(std::uint32_t file);
  void mark(std::vector<Part>& parts, const Span& span, char sign, std::string_view label);
  // The heading of a part: which file, and where in it; of a document the declaration as well.
  std::string headOf(const Part& part, const Span& span, bool guilty, std::string& declaration);

  const std::vector<Source>& sources_;
  std::map<std::uint32_t, TextPlaces> places_;       // by file
  std::map<std::uint32_t, DocumentNode> documents_;  // by file
};

}  // namespace reticle
