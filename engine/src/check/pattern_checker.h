// Patterns: their type, their constraints, and what they ask of time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker;

class PatternChecker : CheckerPart {
 public:
  PatternChecker(const Shared& shared, ExpressionChecker& expressions)
      : CheckerPart(shared), expressions_(expressions) {}

  // Reads a pattern whose candidate is the next row, and adds that row to the match (or to the
  // group it stands in). `needed`: without a match the rule cannot fire. False when its type is
  // unknown.
  bool checkRow(const tree::Pattern& pattern, Pattern& out, Scope& s, bool needed = false);
  // The same of a pattern that binds no row: its candidate is row 0.
  bool checkPattern(const tree::Pattern& pattern, Pattern& out, Scope& s);

 private:
  // `ownUsed`: whether the pattern has used its own binding.
  bool readPattern(const tree::Pattern& pattern, std::uint32_t row, Pattern& out, Scope& s,
                   bool needed, bool& ownUsed);
  void readConstraints(const tree::Pattern& pattern, Pattern& out, Scope& s);
  // The zone that a pattern of Clock asks for.
  void noteZone(const Pattern& clock);
  void addRow(const tree::Pattern& pattern, const Pattern& checked, bool ownUsed, Scope& s);
  Binding rowBinding(const tree::Pattern& pattern, TypeId type, std::uint32_t row) const;
  static void offerPassed(const tree::Pattern& pattern, std::size_t index, const Expr& checked,
                          Diagnostic& d, const Scope& s);
  // Constraints that no fact can satisfy together.
  void refuseContradictions(const Pattern& pattern, bool needed);

  // --- check_suffix.cpp
  void checkSuffixes(const tree::Pattern& pattern, Pattern& out, Scope& s);
  // Whether the constraints are about the fact alone; else that is reported.
  bool heldAlone(const tree::Suffix& written, const Suffix& suffix, const Pattern& pattern);
  bool checkHeld(const tree::Duration& written, Suffix& out, Scope& s);
  // False after a mistake, which is reported.
  bool checkSuffix(const tree::Suffix& written, const tree::Pattern& pattern, TypeId id,
                   Suffix& out, Scope& s);
  void checkWindowKey(const tree::Suffix& written, Suffix& out, Scope& s);
  bool resolveEvent(const tree::Suffix& written, const tree::Pattern& pattern, Suffix& out,
                    Scope& s);
  void warnEndless(const tree::Suffix& written, const tree::Pattern& pattern, TypeId type,
                   const Suffix& suffix, const Scope& s);

  ExpressionChecker& expressions_;
};

}  // namespace reticle::model
