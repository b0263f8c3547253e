// Why a rule does not fire: its conditions one after the other, where the partial matches end and
// what ends them; then what holds up its activations.

#include <algorithm>

#include "inquiry/narrowed.h"
#include "inquiry/wording.h"
#include "inquiry/walk.h"
#include "network/reads.h"
#include "session/activations.h"

namespace reticle {

namespace {

// partial matches looked at, of those that end at one condition
constexpr std::size_t kMostStuck = 50;
constexpr std::size_t kMostNear = 3;  // near misses told
constexpr std::size_t kMostBlockers = 10;
constexpr std::size_t kMostAhead = 5;
constexpr std::uint64_t kMostTried = 200'000;

using Kind = model::Condition::Kind;

class Diagnosis {
 public:
  Diagnosis(const Session::State& state, const model::Rule& rule, const Narrowed& narrowed)
      : s_(state),
        rule_(rule),
        narrowed_(narrowed),
        enumerator_(state.program, state.memory, state.session) {}

  WhyNot make() {
    WhyNot out;
    out.rule = rule_.name;
    if (rule_.disabled) {
      out.state = WhyNot::State::Disabled;
      out.summary = "\"" + rule_.name + "\" is disabled";
      return out;
    }
    const PartialMatch start(rule_.frameRows + 1, rule_.locals + 1);
    out.conditions = reportsOf(rule_.conditions, {start}, false, true);
    for (std::size_t at = 0; at < out.conditions.size(); ++at) {
      out.conditions[at].node = s_.network.conditionNodes[index(rule_.id)][at];
    }
    const auto end = std::find_if(out.conditions.begin(), out.conditions.end(),
                                  [](const ConditionReport& report) { return !report.holds; });
    if (end == out.conditions.end()) {
      conclude(out);
      return out;
    }
    out.summary = "\"" + rule_.name + "\" does not fire: condition " +
                  std::to_string(end - out.conditions.begin() + 1) + " of " +
                  std::to_string(out.conditions.size()) + ", `" + end->text +
                  "`, holds for nothing; " + end->note;
    return out;
  }

 private:
  Value value(const Expr& tree, const PartialMatch& match) const {
    return evaluate(compileExpr(tree, s_.program.functions),
                    Frame{match.rows.data(), match.locals.data(), &s_.session});
  }

  // `own`: these are the conditions of the rule itself.
  std::vector<ConditionReport> reportsOf(const std::vector<model::Condition>& conditions,
                                         const std::vector<PartialMatch>& starts, bool loose,
                                         bool own) {
    Walk::Interest interest;
    if (own && !narrowed_.empty()) {
      interest = [this](const model::Condition& condition, const PartialMatch& match) {
        return narrowed_.allows(condition, match);
      };
    }
    const std::vector<Walk::Stage> stages =
        Walk(enumerator_, kMostStuck, std::move(interest)).along(conditions, starts, loose);
    std::vector<ConditionReport> out;
    for (std::size_t at = 0; at < conditions.size(); ++at) {
      const Walk::Stage& stage = stages[at];
      ConditionReport report;
      report.text = conditions[at].text;
      report.reached = static_cast<std::uint32_t>(stage.reached);
      report.partial = static_cast<std::uint32_t>(stage.passed);
      report.holds = stage.passed > 0;
      report.more = stage.more;
      if (conditions[at].hasPattern()) countFacts(conditions[at].pattern, report);
      if (!stage.kept.empty()) {
        for (const model::AccumulateFunction& function : conditions[at].functions) {
          report.results.emplace_back(function.name, stage.kept[0].locals[function.local]);
        }
      }
      // Partial matches that end here are told also when others go on: they are the near misses of
      // a rule that fires for something else.
      if (!stage.stuck.empty()) {
        explainEnd(conditions[at], stage.stuck, loose, own, report);
      } else if (stage.reached == 0) {
        report.note = "not reached";
      }
      out.push_back(std::move(report));
    }
    return out;
  }

  // --- the facts of a pattern

