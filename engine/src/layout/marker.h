// The walk that sets the marks: over declarations and their parts in mark_declarations.cpp, over
// conditions in mark_conditions.cpp, over actions in mark_actions.cpp, over expressions in
// mark_expressions.cpp. Every function marks the lexemes of one node; order does not matter.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "layout/marks.h"

namespace reticle {

class Marker {
 public:
  Marker(std::string_view text, Lexemes lexemes, const MarkOptions& options);
  void module(const tree::Module& module);
  void wholeExpression(const Expr& expr);
  Marked take();

 private:
  using enum LexemeKind;
  using Index = std::uint32_t;

  // What an expression stands in: how much its own brackets matter.
  enum class Place : std::uint8_t {
    Whole,      // anything may stand here
    Head,       // of `if`, `for`, a flow's `key`: no record at the top
    Operand,    // of an operator that binds at `level` or looser
    Member,     // in front of a point or an index
    Bracketed,  // keeps its brackets whatever they are
  };

  // Lexemes
  const Lexeme& lexeme(Index i) const { return out_.lexemes.items[i]; }
  Mark& mark(Index i) { return out_.marks[i]; }
  bool is(Index i, LexemeKind kind) const {
    return i < out_.marks.size() && lexeme(i).kind == kind;
  }
  bool isWord(Index i, std::string_view word) const {
    return is(i, Word) &&
           out_.text.substr(lexeme(i).begin, lexeme(i).end - lexeme(i).begin) == word;
  }
  Index at(std::uint32_t byte) const;             // the first lexeme that begins there or later
  Index before(std::uint32_t byte) const;         // the last lexeme that ends there or earlier
  Index next(Index from, LexemeKind kind) const;  // the first of that kind from there on
  void pairBrackets();

  // Gaps
  void item(const Span& span, std::int32_t block);
  void line(Index i, std::uint8_t indent);
  void clause(Index i) {
    if (mark(i).gap == Gap::Inside) mark(i).gap = Gap::Clause;
  }
  void clauseBefore(const Expr& e) { clause(at(e.span.begin) - 1); }  // the keyword in front of it
  std::int32_t block(Index open, bool always = false);
  std::int32_t group(Group::Kind kind, Index first, Index last, bool always = false);
  void lists();
  void drop(Index i) { mark(i).dropped = true; }

  // Declarations (mark_declarations.cpp)
  void declaration(const tree::Declaration& d);
  Index pastParams(const tree::Declaration& d) const;
  void fields(const tree::Declaration& d);
  void field(const tree::Field& f, std::int32_t block);
  void params(const std::vector<tree::Field>& params);
  void type(const tree::TypeUse& type);
  void table(const tree::Declaration& d);
  bool rowOf(Index i) const;
  void rule(const tree::Declaration& d);
  void flow(const tree::Declaration& d);
  void test(const tree::Declaration& d);
  void functionBody(const tree::Declaration& d);
  void expectation(const tree::Expect& e);

  // Conditions (mark_conditions.cpp)
  // Each returns the closing brace of the block.
  Index conditions(Index open, const std::vector<tree::Condition>& conditions);
  void condition(const tree::Condition& c);
  void pattern(const tree::Pattern& p);
  void trigger(const tree::Trigger& t);

  // Actions (mark_actions.cpp)
  Index actions(Index open, const std::vector<tree::Action>& actions, bool always = false);
  void ifBlocks(const tree::Action& a);
  void action(const tree::Action& a);
  void step(const tree::Action& a);
  void retry(const tree::Retry& r, Index from);
  void arguments(const std::vector<tree::Argument>& arguments);

  // Expressions (mark_expressions.cpp)
  void expression(const Expr& e, Place place = Place::Whole, int level = 0);
  void expression(const std::optional<Expr>& e, Place place = Place::Whole) {
    if (e) expression(*e, place);
  }
  std::pair<Index, Index> inner(const Expr& e) const;  // its lexemes without its own brackets
  void brackets(const Expr& e, Place place, int level);
  void operands(const Expr& e);
  void parts(const Expr& e);

  Marked out_;
  MarkOptions options_;
  std::vector<Index> pair_;     // the closing bracket of an opening one; 0 for others
  std::vector<bool> grouping_;  // brackets that only group
  std::vector<bool> inTemplate_;
  std::vector<std::pair<Index, Index>> rows_;  // of tables
  bool rigid_ = false;  // rows of tables and holes of templates are never broken
};

}  // namespace reticle
