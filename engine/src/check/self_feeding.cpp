// A rule whose own change keeps its condition true.
#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "analysis/analysis.h"
#include "check/demands.h"
#include "check/rules_alone.h"
#include "expression/conjuncts.h"
#include "model/message.h"

namespace reticle::model {
namespace {

// As a field: through the row as a value, readsRowItself knows.
bool readsField(const Expr& e, std::uint32_t row, FieldId field) {
  if (e.ref.kind == Ref::Kind::Field) return e.ref.row == row && e.ref.field == field;
  return std::any_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return readsField(arg, row, field); });
}

// A row taken as a value may be asked for anything.
bool readsRowItself(const Expr& e, std::uint32_t row) {
  if (e.ref.kind == Ref::Kind::Field) return false;
  if (e.ref.kind == Ref::Kind::Row && e.ref.row == row) return true;
  return std::any_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return readsRowItself(arg, row); });
}

// +1 when the value written is always more than the field's own, -1 when less, 0 when that is not
// plain.
int direction(const Expr& e, std::uint32_t row, FieldId field) {
  if (e.kind != ExprKind::Binary || (e.op != Operator::Add && e.op != Operator::Subtract)) return 0;
  const auto isField = [&](const Expr& x) {
    return x.ref.kind == Ref::Kind::Field && x.ref.row == row && x.ref.field == field;
  };
  const auto signOf = [](const Expr& x) {
    const Value* value = constantOf(x);
    if (!value || !value->isNumber()) return 0;
    const double number =
        value->kind() == ValueKind::Int ? static_cast<double>(value->asInt()) : value->asDouble();
    return number > 0 ? 1 : number < 0 ? -1 : 0;
  };
  if (isField(e.args[0])) return e.op == Operator::Add ? signOf(e.args[1]) : -signOf(e.args[1]);
  if (e.op == Operator::Add && isField(e.args[1])) return signOf(e.args[0]);
  return 0;
}

// Where a value that only grows (or only shrinks) could end: at another field whose name says so,
// or at a number well beyond the one it is compared with.
std::string boundFor(const FactType& type, FieldId field, int way, const Value& from) {
  const std::vector<std::string> words =
      way > 0 ? std::vector<std::string>{"max", "limit", "target", "capacity"}
              : std::vector<std::string>{"min", "limit", "floor", "reserve"};
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    const std::string name = lowerCase(type.fields[i].name);
    if (i == index(field) || !(type.fields[i].type == type.fields[index(field)].type)) continue;
    if (std::any_of(words.begin(), words.end(), [&](const std::string& word) {
          return name.find(word) != std::string::npos;
        })) {
      return type.fields[i].name;
    }
  }
  if (from.kind() != ValueKind::Int || from.asInt() > 1'000'000 || from.asInt() < -1'000'000) {
    return "";
  }
  const std::int64_t bound = way > 0 ? (from.asInt() < 100 ? 100 : from.asInt() * 10)
                                     : (from.asInt() > 0 ? 0 : from.asInt() * 10 - 100);
  return std::to_string(bound);
}

// One set of one field of a bound fact, and nothing else that could end it; null otherwise.
const Action* onlySet(const Rule& rule) {
  const Action* set = nullptr;
  for (const Action& action : rule.actions) {
    if (action.kind == Action::Kind::Log || action.kind == Action::Kind::Let ||
        action.kind == Action::Kind::Emit) {
      continue;
    }
    const bool sets =
        (action.kind == Action::Kind::Set || action.kind == Action::Kind::UpdateFields) &&
        action.fields.size() == 1 && action.part.empty();
    if (!sets || set) return nullptr;
    set = &action;
  }
  return set;
}

// `reader` is the conjunct that the change keeps true.
void reportLoop(const tree::Declaration& declaration, const Rule& rule, const Action& set, int way,
                const Expr& reader, const Demand& demand, const Types& types, Reporter& report) {
  const std::uint32_t row = set.target.tree.ref.row;
  const FieldId field = set.fields[0].field;
  const std::string property = types.typeOf(rule.rowTypes[row]).name + "." + set.fields[0].name;
  Diagnostic& d = report.warn("RL4001", set.span, "this rule can make itself fire for ever");
  d.label = "... and this change keeps the condition true";
  d.related.push_back({reader.span, "the rule reads " + quoted(property) + " here ..."});
  const Span after{declaration.name.span.file, declaration.name.span.end,
                   declaration.name.span.end};
  d.fixes.push_back(edit("add `no-loop` to fire once for each outside change", after, " no-loop"));
  const std::string bound = boundFor(types.typeOf(rule.rowTypes[row]), field, way, demand.value);
  const bool plain = reader.args[0].kind == ExprKind::Name || reader.args[1].kind == ExprKind::Name;
  const std::string test =
      set.fields[0].name + (way > 0 ? " < " : " > ") + (bound.empty() ? "…" : bound);
  if (bound.empty() || !plain) {
    d.help.push_back("or add the condition that ends it, for example " + quoted(test));
  } else {
    d.fixes.push_back(edit("or add the condition that ends it, for example " + quoted(test),
                           {reader.span.file, reader.span.end, reader.span.end}, " && " + test));
  }
  d.notes.push_back(
      "add `repeat` if it is meant; the run then stops at the limit of 100,000 firings with "
      "RL9004");
}

