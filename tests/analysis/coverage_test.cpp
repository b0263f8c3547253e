// Gaps, overlaps and rows that are never reached, compared with asking every value of small domains
// one by one.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/coverage.h"
#include "base/hash.h"

namespace analysis_coverage_test {

namespace {

using namespace reticle;
using namespace reticle::model;

// A fixed sequence: the same tables everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(mix64(++state_ * 0x9e3779b97f4a7c15u) % n);
  }

 private:
  std::uint64_t state_;
};

Type enumOf(std::vector<std::string> values) {
  Type type = Type::of(TypeKind::Enum);
  type.values = std::move(values);
  return type;
}

// A column and all the values that can tell two of its sets apart.
struct Domain {
  Type type;
  std::vector<Value> values;
};

Domain domain(Dice& dice) {
  switch (dice.below(6)) {
    case 0: return {Type::of(TypeKind::Bool), {Value::boolean(false), Value::boolean(true)}};
    case 1:
      return {enumOf({"a", "b", "c"}),
              {Value::string("a"), Value::string("b"), Value::string("c")}};
    case 2: {
      Domain d{Type::of(TypeKind::Double), {}};
      for (int half = -1; half <= 9; ++half) d.values.push_back(Value::real(half / 2.0));
      return d;
    }
    case 3: {
      Domain d{Type::of(TypeKind::Int).asOptional(), {Value{}}};
      for (int i = -1; i <= 5; ++i) d.values.push_back(Value::integer(i));
      return d;
    }
    default: {
      Domain d{Type::of(TypeKind::Int), {}};
      for (int i = -1; i <= 6; ++i) d.values.push_back(Value::integer(i));
      return d;
    }
  }
}

ValueSet randomTest(Dice& dice, const Domain& d) {
  const bool named = d.type.kind == TypeKind::Bool || d.type.kind == TypeKind::Enum;
  static constexpr Operator kOrdered[] = {Operator::Less,    Operator::LessEqual,
                                          Operator::Greater, Operator::GreaterEqual,
                                          Operator::Equal,   Operator::NotEqual};
  const Operator op = named ? kOrdered[4 + dice.below(2)] : kOrdered[dice.below(6)];
  // Cut at whole numbers only, so that every set is told apart by the values of the domain.
  Value value = named ? d.values[dice.below(static_cast<std::uint32_t>(d.values.size()))]
                      : Value::integer(dice.below(5));
  if (d.type.kind == TypeKind::Double) value = Value::real(dice.below(5));
  if (d.type.optional && dice.below(5) == 0) value = Value{};
  if (value.isNull()) {
    return *ValueSet::where(d.type, dice.below(2) ? Operator::Equal : Operator::NotEqual, value);
  }
  return *ValueSet::where(d.type, op, value);
}

bool holds(const ValueSet& set, const Domain& d, const Value& value) {
  const ValueSet one = value.isNull() ? ValueSet::null(set.line())
                                      : *ValueSet::where(d.type.required(), Operator::Equal, value);
  return set.overlaps(one);
}

bool matches(const Table::Row& row, const std::vector<Domain>& domains,
             const std::vector<Value>& point, bool certainly) {
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (!row.cells[i].certain) {
      if (certainly) return false;
      continue;
    }
    if (!holds(row.cells[i].values, domains[i], point[i])) return false;
  }
  return true;
}

bool holds(const Region& region, const std::vector<Domain>& domains,
           const std::vector<Value>& point) {
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (!holds(region[i], domains[i], point[i])) return false;
  }
  return true;
}

