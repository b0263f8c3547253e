// What to say about tables: their clauses, rows and cells, and what other tables have in them.
#include <algorithm>

#include "expression/functions.h"
#include "syntax/advice_declarations.h"
#include "syntax/expression_parser.h"

namespace reticle {
namespace {

// A function that gives true or false and can be called behind a point; `only` there.
bool isTest(std::string_view name, bool only) {
  bool found = false;
  for (const Overload& overload : builtins()) {
    if (overload.name != name) continue;
    if (overload.result.kind != TypeKind::Bool || (only && !overload.method)) return false;
    found = found || overload.method;
  }
  return found;
}

}  // namespace

void TableAdvice::noClauseOfTable() const {
  const std::string_view near = nearest(textOf(at()), {"by", "hit", "allow"});
  Complaint c = complain("RL0016", spanOf(at()), "a table has no attribute " + shown(at()));
  if (isAnyWord({"unique", "first", "any", "collect"})) {
    c.fix("write `hit " + std::string(textOf(at())) + "`", before(at()), "hit ");
  } else if (!near.empty()) {
    c.write(spanOf(at()), std::string(near));
  }
}

// The policies of DMN, by name or letter. With priorities the order of the rows decides here.
void TableAdvice::policyOfOtherTables(Complaint& c) const {
  struct Policy {
    std::string_view word, ours, why;
  };
  static constexpr Policy kPolicies[] = {
      {"priority", "first", "write the rows in the order of their priority"},
      {"P", "first", "write the rows in the order of their priority"},
      {"F", "first", ""},
      {"U", "unique", ""},
      {"A", "any", ""},
      {"C", "collect", ""},
      {"rule", "collect", "the results are in the order of the rows"},
      {"R", "collect", "the results are in the order of the rows"},
      {"output", "collect", "sort the results with `sortBy`"},
      {"O", "collect", "sort the results with `sortBy`"}};
  for (const Policy& policy : kPolicies) {
    if (textOf(at()) != policy.word) continue;
    const bool order = isAnyWord({"rule", "output"}) && isWord("order", 1);
    c.write(order ? span(at().begin, at(1).end) : spanOf(at()), std::string(policy.ours));
    if (!policy.why.empty()) c.help(std::string(policy.why));
  }
}

// Returns whether a word stands in the place of the policy and must be taken.
bool TableAdvice::noHitPolicy() const {
  const bool word = is(Word);
  const std::string_view near =
      word ? nearest(textOf(at()), {"unique", "first", "any", "collect"}) : std::string_view{};
  Complaint c = complain(
      "RL0032", spanOf(word ? at() : previous()),
      word ? "there is no hit policy " + shown(at()) : "the hit policy is missing after `hit`");
  if (!near.empty()) {
    c.write(spanOf(at()), std::string(near));
  } else if (word) {
    policyOfOtherTables(c);
  }
  c.help("the policies are `unique`, `first`, `any` and `collect`");
  return word;
}

void TableAdvice::rowAfterDefault(const Span& otherwise) const {
  complain("RL0013", spanOf(at()), "the rows of a table stand in front of its `default`")
      .related(otherwise, "the default");
}

void TableAdvice::rowWithoutBar() const {
  // The row above may have read the first cell of this one.
  std::uint32_t start = lexemes().position();
  while (start > 0 && !lexemes().lexeme(start).lineFirst) --start;
  const Lexeme& begin = lexemes().lexeme(start);
  fail("RL0032", spanOf(begin), "a row of a table begins with `|`")
      .fix("add `|` before " + shown(begin), before(begin), "| ");
}

bool TableAdvice::resultWithoutArrow(const Lexeme& first) const {
  if (recovering() || !operandStarts() || at().lineFirst) return false;
  complain("RL0032", spanFrom(first.begin), "this row has no `=>`")
      .fix("write `=>`", before(at()), "=> ");
  return true;
}

void TableAdvice::cellsAndColumns(const Lexeme& first, std::size_t cells, std::size_t columns,
                                  const tree::Declaration& table) const {
  const bool isForAll = !table.by.empty() && cells == table.params.size();
  complain("RL0032", spanOf(first),
           "this row has " + std::to_string(cells) + (cells == 1 ? " cell" : " cells") +
               ", the table has " + std::to_string(columns) +
               (columns == 1 ? " column" : " columns"))
      .related(table.name.span,
               table.by.empty() ? "one column for each parameter" : "its columns stand behind `by`")
      .help(isForAll ? "without `by` each parameter is a column"
                     : "a cell that matches everything is written `_`");
}

void TableAdvice::emptyCell() const {
  complain("RL0032", spanOf(at()), "a cell is empty")
      .fix("write `_` for a cell that matches everything", spanOf(at()), "| _ |");
}

void TableAdvice::barAfterLastCell() const {
  complain("RL0032", spanOf(previous()), "no `|` stands behind the last cell")
      .fix("remove it", spanOf(previous()), "");
}

void TableAdvice::nothingInCell() const {
  complain("RL0032", spanOf(previous()), "a cell is empty")
      .fix("write `_` for a cell that matches everything", afterLast(), " _");
}

void TableAdvice::resultsOfDefault(const Span& results, std::size_t count,
                                   const tree::Declaration& table) const {
  const std::size_t wanted = std::max<std::size_t>(table.results.size(), 1);
  complain("RL0032", results,
           "this default has " + std::to_string(count) + " results, the table gives " +
               (wanted == 1 ? std::string("one") : std::to_string(wanted)))
      .help("it has the results of a row, in the same order");
}

// Cells

// What is in the cell up to here is told; the rest of it is left out.
void TableAdvice::skipTest() {
  int depth = 0;
  while (!is(End)) {
    if (depth == 0 && (is(Bar) || is(Or) || is(FatArrow) || is(Comma) || is(BraceClose))) return;
    if (opens(at().kind)) ++depth;
    if (closes(at().kind)) --depth;
    take();
  }
}

// From the most certain reading to the least.
bool TableAdvice::tookCellOfOtherLanguages(std::string_view column) {
  if (isRange()) {
    const std::string sign = is(Range) ? "<=" : "<";
    Complaint c = complain("RL0032", spanOf(at()), "this range has no start");
    c.fix("write `" + sign + " " + written(spanOf(at(1))) + "`", span(at().begin, at(1).begin),
          sign + " ");
  } else if (!inOfCell(column) && !functionOfCell(column)) {
    const bool value = is(String, 1) || is(LexemeKind::Int, 1) || is(LexemeKind::Double, 1);
    if (!value || (!is(Not) && !isWord("not"))) return false;
    complain("RL0032", spanOf(at()), "a cell that leaves one value out begins with `!=`")
        .fix("write `!= " + written(spanOf(at(1))) + "`", span(at().begin, at(1).begin), "!= ");
  }
  skipTest();
  return true;
}

// `in [1, 2]`, `in 1..5`, `in LIST`
bool TableAdvice::inOfCell(std::string_view column) const {
  if (!isWord("in") || !operandStarts(1)) return false;
  Complaint c = complain("RL0032", spanOf(at()), "a cell lists its values without `in`");
  const std::uint32_t open = lexemes().position() + 1;
  const std::uint32_t close = is(BracketOpen, 1) ? lexemes().closing(open) : 0;
  if (close > open + 1) {
    const Lexeme &first = lexemes().lexeme(open + 1), &last = lexemes().lexeme(close - 1);
    c.fix("write `" + written(span(first.begin, last.end)) + "`",
          {{span(at().begin, first.begin), ""}, {span(last.end, lexemes().lexeme(close).end), ""}});
  } else if (isRange(2)) {
    c.fix("remove `in`", span(at().begin, at(1).begin), "");
  } else if (!column.empty()) {
    c.fix("write `if " + std::string(column) + " in …`", before(at()),
          "if " + std::string(column) + " ");
  }
  return true;
}

// `.startsWith("x")`, `startsWith("x")`, `matches "x"`
bool TableAdvice::functionOfCell(std::string_view column) const {
  const std::uint32_t name = is(Dot) ? 1 : 0;
  if (!is(Word, name)) return false;
  const bool text = name == 0 && is(String, 1);
  if (!text && !is(ParenOpen, name + 1)) return false;
  const std::string function(textOf(at(name)));
  if (name == 0 && !isTest(function, !text)) return false;
  Complaint c =
      complain("RL0032", spanOf(at(name)), "a cell asks a function of its column behind `if`");
  if (column.empty()) return true;
  const std::string head = "if " + std::string(column) + "." + function;
  if (text) {
    const std::string call = head + "(" + written(spanOf(at(1))) + ")";
    c.write(span(at().begin, at(1).end), call);
  } else {
    c.fix("write `" + head + "(…)`", span(at().begin, at(name).end), head);
  }
  return true;
}

// Only where a further test begins: what else stands there is said by others.
bool TableAdvice::tookOrOfCell() {
  if (recovering()) return false;
  const bool further = relationOf(at(1).kind) != Operator::None || is(String, 1) ||
                       is(LexemeKind::Int, 1) || is(LexemeKind::Double, 1);
  if (!further || !(isWord("or") || (is(Or) && relationOf(at(1).kind) != Operator::None))) {
    return false;
  }
  complain("RL0032", spanOf(at()), "the tests of a cell are alternatives, with `,` between them")
      .fix("write `,`", span(previous().end, at().end), ",");
  take();
  return true;
}

void TableAdvice::andOfCell() const {
  complain("RL0005", spanOf(at()), "`and` is written `&&`").write(spanOf(at()), "&&");
}

void TableAdvice::boundsOfCell(const Span& tests, std::string_view column) const {
  Complaint c = complain("RL0032", tests, "in a cell `&&` joins a lower bound with an upper one");
  const std::string name(column.empty() ? "x" : column);
  c.help("write `if` and the whole condition: `if " + name + " > 3 && " + name + " != 5`");
}

bool TableAdvice::tookRangeWithoutEnd(const Expr& first) {
  if (recovering() || (!is(Bar) && !is(FatArrow) && !is(Comma))) return false;
  const std::string from = written(first.span);
  complain("RL0032", spanOf(previous()), "this range has no end")
      .fix("write `>= " + from + "`", {{span(first.span.begin, first.span.begin), ">= "},
                                       {span(first.span.end, previous().end), ""}});
  return true;
}

void TableAdvice::noRangeInBrackets() const {
  fail("RL0032", spanOf(at()), "in brackets stands a range: `(30..60]`");
}

void TableAdvice::bracketsOfRange(const Span& written, const tree::Cell& range) const {
  const bool open = range.op == Operator::Exclusive;
  const std::string from = this->written(range.operands[0].span),
                    to = this->written(range.operands[1].span);
  const std::string text = range.openStart ? "(" + from + ".." + to + (open ? ")" : "]")
                                           : from + (open ? "..<" : "..") + to;
  complain("RL0029", written, "a range with its start in it stands without brackets")
      .write(written, text);
}

}  // namespace reticle
