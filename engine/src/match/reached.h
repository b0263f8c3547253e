// Where one fact is among the nodes of the network, read off the memories.
#pragma once

#include <cstdint>
#include <vector>

#include "expression/code.h"
#include "reticle/explanation.h"

namespace reticle {

// One node to which a fact came, alone or as part of a match.
struct Reached {
  NodeId node{};
  FactPath::How how = FactPath::How::Held;
  std::uint32_t matches = 0;
  // Stopped: of what ends here the one that passes most of the node's tests, as they see it; empty
  // when nothing was tested. The candidate of an alpha test stands in row 0.
  std::vector<Row> rows;
  std::vector<Value> locals;
};

}  // namespace reticle
