// Random terms over what is known at a place of a rule.
#pragma once

#include <optional>
#include <vector>

#include "differential/generate.h"

namespace reticle::test {

// The names that can be used at a place.
struct Known {
  struct Fact {
    int name, type;
  };
  struct Bound {
    int name;
    Shape shape;
  };
  std::vector<Fact> facts;
  std::vector<Bound> values;
};

class TermMaker {
 public:
  TermMaker(Random& random, const Repertoire& repertoire)
      : random_(random), repertoire_(repertoire) {}

  // `candidate`: the fact that the term is mostly about, when there is one; it is known already.
  Term integer(const Known& known, const Known::Fact* candidate = nullptr);
  Term test(const Known& known, const Known::Fact* candidate, Rule& rule);
  // A list or map to walk; nothing when none is known.
  std::optional<Term> walked(const Known& known, Shape& element);
  // Any field or value, with its shape.
  Term anything(const Known& known, Shape& shape);

  static Term constant(std::int64_t number);
  static Term value(Value value);
  static Term name(int name);
  static Term field(const Known::Fact& fact, int field);
  static Term make(Term::Kind kind, Term a, Term b);

 private:
  Term simpleTest(const Known& known, const Known::Fact* candidate, Rule& rule);
  Term about(const Known::Fact& fact, const Known& known, Rule& rule);
  const Known::Fact* plainFact(const Known& known, const Known::Fact* candidate);
  const Known::Bound* bound(const Known& known, Shape shape);
  Term::Kind comparison();

  Random& random_;
  const Repertoire& repertoire_;
};

// A new name in the rule.
int newName(Rule& rule, bool fact);

}  // namespace reticle::test
