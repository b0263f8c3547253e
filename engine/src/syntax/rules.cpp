// Reads rules and queries: attributes, `on`, `when`, `then`.
#include <utility>

#include "syntax/rule_parser.h"

namespace reticle {

// Rule = "rule" Name { RuleAttr } [ "on" Trigger { "or" Trigger } ] [ "when" Conds ] "then" Actions
void RuleParser::rule(tree::Declaration& out) {
  Parts parts;
  while (!recovering() && part(out, parts)) {}
  if (!parts.has(kThen)) advice_.lacks(Lack::Then, out.head);
}

// One part, or a sign that does not belong between them; false when the rule is over.
bool RuleParser::part(tree::Declaration& out, Parts& parts) {
  const bool begun = parts.has(kWhen) || parts.has(kThen);
  if (is(Word) && !is(Colon, 1)) {
    if (isWord("on")) return on(out, parts);
    if (parts.has(kThen) && isWord("given") && is(BraceOpen, 1)) return false;  // a declaration
    if (isWord("when") || advice_.meansWhen()) return when(out, parts);
    if (isWord("then") || advice_.meansThen()) return then(out, parts);
    if (parts.has(kThen) && advice_.elseOfRule()) {
      take();
      blocks().skipBalanced();
      return true;
    }
  }
  if (is(Word) && (!is(Colon, 1) || isAnyWord({"salience", "group", "exclusive", "once"}))) {
    if (declarationStarts() || (begun && !advice_.attributeAfterConditions(out.head)) ||
        !attribute(out)) {
      return false;
    }
    if (recovering()) skipToPart();
    return true;
  }
  if (is(Semicolon) || advice_.superfluous(Spot::BetweenParts) ||
      (!begun && advice_.superfluous(Spot::AfterRuleName))) {
    take();
    return true;
  }
  if (parts.wrapped && is(BraceClose)) {
    take();
    return false;
  }
  if (!begun && !parts.wrapped && advice_.bracesAroundParts()) {
    parts.wrapped = true;
    take();
    return true;
  }
  if (parts.has(kThen)) return false;
  if (advice_.instead(Spot::ThenSign)) return then(out, parts);
  if (!is(BraceOpen)) return false;
  advice_.blockWithoutWord(parts.has(kWhen));
  parts.seen[kThen] = spanOf(at());
  out.then = actions_.actions(Inside::Actions, previous(), "`then` block");
  return true;
}

// Notes that a part begins here; true when it was there before, which is then what counts.
bool RuleParser::begin(Part part, Parts& parts) {
  static constexpr std::array<std::string_view, 3> kWords{"on", "when", "then"};
  const Span here = spanOf(at());
  if (parts.has(part)) {
    advice_.partTwice(kWords[part], *parts.seen[part]);
    return true;
  }
  for (std::size_t later = part + 1; later < kWords.size(); ++later) {
    if (!parts.seen[later]) continue;
    advice_.partTooLate(kWords[part], kWords[later], *parts.seen[later]);
    break;
  }
  parts.seen[part] = here;
  return false;
}

// "on" Trigger { "or" Trigger }
bool RuleParser::on(tree::Declaration& out, Parts& parts) {
  const bool again = begin(kOn, parts);
  take();
  tree::Trigger trigger = conditions_.trigger();
  std::vector<tree::Trigger> further;
  while (!recovering() && takeWord("or")) further.push_back(conditions_.trigger());
  if (recovering()) {
    skipToPart();
    out.on = std::nullopt;
  } else if (!again) {
    out.on = std::move(trigger);
    out.orOn = std::move(further);
  }
  return true;
}

// "when" Conds
bool RuleParser::when(tree::Declaration& out, Parts& parts) {
  const bool again = begin(kWhen, parts);
  const Lexeme keyword = take();
  std::vector<tree::Condition> conditions = conditions_.conditions(keyword, "`when` block");
  if (!again) out.when = std::move(conditions);
  return true;
}

// "then" Actions
bool RuleParser::then(tree::Declaration& out, Parts& parts) {
  const bool again = begin(kThen, parts);
  const Lexeme keyword = take();
  std::vector<tree::Action> actions = actions_.actions(Inside::Actions, keyword, "`then` block");
  if (!again) out.then = std::move(actions);
  return true;
}

// After a mistake in an attribute or trigger: on to the next part.
void RuleParser::skipToPart() {
  while (!is(End) && !is(BraceOpen) && !declarationStarts() &&
         !(isAnyWord({"when", "then", "on"}) && (at().lineFirst || is(BraceOpen, 1)))) {
    take();
  }
  complaints().resume();
}

// RuleAttr = "salience" Expr [ "each" "cycle" ] | ( "group" | "exclusive" ) ( IDENT | STRING )
//          | "once" [ "per" Expr ]
//          | "no" "-" "loop" | "repeat" | "disabled" | "allow" … | "tags" … | "effective" …
// False when none stands here and the rule is over.
bool RuleParser::attribute(tree::Declaration& out) {
  const Lexeme word = at();
  const auto takeOnce = [&](bool already) {
    if (already) advice_.twice("rule", word).help("keep one of the two");
    advice_.instead(Spot::SalienceWord);
    take();
  };
  const auto skipSign = [&] {
    if (advice_.signAfterAttribute(word)) take();
  };
  if (isAnyWord({"salience", "priority"})) {
    takeOnce(out.salience.has_value());
    skipSign();
    out.salience = expressions_.expression();
    if (isWord("each") && isWord("cycle", 1)) {
      take();
      take();
      out.eachCycle = true;
    }
  } else if (isAnyWord({"group", "exclusive"})) {
    tree::Name& name = isWord("group") ? out.group : out.exclusive;
    takeOnce(static_cast<bool>(name));
    skipSign();
    name = names_.groupName();
  } else if (isWord("once")) {
    takeOnce(out.once);
    out.once = true;
    out.onceSpan = spanOf(word);
    if (advice_.hyphenOfOncePer(word)) take();
    if (takeWord("per")) out.oncePer = expressions_.expression();
  } else if (isWord("no")) {
    takeOnce(out.noLoop);
    out.noLoop = takeHyphenated("loop") || out.noLoop;
  } else if (isWord("auto")) {
    takeOnce(out.autoFocus);
    if (!takeHyphenated("focus")) return true;
    out.autoFocus = true;
    out.autoFocusSpan = spanFrom(word.begin);
  } else if (isAnyWord({"repeat", "disabled"})) {
    bool& flag = isWord("repeat") ? out.repeat : out.disabled;
    if (isWord("repeat")) out.repeatSpan = spanOf(word);
    takeOnce(flag);
    flag = true;
  } else if (isWord("allow")) {
    take();
    allow(out);
  } else if (isWord("tags") && (is(ParenOpen, 1) || is(String, 1))) {
    takeOnce(!out.tags.empty());
    tags(out);
  } else if (isWord("effective")) {
    takeOnce(!out.effectiveFrom.empty() || !out.effectiveTo.empty());
    effective(out);
  } else {
    return advice_.tookUnknownAttribute();
  }
  return true;
}

// "-" and the second word of `no-loop` or `auto-focus`, after the first.
bool RuleParser::takeHyphenated(std::string_view second) {
  const Lexeme first = previous();
  if (advice_.missingHyphen(first, second)) {
    take();
    return true;
  }
  if (takeIf(Minus) && takeWord(second)) return true;
  advice_.halfOfAttribute(first, second);
  return false;
}

// "allow" IDENT { "," IDENT }
void RuleParser::allow(tree::Declaration& out) {
  if (!is(Word) || isAnyWord({"when", "then", "on"})) {
    advice_.lacks(Lack::AllowedWarning, spanOf(previous()));
  } else {
    names_.names(out.allow, "warning");
  }
}

// "(" STRING { "," STRING } ")", after `tags`
void RuleParser::tags(tree::Declaration& out) {
  const Lexeme keyword = previous();
  if (takeIf(ParenOpen)) {
    blocks().list(ParenClose, "tags", [&] {
      if (const auto tag = expressions_.text("the tag")) out.tags.push_back(*tag);
    });
    return;
  }
  const std::uint32_t from = at().begin;
  do out.tags.push_back(expressions_.text("the tag").value_or(""));
  while (takeIf(Comma));
  advice_.tagsWithoutBrackets(keyword, spanFrom(from));
}

// [ "from" STRING ] [ "to" STRING ] [ "zone" STRING ], after `effective`
void RuleParser::effective(tree::Declaration& out) {
  if (!isAnyWord({"from", "to"})) advice_.lacks(Lack::Date, spanOf(previous()));
  if (takeWord("from")) {
    out.effectiveFrom = expressions_.text("the date").value_or("");
    if (!out.effectiveFrom.empty()) out.fromSpan = spanOf(previous());
  }
  if (takeWord("to")) {
    out.effectiveTo = expressions_.text("the date").value_or("");
    if (!out.effectiveTo.empty()) out.toSpan = spanOf(previous());
  }
  if (takeWord("zone")) {
    out.effectiveZone = expressions_.text("the time zone").value_or("");
    out.effectiveZoneSpan = spanOf(previous());
  }
}

// Query = "query" IDENT Params Conds
void RuleParser::query(tree::Declaration& out) {
  const Lexeme owner = previous();
  out.params = fields_.params();
  if (advice_.resultOfQuery()) {
    take();
    fields_.skipType();
  }
  if (advice_.superfluous(Spot::BeforeQueryConditions)) take();
  if (!recovering()) out.when = conditions_.conditions(owner, "block of the query");
  if (advice_.thenOfQuery(out.head)) {
    take();
    blocks().skipBalanced();
  }
}

}  // namespace reticle
