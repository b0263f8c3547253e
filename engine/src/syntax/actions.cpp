// Actions of rules, which flows and tests may hold too.
#include <utility>

#include "syntax/text_parser.h"

namespace reticle {
namespace {

using Kind = tree::Action::Kind;

}  // namespace

std::vector<tree::Action> TextParser::actions(Inside inside, const Lexeme& owner,
                                              std::string what) {
  std::vector<tree::Action> out;
  block(inside, std::move(what), owner, [&] {
    tree::Action action = this->action();
    if (!recovering_) out.push_back(std::move(action));
  });
  return out;
}

tree::Action TextParser::action() {
  tree::Action out;
  const Lexeme first = at();
  const std::string word(is(Word) ? textOf(first) : std::string_view{});
  out.keyword = spanOf(first);
  const bool known = !word.empty() && !is(Colon, 1) && !is(Assign, 1) && !is(Dot, 1) &&
                     (ruleAction(word, out) || flowStep(word, out) || testDoing(word, out));
  if (!known) notAnAction();
  out.span = spanFrom(first.begin);
  return out;
}

// Says what the thing that stands here was probably meant to be.
void TextParser::notAnAction() {
  const Lexeme first = at();
  const Span span = spanOf(first);
  const std::string thing = inside_ == Inside::Steps ? "step" : "action";
  if (!is(Word)) {
    fail("RL0018", span,
         shown(span) + " does not begin " + (inside_ == Inside::Steps ? "a " : "an ") + thing)
        .help("every " + thing + " begins with its verb, such as `insert`, `set` or `log`");
    return;
  }
  const std::string word(textOf(first));
  if (first.reserved && word != "if" && word != "for" && word != "let" && word != "return") {
    if (word == "var" || word == "const") {
      fail("RL0018", span, "a value is named with `let`").write(span, "let");
    } else if (word == "else") {
      fail("RL0018", span, "this `else` belongs to no `if`")
          .help("`else` follows the `}` of an `if` directly");
    } else if (word == "while" || word == "loop") {
      fail("RL0018", span, "there is no `" + word + "`: rules repeat by matching again")
          .help("to go through a list write `for x in list { … }`");
    } else {
      fail("RL0018", span, "no " + thing + " begins with `" + word + "`");
    }
    return;
  }
  std::uint32_t lexemes = 1;
  if (typeStarts(0, &lexemes) && (is(BraceOpen, lexemes) || is(ParenOpen, lexemes))) {
    const std::string name = written({file_, first.begin, at(lexemes - 1).end});
    fail("RL0018", span, "this `" + name + "` has no verb")
        .fix("write `insert " + name + "` to add a fact", before(span), "insert ")
        .fix("or `emit " + name + "` for an event", before(span), "emit ");
    return;
  }
  // a.b = c, x = 5
  std::uint32_t last = 0;
  while (is(Dot, last + 1) && is(Word, last + 2) && last < 16) last += 2;
  const std::string path = written({file_, first.begin, at(last).end});
  const bool changes =
      is(Assign, last + 1) || ((is(Plus, last + 1) || is(Minus, last + 1)) &&
                               (is(Assign, last + 2) || is(at(last + 1).kind, last + 2)));
  if (changes) {
    if (last > 0) {
      fail("RL0018", {file_, first.begin, at(last).end}, "a property is changed with `set`")
          .fix("write `set " + path + " = …`", before(span), "set ");
    } else {
      fail("RL0018", span, "a value is named with `let`")
          .fix("write `let " + word + " = …`", before(span), "let ")
          .help("to change a property of a fact write `set fact.property = …`");
    }
    return;
  }
  if (is(Colon, 1)) {
    fail("RL0018", span, "a pattern stands in `when`, not among the " + thing + "s")
        .help("in a flow, `for x in Type(…) { … }` goes through the facts that match");
    return;
  }
  struct Alias {
    std::string_view word, meant, why;
  };
  static constexpr Alias kAliases[] = {
      {"assert", "insert", "a fact is added with `insert`"},
      {"add", "insert", "a fact is added with `insert`"},
      {"create", "insert", "a fact is added with `insert`"},
      {"insertLogical", "insert logical",
       "a fact that lasts while its reasons do is added with `insert logical`"},
      {"delete", "retract", "a fact is taken away with `retract`"},
      {"remove", "retract", "a fact is taken away with `retract`"},
      {"modify", "update", "several properties are changed with `update`"},
      {"change", "set", "a property is changed with `set`"},
      {"assign", "set", "a property is changed with `set`"},
      {"print", "log", "a message is written with `log`"},
      {"println", "log", "a message is written with `log`"},
      {"printf", "log", "a message is written with `log`"},
      {"echo", "log", "a message is written with `log`"},
      {"raise", "emit", "an event is sent with `emit`"},
      {"publish", "emit", "an event is sent with `emit`"},
      {"send", "emit", "an event is sent with `emit`"},
      {"trigger", "emit", "an event is sent with `emit`"},
      {"throw", "fail", "a flow fails with `fail`"},
      {"foreach", "for", "a list is gone through with `for`"},
      {"stop", "halt", "the engine stops with `halt`"},
      {"exit", "halt", "the engine stops with `halt`"},
      {"invoke", "call", "a host function is called with `call`"},
      {"schedule", "emit", "an event for later is sent with `emit … after 10s`"},
      {"def", "let", "a value is named with `let`"},
      {"val", "let", "a value is named with `let`"},
      {"rollback", "compensate", "steps are undone with `compensate`"},
      {"undo", "compensate", "steps are undone with `compensate`"},
      {"delay", "sleep", "a flow pauses with `sleep`"}};
  const bool modified = word == "modify" && is(ParenOpen, 1) && is(Word, 2) && is(ParenClose, 3);
  if (modified) {
    const std::string target(textOf(at(2)));
    Complaint c = fail("RL0018", span, "several properties are changed with `update`");
    if (is(BraceOpen, 4)) {
      c.write({file_, first.begin, at(3).end}, "update " + target);
    } else {
      c.help("write `update " + target + " {name: value}`");
    }
    return;
  }
  for (const Alias& alias : kAliases) {
    if (alias.word != word) continue;
    fail("RL0018", span, std::string(alias.why)).write(span, std::string(alias.meant));
    return;
  }
  const bool operand = operandStarts(1) && !is(ParenOpen, 1);
  std::string_view near =
      last > 0 ? std::string_view{}
               : nearest(word,
                         {"insert", "upsert", "set", "unset", "update", "retract", "emit", "call",
                          "start", "signal", "cancel", "log", "let", "if", "for", "focus", "halt"});
  if (near.empty() && last == 0 && inside_ == Inside::Steps) {
    near = nearest(word, {"step", "sleep", "wait", "parallel", "branch", "try", "fail", "return",
                          "compensate", "restart"});
  }
  if (near.empty() && last == 0 && inside_ == Inside::Doings) {
    near = nearest(word, {"clock", "settle", "advance", "crash", "host"});
  }
  if (!near.empty() &&
      (operand || !at().lineFirst || near == "halt" || near == "settle" || near == "crash" ||
       near == "compensate" || is(BraceClose, 1) || at(1).lineFirst)) {
    fail("RL0018", span, "no " + thing + " begins with `" + word + "`")
        .fix("replace `" + word + "` with `" + std::string(near) + "`", span, std::string(near));
    return;
  }
  if (is(ParenOpen, last + 1) && word == "log" && last == 2) {
    const std::string level(textOf(at(2)));
    const bool known = level == "debug" || level == "info" || level == "warn" || level == "error";
    fail("RL0018", {file_, first.begin, at(last).end},
         "a message is written with `log`, its level and a text")
        .write({file_, first.begin, at(last).end}, "log " + (known ? level : "info") + " ");
    return;
  }
  if (is(ParenOpen, last + 1)) {
    Complaint c = fail("RL0018", {file_, first.begin, at(last).end},
                       inside_ == Inside::Steps ? "a function is called in a step"
                                                : "a host function is called with `call`");
    if (inside_ == Inside::Steps) {
      c.fix("write `step result = call " + path + "(…)`", before(span), "step result = call ");
    } else {
      c.fix("write `call " + path + "(…)`", before(span), "call ");
    }
    return;
  }
  if (isAnyWord({"not", "exists", "accumulate", "either", "forall", "each"})) {
    fail("RL0018", span, "`" + word + "` is a condition and stands in `when`");
    return;
  }
  fail("RL0018", span, "no " + thing + " begins with `" + word + "`")
      .help(inside_ == Inside::Steps ? "steps begin with step, let, wait, sleep, if, for, "
                                       "parallel, try, fail, return or a verb of rules such as set"
            : inside_ == Inside::Doings
                ? "in a test stand clock, settle, advance, crash, host and the actions of rules"
                : "the actions are insert, upsert, set, unset, update, retract, emit, call, start, "
                  "signal, cancel, "
                  "log, let, if, for, focus and halt");
}

bool TextParser::ruleAction(std::string_view word, tree::Action& out) {
  if (word == "insert" || word == "upsert") {
    out.kind = word == "insert" ? Kind::Insert : Kind::Upsert;
    take();
    if (word == "insert" && isWord("logical") && operandStarts(1)) {
      take();
      out.logical = true;
    }
    out.value = expression();
    if (!recovering_ && word == "insert" && takeWord("as")) out.name = bindingName("binding");
  } else if (word == "set") {
    take();
    setAction(out);
  } else if (word == "unset") {
    out.kind = Kind::Unset;
    take();
    do out.path.push_back(takeName("property"));
    while (!recovering_ && takeIf(Dot));
  } else if (word == "update") {
    take();
    updateAction(out);
  } else if (word == "retract") {
    out.kind = Kind::Retract;
    take();
    if (typeStarts() && std::find(capitalBindings_.begin(), capitalBindings_.end(), textOf(at())) ==
                            capitalBindings_.end()) {
      fail("RL0031", spanOf(at()), "`retract` takes a binding, not a type")
          .help("bind the fact in `when`, as in `c: " + std::string(textOf(at())) +
                "(…)`, and write `retract c`");
      return true;
    }
    const bool parens = is(ParenOpen) && is(Word, 1) && is(ParenClose, 2);
    if (parens) {
      complain("RL0031", spanOf(at()), "`retract` is written without brackets")
          .write({file_, previous().begin, at(2).end}, "retract " + std::string(textOf(at(1))));
      take();
    }
    out.target = takeName("binding");
    if (parens) take();
  } else if (word == "emit") {
    take();
    emitAction(out);
  } else if (word == "call" || word == "start") {
    out.kind = word == "call" ? Kind::Call : Kind::Start;
    take();
    out.target = qualifiedName(word == "call" ? "host function" : "flow");
    out.arguments = arguments(out.target.text);
    if (!recovering_ && word == "start" && takeWord("key")) out.key = expression();
    if (!recovering_ && takeWord("as")) out.name = bindingName("binding");
  } else if (word == "signal" || word == "cancel") {
    out.kind = word == "signal" ? Kind::Signal : Kind::Cancel;
    const Lexeme first = take();
    out.target = qualifiedName("flow");
    if (!recovering_ && !takeWord("key")) {
      fail("RL0033", spanFrom(first.begin), "`" + std::string(word) + "` does not say which run")
          .help("write its key: `" + std::string(word) + " " + out.target.text + " key order.id`");
    }
    out.key = expression();
    if (!recovering_ && word == "signal") {
      if (!takeWord("with")) {
        fail("RL0033", spanFrom(first.begin), "this `signal` carries nothing")
            .help("write `with` and the event: `signal " + out.target.text +
                  " key order.id with Approved{}`");
      } else {
        out.with = expression();
      }
    }
  } else if (word == "log") {
    out.kind = Kind::Log;
    take();
    out.level = "info";
    const bool level = isAnyWord({"debug", "info", "warn", "error"}) && operandStarts(1) &&
                       !is(Dot, 1) && !is(Minus, 1);
    if (level) {
      out.level = std::string(textOf(take()));
    } else if (isAnyWord({"warning", "err", "trace", "notice", "fatal"}) &&
               (is(String, 1) || is(TemplateHead, 1) || is(TemplateText, 1))) {
      const bool warning = isWord("warning");
      complain("RL0033", spanOf(at()), "there is no level " + shown(at()))
          .write(spanOf(at()), warning            ? "warn"
                               : isWord("trace")  ? "debug"
                               : isWord("notice") ? "info"
                                                  : "error");
      take();
    }
    out.value = expression();
  } else if (word == "let") {
    take();
    letAction(out);
  } else if (word == "if") {
    take();
    ifAction(out);
  } else if (word == "for") {
    take();
    forAction(out);
  } else if (word == "focus") {
    out.kind = Kind::Focus;
    take();
    out.name = takeName("group");
  } else if (word == "halt") {
    out.kind = Kind::Halt;
    take();
    withoutBrackets();
  } else {
    return false;
  }
  return true;
}

// `halt()`
void TextParser::withoutBrackets() {
  if (!is(ParenOpen) || !is(ParenClose, 1)) return;
  const std::string word(textOf(previous()));
  complain("RL0031", {file_, at().begin, at(1).end}, "`" + word + "` is written without brackets")
      .fix("remove them", {file_, at().begin, at(1).end}, "");
  take();
  take();
}

void TextParser::setAction(tree::Action& out) {
  out.kind = Kind::Set;
  const Lexeme keyword = previous();
  // `muted` is a binding where a dot or `=` follows.
  if (isWord("muted") && is(Word, 1)) {
    take();
    out.muted = true;
  }
  const std::uint32_t begin = at().begin;
  do out.path.push_back(takeName("property"));
  while (!recovering_ && takeIf(Dot));
  if (recovering_) return;
  const std::string path = written({file_, begin, previous().end});
  const std::string set = out.muted ? "set muted " : "set ";
  const Lexeme sign = at();
  // set n.value += 1, set n.value++
  const bool compound =
      (is(Plus) || is(Minus) || is(Star) || is(Slash)) && is(Assign, 1) && at(1).begin == sign.end;
  const bool step = (is(Plus) && is(Plus, 1)) || (is(Minus) && is(Minus, 1));
  if (compound || (step && (at(2).lineFirst || is(BraceClose, 2)))) {
    const std::string op(textOf(sign));
    take();
    take();
    const std::uint32_t from = at().begin;
    if (compound) out.value = expression();
    if (recovering_) return;
    const std::string by = compound ? written({file_, from, previous().end}) : "1";
    complain("RL0005",
             {file_, sign.begin,
              lexemes_.items[next_ - 1].end > sign.end + 1 ? sign.begin + 2 : previous().end},
             "there is no `" + op + (compound ? "=" : op) + "`: say the new value in full")
        .write({file_, keyword.begin, previous().end},
               set + path + " = " + path + " " + op + " " + by);
    return;
  }
  if (is(Equal) || is(Colon)) {
    complain(
        is(Equal) ? "RL0004" : "RL0033", spanOf(sign),
        is(Equal) ? "`set` gives a value with `=`; `==` compares" : "`set` gives a value with `=`")
        .write(spanOf(sign), "=");
    take();
  } else if (isWord("to") && operandStarts(1) && !at().lineFirst) {
    complain("RL0033", spanOf(at()), "`set` gives a value with `=`").write(spanOf(at()), "=");
    take();
  } else if (is(BraceOpen) && out.path.size() == 1 && is(Word, 1) && is(Colon, 2)) {
    complain("RL0033", spanOf(keyword), "several properties are changed with `update`")
        .write(spanOf(keyword), "update");
    skipBalanced();
    return;
  } else if (!takeIf(Assign)) {
    fail("RL0033", {file_, keyword.begin, previous().end}, "this `set` gives no value")
        .help("write `" + set + path + " = …`");
    return;
  }
  out.value = expression();
}

void TextParser::updateAction(tree::Action& out) {
  const Lexeme keyword = previous();
  out.kind = Kind::UpdateFields;
  if (is(ParenOpen) && is(Word, 1) && is(ParenClose, 2)) {
    complain("RL0031", spanOf(at()), "`update` is written without brackets")
        .write({file_, keyword.begin, at(2).end}, "update " + std::string(textOf(at(1))));
    take();
    out.target = takeName("binding");
    take();
  } else {
    out.target = takeName("binding");
  }
  if (recovering_) return;
  if (takeWord("with")) {
    out.kind = Kind::UpdateWith;
    out.with = expression();
    return;
  }
  if (is(Dot)) {
    fail("RL0031", {file_, keyword.begin, at(1).end}, "`update` changes several properties at once")
        .help("one property is changed with `set " + out.target.text + "." +
              std::string(textOf(at(1))) + " = …`");
    return;
  }
  if (!is(BraceOpen)) {
    fail("RL0033", spanFrom(keyword.begin), "this `update` changes nothing")
        .help("write `update " + out.target.text + " {name: value}`, or `update " +
              out.target.text + " with` a map");
    return;
  }
  out.arguments = fieldValues(out.target.text);
}

void TextParser::emitAction(tree::Action& out) {
  out.kind = Kind::Emit;
  // emit Overheated, without its braces
  std::uint32_t lexemes = 1;
  if (typeStarts(0, &lexemes) && !is(BraceOpen, lexemes) && !is(ParenOpen, lexemes) &&
      !is(Dot, lexemes)) {
    const std::uint32_t begin = at().begin;
    for (std::uint32_t i = 0; i < lexemes; ++i) take();
    const Span name = spanFrom(begin);
    complain("RL0033", name, "an event is made with braces, even without members")
        .write(name, written(name) + "{}");
    Expr e;
    e.span = name;
    out.value = std::move(e);
  } else {
    out.value = expression();
  }
  while (!recovering_ && is(Word) && !is(Colon, 1)) {
    const Lexeme word = at();
    if (isWord("deliver")) {
      deliverClause(out);
      continue;
    }
    std::optional<Expr>* clause = isWord("to")          ? &out.to
                                  : isWord("after")     ? &out.after
                                  : isWord("at")        ? &out.at
                                  : isWord("replacing") ? &out.replacing
                                                        : nullptr;
    if (clause == nullptr) break;
    if (*clause) {
      complain("RL0014", spanOf(word), "this `emit` already has " + shown(word))
          .related((*clause)->span, "the first one");
    }
    take();
    *clause = expression();
  }
}

// Where an event goes: to the rules here, to the world outside, or both.
void TextParser::deliverClause(tree::Action& out) {
  const Lexeme keyword = take();
  if (!out.deliver.empty()) {
    complain("RL0014", spanOf(keyword), "this `emit` already has `deliver`");
  }
  if (isAnyWord({"local", "outside", "both"})) {
    out.deliver = std::string(textOf(take()));
    return;
  }
  const bool word = is(Word) && !at().lineFirst;
  const std::string_view near =
      word ? nearest(textOf(at()), {"local", "outside", "both"}) : std::string_view{};
  Complaint c = complain(
      "RL0033", spanOf(word ? at() : keyword),
      word ? "an event is not delivered " + shown(at()) : "`deliver` does not say where to");
  if (!near.empty()) {
    c.write(spanOf(at()), std::string(near));
  } else {
    c.help(
        "write `deliver local` for the rules here, `deliver outside` for the world, or `deliver "
        "both`");
  }
  if (word) take();
}

// `let x: int = 5`
void TextParser::skipTypeOfLet() {
  if (!is(Colon)) return;
  const Lexeme colon = take();
  if (is(Word) && (is(Assign, 1) || is(Less, 1) || is(Question, 1))) {
    type();
    complain("RL0016", spanFrom(colon.begin), "`let` has no type: it takes that of its value")
        .fix("remove the type", spanFrom(colon.begin), "");
    return;
  }
  fail("RL0033", spanOf(colon), "`let` gives a value with `=`").write(spanOf(colon), "=");
}

void TextParser::letAction(tree::Action& out) {
  out.kind = Kind::Let;
  const Lexeme keyword = previous();
  out.name = bindingName("binding");
  if (recovering_) return;
  skipTypeOfLet();
  if (recovering_) return;
  if (is(Equal)) {
    complain("RL0004", spanOf(at()), "`let` gives a value with `=`; `==` compares")
        .write(spanOf(at()), "=");
    take();
  } else if (!takeIf(Assign)) {
    fail("RL0033", spanFrom(keyword.begin), "this `let` gives no value")
        .help("write `let " + out.name.text + " = …`");
    return;
  }
  const bool matches = typeStarts(1) || (is(Word, 1) && is(Colon, 2));
  const Lexeme word = at();
  if (isWord("find") && matches) {
    take();
    out.kind = Kind::Find;
    out.pattern = pattern("`find`");
  } else if (isWord("wait") && (matches || isWord("until", 1))) {
    take();
    waitStep(out);
  } else if (isWord("call") && is(Word, 1)) {
    if (inside_ == Inside::Steps) {
      fail("RL0026", spanOf(word), "a call with a result is a step")
          .write({file_, keyword.begin, word.end}, "step " + out.name.text + " = call");
    } else {
      fail("RL0026", spanOf(word),
           "a call in a rule has no result: it is sent when the rule is done")
          .help(
              "start a flow, whose steps have results; or use a `host pure function` inside an "
              "expression");
    }
    return;
  } else {
    out.value = expression();
    return;
  }
  if (inside_ == Inside::Actions) {
    complain("RL0026", spanOf(word), shown(word) + " is a step of a flow; a rule is over at once")
        .help(word.end - word.begin == 4 && textOf(word) == "find"
                  ? "match the fact in `when`"
                  : "let the rule `start` a flow that waits");
  }
}

void TextParser::ifAction(tree::Action& out) {
  out.kind = Kind::If;
  const Lexeme keyword = previous();
  const Inside inside = inside_;
  const bool records = std::exchange(records_, false);
  out.value = conditionExpression("");
  records_ = records;
  if (recovering_) return;
  if (isWord("then") && is(BraceOpen, 1)) {
    complain("RL0015", spanOf(at()), "an `if` among actions has no `then`")
        .fix("remove `then`", {file_, at().begin, at(1).begin}, "");
    take();
  }
  out.body = actions(inside, keyword, "`if` block");
  if (recovering_) return;
  if (isAnyWord({"elseif", "elsif", "elif"})) {
    const Lexeme word = at();
    complain("RL0015", spanOf(word), shown(word) + " is written in two words")
        .write(spanOf(word), "else if");
    tree::Action other;
    other.keyword = spanOf(take());
    ifAction(other);
    other.span = spanFrom(word.begin);
    out.otherwise.push_back(std::move(other));
    return;
  }
  if (!isWord("else")) return;
  const Lexeme word = take();
  if (is(BraceOpen)) {
    out.otherwise = actions(inside, word, "`else` block");
  } else if (blockNesting_ < kMaxNesting) {
    ++blockNesting_;
    tree::Action other = action();
    --blockNesting_;
    if (!recovering_) out.otherwise.push_back(std::move(other));
  } else {
    fail("RL0024", spanOf(word), "`else if` is nested deeper than 64 levels")
        .help("a `table` tells many cases apart");
  }
}

void TextParser::forAction(tree::Action& out) {
  out.kind = Kind::For;
  const Lexeme keyword = previous();
  const Inside inside = inside_;
  if (isWord("each") && is(Word, 1) && !isWord("in", 1) && !isWord("of", 1)) {
    complain("RL0033", spanOf(at()), "`for` goes through a list without `each`")
        .fix("remove `each`", {file_, at().begin, at(1).begin}, "");
    take();
  }
  out.name = bindingName("binding");
  if (recovering_) return;
  if (is(Colon)) {
    complain("RL0033", spanOf(at()), "`for` goes through a list with `in`")
        .write(spanOf(at()), " in");
    take();
  } else if (isWord("of")) {
    complain("RL0033", spanOf(at()), "`for` goes through a list with `in`")
        .write(spanOf(at()), "in");
    take();
  } else if (!takeWord("in")) {
    fail("RL0033", spanFrom(keyword.begin), "this `for` does not say what it goes through")
        .help("write `for x in list { … }`");
    return;
  }
  const bool records = std::exchange(records_, false);
  if (typeStarts()) {
    out.pattern = pattern("`for`");
  } else {
    out.value = expression();
  }
  records_ = records;
  if (recovering_) return;
  if (isWord("parallel") && inside == Inside::Steps) {
    take();
    out.parallelFor = true;
    if (takeWord("max")) out.count = count("the number").value_or(-1);
  }
  out.body = actions(inside, keyword, "`for` block");
}

// Arguments

// (name: value, …), from the opening bracket.
std::vector<tree::Argument> TextParser::arguments(std::string_view of) {
  std::vector<tree::Argument> out;
  if (recovering_) return out;
  if (!is(ParenOpen)) {
    complain("RL0033", spanOf(previous()), "the arguments of `" + std::string(of) + "` are missing")
        .fix("write `()` for none", after(spanOf(previous())), "()");
    return out;
  }
  const bool records = std::exchange(records_, true);
  take();
  const Lexeme open = previous();
  list(ParenClose, "arguments", [&] {
    tree::Argument argument;
    if (is(Word) && (is(Colon, 1) || is(Assign, 1))) {
      if (at().reserved) reserved(at(), "argument");
      argument.name = nameOf(take());
      if (is(Assign)) {
        complain("RL0031", spanOf(at()), "an argument is given with `:`").write(spanOf(at()), ":");
      }
      take();
    } else {
      const std::uint32_t begin = at().begin;
      argument.value = expression();
      if (recovering_) return;
      complain("RL0031", {file_, begin, previous().end},
               "the arguments of `" + std::string(of) + "` are given by name")
          .related(spanOf(open), "here")
          .help("write `name: " + written({file_, begin, std::min(previous().end, begin + 40)}) +
                "` with the name of the parameter");
      return;
    }
    argument.value = expression();
    if (!recovering_) out.push_back(std::move(argument));
  });
  records_ = records;
  return out;
}

// {name: value, …} of `update`.
std::vector<tree::Argument> TextParser::fieldValues(std::string_view of) {
  std::vector<tree::Argument> out;
  take();
  list(BraceClose, "properties", [&] {
    tree::Argument value;
    if (!is(Word)) {
      fail("RL0031", spanOf(at()), "the properties of `" + std::string(of) + "` are given by name")
          .help("write `update " + std::string(of) + " {name: value}`");
      return;
    }
    value.name = takeName("property");
    if (is(Assign)) {
      complain("RL0031", spanOf(at()), "the value of a property stands behind `:` here")
          .write(spanOf(at()), ":");
      take();
    } else if (!takeIf(Colon)) {
      fail("RL0031", value.name.span, "the property `" + value.name.text + "` gets no value")
          .help("write `" + value.name.text + ": value`");
      return;
    }
    value.value = expression();
    if (!recovering_) out.push_back(std::move(value));
  });
  return out;
}

}  // namespace reticle
