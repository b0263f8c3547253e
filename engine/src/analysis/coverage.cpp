// Boxes of values on a grid of the places where some cell begins or ends.
#include "analysis/coverage.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace reticle::model {
namespace {

// Positions on a column of the grid, [from, to); lists are in order and do not touch.
using Stretch = std::pair<std::uint32_t, std::uint32_t>;
using Ranges = std::vector<Stretch>;
using Box = std::vector<Ranges>;

// Both in order, so one walk does it.
Ranges intersected(const Ranges& a, const Ranges& b) {
  Ranges both;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint32_t from = std::max(a[i].first, b[j].first),
                        to = std::min(a[i].second, b[j].second);
    if (from < to) both.push_back({from, to});
    if (a[i].second < b[j].second) {
      ++i;
    } else {
      ++j;
    }
  }
  return both;
}

// What is left is in order again.
Ranges without(const Ranges& a, const Ranges& b) {
  Ranges rest;
  std::size_t j = 0;
  for (const Stretch& range : a) {
    std::uint32_t at = range.first;
    while (j < b.size() && b[j].second <= at) ++j;
    for (std::size_t k = j; k < b.size() && b[k].first < range.second; ++k) {
      if (b[k].first > at) rest.push_back({at, b[k].first});
      at = std::max(at, b[k].second);
    }
    if (at < range.second) rest.push_back({at, range.second});
  }
  return rest;
}

// A list without gaps contains another when each stretch lies in one of its own.
bool contains(const Ranges& a, const Ranges& b) {
  std::size_t i = 0;
  for (const Stretch& range : b) {
    while (i < a.size() && a[i].second < range.second) ++i;
    if (i == a.size() || a[i].first > range.first) return false;
  }
  return true;
}

bool contains(const Box& a, const Box& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!contains(a[i], b[i])) return false;
  }
  return true;
}

// Puts what of `a` lies outside of `b` into `out`, in boxes that do not overlap.
void subtract(const Box& a, const Box& b, std::vector<Box>& out) {
  Box both;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both.push_back(intersected(a[i], b[i]));
    if (both.back().empty()) {
      out.push_back(a);
      return;
    }
  }
  // One column after the other: the piece that sticks out in this column keeps what is left of the
  // later ones, and what remains lies inside of `b` in this column.
  Box rest = a;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (const Stretch& range : without(a[i], both[i])) {
      out.push_back(rest);
      out.back()[i] = {range};
    }
    rest[i] = both[i];
  }
}

// What has been done, counted in comparisons of two boxes; a table beyond the bound is given up.
class Effort {
 public:
  bool exhausted() const { return steps_ >= kMaxSteps; }
  void spend(std::size_t steps) { steps_ += steps; }

 private:
  std::size_t steps_ = 0;
};

std::vector<Box> without(const std::vector<Box>& all, const Box& b, Effort& effort) {
  std::vector<Box> rest;
  effort.spend(all.size());
  for (const Box& a : all) subtract(a, b, rest);
  return rest;
}

bool contains(const std::vector<Box>& all, const Box& b, Effort& effort) {
  std::vector<Box> rest{b};
  // The bound keeps the pieces few; beyond it the result is a cautious "no".
  for (std::size_t i = 0; i < all.size() && !rest.empty() && rest.size() <= all.size() + 8; ++i) {
    rest = without(rest, all[i], effort);
  }
  return rest.empty();
}

// The places of one column where something begins or ends. Position i is what lies between cuts i
// and i + 1; null is a position of its own with a hole in front, so that it never runs together
// with the values.
class Axis {
 public:
  Axis(const Table& table, std::size_t column) : line_(lineOf(table.columns[column].type)) {
    // The ends of the whole line are cuts, too, or what no row mentions would be no position.
    const ValueSet all = ValueSet::all(table.columns[column].type);
    add(all);
    for (const Table::Row& row : table.rows) add(row.cells[column].values);
    std::sort(cuts_.begin(), cuts_.end(),
              [](const Cut& a, const Cut& b) { return compare(a, b) < 0; });
    cuts_.erase(std::unique(cuts_.begin(), cuts_.end(),
                            [](const Cut& a, const Cut& b) { return compare(a, b) == 0; }),
                cuts_.end());
    universe_ = rangesOf(all);
    // A type without a line: all of its values are one position.
    if (line_ == Line::None) universe_.insert(universe_.begin(), {0, 1});
  }

