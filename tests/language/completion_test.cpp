// What is offered while rules are being typed.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "language/service.h"

namespace language_completion_test {

namespace {

using reticle::test::Service;

const std::string kTypes =
    R"(fact Customer { key id: string  tier: Tier = Tier.GOLD  age: int?  loggedIn: bool = false }
fact CartItem { key customerId: string  key sku: string  qty: int  kind: enum("book", "toy") }
enum Tier { GOLD, SILVER }
subject Device as "device|{id}" { key id: string  temp: double? }
event OrderPlaced { customerId: string  total: double }
const limit = 3.5
table price(t: Tier) -> double { | Tier.GOLD => 1.0  default => limit }
host function mail.send(to: string, template: string) -> string
host pure function rate(of: string) -> double
flow Fulfil(id: string) { step first = call mail.send(to: id, template: "x") }
)";

Service in(const std::string& text) { return Service(kTypes + text); }

}  // namespace

TEST_SUITE("completion") {
  TEST_CASE("a pattern offers the fields of its type first") {
    CHECK(in("rule \"r\" when { c: Customer(‸) } then { halt }").first(4) ==
          "age id loggedIn tier");
    CHECK(in("rule \"r\" when { c: Customer(loggedIn, ‸) } then { halt }").first(4) ==
          "age id loggedIn tier");
    CHECK(in("rule \"r\" when { c: Customer(lo‸) } then { halt }").offers("loggedIn"));
    CHECK(in("rule \"r\" when { c: Customer(loggedIn && ‸) } then { halt }").offers("tier"));
  }

  TEST_CASE("it works in a text that is cut off") {
    CHECK(in("rule \"r\" when { c: Customer(‸").first(4) == "age id loggedIn tier");
    CHECK(in("rule \"r\"\nwhen {\n  c: Customer(tier == ‸").first(2) == "Tier.GOLD Tier.SILVER");
    CHECK(in("rule \"r\"\nwhen {\n  c: Customer(\n  i: CartItem(customerId == c.‸").first(1) ==
          "id");
    CHECK(in("rule \"r\" when { c: Customer(loggedIn }\nthen { set c.‸").offers("age"));
  }

  TEST_CASE("on the other side of a comparison a fitting field comes first") {
    CHECK(in("rule \"r\" when { c: Customer  i: CartItem(customerId == c.‸) } then { halt }")
              .first(1) == "id");
    CHECK(in("rule \"r\" when { c: Customer  i: CartItem(customerId == ‸) } then { halt }")
              .first(1) == "c.id");
  }

  TEST_CASE("the values of an enum follow `==`") {
    CHECK(in("rule \"r\" when { c: Customer(tier == ‸) } then { halt }").first(2) ==
          "Tier.GOLD Tier.SILVER");
    CHECK(in("rule \"r\" when { i: CartItem(kind == ‸) } then { halt }").first(2) ==
          "\"book\" \"toy\"");
    CHECK(in("rule \"r\" when { c: Customer(tier == Tier.‸) } then { halt }").first(2) ==
          "GOLD SILVER");
    CHECK(in("rule \"r\" when { c: Customer(loggedIn == ‸) } then { halt }").first(2) ==
          "false true");
  }

  TEST_CASE("items begin with the words allowed there, and whole constructs") {
    Service outside = in("‸");
    for (const char* word : {"rule", "fact", "test", "rule …", "test …"}) {
      CHECK_MESSAGE(outside.offers(word), word);
    }
    CHECK(!outside.offers("insert"));
    Service when = in("rule \"r\"\nwhen {\n  ‸\n}\nthen { halt }");
    for (const char* word : {"not", "exists", "accumulate", "Customer", "Clock"}) {
      CHECK_MESSAGE(when.offers(word), word);
    }
    CHECK(!when.offers("insert"));
    Service then = in("rule \"r\" when { c: Customer }\nthen {\n  ‸\n}");
    for (const char* word : {"insert", "set", "emit", "halt"}) {
      CHECK_MESSAGE(then.offers(word), word);
    }
    CHECK(!then.offers("sleep"));
    CHECK(!then.offers("accumulate"));
    Service steps = in("flow F(a: string) {\n  ‸\n}");
    for (const char* word : {"step", "wait", "fail", "step …"}) {
      CHECK_MESSAGE(steps.offers(word), word);
    }
    CHECK(in("rule \"r\" ‸").offers("salience"));
    CHECK(in("test \"t\" {\n  ‸\n}").offers("given"));
    CHECK(in("test \"t\" {\n  expect {\n    ‸\n  }\n}").offers("fired"));
    CHECK(in("test \"t\" {\n  given {\n    ‸\n  }\n}").offers("settle"));
    CHECK(in("table t(a: Tier) -> int {\n  ‸\n}").offers("row"));
  }

  TEST_CASE("after a verb stands what it takes") {
    Service insert = in("rule \"r\" when { c: Customer } then { insert ‸ }");
    CHECK(insert.offers("CartItem"));
    CHECK(!insert.offers("OrderPlaced"));
    CHECK(in("rule \"r\" when { c: Customer } then { emit ‸ }").first(1) == "OrderPlaced");
    CHECK(in("rule \"r\" when { c: Customer } then { set ‸ }").first(1) == "c");
    CHECK(in("rule \"r\" when { c: Customer } then { set c.‸ }").offers("loggedIn"));
    CHECK(in("rule \"r\" when { c: Customer } then { set c.tier = ‸ }").first(2) ==
          "Tier.GOLD Tier.SILVER");
    CHECK(in("rule \"r\" when { c: Customer } then { start ‸ }").first(1) == "Fulfil");
    CHECK(in("flow F(a: string) { step s = call ‸ }").offers("mail.send"));
    CHECK(in("flow F(a: string) { step s = call mail.‸ }").first(1) == "send");
    CHECK(in("rule \"r\"\non ‸").offers("OrderPlaced"));
    CHECK(in("rule \"r\"\non change d: Device.‸").first(1) == "id");
    CHECK(in("rule \"pay\" when { c: Customer } then { halt }\ntest \"t\" { expect { fired ‸ } }")
              .first(1) == "pay");
    CHECK(in("table t(a: Tier) -> int hit ‸").first(1) == "any");
  }

  TEST_CASE("fields and arguments are offered by name until they are given") {
    CHECK(in("rule \"r\" when { c: Customer } then { insert CartItem{‸} }").first(4) ==
          "customerId kind qty sku");
    CHECK(in("rule \"r\" when { c: Customer } then { insert CartItem{qty: 1, ‸} }").first(3) ==
          "customerId kind sku");
    CHECK(in("rule \"r\" when { c: Customer } then { insert CartItem{kind: ‸} }").first(2) ==
          "\"book\" \"toy\"");
    CHECK(in("flow F(a: string) { step s = call mail.send(to: a, ‸) }").first(1) == "template");
    CHECK(in("rule \"r\" when { c: Customer } then { update c {‸} }").offers("age"));
  }

  TEST_CASE("types stand where a type is written") {
    for (const char* text :
         {"fact X { a: ‸ }", "fact X { a: list<‸ }", "function f(a: ‸", "const x: ‸"}) {
      Service service = in(text);
      CHECK_MESSAGE(service.offers("string"), text);
      CHECK_MESSAGE(service.offers("Tier"), text);
      CHECK_MESSAGE(!service.offers("limit"), text);
    }
  }

  TEST_CASE("values are offered with the names known at the place") {
    Service then = in("rule \"r\" when { c: Customer  let n = 3 } then { log ‸ }");
    for (const char* name : {"c", "n", "limit", "price", "rate", "size"}) {
      CHECK_MESSAGE(then.offers(name), name);
    }
    CHECK(!then.offers("mail.send"));
    CHECK(!in("rule \"a\" when { c: Customer } then { halt }\nrule \"b\" when { d: Device } then { "
              "log ‸ }")
               .offers("c"));
    CHECK(in("rule \"r\" when { c: Customer } then { log t\"{c.‸}\" }").offers("age"));
    CHECK(in("rule \"r\"\non e: OrderPlaced\nthen { log e.meta.‸ }").offers("time"));
    CHECK(in("rule \"r\"\non change d: Device.temp\nthen { log ‸ }").offers("old"));
    CHECK(in("table t(a: Tier) -> int { | ‸ }").first(2) == "Tier.GOLD Tier.SILVER");
  }

  TEST_CASE("nothing is offered inside of texts and comments, and where a name is invented") {
    for (const char* text : {"rule \"r‸\"", "// about ‸", "const x = \"a‸b\"",
                             "rule \"r\" when { c: Customer } then { let ‸ }", "const x = 12‸"}) {
      CHECK_MESSAGE(in(text).offered().empty(), text);
    }
  }

  TEST_CASE("the word being typed is replaced, counted in UTF-16") {
    Service service = in("rule \"r\" when { c: Customer(id == \"𝄞ü\" && tie‸r) } then { halt }");
    const nlohmann::json items = service.feature("completion")["items"];
    const auto tier = std::find_if(items.begin(), items.end(),
                                   [](const auto& item) { return item["label"] == "tier"; });
    REQUIRE(tier != items.end());
    CHECK((*tier)["textEdit"]["range"]["start"]["character"] == 43);
    CHECK((*tier)["textEdit"]["range"]["end"]["character"] == 47);
  }
}

}  // namespace language_completion_test
