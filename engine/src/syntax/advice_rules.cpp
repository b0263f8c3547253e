// What to say about the parts of rules, queries, flows and tests, and about attributes that other
// engines have.
#include "syntax/advice_rules.h"

namespace reticle {

// The parts of a rule

// `when` or `then`, misspelt in front of its block; empty when it is neither.
std::string_view RuleAdvice::partNear() const {
  if (at().reserved || isAnyWord({"on", "when", "then", "once"}) || !is(BraceOpen, 1)) return {};
  return nearest(textOf(at()), {"when", "then"});
}

// Three ways to mean it: misspelt, a word of other engines, or the `given` of a test.
bool RuleAdvice::meansWhen() const {
  if (partNear() == "when") {
    Complaint c = complain("RL0015", spanOf(at()), "no part of a rule is called " + shown(at()));
    replace(c, textOf(at()), spanOf(at()), "when");
    return true;
  }
  if (isWord("given") && is(BraceOpen, 1)) {
    complain("RL0015", spanOf(at()), "the conditions of a rule stand behind `when`")
        .write(spanOf(at()), "when")
        .note("`given` belongs to tests: it brings in what is there before");
    return true;
  }
  return instead(Spot::WhenWord);
}

bool RuleAdvice::meansThen() const {
  if (partNear() == "then") {
    Complaint c = complain("RL0015", spanOf(at()), "no part of a rule is called " + shown(at()));
    replace(c, textOf(at()), spanOf(at()), "then");
    return true;
  }
  return instead(Spot::ThenWord);
}

bool RuleAdvice::elseOfRule() const {
  if (!isWord("else") || !is(BraceOpen, 1)) return false;
  complain("RL0015", spanOf(at()), "a rule has no `else`")
      .help("write a second rule for the opposite, or an `if … else` among the actions");
  return true;
}

// A rule with braces around `when` and `then`, as C-like languages would have it.
bool RuleAdvice::bracesAroundParts() const {
  if (!is(BraceOpen) || !isAnyWord({"when", "then", "given", "if"}, 1) || !is(BraceOpen, 2)) {
    return false;
  }
  Complaint c =
      complain("RL0011", spanOf(at()), "the parts of a rule stand without braces around them");
  if (const std::uint32_t close = lexemes().closing(lexemes().position()); close > 0) {
    c.fix("remove both", {{spanOf(at()), ""}, {spanOf(lexemes().lexeme(close)), ""}});
  }
  return true;
}

void RuleAdvice::blockWithoutWord(bool hasWhen) const {
  complain("RL0012", spanOf(at()),
           hasWhen ? "`then` is missing in front of these actions"
                   : "`when` or `then` is missing in front of this block")
      .fix("write `then {`", before(at()), "then ");
}

void RuleAdvice::partTwice(std::string_view word, const Span& first) const {
  const std::string name(word);
  complain("RL0014", spanOf(at()),
           "this rule already has " + (word == "on" ? std::string("an ") : "a ") + "`" + name + "`")
      .related(first, "the first one")
      .help(word == "when"   ? "put all conditions into one block; for alternatives write `either "
                               "{ … } or { … }`"
            : word == "then" ? "put all actions into one block"
                             : "for a second trigger write a second rule");
}

void RuleAdvice::partTooLate(std::string_view word, std::string_view later,
                             const Span& there) const {
  complain("RL0013", spanOf(at()),
           "`" + std::string(word) + "` belongs in front of `" + std::string(later) + "`")
      .related(there, "this comes after it")
      .help("the order is: attributes, `on`, `when`, `then`");
}

// Attributes

// Whether what stands here still belongs to the rule, so that it is read as an attribute.
bool RuleAdvice::attributeAfterConditions(const Span& head) const {
  if (isAnyWord({"salience", "group", "auto", "exclusive", "once", "no", "repeat", "disabled",
                 "allow", "tags", "effective"})) {
    complain("RL0013", spanOf(at()),
             "the attribute " + shown(at()) + " stands behind the conditions")
        .related(head, "attributes stand behind the name of the rule");
    return true;
  }
  if (!at().lineFirst) return true;
  return !isAnyWord({"fact", "event", "subject", "enum", "const", "function", "host", "table",
                     "rule", "query", "flow", "test"}) &&
         declarationOfOtherLanguages().empty();
}

// False when the word is none of the rule's; nothing has been taken then.
bool RuleAdvice::tookUnknownAttribute() {
  const Lexeme word = at();
  const std::string text(textOf(word));
  const std::string_view near =
      nearest(text, {"salience", "group", "exclusive", "once", "repeat", "disabled", "allow",
                     "tags", "effective", "priority", "when", "then", "on"});
  // A word at the start of a line that is near nothing begins something else.
  const bool belongs = !word.lineFirst || !near.empty() || word.lineIndent > 0;
  if (!belongs || word.reserved) return false;
  take();
  // agenda-group, lock-on-active: other engines write attributes with hyphens.
  while (is(Minus) && is(Word, 1) && at().begin == previous().end && at(1).begin == at().end) {
    take();
    take();
  }
  const Span whole = spanFrom(word.begin);
  const std::string name = written(whole);
  Complaint c = complain("RL0016", whole, "a rule has no attribute `" + name + "`");
  // These two take no value, so nothing more is skipped.
  if (name == "noLoop" || name == "no_loop" || name == "noloop") {
    c.write(whole, "no-loop");
    return true;
  }
  if (name == "autoFocus" || name == "auto_focus" || name == "autofocus") {
    c.write(whole, "auto-focus");
    return true;
  }
  if (name == "agenda-group" || name == "ruleflow-group") {
    c.write(whole, "group");
  } else if (name == "activation-group") {
    c.write(whole, "exclusive");
  } else if (text == "enabled") {
    c.help("a rule is enabled unless it says `disabled`");
  } else if (near == "priority") {
    replace(c, text, spanOf(word), "salience");
    c.help("the priority of a rule is its `salience`");
  } else if (!near.empty()) {
    replace(c, text, spanOf(word), near);
  } else {
    c.help(
        "the attributes are salience, group, auto-focus, exclusive, once, no-loop, repeat, "
        "disabled, allow, tags and effective");
  }
  // Its value, whatever it is.
  while (!is(End) && !is(BraceOpen) && !is(BraceClose) && !at().lineFirst &&
         !isAnyWord({"when", "then", "on", "salience", "group", "auto", "exclusive", "once",
                     "repeat", "disabled", "allow", "tags", "effective"})) {
    take();
  }
  return true;
}

bool RuleAdvice::signAfterAttribute(const Lexeme& word) const {
  if (!is(Assign) && !is(Colon)) return false;
  complain("RL0033", spanOf(at()), "the value of " + shown(word) + " follows without a sign")
      .fix("remove it", span(previous().end, at().end), "");
  return true;
}

bool RuleAdvice::hyphenOfOncePer(const Lexeme& once) const {
  if (!is(Minus) || !isWord("per", 1)) return false;
  const Span both = span(once.begin, at(1).end);
  complain("RL0016", both, "`once per` is written in two words").write(both, "once per");
  return true;
}

bool RuleAdvice::missingHyphen(const Lexeme& first, std::string_view second) const {
  if (!isWord(second)) return false;
  const std::string whole = std::string(textOf(first)) + "-" + std::string(second);
  const Span both = span(first.begin, at().end);
  complain("RL0016", both, "`" + whole + "` is written with a hyphen").write(both, whole);
  return true;
}

void RuleAdvice::halfOfAttribute(const Lexeme& first, std::string_view second) const {
  const std::string word(textOf(first));
  fail("RL0016", spanOf(first), "a rule has no attribute `" + word + "`")
      .write(spanOf(first), word + "-" + std::string(second));
}

void RuleAdvice::tagsWithoutBrackets(const Lexeme& keyword, const Span& tags) const {
  complain("RL0031", tags, "tags stand in brackets")
      .fix("write `tags(…)`", {{span(keyword.end, tags.begin), "("}, {afterLast(), ")"}});
}

// Queries

bool RuleAdvice::resultOfQuery() const {
  if (recovering() || !is(Arrow)) return false;
  complain("RL0016", spanOf(at()),
           "a query does not declare its result: it answers with the names its conditions bind");
  return true;
}

bool RuleAdvice::thenOfQuery(const Span& head) const {
  if (recovering() || !isWord("then") || !is(BraceOpen, 1)) return false;
  complain("RL0012", spanOf(at()), "a query only asks and has no `then`")
      .related(head, "with actions this would be a `rule`");
  return true;
}

// Flows

void FlowAdvice::tookUnknownAttribute() {
  const std::string text(textOf(at()));
  const std::string_view near = nearest(text, {"key", "timeout", "retry", "version", "allow"});
  Complaint c = complain("RL0016", spanOf(at()), "a flow has no attribute `" + text + "`");
  if (!near.empty()) {
    replace(c, text, spanOf(at()), near);
  } else {
    c.help("the attributes are key, timeout, retry, version and allow");
  }
  take();
  // Its value, whatever it is.
  while (!is(End) && !is(BraceOpen) && !at().lineFirst &&
         !isAnyWord({"key", "timeout", "retry", "version", "allow"})) {
    take();
  }
}

std::string FlowAdvice::unknownHandler(const Lexeme& on) const {
  const bool error = isAnyWord({"error", "fail", "failed", "exception"});
  const std::string meant =
      error      ? "failure"
      : is(Word) ? std::string(nearest(textOf(at()), {"failure", "cancel", "timeout"}))
                 : "";
  Complaint c = complain(
      "RL0016", spanOf(is(Word) ? at() : on),
      is(Word) ? "a flow cannot react to " + shown(at()) : "`on` does not say what it reacts to");
  if (!meant.empty()) c.write(spanOf(at()), meant);
  c.help("a flow reacts `on failure`, `on cancel` and `on timeout`");
  return meant;
}

// Tests

// Returns the part that was meant; empty after a failure. `then` is what other test languages call
// `expect`.
std::string TestAdvice::sectionMeant() const {
  const bool shaped = is(Word) && is(BraceOpen, 1);
  const std::string_view meant = isWord("then")    ? "expect"
                                 : isWord("setup") ? "given"
                                 : shaped ? nearest(textOf(at()), {"given", "when", "expect"})
                                          : std::string_view{};
  if (meant.empty()) {
    fail("RL0018", spanOf(at()), shown(at()) + " does not begin a part of a test")
        .help("a test consists of `given { … }`, `when { … }` and `expect { … }`");
  } else {
    Complaint c = complain("RL0015", spanOf(at()), "no part of a test is called " + shown(at()));
    replace(c, textOf(at()), spanOf(at()), meant);
  }
  return std::string(meant);
}

void TestAdvice::noExpectation() const {
  const Lexeme& first = at();
  const Span place = spanOf(first);
  const std::string_view near =
      is(Word) && operandStarts(1) && !is(Colon, 1)
          ? nearest(textOf(first), {"exists", "not", "count", "emitted", "fired", "called", "flow",
                                    "check", "failed", "runaway"})
          : std::string_view{};
  if (isAnyWord({"assert", "verify", "assertTrue"}) && operandStarts(1)) {
    fail("RL0018", place, "an expectation about a value begins with `check`").write(place, "check");
  } else if (!near.empty()) {
    Complaint c = fail("RL0018", place, "no expectation begins with " + shown(first));
    replace(c, textOf(first), place, near);
  } else if (typeStarts()) {
    fail("RL0018", place, "this pattern does not say whether it should match")
        .fix("write `exists " + std::string(textOf(first)) + "`", before(first), "exists ")
        .help("or `not`, or `count` and a comparison");
  } else if (operandStarts()) {
    fail("RL0018", place, "an expectation about a value begins with `check`")
        .fix("write `check` in front", before(first), "check ");
  } else {
    fail("RL0018", place, shown(first) + " is not an expectation")
        .help(
            "they begin with exists, not, count, emitted, fired, failed, runaway, called, flow or "
            "check");
  }
}

void TestAdvice::tookCountOfRunaway() {
  if (!is(Int) || !isWord("times", 1)) return;
  const Span count{spanOf(at()).file, spanOf(at()).begin, spanOf(at(1)).end};
  complain("RL0033", count, "a settling runs away or does not: there is nothing to count")
      .fix("take the number away", count, "");
  take();
  take();
}

bool TestAdvice::countWithoutRelation() const {
  if (!is(Int)) return false;
  complain("RL0033", spanOf(at()), "the number of a `count` stands behind a comparison")
      .fix("write `== " + written(spanOf(at())) + "`", before(at()), "== ");
  return true;
}

}  // namespace reticle
