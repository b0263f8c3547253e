// The stable text of a network, for tests, the command line and the page.
#include "base/unreachable.h"
#include "network/network.h"

namespace reticle {

// ORDER: NodeKind. These words stand in dumps, traces and descriptions of nodes.
const char* name(NodeKind kind) {
  switch (kind) {
    case NodeKind::Type: return "type";
    case NodeKind::Test: return "test";
    case NodeKind::Newest: return "newest";
    case NodeKind::Join: return "join";
    case NodeKind::Not: return "not";
    case NodeKind::Exists: return "exists";
    case NodeKind::NotGroup: return "not group";
    case NodeKind::ExistsGroup: return "exists group";
    case NodeKind::Either: return "either";
    case NodeKind::Accumulate: return "accumulate";
    case NodeKind::Each: return "each";
    case NodeKind::Let: return "let";
    case NodeKind::Filter: return "filter";
    case NodeKind::Wait: return "wait";
    case NodeKind::Since: return "since";
    case NodeKind::End: return "end";
    case NodeKind::Production: return "production";
  }
  unreachable("a kind of node has a name");
}

// The label of a join repeats its keys and tests, so it is written only where there are none.
std::string dump(const Network& network, const model::Program& program) {
  std::string out;
  for (const Node& node : network.nodes) {
    out += std::to_string(index(node.id)) + " " + name(node.kind);
    if (node.left != kNoNode) {
      out += (node.inBranch ? " in " : " left ") + std::to_string(index(node.left));
    }
    if (node.right != kNoNode) out += " right " + std::to_string(index(node.right));
    if (node.loose) out += " loose";
    if (!node.keys.empty()) {
      out += " key";
      for (const JoinKey& key : node.keys) out += " [" + key.text + "]";
    }
    if (!node.residual.empty()) {
      out += " test";
      for (const ResidualTest& test : node.residual) out += " [" + test.text + "]";
    }
    if (node.keys.empty() && node.residual.empty() && !node.label.empty()) out += " " + node.label;
    if (node.range.present) out += " ordered";
    if (node.kind == NodeKind::End) out += " of " + std::to_string(index(node.owner));
    if (node.kind == NodeKind::Join) {
      out += " row " + std::to_string(node.row) + " " + program.type(node.type).name;
    }
    if (node.rules.size() > 1) out += " shared by " + std::to_string(node.rules.size());
    out += "\n";
  }
  return out;
}

}  // namespace reticle
