// What a constraint of a pattern becomes in the network, read from the tree and the index: the
// table of engine/docs/editor.md.
#pragma once

#include <optional>
#include <string>

#include "language/view.h"

namespace reticle::language {

struct Constraint {
  Span span;         // of the conjunct
  std::string text;  // canonical
  // "an alpha test: …"; empty outside of rules and queries, where no network asks it
  std::string becomes;
  bool canFail = false;
  std::string because;  // what can fail
};

// The constraint around a place; empty when there is none.
std::optional<Constraint> constraintAt(const View& view, std::uint32_t file, std::uint32_t byte);

}  // namespace reticle::language
