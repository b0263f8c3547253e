// Tests and values of conditions that had no value when they were evaluated: of each node which
// causes, and how often. For people who wonder why nothing matches; the matcher itself goes on with
// "unknown".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

class Unknowns {
 public:
  struct Cause {
    std::string code, message;
    std::uint64_t times = 0;
  };

  // Requires: an error
  void note(NodeId node, const Value& error) {
    std::vector<Cause>& causes = byNode_[node];
    for (Cause& cause : causes) {
      if (cause.message == error.errorMessage()) {
        ++cause.times;
        return;
      }
    }
    // Messages may hold values: the first few say what is wrong.
    if (causes.size() == kMostCauses) return;
    causes.push_back({std::string(error.errorCode()), std::string(error.errorMessage()), 1});
  }
  const std::map<NodeId, std::vector<Cause>>& byNode() const { return byNode_; }

 private:
  static constexpr std::size_t kMostCauses = 8;  // of one node

  std::map<NodeId, std::vector<Cause>> byNode_;
};

}  // namespace reticle
