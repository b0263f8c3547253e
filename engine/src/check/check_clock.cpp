// Which Clock a pattern means: there is one of UTC, and one of each zone that some pattern asks
// for.
#include <algorithm>

#include "check/checker.h"

namespace reticle::model {

namespace {

// All patterns of Clock in a program.
class ClockPatterns {
 public:
  explicit ClockPatterns(Program& program) {
    for (Rule& rule : program.rules) {
      look(rule.conditions);
      look(rule.actions);
    }
    for (Query& query : program.queries) look(query.conditions);
    for (Flow& flow : program.flows) {
      look(flow.steps);
      for (Flow::Handler& handler : flow.handlers) look(handler.steps);
    }
    for (Test& test : program.tests) {
      for (Test::Section& section : test.sections) {
        look(section.doings);
        for (Expect& expect : section.expects) {
          if (expect.pattern) look(*expect.pattern);
        }
      }
    }
  }
  const std::vector<Pattern*>& found() const { return found_; }

 private:
  void look(Pattern& pattern) {
    if (pattern.type == kClockType) found_.push_back(&pattern);
  }
  void look(std::vector<Condition>& conditions) {
    for (Condition& condition : conditions) {
      if (condition.hasPattern()) look(condition.pattern);
      for (std::vector<Condition>& group : condition.groups) look(group);
    }
  }
  void look(std::vector<Action>& actions) {
    for (Action& action : actions) {
      if (action.pattern) look(*action.pattern);
      look(action.conditions);
      look(action.body);
      look(action.otherwise);
    }
  }

  std::vector<Pattern*> found_;
};

bool asksForZone(const Expr& e, std::uint32_t row) {
  return (e.ref.kind == Ref::Kind::Field && e.ref.row == row && e.ref.field == kClockZone) ||
         std::any_of(e.args.begin(), e.args.end(),
                     [row](const Expr& arg) { return asksForZone(arg, row); });
}

}  // namespace

void Checker::requireZones() {
  if (program_.clockZones.empty()) return;
  const Type string = Type::of(TypeKind::String);
  const ClockPatterns patterns(program_);
  for (Pattern* pattern : patterns.found()) {
    const bool asks = std::any_of(pattern->constraints.begin(), pattern->constraints.end(),
                                  [&](const Constraint& constraint) {
                                    return asksForZone(constraint.test.tree, pattern->row);
                                  });
    if (asks) continue;
    Expr zone, utc, test;
    zone.kind = ExprKind::Name;
    zone.text = "zone";
    zone.type = string;
    zone.ref = {Ref::Kind::Field, pattern->row, kClockZone};
    utc.kind = ExprKind::Literal;
    utc.value = Value::string("UTC");
    utc.type = string;
    test.kind = ExprKind::Binary;
    test.op = Operator::Equal;
    test.type = Type::of(TypeKind::Bool);
    for (Expr* part : {&zone, &utc, &test}) part->span = part->nameSpan = pattern->span;
    test.args = {std::move(zone), std::move(utc)};
    pattern->constraints.push_back({expressions_.finish(std::move(test))});
  }
}

}  // namespace reticle::model
