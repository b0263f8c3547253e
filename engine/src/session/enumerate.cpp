#include "session/enumerate.h"

#include "match/aggregate.h"

namespace reticle {

std::vector<FactId> PartialMatch::facts() const {
  std::vector<FactId> out;
  for (std::uint32_t row = 0; row < bound; ++row) out.push_back(rows[row].fact);
  return out;
}

Truth Enumerator::test(const model::Pattern& pattern, const PartialMatch& from, FactId candidate) const {
  std::vector<Row> rows = from.rows;
  if (rows.size() <= pattern.row) rows.resize(pattern.row + 1);
  rows[pattern.row] = memory_.row(candidate);
  Truth truth = Truth::True;
  for (const model::Constraint& constraint : pattern.constraints) {
    Value value = evaluate(constraint.test.code, Frame{rows.data(), from.locals.data(), &surroundings_});
    if (value.isFalse()) return Truth::False;
    if (!value.isTrue()) truth = Truth::Unknown;
  }
  return truth;
}

std::vector<FactId> Enumerator::candidates(const model::Pattern& pattern, const PartialMatch& from, bool unsure) const {
  std::vector<FactId> out;
  for (FactId fact : memory_.all(pattern.type)) {
    Truth truth = test(pattern, from, fact);
    if (truth == Truth::True || (unsure && truth == Truth::Unknown)) out.push_back(fact);
  }
  return out;
}

std::vector<PartialMatch> Enumerator::extend(const model::Condition& condition, const PartialMatch& from, std::size_t limit) const {
  using Kind = model::Condition::Kind;
  std::vector<PartialMatch> out;
  auto value = [&](const model::Expression& expression, const PartialMatch& match) {
    return evaluate(expression.code, Frame{match.rows.data(), match.locals.data(), &surroundings_});
  };
  switch (condition.kind) {
    case Kind::Pattern:
      for (FactId fact : candidates(condition.pattern, from, false)) {
        if (out.size() >= limit) break;
        PartialMatch next = from;
        if (next.rows.size() <= condition.pattern.row) next.rows.resize(condition.pattern.row + 1);
        next.rows[condition.pattern.row] = memory_.row(fact);
        next.bound = condition.pattern.row + 1;
        out.push_back(std::move(next));
      }
      break;
    case Kind::Not:
      if (candidates(condition.pattern, from, true).empty()) out.push_back(from);
      break;
    case Kind::Exists:
      if (!candidates(condition.pattern, from, false).empty()) out.push_back(from);
      break;
    case Kind::If:
      if (value(condition.expr, from).isTrue()) out.push_back(from);
      break;
    case Kind::Let: {
      Value result = value(condition.expr, from);
      if (result.isError()) break;
      PartialMatch next = from;
      next.locals[condition.local] = std::move(result);
      out.push_back(std::move(next));
      break;
    }
    case Kind::Accumulate: {
      PartialMatch next = from;
      if (next.rows.size() <= condition.pattern.row) next.rows.resize(condition.pattern.row + 1);
      std::vector<std::vector<Value>> arguments(condition.functions.size());
      for (FactId fact : candidates(condition.pattern, from, !condition.skipErrors)) {
        if (test(condition.pattern, from, fact) == Truth::Unknown) return out;
        next.rows[condition.pattern.row] = memory_.row(fact);
        std::vector<Value> values;
        bool sound = true;
        for (const model::AccumulateFunction& function : condition.functions) {
          values.push_back(function.argument.present() ? value(function.argument, next) : Value::boolean(true));
          sound = sound && !values.back().isError();
        }
        if (!sound && condition.skipErrors) continue;
        if (!sound) return out;
        for (std::size_t i = 0; i < values.size(); ++i) arguments[i].push_back(std::move(values[i]));
      }
      next.rows = from.rows;
      for (std::size_t i = 0; i < condition.functions.size(); ++i) {
        Value result = aggregate(condition.functions[i], arguments[i]);
        if (result.isError()) return out;
        next.locals[condition.functions[i].local] = std::move(result);
      }
      out.push_back(std::move(next));
      break;
    }
    case Kind::Forall: case Kind::Either: case Kind::Each: break;   // refused before a run (RL0100)
  }
  return out;
}

}  // namespace reticle
