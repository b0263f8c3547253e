// Positions in a source, and diagnostics as a terminal shows them.
#include "reticle/diagnostic.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "reticle/result.h"

namespace base_diagnostic_test {

using namespace reticle;

namespace {

Diagnostic at(std::uint32_t begin, std::uint32_t end, std::string label = {}) {
  Diagnostic d;
  d.code = "RL9999";
  d.message = "something is wrong";
  d.span = {0, begin, end};
  d.label = std::move(label);
  return d;
}

}  // namespace

TEST_SUITE("diagnostic") {
  TEST_CASE("a position counts lines, code points and UTF-16 units from one byte offset") {
    const Source source{"a.rules", "é😀x\ny"};
    CHECK(positionOf(source, 0).column == 1);
    CHECK(positionOf(source, 6).column == 3);
    CHECK(positionOf(source, 6).utf16 == 3);
    CHECK(positionOf(source, 8).line == 2);
    CHECK(positionOf(source, 8).column == 1);
    CHECK(positionOf(source, 8).utf16 == 5);
    CHECK(positionOf(source, 3).column == 2);   // inside the second character
    CHECK(positionOf(source, 1000).line == 2);  // past the end: the end
    const Source damaged{"b.rules",
                         "\xff\xfe"
                         "ab"};
    CHECK(positionOf(damaged, 2).column == 3);
  }

  TEST_CASE("the guilty span is marked with ^, the other half of the story with -") {
    const std::vector<Source> sources{{"a.rules", "one two\nthree four\n"}};
    Diagnostic d = at(4, 7, "here");
    d.related.push_back({{0, 0, 3}, "this"});
    d.related.push_back({{0, 14, 18}, ""});
    d.help.push_back("help");
    d.fixes.push_back({"write `x`", {}});
    d.notes.push_back("note");
    CHECK(render(d, sources) ==
          "error[RL9999]: something is wrong\n"
          " --> a.rules:1:5\n"
          "  |\n"
          "1 | one two\n"
          "  | --- this\n"
          "  |     ^^^ here\n"
          "2 | three four\n"
          "  |       ----\n"
          "  |\n"
          "  = help: help\n"
          "  = fix: write `x`\n"
          "  = note: note\n");
  }

  TEST_CASE("short gaps are shown, long ones become three points") {
    std::string text;
    for (int i = 1; i <= 12; ++i) {
      text += "line" + std::string(1, static_cast<char>('a' + i)) + "\n";
    }
    const std::vector<Source> sources{{"a.rules", text}};
    Diagnostic d = at(60, 65);
    d.related.push_back({{0, 0, 5}, "first"});
    d.related.push_back({{0, 18, 23}, "second"});
    CHECK(render(d, sources) ==
          "error[RL9999]: something is wrong\n"
          "  --> a.rules:11:1\n"
          "   |\n"
          " 1 | lineb\n"
          "   | ----- first\n"
          " 2 | linec\n"
          " 3 | lined\n"
          " 4 | linee\n"
          "   | ----- second\n"
          "...\n"
          "11 | linel\n"
          "   | ^^^^^\n"
          "   |\n");
  }

  TEST_CASE("tabs are widened, other alphabets and line ends of Windows keep the marks in place") {
    const std::vector<Source> sources{{"a.rules", "\té = 'ü'x\r\nnext\r\n"}};
    CHECK(render(at(10, 11), sources) ==
          "error[RL9999]: something is wrong\n"
          " --> a.rules:1:9\n"
          "  |\n"
          "1 |     é = 'ü'x\n"
          "  |            ^\n"
          "  |\n");
  }

  TEST_CASE(
      "a span over several lines is shown on its first, an empty one as one mark, one behind the "
      "end at the end") {
    const std::vector<Source> sources{{"a.rules", "abc\ndef"}};
    CHECK(render(at(1, 6), sources).find("  |  ^^\n") != std::string::npos);
    CHECK(render(at(3, 3), sources).find("  |    ^\n") != std::string::npos);
    CHECK(render(at(7, 7), sources).find("2 | def\n  |    ^\n") != std::string::npos);
    CHECK(render(at(70, 90), sources).find("2 | def\n  |    ^\n") != std::string::npos);
  }

  TEST_CASE("the other half may stand in another file; without a source only the text is left") {
    const std::vector<Source> sources{{"a.rules", "abc"}, {"b.rules", "def"}};
    Diagnostic d = at(0, 3);
    d.level = Level::Warning;
    d.related.push_back({{1, 1, 2}, "declared here"});
    CHECK(render(d, sources) ==
          "warning[RL9999]: something is wrong\n"
          " --> a.rules:1:1\n"
          "  |\n"
          "1 | abc\n"
          "  | ^^^\n"
          "  |\n"
          " ::: b.rules:1:2\n"
          "  |\n"
          "1 | def\n"
          "  |  - declared here\n"
          "  |\n");
    CHECK(!hasErrors({d}));
    CHECK(hasErrors({d, at(0, 1)}));
    CHECK(render(at(0, 1), {}) == "error[RL9999]: something is wrong\n");
  }

  TEST_CASE("error codes have the names that hosts see") {
    CHECK(std::strcmp(name(ErrorCode::UnknownType), "UnknownType") == 0);
    CHECK(std::strcmp(name(ErrorCode::BadInput), "BadInput") == 0);
  }
}

}  // namespace base_diagnostic_test
