// Which rules the tests of a program made fire.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "form/read_module.h"
#include "program/table_files.h"
#include "reticle/test.h"

namespace reticle {
namespace {

// `allow RL7003` stands at the rule.
bool allowsMissing(const tree::Declaration& rule) {
  return std::any_of(rule.allow.begin(), rule.allow.end(),
                     [](const tree::Name& name) { return name.text == "RL7003"; });
}

}  // namespace

// Rules are taken as they stand in the sources, since fired ones are known by the places of
// their names.
TestCoverage testCoverage(const std::vector<Source>& sources, const std::vector<Span>& fired) {
  TestCoverage coverage;
  std::vector<Diagnostic> ignored;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    if (isTableFile(sources[i])) continue;
    for (const tree::Declaration& rule : readModule(sources[i], i, ignored).declarations) {
      if (rule.kind != tree::Declaration::Kind::Rule || rule.disabled) continue;
      ++coverage.rules;
      if (std::find(fired.begin(), fired.end(), rule.name.span) != fired.end()) {
        ++coverage.fired;
      } else if (!allowsMissing(rule)) {
        Diagnostic diagnostic;
        diagnostic.code = "RL7003";
        diagnostic.level = Level::Warning;
        diagnostic.message = "no test makes this rule fire";
        diagnostic.span = rule.name.span;
        diagnostic.help.push_back("say in a test what sets it off, and `expect { fired \"" +
                                  rule.name.text + "\" }`");
        coverage.missed.push_back(std::move(diagnostic));
      }
    }
  }
  return coverage;
}

}  // namespace reticle
