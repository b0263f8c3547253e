// The text of the functions that imported modules bring.
#include "import/import_functions.h"

#include "import/import_rules.h"

namespace reticle::importing {
namespace {

struct FunctionText {
  const char* name;
  const char* doc;
  const char* text;  // `%0` is the name of the first one
};

// ORDER: ModuleFunctions::Function
constexpr FunctionText kFunctions[ModuleFunctions::kCount] = {
    {"number", "What JavaScript takes for a number: one, or a text that is one.",
     "(value: any) -> double = type(value) == int || type(value) == double ? double(value) : "
     "type(value) == string && value.matches(\"^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)"
     "([eE][-+]?[0-9]+)?$\") ? double(value) : double(\"NaN\")"},
    {"order",
     "Below zero when the left side is less, above when it is more; otherwise NaN. Two texts are "
     "compared letter by letter when the left one begins with a number, all else as numbers.",
     "(left: any, right: any) -> double = type(left) == string && type(right) == string ? "
     "(!left.matches(\"^[ \\t\\r\\n]*[-+]?[.]?[0-9]\") ? double(\"NaN\") : left < right ? -1.0 : "
     "left "
     "> right ? 1.0 : 0.0) : %0(left) - %0(right)"},
    {"part", "What a step of a path leads to; null: nowhere.",
     "(value: any, step: any) -> any = type(value) == map && type(step) == string ? "
     "value[?step].orValue(null) : type(value) == list && type(step) == int ? "
     "value[?step].orValue(null) : step == \"length\" && (type(value) == list || type(value) == "
     "string) ? size(value) : null"}};

}  // namespace

ModuleFunctions::ModuleFunctions(std::vector<std::string>& used) {
  for (std::size_t i = 0; i < kCount; ++i) names_[i] = freshName(used, kFunctions[i].name);
}

const std::string& ModuleFunctions::need(Function function) {
  isNeeded_[function] = true;
  if (function == Order) isNeeded_[Number] = true;
  return names_[function];
}

std::string ModuleFunctions::text() const {
  std::string result;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (!isNeeded_[i]) continue;
    std::string text = kFunctions[i].text;
    for (std::size_t at; (at = text.find("%0")) != std::string::npos;) {
      text.replace(at, 2, names_[Number]);
    }
    result += std::string("\n/// ") + kFunctions[i].doc + "\nfunction " + names_[i] + text + "\n";
  }
  return result;
}

}  // namespace reticle::importing
