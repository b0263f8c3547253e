// What must be asked again although no fact of the match has changed: expressions that set a timer
// (`passed`), or look at facts beside the match, through a query or a reference.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "model/model.h"

namespace reticle::model {

class Asking {
 public:
  // The program outlives it; its functions and queries are read when something is asked.
  explicit Asking(const Program& program) : program_(program) {}

  // Whether it is a call of `passed`.
  static bool isPassed(const Expr& expr);
  // Whether it asks `passed`, itself or in a function that it calls.
  bool passed(const Expr& expr) const { return reaches(expr, {true, false, false}); }
  // Whether it asks a query, itself or in a function that it calls.
  bool query(const Expr& expr) const { return reaches(expr, {false, true, false}); }
  // Whether it asks a query, or reads a field of a fact that no row holds. Exact when functions are
  // expanded: a parameter may turn out to be a row; else true when in doubt.
  bool beyond(const Expr& expr) const { return reaches(expr, {false, true, true}); }

  // The types whose facts its queries look at, with the queries and functions that these ask in
  // turn; in ascending order.
  std::vector<TypeId> types(const Expr& expr) const;

  // What an expression and conditions look at, in the functions and queries that they ask, too.
  struct Needs {
    std::vector<TypeId> types;  // of patterns, in ascending order
    bool references = false;    // fields of facts that no pattern binds
    bool time = false;          // `now`, `passed`
  };
  Needs needs(const Expression& expression, const std::vector<Condition>& conditions) const;

 private:
  // What has been looked into, so that recursive functions come to an end; and what was found.
  struct Seen {
    std::set<std::uint32_t> functions, queries;
    std::set<TypeId> types;
    bool references = false, time = false;
  };
  struct Wanted {
    bool passed, query, reference;
  };
  bool reaches(const Expr& expr, Wanted wanted) const;
  bool reaches(const Expr& expr, Wanted wanted, std::set<std::uint32_t>& functions) const;
  void add(const Expr& expr, Seen& seen) const;
  void add(const Expression& expression, Seen& seen) const;
  void add(const Pattern& pattern, Seen& seen) const;
  void add(const std::vector<Condition>& conditions, Seen& seen) const;

  const Program& program_;
};

}  // namespace reticle::model
