// What a program means as a whole: values that can never be, rows of tables, rules that work
// against each other or wake each other.
//
// Everything here is sound: it speaks only where the text leaves no doubt, and is silent about the
// rest. All work is bounded, near linear for ordinary programs; what lies beyond a bound is not
// reported.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/place.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

// One call of the analyses: the checked program beside the trees it came from.
class Analysis {
 public:
  // Requires: `rules` and `tables` stand beside the program's rules and tables.
  Analysis(const Program& program, const std::vector<tree::Module>& modules,
           const std::vector<const tree::Declaration*>& rules,
           const std::vector<const tree::Declaration*>& tables)
      : program_(program), modules_(modules), rules_(rules), tables_(tables) {}

  // What is wrong with the tables that were read without a mistake, whatever else is wrong.
  void checkTables();

  // Everything that is known of the tables, also what is allowed: "table bandOf: …" and a line for
  // each gap, overlap and row that is never reached.
  std::string tablesText() const;

  // Requires: the program was checked without an error.
  void checkConditions();
  // after checkConditions, which says more about what a match needs
  void checkValues();
  void checkConflicts();
  void checkDoubles();
  void checkStrata();
  void checkCycles();
  std::string conflictsText() const;

  std::vector<Diagnostic> take() { return std::move(found_); }
  // What was found beyond that, which is only counted.
  const std::vector<std::pair<Level, Span>>& left() const { return left_; }

  class Values;  // see analysis_values.cpp
  struct Edge;   // one rule wakes another, see analysis_cycles.cpp
  class Wakes;   // all of them, see there

 private:
  bool goesRound(const std::vector<const Edge*>& way,
                 const std::vector<std::map<Place, ValueSet>>& boxes) const;
  // Two rules, and what both write to one fact.
  struct Conflict {
    struct Pair {
      const Action* first = nullptr;
      const Action* second = nullptr;
      std::string property;
    };
    std::size_t first = 0, second = 0;
    TypeId type{};
    std::string witness;  // "age > 65, income >= 50000"
    std::vector<Pair> writes;
  };

  Diagnostic& say(Level level, std::string code, Span span, std::string message);

  // --- analysis_conditions.cpp
  void checkRule(const Rule& rule, const tree::Declaration& written);
  bool narrow(const Field& field, const ValueSet& declared, ValueSet& left,
              const std::vector<const PlaceTest*>& asked, std::size_t at,
              const tree::Declaration& written);
  void checkOrders(const RuleTests& tests);

  // --- analysis_cycles.cpp
  std::string pathOf(const std::vector<std::size_t>& rules) const;

  // --- analysis_conflicts.cpp
  std::vector<Conflict> conflicts() const;
  std::optional<std::string> together(std::size_t a, const std::map<Place, ValueSet>& boxA,
                                      std::uint32_t rowA, const std::map<Place, ValueSet>& boxB,
                                      std::uint32_t rowB) const;

  const Program& program_;
  const std::vector<tree::Module>& modules_;
  const std::vector<const tree::Declaration*>& rules_;
  const std::vector<const tree::Declaration*>& tables_;
  // Of each level no more is kept: the reporter keeps less of a file.
  static constexpr std::size_t kMaxFound = 1000;
  std::vector<Diagnostic> found_;
  std::array<std::size_t, 3> count_{};  // by level
  std::vector<std::pair<Level, Span>> left_;
  Diagnostic silent_;  // where reports go that are left out
};

// "`a`, `b` and `c`"
std::string quotedAnd(const std::vector<std::string>& quoted);
bool allows(const tree::Declaration& declaration, std::string_view code);

}  // namespace reticle::model
