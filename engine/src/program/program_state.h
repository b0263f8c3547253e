// What a compiled program is made of.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "flow/code.h"
#include "model/model.h"
#include "network/network.h"
#include "reticle/diagnostic.h"

namespace reticle {

// Stays where it was made: `flows` points into `model`.
class Program {
 public:
  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  model::Program model;
  // Built from the model, and indexed by the ids of its rules.
  Network network;
  std::vector<FlowCode> flows;
  // As they were compiled: spans point into them.
  std::vector<Source> sources;
  // Of tests: what an action `replace rules`, by its place, goes on with.
  std::vector<std::pair<Span, std::shared_ptr<const Program>>> replacements;
  std::uint64_t hash = 0;  // of the canonical model dump: comments and layout do not change it
};

}  // namespace reticle
