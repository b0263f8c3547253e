// For the runaway guard: what keeps a circle of rules going is the change that made a match, as far
// as its rule looks at it.

#include <algorithm>

#include "expression/code.h"
#include "model/conclusions.h"
#include "network/reads.h"
#include "session/state.h"

namespace reticle {

namespace {

// The fields of one type that the conditions of a rule read, and whether its facts count at all.
class Reader {
 public:
  Reader(const model::Program& program, TypeId type) : program_(program), type_(type) {}

  void read(const std::vector<model::Condition>& conditions) {
    for (const model::Condition& condition : conditions) {
      if (condition.hasPattern()) {
        setRow(condition.pattern.row, condition.pattern.type);
        if (condition.pattern.type == type_) matched = true;
        for (const model::Constraint& constraint : condition.pattern.constraints) {
          read(constraint.test);
        }
        for (const model::Suffix& suffix : condition.pattern.suffixes) read(suffix.by);
      }
      for (const std::vector<model::Condition>& group : condition.groups) read(group);
      read(condition.expr);
      read(condition.where);
      for (const model::AccumulateFunction& function : condition.functions) read(function.argument);
      for (const model::GroupKey& key : condition.groupBy) read(key.value);
    }
  }

  void read(const model::Expression& expression) {
    if (!expression.present()) return;
    std::vector<FieldMask> byRow;
    addFieldReads(expandFunctions(expression.tree, program_.functions), byRow);
    for (std::size_t row = 0; row < byRow.size() && row < types_.size(); ++row) {
      if (types_[row] == type_) fields |= byRow[row];
    }
  }

  bool matched = false;
  FieldMask fields = 0;

 private:
  void setRow(std::uint32_t row, TypeId type) {
    if (types_.size() <= row) types_.resize(row + 1);
    types_[row] = type;
  }

  const model::Program& program_;
  TypeId type_;
  std::vector<TypeId> types_;  // by row, as far as the conditions have been read
};

}  // namespace

std::uint64_t Session::firedRecency() const { return state_->firing.recency(); }
RuleId Session::firingRule() const { return state_->firing.rule(); }

void Session::addFeeds(RuleId id, std::uint64_t change, std::vector<std::string>& out) const {
  const State& s = *state_;
  const RecentChanges::Noted* found = s.changes.find(change);
  if (!found) return;
  const RecentChanges::Noted& noted = *found;
  const model::FactType& type = s.program.type(noted.type);
  const auto add = [&](std::string name) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
  };
  Reader reader(s.program, noted.type);
  reader.read(s.program.rules[index(id)].conditions);
  reader.read(s.program.rules[index(id)].salience);
  for (const model::Expression* each : model::conclusionReads(s.program.rules[index(id)].actions)) {
    reader.read(*each);
  }
  if (noted.fields == 0) {
    add(type.name);
    return;
  }
  const FieldMask fed = noted.fields & reader.fields ? noted.fields & reader.fields : noted.fields;
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    if (fed & bitOf(FieldId{i})) {
      add(i < type.declared ? type.name + "." + type.fields[i].name : type.name);
    }
  }
}

}  // namespace reticle
