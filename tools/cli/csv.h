// CSV as RFC 4180 has it, and its rows as the fields of a type. The same rules as in
// wasm/src/csv.ts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/fields.h"
#include "reticle/result.h"
#include "reticle/schema.h"

namespace reticle::cli {

// the line it begins on
struct CsvRow {
  std::uint32_t line = 1;
  std::vector<std::string> cells;
};
struct Csv {
  std::vector<CsvRow> rows;
  std::uint32_t badLine = 0;  // not 0: `problem` is there, and there are no rows
  std::string problem;
};

// Quotes doubled inside quotes, line ends of any kind; empty lines are passed over, a byte order
// mark too.
Csv parseCsv(std::string_view text);

// The type a file is about: the one it is named after, or else the only one that has the most of
// its columns as fields.
const TypeSchema* csvType(const Schema& schema, const std::string& path,
                          const std::vector<std::string>& columns);

// A row's fields by the declared types. An empty cell leaves its field out, so that the default
// counts; for a string that has none it is the empty string. Columns the type does not have are
// left out.
Result<Fields> csvFields(const TypeSchema& type, const std::vector<std::string>& columns,
                         const CsvRow& row);

}  // namespace reticle::cli
