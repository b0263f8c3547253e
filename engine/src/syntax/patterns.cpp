// Reads patterns with their constraints and suffixes, and the triggers made of them.
#include <utility>

#include "syntax/condition_parser.h"

namespace reticle {

tree::Pattern ConditionParser::pattern(std::string_view what) {
  tree::Pattern out;
  if (recovering()) return out;
  const std::uint32_t begin = at().begin;
  if (is(Word) && is(Colon, 1)) {
    out.binding = names_.bindingName("binding");
    take();
  }
  if (advice_.noPattern(out.binding, what) || !typeOfPattern(out)) return out;
  if (advice_.bindingAfterType(out, begin)) out.binding = nameOf(take());
  bracketsOfPattern(out);
  while (!recovering() && is(Word) && !is(Colon, 1)) {
    tree::Suffix suffix;
    if (!this->suffix(suffix)) break;
    if (!recovering()) out.suffixes.push_back(std::move(suffix));
  }
  out.span = spanFrom(begin);
  return out;
}

// TYPE; one that begins with a small letter is read all the same. False after a mistake.
bool ConditionParser::typeOfPattern(tree::Pattern& out) {
  std::uint32_t lexemes = 1;
  const std::uint32_t begin = at().begin;
  if (!typeStarts(0, &lexemes)) {
    if (advice_.noType(out.binding, lexemes)) return false;
    lexemes = 1;
  }
  for (std::uint32_t i = 0; i < lexemes; ++i) out.type.text += textOf(take());
  out.type.span = spanFrom(begin);
  return true;
}

// The constraints of a pattern, if it has any.
void ConditionParser::bracketsOfPattern(tree::Pattern& out) {
  if (is(ParenOpen)) {
    constraints(out.constraints, out.binding.text);
  } else {
    advice_.tookBracketsOfOtherLanguages(out.type.text, expressions_.recordsMayStand());
  }
}

void ConditionParser::constraints(std::vector<Expr>& out, const std::string& binding) {
  const ExpressionParser::Within within(expressions_, expressions_.bracketed());
  take();
  blocks().list(ParenClose, "constraints", [&] {
    if (advice_.tookNameOfConstraint(binding)) {
      expressions_.expression();
      return;
    }
    Expr constraint = expressions_.condition(binding);
    if (!recovering() && isRange()) {
      advice_.lacks(Lack::InBeforeRange, spanOf(at()));
      return;
    }
    out.push_back(std::move(constraint));
  });
}

// Suffix = "over" "last" … | "held" DUR | ( "after" | "before" ) IDENT [ "within" DUR ]
//        | "within" DUR "of" IDENT
// False when none stands here.
bool ConditionParser::suffix(tree::Suffix& out) {
  using Kind = tree::Suffix::Kind;
  const std::uint32_t begin = at().begin;
  if (advice_.tookDistanceOfNothing()) return true;
  if (isWord("over") && is(Word, 1) && !is(Colon, 2)) {
    window(out);
  } else if (advice_.tookInstead(Spot::Window)) {
    out.kind = Kind::OverLast;
    out.duration = expressions_.duration("the length of the window");
  } else if (isWord("held") && !is(ParenOpen, 1)) {
    take();
    if (advice_.superfluous(Spot::BeforeHeldTime)) take();
    out.kind = Kind::Held;
    out.duration = expressions_.duration("the time");
  } else if (isAnyWord({"after", "before"}) && is(Word, 1)) {
    out.kind = isWord("after") ? Kind::After : Kind::Before;
    take();
    out.of = names_.takeName("binding");
    if (takeWord("within")) out.duration = expressions_.duration("the distance");
  } else if (isWord("within")) {
    within(out);
  } else {
    return false;
  }
  out.span = spanFrom(begin);
  return true;
}

// "over" "last" ( DUR | INT ( "events" | "facts" ) [ "by" Expr ] )
void ConditionParser::window(tree::Suffix& out) {
  using Kind = tree::Suffix::Kind;
  const Lexeme word = take();
  if (!takeWord("last") && !advice_.tookTypoOf("last")) {
    advice_.lacks(Lack::LastOfWindow, spanOf(word));
  }
  if (is(Int) && isAnyWord({"events", "facts", "event", "fact"}, 1)) {
    out.kind = Kind::OverLastCount;
    out.count = expressions_.count("the number").value_or(0);
    take();
    if (isWord("by") && !is(Colon, 1)) {
      take();
      out.by = expressions_.expression();
    }
  } else {
    out.kind = Kind::OverLast;
    out.duration = expressions_.duration("the length of the window");
  }
}

// "within" DUR "of" IDENT
void ConditionParser::within(tree::Suffix& out) {
  const Lexeme word = take();
  out.kind = tree::Suffix::Kind::WithinOf;
  out.duration = expressions_.duration("the distance");
  if (!takeWord("of")) advice_.lacks(Lack::OfWithin, spanFrom(word.begin));
  out.of = names_.takeName("binding");
}

// Triggers

// Trigger = ( Pattern | [ IDENT ":" ] "*" ) [ "at" Pattern ] | "change" …
//         | ( "insert" | "retract" ) Pattern
//         | "every" DUR [ Missed ] | "cron" STRING [ "zone" STRING ] [ Missed ]
// Missed  = "missed" ( "all" | "once" | "none" )
tree::Trigger ConditionParser::trigger() {
  using Kind = tree::Trigger::Kind;
  tree::Trigger out;
  const Lexeme first = at();
  const bool named = is(Colon, 1);
  if (!named && (isWord("change") || advice_.instead(Spot::ChangeWord))) {
    take();
    changeTrigger(out);
  } else if (!named && isAnyWord({"insert", "retract"}) && is(Word, 1)) {
    out.kind = isWord("insert") ? Kind::Insert : Kind::Retract;
    const std::string what = shown(take());
    out.pattern = pattern(what);
  } else if (!named && takeWord("every")) {
    out.kind = Kind::Every;
    out.every = expressions_.duration("the interval");
  } else if (!named && takeWord("cron")) {
    out.kind = Kind::Cron;
    if (const auto plan = expressions_.text("the plan of `cron`")) {
      out.cron = *plan;
      out.cronSpan = spanOf(previous());
    }
    if (takeWord("zone")) {
      out.zone = expressions_.text("the time zone").value_or("");
      out.zoneSpan = spanOf(previous());
    }
  } else if (is(Star) || (is(Word) && named && is(Star, 2))) {
    anyEvent(out);
  } else if (!is(Word) || isAnyWord({"when", "then"})) {
    advice_.lacks(Lack::Trigger, spanOf(previous()));
  } else {
    out.kind = Kind::Event;
    out.pattern = pattern("`on`");
    if (takeWord("at")) out.at = pattern("`at`");
  }
  const bool plan = out.kind == Kind::Every || out.kind == Kind::Cron;
  if (plan && takeWord("missed")) out.missed = names_.takeName("word");
  out.span = spanFrom(first.begin);
  return out;
}

// [ IDENT ":" ] "*" [ "at" Pattern ]
void ConditionParser::anyEvent(tree::Trigger& out) {
  const std::uint32_t begin = at().begin;
  out.kind = tree::Trigger::Kind::Event;
  out.pattern.emplace();
  if (is(Word)) {
    out.pattern->binding = names_.bindingName("binding");
    take();
  }
  out.pattern->type = {"*", spanOf(take())};
  out.pattern->span = spanFrom(begin);
  if (takeWord("at")) out.at = pattern("`at`");
}

// [ IDENT ":" ] TYPE "." ( IDENT | "*" ) [ "(" Expr { "," Expr } ")" ], after `change`
void ConditionParser::changeTrigger(tree::Trigger& out) {
  const Lexeme keyword = previous();
  out.kind = tree::Trigger::Kind::Change;
  if (is(Word) && is(Colon, 1)) {
    out.binding = names_.bindingName("binding");
    take();
  }
  const std::uint32_t begin = at().begin;
  std::vector<tree::Name> parts;
  while (is(Word) && is(Dot, 1) && is(Star, 2) && !out.anyProperty) {
    parts.push_back(names_.takeName("type"));
    take();
    out.anyProperty = true;
    parts.push_back({"*", spanOf(take())});
  }
  if (!out.anyProperty && is(Word)) names_.path(parts);
  if (recovering()) return;
  const auto isType = [](const tree::Name& name) {
    return name.text[0] >= 'A' && name.text[0] <= 'Z';
  };
  if (parts.size() < 2 || !isType(parts[parts.size() - 2])) {
    const bool none = parts.empty();
    advice_.lacks(none ? Lack::PropertyOfChange : Lack::TypeOfChange,
                  none ? spanOf(keyword) : spanFrom(begin));
    return;
  }
  if (!out.anyProperty) out.property = parts.back();
  parts.pop_back();
  for (const tree::Name& part : parts) {
    if (!out.type.text.empty()) out.type.text += ".";
    out.type.text += part.text;
  }
  out.type.span = span(parts.front().span.begin, parts.back().span.end);
  if (is(ParenOpen)) constraints(out.constraints, "");
}

}  // namespace reticle
