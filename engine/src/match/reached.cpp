// Where one fact is: which alpha memories hold it, which tokens contain it, and where matches with
// it come to an end. For people who ask, not for the matching itself: every token is looked at, and
// pairs that made no token are tested again. Nothing is counted and nothing is changed.
//
// A token shows that its match has passed everything above it. What stopped leaves no trace in the
// memories, so it is found by trying: pairs at a join, and what lets and filters make of a match
// that was passed on to them.

#include "match/reached.h"

#include <algorithm>
#include <utility>

#include "expression/operators.h"
#include "match/matcher.h"

namespace reticle {

namespace {

constexpr std::uint32_t kMostPairs = 50'000;  // tried; beyond them only what tokens show is told

}  // namespace

class Matcher::Reaching {
 public:
  Reaching(const Matcher& matcher, SlotId slot)
      : m_(matcher),
        slot_(static_cast<std::uint32_t>(slot)),
        row_(matcher.memory_.row(slot)),
        found_(matcher.network_.nodes.size()),
        standing_(matcher.network_.nodes.size()),
        mine_(matcher.network_.nodes.size()),
        isMine_(matcher.tokens_.begun()) {}

  // Parents have smaller ids than their children, and a group smaller ones than its branches.
  std::vector<Reached> run() {
    const StoredFact& fact = m_.memory_.at(SlotId{slot_});
    alpha(m_.network_.typeNodes[index(fact.type)]);
    for (std::uint32_t token = 0; token < m_.tokens_.begun(); ++token) {
      if (!m_.tokens_[token].gone()) standing_[m_.tokens_[token].node].push_back(token);
    }
    for (std::uint32_t token = static_cast<std::uint32_t>(fact.firstToken); token != kNone;
         token = m_.tokens_[token].nextOfFact) {
      collect(token);
    }
    for (const Node& at : m_.network_.nodes) {
      if (!isAlpha(at.kind)) visit(at);
    }
    std::vector<Reached> out;
    for (std::size_t at = 0; at < found_.size(); ++at) {
      if (!found_[at]) continue;
      found_[at]->node = m_.network_.nodes[at].id;
      out.push_back(std::move(*found_[at]));
    }
    return out;
  }

 private:
  using How = FactPath::How;

  // --- what is known of a node

  Reached& at(const Node& node) {
    std::optional<Reached>& found = found_[index(node.id)];
    if (!found) {
      found.emplace();
      found->how = How::Waits;
    }
    return *found;
  }
  void hold(const Node& node, std::uint32_t matches) {
    Reached& found = at(node);
    found.how = How::Held;
    found.matches += matches;
  }
  // Of several ends the one that came furthest is kept.
  void stop(const Node& node, Frames&& frame, std::size_t passed) {
    Reached& found = at(node);
    std::size_t& best = best_[index(node.id)];
    if (found.how == How::Held || (found.how == How::Stopped && best > passed)) return;
    if (found.how == How::Stopped && best == passed && !found.rows.empty()) return;
    found.how = How::Stopped;
    best = passed;
    found.rows = std::move(frame.rows);
    found.locals = std::move(frame.locals);
  }
  void stop(const Node& node) {
    if (at(node).how != How::Held) at(node).how = How::Stopped;
  }

  Frames frameOf(std::uint32_t token) const {
    Frames frame;
    frame.rows.resize(m_.network_.maxRows + 1);
    frame.locals.resize(m_.network_.maxLocals + 1);
    m_.fillFrame(token, frame);
    return frame;
  }
  Value evaluated(const Code& code, const Frames& frame) const {
    return evaluate(code, Frame{frame.rows.data(), frame.locals.data(), &m_.surroundings_});
  }

  // --- alpha

