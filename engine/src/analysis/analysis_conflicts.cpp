// Two rules that can be active together and write different values to the same property: which one
// wins is not said.
//
// Reported only where it is certain: both rules ask for nothing but tests of single fields and
// joins, their tests of the fact that both write leave a value in common, and the values written
// are different constants outside of any `if`. Joins are taken as ones that can hold.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/place.h"
#include "model/message.h"

namespace reticle::model {
namespace {

constexpr std::size_t kMaxPairs = 20'000;
constexpr std::size_t kMaxConflicts = 64;  // reported of one program

struct Write {
  std::size_t rule = 0;
  std::uint32_t row = 0;
  const Action* action = nullptr;
  const NamedExpression* field = nullptr;
  Value value;
};

// Inserting or retracting is no conflict: both facts are there.
bool writes(Action::Kind kind) {
  return kind == Action::Kind::Set || kind == Action::Kind::UpdateFields;
}

// Whether nothing but their tests keeps two rules apart.
bool sameMoment(const Rule& a, const Rule& b) {
  return !a.disabled && !b.disabled && a.fixedSalience && b.fixedSalience &&
         *a.fixedSalience == *b.fixedSalience && a.group == b.group;
}

}  // namespace

// Pairs of writes to one property, by rules that the same fact can set off. All writes of two rules
// are one conflict.
std::vector<Analysis::Conflict> Analysis::conflicts() const {
  std::vector<std::map<Place, ValueSet>> boxes;
  std::map<std::pair<TypeId, std::uint32_t>, std::vector<Write>> byProperty;
  for (std::size_t i = 0; i < program_.rules.size(); ++i) {
    const Rule& rule = program_.rules[i];
    const RuleTests tests = testsOf(program_, rule);
    boxes.push_back(boxOf(program_, rule, tests));
    if (!tests.exact || rule.disabled || rules_[i]->on || rules_[i]->exclusive ||
        !rules_[i]->effectiveFrom.empty() || !rules_[i]->effectiveTo.empty()) {
      continue;
    }
    for (const Action& action : rule.actions) {
      if (!writes(action.kind) || action.target.tree.ref.kind != Ref::Kind::Row ||
          action.target.tree.ref.row >= rule.rowTypes.size()) {
        continue;
      }
      for (const NamedExpression& field : action.fields) {
        const std::optional<Value> value = constantValue(field.value.tree);
        if (value && field.name != "…") {
          byProperty[{action.type, index(field.field)}].push_back(
              {i, action.target.tree.ref.row, &action, &field, *value});
        }
      }
    }
  }
  std::map<std::tuple<std::size_t, std::size_t, std::uint32_t, std::uint32_t>, Conflict> found;
  std::size_t pairs = 0;
  for (const auto& [property, all] : byProperty) {
    for (std::size_t j = 1; j < all.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        if (++pairs > kMaxPairs) break;
        if (found.size() >= kMaxConflicts) break;
        const Write &a = all[i], &b = all[j];
        if (a.rule == b.rule || a.value == b.value ||
            !sameMoment(program_.rules[a.rule], program_.rules[b.rule])) {
          continue;
        }
        const auto key = std::tuple(a.rule, b.rule, a.row, b.row);
        if (const auto known = found.find(key); known != found.end()) {
          known->second.writes.push_back({a.action, b.action, a.field->name});
          continue;
        }
        std::optional<std::string> both =
            together(a.rule, boxes[a.rule], a.row, boxes[b.rule], b.row);
        if (!both) continue;
        found.emplace(key, Conflict{a.rule,
                                    b.rule,
                                    property.first,
                                    std::move(*both),
                                    {{a.action, b.action, a.field->name}}});
      }
    }
  }
  std::vector<Conflict> conflicts;
  for (auto& [key, conflict] : found) conflicts.push_back(std::move(conflict));
  return conflicts;
}

// In words what fact both rules can be active for; empty when none.
std::optional<std::string> Analysis::together(std::size_t a, const std::map<Place, ValueSet>& boxA,
                                              std::uint32_t rowA,
                                              const std::map<Place, ValueSet>& boxB,
                                              std::uint32_t rowB) const {
  const auto possible = [](const std::map<Place, ValueSet>& box) {
    return std::none_of(box.begin(), box.end(),
                        [](const auto& entry) { return entry.second.empty(); });
  };
  if (!possible(boxA) || !possible(boxB)) return std::nullopt;
  const FactType& type = program_.type(program_.rules[a].rowTypes[rowA]);
  std::string text;
  for (std::uint32_t field = 0; field < type.fields.size(); ++field) {
    const auto inA = boxA.find({rowA, field}), inB = boxB.find({rowB, field});
    if (inA == boxA.end() && inB == boxB.end()) continue;
    const ValueSet values = inA == boxA.end()   ? inB->second
                            : inB == boxB.end() ? inA->second
                                                : inA->second.intersected(inB->second);
    if (values.empty()) return std::nullopt;
    text += (text.empty() ? "" : ", ") +
            describe(type.fields[field].name, values, type.fields[field].type);
  }
  return text.empty() ? "every " + type.name : text;
}

// At the later of the two, where it would be mended.
void Analysis::checkConflicts() {
  for (const Conflict& conflict : conflicts()) {
    const tree::Declaration &a = *rules_[conflict.first], &b = *rules_[conflict.second];
    if (allows(a, "RL4005") || allows(b, "RL4005")) continue;
    std::vector<std::string> properties;
    for (const Conflict::Pair& pair : conflict.writes) {
      properties.push_back(quoted(program_.type(conflict.type).name + "." + pair.property));
    }
    const Conflict::Pair& first = conflict.writes.front();
    Diagnostic& d =
        say(Level::Warning, "RL4005", first.second->span,
            quoted(a.name.text) + " and " + quoted(b.name.text) +
                " can both be active, and write different values to " + quotedAnd(properties));
    d.label = quoted(b.name.text) + " writes this ...";
    std::set<const Action*> reported{first.second};
    for (const Conflict::Pair& pair : conflict.writes) {
      if (reported.insert(pair.first).second) {
        d.related.push_back({pair.first->span, reported.size() == 2
                                                   ? "... and " + quoted(a.name.text) + " this"
                                                   : "and this"});
      }
      if (reported.insert(pair.second).second) d.related.push_back({pair.second->span, "and this"});
    }
    const Span behind{b.name.span.file, b.name.span.end, b.name.span.end};
    if (!b.salience) {
      d.fixes.push_back(edit("let " + quoted(b.name.text) + " fire last and win: `salience -1`",
                             behind, " salience -1"));
    }
    d.help.push_back(
        "or let only one of them fire: `exclusive` with one name on both; or make the decision a "
        "table");
    d.notes.push_back("both are active for " + conflict.witness);
    d.notes.push_back(
        "as it stands the rule that fires last wins; if that is meant, add `allow RL4005` to one "
        "of them");
  }
}

// For people who ask for the whole analysis, also what is allowed.
std::string Analysis::conflictsText() const {
  std::string text;
  for (const Conflict& conflict : conflicts()) {
    std::vector<std::string> properties;
    for (const Conflict::Pair& pair : conflict.writes) {
      properties.push_back(program_.type(conflict.type).name + "." + pair.property);
    }
    text += "rules " + quoted(program_.rules[conflict.first].name) + " and " +
            quoted(program_.rules[conflict.second].name) + " both write " + listed(properties) +
            "\n  for " + conflict.witness + "\n";
  }
  return text;
}

}  // namespace reticle::model
