// Repairs of what stands inside a text of a document.
#pragma once

#include <cstddef>
#include <vector>

#include "document/document.h"
#include "reticle/diagnostic.h"

namespace reticle {

// Makes the edits of a diagnostic fit into a document: what goes into a text is escaped as that
// text needs. A fix that would change more than the inside of one text becomes a help: the document
// has other words for it.
void fitFixes(Diagnostic& diagnostic, const DocumentNode& root);

// The same for all diagnostics from a place in the list on that are about documents: those of the
// stages after reading, which know nothing of forms.
void fitFixes(std::vector<Diagnostic>& diagnostics, std::size_t from,
              const std::vector<Source>& sources);

}  // namespace reticle
