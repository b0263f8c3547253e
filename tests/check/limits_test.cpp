// What hostile or merely careless texts may cost: diagnostics have a cap, lines are shown in part,
// and the work for many mistakes grows with their number and no faster. Work is counted, see
// support/allocations.h.
#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

#include "base/text_places.h"
#include "language/lines.h"
#include "language/service.h"
#include "reticle/program.h"
#include "reticle/wire.h"
#include "support/allocations.h"

namespace check_limits_test {

using namespace reticle;

namespace {

Diagnostic diagnostic(std::uint32_t file, std::uint32_t begin, Level level = Level::Error) {
  Diagnostic d;
  d.code = "RL9999";
  d.level = level;
  d.message = "something is wrong";
  d.span = {file, begin, begin + 1};
  return d;
}

std::string codesOf(const std::vector<Diagnostic>& diagnostics) {
  std::string codes;
  for (const Diagnostic& d : diagnostics) {
    codes += (codes.empty() ? "" : " ") +
             (d.more > 0 ? "+" + std::to_string(d.more) : std::to_string(d.span.begin));
  }
  return codes;
}

// Everything that is said of a text, in all shapes in which it is said.
struct Said {
  std::size_t shown = 0;   // diagnostics
  std::size_t more = 0;    // those that are left out
  std::size_t bytes = 0;   // as text
  std::size_t json = 0;    // bytes
  std::size_t editor = 0;  // bytes
  std::uint64_t work = 0;
};

Said saidOf(const std::string& text) {
  const std::uint64_t before = test::allocations();
  const Compiled checked = check({{"many.rules", text}});
  Said said;
  for (const Diagnostic& d : checked.diagnostics) {
    said.more += d.more;
    said.shown += d.more > 0 ? 0 : 1;
  }
  said.bytes = checked.text().size();
  said.json = wire::toJson(checked.diagnostics, checked.sources).size();
  test::Service service(text);
  said.editor = service.feature("diagnostic").dump().size();
  said.work = test::allocations() - before;
  return said;
}

std::string repeated(int count, const std::string& item) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    for (const char c : item) text += c == '#' ? std::to_string(i) : std::string(1, c);
  }
  return text;
}

// `count` mistakes of a kind: in one rule, in rules of their own, on one line or on many.
struct Kind {
  const char* name;
  std::string before, item, after;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"unknown fields on one line", "fact A { v: int } rule \"r\" when { f: A } then { ",
       "log f.no# ", "}"},
      {"unknown fields on many lines", "fact A { v: int }\nrule \"r\" when { f: A } then {\n",
       "log f.no#\n", "}\n"},
      {"unknown names", "fact A { v: int }\nrule \"r\" when { f: A } then {\n", "log no#\n", "}\n"},
      {"unknown types", "", "rule \"r#\" when { f: No# } then { halt }\n", ""},
      {"wrong types", "fact A { v: int }\n",
       "rule \"r#\" when { f: A(v == \"#\") } then { halt }\n", ""},
      {"unknown functions", "fact A { v: int }\n",
       "rule \"r#\" when { f: A(no#(v)) } then { halt }\n", ""},
      {"names bound twice", "fact A { v: int }\nrule \"r\" when { f: A } then {\n", "let x = #\n",
       "}\n"},
      {"unused bindings", "fact A { v: int }\n", "rule \"r#\" when { f: A } then { halt }\n", ""},
      {"unused functions", "fact A { v: int }\nrule \"r\" when { A } then { halt }\n",
       "function f#() -> int = #\n", ""},
      {"rules that never fire", "fact A { v: int }\n",
       "rule \"r#\" when { A(v > 5, v < #, v < 3) } then { halt }\n", ""},
      {"tests that say nothing", "fact A { v: int }\n",
       "rule \"r#\" when { A(v > 5, v > 3) } then { log \"#\" }\n", ""},
      {"the same rule again", "fact A { v: int }\n",
       "rule \"r#\" when { A(v > 5) } then { log \"x\" }\n", ""},
      {"syntax", "", "rulle \"r#\" when { f: A } then { halt }\n", ""},
      {"syntax on one line", "", "fact A { a string } ", ""},
      {"strange characters", "", "§ ", ""},
      {"unknown fields of a type with many",
       "fact A { " + repeated(1000, "f#: int  ") + "} rule \"r\" when { f: A } then { ",
       "log f.no# ", "}"},
  };
  return all;
}

}  // namespace

