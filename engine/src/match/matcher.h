// Keeps the matches of all rules in step with working memory, change by change (Forgy 1982; hashed memories and deletion by token
// tree after Doorenbos 1995, chapter 2).
//
// A token is a partial match: its parent's facts and one more. Tokens form a tree, so that deleting one deletes what grew from it and nothing
// else is searched. Not, exists and accumulate nodes hold an entry for each token of their left parent; an entry passes tokens on only
// while it is active.
//
// One change, in this order (see change()):
//   1. the fact leaves the indexes it no longer belongs to
//   2. tokens that carry it go, then what it blocked or supported is looked at again, descendants first
//   3. its fields take their new values
//   4. it enters the indexes, then the nodes that read them, descendants first: a fact that enters both sides of a join must not meet itself twice
// Meanwhile nodes still waiting for step 4 do not see the fact (`hidden`).
//
// The matcher decides what matches; the agenda orders, the session acts.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "base/flat_map.h"
#include "match/working_memory.h"
#include "network/network.h"

namespace reticle {

// Told about every change of the matches, while it happens. Must not change working memory.
class MatchListener {
 public:
  virtual ~MatchListener() = default;
  // A complete match of a rule. `token` names it until it is removed.
  virtual void matchAdded(RuleId rule, TokenId token) = 0;
  virtual void matchRemoved(TokenId token) = 0;
  // A fact or token entered or left the memory of a node. Only called when watching() is true.
  virtual void memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts, std::uint32_t count) = 0;
  virtual bool watching() const = 0;
};

class Matcher {
 public:
  Matcher(const Network& network, WorkingMemory& memory, const Surroundings& surroundings, MatchListener& listener);

  // Matches of rules that need no fact. Once, before any fact.
  void begin();
  void add(FactId fact);                                   // Requires: in working memory, not yet added
  void remove(FactId fact);                                // Requires: added; leaves working memory alone
  // Assigns in working memory, too.
  void update(FactId fact, const std::vector<std::pair<FieldId, Value>>& values, std::uint64_t recency);

  // Facts of a match by row, and its locals, appended.
  void rowsOf(TokenId token, std::vector<Row>& rows, std::vector<Value>& locals) const;
  std::vector<FactId> factsOf(TokenId token) const;        // of the rows bound, in order
  std::uint32_t memoryCount(NodeId node) const { return counts_[index(node)]; }

 private:
  struct Token {
    NodeId node{};
    TokenId parent = kNoToken, firstChild = kNoToken, previousSibling = kNoToken, nextSibling = kNoToken;
    FactId fact = kNoFact;
    TokenId previousOfFact = kNoToken, nextOfFact = kNoToken;
    std::uint32_t serial = 0;         // 0: free; distinguishes tokens that lived in one slot
    std::uint32_t count = 0;          // Not, Exists: candidates that block or support
    std::uint32_t values = kNoValues; // position in values_
    bool active = true;               // entries: passes on
  };
  struct Frames { std::vector<Row> rows; std::vector<Value> locals; };
  struct Touched { NodeId node; TokenId token; std::uint32_t serial; };
  static constexpr std::uint32_t kNoValues = 0xffffffffu;
  enum class Truth : std::uint8_t { False, True, Unknown };

  Token& at(TokenId id) { return tokens_[index(id)]; }
  const Token& at(TokenId id) const { return tokens_[index(id)]; }
  static std::uint32_t index(TokenId id) { return static_cast<std::uint32_t>(id); }
  template <typename Id> static std::uint32_t index(Id id) { return reticle::index(id); }
  const Node& node(NodeId id) const { return network_.nodes[index(id)]; }

  void change(FactId fact, const std::vector<std::pair<FieldId, Value>>* values, std::uint64_t recency, bool before, bool after);
  void collectAlpha(NodeId from, const Row& row, std::vector<NodeId>& out) const;
  bool passes(const Node& test, const Row& row) const;

  void leftActivate(const Node& node, TokenId token);
  void rightAdd(const Node& node, FactId fact);
  void rightRemove(const Node& node, FactId fact);
  void join(const Node& node, TokenId left, FactId fact);
  void passOn(TokenId token);                             // its node's memory gains it; children are activated
  void withdraw(TokenId token);                           // its node's memory loses it; what grew from it goes
  void flip(TokenId entry);                               // makes a Not or Exists entry as active as its count says
  void recompute(const Node& node, TokenId entry);

  TokenId newToken(const Node& node, TokenId parent, FactId fact);
  std::uint32_t newValues();                              // an empty place in values_
  void deleteToken(TokenId token);
  bool visible(const Node& node, std::uint32_t fact) const { return fact != hiddenFact_ || !hidden_[index(node.id)]; }

  Frames& openFrame(TokenId token);
  void closeFrame() { --depth_; }
  void fillFrame(TokenId token, Frames& frame) const;
  bool leftHash(const Node& node, const Frames& frame, std::uint64_t& hash) const;
  bool rightHash(const std::vector<Code>& keys, const Row& row, std::uint64_t& hash) const;
  Truth tests(const Node& node, const Frames& frame) const;      // keys and residual tests; the candidate stands in its row
  // Calls `use(left or entry token, truth)` for each candidate pair of a fact arriving on the right.
  template <typename Use> void forEachLeft(const Node& node, FactId fact, Use use);

  const Network& network_;
  WorkingMemory& memory_;
  const Surroundings& surroundings_;
  MatchListener& listener_;
  std::vector<Token> tokens_;
  std::vector<TokenId> free_;
  std::uint32_t nextSerial_ = 1;
  std::vector<std::vector<Value>> values_;
  std::vector<std::uint32_t> freeValues_;
  std::vector<HashIndex> alphaIndexes_;                   // by AlphaIndexId
  std::vector<HashIndex> leftIndexes_;                    // by node: Join: left tokens; Not, Exists, Accumulate: entries
  std::vector<std::uint32_t> counts_;                     // by node
  std::vector<std::uint8_t> hidden_;                      // by node, for hiddenFact_
  std::uint32_t hiddenFact_ = 0;
  std::deque<Frames> frames_;
  std::size_t depth_ = 0;
};

}  // namespace reticle
