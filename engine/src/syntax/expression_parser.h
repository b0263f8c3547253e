// Expressions: CEL's grammar by precedence climbing, its macros, and the four extensions; and the
// small literals that clauses take.
//
// What cannot be read becomes Poison. No expression is higher than 64 levels, so that whoever walks
// the tree may recurse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "syntax/advice_expressions.h"

namespace reticle {

class ExpressionParser : private Grammar {
 public:
  explicit ExpressionParser(Reading& reading) : Grammar(reading), advice_(reading) {}

  // Expr = Binary [ "?" Expr ":" Expr ]; Poison after a mistake and while recovering.
  Expr expression();
  // In the head of a block, where `Type{` would be the block.
  Expr headExpression();
  // What must be true; `binding` is that of the pattern it constrains, or empty.
  Expr condition(const std::string& binding);
  Expr headCondition();
  // A field's default, a field's check, what stands in a row of a table.
  Expr initialValue();
  Expr fieldCheck();
  Expr inRow();
  // The right side of a relation that a cell begins with: `< 5`.
  Expr relationOperand();
  Expr poison(std::uint32_t begin) const;

  // Literals that clauses take: nothing after a mistake; `what` is what they say, for messages.
  std::optional<std::string> text(std::string_view what);
  std::optional<tree::Duration> duration(std::string_view what);
  std::optional<std::int64_t> count(std::string_view what);
  std::optional<double> part();  // 0.2

  // Whether `Type{…}` may be read here.
  bool recordsMayStand() const { return context_.records; }

  // Changes where the parser is while it lives.
  class Within {
   public:
    Within(ExpressionParser& parser, ExpressionContext inner)
        : parser_(parser), outer_(std::exchange(parser.context_, std::move(inner))) {}
    ~Within() { parser_.context_ = std::move(outer_); }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    ExpressionParser& parser_;
    ExpressionContext outer_;
  };
  // Between the brackets of constraints or arguments; in the head of a block.
  ExpressionContext bracketed() const;
  ExpressionContext head() const;

 private:
  // Operators (expressions.cpp)
  // Operators that bind at least as tightly as `minimum`.
  Expr binary(int minimum);
  // The operator that stands here, with how tightly it binds; none has a level below all others.
  Infix infix() const;
  Expr joined(const Infix& infix, Expr left, Expr right, const Span& sign);
  // All operands of one `&&` or `||`, as one balanced tree when there are many.
  Expr chain(const Infix& infix, Expr first);
  Expr ternary(Expr condition);
  Expr inRange(Expr range);
  Expr unary();
  // Both report and return true at the limit: before descending, and after an expression was
  // built.
  bool tooDeep(const Lexeme& here);
  bool tooHigh(int height, const Span& span, bool chain = false);

  // Members and calls (members.cpp)
  Expr member();
  // Member = Primary { "." IDENT [ Arguments ] | "[" Expr "]" }, after its first part
  Expr selection(Expr target);
  Expr index(Expr target, std::uint32_t begin, const Lexeme& sign, bool maybe);
  Expr named(Expr target, std::uint32_t begin, const Lexeme& sign, bool maybe);
  void callArguments(Expr& call);
  // Turns a call into the macro it is named for, or leaves it.
  Expr macro(Expr call);
  Expr hasMacro(Expr call);

  // What an expression begins with (literals.cpp)
  Expr primary();
  // Whether what stands here is the next item of the block and no operand.
  bool nextItemStarts() const;
  Expr inBrackets();
  Expr rootName();
  Expr word();
  Expr reservedWord();
  Expr numberLiteral(bool negative, std::uint32_t begin);
  Expr integerLiteral(const Lexeme& number, bool negative, const Span& place);
  Expr templateExpression();
  bool skipHole();
  Expr listExpression();
  Expr mapExpression();
  // TYPE "{" [ members ] "}"; `lexemes` is how many the name of the type takes.
  Expr record(std::uint32_t lexemes);
  void memberValue(Expr& record, int& height);
  Expr element(Expr value, std::uint32_t begin) const;
  Expr closed(Expr whole, std::uint32_t begin, int height);
  // Between the brackets of a list, map, call or template.
  ExpressionContext enclosed(bool assignEnds) const;

  ExpressionAdvice advice_;
  ExpressionContext context_;
  // Of the recursion at this moment; height_ is that of what it has built.
  int nesting_ = 0;
  int height_ = 0;  // of the expression read last
};

// The relation that a sign stands for: RelOp; None when it is none.
Operator relationOf(LexemeKind sign);

// An expression of a kind, at its place, with nothing in it yet.
inline Expr node(ExprKind kind, Span span) {
  Expr e;
  e.kind = kind;
  e.span = span;
  return e;
}

}  // namespace reticle
