// Which firing inserted a fact, for explanations: the rule and the facts it fired for, for each fact that a rule inserted.
//
// A derivation is a block of words in one arena: rule, number of facts, their ids. Blocks of facts that are gone are used again for derivations of
// as many facts, so an arena is never larger than the most derivations there were at once.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/id_table.h"
#include "reticle/ids.h"

namespace reticle {

class Derivations {
 public:
  struct Derivation { RuleId rule = kNoRule; std::vector<FactId> facts; };

  // Requires: the fact has none.
  void add(FactId fact, RuleId rule, const std::vector<FactId>& facts) {
    const std::uint32_t at = take(static_cast<std::uint32_t>(facts.size()));
    std::uint32_t* const block = word(at);
    block[0] = index(rule);
    block[1] = static_cast<std::uint32_t>(facts.size());
    for (std::size_t i = 0; i < facts.size(); ++i) block[kHead + i] = index(facts[i]);
    blockOf_.set(index(fact), at);
  }

  void erase(FactId fact) {
    if (blockOf_.size() == 0) return;
    const std::uint32_t at = blockOf_.find(index(fact));
    if (at == IdTable::kNone) return;
    blockOf_.clear(index(fact));
    std::uint32_t* const block = word(at);
    const std::uint32_t count = block[1];
    if (free_.size() <= count) free_.resize(count + 1, IdTable::kNone);
    block[0] = free_[count];
    free_[count] = at;
  }

  std::optional<Derivation> find(FactId fact) const {
    const std::uint32_t at = blockOf_.find(index(fact));
    if (at == IdTable::kNone) return std::nullopt;
    const std::uint32_t* const block = word(at);
    Derivation out;
    out.rule = RuleId{block[0]};
    for (std::uint32_t i = 0; i < block[1]; ++i) out.facts.push_back(FactId{block[kHead + i]});
    return out;
  }

 private:
  static constexpr std::uint32_t kHead = 2, kChunk = 1u << 14;   // words; no block crosses the end of a chunk

  std::uint32_t* word(std::uint32_t at) const { return chunks_[at / kChunk].get() + at % kChunk; }

  std::uint32_t take(std::uint32_t count) {
    assert(kHead + count <= kChunk && "a rule has fewer rows");
    if (count < free_.size() && free_[count] != IdTable::kNone) {
      const std::uint32_t at = free_[count];
      free_[count] = word(at)[0];
      return at;
    }
    if (next_ % kChunk + kHead + count > kChunk) next_ = (next_ / kChunk + 1) * kChunk;
    if (next_ / kChunk == chunks_.size()) chunks_.emplace_back(new std::uint32_t[kChunk]);
    const std::uint32_t at = next_;
    next_ += kHead + count;
    return at;
  }

  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::uint32_t next_ = 0;
  std::vector<std::uint32_t> free_;      // by number of facts: the first free block, linked through its first word
  IdTable blockOf_;                      // by fact
};

}  // namespace reticle
