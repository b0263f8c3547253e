// The formatter: every text that can be read keeps its tree and its comments, and has one layout.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "form/dump.h"
#include "form/written.h"
#include "reticle/form.h"
#include "support/files.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace layout_format_test {

using namespace reticle;

namespace {

std::string formatted(const std::string& text) {
  const Converted result = format({"test.rules", text});
  for (const Diagnostic& d : result.diagnostics) MESSAGE(d.message);
  return result.text;
}

std::string treeOf(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  return dump(parseModule({"test.rules", text}, 0, diagnostics));
}

// All scripts that can be read.
std::vector<std::string> scripts() {
  std::vector<std::string> paths;
  for (const char* folder :
       {"tests/scripts/programs", "tests/scripts/forms", "tests/scripts/diagnostics-model",
        "tests/scripts/diagnostics-syntax"}) {
    for (const std::string& name : test::filesOf(folder, ".rules")) {
      paths.push_back(std::string(folder) + "/" + name);
    }
  }
  std::vector<std::string> texts;
  for (const std::string& path : paths) {
    const std::string text = test::contentOf(path);
    std::vector<Diagnostic> diagnostics;
    parseModule({path, text}, 0, diagnostics);
    if (!hasErrors(diagnostics)) texts.push_back(text);
  }
  return texts;
}

// The lexemes of a text with other spaces, line breaks and comments between them.
std::string scattered(const std::string& text, std::uint64_t seed) {
  static const std::vector<std::string> kGaps = {
      " ",  " ",  " ",      " ",       " ",          " ",
      "  ", "\n", "\n\n\n", " // c\n", "\n  // c\n", "\n\n// c\n// d\n\n"};
  std::vector<Diagnostic> ignored;
  const Lexemes lexemes = lex(text, 0, ignored);
  std::string out;
  std::uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
  for (std::size_t i = 0; i + 1 < lexemes.items.size(); ++i) {
    const Lexeme& l = lexemes.items[i];
    out += text.substr(l.begin, l.end - l.begin);
    const bool tight = lexemes.items[i + 1].begin == l.end;  // inside templates, `a.b`, `..`
    state = state * 6364136223846793005u + 1442695040888963407u;
    if (!tight || (state >> 33) % 8 == 0) {
      out +=
          l.kind == LexemeKind::TemplateHead || tight ? " " : kGaps[(state >> 40) % kGaps.size()];
    }
  }
  return out + "\n";
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_SUITE("format") {
  TEST_CASE(
      "scripts scattered over lines and strewn with comments keep tree and comments, and their "
      "layout is fixed") {
    int read = 0;
    for (const std::string& script : scripts()) {
      for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const std::string text = scattered(script, seed);
        std::vector<Diagnostic> diagnostics;
        parseModule({"test.rules", text}, 0, diagnostics);
        // some breaks are mistakes, such as one after a dot
        if (!diagnostics.empty()) continue;
        ++read;
        CAPTURE(seed);
        CAPTURE(text);
        const std::string once = formatted(text);
        CHECK(treeOf(once) == treeOf(text));
        CHECK(formatted(once) == once);
        CHECK(occurrences(once, "// c") == occurrences(text, "// c"));
        CHECK((once != text || text.size() < 40));
      }
    }
    CHECK(read > 150);
  }

  TEST_CASE("scripts keep their trees, and their layout is fixed") {
    const std::vector<std::string> texts = scripts();
    REQUIRE(texts.size() > 60);
    for (const std::string& text : texts) {
      CAPTURE(text);
      const std::string once = formatted(text);
      CHECK(treeOf(once) == treeOf(text));
      CHECK(formatted(once) == once);
    }
  }

  TEST_CASE("the example programs are laid out already, but for lines that are too long") {
    for (const char* name : {"discounts", "device-temperature"}) {
      const std::string text =
          test::contentOf("tests/scripts/programs/" + std::string(name) + ".rules");
      CHECK(formatted(text) == text);
    }
  }

  TEST_CASE("a question mark of optionals stands close to what it belongs to") {
    const std::string text = formatted(
        "module a\nrule r when { if [ ? a . ? b,? (c [ ? 0 ]) ] == { ? \"k\" :d,? \"l\":e } ? f : "
        "g } then { halt }\n");
    CAPTURE(text);
    CHECK(occurrences(text, "if [?a.?b, ?c[?0]] == {?\"k\": d, ?\"l\": e} ? f : g") == 1);
    CHECK(formatted(text) == text);
  }

  TEST_CASE("spaces, semicolons and needless commas are the formatter's") {
    CHECK(formatted(R"(module   a.b import c
      import d as e ;

fact A{key x:int,y:list<string>=[] where y.size()<3}rule "r"
  salience 3 no-loop when
{ a:A(x>1
  ,y==["b",],)
  ; not A( x==- 1 ) } then
  {
    set a.x=((a.x)+1);

    log info t"{ a . x }{{}}"
    update a{x:1,};halt  })") == R"(module a.b
import c
import d as e

fact A { key x: int y: list<string> = [] where y.size() < 3 }

rule "r"
  salience 3 no-loop
when { a: A(x > 1, y == ["b"]) not A(x == -1) }
then {
  set a.x = a.x + 1

  log info t"{a.x}{{}}"
  update a {x: 1}
  halt
}
)");
  }

  TEST_CASE("comments stay where they are") {
    const std::string text = R"(// About the file.

// About the module.
module a

/// A fact.
// Not part of its documentation.
fact A {
  // first
  key x: int           // behind x
  other: string = "a"  // behind other

  // in front of z
  z: int where z > 0  // behind z
  // last
}  // behind the fact

// Between declarations.

table t(n: int) -> int {
  // in front of a row
  | 1      => 2  // one
  | 20     => 3  // two
  // behind the rows
  default  => 4
}

rule "r"  // behind the head
// in front of when
when {  // behind the brace
  a: A(
    x > 1,  // why
    // in front of a part
    x < 2
    // behind the parts
  )
  accumulate A
    // in front of a clause
    into n = count()
}
then {
  // alone
}

flow F() {
  step a = call f()
    // in front of an option
    retry 3 times  // behind an option
    timeout 1s
  if a
      // in front of an operand
      && b {
    halt
  }
  // in front of else
  else {
    halt
  }
}

// At the end.
)";
    CHECK(formatted(text) == text);
  }

  TEST_CASE("lines that are too long break at their outermost list, one part a line") {
    CHECK(formatted(
              "rule \"r\" then {\n insert Something{first: \"a long text that takes its place\", "
              "second: [1, 2, 3], third: \"another text of length\", last: 4} as x\n}\n") ==
          "rule \"r\"\nthen {\n  insert Something{\n    first: \"a long text that takes its "
          "place\",\n    second: [1, 2, 3],\n    third: \"another text of length\",\n    last: 4\n "
          " } as "
          "x\n}\n");
    CHECK(formatted("const A = aaaaaaaaaaaaaaaaaaaaaaaaaaaaa == bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
                    "&& ccccccccccccccccccccccccccccc || ddddddddddddddddddddd\n") ==
          "const A =\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaa == bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb && "
          "ccccccccccccccccccccccccccccc\n      || ddddddddddddddddddddd\n");
  }

  TEST_CASE("brackets that change nothing go, those for the machine or the reader stay") {
    const auto expression = [](const std::string& text) { return canonicalExpression(text); };
    CHECK(expression("((a))") == "a");
    CHECK(expression("(a + b) * c") == "(a + b) * c");
    CHECK(expression("(a * b) + c") == "a * b + c");
    CHECK(expression("a - (b - c)") == "a - (b - c)");
    CHECK(expression("(a && b) || c") == "(a && b) || c");
    CHECK(expression("(a == 1) && ((b) in [(2)])") == "a == 1 && b in [2]");
    CHECK(expression("(a < b) < c") == "(a < b) < c");
    CHECK(expression("(a ? b : c) ? d : (e ? f : g)") == "(a ? b : c) ? d : (e ? f : g)");
    CHECK(expression("!(a)&&!(a&&b)") == "!a && !(a && b)");
    CHECK(expression("-(5)") == "-(5)");
    CHECK(expression("(-5) .abs( )") == "(-5).abs()");
    CHECK(expression("(1) .f()") == "(1).f()");
    CHECK(expression("(a.b)[(0)].c") == "a.b[0].c");
    CHECK(expression("x in (a)..(b+1)") == "x in a..b + 1");
    CHECK(expression("{ (a) : (b) , 'c':0x1F }") == "{a: b, 'c': 0x1F}");
    CHECK(expression("t\"{ {1:2} [1] }{ A{b:1} }\"") == "t\"{ {1: 2}[1]}{A{b: 1} }\"");
    CHECK(expression("f(a , // why\n b)") == "f(a, b)");
    CHECK(expression("a ? .b : .c.d") == "a ? .b : .c.d");
    CHECK(expression("a  ??  1h30m") == "a ?? 1h30m");
    CHECK(expression("a . ? b [ ? 0 ] == [ ? c , ? d ]") == "a.?b[?0] == [?c, ?d]");
    CHECK(expression("{ ? 1 : a }") == "{?1: a}");
    CHECK(expression("a b") == "a b");
  }
}

}  // namespace layout_format_test
