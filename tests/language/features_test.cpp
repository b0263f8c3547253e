// Diagnostics, hover, signatures, outline, colours, hints, formatting; and what the protocol asks
// of all of them.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "language/service.h"

namespace language_features_test {

namespace {

using nlohmann::json;
using reticle::test::kCursor;
using reticle::test::Service;

const std::string kShop = R"(/// Someone who buys.
fact Customer { key id: string  tier: Tier = Tier.GOLD  age: int? where age > 0 }
enum Tier { GOLD, SILVER }
fact Item { customerId: string  qty: int  tags: list<string>  more: any }
table price(t: Tier) -> double { | Tier.GOLD => 1.0  default => 2.5 }
/// Sends a letter.
host function mail.send(to: string, template: string = "plain") -> string
rule "r" when {
  c: Customer(age != null, age > 3)
  i: Item(customerId == c.id, qty > 2, qty + 1 > c.age, "x" in tags, more.x == 1)
  let p = price(c.tier)
  if p > 1.0
} then {
  set i.qty = 3
  log t"{p}"
}
flow Send(to: string) retry forever backoff linear 5s..12s {
  step first = call mail.send(to: to) retry 4 times backoff exponential 1s
  step second = call mail.send(to: first)
}
)";

Service at(const std::string& before, const std::string& text = kShop) {
  const std::size_t place = text.find(before);
  CHECK_MESSAGE(place != std::string::npos, before);
  return Service(text.substr(0, place) + kCursor + text.substr(place));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Semantic tokens as "word type[+modifiers]".
std::string coloured(const std::string& text) {
  Service service(text);
  const json legend = json::parse(service.workspace.request("reticle/legend", "{}"));
  const json data = service.feature("semanticTokens/full")["data"];
  std::string result;
  std::size_t line = 0, character = 0;
  for (std::size_t i = 0; i + 4 < data.size(); i += 5) {
    const std::size_t down = data[i], right = data[i + 1];
    character = down > 0 ? right : character + right;
    line += down;
    std::size_t start = 0;
    for (std::size_t n = 0; n < line; ++n) start = text.find('\n', start) + 1;
    result += (result.empty() ? "" : ", ") + text.substr(start + character, data[i + 2]) + " " +
              legend["tokenTypes"][data[i + 3].get<std::size_t>()].get<std::string>();
    for (std::size_t m = 0; m < legend["tokenModifiers"].size(); ++m) {
      if (data[i + 4].get<unsigned>() >> m & 1) {
        result += "+" + legend["tokenModifiers"][m].get<std::string>();
      }
    }
  }
  return result;
}

}  // namespace

TEST_SUITE("language features") {
  TEST_CASE("diagnostics carry their code, both ends and the repair") {
    Service service(
        "fact Customer { loggedIn: bool }\nrule \"r\" when { c: Customer(logedIn) } then { log "
        "c.loggedIn }\n");
    const json items = service.feature("diagnostic")["items"];
    REQUIRE(items.size() == 1);
    CHECK(items[0]["code"] == "RL1001");
    CHECK(items[0]["severity"] == 1);
    CHECK(Service::places(items) == "1:28");
    CHECK(items[0]["relatedInformation"][0]["location"]["range"]["start"]["line"] == 0);
    CHECK(items[0]["data"]["fixes"][0]["edit"]["changes"][Service::kUri][0]["newText"] ==
          "loggedIn");
    const json actions = service.whole("codeAction");
    REQUIRE(actions.size() == 1);
    CHECK(actions[0]["kind"] == "quickfix");
    CHECK(has(Service::edited(service.text(), actions[0]["edit"]["changes"][Service::kUri]),
              "Customer(loggedIn)"));
  }

  TEST_CASE("diagnostics follow each edit, and places are counted in UTF-16") {
    Service service("// 𝄞 ü\nconst a = \"𝄞\" + 1\n");
    CHECK(Service::places(service.feature("diagnostic")["items"]) == "1:17");
    CHECK(service.workspace.edit(Service::kUri, 1, 17, 1, 18, "\"ü\""));
    CHECK(service.feature("diagnostic")["items"].empty());
    CHECK(service.workspace.edit(Service::kUri, 0, 3, 0, 5, ""));
    CHECK(!service.workspace.edit(Service::kUri, 7, 0, 7, 0, "x"));
    CHECK(!service.workspace.edit(Service::kUri, 1, 3, 1, 2, "x"));
    CHECK(!service.workspace.edit("file:///other.rules", 0, 0, 0, 0, "x"));
  }

  TEST_CASE("hover shows how a name is declared, with its documentation") {
    CHECK(has(at("Customer(age").hovered(),
              "fact Customer {\n  key id: string\n  tier: Tier = Tier.GOLD\n  age: int? where age "
              "> 0\n}"));
    CHECK(has(at("Customer(age").hovered(), "Someone who buys."));
    CHECK(has(at("price(c").hovered(), "table price(t: Tier) -> double"));
    CHECK(has(at("price(c").hovered(), "1 row, `hit unique`, with a default"));
    CHECK(has(at("p > 1").hovered(), "p: double"));
    CHECK(has(at("mail.send(to: first").hovered(),
              "host function mail.send(to: string, template: string = \"plain\") -> string"));
    CHECK(has(at("mail.send(to: first").hovered(), "Sends a letter."));
    CHECK(has(at("qty = 3").hovered(), "field of `Item`"));
    CHECK(has(at("age > 3").hovered(), "not null here: `int`"));
    CHECK(has(at("let p").hovered(), "Names a value."));
    CHECK(at("\"{p}").hovered().empty());
  }

  TEST_CASE("hover says what a constraint becomes and whether it can fail") {
    CHECK(has(at("> 2, qty").hovered(),
              "becomes an alpha test: it looks at one fact alone. It cannot fail."));
    CHECK(has(at("== c.id").hovered(), "becomes a key of the hash join. It cannot fail."));
    CHECK(has(at("+ 1 >").hovered(),
              "becomes a range key of the join. It can fail: arithmetic can overflow"));
    CHECK(has(at("in tags").hovered(), "It cannot fail."));
    CHECK(has(at("== 1)").hovered(), "It can fail: `more.x` may not be there"));
    CHECK(has(at("> 1.0\n").hovered(), "becomes a guard"));
    const std::string switched =
        "fact A { x: string }\nrule r when { a: A(x == \"y\", this.x != a.x) } then { halt }";
    CHECK(has(at("== \"y\"", switched).hovered(), "a hash switch on `x`"));
  }

  TEST_CASE("hover spells the plan of a step out") {
    CHECK(
        has(at("first = ").hovered(), "4 more attempts, after 1s, 2s, 4s, 8s; then the run fails"));
    CHECK(has(at("second = ").hovered(),
              "again and again, after 5s, 10s, 12s and then always 12s (the plan of the flow)"));
  }

  TEST_CASE("a signature marks the parameter at hand") {
    const auto help = [](const std::string& text) {
      return Service(kShop + text).feature("signatureHelp");
    };
    const json host = help("flow F(a: string) { step s = call mail.send(to: a, ‸) }");
    CHECK(host["signatures"][0]["label"] ==
          "mail.send(to: string, template: string = \"plain\") -> string");
    CHECK(host["activeParameter"] == 1);
    CHECK(help("flow F(a: string) { step s = call mail.send(template: ‸")["activeParameter"] == 1);
    CHECK(help("const x = price(‸)")["signatures"][0]["parameters"][0]["label"] == "t: Tier");
    CHECK(help("const x = \"a\".replace(\"b\", ‸)")["activeParameter"] == 1);
    CHECK(help("rule \"q\" when { c: Customer } then { insert Item{customerId: c.id, qty: ‸} }")
              ["activeParameter"] == 1);
    CHECK(help("const x = ‸").is_null());
  }

  TEST_CASE("the outline names declarations with their parts") {
    const json symbols = Service(kShop).feature("documentSymbol");
    std::string names;
    for (const json& symbol : symbols) names += symbol["name"].get<std::string>() + " ";
    CHECK(names == "Customer Tier Item price mail.send r Send ");
    CHECK(symbols[0]["children"].size() == 3);
    CHECK(symbols[0]["children"][2]["detail"] == "age: int? where age > 0");
    CHECK(symbols[3]["detail"] == "(t: Tier) -> double");
    CHECK(symbols[6]["children"][1]["name"] == "second");
  }

  TEST_CASE("blocks, comments and imports fold") {
    const json folds = Service(
                           "import a\nimport b\n// one\n// two\nfact A {\n  x: int\n}\nrule "
                           "r\nwhen {\n  A\n}\nthen { halt }\n")
                           .feature("foldingRange");
    std::string lines;
    for (const json& fold : folds) {
      lines += std::to_string(fold["startLine"].get<int>()) + "-" +
               std::to_string(fold["endLine"].get<int>()) + " ";
    }
    CHECK(lines == "0-1 2-3 4-6 7-11 8-9 ");
  }

  TEST_CASE("selections grow from the word to the file") {
    Service service("const x = price(a.b‸ + 1)\n");
    json selection =
        service.feature("selectionRange", {{"positions", {{{"line", 0}, {"character", 19}}}}})[0];
    std::string sizes;
    for (json* one = &selection;; one = &(*one)["parent"]) {
      const json& range = (*one)["range"];
      sizes += std::to_string(range["start"]["character"].get<int>()) + "-" +
               std::to_string(range["end"]["line"].get<int>()) + ":" +
               std::to_string(range["end"]["character"].get<int>()) + " ";
      if (!one->contains("parent")) break;
    }
    CHECK(sizes == "18-0:19 16-0:23 15-0:24 0-0:24 0-1:0 ");
  }

  TEST_CASE("colours tell names by what they mean, and keywords only where they are") {
    CHECK(coloured("fact A { key on: string }\nrule \"r\" when { a: A(on == \"x\") } then { set "
                   "a.on = \"y\" }") ==
          "fact keyword, A class+declaration, key keyword, on property+declaration, string "
          "type+defaultLibrary, rule keyword, when keyword, a variable+declaration, "
          "A class, on property, then keyword, set keyword, a variable, on property+modification");
    CHECK(coloured("const top = size(\"a\")\nhost function mail.send(to: int)") ==
          "const keyword, top variable+declaration+readonly, size function+defaultLibrary, host "
          "keyword, function keyword, mail.send function+declaration, "
          "to parameter+declaration, int type+defaultLibrary");
  }

  TEST_CASE("hints show types that nobody wrote, and values known not to be null") {
    const json hints = Service(kShop).whole("inlayHint");
    std::string text;
    for (const json& hint : hints) {
      text += std::to_string(hint["position"]["line"].get<int>()) +
              hint["label"].get<std::string>() + " ";
    }
    CHECK(has(text, "8: int "));
    CHECK(has(text, "10: double "));
    CHECK(has(text, "17: string "));
  }

  TEST_CASE("formatting returns the changes between the words alone") {
    const std::string text =
        "fact   A { key id:string  x: int }\n// about r\nrule \"r\" when { a: A(x>1) } then { log "
        "a.id }\n";
    Service service(text);
    const json edits = service.feature("formatting");
    REQUIRE(edits.is_array());
    const std::string formatted = Service::edited(text, edits);
    CHECK(has(formatted, "key id: string"));
    CHECK(has(formatted, "A(x > 1)"));
    CHECK(has(formatted, "// about r"));
    Service again(formatted);
    CHECK(again.feature("formatting").empty());
    for (const json& edit : edits) {
      CHECK(edit["range"] != json({{"start", {{"line", 0}, {"character", 0}}},
                                   {"end", {{"line", 3}, {"character", 0}}}}));
    }
    const json some = service.feature(
        "rangeFormatting",
        {{"range",
          {{"start", {{"line", 2}, {"character", 0}}}, {"end", {{"line", 3}, {"character", 0}}}}}});
    CHECK(!some.empty());
    for (const json& edit : some) CHECK(edit["range"]["start"]["line"] == 2);
    CHECK(Service("rule {").feature("formatting").is_null());
  }

  TEST_CASE("the keywords come from the parser's table") {
    const json groups = json::parse(reticle::Workspace().request("reticle/keywords", ""));
    for (const char* group :
         {"declarations", "clauses", "conditions", "actions", "constants", "types"}) {
      CHECK_MESSAGE(!groups[group].empty(), group);
    }
    CHECK(std::find(groups["clauses"].begin(), groups["clauses"].end(), "loop") !=
          groups["clauses"].end());
  }

  TEST_CASE("what has no result is refused, and never a crash") {
    reticle::Workspace workspace;
    const auto code = [&](const std::string& method, const std::string& params) {
      return json::parse(workspace.request(method, params))["error"]["code"].get<int>();
    };
    CHECK(code("textDocument/dance", "{}") == -32601);
    CHECK(code("textDocument/hover", "{") == -32602);
    CHECK(code("textDocument/hover", "[]") == -32602);
    CHECK(code("textDocument/hover", R"({"textDocument": {"uri": "a.rules"}})") == -32602);
    workspace.open("a.rules", "fact A { }");
    CHECK(code("textDocument/hover", R"({"textDocument": {"uri": "a.rules"}})") == -32602);
    CHECK(
        code("textDocument/hover",
             R"({"textDocument": {"uri": "a.rules"}, "position": {"line": 9, "character": 0}})") ==
        -32602);
    CHECK(
        code(
            "textDocument/hover",
            R"({"textDocument": {"uri": "a.rules"}, "position": {"line": -1, "character": "x"}})") ==
        -32602);
    CHECK(
        code("textDocument/rename",
             R"({"textDocument": {"uri": "a.rules"}, "position": {"line": 0, "character": 5}})") ==
        -32602);
    workspace.close("a.rules");
    CHECK(code("textDocument/diagnostic", R"({"textDocument": {"uri": "a.rules"}})") == -32602);
  }

  TEST_CASE("documents in the JSON form have diagnostics only") {
    reticle::Workspace workspace;
    workspace.open("a.json", "{}");
    const auto ask = [&](const std::string& method) {
      return json::parse(workspace.request(
          method,
          R"({"textDocument": {"uri": "a.json"}, "position": {"line": 0, "character": 0}})"));
    };
    CHECK(ask("textDocument/diagnostic")["items"][0]["code"] == "RL8012");
    CHECK(ask("textDocument/hover").is_null());
    CHECK(ask("textDocument/completion").is_null());
    workspace.open(
        "a.json",
        R"({"declarations": [{"kind": "fact", "name": "Item", "fields": [{"name": "id", "type": "strin", "key": true}]}]})");
    const json items = ask("textDocument/diagnostic")["items"];
    REQUIRE(items.size() == 1);
    CHECK(items[0]["code"] == "RL0030");
    CHECK(items[0]["range"]["start"]["character"] == 86);
  }

  TEST_CASE("a module is shown in another form; one with mistakes of form is reported with them") {
    Service service(kCursor + std::string("fact Item { key id: string }\n"));
    const json asJson = service.ask("reticle/convert", {{"to", "json"}});
    CHECK(json::parse(asJson["text"].get<std::string>())["declarations"][0]["name"] == "Item");
    CHECK(service.ask("reticle/convert", {{"to", "text"}})["text"] ==
          "fact Item { key id: string }\n");
    CHECK(service.ask("reticle/convert", {{"to", "xml"}})["error"]["code"] == -32602);
    const json broken = Service(kCursor + std::string("fact { key id: string }\n"))
                            .ask("reticle/convert", {{"to", "json"}});
    CHECK_FALSE(broken.contains("text"));
    CHECK(broken["diagnostics"][0]["code"] == "RL0019");
  }
}

}  // namespace language_features_test
