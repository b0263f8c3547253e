// Every way of going wrong that the checker knows, as a bad program beside what its author reads:
// tests/scripts/diagnostics-model/NAME.rules and NAME.expected.
// RETICLE_BLESS=1 in the environment writes the expected texts anew; read them before keeping them.
#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check/check.h"
#include "support/folder.h"
#include "syntax/parser.h"

namespace check_diagnostics_test {

namespace {

using namespace reticle;

const std::string kFolder = test::pathOf("tests/scripts/diagnostics-model/");

std::string readFile(const std::string& path) {
  std::string text;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return text;
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, got);
  }
  std::fclose(file);
  return text;
}

std::vector<std::string> programs(const std::string& path) {
  std::vector<std::string> names;
  const std::string suffix = ".rules";
  if (DIR* folder = opendir(path.c_str())) {
    while (const dirent* entry = readdir(folder)) {
      const std::string name = entry->d_name;
      if (name.size() > suffix.size() &&
          name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
        names.push_back(name.substr(0, name.size() - suffix.size()));
      }
    }
    closedir(folder);
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct Checked {
  bool good = false;
  std::vector<Diagnostic> diagnostics;
  std::string text;
};

Checked checkText(const std::string& name, const std::string& text) {
  const std::vector<Source> sources = {{name, text}};
  Checked result;
  std::vector<tree::Module> modules;
  modules.push_back(parseModule(sources[0], 0, result.diagnostics));
  result.good = checkProgram(std::move(modules), result.diagnostics).has_value();
  for (const Diagnostic& d : result.diagnostics) {
    result.text += (result.text.empty() ? "" : "\n") + render(d, sources);
  }
  return result;
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

void compareAll(const std::string& folder) {
  for (const std::string& name : programs(folder)) {
    CAPTURE(name);
    const Checked checked = checkText(name + ".rules", readFile(folder + name + ".rules"));
    CHECK(!checked.diagnostics.empty());
    CHECK(checked.good != hasErrors(checked.diagnostics));
    const std::string expectedPath = folder + name + ".expected";
    if (const char* bless = std::getenv("RETICLE_BLESS"); bless && *bless == '1') {
      if (std::FILE* file = std::fopen(expectedPath.c_str(), "wb")) {
        std::fwrite(checked.text.data(), 1, checked.text.size(), file);
        std::fclose(file);
      }
    }
    CHECK(checked.text == readFile(expectedPath));
  }
}

}  // namespace

TEST_SUITE("model diagnostics") {
  TEST_CASE("each mistake is reported as its author should read it") {
    CHECK(programs(kFolder).size() >= 60);
    compareAll(kFolder);
  }

  TEST_CASE("ten mistakes in one file are ten messages") {
    const Checked checked =
        checkText("ten-mistakes.rules", readFile(kFolder + "ten-mistakes.rules"));
    CHECK(checked.diagnostics.size() == 10);
    CHECK_FALSE(checked.good);
  }

  TEST_CASE("an edit that a message offers takes the message away") {
    // Where the first fix of the only error can be applied as it stands, what remains is free of
    // that code.
    for (const char* name :
         {"unknown-field", "unknown-field-behind-a-dot", "function-written-as-method",
          "used-before-bound", "two-meanings", "comparison-of-types", "optional-condition",
          "unknown-type", "unreachable-after-fail"}) {
      CAPTURE(name);
      std::string text = readFile(kFolder + name + ".rules");
      const Checked before = checkText("before.rules", text);
      if (before.diagnostics.size() != 1 || before.diagnostics[0].fixes.empty()) {
        FAIL_CHECK("one message with a fix was expected");
        continue;
      }
      std::vector<Edit> edits = before.diagnostics[0].fixes[0].edits;
      std::sort(edits.begin(), edits.end(),
                [](const Edit& a, const Edit& b) { return a.span.begin > b.span.begin; });
      for (const Edit& edit : edits) {
        text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
      }
      const Checked after = checkText("after.rules", text);
      CHECK_MESSAGE(after.good, after.text);
    }
  }

  TEST_CASE("every fix of the collection takes its mistake away, and can be read") {
    // Another mistake may come to light where one is gone: of these it is known.
    const std::vector<std::string> reveal = {"name-of-a-subject"};
    std::size_t tried = 0;
    for (const std::string& name : programs(kFolder)) {
      const std::string text = readFile(kFolder + name + ".rules");
      const Checked before = checkText(name, text);
      for (const Diagnostic& d : before.diagnostics) {
        const auto same = [&](const Diagnostic& other) {
          return other.code == d.code && other.message == d.message;
        };
        const auto told = std::count_if(before.diagnostics.begin(), before.diagnostics.end(), same);
        for (const Fix& fix : d.fixes) {
          const std::string what = name + ": " + d.code + " " + d.message + " / " + fix.title;
          CAPTURE(what);
          const Checked after = checkText(name, applied(text, fix));
          const auto left = std::count_if(after.diagnostics.begin(), after.diagnostics.end(), same);
          CHECK_MESSAGE(left < told, after.text);
          const bool read =
              std::none_of(after.diagnostics.begin(), after.diagnostics.end(),
                           [](const Diagnostic& other) { return other.code.starts_with("RL00"); });
          CHECK_MESSAGE((read || std::find(reveal.begin(), reveal.end(), name) != reveal.end() ||
                         before.text.find("[RL00") != std::string::npos),
                        after.text);
          ++tried;
        }
      }
    }
    CHECK(tried > 200);
  }

  TEST_CASE("what is left after the first fix of everything is clean") {
    // Fix after fix, the first that is offered, until nothing offers one.
    for (const char* name : {"negations", "subject-of-an-event", "one-name-in-several-places"}) {
      CAPTURE(name);
      std::string text = readFile(kFolder + name + ".rules");
      Checked now = checkText(name, text);
      for (int round = 0; round < 20; ++round) {
        const auto found = std::find_if(now.diagnostics.begin(), now.diagnostics.end(),
                                        [](const Diagnostic& d) { return !d.fixes.empty(); });
        if (found == now.diagnostics.end()) break;
        text = applied(text, found->fixes[0]);
        now = checkText(name, text);
      }
      CHECK_MESSAGE(now.good, now.text);
    }
  }

  TEST_CASE("values of an enum that cannot meet close no circle, and make no rule conflict") {
    const Checked checked = checkText(
        "enums.rules",
        "enum Outcome { DECLINED, REFERRED, OK }\n"
        "fact Decision { key id: string  outcome: Outcome }\n"
        "fact Application { key id: string  state: Outcome  rate: int = 0 }\n"
        "rule refer when { a: Application  not Decision(id == a.id, outcome == Outcome.DECLINED) "
        "}\n"
        "then { insert logical Decision{id: a.id, outcome: Outcome.REFERRED} }\n"
        "rule one when { a: Application(state == Outcome.OK) } then { set a.rate = 1 }\n"
        "rule two when { a: Application(state == Outcome.REFERRED) } then { set a.rate = 2 }\n");
    CHECK(checked.text == "");
  }

  TEST_CASE("checking twice says the same") {
    const std::string text = readFile(kFolder + "wrong-kind-of-thing.rules");
    CHECK(checkText("a.rules", text).text == checkText("a.rules", text).text);
  }
}

}  // namespace check_diagnostics_test
