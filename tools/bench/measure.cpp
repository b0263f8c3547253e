// Carries a workload out, and measures it.
//
// Time is CPU time of this process. The journal is taken from time to time and thrown away, as a
// host with a store would take it; its bytes are counted.
#include "measure.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#if !defined(__EMSCRIPTEN__)
#include <sys/resource.h>
#endif

#include "reticle/engine.h"
#include "reticle/wire.h"

namespace reticle::bench {
namespace {

// So much of the journal is let grow before it is taken.
constexpr std::size_t kTakeEvery = 1'000;
// Facts of a type are given so many at once.
constexpr std::size_t kRowsAtOnce = 1'000;

// A session that is given facts and forgets its journal.
class Given final : public FactSink {
 public:
  explicit Given(Engine& engine) : engine_(engine) {}

  void begin(std::string_view type, const std::vector<std::string>& fields) override {
    flush();
    block_.type = type;
    block_.fields = fields;
  }

  void row(const std::vector<Value>& values) override {
    block_.values.insert(block_.values.end(), values.begin(), values.end());
    if (block_.values.size() >= kRowsAtOnce * values.size()) flush();
  }

  // Gives the rows that wait.
  void flush() {
    if (block_.values.empty()) return;
    Input input = std::move(block_);
    submit(input);
    block_ = std::move(std::get<input::InsertAll>(input));
    block_.values.clear();
  }

  // No input of a workload is refused; if one is, that is the problem of the run.
  void submit(const Input& input) {
    const Result<Accepted> accepted = engine_.submit(input);
    if (!accepted.ok()) {
      if (problem.empty()) problem = accepted.error().message;
      return;
    }
    facts.insert(facts.end(), accepted->facts.begin(), accepted->facts.end());
    if (++waiting_ == kTakeEvery || std::holds_alternative<input::InsertAll>(input)) {
      forgetJournal();
    }
  }

  // With a budget that no workload reaches.
  void settle() {
    SettleOptions options;
    options.maxFirings = std::numeric_limits<std::int64_t>::max();
    const SettleReport report = engine_.settle(options);
    firings += report.firings;
    if (report.reason == SettleReport::Reason::Limit && problem.empty()) {
      problem = "it does not come to an end";
    }
    if (++waiting_ >= kTakeEvery) forgetJournal();
  }

  // A journal that nobody keeps would only grow.
  void forgetJournal() {
    waiting_ = 0;
    journalBytes += engine_.takeJournal().size();
    engine_.journalDurable();
    engine_.takeOutputs();
  }

  std::vector<FactId> facts;
  std::uint64_t firings = 0, journalBytes = 0;
  std::string problem;

 private:
  Engine& engine_;
  input::InsertAll block_;
  std::size_t waiting_ = 0;
};

// Updates, Events: one of them.
void changeOnce(const Workload& workload, std::size_t size, std::size_t step, Given& given) {
  if (workload.deed == Deed::Updates) {
    Change next = changeOf(workload, size, step);
    given.submit(update(given.facts[next.fact], {{std::move(next.field), std::move(next.value)}}));
  } else {
    Happening next = eventOf(workload, size, step);
    given.submit(emit(std::move(next.type), std::move(next.data)));
  }
  given.settle();
}

// Whether a step settles by itself, or all together.
bool changesOneByOne(const Workload& workload) {
  return workload.deed == Deed::Updates || workload.deed == Deed::Events;
}

std::size_t change(const Workload& workload, std::size_t size, Given& given) {
  if (workload.deed == Deed::RetractAll) {
    for (const FactId fact : given.facts) given.submit(retract(fact));
    given.settle();
    return given.facts.size();
  }
  if (!changesOneByOne(workload)) return 0;
  for (std::size_t step = 0; step < kChanges; ++step) changeOnce(workload, size, step, given);
  return kChanges;
}

// What the network did, for comparing by more than time.
void count(const Engine& engine, Measures& out) {
  out.tokens = out.tests = 0;
  for (const Counters::Node& node : engine.counters().nodes) {
    out.tokens += node.tokens;
    out.tests += node.tests;
  }
}

std::uint64_t mostTests(const Workload& workload, std::size_t size, const Engine& engine,
                        Given& given) {
  std::uint64_t most = 0;
  Measures before, after;
  for (std::size_t step = kChanges; step < kChanges + 100; ++step) {
    count(engine, before);
    changeOnce(workload, size, step, given);
    count(engine, after);
    most = std::max(most, after.tests - before.tests);
  }
  return most;
}

// Carries it out, and shows what came of it to `look` before the session ends.
template <typename Look>
Measures carryOut(const Workload& workload, std::size_t size, Look look) {
  Measures out;
  const std::string rules = workload.rules(size);
  double before = cpuSeconds();
  const auto lap = [&before] {
    const double now = cpuSeconds(), took = now - before;
    before = now;
    return took;
  };
  const Compiled compiled = compile(workload.name + ".rules", rules);
  out.compileSeconds = lap();
  if (!compiled.ok()) {
    out.problem = compiled.text();
    return out;
  }
  EngineOptions options;
  options.journal = false;  // as other engines: nothing is kept for recovery
  Engine engine(compiled.program, options);
  Given given(engine);
  workload.facts(size, given);
  given.flush();
  out.loadSeconds = lap();
  if (workload.deed != Deed::RetractAll) given.settle();
  out.runSeconds = lap();
  out.changes = change(workload, size, given);
  given.forgetJournal();
  out.changeSeconds = lap();
  out.runSeconds += out.changeSeconds;
  out.firings = given.firings;
  out.given = given.facts.size();
  out.journalBytes = given.journalBytes;
  out.peakBytes = peakBytes();
  out.problem = given.problem;
  count(engine, out);
  look(engine, out);
  if (changesOneByOne(workload)) out.mostTests = mostTests(workload, size, engine, given);
  return out;
}

}  // namespace

// Of this process: other processes of a busy machine do not count.
double cpuSeconds() {
#if defined(__EMSCRIPTEN__)
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
#else
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
#endif
}

std::uint64_t peakBytes() {
#if defined(__EMSCRIPTEN__)
  return 0;
#else
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
#endif
}

std::string buildFlags() { return RETICLE_BUILD; }

Measures measure(const Workload& workload, std::size_t size) {
  return carryOut(workload, size,
                  [](const Engine& engine, Measures& out) { out.facts = engine.factCount(); });
}

// The facts at the end, a line each, for comparing engines.
bool writeEnd(const Workload& workload, std::size_t size, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const Measures run = carryOut(workload, size, [&file](const Engine& engine, Measures&) {
    for (const FactView& fact : engine.facts()) {
      std::string line = fact.typeName + " {";
      for (const auto& [name, value] : fact.fields) {
        if (line.back() != '{') line += ',';
        line += wire::toJson(Value::string(name));
        line += ':';
        line += wire::toJson(value);
      }
      file << line << "}\n";
    }
  });
  file.flush();
  return run.problem.empty() && file.good();
}

}  // namespace reticle::bench
