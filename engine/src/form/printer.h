// A tree as text of the language: right in every word, plain in its layout. format() lays it out.
#pragma once

#include <string>

#include "form/written.h"

namespace reticle {

// Requires: the tree was read without a mistake.
std::string printText(tree::Module& module, const Written& written);

}  // namespace reticle
