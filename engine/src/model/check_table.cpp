// Decision tables: functions, lowered to nested conditions in the order of the rows.
#include <algorithm>

#include "model/checker.h"
#include "model/suggest.h"

namespace reticle::model {
namespace {

Expr binary(Operator op, Expr left, Expr right) {
  Expr e;
  e.kind = ExprKind::Binary;
  e.op = op;
  e.span = right.span;
  e.args.push_back(std::move(left));
  e.args.push_back(std::move(right));
  return e;
}

Expr truth(bool value, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = Value::boolean(value);
  e.type = Type::of(TypeKind::Bool);
  e.span = span;
  return e;
}

Expr literal(Value value, Type type, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = std::move(value);
  e.type = std::move(type);
  e.span = span;
  return e;
}

Expr ternary(Expr test, Expr yes, Expr no, Type type) {
  Expr e;
  e.kind = ExprKind::Ternary;
  e.span = yes.span;
  e.type = std::move(type);
  e.args.push_back(std::move(test));
  e.args.push_back(std::move(yes));
  e.args.push_back(std::move(no));
  return e;
}

Expr variable(const std::string& name, Type type, Span span) {
  Expr e;
  e.kind = ExprKind::Name;
  e.text = name;
  e.type = std::move(type);
  e.span = e.nameSpan = span;
  return e;
}

// The value of `body` in which `name` stands for `value`.
Expr bound(const std::string& name, Expr value, Expr body) {
  Expr e;
  e.kind = ExprKind::Macro;
  e.text = "bind";
  e.span = body.span;
  e.type = body.type;
  e.names.push_back(name);
  e.nameSpans.push_back(body.span);
  e.args.push_back(std::move(value));
  e.args.push_back(std::move(body));
  return e;
}

Expr logical(Operator op, Expr left, Expr right) {
  Expr e = binary(op, std::move(left), std::move(right));
  e.type = Type::of(TypeKind::Bool);
  return e;
}

// What a sum begins with.
Value zeroOf(const Type& type) {
  return type.kind == TypeKind::Double ? Value::real(0) : type.kind == TypeKind::Duration ? Value::span(0) : Value::integer(0);
}

// The sum, the least or the greatest of the results of the rows whose test holds.
Expr aggregated(const std::string& hit, const Type& type, const std::vector<Expr>& tests, const std::vector<Expr>& results, Span span) {
  if (hit == "collect sum" || hit == "collect count") {
    const bool counts = hit == "collect count";
    const Type of = counts ? Type::of(TypeKind::Int) : type;
    std::optional<Expr> sum;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      Expr one = ternary(tests[i], counts ? literal(Value::integer(1), of, results[i].span) : results[i], literal(zeroOf(of), of, results[i].span), of);
      if (!sum) {
        sum = std::move(one);
        continue;
      }
      sum = binary(Operator::Add, std::move(*sum), std::move(one));
      sum->type = of;
    }
    return sum ? std::move(*sum) : literal(zeroOf(of), of, span);
  }
  // From the last row to the first: `best` is the result so far, `own` that of the row.
  const Type best = type.asOptional();
  const Operator closer = hit == "collect min" ? Operator::Less : Operator::Greater;
  Expr body = variable("best", best, span);
  for (std::size_t i = tests.size(); i-- > 0;) {
    const Span at = results[i].span;
    Expr better = binary(closer, variable("own", type, at), variable("best", best, at));
    better.type = Type::of(TypeKind::Bool);
    Expr first = logical(Operator::Equal, variable("best", best, at), literal(Value{}, Type::of(TypeKind::Null), at));
    Expr choice = ternary(logical(Operator::Or, std::move(first), std::move(better)), variable("own", type, at), variable("best", best, at), best);
    Expr next = ternary(tests[i], bound("own", results[i], std::move(choice)), variable("best", best, at), best);
    body = bound("best", std::move(next), std::move(body));
  }
  return bound("best", literal(Value{}, Type::of(TypeKind::Null), span), std::move(body));
}

// `all` when some row matches.
Expr orElse(const std::vector<Expr>& tests, Expr all, Expr none) {
  std::optional<Expr> some;
  for (const Expr& test : tests) some = some ? logical(Operator::Or, std::move(*some), test) : test;
  if (!some) return none;
  const Type type = all.type;
  return ternary(std::move(*some), std::move(all), std::move(none), type);
}

// The cells of a row as one text: equal texts are equal rows.
std::string cellsText(const tree::TableRow& row) {
  std::string text;
  for (const std::vector<tree::Cell>& cell : row.cells) {
    std::vector<std::string> tests;
    for (const tree::Cell& test : cell) {
      std::string one = std::to_string(static_cast<int>(test.kind)) + "." + std::to_string(static_cast<int>(test.op));
      for (const Expr& operand : test.operands) one += " " + toText(operand);
      tests.push_back(std::move(one));
    }
    std::sort(tests.begin(), tests.end());
    text += "|" + listed(tests);
  }
  return text;
}

}  // namespace

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
      Diagnostic& d = error("RL5006", name.span, quoted(table.name.text) + " has no parameter " + quoted(name.text));
      suggest(d, name.span, name.text, params);
      subject.kind = ExprKind::Poison;
    }
    check(subject, s);
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

