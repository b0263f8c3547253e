// Reads types.
#include "syntax/type_parser.h"

namespace reticle {

tree::TypeUse TypeParser::type() {
  const std::uint32_t begin = at().begin;
  if (nesting_ >= kMaxNesting) {
    advice_.lacks(Lack::ShallowType, spanOf(at()));
    return {};
  }
  ++nesting_;
  tree::TypeUse type = simpleType();
  --nesting_;
  if (recovering()) return type;
  advice_.tookListWithBrackets(type, begin);
  type.optional = takeIf(Question) || advice_.tookInstead(Spot::OptionalType);
  type.span = spanFrom(begin);
  if (is(Bar)) advice_.lacks(Lack::OneType, spanOf(at()));
  return type;
}

tree::TypeUse TypeParser::simpleType() {
  tree::TypeUse type;
  if (recovering() || advice_.noType()) return type;
  const Lexeme word = take();
  type.name = std::string(textOf(word));
  while (is(Dot) && is(Word, 1)) {
    take();
    type.name += "." + std::string(textOf(take()));
  }
  if (is(Less)) advice_.capitalContainer(type, word);
  if (type.name == "enum") {
    enumValues(type);
    return type;
  }
  typeArguments(type);
  if (recovering()) return type;
  advice_.typeArguments(type, word);
  advice_.unknownType(type, word);
  return type;
}

// "enum" "(" STRING { "," STRING } ")", after its keyword.
void TypeParser::enumValues(tree::TypeUse& out) {
  if (!takeIf(ParenOpen)) return (void)advice_.lacks(Lack::InlineEnumValues, spanOf(previous()));
  blocks().list(ParenClose, "values", [&] {
    if (is(String)) {
      out.values.push_back(lexemes().decoded(take()));
    } else if (advice_.inlineValueWithoutQuotes()) {
      out.values.emplace_back(textOf(take()));
    }
  });
}

// "<" Type { "," Type } ">", where types can have arguments.
void TypeParser::typeArguments(tree::TypeUse& out) {
  const bool takes = out.name == "list" || out.name == "map";
  if (!is(Less) || (!takes && at().lineFirst)) return;
  const Lexeme open = take();
  // A comma is taken even after a mistake: what follows it is no field.
  do out.arguments.push_back(type());
  while (lexemes().takeIf(Comma) && !recovering());
  if (recovering()) return;
  if (is(GreaterEqual)) {
    lexemes().splitGreaterEqual();
  } else if (!takeIf(Greater)) {
    advice_.neverClosed(open, ">");
  }
}

}  // namespace reticle
