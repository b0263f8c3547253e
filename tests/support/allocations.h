// How often the program has asked for memory: work that can be counted and compared, alike on slow
// machines and fast ones.
#pragma once

#include <cstdint>

namespace reticle::test {

// Since the program began, of all its code.
std::uint64_t allocations();

}  // namespace reticle::test
