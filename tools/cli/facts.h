// Facts from files: JSON (`[{"type", "fields"}]` or `{"Type": [{…}]}`), JSON Lines (one fact a
// line) and tables (CSV, TSV: a header row, one fact a row).
#pragma once

#include <string>

#include "reticle/csv.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

struct FactCounts {
  std::size_t taken = 0, refused = 0;
};

// How a file of facts is to be read.
struct FactsFile {
  std::string path;
  std::string type;  // empty: what the file says; in JSON of items that name none
  CsvOptions table;  // of tables; `ignoreUnknown` counts for JSON as well
};

// Hands the facts of a file in, one input each. What is refused is said on the error stream with
// its place, at most ten times of a kind; the rest is kept.
FactCounts submitFacts(Engine& engine, const Schema& schema, const FactsFile& file,
                       const std::string& text);
// The same for a table, whatever its file is called.
FactCounts submitTable(Engine& engine, const Schema& schema, const FactsFile& file,
                       const std::string& text);

}  // namespace reticle::cli
