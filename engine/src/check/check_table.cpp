// Decision tables: rows become conditions, one around the other.
#include <algorithm>

#include "check/expression_checker.h"
#include "check/shapes.h"
#include "check/table_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// A cell that matches everything.
Expr truth(bool value, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = Value::boolean(value);
  e.type = Type::of(TypeKind::Bool);
  e.span = span;
  return e;
}

// The table as boxes of values, before its rows are known.
Table notedTable(const tree::Declaration& table, const std::vector<Expr>& subjects) {
  Table noted;
  noted.name = table.name.text;
  noted.nameSpan = table.name.span;
  noted.hit = table.hit == "first"    ? Table::Hit::First
              : table.hit == "any"    ? Table::Hit::Any
              : table.hit == "unique" ? Table::Hit::Unique
                                      : Table::Hit::Collect;
  noted.hasDefault = table.otherwise.has_value();
  for (const Expr& subject : subjects) noted.columns.push_back({subject.text, subject.type});
  return noted;
}

}  // namespace

// The parameters that the columns compare: those after `by`, else all.
std::vector<Expr> TableChecker::tableSubjects(const tree::Declaration& table, Scope& s) {
  std::vector<std::string> params;
  for (const tree::Field& param : table.params) params.push_back(param.name.text);
  std::vector<tree::Name> names = table.by;
  if (names.empty()) {
    for (const tree::Field& param : table.params) names.push_back(param.name);
  }
  std::vector<Expr> subjects;
  for (const tree::Name& name : names) {
    Expr subject;
    subject.kind = ExprKind::Name;
    subject.text = name.text;
    subject.span = subject.nameSpan = name.span;
    if (std::find(params.begin(), params.end(), name.text) == params.end()) {
      Diagnostic& d = report_.error(
          "RL5008", name.span, quoted(table.name.text) + " has no parameter " + quoted(name.text));
      suggest(d, name.span, name.text, params);
      subject.kind = ExprKind::Poison;
    }
    expressions_.check(subject, s);
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

// A table is a function: its body is one conditional expression, which the compiler and the network
// treat as any other. The cells are kept beside it as sets of values, for the analysis and for
// editors.
Expr TableChecker::checkTable(const tree::Declaration& table, const tree::Module* from,
                              const std::vector<Param>& params, Type& result) {
  const std::size_t errorsBefore = report_.errors();
  const bool collect = table.hit.starts_with("collect");
  Scope s = Scope::in(Scope::Place::Function, from);
  bindings_.bindParams(table.params, params, s, true);
  const std::vector<Expr> subjects = tableSubjects(table, s);
  const Type type = collect ? collectedRow(table, result) : result;  // what one row gives
  if (isPoison(type)) {
    result = type;
  } else if (table.hit == "collect" && type.kind == TypeKind::Row) {
    result = listOf(type);
  }
  Expr body = whenNothingMatches(table, type, result, s);
  Table noted = notedTable(table, subjects);
  Rows rows;
  for (const tree::TableRow& row : table.rows) {
    if (!isOfWidth(table, row, subjects)) continue;
    const std::size_t known = s.known.size();
    rows.tests.push_back(lowerRow(table, row, subjects, noted, errorsBefore, s));
    rows.results.push_back(rowResult(table, row, type, s));
    s.known.resize(known);
  }
  // A table with a mistake in it has gaps and overlaps that are not its author's.
  if (report_.errors() == errorsBefore && !report_.wasUnread(table.span)) {
    program_.tables.push_back(std::move(noted));
    trees_.push_back(&table);
  }
  if (collect) {
    std::optional<Expr> none;
    if (table.otherwise) none = std::move(body);
    return collectRows(table, type, result, rows, none);
  }
  // From the last row to the first, each one the condition around what follows.
  for (std::size_t i = rows.tests.size(); i-- > 0;) {
    Expr row;
    row.kind = ExprKind::Ternary;
    row.span = rows.results[i].span;
    row.type = type;
    row.args.push_back(std::move(rows.tests[i]));
    row.args.push_back(std::move(rows.results[i]));
    row.args.push_back(std::move(body));
    body = std::move(row);
  }
  return body;
}

// The default; without one an error value, which no condition takes for true.
Expr TableChecker::whenNothingMatches(const tree::Declaration& table, const Type& type,
                                      const Type& result, Scope& s) {
  if (!table.otherwise) {
    Expr none;
    none.kind = ExprKind::Literal;
    none.span = table.name.span;
    none.value = Value::error("RL9003", "no row of the table `" + table.name.text + "` matches");
    none.type = type;
    return none;
  }
  // One result may stand without its name.
  if (table.results.size() == 1 && table.otherwise->kind != ExprKind::Map &&
      !table.hit.starts_with("collect")) {
    tree::TableRow otherwise;
    otherwise.results.push_back(*table.otherwise);
    otherwise.span = table.otherwise->span;
    return rowResult(table, otherwise, type, s);
  }
  return tableDefault(table, result, s);
}

// A row that is too short or too long is left out; the others are read.
bool TableChecker::isOfWidth(const tree::Declaration& table, const tree::TableRow& row,
                             const std::vector<Expr>& subjects) {
  if (row.cells.size() == subjects.size()) return true;
  Diagnostic& d = report_.error("RL5009", row.span,
                                "this row has " + std::to_string(row.cells.size()) +
                                    " cells; the table has " + std::to_string(subjects.size()) +
                                    (subjects.size() == 1 ? " column" : " columns"));
  std::vector<std::string> names;
  for (const Expr& subject : subjects) names.push_back(subject.text);
  d.notes.push_back("the columns are " + listed(names));
  if (table.by.empty()) {
    d.help.push_back("to have fewer columns name them: " +
                     quoted("by " + (names.empty() ? "x" : names[0])));
  }
  return false;
}

// All cells of a row; those that match everything ask for nothing.
Expr TableChecker::lowerRow(const tree::Declaration& table, const tree::TableRow& row,
                            const std::vector<Expr>& subjects, Table& noted,
                            std::size_t errorsBefore, Scope& s) {
  Expr test = truth(true, row.span);
  bool always = true;
  noted.rows.push_back({{}, row.span});
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const bool any = std::all_of(row.cells[i].begin(), row.cells[i].end(), [](const tree::Cell& c) {
      return c.kind == tree::Cell::Kind::Any;
    });
    if (any) {
      noteCell(row.cells[i], subjects[i], nullptr, noted);
      continue;
    }
    Expr cell = lowerCell(row.cells[i], subjects[i], s);
    if (report_.errors() == errorsBefore) {
      noteCell(row.cells[i], subjects[i], &cell, noted);
      warnFullCell(table, row.cells[i], subjects[i], noted.rows.back().cells.back());
    }
    assume(cell, true, s);
    if (always) {
      test = std::move(cell);
    } else {
      test = binary(Operator::And, std::move(test), std::move(cell));
      test.type = Type::of(TypeKind::Bool);
    }
    always = false;
  }
  return test;
}

// What a table gives when no row matches: a value of its result, or a map with all of several
// results.
Expr TableChecker::tableDefault(const tree::Declaration& table, const Type& type, Scope& s) {
  Expr value = *table.otherwise;
  expressions_.check(value, s);
  const std::string who = "the result of " + quoted(table.name.text);
  if (type.kind != TypeKind::Row || isPoison(value.type)) {
    fit_.coerce(value, type, {who, table.result ? table.result->span : Span{}}, s);
    return value;
  }
  std::vector<std::string> given;
  for (std::size_t i = 0; value.kind == ExprKind::Map && i + 1 < value.args.size(); i += 2) {
    const std::string key = value.args[i].value.kind() == ValueKind::String
                                ? std::string(value.args[i].value.asString())
                                : "";
    given.push_back(key);
    const auto member = std::find_if(type.members.begin(), type.members.end(),
                                     [&](const Member& m) { return m.name == key; });
    if (member != type.members.end()) {
      fit_.coerce(value.args[i + 1], member->type,
                  {quoted(key) + " of " + quoted(table.name.text), {}}, s);
    }
  }
  for (const Member& member : type.members) {
    if (std::find(given.begin(), given.end(), member.name) != given.end() &&
        given.size() == type.members.size()) {
      continue;
    }
    std::string text;
    for (const Member& each : type.members) {
      text += (text.empty() ? "" : ", ") + toText(Value::string(each.name)) + ": …";
    }
    Diagnostic& d = report_.error("RL5009", value.span,
                                  quoted(table.name.text) + " gives " +
                                      std::to_string(type.members.size()) + " results, by name");
    d.help.push_back("write `default => {" + text + "}`");
    break;
  }
  value.type = type;
  return value;
}

// Of several results a map by their names.
Expr TableChecker::rowResult(const tree::Declaration& table, const tree::TableRow& row,
                             const Type& type, Scope& s) {
  const std::string who = "the result of " + quoted(table.name.text);
  if (table.results.empty()) {
    Expr value = row.results.empty() ? Expr{} : row.results[0];
    expressions_.check(value, s);
    // Of a table that collects, a row does not give what the table is declared to give.
    if (table.hit.starts_with("collect")) {
      fit_.coerce(value, type, {"a row of " + quoted(table.name.text), {}}, s);
    } else {
      fit_.coerce(value, type, {who, table.result ? table.result->span : Span{}}, s);
    }
    if (row.results.size() > 1) {
      report_.error("RL5009", row.results[1].span, quoted(table.name.text) + " gives one result");
    }
    return value;
  }
  Expr map;
  map.kind = ExprKind::Map;
  map.span = row.span;
  map.type = type;
  if (row.results.size() != table.results.size()) {
    report_.error("RL5009", row.span,
                  quoted(table.name.text) + " gives " + std::to_string(table.results.size()) +
                      " results; here stand " + std::to_string(row.results.size()));
  }
  for (std::size_t i = 0; i < row.results.size() && i < table.results.size(); ++i) {
    Expr key;
    key.kind = ExprKind::Literal;
    key.span = row.results[i].span;
    key.value = Value::string(table.results[i].name.text);
    key.type = Type::of(TypeKind::String);
    Expr value = row.results[i];
    expressions_.check(value, s);
    if (i < type.members.size()) {
      fit_.coerce(value, type.members[i].type,
                  {quoted(table.results[i].name.text) + " of " + quoted(table.name.text),
                   table.results[i].type.span},
                  s);
    }
    map.args.push_back(std::move(key));
    map.args.push_back(std::move(value));
  }
  return map;
}

}  // namespace reticle::model
