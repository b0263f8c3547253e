// The forms of a module: text, JSON and YAML are one tree, and a mistake in any of them is reported
// at its place.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "document/document.h"
#include "form/dump.h"
#include "form/read_module.h"
#include "reticle/form.h"
#include "reticle/program.h"
#include "support/files.h"
#include "syntax/parser.h"

namespace form_test {

using namespace reticle;

namespace {

struct Script {
  std::string name, text;
};

// All scripts that can be read, but for those whose mistake is a name given twice, which JSON
// cannot hold.
std::vector<Script> scripts() {
  std::vector<Script> found;
  for (const char* folder :
       {"tests/scripts/programs", "tests/scripts/forms", "tests/scripts/diagnostics-model"}) {
    for (const std::string& name : test::filesOf(folder, ".rules")) {
      Script script{name, test::contentOf(std::string(folder) + "/" + name)};
      std::vector<Diagnostic> diagnostics;
      parseModule({name, script.text}, 0, diagnostics);
      if (diagnostics.empty() && convert({name, script.text}, Form::Json).ok()) {
        found.push_back(std::move(script));
      }
    }
  }
  return found;
}

std::string treeOf(const std::string& name, const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const std::string tree = dump(readModule({name, text}, 0, diagnostics));
  for (const Diagnostic& d : diagnostics) MESSAGE(d.message);
  return tree;
}

std::string converted(const std::string& name, const std::string& text, Form to) {
  const Converted result = convert({name, text}, to);
  for (const Diagnostic& d : result.diagnostics) MESSAGE(d.message);
  return result.text;
}

// The codes of all that is said about a module.
std::string codes(const std::string& name, const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  readModule({name, text}, 0, diagnostics);
  std::string out;
  for (const Diagnostic& d : diagnostics) out += (out.empty() ? "" : " ") + d.code;
  return out;
}

std::string rule(const std::string& members) {
  return R"({"declarations": [{"kind": "rule", "name": "r", )" + members + "}]}";
}

std::string text(const Compiled& compiled) { return compiled.text(); }

class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0x1234567u) {}
  std::uint32_t below(std::size_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return bound == 0 ? 0 : static_cast<std::uint32_t>((state_ >> 16) % bound);
  }

 private:
  std::uint64_t state_;
};

std::string mutated(std::string text, Numbers& numbers) {
  static const std::vector<std::string> kPieces = {"{",          "}",           "[",
                                                   "]",          "\"",          "'",
                                                   ":",          ": ",          ",",
                                                   "- ",         "\n",          "\n  ",
                                                   "#",          " # ",         "null",
                                                   "true",       "1e999",       "-",
                                                   "0x1",        "\\",          "\\u12",
                                                   "\\ud800",    "!a",          "&a ",
                                                   "*a",         "|",           ">-",
                                                   "<<: ",       "---\n",       "...",
                                                   "\t",         "\xff",        "\xf0\x9f\x98\x80",
                                                   "{\"lit\": ", "\"match\": ", "a) then { halt",
                                                   "// c",       "[[[[[[[["};
  const std::uint32_t changes = 1 + numbers.below(4);
  for (std::uint32_t i = 0; i < changes; ++i) {
    const std::uint32_t at = numbers.below(text.size() + 1);
    const std::size_t length = std::min<std::size_t>(numbers.below(30), text.size() - at);
    switch (numbers.below(5)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, kPieces[numbers.below(kPieces.size())]); break;
      case 2: text.replace(at, length, kPieces[numbers.below(kPieces.size())]); break;
      case 3: text.insert(numbers.below(text.size() + 1), text.substr(at, length)); break;
      default:
        if (numbers.below(6) == 0) {
          text.resize(at);
        } else if (at < text.size()) {
          text[at] = static_cast<char>(numbers.below(256));
        }
        break;
    }
  }
  return text;
}

