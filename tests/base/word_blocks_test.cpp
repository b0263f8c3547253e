// Blocks of words: what is given back is given out again.
#include "base/word_blocks.h"

#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "base/hash.h"

namespace base_word_blocks_test {

using namespace reticle;

TEST_SUITE("word blocks") {
  TEST_CASE(
      "each block keeps its words while others come and go, and the arena stays as large as what "
      "is in use") {
    WordBlocks blocks;
    std::map<std::uint32_t, std::vector<std::uint32_t>> held;  // by place
    std::uint64_t state = 7;
    const auto random = [&](std::uint64_t below) {
      return static_cast<std::uint32_t>(mix64(++state) % below);
    };
    std::size_t large = 0;
    for (int step = 0; step < 60'000; ++step) {
      std::vector<std::uint32_t> words(1 + random(9));
      for (std::uint32_t& word : words) word = random(1000);
      const std::uint32_t at = blocks.take(static_cast<std::uint32_t>(words.size()));
      REQUIRE(held.count(at) == 0);
      for (std::size_t i = 0; i < words.size(); ++i) blocks.words(at)[i] = words[i];
      held[at] = words;
      while (held.size() > 4000) {
        auto gone = held.lower_bound(random(blocks.wordsEver()));
        if (gone == held.end()) gone = held.begin();
        blocks.giveBack(gone->first, static_cast<std::uint32_t>(gone->second.size()));
        held.erase(gone);
      }
      if (step == 20'000) large = blocks.wordsEver();
    }
    for (const auto& [at, words] : held) {
      for (std::size_t i = 0; i < words.size(); ++i) CHECK(blocks.words(at)[i] == words[i]);
    }
    CHECK(blocks.wordsEver() < large + large / 4);
  }
}

}  // namespace base_word_blocks_test
