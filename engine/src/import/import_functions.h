// The functions that an imported module brings for itself: they compare as JavaScript does, and
// have a value for everything.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace reticle::importing {

// Of these a module has those that its rules need.
class ModuleFunctions {
 public:
  // ORDER: kFunctions in import_functions.cpp
  enum Function : std::size_t { Number, Order, Part, kCount };

  // Gives them names that are not in `used`, which then has them.
  explicit ModuleFunctions(std::vector<std::string>& used);

  // The name of a function, which is then needed, with those it calls.
  const std::string& need(Function function);
  // The declarations of what is needed.
  std::string text() const;

 private:
  std::array<std::string, kCount> names_;
  std::array<bool, kCount> isNeeded_{};
};

}  // namespace reticle::importing
