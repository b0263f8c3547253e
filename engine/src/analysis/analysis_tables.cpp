// Decision tables: rows that meet, values that no row matches, rows and columns that do nothing.
#include <algorithm>
#include <optional>

#include "analysis/analysis.h"
#include "analysis/coverage.h"
#include "model/message.h"

namespace reticle::model {
namespace {

constexpr std::size_t kListed = 8;  // regions listed in one message

// Rows are counted from 1, as they are read.
std::string rowsText(const std::vector<std::size_t>& rows) {
  std::vector<std::string> numbers;
  for (std::size_t row : rows) numbers.push_back(std::to_string(row + 1));
  std::string text = rows.size() == 1 ? "row " : "rows ";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == numbers.size() ? " and " : ", ") + numbers[i];
  }
  return text;
}

// The conditions of a row, without its result.
Span cellsOf(const Table::Row& row) {
  return row.cells.empty()
             ? row.span
             : Span{row.span.file, row.cells.front().span.begin, row.cells.back().span.end};
}

// A number as one says it in a sentence.
std::string countText(std::size_t count) {
  static constexpr const char* kWords[] = {"no",   "one",    "two",   "three", "four",
                                           "five", "six",    "seven", "eight", "nine",
                                           "ten",  "eleven", "twelve"};
  return count < std::size(kWords) ? kWords[count] : std::to_string(count);
}

// Only orders are rewritten; all else is an equality.
std::string signOf(Operator op) {
  switch (op) {
    case Operator::Less: return "<";
    case Operator::LessEqual: return "<=";
    case Operator::Greater: return ">";
    case Operator::GreaterEqual: return ">=";
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::In:
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo:
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive: break;
  }
  return "==";
}

// A cell as written, one test of it with another operator or another end.
struct Rewritten {
  std::string text;
  Edit edit;
};
// Only the operator or the end changes, so that the author's spelling stays.
std::optional<Rewritten> rewritten(const tree::Cell& cell, Operator op) {
  if (cell.operands.empty()) return std::nullopt;
  const Expr& first = cell.operands[0];
  Rewritten made;
  if (cell.kind == tree::Cell::Kind::Range && cell.operands.size() == 2) {
    const Span between{cell.span.file, first.span.end, cell.operands[1].span.begin};
    made.edit = {between, op == Operator::Exclusive ? "..<" : ".."};
    made.text = toText(first) + made.edit.text + toText(cell.operands[1]);
  } else {
    made.edit = {{cell.span.file, cell.span.begin, first.span.begin}, signOf(op) + " "};
    made.text = signOf(op) + " " + toText(first);
  }
  return made;
}

// How a single test ends at a value, and what the operator is called when it gives the value up, or
// takes it in.
struct End {
  Operator without, with;
  bool includes;
};
// A cell of several tests has no one place to change.
std::optional<End> endAt(const Table::Cell& cell, const std::vector<tree::Cell>& tests, Line line,
                         const Value& point, bool upper) {
  if (tests.size() != 1 || !cell.certain || cell.values.intervals().size() != 1) {
    return std::nullopt;
  }
  const Interval& interval = cell.values.intervals()[0];
  const Cut before = cutAt(line, Cut::Side::Before, point),
            behind = cutAt(line, Cut::Side::Behind, point);
  const tree::Cell& test = tests[0];
  if (test.openStart) return std::nullopt;
  const Cut& cut = upper ? interval.to : interval.from;
  const bool includes = compare(cut, upper ? behind : before) == 0;
  if (!includes && compare(cut, upper ? before : behind) != 0) return std::nullopt;
  if (test.kind == tree::Cell::Kind::Range) {
    if (!upper || (test.op == Operator::Inclusive) != includes) return std::nullopt;
    return End{Operator::Exclusive, Operator::Inclusive, includes};
  }
  if (test.kind != tree::Cell::Kind::Compare) return std::nullopt;
  const End end = upper ? End{Operator::Less, Operator::LessEqual, includes}
                        : End{Operator::Greater, Operator::GreaterEqual, includes};
  if (test.op != (includes ? end.with : end.without)) return std::nullopt;
  return end;
}

// The column in which a region is one value, and that value.
struct SinglePoint {
  std::size_t column = 0;
  Value value;
};
// Choices and truth values are points too, but no ends of anything.
std::optional<SinglePoint> pointIn(const Table& table, const Region& region) {
  for (std::size_t column = 0; column < region.size(); ++column) {
    if (lineOf(table.columns[column].type) == Line::Choice ||
        lineOf(table.columns[column].type) == Line::Truth) {
      continue;
    }
    if (std::optional<Value> value = region[column].single()) {
      return SinglePoint{column, std::move(*value)};
    }
  }
  return std::nullopt;
}

