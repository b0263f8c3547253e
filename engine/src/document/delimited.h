// Text in rows and cells, as RFC 4180 has CSV, with any sign between the cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reticle {

struct DelimitedRow {
  std::uint32_t line = 1;  // on which it begins
  std::vector<std::string> cells;
};

struct DelimitedText {
  std::vector<DelimitedRow> rows;
  std::uint32_t badLine = 0;  // not 0: `problem` is there, and there are no rows
  std::string problem;
};

// Lines that are no rows.
struct LinesAside {
  std::size_t first = 0;     // so many at the beginning
  std::string_view comment;  // those that begin with this, outside of quotes; empty: none
};

// Quotes are doubled inside quotes, lines end in any way; empty lines are passed over, a byte order
// mark too. Not more than `most` rows are read.
DelimitedText readDelimited(std::string_view text, char delimiter,
                            std::size_t most = static_cast<std::size_t>(-1),
                            const LinesAside& aside = {});

}  // namespace reticle
