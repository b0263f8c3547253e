// Files below the top folder of the repository: read and written whole.
#pragma once

#include <cstdio>
#include <string>

#include "support/folder.h"

namespace reticle::test {

// The text of a file; empty when it is not there.
inline std::string contentOf(const std::string& name) {
  std::string text;
  std::FILE* file = std::fopen(pathOf(name).c_str(), "rb");
  if (file == nullptr) return text;
  char buffer[4096];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, count);
  }
  std::fclose(file);
  return text;
}

inline bool writeFile(const std::string& name, const std::string& text) {
  std::FILE* file = std::fopen(pathOf(name).c_str(), "wb");
  if (file == nullptr) return false;
  const bool done = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && done;
}

inline const std::string kPrograms = "tests/scripts/programs";

}  // namespace reticle::test
