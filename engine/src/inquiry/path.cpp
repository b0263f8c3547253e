// Where a fact is in the network, with the test that stops it in the words of the rule.

#include <optional>

#include "inquiry/condition_reports.h"
#include "inquiry/inquiry.h"
#include "inquiry/wording.h"
#include "match/reached.h"
#include "session/state.h"

namespace reticle {

namespace {

// The condition that became a node, also one inside of a group: both carry its place in the text.
const model::Condition* conditionAt(const std::vector<model::Condition>& conditions,
                                    const Span& span) {
  for (const model::Condition& condition : conditions) {
    if (condition.span == span) return &condition;
    for (const std::vector<model::Condition>& group : condition.groups) {
      if (const model::Condition* found = conditionAt(group, span)) return found;
    }
  }
  return nullptr;
}

class PathReport {
 public:
  explicit PathReport(const Session::State& state) : s_(state) {}

  FactPath::At of(const Reached& reached) const {
    const Node& node = s_.network.node(reached.node);
    FactPath::At out;
    out.node = reached.node;
    out.how = reached.how;
    out.matches = reached.matches;
    switch (reached.how) {
      case FactPath::How::Held: break;
      case FactPath::How::Waits:
        out.text = "nothing comes here that it could be paired with";
        break;
      case FactPath::How::Blocks:
        out.text = "it keeps " + counted(out.matches, "match", "matches") + " from going on";
        break;
      case FactPath::How::Stopped:
        if (!reached.rows.empty()) out.stop = missAt(node, reached);
        out.text = out.stop ? textOf(*out.stop) : endAt(node.kind);
        break;
    }
    return out;
  }

 private:
  // The first test that is not true of what ends here.
  std::optional<NearMiss> missAt(const Node& node, const Reached& reached) const {
    PartialMatch match;
    match.rows = reached.rows;
    match.locals = reached.locals;
    std::optional<NearMiss> miss;
    if (node.kind == NodeKind::Test) {
      miss = missOf(s_, node.tree, match);
    } else if (const model::Condition* condition = conditionOf(node)) {
      if (isAboutFacts(node.kind)) {
        for (const model::Constraint& constraint : condition->pattern.constraints) {
          if (!miss) miss = missOf(s_, constraint.test.tree, match);
        }
      } else {
        miss = missOf(s_, condition->expr.tree, match);
      }
    }
    if (!miss) return std::nullopt;
    for (const Row& row : reached.rows) {
      if (row.fields) miss->facts.push_back(row.fact);
    }
    return miss;
  }
  static bool isAboutFacts(NodeKind kind) {
    return kind == NodeKind::Join || kind == NodeKind::Not || kind == NodeKind::Exists;
  }
  // Rules that share a node have the same condition there.
  const model::Condition* conditionOf(const Node& node) const {
    for (const RuleId rule : node.rules) {
      const auto& conditions = s_.program.rules[index(rule)].conditions;
      if (const model::Condition* found = conditionAt(conditions, node.span)) return found;
    }
    return nullptr;
  }

  // Where no single test says it. ORDER: NodeKind.
  static std::string endAt(NodeKind kind) {
    switch (kind) {
      case NodeKind::Newest: return "newer ones have taken its place";
      case NodeKind::Join: return "no fact fits beside it";
      case NodeKind::Not:
      case NodeKind::NotGroup: return "something is there that must not be";
      case NodeKind::Exists:
      case NodeKind::ExistsGroup: return "what must be there is not";
      case NodeKind::Either: return "none of the branches holds";
      case NodeKind::Accumulate: return "there is no result for it";
      case NodeKind::Each: return "there is no element";
      case NodeKind::Wait: return "its moment has not come, or is over";
      case NodeKind::Type:
      case NodeKind::Test:
      case NodeKind::Let:
      case NodeKind::Filter:
      case NodeKind::Since:
      case NodeKind::End:
      case NodeKind::Production: return "it does not fit";
    }
    return {};
  }

  const Session::State& s_;
};

}  // namespace

Result<FactPath> Inquiry::pathOf(FactId fact) const {
  const Session::State& s = state();
  if (!s.memory.holds(fact)) {
    return Error{ErrorCode::UnknownFact,
                 "there is no fact " + std::to_string(index(fact)) + " (any more)",
                 "fact",
                 {}};
  }
  FactPath out;
  out.fact = fact;
  const PathReport report(s);
  for (const Reached& reached : s.matcher.reach(fact)) out.nodes.push_back(report.of(reached));
  return out;
}

const char* name(FactPath::How how) {
  switch (how) {
    case FactPath::How::Held: return "held";
    case FactPath::How::Stopped: return "stopped";
    case FactPath::How::Waits: return "waits";
    case FactPath::How::Blocks: return "blocks";
  }
  return "";
}

}  // namespace reticle
