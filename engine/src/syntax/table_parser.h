// Decision tables.
#pragma once

#include <vector>

#include "syntax/advice_declarations.h"
#include "syntax/field_parser.h"

namespace reticle {

class TableParser : private Grammar {
 public:
  TableParser(Reading& reading, NameParser& names, ExpressionParser& expressions,
              FieldParser& fields)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        expressions_(expressions),
        fields_(fields) {}

  // Table, after its name.
  void table(tree::Declaration& out);
  // Cell = Test1 { "," Test1 }. `column` is the name that repairs use for what is tested; it may be
  // empty.
  std::vector<tree::Cell> cell(std::string_view column = {});

 private:
  // { "by" … | "hit" … | "allow" … }, in any order
  void clauses(tree::Declaration& out);
  void hit(tree::Declaration& out);
  void rowOrDefault(tree::Declaration& out);
  // Row = "|" Cell { "|" Cell } "=>" Expr { "," Expr }
  tree::TableRow row(const tree::Declaration& table);
  void cells(tree::TableRow& out, const std::vector<std::string_view>& columns);
  // Expr { "," Expr }, after `default =>`
  void defaultResults(tree::Declaration& out);
  // Test1 = "_" | "if" Expr | RelOp Expr [ "&&" RelOp Expr ] | Expr [ ( ".." | "..<" ) Expr ]
  //       | "(" Expr ".." Expr ( "]" | ")" )
  tree::Cell test(std::string_view column);
  void comparison(tree::Cell& out, std::string_view column);
  // A range in brackets, as mathematics writes it, stands here.
  bool isBracketedRange() const;
  void bracketedRange(tree::Cell& out);
  // None when no relation stands here.
  Operator relation();

  TableAdvice advice_;
  NameParser& names_;
  ExpressionParser& expressions_;
  FieldParser& fields_;
};

}  // namespace reticle
