// What each word is, for colours: names by what they mean, soft keywords only where they are
// keywords.
#include <array>

#include "base/unreachable.h"
#include "language/context.h"
#include "language/features.h"
#include "reticle/keywords.h"

namespace reticle::language {

using namespace model;

namespace {

using Kind = LexemeKind;

// ORDER: TokenType
constexpr std::array<std::string_view, 11> kTypes = {
    "keyword",  "type",     "class",     "event",    "enum",     "enumMember",
    "property", "variable", "parameter", "function", "namespace"};
enum TokenType : std::uint32_t {
  Keyword_,
  TypeName,
  Class,
  EventName,
  EnumName,
  EnumMember,
  Property,
  VariableName,
  ParameterName,
  FunctionName,
  Namespace
};
constexpr std::array<std::string_view, 4> kModifiers = {"declaration", "readonly", "modification",
                                                        "defaultLibrary"};
enum Modifier : std::uint32_t {
  Declaration = 1,
  Readonly = 2,
  Modification = 4,
  DefaultLibrary = 8
};

// What a word is, as the protocol encodes it.
struct Token {
  TokenType type{};
  std::uint32_t modifiers = 0;
};

// ORDER: SymbolKind. What the language itself declares is marked as such.
Token tokenOf(const SymbolNote& symbol, Use::Kind use) {
  std::uint32_t modifiers = 0;
  if (use == Use::Kind::Definition) modifiers = Declaration;
  if (use == Use::Kind::Write) modifiers = Modification;
  if (symbol.declared == Span{} && symbol.kind != SymbolKind::Local) modifiers |= DefaultLibrary;
  switch (symbol.kind) {
    case SymbolKind::Fact:
    case SymbolKind::Subject: return {Class, modifiers};
    case SymbolKind::Event: return {EventName, modifiers};
    case SymbolKind::Enum: return {EnumName, modifiers};
    case SymbolKind::EnumValue: return {EnumMember, modifiers | Readonly};
    case SymbolKind::Field: return {Property, modifiers};
    case SymbolKind::Const: return {VariableName, modifiers | Readonly};
    case SymbolKind::Parameter: return {ParameterName, modifiers};
    case SymbolKind::Group:
    case SymbolKind::Module: return {Namespace, modifiers};
    case SymbolKind::Binding:
    case SymbolKind::Local:
    case SymbolKind::Variable:
    case SymbolKind::Step: return {VariableName, modifiers};
    case SymbolKind::Function:
    case SymbolKind::Host:
    case SymbolKind::Table:
    case SymbolKind::Query:
    case SymbolKind::Flow:
    case SymbolKind::Builtin:
    case SymbolKind::Rule:
    case SymbolKind::Test: return {FunctionName, modifiers};
  }
  unreachable("a symbol has a colour");
}

// ORDER: LexemeKind.
bool isOperator(Kind kind) { return kind >= Kind::Plus && kind <= Kind::Or; }

// A word that means nothing else: is it one of the language here?
bool isKeyword(const Words& words, std::uint32_t i) {
  const Keyword* keyword = findKeyword(words.text(i));
  if (!keyword || keyword->group == KeywordGroup::Type) return words[i].reserved;
  if (words[i].reserved || keyword->group == KeywordGroup::Constant) return words[i].reserved;
  // After a dot, or before a colon or `=`, it names something.
  const Kind before = i > 0 ? words[i - 1].kind : Kind::End;
  if (before == Kind::Dot || words[i + 1].kind == Kind::Colon || words[i + 1].kind == Kind::Dot ||
      words[i + 1].kind == Kind::Assign) {
    return false;
  }
  const std::string_view text = words.text(i);
  if (text == "loop") return before == Kind::Minus;
  if (text == "this") return true;
  if (isOperator(before)) return false;
  return words[i + 1].kind != Kind::ParenOpen || text == "tags" || text == "enum";
}

}  // namespace

// The names of the numbers below, once for all documents.
std::string legend() {
  Json json;
  json.object().key("tokenTypes").list();
  for (const std::string_view type : kTypes) json.text(type);
  json.endList().key("tokenModifiers").list();
  for (const std::string_view modifier : kModifiers) json.text(modifier);
  json.endList().endObject();
  return json.take();
}

// Five numbers a word, each place relative to the one before. Uses and lexemes are both in order,
// so one pass meets them.
std::string semanticTokens(const View& view, std::uint32_t file) {
  Json json;
  json.object().key("data").list();
  const Words words(view, file);
  Place last;
  std::uint32_t done = 0;
  // A token lies on one line; what goes over several has no colour.
  const auto emit = [&](Span span, Token token) {
    const Place at = view.placeOf(file, span.begin), end = view.placeOf(file, span.end);
    if (at.line != end.line) return;
    json.number(at.line - last.line)
        .number(at.line == last.line ? at.character - last.character : at.character);
    json.number(end.character - at.character).number(token.type).number(token.modifiers);
    last = at;
    done = span.end;
  };
  auto use = view.index.uses.begin();
  const auto past = [&](std::uint32_t byte) {
    return use != view.index.uses.end() &&
           (use->span.file < file || (use->span.file == file && use->span.begin < byte));
  };
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    const Lexeme& lexeme = words[i];
    if (lexeme.kind != Kind::Word || lexeme.begin < done) continue;
    while (past(lexeme.begin)) ++use;
    if (use != view.index.uses.end() && use->span.file == file && use->span.begin == lexeme.begin) {
      const SymbolNote& symbol = view.symbol(use->symbol);
      // `old` and `new` read as the words they are, `mail.send` as one name.
      emit(use->span, tokenOf(symbol, use->kind));
      continue;
    }
    const Span span{file, lexeme.begin, lexeme.end};
    const Keyword* keyword = findKeyword(words.text(i));
    const bool behindType =
        i > 0 && (words[i - 1].kind == Kind::Colon || words[i - 1].kind == Kind::Arrow ||
                  words[i - 1].kind == Kind::Less || words[i - 1].kind == Kind::Comma);
    if (isKeyword(words, i)) {
      emit(span, {Keyword_, 0});
    } else if (words.is(i, "any") && behindType) {
      emit(span, {TypeName, DefaultLibrary});
    } else if (keyword && keyword->group == KeywordGroup::Type && behindType) {
      emit(span, {TypeName, DefaultLibrary});
    } else if (words.capital(i) && words[i - (i > 0 ? 1 : 0)].kind != Kind::Dot) {
      emit(span, {TypeName, 0});
    }
  }
  json.endList().endObject();
  return json.take();
}

// For highlighters that know no meanings; words with a hyphen are given part by part.
std::string keywordGroups() {
  Json json;
  json.object();
  constexpr std::pair<KeywordGroup, std::string_view> kGroups[] = {
      {KeywordGroup::Declaration, "declarations"}, {KeywordGroup::Clause, "clauses"},
      {KeywordGroup::Condition, "conditions"},     {KeywordGroup::Action, "actions"},
      {KeywordGroup::Constant, "constants"},       {KeywordGroup::Type, "types"}};
  for (const auto& [group, name] : kGroups) {
    json.key(name).list();
    for (const Keyword& keyword : keywords()) {
      if (keyword.group != group) continue;
      std::string_view rest = keyword.word;
      for (std::size_t hyphen; (hyphen = rest.find('-')) != std::string_view::npos;
           rest.remove_prefix(hyphen + 1)) {
        json.text(rest.substr(0, hyphen));
      }
      json.text(rest);
    }
    json.endList();
  }
  json.endObject();
  return json.take();
}

}  // namespace reticle::language
