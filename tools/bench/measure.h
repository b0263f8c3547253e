// Carries a workload out and measures it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "workload.h"

namespace reticle::bench {

// All times are CPU seconds, user and system together.
struct Measures {
  std::uint64_t firings = 0;
  std::size_t given = 0, facts = 0;     // at the beginning, at the end
  std::size_t changes = 0;              // updates, events or retractions made afterwards
  std::uint64_t tokens = 0, tests = 0;  // made and evaluated by the network until all had settled
  std::uint64_t mostTests = 0;          // Updates, Events: that one more change took, of a hundred
  double compileSeconds = 0;            // from text to network
  double loadSeconds = 0;               // giving the facts; what they match is found meanwhile
  double runSeconds = 0;                // firing, and the changes with what they fire
  double changeSeconds = 0;             // of runSeconds: the changes
  std::uint64_t journalBytes = 0;
  std::uint64_t peakBytes = 0;  // of the whole process so far
  // not empty: it could not be carried out, or did not come to an end
  std::string problem;
};

// Runs it once. The journal is taken as a host takes it that keeps none.
Measures measure(const Workload& workload, std::size_t size);

// CPU seconds of this process so far, and the most memory it ever had.
double cpuSeconds();
std::uint64_t peakBytes();

// What this program was compiled with: "GNU 12.2.0 -O2 -g1".
std::string buildFlags();

// Writes what other engines need to do the same into a folder that is there: `rules.rules`,
// `facts.json` (blocks of facts of one type, in order), `run.json` (name, size and what happens
// once the facts are there). False when a file cannot be written.
bool writeWorkload(const Workload& workload, std::size_t size, const std::string& folder);

// The facts that are there at the end of a run, one a line in no particular order: `Type
// {"field":value,…}`.
bool writeEnd(const Workload& workload, std::size_t size, const std::string& path);

}  // namespace reticle::bench
