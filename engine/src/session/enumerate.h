// Matches found by looking at every fact, condition after condition: for queries and for saying why a rule did not fire. Slow and obvious;
// the matcher is checked against a third implementation of its own.
#pragma once

#include <functional>
#include <vector>

#include "match/working_memory.h"
#include "model/model.h"

namespace reticle {

enum class Truth : std::uint8_t { False, True, Unknown };

struct PartialMatch {
  std::vector<Row> rows;
  std::vector<Value> locals;
  std::vector<FactId> facts() const;      // of the rows bound by patterns, in order
  std::uint32_t bound = 0;                // rows bound so far
};

class Enumerator {
 public:
  Enumerator(const WorkingMemory& memory, const Surroundings& surroundings) : memory_(memory), surroundings_(surroundings) {}

  // All ways to extend a partial match over one condition, in order of fact ids; at most `limit`.
  std::vector<PartialMatch> extend(const model::Condition& condition, const PartialMatch& from, std::size_t limit = SIZE_MAX) const;
  // Whether a candidate satisfies a pattern next to a partial match.
  Truth test(const model::Pattern& pattern, const PartialMatch& from, FactId candidate) const;
  // Candidates of a pattern for which it is true (or, when `unsure`, not definitely false).
  std::vector<FactId> candidates(const model::Pattern& pattern, const PartialMatch& from, bool unsure) const;

 private:
  const WorkingMemory& memory_;
  const Surroundings& surroundings_;
};

}  // namespace reticle