  bool passesAlpha(const Node& test, const Row& row) const {
    const Value truth = evaluate(test.test, Frame{&row, nullptr, &m_.surroundings_});
    return test.loose ? !truth.isFalse() : truth.isTrue();
  }
  // Requires: the fact belongs to the memory.
  void alpha(NodeId id) {
    const Node& node = m_.node(id);
    hold(node, 1);
    for (const NodeId child : node.children) {
      if (passesAlpha(m_.node(child), row_)) {
        alpha(child);
      } else {
        stop(m_.node(child), Frames{{row_}, {}}, 0);
      }
    }
    for (const NodeId window : node.windows) {
      if (m_.newest_[index(window)]->holds(index(row_.fact))) {
        alpha(window);
      } else {
        stop(m_.node(window));
      }
    }
  }
  bool isIn(const Node& alpha, const Row& row) const {
    if (alpha.kind == NodeKind::Type) return true;
    if (!isIn(m_.node(alpha.right), row)) return false;
    return alpha.kind == NodeKind::Test ? passesAlpha(alpha, row)
                                        : m_.newest_[index(alpha.id)]->holds(index(row.fact));
  }
  bool comesFromRight(const Node& node) const {
    return node.right != kNoNode && found_[index(node.right)] &&
           found_[index(node.right)]->how == How::Held;
  }

  // --- tokens

  // The token and all that hangs from it.
  void collect(std::uint32_t first) {
    std::vector<std::uint32_t> open{first};
    const auto add = [&](std::uint32_t sibling) {
      for (; sibling != kNone; sibling = m_.tokens_[sibling].nextSibling) open.push_back(sibling);
    };
    while (!open.empty()) {
      const std::uint32_t token = open.back();
      open.pop_back();
      if (isMine_[token]) continue;
      isMine_[token] = true;
      const Token& of = m_.tokens_[token];
      mine_[of.node].push_back(token);
      add(of.firstChild);
      if (!ownsBranches(m_.nodeOf(of).kind)) continue;
      for (std::uint32_t record = of.extra; record != kNone; record = m_.records_[record].next) {
        add(m_.records_[record].firstOutput);
      }
    }
  }
  const std::vector<std::uint32_t>& mineAt(const Node& node) const { return mine_[index(node.id)]; }
  // Matches with the fact that a node lets through; nothing where the next node keeps none.
  std::uint32_t passedOn(const Node& node) const {
    return node.children.empty() || passesThrough(m_.node(node.children[0]).kind)
               ? 0
               : static_cast<std::uint32_t>(mine_[index(node.counted)].size());
  }

  // --- lets and filters, which keep no tokens

  void flow(const std::vector<NodeId>& to, const Arrival& arrival) {
    for (const NodeId id : to) {
      const Node& node = m_.node(id);
      if (!passesThrough(node.kind)) continue;
      Frames frame = frameOf(arrival.parent);
      m_.bind(node.binding, arrival.fact, arrival.values, frame);
      Value value = evaluated(node.expr, frame);
      const bool filters = node.kind == NodeKind::Filter;
      const bool passes = filters ? value.isTrue() || (node.loose && !value.isFalse())
                                  : !value.isError() || node.loose;
      if (!passes) {
        stop(node, std::move(frame), 0);
        continue;
      }
      hold(node, 1);
      Arrival next = arrival;
      std::vector<Value> values(arrival.values, arrival.values + arrival.count);
      if (!filters) values.push_back(std::move(value));
      next.values = values.data();
      next.count = values.size();
      flow(node.children, next);
    }
  }

  // --- beta

  // ORDER: NodeKind.
  void visit(const Node& node) {
    switch (node.kind) {
      case NodeKind::Join: return join(node);
      case NodeKind::Not:
      case NodeKind::Exists: return negation(node);
      case NodeKind::NotGroup:
      case NodeKind::ExistsGroup:
      case NodeKind::Either:
      case NodeKind::Accumulate: return owner(node);
      case NodeKind::Each: return each(node);
      case NodeKind::Wait: return wait(node);
      case NodeKind::Since: return since(node);
      case NodeKind::End: return end(node);
      case NodeKind::Production:
        if (!mineAt(node).empty()) hold(node, static_cast<std::uint32_t>(mineAt(node).size()));
        return;
      case NodeKind::Type:
      case NodeKind::Test:
      case NodeKind::Newest:
      case NodeKind::Let:
      case NodeKind::Filter: return;  // alpha, or told by what comes before them
    }
  }