  struct Test {
    Expr tree;
    Code code;
    bool own = false;
  };  // own: reads nothing bound before

  std::vector<Test> testsOf(const model::Pattern& pattern) const {
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

  void countFacts(const model::Pattern& pattern, ConditionReport& report) {
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

  // Those that fail the fewest tests come first, and of these those that fit what is bound already.
  void nearMisses(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                  bool own, ConditionReport& report) {
    const model::Pattern& pattern = condition.pattern;
    const std::string& type = s_.program.type(pattern.type).name;
    const std::vector<FactId>& all = enumerator_.factsOf(pattern.type);
    if (all.empty()) {
      const bool event = condition.origin == model::Condition::Origin::Event ||
                         condition.origin == model::Condition::Origin::Change;
      report.note =
          event ? "no " + type + " is happening now: an event is there for its own turn only"
                : "there is no " + type;
      return;
    }
    const std::vector<Test> tests = testsOf(pattern);
    struct Candidate {
      std::size_t unfitting, failing;
      const PartialMatch* match;
      FactId fact;
    };
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
    const auto nearer = [](const Candidate& a, const Candidate& b) {
      return a.unfitting != b.unfitting ? a.unfitting < b.unfitting : a.failing < b.failing;
    };
    std::stable_sort(candidates.begin(), candidates.end(), nearer);
    for (const Candidate& candidate : candidates) {
      if (report.nearest.size() >= kMostNear) break;
      PartialMatch with = *candidate.match;
      enumerator_.put(with, pattern.row, candidate.fact);
      with.bound = pattern.row + 1;
      for (const Test& test : tests) {
        if (std::optional<NearMiss> miss = missOf(test.tree, with)) {
          report.nearest.push_back(std::move(*miss));
          break;
        }
      }
    }
    report.note = candidates.empty() && own && !narrowed_.empty()
                      ? "there is no such " + type
                      : "none of " + counted(all.size(), "fact") + " of type " + type + " fits";
    if (!report.nearest.empty()) {
      report.note += "; nearest: " + s_.describe(report.nearest[0].facts.back()) + ", where " +
                     textOf(report.nearest[0]);
    }
  }

  // The first conjunct of a test that is not true, with both its values.
  std::optional<NearMiss> missOf(const Expr& tree, const PartialMatch& match) const {
    const Expr whole = expandFunctions(tree, s_.program.functions);
    std::vector<const Expr*> conjuncts;
    splitConjuncts(whole, conjuncts);
    for (const Expr* conjunct : conjuncts) {
      const Value truth = value(*conjunct, match);
      if (truth.isTrue()) continue;
      NearMiss miss;
      miss.test = toText(*conjunct);
      miss.facts = match.facts();
      if (truth.isError()) {
        miss.error = std::string(truth.errorMessage());
      } else if (!truth.isFalse()) {
        miss.error = "it is " + toText(truth) + ", neither true nor false";
      }
      const bool compares = conjunct->kind == ExprKind::Binary && conjunct->args.size() == 2 &&
                            conjunct->args[1].kind != ExprKind::Range &&
                            conjunct->op != Operator::Or;
      miss.left = compares ? value(conjunct->args[0], match) : truth;
      miss.right = compares ? value(conjunct->args[1], match) : Value::boolean(true);
      return miss;
    }
    return std::nullopt;
  }

  static std::string textOf(const NearMiss& miss) {
    if (!miss.error.empty()) return "`" + miss.test + "` is unknown: " + miss.error;
    return "`" + miss.test + "` is false (" + toText(miss.left) + " against " + toText(miss.right) +
           ")";
  }

  // --- what ends partial matches

  void explainEnd(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                  bool loose, bool own, ConditionReport& report) {
    switch (condition.kind) {
      case Kind::Pattern: nearMisses(condition, stuck, own, report); return;
      case Kind::Exists:
        if (condition.hasPattern()) {
          nearMisses(condition, stuck, false, report);
        } else {
          report.groups.push_back(reportsOf(condition.groups[0], stuck, loose, false));
          report.note = "its group holds for nothing: " + endOf(report.groups[0]);
        }
        return;
      case Kind::Not:
        if (!condition.hasPattern()) {
          report.groups.push_back(reportsOf(condition.groups[0], stuck, true, false));
        }
        blockers(condition, stuck, report);
        return;
      case Kind::Forall: forallEnds(condition, stuck, report); return;
      case Kind::Either:
        report.note = "none of its branches holds";
        for (const std::vector<model::Condition>& branch : condition.groups) {
          report.groups.push_back(reportsOf(branch, stuck, loose, false));
          report.note += "; branch " + std::to_string(report.groups.size()) + ": " +
                         endOf(report.groups.back());
        }
        return;
      case Kind::Accumulate: accumulateEnds(condition, stuck, report); return;
      case Kind::If:
        for (const PartialMatch& match : stuck) {
          if (std::optional<NearMiss> miss = missOf(condition.expr.tree, match);
              miss && report.nearest.size() < kMostNear) {
            report.nearest.push_back(std::move(*miss));
          }
        }
        report.note = report.nearest.empty() ? "the condition is false" : textOf(report.nearest[0]);
        return;
      case Kind::Let: {
        const Value failed = enumerator_.value(condition.expr, stuck[0]);
        report.note = failed.isError()
                          ? "its value cannot be computed: " + std::string(failed.errorMessage())
                          : "it has another value: " + toText(failed);
        return;
      }
      case Kind::Each: eachEnds(condition, stuck, report); return;
    }
  }

  // Where a group comes to nothing, in a few words.
  static std::string endOf(const std::vector<ConditionReport>& group) {
    for (const ConditionReport& report : group) {
      if (!report.holds) return "`" + report.text + "`, " + report.note;
    }
    return "it holds";
  }

  Blocker blockerOf(const PartialMatch& match, std::uint32_t from) const {
    Blocker out;
    out.unsure = match.unsure;
    for (std::uint32_t row = from; row < match.bound; ++row) {
      out.facts.push_back(match.rows[row].fact);
    }
    if (!out.facts.empty()) out.by = assertedBy(s_, out.facts.back());
    return out;
  }

  void add(Blocker blocker, ConditionReport& report) {
    const auto same = [&](const Blocker& other) { return other.facts == blocker.facts; };
    if (report.blockers.size() >= kMostBlockers ||
        std::any_of(report.blockers.begin(), report.blockers.end(), same)) {
      return;
    }
    for (FactId fact : blocker.facts) {
      if (std::find(report.blockedBy.begin(), report.blockedBy.end(), fact) ==
          report.blockedBy.end()) {
        report.blockedBy.push_back(fact);
      }
    }
    report.blockers.push_back(std::move(blocker));
  }

  void noteBlockers(const char* how, ConditionReport& report) const {
    if (report.blockers.empty()) {
      report.note = std::string(how) + " what its group finds";
      return;
    }
    const Blocker& first = report.blockers[0];
    report.note = how;
    for (std::size_t i = 0; i < first.facts.size(); ++i) {
      report.note += (i ? " and " : " ") + s_.describe(first.facts[i]);
    }
    if (first.facts.empty()) {
      report.note += " what its group finds";
    } else {
      report.note +=
          first.by.empty() ? ", which was handed in" : ", which \"" + first.by + "\" inserted";
    }
    if (first.unsure) report.note += " (a test of it is unknown)";
    if (report.blockers.size() > 1) {
      report.note += ", and " + std::to_string(report.blockers.size() - 1) + " more";
    }
  }

  void blockers(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                ConditionReport& report) {
    for (PartialMatch match : stuck) {
      const std::uint32_t from = match.bound;
      enumerator_.eachCandidate(condition, match, true, [&](PartialMatch& candidate) {
        add(blockerOf(candidate, from), report);
        return report.blockers.size() < kMostBlockers;
      });
    }
    noteBlockers("blocked by", report);
  }

  void forallEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                  ConditionReport& report) {
    std::vector<PartialMatch> failing;
    for (PartialMatch match : stuck) {
      const std::uint32_t from = match.bound;
      for (FactId fact : enumerator_.candidates(condition.pattern, match, true)) {
        PartialMatch with = match;
        with.unsure = enumerator_.test(condition.pattern, with, fact) == Truth::Unknown;
        with.bound = condition.pattern.row + 1;
        bool satisfied = false;
        if (condition.groups.empty()) {
          std::optional<NearMiss> miss = missOf(condition.expr.tree, with);
          satisfied = !miss;
          if (miss && report.nearest.size() < kMostNear) report.nearest.push_back(std::move(*miss));
        } else {
          PartialMatch inner = with;
          inner.unsure = false;
          enumerator_.each(condition.groups[0], 0, inner, false,
                           [&](PartialMatch&) { return !(satisfied = true); });
        }
        if (satisfied) continue;
        if (failing.size() < kMostStuck) failing.push_back(with);
        add(blockerOf(with, from), report);
      }
    }
    if (!condition.groups.empty()) {
      report.groups.push_back(reportsOf(condition.groups[0], failing, true, false));
    }
    noteBlockers("not satisfied by", report);
    if (!report.nearest.empty()) {
      report.note += ", where " + textOf(report.nearest[0]);
    } else if (!report.groups.empty()) {
      report.note += ": " + endOf(report.groups[0]);
    }
  }

  void accumulateEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                      ConditionReport& report) {
    if (!condition.groups.empty()) {
      report.groups.push_back(reportsOf(condition.groups[0], stuck, !condition.skipErrors, false));
    }
    PartialMatch match = stuck[0];
    bool any = false;
    enumerator_.each(condition, match, true, [&](PartialMatch& result) {
      any = true;
      for (const model::AccumulateFunction& function : condition.functions) {
        const Value& got = result.locals[function.local];
        if (got.isError() && report.note.empty()) {
          report.note = "its result is unknown: " + std::string(got.errorMessage());
        }
        if (!got.isError() && report.results.size() < condition.functions.size()) {
          report.results.emplace_back(function.name, got);
        }
      }
      return report.note.empty();
    });
    if (!report.note.empty()) return;
    if (any) {
      report.note = "its results are others than asked for";
    } else {
      report.note = "there is no group: " +
                    (condition.groups.empty() ? "nothing matches `" + condition.pattern.text + "`"
                                              : endOf(report.groups[0]));
    }
  }

