// Conditions in braces: not, exists and forall over several patterns, either, and accumulate. The
// group is a branch that hangs from its owner; the end of the branch reports to the owner.
#include "network/builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "network/condition_text.h"

namespace reticle {

namespace {

// Of count: any value.
Code noArgument() {
  Code code;
  code.constants.push_back(Value());
  return code;
}

}  // namespace

NetworkBuilder::Owner NetworkBuilder::shareOwner(NodeKind kind, const char* word,
                                                 const Condition& condition, const Point& point,
                                                 const std::string& says) {
  bool isNew = false;
  const NodeId id = share(describe(word, point) + " " + says, [&](Node& fresh) {
    fresh.kind = kind;
    place(fresh, point);
    fresh.span = condition.span;
    isNew = true;
  });
  return {id, isNew};
}

// The owner decides after its last end, which `flushAt` remembers.
template <typename Fill>
NodeId NetworkBuilder::addEnd(NodeId owner, const Point& point, std::uint32_t branch, Fill fill) {
  const NodeId id = share(
      describe("end", point) + " of " + std::to_string(index(owner)) + " " + std::to_string(branch),
      [&](Node& fresh) {
        placeEnd(fresh, owner, point, branch);
        fill(fresh);
      });
  node(owner).flushAt = std::max(node(owner).flushAt, index(id));
  return id;
}

// Rows that the owner does not know are the branch's own: they order its matches.
void NetworkBuilder::placeEnd(Node& end, NodeId owner, const Point& point,
                              std::uint32_t branch) const {
  end.kind = NodeKind::End;
  place(end, point);
  end.owner = owner;
  end.branch = branch;
  end.flushAt = index(end.id);
  end.label = "end";
  std::uint16_t hops = 1;
  for (NodeId at = point.anchor; at != owner; at = parentToken(at)) ++hops;
  end.ownerHops = hops;
  const Node& above = node(owner);
  for (std::size_t row = 0; row < end.rows.size(); ++row) {
    const bool outer = row < above.rows.size() && above.rows[row].hops != TokenPath::kUnbound;
    if (!outer && end.rows[row].hops != TokenPath::kUnbound) {
      end.orderRows.push_back(end.rows[row]);
    }
  }
  end.firstPlace = static_cast<std::uint32_t>(above.places.size());
}

// Under a `not` even a candidate that is unknown counts, so the branch is loose.
Point NetworkBuilder::addGroup(NodeKind kind, const Condition& condition,
                               const Conditions& conditions, const Point& point) {
  const bool loose = kind == NodeKind::NotGroup || point.loose;
  const Owner owner = shareOwner(kind, kind == NodeKind::NotGroup ? "not group" : "exists group",
                                 condition, point, groupText(conditions, functions()));
  if (owner.isNew) {
    Point inner = branchOf(owner.id, loose);
    for (std::size_t at = 0; at < conditions.size(); ++at) inner = add(conditions, at, inner, {});
    addEnd(owner.id, inner, 0, [](Node&) {});
  }
  const NodeId id = owner.id;
  if (node(id).label.empty()) {
    node(id).label = condition.kind == Condition::Kind::Forall ? "forall"
                     : kind == NodeKind::NotGroup              ? "not { … }"
                                                               : "exists { … }";
  }
  return after(id, {}, point.loose);
}

Point NetworkBuilder::addEither(const Conditions& conditions, std::size_t at, const Point& point,
                                const Masks& later) {
  const Condition& condition = conditions[at];
  std::string says = conditionText(condition, functions());
  // Which fields of the exported facts are read by what follows is part of what it means.
  Masks readLater;  // by export
  for (const model::Export& each : condition.exports) {
    readLater.push_back(each.fact ? readsOf(each.to, conditions, at + 1, later) : 0);
    says += " later " + std::to_string(readLater.back());
  }
  const Owner owner = shareOwner(NodeKind::Either, "either", condition, point, says);
  if (owner.isNew) addAlternatives(owner.id, condition, point.loose, readLater);
  Binding adds;
  for (const model::Export& each : condition.exports) {
    adds.values.push_back(
        {each.fact ? Binding::Slot::Kind::Row : Binding::Slot::Kind::Local, each.to, !each.fact});
  }
  return after(owner.id, adds, point.loose);
}

namespace {

// The condition that binds a row. Before it, the candidates of groups may have had the same one.
std::size_t binderOf(std::uint32_t row, const std::vector<model::Condition>& conditions) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const model::Condition& condition = conditions[i];
    if (condition.kind == model::Condition::Kind::Pattern && condition.pattern.row == row) return i;
    for (const model::Export& each : condition.exports) {
      if (each.fact && each.to == row) return i;
    }
  }
  return 0;
}

}  // namespace

