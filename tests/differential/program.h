// Rule programs in the form that the oracle reads: they print themselves as rule text for the
// engine, and nothing of the engine's own reading of that text is used.
//
// Names. Every fact or value that a rule binds has a number of its own within the rule; the same
// number stands in all branches of an `either` for a name that they export. As text a fact is `p3`,
// a value `v3`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reticle/value.h"

namespace reticle::test {

// --- types: T0 … T2, which hosts and rules insert and change; L0 and L1, which rules mostly derive;
// L2, which has a key (its first field), and which rules only derive.

// Counts: map<string, int>; Things: list<any>
enum class Shape { Int, MaybeInt, Any, Double, Ints, Counts, Things, Truth, MaybeDouble };
struct FieldDeclaration {
  const char* name;
  Shape shape;
};
constexpr int kTypes = 3, kDerivedTypes = 3;
constexpr int kKeyed = kTypes + kDerivedTypes - 1;
const std::vector<FieldDeclaration>& fieldsOf(int type);
std::string typeNameOf(int type);

// --- expressions

struct Term {
  enum Kind {
    Constant,  // value
    Name,      // what `name` is bound to
    Field,     // field `field` of the fact `name` of type `type`
    Index,     // args[0][field]
    Member,    // args[0].<text>
    Size,      // args[0].size()
    Add,       // args[0] + args[1]
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    And,
    Or,
    Not,
    Some,
    Every,    // args[0].exists(name, args[1]); .all
    Default,  // args[0] ?? args[1]
  } kind = Constant;
  Value value;
  int name = -1, type = 0, field = 0;
  std::string text;
  std::vector<Term> args;
};

// --- conditions

struct Function {
  enum Kind { Count, Sum, Min, Max, Avg, Collect, Distinct, First, Last } kind = Count;
  Term argument;  // not of Count
  int name = -1;
  Shape of = Shape::Int;  // of the argument: a sum of nothing is 0 or 0.0
};

struct GroupKey {
  Term value;
  int name = -1;
};

// Shapes, by kind:
//   Pattern            name, type, constraints
//   NotOf, Exists      a pattern, or groups[0]
//   Forall             a pattern, and term or groups[0]
//   Either             groups: the branches
//   Accumulate         a pattern or groups[0]; functions, keys, skipErrors
//   Each               name in term, where (when `filtered`)
//   Let                name = term
//   If                 term
struct Condition {
  enum Kind { Pattern, NotOf, Exists, Forall, Either, Accumulate, Each, Let, If } kind = Pattern;
  int name = -1, type = 0;
  // the pattern is written without its name, which only its own constraints use
  bool nameless = false;
  std::vector<Term> constraints;
  std::vector<std::vector<Condition>> groups;
  Term term, where;
  bool filtered = false;
  std::vector<Function> functions;
  std::vector<GroupKey> keys;
  bool skipErrors = false;
  bool overGroup() const { return !groups.empty(); }
};

// A name that a condition makes known to what comes after it.
struct BoundName {
  int name = -1;
  bool fact = false;
};
// In the order in which they are bound. An `either` makes known what each of its branches binds, in
// the order of the first one.
std::vector<BoundName> namesBoundBy(const Condition& condition);

struct Action {
  enum Kind { Log, Retract, Set, Insert, InsertLogical } kind = Log;
  int name = -1, type = 0, field = 0;  // Retract, Set: the fact; Set: its field; Insert…: the type
  std::vector<Term> values;            // Set: one; Insert…: one for each field
};

struct Rule {
  std::string label;  // its name
  Term salience;
  bool noLoop = false;
  std::vector<Condition> conditions;
  std::vector<Action> actions;
  int names = 0;             // names are below this
  std::vector<bool> isFact;  // by name
};

struct RuleProgram {
  std::vector<Rule> rules;
  std::string text() const;
};

}  // namespace reticle::test
