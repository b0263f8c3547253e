// Where a fact is in the network: what holds it, what it rests in, and the test that stops it.

#include <algorithm>

#include "program/program_state.h"
#include "support/harness.h"

namespace inquiry_path_test {

using namespace reticle;
using namespace reticle::test;

namespace {

// "test color == "red": stopped, `color == "red"` is false ("blue" against "red")", a line a node,
// with its kind, its label and how many matches.
std::string pathOf(Watched& w, const std::shared_ptr<const Program>& program, FactId fact) {
  const Result<FactPath> path = w.engine.pathOf(fact);
  REQUIRE(path.ok());
  std::string out;
  for (const FactPath::At& at : path->nodes) {
    const Node& node = program->network.node(at.node);
    std::string line = std::string(name(node.kind)) + " ";
    line += node.kind == NodeKind::Production ? program->model.rules[index(node.rule)].name
                                              : node.label;
    line += ": " + std::string(name(at.how)) + " " + std::to_string(at.matches);
    if (!at.text.empty()) line += ", " + at.text;
    out += line + "\n";
  }
  return out;
}

}  // namespace

TEST_SUITE("path of a fact") {
  TEST_CASE("a test that a fact does not pass ends its path, and nothing behind it is told") {
    auto program = compiled("thing.rules", R"(
fact Thing { key name: string  color: string }
rule "red things" when { t: Thing(color == "red") } then { log info "red" }
)");
    REQUIRE(program);
    Watched w(program);
    const FactId blue = w.insert("Thing", {{"name", text("sky")}, {"color", text("blue")}});
    const FactId red = w.insert("Thing", {{"name", text("rose")}, {"color", text("red")}});
    CHECK(pathOf(w, program, blue) ==
          "type Thing: held 1\n"
          "test color == \"red\": stopped 0, `color == \"red\"` is false (\"blue\" against "
          "\"red\")\n");
    CHECK(pathOf(w, program, red) ==
          "type Thing: held 1\ntest color == \"red\": held 1\njoin t: Thing: held 1\n"
          "production red things: held 1\n");
    CHECK_FALSE(w.engine.pathOf(FactId{99}).ok());
  }

  TEST_CASE("a join names the comparison that refuses the nearest pair, and says when none comes") {
    auto program = compiled("cart.rules", R"(
fact Customer { key id: string }
fact Item { key sku: string  customer: string  price: int }
rule dear when { c: Customer  i: Item(customer == c.id, price > 10) } then { log info i.sku }
)");
    REQUIRE(program);
    Watched w(program);
    const FactId lonely =
        w.insert("Item", {{"sku", text("a")}, {"customer", text("bob")}, {"price", number(20)}});
    CHECK(pathOf(w, program, lonely).find("waits 0, nothing comes here") != std::string::npos);
    const FactId ada = w.insert("Customer", {{"id", text("ada")}});
    CHECK(pathOf(w, program, lonely)
              .find("stopped 0, `customer == c.id` is false (\"bob\" against "
                    "\"ada\")") != std::string::npos);
    CHECK(pathOf(w, program, ada).find("stopped 0, `customer == c.id` is false") !=
          std::string::npos);
    w.insert("Customer", {{"id", text("bob")}});
    CHECK(pathOf(w, program, lonely).find("production dear: held 1") != std::string::npos);
  }

  TEST_CASE("what is counted in a group rests in its result, and the filter after it says both") {
    auto program = compiled("count.rules", R"(
fact Item { key sku: string }
fact Many { key n: int }
rule many
when { accumulate { i: Item } into n = count()  if n > 2 }
then { insert logical Many{n: n} }
)");
    REQUIRE(program);
    Watched w(program);
    const FactId first = w.insert("Item", {{"sku", text("a")}});
    w.insert("Item", {{"sku", text("b")}});
    const std::string two = pathOf(w, program, first);
    CHECK(two.find("accumulate") != std::string::npos);
    CHECK(two.find("filter n > 2: stopped 0, `n > 2` is false (2 against 2)") != std::string::npos);
    CHECK(two.find("production") == std::string::npos);
    w.insert("Item", {{"sku", text("c")}});
    CHECK(pathOf(w, program, first).find("production many: held 1") != std::string::npos);
  }

  TEST_CASE("a fact that must not be there blocks, one that must be there carries matches on") {
    auto program = compiled("blocks.rules", R"(
fact Order { key id: int }
fact Stop { key order: int }
fact Paid { key order: int }
rule send when { o: Order  not Stop(order == o.id)  exists Paid(order == o.id) }
then { log info "sent" }
)");
    REQUIRE(program);
    Watched w(program);
    const FactId order = w.insert("Order", {{"id", number(1)}});
    const FactId stop = w.insert("Stop", {{"order", number(1)}});
    const FactId paid = w.insert("Paid", {{"order", number(1)}});
    CHECK(pathOf(w, program, stop).find("blocks 1, it keeps 1 match from going on") !=
          std::string::npos);
    CHECK(pathOf(w, program, order).find("stopped 0, something is there that must not be") !=
          std::string::npos);
    CHECK(pathOf(w, program, paid).find("waits 0") != std::string::npos);
    w.submit(retract(stop));
    CHECK(pathOf(w, program, paid).find("production send: held 1") != std::string::npos);
    CHECK(pathOf(w, program, order).find("production send: held 1") != std::string::npos);
  }

  TEST_CASE("asking changes nothing: neither counters nor digests") {
    auto program = compiled("same.rules", R"(
fact A { key id: int }
fact B { key id: int }
rule pair when { a: A  b: B(id > a.id)  if a.id + b.id < 9 } then { log info "pair" }
)");
    REQUIRE(program);
    Watched w(program);
    for (int i = 0; i < 6; ++i) {
      w.insert("A", {{"id", number(i)}});
      w.insert("B", {{"id", number(i)}});
    }
    const std::string digest = w.engine.digest();
    const Counters before = w.engine.counters();
    for (std::uint32_t fact = 1; fact <= 12; ++fact) CHECK(w.engine.pathOf(FactId{fact}).ok());
    const Counters after = w.engine.counters();
    CHECK(w.engine.digest() == digest);
    for (std::size_t i = 0; i < before.nodes.size(); ++i) {
      CHECK(before.nodes[i].tests == after.nodes[i].tests);
    }
  }
}

}  // namespace inquiry_path_test
