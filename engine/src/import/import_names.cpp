// Names that a module can have, and paths that an expression can follow, from texts that any JSON
// may hold.
#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/number.h"
#include "base/utf8.h"
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

// Letters of Latin-1 and their neighbours as they are written without their marks, in the German
// way where there is one. ORDER: by code point.
struct PlainLetters {
  std::uint32_t first, last;
  const char* plain;
};
constexpr PlainLetters kPlainLetters[] = {
    {0xC0, 0xC3, "A"},   {0xC4, 0xC4, "Ae"},   {0xC5, 0xC5, "A"},    {0xC6, 0xC6, "Ae"},
    {0xC7, 0xC7, "C"},   {0xC8, 0xCB, "E"},    {0xCC, 0xCF, "I"},    {0xD0, 0xD0, "D"},
    {0xD1, 0xD1, "N"},   {0xD2, 0xD5, "O"},    {0xD6, 0xD6, "Oe"},   {0xD8, 0xD8, "Oe"},
    {0xD9, 0xDB, "U"},   {0xDC, 0xDC, "Ue"},   {0xDD, 0xDD, "Y"},    {0xDE, 0xDE, "Th"},
    {0xDF, 0xDF, "ss"},  {0xE0, 0xE3, "a"},    {0xE4, 0xE4, "ae"},   {0xE5, 0xE5, "a"},
    {0xE6, 0xE6, "ae"},  {0xE7, 0xE7, "c"},    {0xE8, 0xEB, "e"},    {0xEC, 0xEF, "i"},
    {0xF0, 0xF0, "d"},   {0xF1, 0xF1, "n"},    {0xF2, 0xF5, "o"},    {0xF6, 0xF6, "oe"},
    {0xF8, 0xF8, "oe"},  {0xF9, 0xFB, "u"},    {0xFC, 0xFC, "ue"},   {0xFD, 0xFD, "y"},
    {0xFE, 0xFE, "th"},  {0xFF, 0xFF, "y"},    {0x104, 0x104, "A"},  {0x105, 0x105, "a"},
    {0x106, 0x10D, "c"}, {0x10E, 0x111, "d"},  {0x118, 0x11B, "e"},  {0x141, 0x142, "l"},
    {0x143, 0x148, "n"}, {0x150, 0x151, "oe"}, {0x152, 0x153, "oe"}, {0x158, 0x159, "r"},
    {0x15A, 0x161, "s"}, {0x164, 0x165, "t"},  {0x16E, 0x16F, "u"},  {0x170, 0x171, "ue"},
    {0x178, 0x178, "Y"}, {0x179, 0x17E, "z"}};

std::string inPlainLetters(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decodeUtf8(text, at);
    const auto letter = std::find_if(
        std::begin(kPlainLetters), std::end(kPlainLetters), [&](const PlainLetters& each) {
          return point.valid && point.code >= each.first && point.code <= each.last;
        });
    if (letter != std::end(kPlainLetters)) {
      plain += letter->plain;
    } else {
      plain += text.substr(at, point.size);
    }
    at += point.size;
  }
  return plain;
}

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

std::string nameFrom(std::string_view original, bool isType, std::string_view otherwise) {
  const std::string text = inPlainLetters(original);
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
