// The messages of the analyses, and rules that repeat each other.
#include "analysis/analysis.h"

#include <algorithm>

#include "model/message.h"

namespace reticle::model {

// A warning that is meant is allowed where it would stand.
bool allows(const tree::Declaration& declaration, std::string_view code) {
  return std::any_of(declaration.allow.begin(), declaration.allow.end(),
                     [&](const tree::Name& name) { return name.text == code; });
}

// Of names that are quoted already.
std::string quotedAnd(const std::vector<std::string>& quoted) {
  std::string text;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == quoted.size() ? " and " : ", ") + quoted[i];
  }
  return text;
}

// Collected, so that the caller can drop what the parser has spoken about.
Diagnostic& Analysis::say(Level level, std::string code, Span span, std::string message) {
  if (++count_[static_cast<std::size_t>(level)] > kMaxFound) {
    left_.emplace_back(level, span);
    silent_ = Diagnostic{};
    return silent_;
  }
  Diagnostic d;
  d.code = std::move(code);
  d.level = level;
  d.span = span;
  d.message = std::move(message);
  found_.push_back(std::move(d));
  return found_.back();
}

// Two rules of one file that ask and do the same, word for word: the later one is reported.
void Analysis::checkDoubles() {
  std::map<std::string, const Rule*> first;
  for (std::size_t i = 0; i < program_.rules.size(); ++i) {
    const Rule& rule = program_.rules[i];
    // how often and when they fire is part of what they do
    if (rule.once || rule.noLoop || rule.repeat || !rule.fixedSalience) continue;
    if (rule.disabled || rule.trigger.kind != Trigger::Kind::None || rule.effectiveFrom ||
        rule.effectiveTo || rule.conditions.empty() || rule.actions.empty()) {
      continue;
    }
    std::string text = std::to_string(rule.nameSpan.file) + "\n" + rule.group + "\n" +
                       rule.exclusive + "\n" + std::to_string(*rule.fixedSalience);
    for (const Condition& condition : rule.conditions) text += "\n" + condition.text;
    text += "\nthen";
    for (const Action& action : rule.actions) text += "\n" + action.text;
    const auto [known, fresh] = first.emplace(std::move(text), &rule);
    if (fresh || allows(*rules_[i], "RL4006")) continue;
    Diagnostic& d = say(Level::Information, "RL4006", rule.nameSpan,
                        "this rule asks and does the same as " + quoted(known->second->name));
    d.related.push_back({known->second->nameSpan, "the same conditions, the same actions"});
    d.help.push_back("take one of the two away");
  }
}

}  // namespace reticle::model