  void eachEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                ConditionReport& report) {
    const Value walked = enumerator_.value(condition.expr, stuck[0]);
    const bool isList = walked.kind() == ValueKind::List, isMap = walked.kind() == ValueKind::Map;
    if (walked.isError()) {
      report.note = "its list cannot be computed: " + std::string(walked.errorMessage());
    } else if (!isList && !isMap) {
      report.note = "it walks a list or the keys of a map, this is " + toText(walked);
    } else if (isList ? walked.asList().empty() : walked.asMap().empty()) {
      report.note = isList ? "the list is empty" : "the map is empty";
    } else {
      report.note = "`where` is true for no element of " + toText(walked);
    }
  }

  // --- complete matches

  void conclude(WhyNot& out) {
    const std::vector<SeenActivation> all = activationsOf(s_, rule_.id), agenda = readyOnes(s_);
    std::vector<SeenActivation> ready;
    for (const SeenActivation& activation : agenda) {
      if (activation.rule == rule_.id && isAsked(activation)) ready.push_back(activation);
    }
    for (const SeenActivation& activation : all) {
      if (activation.fired && isAsked(activation)) out.fired.push_back(activation.id);
    }
    for (const SeenActivation& activation : ready) out.ready.push_back(activation.id);
    const std::string quoted = "\"" + rule_.name + "\"";
    const auto held = std::find_if(all.begin(), all.end(), [&](const SeenActivation& activation) {
      return activation.held && isAsked(activation);
    });
    if (ready.empty() && held != all.end()) {
      const std::uint8_t why = s_.agenda.at(s_.agenda.find(held->id)).held;
      out.state = why & kHeldByDate ? WhyNot::State::NotEffective
                  : why == 0        ? WhyNot::State::NotFocused
                                    : WhyNot::State::Held;
      out.summary = quoted + " holds, but " + held->waits;
      return;
    }
    if (ready.empty()) {
      noteFired(out);
      return;
    }
    for (const SeenActivation& activation : agenda) {
      if (activation.id == ready[0].id) break;
      ++out.aheadCount;
      if (out.ahead.size() < kMostAhead) {
        out.ahead.push_back(
            {activation.id, s_.program.rules[index(activation.rule)].name, activation.salience});
      }
    }
    out.fires = true;
    out.state = WhyNot::State::Ready;
    out.summary = quoted + " is ready (" + counted(ready.size(), "activation") + ")";
    if (s_.halted) {
      out.state = WhyNot::State::Halted;
      out.summary += ", but a rule said `halt`";
    } else if (out.aheadCount > 0) {
      const WhyNot::Ahead& first = out.ahead[0];
      out.summary += "; \"" + first.rule + "\" comes before it";
      if (first.salience > ready[0].salience) {
        out.summary += ", with salience " + std::to_string(first.salience) + " over " +
                       std::to_string(ready[0].salience);
      }
    } else {
      out.summary = quoted + " is ready and fires next";
    }
  }

