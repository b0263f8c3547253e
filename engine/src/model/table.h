// A decision table as boxes of values: what the analysis of coverage reads, beside the function
// that the table has become.
//
// A row is a box: one set of values for each column. What a cell with `if` matches is known when it
// asks for nothing but the column's own parameter and constants; else it is not certain, and its
// values are those that it may match.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/value_set.h"
#include "reticle/diagnostic.h"

namespace reticle::model {

struct Table {
  struct Column {
    std::string name;
    Type type;
  };
  struct Cell {
    ValueSet values;  // what it matches; of an uncertain one, what it may match
    bool certain = true;
    Span span;
  };
  struct Row {
    std::vector<Cell> cells;
    Span span;
  };
  enum class Hit : std::uint8_t { Unique, First, Any, Collect };

  std::string name;
  Hit hit = Hit::Unique;
  bool hasDefault = false;
  std::vector<Column> columns;
  std::vector<Row> rows;
  Span nameSpan;
  // Whether all that the row matches is known.
  bool certain(std::size_t row) const;
};

}  // namespace reticle::model
