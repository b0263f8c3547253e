// Rules, queries, flows and tests: their heads and clauses.
#include <array>
#include <utility>

#include "syntax/text_parser.h"

namespace reticle {

// Rules

void TextParser::rule(tree::Declaration& out) {
  // In the order they should come; where each was read.
  std::array<std::optional<Span>, 3> seen;
  static constexpr std::array<std::string_view, 3> kClauses{"on", "when", "then"};
  const auto clause = [&](std::size_t which) {
    const Lexeme keyword = at();
    const std::string name(kClauses[which]);
    if (seen[which]) {
      complain("RL0014", spanOf(keyword),
               "this rule already has " + std::string(which == 2   ? "a `then`"
                                                      : which == 1 ? "a `when`"
                                                                   : "an `on`"))
          .related(*seen[which], "the first one")
          .help(which == 1 ? "put all conditions into one block; for alternatives write `either { "
                             "… } or { … }`"
                : which == 2 ? "put all actions into one block"
                             : "for a second trigger write a second rule");
    } else {
      for (std::size_t later = which + 1; later < 3; ++later) {
        if (!seen[later]) continue;
        complain("RL0013", spanOf(keyword),
                 "`" + name + "` belongs in front of `" + std::string(kClauses[later]) + "`")
            .related(*seen[later], "this comes after it")
            .help("the order is: attributes, `on`, `when`, `then`");
        break;
      }
    }
    const bool again = seen[which].has_value();
    if (!again) seen[which] = spanOf(keyword);
    return again;
  };
  bool wrapped = false;
  // After a mistake in an attribute or trigger: on to the next part.
  const auto nextPart = [&] {
    while (!is(End) && !is(BraceOpen) && !declarationStarts() &&
           !(isAnyWord({"when", "then", "on"}) && (at().lineFirst || is(BraceOpen, 1)))) {
      take();
    }
    recovering_ = false;
  };
  while (!recovering_) {
    while (is(Comma) || is(Semicolon)) {
      if (is(Comma)) {
        complain("RL0022", spanOf(at()), "the parts of a rule stand without `,`")
            .fix("remove it", spanOf(at()), "");
      }
      take();
    }
    if (is(Colon) && !seen[1] && !seen[2]) {
      complain("RL0022", spanOf(at()), "the parts of a rule follow its name without `:`")
          .fix("remove it", spanOf(at()), "");
      take();
      continue;
    }
    if (wrapped && is(BraceClose)) {
      take();
      break;
    }
    if (is(BraceOpen) && !wrapped && !seen[1] && !seen[2] && isAnyWord({"when", "then"}, 1) &&
        is(BraceOpen, 2)) {
      Complaint c =
          complain("RL0011", spanOf(at()), "the parts of a rule stand without braces around them");
      if (const std::uint32_t close = closing(next_); close > 0) {
        c.fix("remove both", {{spanOf(at()), ""}, {spanOf(lexemes_.items[close]), ""}});
      }
      wrapped = true;
      take();
      continue;
    }
    if ((is(FatArrow) || is(Arrow)) && is(BraceOpen, 1) && !seen[2]) {
      complain("RL0015", spanOf(at()), "the actions of a rule stand behind `then`")
          .write(spanOf(at()), "then");
      clause(2);
      const Lexeme sign = take();
      out.then = this->actions(Inside::Actions, sign, "`then` block");
      continue;
    }
    if (isWord("else") && is(BraceOpen, 1) && seen[2]) {
      complain("RL0015", spanOf(at()), "a rule has no `else`")
          .help("write a second rule for the opposite, or an `if … else` among the actions");
      take();
      skipBalanced();
      continue;
    }
    const bool given = isAnyWord({"salience", "group", "exclusive", "once"}) && is(Colon, 1);
    if (is(Word) && (given || !is(Colon, 1))) {
      // A misspelt clause is read as what was meant.
      const std::string_view near = isAnyWord({"on", "when", "then"}) || at().reserved ||
                                            isAnyWord({"once"}) || !is(BraceOpen, 1)
                                        ? std::string_view{}
                                        : nearest(textOf(at()), {"when", "then"});
      const auto means = [&](std::string_view word) { return isWord(word) || near == word; };
      const auto misspelt = [&] {
        if (!near.empty()) {
          complain("RL0015", spanOf(at()), "no part of a rule is called " + shown(at()))
              .fix("replace " + shown(at()) + " with `" + std::string(near) + "`", spanOf(at()),
                   std::string(near));
        }
      };
      if (means("when") || isAnyWord({"if"}) || (means("given") && is(BraceOpen, 1))) {
        misspelt();
        if (isWord("if")) {
          complain("RL0015", spanOf(at()), "the conditions of a rule stand behind `when`")
              .write(spanOf(at()), "when");
        }
        const bool again = clause(1);
        const Lexeme keyword = take();
        std::vector<tree::Condition> conditions = this->conditions(keyword, "`when` block");
        if (!again) out.when = std::move(conditions);
        continue;
      }
      if (means("then") || isWord("do")) {
        misspelt();
        if (isWord("do")) {
          complain("RL0015", spanOf(at()), "the actions of a rule stand behind `then`")
              .write(spanOf(at()), "then");
        }
        const bool again = clause(2);
        const Lexeme keyword = take();
        std::vector<tree::Action> actions = this->actions(Inside::Actions, keyword, "`then` block");
        if (!again) out.then = std::move(actions);
        continue;
      }
      if (isWord("on")) {
        const bool again = clause(0);
        take();
        tree::Trigger trigger = this->trigger();
        if (!again && !recovering_) out.on = std::move(trigger);
        if (recovering_) {
          nextPart();
          out.on = std::nullopt;
        }
        continue;
      }
      if (declarationStarts() && !isWord("group")) break;
      if (seen[1] || seen[2]) {
        if (isAnyWord({"salience", "group", "auto", "exclusive", "once", "no", "repeat", "disabled",
                       "allow", "tags", "effective"})) {
          complain("RL0013", spanOf(at()),
                   "the attribute " + shown(at()) + " stands behind the conditions")
              .related(out.head, "attributes stand behind the name of the rule");
        } else if (at().lineFirst && declarationKeyword().size() > 0) {
          break;
        }
      }
      if (!ruleAttribute(out)) break;
      if (recovering_) nextPart();
      continue;
    }
    if (is(BraceOpen) && !seen[2]) {
      complain("RL0012", spanOf(at()),
               seen[1] ? "`then` is missing in front of these actions"
                       : "`when` or `then` is missing in front of this block")
          .fix("write `then {`", before(spanOf(at())), "then ");
      seen[2] = spanOf(at());
      out.then = actions(Inside::Actions, previous(), "`then` block");
      continue;
    }
    break;
  }
  if (recovering_) return;
  if (!seen[2]) {
    complain("RL0012", out.head, "this rule has no `then`")
        .label("it says when, but not what to do")
        .help("add `then { … }` with its actions; a question without actions is a `query`");
  }
}

// One attribute; false when none stands here and the rule is over.
bool TextParser::ruleAttribute(tree::Declaration& out) {
  const Lexeme word = at();
  const std::string text(textOf(word));
  const auto twice = [&](bool already) {
    if (already) {
      complain("RL0014", spanOf(word), "this rule already has `" + text + "`")
          .help("keep one of the two");
    }
  };
  const auto withoutSign = [&] {
    if (!is(Assign) && !is(Colon)) return;
    complain("RL0033", spanOf(at()), "the value of `" + text + "` follows without a sign")
        .fix("remove it", {file_, previous().end, at().end}, "");
    take();
  };
  if (text == "salience" || text == "priority") {
    twice(out.salience.has_value());
    if (text == "priority") {
      complain("RL0016", spanOf(word), "the priority of a rule is its `salience`")
          .write(spanOf(word), "salience");
    }
    take();
    withoutSign();
    out.salience = expression();
  } else if (text == "group" || text == "exclusive") {
    tree::Name& name = text == "group" ? out.group : out.exclusive;
    twice(static_cast<bool>(name));
    take();
    withoutSign();
    name = takeName("group");
  } else if (text == "once") {
    twice(out.once);
    out.onceSpan = spanOf(take());
    out.once = true;
    if (is(Minus) && isWord("per", 1)) {
      complain("RL0016", {file_, word.begin, at(1).end}, "`once per` is written in two words")
          .write({file_, word.begin, at(1).end}, "once per");
      take();
    }
    if (takeWord("per")) out.oncePer = expression();
  } else if (text == "no") {
    twice(out.noLoop);
    take();
    if (isWord("loop")) {
      complain("RL0016", {file_, word.begin, at().end}, "`no-loop` is written with a hyphen")
          .write({file_, word.begin, at().end}, "no-loop");
      take();
    } else if (!takeIf(Minus) || !takeWord("loop")) {
      fail("RL0016", spanOf(word), "a rule has no attribute `no`").write(spanOf(word), "no-loop");
      return true;
    }
    out.noLoop = true;
  } else if (text == "auto") {
    twice(out.autoFocus);
    take();
    if (isWord("focus")) {
      complain("RL0016", {file_, word.begin, at().end}, "`auto-focus` is written with a hyphen")
          .write({file_, word.begin, at().end}, "auto-focus");
      take();
    } else if (!takeIf(Minus) || !takeWord("focus")) {
      fail("RL0016", spanOf(word), "a rule has no attribute `auto`")
          .write(spanOf(word), "auto-focus");
      return true;
    }
    out.autoFocus = true;
    out.autoFocusSpan = spanFrom(word.begin);
  } else if (text == "repeat" || text == "disabled") {
    bool& flag = text == "repeat" ? out.repeat : out.disabled;
    twice(flag);
    if (text == "repeat") out.repeatSpan = spanOf(word);
    take();
    flag = true;
  } else if (text == "allow") {
    take();
    if (!is(Word) || isAnyWord({"when", "then", "on"})) {
      fail("RL0019", spanOf(word), "`allow` names no warning")
          .help("write `allow RL3005`, with the code of the warning that is meant");
      return true;
    }
    do out.allow.push_back(takeName("warning"));
    while (!recovering_ && takeIf(Comma));
  } else if (text == "tags" && is(ParenOpen, 1)) {
    twice(!out.tags.empty());
    take();
    take();
    list(ParenClose, "tags", [&] {
      if (const auto tag = this->text("the tag")) out.tags.push_back(*tag);
    });
  } else if (text == "tags" && is(String, 1)) {
    twice(!out.tags.empty());
    take();
    const std::uint32_t from = at().begin;
    do out.tags.push_back(this->text("the tag").value_or(""));
    while (!recovering_ && takeIf(Comma));
    if (!recovering_) {
      complain("RL0031", {file_, from, previous().end}, "tags stand in brackets")
          .fix("write `tags(…)`",
               {{{file_, word.end, from}, "("}, {after(spanOf(previous())), ")"}});
    }
  } else if (text == "effective") {
    twice(!out.effectiveFrom.empty() || !out.effectiveTo.empty());
    take();
    if (!isAnyWord({"from", "to"})) {
      complain("RL0033", spanOf(word), "`effective` says no date")
          .help("write `effective from \"2024-01-01\" to \"2024-12-31\"`, or one of both");
    }
    if (takeWord("from")) {
      out.effectiveFrom = this->text("the date").value_or("");
      if (!out.effectiveFrom.empty()) out.fromSpan = spanOf(previous());
    }
    if (!recovering_ && takeWord("to")) {
      out.effectiveTo = this->text("the date").value_or("");
      if (!out.effectiveTo.empty()) out.toSpan = spanOf(previous());
    }
  } else {
    const std::string_view near =
        nearest(text, {"salience", "group", "exclusive", "once", "repeat", "disabled", "allow",
                       "tags", "effective", "priority", "when", "then", "on"});
    const bool belongs = !word.lineFirst || !near.empty() || word.lineIndent > 0;
    if (!belongs || word.reserved) return false;
    take();
    // agenda-group, lock-on-active: other engines write attributes with hyphens.
    while (is(Minus) && is(Word, 1) && at().begin == previous().end && at(1).begin == at().end) {
      take();
      take();
    }
    const std::string whole = written(spanFrom(word.begin));
    Complaint c =
        complain("RL0016", spanFrom(word.begin), "a rule has no attribute `" + whole + "`");
    if (whole == "noLoop" || whole == "no_loop" || whole == "noloop") {
      c.write(spanFrom(word.begin), "no-loop");
      return true;
    }
    if (whole == "autoFocus" || whole == "auto_focus" || whole == "autofocus") {
      c.write(spanFrom(word.begin), "auto-focus");
      return true;
    }
    if (whole == "agenda-group" || whole == "ruleflow-group") {
      c.write(spanFrom(word.begin), "group");
    } else if (whole == "activation-group") {
      c.write(spanFrom(word.begin), "exclusive");
    } else if (text == "enabled") {
      c.help("a rule is enabled unless it says `disabled`");
    } else if (near == "priority") {
      c.fix("replace `" + text + "` with `salience`", spanOf(word), "salience")
          .help("the priority of a rule is its `salience`");
    } else if (!near.empty()) {
      c.fix("replace `" + text + "` with `" + std::string(near) + "`", spanOf(word),
            std::string(near));
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
  }
  return true;
}

void TextParser::query(tree::Declaration& out) {
  const Lexeme owner = previous();
  out.params = params();
  if (!recovering_ && is(Arrow)) {
    complain("RL0016", spanOf(at()),
             "a query does not declare its result: it answers with the names its conditions bind");
    take();
    type();
  }
  if (!recovering_ && isWord("when")) {
    complain("RL0016", spanOf(at()), "the conditions of a query stand directly in its block")
        .fix("remove `when`", spanOf(at()), "");
    take();
  }
  if (!recovering_) out.when = conditions(owner, "block of the query");
  if (!recovering_ && isWord("then") && is(BraceOpen, 1)) {
    complain("RL0012", spanOf(at()), "a query only asks and has no `then`")
        .related(out.head, "with actions this would be a `rule`");
    take();
    skipBalanced();
  }
}

// Flows

void TextParser::flow(tree::Declaration& out) {
  const Lexeme owner = previous();
  out.params = params();
  resultType(out, false);
  while (!recovering_ && is(Word) && !declarationStarts()) {
    const Lexeme word = at();
    const std::string text(textOf(word));
    const auto twice = [&](bool already) {
      if (already) {
        complain("RL0014", spanOf(word), "this flow already has `" + text + "`")
            .help("keep one of the two");
      }
    };
    if (text == "key") {
      twice(out.key.has_value());
      take();
      out.key = headExpression();
    } else if (text == "timeout") {
      twice(out.timeout.has_value());
      take();
      out.timeout = duration("the time");
    } else if (text == "retry") {
      twice(out.retry.has_value());
      take();
      out.retry = retry(true);
    } else if (text == "version") {
      twice(out.version.has_value());
      take();
      out.version = count("the number");
    } else if (text == "allow") {
      take();
      do out.allow.push_back(takeName("warning"));
      while (!recovering_ && takeIf(Comma));
    } else if (itemStarts(Inside::Steps)) {
      break;
    } else {
      const std::string_view near = nearest(text, {"key", "timeout", "retry", "version", "allow"});
      Complaint c = complain("RL0016", spanOf(word), "a flow has no attribute `" + text + "`");
      if (!near.empty()) {
        c.fix("replace `" + text + "` with `" + std::string(near) + "`", spanOf(word),
              std::string(near));
      } else {
        c.help("the attributes are key, timeout, retry, version and allow");
      }
      take();
      while (!is(End) && !is(BraceOpen) && !at().lineFirst &&
             !isAnyWord({"key", "timeout", "retry", "version", "allow"})) {
        take();
      }
    }
  }
  if (!recovering_) out.then = actions(Inside::Steps, owner, "block of the flow");
  while (!recovering_ && isWord("on") && !is(Colon, 1)) {
    tree::Handler handler;
    const Lexeme on = take();
    const Lexeme word = at();
    if (isAnyWord({"failure", "cancel", "timeout"})) {
      handler.on = std::string(textOf(take()));
    } else {
      const std::string_view near =
          is(Word) ? nearest(textOf(word), {"failure", "cancel", "timeout"}) : std::string_view{};
      const bool error = isAnyWord({"error", "fail", "failed", "exception"});
      Complaint c = complain("RL0016", spanOf(is(Word) ? word : on),
                             is(Word) ? "a flow cannot react to " + shown(word)
                                      : "`on` does not say what it reacts to");
      if (error || !near.empty()) c.write(spanOf(word), error ? "failure" : std::string(near));
      c.help("a flow reacts `on failure`, `on cancel` and `on timeout`");
      handler.on = error ? "failure" : std::string(near);
      if (is(Word)) take();
    }
    if (is(Word) && !is(Colon, 1) && is(BraceOpen, 1)) handler.error = bindingName("binding");
    handler.body = actions(Inside::Steps, on, "`on` block");
    handler.span = spanFrom(on.begin);
    out.handlers.push_back(std::move(handler));
  }
}

// The plan behind `retry`, already read.
tree::Retry TextParser::retry(bool inHead) {
  tree::Retry out;
  const Lexeme keyword = previous();
  if (takeWord("forever")) {
    out.forever = true;
  } else if (is(Int)) {
    out.times = count("the number").value_or(0);
    if (isWord("time")) {
      complain("RL0033", spanOf(at()), "the number is followed by `times`")
          .write(spanOf(at()), "times");
    }
    if (!takeWordOrTypo("times") && !takeWord("time")) {
      complain("RL0033", spanOf(previous()), "`retry` says how many times")
          .write(spanOf(previous()), written(spanOf(previous())) + " times");
    }
  } else {
    fail("RL0033", spanOf(keyword), "`retry` does not say how often")
        .help("write `retry 3 times` or `retry forever`");
    return out;
  }
  while (!recovering_) {
    if (isWord("if")) {
      // Behind a step, an `if` with a block is the next step.
      const std::uint32_t from = next_;
      const std::size_t diagnostics = diagnostics_.size();
      const std::uint32_t complained = complainedAt_;
      const Lexeme word = take();
      Expr condition = headExpression();
      if (!inHead && (is(BraceOpen) || recovering_)) {
        next_ = from;
        diagnostics_.resize(diagnostics);
        complainedAt_ = complained;
        recovering_ = false;
        break;
      }
      if (out.condition) {
        complain("RL0014", spanOf(word), "this plan already has an `if`")
            .help("join the conditions with `&&`");
      }
      out.condition = std::move(condition);
    } else if (takeWord("backoff")) {
      using Backoff = tree::Retry::Backoff;
      if (takeWordOrTypo("constant")) {
        out.backoff = Backoff::Constant;
      } else if (takeWordOrTypo("linear")) {
        out.backoff = Backoff::Linear;
      } else if (takeWordOrTypo("exponential")) {
        out.backoff = Backoff::Exponential;
      } else {
        const bool wrongWord = is(Word) && is(LexemeKind::Duration, 1);
        complain("RL0033", spanOf(wrongWord ? at() : previous()),
                 wrongWord ? "there is no backoff " + shown(at())
                           : "`backoff` does not say how the pauses grow")
            .help("the ways are `constant`, `linear` and `exponential`");
        if (wrongWord) take();
      }
      const auto delay = duration("the first pause");
      if (delay) out.delay = delay->value;
      if (!recovering_ && (is(Range) || is(RangeOpen))) {
        take();
        if (const auto max = duration("the longest pause")) out.max = max->value;
      }
    } else if (takeWord("jitter")) {
      if (is(Double) || is(Int)) {
        const Expr number = numberLiteral(false, at().begin);
        if (number.kind == ExprKind::Literal) {
          out.jitter = number.value.kind() == ValueKind::Int
                           ? static_cast<double>(number.value.asInt())
                           : number.value.asDouble();
        }
      } else {
        fail("RL0033", spanOf(previous()), "`jitter` does not say how much")
            .help("write a part of the pause, such as `jitter 0.2`");
      }
    } else {
      break;
    }
  }
  out.span = spanFrom(keyword.begin);
  return out;
}

// Tests

void TextParser::test(tree::Declaration& out) {
  const Lexeme owner = previous();
  block(Inside::Sections, "block of the test", owner, [&] { section(out); });
}

void TextParser::section(tree::Declaration& out) {
  using SectionKind = tree::TestSection::Kind;
  tree::TestSection section;
  const Lexeme word = at();
  std::string_view meant = is(Word) ? textOf(word) : std::string_view{};
  if (meant != "given" && meant != "when" && meant != "expect") {
    const bool shaped = is(Word) && is(BraceOpen, 1);
    const std::string_view near = meant == "then"    ? "expect"
                                  : meant == "setup" ? "given"
                                  : shaped           ? nearest(meant, {"given", "when", "expect"})
                                                     : std::string_view{};
    if (near.empty()) {
      fail("RL0018", spanOf(word), shown(word) + " does not begin a part of a test")
          .help("a test consists of `given { … }`, `when { … }` and `expect { … }`");
      return;
    }
    complain("RL0015", spanOf(word), "no part of a test is called " + shown(word))
        .fix("replace " + shown(word) + " with `" + std::string(near) + "`", spanOf(word),
             std::string(near));
    meant = near;
  }
  take();
  if (meant == "expect") {
    section.kind = SectionKind::Expect;
    block(Inside::Expects, "`expect` block", word, [&] {
      tree::Expect expect = expectation();
      if (!recovering_) section.expects.push_back(std::move(expect));
    });
  } else {
    section.kind = meant == "given" ? SectionKind::Given : SectionKind::When;
    section.doings = actions(Inside::Doings, word, "`" + std::string(meant) + "` block");
  }
  section.span = spanFrom(word.begin);
  out.sections.push_back(std::move(section));
}

tree::Expect TextParser::expectation() {
  using Kind = tree::Expect::Kind;
  tree::Expect out;
  const Lexeme first = at();
  const auto times = [&] {
    if (recovering_ || !is(Int)) return;
    out.number = count("the number");
    if (!takeWordOrTypo("times") && !takeWord("time")) {
      complain("RL0033", spanOf(previous()), "`times` is missing behind the number")
          .fix("add `times`", after(spanOf(previous())), " times");
    }
  };
  if (isWord("not") && isAnyWord({"emitted", "fired", "called"}, 1) && !is(Colon, 2)) {
    take();
    out.negated = true;
  }
  if (takeWord("exists")) {
    out.kind = Kind::Exists;
    out.pattern = pattern("`exists`");
  } else if (takeWord("not")) {
    out.kind = Kind::Not;
    out.pattern = pattern("`not`");
  } else if (takeWord("count")) {
    out.kind = Kind::Count;
    out.pattern = pattern("`count`");
    switch (at().kind) {
      case Less: out.op = Operator::Less; break;
      case LessEqual: out.op = Operator::LessEqual; break;
      case Greater: out.op = Operator::Greater; break;
      case GreaterEqual: out.op = Operator::GreaterEqual; break;
      case Equal: out.op = Operator::Equal; break;
      case NotEqual: out.op = Operator::NotEqual; break;
      case Assign:
        complain("RL0004", spanOf(at()), "an expectation compares with `==`")
            .write(spanOf(at()), "==");
        out.op = Operator::Equal;
        break;
      default: break;
    }
    if (recovering_) return out;
    if (out.op == Operator::None && is(Int)) {
      complain("RL0033", spanOf(at()), "the number of a `count` stands behind a comparison")
          .fix("write `== " + written(spanOf(at())) + "`", before(spanOf(at())), "== ");
      out.op = Operator::Equal;
      out.number = count("the number");
      return out;
    }
    if (out.op == Operator::None) {
      fail("RL0033", spanFrom(first.begin), "this `count` is compared with nothing")
          .fix("for example, write `== 1`", after(spanOf(previous())), " == 1");
      return out;
    }
    take();
    out.number = count("the number");
  } else if (takeWord("emitted")) {
    out.kind = Kind::Emitted;
    out.pattern = pattern("`emitted`");
    times();
  } else if (takeWord("fired")) {
    out.kind = Kind::Fired;
    out.name = is(String) ? declaredName("rule", first, false) : takeName("rule");
    times();
  } else if (takeWord("called")) {
    out.kind = Kind::Called;
    out.name = qualifiedName("host function");
    if (!recovering_ && is(ParenOpen)) constraints(out.constraints, "");
    times();
  } else if (takeWord("flow")) {
    out.kind = Kind::Flow;
    out.name = qualifiedName("flow");
    if (!recovering_ && takeWord("key")) out.value = expression();
    if (!recovering_) {
      if (is(Word) && !at().lineFirst) {
        out.state = takeName("state");
      } else {
        fail("RL0033", spanFrom(first.begin),
             "this expectation does not say in which state the flow is")
            .help("write `completed`, `failed`, `running` or `cancelled` behind it");
      }
    }
  } else if (takeWord("check")) {
    out.kind = Kind::Check;
    out.value = conditionExpression("");
  } else {
    const std::string_view near = is(Word) && operandStarts(1) && !is(Colon, 1)
                                      ? nearest(textOf(first), {"exists", "not", "count", "emitted",
                                                                "fired", "called", "flow", "check"})
                                      : std::string_view{};
    if (isAnyWord({"assert", "verify", "assertTrue"}) && operandStarts(1)) {
      fail("RL0018", spanOf(first), "an expectation about a value begins with `check`")
          .write(spanOf(first), "check");
      return out;
    }
    if (!near.empty()) {
      fail("RL0018", spanOf(first), "no expectation begins with " + shown(first))
          .fix("replace " + shown(first) + " with `" + std::string(near) + "`", spanOf(first),
               std::string(near));
    } else if (typeStarts()) {
      fail("RL0018", spanOf(first), "this pattern does not say whether it should match")
          .fix("write `exists " + std::string(textOf(first)) + "`", before(spanOf(first)),
               "exists ")
          .help("or `not`, or `count` and a comparison");
    } else if (operandStarts()) {
      fail("RL0018", spanOf(first), "an expectation about a value begins with `check`")
          .fix("write `check` in front", before(spanOf(first)), "check ");
    } else {
      fail("RL0018", spanOf(first), shown(first) + " is not an expectation")
          .help("they begin with exists, not, count, emitted, fired, called, flow or check");
    }
  }
  out.span = spanFrom(first.begin);
  return out;
}

}  // namespace reticle
