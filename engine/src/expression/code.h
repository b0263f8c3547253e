// Compiled expressions: a flat stack program, evaluated without recursion and, on the common paths,
// without allocation.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expr.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// One fact as expressions see it: its fields by position, and its id for references.
struct Row {
  const Value* fields = nullptr;
  FactId fact = kNoFact;
};

// What an expression may ask of the session around it. Given to the evaluation, never kept.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  // The field of a fact reached through a reference (not through a row); an error value when the
  // fact is gone.
  virtual Value fieldOf(FactId fact, FieldId field) const = 0;
  // A `host pure` function.
  virtual Value callHost(FunctionId function, const Value* args, std::size_t count) const = 0;
  // All results of a query, each a map. `asker`: the surroundings of the expression that asks, in
  // which those of the query are evaluated, too.
  virtual Value query(QueryId query, const Value* args, std::size_t count,
                      const Surroundings& asker) const = 0;
  // Whether the session's clock has arrived at a moment. A caller that keeps the result must ask
  // again at that moment.
  virtual bool passed(Time) const { return false; }
  // Where the session's clock stands; nothing where there is none.
  virtual std::optional<Time> clock() const { return std::nullopt; }
  // Seconds east of UTC in a named zone at an instant (see reticle/zones.h).
  virtual std::optional<std::int32_t> zoneOffset(std::string_view, std::int64_t) const {
    return std::nullopt;
  }
};

struct Frame {
  const Row* rows = nullptr;
  const Value* locals = nullptr;
  // may be null: then fieldOf, host functions and queries give errors
  const Surroundings* surroundings = nullptr;
};

// ORDER: the switch in evaluate.cpp
enum class Op : std::uint8_t;

struct Instruction {
  Op op;
  std::uint8_t a = 0;
  std::uint16_t b = 0;
  std::uint32_t c = 0;
};

struct Routines;

struct Code {
  std::vector<Instruction> instructions;
  std::vector<Value> constants;
  std::uint16_t stack = 0;      // deepest stack it needs
  std::uint16_t iterators = 0;  // macro variables it needs beside the frame's locals
  // a few operations that plain values need nothing for: see evaluatePlain in evaluate.cpp
  bool plain = false;
  // The recursive functions that it calls, and those that they call; null when there are none.
  std::shared_ptr<const Routines> routines;
  bool empty() const { return instructions.empty(); }
};

// Recursive functions, each compiled by itself, by their position among the declared functions:
// arguments are the locals of a frame of their own.
struct Routines {
  std::map<std::uint32_t, Code> codes;
};

// A declared function (or table, lowered to nested conditions), as the compiler of expressions
// needs it: parameters are locals 0..n-1.
struct UserFunction {
  std::string name;
  std::vector<std::string> params;
  Expr body;  // checked; parameters are Ref::Local
  // it may come to call itself: it is called, and not expanded
  bool recursive = false;
};

// Compiles a checked expression. User functions are expanded at the call, but for recursive ones;
// an argument that is a row
// (`sees(f, this)`) is substituted, so that `a.row` in the body becomes a plain field of that row.
Code compileExpr(const Expr& expr, const std::vector<UserFunction>& functions);

// The checked expression with all user functions expanded, for analysis: rows and fields appear as
// Ref::Row / Ref::Field.
Expr expandFunctions(const Expr& expr, const std::vector<UserFunction>& functions);

// Never fails otherwise than by an error value ("unknown"): no exception, no unbounded time (fuel:
// RL9002).
Value evaluate(const Code& code, const Frame& frame);
// The same without its short ways for plain programs: what tests compare those with.
Value evaluateInGeneral(const Code& code, const Frame& frame);

}  // namespace reticle
