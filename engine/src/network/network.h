// The compiled rules: alpha tests and beta nodes, shared where rules agree. Immutable; memories
// belong to a session and are indexed by node id.
//
//      type Customer                     alpha part: one node a type, then one a test, shared by
//                                        the test's canonical text
//        └─ test loggedIn
//              │ (right)
//   root ──▶ join ──▶ not ──▶ filter ──▶ production        beta part: a node extends the matches of
//                                                          its left parent
//                      │
//                      └─▶ join ──▶ join ──▶ end           a branch: the conditions in braces under
//                                                          not, exists, accumulate or either; its
//                                                          end reports to the node it hangs from
//
// Node ids are dense and topological: a node's parents have smaller ids, and what follows a group
// has larger ids than the group's branches.
//
// Tokens. A partial match is kept where it is consumed: a token stands in the left memory of a node
// and carries what its producer added, a fact or values. Let and filter keep none; what they let
// through goes straight on to the next node that does. So the chain of tokens above a node's token
// has one shape, known when the network is built (TokenPath).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/code.h"
#include "model/model.h"
#include "network/dispatch.h"
#include "reticle/ids.h"

namespace reticle {

// ORDER: names in src/network/dump.cpp
enum class NodeKind : std::uint8_t {
  // alpha; Newest: of those that reach the memory above, the newest ones
  Type,
  Test,
  Newest,
  Join,
  Not,
  Exists,  // over one pattern: facts come from the alpha memory `right`
  NotGroup,
  ExistsGroup,  // over the branch that hangs from the node
  Either,       // over several branches
  Accumulate,   // over the branch of its candidates
  Each,
  Let,
  Filter,
  // a let or filter that asks `passed`: its tokens stay, and are looked at again when the moment
  // comes
  Wait,
  // adds since when the facts of its tokens have been together without a break
  Since,
  End,  // of a branch
  Production,
};
constexpr bool isAlpha(NodeKind kind) {
  return kind == NodeKind::Type || kind == NodeKind::Test || kind == NodeKind::Newest;
}
constexpr bool ownsBranches(NodeKind kind) {
  return kind == NodeKind::NotGroup || kind == NodeKind::ExistsGroup || kind == NodeKind::Either ||
         kind == NodeKind::Accumulate;
}
// Whether matches only pass through, without a token of their own.
constexpr bool passesThrough(NodeKind kind) {
  return kind == NodeKind::Let || kind == NodeKind::Filter;
}

// Fields of a type, one bit each; positions from 63 up share the last bit (which is then tested
// conservatively).
using FieldMask = std::uint64_t;
constexpr FieldMask bitOf(FieldId field) {
  return FieldMask{1} << (index(field) < 63 ? index(field) : 63);
}

// Where a row or local is found from a token: so many parents up, the fact there, or the value at a
// position.
struct TokenPath {
  static constexpr std::uint16_t kFact = 0xffff, kUnbound = 0xffff;
  std::uint16_t hops = kUnbound;
  std::uint16_t position = kFact;  // of the token's values
};

// What a comparison reads: a field of the candidate, a field of an earlier row, or anything else.
struct Operand {
  enum class Kind : std::uint8_t { Candidate, Row, Local, Constant, Code } kind = Kind::Code;
  TokenPath path;           // Row, Local
  std::uint32_t field = 0;  // Candidate, Row
  // Code: of a left operand all rows, of a right operand the candidate at row 0; Constant:
  // constants[0]
  Code code;
};

// One equality between a match and the candidate.
struct JoinKey {
  Operand left, right;
  std::string text;  // "customerId == c.id"
};

// An ordered index: candidates, and matches, in order of these. What is found by it is tested
// again.
struct RangeKey {
  bool present = false;
  Operand right;
  Operand low, high;  // bounds of `right`
  bool hasLow = false, hasHigh = false;
  bool strictLow = false, strictHigh = false;
  // Not, Exists: the keys and this range are all that is asked of a candidate. Then there may be
  // keys, too, and nothing is tested again. Of a candidate nothing can fail; a bound without a
  // value, or of another kind, makes the comparison unknown for all candidates.
  bool decides = false;
  TypeKind kind = TypeKind::Any;  // of `right`
};

struct ResidualTest {
  // Compare: `left op right`, both of them operands that need no evaluation.
  enum class Kind : std::uint8_t { Compare, Code } kind = Kind::Code;
  Operator op = Operator::None;
  Operand left, right;
  Code code;  // all rows, the candidate in its own
  std::string text;
  Span span;
};

// An index over an alpha memory, shared by the nodes that look facts up by the same fields.
enum class AlphaIndexId : std::uint32_t {};
constexpr AlphaIndexId kNoIndex{0xffffffffu};
struct AlphaIndex {
  NodeId alpha{};
  std::vector<Operand> keys;  // of the candidate; empty: one bucket
  bool ordered = false;
  bool decides = false;  // ordered, for readers whose range decides; only these may have keys, too
  Operand order;         // of the candidate
  FieldMask reads = 0;   // fields they read
};

// What a token at a node carries beside its parent's: the fact for a row, and values for locals (or
// rows: a fact exported by an either).
struct Binding {
  static constexpr std::uint32_t kNone = 0xffffffffu;
  std::uint32_t row = kNone;
  // Place: which element of a list it is, for the order of matches. `tells`: matches of the
  // same facts may differ in it.
  struct Slot {
    enum class Kind : std::uint8_t { Local, Row, Place } kind;
    std::uint32_t number;
    bool tells;
  };
  std::vector<Slot> values;
};

struct Node {
  NodeId id{};
  NodeKind kind{};
  NodeId left = kNoNode;   // beta parent; kNoNode: the root
  NodeId right = kNoNode;  // alpha parent; for Type none
  bool inBranch = false;   // its left parent is the node that the branch hangs from
  // alpha: further tests; beta: nodes that take its matches, ascending
  std::vector<NodeId> children;
  std::vector<NodeId> branches;  // the first node of each branch that hangs from it
  // alpha only: beta nodes that take facts from this memory, descending ids
  std::vector<NodeId> readers;
  std::vector<RuleId> rules;  // that share it, ascending
  std::uint32_t layer = 0;    // for the picture: longest path from a type node
  std::string label;
  Span span;

