// reticle-oracle [--programs N] [--seed S] [--steps K] [--all] [--show SEED]: the matcher against
// the oracle on as many random programs as one likes. Seeds S, S + 1, …; stops at the first
// disagreement, unless `--all`, and shows it made small. `--without groups,forall,either,each,by`
// leaves conditions out of the programs.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "differential/story.h"

using namespace reticle::test;

int main(int argc, char** argv) {
  std::uint64_t programs = 20000, seed = 1, passed = 0, failed = 0;
  Tally tally;
  int steps = 60;
  bool all = false, show = false;
  Repertoire repertoire;
  for (int i = 1; i < argc; ++i) {
    const char* next = i + 1 < argc ? argv[i + 1] : "";
    if (!std::strcmp(argv[i], "--programs")) {
      programs = std::strtoull(next, nullptr, 10), ++i;
    } else if (!std::strcmp(argv[i], "--seed")) {
      seed = std::strtoull(next, nullptr, 10), ++i;
    } else if (!std::strcmp(argv[i], "--steps")) {
      steps = std::atoi(next), ++i;
    } else if (!std::strcmp(argv[i], "--all")) {
      all = true;
    } else if (!std::strcmp(argv[i], "--show")) {
      show = true, programs = 1, seed = std::strtoull(next, nullptr, 10), ++i;
    } else if (!std::strcmp(argv[i], "--without")) {
      auto without = [&](const char* word, bool& part) { part = part && !std::strstr(next, word); };
      without("groups", repertoire.groups);
      without("forall", repertoire.forall);
      without("either", repertoire.either);
      without("each", repertoire.each);
      without("by", repertoire.groupBy);
      without("derive", repertoire.derive);
      without("doubles", repertoire.doubles);
      ++i;
    } else {
      std::fprintf(stderr, "unknown argument %s\n", argv[i]);
      return 2;
    }
  }
  if (show) {
    Random random(seed);
    std::printf("%s", randomProgram(random, repertoire).text().c_str());
  }
  for (std::uint64_t each = seed; each < seed + programs; ++each) {
    std::string problem = disagreement(each, steps, repertoire, tally);
    if (problem.empty()) {
      ++passed;
      continue;
    }
    ++failed;
    std::printf("--- seed %llu\n%s\n", static_cast<unsigned long long>(each), problem.c_str());
    std::fflush(stdout);
    if (!all) break;
  }
  auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf(
      "%llu passed, %llu failed (%llu steps, %llu firings, %llu activations compared; %llu "
      "programs refused by the checker)\n",
      number(passed), number(failed), number(tally.steps), number(tally.firings),
      number(tally.ready), number(tally.refused));
  return failed ? 1 : 0;
}