  const Ranges& universe() const { return universe_; }
  // Texts lie on a line, but it is seldom meant: what is the same for some of them is one region,
  // however many others lie between.
  bool isScattered() const { return line_ == Line::Text; }
  std::size_t size() const { return cuts_.size(); }

  Ranges rangesOf(const ValueSet& set) const {
    Ranges ranges;
    for (const Interval& interval : set.intervals()) {
      ranges.push_back({at(interval.from), at(interval.to)});
    }
    if (set.hasNull()) ranges.push_back({null(), null() + 1});
    return ranges;
  }

  // The inverse of rangesOf, as far as the cuts go.
  ValueSet setOf(const Ranges& ranges) const {
    ValueSet set(line_);
    for (const Stretch& range : ranges) {
      if (range.first == null()) {
        set.setNull(true);
      } else if (line_ != Line::None) {
        set.add({cuts_[range.first], cuts_[range.second]});
      }
    }
    return set;
  }

 private:
  void add(const ValueSet& set) {
    for (const Interval& interval : set.intervals()) {
      cuts_.push_back(interval.from);
      cuts_.push_back(interval.to);
    }
  }
  std::uint32_t at(const Cut& cut) const {
    return static_cast<std::uint32_t>(
        std::lower_bound(cuts_.begin(), cuts_.end(), cut,
                         [](const Cut& a, const Cut& b) { return compare(a, b) < 0; }) -
        cuts_.begin());
  }
  std::uint32_t null() const { return static_cast<std::uint32_t>(cuts_.size()) + 2; }

  Line line_;
  std::vector<Cut> cuts_;
  Ranges universe_;
};

