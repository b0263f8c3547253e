// Tables as facts: text in rows and cells (CSV, TSV), read by the declared types of their fields.
//
// One reader for the command and for hosts. Nothing is lost in silence: a column that no field has,
// a row with too many or too few cells, a cell that does not fit its field and a text that is not
// UTF-8 are each named, with the line and what would be right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reticle/fields.h"
#include "reticle/schema.h"

namespace reticle {

struct CsvOptions {
  // What stands between the cells. 0: whichever of `,` `;` and tab makes the most of the first row
  // fields; a file called `.tsv` has tabs.
  char delimiter = 0;
  // What stands in numbers before the fraction. 0: a point; in a text with `;` a comma, if one
  // stands in a cell for a `double`.
  char decimal = 0;
  // The names of the columns, when the text has no header row.
  std::vector<std::string> columns;
  // Columns and the fields they are for: {"Verbrauch (kWh)", "kwh"}.
  std::vector<std::pair<std::string, std::string>> fields;
  // Cells that mean null, such as "NA".
  std::vector<std::string> nulls;
  // Columns that no field has are passed over. Otherwise the whole text is refused for them.
  bool ignoreUnknown = false;
  // So many lines stand in front of the header, or of the first row where there is no header.
  std::size_t skipLines = 0;
  // Lines that begin with this are no rows: "#".
  std::string comment;
  // A row may end early: the cells that are missing are empty. Otherwise such a row is refused.
  bool shortRows = false;
};

// What is wrong, or, when `count` is more than one, how many more times.
struct CsvProblem {
  std::uint32_t line = 0;  // from 1; 0: of several lines, or of the whole text
  std::string message;
  std::size_t count = 1;
  std::string place;  // where there are no lines: "item 12" of a list
};

// Problems by their kinds: the first ten of a kind are kept, the others counted.
class CsvProblems {
 public:
  // `kind`: what they have in common, in words: "column price needs a number".
  void add(std::uint32_t line, std::string message, const std::string& kind,
           std::string place = {});
  // In the order they came; then, for each kind with more than ten, how many more.
  std::vector<CsvProblem> take();
  // Of all of them, also those that are only counted.
  std::size_t count() const { return count_; }

 private:
  std::vector<CsvProblem> problems_;
  std::map<std::string, std::size_t> kinds_;
  std::size_t count_ = 0;
};

struct CsvFact {
  std::uint32_t line = 0;
  Fields fields;
};

struct CsvFacts {
  std::string type;            // of all facts; empty when no type is known
  std::vector<CsvFact> facts;  // in the order of the text
  CsvProblems problems;
};

// Reads a text as facts of one type: of `type`, or, when that is empty, of the type that the file
// is named after, or else of the only one that has most of the columns as fields.
//
// RFC 4180: quotes are doubled inside quotes, lines end in any way, empty lines and a byte order
// mark are passed over. An empty cell leaves its field out, so that the default counts; for a
// string without one it is the empty string. `true` and `false` may be written in capitals, times
// without seconds, without a zone (UTC) and with a space for the `T`; dates alone are midnight UTC,
// and may be written 2024/03/01 and 01.03.2024.
CsvFacts readCsv(const Schema& schema, std::string_view file, std::string_view text,
                 std::string_view type = {}, const CsvOptions& options = {});

// Why a text is not UTF-8, for people: UTF-16 is called so, else the line and the byte of the first
// mistake are named. Empty: it is.
std::string notUtf8(std::string_view text);

}  // namespace reticle
