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

}  // namespace

// Runs are known by number there, and by flow and key in tests.
void SeenFailures::note(const TraceRecord& record) {
  if (const trace::Run* run = record.as<trace::Run>()) runs_[record.run] = {run->flow, run->key};
  const trace::Failure* failure = record.as<trace::Failure>();
  const bool given = failure && failure->part == "given";
  if (failure && (record.rule != kNoRule || record.run != kNoRun || given)) {
    failures_.push_back({record.rule, record.run, *failure});
  }
}

bool SeenFailures::isOf(const Failed& failed, std::string_view rule, std::string_view code) const {
  return failed.rule != kNoRule && model_.rules[index(failed.rule)].name == rule &&
         (code.empty() || failed.what.code == code);
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
    if (failed.rule != kNoRule || run == runs_.end() || run->second.flow != flow) continue;
    if (key && run->second.key != *key) continue;
    if (!parts || !failed.what.part.empty()) failed.expected = true;
  }
}

void SeenFailures::expectRun(RunId run) {
  for (Failed& failed : failures_) {
    if (failed.rule == kNoRule && failed.run == run) failed.expected = true;
  }
}

// What failed, how often, and what a test that means it says.
std::string SeenFailures::textOf(const Failed& failed, std::size_t times) const {
  const std::string often = times > 1 ? " " + std::to_string(times) + " times" : "";
  const std::string& part = failed.what.part;
  if (failed.rule != kNoRule) {
    const std::string name = inQuotes(model_.rules[index(failed.rule)].name);
    return "rule " + name + (part.empty() ? "" : ": `" + part + "`") + " failed" + often + ": " +
           textWithCode(failed.what) + "; a test that means it expects `failed " + name + "`";
  }
  if (failed.run == kNoRun) return "what is given: " + textWithCode(failed.what);
  const auto run = runs_.find(failed.run);
  const RunName name = run == runs_.end() ? RunName{} : run->second;
  if (name.flow.rfind("call ", 0) == 0) {
    return "`" + name.flow + "` of a rule: " + textWithCode(failed.what) +
           (often.empty() ? "" : "," + often) +
           "; what may fail is called in a flow, whose failure a test can expect";
  }
  return textWithCode(failed.what) + (often.empty() ? "" : "," + often) +
         "; a test that means it expects `flow " + name.flow + " key " + inQuotes(name.key) +
         (part.empty() ? " failed`" : " …`");
}

Span SeenFailures::placeOf(const Failed& failed) const {
  if (!(failed.what.place == Span{})) return failed.what.place;
  return failed.rule == kNoRule ? Span{} : model_.rules[index(failed.rule)].nameSpan;
}

std::vector<TestFailure> SeenFailures::unexpected() const {
  std::vector<std::pair<const Failed*, std::size_t>> each;  // with how many are like it
  std::map<std::tuple<RuleId, RunId, std::string_view, std::string_view>, std::size_t> known;
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
