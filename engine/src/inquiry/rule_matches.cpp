// The partial matches of a rule, condition by condition.

#include <algorithm>

#include "inquiry/inquiry.h"
#include "inquiry/walk.h"
#include "inquiry/wording.h"
#include "session/activations.h"

namespace reticle {

namespace {

// Locals of the rule that its first conditions bind.
std::vector<std::uint32_t> localsUpTo(const model::Rule& rule, std::size_t conditions) {
  std::vector<std::uint32_t> out;
  for (std::size_t at = 0; at < conditions; ++at) {
    const model::Condition& condition = rule.conditions[at];
    if (condition.kind == model::Condition::Kind::Let ||
        condition.kind == model::Condition::Kind::Each) {
      out.push_back(condition.local);
    }
    for (const model::GroupKey& key : condition.groupBy) out.push_back(key.local);
    for (const model::AccumulateFunction& function : condition.functions) {
      out.push_back(function.local);
    }
    for (const model::Export& name : condition.exports) {
      if (!name.fact) out.push_back(name.to);
    }
  }
  return out;
}

// Names bound later have no value yet, and are left out.
MatchView viewOf(const model::Rule& rule, const PartialMatch& match,
                 const std::vector<std::uint32_t>& locals) {
  MatchView out;
  out.facts = match.facts();
  for (std::uint32_t local : locals) {
    if (local < rule.localNames.size() && !rule.localNames[local].first.empty()) {
      out.bindings.emplace_back(rule.localNames[local].first, match.locals[local]);
    }
  }
  return out;
}

}  // namespace

Result<RuleMatches> Inquiry::matches(std::string_view name, std::size_t most) const {
  const Session::State& s = state();
  const Result<const model::Rule*> found = ruleNamed(s, name);
  if (!found) return found.error();
  const model::Rule& rule = **found;
  RuleMatches out;
  out.rule = rule.name;
  Enumerator enumerator(s.program, s.memory, s.session);
  std::vector<Walk::Stage> stages =
      Walk(enumerator, most)
          .along(rule.conditions, {PartialMatch(rule.frameRows + 1, rule.locals + 1)}, false);
  for (std::size_t at = 0; at < stages.size(); ++at) {
    RuleMatches::Stage stage;
    stage.text = rule.conditions[at].text;
    stage.count = stages[at].passed;
    stage.more = stages[at].more;
    std::stable_sort(stages[at].kept.begin(), stages[at].kept.end(), comesBefore);
    const std::vector<std::uint32_t> locals = localsUpTo(rule, at + 1);
    for (const PartialMatch& match : stages[at].kept) {
      stage.matches.push_back(viewOf(rule, match, locals));
    }
    out.conditions.push_back(std::move(stage));
  }
  for (const SeenActivation& activation : activationsOf(s, rule.id)) {
    if (out.complete.size() == most) break;
    out.complete.push_back({activation.facts, bindingsOf(rule, localsOf(s, activation)),
                            activation.id, activation.fired});
  }
  return out;
}

}  // namespace reticle