// By their text: what is not known as a set of values can still be the same.
bool sameTests(const std::vector<tree::Cell>& a, const std::vector<tree::Cell>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const tree::Cell& x, const tree::Cell& y) {
        return x.kind == y.kind && x.op == y.op &&
               std::equal(x.operands.begin(), x.operands.end(), y.operands.begin(),
                          y.operands.end(),
                          [](const Expr& p, const Expr& q) { return toText(p) == toText(q); });
      });
}

// By their text, too.
bool sameResults(const tree::TableRow& a, const tree::TableRow& b) {
  return std::equal(a.results.begin(), a.results.end(), b.results.begin(), b.results.end(),
                    [](const Expr& x, const Expr& y) { return toText(x) == toText(y); });
}

}  // namespace

// One table with its coverage, reported in one message for each cause.
class TableReport {
 public:
  TableReport(const Table& table, const tree::Declaration& written, std::vector<Diagnostic>& out)
      : table_(table), written_(written), out_(out), coverage_(coverage(table)) {}

  // The order decides which of several messages about one mistake is the one that is reported:
  // equal rows before overlaps, and overlaps before gaps, which are then a part of their message.
  void run() {
    for (std::size_t row = 1; row < table_.rows.size(); ++row) reportEqual(row);
    const bool gaps =
        !coverage_.gaps.empty() && !table_.hasDefault && table_.hit != Table::Hit::Collect;
    bool reported = false;
    if (table_.hit == Table::Hit::Unique) reported = reportOverlaps(gaps);
    if (table_.hit == Table::Hit::Any) reportUnlike();
    if (table_.hit == Table::Hit::First) reportShadowed();
    if (gaps && !reported) reportGaps();
    reportIdle();
  }

 private:
  Diagnostic& say(Level level, const char* code, Span span, std::string message) {
    Diagnostic d;
    d.code = code;
    d.level = level;
    d.span = span;
    d.message = std::move(message);
    out_.push_back(std::move(d));
    return out_.back();
  }

  // By the sets of values where both are known, by the text where neither is.
  bool equalRows(std::size_t a, std::size_t b) const {
    for (std::size_t column = 0; column < table_.columns.size(); ++column) {
      const Table::Cell &x = table_.rows[a].cells[column], &y = table_.rows[b].cells[column];
      const bool same = x.certain && y.certain
                            ? x.values == y.values
                            : x.certain == y.certain && sameTests(written_.rows[a].cells[column],
                                                                  written_.rows[b].cells[column]);
      if (!same) return false;
    }
    return true;
  }

  bool wasReported(std::size_t row) const {
    return std::find(equal_.begin(), equal_.end(), row) != equal_.end();
  }

  // Rows with equal conditions: the plainest case of an overlap, reported at the later row, once.
  void reportEqual(std::size_t row) {
    if (table_.hit == Table::Hit::Collect) return;
    std::size_t first = 0;
    while (first < row && (wasReported(first) || !equalRows(first, row))) ++first;
    if (first == row) return;
    equal_.push_back(row);
    // What is wrong depends on the policy and on whether the results differ.
    const bool same = sameResults(written_.rows[first], written_.rows[row]);
    const std::string both =
        "rows " + std::to_string(first + 1) + " and " + std::to_string(row + 1);
    const Span here = cellsOf(table_.rows[row]), there = cellsOf(table_.rows[first]);
    const auto finish = [&](Diagnostic& d) {
      d.related.push_back({there, "the same conditions"});
      if (same) {
        d.fixes.push_back(
            edit("take row " + std::to_string(row + 1) + " away", table_.rows[row].span, ""));
      }
    };
    if (table_.hit == Table::Hit::First) {
      if (allows(written_, "RL5003")) return;
      finish(say(Level::Warning, "RL5003", here,
                 "row " + std::to_string(row + 1) + " is never reached: row " +
                     std::to_string(first + 1) + " has the same conditions"));
    } else if (table_.hit == Table::Hit::Any && !same) {
      finish(say(Level::Error, "RL5005", here,
                 both + " have the same conditions and give different results"));
    } else if (table_.hit == Table::Hit::Any) {
      if (!allows(written_, "RL5004")) {
        finish(say(Level::Warning, "RL5004", here, both + " say the same"));
      }
    } else {
      Diagnostic& d = say(Level::Error, "RL5004", here, both + " have the same conditions");
      finish(d);
      noteUnique(d);
    }
  }

