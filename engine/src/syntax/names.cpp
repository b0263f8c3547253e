// Names, types, and the small literals that clauses take.
#include "syntax/text_parser.h"

namespace reticle {
namespace {

struct Alias {
  std::string_view word, meant;
};
// What other languages call our types.
constexpr Alias kAliases[] = {{"boolean", "bool"},
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

std::string capitalised(std::string_view word) {
  std::string result(word);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z') {
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  }
  return result;
}
std::string uncapitalised(std::string_view word) {
  std::string result(word);
  if (!result.empty() && result[0] >= 'A' && result[0] <= 'Z') {
    result[0] = static_cast<char>(result[0] - 'A' + 'a');
  }
  return result;
}

}  // namespace

tree::Name TextParser::nameOf(const Lexeme& lexeme) const {
  return {std::string(textOf(lexeme)), spanOf(lexeme)};
}

tree::Name TextParser::takeName(std::string_view what) {
  if (recovering_) return {};
  if (is(Word) && !isWord("in")) {
    if (at().reserved) reserved(at(), what);
    return nameOf(take());
  }
  if (is(String)) {
    complain("RL0019", spanOf(at()),
             "the name of a " + std::string(what) + " stands without quotes")
        .fix("remove the quotes", spanOf(at()), lexemes_.texts[at().value]);
    const Lexeme lexeme = take();
    return {lexemes_.texts[lexeme.value], spanOf(lexeme)};
  }
  fail("RL0019", spanOf(previous()),
       "the name of the " + std::string(what) + " is missing after " + shown(previous()));
  return {};
}

tree::Name TextParser::qualifiedName(std::string_view what) {
  tree::Name name = takeName(what);
  while (!recovering_ && is(Dot)) {
    take();
    if (what == "module" && is(Star)) {
      complain("RL0019", spanOf(at()), "an import makes all names of a module known, without `.*`")
          .fix("remove `.*`", {file_, previous().begin, at().end}, "");
      take();
      break;
    }
    if (!is(Word)) {
      fail("RL0019", {file_, name.span.begin, previous().end},
           "a name is missing after the point of " +
               shown({file_, name.span.begin, previous().end}));
      break;
    }
    name.text += "." + std::string(textOf(take()));
    name.span.end = previous().end;
  }
  return name;
}

// The name of a value: a binding, an iteration variable, a step.
tree::Name TextParser::bindingName(std::string_view what) {
  tree::Name name = takeName(what);
  if (name && name.text[0] >= 'A' && name.text[0] <= 'Z') {
    complain("RL0021", name.span,
             "a " + std::string(what) + " begins with a small letter; capitals are for types")
        .fix("write `" + uncapitalised(name.text) + "`", renames(name, uncapitalised(name.text)));
    capitalBindings_.push_back(name.text);
  }
  return name;
}

tree::Name TextParser::declaredName(std::string_view kind, const Lexeme& keyword, bool type) {
  const bool quoted = kind == "rule" || kind == "test";
  if (quoted && is(String)) {
    const Lexeme lexeme = take();
    return {lexemes_.texts[lexeme.value], spanOf(lexeme)};
  }
  if (kind == "test" && is(Word) && !at().reserved) {
    complain("RL0019", spanOf(at()), "the name of a test stands in quotes")
        .write(spanOf(at()), "\"" + std::string(textOf(at())) + "\"");
    return nameOf(take());
  }
  const bool clause =
      kind == "rule" && isAnyWord({"when", "then", "on"}) && (is(BraceOpen, 1) || isWord("on"));
  if ((!is(Word) && !is(String)) || clause) {
    const std::string article = kind == "event" || kind == "enum" ? "an " : "a ";
    complain("RL0019", spanOf(keyword), "this " + std::string(kind) + " has no name")
        .help(quoted ? "put its purpose in quotes: `" + std::string(kind) + " \"what it does\"`"
              : type ? article + std::string(kind) + " has a name with a capital: `" +
                           std::string(kind) + " Order`"
                     : article + std::string(kind) + " has a name: `" + std::string(kind) +
                           (kind == "flow" ? " Fulfil(…)`" : " total`"));
    return {};
  }
  tree::Name name = takeName(kind);
  if (!name) return name;
  const bool small = name.text[0] >= 'a' && name.text[0] <= 'z',
             big = name.text[0] >= 'A' && name.text[0] <= 'Z';
  if (type && small) {
    complain("RL0021", name.span, "the name of a type begins with a capital")
        .label((kind == "event" || kind == "enum" ? "an " : "a ") + std::string(kind) +
               " is a type")
        .write(name.span, capitalised(name.text));
    name.text = capitalised(name.text);
  } else if (!type && big && (kind == "function" || kind == "table" || kind == "query")) {
    complain("RL0021", name.span,
             "the name of a " + std::string(kind) +
                 " begins with a small letter; capitals are for types")
        .write(name.span, uncapitalised(name.text));
  }
  return name;
}

// The declared type whose name is nearest, whatever its first letter.
std::string_view TextParser::declaredNear(std::string_view word) const {
  const std::string wanted = capitalised(word);
  std::string_view best;
  int distance = 3;
  for (std::size_t i = 0; i + 1 < lexemes_.items.size(); ++i) {
    const Lexeme& keyword = lexemes_.items[i];
    if (keyword.kind != Word || lexemes_.items[i + 1].kind != Word) continue;
    const std::string_view text = textOf(keyword);
    if (text != "fact" && text != "event" && text != "subject" && text != "enum") continue;
    const std::string_view name = textOf(lexemes_.items[i + 1]);
    const int d = editDistance(wanted, name, 2);
    if (d >= distance) continue;
    best = name;
    distance = d;
  }
  return best;
}

// Types

tree::TypeUse TextParser::type() {
  const std::uint32_t begin = at().begin;
  if (nesting_ >= kMaxNesting) {
    fail("RL0024", spanOf(at()), "this type is nested deeper than 64 levels");
    return {};
  }
  ++nesting_;
  tree::TypeUse type = simpleType();
  --nesting_;
  if (recovering_) return type;
  if (is(BracketOpen) && is(BracketClose, 1) && !at().lineFirst) {
    const Span element = spanFrom(begin);
    take();
    take();
    complain("RL0030", spanFrom(begin), "a list of values has the type `list<…>`")
        .write(spanFrom(begin), "list<" + written(element) + ">");
    tree::TypeUse outer;
    outer.name = "list";
    outer.arguments.push_back(std::move(type));
    type = std::move(outer);
  }
  if (is(Coalesce)) {
    complain("RL0030", spanOf(at()), "one `?` says that a value may be missing")
        .write(spanOf(at()), "?");
    take();
    type.optional = true;
  } else if (takeIf(Question)) {
    type.optional = true;
  }
  type.span = spanFrom(begin);
  if (is(Bar)) {
    fail("RL0030", spanOf(at()), "a field has one type")
        .help(
            "for `null` write `?` behind the type; for several types use `any`, for several texts "
            "`enum(\"a\", \"b\")`");
  }
  return type;
}

tree::TypeUse TextParser::simpleType() {
  tree::TypeUse type;
  if (recovering_) return type;
  const Lexeme word = at();
  const Span span = spanOf(word);
  if (is(String)) {
    fail("RL0030", span, "a type is a name, not a text")
        .help("for a choice of texts write `enum(\"a\", \"b\")`");
    return type;
  }
  if (!is(Word)) {
    fail("RL0020", spanOf(previous()), "a type is missing after " + shown(previous()))
        .help(
            "the types are `bool`, `int`, `double`, `string`, `bytes`, `timestamp`, `duration`, "
            "`any`, `list<…>`, `map<…, …>` and your "
            "own");
    return type;
  }
  std::string name(textOf(take()));
  while (is(Dot) && is(Word, 1)) {
    take();
    name += "." + std::string(textOf(take()));
  }
  type.name = name;
  if ((name == "List" || name == "Map" || name == "Array") && is(Less)) {
    const std::string meant = name == "Map" ? "map" : "list";
    complain("RL0030", span, "the type is written `" + meant + "<…>`").write(span, meant);
    type.name = name = meant;
  }
  if (name == "enum") {
    if (!is(ParenOpen)) {
      fail("RL0030", span, "this `enum` does not say its values")
          .help(
              "write `enum(\"a\", \"b\")`, or declare `enum Colour { RED, GREEN }` and use "
              "`Colour`");
      return type;
    }
    take();
    list(ParenClose, "values", [&] {
      if (is(String)) {
        type.values.push_back(lexemes_.texts[take().value]);
      } else if (is(Word)) {
        complain("RL0030", spanOf(at()), "the values of an inline enum are texts")
            .write(spanOf(at()), "\"" + std::string(textOf(at())) + "\"");
        type.values.emplace_back(textOf(take()));
      } else {
        fail("RL0030", spanOf(at()), "the values of an inline enum are texts in quotes");
      }
    });
    return type;
  }
  const std::size_t wanted = name == "list" ? 1 : name == "map" ? 2 : 0;
  if (is(Less) && (wanted > 0 || !at().lineFirst)) {
    const Lexeme open = take();
    while (!recovering_) {
      type.arguments.push_back(this->type());
      if (!takeIf(Comma)) break;
    }
    if (recovering_) return type;
    if (is(GreaterEqual)) {  // `list<int>= …`: the `=` is the field's
      Lexeme& both = lexemes_.items[next_];
      both.kind = Assign;
      ++both.begin;
    } else if (!takeIf(Greater)) {
      complain("RL0009", spanOf(open), "this `<` is never closed")
          .fix("add `>` after " + shown(previous()), after(spanOf(previous())), ">");
    }
  }
  if (wanted > 0 && type.arguments.empty()) {
    complain("RL0030", span, "this `" + name + "` does not say what it holds")
        .write(span, wanted == 1 ? "list<any>" : "map<string, any>");
    type.arguments.resize(wanted);
    for (tree::TypeUse& argument : type.arguments) argument.name = "any";
  } else if (type.arguments.size() != wanted) {
    const std::string message = wanted == 1   ? "a list holds one type: `list<string>`"
                                : wanted == 2 ? "a map has two types, of its keys and of its values"
                                              : "`" + name + "` takes no types in `< >`";
    Complaint c = complain("RL0030", spanFrom(word.begin), message);
    if (wanted == 2 && type.arguments.size() == 1) {
      c.write(spanFrom(word.begin), "map<string, " + written(type.arguments[0].span) + ">");
    }
    type.name = "any";
    type.arguments.clear();
  }
  if (isBuiltIn(type.name) || type.name.find('.') != std::string::npos || capital(word)) {
    return type;
  }
  // A small letter: no type of anybody's.
  for (const Alias& alias : kAliases) {
    if (alias.word != type.name) continue;
    type.name = "any";
    Complaint c =
        complain("RL0030", span,
                 alias.meant.empty() ? "a function without a result has no `->`"
                                     : "this type is written `" + std::string(alias.meant) + "`");
    if (!alias.meant.empty()) c.write(span, std::string(alias.meant));
    return type;
  }
  const std::string_view near =
      nearest(type.name, {"bool", "int", "double", "string", "bytes", "timestamp", "duration",
                          "any", "list", "map", "enum"});
  if (word.reserved) {
    fail("RL0020", spanOf(word), "`" + type.name + "` is not a type");
    return type;
  }
  Complaint c = complain("RL0030", span, "there is no type called `" + type.name + "`");
  const std::string_view own = near.empty() ? declaredNear(type.name) : near;
  if (!own.empty()) c.write(span, std::string(own));
  if (near.empty()) c.note("types declared in a module begin with a capital");
  type.name = "any";
  return type;
}

// Literals of clauses

std::optional<std::string> TextParser::text(std::string_view what) {
  if (recovering_) return std::nullopt;
  if (is(String)) return lexemes_.texts[take().value];
  if (is(TemplateText) || is(TemplateHead)) {
    const std::uint32_t begin = at().begin;
    complain("RL0033", spanOf(at()), std::string(what) + " is a plain text, not a template")
        .fix("remove the `t`", {file_, begin, begin + 1}, "");
    templateExpression();
    return std::nullopt;
  }
  if (is(Word) && !at().reserved && !at().lineFirst && !is(ParenOpen, 1) && !is(Dot, 1)) {
    complain("RL0033", spanOf(at()), std::string(what) + " stands in quotes")
        .write(spanOf(at()), "\"" + std::string(textOf(at())) + "\"");
    return std::string(textOf(take()));
  }
  if (!at().lineFirst && (is(Int) || is(Double) || is(LexemeKind::Duration))) {
    fail("RL0033", spanOf(at()), std::string(what) + " is a text in quotes");
    return std::nullopt;
  }
  fail("RL0033", spanOf(previous()), std::string(what) + " is missing after " + shown(previous()));
  return std::nullopt;
}

std::optional<tree::Duration> TextParser::duration(std::string_view what) {
  if (recovering_) return std::nullopt;
  const std::uint32_t begin = at().begin;
  if (is(LexemeKind::Duration)) {
    const Lexeme lexeme = take();
    return tree::Duration{lexemes_.durations[lexeme.value], spanOf(lexeme)};
  }
  if (is(Int)) {
    const std::string digits(textOf(take()));
    static constexpr Alias kUnits[] = {
        {"weeks", "w"},  {"week", "w"},    {"days", "d"},   {"day", "d"}, {"hours", "h"},
        {"hour", "h"},   {"minutes", "m"}, {"minute", "m"}, {"min", "m"}, {"seconds", "s"},
        {"second", "s"}, {"sec", "s"},     {"ms", "ms"},    {"w", "w"},   {"d", "d"},
        {"h", "h"},      {"m", "m"},       {"s", "s"}};
    for (const Alias& unit : kUnits) {
      if (!isWord(unit.word) || is(Colon, 1)) continue;
      take();
      complain("RL0007", spanFrom(begin),
               "a duration is written without a space: `" + digits + std::string(unit.meant) + "`")
          .write(spanFrom(begin), digits + std::string(unit.meant));
      return tree::Duration{0, spanFrom(begin)};
    }
    complain("RL0007", spanFrom(begin), "this duration has no unit")
        .fix("write `" + digits + "s` for seconds", spanFrom(begin), digits + "s")
        .fix("or `" + digits + "m` for minutes", spanFrom(begin), digits + "m");
    return tree::Duration{0, spanFrom(begin)};
  }
  if (is(String)) {
    const std::string text = lexemes_.texts[at().value];
    complain("RL0007", spanOf(at()), "a duration stands without quotes")
        .fix("remove the quotes", spanOf(at()), text);
    take();
    return tree::Duration{0, spanFrom(begin)};
  }
  fail("RL0007", spanOf(previous()), std::string(what) + " is missing after " + shown(previous()))
      .help("durations are written `500ms`, `30s`, `10m`, `1h30m`, `2d`");
  return std::nullopt;
}

std::optional<std::int64_t> TextParser::count(std::string_view what) {
  if (recovering_) return std::nullopt;
  if (!is(Int)) {
    fail("RL0033", spanOf(previous()), std::string(what) + " is missing after " + shown(previous()))
        .help("it is a whole number, such as `3`");
    return std::nullopt;
  }
  const Expr number = numberLiteral(false, at().begin);
  if (number.kind != ExprKind::Literal) return std::nullopt;
  return number.value.asInt();
}

}  // namespace reticle
