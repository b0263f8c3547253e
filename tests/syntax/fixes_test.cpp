// Every fix that the collection of mistakes offers is applied, alone: its mistake must be gone, and
// nothing new be wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/files.h"
#include "syntax/parser.h"

namespace syntax_fixes_test {

using namespace reticle;

namespace {

const std::string kFolder = "tests/scripts/diagnostics-syntax";

std::vector<Diagnostic> mistakesOf(const std::string& name, const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  parseModule({name, text}, 0, diagnostics);
  return diagnostics;
}

std::string applied(std::string text, const Fix& fix) {
  std::vector<Edit> edits = fix.edits;
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.span.begin > b.span.begin; });
  for (const Edit& edit : edits) {
    text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
  }
  return text;
}

std::vector<std::string> told(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> list;
  for (const Diagnostic& d : diagnostics) list.push_back(d.code + " " + d.message);
  std::sort(list.begin(), list.end());
  return list;
}

// What the fix of one of the mistakes leaves wrong that was not wrong before, or the mistake itself
// when it is still there.
std::string leftBy(const std::string& name, const std::string& text,
                   const std::vector<Diagnostic>& before, const Diagnostic& mistake,
                   const Fix& fix) {
  std::vector<std::string> allowed = told(before);
  allowed.erase(std::find(allowed.begin(), allowed.end(), mistake.code + " " + mistake.message));
  std::string left;
  for (const std::string& line : told(mistakesOf(name, applied(text, fix)))) {
    const auto known = std::find(allowed.begin(), allowed.end(), line);
    if (known != allowed.end()) {
      allowed.erase(known);
    } else {
      left += line + "\n";
    }
  }
  return left;
}

}  // namespace

TEST_SUITE("syntax: fixes") {
  TEST_CASE("every fix of the collection mends its mistake and makes no new one") {
    std::size_t tried = 0;
    for (const std::string& name : test::filesOf(kFolder, ".rules")) {
      CAPTURE(name);
      const std::string text = test::contentOf(kFolder + "/" + name);
      const std::vector<Diagnostic> mistakes = mistakesOf(name, text);
      for (const Diagnostic& mistake : mistakes) {
        for (const Fix& fix : mistake.fixes) {
          const std::string what =
              std::to_string(positionOf({name, text}, mistake.span.begin).line) + ": " +
              mistake.message + " / " + fix.title;
          CAPTURE(what);
          CHECK(leftBy(name, text, mistakes, mistake, fix) == "");
          ++tried;
        }
      }
    }
    CHECK(tried > 150);
  }
}

}  // namespace syntax_fixes_test
