// Keeps the matches of all rules in step with working memory, change by change (Forgy 1982; hashed
// memories and deletion by token tree after Doorenbos 1995, chapter 2; negation with one blocker a
// match instead of a count, or with none where a range alone decides).
//
// A token is a partial match. It stands at the node that takes it in and carries what that node's
// left parent added: a fact, or values. Tokens form a tree, so that deleting one deletes what grew
// from it and nothing else is searched.
//
// One change, in this order (see change.cpp):
//   1. tokens that carry the fact go where its old fields mattered; what it blocked or supported
//      is marked
//   2. its fields take their new values
//   3. it enters the alpha memories, then the nodes that read them, descendants first: a fact
//      that enters both sides of a join must not meet itself twice
//   4. candidates that went and that a range alone decides about leave their indexes (ranges.cpp)
//   5. what was marked is decided, from the top of the network down: not, exists, groups, either,
//      accumulate. So nothing in between is seen
//   6. the matches that the change made are reported to the listener, in an order that does not
//      depend on the network
// A change may also be that time has come (setClock), and one fact may displace another from a
// window (temporal.cpp); both go the same way.
//
// The matcher decides what matches; the agenda orders, the session acts.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/flat_map.h"
#include "match/aggregate.h"
#include "match/clocked.h"
#include "match/intervals.h"
#include "match/key_numbers.h"
#include "match/newest.h"
#include "match/tokens.h"
#include "match/truth.h"
#include "match/unknowns.h"
#include "match/working_memory.h"
#include "network/network.h"

namespace reticle {

struct Reached;  // reached.h

struct NewMatch {
  RuleId rule;
  TokenId token;
};

// Every change of the matches is reported to it. Must not change working memory.
class MatchListener {
 public:
  virtual ~MatchListener() = default;
  // The complete matches that one change made, in order: by rule, then by their facts, row by row,
  // the newer first, then by places in lists, keys of groups and exported values. A token names its
  // match until it is removed; setActivation() keeps a number with it.
  virtual void matchesAdded(const std::vector<NewMatch>& matches) = 0;
  // A match that was added has ended; `activation` is what setActivation() set for it, else kNone.
  virtual void matchRemoved(TokenId token, std::uint32_t activation) = 0;
  // A fact or token entered or left the memory of a node. Only called when watching() is true.
  virtual void memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts,
                             std::uint32_t count) = 0;
  virtual bool watching() const = 0;
};

// What a node has done since the session began.
struct NodeCounters {
  std::uint64_t left = 0, right = 0;  // activations
  std::uint64_t tests = 0;            // of candidates and filters
  std::uint64_t tokens = 0;           // made
};

class Matcher final : public CandidateOrder {
 public:
  Matcher(const Network& network, WorkingMemory& memory, const Surroundings& surroundings,
          MatchListener& listener);
  ~Matcher() override;

  // Matches of rules that need no fact. Once, before any fact.
  void begin();
  // Requires: in working memory, not yet added
  void add(FactId fact);
  // Requires: added; leaves working memory alone
  void remove(FactId fact);
  // Assigns in working memory, too.
  void update(FactId fact, const std::vector<std::pair<FieldId, Value>>& values,
              std::uint64_t recency);

  // Until askQueries() no condition asks a query; then all of them do, as one change. For filling a
  // matcher with the facts of another.
  void deferQueries() { deferring_ = true; }
  void askQueries();

  // What time brings about: tokens that waited for a moment up to `now` are looked at again, as one
  // change.
  void setClock(Time now);
  // the first moment that some token waits for
  std::optional<Time> nextDue() const;
  // Whether a window of a number (`over last 20 events`) holds a fact, and which facts such windows
  // have lost since this was last asked.
  bool isAmongNewest(FactId fact) const;
  std::vector<FactId> takeDisplaced() { return std::exchange(displaced_, {}); }

