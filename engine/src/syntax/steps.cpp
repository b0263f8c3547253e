// Reads steps of flows and doings of tests.
#include <utility>

#include "syntax/action_parser.h"

namespace reticle {

// "step" IDENT [ "after" IDENT { "," IDENT } ] "=" ( "call" | "run" ) QName Args { StepOpt }
void ActionParser::step(tree::Action& out) {
  const Lexeme keyword = previous();
  if (!advice_.stepWithoutName(keyword)) {
    out.name = names_.bindingName("step");
    if (takeWord("after")) names_.names(out.afterSteps, "step");
    if (!takeIf(Assign) && !advice_.tookInstead(Spot::StepSign)) {
      advice_.lacks(Lack::CallOfStep, spanFrom(keyword.begin), {out.name.text});
    }
  }
  if (takeWord("run")) {
    out.run = true;
  } else if (!takeWord("call")) {
    out.run = advice_.callWithoutVerb(keyword, out.name.text);
  }
  if (recovering()) return;
  out.target = names_.qualifiedName(out.run ? "flow" : "host function");
  out.arguments = arguments(out.target.text);
  stepOptions(out);
}

// StepOpt = Retry | "timeout" DUR | "undo" [ "always" ] "call" QName Args | "ignore" "errors"
void ActionParser::stepOptions(tree::Action& out) {
  while (!recovering() && is(Word) && !is(Colon, 1)) {
    const Lexeme word = at();
    const auto once = [&](bool already) {
      if (already) advice_.twice("step", word);
      take();
    };
    if (isWord("retry")) {
      once(out.retry.has_value());
      out.retry = retry(false);
    } else if (isWord("timeout")) {
      once(out.timeout.has_value());
      out.timeout = expressions_.duration("the time");
    } else if (isWord("undo")) {
      once(static_cast<bool>(out.undoFunction));
      undo(out);
    } else if (isWord("ignore")) {
      once(out.ignoreErrors);
      if (!takeWord("errors") && !advice_.tookTypoOf("errors")) {
        advice_.secondWord(word, "ignore", "errors");
      }
      out.ignoreErrors = true;
    } else {
      return;
    }
  }
}

// [ "always" ] "call" QName Args, after `undo`
void ActionParser::undo(tree::Action& out) {
  const Lexeme keyword = previous();
  out.always = takeWord("always");
  if (!takeWord("call") && !advice_.tookTypoOf("call")) {
    advice_.undoWithoutCall(keyword);
    if (recovering()) return;
  }
  out.undoFunction = names_.qualifiedName("host function");
  out.undoArguments = arguments(out.undoFunction.text);
}

// "sleep" ( Expr | "until" Expr )
void ActionParser::sleep(tree::Action& out) {
  // `until` may be a name: `sleep until - now`.
  if (isWord("until") && operandStarts(1) && !is(Dot, 1) && !is(Minus, 1)) {
    take();
    out.kind = tree::Action::Kind::SleepUntil;
  }
  out.value = expressions_.expression();
}

// "wait" ( Pattern | "until" ( Conds | Expr ) ) [ "for" DUR ]
void ActionParser::wait(tree::Action& out) {
  const Lexeme keyword = previous();
  out.kind = tree::Action::Kind::Wait;
  if (isWord("until") && !is(Colon, 1)) {
    const Lexeme until = take();
    out.kind = tree::Action::Kind::WaitUntil;
    if (is(BraceOpen)) {
      out.conditions = conditions_.conditions(until, "`until` block");
    } else {
      out.value = expressions_.condition("");
    }
  } else if (advice_.waitForTime(keyword)) {
    take();
    return;
  } else {
    takeWord("for");
    out.pattern = conditions_.pattern("`wait`");
  }
  if (!recovering() && isWord("for") &&
      (is(LexemeKind::Duration, 1) || is(Int, 1) || is(String, 1))) {
    take();
    out.duration = expressions_.duration("the time");
  }
}

// "parallel" [ "first" ] Steps
void ActionParser::parallel(tree::Action& out) {
  const Lexeme keyword = previous();
  out.first = takeWord("first");
  out.body = actions(Inside::Steps, keyword, "`parallel` block");
}

// "branch" IDENT Steps
void ActionParser::branch(tree::Action& out) {
  const Lexeme keyword = previous();
  out.name = names_.bindingName("branch");
  if (!recovering()) out.body = actions(Inside::Steps, keyword, "`branch` block");
}

// "try" Steps "catch" [ IDENT ] Steps
void ActionParser::tryStep(tree::Action& out) {
  const Lexeme keyword = previous();
  out.body = actions(inside(), keyword, "`try` block");
  if (recovering()) return;
  const Lexeme handler = at();
  if (!takeWord("catch")) {
    advice_.lacks(Lack::Catch, spanOf(keyword));
    return;
  }
  const bool brackets = advice_.errorInBrackets(handler);
  if (brackets) take();
  if (is(Word) && (brackets || is(BraceOpen, 1))) out.name = names_.bindingName("binding");
  if (brackets) take();
  out.otherwise = actions(inside(), handler, "`catch` block");
}

// "fail" Expr | "return" Expr
void ActionParser::failOrReturn(tree::Action& out) {
  if (is(BraceClose) || (at().lineFirst && itemStarts(inside()))) {
    advice_.lacks(out.kind == tree::Action::Kind::Fail ? Lack::ReasonOfFail : Lack::ValueOfReturn,
                  spanOf(previous()));
    out.value = Expr{};
    return;
  }
  out.value = expressions_.expression();
}

// "restart" Args
void ActionParser::restart(tree::Action& out) { out.arguments = arguments("restart"); }

// Retry = "retry" ( "forever" | INT "times" )
//         { "if" Expr | "backoff" … DUR [ ".." DUR ] | "jitter" NUMBER }
tree::Retry ActionParser::retry(bool inHead) {
  tree::Retry out;
  const Lexeme keyword = previous();
  if (takeWord("forever")) {
    out.forever = true;
  } else if (is(Int)) {
    out.times = expressions_.count("the number").value_or(0);
    if (!takeWord("times") && !advice_.tookInstead(Spot::TimesOfRetry) &&
        !advice_.tookTypoOf("times")) {
      advice_.timesOfRetry();
    }
  } else {
    advice_.lacks(Lack::HowOften, spanOf(keyword));
    return out;
  }
  while (!recovering()) {
    if (isWord("if")) {
      if (!retryCondition(out, inHead)) break;
    } else if (takeWord("backoff")) {
      backoff(out);
    } else if (takeWord("jitter")) {
      if (const auto part = expressions_.part()) out.jitter = *part;
    } else {
      break;
    }
  }
  out.span = spanFrom(keyword.begin);
  return out;
}

// "if" Expr; false, and nothing is read, when it is the next step.
bool ActionParser::retryCondition(tree::Retry& out, bool inHead) {
  const std::uint32_t from = lexemes().position();
  const Complaints::Mark said = complaints().mark();
  const Lexeme word = take();
  Expr condition = expressions_.headExpression();
  if (!inHead && (is(BraceOpen) || recovering())) {
    lexemes().moveTo(from);
    complaints().rewind(said);
    return false;
  }
  if (out.condition) advice_.lacks(Lack::OneConditionOfRetry, spanOf(word));
  out.condition = std::move(condition);
  return true;
}

// ( "constant" | "linear" | "exponential" ) DUR [ ".." DUR ], after `backoff`
void ActionParser::backoff(tree::Retry& out) {
  using Backoff = tree::Retry::Backoff;
  const auto takes = [&](std::string_view word) {
    return takeWord(word) || advice_.tookTypoOf(word);
  };
  if (takes("constant")) {
    out.backoff = Backoff::Constant;
  } else if (takes("linear")) {
    out.backoff = Backoff::Linear;
  } else if (takes("exponential")) {
    out.backoff = Backoff::Exponential;
  } else if (advice_.noBackoff()) {
    take();
  }
  out.delay = expressions_.duration("the first pause");
  if (recovering() || !isRange()) return;
  take();
  out.max = expressions_.duration("the longest pause");
}

// Doings of tests

// "clock" STRING
void ActionParser::clock(tree::Action& out) {
  const Lexeme value = at();
  const auto time = expressions_.text("the time");
  if (!time) return;
  Expr e = node(ExprKind::Literal, spanOf(value));
  e.value = Value::string(*time);
  out.value = std::move(e);
}

// "settle" [ INT ]
void ActionParser::settle(tree::Action& out) {
  if (is(Int)) out.count = expressions_.count("the number").value_or(-1);
}

// "advance" DUR
void ActionParser::advance(tree::Action& out) { out.duration = expressions_.duration("the time"); }

// "host" QName Script { "then" Script }
void ActionParser::host(tree::Action& out) {
  out.target = names_.qualifiedName("host function");
  if (is(ParenOpen)) advice_.lacks(Lack::ScriptForAllCalls, spanOf(at()), {out.target.text});
  while (!recovering() && script(out)) take();
}

// Script = ( "returns" | "fails" ) Expr [ INT "times" ]
// True when another one follows, at its `then`.
bool ActionParser::script(tree::Action& out) {
  tree::Action::Script script;
  const Lexeme first = at();
  if (takeWord("fails") || takeWord("fail")) {
    script.fails = true;
  } else if (!takeWord("returns") && !advice_.tookInstead(Spot::ScriptReturns) &&
             !advice_.tookTypoOf("returns")) {
    advice_.lacks(Lack::ScriptOutcome, spanOf(previous()), {out.target.text});
    return false;
  }
  script.value = expressions_.expression();
  if (!recovering() && is(Int)) {
    script.times = expressions_.count("the number").value_or(-1);
    if (!takeWord("times") && !advice_.tookTypoOf("times")) {
      advice_.lacks(Lack::Times, spanOf(previous()));
    }
  }
  script.span = spanFrom(first.begin);
  if (!recovering()) out.scripts.push_back(std::move(script));
  return isWord("then") && !is(BraceOpen, 1);
}

}  // namespace reticle
