// The two searches of intervals: those that a point which comes or goes changes, and no others.
#include "match/intervals.h"

namespace reticle {

namespace {

bool unbounded(const Value& end) { return end.kind() == ValueKind::Null; }

// Of high ends; unbounded is the greatest.
bool less(const Value& a, const Value& b) {
  if (unbounded(a)) return false;
  return unbounded(b) || compare(a, b) < 0;
}

}  // namespace

struct Intervals::Search {
  const Value& point;
  const Value* previous;
  const Value* next;
  std::vector<std::uint32_t>& found;
  std::uint32_t visits = 0;
};

void Intervals::Extremes::refresh(Slab<Place>& places, std::uint32_t number) {
  Place& place = places[number];
  place.unmetMost = place.met ? kEnd : number;
  place.metLeast = place.met ? number : kEnd;
  for (const std::uint32_t child : {place.left, place.right}) {
    if (child == kEnd) continue;
    const std::uint32_t most = places[child].unmetMost, least = places[child].metLeast;
    if (most != kEnd &&
        (place.unmetMost == kEnd || less(places[place.unmetMost].high, places[most].high))) {
      place.unmetMost = most;
    }
    if (least != kEnd &&
        (place.metLeast == kEnd || less(places[least].high, places[place.metLeast].high))) {
      place.metLeast = least;
    }
  }
}

bool Intervals::aboveLow(const Value& low, const Value& point) const {
  if (unbounded(low)) return true;
  const int order = compare(low, point);
  return strictLow_ ? order < 0 : order <= 0;
}

bool Intervals::belowHigh(const Value& point, const Value& high) const {
  if (unbounded(high)) return true;
  const int order = compare(point, high);
  return strictHigh_ ? order < 0 : order <= 0;
}

std::uint32_t Intervals::insert(std::uint32_t tree, const Value* low, const Value* high,
                                std::uint32_t item, bool met) {
  const std::uint32_t place = places_.make();
  Place& fresh = places_[place];
  if (low) fresh.low = *low;
  if (high) fresh.high = *high;
  fresh.item = item;
  fresh.met = met;
  places_.hang(place, tree, [&](const Place& other) {
    if (unbounded(fresh.low)) return !unbounded(other.low);
    return !unbounded(other.low) && compare(fresh.low, other.low) < 0;
  });
  return place;
}

// The summaries above are made anew without it before its ends are let go.
void Intervals::erase(std::uint32_t place) {
  places_.remove(place);
  places_[place].low = places_[place].high = Value();
}

std::uint32_t Intervals::pointComes(std::uint32_t tree, const Value& point,
                                    std::vector<std::uint32_t>& items) {
  Search search{point, nullptr, nullptr, found_};
  findUnmet(places_.root(tree), search);
  turn(found_, true, items);
  return search.visits;
}

std::uint32_t Intervals::pointGoes(std::uint32_t tree, const Value& point, const Value* previous,
                                   const Value* next, std::vector<std::uint32_t>& items) {
  Search search{point, previous, next, found_};
  findMet(places_.root(tree), search);
  turn(found_, false, items);
  return search.visits;
}

// Low ends that let the point in come first in the order.
void Intervals::findUnmet(std::uint32_t at, Search& search) const {
  if (at == kEnd) return;
  const Place& place = places_[at];
  ++search.visits;
  if (place.unmetMost == kEnd || !belowHigh(search.point, places_[place.unmetMost].high)) return;
  findUnmet(place.left, search);
  if (!aboveLow(place.low, search.point)) return;
  if (!place.met && belowHigh(search.point, place.high)) search.found.push_back(at);
  findUnmet(place.right, search);
}

// What is met and holds neither neighbour is met by the point alone. Low ends that shut out the
// previous point come last in the order, those that let in this one first.
void Intervals::findMet(std::uint32_t at, Search& search) const {
  if (at == kEnd) return;
  const Place& place = places_[at];
  ++search.visits;
  if (place.metLeast == kEnd ||
      (search.next && belowHigh(*search.next, places_[place.metLeast].high))) {
    return;
  }
  const bool holdsPrevious = search.previous && aboveLow(place.low, *search.previous);
  if (!holdsPrevious) findMet(place.left, search);
  if (!aboveLow(place.low, search.point)) return;
  if (!holdsPrevious && place.met && !(search.next && belowHigh(*search.next, place.high))) {
    search.found.push_back(at);
  }
  findMet(place.right, search);
}

void Intervals::turn(const std::vector<std::uint32_t>& places, bool met,
                     std::vector<std::uint32_t>& items) {
  for (const std::uint32_t place : places) {
    places_[place].met = met;
    places_.refreshFrom(place);
    items.push_back(places_[place].item);
  }
  found_.clear();
}

}  // namespace reticle
