// What conflict resolution has to know of each rule, taken from the checked program once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace reticle {

// of the rules that no `focus` switches: it is always on
constexpr std::uint32_t kMainGroup = 0;
constexpr std::uint32_t kNotExclusive = 0xffffffffu;

struct RuleOrder {
  std::uint32_t group = kMainGroup;         // position in AgendaPlan::groups
  std::uint32_t exclusive = kNotExclusive;  // position among the names that follow `exclusive`
  std::uint32_t complexity = 0;             // see complexityOf
  // its first condition is about a fact of the match: `mea` looks at that one before all others
  bool firstBinds = true;
  // an activation that becomes ready gives its group the focus
  bool autoFocus = false;
  std::optional<std::int64_t> salience = 0;  // when it is the same for all matches
};

struct AgendaPlan {
  std::vector<RuleOrder> rules;  // by rule
  // those that are switched; groups that nothing gives the focus are only names
  std::vector<std::string> groups = {""};
  std::vector<std::string> exclusives;
  // The group of this name, when it is one that is switched.
  std::optional<std::uint32_t> findGroup(std::string_view name) const;
};

AgendaPlan planOf(const model::Program& program);

// What CLIPS calls specificity, counted as it does: one for each pattern, one for each comparison
// or call in a test. `&&`, `||`, `!` and calls inside of calls add nothing.
std::uint32_t complexityOf(const model::Rule& rule);

}  // namespace reticle
