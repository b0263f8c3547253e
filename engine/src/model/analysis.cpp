#include "model/analysis.h"

#include <algorithm>

#include "model/checker.h"

namespace reticle::model {

bool allows(const tree::Declaration& declaration, std::string_view code) {
  return std::any_of(declaration.allow.begin(), declaration.allow.end(), [&](const tree::Name& name) { return name.text == code; });
}

std::string quotedAnd(const std::vector<std::string>& quoted) {
  std::string text;
  for (std::size_t i = 0; i < quoted.size(); ++i) text += (i == 0 ? "" : i + 1 == quoted.size() ? " and " : ", ") + quoted[i];
  return text;
}

Diagnostic& Analysis::say(Level level, std::string code, Span span, std::string message) {
  Diagnostic d;
  d.code = std::move(code);
  d.level = level;
  d.span = span;
  d.message = std::move(message);
  found_.push_back(std::move(d));
  return found_.back();
}

void Checker::analyse() {
  Analysis analysis(program_, ruleTrees_, tableTrees_);
  analysis.checkTables();
  if (!failed_) {
    analysis.checkConditions();
    analysis.checkConflicts();
    analysis.checkStrata();
    analysis.checkCycles();
  }
  if (options_.analysis) *options_.analysis += analysis.tablesText() + (failed_ ? "" : analysis.conflictsText());
  for (Diagnostic& found : analysis.take()) {
    Diagnostic& d = say(found.level, found.code, found.span, found.message);
    d = std::move(found);
  }
}

}  // namespace reticle::model