  // Whether a token and a candidate fit; `passed`: how many tests they pass before one fails.
  Truth judge(const Node& node, std::uint32_t token, const Row& candidate,
              std::size_t& passed) const {
    for (const JoinKey& key : node.keys) {
      Value left, right;
      if (!(*m_.read(key.left, token, candidate, left) ==
            *m_.read(key.right, kNone, candidate, right))) {
        return Truth::False;
      }
      ++passed;
    }
    Truth truth = Truth::True;
    Frames frame = frameOf(token);
    frame.rows[node.row] = candidate;
    for (const ResidualTest& test : node.residual) {
      const Truth one = truthOf(valueOf(test, token, candidate, frame));
      if (one == Truth::False) return one;
      if (one == Truth::Unknown) truth = one;
      passed += one == Truth::True;
    }
    for (const Code& code : node.unsureTests) {
      if (!evaluate(code, Frame{&candidate, nullptr, &m_.surroundings_}).isTrue()) {
        truth = Truth::Unknown;
      }
    }
    return truth;
  }
  Value valueOf(const ResidualTest& test, std::uint32_t token, const Row& candidate,
                const Frames& frame) const {
    if (test.kind == ResidualTest::Kind::Code) return evaluated(test.code, frame);
    Value leftStore, rightStore;
    const Value& left = *m_.read(test.left, token, candidate, leftStore);
    const Value& right = *m_.read(test.right, token, candidate, rightStore);
    if (test.op == Operator::Equal) return equalValues(left, right);
    return test.op == Operator::NotEqual ? notEqualValues(left, right)
                                         : orderValues(test.op, left, right);
  }
  // Returns what a pair comes to; what does not fit is remembered.
  Truth pair(const Node& node, std::uint32_t token, const Row& candidate) {
    if (pairs_++ >= kMostPairs) return Truth::False;
    std::size_t passed = 0;
    const Truth truth = judge(node, token, candidate, passed);
    if (truth == Truth::True || (truth == Truth::Unknown && node.loose)) return truth;
    Frames frame = frameOf(token);
    frame.rows[node.row] = candidate;
    stop(node, std::move(frame), passed);
    return truth;
  }

  void join(const Node& node) {
    const bool right = comesFromRight(node);
    if (!right && mineAt(node).empty()) return;
    at(node);
    std::uint32_t passed = 0;
    const auto tried = [&](std::uint32_t token, std::uint32_t slot) {
      const Truth truth = pair(node, token, m_.row(slot));
      if (truth == Truth::False || (truth == Truth::Unknown && !node.loose)) return;
      ++passed;
      flow(node.children, {token, slot});
    };
    if (right && node.index == kNoIndex) {
      tried(kNone, slot_);
    } else if (right) {
      for (const std::uint32_t token : standing_[index(node.id)]) tried(token, slot_);
    }
    if (node.index != kNoIndex && !mineAt(node).empty()) {
      for (const FactId fact : m_.memory_.all(m_.node(node.right).type)) {
        const std::uint32_t slot = static_cast<std::uint32_t>(m_.memory_.slotOf(fact));
        if (slot == slot_ || !isIn(m_.node(node.right), m_.row(slot))) continue;
        for (const std::uint32_t token : mineAt(node)) tried(token, slot);
      }
    }
    if (const std::uint32_t seen = std::max(passedOn(node), passed)) hold(node, seen);
  }

  void negation(const Node& node) {
    for (const std::uint32_t token : mineAt(node)) decided(node, token);
    if (!comesFromRight(node)) return;
    at(node);
    const bool exists = node.kind == NodeKind::Exists;
    std::uint32_t fits = 0;
    for (const std::uint32_t token : standing_[index(node.id)]) {
      const Truth truth = pair(node, token, row_);
      if (truth == Truth::False || (truth == Truth::Unknown && exists && !node.loose)) continue;
      ++fits;
      if (!exists) continue;
      collectChildren(token);
      flow(node.children, {token});
    }
    if (fits == 0) return;
    if (exists) {
      hold(node, fits);
    } else if (at(node).how != How::Held) {
      at(node).how = How::Blocks;
      at(node).matches = fits;
    }
  }
  void collectChildren(std::uint32_t token) {
    for (std::uint32_t child = m_.tokens_[token].firstChild; child != kNone;
         child = m_.tokens_[child].nextSibling) {
      collect(child);
    }
  }
  // A match with the fact at a node that lets it through or not.
  void decided(const Node& node, std::uint32_t token) {
    if (!(m_.tokens_[token].flags & (Token::kOutSure | Token::kOutUnsure))) return stop(node);
    hold(node, 1);
    flow(node.children, {token});
  }

