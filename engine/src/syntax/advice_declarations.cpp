// What to say about declarations: their keywords, fields and rows, and how other languages declare.
#include "syntax/advice_declarations.h"

namespace reticle {
namespace {

struct DeclarationAlias {
  std::string_view word, meant;
};
// Only asked where no declaration of ours begins: all of these may be names elsewhere.
constexpr DeclarationAlias kDeclarationAliases[] = {
    {"class", "fact"},    {"type", "fact"},     {"struct", "fact"},   {"record", "fact"},
    {"entity", "fact"},   {"declare", "fact"},  {"template", "fact"}, {"deftemplate", "fact"},
    {"defrule", "rule"},  {"def", "function"},  {"fn", "function"},   {"fun", "function"},
    {"func", "function"}, {"workflow", "flow"}, {"process", "flow"},  {"saga", "flow"},
    {"message", "event"}, {"signal", "event"},  {"var", "const"},     {"let", "const"},
    {"val", "const"}};

}  // namespace

// The head of a module

// A declaration on the next line shows that the name is missing; without it the word may be one.
bool DeclarationAdvice::moduleWithoutName(const Lexeme& keyword) const {
  if (!at().lineFirst || (!declarationStarts() && !isWord("import"))) return false;
  complain("RL0019", spanOf(keyword), "this module has no name")
      .help("write `module shop.orders`, or leave the line out");
  return true;
}

bool DeclarationAdvice::moduleTwice(const tree::Name& name) const {
  if (!isWord("module") || !is(Word, 1) || !name) return false;
  complain("RL0014", spanOf(at()), "a file is one module")
      .related(name.span, "it has its name already");
  return true;
}

bool DeclarationAdvice::importOfOtherLanguages() const {
  if (is(String)) {
    fail("RL0019", spanOf(at()), "a module is imported by its name, not by its file")
        .help("write `import shop.orders`");
    return true;
  }
  if (!is(BraceOpen)) return false;
  fail("RL0019", spanOf(previous()), "a module is imported as a whole, by its name")
      .help("write `import shop.orders`: all its names can be used then");
  return true;
}

// Where no declaration begins

// Returns the keyword that was meant, for the caller to go on with; empty when nothing is like
// one. A name or a text must follow on the line, or any stray word would be near to something.
std::string_view DeclarationAdvice::declarationOfOtherLanguages() const {
  if (!is(Word)) return {};
  const bool shaped = is(String, 1) || (is(Word, 1) && !at(1).lineFirst);
  if (!shaped) return {};
  const std::string_view word = textOf(at());
  std::string_view meant;
  if (!at().reserved) {
    meant = nearest(word, {"fact", "event", "subject", "enum", "const", "function", "host", "table",
                           "rule", "query", "flow", "test"});
  }
  // After the near ones, so that an alias wins over a word that only looks alike.
  for (const DeclarationAlias& alias : kDeclarationAliases) {
    if (alias.word == word) meant = alias.meant;
  }
  if (meant.empty()) return {};
  Complaint c = complain("RL0015", spanOf(at()), "no declaration begins with " + shown(at()));
  replace(c, word, spanOf(at()), meant);
  return meant;
}

// Shapes that share nothing with ours after their first word are skipped up to the next
// declaration; Drools closes its with `end`.
bool DeclarationAdvice::tookDeclarationOfOtherLanguages() {
  const bool drools = isWord("declare") && is(Word, 1) && !is(BraceOpen, 2);
  const bool python = isWord("def") && is(ParenOpen, 2);
  if (!drools && !python) return false;
  fail("RL0015", spanOf(at()), "no declaration begins with " + shown(at()))
      .help(python ? "write `function twice(n: int) -> int = n * 2`"
                   : "write `fact Customer { name: string }`");
  take();
  while (!is(End) && !declarationStarts() && !isWord("end")) take();
  if (isWord("end")) take();
  return true;
}

// Always takes at least one lexeme, so that the module's loop comes to an end.
DeclarationAdvice::Stray DeclarationAdvice::tookNoDeclaration() {
  if (isAnyWord({"import", "module"})) {
    complain("RL0013", spanOf(at()),
             "`" + std::string(textOf(at())) +
                 "` belongs at the top of the file, before all declarations")
        .help("move the line to the top");
    take();
    return Stray::Header;
  }
  if (tookInstead(Spot::ModuleWord)) return Stray::Package;
  noDeclaration();
  take();
  return Stray::Nothing;
}

void DeclarationAdvice::noDeclaration() const {
  const Span place = spanOf(at());
  const std::string here = shown(at());
  if (closesBracket(at().kind)) {
    complain("RL0010", place, here + " closes nothing")
        .fix("remove it", place, "")
        .note("every block before it is already closed");
  } else if (isAnyWord({"when", "then"})) {
    fail("RL0015", place, here + " stands outside of any rule")
        .help("a rule begins with its name: `rule \"what it does\"`");
  } else if (itemStarts(Inside::Steps) || itemStarts(Inside::Conditions)) {
    fail("RL0015", place, here + " stands outside of any rule, flow or test")
        .help("has a `}` above closed the block too early?");
  } else if (is(Word)) {
    fail("RL0015", place, "no declaration begins with " + here)
        .help(
            "a module declares fact, event, subject, enum, const, function, host function, "
            "table, rule, query, flow and test");
  } else {
    fail("RL0015", place, here + " stands outside of any declaration");
  }
}

void DeclarationAdvice::hostWithoutFunction(const Lexeme& keyword) const {
  complain("RL0015", spanOf(keyword), "`host` declares a function of the host: `host function`")
      .fix("write `host function`", span(keyword.end, keyword.end), " function");
}

// Types, constants and functions

void DeclarationAdvice::attributeOfType(tree::Declaration::Kind kind) const {
  using Kind = tree::Declaration::Kind;
  const bool event = kind == Kind::Event, subject = kind == Kind::Subject;
  const std::string keyword = event ? "an event" : subject ? "a subject" : "a fact";
  const Span place = spanOf(at());
  if (isAnyWord({"as", "expires", "open"})) {
    const std::string which = isWord("as")        ? "events and subjects"
                              : isWord("expires") ? "events"
                                                  : "facts and subjects";
    complain("RL0016", place, shown(at()) + " is for " + which + ", not for " + keyword);
    return;
  }
  const std::string_view near = event     ? nearest(textOf(at()), {"as", "expires"})
                                : subject ? nearest(textOf(at()), {"as", "open"})
                                          : nearest(textOf(at()), {"as set", "open"});
  Complaint c = complain("RL0016", place, keyword + " has no attribute " + shown(at()));
  if (!near.empty()) c.write(place, std::string(near));
}

// Seldom words, as `fact`, count as keywords in front of a name only where a declaration may begin.
bool DeclarationAdvice::nextDeclaration() const {
  return at().lineFirst && isAnyWord({"fact", "event", "subject", "enum", "const", "function",
                                      "host", "table", "rule", "query", "flow", "test"});
}

bool DeclarationAdvice::tookParentOfType() {
  if (!isAnyWord({"extends", "implements"})) return false;
  complain("RL0016", spanOf(at()), "types do not extend each other")
      .help("repeat the fields, or match two facts that share a key");
  take();
  if (is(Word)) take();
  return true;
}

bool DeclarationAdvice::enumValueInQuotes() const {
  if (!is(String)) return false;
  complain("RL0019", spanOf(at()), "the values of a declared enum are names")
      .fix("remove the quotes", spanOf(at()), lexemes().decoded(at()));
  return true;
}

bool DeclarationAdvice::numberOfEnumValue() const {
  if (recovering() || (!is(Assign) && !is(Colon))) return false;
  complain("RL0016", spanOf(at()), "the values of an enum are their names and have no numbers");
  return true;
}

bool DeclarationAdvice::constantWithoutSign() const {
  if (!operandStarts() || at().lineFirst || declarationStarts()) return false;
  complain("RL0033", spanOf(at()), "the value of a constant stands behind `=`")
      .fix("write `=`", before(at()), "= ");
  return true;
}

// Returns whether an expression stands here that can be read as the body.
bool DeclarationAdvice::tookBodyWithoutSign(const Span& head) {
  if (recovering()) return false;
  if (is(BraceOpen)) {
    complain("RL0033", spanOf(at()),
             "a function is one expression behind `=`, or a block that ends with `return`")
        .help("write `function twice(n: int) -> int = n * 2`");
    blocks().skipBalanced();
    return false;
  }
  complain("RL0033", head, "this function has no body")
      .help("write `=` and an expression behind its result type");
  return operandStarts() && !declarationStarts() && !at().lineFirst;
}

// Fields and parameters

// True when there is no block left to read: none was there, or it stood in round brackets.
bool FieldAdvice::tookNoFields(const tree::Declaration& declaration) {
  const std::string whose =
      declaration.name ? "`" + declaration.name.text + "`" : "this declaration";
  if (is(ParenOpen)) {
    const std::uint32_t open = lexemes().position(), close = lexemes().closing(open);
    complain("RL0011", spanOf(at()), "the fields of " + whose + " stand in braces")
        .fix("write `{` … `}`", bracesFor(open));
    if (close > 0) {
      lexemes().moveTo(close + 1);
    } else {
      complaints().recover();
    }
    return true;
  }
  if (is(BraceOpen) || (!is(End) && itemStarts(Inside::Fields))) return false;
  complain("RL0011", declaration.head, "the fields of " + whose + " are missing")
      .fix("write `{ }` for none", afterLast(), " { }");
  return true;
}

void FieldAdvice::markTwice() const {
  complain("RL0014", spanOf(at()), shown(at()) + " stands twice")
      .fix("remove one", span(at().begin, at(1).begin), "");
}

// `string name`, as in Java and C: two words on a line, the first one a type.
bool FieldAdvice::typeBeforeField() const {
  const bool type = is(Word, 1) && !at(1).lineFirst && !at().reserved && !is(Colon, 2) &&
                    isAnyWord({"bool", "int", "double", "string", "bytes", "timestamp", "duration",
                               "any", "String", "Integer", "Boolean", "boolean", "float", "long"});
  if (!type) return false;
  const Span both = span(at().begin, at(1).end);
  complain("RL0020", both, "a field begins with its name: `name: type`")
      .write(both, std::string(textOf(at(1))) + ": " + std::string(textOf(at())));
  return true;
}

bool FieldAdvice::typeBeforeParameter() const {
  const bool type =
      is(Word, 1) && isAnyWord({"bool", "int", "double", "string", "any", "timestamp", "duration"});
  if (!type) return false;
  const Span both = span(at().begin, at(1).end);
  complain("RL0020", both, "a parameter begins with its name: `name: type`")
      .write(both, std::string(textOf(at(1))) + ": " + std::string(textOf(at())));
  return true;
}

bool FieldAdvice::questionAfterName(const tree::Name& field) const {
  if (!is(Question) || !is(Colon, 1)) return false;
  Complaint c = complain("RL0020", spanOf(at()), "the `?` stands behind the type");
  if (is(Word, 2)) {
    c.write(span(field.span.begin, at(2).end),
            field.text + ": " + std::string(textOf(at(2))) + "?");
  }
  return true;
}

// Returns whether a type follows although its sign is missing.
bool FieldAdvice::typeWithoutColon(const tree::Name& field) const {
  if (is(Word) && !at().lineFirst) {
    complain("RL0020", span(field.span.begin, at().end),
             "a `:` is missing between the field and its type")
        .fix("write `" + field.text + ": " + std::string(textOf(at())) + "`",
             span(field.span.end, field.span.end), ":");
    return true;
  }
  Complaint c = complain("RL0020", field.span, "the field `" + field.text + "` has no type");
  if (is(Assign)) {
    c.help("its default does not tell the type: write it behind a `:`, as in `" + field.text +
           ": string = …`");
  } else {
    c.help("write `" + field.text + ": string`, or another type");
  }
  return false;
}

bool FieldAdvice::fieldWithoutType(const tree::Name& field) const {
  // The `:` was the last thing on its line: what follows belongs to the next field, or closes the
  // block.
  const bool nextField =
      is(Word) && at().lineFirst &&
      (is(Colon, 1) || (is(Word, 1) && !at(1).lineFirst && !isAnyWord({"where", "max"}, 1)) ||
       (isAnyWord({"key", "ext"}) && is(Word, 1) && is(Colon, 2)));
  if (!nextField && !is(BraceClose) && !is(ParenClose) && !is(Comma) && !is(Assign)) return false;
  complain("RL0020", field.span, "the field `" + field.text + "` has no type")
      .help(
          "the types are `bool`, `int`, `double`, `string`, `bytes`, `timestamp`, `duration`, "
          "`any`, `list<…>`, `map<…, …>` and your "
          "own");
  return true;
}

bool FieldAdvice::markAfterField(const tree::Name& field) const {
  const bool mark = isAnyWord({"key", "ext"}) && !at().lineFirst &&
                    (at(1).lineFirst || is(Comma, 1) || is(BraceClose, 1));
  if (!mark) return false;
  const std::string word(textOf(at()));
  complain("RL0013", spanOf(at()), "`" + word + "` stands in front of its field")
      .fix("write `" + word + " " + field.text + "`",
           {{span(field.span.begin, field.span.begin), word + " "},
            {span(previous().end, at().end), ""}});
  return true;
}

bool FieldAdvice::notNull() const {
  if (!isWord("not") || !isWord("null", 1)) return false;
  complain("RL0016", span(at().begin, at(1).end),
           "a field is always there unless its type ends with `?`")
      .fix("remove `not null`", span(previous().end, at(1).end), "");
  return true;
}

// Words of SQL and of schemas that stand after a column.
bool FieldAdvice::attributeOfColumns() const {
  if (!isAnyWord({"default", "required", "optional", "unique", "primary", "nullable", "readonly",
                  "check"})) {
    return false;
  }
  Complaint c = complain("RL0016", spanOf(at()), "a field has no attribute " + shown(at()));
  if (isWord("default")) {
    c.write(spanOf(at()), "=");
  } else if (isWord("check")) {
    c.write(spanOf(at()), "where");
  } else if (isAnyWord({"unique", "primary"})) {
    c.help("`key` in front of a field makes it a part of the identity");
  } else {
    c.help("a field is always there unless its type ends with `?`");
  }
  return true;
}

bool FieldAdvice::bodyInsteadOfResult() const {
  if (!is(FatArrow) || (is(Word, 1) && is(Assign, 2))) return false;
  fail("RL0033", spanOf(at()), "the type of the result stands behind `->`, what it is behind `=`")
      .help("write `function twice(n: int) -> int = n * 2`");
  return true;
}

}  // namespace reticle
