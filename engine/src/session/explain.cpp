// Why a fact is there, and why a rule does not fire.

#include <algorithm>

#include "network/analysis.h"
#include "session/state.h"

namespace reticle {

namespace {

constexpr int kDeepest = 12;                 // generations of ancestry told
constexpr std::size_t kMostPartial = 500;    // partial matches followed for an explanation
constexpr std::size_t kMostNear = 3;         // near misses told

class Ancestry {
 public:
  explicit Ancestry(const Session::State& state) : s_(state) {}

  Explanation of(FactId fact, int depth = 0) {
    Explanation out;
    out.fact = fact;
    auto view = s_.session.fact(fact);
    if (!view) {
      out.type = "?";
      out.text = "fact " + std::to_string(index(fact)) + ", which is gone by now";
      return out;
    }
    out.type = view->typeName;
    out.fields = view->fields;
    std::string what = s_.describe(fact);
    if (const auto* keepers = s_.supports.find(index(fact)); keepers && view->logical) {
      out.origin = Explanation::Origin::Logical;
      for (ActivationId keeper : *keepers)
        if (const Activation* activation = s_.agenda.find(keeper)) add(out, activation->rule, activation->facts, depth);
      out.text = what + " holds as long as " + (out.by.size() == 1 ? "its reason does" : "one of its " + std::to_string(out.by.size()) + " reasons does");
      for (const Explanation::By& by : out.by) out.text += "; \"" + by.rule + "\"";
      return out;
    }
    if (const auto derived = s_.derivedBy.find(fact)) {
      out.origin = Explanation::Origin::Derived;
      add(out, derived->rule, derived->facts, depth);
      out.text = what + " was inserted by the rule \"" + out.by[0].rule + "\"";
      return out;
    }
    out.text = what + (s_.program.types[index(view->type)].builtin ? " is kept by the engine itself" : " was handed in");
    return out;
  }

 private:
  void add(Explanation& out, RuleId rule, const std::vector<FactId>& facts, int depth) {
    Explanation::By by;
    by.rule = s_.program.rules[index(rule)].name;
    if (depth < kDeepest)
      for (FactId fact : facts) by.facts.push_back(of(fact, depth + 1));
    out.by.push_back(std::move(by));
  }

  const Session::State& s_;
};

std::string counted(std::size_t number, const std::string& noun, const std::string& plural = {}) {
  return std::to_string(number) + " " + (number == 1 ? noun : plural.empty() ? noun + "s" : plural);
}

class Diagnosis {
 public:
  Diagnosis(const Session::State& state, const model::Rule& rule) : s_(state), rule_(rule), enumerator_(state.memory, state.session) {}

  WhyNot make() {
    WhyNot out;
    out.rule = rule_.name;
    if (rule_.disabled) {
      out.summary = "\"" + rule_.name + "\" is disabled";
      return out;
    }
    std::vector<PartialMatch> partial(1);
    partial[0].rows.resize(rule_.rows + 1);
    partial[0].locals.resize(rule_.locals + 1);
    bool ended = false;
    for (std::size_t at = 0; at < rule_.conditions.size(); ++at) {
      const model::Condition& condition = rule_.conditions[at];
      ConditionReport report;
      report.text = condition.text;
      report.node = s_.network.conditionNodes[index(rule_.id)][at];
      if (condition.hasPattern()) report.facts = s_.matcher.memoryCount(s_.network.node(report.node).right);
      if (!ended) {
        std::vector<PartialMatch> next, stuck;
        for (const PartialMatch& match : partial) {
          std::vector<PartialMatch> longer = enumerator_.extend(condition, match, kMostPartial);
          if (longer.empty()) stuck.push_back(match);
          for (PartialMatch& extended : longer)
            if (next.size() < kMostPartial) next.push_back(std::move(extended));
        }
        report.partial = static_cast<std::uint32_t>(next.size());
        report.holds = !next.empty();
        // Partial matches that end here are told also when others go on: they are the near misses of a rule that fires for something else.
        if (!stuck.empty()) explainEnd(condition, stuck, report);
        if (next.empty()) {
          ended = true;
          out.summary = "\"" + rule_.name + "\" does not fire: condition " + std::to_string(at + 1) + " of " + std::to_string(rule_.conditions.size()) + ", `" +
                        condition.text + "`, holds for nothing; " + report.note;
        }
        partial = std::move(next);
      } else {
        report.note = "not reached";
      }
      out.conditions.push_back(std::move(report));
    }
    if (!ended) conclude(out);
    return out;
  }

 private:
  Value value(const Expr& tree, const PartialMatch& match) const {
    return evaluate(compileExpr(tree, s_.program.functions), Frame{match.rows.data(), match.locals.data(), &s_.session});
  }

  void explainEnd(const model::Condition& condition, const std::vector<PartialMatch>& partial, ConditionReport& report) {
    using Kind = model::Condition::Kind;
    switch (condition.kind) {
      case Kind::Pattern:
      case Kind::Exists: nearMisses(condition, partial, report); return;
      case Kind::Not: {
        for (const PartialMatch& match : partial)
          for (FactId fact : enumerator_.candidates(condition.pattern, match, true))
            if (std::find(report.blockedBy.begin(), report.blockedBy.end(), fact) == report.blockedBy.end() && report.blockedBy.size() < 10) report.blockedBy.push_back(fact);
        report.note = "blocked by " + (report.blockedBy.empty() ? std::string("a fact") : s_.describe(report.blockedBy[0]));
        if (report.blockedBy.size() > 1) report.note += " and " + std::to_string(report.blockedBy.size() - 1) + " more";
        return;
      }
      case Kind::If:
        for (const PartialMatch& match : partial) compareFailing(condition.expr.tree, match, report);
        report.note = report.nearest.empty() ? "the condition is false" : missText(report.nearest[0]);
        return;
      case Kind::Let: report.note = "its value cannot be computed"; return;
      case Kind::Accumulate: report.note = "its result is unknown"; return;
      case Kind::Forall: case Kind::Either: case Kind::Each: return;   // refused before a run (RL0100)
    }
  }