  void owner(const Node& node) {
    for (const std::uint32_t token : mineAt(node)) {
      std::uint32_t out = 0;
      for (std::uint32_t record = m_.tokens_[token].extra; record != kNone;
           record = m_.records_[record].next) {
        out += passRecord(node, record);
      }
      if (out > 0) {
        hold(node, out);
      } else {
        stop(node);
      }
      flow(node.branches, {token});
    }
  }
  // What a record has passed on goes through the lets and filters that follow.
  std::uint32_t passRecord(const Node& owner, std::uint32_t number) {
    const Record& record = m_.records_[number];
    if (record.out == 0) return 0;
    flow(owner.children, {record.owner, kNone, record.outValues.data(), record.outValues.size()});
    return 1;
  }

  // The fact is in the match that the branch hangs from, or it is one of those that the branch
  // finds: then what its owner passes on rests on it, too.
  void end(const Node& node) {
    std::vector<std::uint32_t> told;
    for (const std::uint32_t token : mineAt(node)) {
      hold(node, 1);
      const std::uint32_t number = m_.tokens_[token].extra;
      const std::uint32_t above = m_.up(token, node.ownerHops);
      if (number == kNone || isMine_[above]) continue;
      if (std::find(told.begin(), told.end(), number) != told.end()) continue;
      told.push_back(number);
      const Node& owner = m_.node(node.owner);
      if (owner.kind == NodeKind::NotGroup) {
        if (at(owner).how == How::Held) continue;
        at(owner).how = How::Blocks;
        ++at(owner).matches;
      } else if (passRecord(owner, number) > 0) {
        hold(owner, 1);
        for (std::uint32_t child = m_.records_[number].firstOutput; child != kNone;
             child = m_.tokens_[child].nextSibling) {
          collect(child);
        }
      } else {
        stop(owner);
      }
    }
  }

  void each(const Node& node) {
    for (const std::uint32_t token : mineAt(node)) {
      Frames frame = frameOf(token);
      const Value list = evaluated(node.expr, frame);
      const bool isList = list.kind() == ValueKind::List;
      const std::size_t size = isList                          ? list.asList().size()
                               : list.kind() == ValueKind::Map ? list.asMap().size()
                                                               : 0;
      std::uint32_t out = 0;
      for (std::size_t i = 0; i < size && pairs_++ < kMostPairs; ++i) {
        const Value& element = isList ? list.asList()[i] : list.asMap()[i].first;
        frame.locals[node.local] = element;
        if (!node.where.empty() && !evaluated(node.where, frame).isTrue()) continue;
        ++out;
        const Value values[] = {element, Value::integer(static_cast<std::int64_t>(i))};
        flow(node.children, {token, kNone, values, 2});
      }
      if (out > 0) {
        hold(node, out);
      } else {
        stop(node, std::move(frame), 0);
      }
    }
  }
  void wait(const Node& node) {
    for (const std::uint32_t token : mineAt(node)) {
      const Token& of = m_.tokens_[token];
      if (!(of.flags & (Token::kOutSure | Token::kOutUnsure))) {
        stop(node, frameOf(token), 0);
        continue;
      }
      hold(node, 1);
      const Value* kept =
          node.binds ? m_.values_.at(of.values) + node.binding.values.size() : nullptr;
      flow(node.children, {token, kNone, kept, node.binds ? std::size_t{1} : 0});
    }
  }
  void since(const Node& node) {
    for (const std::uint32_t token : mineAt(node)) {
      hold(node, 1);
      const auto stretch = m_.stretches_.find(m_.stretchKey(node, token));
      if (stretch == m_.stretches_.end()) continue;
      const Value since = Value::timestamp(stretch->second.since);
      flow(node.children, {token, kNone, &since, 1});
    }
  }

  const Matcher& m_;
  const std::uint32_t slot_;
  const Row row_;
  std::vector<std::optional<Reached>> found_;         // by node
  std::map<std::uint32_t, std::size_t> best_;         // by node: tests passed by what is kept
  std::vector<std::vector<std::uint32_t>> standing_;  // by node: tokens
  std::vector<std::vector<std::uint32_t>> mine_;      // those that contain the fact or rest on it
  std::vector<bool> isMine_;                          // by token
  std::uint32_t pairs_ = 0;
};

std::vector<Reached> Matcher::reach(FactId fact) const {
  const SlotId slot = memory_.slotOf(fact);
  return slot == kNoSlot ? std::vector<Reached>{} : Reaching(*this, slot).run();
}

}  // namespace reticle
