// Facts from files: JSON or YAML (`[{"type", "fields"}]` or `{"Type": [{…}]}`), JSON Lines (one
// fact a line) and tables (CSV, TSV: a header row, one fact a row).
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
  CsvOptions table;  // of tables; `fields` and `ignoreUnknown` count for JSON as well
};

// Whether a file is read as a table: by the end of its name or, when that says nothing, because
// something is said of it that only tables have.
bool isTable(const FactsFile& file);
// An option that only tables have, which is given for a file that is none; empty: there is none.
std::string misplacedTableOption(const FactsFile& file);

// The members of an object, as they stand.
Fields fieldsOf(const Value& object);

// The fields that a type does not have, all of them, for a message: "Order has no fields "a", "b";
// did you mean …"; empty when there are none, the type is open or is not known.
std::string unknownFields(const Schema& schema, const std::string& type, const Fields& fields);
// Takes them away.
void forgetUnknown(const Schema& schema, const std::string& type, Fields& fields);

// Problems of one file on the error stream, by line.
void printProblems(const std::string& path, CsvProblems& problems);

// Hands the facts of a file in, one input each. What is refused is said on the error stream with
// its place, at most ten times of a kind; the rest is kept.
FactCounts submitFacts(Engine& engine, const Schema& schema, const FactsFile& file,
                       const std::string& text);
// The same for a table, whatever its file is called.
FactCounts submitTable(Engine& engine, const Schema& schema, const FactsFile& file,
                       const std::string& text);

}  // namespace reticle::cli
