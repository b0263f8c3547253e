// What rules made facts from, with the values of then.
//
// A derived fact remembers the facts of the match in the version they had: the change of working memory that made or updated them last. While a version is
// the present one, nothing is copied; when its fact changes or goes, its values are kept as long as some derived fact rests on it. What a fact that is gone
// rested on itself is forgotten with it, so that chains of facts that replace each other stay short.
//
// Logical facts have no derivation here: their supports tell, and what those rest on is present.
//
// A derivation is a run of words; runs of one length that are not used any more are linked through their second word:
//   │ number of facts │ rule │ change (2) │ fact │ version (2) │ fact │ version (2) │ …
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/id_table.h"
#include "match/working_memory.h"

namespace reticle {

class Reasons {
 public:
  struct Then { FactId fact = kNoFact; std::uint64_t version = 0; };
  struct Derivation { RuleId rule = kNoRule; std::uint64_t change = 0; std::vector<Then> facts; };
  struct Past { TypeId type{}; std::vector<Value> fields; std::uint32_t uses = 0; };

  Reasons(const model::Program& program, const WorkingMemory& memory) : program_(program), memory_(memory) {}

  // A firing begins to change things: what is derived from these facts rests on them as they are now. Until the next call.
  void pin(const std::vector<FactId>& facts);
  void add(FactId derived, RuleId rule, const std::vector<FactId>& facts, std::uint64_t change);
  // A derived fact goes, or is stated now. Nothing when it was not derived.
  void remove(FactId derived);
  // A fact is about to change or to go.
  void leaving(FactId fact);

  // What another session of this state knew of a fact: its derivation, and for each of its facts the values it had, when they are others now.
  void restore(FactId derived, Derivation derivation, const std::vector<std::optional<Past>>& past);

  std::optional<Derivation> find(FactId derived) const;
  // The values of a version that is not the present one; null when it is.
  const Past* past(const Then& then) const;
  std::size_t kept() const { return past_.size(); }

 private:
  bool isPresent(const Then& then) const;
  void use(const Then& then);
  void drop(const Then& then);

  const model::Program& program_;
  const WorkingMemory& memory_;
  static constexpr std::uint32_t kNone = IdTable::kNone;
  static constexpr std::uint32_t kHead = 4, kEach = 3;            // words

  // Where its facts are to be put.
  std::uint32_t newRun(FactId derived, RuleId rule, std::uint64_t change, std::size_t facts);
  void put(std::uint32_t word, const Then& then);
  Then thenAt(std::uint32_t word) const;

  IdTable derivations_;                                           // by derived fact: where its run begins
  IdTable uses_;                                                  // of present versions, by fact; none: 0
  std::vector<std::uint32_t> words_;
  std::vector<std::uint32_t> free_;                               // by number of facts: the first run that is not used
  std::map<std::pair<FactId, std::uint64_t>, Past> past_;
  std::vector<Then> pinned_;
};

}  // namespace reticle
