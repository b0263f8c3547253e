// The changes of working memory: how many there have been, and what the last ones did, for the
// guard against rules that feed each other.
//
// The count is the clock of facts and matches: a fact's recency is the number of the change that
// made or updated it last, a match's recency that of the change that made the match.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "expression/code.h"
#include "network/network.h"
#include "reticle/ids.h"

namespace reticle {

class RecentChanges {
 public:
  // What one change did; fields: 0 when the fact came or went.
  struct Noted {
    std::uint64_t number = 0;
    TypeId type{};
    FieldMask fields = 0;
  };

  std::uint64_t begin() { return ++count_; }
  std::uint64_t count() const { return count_; }
  void countFrom(std::uint64_t count) { count_ = count; }

  // What the present change does. Those of internal fields are not noted, and find() does not know
  // them.
  void note(TypeId type, FieldMask fields) { noted_[count_ % kKept] = {count_, type, fields}; }
  // Null when the change is too long ago, or did nothing that rules are blamed for.
  const Noted* find(std::uint64_t number) const {
    const Noted& noted = noted_[number % kKept];
    return number != 0 && noted.number == number ? &noted : nullptr;
  }

 private:
  static constexpr std::size_t kKept = 1024;

  std::uint64_t count_ = 0;
  std::vector<Noted> noted_ = std::vector<Noted>(kKept);  // number n at n % kKept
};

}  // namespace reticle
