// The test suite's entry. Takes doctest's arguments and `--digests FILE` (or RETICLE_DIGESTS=FILE
// in the environment): the file to which tests append lines `name digest`, begun empty here, so
// that the native suite and the one in WebAssembly can be compared. Run it from the top folder:
// tests read files by that path.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string_view{argv[i]} == "--digests") setenv("RETICLE_DIGESTS", argv[i + 1], 1);
  }
  if (const char* path = std::getenv("RETICLE_DIGESTS")) {
    std::FILE* file = std::fopen(path, "w");
    if (file == nullptr) {
      std::fprintf(stderr, "cannot write the digests to %s\n", path);
      return 2;
    }
    std::fclose(file);
  }
  return doctest::Context(argc, argv).run();
}
