// Reads decision tables: their clauses, rows and cells.
#include <algorithm>
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
    if (advice_.noHitPolicy()) {
      take();
      if (isWord("order")) take();
    }
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
    defaultResults(out);
  } else {
    advice_.rowWithoutBar();
  }
}

// Several results stand there as in a row, and are the map of them that one may write as well.
void TableParser::defaultResults(tree::Declaration& out) {
  out.otherwise = expressions_.inRow();
  if (recovering() || !is(Comma)) return;
  std::vector<Expr> values{std::move(*out.otherwise)};
  const std::uint32_t begin = values[0].span.begin;
  while (takeIf(Comma)) values.push_back(expressions_.inRow());
  if (recovering()) return;
  Expr all;
  all.kind = ExprKind::Map;
  all.span = spanFrom(begin);
  if (values.size() != std::max<std::size_t>(out.results.size(), 1)) {
    advice_.resultsOfDefault(all.span, values.size(), out);
    all.kind = ExprKind::Poison;
  }
  for (std::size_t i = 0; i < values.size() && i < out.results.size(); ++i) {
    Expr key;
    key.kind = ExprKind::Literal;
    key.value = Value::string(out.results[i].name.text);
    key.span = values[i].span;
    all.args.push_back(std::move(key));
    all.args.push_back(std::move(values[i]));
  }
  if (all.kind == ExprKind::Poison) all.args.clear();
  out.otherwise = std::move(all);
}

// Row = "|" Cell { "|" Cell } "=>" Expr { "," Expr }
tree::TableRow TableParser::row(const tree::Declaration& table) {
  tree::TableRow row;
  const Lexeme first = at();
  std::vector<std::string_view> names;
  for (const tree::Name& name : table.by) names.push_back(name.text);
  for (const tree::Field& param : table.params) {
    if (table.by.empty()) names.push_back(param.name.text);
  }
  const std::size_t columns = names.size();
  cells(row, names);
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
void TableParser::cells(tree::TableRow& out, const std::vector<std::string_view>& columns) {
  while (!recovering() && (is(Bar) || is(Or))) {
    if (is(Or)) advice_.emptyCell();
    take();
    if (is(FatArrow) && out.cells.size() >= columns.size()) {
      advice_.barAfterLastCell();
      break;
    }
    const std::size_t column = out.cells.size();
    out.cells.push_back(cell(column < columns.size() ? columns[column] : std::string_view{}));
  }
}

std::vector<tree::Cell> TableParser::cell(std::string_view column) {
  std::vector<tree::Cell> tests;
  do tests.push_back(test(column));
  while (takeIf(Comma) || advice_.tookOrOfCell());
  return tests;
}

tree::Cell TableParser::test(std::string_view column) {
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
  } else if (advice_.tookCellOfOtherLanguages(column)) {
    out.kind = Kind::Any;
  } else if (out.op = relation(); out.op != Operator::None) {
    comparison(out, column);
  } else if (isBracketedRange()) {
    bracketedRange(out);
  } else {
    // `"a" or "b"`: what is joined are tests, and no values.
    const bool joined = isWord("or", 1);
    out.operands.push_back(joined ? expressions_.relationOperand() : expressions_.inRow());
    out.kind = Kind::Equal;
    if (!recovering() && isRange()) {
      out.kind = Kind::Range;
      out.op = is(Range) ? Operator::Inclusive : Operator::Exclusive;
      take();
      if (advice_.tookRangeWithoutEnd(out.operands[0])) {
        out.kind = Kind::Compare;
        out.op = Operator::GreaterEqual;
      } else {
        out.operands.push_back(expressions_.inRow());
      }
    }
  }
  out.span = spanFrom(begin);
  return out;
}

// RelOp Expr [ "&&" RelOp Expr ]: two bounds, one on either side, are a range.
void TableParser::comparison(tree::Cell& out, std::string_view column) {
  const Lexeme first = take();
  out.kind = tree::Cell::Kind::Compare;
  out.operands.push_back(expressions_.relationOperand());
  if (recovering() || !(is(And) || isWord("and")) || relationOf(at(1).kind) == Operator::None) {
    return;
  }
  if (!is(And)) advice_.andOfCell();
  take();
  const Operator second = relation();
  take();
  out.operands.push_back(expressions_.relationOperand());
  if (recovering()) return;
  const auto lower = [](Operator op) {
    return op == Operator::Greater || op == Operator::GreaterEqual;
  };
  const auto upper = [](Operator op) { return op == Operator::Less || op == Operator::LessEqual; };
  const bool turned = upper(out.op) && lower(second);
  if (!turned && !(lower(out.op) && upper(second))) {
    advice_.boundsOfCell(spanFrom(first.begin), column);
    out.operands.pop_back();
    return;
  }
  const Operator from = turned ? second : out.op, to = turned ? out.op : second;
  if (turned) std::swap(out.operands[0], out.operands[1]);
  out.kind = tree::Cell::Kind::Range;
  out.openStart = from == Operator::Greater;
  out.op = to == Operator::Less ? Operator::Exclusive : Operator::Inclusive;
}

// `..` inside of the bracket that opens here: no list and no expression has one there.
bool TableParser::isBracketedRange() const {
  if (!is(ParenOpen) && !is(BracketOpen)) return false;
  int depth = 0;
  for (std::uint32_t ahead = 0; !is(End, ahead); ++ahead) {
    if (depth == 1 && isRange(ahead)) return true;
    if (opens(at(ahead).kind)) ++depth;
    if (closes(at(ahead).kind) && --depth == 0) return false;
    if (depth == 1 && (is(Bar, ahead) || is(FatArrow, ahead))) return false;
  }
  return false;
}

// "(" Expr ".." Expr ( "]" | ")" ). With `[` in front it is a range like any other, and is to be
// written as such.
void TableParser::bracketedRange(tree::Cell& out) {
  const Lexeme open = take();
  out.kind = tree::Cell::Kind::Range;
  out.openStart = open.kind == ParenOpen;
  out.operands.push_back(expressions_.relationOperand());
  if (recovering()) return;
  const bool less = is(RangeOpen);
  if (!isRange()) return advice_.noRangeInBrackets();
  take();
  out.operands.push_back(expressions_.relationOperand());
  if (recovering()) return;
  if (!is(ParenClose) && !is(BracketClose))
    return advice_.neverClosed(open, out.openStart ? "]" : ")");
  const Lexeme close = take();
  out.op = less || close.kind == ParenClose ? Operator::Exclusive : Operator::Inclusive;
  if (!out.openStart || less) advice_.bracketsOfRange(spanFrom(open.begin), out);
}

// RelOp, not yet taken; None when none stands here.
Operator TableParser::relation() {
  if (advice_.instead(Spot::CellRelation)) return Operator::Equal;
  return relationOf(at().kind);
}

}  // namespace reticle
