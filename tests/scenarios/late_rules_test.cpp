// Scenarios A0-1 and A0-8: rules that come when the facts are there, and go while they are.

#include <algorithm>
#include <set>

#include "program/program_state.h"
#include "support/harness.h"

namespace scenarios_late_rules_test {

using namespace reticle;
using namespace reticle::test;

namespace {

// What the module declares before its rules, and what it says after them.
std::string before(const std::string& module, const std::string& word) {
  return module.substr(0, module.find(word));
}

const std::string kTriples =
    "fact Triple { key of: string key attribute: string key value: string }\n";
const std::string kFirstTwo =
    "  x: Triple(attribute == \"on\")\n  y: Triple(of == x.value, attribute == \"left-of\")\n";

std::string rule(const std::string& name, const std::string& rest) {
  return "rule " + name + " when {\n" + kFirstTwo + rest + "}\nthen { log t\"" + name +
         " {x.of} on {x.value}, {y.of} left-of {y.value}\" }\n";
}

const std::string kP0 =
    rule("p0", "  z: Triple(of == y.value, attribute == \"color\", value == \"red\")\n");
const std::string kP1 =
    rule("p1",
         "  z: Triple(of == y.value, attribute == \"on\", value == \"table\")\n  w: Triple(of == "
         "y.value, attribute == \"left-of\", value == \"B4\")\n");
const std::string kP2 =
    rule("p2",
         "  z: Triple(of == y.value, attribute == \"on\", value == \"table\")\n  w: Triple(of == "
         "y.value, attribute == \"color\", value == \"red\")\n");

void insertBlocks(Watched& w) {
  const char* const triples[][3] = {
      {"B1", "on", "B2"},      {"B1", "on", "B3"},      {"B1", "color", "red"},
      {"B2", "on", "table"},   {"B2", "left-of", "B3"}, {"B2", "color", "blue"},
      {"B3", "left-of", "B4"}, {"B3", "on", "table"},   {"B3", "color", "red"}};
  for (const auto& [of, attribute, value] : triples) {
    w.insert("Triple", {{"of", text(of)}, {"attribute", text(attribute)}, {"value", text(value)}});
  }
}

std::size_t joins(const Program& program) {
  return static_cast<std::size_t>(
      std::count_if(program.network.nodes.begin(), program.network.nodes.end(),
                    [](const Node& node) { return node.kind == NodeKind::Join; }));
}

std::size_t matchesOf(const Engine& engine, const std::string& rule) {
  const Result<RuleMatches> matches = engine.matches(rule);
  REQUIRE(matches.ok());
  return matches->complete.size();
}

}  // namespace

TEST_SUITE("scenarios") {
  TEST_CASE("A0-1 red: the same totals when the fact is there before the rule") {
    const std::string module = readFile("tests/scenarios/A0-01-red.rules");
    Watched w(compiled("red.rules", before(module, "rule \"red\"")));
    const FactId ball = w.insert("Thing", {{"name", text("ball")}, {"color", text("red")}});
    CHECK(w.settle(1) == 0);
    const Result<Replaced> replaced = w.engine.replaceProgram(compiled("red.rules", module));
    REQUIRE(replaced.ok());
    REQUIRE(replaced->rules.size() == 1);
    CHECK(replaced->rules[0].fate == Replaced::Fate::Added);
    CHECK(replaced->rules[0].gained == 1);
    CHECK(w.settle(1) == 1);
    CHECK(w.watch.log == std::vector<std::string>{"I found something red: ball"});
    CHECK(w.settle(10) == 0);
    w.submit(retract(ball));
    w.insert("Thing", {{"name", text("ball")}, {"color", text("red")}});
    CHECK(w.settle(1) == 1);
    w.insert("Thing", {{"name", text("sky")}, {"color", text("blue")}});
    CHECK(w.settle() == 0);
    CHECK(w.watch.log.size() == 2);
    leaveDigest("A0-1 late", w.engine.traceDigest());
  }

  TEST_CASE(
      "A0-8 sharing and late rules: a rule that comes late finds what is there, one that goes "
      "leaves the others as they are") {
    Watched w(compiled("blocks.rules", kTriples + kP0 + kP1));
    insertBlocks(w);
    CHECK(w.settle() == 2);
    const std::shared_ptr<const Program> all = compiled("blocks.rules", kTriples + kP0 + kP1 + kP2);
    Result<Replaced> replaced = w.engine.replaceProgram(all);
    REQUIRE(replaced.ok());
    for (const char* rule : {"p0", "p1", "p2"}) CHECK(matchesOf(w.engine, rule) == 1);
    CHECK(w.settle() == 1);
    CHECK(w.watch.log == std::vector<std::string>{"p0 B1 on B2, B2 left-of B3",
                                                  "p1 B1 on B2, B2 left-of B3",
                                                  "p2 B1 on B2, B2 left-of B3"});
    // The two joins that all begin with stand once, and p1 and p2 share the third.
    CHECK(joins(*all) == 2 + 1 + 1 + 2);

    replaced = w.engine.replaceProgram(compiled("blocks.rules", kTriples + kP0 + kP1));
    REQUIRE(replaced.ok());
    REQUIRE(replaced->rules.size() == 3);
    CHECK(replaced->rules[2].name == "p2");
    CHECK(replaced->rules[2].fate == Replaced::Fate::Removed);
    CHECK_FALSE(w.engine.matches("p2").ok());
    for (const char* rule : {"p0", "p1"}) CHECK(matchesOf(w.engine, rule) == 1);
    CHECK(w.settle() == 0);
    leaveDigest("A0-8", w.engine.traceDigest());
  }
}

}  // namespace scenarios_late_rules_test
