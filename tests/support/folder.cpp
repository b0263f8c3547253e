// The one source of the tests that knows where the checkout is: all others are compiled alike wherever it stands.
#include "support/folder.h"

#ifndef RETICLE_SOURCE_DIR
#define RETICLE_SOURCE_DIR "."
#endif

namespace reticle::test {

std::string pathOf(const std::string& name) { return std::string(RETICLE_SOURCE_DIR) + "/" + name; }

}  // namespace reticle::test
