// What to say where the grammar has failed: what stands there, the message, the fix.
//
// The grammar asks only after what it wants is not there. Two tables hold the plain cases: what
// authors write in the place of something (`instead`, `superfluous`), from other languages mostly,
// and what is said when something is just not there (`lacks`). Where more than a lexeme or two
// decides, a part of the grammar has a function of its own, in the class of advice beside it.
//
// Advice never takes a lexeme unless its name begins with `took`; when it returns true for
// something that stands here, the grammar takes it as what was meant. While the parser keeps still
// it says nothing.
#pragma once

#include <string>
#include <string_view>

#include "syntax/grammar.h"

namespace reticle {

// Where the grammar wants a sign or word and something else may stand.
enum class Spot : std::uint8_t {
  // for `=`
  LetSign,
  SetSign,
  StepSign,
  ResultSign,
  // for `:`
  ArgumentSign,
  EntrySign,
  MemberSign,
  PropertySign,
  // for an arrow
  FunctionResult,
  RowResult,
  ThenSign,
  // for a relation
  CellRelation,
  CountRelation,
  // for a word
  WhenWord,
  ThenWord,
  ForIn,
  OrWord,
  ElseIf,
  ChangeWord,
  DefaultWord,
  ModuleWord,
  SalienceWord,
  ScriptReturns,
  TimesOfRetry,
  LogLevel,
  Window,
  // for `?`
  OptionalType,
  // for nothing
  BeforeRecord,
  BeforeHeldTime,
  BeforeIfBlock,
  BeforeForName,
  BeforeEnumValues,
  BeforeQueryConditions,
  BetweenParts,
  AfterRuleName,
};

// What is not there, and cannot be guessed from what is.
enum class Lack : std::uint8_t {
  // names and types
  Name,
  NameAfterPoint,
  ShallowType,
  OneType,
  InlineEnumValues,
  // expressions
  ShallowExpression,
  FewOperands,
  OtherChoice,
  MemberOfOptional,
  DigitsAfterPoint,
  RangeWithoutBrackets,
  InBeforeRange,
  EntryValue,
  Duration,
  Count,
  JitterAmount,
  // conditions
  Satisfies,
  BracketsOfSatisfies,
  SecondBranch,
  Into,
  GroupValue,
  ResultFunction,
  OneArgument,
  ListOfEach,
  LetValue,
  ConditionInsteadOfBlock,
  LastOfWindow,
  OfWithin,
  Trigger,
  PropertyOfChange,
  TypeOfChange,
  // actions
  SetValue,
  BindingOfRetract,
  EventOfSignal,
  KeyOfRun,
  FileOfReplace,
  ShallowElse,
  ListOfFor,
  Arguments,
  PropertyName,
  PropertyValue,
  // steps and doings
  CallOfStep,
  Catch,
  ReasonOfFail,
  ValueOfReturn,
  HowOften,
  OneConditionOfRetry,
  ScriptForAllCalls,
  ScriptOutcome,
  Times,
  // declarations
  Field,
  OneDefault,
  OneBound,
  Parameters,
  TypeOfParameter,
  ResultType,
  EnumValue,
  ValueOfConstant,
  HostBody,
  ArrowOfDefault,
  ResultOfRow,
  // rules and tests
  Then,
  AllowedWarning,
  Date,
  RelationOfCount,
  CasesOfTest,
  RulesOfOrder,
  FunctionReturn,
  StateOfFlow,
};

class Advice : protected Grammar {
 public:
  explicit Advice(Reading& reading) : Grammar(reading) {}

  // Something stands here in the place of what the grammar wants: says so.
  bool instead(Spot spot) const;
  // The same, and takes it.
  bool tookInstead(Spot spot);
  // Something stands here where nothing should: says so.
  bool superfluous(Spot spot) const { return instead(spot); }
  // The word that is wanted, misspelt: says so and takes it.
  bool tookTypoOf(std::string_view word);

  // Says what is missing; `$1`, `$2` in the texts stand for the names.
  Complaint lacks(Lack lack, Span span, Words names = {}) const;
  // `word` is the one in front of the missing second: `group by`.
  void secondWord(const Lexeme& word, std::string_view first, std::string_view second) const;
  // A clause stands twice; `what` is what has it already.
  Complaint twice(std::string_view what, const Lexeme& word) const;
  // The closing sign of what was opened there.
  void neverClosed(const Lexeme& open, std::string_view sign) const;
  // A reserved word where a name of something stands.
  void reserved(const Lexeme& word, std::string_view what) const;

 protected:
  Complaint complain(std::string code, Span span, std::string message) const {
    return complaints().complain(std::move(code), span, std::move(message));
  }
  Complaint fail(std::string code, Span span, std::string message) const {
    return complaints().fail(std::move(code), span, std::move(message));
  }
  // The word among these that was probably meant; empty when none is near.
  std::string_view nearest(std::string_view word, Words words) const;
  // `word` replaced by what was probably meant, as the fix of a complaint.
  static void replace(Complaint& complaint, std::string_view word, Span span,
                      std::string_view meant);
  // That turn the round brackets there into braces.
  std::vector<Edit> bracesFor(std::uint32_t open) const;
  // `(x)` stands here.
  bool nameInBrackets() const { return is(ParenOpen) && is(Word, 1) && is(ParenClose, 2); }
};

}  // namespace reticle
