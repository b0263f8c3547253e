// Random courses of events, facts and time: the network against the enumerator, which looks at
// every fact anew; and against recovery.
#include <memory>

#include "base/hash.h"
#include "support/harness.h"

namespace temporal_random_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const char* const kRules = R"(
event A { k: int  v: int }
event B { k: int  v: int }
event C expires 4m { k: int }
fact F { key k: int  v: int = 0  due: timestamp }
fact G { k: int }
rule window when { a: A(v > 1) over last 5m } then { log a.k }
rule windows when { a: A over last 3m  b: B(k == a.k) over last 7m } then { log b.k }
rule plain when { f: F  a: A(k == f.k) } then { log a.k }
rule expiring when { f: F  c: C(k == f.k) } then { log c.k }
rule after when { a: A  b: B(k == a.k) after a within 5m } then { log b.k }
rule before when { b: B  a: A(k == b.k) before b within 2m } then { log a.k }
rule around when { a: A(v == 0)  b: B(k == a.k, v == 0) within 4m of a  f: F(k == a.k) } then { log b.k + f.v }
rule chain when { a: A  b: B(k == a.k) after a within 3m  c: C(k == b.k) after b within 3m } then { log c.k }
rule waiting when { a: A  not B(k == a.k) after a within 4m } then { log a.k }
rule triggered on a: A when { not B(k == a.k) within 4m of a } then { log a.k }
rule braces when { a: A(v > 0)  not { b: B(k == a.k) after a within 3m  F(k == b.k) } } then { log a.k }
rule due when { f: F(v > 0, passed(due)) } then { log f.k }
rule later when { f: F  let late = passed(f.due) ? f.v : 0 - 1  if late != 1 } then { log t"{f.k} {late}" }
rule none when { not F(passed(due), v == 2) } then { log "none" }
rule each when { forall f: F(passed(due)) satisfies (f.v > 0) } then { log "each" }
rule sums when { accumulate A(k == 1) over last 5m into n = count()  if n > 1 } then { log n }
rule due_sum when { accumulate f: F(passed(due)) into n = sum(f.v) } then { log n }
rule newest when { a: A(v > 0) over last 3 events  f: F(k == a.k) over last 2 facts } then { log f.k + a.v }
rule high when { exists A  forall a: A(k < 2) over last 3 events satisfies (a.v > 0) } then { log "high" }
rule kept when { forall f: F over last 2 facts satisfies (f.v < 2) } then { log "kept" }
rule by_key when { a: A(v > 0) over last 2 events by a.k  f: F(k == a.k) over last 1 facts by v } then { log f.k + a.v }
rule each_key when { accumulate f: F over last 1 facts by f.v into ks = collect(f.k) } then { log t"{ks}" }
rule all_well when { a: A(v > 0)  forall b: B(k == a.k) after a within 3m satisfies (b.v > 0) } then { log a.k }
rule oldest when { f: F over last 2 facts  not B(k == f.k) over last 2 events } then { log f.k }
rule held when { f: F(v > 0) held 5m } then { log f.k }
rule held_none when { g: G  not F(v > 0) held 2m } then { log g.k }
rule comes on insert f: F(v > 0) when { exists G(k == f.k) } then { log f.k }
rule goes on retract f: F(v > 1) then { log f.k }
rule logical when { f: F(v > 0) held 3m  a: A(k == f.k) over last 2m } then { insert logical G{k: f.k + 10} }
rule tick on every 3m when { f: F(v > 0) } then { log f.k }
)";

class Course {
 public:
  Course(std::shared_ptr<const Program> program, std::uint64_t seed)
      : program_(std::move(program)), engine_(std::make_unique<Engine>(program_)), state_(seed) {}

