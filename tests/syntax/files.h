// Test data of this folder: files below the top folder of the repository.
#pragma once

#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#ifndef RETICLE_SOURCE_DIR
#define RETICLE_SOURCE_DIR "."
#endif

namespace reticle::test {

inline std::string pathOf(const std::string& name) { return std::string(RETICLE_SOURCE_DIR) + "/" + name; }

inline std::string readFile(const std::string& name) {
  std::string text;
  std::FILE* file = std::fopen(pathOf(name).c_str(), "rb");
  if (file == nullptr) return text;
  char buffer[4096];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, count);
  std::fclose(file);
  return text;
}

inline bool writeFile(const std::string& name, const std::string& text) {
  std::FILE* file = std::fopen(pathOf(name).c_str(), "wb");
  if (file == nullptr) return false;
  const bool done = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && done;
}

// The names of the files of a folder that end so, in order.
inline std::vector<std::string> filesOf(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  DIR* directory = opendir(pathOf(folder).c_str());
  if (directory == nullptr) return names;
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (name.size() > ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0) names.push_back(name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

inline const std::string kPrograms = "tests/scripts/programs";

}  // namespace reticle::test
