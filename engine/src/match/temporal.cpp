// What changes by itself as time goes, and windows of a number: tokens that wait for a moment,
// stretches, and facts that others displace.

#include <algorithm>

#include "match/matcher.h"

namespace reticle {

// --- the clock

// All moments up to now are one change, so nothing in between is seen.
void Matcher::setClock(Time now) {
  clock_.now = now;
  ++epoch_;
  changedFact_ = kNoFact;
  changed_ = 0;
  while (!moments_.empty() && moments_.begin()->first <= now) {
    const std::uint32_t token = moments_.begin()->second;
    forgetMoment(token);
    if (tokens_[token].flags & Token::kDirty) continue;
    tokens_[token].flags |= Token::kDirty;
    markDirty(nodeOf(tokens_[token]).flushAt, token);
  }
  finish();
}

std::optional<Time> Matcher::nextDue() const {
  if (moments_.empty()) return std::nullopt;
  return moments_.begin()->first;
}

void Matcher::forgetMoment(std::uint32_t token) {
  const Time* moment = momentOf_.find(token);
  if (!moment) return;
  moments_.erase({*moment, token});
  momentOf_.erase(token);
}

// --- let and if that ask `passed`, or look at facts beside the match

// Other facts are looked at when the change is complete: until then they are as before.
void Matcher::arriveWait(const Node& at, std::uint32_t token) {
  if (!at.beyond) return decideWait(at, token);
  if (!at.asks.empty()) askers_[*askerOf_.find(index(at.id))].tokens.insert(token);
  if (deferring_) deferred_.push_back(token);
  markWait(at, token);
}

void Matcher::leaveWait(const Node& at, std::uint32_t token) {
  forgetMoment(token);
  if (at.beyond) forgetRead(token);
  if (!at.asks.empty()) askers_[*askerOf_.find(index(at.id))].tokens.erase(token);
}

void Matcher::markWait(const Node& at, std::uint32_t token) {
  if (deferring_ || tokens_[token].flags & Token::kDirty) return;
  tokens_[token].flags |= Token::kDirty;
  markDirty(at.flushAt, token);
}

// A fact has changed: tokens that have read it, or ask a query that looks at facts of its type.
void Matcher::askAgain(FactId fact, TypeId type) {
  if (deferring_) return;
  if (const std::set<std::uint32_t>* readers = readersOf_.find(index(fact))) {
    for (const std::uint32_t token : *readers) markWait(nodeOf(tokens_[token]), token);
  }
  if (askersOf_.empty()) return;
  for (const std::uint32_t asker : askersOf_[index(type)]) {
    const Node& at = node(askers_[asker].node);
    for (const std::uint32_t token : askers_[asker].tokens) markWait(at, token);
  }
}

void Matcher::askQueries() {
  deferring_ = false;
  ++epoch_;
  changedFact_ = kNoFact;
  changed_ = 0;
  for (const std::uint32_t token : deferred_) {
    if (!tokens_[token].gone()) markWait(nodeOf(tokens_[token]), token);
  }
  deferred_.clear();
  finish();
}

// What the token has read this time takes the place of what it read before.
void Matcher::noteRead(std::uint32_t token) {
  std::vector<FactId>& read = clock_.read();
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  const std::vector<FactId>* before = readBy_.find(token);
  if (before ? *before == read : read.empty()) return;
  forgetRead(token);
  if (read.empty()) return;
  for (const FactId fact : read) readersOf_[index(fact)].insert(token);
  readBy_[token] = read;
}

void Matcher::forgetRead(std::uint32_t token) {
  const std::vector<FactId>* read = readBy_.find(token);
  if (!read) return;
  for (const FactId fact : *read) {
    std::set<std::uint32_t>& readers = *readersOf_.find(index(fact));
    readers.erase(token);
    if (readers.empty()) readersOf_.erase(index(fact));
  }
  readBy_.erase(token);
}

// Evaluated again, with note of the moment that it asks for: that is when it will be looked at
// next.
void Matcher::decideWait(const Node& at, std::uint32_t id) {
  ++counters_[index(at.id)].tests;
  forgetMoment(id);
  clock_.takeAsked();
  clock_.read().clear();
  Value value = evaluateAt(at.expr, id);
  if (at.beyond) noteRead(id);
  if (value.isError()) unknowns_.note(at.id, value);
  if (const std::optional<Time> moment = clock_.takeAsked()) {
    moments_.insert({*moment, id});
    momentOf_[id] = *moment;
  }
  const Truth truth = !at.binds ? truthOf(value) : value.isError() ? Truth::Unknown : Truth::True;
  std::uint32_t out = 0;
  if (truth == Truth::True) out = Token::kOutSure;
  if (truth == Truth::Unknown && at.loose) out = Token::kOutUnsure;
  constexpr std::uint32_t kOut = Token::kOutSure | Token::kOutUnsure;
  Token& token = tokens_[id];
  Value* kept = at.binds ? values_.at(token.values) + at.binding.values.size() : nullptr;
  const bool same = !kept || out != std::uint32_t{Token::kOutSure} ||
                    (kept->kind() == value.kind() && *kept == value);
  if ((token.flags & kOut) == out && same) return;
  deleteChildren(token.firstChild);
  token.flags = (token.flags & ~kOut) | out;
  if (kept) *kept = out ? std::move(value) : Value();
  if (out) {
    emit(at.children, {id, kNone, kept, at.binds ? std::size_t{1} : 0, out == Token::kOutUnsure,
                       &token.firstChild});
  }
}

// --- stretches

// The node and the facts: the same facts in another token go on with the same stretch.
std::vector<std::uint32_t> Matcher::stretchKey(const Node& at, std::uint32_t token) const {
  std::vector<std::uint32_t> key{index(at.id)};
  for (const TokenPath& path : at.rows) {
    if (path.hops != TokenPath::kUnbound) key.push_back(index(factIdAt(token, path)));
  }
  return key;
}

// A stretch begins with its first token, and its beginning is what `since` gives.
void Matcher::arriveSince(const Node& at, std::uint32_t token) {
  Stretch& stretch =
      stretches_.try_emplace(stretchKey(at, token), Stretch{clock_.now, 0}).first->second;
  ++stretch.tokens;
  const Value since = Value::timestamp(stretch.since);
  emit(at.children, {token, kNone, &since, 1, false, &tokens_[token].firstChild});
}

// A stretch ends when none of its tokens is left at the end of the change: what the change makes
// anew is no break.
void Matcher::leaveSince(const Node& at, std::uint32_t token) {
  std::vector<std::uint32_t> key = stretchKey(at, token);
  if (--stretches_.find(key)->second.tokens == 0) ending_.push_back(std::move(key));
}

void Matcher::endStretches() {
  for (const std::vector<std::uint32_t>& key : ending_) {
    const auto stretch = stretches_.find(key);
    if (stretch != stretches_.end() && stretch->second.tokens == 0) stretches_.erase(stretch);
  }
  ending_.clear();
}

// --- windows of a number

// Null where there is one window for all; an error when it cannot be told.
Value Matcher::windowKey(const Node& window, const Row& row) const {
  if (window.newestBy.empty()) return {};
  Value key = evaluate(window.newestBy, Frame{&row, nullptr, &surroundings_});
  if (key.isError()) unknowns_.note(window.id, key);
  return key;
}

// The windows below the memories that hold the fact before and after. By a change of its key it
// goes from one window to another.
void Matcher::collectWindows(FactId fact, const Row& newRow) {
  const std::size_t before = was_.size(), after = is_.size();
  std::vector<NodeId>& moved = movedTo_;
  moved.clear();
  for (std::size_t i = 0; i < before; ++i) {
    for (const NodeId window : node(was_[i]).windows) {
      NewestOfEach& newest = *newest_[index(window)];
      bool stays = entering_[index(was_[i])] == epoch_;
      if (stays && (node(window).testReads & changed_) &&
          !newest.isUnder(index(fact), windowKey(node(window), newRow))) {
        stays = false;
        moved.push_back(window);
      }
      if (newest.holds(index(fact))) {
        was_.push_back(window);
        leaving_[index(window)] = epoch_;
        if (stays) {
          is_.push_back(window);
          entering_[index(window)] = epoch_;
        }
      }
      if (stays) continue;
      std::optional<std::uint32_t> other;
      newest.remove(index(fact), other);
      if (other) displacements_.push_back({window, FactId{*other}, true});
    }
  }
  const auto enter = [&](NodeId window) {
    std::optional<std::uint32_t> other;
    if (newest_[index(window)]->add(index(fact), windowKey(node(window), newRow), other)) {
      is_.push_back(window);
      entering_[index(window)] = epoch_;
    }
    if (other) displacements_.push_back({window, FactId{*other}, false});
  };
  for (const NodeId window : moved) enter(window);
  for (std::size_t i = 0; i < after; ++i) {
    if (leaving_[index(is_[i])] == epoch_) continue;
    for (const NodeId window : node(is_[i]).windows) enter(window);
  }
}

// Other facts enter or leave windows by the same change.
void Matcher::displace() {
  for (std::size_t i = 0; i < displacements_.size(); ++i) {
    const Displacement moved = displacements_[i];
    const SlotId slot = memory_.slotOf(moved.fact);
    const Node& window = node(moved.window);
    ++epoch_;
    changedFact_ = moved.fact;
    changed_ = 0;
    std::vector<std::uint32_t>& marks = moved.enters ? entering_ : leaving_;
    marks[index(window.id)] = epoch_;
    for (const NodeId reader : window.readers) marks[index(reader)] = epoch_;
    if (!moved.enters) {
      displaced_.push_back(moved.fact);
      leave(memory_.at(slot), false);
      countAlpha(window.id, moved.fact, false);
      continue;
    }
    enterIndexes(slot, window.id);
    countAlpha(window.id, moved.fact, true);
    for (const NodeId reader : window.readers) {
      rightActivate(node(reader), static_cast<std::uint32_t>(slot));
    }
  }
  displacements_.clear();
}

bool Matcher::isAmongNewest(FactId fact) const {
  const TypeId type = memory_.find(fact)->type;
  for (const NodeId window : windows_) {
    if (node(window).type == type && newest_[index(window)]->holds(index(fact))) return true;
  }
  return false;
}

}  // namespace reticle