  static std::string missText(const NearMiss& miss) { return "`" + miss.test + "` is false (" + toText(miss.left) + " against " + toText(miss.right) + ")"; }

  // The first comparison in `tree` that does not hold, with both values.
  bool compareFailing(const Expr& tree, const PartialMatch& match, ConditionReport& report) {
    Expr expanded = expandFunctions(tree, s_.program.functions);
    std::vector<const Expr*> conjuncts;
    splitConjuncts(expanded, conjuncts);
    for (const Expr* conjunct : conjuncts) {
      Value truth = value(*conjunct, match);
      if (truth.isTrue()) continue;
      NearMiss miss;
      miss.test = toText(*conjunct);
      for (std::uint32_t row = 0; row < match.bound; ++row) miss.facts.push_back(match.rows[row].fact);
      if (conjunct->kind == ExprKind::Binary && conjunct->args.size() == 2 && conjunct->args[1].kind != ExprKind::Range) {
        miss.left = value(conjunct->args[0], match);
        miss.right = value(conjunct->args[1], match);
      } else {
        miss.left = truth;
        miss.right = Value::boolean(true);
      }
      if (report.nearest.size() < kMostNear) report.nearest.push_back(std::move(miss));
      return true;
    }
    return false;
  }

  // The candidates that fail the fewest constraints come first.
  void nearMisses(const model::Condition& condition, const std::vector<PartialMatch>& partial, ConditionReport& report) {
    const model::Pattern& pattern = condition.pattern;
    std::vector<FactId> all = s_.memory.all(pattern.type);
    const std::string& type = s_.program.type(pattern.type).name;
    if (all.empty()) {
      report.note = "there is no " + type;
      return;
    }
    struct Candidate { std::size_t failing; const PartialMatch* match; FactId fact; };
    std::vector<Candidate> candidates;
    for (const PartialMatch& match : partial)
      for (FactId fact : all) {
        if (candidates.size() >= kMostPartial) break;
        PartialMatch with = match;
        with.rows[pattern.row] = s_.memory.row(fact);
        std::size_t failing = 0;
        for (const model::Constraint& constraint : pattern.constraints)
          failing += !value(constraint.test.tree, with).isTrue();
        candidates.push_back({failing, &match, fact});
      }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.failing < b.failing; });
    for (const Candidate& candidate : candidates) {
      if (report.nearest.size() >= kMostNear) break;
      PartialMatch with = *candidate.match;
      with.rows[pattern.row] = s_.memory.row(candidate.fact);
      with.bound = std::max(with.bound, pattern.row + 1);
      for (const model::Constraint& constraint : pattern.constraints)
        if (compareFailing(constraint.test.tree, with, report)) break;
    }
    report.note = "none of " + counted(all.size(), "fact") + " of type " + type + " fits";
    if (!report.nearest.empty()) report.note += "; nearest: " + s_.describe(report.nearest[0].facts.back()) + ", where " + missText(report.nearest[0]);
  }

  void conclude(WhyNot& out) {
    std::size_t ready = 0, fired = 0;
    const Activation* next = nullptr;
    for (const Activation* activation : s_.agenda.all()) {
      if (activation->rule != rule_.id) continue;
      activation->fired ? ++fired : ++ready;
    }
    for (const Activation* activation : s_.agenda.inOrder()) {
      if (!next) next = activation;
      if (activation->rule == rule_.id) break;
    }
    out.fires = ready > 0;
    if (ready == 0) {
      out.summary = "\"" + rule_.name + "\" has fired for " + (fired == 1 ? "its one match" : "each of its " + counted(fired, "match", "matches"));
    } else if (s_.halted) {
      out.summary = "\"" + rule_.name + "\" is ready (" + counted(ready, "activation") + "), but a rule said `halt`";
    } else if (next && next->rule != rule_.id) {
      const model::Rule& first = s_.program.rules[index(next->rule)];
      out.summary = "\"" + rule_.name + "\" is ready (" + counted(ready, "activation") + "); \"" + first.name + "\" comes before it";
    } else {
      out.summary = "\"" + rule_.name + "\" is ready and fires next";
    }
  }

  const Session::State& s_;
  const model::Rule& rule_;
  Enumerator enumerator_;
};

}  // namespace

Result<Explanation> Session::explain(FactId fact) const {
  if (!state_->memory.find(fact)) return Error{ErrorCode::UnknownFact, "there is no fact " + std::to_string(index(fact)) + " (any more)", "fact", {}};
  return Ancestry(*state_).of(fact);
}

Result<WhyNot> Session::whyNot(std::string_view name) const {
  for (const model::Rule& rule : state_->program.rules)
    if (rule.name == name) return Diagnosis(*state_, rule).make();
  return Error{ErrorCode::BadInput, "there is no rule \"" + std::string(name) + "\"", "rule", {}};
}

}  // namespace reticle