  // Facts of a match by row, and its locals. The vectors are made large enough for any rule.
  void rowsOf(TokenId token, std::vector<Row>& rows, std::vector<Value>& locals) const;
  // of the rows bound, in order; replaces what `facts` held
  void factsOf(TokenId token, std::vector<FactId>& facts) const;
  std::vector<FactId> factsOf(TokenId token) const;
  // What tells a match apart from others of the same facts: places in lists, keys of groups, values
  // that an `either` makes known.
  std::vector<Value> placesOf(TokenId token) const;
  void setActivation(TokenId token, std::uint32_t activation) {
    tokens_[number(token)].extra = activation;
  }
  std::uint32_t activationOf(TokenId token) const { return tokens_[number(token)].extra; }
  // Puts matches into the order in which matchesAdded() reports them.
  void sort(std::vector<NewMatch>& matches);
  // How many facts an alpha memory holds, or how many matches a beta node lets through.
  std::uint32_t memoryCount(NodeId node) const {
    return counts_[index(network_.node(node).counted)];
  }
  const NodeCounters& counters(NodeId node) const { return counters_[index(node)]; }
  const Unknowns& unknowns() const { return unknowns_; }
  std::size_t tokenCount() const { return tokens_.size(); }
  // The nodes that a fact came to, in order of id: reached.h. Looks at every token.
  std::vector<Reached> reach(FactId fact) const;

 private:
  class Reaching;  // reached.cpp
  struct Frames {
    std::vector<Row> rows;
    std::vector<Value> locals;
  };
  // What a branch's owner has found for one match: the whole branch (not, exists), a combination of
  // exported values (either), or a group.
  struct Record {
    std::uint32_t owner = kNone;                   // token
    std::uint32_t next = kNone, previous = kNone;  // of the owner
    std::uint32_t nextAlike = kNone;               // under one hash
    std::uint32_t key = kNone;                     // values; none: the only one
    std::uint64_t hash = 0;
    std::uint32_t firstOutput = kNone;   // tokens
    std::uint32_t sure = 0, unsure = 0;  // ends of the branch
    // what it has passed on: 0 nothing, 1 a match, 2 an unsure one
    std::uint32_t out = 0;
    bool dirty = false, renew = false, keyed = false;
    std::vector<Value> outValues;
    std::unique_ptr<std::vector<Aggregate>> aggregates;
    std::uint32_t& nextFree() { return next; }
  };
  // What keeps a Not from holding, or makes an Exists hold.
  struct Blocking {
    // next, previous: of the fact
    std::uint32_t token = kNone, fact = kNone, next = kNone, previous = kNone;
    Truth truth = Truth::True;
    std::uint32_t& nextFree() { return next; }
  };
  // A token in the making: where it hangs, and what it carries.
  struct Arrival {
    std::uint32_t parent = kNone, fact = kNone;
    const Value* values = nullptr;
    std::size_t count = 0;
    bool unsure = false;
    std::uint32_t* head = nullptr;  // of the list of siblings
  };

  static std::uint32_t number(TokenId id) { return static_cast<std::uint32_t>(id); }
  template <typename Id>
  static std::uint32_t index(Id id) {
    return reticle::index(id);
  }
  const Node& node(NodeId id) const { return network_.nodes[index(id)]; }
  const Node& nodeOf(const Token& token) const { return network_.nodes[token.node]; }
  Row row(std::uint32_t slot) const { return memory_.row(SlotId{slot}); }

  // change.cpp
  void change(SlotId slot, const std::vector<std::pair<FieldId, Value>>* values,
              std::uint64_t recency, bool before, bool after);
  void collectAlpha(NodeId from, const Row& row, std::vector<NodeId>& out);
  void leave(StoredFact& fact, bool goes);  // goes: from all memories
  void enterIndexes(SlotId slot, NodeId alpha);
  void countAlpha(NodeId alpha, FactId fact, bool added);
  void finish();  // steps 5 and 6
  void markDirty(std::uint32_t at, std::uint64_t item);
  void deliver();
  bool comesBefore(std::uint32_t a, std::uint32_t b) const;

  // tokens.cpp
  std::uint32_t newToken(const Node& node, const Arrival& arrival);
  void deleteToken(std::uint32_t token, bool unlink);
  void deleteChildren(std::uint32_t& first);
  void report(const Token& token, bool added);
  std::uint32_t factAt(std::uint32_t token, TokenPath path) const;  // its slot
  FactId factIdAt(std::uint32_t token, TokenPath path) const;
  const Value& valueAt(std::uint32_t token, TokenPath path) const;
  std::uint32_t up(std::uint32_t token, std::uint32_t hops) const;
  int compareCandidates(std::uint32_t a, std::uint32_t b) const override;