  void noteFired(WhyNot& out) const {
    const std::string quoted = "\"" + rule_.name + "\"";
    out.state = rule_.once ? WhyNot::State::Spent : WhyNot::State::Fired;
    if (rule_.once) {
      out.summary = quoted + " fires once" +
                    (rule_.oncePer.present() ? " per `" + toText(rule_.oncePer.tree) + "`" : "") +
                    ", and has";
    } else if (out.fired.empty()) {
      out.summary = quoted + " matches, and waits for what sets it off";
    } else if (!rule_.exclusive.empty()) {
      out.summary = quoted + " has had its turn for " + matchesOf(out) +
                    ": of the rules that are `exclusive " + rule_.exclusive +
                    "` only one fires for what is ready";
    } else {
      out.summary = quoted + " has fired for " + matchesOf(out) +
                    (rule_.noLoop ? ", or changed what it matches itself (`no-loop`)" : "");
    }
  }
  static std::string matchesOf(const WhyNot& out) {
    return out.fired.size() == 1 ? "its one match"
                                 : "each of its " + counted(out.fired.size(), "match", "matches");
  }

  // Whether an activation is among those the question is narrowed down to.
  bool isAsked(const SeenActivation& activation) const {
    if (narrowed_.empty()) return true;
    PartialMatch match;
    s_.matcher.rowsOf(activation.token, match.rows, match.locals);
    match.bound = rule_.rows;
    return std::all_of(
        rule_.conditions.begin(), rule_.conditions.end(),
        [&](const model::Condition& condition) { return narrowed_.allows(condition, match); });
  }

  const Session::State& s_;
  const model::Rule& rule_;
  const Narrowed& narrowed_;
  Enumerator enumerator_;
};

}  // namespace

Result<WhyNot> Session::whyNot(std::string_view name, const Fields& bindings) const {
  const Result<const model::Rule*> rule = ruleNamed(*state_, name);
  if (!rule) return rule.error();
  const Result<Narrowed> narrowed = Narrowed::read(*state_, **rule, bindings);
  if (!narrowed) return narrowed.error();
  return Diagnosis(*state_, **rule, *narrowed).make();
}

const char* name(WhyNot::State state) {
  switch (state) {
    case WhyNot::State::NoMatch: return "noMatch";
    case WhyNot::State::Disabled: return "disabled";
    case WhyNot::State::NotEffective: return "notEffective";
    case WhyNot::State::Spent: return "spent";
    case WhyNot::State::Fired: return "fired";
    case WhyNot::State::Held: return "held";
    case WhyNot::State::Halted: return "halted";
    case WhyNot::State::NotFocused: return "notFocused";
    case WhyNot::State::Ready: return "ready";
  }
  return "";
}

}  // namespace reticle