  // Type, Test
  TypeId type{};
  Code test;  // candidate at row 0
  Expr tree;  // of the test
  // Test: lets through what is not definitely false. Beta: what is unknown goes on, marked unsure
  bool loose = false;
  FieldMask testReads = 0;
  FieldMask subtreeReads = 0;         // alpha: fields that tests below, indexes and readers read
  Dispatch dispatch;                  // among the children
  std::vector<AlphaIndexId> indexes;  // over this memory
  std::vector<NodeId> windows;        // Newest nodes below; not among the children
  std::uint64_t newest = 0;           // Newest: how many it holds …
  Code newestBy;                      // … of each value of this; empty: of all

  // Join, Not, Exists
  std::uint32_t row = 0;  // of the candidate
  std::vector<JoinKey> keys;
  RangeKey range;
  AlphaIndexId index = kNoIndex;  // none: a join right after the root
  std::vector<ResidualTest> residual;
  // over a loose memory: the tests to ask again (candidate at row 0), to tell true from unknown
  std::vector<Code> unsureTests;
  // fields of the candidate that the rule's conditions read: a change of others leaves its tokens
  // alone
  FieldMask reads = 0;

  // Each, Let, Filter, Wait
  Code expr;
  bool binds = false;        // Wait: a let
  bool beyond = false;       // Wait: looks at facts beside the match …
  std::vector<TypeId> asks;  // … of these types through queries; asked again after a change of one
  Code where;
  std::uint32_t local = 0;

  // Accumulate, and the End of its branch
  std::vector<model::AccumulateFunction> functions;
  std::vector<model::GroupKey> groupBy;
  bool skipErrors = false;
  // End: of the functions (none for count: a constant), then the group keys
  std::vector<Operand> arguments;

  // End
  NodeId owner = kNoNode;       // the node whose branch it ends
  std::uint16_t ownerHops = 0;  // from its token to the owner's
  std::uint32_t branch = 0;
  struct Exported {
    bool fact = false;
    std::uint32_t from = 0;
    FieldMask reads = 0;
  };
  std::vector<Exported> exports;  // Either: in order; Either itself: row or local it becomes

  // Production
  RuleId rule = kNoRule;

  // Tokens that stand at this node (none for alpha nodes, Let and Filter)
  Binding binding;
  // which node made them: the left parent, or the one before lets and filters
  NodeId producer = kNoNode;
  std::vector<TokenPath> rows, locals;  // where each of them is found from such a token
  // what tells matches of the same facts apart: places in lists, group keys, exported values; in
  // order
  std::vector<TokenPath> places;
  // Production, End: the rows by which matches (candidates of a branch) are ordered
  std::vector<TokenPath> orderRows;
  std::uint32_t firstPlace = 0;  // End: `places` from here on are the branch's own
  // owners of branches, Not and Exists: when a change has reached this id, what holds is decided
  std::uint32_t flushAt = 0;
  // alpha: itself; beta: the node at whose tokens one sees how many matches it lets through
  NodeId counted = kNoNode;
};

struct Network {
  std::vector<Node> nodes;
  std::vector<NodeId> typeNodes;  // by type
  std::vector<AlphaIndex> indexes;
  std::vector<NodeId> productions;  // by rule; kNoNode for disabled rules
  // by rule, by condition: the beta node it became
  std::vector<std::vector<NodeId>> conditionNodes;
  std::uint32_t maxRows = 0, maxLocals = 0;  // of any rule's conditions
  const Node& node(NodeId id) const { return nodes[index(id)]; }
};

Network buildNetwork(const model::Program& program);

const char* name(NodeKind kind);
// The stable dump: one node a line with its parents, tests, keys and sharing.
std::string dump(const Network& network, const model::Program& program);

}  // namespace reticle