  // An author who did not write the policy may not know that there is one.
  void noteUnique(Diagnostic& d) const {
    if (!(written_.hitSpan == Span{})) {
      d.related.push_back({written_.hitSpan, "at most one row may match"});
    } else {
      d.notes.push_back("a table without `hit` is `hit unique`: at most one row may match");
    }
  }

  // Returns whether something was reported; the gaps are then in it. Overlaps beside the first are
  // listed as notes: most often they have the same cause.
  bool reportOverlaps(bool gaps) {
    std::vector<const Coverage::Overlap*> overlaps;
    for (const Coverage::Overlap& overlap : coverage_.overlaps) {
      if (!wasReported(overlap.first) && !wasReported(overlap.second)) overlaps.push_back(&overlap);
    }
    if (overlaps.empty()) return false;
    const Coverage::Overlap& overlap = *overlaps.front();
    std::string message = matchText(overlap);
    if (gaps) message += ", and no row matches " + describe(table_, coverage_.gaps[0]);
    Diagnostic& d = say(Level::Error, "RL5002", cellsOf(table_.rows[overlap.first]), message);
    if (!reportMeetingPoint(overlap, d)) {
      d.label = "this row";
      d.related.push_back({cellsOf(table_.rows[overlap.second]), "and this one"});
      offerDefault(d);
      offerPolicy(overlaps, d);
    }
    noteUnique(d);
    if (gaps) reportEdge(coverage_.gaps[0], d, false);
    for (std::size_t i = 1; i < overlaps.size() && i <= kListed; ++i) {
      d.notes.push_back(matchText(*overlaps[i]));
    }
    if (overlaps.size() > kListed + 1) {
      d.notes.push_back("and " + std::to_string(overlaps.size() - kListed - 1) +
                        " more pairs of rows");
    }
    if (gaps) noteGaps(d, 1);
    noteMethod(d);
    d.notes.push_back("checked by intervals over all " + countText(table_.rows.size()) +
                      " rows; `reticle check --analysis` lists every gap and overlap");
    return true;
  }

  // Rows that agree wherever they meet need no order.
  void offerPolicy(const std::vector<const Coverage::Overlap*>& overlaps, Diagnostic& d) const {
    const bool agree = std::all_of(overlaps.begin(), overlaps.end(), [&](const auto* each) {
      return sameResults(written_.rows[each->first], written_.rows[each->second]);
    });
    const std::string what =
        agree ? "let rows match together where they agree" : "let the first row that matches win";
    const std::string hit = agree ? "hit any" : "hit first";
    if (!(written_.hitSpan == Span{})) {
      d.fixes.push_back(edit(what + ": `" + hit + "`", written_.hitSpan, hit));
    } else {
      d.help.push_back("to " + what + " write `" + hit + "` behind the type of the result");
    }
  }

  // A last row that matches everything was meant for what the others leave.
  void offerDefault(Diagnostic& d) const {
    const std::size_t last = table_.rows.size() - 1;
    const tree::TableRow& row = written_.rows[last];
    bool full = !table_.hasDefault && row.results.size() == 1;
    for (std::size_t i = 0; full && i < table_.columns.size(); ++i) {
      full = std::all_of(row.cells[i].begin(), row.cells[i].end(),
                         [](const tree::Cell& cell) { return cell.kind == tree::Cell::Kind::Any; });
    }
    if (!full) return;
    const Span head{row.span.file, row.span.begin, row.results[0].span.begin};
    d.fixes.push_back(edit("row " + std::to_string(last + 1) +
                               ", for what the others leave: `default => " +
                               toText(row.results[0]) + "`",
                           head, "default => "));
  }

  std::string matchText(const Coverage::Overlap& overlap) const {
    return rowsText({overlap.first, overlap.second}) + " both match " +
           describe(table_, overlap.region);
  }

  // Two rows that meet in one value, where one of them ends.
  bool reportMeetingPoint(const Coverage::Overlap& overlap, Diagnostic& d) {
    const std::optional<SinglePoint> point = pointIn(table_, overlap.region);
    if (!point) return false;
    const Table::Column& column = table_.columns[point->column];
    const Line line = lineOf(column.type);
    const std::string text = valueText(point->value, column.type);
    for (const bool upper : {true, false}) {
      for (const auto& [row, other] :
           {std::pair(overlap.first, overlap.second), std::pair(overlap.second, overlap.first)}) {
        const Table::Cell& cell = table_.rows[row].cells[point->column];
        const std::vector<tree::Cell>& tests = written_.rows[row].cells[point->column];
        const std::optional<End> end = endAt(cell, tests, line, point->value, upper);
        if (!end || !end->includes) continue;
        d.span = cell.span;
        d.label = (tests[0].kind == tree::Cell::Kind::Range ? "`..`" : quoted(signOf(end->with))) +
                  " includes " + text;
        d.related.push_back({table_.rows[other].cells[point->column].span, "so does this row"});
        // Only where the other row takes over all that this one gives up.
        bool takesOver = true;
        for (std::size_t i = 0; takesOver && i < table_.columns.size(); ++i) {
          takesOver = i == point->column ||
                      table_.rows[other].cells[i].values.contains(table_.rows[row].cells[i].values);
        }
        const std::optional<Rewritten> made = rewritten(tests[0], end->without);
        if (takesOver && made) {
          d.fixes.push_back(
              {"row " + std::to_string(row + 1) + ": " + quoted(made->text), {made->edit}});
        }
        return true;
      }
    }
    return false;
  }

