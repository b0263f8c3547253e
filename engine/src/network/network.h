// The compiled rules: alpha tests and beta nodes, shared where rules agree. Immutable; memories belong to a session and are indexed by node id.
//
//      type Customer                     alpha part: one node a type, then one a test, shared by the test's canonical text;
//        └─ test loggedIn                every alpha node remembers the facts that reach it
//              │ (right)
//   root ──▶ join ──▶ not ──▶ filter ──▶ production        beta part: a node extends the tokens of its left parent
//
// Node ids are dense and topological: a node's parents have smaller ids. Descending id order is therefore "descendants first", which is how a
// change is propagated to nodes that share an alpha memory: a fact that enters both sides of a join must not meet itself twice.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/code.h"
#include "model/model.h"
#include "reticle/ids.h"

namespace reticle {

// ORDER: the switches in src/match/matcher.cpp; names in src/network/dump.cpp
enum class NodeKind : std::uint8_t { Type, Test, Join, Not, Exists, Accumulate, Let, Filter, Production };

// Fields of a type, one bit each; positions from 63 up share the last bit (which is then tested conservatively).
using FieldMask = std::uint64_t;
constexpr FieldMask bitOf(FieldId field) { return FieldMask{1} << (index(field) < 63 ? index(field) : 63); }

// One side of an equality between the facts of a token and the candidate.
struct JoinKey {
  Code left;                    // reads rows and locals of the token
  Code right;                   // reads the candidate's row only
  std::string text;             // "customerId == c.id"
};

struct ResidualTest { Code code; Expr tree; std::string text; Span span; };

// A hash index over an alpha memory, shared by the beta nodes that look facts up by the same fields.
enum class AlphaIndexId : std::uint32_t {};
struct AlphaIndex {
  NodeId alpha{};
  std::vector<Code> keys;       // read the candidate at row `row`; empty: one bucket
  std::uint32_t row = 0;
  FieldMask reads = 0;          // fields the keys read
};

struct Node {
  NodeId id{};
  NodeKind kind{};
  NodeId left = kNoNode;        // beta parent; kNoNode: the root token
  NodeId right = kNoNode;       // alpha parent; for Type none
  std::vector<NodeId> children; // alpha: further tests; beta: nodes that extend this one's tokens, ascending
  std::vector<NodeId> readers;  // alpha only: beta nodes that take facts from this memory, descending ids
  std::vector<RuleId> rules;    // that share it, ascending
  std::uint32_t layer = 0;      // for the picture: longest path from a type node
  std::string label;
  Span span;

  // Type, Test
  TypeId type{};
  Code test;                    // candidate at row `row`
  std::uint32_t row = 0;        // alpha tests: row their code reads; Join, Not, Exists, Accumulate: the candidate's row
  bool loose = false;           // lets through what is not definitely false (for not and accumulate)
  FieldMask testReads = 0;
  std::vector<AlphaIndexId> indexes;   // alpha: over this memory

  // Join, Not, Exists, Accumulate
  std::vector<JoinKey> keys;
  AlphaIndexId index{};
  std::vector<ResidualTest> residual;
  FieldMask reads = 0;          // fields of the candidate that the rule's conditions read: a change of others leaves its tokens alone
  bool bindsRow = false;        // Join: tokens of this node carry the fact in `row`
  std::vector<model::AccumulateFunction> functions;
  std::vector<Code> unsureTests;       // Accumulate over a loose memory: the tests to ask again, an error makes the result unknown
  bool skipErrors = false;

  // Let, Filter
  Code expr;
  std::uint32_t local = 0;

  // Production
  RuleId rule = kNoRule;
};

struct Network {
  std::vector<Node> nodes;
  std::vector<NodeId> typeNodes;            // by type
  std::vector<AlphaIndex> indexes;
  std::vector<NodeId> productions;          // by rule; kNoNode for disabled rules
  std::vector<std::vector<NodeId>> conditionNodes;   // by rule, by condition: the beta node it became
  std::uint32_t maxRows = 0, maxLocals = 0; // of any rule's conditions
  const Node& node(NodeId id) const { return nodes[index(id)]; }
};

Network buildNetwork(const model::Program& program);

const char* name(NodeKind kind);
// The stable dump: one node a line with its parents, tests, keys and sharing.
std::string dump(const Network& network, const model::Program& program);

}  // namespace reticle