class Grid {
 public:
  explicit Grid(const Table& table) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      axes_.emplace_back(table, column);
    }
    for (const Table::Row& row : table.rows) {
      Box box;
      for (std::size_t column = 0; column < axes_.size(); ++column) {
        const Table::Cell& cell = row.cells[column];
        // A cell whose values are not known may match everything: no gap is reported that might be
        // none.
        box.push_back(lineOf(table.columns[column].type) == Line::None || !cell.certain
                          ? axes_[column].universe()
                          : axes_[column].rangesOf(cell.values));
      }
      rows_.push_back(std::move(box));
    }
  }

  Box universe() const {
    Box box;
    for (const Axis& axis : axes_) box.push_back(axis.universe());
    return box;
  }

  // What of `box` no one of the rows matches. Only the first such region when `first`.
  std::vector<Box> gaps(const Box& box, const std::vector<std::uint32_t>& rows, bool first) {
    box_ = &box;
    first_ = first;
    return sweep(0, rows);
  }

  const Box& row(std::size_t at) const { return rows_[at]; }
  // Once true, results are incomplete, but none of them is wrong.
  bool exhausted() const { return effort_.exhausted(); }
  bool overfull() const { return overfull_; }
  std::size_t size(std::size_t column) const { return axes_[column].size(); }

  bool meet(std::size_t a, std::size_t b) {
    effort_.spend(1);
    for (std::size_t column = 0; column < axes_.size(); ++column) {
      if (intersected(rows_[a][column], rows_[b][column]).empty()) return false;
    }
    return true;
  }

  // Back from positions on the grid to values.
  Region regionOf(const Box& box) const {
    Region region;
    for (std::size_t column = 0; column < box.size(); ++column) {
      region.push_back(axes_[column].setOf(box[column]));
    }
    return region;
  }

 private:
  // The box without the columns before, which the caller of `sweep` puts in front again.
  Box rest(std::size_t column) const {
    return Box(box_->begin() + static_cast<std::ptrdiff_t>(column), box_->end());
  }

  // The gaps in the columns from `column` on, given the rows that match in those before it.
  std::vector<Box> sweep(std::size_t column, const std::vector<std::uint32_t>& rows) {
    // No row is left that matches so far: everything in the columns that remain is a gap.
    if (rows.empty()) return {rest(column)};
    // All columns are matched by some row.
    if (column == axes_.size()) return {};
    for (std::uint32_t row : rows) {
      // A row that matches all the rest ends the search here; most tables have one near the top.
      bool full = true;
      for (std::size_t i = column; full && i < axes_.size(); ++i) {
        full = contains(rows_[row][i], (*box_)[i]);
      }
      if (full) return {};
    }
    // Between two neighbouring ends the same rows match, so one look at each such section is
    // enough.
    std::vector<std::uint32_t> ends;
    for (const Stretch& range : (*box_)[column]) {
      ends.insert(ends.end(), {range.first, range.second});
    }
    for (std::uint32_t row : rows) {
      for (const Stretch& range : rows_[row][column]) {
        ends.insert(ends.end(), {range.first, range.second});
      }
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());

    struct Open {
      Stretch range;
      Box section;
    };
    std::vector<Open> open;
    std::vector<Box> found, gaps;
    std::vector<std::uint32_t> matching, before;
    const auto close = [&](const Open& o) {
      found.push_back({Ranges{o.range}});
      found.back().insert(found.back().end(), o.section.begin(), o.section.end());
    };
    bool fresh = true;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      const Stretch slab{ends[i], ends[i + 1]};
      if (!contains((*box_)[column], Ranges{slab})) continue;
      effort_.spend(rows.size() + 1);
      if (exhausted() || found.size() > kMaxRegions) {
        overfull_ = overfull_ || found.size() > kMaxRegions;
        break;
      }
      matching.clear();
      for (std::uint32_t row : rows) {
        if (contains(rows_[row][column], Ranges{slab})) matching.push_back(row);
      }
      if (fresh || matching != before) gaps = sweep(column + 1, matching);
      fresh = false;
      before = matching;
      if (axes_[column].isScattered()) {
        gather(slab, gaps, found);
        if (first_ && !found.empty()) break;
        continue;
      }
      // A gap of the slab before goes on where it is a gap here too; what else is one here begins
      // here.
      std::vector<Box> begun = gaps;
      std::vector<Open> going;
      for (Open& o : open) {
        // What is found from here on is dropped, so it need not be right.
        if (exhausted()) return {};
        if (o.range.second != slab.first || !contains(begun, o.section, effort_)) {
          close(o);
          continue;
        }
        begun = without(begun, o.section, effort_);
        o.range.second = slab.second;
        going.push_back(std::move(o));
      }
      for (Box& section : begun) going.push_back({slab, std::move(section)});
      open = std::move(going);
      if (first_ && !open.empty()) break;
    }
    for (const Open& o : open) close(o);
    return found;
  }

  // Adds the gaps of one slab to those before it: to the region that has the same sections, if
  // there is one.
  void gather(const Stretch& slab, const std::vector<Box>& gaps, std::vector<Box>& found) {
    effort_.spend(gaps.size() * found.size());
    for (const Box& section : gaps) {
      const auto same = std::find_if(found.begin(), found.end(), [&](const Box& box) {
        return std::equal(box.begin() + 1, box.end(), section.begin(), section.end());
      });
      if (same == found.end()) {
        found.push_back({Ranges{slab}});
        found.back().insert(found.back().end(), section.begin(), section.end());
        continue;
      }
      Ranges& ranges = same->front();
      if (ranges.back().second == slab.first) {
        ranges.back().second = slab.second;
      } else {
        ranges.push_back(slab);
      }
    }
  }

  std::vector<Axis> axes_;
  std::vector<Box> rows_;
  const Box* box_ = nullptr;
  bool first_ = false, overfull_ = false;
  Effort effort_;
};

// Regions that differ in one column only, whose values have names (an enum, true and false, null),
// are reported as one.
void mergeNamed(const Table& table, std::vector<Box>& boxes) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const Line line = lineOf(table.columns[column].type);
    if (line != Line::Choice && line != Line::Truth) continue;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      for (std::size_t j = i + 1; j < boxes.size();) {
        bool same = true;
        for (std::size_t k = 0; same && k < table.columns.size(); ++k) {
          same = k == column || boxes[i][k] == boxes[j][k];
        }
        if (!same) {
          ++j;
          continue;
        }
        Ranges& ranges = boxes[i][column];
        ranges.insert(ranges.end(), boxes[j][column].begin(), boxes[j][column].end());
        std::sort(ranges.begin(), ranges.end());
        boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
      }
    }
  }
}

