// The first lexemes of declarations, conditions, actions, steps and all other items of blocks.
#include "syntax/items.h"

namespace reticle {
namespace {

using enum LexemeKind;

// A keyword alone is not enough, since keywords may be names; what follows must fit too. Used to
// find where reading goes on after a mistake, so it errs towards "no".
bool conditionStarts(const LexemeReader& l, std::uint32_t ahead) {
  if (l.typeStarts(ahead)) return true;
  const bool group = l.is(Word, ahead + 1) || l.is(BraceOpen, ahead + 1);
  if (l.isAnyWord({"not", "exists", "forall", "accumulate", "each", "let"}, ahead)) return group;
  if (l.isWord("either", ahead)) return l.is(BraceOpen, ahead + 1);
  return l.isWord("if", ahead);
}

bool actionStarts(const LexemeReader& l, std::uint32_t ahead) {
  if (l.isAnyWord({"insert", "upsert", "set", "unset", "update", "retract", "emit", "call", "start",
                   "signal", "cancel", "log", "let", "if", "for", "focus", "refresh"},
                  ahead)) {
    return l.operandStarts(ahead + 1);
  }
  return l.isWord("halt", ahead);
}

bool stepStarts(const LexemeReader& l, std::uint32_t ahead) {
  if (l.isAnyWord({"step", "sleep", "wait", "fail", "return", "restart", "branch"}, ahead)) {
    return l.operandStarts(ahead + 1);
  }
  if (l.isAnyWord({"parallel", "try"}, ahead)) {
    return l.is(BraceOpen, ahead + 1) || l.is(Word, ahead + 1);
  }
  return l.isWord("compensate", ahead);
}

}  // namespace

bool declarationStarts(const LexemeReader& l, std::uint32_t ahead) {
  if (!l.is(Word, ahead)) return false;
  const std::string_view word = l.textOf(l.at(ahead));
  const auto named = [&](std::initializer_list<LexemeKind> then) {
    return l.is(Word, ahead + 1) &&
           std::find(then.begin(), then.end(), l.at(ahead + 2).kind) != then.end();
  };
  if (word == "rule") return l.is(String, ahead + 1) || named({Word, BraceOpen});
  if (word == "test") return l.is(String, ahead + 1);
  if (word == "fact" && l.is(Word, ahead + 1) && l.isAnyWord({"as", "open"}, ahead + 2))
    return true;
  if (word == "fact" || word == "enum") return named({BraceOpen});
  if (word == "event" || word == "subject") return named({BraceOpen, Word});
  if (word == "const") return named({Assign, Colon});
  if (word == "function" || word == "table" || word == "query" || word == "flow") {
    return named({ParenOpen});
  }
  if (word == "host") {
    return l.isAnyWord({"function", "pure"}, ahead + 1) && l.is(Word, ahead + 2);
  }
  return false;
}

bool itemStarts(const LexemeReader& l, Inside inside, std::uint32_t ahead) {
  if (l.is(BraceClose, ahead) || l.is(End, ahead)) return true;
  if (inside == Inside::Rows) return l.is(Bar, ahead) || l.isWord("default", ahead);
  if (inside == Inside::Module) return declarationStarts(l, ahead);
  if (!l.is(Word, ahead)) return false;
  if (inside == Inside::Values) return true;
  // `on: string` is a field and `c: Customer` a pattern, whatever their first words are elsewhere.
  if (l.is(Colon, ahead + 1)) {
    return inside == Inside::Fields || (inside == Inside::Conditions && l.typeStarts(ahead + 2));
  }
  switch (inside) {
    case Inside::Fields: return l.isAnyWord({"key", "ext"}, ahead) && l.is(Word, ahead + 1);
    case Inside::Conditions: return conditionStarts(l, ahead);
    case Inside::Actions: return actionStarts(l, ahead);
    case Inside::Steps: return actionStarts(l, ahead) || stepStarts(l, ahead);
    case Inside::TestActions:
      return actionStarts(l, ahead) ||
             l.isAnyWord({"clock", "settle", "advance", "crash", "host"}, ahead) ||
             (l.isWord("replace", ahead) && l.isWord("rules", ahead + 1));
    case Inside::Sections:
      return l.isAnyWord({"given", "when", "expect"}, ahead) && l.is(BraceOpen, ahead + 1);
    case Inside::Expects:
      return l.isAnyWord({"exists", "not", "count", "emitted", "fired", "called", "flow", "check",
                          "failed", "runaway", "order", "agenda"},
                         ahead) &&
             l.operandStarts(ahead + 1);
    case Inside::Module:
    case Inside::Values:
    case Inside::Rows: break;  // above
  }
  return false;
}

}  // namespace reticle
