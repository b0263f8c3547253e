// Facts from files: JSON (`[{"type", "fields"}]` or `{"Type": [{…}]}`) and CSV (a header row, one
// fact a row).
#pragma once

#include <string>

#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

struct FactCounts {
  std::size_t taken = 0, refused = 0;
};

// Hands the facts of a file in, one input each. What is refused is said on the error stream with
// its place; the rest is kept. `type` may be empty;
// for JSON it is the type of items that name none.
FactCounts submitFacts(Engine& engine, const Schema& schema, const std::string& path,
                       const std::string& text, const std::string& type);

// The same for CSV alone.
FactCounts submitCsv(Engine& engine, const Schema& schema, const std::string& path,
                     const std::string& text, const std::string& type);

}  // namespace reticle::cli
