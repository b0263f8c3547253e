// What a question about a rule is narrowed down to: given facts, and values of fields and names.
#pragma once

#include <vector>

#include "inquiry/partial_match.h"
#include "session/state.h"

namespace reticle {

class Narrowed {
 public:
  // Reads `{"c": 12, "c.id": "ada", "total": 30}` for the names of a rule. Errors: names it does
  // not bind, values that do not fit.
  static Result<Narrowed> read(const Session::State& state, const model::Rule& rule,
                               const Fields& bindings);

  bool empty() const { return facts_.empty() && fields_.empty() && locals_.empty(); }
  // Whether what a condition of the rule itself (not of a group) has just bound is of interest.
  bool allows(const model::Condition& condition, const PartialMatch& match) const;
  // Whether a fact may stand in a row.
  bool allows(std::uint32_t row, const Row& candidate) const;

 private:
  struct Fact {
    std::uint32_t row;
    FactId fact;
  };
  struct Member {
    std::uint32_t row;
    FieldId field;
    Value value;
  };
  struct Local {
    std::uint32_t local;
    Value value;
  };
  std::vector<Fact> facts_;
  std::vector<Member> fields_;
  std::vector<Local> locals_;
};

}  // namespace reticle
