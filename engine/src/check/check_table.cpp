// Decision tables: functions, lowered to nested conditions in the order of the rows.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"

namespace reticle::model {
namespace {

Expr truth(bool value, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = Value::boolean(value);
  e.type = Type::of(TypeKind::Bool);
  e.span = span;
  return e;
}

}  // namespace

Expr binary(Operator op, Expr left, Expr right) {
  Expr e;
  e.kind = ExprKind::Binary;
  e.op = op;
  e.span = right.span;
  e.args.push_back(std::move(left));
  e.args.push_back(std::move(right));
  return e;
}

std::vector<Expr> Checker::tableSubjects(const tree::Declaration& table, Scope& s) {
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
      Diagnostic& d = error("RL5008", name.span,
                            quoted(table.name.text) + " has no parameter " + quoted(name.text));
      suggest(d, name.span, name.text, params);
      subject.kind = ExprKind::Poison;
    }
    check(subject, s);
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

// What a cell matches, as far as its tests compare the column with what is known.
void Checker::noteCell(const std::vector<tree::Cell>& cell, const Expr& subject,
                       const Expr* lowered, Table& table) {
  Table::Cell& noted = table.rows.back().cells.emplace_back();
  noted.span = {cell.front().span.file, cell.front().span.begin, cell.back().span.end};
  noted.values = ValueSet::all(subject.type);
  if (!lowered) return;
  ValueSet some(lineOf(subject.type));
  const Expr* rest = lowered;
  for (std::size_t i = cell.size(); i-- > 0;) {
    const Expr* test = i > 0 ? &rest->args[1] : rest;
    if (i > 0) rest = &rest->args[0];
    const std::optional<ValueSet> values =
        cell[i].kind == tree::Cell::Kind::Any ? ValueSet::all(subject.type)
        : cell[i].kind == tree::Cell::Kind::If
            ? ValueSet::satisfying(subject.type, subject.ref, *test)
            : ValueSet::where(subject.type, *test);
    if (!values) {
      noted.certain = false;
      return;
    }
    some = some.united(*values);
  }
  noted.values = std::move(some);
}

void Checker::checkTable(std::uint32_t index) {
  const tree::Declaration& table = *functions_[index].symbol.declaration;
  const std::size_t errorsBefore = errors_;
  const bool collect = table.hit.starts_with("collect");
  Scope s;
  s.place = Scope::Place::Function;
  bindParams(table.params, functions_[index].params, s, true);
  const std::vector<Expr> subjects = tableSubjects(table, s);
  // What one row gives.
  const Type type =
      collect ? collectedRow(table, functions_[index].result) : functions_[index].result;
  if (isPoison(type)) {
    functions_[index].result = type;
  } else if (table.hit == "collect" && type.kind == TypeKind::Row) {
    functions_[index].result = listOf(type);
  }
  const Type result = functions_[index].result;
  // No row: an error value, which no condition takes for true.
  Expr body;
  body.kind = ExprKind::Literal;
  body.span = table.name.span;
  body.value = Value::error("RL9003", "no row of the table `" + table.name.text + "` matches");
  body.type = type;
  // One result may stand without its name.
  if (table.otherwise && table.results.size() == 1 && table.otherwise->kind != ExprKind::Map &&
      !collect) {
    tree::TableRow otherwise;
    otherwise.results.push_back(*table.otherwise);
    otherwise.span = table.otherwise->span;
    body = rowResult(table, otherwise, type, s);
  } else if (table.otherwise) {
    body = tableDefault(table, result, s);
  }
  Table noted;
  noted.name = table.name.text;
  noted.nameSpan = table.name.span;
  noted.hit = table.hit == "first"    ? Table::Hit::First
              : table.hit == "any"    ? Table::Hit::Any
              : table.hit == "unique" ? Table::Hit::Unique
                                      : Table::Hit::Collect;
  noted.hasDefault = table.otherwise.has_value();
  for (const Expr& subject : subjects) noted.columns.push_back({subject.text, subject.type});
  std::vector<Expr> tests, results;
  for (const tree::TableRow& row : table.rows) {
    if (row.cells.size() != subjects.size()) {
      Diagnostic& d = error("RL5009", row.span,
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
      continue;
    }
    Expr test = truth(true, row.span);
    bool always = true;
    const std::size_t known = s.known.size();
    noted.rows.push_back({{}, row.span});
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool any =
          std::all_of(row.cells[i].begin(), row.cells[i].end(),
                      [](const tree::Cell& c) { return c.kind == tree::Cell::Kind::Any; });
      if (any) {
        noteCell(row.cells[i], subjects[i], nullptr, noted);
        continue;
      }
      Expr cell = lowerCell(row.cells[i], subjects[i], s);
      if (errors_ == errorsBefore) noteCell(row.cells[i], subjects[i], &cell, noted);
      assume(cell, true, s);
      if (always) {
        test = std::move(cell);
      } else {
        test = binary(Operator::And, std::move(test), std::move(cell));
        test.type = Type::of(TypeKind::Bool);
      }
      always = false;
    }
    tests.push_back(std::move(test));
    results.push_back(rowResult(table, row, type, s));
    s.known.resize(known);
  }
  if (errors_ == errorsBefore && !wasUnread(table.span)) {
    program_.tables.push_back(std::move(noted));
    tableTrees_.push_back(&table);
  }
  if (collect) {
    std::optional<Expr> none;
    if (table.otherwise) none = std::move(body);
    program_.functions[index].body = collectRows(table, type, result, tests, results, none);
    return;
  }
  // From the last row to the first, each one the condition around what follows.
  for (std::size_t i = tests.size(); i-- > 0;) {
    Expr row;
    row.kind = ExprKind::Ternary;
    row.span = results[i].span;
    row.type = type;
    row.args.push_back(std::move(tests[i]));
    row.args.push_back(std::move(results[i]));
    row.args.push_back(std::move(body));
    body = std::move(row);
  }
  program_.functions[index].body = std::move(body);
}

// What a table gives when no row matches: a value of its result, or a map with all of several
// results.
Expr Checker::tableDefault(const tree::Declaration& table, const Type& type, Scope& s) {
  Expr value = *table.otherwise;
  check(value, s);
  const std::string who = "the result of " + quoted(table.name.text);
  if (type.kind != TypeKind::Row || isPoison(value.type)) {
    coerce(value, type, {who, table.result ? table.result->span : Span{}}, s);
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
      coerce(value.args[i + 1], member->type, {quoted(key) + " of " + quoted(table.name.text), {}},
             s);
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
    Diagnostic& d = error("RL5009", value.span,
                          quoted(table.name.text) + " gives " +
                              std::to_string(type.members.size()) + " results, by name");
    d.help.push_back("write `default => {" + text + "}`");
    break;
  }
  value.type = type;
  return value;
}

// The tests of one cell, any of which may hold.
Expr Checker::lowerCell(const std::vector<tree::Cell>& cell, const Expr& subject, Scope& s) {
  std::optional<Expr> all;
  for (const tree::Cell& test : cell) {
    Expr one;
    const bool ordering = test.kind == tree::Cell::Kind::Range ||
                          (test.kind == tree::Cell::Kind::Compare && test.op != Operator::Equal &&
                           test.op != Operator::NotEqual);
    if (ordering && subject.type.optional && !isAny(subject.type)) {
      Diagnostic& d = error("RL2007", test.span, quoted(subject.text) + " may be null in this row");
      d.related.push_back({subject.span, "declared " + quoted(toText(subject.type))});
      d.help.push_back("declare it " + quoted(toText(subject.type.required())) +
                       ", and let the caller say what stands for null: " + quoted("x ?? …"));
      continue;
    }
    switch (test.kind) {
      case tree::Cell::Kind::Any: one = truth(true, test.span); break;
      case tree::Cell::Kind::If: one = test.operands.empty() ? Expr{} : test.operands[0]; break;
      case tree::Cell::Kind::Compare:
        one = binary(test.op, subject, test.operands.empty() ? Expr{} : test.operands[0]);
        break;
      case tree::Cell::Kind::Equal:
        one = binary(Operator::Equal, subject, test.operands.empty() ? Expr{} : test.operands[0]);
        break;
      case tree::Cell::Kind::Range: {
        Expr range;
        range.kind = ExprKind::Range;
        range.op = test.op;
        range.span = test.span;
        range.args = test.operands;
        if (range.args.size() == 2) one = binary(Operator::In, subject, std::move(range));
        break;
      }
    }
    check(one, s);
    requireBool(one, s, "the cell");
    all = all ? binary(Operator::Or, std::move(*all), std::move(one)) : std::move(one);
    all->type = Type::of(TypeKind::Bool);
  }
  return all ? std::move(*all) : truth(true, subject.span);
}

Expr Checker::rowResult(const tree::Declaration& table, const tree::TableRow& row, const Type& type,
                        Scope& s) {
  const std::string who = "the result of " + quoted(table.name.text);
  if (table.results.empty()) {
    Expr value = row.results.empty() ? Expr{} : row.results[0];
    check(value, s);
    // Of a table that collects, a row does not give what the table is declared to give.
    if (table.hit.starts_with("collect")) {
      coerce(value, type, {"a row of " + quoted(table.name.text), {}}, s);
    } else {
      coerce(value, type, {who, table.result ? table.result->span : Span{}}, s);
    }
    if (row.results.size() > 1) {
      error("RL5009", row.results[1].span, quoted(table.name.text) + " gives one result");
    }
    return value;
  }
  Expr map;
  map.kind = ExprKind::Map;
  map.span = row.span;
  map.type = type;
  if (row.results.size() != table.results.size()) {
    error("RL5009", row.span,
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
    check(value, s);
    if (i < type.members.size()) {
      coerce(value, type.members[i].type,
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
