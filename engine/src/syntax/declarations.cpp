// Modules and the declarations of types, constants, functions and tables.
#include <utility>

#include "syntax/text_parser.h"

namespace reticle {

void TextParser::header(tree::Module& module) {
  if (isWord("module")) {
    const Lexeme keyword = take();
    if (at().lineFirst && (declarationStarts() || isWord("import"))) {
      complain("RL0019", spanOf(keyword), "this module has no name")
          .help("write `module shop.orders`, or leave the line out");
    } else {
      module.name = qualifiedName("module");
    }
    if (recovering_) skipToItem(Inside::Module);
    recovering_ = false;
    while (takeIf(Semicolon)) {}
    if (isWord("module") && is(Word, 1) && module.name) {
      complain("RL0014", spanOf(at()), "a file is one module")
          .related(module.name.span, "it has its name already");
      take();
      qualifiedName("module");
      recovering_ = false;
    }
  }
  while (isWord("import")) {
    tree::Import import;
    const std::uint32_t begin = take().begin;
    if (is(String)) {
      fail("RL0019", spanOf(at()), "a module is imported by its name, not by its file")
          .help("write `import shop.orders`");
    } else if (is(BraceOpen)) {
      fail("RL0019", spanOf(previous()), "a module is imported as a whole, by its name")
          .help("write `import shop.orders`: all its names can be used then");
    } else {
      import.module = qualifiedName("module");
    }
    if (!recovering_ && takeWord("as")) import.alias = takeName("module");
    import.span = spanFrom(begin);
    if (recovering_) {
      while (!is(End) && !isWord("import") && !declarationStarts()) take();
    } else {
      module.imports.push_back(std::move(import));
    }
    recovering_ = false;
    while (takeIf(Semicolon)) {}
  }
}

// The keyword that begins a declaration here, also when it is misspelt; empty when there is none.
std::string_view TextParser::declarationKeyword() {
  const std::initializer_list<std::string_view> keywords = {"fact",  "event",    "subject", "enum",
                                                            "const", "function", "host",    "table",
                                                            "rule",  "query",    "flow",    "test"};
  if (!is(Word)) return {};
  const std::string_view word = textOf(at());
  for (const std::string_view known : keywords) {
    if (known == word) return known;
  }
  const bool shaped = is(String, 1) || (is(Word, 1) && !at(1).lineFirst);
  if (!shaped) return {};
  struct Alias {
    std::string_view word, meant;
  };
  static constexpr Alias kAliases[] = {
      {"class", "fact"},    {"type", "fact"},     {"struct", "fact"},   {"record", "fact"},
      {"entity", "fact"},   {"declare", "fact"},  {"template", "fact"}, {"deftemplate", "fact"},
      {"defrule", "rule"},  {"def", "function"},  {"fn", "function"},   {"fun", "function"},
      {"func", "function"}, {"workflow", "flow"}, {"process", "flow"},  {"saga", "flow"},
      {"message", "event"}, {"signal", "event"},  {"var", "const"},     {"let", "const"},
      {"val", "const"}};
  std::string_view meant = at().reserved && word != "var" && word != "let"
                               ? std::string_view{}
                               : nearest(word, keywords);
  for (const Alias& alias : kAliases) {
    if (alias.word == word) meant = alias.meant;
  }
  if (meant.empty()) return {};
  complain("RL0015", spanOf(at()), "no declaration begins with " + shown(at()))
      .fix("replace " + shown(at()) + " with `" + std::string(meant) + "`", spanOf(at()),
           std::string(meant));
  return meant;
}

bool TextParser::declaration(tree::Declaration& out) {
  const Lexeme first = at();
  out.doc = lexemes_.texts[first.doc];
  if ((isWord("declare") && is(Word, 1) && !is(BraceOpen, 2)) ||
      (isWord("def") && is(ParenOpen, 2))) {
    fail("RL0015", spanOf(first), "no declaration begins with " + shown(first))
        .help(isWord("def") ? "write `function twice(n: int) -> int = n * 2`"
                            : "write `fact Customer { name: string }`");
    take();
    while (!is(End) && !declarationStarts() && !isWord("end")) take();
    takeWord("end");
    return false;
  }
  const std::string_view keyword = declarationKeyword();
  if (keyword.empty()) {
    const std::string word(textOf(first));
    if (is(BraceClose) || is(ParenClose) || is(BracketClose)) {
      complain("RL0010", spanOf(first), shown(first) + " closes nothing")
          .fix("remove it", spanOf(first), "")
          .note("every block before it is already closed");
    } else if (isWord("import") || isWord("module")) {
      complain("RL0013", spanOf(first),
               "`" + word + "` belongs at the top of the file, before all declarations")
          .help("move the line to the top");
      take();
      qualifiedName("module");
      if (!recovering_ && takeWord("as")) takeName("module");
      return false;
    } else if (isAnyWord({"package", "namespace"}) && is(Word, 1)) {
      complain("RL0015", spanOf(first), "a file names its module with `module`")
          .write(spanOf(first), "module");
      take();
      qualifiedName("module");
      return false;
    } else if (isAnyWord({"when", "then"})) {
      fail("RL0015", spanOf(first), "`" + word + "` stands outside of any rule")
          .help("a rule begins with its name: `rule \"what it does\"`");
    } else if (itemStarts(Inside::Steps) || itemStarts(Inside::Conditions)) {
      fail("RL0015", spanOf(first), shown(first) + " stands outside of any rule, flow or test")
          .help("has a `}` above closed the block too early?");
    } else if (is(Word)) {
      fail("RL0015", spanOf(first), "no declaration begins with " + shown(first))
          .help(
              "a module declares fact, event, subject, enum, const, function, host function, "
              "table, rule, query, flow and test");
    } else {
      fail("RL0015", spanOf(first), shown(first) + " stands outside of any declaration");
    }
    take();
    return false;
  }
  take();
  const auto head = [&] { out.head = spanFrom(first.begin); };
  if (keyword == "fact" || keyword == "event" || keyword == "subject") {
    out.kind = keyword == "fact"    ? tree::Declaration::Kind::Fact
               : keyword == "event" ? tree::Declaration::Kind::Event
                                    : tree::Declaration::Kind::Subject;
    out.name = declaredName(keyword, first, true);
    head();
    factLike(out, keyword);
  } else if (keyword == "enum") {
    out.kind = tree::Declaration::Kind::Enum;
    out.name = declaredName(keyword, first, true);
    head();
    enumeration(out);
  } else if (keyword == "const") {
    out.kind = tree::Declaration::Kind::Const;
    out.name = declaredName("constant", first, false);
    head();
    constant(out);
  } else if (keyword == "function") {
    out.kind = tree::Declaration::Kind::Function;
    out.name = declaredName(keyword, first, false);
    head();
    function(out);
  } else if (keyword == "host") {
    out.kind = tree::Declaration::Kind::Host;
    out.pure = takeWord("pure");
    if (!takeWordOrTypo("function")) {
      complain("RL0015", spanOf(first), "`host` declares a function of the host: `host function`")
          .fix("write `host function`", after(spanOf(first)), " function");
    }
    out.name = qualifiedName("function");
    head();
    host(out);
  } else if (keyword == "table") {
    out.kind = tree::Declaration::Kind::Table;
    out.name = declaredName(keyword, first, false);
    head();
    table(out);
  } else if (keyword == "rule") {
    out.kind = tree::Declaration::Kind::Rule;
    out.name = declaredName(keyword, first, false);
    head();
    rule(out);
  } else if (keyword == "query") {
    out.kind = tree::Declaration::Kind::Query;
    out.name = declaredName(keyword, first, false);
    head();
    query(out);
  } else if (keyword == "flow") {
    out.kind = tree::Declaration::Kind::Flow;
    out.name = declaredName(keyword, first, false);
    head();
    flow(out);
  } else {
    out.kind = tree::Declaration::Kind::Test;
    out.name = declaredName("test", first, false);
    head();
    test(out);
  }
  out.span = spanFrom(first.begin);
  return true;
}

// Facts, events, subjects

void TextParser::factLike(tree::Declaration& out, std::string_view keyword) {
  while (!recovering_ && !is(BraceOpen) && is(Word) && !is(Colon, 1) && !declarationStarts()) {
    const Lexeme word = at();
    const bool event = keyword == "event", subject = keyword == "subject";
    if (isWord("as") && (event || subject)) {
      take();
      out.asSpan = spanOf(at());
      if (const auto value = text(event ? "the name on the wire" : "the pattern of the name")) {
        out.as = *value;
      }
    } else if (isWord("expires") && event) {
      take();
      out.expires = duration("the time");
    } else if (isWord("open") && subject) {
      take();
      out.open = true;
    } else if (isAnyWord({"as", "expires", "open"})) {
      const std::string which = isWord("as")        ? "events and subjects"
                                : isWord("expires") ? "events"
                                                    : "subjects";
      complain("RL0016", spanOf(word),
               "`" + std::string(textOf(word)) + "` is for " + which + ", not for " +
                   (event ? "an " : "a ") + std::string(keyword));
      take();
      if (is(String) || is(LexemeKind::Duration)) take();
    } else if (isAnyWord({"extends", "implements"})) {
      complain("RL0016", spanOf(word), "types do not extend each other")
          .help("repeat the fields, or match two facts that share a key");
      take();
      if (is(Word)) take();
    } else {
      const std::string_view near = event     ? nearest(textOf(word), {"as", "expires"})
                                    : subject ? nearest(textOf(word), {"as", "open"})
                                              : std::string_view{};
      Complaint c = complain("RL0016", spanOf(word),
                             std::string(event ? "an " : "a ") + std::string(keyword) +
                                 " has no attribute " + shown(word));
      if (!near.empty()) c.write(spanOf(word), std::string(near));
      take();
      if (is(String) || is(LexemeKind::Duration)) take();
    }
  }
  fields(out);
}

void TextParser::fields(tree::Declaration& out) {
  const Lexeme owner = previous();
  const std::string what = "block of fields";
  if (is(ParenOpen) && !recovering_) {
    complain("RL0011", spanOf(at()),
             "the fields of " +
                 (out.name ? "`" + out.name.text + "`" : std::string("this declaration")) +
                 " stand in braces")
        .fix("write `{` … `}`", bracesFor(next_));
    if (const std::uint32_t close = closing(next_); close > 0) {
      next_ = close + 1;
    } else {
      recovering_ = true;
    }
    return;
  }
  if (!is(BraceOpen) && !itemStarts(Inside::Fields) && !recovering_) {
    complain("RL0011", out.head,
             "the fields of " +
                 (out.name ? "`" + out.name.text + "`" : std::string("this declaration")) +
                 " are missing")
        .fix("write `{ }` for none", after(spanOf(previous())), " { }");
    return;
  }
  block(Inside::Fields, what, owner, [&] {
    out.fields.push_back(field());
    if (!out.fields.back().name) out.fields.pop_back();
  });
}

tree::Field TextParser::field() {
  tree::Field out;
  out.doc = lexemes_.texts[at().doc];
  const std::uint32_t begin = at().begin;
  while (isAnyWord({"key", "ext"}) && is(Word, 1) && !is(Colon, 1)) {
    bool& mark = isWord("key") ? out.key : out.ext;
    if (mark) {
      complain("RL0014", spanOf(at()), shown(at()) + " stands twice")
          .fix("remove one", {file_, at().begin, at(1).begin}, "");
    }
    mark = true;
    take();
  }
  if (!is(Word)) {
    fail("RL0020", spanOf(at()), shown(at()) + " does not begin a field")
        .help("a field is written `name: type`");
    return out;
  }
  // `string name`, as in other languages.
  const bool typeFirst =
      is(Word, 1) && !at(1).lineFirst && !at().reserved && !is(Colon, 2) &&
      isAnyWord({"bool", "int", "double", "string", "bytes", "timestamp", "duration", "any",
                 "String", "Integer", "Boolean", "boolean", "float", "long"});
  if (typeFirst) {
    const std::string type(textOf(at())), name(textOf(at(1)));
    complain("RL0020", {file_, at().begin, at(1).end}, "a field begins with its name: `name: type`")
        .write({file_, at().begin, at(1).end}, name + ": " + type);
    out.type.name = type;
    out.type.span = spanOf(take());
    out.name = nameOf(take());
    out.span = spanFrom(begin);
    return out;
  }
  out.name = takeName("field");
  if (recovering_) return out;
  if (is(Question) && is(Colon, 1)) {
    Complaint c = complain("RL0020", spanOf(at()), "the `?` stands behind the type");
    if (is(Word, 2)) {
      c.write({file_, out.name.span.begin, at(2).end},
              out.name.text + ": " + std::string(textOf(at(2))) + "?");
    }
    take();
  }
  fieldType(out);
  while (!recovering_ && !is(Colon, 1)) {
    if (is(Assign)) {
      if (out.initial) {
        complain("RL0014", spanOf(at()), "the field `" + out.name.text + "` already has a default");
      }
      take();
      const bool ends = std::exchange(assignEnds_, true);
      out.initial = expression();
      assignEnds_ = ends;
    } else if (isWord("max") && !is(Colon, 1)) {
      if (out.max) {
        complain("RL0014", spanOf(at()), "the field `" + out.name.text + "` already has a bound");
      }
      take();
      out.max = count("the bound");
    } else if (isWord("where")) {
      take();
      const bool where = std::exchange(inWhere_, true);
      out.where.push_back(expression());
      inWhere_ = where;
    } else if (isAnyWord({"key", "ext"}) && !at().lineFirst &&
               (at(1).lineFirst || is(Comma, 1) || is(BraceClose, 1))) {
      const std::string mark(textOf(at()));
      complain("RL0013", spanOf(at()), "`" + mark + "` stands in front of its field")
          .fix("write `" + mark + " " + out.name.text + "`",
               {{before(out.name.span), mark + " "}, {{file_, previous().end, at().end}, ""}});
      (mark == "key" ? out.key : out.ext) = true;
      take();
    } else if (isWord("not") && isWord("null", 1)) {
      complain("RL0016", {file_, at().begin, at(1).end},
               "a field is always there unless its type ends with `?`")
          .fix("remove `not null`", {file_, previous().end, at(1).end}, "");
      take();
      take();
    } else if (isAnyWord({"default", "required", "optional", "unique", "primary", "nullable",
                          "readonly", "check"}) &&
               !is(Colon, 1)) {
      const Lexeme word = at();
      Complaint c = complain("RL0016", spanOf(word), "a field has no attribute " + shown(word));
      if (isWord("default")) {
        c.write(spanOf(word), "=");
      } else if (isWord("check")) {
        c.write(spanOf(word), "where");
      } else if (isAnyWord({"unique", "primary"})) {
        c.help("`key` in front of a field makes it a part of the identity");
      } else {
        c.help("a field is always there unless its type ends with `?`");
      }
      take();
      if (operandStarts() && !at().lineFirst) expression();
    } else {
      break;
    }
  }
  out.span = spanFrom(begin);
  return out;
}

// `: Type`, with what is usually forgotten there.
void TextParser::fieldType(tree::Field& out) {
  if (!is(Colon)) {
    const bool type = is(Word) && !at().lineFirst;
    if (type) {
      complain("RL0020", {file_, out.name.span.begin, at().end},
               "a `:` is missing between the field and its type")
          .fix("write `" + out.name.text + ": " + std::string(textOf(at())) + "`",
               after(out.name.span), ":");
    } else if (is(Assign)) {
      complain("RL0020", out.name.span, "the field `" + out.name.text + "` has no type")
          .help("its default does not tell the type: write it behind a `:`, as in `" +
                out.name.text + ": string = …`");
      return;
    } else {
      complain("RL0020", out.name.span, "the field `" + out.name.text + "` has no type")
          .help("write `" + out.name.text + ": string`, or another type");
      return;
    }
  } else {
    take();
  }
  const bool nextField =
      is(Word) && at().lineFirst &&
      (is(Colon, 1) || (is(Word, 1) && !at(1).lineFirst && !isAnyWord({"where", "max"}, 1)) ||
       (isAnyWord({"key", "ext"}) && is(Word, 1) && is(Colon, 2)));
  if (nextField || is(BraceClose) || is(ParenClose) || is(Comma) || is(Assign)) {
    complain("RL0020", out.name.span, "the field `" + out.name.text + "` has no type")
        .help(
            "the types are `bool`, `int`, `double`, `string`, `bytes`, `timestamp`, `duration`, "
            "`any`, `list<…>`, `map<…, …>` and your "
            "own");
    return;
  }
  out.type = type();
}

std::vector<tree::Field> TextParser::params() {
  std::vector<tree::Field> params;
  if (recovering_) return params;
  if (!is(ParenOpen)) {
    complain("RL0033", spanOf(previous()),
             "the parameters of " + shown(previous()) + " are missing")
        .fix("write `()` for none", after(spanOf(previous())), "()");
    return params;
  }
  take();
  list(ParenClose, "parameters", [&] {
    tree::Field param;
    const std::uint32_t begin = at().begin;
    const bool typeFirst =
        is(Word) && is(Word, 1) &&
        isAnyWord({"bool", "int", "double", "string", "any", "timestamp", "duration"});
    if (typeFirst) {
      complain("RL0020", {file_, at().begin, at(1).end},
               "a parameter begins with its name: `name: type`")
          .write({file_, at().begin, at(1).end},
                 std::string(textOf(at(1))) + ": " + std::string(textOf(at())));
      param.type.name = std::string(textOf(take()));
      param.name = nameOf(take());
      params.push_back(std::move(param));
      return;
    }
    param.name = takeName("parameter");
    if (recovering_) return;
    if (!is(Colon)) {
      complain("RL0020", param.name.span, "the parameter `" + param.name.text + "` has no type")
          .help("write `" + param.name.text + ": string`, or another type");
      if (is(Word) && !at().lineFirst) type();
    } else {
      take();
      param.type = type();
    }
    if (!recovering_ && takeIf(Assign)) param.initial = expression();
    param.span = spanFrom(begin);
    params.push_back(std::move(param));
  });
  return params;
}

// Enums, constants, functions

void TextParser::enumeration(tree::Declaration& out) {
  const Lexeme owner = previous();
  if (is(Assign)) {
    complain("RL0011", spanOf(at()), "the values of an enum stand in a block, without `=`")
        .fix("remove the `=`", spanOf(at()), "");
    take();
  }
  block(Inside::Values, "block of values", owner, [&] {
    if (is(String)) {
      complain("RL0019", spanOf(at()), "the values of a declared enum are names")
          .fix("remove the quotes", spanOf(at()), lexemes_.texts[at().value]);
      out.values.push_back({lexemes_.texts[at().value], spanOf(at())});
      take();
    } else if (is(Word)) {
      out.values.push_back(takeName("value"));
    } else {
      fail("RL0019", spanOf(at()), shown(at()) + " is no name of a value")
          .help("write `enum Colour { RED, GREEN }`");
      return;
    }
    if (is(Assign) || is(Colon)) {
      complain("RL0016", spanOf(at()), "the values of an enum are their names and have no numbers");
      take();
      expression();
    }
  });
}

void TextParser::constant(tree::Declaration& out) {
  if (recovering_) return;
  if (takeIf(Colon)) out.result = type();
  if (!recovering_ && operandStarts() && !at().lineFirst && !declarationStarts()) {
    complain("RL0033", spanOf(at()), "the value of a constant stands behind `=`")
        .fix("write `=`", before(spanOf(at())), "= ");
  } else if (!recovering_ && !takeIf(Assign)) {
    fail("RL0033", out.head, "this constant has no value").help("write `const LIMIT = 100`");
    return;
  }
  out.value = expression();
}

void TextParser::resultType(tree::Declaration& out, bool required) {
  if (recovering_) return;
  if (is(FatArrow) && !(is(Word, 1) && is(Assign, 2))) {
    fail("RL0033", spanOf(at()), "the type of the result stands behind `->`, what it is behind `=`")
        .help("write `function twice(n: int) -> int = n * 2`");
    return;
  }
  if (is(Colon) || is(FatArrow)) {
    complain("RL0033", spanOf(at()), "the type of the result stands behind `->`")
        .write(spanOf(at()), "->");
    take();
  } else if (!takeIf(Arrow)) {
    if (required) {
      complain("RL0033", out.head, "the type of the result is missing")
          .help("write `-> bool`, or another type, behind the parameters");
    }
    return;
  }
  out.result = type();
}

void TextParser::function(tree::Declaration& out) {
  out.params = params();
  resultType(out, true);
  functionBody(out);
}

void TextParser::functionBody(tree::Declaration& out) {
  if (recovering_) return;
  if (is(BraceOpen)) {
    complain("RL0033", spanOf(at()), "a function is one expression behind `=`, not a block")
        .help("write `function twice(n: int) -> int = n * 2`");
    skipBalanced();
    return;
  }
  if (!takeIf(Assign)) {
    complain("RL0033", out.head, "this function has no body")
        .help("write `=` and an expression behind its result type");
    if (!operandStarts() || declarationStarts() || at().lineFirst) return;
  }
  out.value = expression();
}

void TextParser::host(tree::Declaration& out) {
  out.params = params();
  resultType(out, false);
  if (!recovering_ && is(Assign)) {
    fail("RL0033", spanOf(at()), "a host function is written by the host and has no body here")
        .help("a function of the rules is declared with `function`, without `host`");
  }
}

// Tables

void TextParser::table(tree::Declaration& out) {
  const Lexeme owner = previous();
  out.params = params();
  if (!recovering_) {
    if (is(Arrow) && is(ParenOpen, 1)) {
      take();
      out.results = params();
    } else {
      resultType(out, true);
    }
  }
  while (!recovering_ && is(Word) && !declarationStarts()) {
    if (takeWord("by")) {
      do out.by.push_back(takeName("parameter"));
      while (!recovering_ && takeIf(Comma));
    } else if (takeWord("hit")) {
      const std::uint32_t begin = previous().begin;
      tableHit(out);
      out.hitSpan = spanFrom(begin);
    } else if (takeWord("allow")) {
      do out.allow.push_back(takeName("warning"));
      while (!recovering_ && takeIf(Comma));
    } else {
      const Lexeme word = at();
      const std::string_view near = nearest(textOf(word), {"by", "hit", "allow"});
      Complaint c = complain("RL0016", spanOf(word), "a table has no attribute " + shown(word));
      if (isAnyWord({"unique", "first", "any", "collect"})) {
        c.fix("write `hit " + std::string(textOf(word)) + "`", before(spanOf(word)), "hit ");
      } else if (!near.empty()) {
        c.write(spanOf(word), std::string(near));
      }
      take();
    }
  }
  block(Inside::Rows, "table", owner, [&] {
    if (is(Bar) || is(Or)) {
      if (out.otherwise) {
        complain("RL0013", spanOf(at()), "the rows of a table stand in front of its `default`")
            .related(out.otherwise->span, "the default");
      }
      out.rows.push_back(row(out));
    } else if (isWord("default") || (isAnyWord({"else", "otherwise"}) && is(FatArrow, 1))) {
      if (!isWord("default")) {
        complain("RL0032", spanOf(at()), "what holds for the rest stands behind `default`")
            .write(spanOf(at()), "default");
      }
      take();
      if (!takeIf(FatArrow)) {
        complain("RL0032", spanOf(previous()), "a `=>` is missing behind `default`")
            .fix("write `default =>`", after(spanOf(previous())), " =>");
      }
      const bool outer = std::exchange(inRow_, true);
      out.otherwise = expression();
      inRow_ = outer;
    } else {
      // The row above may have read the first cell of this one.
      std::uint32_t start = next_;
      while (start > 0 && !lexemes_.items[start].lineFirst) --start;
      const Lexeme& begin = lexemes_.items[start];
      fail("RL0032", spanOf(begin), "a row of a table begins with `|`")
          .fix("add `|` before " + shown(begin), before(spanOf(begin)), "| ");
    }
  });
}

void TextParser::tableHit(tree::Declaration& out) {
  if (!isAnyWord({"unique", "first", "any", "collect"})) {
    const std::string_view near = is(Word)
                                      ? nearest(textOf(at()), {"unique", "first", "any", "collect"})
                                      : std::string_view{};
    Complaint c = complain("RL0032", spanOf(is(Word) ? at() : previous()),
                           is(Word) ? "there is no hit policy " + shown(at())
                                    : "the hit policy is missing after `hit`");
    if (!near.empty()) c.write(spanOf(at()), std::string(near));
    c.help("the policies are `unique`, `first`, `any` and `collect`");
    if (is(Word)) take();
    return;
  }
  out.hit = std::string(textOf(take()));
  if (out.hit == "collect" && isAnyWord({"sum", "min", "max", "count"})) {
    out.hit += " " + std::string(textOf(take()));
  }
}

tree::TableRow TextParser::row(const tree::Declaration& table) {
  tree::TableRow row;
  const Lexeme first = at();
  const std::size_t columns = table.by.empty() ? table.params.size() : table.by.size();
  const bool outer = std::exchange(inRow_, true);
  while (!recovering_ && (is(Bar) || is(Or))) {
    if (is(Or)) {
      complain("RL0032", spanOf(at()), "a cell is empty")
          .fix("write `_` for a cell that matches everything", spanOf(at()), "| _ |");
      take();
    } else {
      take();
    }
    if (is(FatArrow) && row.cells.size() >= columns) {
      complain("RL0032", spanOf(previous()), "no `|` stands behind the last cell")
          .fix("remove it", spanOf(previous()), "");
      break;
    }
    std::vector<tree::Cell> tests;
    do tests.push_back(cell());
    while (!recovering_ && takeIf(Comma));
    row.cells.push_back(std::move(tests));
  }
  if (!recovering_) {
    if (is(Arrow) || is(Colon) || is(Assign)) {
      complain("RL0032", spanOf(at()), "the result of a row stands behind `=>`")
          .write(spanOf(at()), "=>");
      take();
    } else if (operandStarts() && !at().lineFirst) {
      complain("RL0032", spanFrom(first.begin), "this row has no `=>`")
          .fix("write `=>`", before(spanOf(at())), "=> ");
    } else if (!takeIf(FatArrow)) {
      fail("RL0032", spanFrom(first.begin), "this row has no result")
          .help("its result stands behind `=>`");
    }
  }
  if (!recovering_) {
    do row.results.push_back(expression());
    while (!recovering_ && takeIf(Comma));
  }
  inRow_ = outer;
  row.span = spanFrom(first.begin);
  if (!recovering_ && columns > 0 && row.cells.size() != columns) {
    complain("RL0032", {file_, first.begin, first.end},
             "this row has " + std::to_string(row.cells.size()) +
                 (row.cells.size() == 1 ? " cell" : " cells") + ", the table has " +
                 std::to_string(columns) + (columns == 1 ? " column" : " columns"))
        .related(table.name.span, table.by.empty() ? "one column for each parameter"
                                                   : "its columns stand behind `by`")
        .help("a cell that matches everything is written `_`");
  }
  return row;
}

tree::Cell TextParser::cell() {
  using CellKind = tree::Cell::Kind;
  tree::Cell out;
  const std::uint32_t begin = at().begin;
  const auto done = [&] {
    out.span = spanFrom(begin);
    return out;
  };
  if (recovering_) return out;
  if (isWord("_") && !is(Dot, 1)) {
    take();
    out.kind = CellKind::Any;
    return done();
  }
  if (is(Bar) || is(FatArrow) || is(Or)) {
    complain("RL0032", spanOf(previous()), "a cell is empty")
        .fix("write `_` for a cell that matches everything", after(spanOf(previous())), " _");
    out.kind = CellKind::Any;
    return done();
  }
  if (takeWord("if")) {
    out.kind = CellKind::If;
    out.operands.push_back(expression());
    return done();
  }
  Operator op = Operator::None;
  switch (at().kind) {
    case Less: op = Operator::Less; break;
    case LessEqual: op = Operator::LessEqual; break;
    case Greater: op = Operator::Greater; break;
    case GreaterEqual: op = Operator::GreaterEqual; break;
    case Equal: op = Operator::Equal; break;
    case NotEqual: op = Operator::NotEqual; break;
    case Assign:
      complain("RL0004", spanOf(at()), "a cell compares with `==`, or with nothing in front")
          .write(spanOf(at()), "==");
      op = Operator::Equal;
      break;
    default: break;
  }
  if (op != Operator::None) {
    take();
    out.kind = CellKind::Compare;
    out.op = op;
    out.operands.push_back(binary(3));
    return done();
  }
  out.operands.push_back(expression());
  out.kind = CellKind::Equal;
  if (!recovering_ && (is(Range) || is(RangeOpen))) {
    out.kind = CellKind::Range;
    out.op = is(Range) ? Operator::Inclusive : Operator::Exclusive;
    take();
    out.operands.push_back(expression());
  }
  return done();
}

}  // namespace reticle
