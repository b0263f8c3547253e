// Not and exists over one pattern. A token remembers one candidate that decides it, not how many
// there are: while that one stays nothing has to be looked at, and only when it goes another one is
// searched. (Counting would ask every token of every candidate.) A token that is decided is in no
// left memory: candidates that come are compared with the others alone.
//
// Where keys and a range say all, ranges.cpp does without a blocker.

#include "match/match_loops.h"

namespace reticle {

// A token whose key is an error has no candidates: `not` holds.
void Matcher::arriveNegation(const Node& at, std::uint32_t token) {
  std::uint32_t hash = 0;
  if (leftHash(at, token, hash)) {
    tokens_[token].hash = hash;
    tokens_[token].flags |= Token::kAsks;
  }
  decideNegation(at, token);
}

// A candidate comes: tokens that have none yet, or one that is less sure, take it. They are decided
// at the end of the change.
void Matcher::negationRight(const Node& at, std::uint32_t slot) {
  const Row candidate = row(slot);
  forLefts(at, candidate, [&](std::uint32_t id) {
    Token& token = tokens_[id];
    const Truth truth = test(at, id, candidate);
    if (truth == Truth::False) return;
    if (truth == Truth::Unknown &&
        (token.extra != kNone || (at.kind == NodeKind::Exists && !at.loose))) {
      return;
    }
    if (token.extra != kNone) clearBlocking(id);
    setBlocking(id, slot, truth);
    if (isDecided(at, token)) forgetLeft(at, id);
    if (token.flags & Token::kDirty) return;
    token.flags |= Token::kDirty;
    markDirty(at.flushAt, id);
  });
}

// Whether a token has a candidate, and none that comes can say more.
bool Matcher::isDecided(const Node& at, const Token& token) const {
  return token.extra != kNone && (!at.loose || blockings_[token.extra].truth == Truth::True);
}

// Linked from the fact, so that the token hears when it goes.
void Matcher::setBlocking(std::uint32_t token, std::uint32_t slot, Truth truth) {
  const std::uint32_t number = blockings_.make();
  Blocking& blocking = blockings_[number];
  StoredFact& fact = memory_.at(SlotId{slot});
  blocking.token = token;
  blocking.fact = slot;
  blocking.truth = truth;
  blocking.next = fact.firstBlocked;
  if (blocking.next != kNone) blockings_[blocking.next].previous = number;
  fact.firstBlocked = number;
  tokens_[token].extra = number;
}

void Matcher::clearBlocking(std::uint32_t token) {
  const std::uint32_t number = tokens_[token].extra;
  const Blocking& blocking = blockings_[number];
  if (blocking.previous != kNone) {
    blockings_[blocking.previous].next = blocking.next;
  } else {
    memory_.at(SlotId{blocking.fact}).firstBlocked = blocking.next;
  }
  if (blocking.next != kNone) blockings_[blocking.next].previous = blocking.previous;
  blockings_.release(number);
  tokens_[token].extra = kNone;
}

// Looks for a candidate that decides a token which has none: one that is true, else, where that
// matters, one that is unknown.
void Matcher::search(const Node& at, std::uint32_t token) {
  if (!(tokens_[token].flags & Token::kAsks)) return;
  std::uint32_t unknown = kNone;
  forCandidates(at, token, [&](std::uint32_t slot, Truth truth) {
    if (truth == Truth::True || (at.kind == NodeKind::Not && !at.loose)) {
      setBlocking(token, slot, truth);
      return false;
    }
    if (unknown == kNone) unknown = slot;
    return true;
  });
  if (tokens_[token].extra == kNone && unknown != kNone && at.loose) {
    setBlocking(token, unknown, Truth::Unknown);
  }
}

// Passes the match on, or takes it back, only when the decision changes.
void Matcher::decideNegation(const Node& at, std::uint32_t id) {
  Token& token = tokens_[id];
  bool some = false, unknown = false;
  if (at.range.decides) {
    some = (token.flags & Token::kKept) && lefts_[index(at.id)].intervals->met(token.next);
    unknown = some && (token.flags & Token::kUnknown);
  } else {
    if (token.extra == kNone) search(at, id);
    if (isDecided(at, token)) {
      forgetLeft(at, id);
    } else if ((token.flags & Token::kAsks) && !(token.flags & Token::kKept)) {
      rememberLeft(at, id, token.hash);
    }
    some = token.extra != kNone;
    unknown = some && blockings_[token.extra].truth == Truth::Unknown;
  }
  std::uint32_t out = some == (at.kind == NodeKind::Exists) ? std::uint32_t{Token::kOutSure} : 0;
  if (unknown) out = at.loose ? std::uint32_t{Token::kOutUnsure} : 0;
  constexpr std::uint32_t kOut = Token::kOutSure | Token::kOutUnsure;
  if ((token.flags & kOut) == out) return;
  deleteChildren(token.firstChild);
  token.flags = (token.flags & ~kOut) | out;
  if (out) emit(at.children, {id, kNone, nullptr, 0, out == Token::kOutUnsure, &token.firstChild});
}

}  // namespace reticle
