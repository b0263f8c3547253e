// In which order a rule's conditions are joined.

#include <algorithm>

#include "network/reads.h"
#include "network/split.h"

namespace reticle {

namespace {

using model::Condition;

// What the actions of one rule change, nested ones too.
void noteActions(const std::vector<model::Action>& actions, const model::Program& program,
                 std::vector<FieldMask>& changed, std::vector<bool>& comesAndGoes,
                 const model::Rule& rule) {
  using Kind = model::Action::Kind;
  for (const model::Action& action : actions) {
    switch (action.kind) {
      case Kind::Insert:
      case Kind::InsertLogical:
      case Kind::Upsert: comesAndGoes[index(action.type)] = true; break;
      case Kind::Set:
      case Kind::Unset:
      case Kind::UpdateFields:
        for (const model::NamedExpression& field : action.fields) {
          changed[index(action.type)] |= bitOf(field.field);
        }
        break;
      case Kind::UpdateWith: changed[index(action.type)] = ~FieldMask{0}; break;
      case Kind::Retract:
        if (action.target.tree.ref.kind == Ref::Kind::Row &&
            action.target.tree.ref.row < rule.rowTypes.size()) {
          comesAndGoes[index(rule.rowTypes[action.target.tree.ref.row])] = true;
        }
        break;
      case Kind::Emit:
      case Kind::Call:
      case Kind::Start:
      case Kind::Signal:
      case Kind::Cancel:
      case Kind::CancelEvent:
      case Kind::Log:
      case Kind::Let:
      case Kind::If:
      case Kind::For:
      case Kind::ForFacts:
      case Kind::Focus:
      case Kind::Refresh:
      case Kind::Halt:
      case Kind::Step:
      case Kind::Find:
      case Kind::Sleep:
      case Kind::SleepUntil:
      case Kind::Wait:
      case Kind::WaitUntil:
      case Kind::Parallel:
      case Kind::Branch:
      case Kind::Try:
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
    noteActions(action.body, program, changed, comesAndGoes, rule);
    noteActions(action.otherwise, program, changed, comesAndGoes, rule);
  }
}

// What a condition needs and gives.
struct Unit {
  std::vector<std::uint32_t> needsRows, needsLocals, givesRows, givesLocals;
  bool pattern = false;
  // 0: joined first; 1: tied to nothing; 2: that, and rules change it
  int stage = 0;
  std::vector<std::uint32_t> tied;  // rows that an equality ties it to
};

void addTo(std::vector<std::uint32_t>& set, std::uint32_t number) {
  if (std::find(set.begin(), set.end(), number) == set.end()) set.push_back(number);
}

// Rows and locals read by an expression.
void readNames(const Expr& expr, std::vector<std::uint32_t>& rows,
               std::vector<std::uint32_t>& locals) {
  if (expr.ref.kind == Ref::Kind::Row || expr.ref.kind == Ref::Kind::Field) {
    addTo(rows, expr.ref.row);
    return;
  }
  if (expr.ref.kind == Ref::Kind::Local) addTo(locals, expr.ref.row);
  for (const Expr& arg : expr.args) readNames(arg, rows, locals);
}

// Keeps the author's order unless moving a control fact is safe and worth it.
class Orderer {
 public:
  Orderer(const model::Rule& rule, const std::vector<FieldMask>& changed,
          const std::vector<bool>& comesAndGoes, const std::vector<UserFunction>& functions)
      : rule_(rule), changed_(changed), comesAndGoes_(comesAndGoes), functions_(functions) {}

  // The first unit that is ready, of the lowest stage, again and again; the order written breaks
  // ties.
  std::vector<std::size_t> run() {
    std::vector<std::size_t> written;
    for (std::size_t i = 0; i < rule_.conditions.size(); ++i) written.push_back(i);
    // What stands before a `since` is what it measures.
    for (const Condition& condition : rule_.conditions) {
      if (condition.since) return written;
    }
    for (const Condition& condition : rule_.conditions) units_.push_back(unitOf(condition));
    if (!findControls()) return written;
    std::vector<std::size_t> order;
    std::vector<bool> placed(units_.size());
    for (const int stage : {0, 1, 2}) {
      for (bool again = true; again;) {
        again = false;
        for (std::size_t i = 0; i < units_.size(); ++i) {
          if (placed[i] || units_[i].stage > stage || !isReady(i, placed)) continue;
          placed[i] = again = true;
          order.push_back(i);
          break;
        }
      }
    }
    return order.size() == units_.size() ? order : written;
  }

 private:
  // Names that an expression needs, functions expanded.
  void read(const model::Expression& expression, Unit& unit) const {
    if (expression.present()) {
      readNames(expandFunctions(expression.tree, functions_), unit.needsRows, unit.needsLocals);
    }
  }

  // Also what stands in groups: what those bind themselves is taken out in unitOf().
  void readAll(const Condition& condition, Unit& unit) const {
    for (const model::Constraint& constraint : condition.pattern.constraints) {
      read(constraint.test, unit);
    }
    for (const model::Suffix& suffix : condition.pattern.suffixes) {
      if (suffix.kind == model::Suffix::Kind::After || suffix.kind == model::Suffix::Kind::Before ||
          suffix.kind == model::Suffix::Kind::WithinOf) {
        addTo(unit.needsRows, suffix.row);
      }
    }
    for (const model::AccumulateFunction& function : condition.functions) {
      read(function.argument, unit);
    }
    for (const model::GroupKey& key : condition.groupBy) read(key.value, unit);
    read(condition.expr, unit);
    read(condition.where, unit);
    for (const std::vector<Condition>& group : condition.groups) {
      for (const Condition& inner : group) readAll(inner, unit);
    }
  }

  // Conditions are looked at in the order written, so what is bound so far is known.
  Unit unitOf(const Condition& condition) {
    Unit unit;
    readAll(condition, unit);
    const std::uint32_t bound = boundRows_;
    const std::uint32_t locals = boundLocals_;
    // What is bound inside, its own candidate too, is not needed from outside.
    unit.needsRows.erase(std::remove_if(unit.needsRows.begin(), unit.needsRows.end(),
                                        [&](std::uint32_t row) { return row >= bound; }),
                         unit.needsRows.end());
    unit.needsLocals.erase(std::remove_if(unit.needsLocals.begin(), unit.needsLocals.end(),
                                          [&](std::uint32_t local) { return local >= locals; }),
                           unit.needsLocals.end());
    switch (condition.kind) {
      case Condition::Kind::Pattern:
        unit.pattern = true;
        unit.givesRows.push_back(condition.pattern.row);
        boundRows_ = condition.pattern.row + 1;
        tie(condition, unit);
        break;
      case Condition::Kind::Let:
      case Condition::Kind::Each: give(unit, condition.local); break;
      case Condition::Kind::Accumulate:
        for (const model::AccumulateFunction& function : condition.functions) {
          give(unit, function.local);
        }
        for (const model::GroupKey& key : condition.groupBy) give(unit, key.local);
        break;
      case Condition::Kind::Either:
        for (const model::Export& each : condition.exports) {
          if (each.fact) {
            unit.givesRows.push_back(each.to);
            boundRows_ = each.to + 1;
          } else {
            give(unit, each.to);
          }
        }
        break;
      case Condition::Kind::Not:
      case Condition::Kind::Exists:
      case Condition::Kind::Forall:
      case Condition::Kind::If: break;
    }
    return unit;
  }

  // Later conditions may use it.
  void give(Unit& unit, std::uint32_t local) {
    unit.givesLocals.push_back(local);
    boundLocals_ = std::max(boundLocals_, local + 1);
  }

  // By equalities alone: only those make an index that keeps combinations few.
  void tie(const Condition& condition, Unit& unit) const {
    for (const model::Constraint& constraint : condition.pattern.constraints) {
      for (const Expr& conjunct : conjunctsOf(constraint.test.tree, functions_)) {
        if (conjunct.kind != ExprKind::Binary || conjunct.op != Operator::Equal) continue;
        std::vector<std::uint32_t> rows, locals;
        readNames(conjunct, rows, locals);
        for (const std::uint32_t row : rows) {
          if (row != condition.pattern.row) addTo(unit.tied, row);
        }
      }
    }
  }

  // Marks what is tied to nothing. Returns whether moving it is worth it: rules change some of it,
  // and the other patterns hang together without it.
  bool findControls() {
    std::size_t patterns = 0, untied = 0;
    bool changes = false;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      Unit& unit = units_[i];
      if (!unit.pattern) continue;
      ++patterns;
      const Condition& condition = rule_.conditions[i];
      if (condition.origin != Condition::Origin::When || !condition.pattern.suffixes.empty() ||
          !unit.needsRows.empty() || !unit.needsLocals.empty()) {
        continue;
      }
      const std::uint32_t row = condition.pattern.row;
      // A fact that another condition reads is tied, even without an equality.
      bool used = false;
      for (std::size_t j = 0; j < units_.size(); ++j) {
        used = used || (j != i && std::find(units_[j].needsRows.begin(), units_[j].needsRows.end(),
                                            row) != units_[j].needsRows.end());
      }
      if (used) continue;
      std::vector<FieldMask> reads(row + 1, 0);
      for (const model::Constraint& constraint : condition.pattern.constraints) {
        addFieldReads(expandFunctions(constraint.test.tree, functions_), reads);
      }
      // Rules insert or retract facts of the type, or set a field that the pattern reads.
      const bool moves = comesAndGoes_[index(condition.pattern.type)] ||
                         (reads[row] & changed_[index(condition.pattern.type)]);
      unit.stage = moves ? 2 : 1;
      changes = changes || moves;
      ++untied;
    }
    if (!changes || untied == patterns) return false;
    // Every other pattern but the first must be tied to those before it: else all their
    // combinations would be kept.
    std::vector<std::uint32_t> known;
    for (const Unit& unit : units_) {
      if (unit.stage > 0) continue;
      if (unit.pattern && !known.empty()) {
        bool tied = false;
        for (const std::uint32_t row : unit.tied) {
          tied = tied || std::find(known.begin(), known.end(), row) != known.end();
        }
        if (!tied) return false;
      }
      known.insert(known.end(), unit.givesRows.begin(), unit.givesRows.end());
    }
    return true;
  }

  // Whether all that it needs has been given. What no condition gives comes from outside.
  bool isReady(std::size_t at, const std::vector<bool>& placed) const {
    const auto given = [&](std::uint32_t number, bool row) {
      for (std::size_t i = 0; i < units_.size(); ++i) {
        const std::vector<std::uint32_t>& gives = row ? units_[i].givesRows : units_[i].givesLocals;
        if (std::find(gives.begin(), gives.end(), number) != gives.end()) return bool{placed[i]};
      }
      return true;
    };
    for (const std::uint32_t row : units_[at].needsRows) {
      if (!given(row, true)) return false;
    }
    for (const std::uint32_t local : units_[at].needsLocals) {
      if (!given(local, false)) return false;
    }
    return true;
  }

  const model::Rule& rule_;
  const std::vector<FieldMask>& changed_;
  const std::vector<bool>& comesAndGoes_;
  const std::vector<UserFunction>& functions_;
  std::vector<Unit> units_;
  std::uint32_t boundRows_ = 0, boundLocals_ = 0;
};

}  // namespace

// Disabled rules change nothing.
void volatility(const model::Program& program, std::vector<FieldMask>& changed,
                std::vector<bool>& comesAndGoes) {
  changed.assign(program.types.size(), 0);
  comesAndGoes.assign(program.types.size(), false);
  for (const model::Rule& rule : program.rules) {
    if (!rule.disabled) noteActions(rule.actions, program, changed, comesAndGoes, rule);
  }
}

std::vector<std::size_t> joinOrder(const model::Rule& rule, const std::vector<FieldMask>& changed,
                                   const std::vector<bool>& comesAndGoes,
                                   const std::vector<UserFunction>& functions) {
  return Orderer(rule, changed, comesAndGoes, functions).run();
}

}  // namespace reticle
