// What the parser says about mistakes, as tables: tests/scripts/diagnostics-syntax/<case>.rules
// beside <case>.expected, the full text an author sees. RETICLE_BLESS=1 in the environment rewrites
// the expected texts; read them before they are kept.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "support/files.h"
#include "syntax/parser.h"

namespace syntax_diagnostics_test {

using namespace reticle;

namespace {

const std::string kFolder = "tests/scripts/diagnostics-syntax";

std::string said(const std::string& name, const std::string& text) {
  const std::vector<Source> sources{{name, text}};
  std::vector<Diagnostic> diagnostics;
  parseModule(sources[0], 0, diagnostics);
  std::string out;
  for (const Diagnostic& d : diagnostics) {
    if (!out.empty()) out += '\n';
    out += render(d, sources);
  }
  return out;
}

std::vector<std::string> codes(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  parseModule({"codes.rules", text}, 0, diagnostics);
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics) out.push_back(d.code);
  return out;
}

// The text with the first fix of its first diagnostic applied.
std::string repaired(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  parseModule({"fix.rules", text}, 0, diagnostics);
  if (diagnostics.empty() || diagnostics[0].fixes.empty()) return text;
  std::string out = text;
  for (const Edit& edit : diagnostics[0].fixes[0].edits) {
    out.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
  }
  return out;
}

}  // namespace

TEST_SUITE("syntax: diagnostics") {
  TEST_CASE("every mistake of the collection is explained as written beside it") {
    const std::vector<std::string> names = test::filesOf(kFolder, ".rules");
    CHECK(names.size() >= 150);
    const bool bless = std::getenv("RETICLE_BLESS") != nullptr;
    for (const std::string& name : names) {
      CAPTURE(name);
      const std::string expected = kFolder + "/" + name.substr(0, name.size() - 6) + ".expected";
      const std::string text = said(name, test::contentOf(kFolder + "/" + name));
      if (bless) {
        CHECK(test::writeFile(expected, text));
      } else {
        CHECK(text == test::contentOf(expected));
      }
    }
  }

  TEST_CASE("independent mistakes are all found, and none is an echo") {
    const std::vector<std::string> found = codes(test::contentOf(kFolder + "/ten-mistakes.rules"));
    CHECK(found == std::vector<std::string>{"RL0021", "RL0020", "RL0030", "RL0016", "RL0004",
                                            "RL0017", "RL0005", "RL0018", "RL0002", "RL0008",
                                            "RL1010", "RL0005"});
  }

  TEST_CASE("ten mistakes of one kind of declaration are ten messages") {
    CHECK(codes(test::contentOf(kFolder + "/ten-mistakes-in-types.rules")) ==
          std::vector<std::string>{"RL0019", "RL0021", "RL0013", "RL0030", "RL0030", "RL0030",
                                   "RL0033", "RL0007", "RL0016", "RL0033"});
    CHECK(codes(test::contentOf(kFolder + "/ten-mistakes-in-rules.rules")) ==
          std::vector<std::string>{"RL0033", "RL0017", "RL0017", "RL0017", "RL0033", "RL0018",
                                   "RL0011", "RL0022", "RL0033", "RL0015"});
    CHECK(codes(test::contentOf(kFolder + "/ten-mistakes-in-a-flow.rules")) ==
          std::vector<std::string>{"RL0033", "RL0033", "RL0033", "RL0031", "RL0007", "RL0033",
                                   "RL0033", "RL0015", "RL0026", "RL0016"});
  }

  TEST_CASE("one fault gives one diagnostic, wherever it stands in a program") {
    // Each damage is put into a whole program; exactly one thing is said.
    const struct {
      std::string from, to;
    } damages[] = {
        {"when {\n  t: Thing", "when\n  t: Thing"},
        {"then {\n  log info", "then\n  log info"},
        {"color == \"red\")", "color == \"red\""},
        {"color == \"red\"", "color = \"red\""},
        {"color == \"red\"", "color == "},
        {"color == \"red\"", "color == \"red"},
        {"rule \"something", "rulle \"something"},
        {"when {\n  t:", "wehn {\n  t:"},
        {"group pricing\nwhen {\n  c: Customer(", "gruop pricing\nwhen {\n  c: Customer("},
        {"t.name}\"", "t.name\""},
        {"t\"I found something red: {t.name}\"", "t\"I found something red: {t.name}"},
        {"key name: string", "key name string"},
        {"key name: string", "key name:"},
        {"into n = sum(i.qty)", "into n = sum(i.qty"},
        {"into n = sum(i.qty)", "n = sum(i.qty)"},
        {"if n > 2", "n > 2"},
        {"not Clock(weekday", "not clock(weekday"},
        {"insert logical", "inser logical"},
        {"reason: \"logged-in\", percent", "reason: \"logged-in\" percent"},
        {"query best(cid: string) {", "query best(cid: string) "},
        {"settle }\n  expect { count Discount == 2 }", "settle \n  expect { count Discount == 2 }"},
        {"advance 2m", "advance 2 minutes"},
        {"fact Thing {", "fact thing {"},
        {"percent in 0..100", "percent in 0...100"},
        {"customerId: c.id, reason: \"many", "customerId = c.id, reason: \"many"},
        {"count Discount == 1", "count Discount = 1"},
        {"}\n\nfact Customer", "}\n}\n\nfact Customer"},
        {"bool = false\n}", "bool = false\n"},
        {"c: Customer\n", "C: Customer\n"}};
    const std::string program = test::contentOf(test::kPrograms + "/discounts.rules");
    for (const auto& damage : damages) {
      CAPTURE(damage.to);
      const std::size_t at = program.find(damage.from);
      REQUIRE(at != std::string::npos);
      std::string text = program;
      text.replace(at, damage.from.size(), damage.to);
      CHECK(codes(text).size() == 1);
    }
  }

  TEST_CASE("a fix repairs what it is offered for") {
    for (const char* text : {"rule \"x\" when { t: Thing(color = \"red\") } then { halt }",
                             "rule continue when { t: Thing } then { halt }",
                             "rule \"x\" when {\n  t: Thing\nthen {\n  halt\n}",
                             "rule \"x\" when { t: Thing(a and b) } then { halt }",
                             "rule \"x\" when { t: Thing(a not in b) } then { halt }",
                             "rule \"x\" when { t: Thing(a <> b) } then { halt }",
                             "rule \"x\" when { t: Thing(1 < a < 3) } then { halt }",
                             "fact A { a: string[] }",
                             "fact A { a string }",
                             "fact A { int a }",
                             "rule \"x\" when { t: Thing } then { set t.n += 1 }",
                             "rule \"x\" when { t: Thing } then { t.n = 1 }",
                             "const A = 1.e5",
                             "const A = 5u",
                             "const A = \"a\\d\"",
                             "const A = “a”",
                             "const A = t\"a } b\"",
                             "rule \"x\" when { t: Thing } { halt }",
                             "fact A { d: duration = 10min }",
                             "const A = 9223372036854775808",
                             "fact A { a: int\n\nfact B { b: int }",
                             "rule \"x\" when { n > 2 } then { halt }",
                             "function f(n: int): int = n",
                             "fact thing { a: int }",
                             "const A = [1, 2"}) {
      CAPTURE(text);
      CHECK(codes(text).size() == 1);
      CHECK(codes(repaired(text)).empty());
    }
  }

  TEST_CASE("after a hundred mistakes the rest is not shown") {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "fact thing { a string }\n";
    const std::vector<std::string> found = codes(text);
    REQUIRE(found.size() == 101);
    CHECK(found.back() == "RL0099");
  }
}

}  // namespace syntax_diagnostics_test