// By a sweep over one column: rows meet where one begins before the other has ended.
void findOverlaps(const Table& table, Grid& grid, Coverage& out) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table.rows.size(); ++row) {
    const bool empty = std::any_of(grid.row(row).begin(), grid.row(row).end(),
                                   [](const Ranges& ranges) { return ranges.empty(); });
    if (table.certain(row) && !empty) rows.push_back(row);
  }
  // Along the column with the most places rows meet the fewest others.
  std::size_t along = 0;
  for (std::size_t column = 1; column < table.columns.size(); ++column) {
    if (grid.size(column) > grid.size(along)) along = column;
  }
  const auto begin = [&](std::uint32_t row) { return grid.row(row)[along].front().first; };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return begin(a) < begin(b); });
  for (std::size_t i = 0; i < rows.size() && !grid.exhausted(); ++i) {
    const std::uint32_t end = grid.row(rows[i])[along].back().second;
    for (std::size_t j = i + 1; j < rows.size() && begin(rows[j]) < end && !grid.exhausted(); ++j) {
      if (!grid.meet(rows[i], rows[j])) continue;
      if (out.overlaps.size() == kMaxRegions) {
        out.complete = false;
        return;
      }
      Box both;
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        both.push_back(intersected(grid.row(rows[i])[column], grid.row(rows[j])[column]));
      }
      out.overlaps.push_back(
          {std::min(rows[i], rows[j]), std::max(rows[i], rows[j]), grid.regionOf(both)});
    }
  }
  std::sort(out.overlaps.begin(), out.overlaps.end(),
            [](const Coverage::Overlap& a, const Coverage::Overlap& b) {
              return std::pair(a.first, a.second) < std::pair(b.first, b.second);
            });
}

// Row by row, against all that stands above it.
void findShadowed(const Table& table, Grid& grid, Coverage& out) {
  for (std::uint32_t row = 1; row < table.rows.size() && !grid.exhausted(); ++row) {
    std::vector<std::uint32_t> before;
    std::size_t alone = row;
    for (std::uint32_t earlier = 0; earlier < row; ++earlier) {
      if (!table.certain(earlier) || !grid.meet(earlier, row)) continue;
      before.push_back(earlier);
      if (alone == row && contains(grid.row(earlier), grid.row(row))) alone = earlier;
    }
    if (before.empty()) continue;
    if (alone < row) {
      out.shadowed.push_back({row, {alone}});
    } else if (grid.gaps(grid.row(row), before, true).empty() && !grid.exhausted()) {
      out.shadowed.push_back({row, {before.begin(), before.end()}});
    }
  }
}

}  // namespace

// Columns in which every row matches everything are left out of the grid.
Coverage coverage(const Table& table) {
  Coverage out;
  if (table.columns.empty()) return out;
  Grid grid(table);
  std::vector<std::uint32_t> all(table.rows.size());
  std::iota(all.begin(), all.end(), 0u);
  const Box universe = grid.universe();
  for (std::uint32_t row : all) {
    if (!table.certain(row)) out.uncertain.push_back(row);
  }
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const bool full = std::all_of(all.begin(), all.end(), [&](std::uint32_t row) {
      return table.rows[row].cells[column].certain &&
             contains(grid.row(row)[column], universe[column]);
    });
    if (full && !table.rows.empty()) out.idle.push_back(column);
  }
  std::vector<Box> gaps = grid.gaps(universe, all, false);
  // An unfinished sweep knows some gaps for certain, but not where they end.
  if (grid.exhausted() || grid.overfull()) {
    out.complete = false;
    return out;
  }
  mergeNamed(table, gaps);
  for (const Box& gap : gaps) out.gaps.push_back(grid.regionOf(gap));
  findOverlaps(table, grid, out);
  findShadowed(table, grid, out);
  out.complete = out.complete && !grid.exhausted();
  return out;
}

std::string describe(const Table& table, const Region& region) {
  std::string text;
  std::size_t told = 0;
  for (std::size_t column = 0; column < region.size(); ++column) {
    const Table::Column& c = table.columns[column];
    const Line line = lineOf(c.type);
    if (line == Line::None ? !region[column].hasNull() : region[column] == ValueSet::all(c.type)) {
      continue;
    }
    text += (told == 0   ? ""
             : told == 1 ? " with "
                         : " and ") +
            (line == Line::None ? c.name + " = null" : describe(c.name, region[column], c.type));
    ++told;
  }
  return text.empty() ? "any " + table.columns[0].name : text;
}

}  // namespace reticle::model
