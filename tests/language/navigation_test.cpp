// Definition, references, renaming.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "language/service.h"

namespace language_navigation_test {

namespace {

using reticle::test::Service;

const std::string kShop = R"(fact Customer { key id: string  name: string  age: int? }
subject Device as "device|{id}" { key id: string  temp: double? }
rule "greet" when {
  c: Customer(name != "")
} then {
  log t"hello {c.name}"
  update c {name: "x"}
}
test "greets" { expect { fired "greet" } }
)";

Service at(const std::string& before, const std::string& text = kShop) {
  const std::size_t place = text.find(before);
  CHECK_MESSAGE(place != std::string::npos, before);
  return Service(text.substr(0, place) + reticle::test::kCursor + text.substr(place));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t place = 0; (place = text.find(from, place)) != std::string::npos;
       place += to.size()) {
    text.replace(place, from.size(), to);
  }
  return text;
}

}  // namespace

TEST_SUITE("navigation") {
  TEST_CASE("definition leads from a use to the declaration") {
    CHECK(Service::places(nlohmann::json::array({at("name}\"").feature("definition")})) == "0:32");
    CHECK(Service::places(nlohmann::json::array({at("c.name").feature("definition")})) == "3:2");
    CHECK(Service::places(nlohmann::json::array({at("greet\" }").feature("definition")})) == "2:6");
    CHECK(at("log").feature("definition").is_null());
  }

  TEST_CASE("references list the writers before the readers; highlights tell them apart") {
    CHECK(Service::places(
              at("name: string")
                  .feature("references", {{"context", {{"includeDeclaration", true}}}})) ==
          "0:32 6:12 3:14 5:17");
    CHECK(Service::places(at("name: string").feature("references")) == "6:12 3:14 5:17");
    std::string kinds;
    for (const auto& one : at("name: string").feature("documentHighlight")) {
      kinds += std::to_string(one["kind"].get<int>());
    }
    CHECK(kinds == "1223");
  }

  TEST_CASE("a renaming reaches templates, records and the name of a subject") {
    CHECK(at("name: string").renamed("title") == replaced(kShop, "name", "title"));
    CHECK(at("c: Customer")
              .renamed("who")
              .find("who: Customer(name != \"\")\n} then {\n  log t\"hello {who.name}\"\n  update "
                    "who {") != std::string::npos);
    CHECK(at("id: string  temp")
              .renamed("serial")
              .find("subject Device as \"device|{serial}\" { key serial: string") !=
          std::string::npos);
    CHECK(at("Customer {").renamed("Buyer") == replaced(kShop, "Customer", "Buyer"));
    CHECK(at("greet\" when").renamed("say \"hi\"") ==
          replaced(kShop, "\"greet\"", "\"say \\\"hi\\\"\""));
  }

  TEST_CASE("a rule without quotes gets them when its new name needs them") {
    const std::string text =
        "fact A { x: int }\nrule greet when { A } then { halt }\ntest \"t\" { expect { fired greet "
        "} }\n";
    CHECK(at("greet when", text).renamed("hello") == replaced(text, "greet", "hello"));
    CHECK(at("greet when", text).renamed("say hello") == replaced(text, "greet", "\"say hello\""));
  }

  TEST_CASE("a renaming says why it cannot be") {
    CHECK(at("name: string").renamed("first name") ==
          "`first name` is not a name: names are written with the letters a to z, digits and `_`");
    CHECK(at("name: string").renamed("while") ==
          "`while` is a word of the expression language and cannot be a name");
    CHECK(at("name: string").renamed("id") ==
          "there is already something called `id` in `Customer`");
    CHECK(at("Customer {").renamed("customer") == "the name of a type begins with a capital");
    CHECK(at("Customer {").renamed("Device") == "there is already something called `Device`");
    CHECK(at("c: Customer").renamed("C") == "only types begin with a capital");
    // The field `age` would hide the binding.
    CHECK(at("c: Customer").renamed("age").find("does not fit") == std::string::npos);
    CHECK(at("log").feature("prepareRename").is_null());
    Service clock("rule \"r\" when { Clock(‸hour == 1) } then { halt }");
    CHECK(clock.feature("prepareRename")["error"]["message"] == "`hour` is named by the language");
  }

  TEST_CASE("a renaming that would change what something means is refused") {
    const std::string text =
        "fact A { x: int }\nfact B { y: int }\nconst z = 1\nrule r when { a: A  b: B(y == a.x, y "
        "== z) } then { log b.y }\n";
    CHECK(at("z = 1", text).renamed("y").find("`y`") != std::string::npos);
    CHECK(at("z = 1", text).renamed("y").find("const y") == std::string::npos);
    CHECK(at("x: int", text).renamed("y").find("a.y") != std::string::npos);
  }

  TEST_CASE("prepareRename gives the word and its place") {
    const nlohmann::json answer = at("name}\"").feature("prepareRename");
    CHECK(answer["placeholder"] == "name");
    CHECK(answer["range"]["start"]["character"] == 17);
    CHECK(answer["range"]["end"]["character"] == 21);
  }

  TEST_CASE("modules are one program: references and renaming across files") {
    Service service("module shop\nfact ‸Order { key id: string }\n");
    const std::string other =
        "module bill\nimport shop\nimport shop.Order as O\nrule \"r\" when { a: Order  b: "
        "shop.Order(id == a.id)  c: O } then { log t\"{a.id} {b.id} {c.id}\" }\n";
    service.workspace.open("file:///b.rules", other);
    CHECK(service.feature("references").size() == 4);
    const nlohmann::json answer = service.feature("rename", {{"newName", "Sale"}});
    REQUIRE(answer.contains("changes"));
    CHECK(Service::edited(other, answer["changes"]["file:///b.rules"]) ==
          replaced(other, "Order", "Sale"));
    CHECK(Service::edited(service.text(), answer["changes"][Service::kUri]) ==
          replaced(service.text(), "Order", "Sale"));
    service.workspace.close("file:///b.rules");
    CHECK(service.feature("references").size() == 0);
  }
}

}  // namespace language_navigation_test
