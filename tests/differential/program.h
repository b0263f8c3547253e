// Random rule programs over small integers, kept in a form that prints itself as rule text and that a slow, obvious matcher can read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reticle::test {

// splitmix64: small, deterministic, the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  int below(int limit) { return static_cast<int>(next() % static_cast<std::uint64_t>(limit)); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

// Every type has the fields a, b, c (int), d (int or nothing) and e (any: an int, a text or null).
constexpr int kTypes = 3, kFields = 5;
inline const char* fieldName(int field) { static const char* const names[] = {"a", "b", "c", "d", "e"}; return names[field]; }

// What a field can hold.
struct Cell {
  enum Kind { Null, Int, Text } kind = Null;
  std::int64_t number = 0;
  bool operator==(const Cell&) const = default;
};

// A field of a bound fact, a local, or a constant.
struct Operand {
  enum Kind { Field, Local, Constant } kind = Constant;
  int row = 0, field = 0, local = 0;
  std::int64_t constant = 0, plus = 0;      // plus: added to a field or local that is always an int
};

struct Test {
  enum Op { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual } op = Equal;
  Operand left, right;
};

// A disjunction of tests; most have one.
struct Clause { std::vector<Test> tests; };

struct Part {
  enum Kind { Pattern, Not, Exists, Accumulate, Let, If } kind = Pattern;
  int type = 0, row = 0;
  std::vector<Clause> clauses;
  int local = 0;                            // Let, Accumulate
  enum Function { Count, Sum, Max } function = Count;
  int summed = 0;                           // field
  Operand value;                            // Let
};

struct Rule {
  int salience = 0;
  std::vector<Part> parts;
  int rows = 0, locals = 0;
  enum Action { Log, Retract, Set } action = Log;
  int row = 0, field = 0;
  std::int64_t constant = 0;
};

struct RandomProgram {
  std::vector<Rule> rules;
  std::string text() const;
};

RandomProgram randomProgram(Random& random);

}  // namespace reticle::test
