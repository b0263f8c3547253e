// Advice about actions, steps and doings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "syntax/advice.h"

namespace reticle {

class ActionAdvice : public Advice {
 public:
  using Advice::Advice;

  // What stands here was probably meant to be something else.
  void noAction() const;
  // A step outside of a flow, a doing outside of a test.
  void inTheWrongPlace(tree::Action::Kind kind, const Lexeme& word) const;

  // Actions
  // `+=`, `++` and the like, after the path of a `set`.
  bool compoundSign() const;
  // Behind the whole, whose verb is `set`; `by` is what is added, empty for `++`.
  void compoundAssignment(const Lexeme& keyword, const std::string& set, const Span& path,
                          const Lexeme& sign, const std::string& by) const;
  // `set c {a: 1, b: 2}`
  bool setOfSeveral(const Lexeme& keyword, std::size_t parts) const;
  void updateOfNothing(const Lexeme& keyword, const std::string& target) const;
  // `retract(c)`
  bool wordInBrackets(const Lexeme& keyword) const;
  // `halt()`
  bool emptyBrackets() const;
  // `emit Overheated`; sets the length of its name.
  bool eventWithoutBraces(std::uint32_t& lexemes) const;
  void bracesOfEvent(const Span& name) const;
  // True when a word stands where the way of delivery should.
  bool noDelivery(const Lexeme& keyword) const;
  // `find` or `wait` in a rule.
  void stepOfLet(const Lexeme& word) const;
  // `let x = call f()`
  bool callWithResult(const Lexeme& keyword, const std::string& name) const;
  void argumentByPosition(std::string_view of, const Lexeme& open, const Span& value) const;

  // Steps
  // `step call f()`
  bool stepWithoutName(const Lexeme& keyword) const;
  // `step x = f()`; true when what is called is a flow.
  bool callWithoutVerb(const Lexeme& keyword, const std::string& name) const;
  void undoWithoutCall(const Lexeme& keyword) const;
  // `wait 10s`
  bool waitForTime(const Lexeme& keyword) const;
  // `catch (err)`
  bool errorInBrackets(const Lexeme& keyword) const;
  void timesOfRetry() const;
  // True when a word stands where the way of backing off should.
  bool noBackoff() const;

 private:
  std::string thing() const;
  bool noReservedAction() const;
  bool namedAbove(std::string_view name) const;
  bool noVerb(std::uint32_t last) const;
  bool modifyOfDrools() const;
  bool aliasOfAction() const;
  bool misspeltAction() const;
  bool callOfAction(std::uint32_t last) const;
  void wordThatIsNone() const;
};

}  // namespace reticle
