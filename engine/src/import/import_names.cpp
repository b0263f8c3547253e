// Names that a module can have, and paths that an expression can follow, from texts that any JSON
// may hold.
#include <algorithm>

#include "base/number.h"
#include "import/import_rules.h"
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
  return !text.empty() && !isDigit(text[0]) && std::all_of(text.begin(), text.end(), isWord) &&
         !isReservedWord(text);
}

std::string freshName(std::vector<std::string>& used, const std::string& wanted,
                      std::string_view gap) {
  std::string name = wanted;
  for (int number = 2; std::find(used.begin(), used.end(), name) != used.end(); ++number) {
    name = wanted + std::string(gap) + std::to_string(number);
  }
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
  // A type begins with a capital, and neither a digit nor `_` has one.
  if (isDigit(name[0]) || (isType && name[0] == '_')) name = std::string(otherwise) + name;
  name[0] = isType ? upper(name[0]) : lower(name[0]);
  if (isReservedWord(name)) name += "_";
  return name;
}

// JSONPath in the part that only goes down: `$.a.b[0]['c d']`, with or without `$`. Filters,
// wildcards, slices and functions are left to the host.
std::optional<std::vector<Value>> plainPath(std::string_view text) {
  std::vector<Value> parts;
  std::size_t at = text.starts_with("$") ? 1 : 0;
  // After `$` a dot or a bracket must follow; without it the first name stands bare.
  bool needsDot = at == 1;
  const auto add = [&](std::string_view name) {
    const std::optional<std::int64_t> position = parseInt(name);
    // `a.0` is a position, as in the library; a sign makes it a name.
    parts.push_back(position && name[0] != '-' && name[0] != '+' ? Value::integer(*position)
                                                                 : Value::string(name));
  };
  while (at < text.size()) {
    if (text[at] == '[') {
      const std::size_t end = text.find(']', at);
      if (end == std::string_view::npos) return std::nullopt;
      std::string_view inside = text.substr(at + 1, end - at - 1);
      if (inside.size() >= 2 && (inside[0] == '\'' || inside[0] == '"') &&
          inside.back() == inside[0]) {
        parts.push_back(Value::string(inside.substr(1, inside.size() - 2)));
      } else if (!inside.empty() &&
                 inside.find_first_not_of("0123456789") == std::string_view::npos) {
        add(inside);
      } else {
        return std::nullopt;
      }
      at = end + 1;
    } else {
      if (needsDot != (text[at] == '.')) return std::nullopt;
      if (needsDot) ++at;
      const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
      const std::string_view name = text.substr(at, end - at);
      if (name.empty() || name.find_first_of("]*?()@^~,:`'\" ") != std::string_view::npos) {
        return std::nullopt;
      }
      add(name);
      at = end;
    }
    needsDot = true;
  }
  return parts;
}

}  // namespace reticle::importing
