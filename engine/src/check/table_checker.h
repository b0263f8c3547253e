// Decision tables: functions, lowered to nested conditions in the order of the rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker;

class TableChecker : CheckerPart {
 public:
  TableChecker(const Shared& shared, ExpressionChecker& expressions)
      : CheckerPart(shared), expressions_(expressions) {}

  // Returns the body of the function that the table is. `result` is its type as declared, and
  // becomes what the table gives as a whole.
  Expr checkTable(const tree::Declaration& table, const tree::Module* from,
                  const std::vector<Param>& params, Type& result);

  // The tables that were read without a mistake, beside program_.tables.
  const std::vector<const tree::Declaration*>& trees() const { return trees_; }

 private:
  // The tests and results of the rows, in their order.
  struct Rows {
    std::vector<Expr> tests, results;
  };

  std::vector<Expr> tableSubjects(const tree::Declaration& table, Scope& s);
  Expr whenNothingMatches(const tree::Declaration& table, const Type& type, const Type& result,
                          Scope& s);
  Expr tableDefault(const tree::Declaration& table, const Type& type, Scope& s);
  bool isOfWidth(const tree::Declaration& table, const tree::TableRow& row,
                 const std::vector<Expr>& subjects);
  // `noted` gets a row; its cells count only while no mistake has been made since `errorsBefore`.
  Expr lowerRow(const tree::Declaration& table, const tree::TableRow& row,
                const std::vector<Expr>& subjects, Table& noted, std::size_t errorsBefore,
                Scope& s);
  Expr rowResult(const tree::Declaration& table, const tree::TableRow& row, const Type& type,
                 Scope& s);

  // --- check_cells.cpp
  // The tests of one cell, any of which may hold.
  Expr lowerCell(const std::vector<tree::Cell>& cell, const Expr& subject, Scope& s);
  // One of them, unchecked.
  Expr lowerTest(const tree::Cell& test, const Expr& subject) const;
  // A condition, or alternatives with `||`, in the place of a value. False: neither.
  bool reportCondition(const tree::Cell& test, const Expr& subject, Scope& s);
  // What a cell matches, as far as its tests compare the column with what is known.
  void noteCell(const std::vector<tree::Cell>& cell, const Expr& subject, const Expr* lowered,
                Table& table);
  // `> 30, <= 60`: each of the tests keeps something out, and together they keep out nothing.
  void warnFullCell(const tree::Declaration& table, const std::vector<tree::Cell>& cell,
                    const Expr& subject, const Table::Cell& noted);

  // --- check_collect.cpp: tables of `hit collect`
  // What one row gives, when the table as a whole gives what it is declared to give. Poison after a
  // mistake.
  Type collectedRow(const tree::Declaration& table, const Type& declared);
  // What the rows give together. `type` is that of a row, `result` that of the table, `none` the
  // result when no row matches, if one is declared.
  Expr collectRows(const tree::Declaration& table, const Type& type, const Type& result,
                   const Rows& rows, const std::optional<Expr>& none);

  ExpressionChecker& expressions_;
  std::vector<const tree::Declaration*> trees_;
};

}  // namespace reticle::model
