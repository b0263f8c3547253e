// What rules become: which nodes, and which of them are shared.

#include "network/network.h"

#include "program/program_state.h"
#include "support/harness.h"

namespace network_test {

using namespace reticle;
using namespace reticle::test;

namespace {

std::size_t count(const Network& network, NodeKind kind) {
  std::size_t number = 0;
  for (const Node& node : network.nodes) number += node.kind == kind;
  return number;
}

const char* const kTypes = "fact A { x: int y: int }\nfact B { x: int z: string? }\n";

}  // namespace

TEST_SUITE("network") {
  TEST_CASE("rules that begin alike share their tests and joins") {
    auto program = compiled("shared.rules", std::string(kTypes) + R"(
rule one allow RL3002 when { a: A(y > 1) b: B(x == a.x) } then { log info t"{b.x}" }
rule two allow RL3002 when { a: A(y > 1) b: B(x == a.x) not B(z == "stop") } then { log info t"{b.x}" }
)");
    REQUIRE(program);
    const Network& network = program->network;
    CHECK(count(network, NodeKind::Join) == 2);  // A, and B joined to it: once for both rules
    CHECK(count(network, NodeKind::Test) == 2);  // y > 1, z == "stop"
    CHECK(count(network, NodeKind::Not) == 1);
    CHECK(count(network, NodeKind::Production) == 2);
    NodeId join = network.conditionNodes[0][1];
    CHECK(join == network.conditionNodes[1][1]);
    CHECK(network.node(join).rules == std::vector<RuleId>{RuleId{0}, RuleId{1}});
  }

  TEST_CASE("a test means the same whatever the facts are called") {
    auto program = compiled("names.rules", std::string(kTypes) + R"(
rule one when { first: A(y > 1) B(x == first.x) } then { log info "one" }
rule two when { second: A(y > 1) B(x == second.x) } then { log info "two" }
)");
    REQUIRE(program);
    CHECK(count(program->network, NodeKind::Join) == 2);
  }

  TEST_CASE(
      "a rule that reads more fields does not share the join, so that the other is not fired for "
      "them") {
    auto program = compiled("masks.rules", std::string(kTypes) + R"(
rule one when { a: A } then { log info "one" }
rule two when { a: A  if a.y > 1 } then { log info "two" }
)");
    REQUIRE(program);
    Watched w(program);
    FactId a = w.insert("A", {{"x", number(1)}, {"y", number(5)}});
    CHECK(w.settle() == 2);
    w.submit(update(a, {{"x", number(2)}}));
    CHECK(w.settle() == 0);  // nobody reads x
    w.submit(update(a, {{"y", number(6)}}));
    CHECK(w.settle() == 1);  // only `two` reads y
    CHECK(w.watch.log.back() == "two");
  }

  TEST_CASE(
      "equalities become keys, other comparisons of two facts stay tests, what reads one fact "
      "becomes an alpha test") {
    auto program = compiled("split.rules", std::string(kTypes) + R"(
rule one when { a: A B(x == a.x && x > 3, z != null, x < a.y) } then { log info "one" }
)");
    REQUIRE(program);
    const Network& network = program->network;
    const Node& join = network.node(network.conditionNodes[0][1]);
    REQUIRE(join.keys.size() == 1);
    CHECK(join.keys[0].text == "x == a.x");
    REQUIRE(join.residual.size() == 1);
    CHECK(join.residual[0].text == "x < a.y");
    CHECK(count(network, NodeKind::Test) == 2);
  }

  TEST_CASE(
      "parents have smaller ids than their children, and readers of a memory come descendants "
      "first") {
    auto program = compiledFile("examples/manners/manners.rules");
    REQUIRE(program);
    for (const Node& node : program->network.nodes) {
      if (node.left != kNoNode) CHECK(index(node.left) < index(node.id));
      if (node.right != kNoNode) CHECK(index(node.right) < index(node.id));
      for (std::size_t i = 1; i < node.readers.size(); ++i) {
        CHECK(index(node.readers[i - 1]) > index(node.readers[i]));
      }
    }
  }

  TEST_CASE("the dump of a small network") {
    auto program = compiled("dump.rules",
                            "fact A { x: int }\nrule r when { a: A(x > 1) not A(x == a.x + 1) } "
                            "then { log info \"r\" }\n");
    REQUIRE(program);
    CHECK(dump(program->network, program->model) ==
          "0 type Clock\n"
          "1 type A\n"
          "2 test right 1 x > 1\n"
          "3 join right 2 a: A row 0 A\n"
          "4 not left 3 right 1 test [x == a.x + 1]\n"
          "5 production left 4 r\n");
  }
}

}  // namespace network_test
