// What the matcher and the rules have done, for hosts.

#include <utility>

#include "session/state.h"

namespace reticle {

namespace {

// A condition may have become several nodes that ask the same.
void addUnknown(Counters::Rule::Unknown unknown, std::vector<Counters::Rule::Unknown>& to) {
  for (Counters::Rule::Unknown& known : to) {
    if (known.test != unknown.test || known.cause != unknown.cause) continue;
    known.times += unknown.times;
    return;
  }
  to.push_back(std::move(unknown));
}

}  // namespace

Counters Session::counters() const {
  const State& s = *state_;
  Counters out;
  for (const Node& node : s.network.nodes) {
    const NodeCounters& done = s.matcher.counters(node.id);
    out.nodes.push_back(
        {node.id, done.left, done.right, done.tests, done.tokens, s.matcher.memoryCount(node.id)});
  }
  for (const model::Rule& rule : s.program.rules) {
    Counters::Rule counted = s.counters.of(rule.id);
    counted.rule = rule.id;
    counted.name = rule.name;
    out.rules.push_back(std::move(counted));
  }
  for (const auto& [id, causes] : s.matcher.unknowns().byNode()) {
    const Node& node = s.network.node(id);
    for (const RuleId rule : node.rules) {
      for (const Unknowns::Cause& cause : causes) {
        addUnknown({node.label, cause.code, cause.message, cause.times},
                   out.rules[index(rule)].unknown);
      }
    }
  }
  return out;
}

}  // namespace reticle
