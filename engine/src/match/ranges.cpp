// Not and exists whose candidates are told by keys and by one range alone: no token remembers a
// candidate. Its range is an interval that is met or not, candidates are points, and one that comes
// or goes concerns just the intervals that it decides (intervals.h). A point goes after all that
// the change brings has come: what is met before and after is not touched in between.

#include "match/match_loops.h"

namespace reticle {

namespace {

bool equalsItself(const std::vector<Value>& key) {
  for (const Value& value : key) {
    if (!(value == value)) return false;
  }
  return true;
}

bool isNumber(TypeKind kind) { return kind == TypeKind::Int || kind == TypeKind::Double; }

// Whether a bound has an order with all values of a type.
bool hasPlaceAmong(TypeKind kind, const Value& bound) {
  if (!OrderedIndex::canHold(bound)) return false;
  if (bound.isNumber()) return isNumber(kind);
  if (kind == TypeKind::String) return bound.kind() == ValueKind::String;
  if (kind == TypeKind::Timestamp) return bound.kind() == ValueKind::Timestamp;
  if (kind == TypeKind::Duration) return bound.kind() == ValueKind::Duration;
  return !isNumber(kind);  // of one type as declared
}

}  // namespace

// The tree in which a key's candidates and intervals stand. False: nothing can be found by the key.
bool Matcher::takeTree(const AlphaIndex& index, RightMemory& memory, const Node* at,
                       std::uint32_t token, const Row& candidate, std::uint32_t& tree) {
  tree = 0;
  if (index.keys.empty()) return true;
  std::uint32_t hash = 0;
  if (at ? !leftHash(*at, token, hash) : !keyHash(index.keys, candidate, hash)) return false;
  std::vector<Value>& key = key_;
  key.clear();
  for (std::size_t i = 0; i < index.keys.size(); ++i) {
    Value store;
    key.push_back(*read(at ? at->keys[i].left : index.keys[i], token, candidate, store));
  }
  if (!equalsItself(key)) return false;
  tree = memory.keys.take(hash, key);
  return true;
}

// Met if the candidate nearest to the low end, or the least of all, is not beyond the high one.
void Matcher::arriveRange(const Node& at, std::uint32_t id) {
  const AlphaIndex& by = network_.indexes[index(at.index)];
  RightMemory& memory = rights_[index(at.index)];
  Value lowStore, highStore;
  const Value* low = at.range.hasLow ? read(at.range.low, id, Row{}, lowStore) : nullptr;
  const Value* high = at.range.hasHigh ? read(at.range.high, id, Row{}, highStore) : nullptr;
  // A bound that has no place among the candidates makes the comparison unknown, whatever the
  // candidate: what is left is the other bound. NaN is beyond them all.
  bool unknown = false, nothing = false;
  for (const Value** end : {&low, &high}) {
    if (!*end || hasPlaceAmong(at.range.kind, **end)) continue;
    if ((*end)->isNumber() && isNumber(at.range.kind)) {
      nothing = true;
    } else {
      unknown = true;
      *end = nullptr;
    }
  }
  nothing = nothing || (unknown && at.kind == NodeKind::Exists && !at.loose);
  std::uint32_t tree = 0;
  if (!nothing && takeTree(by, memory, &at, id, Row{}, tree)) {
    ++counters_[index(at.id)].tests;
    const OrderedIndex& ordered = *memory.ordered;
    const std::uint32_t nearest =
        low ? ordered.lowerBound(*low, tree, at.range.strictLow) : ordered.least(tree);
    bool met = nearest != OrderedIndex::kEnd;
    if (met && high) {
      const int order = compare(ordered.key(nearest), *high);
      met = at.range.strictHigh ? order < 0 : order <= 0;
    }
    // Asked once, so that it is noted why.
    if (met && unknown) test(at, id, row(entries_[ordered.item(nearest)].fact));
    Token& token = tokens_[id];
    token.hash = tree;
    token.next = lefts_[index(at.id)].intervals->insert(tree, low, high, id, met);
    token.flags |= Token::kKept | (unknown ? std::uint32_t{Token::kUnknown} : 0);
  }
  decideNegation(at, id);
}

void Matcher::forgetRange(const Node& at, std::uint32_t id) {
  const Token& token = tokens_[id];
  if (!(token.flags & Token::kKept)) return;
  lefts_[index(at.id)].intervals->erase(token.next);
  if (!at.keys.empty()) rights_[index(at.index)].keys.release(token.hash);
}

// A candidate has come. One that stands in no index has no order, and concerns nobody.
void Matcher::rangeRight(const Node& at, std::uint32_t slot) {
  std::uint32_t number = memory_.at(SlotId{slot}).firstEntry;
  while (number != kNone && entries_[number].index != index(at.index)) {
    number = entries_[number].nextOfFact;
  }
  if (number == kNone) return;
  const Entry& entry = entries_[number];
  turned_.clear();
  counters_[index(at.id)].tests += lefts_[index(at.id)].intervals->pointComes(
      entry.hash, rights_[index(at.index)].ordered->key(entry.next), turned_);
  for (const std::uint32_t id : turned_) {
    if (tokens_[id].flags & Token::kUnknown) test(at, id, row(slot));
  }
  markTurned(at);
}

// Candidates that the change has taken away.
void Matcher::depart() {
  for (const Departure& gone : departures_) {
    const AlphaIndex& by = network_.indexes[gone.index];
    RightMemory& memory = rights_[gone.index];
    OrderedIndex& ordered = *memory.ordered;
    const Value point = ordered.key(gone.place);
    const std::uint32_t before = ordered.previous(gone.place), after = ordered.next(gone.place);
    const Value* previous = before == OrderedIndex::kEnd ? nullptr : &ordered.key(before);
    const Value* next = after == OrderedIndex::kEnd ? nullptr : &ordered.key(after);
    const std::uint32_t tree = ordered.tree(gone.place);
    for (const NodeId id : node(by.alpha).readers) {
      const Node& reader = node(id);
      if (index(reader.index) != gone.index) continue;
      turned_.clear();
      counters_[index(id)].tests +=
          lefts_[index(id)].intervals->pointGoes(tree, point, previous, next, turned_);
      markTurned(reader);
    }
    ordered.erase(gone.place);
    if (!by.keys.empty()) memory.keys.release(tree);
  }
  departures_.clear();
}

// Decided at the end of the change.
void Matcher::markTurned(const Node& at) {
  for (const std::uint32_t id : turned_) {
    Token& token = tokens_[id];
    if (token.flags & Token::kDirty) continue;
    token.flags |= Token::kDirty;
    markDirty(at.flushAt, id);
  }
}

}  // namespace reticle