  // The row that ends just where the gap is one value; its fix takes the value in. `main`: the
  // message is about the gap alone.
  void reportEdge(const Region& gap, Diagnostic& d, bool main) {
    const std::optional<SinglePoint> point = pointIn(table_, gap);
    if (!point) return;
    const Table::Column& column = table_.columns[point->column];
    for (const bool upper : {false, true}) {
      for (std::size_t row = 0; row < table_.rows.size(); ++row) {
        const std::vector<tree::Cell>& tests = written_.rows[row].cells[point->column];
        const std::optional<End> end = endAt(table_.rows[row].cells[point->column], tests,
                                             lineOf(column.type), point->value, upper);
        if (!end || end->includes || !table_.certain(row)) continue;
        bool same = true;
        for (std::size_t i = 0; same && i < table_.columns.size(); ++i) {
          same = i == point->column || table_.rows[row].cells[i].values == gap[i];
        }
        if (!same) continue;
        const std::string label = valueText(point->value, column.type) + " is left out";
        if (main) {
          d.span = table_.rows[row].cells[point->column].span;
          d.label = label;
        } else {
          d.related.push_back({table_.rows[row].cells[point->column].span, label});
        }
        if (const std::optional<Rewritten> made = rewritten(tests[0], end->with)) {
          d.fixes.push_back(
              {"row " + std::to_string(row + 1) + ": " + quoted(made->text), {made->edit}});
        }
        return;
      }
    }
  }

  void reportGaps() {
    if (allows(written_, "RL5001")) return;
    const std::size_t more = coverage_.gaps.size() - 1;
    Diagnostic& d = say(
        Level::Warning, "RL5001", table_.nameSpan,
        "no row of " + quoted(table_.name) + " matches " + describe(table_, coverage_.gaps[0]) +
            (more == 0 ? ""
                       : ", and there " + std::string(more == 1 ? "is 1 more gap"
                                                                : "are " + std::to_string(more) +
                                                                      " more gaps")));
    reportEdge(coverage_.gaps[0], d, true);
    d.help.push_back("add a row, or say what else holds: `default => …`");
    noteGaps(d, 1);
    d.notes.push_back(
        "a call that no row matches has no value: a condition with it does not hold, and an action "
        "with it fails; if that is meant, add `allow RL5001` behind `hit`");
    noteMethod(d);
  }

  void noteGaps(Diagnostic& d, std::size_t from) const {
    for (std::size_t i = from; i < coverage_.gaps.size() && i < from + kListed; ++i) {
      d.notes.push_back("no row matches " + describe(table_, coverage_.gaps[i]));
    }
    if (coverage_.gaps.size() > from + kListed) {
      d.notes.push_back("and " + std::to_string(coverage_.gaps.size() - from - kListed) +
                        " more gaps");
    }
  }

  void noteMethod(Diagnostic& d) const {
    if (!coverage_.uncertain.empty()) {
      const bool one = coverage_.uncertain.size() == 1;
      d.notes.push_back(rowsText(coverage_.uncertain) + (one ? " has a test" : " have tests") +
                        " that only a call can decide (`if`, or another parameter): " +
                        (one ? "it counts" : "they count") +
                        " as matching for gaps, and not for overlaps");
    }
  }

  // Under `any` rows may meet where they agree.
  void reportUnlike() {
    std::size_t reported = 0;
    for (const Coverage::Overlap& overlap : coverage_.overlaps) {
      if (wasReported(overlap.first) || wasReported(overlap.second) ||
          sameResults(written_.rows[overlap.first], written_.rows[overlap.second])) {
        continue;
      }
      if (++reported > kListed) return;
      Diagnostic& d = say(Level::Error, "RL5005", cellsOf(table_.rows[overlap.second]),
                          matchText(overlap) + " and give different results");
      d.label = "this row";
      d.related.push_back({cellsOf(table_.rows[overlap.first]), "and this one"});
      d.related.push_back({written_.hitSpan, "all rows that match must agree"});
      d.fixes.push_back(
          edit("let the first row that matches win: `hit first`", written_.hitSpan, "hit first"));
    }
  }