TEST_SUITE("limits") {
  TEST_CASE(
      "of many diagnostics the first are kept, errors before warnings, and the rest is counted") {
    std::vector<Diagnostic> all;
    for (std::uint32_t i = 0; i < 6; ++i) {
      all.push_back(diagnostic(0, i, i % 2 == 0 ? Level::Warning : Level::Error));
    }
    all.push_back(diagnostic(1, 10));
    std::vector<Diagnostic> some = all;
    limit(some, {.perFile = 4, .all = 10});
    CHECK(codesOf(some) == "0 1 3 5 +2 10");
    CHECK(some[4].code == "RL0099");
    CHECK(some[4].level == Level::Warning);
    CHECK(some[4].span == Span{0, 2, 3});
    CHECK(some[4].message == "and 2 more in this file, which are not shown");
    const std::string once = codesOf(some);
    limit(some, {.perFile = 4, .all = 10});
    CHECK(codesOf(some) == once);

    some = all;
    limit(some, {.perFile = 4, .all = 3});
    CHECK(codesOf(some) == "1 3 5 +3 +1");
    CHECK(some.back().message == "and 1 more in other files, which are not shown");
    CHECK(hasErrors({some.back()}));

    some = all;
    limit(some);
    CHECK(some.size() == all.size());
  }

  TEST_CASE("what one diagnostic says is bounded, too, and cut between characters") {
    Diagnostic d = diagnostic(0, 0);
    d.message.clear();
    for (int i = 0; i < 2000; ++i) d.message += "é";
    for (int i = 0; i < 50; ++i) d.notes.push_back("note");
    for (std::uint32_t i = 0; i < 50; ++i) d.related.push_back({{0, i, i + 1}, "here"});
    d.fixes.push_back({"long", {{{0, 0, 1}, std::string(100'000, 'x')}}});
    std::vector<Diagnostic> list{d};
    limit(list);
    CHECK(list[0].message.size() == 2003);
    CHECK(list[0].message.ends_with("é…"));
    CHECK(list[0].related.size() == 20);
    CHECK(list[0].notes.size() == 21);
    CHECK(list[0].notes.back() == "and 31 more");
    CHECK(list[0].fixes.empty());
  }

  TEST_CASE("many mistakes are said in little, and cost no more than their number") {
    for (const Kind& kind : kinds()) {
      CAPTURE(std::string(kind.name));
      const auto text = [&](int count) {
        return kind.before + repeated(count, kind.item) + kind.after;
      };
      const Said some = saidOf(text(3000)), many = saidOf(text(6000));
      CHECK(many.shown <= 100);
      CHECK(many.shown + many.more >= 5'990);
      CHECK(many.bytes < 1'000'000);
      CHECK(many.json < 2'000'000);
      CHECK(many.editor < 2'000'000);
      CHECK(many.work < 3 * some.work);
    }
  }

  TEST_CASE("thousands of rules over one field are analysed in part") {
    const auto circles = [](int count) {
      return "fact A { key id: string  v: int }\n" +
             repeated(count, "rule \"r#\" when { a: A(v != #) } then { set a.v = # }\n");
    };
    const Said some = saidOf(circles(1000)), many = saidOf(circles(2000));
    CHECK(many.shown > 0);
    CHECK(many.work < 3 * some.work);
    // A machine of many states is no circle that could not be found.
    std::string ring = "fact A { key id: string  v: int }\n";
    for (int i = 0; i < 3000; ++i) {
      ring += "rule \"r" + std::to_string(i) + "\" when { a: A(v == " + std::to_string(i) +
              ") } then { set a.v = " + std::to_string((i + 1) % 3000) + " }\n";
    }
    CHECK(check({{"a.rules", ring}}).text().find("RL4002") != std::string::npos);
    const auto derived = [](int count) {
      return "fact A { key id: string  v: int }\n" +
             repeated(
                 count,
                 "rule \"r#\" when { a: A(v > #) } then { insert logical A{id: \"#\", v: #} }\n");
    };
    CHECK(saidOf(derived(1000)).work < 3 * saidOf(derived(500)).work);
  }

  TEST_CASE("of a long line the part around the mark is shown, with the caret below it") {
    std::string line;
    for (int i = 0; i < 1000; ++i) line += "wort" + std::to_string(1000 + i) + " ";
    const std::vector<Source> sources{{"a.rules", "first\n" + line + "\nlast\n"}};
    const auto at = static_cast<std::uint32_t>(sources[0].text.find("wort1500"));
    Diagnostic d = diagnostic(0, at);
    d.span.end = at + 8;
    d.label = "this";
    const auto far = static_cast<std::uint32_t>(sources[0].text.find("wort1900"));
    d.related.push_back({{0, far, far + 8}, "that"});
    const std::string text = render(d, sources);
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      lines.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    REQUIRE(lines.size() == 8);
    CHECK(lines[1] == " --> a.rules:2:" + std::to_string(at - 6 + 1));
    for (const auto& [shown, mark, word] :
         {std::tuple{3, 4, "wort1500"}, std::tuple{5, 6, "wort1900"}}) {
      const std::string& line = lines[shown];
      CAPTURE(line);
      CHECK(lines[shown].starts_with("2 | …"));
      CHECK(lines[shown].size() < 220);
      const std::size_t column = lines[mark].find_first_of("^-");
      // `…` is three bytes and one column
      CHECK(lines[shown].substr(column + 2, 8) == word);
    }
    CHECK(lines[4].ends_with("^^^^^^^^ this"));
    CHECK(lines[6].ends_with("-------- that"));
  }

  TEST_CASE("places in a text are found without going through it, and are the same") {
    std::string text = "a\r\nü\n\n";
    for (int i = 0; i < 3000; ++i) text += i % 7 == 0 ? "😀" : i % 5 == 0 ? "é" : "x";
    text += "\n\xff\xfe";
    text += std::string(2500, '\t') + "\r" + std::string(1500, 'y');
    const Source source{"a", text};
    const TextPlaces places(text);
    const language::Lines lines(text);
    for (std::uint32_t byte = 0; byte <= text.size() + 3; byte += 1 + byte % 3) {
      const Position expected = positionOf(source, byte), found = places.at(byte);
      CHECK_MESSAGE((found.line == expected.line && found.column == expected.column &&
                     found.utf16 == expected.utf16),
                    byte);
      const language::Place place = lines.placeOf(text, byte);
      const auto back = lines.byteAt(text, place);
      REQUIRE(back);
      CHECK(lines.placeOf(text, *back) == place);
    }
    CHECK(places.lineText(0) == "a");
    CHECK(places.lineText(1) == "ü");
    CHECK(places.lineText(2).empty());
    CHECK(places.lineOf(0) == 0);
  }
}

}  // namespace check_limits_test
