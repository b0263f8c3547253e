// The two searches that every two-input node makes: candidates of a token, and tokens of a
// candidate. For the matcher's own files.
#pragma once

#include "match/matcher.h"

namespace reticle {

template <typename Use>
void Matcher::forCandidates(const Node& at, std::uint32_t token, Use use) {
  const RightMemory& memory = rights_[index(at.index)];
  const auto tried = [&](std::uint32_t entry) {
    const std::uint32_t slot = entries_[entry].fact;
    const Truth truth = test(at, token, row(slot));
    return truth == Truth::False || use(slot, truth);
  };
  if (!memory.ordered) {
    const std::uint32_t hash = tokens_[token].hash;
    for (std::uint32_t entry = memory.chains.first(hash); entry != kNone;) {
      const std::uint32_t next = entries_[entry].next;
      if (entries_[entry].hash == hash && !tried(entry)) return;
      entry = next;
    }
    return;
  }
  const OrderedIndex& ordered = *memory.ordered;
  Value lowStore, highStore;
  const Value* low = at.range.hasLow ? read(at.range.low, token, Row{}, lowStore) : nullptr;
  const Value* high = at.range.hasHigh ? read(at.range.high, token, Row{}, highStore) : nullptr;
  if ((low && !OrderedIndex::canHold(*low)) || (high && !OrderedIndex::canHold(*high))) return;
  if (low && high && stretchOf(*low) != stretchOf(*high)) return;
  for (std::uint32_t place = low ? ordered.lowerBound(*low) : ordered.first(*high);
       place != OrderedIndex::kEnd; place = ordered.next(place)) {
    if (stretchOf(ordered.key(place)) != stretchOf(low ? *low : *high)) return;
    if (high && compare(ordered.key(place), *high) > 0) return;
    if (!tried(ordered.item(place))) return;
  }
}

// The token may leave the memory while it is used.
template <typename Use>
void Matcher::forLefts(const Node& at, const Row& candidate, Use use) {
  const LeftMemory& memory = lefts_[index(at.id)];
  if (!memory.ordered) {
    if (memory.chains.count() == 0) return;
    std::uint32_t hash = 0;
    if (!keyHash(network_.indexes[index(at.index)].keys, candidate, hash)) return;
    for (std::uint32_t token = memory.chains.first(hash); token != kNone;) {
      const std::uint32_t next = tokens_[token].next;
      if (tokens_[token].hash == hash) use(token);
      token = next;
    }
    return;
  }
  const OrderedIndex& ordered = *memory.ordered;
  Value store;
  const Value& value = *read(at.range.right, kNone, candidate, store);
  if (!OrderedIndex::canHold(value)) return;
  // Lower bounds up to the value, or upper bounds from it on.
  for (std::uint32_t place = at.range.hasLow ? ordered.first(value) : ordered.lowerBound(value);
       place != OrderedIndex::kEnd;) {
    if (stretchOf(ordered.key(place)) != stretchOf(value)) return;
    if (at.range.hasLow && compare(ordered.key(place), value) > 0) return;
    const std::uint32_t token = ordered.item(place);
    place = ordered.next(place);
    use(token);
  }
}

}  // namespace reticle
