// Tokens and facts arrive at nodes; joins bring them together.

#include "match/match_loops.h"

namespace reticle {

// A match goes to all nodes that follow.
void Matcher::emit(const std::vector<NodeId>& to, const Arrival& arrival) {
  for (const NodeId id : to) arrive(node(id), arrival);
}

// Let and filter keep no token: the match goes through them at once.
void Matcher::arrive(const Node& at, const Arrival& arrival) {
  ++counters_[index(at.id)].left;
  if (passesThrough(at.kind)) {
    passThrough(at, arrival);
  } else {
    leftActivate(at, newToken(at, arrival));
  }
}

// ORDER: NodeKind. Alpha nodes and those that let through never hold tokens.
void Matcher::leftActivate(const Node& at, std::uint32_t token) {
  switch (at.kind) {
    case NodeKind::Join: return joinLeft(at, token);
    case NodeKind::Not:
    case NodeKind::Exists:
      return at.range.decides ? arriveRange(at, token) : arriveNegation(at, token);
    case NodeKind::NotGroup:
    case NodeKind::ExistsGroup:
    case NodeKind::Either:
    case NodeKind::Accumulate: return arriveOwner(at, token);
    case NodeKind::Each: return arriveEach(at, token);
    case NodeKind::Wait: return arriveWait(at, token);
    case NodeKind::Since: return arriveSince(at, token);
    case NodeKind::End: return arriveEnd(at, token);
    case NodeKind::Production: newMatches_.push_back(token); return;
    case NodeKind::Type:
    case NodeKind::Test:
    case NodeKind::Newest:
    case NodeKind::Let:
    case NodeKind::Filter: return;
  }
}

// Only joins, not and exists read alpha memories.
void Matcher::rightActivate(const Node& at, std::uint32_t slot) {
  ++counters_[index(at.id)].right;
  if (at.kind == NodeKind::Join) {
    joinRight(at, slot);
  } else if (at.range.decides) {
    rangeRight(at, slot);
  } else {
    negationRight(at, slot);
  }
}

// A token whose key is an error matches nothing, and is not remembered.
void Matcher::joinLeft(const Node& at, std::uint32_t token) {
  // after the root: facts come later, and each of them is a match of its own
  if (at.index == kNoIndex) return;
  std::uint32_t hash = 0;
  if (!leftHash(at, token, hash)) return;
  rememberLeft(at, token, hash);
  Token& left = tokens_[token];
  forCandidates(at, token, [&](std::uint32_t slot, Truth truth) {
    if (truth == Truth::Unknown && !at.loose) return true;
    emit(at.children, {token, slot, nullptr, 0, truth == Truth::Unknown, &left.firstChild});
    return true;
  });
}

// A fact meets the tokens that have its key, or all of them.
void Matcher::joinRight(const Node& at, std::uint32_t slot) {
  const Row candidate = row(slot);
  const auto join = [&](std::uint32_t token, std::uint32_t parent, std::uint32_t* head) {
    const Truth truth = test(at, token, candidate);
    if (truth == Truth::False || (truth == Truth::Unknown && !at.loose)) return;
    emit(at.children, {parent, slot, nullptr, 0, truth == Truth::Unknown, head});
  };
  if (at.index == kNoIndex) {
    if (at.residual.empty()) {
      emit(at.children, {kNone, slot});
    } else {
      join(kNone, kNone, nullptr);
    }
    return;
  }
  forLefts(at, candidate,
           [&](std::uint32_t token) { join(token, token, &tokens_[token].firstChild); });
}

// In order of one bound of the range, or by the hash of the keys.
void Matcher::rememberLeft(const Node& at, std::uint32_t id, std::uint32_t hash) {
  Token& token = tokens_[id];
  LeftMemory& memory = lefts_[index(at.id)];
  if (memory.ordered) {
    Value store;
    const Value* key = read(at.range.hasLow ? at.range.low : at.range.high, id, Row{}, store);
    if (!OrderedIndex::canHold(*key)) return;
    token.next = memory.ordered->insert(*key, id);
  } else {
    token.hash = hash;
    memory.chains.insert(tokens_, id, !at.keys.empty());
  }
  token.flags |= Token::kKept;
}

void Matcher::forgetLeft(const Node& at, std::uint32_t id) {
  Token& token = tokens_[id];
  if (!(token.flags & Token::kKept)) return;
  LeftMemory& memory = lefts_[index(at.id)];
  if (memory.ordered) {
    memory.ordered->erase(token.next);
  } else {
    memory.chains.erase(tokens_, id);
  }
  token.flags &= ~std::uint32_t{Token::kKept};
}

// Evaluated over the match as it would stand in a token, without making one.
void Matcher::passThrough(const Node& at, const Arrival& arrival) {
  ++counters_[index(at.id)].tests;
  Frames& frame = openFrame(arrival.parent);
  bind(at.binding, arrival.fact, arrival.values, frame);
  Value value = evaluate(at.expr, Frame{frame.rows.data(), frame.locals.data(), &surroundings_});
  closeFrame();
  if (value.isError()) unknowns_.note(at.id, value);
  Arrival next = arrival;
  if (at.kind == NodeKind::Filter) {
    if (value.isFalse() || (!value.isTrue() && !at.loose)) return;
    if (!value.isTrue()) next.unsure = true;
    emit(at.children, next);
    return;
  }
  if (value.isError() && !at.loose) return;
  if (value.isError()) next.unsure = true;
  std::vector<Value> values(arrival.values, arrival.values + arrival.count);
  values.push_back(std::move(value));
  next.values = values.data();
  next.count = values.size();
  emit(at.children, next);
}

}  // namespace reticle
