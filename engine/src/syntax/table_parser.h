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
  // Cell = Test1 { "," Test1 }
  std::vector<tree::Cell> cell();

 private:
  // { "by" … | "hit" … | "allow" … }, in any order
  void clauses(tree::Declaration& out);
  void hit(tree::Declaration& out);
  void rowOrDefault(tree::Declaration& out);
  // Row = "|" Cell { "|" Cell } "=>" Expr { "," Expr }
  tree::TableRow row(const tree::Declaration& table);
  void cells(tree::TableRow& out, std::size_t columns);
  // Test1 = "_" | "if" Expr | RelOp Expr | Expr [ ( ".." | "..<" ) Expr ]
  tree::Cell test();
  // None when no relation stands here.
  Operator relation();

  TableAdvice advice_;
  NameParser& names_;
  ExpressionParser& expressions_;
  FieldParser& fields_;
};

}  // namespace reticle