// `later`: by export, the fields that what follows the either reads.
void NetworkBuilder::addAlternatives(NodeId owner, const Condition& condition, bool loose,
                                     const Masks& later) {
  node(owner).label = "either";
  for (const model::Export& each : condition.exports) {
    node(owner).exports.push_back({each.fact, each.to, 0});
  }
  for (std::uint32_t branch = 0; branch < condition.groups.size(); ++branch) {
    const Conditions& group = condition.groups[branch];
    // The same, by the rows that the facts have within the branch.
    Masks masks;
    for (std::size_t i = 0; i < condition.exports.size(); ++i) {
      const model::Export& each = condition.exports[i];
      if (!each.fact) continue;
      if (masks.size() <= each.from[branch]) masks.resize(each.from[branch] + 1, 0);
      masks[each.from[branch]] |= later[i];
    }
    Point inner = branchOf(owner, loose);
    for (std::size_t i = 0; i < group.size(); ++i) inner = add(group, i, inner, masks);
    addEnd(owner, inner, branch, [&](Node& end) {
      for (const model::Export& each : condition.exports) {
        end.exports.push_back({each.fact, each.from[branch],
                               each.fact ? readsOf(each.from[branch], group,
                                                   binderOf(each.from[branch], group), masks)
                                         : 0});
      }
    });
  }
}

Point NetworkBuilder::addAccumulate(const Condition& condition, const Point& point) {
  // One pattern is a group of one.
  Conditions single;
  if (condition.groups.empty()) single.push_back(patternOf(condition));
  const Conditions& group = condition.groups.empty() ? single : condition.groups[0];
  const Owner owner = shareOwner(NodeKind::Accumulate, "accumulate", condition, point,
                                 groupText(group, functions()) + intoText(condition, functions()));
  if (owner.isNew) addCandidates(owner.id, condition, group);
  Binding adds;
  for (const model::AccumulateFunction& function : condition.functions) {
    adds.values.push_back({Binding::Slot::Kind::Local, function.local, false});
  }
  for (const model::GroupKey& key : condition.groupBy) {
    adds.values.push_back({Binding::Slot::Kind::Local, key.local, true});
  }
  return after(owner.id, adds, point.loose);
}

// The branch in which an accumulation's candidates are matched; its end reckons their arguments.
void NetworkBuilder::addCandidates(NodeId owner, const Condition& condition,
                                   const Conditions& group) {
  const auto fill = [&](Node& fresh) {
    fresh.functions = condition.functions;
    fresh.groupBy = condition.groupBy;
    fresh.skipErrors = condition.skipErrors;
  };
  fill(node(owner));
  std::string label;
  Masks masks;
  for (const model::AccumulateFunction& function : condition.functions) {
    label += (label.empty() ? "" : ", ") + function.name +
             (function.argument.present() ? "(" + toText(function.argument.tree) + ")" : "()");
    addReads(function.argument, masks);
  }
  for (const model::GroupKey& key : condition.groupBy) addReads(key.value, masks);
  node(owner).label = std::move(label);
  // A candidate of which it is unknown whether it matches makes the result unknown, unless errors
  // are skipped.
  Point inner = branchOf(owner, !condition.skipErrors);
  for (std::size_t i = 0; i < group.size(); ++i) inner = add(group, i, inner, masks);
  addEnd(owner, inner, 0, [&](Node& end) {
    fill(end);
    for (const model::AccumulateFunction& function : condition.functions) {
      end.arguments.push_back(function.argument.present()
                                  ? operand(expanded(function.argument), Binding::kNone, &end)
                                  : Operand{Operand::Kind::Constant, {}, 0, noArgument()});
    }
    for (const model::GroupKey& key : condition.groupBy) {
      end.arguments.push_back(operand(expanded(key.value), Binding::kNone, &end));
    }
  });
}

}  // namespace reticle
