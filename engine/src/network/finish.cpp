// What depends on the whole network and is settled after the last rule: children, readers and
// layers, what a change of a memory's facts can concern, dispatch, and where matches are counted.
#include <algorithm>

#include "network/builder.h"

namespace reticle {
namespace {

class Finisher {
 public:
  explicit Finisher(Network& network) : network_(network) {}

  void run() {
    linkChildren();
    moveBehindBranches();
    // Children have larger ids, so they are finished before their parents.
    for (std::size_t i = network_.nodes.size(); i-- > 0;) {
      Node& at = network_.nodes[i];
      // Descendants first: the order in which a fact reaches them.
      std::reverse(at.readers.begin(), at.readers.end());
      if (isAlpha(at.kind)) {
        finishAlpha(at);
      } else {
        at.counted = at.children.empty() ? at.id : tokensAfter(at.children[0]);
      }
    }
    alignProductions();
  }

 private:
  Node& node(NodeId id) { return network_.nodes[index(id)]; }

  void linkChildren() {
    for (Node& at : network_.nodes) {
      if (at.left != kNoNode) {
        (at.inBranch ? node(at.left).branches : node(at.left).children).push_back(at.id);
        at.layer = node(at.left).layer + 1;
      }
      if (at.right != kNoNode) {
        Node& above = node(at.right);
        (at.kind == NodeKind::Newest ? above.windows
         : isAlpha(at.kind)          ? above.children
                                     : above.readers)
            .push_back(at.id);
        at.layer = std::max(at.layer, above.layer + 1);
      }
      if (!isAlpha(at.kind) && at.layer == 0) at.layer = 1;
    }
  }

  // What stands after a group is drawn to the right of its branches.
  void moveBehindBranches() {
    for (Node& at : network_.nodes) {
      if (at.left == kNoNode) continue;
      std::uint32_t least = node(at.left).layer + 1;
      if (!at.inBranch && ownsBranches(node(at.left).kind)) {
        least = network_.nodes[node(at.left).flushAt].layer + 1;
      }
      at.layer = std::max(at.layer, least);
    }
  }

  // Rules stand at the right edge, whatever the length of their path.
  void alignProductions() {
    std::uint32_t deepest = 0;
    for (const Node& at : network_.nodes) deepest = std::max(deepest, at.layer);
    for (Node& at : network_.nodes) {
      if (at.kind == NodeKind::Production) at.layer = deepest;
    }
  }

  // Requires: all children are finished.
  void finishAlpha(Node& at) {
    at.counted = at.id;
    at.subtreeReads = at.testReads;
    for (const NodeId child : at.children) {
      at.subtreeReads |= node(child).subtreeReads;
      at.dispatch.add(child, node(child).tree, node(child).loose);
    }
    at.dispatch.finish();
    for (const NodeId window : at.windows) at.subtreeReads |= node(window).subtreeReads;
    for (const AlphaIndexId id : at.indexes) {
      at.subtreeReads |= network_.indexes[reticle::index(id)].reads;
    }
    for (const NodeId reader : at.readers) at.subtreeReads |= node(reader).reads;
  }

  // The next node that keeps tokens: where the matches that reach `id` can be counted.
  NodeId tokensAfter(NodeId id) {
    while (passesThrough(node(id).kind) && !node(id).children.empty()) id = node(id).children[0];
    return id;
  }

  Network& network_;
};

}  // namespace

void finishNetwork(Network& network) { Finisher(network).run(); }

}  // namespace reticle
