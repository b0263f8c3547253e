// Reads tests: their sections and expectations.
#include <utility>

#include "syntax/test_parser.h"

namespace reticle {

void TestParser::given(tree::Declaration& out) {
  out.then = actions_.actions(Inside::Actions, previous(), "`given` block");
}

// Test = "test" STRING { Cases | "with" "strategy" IDENT }
//        "{" { "given" Doings | "when" Doings | "expect" Expects } "}"
void TestParser::test(tree::Declaration& out) {
  const Lexeme owner = previous();
  while (!recovering()) {
    if (takeWord("for")) {
      cases(out);
    } else if (isWord("with") && isWord("strategy", 1)) {
      take();
      take();
      out.strategy = names_.takeName("strategy");
    } else {
      break;
    }
  }
  blocks().block(Inside::Sections, "block of the test", owner, [&] { section(out); });
}

// "for" ( IDENT | "(" IDENT { "," IDENT } ")" ) "in" "[" Case { "," Case } "]", after `for`
// Case = Expr | "(" Expr { "," Expr } ")"
void TestParser::cases(tree::Declaration& out) {
  const std::uint32_t begin = previous().begin;
  const bool several = takeIf(ParenOpen);
  if (several) {
    blocks().list(ParenClose, "names",
                  [&] { out.caseNames.push_back(names_.bindingName("value")); });
  } else {
    out.caseNames.push_back(names_.bindingName("value"));
  }
  if (recovering()) return;
  if (!takeWord("in") || !takeIf(BracketOpen)) {
    advice_.lacks(Lack::CasesOfTest, spanFrom(begin));
    return;
  }
  const ExpressionParser::Within within(expressions_, expressions_.bracketed());
  blocks().list(BracketClose, "cases", [&] {
    tree::TestCase one;
    const std::uint32_t from = at().begin;
    if (several && takeIf(ParenOpen)) {
      blocks().list(ParenClose, "values", [&] { one.values.push_back(expressions_.expression()); });
    } else {
      one.values.push_back(expressions_.expression());
    }
    one.span = spanFrom(from);
    if (!recovering()) out.cases.push_back(std::move(one));
  });
  out.casesSpan = spanFrom(begin);
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
//        | ( "order" | "agenda" ) "[" [ Name { "," Name } ] "]"
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
  } else if (isAnyWord({"order", "agenda"}) && (is(BracketOpen, 1) || is(String, 1))) {
    out.kind = isWord("order") ? Kind::Order : Kind::Agenda;
    take();
    rules(out, first);
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

// "[" [ Name { "," Name } ] "]", after `order` and `agenda`
void TestParser::rules(tree::Expect& out, const Lexeme& first) {
  if (!takeIf(BracketOpen)) {
    advice_.lacks(Lack::RulesOfOrder, spanOf(first), {textOf(first)});
    return;
  }
  blocks().list(BracketClose, "rules", [&] {
    tree::Name name = ruleName(first);
    if (!recovering()) out.names.push_back(std::move(name));
  });
}

// Pattern RelOp ( INT | Expr ), after `count`
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
  // An expression begins in the line of the relation: the next line is another expectation.
  const bool computed = is(ParenOpen) || (is(Word) && !at().lineFirst) ||
                        (is(Int) && (is(Plus, 1) || is(Minus, 1) || is(Star, 1)));
  if (computed && !recovering()) {
    out.value = expressions_.expression();
  } else {
    out.number = expressions_.count("the number");
  }
}

// "replace" "rules" "with" STRING
void ActionParser::replace(tree::Action& out) {
  const Lexeme keyword = previous();
  if (!takeWord("rules") || !takeWord("with")) {
    advice_.lacks(Lack::FileOfReplace, spanFrom(keyword.begin));
    return;
  }
  if (const auto file = expressions_.text("the file of the rules")) {
    out.file = *file;
    out.fileSpan = spanOf(previous());
  }
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
