// Why a rule does not fire: its conditions one after the other, where the partial matches end and
// what ends them; then what holds up its activations.

#include <algorithm>

#include "inquiry/condition_reports.h"
#include "inquiry/inquiry.h"
#include "inquiry/narrowed.h"
#include "inquiry/wording.h"
#include "session/activations.h"

namespace reticle {

namespace {

constexpr std::size_t kMostAhead = 5;  // activations that come before it, shown

class Diagnosis {
 public:
  Diagnosis(const Session::State& state, const model::Rule& rule, const Narrowed& narrowed)
      : s_(state), rule_(rule), narrowed_(narrowed) {}

  // The first condition that holds for nothing is the answer; those after it are reported as far
  // as they were reached.
  WhyNot make() {
    WhyNot out;
    out.rule = rule_.name;
    if (rule_.disabled) {
      out.state = WhyNot::State::Disabled;
      out.summary = "\"" + rule_.name + "\" is disabled";
      return out;
    }
    const PartialMatch start(rule_.frameRows + 1, rule_.locals + 1);
    out.conditions =
        ConditionReports(s_, rule_, narrowed_).of(rule_.conditions, {start}, false, true);
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
  // --- complete matches

  // All conditions hold for something: it is ready, held back, or has fired.
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
    if (s_.control.halted()) {
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

  // Nothing is ready and nothing held: what it matched has had its turn.
  void noteFired(WhyNot& out) const {
    const std::string quoted = "\"" + rule_.name + "\"";
    if (noteFailed(out)) return;
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
  // Whether any of them has failed. The newest failure is quoted.
  bool noteFailed(WhyNot& out) const {
    std::size_t failures = 0;
    const Error* last = nullptr;
    for (const ActivationId activation : out.fired) {
      const Error* error = s_.counters.failureOf(rule_.id, activation);
      if (!error) continue;
      ++failures;
      last = error;
    }
    if (!last) return false;
    out.state = WhyNot::State::Failed;
    out.summary = "\"" + rule_.name + "\" ";
    out.summary += failures == out.fired.size()
                       ? "failed for " + matchesOf(out)
                       : "has had its turn for " + matchesOf(out) + ", and failed for " +
                             std::to_string(failures) + " of them";
    out.summary += ": " + last->message + " (" + name(last->code) + ")";
    if (!last->fix.empty()) out.summary += "; " + last->fix;
    return true;
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
};

}  // namespace

std::vector<std::pair<std::string, bool>> Inquiry::conditionsOf(RuleId rule) const {
  const model::Rule& asked = state().program.rules[index(rule)];
  const PartialMatch start(asked.frameRows + 1, asked.locals + 1);
  const Narrowed everything;
  std::vector<std::pair<std::string, bool>> out;
  for (ConditionReport& report :
       ConditionReports(state(), asked, everything).of(asked.conditions, {start}, false, true)) {
    out.emplace_back(std::move(report.text), report.holds);
  }
  return out;
}

Result<WhyNot> Inquiry::whyNot(std::string_view name, const Fields& bindings) const {
  const Result<const model::Rule*> rule = ruleNamed(state(), name);
  if (!rule) return rule.error();
  const Result<Narrowed> narrowed = Narrowed::read(state(), **rule, bindings);
  if (!narrowed) return narrowed.error();
  return Diagnosis(state(), **rule, *narrowed).make();
}

const char* name(WhyNot::State state) {
  switch (state) {
    case WhyNot::State::NoMatch: return "noMatch";
    case WhyNot::State::Disabled: return "disabled";
    case WhyNot::State::NotEffective: return "notEffective";
    case WhyNot::State::Spent: return "spent";
    case WhyNot::State::Fired: return "fired";
    case WhyNot::State::Failed: return "failed";
    case WhyNot::State::Held: return "held";
    case WhyNot::State::Halted: return "halted";
    case WhyNot::State::NotFocused: return "notFocused";
    case WhyNot::State::Ready: return "ready";
  }
  return "";
}

}  // namespace reticle
