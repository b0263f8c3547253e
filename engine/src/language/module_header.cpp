// What stands at the top of a module, and places of a text, for hosts that keep the documents.
#include <string>
#include <utility>

#include "language/lines.h"
#include "reticle/language.h"
#include "syntax/lexer.h"

namespace reticle {

// `module a.b` and `import a.b as c`, one after another.
ModuleHeader moduleHeader(std::string_view text) {
  ModuleHeader header;
  std::vector<Diagnostic> ignored;
  const Lexemes lexemes = lex(text, 0, ignored);
  const auto& items = lexemes.items;
  const auto isAt = [&](std::size_t i, LexemeKind kind) {
    return i + 1 < items.size() && items[i].kind == kind;
  };
  const auto textAt = [&](std::size_t i) {
    return std::string(text.substr(items[i].begin, items[i].end - items[i].begin));
  };
  std::size_t i = 0;
  while (isAt(i, LexemeKind::Word)) {
    const std::string word = textAt(i);
    if ((word != "module" && word != "import") || items[i + 1].kind != LexemeKind::Word) break;
    std::string name = textAt(++i);
    for (++i; isAt(i, LexemeKind::Dot) && items[i + 1].kind == LexemeKind::Word; i += 2) {
      name += "." + textAt(i + 1);
    }
    if (word == "module") {
      header.module = std::move(name);
    } else {
      header.imports.push_back(std::move(name));
      if (isAt(i, LexemeKind::Word) && textAt(i) == "as") i += 2;
    }
    while (i < items.size() && items[i].kind == LexemeKind::Semicolon) ++i;
  }
  return header;
}

std::optional<std::size_t> byteAt(std::string_view text, std::uint32_t line,
                                  std::uint32_t character) {
  return language::Lines(text).byteAt(text, {line, character});
}

}  // namespace reticle
