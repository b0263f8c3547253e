// What to say about actions, steps and doings: the verbs of other languages, and verbs that are
// missing.
#include "syntax/advice_actions.h"

namespace reticle {
namespace {

using ActionKind = tree::Action::Kind;

struct ActionAlias {
  std::string_view word, meant, why;
};
// Verbs of other rule engines and languages. Only asked where no action of ours begins, so that a
// name may still be called `stop` or `delay`.
constexpr ActionAlias kActionAliases[] = {
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

// The last lexeme of the dotted name that begins here.
std::uint32_t lastOfPath(const LexemeReader& l) {
  std::uint32_t last = 0;
  // The bound keeps the look ahead short in a text that is all dots.
  while (l.is(LexemeKind::Dot, last + 1) && l.is(LexemeKind::Word, last + 2) && last < 16) {
    last += 2;
  }
  return last;
}

}  // namespace

// What is none

std::string ActionAdvice::thing() const { return inside() == Inside::Steps ? "step" : "action"; }

// From the most certain reading to the least; each step returns whether it has reported.
void ActionAdvice::noAction() const {
  const Span place = spanOf(at());
  if (!is(Word)) {
    fail("RL0018", place,
         shown(place) + " does not begin " + (inside() == Inside::Steps ? "a " : "an ") + thing())
        .help("every " + thing() + " begins with its verb, such as `insert`, `set` or `log`");
    return;
  }
  if (noReservedAction()) return;
  const std::uint32_t last = lastOfPath(lexemes());
  if (noVerb(last) || modifyOfDrools() || aliasOfAction()) return;
  if ((last == 0 && misspeltAction()) || callOfAction(last)) return;
  wordThatIsNone();
}

// A reserved word that begins no action.
bool ActionAdvice::noReservedAction() const {
  if (!at().reserved || isAnyWord({"if", "for", "let", "return"})) return false;
  const Span place = spanOf(at());
  const std::string word(textOf(at()));
  if (word == "var" || word == "const") {
    fail("RL0018", place, "a value is named with `let`").write(place, "let");
  } else if (word == "else") {
    fail("RL0018", place, "this `else` belongs to no `if`")
        .help("`else` follows the `}` of an `if` directly");
  } else if (word == "while" || word == "loop") {
    fail("RL0018", place, "there is no `" + word + "`: rules repeat by matching again")
        .help("to go through a list write `for x in list { … }`");
  } else {
    fail("RL0018", place, "no " + thing() + " begins with `" + word + "`");
  }
  return true;
}

// Whether a `let` further up in this declaration gives the name.
bool ActionAdvice::namedAbove(std::string_view name) const {
  for (std::uint32_t at = lexemes().position(); at-- > 1;) {
    const Lexeme &let = lexemes().lexeme(at - 1), &named = lexemes().lexeme(at);
    if (let.kind != Word) continue;
    const std::string_view word = textOf(let);
    if (let.lineFirst && (word == "rule" || word == "flow" || word == "test")) return false;
    if (word == "let" && named.kind == Word && textOf(named) == name) return true;
  }
  return false;
}

// A record, an assignment or a pattern: the verb is missing. `last` is that of the path.
bool ActionAdvice::noVerb(std::uint32_t last) const {
  const Lexeme& first = at();
  const Span path = span(first.begin, at(last).end);
  std::uint32_t lexemes = 1;
  // Both verbs are offered: whether the type is a fact or an event is not known while parsing.
  if (typeStarts(0, &lexemes) && (is(BraceOpen, lexemes) || is(ParenOpen, lexemes))) {
    const std::string name = written(span(first.begin, at(lexemes - 1).end));
    fail("RL0018", spanOf(first), "this `" + name + "` has no verb")
        .fix("write `insert " + name + "` to add a fact", before(first), "insert ")
        .fix("or `emit " + name + "` for an event", before(first), "emit ");
    return true;
  }
  // a.b = c, x = 5, x += 1, x++
  const bool changes =
      is(Assign, last + 1) || ((is(Plus, last + 1) || is(Minus, last + 1)) &&
                               (is(Assign, last + 2) || is(at(last + 1).kind, last + 2)));
  if (changes && last > 0) {
    fail("RL0018", path, "a property is changed with `set`")
        .fix("write `set " + written(path) + " = …`", before(first), "set ");
    return true;
  }
  if (changes && namedAbove(textOf(first))) {
    const bool flow = inside() == Inside::Steps;
    fail("RL0018", path, "`" + written(path) + "` has its value already: `let` gives it once")
        .help("give the new value a name of its own, with `let`")
        .help(flow ? "what changes while a flow runs is a property of a fact: "
                     "`set fact.property = …`"
                   : "to change a property of a fact write `set fact.property = …`");
    return true;
  }
  if (changes) {
    fail("RL0018", path, "a value is named with `let`")
        .fix("write `let " + written(path) + " = …`", before(first), "let ")
        .help("to change a property of a fact write `set fact.property = …`");
    return true;
  }
  if (!is(Colon, 1)) return false;
  fail("RL0018", spanOf(first), "a pattern stands in `when`, not among the " + thing() + "s")
      .help("in a flow, `for x in Type(…) { … }` goes through the facts that match");
  return true;
}

// `modify(c) { … }`
bool ActionAdvice::modifyOfDrools() const {
  if (!isWord("modify") || !is(ParenOpen, 1) || !is(Word, 2) || !is(ParenClose, 3)) return false;
  const std::string target(textOf(at(2)));
  Complaint c = fail("RL0018", spanOf(at()), "several properties are changed with `update`");
  if (is(BraceOpen, 4)) {
    c.write(span(at().begin, at(3).end), "update " + target);
  } else {
    c.help("write `update " + target + " {name: value}`");
  }
  return true;
}

bool ActionAdvice::aliasOfAction() const {
  for (const ActionAlias& alias : kActionAliases) {
    if (!isWord(alias.word)) continue;
    fail("RL0018", spanOf(at()), std::string(alias.why))
        .write(spanOf(at()), std::string(alias.meant));
    return true;
  }
  return false;
}

bool ActionAdvice::misspeltAction() const {
  const std::string word(textOf(at()));
  // Verbs of rules first, since they may stand in flows and tests too.
  std::string_view near =
      nearest(word, {"insert", "upsert", "set", "unset", "update", "retract", "emit", "call",
                     "start", "signal", "cancel", "log", "let", "if", "for", "focus", "halt"});
  if (near.empty() && inside() == Inside::Steps) {
    near = nearest(word, {"step", "sleep", "wait", "parallel", "branch", "try", "fail", "return",
                          "compensate", "restart"});
  }
  if (near.empty() && inside() == Inside::TestActions) {
    near = nearest(word, {"clock", "settle", "advance", "crash", "host"});
  }
  if (near.empty()) return false;
  // What follows must fit a verb, unless the verb takes nothing.
  const bool operand = operandStarts(1) && !is(ParenOpen, 1);
  const bool alone = near == "halt" || near == "settle" || near == "crash" ||
                     near == "compensate" || is(BraceClose, 1) || at(1).lineFirst;
  if (!operand && at().lineFirst && !alone) return false;
  Complaint c = fail("RL0018", spanOf(at()), "no " + thing() + " begins with `" + word + "`");
  replace(c, word, spanOf(at()), near);
  return true;
}

// `log.info(…)`, `f(…)`, `a.f(…)`
bool ActionAdvice::callOfAction(std::uint32_t last) const {
  if (!is(ParenOpen, last + 1)) return false;
  const Span path = span(at().begin, at(last).end);
  if (isWord("log") && last == 2) {
    const bool known = isAnyWord({"debug", "info", "warn", "error"}, 2);
    fail("RL0018", path, "a message is written with `log`, its level and a text")
        .write(path, "log " + (known ? std::string(textOf(at(2))) : "info") + " ");
  } else if (inside() == Inside::Steps) {
    fail("RL0018", path, "a function is called in a step")
        .fix("write `step result = call " + written(path) + "(…)`", before(at()),
             "step result = call ");
  } else {
    fail("RL0018", path, "a host function is called with `call`")
        .fix("write `call " + written(path) + "(…)`", before(at()), "call ");
  }
  return true;
}

void ActionAdvice::wordThatIsNone() const {
  const std::string word(textOf(at()));
  if (isAnyWord({"not", "exists", "accumulate", "either", "forall", "each"})) {
    fail("RL0018", spanOf(at()), "`" + word + "` is a condition and stands in `when`");
    return;
  }
  fail("RL0018", spanOf(at()), "no " + thing() + " begins with `" + word + "`")
      .help(inside() == Inside::Steps ? "steps begin with step, let, wait, sleep, if, for, "
                                        "parallel, try, fail, return or a verb of rules such as set"
            : inside() == Inside::TestActions
                ? "in a test stand clock, settle, advance, crash, host and the actions of rules"
                : "the actions are insert, upsert, set, unset, update, retract, emit, call, start, "
                  "signal, cancel, "
                  "log, let, if, for, focus and halt");
}

// ORDER: tree::Action::Kind; steps and doings are ranges of it.
void ActionAdvice::inTheWrongPlace(ActionKind kind, const Lexeme& word) const {
  const std::string text(textOf(word));
  const bool inRule = inside() == Inside::Actions;
  const bool step = kind >= ActionKind::Step && kind <= ActionKind::Restart;
  const bool doing = kind >= ActionKind::Clock && kind <= ActionKind::Replace;
  if (step && inside() != Inside::Steps) {
    complain("RL0026", spanOf(word),
             "`" + text + "` is a step of a flow" + (inRule ? "; a rule is over at once" : ""))
        .help(inRule ? "write it into a `flow`, and let the rule `start` that"
                     : "a test drives time with `advance`, and hosts with `host f returns …`");
  } else if (doing && inside() != Inside::TestActions) {
    complain("RL0026", spanOf(word), "`" + text + "` stands only in a test")
        .help("a test has it in its `given` and `when`");
  }
}

// Actions

// `+=` and the like are two lexemes that touch; `++` only counts at the end of an action.
bool ActionAdvice::compoundSign() const {
  const bool assigns =
      (is(Plus) || is(Minus) || is(Star) || is(Slash)) && is(Assign, 1) && at(1).begin == at().end;
  const bool steps = (is(Plus) && is(Plus, 1)) || (is(Minus) && is(Minus, 1));
  return assigns || (steps && (at(2).lineFirst || is(BraceClose, 2)));
}

void ActionAdvice::compoundAssignment(const Lexeme& keyword, const std::string& set,
                                      const Span& path, const Lexeme& sign,
                                      const std::string& by) const {
  const std::string op(textOf(sign)), target = written(path);
  // For `+=` the two signs are marked, for `++` what was read up to its second sign.
  const bool longer = previous().end > sign.end + 1;
  complain("RL0005", span(sign.begin, longer ? sign.begin + 2 : previous().end),
           "there is no `" + op + (by.empty() ? op : "=") + "`: say the new value in full")
      .write(span(keyword.begin, previous().end),
             set + " " + target + " = " + target + " " + op + " " + (by.empty() ? "1" : by));
}

bool ActionAdvice::setOfSeveral(const Lexeme& keyword, std::size_t parts) const {
  if (!is(BraceOpen) || parts != 1 || !is(Word, 1) || !is(Colon, 2)) return false;
  complain("RL0033", spanOf(keyword), "several properties are changed with `update`")
      .write(spanOf(keyword), "update");
  return true;
}

void ActionAdvice::updateOfNothing(const Lexeme& keyword, const std::string& target) const {
  if (is(Dot)) {
    fail("RL0031", span(keyword.begin, at(1).end), "`update` changes several properties at once")
        .help("one property is changed with `set " + target + "." + std::string(textOf(at(1))) +
              " = …`");
  } else {
    fail("RL0033", spanFrom(keyword.begin), "this `update` changes nothing")
        .help("write `update " + target + " {name: value}`, or `update " + target + " with` a map");
  }
}

bool ActionAdvice::wordInBrackets(const Lexeme& keyword) const {
  if (!nameInBrackets()) return false;
  const std::string word(textOf(keyword));
  complain("RL0031", spanOf(at()), "`" + word + "` is written without brackets")
      .write(span(keyword.begin, at(2).end), word + " " + std::string(textOf(at(1))));
  return true;
}

bool ActionAdvice::emptyBrackets() const {
  if (!is(ParenOpen) || !is(ParenClose, 1)) return false;
  const Span brackets = span(at().begin, at(1).end);
  complain("RL0031", brackets,
           "`" + std::string(textOf(previous())) + "` is written without brackets")
      .fix("remove them", brackets, "");
  return true;
}

// Whether a type stands here alone; `lexemes` is then how many it takes.
bool ActionAdvice::eventWithoutBraces(std::uint32_t& lexemes) const {
  return typeStarts(0, &lexemes) && !is(BraceOpen, lexemes) && !is(ParenOpen, lexemes) &&
         !is(Dot, lexemes);
}

void ActionAdvice::bracesOfEvent(const Span& name) const {
  complain("RL0033", name, "an event is made with braces, even without members")
      .write(name, written(name) + "{}");
}

// Returns whether a word stands there that must be taken, so that it is not read as an action.
bool ActionAdvice::noDelivery(const Lexeme& keyword) const {
  const bool word = is(Word) && !at().lineFirst;
  const std::string_view near =
      word ? nearest(textOf(at()), {"local", "outside", "both", "unhandled"}) : std::string_view{};
  Complaint c = complain(
      "RL0033", spanOf(word ? at() : keyword),
      word ? "an event is not delivered " + shown(at()) : "`deliver` does not say where to");
  if (!near.empty()) {
    c.write(spanOf(at()), std::string(near));
  } else {
    c.help(
        "write `deliver local` for the rules here, `deliver outside` for the world, `deliver "
        "both`, "
        "or `deliver unhandled` for the world only when no rule here listens");
  }
  return word;
}

void ActionAdvice::stepOfLet(const Lexeme& word) const {
  if (inside() != Inside::Actions) return;
  complain("RL0026", spanOf(word), shown(word) + " is a step of a flow; a rule is over at once")
      .help(textOf(word) == "find" ? "match the fact in `when`"
                                   : "let the rule `start` a flow that waits");
}

bool ActionAdvice::callWithResult(const Lexeme& keyword, const std::string& name) const {
  if (!isWord("call") || !is(Word, 1)) return false;
  if (inside() == Inside::Steps) {
    fail("RL0026", spanOf(at()), "a call with a result is a step")
        .write(span(keyword.begin, at().end), "step " + name + " = call");
  } else {
    fail("RL0026", spanOf(at()), "a call in a rule has no result: it is sent when the rule is done")
        .help(
            "start a flow, whose steps have results; or use a `host pure function` inside an "
            "expression");
  }
  return true;
}

void ActionAdvice::argumentByPosition(std::string_view of, const Lexeme& open,
                                      const Span& value) const {
  // Cut, so that a long value does not fill the help.
  const std::string shownValue = written(span(value.begin, std::min(value.end, value.begin + 40)));
  complain("RL0031", value, "the arguments of `" + std::string(of) + "` are given by name")
      .related(spanOf(open), "here")
      .help("write `name: " + shownValue + "` with the name of the parameter");
}

// Steps

bool ActionAdvice::stepWithoutName(const Lexeme& keyword) const {
  if (!isAnyWord({"call", "run"}) || !is(Word, 1)) return false;
  complain("RL0033", spanOf(keyword), "this step has no name")
      .fix("write `step result = " + std::string(textOf(at())) + "`", afterLast(), " result =")
      .note("its name is how a run finds the step again after a crash");
  return true;
}

// Returns whether a flow is started; the caller goes on as after `run`, or else as after `call`.
bool ActionAdvice::callWithoutVerb(const Lexeme& keyword, const std::string& name) const {
  const bool flow = typeStarts();
  const std::uint32_t last = lastOfPath(lexemes());
  const bool value = is(Word) ? !is(ParenOpen, last + 1) : operandStarts();
  if (at().lineFirst || (!is(Word) && !value)) {
    fail("RL0033", spanFrom(keyword.begin), "the step `" + name + "` calls nothing")
        .help("write `call f(…)` or `run AnotherFlow(…)` behind `=`");
  } else if (value) {
    fail("RL0033", is(Word) ? span(at().begin, at(last).end) : spanOf(at()),
         "a step calls something that can fail or take time")
        .fix("write `let " + name + " = …` for a plain value", spanOf(keyword), "let");
  } else {
    complain("RL0033", spanOf(at()),
             flow ? "a step starts a flow with `run`" : "a step calls a function with `call`")
        .fix(flow ? "write `run`" : "write `call`", before(at()), flow ? "run " : "call ");
  }
  return flow;
}

void ActionAdvice::undoWithoutCall(const Lexeme& keyword) const {
  if (!is(Word)) {
    fail("RL0033", spanOf(keyword), "`undo` does not say what undoes the step")
        .help("write `undo call f(…)`");
  } else {
    complain("RL0033", spanOf(at()), "`undo` calls a function with `call`")
        .fix("write `call`", before(at()), "call ");
  }
}

bool ActionAdvice::waitForTime(const Lexeme& keyword) const {
  if (!is(LexemeKind::Duration)) return false;
  complain("RL0033", spanOf(keyword), "a flow pauses with `sleep`; `wait` waits for an event")
      .write(spanOf(keyword), "sleep");
  return true;
}

bool ActionAdvice::errorInBrackets(const Lexeme& keyword) const {
  if (!nameInBrackets()) return false;
  complain("RL0031", spanOf(at()), "the error behind `catch` stands without brackets")
      .write(span(keyword.begin, at(2).end), "catch " + std::string(textOf(at(1))));
  return true;
}

void ActionAdvice::timesOfRetry() const {
  const Span last = spanOf(previous());
  complain("RL0033", last, "`retry` says how many times").write(last, written(last) + " times");
}

bool ActionAdvice::noBackoff() const {
  const bool word = is(Word) && is(LexemeKind::Duration, 1);
  complain(
      "RL0033", spanOf(word ? at() : previous()),
      word ? "there is no backoff " + shown(at()) : "`backoff` does not say how the pauses grow")
      .help("the ways are `constant`, `linear` and `exponential`");
  return word;
}

}  // namespace reticle
