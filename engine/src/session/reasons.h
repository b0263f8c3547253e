// What rules made facts from, with the values of then.
//
// A derived fact remembers the facts of the match in the version they had: the change of working
// memory that made or updated them last. While a version is the present one, nothing is copied;
// when its fact changes or goes, its values are kept as long as some derived fact rests on it. What
// a fact that is gone rested on itself is forgotten with it, so that chains of facts that replace
// each other stay short.
//
// Logical facts have no derivation here: their supports tell, and what those rest on is present.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/id_table.h"
#include "base/word_blocks.h"
#include "match/working_memory.h"

namespace reticle {

class Reasons {
 public:
  struct Then {
    FactId fact = kNoFact;
    std::uint64_t version = 0;
  };
  struct Derivation {
    RuleId rule = kNoRule;
    std::uint64_t change = 0;
    std::vector<Then> facts;
  };
  struct Past {
    TypeId type{};
    std::vector<Value> fields;
    std::uint32_t uses = 0;
  };

  Reasons(const model::Program& program, const WorkingMemory& memory)
      : program_(program), memory_(memory) {}

  // A firing begins to change things: what is derived from these facts rests on them as they are
  // now. Until the next call.
  void pin(const std::vector<FactId>& facts);
  void add(FactId derived, RuleId rule, const std::vector<FactId>& facts, std::uint64_t change);
  // A derived fact goes, or is stated now. Nothing when it was not derived.
  void remove(FactId derived);
  // A fact is about to change or to go.
  void leaving(FactId fact);

  // What another session of this state knew of a fact: its derivation, and for each of its facts
  // the values it had, when they are others now.
  void restore(FactId derived, Derivation derivation, const std::vector<std::optional<Past>>& past);

  std::optional<Derivation> find(FactId derived) const;
  // The values of a version that is not the present one; null when it is.
  const Past* past(const Then& then) const;
  std::size_t kept() const { return past_.size(); }

 private:
  // A derivation as words: rule, number of facts, change (low, high), and for each fact its id and
  // version (low, high).
  static constexpr std::uint32_t kHead = 4, kEach = 3;
  static Derivation read(const std::uint32_t* words);
  // Returns where its facts go.
  std::uint32_t* begin(FactId derived, RuleId rule, std::uint64_t change, std::size_t count);

  bool isPresent(const Then& then) const;
  void use(const Then& then);
  void drop(const Then& then);

  const model::Program& program_;
  const WorkingMemory& memory_;
  WordBlocks blocks_;
  IdTable blockOf_;  // by derived fact
  IdTable uses_;     // of present versions, by fact
  std::map<std::pair<FactId, std::uint64_t>, Past> past_;
  std::vector<Then> pinned_;
};

}  // namespace reticle
