// A walk over conditions and steps.

#include "model/listened.h"

#include <utility>

namespace reticle::model {

namespace {

class Listened {
 public:
  explicit Listened(const Program& program) : types_(program.types.size()) {}

  void conditions(const std::vector<Condition>& conditions) {
    for (const Condition& condition : conditions) {
      if (condition.hasPattern()) types_[index(condition.pattern.type)] = true;
      for (const std::vector<Condition>& group : condition.groups) this->conditions(group);
    }
  }
  void actions(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (action.kind == Action::Kind::Wait && action.pattern) {
        types_[index(action.pattern->type)] = true;
      }
      conditions(action.conditions);
      this->actions(action.body);
      this->actions(action.otherwise);
    }
  }
  std::vector<bool> take() { return std::move(types_); }

 private:
  std::vector<bool> types_;
};

}  // namespace

std::vector<bool> listenedTypes(const Program& program) {
  Listened listened(program);
  for (const Rule& rule : program.rules) listened.conditions(rule.conditions);
  for (const Flow& flow : program.flows) {
    listened.actions(flow.steps);
    for (const Flow::Handler& handler : flow.handlers) listened.actions(handler.steps);
  }
  return listened.take();
}

}  // namespace reticle::model