void Checker::compareRows(const tree::Declaration& table) {
  if (table.hit.starts_with("collect")) return;   // all rows that match count
  std::vector<std::string> texts;
  for (const tree::TableRow& row : table.rows) {
    texts.push_back(cellsText(row));
    const std::size_t at = texts.size() - 1;
    const std::size_t first = static_cast<std::size_t>(std::find(texts.begin(), texts.end(), texts.back()) - texts.begin());
    if (first == at) continue;
    const std::string both = "rows " + std::to_string(first + 1) + " and " + std::to_string(at + 1);
    const auto same = [](const tree::TableRow& a, const tree::TableRow& b) {
      return std::equal(a.results.begin(), a.results.end(), b.results.begin(), b.results.end(),
                        [](const Expr& x, const Expr& y) { return toText(x) == toText(y); });
    };
    if (table.hit == "any" && same(table.rows[first], row)) continue;
    Diagnostic& d = table.hit == "first" ? warn("RL5003", row.span, "row " + std::to_string(at + 1) + " is never reached: row " + std::to_string(first + 1) + " has the same cells")
                    : table.hit == "any" ? error("RL5002", row.span, both + " match the same values and give different results")
                                         : error("RL5002", row.span, both + " match the same values");
    d.related.push_back({table.rows[first].span, "the same cells"});
    if (table.hit == "unique") d.notes.push_back("under `hit unique` at most one row may match");
  }
}

void Checker::checkTable(std::uint32_t index) {
  const tree::Declaration& table = *functions_[index].symbol.declaration;
  const bool collect = table.hit.starts_with("collect");
  Scope s;
  s.place = Scope::Place::Function;
  bindParams(table.params, functions_[index].params, s, true);
  const std::vector<Expr> subjects = tableSubjects(table, s);
  // What one row gives.
  const Type type = collect ? collectedRow(table, functions_[index].result) : functions_[index].result;
  if (isPoison(type)) functions_[index].result = type;
  else if (table.hit == "collect" && type.kind == TypeKind::Row) functions_[index].result = listOf(type);
  const Type result = functions_[index].result;
  // No row: an error value, which no condition takes for true.
  Expr body;
  body.kind = ExprKind::Literal;
  body.span = table.name.span;
  body.value = Value::error("RL9003", "no row of the table `" + table.name.text + "` matches");
  body.type = type;
  // One result may stand without its name.
  if (table.otherwise && table.results.size() == 1 && table.otherwise->kind != ExprKind::Map && !collect) {
    tree::TableRow otherwise;
    otherwise.results.push_back(*table.otherwise);
    otherwise.span = table.otherwise->span;
    body = rowResult(table, otherwise, type, s);
  } else if (table.otherwise) {
    body = tableDefault(table, result, s);
  }
  std::vector<Expr> tests, results;
  for (const tree::TableRow& row : table.rows) {
    if (row.cells.size() != subjects.size()) {
      Diagnostic& d = error("RL5004", row.span, "this row has " + std::to_string(row.cells.size()) + " cells; the table has " + std::to_string(subjects.size()) + (subjects.size() == 1 ? " column" : " columns"));
      std::vector<std::string> names;
      for (const Expr& subject : subjects) names.push_back(subject.text);
      d.notes.push_back("the columns are " + listed(names));
      if (table.by.empty()) d.help.push_back("to have fewer columns name them: " + quoted("by " + (names.empty() ? "x" : names[0])));
      continue;
    }
    Expr test = truth(true, row.span);
    bool always = true;
    const std::size_t known = s.known.size();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool any = std::all_of(row.cells[i].begin(), row.cells[i].end(), [](const tree::Cell& c) { return c.kind == tree::Cell::Kind::Any; });
      if (any) continue;
      Expr cell = lowerCell(row.cells[i], subjects[i], s);
      assume(cell, true, s);
      if (always) test = std::move(cell);
      else {
        test = binary(Operator::And, std::move(test), std::move(cell));
        test.type = Type::of(TypeKind::Bool);
      }
      always = false;
    }
    tests.push_back(std::move(test));
    results.push_back(rowResult(table, row, type, s));
    s.known.resize(known);
  }
  compareRows(table);
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

