// Counts what goes through operator new, which is replaced here for the whole test program.
#include "support/allocations.h"

#include <cstdlib>
#include <new>

namespace {

std::uint64_t count = 0;

void* counted(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  std::abort();  // as the engine is built: without exceptions
}

}  // namespace

namespace reticle::test {

std::uint64_t allocations() { return count; }

}  // namespace reticle::test

// The other forms of new and delete call these, but for those of objects with a greater alignment.
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
