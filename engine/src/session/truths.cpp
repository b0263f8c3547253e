// Logical facts that support each other in a circle: a fact is founded when one of its supports is
// a match whose facts are all stated or founded themselves (the well-founded reading of a truth
// maintenance system: Doyle 1979). What is only held up by itself goes.

#include "session/state.h"

namespace reticle {

namespace {

void noteDerived(const std::vector<model::Action>& actions, const model::Rule& rule,
                 std::vector<std::vector<std::uint32_t>>& leadsTo) {
  for (const model::Action& action : actions) {
    if (action.kind == model::Action::Kind::InsertLogical) {
      for (const TypeId type : rule.rowTypes) leadsTo[index(type)].push_back(index(action.type));
    }
    noteDerived(action.body, rule, leadsTo);
    noteDerived(action.otherwise, rule, leadsTo);
  }
}

}  // namespace

std::vector<bool> circularTypes(const model::Program& program) {
  std::vector<std::vector<std::uint32_t>> leadsTo(program.types.size());
  for (const model::Rule& rule : program.rules) {
    if (!rule.disabled) noteDerived(rule.actions, rule, leadsTo);
  }
  std::vector<bool> circular(program.types.size());
  for (std::uint32_t type = 0; type < leadsTo.size(); ++type) {
    if (leadsTo[type].empty()) continue;
    std::vector<bool> seen(leadsTo.size());
    std::vector<std::uint32_t> open = leadsTo[type];
    while (!open.empty() && !circular[type]) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (at == type) circular[type] = true;
      if (seen[at]) continue;
      seen[at] = true;
      open.insert(open.end(), leadsTo[at].begin(), leadsTo[at].end());
    }
  }
  return circular;
}

bool Session::State::isFounded(FactId fact) const {
  // All logical facts that hold it up, by way of others; then what among them is founded, from the
  // stated facts on.
  struct Support {
    FactId derived;
    std::vector<FactId> logical;
  };
  std::vector<Support> open;
  std::set<FactId> seen = {fact};
  std::vector<FactId> todo = {fact};
  while (!todo.empty()) {
    const FactId at = todo.back();
    todo.pop_back();
    for (const ActivationSlot keeper : *supports.find(index(at))) {
      Support support{at, {}};
      for (const FactId each : matcher.factsOf(agenda.at(keeper).token)) {
        const StoredFact* stored = memory.find(each);
        if (!stored || !stored->logical) continue;
        support.logical.push_back(each);
        if (seen.insert(each).second) todo.push_back(each);
      }
      open.push_back(std::move(support));
    }
  }
  std::set<FactId> founded;
  for (bool more = true; more && !founded.count(fact);) {
    more = false;
    for (const Support& support : open) {
      if (founded.count(support.derived)) continue;
      bool holds = true;
      for (const FactId each : support.logical) holds = holds && founded.count(each);
      if (holds) more = founded.insert(support.derived).second;
    }
  }
  return founded.count(fact) != 0;
}

}  // namespace reticle
