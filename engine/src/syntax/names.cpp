// Reads names, with the one rule about their first letters: capitals are for types.
#include <algorithm>

#include "syntax/name_parser.h"

namespace reticle {

tree::Name NameParser::takeName(std::string_view what) {
  if (recovering()) return {};
  // `in` alone is never a misused name: `for in list` lacks one.
  if (is(Word) && !isWord("in")) {
    if (at().reserved) advice_.reserved(at(), what);
    return nameOf(take());
  }
  if (advice_.nameInQuotes(what)) {
    const Lexeme& text = take();
    return {lexemes().decoded(text), spanOf(text)};
  }
  advice_.lacks(Lack::Name, spanOf(previous()), {what});
  return {};
}

tree::Name NameParser::groupName() {
  if (recovering() || !is(String)) return takeName("group");
  const Lexeme& text = take();
  return {lexemes().decoded(text), spanOf(text)};
}

// QName = IDENT { "." IDENT }
tree::Name NameParser::qualifiedName(std::string_view what) {
  tree::Name name = takeName(what);
  while (takeIf(Dot)) {
    if (what == "module" && advice_.importOfEverything()) {
      take();
      break;
    }
    if (!is(Word)) {
      const Span sofar = span(name.span.begin, previous().end);
      advice_.lacks(Lack::NameAfterPoint, sofar, {shown(sofar)});
      break;
    }
    name.text += "." + std::string(textOf(take()));
    name.span.end = previous().end;
  }
  return name;
}

tree::Name NameParser::bindingName(std::string_view what) {
  tree::Name name = takeName(what);
  // Remembered, so that its uses are not reported as unknown types.
  if (name && advice_.capitalBinding(name, what)) capitalBindings_.push_back(name.text);
  return name;
}

// Rules and tests have a text, all others a name; a rule may have a name, too.
tree::Name NameParser::declaredName(std::string_view kind, const Lexeme& keyword, bool type) {
  if ((kind == "rule" || kind == "test") && is(String)) {
    const Lexeme& text = take();
    return {lexemes().decoded(text), spanOf(text)};
  }
  if (kind == "test" && advice_.testNameWithoutQuotes()) return nameOf(take());
  if (advice_.declarationWithoutName(kind, keyword, type)) return {};
  tree::Name name = takeName(kind);
  if (name) advice_.firstLetter(name, kind, type);
  return name;
}

void NameParser::names(std::vector<tree::Name>& out, std::string_view what) {
  do out.push_back(takeName(what));
  while (takeIf(Comma));
}

void NameParser::path(std::vector<tree::Name>& out) {
  do out.push_back(takeName("property"));
  while (takeIf(Dot));
}

bool NameParser::isCapitalBinding(std::string_view name) const {
  return std::find(capitalBindings_.begin(), capitalBindings_.end(), name) !=
         capitalBindings_.end();
}

}  // namespace reticle
