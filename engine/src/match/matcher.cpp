// The matcher as a whole: what it holds, and what others ask of it.

#include "match/matcher.h"

#include <algorithm>
#include <cassert>

namespace reticle {

// Everything is indexed by node id; ordered indexes stand where a node asks for a range.
Matcher::Matcher(const Network& network, WorkingMemory& memory, const Surroundings& surroundings,
                 MatchListener& listener)
    : network_(network),
      memory_(memory),
      clock_(surroundings),
      surroundings_(clock_),
      listener_(listener) {
  const std::size_t nodes = network.nodes.size();
  lefts_.resize(nodes);
  rights_.resize(network.indexes.size());
  counts_.assign(nodes, 0);
  counters_.resize(nodes);
  leaving_.assign(nodes, 0);
  entering_.assign(nodes, 0);
  reported_.resize(nodes);
  newest_.resize(nodes);
  for (const Node& node : network.nodes) {
    if (node.kind == NodeKind::Newest) {
      newest_[index(node.id)] = std::make_unique<NewestOfEach>(node.newest);
      windows_.push_back(node.id);
    }
    if (isAlpha(node.kind)) continue;
    if (!node.asks.empty()) {
      askersOf_.resize(network.typeNodes.size());
      for (const TypeId type : node.asks) {
        askersOf_[index(type)].push_back(static_cast<std::uint32_t>(askers_.size()));
      }
      askerOf_[index(node.id)] = static_cast<std::uint32_t>(askers_.size());
      askers_.push_back({node.id, {}});
    }
    reported_[index(node.counted)].push_back(node.id);
    LeftMemory& left = lefts_[index(node.id)];
    if (node.range.decides) {
      left.intervals = std::make_unique<Intervals>(node.range.strictLow, node.range.strictHigh);
    } else if (node.range.present) {
      left.ordered = std::make_unique<OrderedIndex>();
    }
  }
  for (std::size_t i = 0; i < network.indexes.size(); ++i) {
    if (network.indexes[i].ordered) rights_[i].ordered = std::make_unique<OrderedIndex>();
  }
}

Matcher::~Matcher() = default;

// Nodes at the root without a pattern: rules that begin with `not`, `let` and the like.
void Matcher::begin() {
  ++epoch_;
  for (const Node& node : network_.nodes) {
    if (!isAlpha(node.kind) && node.left == kNoNode) arrive(node, {});
  }
  finish();
}

void Matcher::add(FactId fact) { change(memory_.slotOf(fact), nullptr, 0, false, true); }
// It is still held while what rests on it goes; what is looked up meanwhile does not find it.
void Matcher::remove(FactId fact) {
  memory_.setLeaving(fact);
  change(memory_.slotOf(fact), nullptr, 0, true, false);
  memory_.setLeaving(kNoFact);
}
void Matcher::update(FactId fact, const std::vector<std::pair<FieldId, Value>>& values,
                     std::uint64_t recency) {
  change(memory_.slotOf(fact), &values, recency, true, true);
}

// The vectors are lent to a frame and come back, so that nothing is allocated twice.
void Matcher::rowsOf(TokenId token, std::vector<Row>& rows, std::vector<Value>& locals) const {
  Frames frame;
  frame.rows = std::move(rows);
  frame.locals = std::move(locals);
  if (frame.rows.size() < network_.maxRows + 1) frame.rows.resize(network_.maxRows + 1);
  if (frame.locals.size() < network_.maxLocals + 1) frame.locals.resize(network_.maxLocals + 1);
  fillFrame(number(token), frame);
  rows = std::move(frame.rows);
  locals = std::move(frame.locals);
}

void Matcher::factsOf(TokenId token, std::vector<FactId>& facts) const {
  facts.clear();
  for (const TokenPath& path : nodeOf(tokens_[number(token)]).rows) {
    if (path.hops != TokenPath::kUnbound) facts.push_back(factIdAt(number(token), path));
  }
}

std::vector<FactId> Matcher::factsOf(TokenId token) const {
  std::vector<FactId> facts;
  factsOf(token, facts);
  return facts;
}

std::vector<Value> Matcher::placesOf(TokenId token) const {
  std::vector<Value> places;
  for (const TokenPath& path : nodeOf(tokens_[number(token)]).places) {
    places.push_back(valueAt(number(token), path));
  }
  return places;
}

}  // namespace reticle
