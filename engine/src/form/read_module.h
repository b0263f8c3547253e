// Reads a source of any form into a tree.
#pragma once

#include <vector>

#include "document/document.h"
#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// Goes by the name of the source. As parseModule: never fails, reports what is wrong.
tree::Module readModule(const Source& source, std::uint32_t file,
                        std::vector<Diagnostic>& diagnostics);

// From a document that is read already; `sound` says that nothing was wrong with it.
tree::Module readForm(const DocumentNode& document, std::uint32_t file,
                      std::vector<Diagnostic>& diagnostics, bool sound);

}  // namespace reticle
