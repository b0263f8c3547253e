// Tokens are made, looked into and deleted.

#include <cassert>

#include "match/matcher.h"

namespace reticle {

namespace {

// How many values a token at a node carries: what its producer added and, at the end of an
// accumulate's branch, the arguments of its functions; at a let that waits, what it has passed on.
std::size_t valuesAt(const Node& node) {
  return node.binding.values.size() + (node.kind == NodeKind::End ? node.functions.size()
                                       : node.binds               ? 1
                                                                  : 0);
}

}  // namespace

// Linked three ways: to its parent's children, to its fact, and to the values it carries.
std::uint32_t Matcher::newToken(const Node& at, const Arrival& arrival) {
  const std::uint32_t id = tokens_.make();
  Token& token = tokens_[id];
  token.node = index(at.id);
  token.parent = arrival.parent;
  token.fact = arrival.fact;
  token.flags = arrival.unsure ? std::uint32_t{Token::kUnsure} : 0;
  if (arrival.head) {
    token.nextSibling = *arrival.head;
    if (token.nextSibling != kNone) tokens_[token.nextSibling].previousSibling = id;
    *arrival.head = id;
  }
  if (arrival.fact != kNone) {
    StoredFact& fact = memory_.at(SlotId{arrival.fact});
    token.nextOfFact = static_cast<std::uint32_t>(fact.firstToken);
    if (token.nextOfFact != kNone) tokens_[token.nextOfFact].previousOfFact = id;
    fact.firstToken = TokenId{id};
  }
  if (const std::size_t length = valuesAt(at)) {
    token.values = values_.make(length);
    Value* to = values_.at(token.values);
    for (std::size_t i = 0; i < arrival.count; ++i) to[i] = arrival.values[i];
  }
  ++counts_[index(at.id)];
  ++counters_[index(at.id)].tokens;
  if (listener_.watching()) report(token, true);
  return id;
}

// Whole subtrees; the list is left empty.
void Matcher::deleteChildren(std::uint32_t& first) {
  for (std::uint32_t child = first; child != kNone;) {
    const std::uint32_t next = tokens_[child].nextSibling;
    deleteToken(child, false);
    child = next;
  }
  first = kNone;
}

// `unlink`: it goes alone, its siblings stay. Tokens that stand in the output of a record only go
// together.
void Matcher::deleteToken(std::uint32_t id, bool unlink) {
  Token& token = tokens_[id];
  const Node& at = nodeOf(token);
  token.flags |= Token::kDeleting;
  deleteChildren(token.firstChild);
  switch (at.kind) {
    case NodeKind::Join: forgetLeft(at, id); break;
    case NodeKind::Not:
    case NodeKind::Exists:
      at.range.decides ? forgetRange(at, id) : forgetLeft(at, id);
      if (token.extra != kNone) clearBlocking(id);
      break;
    case NodeKind::NotGroup:
    case NodeKind::ExistsGroup:
    case NodeKind::Either:
    case NodeKind::Accumulate:
      while (token.extra != kNone) {
        deleteChildren(records_[token.extra].firstOutput);
        releaseRecord(token.extra);
      }
      break;
    case NodeKind::End: leaveEnd(at, token, id); break;
    case NodeKind::Wait: leaveWait(at, id); break;
    case NodeKind::Since: leaveSince(at, id); break;
    case NodeKind::Production:
      if (token.flags & Token::kReported) listener_.matchRemoved(TokenId{id}, token.extra);
      break;
    case NodeKind::Type:
    case NodeKind::Test:
    case NodeKind::Newest:
    case NodeKind::Each:
    case NodeKind::Let:
    case NodeKind::Filter: break;
  }
  --counts_[index(at.id)];
  if (listener_.watching()) report(token, false);
  if (unlink) {
    if (token.previousSibling != kNone) {
      tokens_[token.previousSibling].nextSibling = token.nextSibling;
    } else if (token.parent != kNone) {
      tokens_[token.parent].firstChild = token.nextSibling;
    }
    if (token.nextSibling != kNone) {
      tokens_[token.nextSibling].previousSibling = token.previousSibling;
    }
  }
  if (token.fact != kNone) {
    if (token.previousOfFact != kNone) {
      tokens_[token.previousOfFact].nextOfFact = token.nextOfFact;
    } else {
      memory_.at(SlotId{token.fact}).firstToken = TokenId{token.nextOfFact};
    }
    if (token.nextOfFact != kNone) tokens_[token.nextOfFact].previousOfFact = token.previousOfFact;
  }
  if (token.values != kNone) values_.release(token.values, valuesAt(at));
  // Its number may still stand in a list of this change: it is freed at the end.
  token.node = kNone;
  gone_.push_back(id);
}

// For observers: the facts of the match in the order of the path.
void Matcher::report(const Token& token, bool added) {
  std::vector<FactId> facts;
  const Node& at = nodeOf(token);
  // Through the parent: the token itself may have no number yet that paths could begin with.
  for (const Token* of = &token;;) {
    const Binding& binding = nodeOf(*of).binding;
    if (of->fact != kNone) facts.push_back(memory_.at(SlotId{of->fact}).id);
    for (std::size_t i = 0; i < binding.values.size(); ++i) {
      if (binding.values[i].kind == Binding::Slot::Kind::Row) {
        facts.push_back(values_.at(of->values)[i].asFact());
      }
    }
    if (of->parent == kNone) break;
    of = &tokens_[of->parent];
  }
  const std::vector<FactId> inOrder(facts.rbegin(), facts.rend());
  for (const NodeId node : reported_[index(at.id)]) {
    listener_.memoryChanged(node, added, inOrder, counts_[index(at.id)]);
  }
}

std::uint32_t Matcher::up(std::uint32_t token, std::uint32_t hops) const {
  for (; hops > 0; --hops) token = tokens_[token].parent;
  return token;
}

// A row is carried as a fact, or as a value where an `either` exported it.
std::uint32_t Matcher::factAt(std::uint32_t token, TokenPath path) const {
  const Token& at = tokens_[up(token, path.hops)];
  if (path.position == TokenPath::kFact) return at.fact;
  return static_cast<std::uint32_t>(memory_.slotOf(values_.at(at.values)[path.position].asFact()));
}

FactId Matcher::factIdAt(std::uint32_t token, TokenPath path) const {
  const Token& at = tokens_[up(token, path.hops)];
  if (path.position == TokenPath::kFact) return memory_.at(SlotId{at.fact}).id;
  return values_.at(at.values)[path.position].asFact();
}

const Value& Matcher::valueAt(std::uint32_t token, TokenPath path) const {
  return values_.at(tokens_[up(token, path.hops)].values)[path.position];
}

}  // namespace reticle
