// What ends partial matches at each kind of condition, in words.

#include "inquiry/condition_reports.h"

#include <algorithm>

#include "inquiry/walk.h"
#include "inquiry/wording.h"

namespace reticle {

namespace {

using Kind = model::Condition::Kind;

// What a report shows of many, at most.
constexpr std::size_t kMostStuck = 50;  // partial matches that end at one condition
constexpr std::size_t kMostBlockers = 10;

// Where a group comes to nothing, in a few words.
std::string endOf(const std::vector<ConditionReport>& group) {
  for (const ConditionReport& report : group) {
    if (!report.holds) return "`" + report.text + "`, " + report.note;
  }
  return "it holds";
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

}  // namespace

std::vector<ConditionReport> ConditionReports::of(const std::vector<model::Condition>& conditions,
                                                  const std::vector<PartialMatch>& starts,
                                                  bool loose, bool own) {
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
    // Partial matches that end here are reported also when others go on: they are the near misses
    // of a rule that fires for something else.
    if (!stage.stuck.empty()) {
      explainEnd(conditions[at], stage.stuck, loose, own, report);
    } else if (stage.reached == 0) {
      report.note = "not reached";
    }
    out.push_back(std::move(report));
  }
  return out;
}

void ConditionReports::explainEnd(const model::Condition& condition,
                                  const std::vector<PartialMatch>& stuck, bool loose, bool own,
                                  ConditionReport& report) {
  // ORDER: of notes and groups, as people read them: what holds for nothing, then why.
  switch (condition.kind) {
    case Kind::Pattern: nearMisses(condition, stuck, own, report); return;
    case Kind::Exists:
      if (condition.hasPattern()) {
        nearMisses(condition, stuck, false, report);
      } else {
        report.groups.push_back(of(condition.groups[0], stuck, loose, false));
        report.note = "its group holds for nothing: " + endOf(report.groups[0]);
      }
      return;
    case Kind::Not:
      if (!condition.hasPattern()) {
        report.groups.push_back(of(condition.groups[0], stuck, true, false));
      }
      blockers(condition, stuck, report);
      return;
    case Kind::Forall: forallEnds(condition, stuck, report); return;
    case Kind::Either:
      report.note = "none of its branches holds";
      for (const std::vector<model::Condition>& branch : condition.groups) {
        report.groups.push_back(of(branch, stuck, loose, false));
        report.note +=
            "; branch " + std::to_string(report.groups.size()) + ": " + endOf(report.groups.back());
      }
      return;
    case Kind::Accumulate: accumulateEnds(condition, stuck, report); return;
    case Kind::If: ifEnds(condition, stuck, report); return;
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

Blocker ConditionReports::blockerOf(const PartialMatch& match, std::uint32_t from) const {
  Blocker out;
  out.unsure = match.unsure;
  for (std::uint32_t row = from; row < match.bound; ++row) {
    out.facts.push_back(match.rows[row].fact);
  }
  if (!out.facts.empty()) out.by = assertedBy(s_, out.facts.back());
  return out;
}

void ConditionReports::noteBlockers(const char* how, ConditionReport& report) const {
  if (report.blockers.empty()) {
    report.note = std::string(how) + " what its group finds";
    return;
  }
  const Blocker& first = report.blockers[0];
  report.note = how;
  for (std::size_t i = 0; i < first.facts.size(); ++i) {
    report.note += (i ? " and " : " ") + s_.checks.describe(first.facts[i]);
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

void ConditionReports::blockers(const model::Condition& condition,
                                const std::vector<PartialMatch>& stuck,
                                ConditionReport& report) const {
  for (PartialMatch match : stuck) {
    const std::uint32_t from = match.bound;
    enumerator_.eachCandidate(condition, match, true, [&](PartialMatch& candidate) {
      add(blockerOf(candidate, from), report);
      return report.blockers.size() < kMostBlockers;
    });
  }
  noteBlockers("blocked by", report);
}

void ConditionReports::forallEnds(const model::Condition& condition,
                                  const std::vector<PartialMatch>& stuck, ConditionReport& report) {
  std::vector<PartialMatch> failing;
  for (PartialMatch match : stuck) {
    const std::uint32_t from = match.bound;
    for (FactId fact : enumerator_.candidates(condition.pattern, match, true)) {
      PartialMatch with = match;
      with.unsure = enumerator_.test(condition.pattern, with, fact) == Truth::Unknown;
      with.bound = condition.pattern.row + 1;
      bool satisfied = false;
      if (condition.groups.empty()) {
        std::optional<NearMiss> miss = missOf(s_, condition.expr.tree, with);
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
    report.groups.push_back(of(condition.groups[0], failing, true, false));
  }
  noteBlockers("not satisfied by", report);
  if (!report.nearest.empty()) {
    report.note += ", where " + textOf(report.nearest[0]);
  } else if (!report.groups.empty()) {
    report.note += ": " + endOf(report.groups[0]);
  }
}

void ConditionReports::accumulateEnds(const model::Condition& condition,
                                      const std::vector<PartialMatch>& stuck,
                                      ConditionReport& report) {
  if (!condition.groups.empty()) {
    report.groups.push_back(of(condition.groups[0], stuck, !condition.skipErrors, false));
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
    report.note = "there is no group: " + (condition.groups.empty()
                                               ? "nothing matches `" + condition.pattern.text + "`"
                                               : endOf(report.groups[0]));
  }
}

void ConditionReports::eachEnds(const model::Condition& condition,
                                const std::vector<PartialMatch>& stuck,
                                ConditionReport& report) const {
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

void ConditionReports::ifEnds(const model::Condition& condition,
                              const std::vector<PartialMatch>& stuck,
                              ConditionReport& report) const {
  for (const PartialMatch& match : stuck) {
    if (std::optional<NearMiss> miss = missOf(s_, condition.expr.tree, match);
        miss && report.nearest.size() < kMostNear) {
      report.nearest.push_back(std::move(*miss));
    }
  }
  report.note = report.nearest.empty() ? "the condition is false" : textOf(report.nearest[0]);
}

}  // namespace reticle
