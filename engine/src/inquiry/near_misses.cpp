// The facts that nearly matched a pattern: how many there are, and which tests refuse the nearest.

#include <algorithm>

#include "inquiry/condition_reports.h"
#include "inquiry/wording.h"
#include "network/reads.h"

namespace reticle {

namespace {

constexpr std::uint64_t kMostTried = 200'000;  // facts looked at, beside all partial matches

}  // namespace

// Conjunct by conjunct, so that a miss names the one that fails and not the whole constraint.
std::vector<ConditionReports::Test> ConditionReports::testsOf(const model::Pattern& pattern) const {
  std::vector<Test> out;
  for (const model::Constraint& constraint : pattern.constraints) {
    const Expr whole = expandFunctions(constraint.test.tree, s_.program.functions);
    std::vector<const Expr*> conjuncts;
    splitConjuncts(whole, conjuncts);
    for (const Expr* conjunct : conjuncts) {
      out.push_back({*conjunct, compileExpr(*conjunct, s_.program.functions),
                     !readsOf(*conjunct, pattern.row).earlier});
    }
  }
  return out;
}

// Those of its type, and of them those that satisfy what it asks of the fact alone.
void ConditionReports::countFacts(const model::Pattern& pattern, ConditionReport& report) const {
  const std::vector<FactId>& all = enumerator_.factsOf(pattern.type);
  report.ofType = static_cast<std::uint32_t>(all.size());
  std::vector<Row> rows(pattern.row + 1);
  const std::vector<Value> locals(rule_.locals + 1);
  const std::vector<Test> tests = testsOf(pattern);
  for (FactId fact : all) {
    rows[pattern.row] = s_.memory.row(fact);
    report.facts += std::all_of(tests.begin(), tests.end(), [&](const Test& test) {
      return !test.own ||
             evaluate(test.code, Frame{rows.data(), locals.data(), &s_.session}).isTrue();
    });
  }
}

// The facts of a pattern that some test refuses beside a partial match; those that fail the fewest
// tests come first, and of these those that fit what is bound already.
std::vector<ConditionReports::Candidate> ConditionReports::failingFacts(
    const model::Pattern& pattern, const std::vector<Test>& tests,
    const std::vector<PartialMatch>& stuck, bool own) const {
  const std::vector<FactId>& all = enumerator_.factsOf(pattern.type);
  std::vector<Candidate> candidates;
  std::uint64_t tried = 0;
  for (const PartialMatch& match : stuck) {
    PartialMatch with = match;
    for (FactId fact : all) {
      if (tried++ >= kMostTried) break;
      enumerator_.put(with, pattern.row, fact);
      if (own && !narrowed_.allows(pattern.row, with.rows[pattern.row])) continue;
      Candidate candidate{0, 0, &match, fact};
      for (const Test& test : tests) {
        if (evaluate(test.code, Frame{with.rows.data(), with.locals.data(), &s_.session})
                .isTrue()) {
          continue;
        }
        ++candidate.failing;
        candidate.unfitting += !test.own;
      }
      if (candidate.failing > 0) candidates.push_back(candidate);
    }
  }
  std::stable_sort(
      candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.unfitting != b.unfitting ? a.unfitting < b.unfitting : a.failing < b.failing;
      });
  return candidates;
}

// With no fact at all there is nothing near; of an event it is worth saying that it has come and
// gone.
void ConditionReports::nearMisses(const model::Condition& condition,
                                  const std::vector<PartialMatch>& stuck, bool own,
                                  ConditionReport& report) const {
  const model::Pattern& pattern = condition.pattern;
  const std::string& type = s_.program.type(pattern.type).name;
  const std::vector<FactId>& all = enumerator_.factsOf(pattern.type);
  if (all.empty()) {
    const bool event = condition.origin == model::Condition::Origin::Event ||
                       condition.origin == model::Condition::Origin::Change;
    report.note = event
                      ? "no " + type + " is happening now: an event is there for its own turn only"
                      : "there is no " + type;
    return;
  }
  const std::vector<Test> tests = testsOf(pattern);
  const std::vector<Candidate> candidates = failingFacts(pattern, tests, stuck, own);
  for (const Candidate& candidate : candidates) {
    if (report.nearest.size() >= kMostNear) break;
    PartialMatch with = *candidate.match;
    enumerator_.put(with, pattern.row, candidate.fact);
    with.bound = pattern.row + 1;
    for (const Test& test : tests) {
      if (std::optional<NearMiss> miss = missOf(s_, test.tree, with)) {
        report.nearest.push_back(std::move(*miss));
        break;
      }
    }
  }
  report.note = candidates.empty() && own && !narrowed_.empty()
                    ? "there is no such " + type
                    : "none of " + counted(all.size(), "fact") + " of type " + type + " fits";
  if (!report.nearest.empty()) {
    report.note += "; nearest: " + s_.checks.describe(report.nearest[0].facts.back()) + ", where " +
                   textOf(report.nearest[0]);
  }
}

std::optional<NearMiss> missOf(const Session::State& state, const Expr& tree,
                               const PartialMatch& match) {
  const auto value = [&](const Expr& expr) {
    return evaluate(compileExpr(expr, state.program.functions),
                    Frame{match.rows.data(), match.locals.data(), &state.session});
  };
  const Expr whole = expandFunctions(tree, state.program.functions);
  std::vector<const Expr*> conjuncts;
  splitConjuncts(whole, conjuncts);
  for (const Expr* conjunct : conjuncts) {
    const Value truth = value(*conjunct);
    if (truth.isTrue()) continue;
    NearMiss miss;
    miss.test = toText(*conjunct);
    miss.facts = match.facts();
    if (truth.isError()) {
      miss.error = std::string(truth.errorMessage());
    } else if (!truth.isFalse()) {
      miss.error = "it is " + toText(truth) + ", neither true nor false";
    }
    const bool compares = conjunct->kind == ExprKind::Binary && !conjunct->isAdded() &&
                          conjunct->args.size() == 2 && conjunct->args[1].kind != ExprKind::Range &&
                          conjunct->op != Operator::Or;
    miss.left = compares ? value(conjunct->args[0]) : truth;
    miss.right = compares ? value(conjunct->args[1]) : Value::boolean(true);
    return miss;
  }
  return std::nullopt;
}

}  // namespace reticle