  void reportShadowed() {
    if (allows(written_, "RL5003")) return;
    for (const Coverage::Shadow& shadow : coverage_.shadowed) {
      if (wasReported(shadow.row)) continue;
      Diagnostic& d = say(
          Level::Warning, "RL5003", cellsOf(table_.rows[shadow.row]),
          "row " + std::to_string(shadow.row + 1) + " is never reached: " + rowsText(shadow.by) +
              (shadow.by.size() == 1 ? " matches" : " match") + " all that it matches");
      for (std::size_t i = 0; i < shadow.by.size() && i < kListed; ++i) {
        d.related.push_back(
            {cellsOf(table_.rows[shadow.by[i]]), i == 0 ? "taken here" : "and here"});
      }
      d.help.push_back("under `hit first` the narrower row stands above the wider one");
    }
  }

  void reportIdle() {
    if (table_.columns.size() < 2 || table_.rows.size() < 2 || allows(written_, "RL5006")) return;
    for (std::size_t column : coverage_.idle) {
      say(Level::Information, "RL5006", table_.nameSpan,
          "the column " + quoted(table_.columns[column].name) + " of " + quoted(table_.name) +
              " never matters: every row matches all of its values")
          .help.push_back("name the columns that do: " + quoted("by " + [&] {
                            std::string names;
                            for (std::size_t i = 0; i < table_.columns.size(); ++i) {
                              if (i != column) {
                                names += (names.empty() ? "" : ", ") + table_.columns[i].name;
                              }
                            }
                            return names;
                          }()));
    }
  }

  const Table& table_;
  const tree::Declaration& written_;
  std::vector<Diagnostic>& out_;
  const Coverage coverage_;
  std::vector<std::size_t> equal_;  // rows reported as equal to an earlier one
};

namespace {

// Whether the columns can be compared: a parameter asked twice is two columns that are not free of
// each other.
bool comparable(const Table& table, const tree::Declaration& written) {
  if (table.rows.size() != written.rows.size()) return false;
  for (std::size_t a = 0; a < table.columns.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (table.columns[a].name == table.columns[b].name) return false;
    }
  }
  return !table.columns.empty();
}

}  // namespace

// Everything that is known, whether or not it is allowed: for those who ask.
std::string Analysis::tablesText() const {
  std::string text;
  for (std::size_t i = 0; i < program_.tables.size(); ++i) {
    const Table& table = program_.tables[i];
    if (!comparable(table, *tables_[i])) continue;
    const Coverage c = coverage(table);
    text += "table " + table.name + ": " + counted(table.rows.size(), "row");
    if (!c.complete) {
      text += ", too large to be looked at in full\n";
      continue;
    }
    // What a default stands for, or what collects nothing, is no gap.
    const bool covered = table.hasDefault || table.hit == Table::Hit::Collect;
    const std::size_t gaps = covered ? 0 : c.gaps.size();
    text += ", " + counted(gaps, "gap") + ", " + counted(c.overlaps.size(), "overlap") + "\n";
    for (std::size_t at = 0; at < gaps; ++at) {
      text += "  no row matches " + describe(table, c.gaps[at]) + "\n";
    }
    for (const Coverage::Overlap& o : c.overlaps) {
      text +=
          "  " + rowsText({o.first, o.second}) + " both match " + describe(table, o.region) + "\n";
    }
    if (table.hit == Table::Hit::First) {
      for (const Coverage::Shadow& s : c.shadowed) {
        text += "  row " + std::to_string(s.row + 1) + " is never reached: " + rowsText(s.by) +
                (s.by.size() == 1 ? " matches" : " match") + " all that it matches\n";
      }
    }
    if (!c.uncertain.empty()) {
      text += "  " + rowsText(c.uncertain) +
              (c.uncertain.size() == 1 ? " has a test" : " have tests") +
              " that only a call can decide\n";
    }
  }
  return text;
}

// One report for a table.
void Analysis::checkTables() {
  for (std::size_t i = 0; i < program_.tables.size(); ++i) {
    const Table& table = program_.tables[i];
    // Its file is not at hand, in an editor for example.
    if (!tables_[i]->rowsFrom.empty() && tables_[i]->rows.empty()) continue;
    if (comparable(table, *tables_[i])) TableReport(table, *tables_[i], found_).run();
  }
}

}  // namespace reticle::model
