// Whether actions leave, and the names they bind, by their kind.
#include "check/outcome.h"

#include <algorithm>

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

}  // namespace

// A block leaves when both ways through it do.
bool leavesHere(const Action& action) {
  switch (action.kind) {
    case Action::Kind::Fail:
    case Action::Kind::Return:
    case Action::Kind::Restart: return true;
    case Action::Kind::If:
    case Action::Kind::Try: return leaves(action.body) && leaves(action.otherwise);
    case Action::Kind::Insert:
    case Action::Kind::InsertLogical:
    case Action::Kind::Upsert:
    case Action::Kind::Set:
    case Action::Kind::Unset:
    case Action::Kind::UpdateFields:
    case Action::Kind::UpdateWith:
    case Action::Kind::Retract:
    case Action::Kind::Emit:
    case Action::Kind::Call:
    case Action::Kind::Start:
    case Action::Kind::Signal:
    case Action::Kind::Cancel:
    case Action::Kind::CancelEvent:
    case Action::Kind::Log:
    case Action::Kind::Let:
    case Action::Kind::For:
    case Action::Kind::ForFacts:
    case Action::Kind::Focus:
    case Action::Kind::Refresh:
    case Action::Kind::Halt:
    case Action::Kind::Step:
    case Action::Kind::Find:
    case Action::Kind::Sleep:
    case Action::Kind::SleepUntil:
    case Action::Kind::Wait:
    case Action::Kind::WaitUntil:
    case Action::Kind::Parallel:
    case Action::Kind::Branch:
    case Action::Kind::Compensate:
    case Action::Kind::Clock:
    case Action::Kind::Settle:
    case Action::Kind::Advance:
    case Action::Kind::Crash:
    case Action::Kind::Host:
    case Action::Kind::Replace: break;
  }
  return false;
}

// Names in the order of the text. A `wait until` binds what its conditions bind.
std::vector<tree::Name> namesBoundBy(const tree::Action& action) {
  const auto ofAll = [](const std::vector<tree::Action>& actions) {
    std::vector<tree::Name> names;
    for (const tree::Action& part : actions) {
      for (const tree::Name& name : namesBoundBy(part)) names.push_back(name);
    }
    return names;
  };
  switch (action.kind) {
    case Kind::Insert:
    case Kind::Let:
    case Kind::Step:
    case Kind::Find:
    case Kind::Wait:
    case Kind::Call:
    case Kind::Start:
      if (action.name) return {action.name};
      if (action.pattern && action.pattern->binding) return {action.pattern->binding};
      return {};
    case Kind::WaitUntil: {
      std::vector<tree::Name> names;
      if (action.name) names.push_back(action.name);
      for (const tree::Condition& condition : action.conditions) {
        if (condition.kind == tree::Condition::Kind::Pattern && condition.pattern &&
            condition.pattern->binding) {
          names.push_back(condition.pattern->binding);
        }
        if (condition.name) names.push_back(condition.name);
        for (const tree::AccumulateFunction& f : condition.functions) names.push_back(f.result);
        for (const tree::GroupKey& key : condition.groupBy) names.push_back(key.name);
      }
      return names;
    }
    case Kind::Parallel:
    case Kind::Branch: return ofAll(action.body);
    // Known after the block when both ways through it bind them, or the other one leaves.
    case Kind::If:
    case Kind::Try: {
      std::vector<tree::Name> names = ofAll(action.body);
      for (const tree::Name& name : ofAll(action.otherwise)) names.push_back(name);
      return names;
    }
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateFields:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::CancelEvent:
    case Kind::Log:
    case Kind::For:
    case Kind::Focus:
    case Kind::Refresh:
    case Kind::Halt:
    case Kind::Sleep:
    case Kind::SleepUntil:
    case Kind::Fail:
    case Kind::Return:
    case Kind::Compensate:
    case Kind::Restart:
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Host:
    case Kind::Replace: break;
  }
  return {};
}

// One that leaves is enough: nothing after it is reached.
bool leaves(const std::vector<Action>& actions) {
  return std::any_of(actions.begin(), actions.end(),
                     [](const Action& action) { return leavesHere(action); });
}

// Actions read from a document have no keyword.
Span keywordSpan(const tree::Action& action) {
  return action.keyword == Span{} ? action.span : action.keyword;
}

}  // namespace reticle::model
