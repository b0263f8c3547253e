// Every construct that may stand within itself, at twice the depth: all that is done with a module
// (reading, checking, analyses, network, layout, other forms, the editor's service) may take more
// for each further level, and never twice as much.
//
// Work is counted as requests for memory, so that a slow machine changes nothing. What doubles with
// each level would not end here at all.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.h"
#include "language/service.h"
#include "reticle/dump.h"
#include "reticle/form.h"
#include "reticle/program.h"
#include "reticle/wire.h"
#include "support/allocations.h"
#include "syntax/parser.h"

namespace check_nesting_test {

using namespace reticle;

namespace {

const std::string kFacts =
    "enum Color { RED, BLUE }\n"
    "fact A { key id: string  v: int  w: int?  b: bool  c: Color  l: list<int>  d: double  any: "
    "any }\n"
    "event E { id: string  v: int }\n"
    "host function h(v: int) -> int\n"
    "host pure function p(v: int) -> int\n"
    "function once(v: int) -> int = v + 1\n"
    "function twice(v: int) -> int = v + v\n"
    "function chosen(v: int, b: bool) -> int = b ? v : v + 1\n";

// `before`, then `open` for each level, `core`, `close` for each level, `after`; `#` is the number of
// the level in `open` and `close`, so that names differ.
struct Construct {
  const char* name;
  std::string before, open, core, close, after;
};

std::string numbered(const std::string& text, int level) {
  std::string out;
  for (const char c : text) out += c == '#' ? std::to_string(level) : std::string(1, c);
  return out;
}

std::string nested(const Construct& construct, int depth) {
  std::string text = kFacts + construct.before;
  for (int level = 1; level <= depth; ++level) text += numbered(construct.open, level);
  text += construct.core;
  for (int level = depth; level >= 1; --level) text += numbered(construct.close, level);
  return text + construct.after;
}

Construct when(const char* name, std::string open, std::string core, std::string close,
               std::string then = "log \"x\"") {
  return {name,
          "rule \"r\" allow RL3002 when {\n",
          std::move(open),
          std::move(core),
          std::move(close),
          "\n} then { " + std::move(then) + " }\n"};
}

Construct action(const char* name, std::string open, std::string core, std::string close) {
  return {name,
          "rule \"r\" allow RL3002 when { f: A } then {\n",
          std::move(open),
          std::move(core),
          std::move(close),
          "\n}\n"};
}

Construct step(const char* name, std::string open, std::string core, std::string close) {
  return {name, "flow F(f: A) {\n", std::move(open), std::move(core), std::move(close), "\n}\n"};
}

Construct value(const char* name, std::string open, std::string core, std::string close) {
  return {name,
          "rule \"r\" when { f: A\n let x = ",
          std::move(open),
          std::move(core),
          std::move(close),
          "\n} then { log t\"{x}\" }\n"};
}

Construct test(const char* name, std::string open, std::string core, std::string close) {
  return {name,
          "test \"t\" { given {\n",
          std::move(open),
          std::move(core),
          std::move(close),
          "\n} when { settle } expect { not A } }\n"};
}

Construct type(const char* name, std::string open, std::string core, std::string close) {
  return {name,
          "fact T { key id: string  t: ",
          std::move(open),
          std::move(core),
          std::move(close),
          " }\nrule \"r\" when { t: T  let x = t.t } then { log t\"{x}\" }\n"};
}

const std::vector<Construct>& constructs() {
  static const std::vector<Construct> all = {
      when("not", "not {\n", "a: A(v > 0)", "\n}"),
      when("exists", "exists {\n", "a: A(v > 0)", "\n}"),
      when("not and exists", "not { exists { ", "a: A(v > 0)", " } }"),
      when("forall", "forall a#: A(v == #) satisfies {\n", "a: A(v > 0)", "\n}"),
      when("either, the first branch", "either {\n", "x: A(v > 100)", "\n} or { x: A(v == #) }",
           "log x.id"),
      when("either, the last branch", "either { x: A(v == #) } or {\n", "x: A(v > 100)", "\n}",
           "log x.id"),
      when("either, without names", "either { A(v == #) } or {\n", "A(v > 100)", "\n}"),
      when("either, of values", "either { let x = # } or {\n", "let x = 0", "\n}", "log t\"{x}\""),
      when("either, unlike names", "either { x#: A(v == #) } or {\n", "x: A(v > 100)", "\n}"),
      when("accumulate", "accumulate { a#: A(v == #)\n", "a: A(v > 0)", "\n} into n# = count()"),
      when("accumulate with keys", "accumulate { a#: A(v == #)\n", "a: A(v > 0)",
           "\n} group by k# = a#.v into n# = sum(a#.v)"),
      when("not, either and accumulate", "not { either { A(v == #) } or { accumulate { ",
           "a: A(v > 0)", " } into n# = count() } }"),
      when("either over forall", "either { A(v == #) } or { forall a#: A satisfies { ", "A(v > 0)",
           " } }"),
      action("if", "if f.v > # {\n", "log \"x\"", "\n}"),
      action("else", "if f.v > # { log \"a\" } else {\n", "log \"x\"", "\n}"),
      action("else if", "if f.v == # { log \"a\" } else ", "if f.v == 0 { log \"x\" }", ""),
      action("if that binds on both ways", "if f.v > # { let y = # } else {\n", "let y = 0", "\n}"),
      action("for", "for x# in f.l {\n", "log \"x\"", "\n}"),
      action("for and if", "for x# in f.l { if x# > # { ", "log \"x\"", " } else { log \"y\" } }"),
      step("if in a flow", "if f.v > # {\n", "step s = call h(v: 1)", "\n}"),
      step("else in a flow", "if f.v > # { step s = call h(v: #) } else {\n",
           "step s = call h(v: 0)", "\n}"),
      step("if that leaves", "if f.v > # { fail \"x\" } else {\n", "step s = call h(v: 0)", "\n}"),
      step("for over facts", "for x# in A(v == #) {\n", "step s = call h(v: 1)", "\n}"),
      step("parallel", "parallel { branch b# {\n", "step s = call h(v: 1)", "\n} }"),
      step("parallel, beside a step", "parallel { step a# = call h(v: #)  branch b# {\n",
           "step s = call h(v: 1)", "\n} }"),
      step("try", "try {\n", "step s = call h(v: 1)", "\n} catch e# { log \"x\" }"),
      step("catch", "try { step s = call h(v: #) } catch e# {\n", "step s = call h(v: 1)", "\n}"),
      {"wait until either", "flow F(f: A) {\n wait until {\n", "either { x: A(v == #) } or {\n",
       "x: A(v > 100)", "\n}", "\n}\n log x.id\n}\n"},
      test("for in a test", "for x# in [1, 2] {\n",
           "insert A{id: \"a\", v: 1, b: true, c: "
           "Color.RED, l: [], d: 1.0, any: 1}",
           "\n}"),
      type("list", "list<", "int", ">"),
      type("map", "map<string, ", "int", ">"),
      type("optional list", "list<", "int", ">?"),
      value("brackets", "(", "f.v", ")"),
      value("not of a value", "!(", "f.b", ")"),
      value("minus", "-(", "f.v", ")"),
      value("sum, to the right", "# + (", "f.v", ")"),
      value("sum, to the left", "(", "f.v", " + #)"),
      value("sum of texts", "(", "f.id", " + \"a\")"),
      value("and, to the right", "f.v > # && (f.v < # || ", "f.b", ")"),
      value("comparison", "(f.b == ", "f.b", ")"),
      value("choice, the condition", "(", "f.b", " ? true : f.v > #)"),
      value("choice, the first", "(f.v > # ? ", "f.v", " : #)"),
      value("choice, the second", "(f.v > # ? # : ", "f.v", ")"),
      value("choice of lists", "(f.v > # ? [#] : ", "[0]", ")"),
      value("instead of null", "(f.w ?? ", "f.w", ")"),
      value("list of lists", "[", "f.v", "]"),
      value("list of two", "[[], ", "[f.v]", "]"),
      value("map of maps", "{\"k\": ", "f.v", "}"),
      value("list of constants", "[", "1", "]"),
      value("index", "f.l[", "0", "]"),
      value("in a list", "(f.b in [true, ", "f.b", "])"),
      value("call", "math.greatest(#, ", "f.v", ")"),
      value("call of a text", "string(", "f.v", ")"),
      value("method", "", "f.id", ".lowerAscii()"),
      value("method of an argument", "f.id.replace(\"a\", ", "f.id", ")"),
      value("template", "t\"a{", "f.v", "}\""),
      value("optional", "optional.of(", "f.v", ")"),
      value("or of optionals", "optional.of(f.v).orValue(", "f.v", ")"),
      value("function", "once(", "f.v", ")"),
      value("function that reads twice", "twice(", "f.v", ")"),
      value("function of a choice", "chosen(", "f.v", ", f.b)"),
      value("pure host function", "p(", "f.v", ")"),
      value("member of any", "", "f.any", ".a"),
      value("index of any", "f.any[", "f.any", "]"),
  };
  return all;
}

// Whatever a module goes through, with each result used.
std::size_t everything(const std::string& text) {
  const std::vector<Source> sources = {{"n.rules", text}};
  Compiled checked = check(sources);
  const Compiled compiled = compile(sources);
  std::size_t size = checked.text().size() + compiled.text().size();
  size += wire::toJson(compiled).size() + analyze(sources).size();
  for (const Stage stage : {Stage::Tree, Stage::Model, Stage::Network}) {
    size += dump(compiled, stage).size();
  }
  size += format(sources[0]).text.size();
  const Converted json = convert(sources[0], Form::Json);
  size += convert({"n.json", json.text}, Form::Yaml).text.size();
  size += convert({"n.json", json.text}, Form::Text).text.size();
  size += check({{"n.json", json.text}}).text().size();
  test::Service service(text);
  for (const char* feature :
       {"diagnostic", "documentSymbol", "foldingRange", "formatting", "semanticTokens/full"}) {
    size += service.feature(feature).dump().size();
  }
  size += service.whole("inlayHint").dump().size();
  return size;
}

// In the middle of the core, where names, types and scopes of all levels meet.
std::size_t edited(const Construct& construct, int depth) {
  Construct marked = construct;
  marked.core.insert(marked.core.size() / 2, test::kCursor);
  test::Service service(nested(marked, depth));
  std::size_t size = 0;
  for (const char* feature : {"completion", "hover", "definition", "signatureHelp",
                              "documentHighlight", "prepareRename"}) {
    size += service.feature(feature).dump().size();
  }
  return size;
}

std::uint64_t workOf(const Construct& construct, int depth) {
  const std::uint64_t before = test::allocations();
  CHECK(everything(nested(construct, depth)) > 0);
  CHECK(edited(construct, depth) > 0);
  return test::allocations() - before;
}

// What makes the module wrong.
std::string errorsOf(const std::string& text) {
  Compiled checked = check({{"n.rules", text}});
  std::erase_if(checked.diagnostics, [](const Diagnostic& d) { return d.level != Level::Error; });
  return checked.text();
}

// As deep as it can be read, or half of that: some take several levels at a time.
int depthOf(const Construct& construct) {
  int depth = 56;
  while (depth > 7 && !errorsOf(nested(construct, depth)).empty()) depth /= 2;
  return depth;
}

}  // namespace

TEST_SUITE("nesting") {
  TEST_CASE("twice the depth is at most some four times the work, for every construct") {
    const bool shown = std::getenv("RETICLE_SHOW_WORK") != nullptr;
    for (const Construct& construct : constructs()) {
      CAPTURE(std::string(construct.name));
      const int depth = depthOf(construct);
      const std::string errors = errorsOf(nested(construct, depth));
      CHECK_MESSAGE(errors.empty(), errors);
      const std::uint64_t few = workOf(construct, depth / 4), some = workOf(construct, depth / 2),
                          many = workOf(construct, depth);
      if (shown) {
        std::printf("| %s | %d | %llu | %llu | %llu |\n", construct.name, depth,
                    static_cast<unsigned long long>(few), static_cast<unsigned long long>(some),
                    static_cast<unsigned long long>(many));
      }
      CHECK(some < 5 * few);
      CHECK(many < 5 * some);
    }
  }

  TEST_CASE(
      "functions that each call the one before twice grow no further than what they may take") {
    const auto chain = [](int count) {
      std::string text = kFacts + "function f0(v: int) -> int = v + 1\n";
      for (int i = 1; i <= count; ++i) {
        const std::string before = "f" + std::to_string(i - 1);
        text += "function f" + std::to_string(i) + "(v: int) -> int = " + before + "(" + before +
                "(v)) + " + before + "(v)\n";
      }
      return text + "rule \"r\" when { f: A(f" + std::to_string(count) +
             "(v) > 0) } then { log f.id }\n";
    };
    const std::uint64_t before = test::allocations();
    CHECK(everything(chain(28)) > 0);
    const std::uint64_t some = test::allocations() - before;
    CHECK(everything(chain(56)) > 0);
    CHECK(test::allocations() - before < 6 * some);
  }

  TEST_CASE("constants and tables that use the one before twice are looked at once each") {
    const auto chain = [](int count) {
      std::string text = kFacts + "const C0 = 1.0\nfunction t0(v: int) -> int = v\n";
      for (int i = 1; i <= count; ++i) {
        const std::string n = std::to_string(i), b = std::to_string(i - 1);
        text += "const C" + n + " = C" + b + " / 2.0 + C" + b + " / 2.0\n";
        text += "table t" + n + "(v: int) -> int hit first {\n| > 1 => t" + b + "(v)\n| _ => t" +
                b + "(v + 1)\n}\n";
      }
      return text;
    };
    CHECK_MESSAGE(errorsOf(chain(50)).empty(), errorsOf(chain(50)));
    const std::uint64_t before = test::allocations();
    CHECK(everything(chain(25)) > 0);
    const std::uint64_t some = test::allocations() - before;
    CHECK(everything(chain(50)) > 0);
    CHECK(test::allocations() - before < 6 * some);
  }

  TEST_CASE(
      "a flow has room for the names of its waits, and not for twice as many with each level") {
    const Construct& wait = *std::find_if(
        constructs().begin(), constructs().end(),
        [](const Construct& c) { return std::string_view(c.name) == "wait until either"; });
    std::vector<Diagnostic> diagnostics;
    std::vector<tree::Module> modules;
    modules.push_back(parseModule({"n.rules", nested(wait, 56)}, 0, diagnostics));
    const auto program = checkProgram(modules, diagnostics);
    REQUIRE(program);
    CHECK(program->flows[0].locals > 56);
    CHECK(program->flows[0].locals < 20'000);
  }

  TEST_CASE("a mistake at the bottom is reported without going through the levels again") {
    for (const Construct& construct : constructs()) {
      CAPTURE(std::string(construct.name));
      const int depth = depthOf(construct);
      Construct wrong = construct;
      wrong.core += " nowhere(";
      CHECK(workOf(wrong, depth) < 5 * workOf(wrong, depth / 2) + 10'000);
    }
  }
}

}  // namespace check_nesting_test
