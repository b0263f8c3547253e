// Steps of flows and doings of tests.
#include <utility>

#include "syntax/text_parser.h"

namespace reticle {
namespace {

using Kind = tree::Action::Kind;

}  // namespace

bool TextParser::flowStep(std::string_view word, tree::Action& out) {
  struct Step {
    std::string_view word;
    Kind kind;
  };
  static constexpr Step kSteps[] = {
      {"step", Kind::Step},         {"sleep", Kind::Sleep},   {"wait", Kind::Wait},
      {"parallel", Kind::Parallel}, {"branch", Kind::Branch}, {"try", Kind::Try},
      {"fail", Kind::Fail},         {"return", Kind::Return}, {"compensate", Kind::Compensate},
      {"restart", Kind::Restart}};
  const Step* found = nullptr;
  for (const Step& step : kSteps) {
    if (step.word == word) found = &step;
  }
  if (found == nullptr) return false;
  out.kind = found->kind;
  const Lexeme first = take();
  const bool outside = inside_ != Inside::Steps;
  switch (found->kind) {
    case Kind::Step: callStep(out); break;
    case Kind::Sleep:
      if (isWord("until") && operandStarts(1) && !is(Dot, 1) && !is(Minus, 1)) {
        take();
        out.kind = Kind::SleepUntil;
      }
      out.value = expression();
      break;
    case Kind::Wait: waitStep(out); break;
    case Kind::Parallel: parallelStep(out); break;
    case Kind::Branch:
      out.name = bindingName("branch");
      if (!recovering_) out.body = actions(Inside::Steps, first, "`branch` block");
      break;
    case Kind::Try:
      out.body = actions(outside ? inside_ : Inside::Steps, first, "`try` block");
      if (recovering_) break;
      if (!isWord("catch")) {
        complain("RL0033", spanOf(first), "this `try` has no `catch`")
            .help("write `try { … } catch err { … }`");
        break;
      }
      {
        const Lexeme handler = take();
        if (is(ParenOpen) && is(Word, 1) && is(ParenClose, 2)) {
          complain("RL0031", spanOf(at()), "the error behind `catch` stands without brackets")
              .write({file_, handler.begin, at(2).end}, "catch " + std::string(textOf(at(1))));
          take();
          out.name = bindingName("binding");
          take();
        } else if (is(Word) && is(BraceOpen, 1)) {
          out.name = bindingName("binding");
        }
        out.otherwise = actions(outside ? inside_ : Inside::Steps, handler, "`catch` block");
      }
      break;
    case Kind::Fail:
    case Kind::Return:
      if (is(BraceClose) || (at().lineFirst && itemStarts(inside_))) {
        complain("RL0033", spanOf(first),
                 found->kind == Kind::Fail ? "`fail` gives no reason" : "`return` gives no value")
            .help(found->kind == Kind::Fail ? "write a short reason: `fail \"card-declined\"`"
                                            : "a flow without a result just ends; leave `return` "
                                              "out, or write `return null`");
        out.value = Expr{};
        break;
      }
      out.value = expression();
      break;
    case Kind::Restart: out.arguments = arguments("restart"); break;
    default: break;
  }
  if (outside) {
    complain("RL0026", spanOf(first),
             "`" + std::string(word) + "` is a step of a flow" +
                 (inside_ == Inside::Actions ? "; a rule is over at once" : ""))
        .help(inside_ == Inside::Actions
                  ? "write it into a `flow`, and let the rule `start` that"
                  : "a test drives time with `advance`, and hosts with `host f returns …`");
  }
  return true;
}

// Behind `wait`.
void TextParser::waitStep(tree::Action& out) {
  out.kind = Kind::Wait;
  const Lexeme keyword = previous();
  if (isWord("until") && !is(Colon, 1)) {
    const Lexeme until = take();
    out.kind = Kind::WaitUntil;
    if (is(BraceOpen)) {
      out.conditions = conditions(until, "`until` block");
    } else {
      out.value = conditionExpression("");
    }
  } else if (is(LexemeKind::Duration)) {
    complain("RL0033", spanOf(keyword), "a flow pauses with `sleep`; `wait` waits for an event")
        .write(spanOf(keyword), "sleep");
    take();
    return;
  } else {
    takeWord("for");
    out.pattern = pattern("`wait`");
  }
  if (!recovering_ && isWord("for") &&
      (is(LexemeKind::Duration, 1) || is(Int, 1) || is(String, 1))) {
    take();
    out.duration = duration("the time");
  }
}

// step x [after a, b] = call f(…) options
void TextParser::callStep(tree::Action& out) {
  const Lexeme keyword = previous();
  if (isAnyWord({"call", "run"}) && is(Word, 1)) {
    complain("RL0033", spanOf(keyword), "this step has no name")
        .fix("write `step result = " + std::string(textOf(at())) + "`", after(spanOf(keyword)),
             " result =")
        .note("its name is how a run finds the step again after a crash");
  } else {
    out.name = bindingName("step");
    if (recovering_) return;
    if (takeWord("after")) {
      do out.afterSteps.push_back(takeName("step"));
      while (!recovering_ && takeIf(Comma));
      if (recovering_) return;
    }
    if (is(Colon) || is(Equal)) {
      complain("RL0033", spanOf(at()), "the call of a step stands behind `=`")
          .write(spanOf(at()), "=");
      take();
    } else if (!takeIf(Assign)) {
      fail("RL0033", spanFrom(keyword.begin), "the step `" + out.name.text + "` does nothing")
          .help("write `step " + out.name.text + " = call f(…)`, or `= run AnotherFlow(…)`");
      return;
    }
  }
  if (takeWord("run")) {
    out.run = true;
  } else if (!takeWord("call")) {
    const bool flow = typeStarts();
    if (!is(Word) && operandStarts() && !at().lineFirst) {
      fail("RL0033", spanOf(at()), "a step calls something that can fail or take time")
          .fix("write `let " + out.name.text + " = …` for a plain value", spanOf(keyword), "let");
      return;
    }
    if (!is(Word) || at().lineFirst) {
      fail("RL0033", spanFrom(keyword.begin), "the step `" + out.name.text + "` calls nothing")
          .help("write `call f(…)` or `run AnotherFlow(…)` behind `=`");
      return;
    }
    std::uint32_t last = 0;
    while (is(Dot, last + 1) && is(Word, last + 2) && last < 16) last += 2;
    if (!is(ParenOpen, last + 1)) {
      fail("RL0033", {file_, at().begin, at(last).end},
           "a step calls something that can fail or take time")
          .fix("write `let " + out.name.text + " = …` for a plain value", spanOf(keyword), "let");
      return;
    }
    complain("RL0033", spanOf(at()),
             flow ? "a step starts a flow with `run`" : "a step calls a function with `call`")
        .fix(flow ? "write `run`" : "write `call`", before(spanOf(at())), flow ? "run " : "call ");
    out.run = flow;
  }
  out.target = qualifiedName(out.run ? "flow" : "host function");
  out.arguments = arguments(out.target.text);
  stepOptions(out);
}

void TextParser::stepOptions(tree::Action& out) {
  while (!recovering_ && is(Word) && !is(Colon, 1)) {
    const Lexeme word = at();
    const auto twice = [&](bool already) {
      if (already) complain("RL0014", spanOf(word), "this step already has " + shown(word));
    };
    if (isWord("retry")) {
      twice(out.retry.has_value());
      take();
      out.retry = retry(false);
    } else if (isWord("timeout")) {
      twice(out.timeout.has_value());
      take();
      out.timeout = duration("the time");
    } else if (isWord("undo")) {
      twice(static_cast<bool>(out.undoFunction));
      take();
      out.always = takeWord("always");
      if (!takeWordOrTypo("call")) {
        if (!is(Word)) {
          fail("RL0033", spanOf(word), "`undo` does not say what undoes the step")
              .help("write `undo call f(…)`");
          return;
        }
        complain("RL0033", spanOf(at()), "`undo` calls a function with `call`")
            .fix("write `call`", before(spanOf(at())), "call ");
      }
      out.undoFunction = qualifiedName("host function");
      out.undoArguments = arguments(out.undoFunction.text);
    } else if (isWord("ignore")) {
      twice(out.ignoreErrors);
      take();
      if (!takeWordOrTypo("errors")) {
        complain("RL0033", spanOf(word), "`ignore` stands in front of `errors`")
            .write(spanOf(word), "ignore errors");
      }
      out.ignoreErrors = true;
    } else {
      return;
    }
  }
}

void TextParser::parallelStep(tree::Action& out) {
  const Lexeme keyword = previous();
  if (isWord("first")) {
    take();
    out.first = true;
  }
  out.body = actions(Inside::Steps, keyword, "`parallel` block");
}

// Tests

bool TextParser::testDoing(std::string_view word, tree::Action& out) {
  struct Doing {
    std::string_view word;
    Kind kind;
  };
  static constexpr Doing kDoings[] = {{"clock", Kind::Clock},
                                      {"settle", Kind::Settle},
                                      {"advance", Kind::Advance},
                                      {"crash", Kind::Crash},
                                      {"host", Kind::Host}};
  const Doing* found = nullptr;
  for (const Doing& doing : kDoings) {
    if (doing.word == word) found = &doing;
  }
  if (found == nullptr) return false;
  out.kind = found->kind;
  const Lexeme first = take();
  switch (found->kind) {
    case Kind::Clock: {
      const Lexeme value = at();
      if (const auto time = text("the time")) {
        Expr e;
        e.kind = ExprKind::Literal;
        e.span = spanOf(value);
        e.value = Value::string(*time);
        out.value = std::move(e);
      }
      break;
    }
    case Kind::Settle:
      if (is(Int)) out.count = count("the number").value_or(-1);
      break;
    case Kind::Advance: out.duration = duration("the time"); break;
    case Kind::Host:
      out.target = qualifiedName("host function");
      if (!recovering_ && is(ParenOpen)) {
        fail("RL0031", spanOf(at()),
             "a script is for all calls of `" + out.target.text + "`, whatever their arguments")
            .help("write `host " + out.target.text + " returns …`");
      }
      hostScript(out);
      break;
    default: break;
  }
  if (inside_ != Inside::Doings && !recovering_) {
    complain("RL0026", spanOf(first), "`" + std::string(word) + "` stands only in a test")
        .help("a test has it in its `given` and `when`");
  }
  return true;
}

void TextParser::hostScript(tree::Action& out) {
  while (!recovering_) {
    tree::Action::Script script;
    const Lexeme first = at();
    if (takeWord("fails") || takeWord("fail")) {
      script.fails = true;
    } else if (isWord("return")) {
      complain("RL0015", spanOf(first), "`return` should probably be `returns`")
          .write(spanOf(first), "returns");
      take();
    } else if (!takeWordOrTypo("returns")) {
      fail("RL0033", spanOf(previous()),
           "the script of `" + out.target.text + "` does not say what happens")
          .help("write `returns` and a value, or `fails` and a reason");
      return;
    }
    script.value = expression();
    if (!recovering_ && is(Int)) {
      script.times = count("the number").value_or(-1);
      if (!takeWordOrTypo("times") && !takeWord("time")) {
        complain("RL0033", spanOf(previous()), "`times` is missing behind the number")
            .fix("add `times`", after(spanOf(previous())), " times");
      }
    }
    script.span = spanFrom(first.begin);
    if (!recovering_) out.scripts.push_back(std::move(script));
    if (!isWord("then") || is(BraceOpen, 1)) return;
    take();
  }
}

}  // namespace reticle
