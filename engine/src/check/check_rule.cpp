// Rules: the halves put together.
#include <algorithm>

#include "check/action_checker.h"
#include "check/condition_checker.h"
#include "check/rule_checker.h"
#include "check/rules_alone.h"
#include "model/message.h"

namespace reticle::model {
namespace {

// For whoever shows a match: locals that actions bind have names as those of conditions do.
void nameLocals(const std::vector<Action>& actions, Rule& rule) {
  for (const Action& action : actions) {
    if (action.local && *action.local < rule.localNames.size()) {
      rule.localNames[*action.local].first = action.name;
    }
    nameLocals(action.body, rule);
    nameLocals(action.otherwise, rule);
  }
}

}  // namespace

// A rule whose name is taken was reported when names were given; it is checked all the same.
void RuleChecker::checkRule(const tree::Declaration& declaration, const tree::Module* from) {
  if (!declaration.name || !symbols_.ruleNames().contains(declaration.name.text)) return;
  const std::size_t errorsBefore = report_.errors(), saidBefore = report_.said();
  Rule rule;
  rule.id = static_cast<RuleId>(program_.rules.size());
  rule.name = declaration.name.text;
  rule.doc = declaration.doc;
  rule.span = declaration.span;
  rule.nameSpan = declaration.name.span;
  checkAttributes(declaration, rule);
  Scope s = Scope::in(Scope::Place::Condition, from);
  s.rule = &declaration;
  checkConditions(declaration, rule, s);
  checkSalience(declaration, rule, s);
  checkOnce(declaration, rule, s);
  checkActions(declaration, rule, s);
  bindings_.close(s, 0);
  if (report_.errors() > errorsBefore || report_.wasUnread(declaration.span)) {
    report_.forgetUnused(saidBefore);
  } else if (!report_.failed()) {
    warnUnconnected(declaration, rule, types_, report_);
    warnSelfFeeding(declaration, rule, types_, report_);
  }
  // Also with a mistake: what comes after counts rules by their place.
  program_.rules.push_back(std::move(rule));
  trees_.push_back(&declaration);
}

// The trigger's conditions first, then those of `when`.
void RuleChecker::checkConditions(const tree::Declaration& declaration, Rule& rule, Scope& s) {
  if (declaration.on) {
    triggers_.checkTriggers(declaration, rule, s);
    // A trigger says what the rule waits for; its name is there for the reader too.
    for (Binding& binding : s.bindings) binding.quiet = true;
    index_.after(declaration.on->span, s);
  }
  conditions_.checkConditions(declaration.when, rule.conditions, s);
  rule.rows = static_cast<std::uint32_t>(s.rows.size());
  rule.frameRows = std::max(s.mostRows, rule.rows);
  rule.conditionLocals = s.locals;
  for (const RowPlace& row : s.rows) {
    rule.bindings.push_back(row.binding);
    rule.rowTypes.push_back(row.type);
  }
}

// What conditions could not use before its binding is bound by now.
void RuleChecker::checkActions(const tree::Declaration& declaration, Rule& rule, Scope& s) {
  rule.localNames.resize(s.locals);
  for (const Binding& binding : s.bindings) {
    if (binding.ref.kind == Ref::Kind::Local) {
      rule.localNames[binding.ref.row] = {binding.name, binding.type};
    }
  }
  s.place = Scope::Place::Rule;
  std::erase_if(s.absent, [](const Absent& a) { return a.why == Absent::Why::Later; });
  rule.actions = actions_.checkActions(declaration.then, s);
  const bool alone =
      !rule.conditions.empty() && rule.conditions[0].kind == Condition::Kind::Pattern;
  if (rule.trigger.kind == Trigger::Kind::Retract && alone) {
    refuseChangesOfGone(rule.actions, rule.conditions[0].pattern.row, rule.trigger.span);
  }
  rule.locals = s.locals;
  rule.localNames.resize(s.locals);
  nameLocals(rule.actions, rule);
}

// The fact of `on retract` is gone already: it can be read, not changed.
void RuleChecker::refuseChangesOfGone(const std::vector<Action>& actions, std::uint32_t row,
                                      Span trigger) {
  for (const Action& action : actions) {
    const Ref& target = action.target.tree.ref;
    const bool changes = action.kind == Action::Kind::Set || action.kind == Action::Kind::Unset ||
                         action.kind == Action::Kind::UpdateFields ||
                         action.kind == Action::Kind::UpdateWith ||
                         action.kind == Action::Kind::Retract;
    if (changes && target.kind == Ref::Kind::Row && target.row == row) {
      Diagnostic& d = report_.error("RL2009", action.span,
                                    quoted(toText(action.target.tree)) +
                                        " is gone: it can be read here, and no more changed");
      d.related.push_back({trigger, "fires when it has been retracted"});
    }
    refuseChangesOfGone(action.body, row, trigger);
    refuseChangesOfGone(action.otherwise, row, trigger);
  }
}

}  // namespace reticle::model
