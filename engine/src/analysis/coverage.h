// Which values the rows of a decision table match: gaps, overlaps, rows that are never reached.
// Data for diagnostics, hovers and the coverage view.
//
// A row is a box: one set of values for each column. Boxes are compared on a grid of the places
// where some cell begins or ends, by a sweep over the first column and recursion over the others,
// so that what is reported is exact and depends on the rows alone.
//
// What a cell with `if` matches is known when it asks for nothing but the column's own parameter
// and constants; else, and when a cell compares with another parameter, it is not known. Such a row
// counts as one that may match everything its other cells allow when gaps are looked for, and as
// one that matches nothing when overlaps are: nothing is reported that is not certain.
//
// Work is bounded (kMaxSteps): what is left of a table too large for it is not reported, and
// `complete` is false.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/table.h"
#include "model/value_set.h"

namespace reticle::model {

// A box of values, one set for each column.
using Region = std::vector<ValueSet>;

struct Coverage {
  struct Overlap {
    std::size_t first = 0, second = 0;
    Region region;
  };  // rows from 0
  // matches nothing that the rows before it leave
  struct Shadow {
    std::size_t row = 0;
    std::vector<std::size_t> by;
  };

  // what no row matches, whether or not a default stands for it; they do not overlap
  std::vector<Region> gaps;
  std::vector<Overlap> overlaps;  // of rows that are certain, in order
  std::vector<Shadow> shadowed;
  std::vector<std::size_t> uncertain;  // rows with a cell that is not known
  std::vector<std::size_t> idle;       // columns that match everything in every row
  bool complete = true;
};

inline constexpr std::size_t kMaxSteps = 4'000'000;
inline constexpr std::size_t kMaxRegions = 256;

Coverage coverage(const Table& table);

// "u = 0.8 with age > 180"; columns in which everything is meant are left out.
std::string describe(const Table& table, const Region& region);

}  // namespace reticle::model