// The action with which a trigger sets itself off, whatever is there: the rule asks for nothing but
// its event. Null when that is not certain.
const Action* startsItself(const tree::Declaration& declaration, const Rule& rule,
                           const Types& types) {
  const tree::Trigger& on = *declaration.on;
  const bool asks = !declaration.when.empty() || on.at || !on.constraints.empty() ||
                    (on.pattern && !on.pattern->constraints.empty());
  if (asks || rule.conditions.empty() || !declaration.orOn.empty()) return nullptr;
  const Condition& first = rule.conditions[0];
  for (const Action& action : rule.actions) {
    switch (rule.trigger.kind) {
      case Trigger::Kind::Event:
        if (action.kind == Action::Kind::Emit && action.type == first.pattern.type) return &action;
        break;
      // With a key the second of them may be refused.
      case Trigger::Kind::Insert:
        if (action.kind == Action::Kind::Insert && action.type == first.pattern.type &&
            types.typeOf(action.type).keys.empty()) {
          return &action;
        }
        break;
      case Trigger::Kind::Change: {
        const auto& changed = types.typeOf(first.pattern.type).changeOf;
        const bool sets = action.kind == Action::Kind::Set && !action.muted &&
                          action.part.empty() && action.fields.size() == 1 && changed &&
                          action.type == changed->first && rule.conditions.size() > 1 &&
                          action.target.tree.ref.kind == Ref::Kind::Row &&
                          action.target.tree.ref.row == rule.conditions[1].pattern.row;
        if (sets && action.fields[0].field == changed->second &&
            direction(action.fields[0].value.tree, action.target.tree.ref.row,
                      action.fields[0].field) != 0) {
          return &action;
        }
        break;
      }
      case Trigger::Kind::None:
      case Trigger::Kind::Retract:
      case Trigger::Kind::Every:
      case Trigger::Kind::Cron: break;
    }
  }
  return nullptr;
}

void warnTriggerLoop(const tree::Declaration& declaration, const Rule& rule, const Types& types,
                     Reporter& report) {
  const Action* action = startsItself(declaration, rule, types);
  if (!action) return;
  Diagnostic& d = report.warn("RL4001", action->span, "this rule can make itself fire for ever");
  d.label = "... and this sets it off again";
  d.related.push_back({declaration.on->span, "the rule waits for this ..."});
  d.help.push_back("ask for something that comes to an end, in the trigger or in `when`");
  d.notes.push_back(
      "the run stops at the limit of 100,000 firings with RL9004; if it is meant, add `allow "
      "RL4001`");
}

}  // namespace

// Certain only in one case, which is the usual one: a single field that only grows (or only
// shrinks) under a test that its growth keeps true.
void warnSelfFeeding(const tree::Declaration& declaration, const Rule& rule, const Types& types,
                     Reporter& report) {
  if (rule.noLoop || rule.repeat || allows(declaration, "RL4001")) return;
  // A rule with a trigger fires once for each event: what it changes does not wake it.
  if (declaration.on) return warnTriggerLoop(declaration, rule, types, report);
  const Action* set = onlySet(rule);
  if (!set || set->target.tree.ref.kind != Ref::Kind::Row) return;
  const std::uint32_t row = set->target.tree.ref.row;
  const FieldId field = set->fields[0].field;
  const int way = direction(set->fields[0].value.tree, row, field);
  if (way == 0) return;
  const Expr* reader = nullptr;
  Demand demand;
  for (const Condition& condition : rule.conditions) {
    // what these see of the change is not plain
    if (!condition.groups.empty() || condition.kind == Condition::Kind::Each) return;
    if (condition.expr.present() &&
        (readsField(condition.expr.tree, row, field) || readsRowItself(condition.expr.tree, row))) {
      return;
    }
    for (const Constraint& constraint : condition.pattern.constraints) {
      const Expr& test = constraint.test.tree;
      if (readsRowItself(test, row)) return;
      if (!readsField(test, row, field)) continue;
      if (condition.kind != Condition::Kind::Pattern || condition.pattern.row != row) return;
      std::vector<const Expr*> parts;
      splitConjuncts(test, parts);
      for (const Expr* part : parts) {
        if (!readsField(*part, row, field)) continue;
        std::vector<Demand> demands;
        demandsOf(*part, row, demands);
        if (demands.size() != 1 || demands[0].field != field) return;
        const bool lower =
            demands[0].op == Operator::Greater || demands[0].op == Operator::GreaterEqual;
        const bool upper = demands[0].op == Operator::Less || demands[0].op == Operator::LessEqual;
        // A bound on the side to which the value goes ends it.
        if (way > 0 ? !lower : !upper) return;
        if (reader) continue;
        reader = part;
        demand = demands[0];
      }
    }
    // A negated or accumulated pattern of the same type sees the change as well.
    if (condition.kind != Condition::Kind::Pattern && condition.hasPattern() &&
        condition.pattern.type == rule.rowTypes[row]) {
      return;
    }
  }
  if (!reader) return;
  reportLoop(declaration, rule, *set, way, *reader, demand, types, report);
}

}  // namespace reticle::model
