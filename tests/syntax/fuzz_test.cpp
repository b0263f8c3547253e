// Whatever bytes come: the parser ends, points into the text, and says something printable.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "form/dump.h"
#include "support/files.h"
#include "syntax/parser.h"

namespace syntax_fuzz_test {

using namespace reticle;

namespace {

// A tiny generator of our own: the same numbers on every platform.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0x1234567u) {}
  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::uint32_t>(state_ >> 16);
  }
  std::uint32_t below(std::uint32_t bound) { return bound == 0 ? 0 : next() % bound; }

 private:
  std::uint64_t state_;
};

std::vector<std::string> programs() {
  std::vector<std::string> texts;
  for (const std::string& name : test::filesOf(test::kPrograms, ".rules")) {
    texts.push_back(test::contentOf(test::kPrograms + "/" + name));
  }
  return texts;
}

// Parses; true when every diagnostic points into the text, the first can be shown, and the tree can
// be printed.
bool survives(const std::string& text, bool print) {
  const std::vector<Source> sources{{"fuzz.rules", text}};
  std::vector<Diagnostic> diagnostics;
  const tree::Module module = parseModule(sources[0], 0, diagnostics);
  if (diagnostics.size() > 101) return false;
  for (const Diagnostic& d : diagnostics) {
    if (d.code.empty() || d.message.empty() || d.span.begin > d.span.end ||
        d.span.end > text.size()) {
      return false;
    }
    for (const Related& related : d.related) {
      if (related.span.begin > related.span.end || related.span.end > text.size()) return false;
    }
    for (const Fix& fix : d.fixes) {
      for (const Edit& edit : fix.edits) {
        if (edit.span.begin > edit.span.end || edit.span.end > text.size()) return false;
      }
    }
  }
  if (!print) return true;
  for (const Diagnostic& d : diagnostics) {
    if (!isUtf8(render(d, sources)) && isUtf8(text)) return false;
  }
  return !dump(module).empty();
}

std::string mutated(const std::string& text, Numbers& numbers) {
  static const std::vector<std::string> kPieces = {"{",
                                                   "}",
                                                   "(",
                                                   ")",
                                                   "[",
                                                   "]",
                                                   "\"",
                                                   "'",
                                                   "\"\"\"",
                                                   "t\"",
                                                   "{{",
                                                   "}}",
                                                   "t\"{",
                                                   ";",
                                                   ",",
                                                   ":",
                                                   ".",
                                                   "..",
                                                   "..<",
                                                   "??",
                                                   "?",
                                                   "=",
                                                   "==",
                                                   "=>",
                                                   "->",
                                                   "|",
                                                   "||",
                                                   "&",
                                                   "&&",
                                                   "!",
                                                   "-",
                                                   "/",
                                                   "//",
                                                   "///",
                                                   "/*",
                                                   "#",
                                                   "$",
                                                   "@",
                                                   "\\",
                                                   "`",
                                                   "\n",
                                                   "\t",
                                                   "\r\n",
                                                   "10m",
                                                   "1h30m",
                                                   "5x",
                                                   "0x",
                                                   "1.",
                                                   "1e",
                                                   "99999999999999999999",
                                                   "rule ",
                                                   "when ",
                                                   "then ",
                                                   "if ",
                                                   "else ",
                                                   "not ",
                                                   "in ",
                                                   "for ",
                                                   "let ",
                                                   "on ",
                                                   "step ",
                                                   "retry 3 times ",
                                                   "accumulate ",
                                                   "into ",
                                                   "key ",
                                                   "Type",
                                                   "Type{",
                                                   "Type(",
                                                   "x: ",
                                                   "b'\\xff'",
                                                   "\xff",
                                                   "\xc3",
                                                   "\xe2\x80\x9c",
                                                   "\xf0\x9f\x98\x80",
                                                   std::string(1, '\0'),
                                                   "((((((((((",
                                                   "[[[[[[[[[[",
                                                   "{{{{{{{{{{",
                                                   "!!!!!!!!!!",
                                                   "a.b.c.d",
                                                   "list<list<"};
  std::string out = text;
  const std::uint32_t changes = 1 + numbers.below(6);
  for (std::uint32_t i = 0; i < changes; ++i) {
    const auto size = static_cast<std::uint32_t>(out.size());
    const std::uint32_t at = numbers.below(size + 1);
    const std::uint32_t length = std::min(numbers.below(40), size - at);
    switch (numbers.below(6)) {
      case 0: out.erase(at, length); break;
      case 1:
        out.insert(at, kPieces[numbers.below(static_cast<std::uint32_t>(kPieces.size()))]);
        break;
      case 2:
        out.replace(at, length, kPieces[numbers.below(static_cast<std::uint32_t>(kPieces.size()))]);
        break;
      case 3: out.insert(numbers.below(size + 1), out.substr(at, length)); break;
      case 4:
        if (at < size) out[at] = static_cast<char>(numbers.below(256));
        break;
      default:
        if (numbers.below(8) == 0) {
          out.resize(at);
        } else if (at + 1 < size) {
          std::swap(out[at], out[at + 1]);
        }
        break;
    }
  }
  return out;
}

std::string repeated(const std::string& piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

}  // namespace

TEST_SUITE("syntax: any bytes") {
  TEST_CASE("every prefix of a program is read to its end") {
    for (const std::string& text : programs()) {
      for (std::size_t length = 0; length <= text.size(); ++length) {
        if (!survives(text.substr(0, length), length % 64 == 0)) {
          CAPTURE(length);
          CAPTURE(text.substr(0, 40));
          FAIL_CHECK("a prefix is not read well");
          return;
        }
      }
    }
  }

  TEST_CASE("three thousand damaged programs are read to their end") {
    const std::vector<std::string> texts = programs();
    REQUIRE(texts.size() == 6);
    for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
      Numbers numbers(seed);
      const std::string text = mutated(texts[seed % texts.size()], numbers);
      if (survives(text, seed % 4 == 0)) continue;
      CAPTURE(seed);
      FAIL_CHECK("a damaged program is not read well");
    }
  }

  TEST_CASE("long and deep nonsense takes no longer than its length") {
    const std::string head = "rule \"x\" when { c: C(";
    for (const char* piece : {"(",
                              "[",
                              "{",
                              "}",
                              ")",
                              "!",
                              "-",
                              "t\"{",
                              "a.",
                              "a(",
                              "a ? ",
                              "if x {",
                              "either {",
                              "not {",
                              "list<",
                              "\"",
                              "@ ",
                              "1 + ",
                              "a && ",
                              "a == ",
                              "rule \"x\" ",
                              "fact A {",
                              "else if x { } ",
                              "x: ",
                              "C{a: ",
                              "| ",
                              "///\n",
                              "\n",
                              "retry 3 times if ",
                              "step x = call f() retry 3 times if a ",
                              "{{",
                              "t'''{"}) {
      CAPTURE(piece);
      const std::string run = repeated(piece, 50'000);
      CHECK(survives(run, false));
      CHECK(survives(head + run, false));
      CHECK(survives("const A = " + run, false));
      CHECK(survives("flow F() { " + run, false));
      CHECK(survives("fact A { b: " + run, false));
    }
  }
}

}  // namespace syntax_fuzz_test
