// The tree of one CEL expression: what the parser builds, the checker fills in (`type`, `ref`) and
// the compiler reads.
//
// Shapes, by kind (args in order):
//   Literal    value
//   Name       text; rooted when written `.x`; `this` is Name "this"
//   Select     text = member, args[0]; test = inside has(…); maybe = written `a.?b`: an optional
//   Index      args[0][args[1]]; maybe = written `a[?b]`: an optional
//   Call       text = function name; args; target = args[0] when `method`
//   Unary      op, args[0]
//   Binary     op, args[0], args[1]
//              Both: text = what it asks in words, when the engine has added it (isAdded)
//   Ternary    args[0] ? args[1] : args[2]
//   List       args
//   Map        args: key, value, key, value…
//   Record     text = type name (`Discount{…}`): names[i] = args[i]; kCopied for `...args[i]`
//   Template   t"…": args, literals and expressions alternating as written (literal parts are
//              Literal strings)
//   Range      a..b / a..<b (only right of `in`): args[0], args[1]; op = Inclusive / Exclusive
//   Macro      text = all exists exists_one map filter sortBy transformList transformMap
//              transformMapEntry; names = iteration variables; args[0] = range, args[1..] = bodies.
//              Also bind optMap optFlatMap: args[0] = value, args[1] = body
//   Poison     could not be read; stay silent
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/type.h"
#include "reticle/diagnostic.h"
#include "reticle/value.h"

namespace reticle {

enum class ExprKind : std::uint8_t {
  Literal,
  Name,
  Select,
  Index,
  Call,
  Unary,
  Binary,
  Ternary,
  List,
  Map,
  Record,
  Template,
  Range,
  Macro,
  Poison
};

enum class Operator : std::uint8_t {
  None,
  Not,
  Negate,
  // `?x`: an element of a list or a value of a map, there if the optional x holds something
  Element,
  // made by the checker for `row.?field`: what it is as an optional, none for null
  Wrap,
  Or,
  And,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Coalesce,  // a ?? b
  Inclusive,
  Exclusive,  // ranges
};

// The relation that holds with its sides exchanged: `a < b` is `b > a`. Other operators are
// themselves.
constexpr Operator mirrored(Operator op) {
  if (op == Operator::Less) return Operator::Greater;
  if (op == Operator::LessEqual) return Operator::GreaterEqual;
  if (op == Operator::Greater) return Operator::Less;
  if (op == Operator::GreaterEqual) return Operator::LessEqual;
  return op;
}

// What a name or member means, filled in by the checker.
struct Ref {
  enum class Kind : std::uint8_t {
    None,
    Row,    // the fact in row `row` of the frame, as a reference
    Field,  // field `field` of the fact in row `row`
    Local,  // local value `row` of the frame
    // Select on a Record-typed value that is not a row: field `field` of the fact that args[0]
    // refers to
    FactField,
    Constant,  // Expr::value holds it
    Member,    // Select on a map (or any): by name at run time
    Function,  // Call of a built-in function
    // Call of a declared function or table: index `row` (its body is compiled in the place of the
    // call, see code.h)
    User,
    Host,   // Call of a `host pure` function: index `row`
    Query,  // Call of a query: index `row`
    Type,   // a type used as a value
  };
  Kind kind = Kind::None;
  std::uint32_t row = 0;
  FieldId field{};
};

struct Expr {
  ExprKind kind = ExprKind::Poison;
  Operator op = Operator::None;
  bool method = false;  // Call: written target.f(…)
  bool rooted = false;  // Name: written .x
  bool test = false;    // Select: the argument of has(…)
  bool maybe = false;   // Select, Index: with a question mark
  Span span;            // the whole expression
  Span nameSpan;        // the member, function or type name inside it
  std::string text;
  Value value;  // Literal; Constant after checking
  std::vector<Expr> args;
  // Record: field names; Macro: variables; Call of a host function or flow: argument names (empty
  // when positional)
  std::vector<std::string> names;
  std::vector<Span> nameSpans;  // beside `names`

  Type type;  // filled in by the checker
  Ref ref;    // filled in by the checker

  // A test that nobody wrote, of fields that nobody declared.
  bool isAdded() const {
    return (kind == ExprKind::Unary || kind == ExprKind::Binary) && !text.empty();
  }
};

// The name of what a record copies: `Discount{...d, percent: 5}`.
constexpr const char* kCopied = "...";

// Which language an expression is written in.
enum class Dialect : std::uint8_t {
  // ours: CEL with durations, templates, `??` and ranges; an int literal may stand for a double
  Rules,
  // CEL as its definition has it, for the conformance suite: none of these, but unsigned numbers
  Cel,
};

// An expression as text, with minimal parentheses: toText() in the author's names; canonicalText()
// with facts by row ("$0.color") and one spelling for one meaning, so that equal tests of different
// rules have equal texts.
std::string toText(const Expr& expr);
std::string canonicalText(const Expr& expr);  // Requires: checked

}  // namespace reticle
