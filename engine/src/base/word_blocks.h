// Small blocks of 32-bit words in one arena, for what there are millions of and whose size varies.
// A block that is given back is taken again for one of its size, so the arena is never larger than
// the most blocks there were at once.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace reticle {

class WordBlocks {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffu;

  // Requires: from 1 to kChunk words. What stands in them is undefined.
  std::uint32_t take(std::uint32_t count) {
    assert(count > 0 && count <= kChunk && "a block fits a chunk");
    if (count < free_.size() && free_[count] != kNone) {
      const std::uint32_t at = free_[count];
      free_[count] = *words(at);
      return at;
    }
    if (next_ % kChunk + count > kChunk) next_ = (next_ / kChunk + 1) * kChunk;
    if (next_ / kChunk == chunks_.size()) chunks_.emplace_back(new std::uint32_t[kChunk]);
    const std::uint32_t at = next_;
    next_ += count;
    return at;
  }

  // Requires: a block of so many words, taken and not yet given back.
  void giveBack(std::uint32_t at, std::uint32_t count) {
    if (free_.size() <= count) free_.resize(count + 1, kNone);
    *words(at) = free_[count];
    free_[count] = at;
  }

  // The words of a block; they stay where they are until it is given back.
  std::uint32_t* words(std::uint32_t at) { return chunks_[at / kChunk].get() + at % kChunk; }
  const std::uint32_t* words(std::uint32_t at) const {
    return chunks_[at / kChunk].get() + at % kChunk;
  }
  std::size_t wordsEver() const { return next_; }

 private:
  static constexpr std::uint32_t kChunk = 1u << 14;

  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::uint32_t next_ = 0;
  // by size: the first free block, linked through their first words
  std::vector<std::uint32_t> free_;
};

}  // namespace reticle
