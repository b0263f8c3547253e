// What the analyses find in whole programs: the scenarios with their gaps and conflicts, and that
// sound programs are left in peace.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/hash.h"
#include "check/check.h"
#include "syntax/parser.h"

namespace analysis_test {

namespace {

using namespace reticle;

struct Outcome {
  bool good = false;
  std::vector<Diagnostic> diagnostics;
  std::string text;      // as the author reads them
  std::string analysis;  // what is known, allowed or not
};

Outcome analysed(const std::string& text) {
  Outcome outcome;
  const std::vector<Source> sources = {{"a.rules", text}};
  std::vector<tree::Module> modules;
  modules.push_back(parseModule(sources[0], 0, outcome.diagnostics));
  outcome.good =
      checkProgram(std::move(modules), outcome.diagnostics, {.analysis = &outcome.analysis})
          .has_value();
  for (const Diagnostic& d : outcome.diagnostics) outcome.text += render(d, sources) + "\n";
  return outcome;
}

}  // namespace

TEST_SUITE("analysis") {
  // A1-6: the cells follow from the decisions that the scenario lists.
  TEST_CASE("the credit decision has three gaps and no overlap, and can be run") {
    const Outcome outcome = analysed(R"(
table credit(utilization: double, customer_age: int) -> string hit unique {
  | < 0.80                                       | > 180  => "Approve"
  | < 0.50                                       | <= 180 => "Approve"
  | if utilization > 0.80 && utilization < 1.00  | _      => "Refer"
  | > 1.00                                       | _      => "Decline"
}
)");
    CHECK(outcome.good);
    CHECK(outcome.analysis == R"(table credit: 4 rows, 3 gaps, 0 overlaps
  no row matches 0.5 <= utilization <= 0.8 with customer_age <= 180
  no row matches utilization = 0.8 with customer_age > 180
  no row matches utilization = 1.0
)");
    if (outcome.diagnostics.size() == 1) {
      CHECK(outcome.diagnostics[0].code == "RL5001");
    } else {
      FAIL_CHECK(outcome.text);
    }
  }

  // A1-5: the last write wins, which the author should know.
  TEST_CASE(
      "approving and rejecting the older is one conflict, with both properties and a witness") {
    const Outcome outcome = analysed(R"(
fact Applicant { key id: string  age: int  income: int  eligible: bool?  message: string = ""  flag: string = ""  note: string = "" }
rule approve when { a: Applicant(age >= 18, income >= 50000) } then { set a.eligible = true set a.message = "Approved based on age and income" }
rule "reject older" when { a: Applicant(age > 65) } then { set a.eligible = false set a.message = "Rejected due to age" }
rule "reject minor" when { a: Applicant(age < 18) } then { set a.eligible = false set a.message = "Rejected due to age" }
rule flag when { a: Applicant(age < 18, income > 100000) } then { set a.flag = "suspicious" set a.note = "Minor with high income" }
)");
    CHECK(outcome.good);
    CHECK(outcome.analysis ==
          R"(rules `approve` and `reject older` both write Applicant.eligible, Applicant.message
  for age > 65, income >= 50000
)");
    if (outcome.diagnostics.size() == 1) {
      CHECK(outcome.diagnostics[0].code == "RL4005");
    } else {
      FAIL_CHECK(outcome.text);
    }
  }

  TEST_CASE("what may be meant is left in peace") {
    const Outcome outcome = analysed(R"(
enum Tier { BASIC, GOLD }
fact Customer { key id: string  age: int?  tier: Tier  points: int = 0 where points >= 0  status: string = "new"  boss: string? }
fact Order { key id: string  of: string  total: double  at: timestamp }
table bonus(tier: Tier, points: int?) -> int hit first {
  | Tier.GOLD  | null         => 1
  | Tier.GOLD  | if (points ?? 0) % 2 == 0 => 2
  | _          | _            => 3
}
// Kept apart by their tests, by salience, by a guard, or by what cannot be known.
rule young when { c: Customer(age != null, age < 18) } then { set c.status = "young" }
rule old when { c: Customer(age != null, age >= 18) } then { set c.status = "old" }
rule gold salience 5 when { c: Customer(tier == "GOLD", points > 10) } then { set c.status = "gold" }
rule pairs when { c: Customer  not Order(of == c.id) } then { set c.status = "idle" }
rule divides when { c: Customer(points % 2 == 0) } then { set c.status = "even" }
rule odd when { c: Customer(points % 2 != 0) } then { set c.status = "odd" }
rule same salience 7 when { c: Customer(points > 3) } then { set c.status = "known" }
rule same2 salience 7 when { c: Customer(points > 5) } then { set c.status = "known" }
// A circle that a computed value ends.
fact Task { key id: string  state: string = "new"  tries: int = 0 }
rule begin when { t: Task(state == "new") } then { set t.state = "running" }
rule end when { t: Task(state == "running") } then { set t.state = "done" }
rule again when { t: Task(state == "done", tries < 3) } then { set t.state = "new" set t.tries = t.tries + 1 }
// Orders and equalities that can hold together.
rule chain
when {
  a: Order(total > 3.0)
  b: Order(of == a.of, total >= a.total, at >= a.at)
  c: Order(total >= b.total, total <= a.total, at > a.at)
}
then { log t"{a.id} {b.id} {c.id} {bonus(Tier.GOLD, 3)}" }
)");
    CHECK(outcome.good);
    CHECK(outcome.text == "");
  }

  TEST_CASE(
      "random sums and comparisons: reported as certain only when they are so for all values") {
    std::uint64_t state = 7;
    const auto below = [&](std::uint32_t n) {
      return static_cast<std::uint32_t>(mix64(++state * 0x9e3779b97f4a7c15u) % n);
    };
    // Small numbers for what is compared, and numbers near the end of an `int` for what may leave
    // it; both are counted out here.
    std::size_t certain = 0;
    for (int round = 0; round < 400; ++round) {
      // half of what an int holds
      const std::int64_t big = round % 2 ? 4'611'686'018'427'387'904 : 0;
      const std::int64_t a = static_cast<std::int64_t>(below(9)) - 4, b = a + below(4),
                         c = static_cast<std::int64_t>(below(9)) - 4, d = c + below(4),
                         k = static_cast<std::int64_t>(below(12)) - 4;
      static constexpr const char* kOperators[] = {"+", "-", "*"};
      static constexpr const char* kRelations[] = {"<", "<=", ">", ">=", "==", "!="};
      const std::uint32_t op = below(3), relation = below(6);
      std::string text = "fact F { x: int where x in " + std::to_string(big + a) + ".." +
                         std::to_string(big + b) + " y: int where y in " + std::to_string(big + c) +
                         ".." + std::to_string(big + d) +
                         " }\nrule r when { f: F } then { if f.x " + kOperators[op] + " f.y " +
                         kRelations[relation] + " " + std::to_string(k) + " { halt } }";
      CAPTURE(text);
      bool always = true, never = true, overflows = true;
      for (std::int64_t x = big + a; x <= big + b; ++x) {
        for (std::int64_t y = big + c; y <= big + d; ++y) {
          std::int64_t z = 0;
          const bool out = op == 0   ? __builtin_add_overflow(x, y, &z)
                           : op == 1 ? __builtin_sub_overflow(x, y, &z)
                                     : __builtin_mul_overflow(x, y, &z);
          overflows = overflows && out;
          const bool holds = relation == 0   ? z < k
                             : relation == 1 ? z <= k
                             : relation == 2 ? z > k
                             : relation == 3 ? z >= k
                             : relation == 4 ? z == k
                                             : z != k;
          always = always && !out && holds;
          never = never && !out && !holds;
        }
      }
      const Outcome outcome = analysed(text);
      CHECK(outcome.good);
      for (const Diagnostic& told : outcome.diagnostics) {
        ++certain;
        if (told.code == "RL2012") {
          CHECK(overflows);
        } else if (told.message == "this is always true") {
          CHECK(always);
        } else {
          CHECK(never);
        }
      }
      // Of a sum of two independent values all is known.
      if (op != 2) {
        CHECK(outcome.diagnostics.size() ==
              (overflows ||
                       ((always || never) && !(relation >= 4 && (relation == 4 ? always : never)))
                   ? 1u
                   : 0u));
      }
    }
    CHECK(certain > 50);
  }

  TEST_CASE(
      "random conjunctions: told as impossible just when no value satisfies them, and as idle only "
      "when they are") {
    std::uint64_t state = 1;
    const auto below = [&](std::uint32_t n) {
      return static_cast<std::uint32_t>(mix64(++state * 0x9e3779b97f4a7c15u) % n);
    };
    struct Test {
      std::string text;
      bool (*holds)(int x, int a, int b);
      int a, b;
    };
    for (int round = 0; round < 200; ++round) {
      std::vector<Test> tests;
      for (std::uint32_t i = 0, n = 1 + below(4); i < n; ++i) {
        const int a = static_cast<int>(below(12)) - 1, b = a + 1 + static_cast<int>(below(4));
        const std::string x = std::to_string(a), y = std::to_string(b);
        switch (below(7)) {
          case 0:
            tests.push_back({"x < " + x, [](int v, int l, int) { return v < l; }, a, b});
            break;
          case 1:
            tests.push_back({x + " <= x", [](int v, int l, int) { return l <= v; }, a, b});
            break;
          case 2:
            tests.push_back({"x != " + x, [](int v, int l, int) { return v != l; }, a, b});
            break;
          case 3:
            tests.push_back({"x in " + x + ".." + y,
                             [](int v, int l, int h) { return v >= l && v <= h; }, a, b});
            break;
          case 4:
            tests.push_back({"x in [" + x + ", " + y + "]",
                             [](int v, int l, int h) { return v == l || v == h; }, a, b});
            break;
          case 5:
            tests.push_back({"x < " + x + " || x > " + y,
                             [](int v, int l, int h) { return v < l || v > h; }, a, b});
            break;
          default:
            tests.push_back({"!(x > " + x + ")", [](int v, int l, int) { return !(v > l); }, a, b});
            break;
        }
      }
      std::string text = "fact F { x: int where x in 0..9 }\nrule r when { F(";
      for (std::size_t i = 0; i < tests.size(); ++i) text += (i ? ", " : "") + tests[i].text;
      CAPTURE(text);
      const Outcome outcome = analysed(text + ") } then { halt }");
      bool possible = false, idle = false;
      for (int v = 0; v <= 9; ++v) {
        possible = possible || std::all_of(tests.begin(), tests.end(),
                                           [v](const Test& t) { return t.holds(v, t.a, t.b); });
      }
      for (std::size_t i = 0; i < tests.size(); ++i) {
        bool changes = false;
        for (int v = 0; v <= 9; ++v) {
          bool others = true;
          for (std::size_t j = 0; j < tests.size(); ++j) {
            others = others && (j == i || tests[j].holds(v, tests[j].a, tests[j].b));
          }
          changes = changes || (others && !tests[i].holds(v, tests[i].a, tests[i].b));
        }
        idle = idle || !changes;
      }
      CHECK(outcome.good == possible);
      for (const Diagnostic& d : outcome.diagnostics) {
        if (d.code == "RL3008" || d.message == "this is always true") CHECK(idle);
      }
    }
  }
}

}  // namespace analysis_test