  // join.cpp
  void emit(const std::vector<NodeId>& to, const Arrival& arrival);
  void arrive(const Node& node, const Arrival& arrival);
  void leftActivate(const Node& node, std::uint32_t token);
  void rightActivate(const Node& node, std::uint32_t slot);
  void joinLeft(const Node& node, std::uint32_t token);
  void joinRight(const Node& node, std::uint32_t slot);
  void rememberLeft(const Node& node, std::uint32_t token, std::uint32_t hash);
  void forgetLeft(const Node& node, std::uint32_t token);
  void passThrough(const Node& node, const Arrival& arrival);
  // Calls `use(slot, truth)` for candidates of a token that are not false, until it returns false.
  template <typename Use>
  void forCandidates(const Node& node, std::uint32_t token, Use use);
  // Calls `use(token)` for tokens that may fit a candidate.
  template <typename Use>
  void forLefts(const Node& node, const Row& candidate, Use use);

  // test.cpp
  const Value* read(const Operand& operand, std::uint32_t token, const Row& candidate,
                    Value& store) const;
  bool keyHash(const std::vector<Operand>& keys, const Row& candidate, std::uint32_t& hash) const;
  bool leftHash(const Node& node, std::uint32_t token, std::uint32_t& hash) const;
  bool keysEqual(const Node& node, std::uint32_t token, const Row& candidate) const;
  Truth test(const Node& node, std::uint32_t token, const Row& candidate);
  Frames& openFrame(std::uint32_t token);
  void closeFrame() { --depth_; }
  void fillFrame(std::uint32_t token, Frames& frame) const;
  void bind(const Binding& binding, std::uint32_t fact, const Value* values, Frames& frame) const;
  Value evaluateAt(const Code& code, std::uint32_t token);

  // negation.cpp
  void arriveNegation(const Node& node, std::uint32_t token);
  void negationRight(const Node& node, std::uint32_t slot);
  bool isDecided(const Node& node, const Token& token) const;
  void setBlocking(std::uint32_t token, std::uint32_t slot, Truth truth);
  void clearBlocking(std::uint32_t token);
  void search(const Node& node, std::uint32_t token);
  void decideNegation(const Node& node, std::uint32_t token);

  // ranges.cpp
  struct RightMemory;
  bool takeTree(const AlphaIndex& index, RightMemory& memory, const Node* node, std::uint32_t token,
                const Row& candidate, std::uint32_t& tree);
  void arriveRange(const Node& node, std::uint32_t token);
  void forgetRange(const Node& node, std::uint32_t token);
  void rangeRight(const Node& node, std::uint32_t slot);
  void depart();
  void markTurned(const Node& node);

  // group.cpp
  void arriveOwner(const Node& node, std::uint32_t token);
  void arriveEnd(const Node& end, std::uint32_t token);
  void leaveEnd(const Node& end, Token& token, std::uint32_t id);
  void arriveEach(const Node& node, std::uint32_t token);
  std::uint32_t newRecord(std::uint32_t owner, const Value* key, std::size_t count,
                          std::uint64_t hash);
  std::uint32_t recordOf(std::uint32_t owner, const Value* key, std::size_t count);
  void releaseRecord(std::uint32_t record);
  void markRecord(const Node& owner, std::uint32_t record);
  void decideRecord(std::uint32_t record);
  bool accumulateValues(const Node& owner, Record& record, std::vector<Value>& values);
  std::size_t keyLength(const Node& owner) const;

  // temporal.cpp
  void arriveWait(const Node& node, std::uint32_t token);
  void leaveWait(const Node& node, std::uint32_t token);
  bool isLookedAt(FactId fact, TypeId type) const {
    return (!askersOf_.empty() && !askersOf_[index(type)].empty()) ||
           readersOf_.find(index(fact)) != nullptr;
  }
  void askAgain(FactId fact, TypeId type);
  void noteRead(std::uint32_t token);
  void forgetRead(std::uint32_t token);
  void markWait(const Node& node, std::uint32_t token);
  void decideWait(const Node& node, std::uint32_t token);
  void forgetMoment(std::uint32_t token);
  std::vector<std::uint32_t> stretchKey(const Node& node, std::uint32_t token) const;
  void arriveSince(const Node& node, std::uint32_t token);
  void leaveSince(const Node& node, std::uint32_t token);
  void endStretches();
  void collectWindows(FactId fact, const Row& after);
  Value windowKey(const Node& window, const Row& row) const;
  void displace();

  const Network& network_;
  WorkingMemory& memory_;
  Clocked clock_;
  const Surroundings& surroundings_;
  MatchListener& listener_;

