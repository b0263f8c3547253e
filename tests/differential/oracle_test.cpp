// The oracle itself, on cases whose matches one can count by hand.

#include <string>

#include "differential/oracle.h"
#include "support/harness.h"

namespace differential_oracle_test {

using namespace reticle;
using namespace reticle::test;

namespace {

enum { A, B, C, D, E, F, G, M, H };  // fields

Term whole(std::int64_t n) {
  Term t;
  t.value = Value::integer(n);
  return t;
}
Term field(int name, int at) {
  Term t;
  t.kind = Term::Field;
  t.name = name;
  t.field = at;
  return t;
}
Term op(Term::Kind kind, Term a, Term b) {
  Term t;
  t.kind = kind;
  t.args = {std::move(a), std::move(b)};
  return t;
}
Term equal(Term a, Term b) { return op(Term::Equal, std::move(a), std::move(b)); }

Condition pattern(int name, int type, std::vector<Term> constraints = {}) {
  Condition c;
  c.name = name;
  c.type = type;
  c.constraints = std::move(constraints);
  return c;
}
Condition as(Condition::Kind kind, Condition c) {
  c.kind = kind;
  return c;
}
Condition over(Condition::Kind kind, std::vector<std::vector<Condition>> groups) {
  Condition c;
  c.kind = kind;
  c.groups = std::move(groups);
  return c;
}
Condition valued(Condition::Kind kind, int name, Term term) {
  Condition c;
  c.kind = kind;
  c.name = name;
  c.term = std::move(term);
  return c;
}
Function function(Function::Kind kind, int name, Term argument = {}, Shape of = Shape::Int) {
  return {kind, std::move(argument), name, of};
}

// A session of one rule with ten names.
struct Case {
  explicit Case(std::vector<Condition> conditions, Term salience = whole(0)) {
    program.rules.emplace_back();
    program.rules[0].label = "r";
    program.rules[0].names = 10;
    program.rules[0].salience = std::move(salience);
    program.rules[0].conditions = std::move(conditions);
    oracle = std::make_unique<Oracle>(program);
  }
  std::uint32_t add(int type, std::int64_t a = 0, std::int64_t b = 0, Value e = {}) {
    return oracle->insert(
        type, {Value::integer(a), Value::integer(b), Value::integer(0), Value(), std::move(e),
               Value::real(0.1), Value::list({Value::integer(a), Value::integer(a)}),
               Value::map({}), Value::list({})});
  }
  // "(1,2) v3=…", best first, for the names asked.
  std::string agenda(std::vector<int> names = {}) const {
    std::string out;
    for (const OracleMatch& match : oracle->agenda()) {
      out += out.empty() ? "(" : " (";
      for (std::uint32_t fact : match.combination.facts) {
        out += (out.back() == '(' ? "" : ",") + std::to_string(fact);
      }
      out += ")";
      for (int name : names) out += toText(match.combination.names[static_cast<std::size_t>(name)]);
    }
    return out;
  }
  RuleProgram program;
  std::unique_ptr<Oracle> oracle;
};

}  // namespace

TEST_SUITE("oracle") {
  TEST_CASE("joins are found newest first, and by newer facts within one change") {
    Case c({pattern(0, 0), pattern(1, 0, {equal(field(1, A), field(0, A))})});
    c.add(0, 1);
    c.add(0, 1);
    CHECK(c.agenda() == "(2,2) (2,1) (1,2) (1,1)");
  }

  TEST_CASE("what is unknown does not match, and blocks under `not`") {
    Term ordered = op(Term::Less, field(1, E), whole(2));
    Case matched({pattern(1, 0, {ordered})}),
        negated({pattern(0, 1), as(Condition::NotOf, pattern(1, 0, {ordered}))});
    matched.add(0, 0, 0, Value::string("x"));
    CHECK(matched.agenda() == "");
    negated.add(1);
    CHECK(negated.agenda() == "(1)");
    negated.add(0, 0, 0, Value::integer(5));
    CHECK(negated.agenda() == "(1)");
    negated.add(0, 0, 0, Value::string("x"));
    CHECK(negated.agenda() == "");
  }

  TEST_CASE("a definite false settles a candidate whatever else is unknown") {
    std::vector<Term> constraints = {op(Term::Less, field(1, E), whole(2)),
                                     equal(field(1, A), whole(7))};
    Case c({pattern(0, 1), as(Condition::NotOf, pattern(1, 0, constraints))});
    c.add(1);
    c.add(0, 1, 0, Value::string("x"));
    CHECK(c.agenda() == "(1)");
    c.add(0, 7, 0, Value::string("x"));
    CHECK(c.agenda() == "");
  }

  TEST_CASE("a negated group wants the whole combination, and a group in it negates again") {
    std::vector<Condition> pair = {pattern(1, 1), pattern(2, 2, {equal(field(2, A), field(1, A))})};
    Case c({pattern(0, 0), over(Condition::NotOf, {pair})});
    c.add(0);
    c.add(1, 1);
    c.add(2, 2);
    CHECK(c.agenda() == "(1)");
    c.add(2, 1);
    CHECK(c.agenda() == "");
    Case nested({pattern(0, 0),
                 over(Condition::NotOf,
                      {{pattern(1, 1),
                        as(Condition::NotOf, pattern(2, 2, {equal(field(2, A), field(1, A))}))}})});
    nested.add(0);
    nested.add(1, 1);
    CHECK(nested.agenda() == "");
    nested.add(2, 1);
    CHECK(nested.agenda() == "(1)");
  }

  TEST_CASE("`forall` fails for a false and for an unknown test, and holds over nothing") {
    Condition all = as(Condition::Forall, pattern(1, 1));
    all.term = op(Term::Less, field(1, E), whole(2));
    Case c({pattern(0, 0), all});
    c.add(0);
    CHECK(c.agenda() == "(1)");
    c.add(1, 0, 0, Value::integer(1));
    CHECK(c.agenda() == "(1)");
    std::uint32_t odd = c.add(1, 0, 0, Value::string("x"));
    CHECK(c.agenda() == "");
    c.oracle->update(odd, {{E, Value::integer(0)}});
    CHECK(c.agenda() == "(1)");
  }

  TEST_CASE("`either` matches once for each combination that it makes known") {
    auto either = [](int first, int second) {
      return over(Condition::Either, {{pattern(first, 1, {equal(field(first, A), whole(1))})},
                                      {pattern(second, 1, {equal(field(second, B), whole(1))})}});
    };
    Case alone({pattern(0, 0), either(1, 2)});
    alone.add(0);
    alone.add(1, 1, 1);
    alone.add(1, 1, 0);
    CHECK(alone.agenda() == "(1)");
    Case known({pattern(0, 0), either(1, 1)});
    known.add(0);
    known.add(1, 1, 1);
    known.add(1, 0, 1);
    known.add(1, 0, 0);
    CHECK(known.agenda() == "(1,3) (1,2)");
    known.oracle->fire(1);
    known.oracle->update(2, {{C, Value::integer(5)}});
    CHECK(known.agenda() == "(1,3)");
    known.oracle->update(2, {{A, Value::integer(0)}});
    CHECK(known.agenda() == "(1,2) (1,3)");
  }

  TEST_CASE("`accumulate` computes over what matches, in order of the facts, exactly") {
    Condition all = as(Condition::Accumulate, pattern(1, 1));
    all.functions = {function(Function::Count, 2),
                     function(Function::Sum, 3, field(1, F), Shape::Double),
                     function(Function::Collect, 4, field(1, A)),
                     function(Function::Max, 5, field(1, A)),
                     function(Function::First, 6, field(1, A)),
                     function(Function::Distinct, 7, field(1, B)),
                     function(Function::Avg, 8, field(1, A))};
    Case c({all});
    CHECK(c.agenda({2, 3, 4, 5, 6, 7, 8}) == "()00.0[]nullnull[]null");
    for (int a : {4, 2, 9}) c.add(1, a);
    c.oracle->update(1, {{F, Value::real(1e16)}});
    c.oracle->update(2, {{F, Value::real(0.5)}});
    c.oracle->update(3, {{F, Value::real(-1e16)}});
    CHECK(c.agenda({2, 3, 4, 5, 6, 7, 8}) == "()30.5[4, 2, 9]94[0]5.0");
  }

  TEST_CASE("an unknown candidate makes a result unknown, unless errors are skipped") {
    Condition all =
        as(Condition::Accumulate, pattern(1, 1, {op(Term::Less, field(1, E), whole(3))}));
    all.functions = {function(Function::Sum, 2, field(1, A))};
    Condition skipping = all;
    skipping.skipErrors = true;
    Case strict({all}), skips({skipping});
    for (Case* c : {&strict, &skips}) {
      c->add(1, 4, 0, Value::integer(1));
      c->add(1, 5, 0, Value::string("x"));
    }
    CHECK(strict.agenda({2}) == "");
    CHECK(skips.agenda({2}) == "()4");
  }

  TEST_CASE("`group by` matches once for each key that is there, lesser keys first") {
    Condition grouped = as(Condition::Accumulate, pattern(1, 1));
    grouped.keys.push_back({field(1, B), 2});
    grouped.functions = {function(Function::Sum, 3, field(1, A))};
    Case c({pattern(0, 0), grouped});
    c.add(1, 4, 2);
    c.add(1, 5, 1);
    c.add(1, 6, 2);
    c.add(0);
    CHECK(c.agenda({2, 3}) == "(4)15 (4)210");
    c.oracle->fire(0);
    c.oracle->retract(3);
    CHECK(c.agenda({2, 3}) == "(4)24");
  }

  TEST_CASE("`each` matches once for each place, equal elements too") {
    Case c({pattern(0, 0), valued(Condition::Each, 1, field(0, G))});
    c.add(0, 3);
    CHECK(c.agenda({1}) == "(1)3 (1)3");
    c.oracle->fire(0);
    CHECK(c.agenda({1}) == "(1)3");
  }

  TEST_CASE("an unknown value or condition goes on inside of a group, unsure, and still blocks") {
    std::vector<Condition> inner = {pattern(1, 1),
                                    valued(Condition::Let, 2, op(Term::Add, field(1, E), whole(1))),
                                    valued(Condition::If, -1, equal(field(1, A), whole(1)))};
    Case c({pattern(0, 0), over(Condition::NotOf, {inner})});
    c.add(0);
    c.add(1, 2, 0, Value::string("x"));
    CHECK(c.agenda() == "(1)");
    c.add(1, 1, 0, Value::string("x"));
    CHECK(c.agenda() == "");
  }

  TEST_CASE(
      "a match fires again when a field it reads changes, by its salience too, and not otherwise") {
    Case c({pattern(0, 0, {equal(field(0, A), whole(1))})}, field(0, C));
    c.add(0, 1);
    c.oracle->fire(0);
    c.oracle->update(1, {{B, Value::integer(7)}});
    CHECK(c.agenda() == "");
    c.oracle->update(1, {{C, Value::integer(7)}});
    CHECK(c.agenda() == "(1)");
    CHECK(c.oracle->agenda()[0].salience == 7);
  }

  TEST_CASE("a derived fact stays while a match supports it") {
    Case c({pattern(0, 0, {equal(field(0, A), whole(1))})});
    Action derive;
    derive.kind = Action::InsertLogical;
    derive.type = kTypes;
    derive.values = {whole(1), whole(2)};
    c.program.rules[0].actions = {derive};
    c.add(0, 1);
    c.add(0, 1);
    c.oracle->fire(0);
    c.oracle->fire(0);
    CHECK(c.oracle->facts().size() == 3);
    c.oracle->retract(1);
    CHECK(c.oracle->facts().count(3) == 1);
    c.oracle->update(2, {{A, Value::integer(0)}});
    CHECK(c.oracle->facts().size() == 1);
  }
}

}  // namespace differential_oracle_test
