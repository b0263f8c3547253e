// Collects the failures of a test from its trace, and tells those that nobody expects.
#include "testing/seen_failures.h"

#include <algorithm>
#include <tuple>

namespace reticle {
namespace {

constexpr std::size_t kMostFailures = 10;  // reported one by one

std::string textWithCode(const trace::Failure& failure) {
  return failure.message + " (" + failure.code + ")";
}

std::string inQuotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool isCall(std::string_view flow) { return flow.substr(0, 5) == "call "; }

}  // namespace

// Runs are known by number there, and by flow and key in tests; the run of a `call` by the rule
// that has sent it.
void SeenFailures::note(const TraceRecord& record) {
  if (record.as<trace::Fire>()) {
    firing_ = record.seq;
    firingRule_ = record.rule;
  }
  if (const trace::Run* run = record.as<trace::Run>()) {
    RunName& name = runs_[record.run];
    if (name.flow.empty() && isCall(run->flow) && firing_ != 0 && record.cause == firing_) {
      name.caller = model_->rules[index(firingRule_)].name;
    }
    name.flow = run->flow;
    name.key = run->key;
  }
  const trace::Failure* failure = record.as<trace::Failure>();
  if (!failure) return;
  const bool session = failure->part == "given" || failure->part == "Clock";
  if (record.rule == kNoRule && record.run == kNoRun && !session) return;
  Failed failed;
  failed.run = record.run;
  failed.what = *failure;
  if (record.rule != kNoRule) {
    failed.ofRule = true;
    failed.rule = model_->rules[index(record.rule)].name;
    failed.ruleSpan = model_->rules[index(record.rule)].nameSpan;
  } else if (const auto run = runs_.find(record.run); run != runs_.end()) {
    failed.rule = run->second.caller;
  }
  failures_.push_back(std::move(failed));
}

bool SeenFailures::isOf(const Failed& failed, std::string_view rule, std::string_view code) const {
  return failed.rule == rule && !failed.rule.empty() && (code.empty() || failed.what.code == code);
}

std::uint64_t SeenFailures::count(std::string_view rule, std::string_view code) const {
  return static_cast<std::uint64_t>(
      std::count_if(failures_.begin(), failures_.end(),
                    [&](const Failed& failed) { return isOf(failed, rule, code); }));
}

std::string SeenFailures::first(std::string_view rule, std::string_view code) const {
  const auto found = std::find_if(failures_.begin(), failures_.end(),
                                  [&](const Failed& failed) { return isOf(failed, rule, code); });
  return found == failures_.end() ? "" : textWithCode(found->what);
}

void SeenFailures::expectRule(std::string_view rule, std::string_view code) {
  for (Failed& failed : failures_) failed.expected = failed.expected || isOf(failed, rule, code);
}

void SeenFailures::expectRuns(std::string_view flow, const std::string* key, bool parts) {
  for (Failed& failed : failures_) {
    const auto run = runs_.find(failed.run);
    if (failed.ofRule || run == runs_.end() || run->second.flow != flow) continue;
    if (key && run->second.key != *key) continue;
    if (!parts || !failed.what.part.empty()) failed.expected = true;
  }
}

void SeenFailures::expectRun(RunId run) {
  for (Failed& failed : failures_) {
    if (!failed.ofRule && failed.run == run) failed.expected = true;
  }
}

// What failed, how often, and what a test that means it says.
std::string SeenFailures::textOf(const Failed& failed, std::size_t times) const {
  const std::string often = times > 1 ? " " + std::to_string(times) + " times" : "";
  const std::string& part = failed.what.part;
  if (failed.ofRule) {
    const std::string name = inQuotes(failed.rule);
    return "rule " + name + (part.empty() ? "" : ": `" + part + "`") + " failed" + often + ": " +
           textWithCode(failed.what) + "; a test that means it expects `failed " + name + "`";
  }
  if (failed.run == kNoRun) {
    return (part == "given" ? "what is given: " : part + ": ") + textWithCode(failed.what);
  }
  const auto run = runs_.find(failed.run);
  const RunName name = run == runs_.end() ? RunName{} : run->second;
  if (isCall(name.flow)) {
    return "`" + name.flow + "` of " +
           (failed.rule.empty() ? "a test" : "rule " + inQuotes(failed.rule)) + ": " +
           textWithCode(failed.what) + (often.empty() ? "" : "," + often) +
           (failed.rule.empty()
                ? ""
                : "; a test that means it expects `failed " + inQuotes(failed.rule) + "`");
  }
  return textWithCode(failed.what) + (often.empty() ? "" : "," + often) +
         "; a test that means it expects `flow " + name.flow + " key " + inQuotes(name.key) +
         (part.empty() ? " failed`" : " …`");
}

Span SeenFailures::placeOf(const Failed& failed) const {
  if (!(failed.what.place == Span{})) return failed.what.place;
  return failed.ruleSpan;
}

std::vector<TestFailure> SeenFailures::unexpected() const {
  std::vector<std::pair<const Failed*, std::size_t>> each;  // with how many are like it
  std::map<std::tuple<std::string_view, RunId, std::string_view, std::string_view>, std::size_t>
      known;
  for (const Failed& failed : failures_) {
    if (failed.expected) continue;
    const auto [at, isNew] = known.try_emplace(
        {failed.rule, failed.run, failed.what.code, failed.what.message}, each.size());
    if (isNew) each.emplace_back(&failed, 0);
    ++each[at->second].second;
  }
  std::vector<TestFailure> out;
  for (const auto& [failed, times] : each) {
    if (out.size() == kMostFailures) {
      out.back().message +=
          "; and " + std::to_string(each.size() - kMostFailures) + " more failures that differ";
      break;
    }
    out.push_back({textOf(*failed, times), placeOf(*failed)});
  }
  return out;
}

}  // namespace reticle