  Slab<Token> tokens_;
  Slab<Entry> entries_;
  Slab<Record> records_;
  Slab<Blocking> blockings_;
  ValueRuns values_;
  // tokens of this change; their numbers are not used again before its end
  std::vector<std::uint32_t> gone_;
  std::vector<std::uint32_t> goneRecords_;
  std::vector<std::uint32_t> arrivedEnds_;  // those that are kArrived

  struct LeftMemory {
    Chains chains;
    std::unique_ptr<OrderedIndex> ordered;
    std::unique_ptr<Intervals> intervals;  // of nodes that a range alone decides
  };
  struct RightMemory {
    Chains chains;
    std::unique_ptr<OrderedIndex> ordered;
    KeyNumbers<std::equal_to<Value>> keys;  // the trees of `ordered`, where there are keys
  };
  std::vector<LeftMemory> lefts_;    // by node
  std::vector<RightMemory> rights_;  // by AlphaIndexId
  // by node: facts of an alpha memory, tokens that stand at a beta node
  std::vector<std::uint32_t> counts_;
  std::vector<NodeCounters> counters_;  // by node
  mutable Unknowns unknowns_;           // also noted by look-ups that change nothing else
  // by node: whose memories its tokens are, for the listener
  std::vector<std::vector<NodeId>> reported_;
  FlatMap<std::uint64_t, std::uint32_t> recordByHash_;  // the first of those alike

  // a heap, smallest first: node id, then what is to be decided
  std::vector<std::uint64_t> dirty_;
  std::vector<std::uint32_t> newMatches_;  // tokens
  std::vector<NewMatch> delivered_;
  struct Sortable {
    std::uint64_t keys[3];
    std::uint32_t token;
  };
  std::vector<Sortable> sortable_;

  // The change at hand
  FactId changedFact_ = kNoFact;
  FieldMask changed_ = 0;
  // by node: the last change in which it read the fact before, after
  std::vector<std::uint32_t> leaving_, entering_;
  std::uint32_t epoch_ = 0;
  std::vector<NodeId> was_, is_, readers_;
  std::vector<Value> nextFields_;
  std::vector<std::uint32_t> carrying_;
  // candidates that go: where they stand in an ordered index
  struct Departure {
    std::uint32_t index, place;
  };
  std::vector<Departure> departures_;
  std::vector<std::uint32_t> turned_;  // scratch: tokens whose range is met now, or no more
  std::vector<Value> key_;             // scratch
  // scratch: of a candidate that is accumulated; what a record gives
  std::vector<Value> arguments_, decided_;

  // Time and windows
  std::set<std::pair<Time, std::uint32_t>> moments_;  // with the tokens that wait for them
  FlatMap<std::uint32_t, Time> momentOf_;             // by token
  // Facts beside the match that tokens have read through references, both ways
  FlatMap<std::uint32_t, std::vector<FactId>> readBy_;         // by token, each once
  FlatMap<std::uint32_t, std::set<std::uint32_t>> readersOf_;  // by fact: tokens
  // Nodes that ask queries, with all tokens that stand at them
  struct Asker {
    NodeId node;
    std::set<std::uint32_t> tokens;
  };
  std::vector<Asker> askers_;
  FlatMap<std::uint32_t, std::uint32_t> askerOf_;     // by node
  std::vector<std::vector<std::uint32_t>> askersOf_;  // by type that they look at
  bool deferring_ = false;
  std::vector<std::uint32_t> deferred_;  // tokens that have arrived meanwhile
  struct Stretch {
    Time since = 0;
    std::uint32_t tokens = 0;
  };
  std::map<std::vector<std::uint32_t>, Stretch> stretches_;  // by node and facts
  // in this change: stretches without tokens
  std::vector<std::vector<std::uint32_t>> ending_;
  std::vector<std::unique_ptr<NewestOfEach>> newest_;  // by node
  std::vector<NodeId> windows_;                        // the Newest nodes
  std::vector<NodeId> movedTo_;                        // scratch: windows with another key
  struct Displacement {
    NodeId window{};
    FactId fact = kNoFact;
    bool enters = false;
  };
  std::vector<Displacement> displacements_;  // of this change
  std::vector<FactId> displaced_;

  std::deque<Frames> frames_;
  std::size_t depth_ = 0;
};

}  // namespace reticle
