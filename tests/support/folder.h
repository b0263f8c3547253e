// The files of a folder of the repository, for tests over all that stands there.
#pragma once

#include <dirent.h>

#include <algorithm>
#include <string>
#include <vector>

namespace reticle::test {

// The path of a file below the top folder of the checkout.
std::string pathOf(const std::string& name);

// The names of the files of a folder that end so, in order.
inline std::vector<std::string> filesOf(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  DIR* directory = opendir(pathOf(folder).c_str());
  if (directory == nullptr) return names;
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (name.size() > ending.size() &&
        name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
      names.push_back(name);
    }
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace reticle::test