// What one row of a table of `hit collect …` gives, when the table as a whole gives what it is declared to give. Poison after a mistake.
Type Checker::collectedRow(const tree::Declaration& table, const Type& declared) {
  const Type poison = Type::of(TypeKind::Poison), any = Type::of(TypeKind::Any);
  if (isAny(declared)) return declared;
  const std::string &hit = table.hit, who = quoted("hit " + hit);
  const bool several = declared.kind == TypeKind::Row;
  const Span whole = table.result ? table.result->span : table.name.span;
  const auto instead = [&](const std::string& gives, const Type& type) {
    Diagnostic& d = error("RL5007", whole, who + " gives " + gives + ", and " + quoted(table.name.text) + " is declared to give " + (several ? std::string("several results") : quoted(toText(declared))));
    if (!several) d.fixes.push_back(replaceWith(whole, toText(declared), toText(type)));
    return poison;
  };
  if (hit == "collect count") return several || declared.kind != TypeKind::Int || declared.optional ? instead("a number", Type::of(TypeKind::Int)) : any;
  if (hit == "collect") {
    if (several) return declared;
    return declared.kind == TypeKind::List ? declared.arguments[0] : instead("the list of all results", listOf(declared));
  }
  const bool sum = hit == "collect sum";
  // Of one declared result, that of a row.
  const auto ofRow = [&](const Type& type, Span span, const std::string& name) {
    if (isAny(type)) return type;
    const bool ordered = type.kind == TypeKind::String || type.kind == TypeKind::Timestamp;
    if (!isNumber(type) && type.kind != TypeKind::Duration && (sum || !ordered)) {
      Diagnostic& d = error("RL5007", span, who + " needs " + (sum ? "numbers" : "values with an order") + ", and " + quoted(name) + " is " + quoted(toText(type)));
      d.label = toText(type);
      d.help.push_back("to have all results as a list write `hit collect`");
      return poison;
    }
    if (!sum && !type.optional && !table.otherwise) {
      Diagnostic& d = error("RL5007", span, quoted(name) + " is null when no row matches");
      d.label = "of nothing there is no " + std::string(hit == "collect min" ? "least" : "greatest");
      d.fixes.push_back(replaceWith(span, toText(type), toText(type.asOptional())));
      d.help.push_back("or say what it is then: `default => …`");
      return poison;
    }
    return type.required();
  };
  if (!several) return ofRow(declared, whole, table.name.text);
  Type row = declared;
  for (std::size_t i = 0; i < row.members.size() && i < table.results.size(); ++i) {
    row.members[i].type = ofRow(row.members[i].type, table.results[i].type.span, row.members[i].name);
    if (isPoison(row.members[i].type)) return poison;
  }
  return row;
}

// What a table gives when no row matches: a value of its result, or a map with all of several results.
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
    const std::string key = value.args[i].value.kind() == ValueKind::String ? std::string(value.args[i].value.asString()) : "";
    given.push_back(key);
    const auto member = std::find_if(type.members.begin(), type.members.end(), [&](const Member& m) { return m.name == key; });
    if (member != type.members.end()) coerce(value.args[i + 1], member->type, {quoted(key) + " of " + quoted(table.name.text), {}}, s);
  }
  for (const Member& member : type.members) {
    if (std::find(given.begin(), given.end(), member.name) != given.end() && given.size() == type.members.size()) continue;
    std::string text;
    for (const Member& each : type.members) text += (text.empty() ? "" : ", ") + toText(Value::string(each.name)) + ": …";
    Diagnostic& d = error("RL5004", value.span, quoted(table.name.text) + " gives " + std::to_string(type.members.size()) + " results, by name");
    d.help.push_back("write `default => {" + text + "}`");
    break;
  }
  value.type = type;
  return value;
}

