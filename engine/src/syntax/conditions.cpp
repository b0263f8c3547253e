// Reads conditions, each by the word it begins with.
#include <utility>

#include "syntax/condition_parser.h"

namespace reticle {

std::vector<tree::Condition> ConditionParser::conditions(const Lexeme& owner, std::string what) {
  std::vector<tree::Condition> out;
  blocks().block(Inside::Conditions, std::move(what), owner, [&] {
    tree::Condition condition = this->condition();
    if (!recovering()) out.push_back(std::move(condition));
  });
  return out;
}

tree::Condition ConditionParser::condition() {
  using Kind = tree::Condition::Kind;
  struct Form {
    std::string_view keyword;
    Kind kind;
    void (ConditionParser::*read)(tree::Condition&, const Lexeme&);
  };
  static constexpr Form kForms[] = {
      {"not", Kind::Not, &ConditionParser::group},
      {"exists", Kind::Exists, &ConditionParser::group},
      {"forall", Kind::Forall, &ConditionParser::forall},
      {"either", Kind::Either, &ConditionParser::either},
      {"accumulate", Kind::Accumulate, &ConditionParser::accumulate},
      {"each", Kind::Each, &ConditionParser::each},
      {"let", Kind::Let, &ConditionParser::let},
      {"if", Kind::If, &ConditionParser::ifCondition},
  };
  tree::Condition out;
  const Lexeme first = at();
  // `not: Customer` binds a name.
  const bool binding = is(Colon, 1);
  for (const Form& form : kForms) {
    if (binding || !isWord(form.keyword)) continue;
    out.kind = form.kind;
    out.keyword = spanOf(take());
    (this->*form.read)(out, first);
    out.span = spanFrom(first.begin);
    return out;
  }
  out.kind = Kind::Pattern;
  if (const std::uint32_t sign = advice_.bindingOfOtherLanguages(); sign > 0) {
    foreignBinding(out, sign);
  } else if (typeStarts() || (is(Word) && binding)) {
    out.pattern = pattern("the binding");
  } else {
    advice_.noCondition();
  }
  out.span = spanFrom(first.begin);
  return out;
}

// Group = Pattern | Conds
void ConditionParser::group(tree::Condition& out, const Lexeme& keyword) {
  if (!advice_.groupInBrackets(keyword)) patternOrBlock(out, keyword);
}

void ConditionParser::patternOrBlock(tree::Condition& out, const Lexeme& keyword) {
  const std::string what = "`" + std::string(textOf(keyword)) + "`";
  if (is(BraceOpen)) {
    out.groups.push_back(conditions(keyword, what + " block"));
  } else {
    out.pattern = pattern(what);
  }
}

// "forall" Pattern "satisfies" ( Conds | "(" Expr ")" )
void ConditionParser::forall(tree::Condition& out, const Lexeme& keyword) {
  if (advice_.groupInBrackets(keyword)) return;
  out.pattern = pattern("`forall`");
  if (!takeWord("satisfies") && !advice_.tookTypoOf("satisfies")) {
    advice_.lacks(Lack::Satisfies, out.keyword);
  } else if (is(BraceOpen)) {
    out.groups.push_back(conditions(previous(), "`satisfies` block"));
  } else if (is(ParenOpen)) {
    out.expr = expressions_.condition(out.pattern->binding.text);
  } else {
    advice_.lacks(Lack::BracketsOfSatisfies, spanOf(previous()));
  }
}

// "either" Conds { "or" Conds }
void ConditionParser::either(tree::Condition& out, const Lexeme& keyword) {
  out.groups.push_back(conditions(keyword, "`either` block"));
  while (!recovering()) {
    const bool isOr = isWord("or") && !is(Colon, 1);
    if (!isOr && !advice_.alternativeOfOtherLanguages()) break;
    const Lexeme alternative = is(BraceOpen) ? previous() : take();
    out.groups.push_back(conditions(alternative, "`or` block"));
  }
  if (out.groups.size() < 2) advice_.lacks(Lack::SecondBranch, out.keyword);
}

// "accumulate" [ "skip" "errors" ] Group [ "group" "by" … ] "into" … { "," … }
void ConditionParser::accumulate(tree::Condition& out, const Lexeme& keyword) {
  if (isWord("skip") && !is(Colon, 1)) {
    take();
    if (!takeWord("errors") && !advice_.tookTypoOf("errors")) {
      advice_.secondWord(previous(), "skip", "errors");
    }
    out.skipErrors = true;
  }
  patternOrBlock(out, keyword);
  if (!recovering() && isWord("group") && !is(Colon, 1)) groupBy(out);
  if (!takeWord("into") && !advice_.tookTypoOf("into")) advice_.lacks(Lack::Into, out.keyword);
  if (recovering()) return;
  do accumulateFunction(out);
  while (takeIf(Comma));
}

// "group" "by" IDENT "=" Expr { "," IDENT "=" Expr }
void ConditionParser::groupBy(tree::Condition& out) {
  const Lexeme word = take();
  if (!takeWord("by") && !advice_.tookTypoOf("by")) advice_.secondWord(word, "group", "by");
  do {
    tree::GroupKey key;
    if (is(Word) && !is(Assign, 1)) {
      key.value = expressions_.expression();
      if (recovering()) return;
      advice_.groupWithoutName(key.value.span);
    } else {
      key.name = names_.bindingName("name of a group");
      if (!takeIf(Assign)) advice_.lacks(Lack::GroupValue, spanOf(word));
      key.value = expressions_.expression();
    }
    if (!recovering()) out.groupBy.push_back(std::move(key));
  } while (takeIf(Comma));
}

// IDENT "=" IDENT "(" [ Expr [ "," Expr ] ] ")"
void ConditionParser::accumulateFunction(tree::Condition& out) {
  tree::AccumulateFunction function;
  const std::uint32_t begin = at().begin;
  if (!advice_.resultWithoutName()) {
    function.result = names_.bindingName("result");
    if (!takeIf(Assign) && !advice_.tookInstead(Spot::ResultSign)) {
      advice_.lacks(Lack::ResultFunction, function.result.span, {function.result.text});
    }
  }
  if (recovering() || advice_.noFunction()) return;
  function.function = nameOf(take());
  const Lexeme open = take();
  if (!is(ParenClose)) function.argument = expressions_.expression();
  if (function.function.text == "percentile" && takeIf(Comma)) {
    function.second = expressions_.expression();
  }
  if (recovering()) return;
  if (!takeIf(ParenClose)) {
    if (is(Comma)) {
      advice_.lacks(Lack::OneArgument, spanOf(at()), {function.function.text});
      return;
    }
    advice_.neverClosed(open, ")");
  }
  function.span = spanFrom(begin);
  out.functions.push_back(std::move(function));
}

// "each" IDENT "in" Expr [ "where" Expr ]
void ConditionParser::each(tree::Condition& out, const Lexeme& keyword) {
  out.name = names_.bindingName("binding");
  if (!takeWord("in") && !advice_.tookTypoOf("in")) {
    advice_.lacks(Lack::ListOfEach, spanFrom(keyword.begin));
  }
  out.expr = expressions_.expression();
  if (takeWord("where")) out.where = expressions_.condition("");
}

// "let" IDENT "=" Expr
void ConditionParser::let(tree::Condition& out, const Lexeme& keyword) {
  out.name = names_.bindingName("binding");
  letSign(keyword, out.name.text);
  out.expr = expressions_.expression();
}

bool ConditionParser::letSign(const Lexeme& keyword, const std::string& name) {
  if (!recovering() && is(Colon)) {
    const Lexeme colon = take();
    const bool type = advice_.typeOfLetStarts();
    if (type) types_.type();
    advice_.typeOfLet(colon, type);
  }
  if (takeIf(Assign) || advice_.tookInstead(Spot::LetSign)) return true;
  advice_.lacks(Lack::LetValue, spanFrom(keyword.begin), {name.empty() ? "x" : name});
  return false;
}

// "if" Expr
void ConditionParser::ifCondition(tree::Condition& out, const Lexeme&) {
  out.expr = expressions_.headCondition();
  if (recovering() || !is(BraceOpen)) return;
  advice_.lacks(Lack::ConditionInsteadOfBlock, spanOf(at()));
  complaints().resume();
  blocks().skipBalanced();
}

// A binding written with another sign, of so many lexemes.
void ConditionParser::foreignBinding(tree::Condition& out, std::uint32_t sign) {
  tree::Name name = names_.bindingName("binding");
  for (std::uint32_t i = 0; i < sign; ++i) take();
  out.pattern = pattern("the binding");
  out.pattern->binding = std::move(name);
}

}  // namespace reticle
