// How the network is built: rule by rule, condition by condition, sharing every node whose meaning
// is already there.
//
// A node is shared when its canonical description is equal: the same parents, tests, keys and, for
// beta nodes, the same set of fields that conditions read. The last keeps property reactivity
// exact: sharing with a rule that reads more would re-fire the one that reads less.
//
// Invariants:
//   (1) A node's parents are in the network before it: ids are topological.
//   (2) All nodes of a group's branches follow their owner, before anything that follows the group.
//   (3) No two nodes have the same description.
//
// One class over five sources: builder.cpp (sharing, points, rules), build_alpha.cpp (tests and
// indexes), build_join.cpp (one pattern against what is matched so far), build_group.cpp
// (conditions in braces) and build_value.cpp (lists and values). What depends on the whole network,
// as its children and layers, is settled by finish.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/asking.h"
#include "model/model.h"
#include "network/network.h"
#include "network/split.h"

namespace reticle {

// Fields that are read through rows, by row.
using Masks = std::vector<FieldMask>;

// A place in the beta network where the next condition is to be attached.
struct Point {
  NodeId left = kNoNode;
  bool branch = false;  // what follows begins a branch that hangs from `left`
  bool loose = false;
  NodeId anchor = kNoNode;    // the last node where tokens stand; kNoNode: the root
  NodeId producer = kNoNode;  // what adds to them since then …
  Binding binding;            // … and what it adds
  std::vector<TokenPath> rows, locals, places;  // from a token at `anchor`
};

class NetworkBuilder {
 public:
  explicit NetworkBuilder(const model::Program& program) : program_(program), asking_(program) {}
  // Once.
  Network build();

 private:
  using Condition = model::Condition;
  using Conditions = std::vector<model::Condition>;

  Node& node(NodeId id) { return network_.nodes[index(id)]; }
  const Node& node(NodeId id) const { return network_.nodes[index(id)]; }
  const std::vector<UserFunction>& functions() const { return program_.functions; }
  Expr expanded(const model::Expression& expression) const {
    return expandFunctions(expression.tree, functions());
  }
  Code compiled(const Expr& expr) const { return compileExpr(expr, functions()); }

  // The node of a description, made by `make` when it is new.
  template <typename Make>
  NodeId share(const std::string& description, Make make) {
    auto known = nodes_.find(description);
    if (known != nodes_.end()) return known->second;
    NodeId id{static_cast<std::uint32_t>(network_.nodes.size())};
    Node fresh;
    fresh.id = id;
    make(fresh);
    network_.nodes.push_back(std::move(fresh));
    nodes_.emplace(description, id);
    return id;
  }

  // Alpha part.
  void addType(const model::FactType& type);
  NodeId addTest(NodeId parent, TypeId type, const Expr& test, bool loose);
  NodeId addAlpha(TypeId type, const std::vector<Expr>& tests, bool loose);
  // The node of the newest facts, if the pattern asks for them; otherwise the parent itself.
  NodeId addNewest(NodeId parent, TypeId type, const model::Pattern& pattern);
  // Windows of a number over events that queries and flows look at: nothing reads them, they keep
  // the events.
  void addWindows(const Conditions& conditions);
  void addWindows(const std::vector<model::Action>& actions);
  AlphaIndexId addIndex(NodeId alpha, const Split& parts);
  // What a comparison reads, as seen from the tokens of `at` (null: only the candidate is seen).
  Operand operand(const Expr& expr, std::uint32_t candidateRow, const Node* at) const;

  // Points and tokens.
  // What a node that keeps tokens knows of them when it is attached at a point.
  void place(Node& fresh, const Point& point) const;
  // The point after a node that keeps tokens and adds something to them.
  Point after(NodeId id, Binding adds, bool loose) const;
  Point branchOf(NodeId id, bool loose) const;
  // The node at which the parents of a node's tokens stand.
  NodeId parentToken(NodeId id) const;
  std::string describe(const char* word, const Point& point) const;

  // Conditions.
  Point add(const Conditions& conditions, std::size_t at, Point point, const Masks& later);
  void addReads(const model::Expression& expression, Masks& masks) const;
  void addReads(const Condition& condition, Masks& masks) const;
  // What conditions from `from` on, and what follows them, read through a row.
  FieldMask readsOf(std::uint32_t row, const Conditions& conditions, std::size_t from,
                    const Masks& later) const;
  std::vector<Expr> constraintsOf(const model::Pattern& pattern) const;

  // One pattern.
  Point addPattern(const Conditions& conditions, std::size_t at, const Point& point,
                   const Masks& later);
  Point addSingle(NodeKind kind, const Condition& condition, const std::vector<Expr>& conjuncts,
                  const Point& point, std::size_t alphaMost = SIZE_MAX);
  // What is not true of some candidate: not(P, !Q).
  Point addForall(const Condition& condition, const Point& point);
  // `alphaMost`: see split().
  NodeId addTwoInput(NodeKind kind, const Condition& condition, const std::vector<Expr>& conjuncts,
                     const Point& point, FieldMask reads, std::size_t alphaMost = SIZE_MAX);
  void addTests(Node& fresh, const Split& parts, bool loose) const;
  void addRange(Node& fresh, const Split::Range& range, bool decides) const;
  ResidualTest residualTest(const Expr& test, const Node& fresh) const;
  void labelTwoInput(Node& fresh, const Condition& condition, const Split& parts) const;

  // Groups.
  struct Owner {
    NodeId id;
    bool isNew;  // its branches are still to be built
  };
  // Owners are shared only with their branches: the description holds what these say.
  Owner shareOwner(NodeKind kind, const char* word, const Condition& condition, const Point& point,
                   const std::string& says);
  // The end of a branch from `owner`; `fill` completes it when it is new.
  template <typename Fill>
  NodeId addEnd(NodeId owner, const Point& point, std::uint32_t branch, Fill fill);
  void placeEnd(Node& end, NodeId owner, const Point& point, std::uint32_t branch) const;
  Point addGroup(NodeKind kind, const Condition& condition, const Conditions& conditions,
                 const Point& point);
  Point addEither(const Conditions& conditions, std::size_t at, const Point& point,
                  const Masks& later);
  void addAlternatives(NodeId owner, const Condition& condition, bool loose, const Masks& later);
  Point addAccumulate(const Condition& condition, const Point& point);
  void addCandidates(NodeId owner, const Condition& condition, const Conditions& group);

  // Lists and values.
  Point addEach(const Condition& condition, const Point& point);
  Point addSince(const Condition& condition, const Point& point);
  Point addWait(const Condition& condition, const Expr& expr, const Point& point);
  Point addThrough(const Condition& condition, const Point& point);

  // Rules.
  void addRule(const model::Rule& rule);
  // A node, and all that it stands upon down to `end`, belongs to a rule; branches of its owners
  // do, too.
  void mark(NodeId id, RuleId rule, NodeId end = kNoNode);
  void belong(NodeId id, RuleId rule);

  const model::Program& program_;
  const model::Asking asking_;
  Network network_;
  std::map<std::string, NodeId> nodes_;          // by description
  std::map<std::string, AlphaIndexId> indexes_;  // by description
  std::vector<FieldMask> changed_;
  std::vector<bool> comesAndGoes_;
};

// The pattern of a condition (of a forall, an accumulate) as a condition of its own.
model::Condition patternOf(const model::Condition& condition);

// Settles what depends on the whole network: children and readers of each node, layers of the
// picture, which fields a memory's readers depend on, dispatch. Once, after the last rule.
void finishNetwork(Network& network);

}  // namespace reticle