// A document as block-style YAML, every text in double quotes.
std::string yaml(const DocumentNode& node, std::size_t indent) {
  if (node.items.empty() ||
      (!node.is(DocumentNode::Kind::Object) && !node.is(DocumentNode::Kind::List))) {
    std::string line = printJson(node);
    line.pop_back();
    return " " + line + "\n";
  }
  std::string out = "\n";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    out.append(indent, ' ');
    if (node.is(DocumentNode::Kind::Object)) {
      out += "\"" + node.names[i] + "\":";
    } else {
      out += "-";
    }
    out += yaml(node.items[i], indent + 2);
  }
  return out;
}

}  // namespace

TEST_SUITE("forms") {
  TEST_CASE("text to JSON to text loses nothing") {
    const std::vector<Script> all = scripts();
    REQUIRE(all.size() > 50);
    for (const Script& script : all) {
      CAPTURE(script.name);
      const std::string json = converted("a.rules", script.text, Form::Json);
      const std::string tree = treeOf("a.rules", script.text);
      CHECK(treeOf("a.json", json) == tree);
      const std::string text = converted("a.json", json, Form::Text);
      CHECK(treeOf("a.rules", text) == tree);
      CHECK(converted("a.rules", text, Form::Json) == json);
      CHECK(converted("a.json", json, Form::Json) == json);
      CHECK(format({"a.rules", text}).text == text);
    }
  }

  TEST_CASE("the same module as YAML is the same tree") {
    for (const Script& script : scripts()) {
      CAPTURE(script.name);
      const std::string json = converted("a.rules", script.text, Form::Json);
      std::vector<Diagnostic> diagnostics;
      const std::string block = yaml(readJson({"a.json", json}, 0, diagnostics), 0);
      CHECK(treeOf("a.yaml", block) == treeOf("a.rules", script.text));
      // JSON is YAML in flow style
      CHECK(treeOf("a.yml", json) == treeOf("a.rules", script.text));
    }
  }

  TEST_CASE("a rule as YAML by hand") {
    const std::string text = R"(# Prices.
declarations:
  - kind: rule
    name: 20% for a logged-in customer
    attributes: {group: pricing}
    when:
    - {match: Customer, as: c, where: [loggedIn]}
    - not: {match: Clock, where: ['weekday == "friday"']}
    then:
      - insert:
          type: Discount
          fields: {customerId: c.id, reason: {lit: logged-in}, percent: 20}   # a comment
        logical: true
      - log: info
        text: >-
          c.id
          + "!"
)";
    CHECK(converted("a.yaml", text, Form::Text) ==
          R"(rule "20% for a logged-in customer" group pricing
when {
  c: Customer(loggedIn)
  not Clock(weekday == "friday")
}
then {
  insert logical Discount{customerId: c.id, reason: "logged-in", percent: 20}
  log info c.id + "!"
}
)");
  }

  TEST_CASE("every way of damaging the shape has its code") {
    CHECK(codes("a.json", rule(R"("then": [])")) == "");
    CHECK(codes("a.json", rule(R"("thn": [])")) == "RL8012 RL8011");
    CHECK(codes("a.json", rule(R"("on": {"change": "S", "any": true}, "then": [])")) == "");
    CHECK(codes("a.json", rule(R"("on": {"every": "PAUSE * 2"}, "then": [])")) == "");
    CHECK(codes("a.json", rule(R"("on": {"every": "PAUSE *"}, "then": [])")) == "RL0023");
    CHECK(codes("a.json", rule(R"("attributes": {"saliense": 1}, "then": [])")) == "RL8011");
    CHECK(codes("a.json", rule(R"("then": {})")) == "RL8010");
    CHECK(codes("a.json", rule(R"("then": [{"inzert": "x"}])")) == "RL8013");
    CHECK(codes("a.json", rule(R"("then": [{"log": "loud", "text": "x"}])")) == "RL8014");
    CHECK(codes("a.json", rule(R"("then": [{"set": "a b", "to": 1}])")) == "RL8015");
    CHECK(codes("a.json", rule(R"("then": [{"set": "for.x", "to": 1}])")) == "RL1010");
    CHECK(codes("a.json", rule(R"("when": [{"match": "customer"}], "then": [])")) == "RL0021");
    CHECK(codes("a.json",
                rule(R"("when": [{"accumulate": {"match": "A"}, "into": {}}], "then": [])")) ==
          "RL8016");
    CHECK(codes("a.json", rule(R"("when": [{"if": true}], "then": [])")) == "RL8010");
    CHECK(codes("a.json", rule(R"("then": [{"settle": 1.5}])")) == "RL8017");
    CHECK(codes("a.json", rule(R"("then": [{"fail": 99999999999999999999}])")) == "RL8017");
    CHECK(codes("a.json", rule(R"("then": [{"fail": 1e999}])")) == "RL8017");
    CHECK(codes("a.json", rule(R"("then": [{"update": "x", "fields": {}, "with": "y"}])")) ==
          "RL8018");
    CHECK(codes("a.json", rule(R"("then": [{"fail": "x // no"}])")) == "RL8019");
    CHECK(codes("a.json", rule(R"("when": [{"if": "a) then { halt"}], "then": [])")) == "RL0023");
    CHECK(codes("a.json", rule(R"("then": [{"sleep": ""}])")) == "RL8016");
    CHECK(codes("a.json", R"({"form": 2, "declarations": []})") == "RL8020");
    CHECK(
        codes(
            "a.json",
            R"({"declarations": [{"kind": "fact", "name": "A", "fields": [{"name": "x", "type": "strin g"}]}]})") ==
        "RL0030");
    CHECK(
        codes(
            "a.json",
            R"({"declarations": [{"kind": "event", "name": "A", "expires": 10, "fields": []}]})") ==
        "RL0007");
    CHECK(codes("a.json", R"({"declarations": [{"kind": "rules", "name": "A"}]})") == "RL8014");
    CHECK(codes("a.json", "[]") == "RL8010");
  }

  TEST_CASE("what is no JSON is said where it stands, and the rest is read") {
    CHECK(codes("a.json", "") == "RL8001");
    CHECK(codes("a.json", R"({"declarations": [], })") == "RL8001");
    CHECK(codes("a.json", R"({"declarations": [] "imports": []})") == "RL8001");
    CHECK(codes("a.json", R"({declarations: []})") == "RL8001");
    CHECK(codes("a.json", R"({'declarations': []} // why)") == "RL8001 RL8001");
    CHECK(codes("a.json", R"({"declarations": [], "declarations": []})") == "RL8004");
    CHECK(codes("a.json", R"({"declarations": [})") == "RL8007");
    CHECK(codes("a.json", R"({"declarations": [)") == "RL8007");
    CHECK(codes("a.json", "{\"declarations\": [], \"module\": \"a\n\"}").find("RL8002") == 0);
    CHECK(codes("a.json", R"({"declarations": [], "module": "\q"})") == "RL8002");
    CHECK(codes("a.json", R"({"declarations": [], "form": 01})") == "RL8003");
    CHECK(codes("a.json", "{\"declarations\": [], \"module\": \"\xff\"}") == "RL8006");
    CHECK(codes("a.json", "{\"declarations\": " + std::string(1000, '[')).find("RL8005") == 0);
  }

  TEST_CASE("YAML that could mean something else is refused, with quotes as the way out") {
    const auto of = [](const std::string& value) {
      return codes("a.yaml", "declarations: []\nmodule: " + value + "\n");
    };
    CHECK(of("a.b") == "");
    CHECK(of("'a'   # why") == "");
    CHECK(of("yes") == "RL8032");
    CHECK(of("~") == "RL8032");
    CHECK(of("True") == "RL8032");
    CHECK(of("0x1F") == "RL8032");
    CHECK(of(".5") == "RL8032");
    CHECK(of("!done") == "RL8032");
    CHECK(of("a # b") == "RL8032");
    CHECK(of("&x a") == "RL8031");
    CHECK(of("*x") == "RL8031");
    CHECK(of("a: b") == "RL8034");
    CHECK(of("@a") == "RL8034");
    CHECK(of("\"a") == "RL8002");
    CHECK(codes("a.yaml", "declarations: []\n<<: {module: a}\n") == "RL8031");
    CHECK(codes("a.yaml", "declarations: []\ndeclarations: []\n") == "RL8004");
    CHECK(codes("a.yaml", "declarations: []\n---\na: b\n") == "RL8031");
    CHECK(codes("a.yaml", "%YAML 1.2\n---\ndeclarations: []\n") == "RL8031");
    CHECK(codes("a.yaml", "declarations:\n\t- kind: rule\n") == "RL8033");
    CHECK(codes("a.yaml", "declarations: []\n  module: a\n") == "RL8033");
    CHECK(codes("a.yaml", "---\ndeclarations: []\n...\n") == "");
  }

  TEST_CASE("a later stage points into the text of a document, with a pointer and its characters") {
    const std::string json = R"({
  "declarations": [
    {"kind": "fact", "name": "Customer", "fields": [{"name": "id", "type": "string"}, {"name": "loggedIn", "type": "bool"}]},
    {"kind": "rule", "name": "20% for a logged-in customer",
     "when": [{"match": "Customer", "as": "c",
      "where": ["logedIn"]}], "then": [{"log": "info", "text": "\"ü\" + c.idd"}]}
  ]
})";
    const std::string said = text(check({{"rules.json", json}}));
    CHECK(said.find(" --> rules.json at /declarations/1/when/0/where/0, characters 1-7\n  |\n  |   "
                    "\"where\": [\"logedIn\"]") != std::string::npos);
    CHECK(said.find("at /declarations/1/then/0/text, characters 9-11\n") != std::string::npos);
    CHECK(said.find("  = note: the same rule as text: rule \"20% for a logged-in customer\"\n") !=
          std::string::npos);
  }

  TEST_CASE("repairs fit into the quotes of a document") {
    const std::string json =
        R"({"declarations": [{"kind": "fact", "name": "A", "fields": [{"name": "x", "type": "string"}]},
      {"kind": "rule", "name": "r", "when": [{"match": "A", "where": ["x = \"b\""]}], "then": []}]})";
    const Compiled compiled = check({{"a.json", json}});
    REQUIRE(compiled.diagnostics.size() == 1);
    REQUIRE(compiled.diagnostics[0].fixes.size() == 1);
    std::string repaired = json;
    const Edit& edit = compiled.diagnostics[0].fixes[0].edits[0];
    repaired.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
    CHECK(check({{"a.json", repaired}}).diagnostics.empty());
  }

  TEST_CASE("whatever bytes come: a document is read to its end, and what is wrong can be shown") {
    std::vector<std::pair<std::string, std::string>> documents;
    for (const char* name :
         {"tests/scripts/programs/discounts.rules", "tests/scripts/forms/everything.rules"}) {
      const std::string json = converted("a.rules", test::contentOf(name), Form::Json);
      std::vector<Diagnostic> diagnostics;
      documents.emplace_back("a.json", json);
      documents.emplace_back("a.yaml", yaml(readJson({"a.json", json}, 0, diagnostics), 0));
    }
    for (std::uint32_t seed = 1; seed <= 1200; ++seed) {
      Numbers numbers(seed);
      const auto& [name, whole] = documents[seed % documents.size()];
      const std::vector<Source> sources{{name, mutated(whole, numbers)}};
      std::vector<Diagnostic> diagnostics;
      const tree::Module module = readModule(sources[0], 0, diagnostics);
      CAPTURE(seed);
      bool good = diagnostics.size() <= 300 && !dump(module).empty();
      for (const Diagnostic& d : diagnostics) {
        good = good && !d.message.empty() && d.span.begin <= d.span.end &&
               d.span.end <= sources[0].text.size();
      }
      if (!diagnostics.empty()) {
        good = good && !render(diagnostics[0], sources).empty();
      } else {
        good = good && convert(sources[0], Form::Text).ok();
      }
      CHECK(good);
    }
  }
}

}  // namespace form_test
