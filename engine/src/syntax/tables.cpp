// Reads decision tables: their clauses, rows and cells.
#include <utility>

#include "syntax/table_parser.h"

namespace reticle {

// Table = "table" IDENT Params "->" ( Type | Params ) [ "by" … ] [ "hit" Hit ]
//         [ "from" STRING ] "{" { Row } [ "default" "=>" Expr ] "}"
void TableParser::table(tree::Declaration& out) {
  const Lexeme owner = previous();
  out.params = fields_.params();
  if (!recovering() && is(Arrow) && is(ParenOpen, 1)) {
    take();
    out.results = fields_.params();
  } else {
    fields_.resultType(out, true);
  }
  clauses(out);
  blocks().block(Inside::Rows, "table", owner, [&] { rowOrDefault(out); });
}

// [ "by" IDENT { "," IDENT } ] [ "hit" Hit ] [ "from" STRING ] [ "allow" IDENT { "," IDENT } ]
void TableParser::clauses(tree::Declaration& out) {
  while (!recovering() && is(Word) && !declarationStarts()) {
    if (takeWord("by")) {
      names_.names(out.by, "parameter");
    } else if (takeWord("hit")) {
      const std::uint32_t begin = previous().begin;
      hit(out);
      out.hitSpan = spanFrom(begin);
    } else if (isWord("from") && is(String, 1)) {
      take();
      if (!out.rowsFrom.empty()) advice_.noClauseOfTable();
      out.rowsFrom = expressions_.text("the file").value_or("");
      out.rowsFromSpan = spanOf(previous());
    } else if (takeWord("allow")) {
      names_.names(out.allow, "warning");
    } else {
      advice_.noClauseOfTable();
      take();
    }
  }
}

// Hit = "unique" | "first" | "any" | "collect" [ "sum" | "min" | "max" | "count" ]
void TableParser::hit(tree::Declaration& out) {
  if (!isAnyWord({"unique", "first", "any", "collect"})) {
    if (advice_.noHitPolicy()) take();
    return;
  }
  out.hit = std::string(textOf(take()));
  if (out.hit == "collect" && isAnyWord({"sum", "min", "max", "count"})) {
    out.hit += " " + std::string(textOf(take()));
  }
}

void TableParser::rowOrDefault(tree::Declaration& out) {
  if (is(Bar) || is(Or)) {
    if (out.otherwise) advice_.rowAfterDefault(out.otherwise->span);
    out.rows.push_back(row(out));
  } else if (takeWord("default") || advice_.tookInstead(Spot::DefaultWord)) {
    if (!takeIf(FatArrow)) advice_.lacks(Lack::ArrowOfDefault, spanOf(previous()));
    out.otherwise = expressions_.inRow();
  } else {
    advice_.rowWithoutBar();
  }
}

// Row = "|" Cell { "|" Cell } "=>" Expr { "," Expr }
tree::TableRow TableParser::row(const tree::Declaration& table) {
  tree::TableRow row;
  const Lexeme first = at();
  const std::size_t columns = table.by.empty() ? table.params.size() : table.by.size();
  cells(row, columns);
  if (!takeIf(FatArrow) && !advice_.tookInstead(Spot::RowResult) &&
      !advice_.resultWithoutArrow(first)) {
    advice_.lacks(Lack::ResultOfRow, spanFrom(first.begin));
  }
  if (!recovering()) {
    do row.results.push_back(expressions_.inRow());
    while (takeIf(Comma));
  }
  row.span = spanFrom(first.begin);
  if (columns > 0 && row.cells.size() != columns) {
    advice_.cellsAndColumns(first, row.cells.size(), columns, table);
  }
  return row;
}

// "|" Cell { "|" Cell }
void TableParser::cells(tree::TableRow& out, std::size_t columns) {
  while (!recovering() && (is(Bar) || is(Or))) {
    if (is(Or)) advice_.emptyCell();
    take();
    if (is(FatArrow) && out.cells.size() >= columns) {
      advice_.barAfterLastCell();
      break;
    }
    out.cells.push_back(cell());
  }
}

std::vector<tree::Cell> TableParser::cell() {
  std::vector<tree::Cell> tests;
  do tests.push_back(test());
  while (takeIf(Comma));
  return tests;
}

// Test1 = "_" | "if" Expr | [ RelOp ] Expr | Expr ( ".." | "..<" ) Expr
tree::Cell TableParser::test() {
  using Kind = tree::Cell::Kind;
  tree::Cell out;
  if (recovering()) return out;
  const std::uint32_t begin = at().begin;
  if (isWord("_") && !is(Dot, 1)) {
    take();
    out.kind = Kind::Any;
  } else if (is(Bar) || is(FatArrow) || is(Or)) {
    advice_.nothingInCell();
    out.kind = Kind::Any;
  } else if (takeWord("if")) {
    out.kind = Kind::If;
    out.operands.push_back(expressions_.inRow());
  } else if (out.op = relation(); out.op != Operator::None) {
    take();
    out.kind = Kind::Compare;
    out.operands.push_back(expressions_.relationOperand());
  } else {
    out.operands.push_back(expressions_.inRow());
    out.kind = Kind::Equal;
    if (!recovering() && isRange()) {
      out.kind = Kind::Range;
      out.op = is(Range) ? Operator::Inclusive : Operator::Exclusive;
      take();
      out.operands.push_back(expressions_.inRow());
    }
  }
  out.span = spanFrom(begin);
  return out;
}

// RelOp, not yet taken; None when none stands here.
Operator TableParser::relation() {
  if (advice_.instead(Spot::CellRelation)) return Operator::Equal;
  return relationOf(at().kind);
}

}  // namespace reticle