  // What went wrong; empty: nothing.
  std::string run(int steps) {
    for (int step = 0; step < steps; ++step) {
      const std::string at = "step " + std::to_string(step) + ": ";
      act();
      if (below(20) == 0) {
        if (std::string wrong = crash(); !wrong.empty()) return at + wrong;
      }
      if (below(4) == 0) continue;  // several inputs before anything fires
      engine_->settle({.maxFirings = below(5) == 0 ? below(3) : 100'000});
      if (std::string wrong = compare(); !wrong.empty()) return at + wrong;
    }
    engine_->settle();
    return crash();
  }
  std::uint64_t matches = 0;  // compared

 private:
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(mix64(++state_ * 0x9e3779b97f4a7c15u) % n);
  }
  Value small(std::uint32_t n) { return number(below(n)); }
  Value soon() { return Value::timestamp(engine_->now() + Time{60'000'000} * below(8)); }
  // a key that is taken is refused, and that is well
  void submit(const Input& input) { (void)engine_->submit(input); }

  // Goes on from the journal; what it leads to must be what there was.
  std::string crash() {
    journal_ += engine_->takeJournal();
    auto recovered = Engine::recover(program_, journal_);
    if (!recovered.ok()) return recovered.error().message;
    if (recovered->digest() != engine_->digest() ||
        recovered->nextTimer() != engine_->nextTimer() ||
        recovered->agenda().size() != engine_->agenda().size()) {
      return "recovery leads elsewhere";
    }
    engine_ = std::make_unique<Engine>(std::move(*recovered));
    return "";
  }

  void act() {
    const std::vector<FactView> facts = engine_->facts("F");
    switch (below(9)) {
      case 0:
      case 1: return submit(input::Emit{"A", {{"k", small(3)}, {"v", small(3)}}, {}, {}, {}});
      case 2: return submit(input::Emit{"B", {{"k", small(3)}, {"v", small(3)}}, {}, {}, {}});
      case 3: return submit(input::Emit{"C", {{"k", small(3)}}, {}, {}, {}});
      case 4: return submit(insert("F", {{"k", small(4)}, {"v", small(3)}, {"due", soon()}}));
      case 5:
        if (!facts.empty()) {
          submit(input::Update{facts[below(static_cast<std::uint32_t>(facts.size()))].id,
                               {{"v", small(3)}, {"due", soon()}}});
        }
        return;
      case 6:
        if (!facts.empty() && below(2) == 0) {
          submit(retract(facts[below(static_cast<std::uint32_t>(facts.size()))].id));
        } else {
          submit(insert("G", {{"k", small(3)}}));
        }
        return;
      default:
        return submit(input::Advance{engine_->now() + Time{30'000'000} * (1 + below(6)) +
                                     (below(8) == 0 ? 1 : 0)});
    }
  }

  std::string compare() {
    for (const char* rule :
         {"window",  "windows",   "plain",  "expiring", "after",   "before",   "around",   "chain",
          "waiting", "triggered", "braces", "due",      "later",   "none",     "each",     "sums",
          "due_sum", "newest",    "high",   "kept",     "by_key",  "each_key", "all_well", "oldest",
          "held",    "held_none", "comes",  "goes",     "logical", "tick"}) {
      const Result<RuleMatches> found = engine_->matches(rule, 1000);
      if (!found.ok()) return found.error().message;
      const std::uint64_t slow = found->conditions.back().count;
      matches += slow;
      if (slow != found->complete.size()) {
        return std::string(rule) + " has " + std::to_string(found->complete.size()) +
               " matches, should have " + std::to_string(slow);
      }
    }
    return "";
  }

  std::shared_ptr<const Program> program_;
  std::unique_ptr<Engine> engine_;
  std::string journal_;
  std::uint64_t state_;
};

}  // namespace

TEST_SUITE("temporal") {
  TEST_CASE("random courses: the network finds what is there, and recovery leads to the same") {
    const auto program = compiled("random.rules", kRules);
    REQUIRE(program);
    std::uint64_t matches = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      Course course(program, seed * 1000);
      const std::string wrong = course.run(120);
      CHECK_MESSAGE(wrong.empty(), "seed ", seed, ", ", wrong);
      matches += course.matches;
    }
    CHECK(matches > 10'000);
  }
}

}  // namespace temporal_random_test
