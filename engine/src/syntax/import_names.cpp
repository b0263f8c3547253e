// Names that a module can have, from texts that any JSON may hold.
#include <algorithm>

#include "syntax/import_rules.h"
#include "syntax/lexer.h"

namespace reticle::importing {
namespace {

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWord(char c) { return isLower(c) || isUpper(c) || isDigit(c) || c == '_'; }
char upper(char c) { return isLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool isPlainName(std::string_view text) {
  return !text.empty() && !isDigit(text[0]) && std::all_of(text.begin(), text.end(), isWord) && !isReservedWord(text);
}

std::string freshName(std::vector<std::string>& used, const std::string& wanted, std::string_view gap) {
  std::string name = wanted;
  for (int number = 2; std::find(used.begin(), used.end(), name) != used.end(); ++number) name = wanted + std::string(gap) + std::to_string(number);
  used.push_back(name);
  return name;
}

std::string nameFrom(std::string_view text, bool isType, std::string_view otherwise) {
  std::string name;
  bool atBreak = false;
  for (const char c : text) {
    if (!isWord(c)) {
      atBreak = true;
      continue;
    }
    name += atBreak && !name.empty() ? upper(c) : c;
    atBreak = false;
  }
  if (name.empty()) name = otherwise;
  if (isDigit(name[0]) || (isType && name[0] == '_')) name = std::string(otherwise) + name;
  name[0] = isType ? upper(name[0]) : lower(name[0]);
  if (isReservedWord(name)) name += "_";
  return name;
}

}  // namespace reticle::importing
