// A partial match as the enumerator grows it: in place, and put back when a way is at its end.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "expression/code.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

struct PartialMatch {
  PartialMatch() = default;
  PartialMatch(std::uint32_t rowCount, std::uint32_t localCount)
      : rows(rowCount), locals(localCount) {}
  std::vector<Row> rows;  // those of candidates stand after those bound
  std::vector<Value> locals;
  // what tells matches of the same facts apart, in order: places in lists, keys of groups, values
  // of an `either`
  std::vector<Value> places;
  std::uint32_t bound = 0;  // rows bound so far
  bool unsure = false;      // some condition on the way is unknown

  void setLocal(std::uint32_t local, Value value);
  std::vector<FactId> facts() const;  // of the rows bound, in order
};

// Whether `a` comes before `b`: older facts first, row by row, then by places.
bool comesBefore(const PartialMatch& a, const PartialMatch& b);

// Puts a partial match back to what it was, but for rows and locals that are not bound any more.
class Kept {
 public:
  explicit Kept(PartialMatch& match)
      : match_(match), bound_(match.bound), places_(match.places.size()), unsure_(match.unsure) {}
  ~Kept();
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

 private:
  PartialMatch& match_;
  std::uint32_t bound_;
  std::size_t places_;
  bool unsure_;
};

}  // namespace reticle
