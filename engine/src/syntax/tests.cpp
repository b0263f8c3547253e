// Reads tests: their sections and expectations.
#include <utility>

#include "syntax/test_parser.h"

namespace reticle {

// Test = "test" STRING "{" { "given" Doings | "when" Doings | "expect" Expects } "}"
void TestParser::test(tree::Declaration& out) {
  const Lexeme owner = previous();
  blocks().block(Inside::Sections, "block of the test", owner, [&] { section(out); });
}

void TestParser::section(tree::Declaration& out) {
  using Kind = tree::TestSection::Kind;
  tree::TestSection section;
  const Lexeme word = at();
  const std::string meant =
      isAnyWord({"given", "when", "expect"}) ? std::string(textOf(word)) : advice_.sectionMeant();
  if (recovering()) return;
  take();
  const std::string what = "`" + meant + "` block";
  if (meant == "expect") {
    section.kind = Kind::Expect;
    blocks().block(Inside::Expects, what, word, [&] {
      tree::Expect expect = expectation();
      if (!recovering()) section.expects.push_back(std::move(expect));
    });
  } else {
    section.kind = meant == "given" ? Kind::Given : Kind::When;
    section.doings = actions_.actions(Inside::TestActions, word, what);
  }
  section.span = spanFrom(word.begin);
  out.sections.push_back(std::move(section));
}

// Expect = ( "exists" | "not" ) Pattern | "count" Pattern RelOp INT | [ "not" ] ( "emitted" …
//        | "fired" Name | "failed" Name [ IDENT ] | "called" … ) [ INT "times" ]
//        | [ "not" ] "runaway" Name | "flow" … | "check" Expr
tree::Expect TestParser::expectation() {
  using Kind = tree::Expect::Kind;
  tree::Expect out;
  const Lexeme first = at();
  out.negated = isAnyWord({"emitted", "fired", "called", "failed", "runaway"}, 1) &&
                !is(Colon, 2) && takeWord("not");
  if (takeWord("exists")) {
    out.kind = Kind::Exists;
    out.pattern = conditions_.pattern("`exists`");
  } else if (takeWord("not")) {
    out.kind = Kind::Not;
    out.pattern = conditions_.pattern("`not`");
  } else if (takeWord("count")) {
    count(out, first);
  } else if (takeWord("emitted")) {
    out.kind = Kind::Emitted;
    out.pattern = conditions_.pattern("`emitted`");
    times(out);
  } else if (takeWord("fired")) {
    out.kind = Kind::Fired;
    out.name = ruleName(first);
    times(out);
  } else if (takeWord("failed")) {
    out.kind = Kind::Failed;
    out.name = ruleName(first);
    // On a line of its own it would be what the next expectation begins with.
    if (!recovering() && is(Word) && !at().lineFirst && !itemStarts(Inside::Expects)) {
      out.code = names_.takeName("code");
    }
    times(out);
  } else if (takeWord("runaway")) {
    out.kind = Kind::Runaway;
    out.name = ruleName(first);
    if (!recovering()) advice_.tookCountOfRunaway();
  } else if (takeWord("called")) {
    called(out);
  } else if (takeWord("flow")) {
    flow(out, first);
  } else if (takeWord("check")) {
    out.kind = Kind::Check;
    out.value = expressions_.condition("");
  } else {
    advice_.noExpectation();
  }
  out.span = spanFrom(first.begin);
  return out;
}

// A rule may be called by any text.
tree::Name TestParser::ruleName(const Lexeme& first) {
  return is(String) ? names_.declaredName("rule", first, false) : names_.takeName("rule");
}

// Pattern RelOp INT, after `count`
void TestParser::count(tree::Expect& out, const Lexeme& first) {
  out.kind = tree::Expect::Kind::Count;
  out.pattern = conditions_.pattern("`count`");
  if (recovering()) return;
  out.op = advice_.instead(Spot::CountRelation) ? Operator::Equal : relationOf(at().kind);
  if (out.op != Operator::None) {
    take();
  } else if (advice_.countWithoutRelation()) {
    out.op = Operator::Equal;
  } else {
    advice_.lacks(Lack::RelationOfCount, spanFrom(first.begin));
  }
  out.number = expressions_.count("the number");
}

// [ INT "times" ]
void TestParser::times(tree::Expect& out) {
  if (recovering() || !is(Int)) return;
  out.number = expressions_.count("the number");
  if (!takeWord("times") && !advice_.tookTypoOf("times")) {
    advice_.lacks(Lack::Times, spanOf(previous()));
  }
}

// QName [ "(" Expr { "," Expr } ")" ] [ INT "times" ], after `called`
void TestParser::called(tree::Expect& out) {
  out.kind = tree::Expect::Kind::Called;
  out.name = names_.qualifiedName("host function");
  if (!recovering() && is(ParenOpen)) conditions_.constraints(out.constraints, "");
  times(out);
}

// QName [ "key" Expr ] IDENT, after `flow`
void TestParser::flow(tree::Expect& out, const Lexeme& first) {
  out.kind = tree::Expect::Kind::Flow;
  out.name = names_.qualifiedName("flow");
  if (takeWord("key")) out.value = expressions_.expression();
  if (is(Word) && !at().lineFirst) {
    out.state = names_.takeName("state");
  } else {
    advice_.lacks(Lack::StateOfFlow, spanFrom(first.begin));
  }
}

}  // namespace reticle
