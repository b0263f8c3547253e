// Values by rank: a treap that knows the sizes of its subtrees.
#include "match/aggregate.h"
#include "match/ordered_index.h"

namespace reticle {

void Ranked::Sizes::refresh(Slab<Place>& places, std::uint32_t number) {
  Place& place = places[number];
  place.size = 1;
  for (const std::uint32_t child : {place.left, place.right}) {
    if (child != TreapLinks::kEnd) place.size += places[child].size;
  }
}

// By value, then by the order of candidates; values without an order are all equal.
bool Ranked::isBefore(const Value& value, std::uint32_t candidate, const Place& place) const {
  const int ours = stretchOf(value), theirs = stretchOf(place.value);
  if (ours != theirs) return ours < theirs;
  const int values = ours == 0 ? 0 : compare(value, place.value);
  if (values != 0) return values < 0;
  const int candidates = order_.compareCandidates(candidate, place.candidate);
  return candidates != 0 ? candidates < 0 : candidate < place.candidate;
}

void Ranked::insert(const Value& value, std::uint32_t candidate) {
  const std::uint32_t place = places_.make();
  places_[place].value = value;
  places_[place].candidate = candidate;
  places_.hang(place, 0, [&](const Place& other) { return isBefore(value, candidate, other); });
}

void Ranked::erase(const Value& value, std::uint32_t candidate) {
  std::uint32_t at = places_.root(0);
  while (places_[at].candidate != candidate) {
    at = isBefore(value, candidate, places_[at]) ? places_[at].left : places_[at].right;
  }
  places_.remove(at);
  places_[at].value = Value();
}

const Value& Ranked::at(std::uint32_t rank) const {
  std::uint32_t at = places_.root(0);
  for (;;) {
    const Place& place = places_[at];
    const std::uint32_t before = place.left == TreapLinks::kEnd ? 0 : places_[place.left].size;
    if (rank == before) return place.value;
    if (rank < before) {
      at = place.left;
    } else {
      rank -= before + 1;
      at = place.right;
    }
  }
}

}  // namespace reticle