std::vector<std::vector<Value>> points(const std::vector<Domain>& domains) {
  std::vector<std::vector<Value>> all{{}};
  for (const Domain& d : domains) {
    std::vector<std::vector<Value>> longer;
    for (const std::vector<Value>& point : all) {
      for (const Value& value : d.values) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

Table randomTable(Dice& dice, std::vector<Domain>& domains) {
  Table table;
  table.hit = Table::Hit::First;
  const std::uint32_t columns = 1 + dice.below(3), rows = 1 + dice.below(6);
  for (std::uint32_t i = 0; i < columns; ++i) {
    domains.push_back(domain(dice));
    table.columns.push_back({std::string(1, static_cast<char>('a' + i)), domains.back().type});
  }
  for (std::uint32_t i = 0; i < rows; ++i) {
    Table::Row& row = table.rows.emplace_back();
    for (const Domain& d : domains) {
      Table::Cell& cell = row.cells.emplace_back();
      cell.values = ValueSet::all(d.type);
      if (dice.below(4) == 0) continue;
      cell.certain = dice.below(12) != 0;
      if (!cell.certain) continue;
      cell.values = randomTest(dice, d);
      if (dice.below(3) == 0) {
        cell.values = cell.values.united(randomTest(dice, d));
      } else if (dice.below(3) == 0) {
        cell.values = cell.values.intersected(randomTest(dice, d));
      }
    }
  }
  return table;
}

}  // namespace

TEST_SUITE("coverage") {
  TEST_CASE("gaps, overlaps and shadowed rows are what asking every value gives") {
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      CAPTURE(seed);
      Dice dice(seed);
      std::vector<Domain> domains;
      const Table table = randomTable(dice, domains);
      const Coverage c = coverage(table);
      if (!c.complete) {
        FAIL_CHECK("a small table is looked at in full");
        continue;
      }
      const std::size_t rows = table.rows.size();
      std::vector<std::vector<bool>> meet(rows, std::vector<bool>(rows));
      std::vector<bool> alive(rows), reached(rows);
      std::size_t wrong = 0;
      for (const std::vector<Value>& point : points(domains)) {
        std::size_t gaps = 0;
        for (const Region& gap : c.gaps) gaps += holds(gap, domains, point) ? 1 : 0;
        bool any = false, taken = false;
        for (std::size_t i = 0; i < rows; ++i) {
          const bool may = matches(table.rows[i], domains, point, false),
                     must = matches(table.rows[i], domains, point, true);
          any = any || may;
          if (may) alive[i] = true;
          if (may && !taken) reached[i] = true;
          taken = taken || must;
          for (std::size_t j = 0; must && j < i; ++j) {
            if (matches(table.rows[j], domains, point, true)) meet[j][i] = true;
          }
        }
        // In no gap when some row may match it; in just one when none does.
        if (gaps != (any ? 0u : 1u)) ++wrong;
      }
      CHECK(wrong == 0);
      std::vector<std::vector<bool>> told(rows, std::vector<bool>(rows));
      for (const Coverage::Overlap& overlap : c.overlaps) {
        told[overlap.first][overlap.second] = true;
      }
      CHECK(told == meet);
      for (const Coverage::Overlap& overlap : c.overlaps) {
        bool exact = true;
        for (const std::vector<Value>& point : points(domains)) {
          const bool both = matches(table.rows[overlap.first], domains, point, true) &&
                            matches(table.rows[overlap.second], domains, point, true);
          exact = exact && both == holds(overlap.region, domains, point);
        }
        CHECK(exact);
      }
      for (std::size_t i = 0; i < rows; ++i) {
        const bool shadowed = std::any_of(c.shadowed.begin(), c.shadowed.end(),
                                          [i](const Coverage::Shadow& s) { return s.row == i; });
        // A row that matches nothing at all is not shadowed by another.
        if (alive[i]) {
          CHECK(shadowed == !reached[i]);
        } else {
          CHECK_FALSE(shadowed);
        }
      }
    }
  }

  TEST_CASE("a thousand rows of four columns are looked at in full") {
    Table table;
    const Type number = Type::of(TypeKind::Int), letter = enumOf({"a", "b", "c", "d", "e"});
    table.columns = {{"n", number}, {"x", letter}, {"y", letter}, {"m", number}};
    const auto cell = [](ValueSet set) { return Table::Cell{std::move(set), true, {}}; };
    for (int i = 0; i < 1000; ++i) {
      const auto between = [&](int from, int to) {
        return ValueSet::where(number, Operator::GreaterEqual, Value::integer(from))
            ->intersected(*ValueSet::where(number, Operator::Less, Value::integer(to)));
      };
      const int a = i % 5, b = i / 5 % 5, n = i / 25 % 10, m = i / 250;
      // The last of all is left out: one gap.
      Table::Row row;
      row.cells = {
          cell(between(n * 10, n * 10 + 10)),
          cell(*ValueSet::where(letter, Operator::Equal,
                                Value::string(letter.values[static_cast<std::size_t>(a)]))),
          cell(*ValueSet::where(letter, Operator::Equal,
                                Value::string(letter.values[static_cast<std::size_t>(b)]))),
          cell(between(m * 5, m * 5 + (i == 999 ? 4 : 5)))};
      table.rows.push_back(row);
    }
    const Coverage c = coverage(table);
    CHECK(c.complete);
    CHECK(c.overlaps.empty());
    std::string texts;
    for (const Region& gap : c.gaps) texts += describe(table, gap) + "\n";
    CHECK(texts == R"(n < 0
n >= 0 with m < 0
n >= 0 with m >= 20
n >= 90 with x = "e" and y = "e" and m = 19
n >= 100 with x = "a", "b", "c" or "d" and 0 <= m < 20
n >= 100 with x = "e" and y = "a", "b", "c" or "d" and 0 <= m < 20
n >= 100 with x = "e" and y = "e" and 0 <= m < 19
)");
  }

  TEST_CASE("a table beyond all bounds is given up, and said to be") {
    Table table;
    for (int i = 0; i < 6; ++i) {
      table.columns.push_back({"c" + std::to_string(i), Type::of(TypeKind::Int)});
    }
    Dice dice(7);
    for (int i = 0; i < 2000; ++i) {
      Table::Row& row = table.rows.emplace_back();
      for (const Table::Column& column : table.columns) {
        const int from = static_cast<int>(dice.below(100000));
        Table::Cell& cell = row.cells.emplace_back();
        cell.values = ValueSet::where(column.type, Operator::Greater, Value::integer(from))
                          ->intersected(*ValueSet::where(column.type, Operator::Less,
                                                         Value::integer(from + 30000)));
      }
    }
    CHECK_FALSE(coverage(table).complete);
  }

  TEST_CASE("a region reads as its author would say it") {
    Table table;
    Type band = enumOf({"COLD", "WARM", "HOT"});
    band.name = "Band";
    table.columns = {{"u", Type::of(TypeKind::Double)},
                     {"age", Type::of(TypeKind::Int).asOptional()},
                     {"band", band},
                     {"on", Type::of(TypeKind::Bool)}};
    const auto where = [&](std::size_t column, Operator op, const Value& value) {
      return *ValueSet::where(table.columns[column].type, op, value);
    };
    Region region;
    for (const Table::Column& column : table.columns) region.push_back(ValueSet::all(column.type));
    CHECK(describe(table, region) == "any u");
    region[1] = where(1, Operator::Greater, Value::integer(180));
    CHECK(describe(table, region) == "age > 180");
    region[0] = where(0, Operator::Equal, Value::real(0.8));
    CHECK(describe(table, region) == "u = 0.8 with age > 180");
    region[1] = region[1].removedFrom(ValueSet::all(table.columns[1].type));
    region[2] = where(2, Operator::NotEqual, Value::string("WARM"));
    region[3] = where(3, Operator::Equal, Value::boolean(true));
    CHECK(describe(table, region) ==
          "u = 0.8 with age <= 180 or age = null and band = COLD or HOT and on = true");
  }
}

}  // namespace analysis_coverage_test