// `type` is that of a row, `result` that of the table.
Expr Checker::collectRows(const tree::Declaration& table, const Type& type, const Type& result, const std::vector<Expr>& tests, const std::vector<Expr>& results, const std::optional<Expr>& none) {
  const Span span = table.name.span;
  Expr all;
  if (table.hit == "collect") {
    const Type list = isAny(result) ? listOf(type) : result;
    const auto listed = [&](std::vector<Expr> items) {
      Expr e;
      e.kind = ExprKind::List;
      e.span = span;
      e.type = list;
      e.args = std::move(items);
      return e;
    };
    all = listed({});
    for (std::size_t i = 0; i < tests.size(); ++i) {
      Expr one = ternary(tests[i], listed({results[i]}), listed({}), list);
      if (i == 0) {
        all = std::move(one);
        continue;
      }
      all = binary(Operator::Add, std::move(all), std::move(one));
      all.type = list;
    }
  } else if (type.kind == TypeKind::Row) {
    all.kind = ExprKind::Map;
    all.span = span;
    all.type = result;
    for (std::size_t m = 0; m < type.members.size(); ++m) {
      std::vector<Expr> column;
      for (const Expr& row : results) column.push_back(2 * m + 1 < row.args.size() ? row.args[2 * m + 1] : Expr{});
      all.args.push_back(literal(Value::string(type.members[m].name), Type::of(TypeKind::String), span));
      all.args.push_back(aggregated(table.hit, type.members[m].type, tests, column, span));
    }
  } else {
    all = aggregated(table.hit, type, tests, results, span);
  }
  return none ? orElse(tests, std::move(all), *none) : all;
}

// The tests of one cell, any of which may hold.
Expr Checker::lowerCell(const std::vector<tree::Cell>& cell, const Expr& subject, Scope& s) {
  std::optional<Expr> all;
  for (const tree::Cell& test : cell) {
    Expr one;
    const bool ordering = test.kind == tree::Cell::Kind::Range || (test.kind == tree::Cell::Kind::Compare && test.op != Operator::Equal && test.op != Operator::NotEqual);
    if (ordering && subject.type.optional && !isAny(subject.type)) {
      Diagnostic& d = error("RL2007", test.span, quoted(subject.text) + " may be null in this row");
      d.related.push_back({subject.span, "declared " + quoted(toText(subject.type))});
      d.help.push_back("declare it " + quoted(toText(subject.type.required())) + ", and let the caller say what stands for null: " + quoted("x ?? …"));
      continue;
    }
    switch (test.kind) {
      case tree::Cell::Kind::Any: one = truth(true, test.span); break;
      case tree::Cell::Kind::If: one = test.operands.empty() ? Expr{} : test.operands[0]; break;
      case tree::Cell::Kind::Compare: one = binary(test.op, subject, test.operands.empty() ? Expr{} : test.operands[0]); break;
      case tree::Cell::Kind::Equal: one = binary(Operator::Equal, subject, test.operands.empty() ? Expr{} : test.operands[0]); break;
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

Expr Checker::rowResult(const tree::Declaration& table, const tree::TableRow& row, const Type& type, Scope& s) {
  const std::string who = "the result of " + quoted(table.name.text);
  if (table.results.empty()) {
    Expr value = row.results.empty() ? Expr{} : row.results[0];
    check(value, s);
    // Of a table that collects, a row does not give what the table is declared to give.
    if (table.hit.starts_with("collect")) coerce(value, type, {"a row of " + quoted(table.name.text), {}}, s);
    else coerce(value, type, {who, table.result ? table.result->span : Span{}}, s);
    if (row.results.size() > 1) error("RL5004", row.results[1].span, quoted(table.name.text) + " gives one result");
    return value;
  }
  Expr map;
  map.kind = ExprKind::Map;
  map.span = row.span;
  map.type = type;
  if (row.results.size() != table.results.size()) {
    error("RL5004", row.span, quoted(table.name.text) + " gives " + std::to_string(table.results.size()) + " results; here stand " + std::to_string(row.results.size()));
  }
  for (std::size_t i = 0; i < row.results.size() && i < table.results.size(); ++i) {
    Expr key;
    key.kind = ExprKind::Literal;
    key.span = row.results[i].span;
    key.value = Value::string(table.results[i].name.text);
    key.type = Type::of(TypeKind::String);
    Expr value = row.results[i];
    check(value, s);
    if (i < type.members.size()) coerce(value, type.members[i].type, {quoted(table.results[i].name.text) + " of " + quoted(table.name.text), table.results[i].type.span}, s);
    map.args.push_back(std::move(key));
    map.args.push_back(std::move(value));
  }
  return map;
}

}  // namespace reticle::model
