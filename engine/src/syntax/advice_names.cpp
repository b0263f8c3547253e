// What to say about names and types: what other languages call our types, and whose names begin
// with which letter.
#include "syntax/advice_names.h"

#include "base/suggest.h"

namespace reticle {
namespace {

struct TypeAlias {
  std::string_view word, meant;
};
// What the types are called in Java, JavaScript, Python, SQL and protocol buffers. No meaning:
// there is no such type, and none is needed.
constexpr TypeAlias kTypeAliases[] = {{"boolean", "bool"},
                                      {"integer", "int"},
                                      {"long", "int"},
                                      {"short", "int"},
                                      {"byte", "int"},
                                      {"number", "double"},
                                      {"float", "double"},
                                      {"decimal", "double"},
                                      {"real", "double"},
                                      {"str", "string"},
                                      {"text", "string"},
                                      {"char", "string"},
                                      {"varchar", "string"},
                                      {"uuid", "string"},
                                      {"date", "timestamp"},
                                      {"datetime", "timestamp"},
                                      {"time", "timestamp"},
                                      {"instant", "timestamp"},
                                      {"interval", "duration"},
                                      {"timespan", "duration"},
                                      {"object", "any"},
                                      {"dyn", "any"},
                                      {"dynamic", "any"},
                                      {"void", ""},
                                      {"array", "list<any>"},
                                      {"dict", "map<string, any>"},
                                      {"dictionary", "map<string, any>"},
                                      {"json", "any"},
                                      {"int32", "int"},
                                      {"int64", "int"},
                                      {"uint", "int"},
                                      {"uint64", "int"},
                                      {"uint32", "int"},
                                      {"float64", "double"},
                                      {"set", "list<any>"}};

bool isBuiltIn(std::string_view word) {
  for (const std::string_view name : {"bool", "int", "double", "string", "bytes", "timestamp",
                                      "duration", "any", "list", "map", "enum"}) {
    if (name == word) return true;
  }
  return false;
}

std::string_view article(std::string_view kind) {
  return kind == "event" || kind == "enum" ? "an " : "a ";
}

bool small(std::string_view word) { return !word.empty() && word[0] >= 'a' && word[0] <= 'z'; }
bool big(std::string_view word) { return !word.empty() && word[0] >= 'A' && word[0] <= 'Z'; }

}  // namespace

std::string capitalised(std::string_view word) {
  std::string result(word);
  if (small(word)) result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return result;
}

std::string uncapitalised(std::string_view word) {
  std::string result(word);
  if (big(word)) result[0] = static_cast<char>(result[0] - 'A' + 'a');
  return result;
}

// Names

bool NameAdvice::nameInQuotes(std::string_view what) const {
  if (!is(String)) return false;
  complain("RL0019", spanOf(at()), "the name of a " + std::string(what) + " stands without quotes")
      .fix("remove the quotes", spanOf(at()), lexemes().decoded(at()));
  return true;
}

bool NameAdvice::importOfEverything() const {
  if (!is(Star)) return false;
  complain("RL0019", spanOf(at()), "an import makes all names of a module known, without `.*`")
      .fix("remove `.*`", span(previous().begin, at().end), "");
  return true;
}

// The fix renames the uses too, or it would turn one mistake into several.
bool NameAdvice::capitalBinding(const tree::Name& name, std::string_view what) const {
  if (!big(name.text)) return false;
  const std::string to = uncapitalised(name.text);
  complain("RL0021", name.span,
           "a " + std::string(what) + " begins with a small letter; capitals are for types")
      .fix("write `" + to + "`", renames(name, to));
  return true;
}

// Here and below, in the same declaration; members, calls and records of the name are others.
std::vector<Edit> NameAdvice::renames(const tree::Name& name, const std::string& to) const {
  std::vector<Edit> edits{{name.span, to}};
  const LexemeReader& l = lexemes();
  // Braces are counted because a word at the start of a line inside a block is no declaration.
  int depth = 0;
  for (std::uint32_t i = l.position(); i + 1 < l.size(); ++i) {
    const Lexeme& lexeme = l.lexeme(i);
    const bool next = reticle::declarationStarts(l, i - l.position());
    if (lexeme.lineFirst && depth <= 0 && next) break;
    if (lexeme.kind == BraceOpen) ++depth;
    if (lexeme.kind == BraceClose) --depth;
    const LexemeKind after = l.lexeme(i + 1).kind;
    // Requires: i > 0, which holds since the name itself stands before the position.
    const bool member = l.lexeme(i - 1).kind == Dot || after == ParenOpen || after == BraceOpen;
    if (lexeme.kind == Word && !member && textOf(lexeme) == name.text) {
      edits.push_back({spanOf(lexeme), to});
    }
  }
  return edits;
}

bool NameAdvice::testNameWithoutQuotes() const {
  if (!is(Word) || at().reserved) return false;
  complain("RL0019", spanOf(at()), "the name of a test stands in quotes")
      .write(spanOf(at()), "\"" + std::string(textOf(at())) + "\"");
  return true;
}

bool NameAdvice::declarationWithoutName(std::string_view kind, const Lexeme& keyword,
                                        bool type) const {
  // `rule when { …`: the word is the next part, and not the name.
  const bool clause =
      kind == "rule" && isAnyWord({"when", "then", "on"}) && (is(BraceOpen, 1) || isWord("on"));
  if ((is(Word) || is(String)) && !clause) return false;
  const std::string what(kind), a(article(kind));
  const bool quoted = kind == "rule" || kind == "test";
  complain("RL0019", spanOf(keyword), "this " + what + " has no name")
      .help(quoted ? "put its purpose in quotes: `" + what + " \"what it does\"`"
            : type ? a + what + " has a name with a capital: `" + what + " Order`"
                   : a + what + " has a name: `" + what +
                         (kind == "flow" ? " Fulfil(…)`" : " total`"));
  return true;
}

void NameAdvice::firstLetter(tree::Name& name, std::string_view kind, bool type) const {
  const std::string what(kind);
  if (type && small(name.text)) {
    complain("RL0021", name.span, "the name of a type begins with a capital")
        .label(std::string(article(kind)) + what + " is a type")
        .write(name.span, capitalised(name.text));
    // The tree has the name as it should be, so that uses in the right spelling are found.
    name.text = capitalised(name.text);
  } else if (!type && big(name.text) &&
             (kind == "function" || kind == "table" || kind == "query")) {
    complain("RL0021", name.span,
             "the name of a " + what + " begins with a small letter; capitals are for types")
        .write(name.span, uncapitalised(name.text));
  }
}

// Types

bool TypeAdvice::noType() const {
  if (is(Word)) return false;
  if (is(String)) {
    fail("RL0030", spanOf(at()), "a type is a name, not a text")
        .help("for a choice of texts write `enum(\"a\", \"b\")`");
  } else {
    auto advice =
        fail("RL0020", spanOf(previous()), "a type is missing after " + shown(previous()));
    if (is(ParenOpen)) {
      advice.help(
          "several results of a table stand in brackets of their own, `-> (a: int, b: string)`; "
          "with `hit collect` "
          "it gives a list of them");
    }
    advice.help(
        "the types are `bool`, `int`, `double`, `string`, `bytes`, `timestamp`, `duration`, "
        "`any`, `list<…>`, `map<…, …>` and your "
        "own");
  }
  return true;
}

// `string[]`, whose `string` has been read.
void TypeAdvice::tookListWithBrackets(tree::TypeUse& type, std::uint32_t begin) {
  if (!is(BracketOpen) || !is(BracketClose, 1) || at().lineFirst) return;
  const std::string element = written(spanFrom(begin));
  take();
  take();
  complain("RL0030", spanFrom(begin), "a list of values has the type `list<…>`")
      .write(spanFrom(begin), "list<" + element + ">");
  tree::TypeUse outer;
  outer.name = "list";
  outer.arguments.push_back(std::move(type));
  type = std::move(outer);
}

void TypeAdvice::capitalContainer(tree::TypeUse& type, const Lexeme& word) const {
  if (type.name != "List" && type.name != "Map" && type.name != "Array") return;
  type.name = type.name == "Map" ? "map" : "list";
  complain("RL0030", spanOf(word), "the type is written `" + type.name + "<…>`")
      .write(spanOf(word), type.name);
}

bool TypeAdvice::inlineValueWithoutQuotes() const {
  if (is(Word)) {
    complain("RL0030", spanOf(at()), "the values of an inline enum are texts")
        .write(spanOf(at()), "\"" + std::string(textOf(at())) + "\"");
    return true;
  }
  fail("RL0030", spanOf(at()), "the values of an inline enum are texts in quotes");
  return false;
}

// Leaves a type the checker can work with: missing arguments become `any`, wrong ones make the
// whole `any`.
void TypeAdvice::typeArguments(tree::TypeUse& type, const Lexeme& word) const {
  const std::size_t wanted = type.name == "list" ? 1 : type.name == "map" ? 2 : 0;
  if (type.arguments.size() == wanted) return;
  if (type.arguments.empty()) {
    complain("RL0030", spanOf(word), "this `" + type.name + "` does not say what it holds")
        .write(spanOf(word), wanted == 1 ? "list<any>" : "map<string, any>");
    type.arguments.resize(wanted);
    for (tree::TypeUse& argument : type.arguments) argument.name = "any";
    return;
  }
  const std::string message = wanted == 1   ? "a list holds one type: `list<string>`"
                              : wanted == 2 ? "a map has two types, of its keys and of its values"
                                            : "`" + type.name + "` takes no types in `< >`";
  Complaint c = complain("RL0030", spanFrom(word.begin), message);
  if (wanted == 2 && type.arguments.size() == 1) {
    c.write(spanFrom(word.begin), "map<string, " + written(type.arguments[0].span) + ">");
  }
  type.name = "any";
  type.arguments.clear();
}

void TypeAdvice::unknownType(tree::TypeUse& type, const Lexeme& word) const {
  if (isBuiltIn(type.name) || type.name.find('.') != std::string::npos || lexemes().capital(word)) {
    return;
  }
  // A small letter: no type of anybody's.
  const std::string name = type.name;
  for (const TypeAlias& alias : kTypeAliases) {
    if (alias.word != name) continue;
    type.name = "any";
    if (alias.meant.empty()) {
      complain("RL0030", spanOf(word), "a function without a result has no `->`");
    } else {
      const std::string meant(alias.meant);
      complain("RL0030", spanOf(word), "this type is written `" + meant + "`")
          .write(spanOf(word), meant);
    }
    return;
  }
  if (word.reserved) {
    fail("RL0020", spanOf(word), "`" + name + "` is not a type");
    return;
  }
  Complaint c = complain("RL0030", spanOf(word), "there is no type called `" + name + "`");
  const std::string_view near =
      nearest(name, {"bool", "int", "double", "string", "bytes", "timestamp", "duration", "any",
                     "list", "map", "enum"});
  const std::string_view own = near.empty() ? declaredNear(name) : near;
  if (!own.empty()) c.write(spanOf(word), std::string(own));
  if (near.empty()) c.note("types declared in a module begin with a capital");
  type.name = "any";
}

// The declared type whose name is nearest, whatever its first letter.
std::string_view TypeAdvice::declaredNear(std::string_view word) const {
  const std::string wanted = capitalised(word);
  const LexemeReader& l = lexemes();
  std::string_view best;
  std::size_t distance = 3;
  for (std::uint32_t i = 0; i + 1 < l.size(); ++i) {
    const Lexeme& keyword = l.lexeme(i);
    if (keyword.kind != Word || l.lexeme(i + 1).kind != Word) continue;
    const std::string_view text = textOf(keyword);
    if (text != "fact" && text != "event" && text != "subject" && text != "enum") continue;
    const std::string_view name = textOf(l.lexeme(i + 1));
    const std::size_t d = model::letterDistance(wanted, name, 2);
    if (d >= distance) continue;
    best = name;
    distance = d;
  }
  return best;
}

}  // namespace reticle
