// The dump of a tree.
#pragma once

#include <string>

#include "syntax/tree.h"

namespace reticle {

// The stable dump of a tree, one node a line, indented: for tests, the command line and the
// playground. Spans are left out, so that texts which differ only in layout have the same dump.
std::string dump(const tree::Module& module);

}  // namespace reticle
