// What stands in `when`, in queries and behind `on`.
#include <utility>

#include "syntax/text_parser.h"

namespace reticle {

std::vector<tree::Condition> TextParser::conditions(const Lexeme& owner, std::string what) {
  std::vector<tree::Condition> out;
  block(Inside::Conditions, std::move(what), owner, [&] {
    tree::Condition condition = this->condition();
    if (!recovering_) out.push_back(std::move(condition));
  });
  return out;
}

tree::Condition TextParser::condition() {
  using Kind = tree::Condition::Kind;
  tree::Condition out;
  const Lexeme first = at();
  const bool binding = is(Colon, 1);
  const auto keyword = [&](std::string_view word, Kind kind) {
    if (binding || !isWord(word)) return false;
    out.kind = kind;
    out.keyword = spanOf(take());
    return true;
  };
  if (isAnyWord({"exists", "forall"}) && is(ParenOpen, 1)) {
    Complaint c =
        fail("RL0017", spanOf(first),
             "`" + std::string(textOf(first)) + "` stands in front of a pattern, without brackets");
    const std::uint32_t close = closing(next_ + 1);
    if (isWord("exists") && typeStarts(2) && close > 0) {
      c.fix("remove them",
            {{{file_, first.end, at(1).end}, " "}, {spanOf(lexemes_.items[close]), ""}});
    } else if (isWord("forall")) {
      c.help("write `forall Type(…) satisfies (condition)`");
    }
  } else if (isWord("not") && !binding && (is(ParenOpen, 1) || isAnyWord({"exists", "not"}, 1))) {
    if (is(ParenOpen, 1)) {
      fail("RL0017", spanOf(first), "`not` stands in front of a pattern, without brackets")
          .help("write `not Type(…)`; for several patterns `not { … }`; for a value `if !(…)`");
    } else {
      fail("RL0017", {file_, first.begin, at(1).end},
           "`not` and `" + std::string(textOf(at(1))) + "` do not follow each other")
          .help(isWord("exists", 1) ? "`not Type(…)` alone says that there is none"
                                    : "`exists Type(…)` says that there is one");
    }
  } else if (keyword("not", Kind::Not) || keyword("exists", Kind::Exists)) {
    group(out, first);
  } else if (keyword("forall", Kind::Forall)) {
    out.pattern = pattern("`forall`");
    if (!recovering_ && !takeWordOrTypo("satisfies")) {
      fail("RL0033", out.keyword, "this `forall` does not say what must hold")
          .help("write `forall Type(…) satisfies (condition)`, or `satisfies { patterns }`");
    } else if (!recovering_ && is(BraceOpen)) {
      out.groups.push_back(conditions(previous(), "`satisfies` block"));
    } else if (!recovering_) {
      if (!is(ParenOpen)) {
        fail("RL0033", spanOf(previous()), "the condition behind `satisfies` stands in brackets")
            .help("write `satisfies (condition)` or `satisfies { patterns }`");
      } else {
        out.expr = conditionExpression(out.pattern ? out.pattern->binding.text : "");
      }
    }
  } else if (keyword("either", Kind::Either)) {
    out.groups.push_back(conditions(first, "`either` block"));
    while (!recovering_ && ((isWord("or") && !is(Colon, 1)) || is(BraceOpen) ||
                            (isWord("else") && is(BraceOpen, 1)))) {
      if (is(BraceOpen)) {
        complain("RL0033", spanOf(at()), "an `or` is missing in front of this alternative")
            .fix("write `or`", before(spanOf(at())), "or ");
      } else if (isWord("else")) {
        complain("RL0033", spanOf(at()), "the alternatives of `either` follow each other with `or`")
            .write(spanOf(at()), "or");
      }
      const Lexeme alternative = is(BraceOpen) ? previous() : take();
      out.groups.push_back(conditions(alternative, "`or` block"));
    }
    if (!recovering_ && out.groups.size() < 2) {
      complain("RL0033", out.keyword, "this `either` has one branch only")
          .help("add another: `either { … } or { … }`");
    }
  } else if (keyword("accumulate", Kind::Accumulate)) {
    accumulate(out);
  } else if (keyword("each", Kind::Each)) {
    out.name = bindingName("binding");
    if (!recovering_ && !takeWordOrTypo("in")) {
      fail("RL0033", spanFrom(first.begin), "this `each` does not say which list it walks over")
          .help("write `each x in o.lines`");
    }
    out.expr = expression();
    if (!recovering_ && takeWord("where")) out.where = conditionExpression("");
  } else if (keyword("let", Kind::Let)) {
    out.name = bindingName("binding");
    if (!recovering_) skipTypeOfLet();
    if (!recovering_ && is(Equal)) {
      complain("RL0004", spanOf(at()), "`let` gives a value with `=`; `==` compares")
          .write(spanOf(at()), "=");
      take();
    } else if (!recovering_ && !takeIf(Assign)) {
      fail("RL0033", spanFrom(first.begin), "this `let` gives no value")
          .help("write `let " + (out.name ? out.name.text : std::string("x")) + " = …`");
    }
    out.expr = expression();
  } else if (keyword("if", Kind::If)) {
    const bool records = std::exchange(records_, false);
    out.expr = conditionExpression("");
    records_ = records;
    if (!recovering_ && is(BraceOpen)) {
      fail("RL0017", spanOf(at()),
           "an `if` among conditions has no block: it is a condition like the others")
          .help("what should happen stands in `then`; an `if` with a block can be an action there");
      recovering_ = false;
      skipBalanced();
    }
  } else if (is(Word) && !first.reserved && boundOtherwise() > 0) {
    const std::uint32_t sign = boundOtherwise();
    complain("RL0017", {file_, at(1).begin, at(sign).end}, "a binding is written with `:`")
        .fix(
            "write `" + std::string(textOf(first)) + ": " + std::string(textOf(at(sign + 1))) + "`",
            {file_, first.end, at(sign).end}, ":");
    tree::Name name = bindingName("binding");
    for (std::uint32_t i = 0; i < sign; ++i) take();
    out.kind = Kind::Pattern;
    out.pattern = pattern("the binding");
    out.pattern->binding = std::move(name);
  } else if (typeStarts() || (is(Word) && binding)) {
    out.kind = Kind::Pattern;
    out.pattern = pattern("the binding");
  } else {
    notACondition();
  }
  out.span = spanFrom(first.begin);
  return out;
}

// `c = Customer(…)`, `c <- Customer`: the number of lexemes of the sign; 0 when it is something
// else.
std::uint32_t TextParser::boundOtherwise() const {
  const std::uint32_t sign = is(Assign, 1) ? 1 : is(Less, 1) && is(Minus, 2) ? 2 : 0;
  std::uint32_t past = 0;
  if (sign == 0 || !typeStarts(sign + 1, &past)) return 0;
  const Lexeme& next = at(sign + 1 + past);
  return next.kind == ParenOpen || (past == 1 && (next.lineFirst || next.kind == BraceClose)) ? sign
                                                                                              : 0;
}

// Says what the thing that stands here was probably meant to be.
void TextParser::notACondition() {
  const Lexeme first = at();
  const Span span = spanOf(first);
  const std::string word(textOf(first));
  if (!is(Word)) {
    if (operandStarts()) {
      fail("RL0017", span, "a condition about values begins with `if`")
          .fix("write `if` in front", before(span), "if ");
    } else {
      fail("RL0017", span, shown(span) + " does not begin a condition")
          .help(
              "a condition is a pattern, `c: Customer(loggedIn)`, or begins with not, exists, "
              "forall, either, accumulate, each, let or if");
    }
    return;
  }
  if (first.reserved) {
    fail("RL0017", span, "`" + word + "` does not begin a condition");
    return;
  }
  if (isWord("or")) {
    fail("RL0017", span, "`or` follows the block of an `either`")
        .help("write `either { … } or { … }`");
    return;
  }
  if (isWord("and")) {
    fail("RL0017", span, "conditions that stand one below the other hold together, without `and`")
        .fix("remove `and`", span, "");
    return;
  }
  if (isWord("eval") && is(ParenOpen, 1)) {
    fail("RL0017", span, "a condition about values begins with `if`").write(span, "if");
    return;
  }
  // A keyword that is misspelt, in front of what follows that keyword.
  const bool operand = is(BraceOpen, 1) || (is(Word, 1) && !at(1).lineFirst);
  const std::string_view near =
      operand
          ? nearest(word, {"not", "exists", "forall", "either", "accumulate", "each", "let", "if"})
          : std::string_view{};
  if (!near.empty()) {
    fail("RL0017", span, "no condition begins with `" + word + "`")
        .fix("replace `" + word + "` with `" + std::string(near) + "`", span, std::string(near));
    return;
  }
  if (isAnyWord({"insert", "set", "update", "retract", "emit", "call", "start", "log", "halt",
                 "upsert", "unset"})) {
    fail("RL0017", span, "`" + word + "` is an action and stands in `then`")
        .help("`when` says what must be so, `then` what to do about it");
    return;
  }
  if (is(ParenOpen, 1)) {
    std::string type = word;
    if (type[0] >= 'a' && type[0] <= 'z') type[0] = static_cast<char>(type[0] - 'a' + 'A');
    fail("RL0021", span,
         "`" + word + "(…)` is no pattern: the name of a type begins with a capital")
        .write(span, type)
        .help("if it is a function, write `if " + word + "(…)`");
    return;
  }
  if (infix().level >= 0 || is(Dot, 1) || is(Equal, 1) || is(NotEqual, 1) || is(Less, 1) ||
      is(Greater, 1) || is(LessEqual, 1) || is(GreaterEqual, 1) || is(And, 1) || is(Or, 1) ||
      is(Assign, 1) || isWord("in", 1)) {
    if (is(Assign, 1)) {
      fail("RL0017", span, "a condition neither sets nor compares with `=`")
          .fix("write `let` in front to name a value", before(span), "let ")
          .help("to compare, write `if " + word + " == …`");
    } else {
      fail("RL0017", span, "a condition about values begins with `if`")
          .fix("write `if` in front", before(span), "if ");
    }
    return;
  }
  fail("RL0017", span, "`" + word + "` does not begin a condition")
      .help(
          "a condition is a pattern, `c: Customer(loggedIn)`, or begins with not, exists, forall, "
          "either, accumulate, each, let or if");
}

// A pattern, or a block of conditions.
void TextParser::group(tree::Condition& out, const Lexeme& owner) {
  const std::string what = "`" + std::string(textOf(owner)) + "`";
  if (is(BraceOpen)) {
    out.groups.push_back(conditions(owner, what + " block"));
  } else {
    out.pattern = pattern(what);
  }
}

void TextParser::accumulate(tree::Condition& out) {
  const Lexeme owner = previous();
  if (isWord("skip") && !is(Colon, 1)) {
    take();
    if (!takeWordOrTypo("errors")) {
      complain("RL0033", spanOf(previous()), "`skip` stands in front of `errors`")
          .write(spanOf(previous()), "skip errors");
    }
    out.skipErrors = true;
  }
  group(out, owner);
  if (!recovering_ && isWord("group") && !is(Colon, 1)) {
    const Lexeme word = take();
    if (!takeWordOrTypo("by")) {
      complain("RL0033", spanOf(word), "`group` stands in front of `by`")
          .write(spanOf(word), "group by");
    }
    do {
      tree::GroupKey key;
      if (is(Word) && !is(Assign, 1)) {
        const std::uint32_t begin = at().begin;
        Expr value = expression();
        if (recovering_) break;
        complain("RL0033", {file_, begin, value.span.end}, "what is grouped by has a name")
            .write({file_, begin, value.span.end}, "key = " + written(value.span))
            .help("the name stands for the value of each group");
        key.value = std::move(value);
        out.groupBy.push_back(std::move(key));
        continue;
      }
      key.name = bindingName("name of a group");
      if (!recovering_ && !takeIf(Assign)) {
        fail("RL0033", spanOf(word), "`group by` gives no value")
            .help("write `group by key = o.customerId`");
      }
      key.value = expression();
      if (!recovering_) out.groupBy.push_back(std::move(key));
    } while (!recovering_ && takeIf(Comma));
  }
  if (recovering_) return;
  if (!takeWordOrTypo("into")) {
    fail("RL0033", out.keyword, "this `accumulate` does not say what it computes")
        .help("write `into n = count()`, or another function, behind the pattern");
    return;
  }
  do {
    tree::AccumulateFunction function;
    const std::uint32_t begin = at().begin;
    if (is(Word) && is(ParenOpen, 1)) {
      const std::string written(textOf(at()));
      complain("RL0033", spanOf(at()), "the result of `" + written + "` has no name")
          .fix("write `n = " + written + "`", before(spanOf(at())), "n = ");
    } else {
      function.result = bindingName("result");
      if (!recovering_ && (is(Colon) || is(Equal))) {
        complain("RL0033", spanOf(at()), "the result gets its value with `=`")
            .write(spanOf(at()), "=");
        take();
      } else if (!recovering_ && !takeIf(Assign)) {
        fail("RL0033", function.result.span,
             "the result `" + function.result.text + "` has no function")
            .help("write `" + function.result.text +
                  " = count()`, or sum, min, max, avg, collect, distinct, first, last");
      }
    }
    if (recovering_) return;
    if (!is(Word) || !is(ParenOpen, 1)) {
      fail("RL0033", spanOf(is(Word) ? at() : previous()),
           "a result of `accumulate` is computed by a function")
          .help(
              "the functions are count, sum, min, max, avg, collect, distinct, first and last: "
              "`sum(i.qty)`");
      return;
    }
    function.function = nameOf(take());
    const Lexeme open = take();
    if (!is(ParenClose)) function.argument = expression();
    if (recovering_) return;
    if (!takeIf(ParenClose)) {
      if (is(Comma)) {
        fail("RL0033", spanOf(at()), "`" + function.function.text + "` takes one argument");
        return;
      }
      complain("RL0009", spanOf(open), "this `(` is never closed")
          .fix("add `)` after " + shown(previous()), after(spanOf(previous())), ")");
    }
    function.span = spanFrom(begin);
    out.functions.push_back(std::move(function));
  } while (!recovering_ && takeIf(Comma));
}

// Patterns

tree::Pattern TextParser::pattern(std::string_view what) {
  tree::Pattern out;
  if (recovering_) return out;
  const std::uint32_t begin = at().begin;
  if (is(Word) && is(Colon, 1)) {
    out.binding = bindingName("binding");
    take();
  }
  const bool next = !out.binding && at().lineFirst && is(Word) && !typeStarts() &&
                    !is(ParenOpen, 1) && previous().kind == Word;
  if (!is(Word) || (at().lineFirst && out.binding && is(Colon, 1)) || next) {
    if (out.binding) {
      fail("RL0033", out.binding.span,
           "the binding `" + out.binding.text + "` has no type behind it")
          .help("write `" + out.binding.text + ": Customer`");
    } else {
      fail("RL0033", spanOf(previous()), "a pattern is missing after " + std::string(what))
          .help("a pattern is the name of a type with constraints: `Customer(loggedIn)`");
    }
    return out;
  }
  std::uint32_t lexemes = 1;
  const bool type = typeStarts(0, &lexemes);
  const Lexeme word = at();
  if (!type) {
    // `c: customer(loggedIn)`: a type with a small letter.
    std::string name(textOf(word));
    if (word.reserved) {
      fail("RL0021", spanOf(word), "`" + name + "` is not a type");
      return out;
    }
    const bool path = is(Dot, 1);
    if (path && !is(ParenOpen, lexemes)) {
      fail("RL0017", {file_, word.begin, at(lexemes - 1).end},
           "a pattern matches facts of a type; " +
               shown(Span{file_, word.begin, at(lexemes - 1).end}) + " is a value")
          .help(out.binding ? "to name a value write `let " + out.binding.text + " = …`"
                            : "a condition about values begins with `if`");
      return out;
    }
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
    complain("RL0021", spanOf(word), "the name of a type begins with a capital")
        .write(spanOf(word), name);
  }
  for (std::uint32_t i = 0; i < (type ? lexemes : 1); ++i) out.type.text += textOf(take());
  out.type.span = spanFrom(word.begin);
  const bool behind = type && !out.binding && is(Word) && !at().lineFirst && !at().reserved &&
                      !capital(at()) && inside_ == Inside::Conditions &&
                      (is(ParenOpen, 1) || at(1).lineFirst || is(BraceClose, 1)) &&
                      !isAnyWord({"over", "held", "after", "before", "within", "and", "or", "where",
                                  "from", "satisfies", "into", "group"});
  if (behind) {
    const std::string written = std::string(textOf(at())) + ": " + out.type.text;
    complain("RL0017", spanOf(at()), "a binding stands in front of its type")
        .write({file_, begin, at().end}, written);
    out.binding = nameOf(take());
  }
  if (isWord("where") && !at().lineFirst && inside_ == Inside::Conditions) {
    fail("RL0017", spanOf(at()), "the constraints of a pattern stand in brackets behind its type")
        .help("write `" + out.type.text + "(age > 18)`");
    return out;
  }
  if (is(BracketOpen) && !at().lineFirst) {
    Complaint c =
        complain("RL0031", spanOf(at()), "the constraints of a pattern stand in round brackets");
    if (const std::uint32_t close = closing(next_); close > 0) {
      c.fix("write `(` … `)`", {{spanOf(at()), "("}, {spanOf(lexemes_.items[close]), ")"}});
    }
    if (const std::uint32_t close = closing(next_); close > 0) {
      next_ = close + 1;
    } else {
      recovering_ = true;
    }
  } else if (is(ParenOpen)) {
    constraints(out.constraints, out.binding.text);
  } else if (is(BraceOpen) && records_ && inside_ != Inside::Steps && !at().lineFirst) {
    complain("RL0031", spanOf(at()), "the constraints of a pattern stand in round brackets")
        .help("`" + out.type.text + "(…)` matches facts, `" + out.type.text + "{…}` makes one");
    skipBalanced();
  }
  while (!recovering_ && is(Word) && !is(Colon, 1)) {
    tree::Suffix suffix;
    if (!this->suffix(suffix)) break;
    if (!recovering_) out.suffixes.push_back(std::move(suffix));
  }
  out.span = spanFrom(begin);
  return out;
}

// From `(` to `)`.
void TextParser::constraints(std::vector<Expr>& out, const std::string& binding) {
  const bool records = std::exchange(records_, true);
  take();
  list(ParenClose, "constraints", [&] {
    if (is(Word) && is(Colon, 1)) {
      const Lexeme name = at();
      complain("RL0017", spanOf(name), "a constraint neither names nor sets anything with `:`")
          .help(binding.empty()
                    ? "to compare, write `" + std::string(textOf(name)) + " == …`"
                    : "to compare, write `" + std::string(textOf(name)) + " == …`; the value is `" +
                          binding + "." + std::string(textOf(name)) + "` everywhere below");
      take();
      take();
      expression();
      return;
    }
    Expr constraint = conditionExpression(binding);
    if (!recovering_ && (is(Range) || is(RangeOpen))) {
      fail("RL0029", spanOf(at()), "a range stands only to the right of `in`")
          .help("write `x in a..b`, or compare twice: `x >= a && x <= b`");
      return;
    }
    out.push_back(std::move(constraint));
  });
  records_ = records;
}

// A suffix of a pattern; false when none stands here.
bool TextParser::suffix(tree::Suffix& out) {
  using Kind = tree::Suffix::Kind;
  const Lexeme word = at();
  const auto done = [&] {
    out.span = spanFrom(word.begin);
    return true;
  };
  if (isWord("over") && is(Word, 1) && !is(Colon, 2)) {
    take();
    if (!takeWordOrTypo("last")) {
      fail("RL0033", spanOf(word), "`over` stands in front of `last`")
          .help("write `over last 10m` or `over last 20 events`");
      return true;
    }
    if (is(Int) && isAnyWord({"events", "facts", "event", "fact"}, 1)) {
      out.kind = Kind::OverLastCount;
      out.count = count("the number").value_or(0);
      take();
    } else {
      out.kind = Kind::OverLast;
      out.duration = duration("the length of the window");
    }
    return done();
  }
  if (isWord("over") && (is(LexemeKind::Duration, 1) || is(Int, 1))) {
    complain("RL0033", spanOf(word), "a window is written `over last`")
        .write(spanOf(word), "over last");
    take();
    out.kind = Kind::OverLast;
    out.duration = duration("the length of the window");
    return done();
  }
  if (isWord("held") && !is(ParenOpen, 1)) {
    take();
    if (isWord("for") && (is(LexemeKind::Duration, 1) || is(Int, 1))) {
      complain("RL0033", spanOf(at()), "the time follows `held` without `for`")
          .fix("remove `for`", {file_, at().begin, at(1).begin}, "");
      take();
    }
    out.kind = Kind::Held;
    out.duration = duration("the time");
    return done();
  }
  if (isAnyWord({"after", "before"}) &&
      (is(LexemeKind::Duration, 1) || is(BraceClose, 1) || (is(Word, 1) && is(Colon, 2)))) {
    const std::string name(textOf(take()));
    fail("RL0033", spanOf(word), "this `" + name + "` does not say of what")
        .help("write `" + name + " a within 5s`, where `a` is the binding of an event above");
    return true;
  }
  if (isAnyWord({"after", "before"}) && is(Word, 1)) {
    out.kind = isWord("after") ? Kind::After : Kind::Before;
    take();
    out.of = takeName("binding");
    if (takeWord("within")) out.duration = duration("the distance");
    return done();
  }
  if (isWord("within")) {
    take();
    out.kind = Kind::WithinOf;
    out.duration = duration("the distance");
    if (!recovering_ && !takeWord("of")) {
      fail("RL0033", spanFrom(word.begin), "this `within` does not say of what")
          .help("write `within 5s of a`, where `a` is the binding of an event above");
      return true;
    }
    out.of = takeName("binding");
    return done();
  }
  return false;
}

// Triggers

tree::Trigger TextParser::trigger() {
  using Kind = tree::Trigger::Kind;
  tree::Trigger out;
  const Lexeme first = at();
  const bool named = is(Colon, 1);
  if (!named && (isWord("change") || isWord("changed"))) {
    if (isWord("changed")) {
      complain("RL0015", spanOf(first), "the trigger is called `change`")
          .write(spanOf(first), "change");
    }
    take();
    out.kind = Kind::Change;
    if (is(Word) && is(Colon, 1)) {
      out.binding = bindingName("binding");
      take();
    }
    const std::uint32_t begin = at().begin;
    std::vector<tree::Name> parts;
    if (is(Word)) {
      do parts.push_back(takeName("property"));
      while (!recovering_ && takeIf(Dot));
    }
    if (recovering_) return out;
    const bool typed = parts.size() > 1 && parts[parts.size() - 2].text[0] >= 'A' &&
                       parts[parts.size() - 2].text[0] <= 'Z';
    if (!typed) {
      const Span span = parts.empty() ? spanOf(first) : Span{file_, begin, previous().end};
      fail("RL0033", span,
           parts.empty() ? "`on change` does not say of which property"
                         : "`on change` names a property of a type")
          .help("write `on change d: Device.temperature`; one rule watches one property");
      return out;
    }
    out.property = parts.back();
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      if (i > 0) out.type.text += ".";
      out.type.text += parts[i].text;
    }
    out.type.span = {file_, parts.front().span.begin, parts[parts.size() - 2].span.end};
    if (is(ParenOpen)) constraints(out.constraints, "");
  } else if (!named && isAnyWord({"insert", "retract"}) && is(Word, 1)) {
    out.kind = isWord("insert") ? Kind::Insert : Kind::Retract;
    const std::string what = shown(take());
    out.pattern = pattern(what);
  } else if (!named && takeWord("every")) {
    out.kind = Kind::Every;
    out.every = duration("the interval");
  } else if (!named && takeWord("cron")) {
    out.kind = Kind::Cron;
    if (const auto plan = text("the plan of `cron`")) {
      out.cron = *plan;
      out.cronSpan = spanOf(previous());
    }
  } else if (!is(Word) || isAnyWord({"when", "then"})) {
    fail("RL0033", spanOf(previous()), "`on` does not say what it waits for")
        .help(
            "write an event, `on e: OrderPlaced`, or `on change d: Device.temperature`, `on every "
            "5m`, `on insert Order`");
  } else {
    out.kind = Kind::Event;
    out.pattern = pattern("`on`");
    if (!recovering_ && takeWord("at")) out.at = pattern("`at`");
  }
  out.span = spanFrom(first.begin);
  return out;
}

}  // namespace reticle
