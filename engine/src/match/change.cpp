// One change of working memory, from the alpha memories to the listener.

#include <algorithm>
#include <cassert>
#include <functional>

#include "match/matcher.h"

namespace reticle {

namespace {

// What waits to be decided: the node id in the upper half, so that the smallest is decided first; a
// token or a record in the lower.
constexpr std::uint64_t kIsRecord = std::uint64_t{1} << 32;

// The order of places in lists, keys of groups and exported values.
int placeOrder(const Value& a, const Value& b) {
  const int sa = stretchOf(a), sb = stretchOf(b);
  if (sa != sb) return sa - sb;
  if (sa != 0) return compare(a, b);
  if (a.kind() != b.kind()) return static_cast<int>(a.kind()) - static_cast<int>(b.kind());
  return toText(a).compare(toText(b));
}

}  // namespace

// All alpha memories that a fact belongs to, by the one walk down from its type.
void Matcher::collectAlpha(NodeId from, const Row& row, std::vector<NodeId>& out) {
  out.push_back(from);
  const Frame frame{&row, nullptr, &surroundings_};
  node(from).dispatch.visit(row.fields, [&](NodeId child) {
    const Node& test = node(child);
    ++counters_[index(child)].tests;
    const Value truth = evaluate(test.test, frame);
    if (truth.isError()) unknowns_.note(child, truth);
    if (test.loose ? !truth.isFalse() : truth.isTrue()) collectAlpha(child, row, out);
  });
}

// The steps of matcher.h. `values`: of an update; `before`, `after`: whether the fact is there
// before and after.
void Matcher::change(SlotId slot, const std::vector<std::pair<FieldId, Value>>* values,
                     std::uint64_t recency, bool before, bool after) {
  assert(slot != kNoSlot && "a change needs a fact that is held");
  StoredFact& fact = memory_.at(slot);
  const NodeId type = network_.typeNodes[index(fact.type)];
  ++epoch_;
  changedFact_ = fact.id;
  changed_ = 0;
  Row oldRow = memory_.row(slot), newRow = oldRow;
  if (values) {
    for (const auto& assignment : *values) changed_ |= bitOf(assignment.first);
    if (!(changed_ & node(type).subtreeReads)) {  // nobody looks at what changes, but for queries
      memory_.assign(fact.id, *values, recency);
      if (isLookedAt(fact.id, fact.type)) {
        askAgain(fact.id, fact.type);
        finish();
      }
      return;
    }
    nextFields_.assign(fact.fields().begin(), fact.fields().end());
    for (const auto& [field, value] : *values) nextFields_[index(field)] = value;
    newRow.fields = nextFields_.data();
  }

  // An alpha node is marked by the memories that hold the fact before and after, a reader by those
  // that mind the difference.
  was_.clear();
  is_.clear();
  if (before) collectAlpha(type, oldRow, was_);
  if (after) collectAlpha(type, newRow, is_);
  for (const NodeId alpha : was_) leaving_[index(alpha)] = epoch_;
  for (const NodeId alpha : is_) entering_[index(alpha)] = epoch_;
  if (!windows_.empty()) collectWindows(fact.id, newRow);
  readers_.clear();
  for (const NodeId alpha : was_) {
    const bool stays = entering_[index(alpha)] == epoch_;
    for (const NodeId reader : node(alpha).readers) {
      if (!stays || (node(reader).reads & changed_)) leaving_[index(reader)] = epoch_;
    }
  }
  for (const NodeId alpha : is_) {
    const bool stays = leaving_[index(alpha)] == epoch_;
    for (const NodeId reader : node(alpha).readers) {
      if (!stays || (node(reader).reads & changed_)) {
        entering_[index(reader)] = epoch_;
        readers_.push_back(reader);
      }
    }
  }

  if (before) leave(fact, !after);
  if (values) memory_.assign(fact.id, *values, recency);
  for (const NodeId alpha : was_) {
    if (entering_[index(alpha)] != epoch_) countAlpha(alpha, fact.id, false);
  }
  for (const NodeId alpha : is_) {
    enterIndexes(slot, alpha);
    if (leaving_[index(alpha)] != epoch_) countAlpha(alpha, fact.id, true);
  }
  // Descendants first; one memory has them in that order already.
  if (is_.size() > 1) std::sort(readers_.begin(), readers_.end(), std::greater<NodeId>());
  for (const NodeId reader : readers_) {
    rightActivate(node(reader), static_cast<std::uint32_t>(slot));
  }
  if (!windows_.empty()) displace();
  if (!departures_.empty()) depart();
  if (isLookedAt(fact.id, fact.type)) askAgain(fact.id, fact.type);
  finish();
}

// Step 1: what the fact's old fields held up.
void Matcher::leave(StoredFact& fact, bool goes) {
  if (goes) {
    while (fact.firstToken != kNoToken) {
      deleteToken(static_cast<std::uint32_t>(fact.firstToken), true);
    }
  } else {
    carrying_.clear();
    for (std::uint32_t token = static_cast<std::uint32_t>(fact.firstToken); token != kNone;
         token = tokens_[token].nextOfFact) {
      const NodeId producer = nodeOf(tokens_[token]).producer;
      if (leaving_[index(producer)] == epoch_) carrying_.push_back(token);
    }
    for (const std::uint32_t token : carrying_) {
      if (!tokens_[token].gone()) deleteToken(token, true);
    }
  }
  // Tokens that it blocked or supported lose their candidate, and will look for another one.
  for (std::uint32_t blocking = fact.firstBlocked; blocking != kNone;) {
    const Blocking& at = blockings_[blocking];
    const std::uint32_t token = at.token;
    blocking = at.next;
    const Node& reader = nodeOf(tokens_[token]);
    if (leaving_[index(reader.id)] != epoch_) continue;
    clearBlocking(token);
    if (tokens_[token].flags & Token::kDirty) continue;
    tokens_[token].flags |= Token::kDirty;
    markDirty(reader.flushAt, token);
  }
  // Entries of indexes that do not mind the change stay.
  std::uint32_t kept = kNone;
  for (std::uint32_t number = fact.firstEntry; number != kNone;) {
    Entry& entry = entries_[number];
    const std::uint32_t next = entry.nextOfFact;
    const AlphaIndex& at = network_.indexes[entry.index];
    if (leaving_[index(at.alpha)] != epoch_ ||
        (entering_[index(at.alpha)] == epoch_ && !(at.reads & changed_))) {
      entry.nextOfFact = kept;
      kept = number;
    } else {
      RightMemory& memory = rights_[entry.index];
      if (at.decides) {
        departures_.push_back({entry.index, entry.next});
      } else if (memory.ordered) {
        memory.ordered->erase(entry.next);
      } else {
        memory.chains.erase(entries_, number);
      }
      entries_.release(number);
    }
    number = next;
  }
  fact.firstEntry = kept;
}

// What cannot be a key, an error, is found by no look-up and stands in no index.
void Matcher::enterIndexes(SlotId slot, NodeId alpha) {
  const bool stays = leaving_[index(alpha)] == epoch_;
  StoredFact& fact = memory_.at(slot);
  const Row row = memory_.row(slot);
  for (const AlphaIndexId id : node(alpha).indexes) {
    const AlphaIndex& at = network_.indexes[index(id)];
    if (stays && !(at.reads & changed_)) continue;
    std::uint32_t hash = 0;
    Value store;
    const Value* order = nullptr;
    if (at.ordered) {
      order = read(at.order, kNone, row, store);
      if (!OrderedIndex::canHold(*order)) continue;
      if (!takeTree(at, rights_[index(id)], nullptr, kNone, row, hash)) continue;
    } else if (!keyHash(at.keys, row, hash)) {
      continue;
    }
    const std::uint32_t number = entries_.make();
    Entry& entry = entries_[number];
    entry.fact = static_cast<std::uint32_t>(slot);
    entry.index = index(id);
    entry.hash = hash;
    entry.nextOfFact = fact.firstEntry;
    fact.firstEntry = number;
    RightMemory& memory = rights_[index(id)];
    if (order) {
      entry.next = memory.ordered->insert(*order, number, hash);
    } else {
      memory.chains.insert(entries_, number, !at.keys.empty());
    }
  }
}

void Matcher::countAlpha(NodeId alpha, FactId fact, bool added) {
  std::uint32_t& count = counts_[index(alpha)];
  added ? ++count : --count;
  if (listener_.watching()) listener_.memoryChanged(alpha, added, {fact}, count);
}

// A heap, because deciding one node may mark others further down.
void Matcher::markDirty(std::uint32_t at, std::uint64_t item) {
  dirty_.push_back((std::uint64_t{at} << 33) | item);
  std::push_heap(dirty_.begin(), dirty_.end(), std::greater<std::uint64_t>());
}

// At most once until it is decided.
void Matcher::markRecord(const Node& owner, std::uint32_t record) {
  if (records_[record].dirty) return;
  records_[record].dirty = true;
  markDirty(owner.flushAt, kIsRecord | record);
}

// Steps 5 and 6. Tokens and records that went are freed last: until then their numbers must not
// come back.
void Matcher::finish() {
  while (!dirty_.empty()) {
    std::pop_heap(dirty_.begin(), dirty_.end(), std::greater<std::uint64_t>());
    const std::uint64_t item = dirty_.back();
    dirty_.pop_back();
    const std::uint32_t what = static_cast<std::uint32_t>(item);
    if (item & kIsRecord) {
      decideRecord(what);
    } else if (!tokens_[what].gone()) {
      tokens_[what].flags &= ~std::uint32_t{Token::kDirty};
      const Node& at = nodeOf(tokens_[what]);
      at.kind == NodeKind::Wait ? decideWait(at, what) : decideNegation(at, what);
    }
  }
  if (!ending_.empty()) endStretches();
  deliver();
  for (const std::uint32_t token : arrivedEnds_)
    tokens_[token].flags &= ~std::uint32_t{Token::kArrived};
  arrivedEnds_.clear();
  for (const std::uint32_t token : gone_) tokens_.release(token);
  gone_.clear();
  for (const std::uint32_t record : goneRecords_) records_.release(record);
  goneRecords_.clear();
}

// ORDER: Matcher::sort packs the same order.
bool Matcher::comesBefore(std::uint32_t a, std::uint32_t b) const {
  const Node& one = nodeOf(tokens_[a]);
  const Node& other = nodeOf(tokens_[b]);
  if (one.rule != other.rule) return one.rule < other.rule;
  for (const TokenPath& path : one.orderRows) {
    const FactId fa = factIdAt(a, path), fb = factIdAt(b, path);
    if (fa != fb) return fa > fb;
  }
  for (const TokenPath& path : one.places) {
    const int order = placeOrder(valueAt(a, path), valueAt(b, path));
    if (order != 0) return order < 0;
  }
  return a < b;
}

// The order in which an accumulate sees its candidates: older facts first, then places within the
// branch.
int Matcher::compareCandidates(std::uint32_t a, std::uint32_t b) const {
  const Node& end = nodeOf(tokens_[a]);
  for (const TokenPath& path : end.orderRows) {
    const FactId fa = factIdAt(a, path), fb = factIdAt(b, path);
    if (fa != fb) return fa < fb ? -1 : 1;
  }
  for (std::size_t i = end.firstPlace; i < end.places.size(); ++i) {
    const int order = placeOrder(valueAt(a, end.places[i]), valueAt(b, end.places[i]));
    if (order != 0) return order;
  }
  return 0;
}

// What was made and deleted again by the same change is not reported.
void Matcher::deliver() {
  if (newMatches_.empty()) return;
  delivered_.clear();
  for (const std::uint32_t token : newMatches_) {
    if (tokens_[token].gone()) continue;
    tokens_[token].flags |= Token::kReported;
    delivered_.push_back({nodeOf(tokens_[token]).rule, TokenId{token}});
  }
  newMatches_.clear();
  if (delivered_.empty()) return;
  if (delivered_.size() > 1) sort(delivered_);
  listener_.matchesAdded(delivered_);
}

// The rule and the first five facts of each match are read once, and packed so that comparing
// numbers compares them; only what is equal in all of these is looked at as it stands.
void Matcher::sort(std::vector<NewMatch>& matches) {
  sortable_.clear();
  for (const NewMatch& match : matches) {
    const std::uint32_t token = number(match.token);
    const std::vector<TokenPath>& rows = nodeOf(tokens_[token]).orderRows;
    const std::size_t packs = std::min<std::size_t>(rows.size(), 5);
    std::uint32_t parts[6] = {index(match.rule), 0, 0, 0, 0, 0};
    // Earlier rows stand further up: one way along the parents meets them all, the last row first.
    std::uint32_t at = token, hops = 0;
    for (std::size_t i = packs; i-- > 0;) {
      if (rows[i].hops < hops) at = token, hops = 0;
      at = up(at, rows[i].hops - hops);
      hops = rows[i].hops;
      parts[i + 1] = ~index(factIdAt(at, {0, rows[i].position}));
    }
    const auto packed = [&](int pair) {
      return (std::uint64_t{parts[pair]} << 32) | parts[pair + 1];
    };
    sortable_.push_back({{packed(0), packed(2), packed(4)}, token});
  }
  std::sort(sortable_.begin(), sortable_.end(), [&](const Sortable& a, const Sortable& b) {
    for (int i = 0; i < 3; ++i) {
      if (a.keys[i] != b.keys[i]) return a.keys[i] < b.keys[i];
    }
    return comesBefore(a.token, b.token);
  });
  for (std::size_t i = 0; i < matches.size(); ++i) {
    matches[i] = {RuleId{static_cast<std::uint32_t>(sortable_[i].keys[0] >> 32)},
                  TokenId{sortable_[i].token}};
  }
}

}  // namespace reticle
