// Tables of `hit collect`: what their rows give together, as an expression.
#include <algorithm>

#include "check/shapes.h"
#include "check/table_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Expressions that stand in no text get the place of what they come from.
Expr literal(Value value, Type type, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = std::move(value);
  e.type = std::move(type);
  e.span = span;
  return e;
}

// The place is that of the result: a mistake in computing it points there.
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

// A name that `bound` binds below.
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

// A conjunction, disjunction or comparison: true or false.
Expr logical(Operator op, Expr left, Expr right) {
  Expr e = binary(op, std::move(left), std::move(right));
  e.type = Type::of(TypeKind::Bool);
  return e;
}

// What a sum begins with.
Value zeroOf(const Type& type) {
  return type.kind == TypeKind::Double     ? Value::real(0)
         : type.kind == TypeKind::Duration ? Value::span(0)
                                           : Value::integer(0);
}

// The sum, the least or the greatest of the results of the rows whose test holds.
Expr aggregated(const std::string& hit, const Type& type, const std::vector<Expr>& tests,
                const std::vector<Expr>& results, Span span) {
  if (hit == "collect sum" || hit == "collect count") {
    const bool counts = hit == "collect count";
    const Type of = counts ? Type::of(TypeKind::Int) : type;
    std::optional<Expr> sum;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      Expr one =
          ternary(tests[i], counts ? literal(Value::integer(1), of, results[i].span) : results[i],
                  literal(zeroOf(of), of, results[i].span), of);
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
    Expr first = logical(Operator::Equal, variable("best", best, at),
                         literal(Value{}, Type::of(TypeKind::Null), at));
    Expr choice = ternary(logical(Operator::Or, std::move(first), std::move(better)),
                          variable("own", type, at), variable("best", best, at), best);
    Expr next = ternary(tests[i], bound("own", results[i], std::move(choice)),
                        variable("best", best, at), best);
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

}  // namespace

// What one row of a table of `hit collect …` gives, when the table as a whole gives what it is
// declared to give. Poison after a mistake.
Type TableChecker::collectedRow(const tree::Declaration& table, const Type& declared) {
  const Type poison = Type::of(TypeKind::Poison), any = Type::of(TypeKind::Any);
  if (isAny(declared)) return declared;
  const std::string &hit = table.hit, who = quoted("hit " + hit);
  const bool several = declared.kind == TypeKind::Row;
  const Span whole = table.result ? table.result->span : table.name.span;
  const auto instead = [&](const std::string& gives, const Type& type) {
    Diagnostic& d = report_.error(
        "RL5007", whole,
        who + " gives " + gives + ", and " + quoted(table.name.text) + " is declared to give " +
            (several ? std::string("several results") : quoted(toText(declared))));
    if (!several) d.fixes.push_back(replaceWith(whole, toText(declared), toText(type)));
    return poison;
  };
  if (hit == "collect count") {
    return several || declared.kind != TypeKind::Int || declared.optional
               ? instead("a number", Type::of(TypeKind::Int))
               : any;
  }
  if (hit == "collect") {
    if (several) return declared;
    return declared.kind == TypeKind::List ? declared.arguments[0]
                                           : instead("the list of all results", listOf(declared));
  }
  const bool sum = hit == "collect sum";
  // Of one declared result, that of a row.
  const auto ofRow = [&](const Type& type, Span span, const std::string& name) {
    if (isAny(type)) return type;
    const bool ordered = type.kind == TypeKind::String || type.kind == TypeKind::Timestamp;
    if (!isNumber(type) && type.kind != TypeKind::Duration && (sum || !ordered)) {
      Diagnostic& d = report_.error("RL5007", span,
                                    who + " needs " + (sum ? "numbers" : "values with an order") +
                                        ", and " + quoted(name) + " is " + quoted(toText(type)));
      d.label = toText(type);
      d.help.push_back("to have all results as a list write `hit collect`");
      return poison;
    }
    if (!sum && !type.optional && !table.otherwise) {
      Diagnostic& d = report_.error("RL5007", span, quoted(name) + " is null when no row matches");
      d.label =
          "of nothing there is no " + std::string(hit == "collect min" ? "least" : "greatest");
      d.fixes.push_back(replaceWith(span, toText(type), toText(type.asOptional())));
      d.help.push_back("or say what it is then: `default => …`");
      return poison;
    }
    return type.required();
  };
  if (!several) return ofRow(declared, whole, table.name.text);
  Type row = declared;
  for (std::size_t i = 0; i < row.members.size() && i < table.results.size(); ++i) {
    row.members[i].type =
        ofRow(row.members[i].type, table.results[i].type.span, row.members[i].name);
    if (isPoison(row.members[i].type)) return poison;
  }
  return row;
}

// `type` is that of a row, `result` that of the table.
Expr TableChecker::collectRows(const tree::Declaration& table, const Type& type, const Type& result,
                               const Rows& rows, const std::optional<Expr>& none) {
  const std::vector<Expr>&tests = rows.tests, &results = rows.results;
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
      for (const Expr& row : results) {
        column.push_back(2 * m + 1 < row.args.size() ? row.args[2 * m + 1] : Expr{});
      }
      all.args.push_back(
          literal(Value::string(type.members[m].name), Type::of(TypeKind::String), span));
      all.args.push_back(aggregated(table.hit, type.members[m].type, tests, column, span));
    }
  } else {
    all = aggregated(table.hit, type, tests, results, span);
  }
  return none ? orElse(tests, std::move(all), *none) : all;
}

}  // namespace reticle::model
