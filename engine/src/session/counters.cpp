// What the matcher and the rules have done, for hosts.

#include "session/state.h"

namespace reticle {

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
  return out;
}

}  // namespace reticle
