// The slow, obvious matcher: after every change it finds all matches again by trying every combination of facts, and compares with those
// before. It knows nothing of networks, tokens or indexes.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "differential/program.h"

namespace reticle::test {

class Oracle {
 public:
  using Record = std::vector<Cell>;                      // by field
  struct Ready { int rule; std::vector<std::uint32_t> facts; bool operator==(const Ready&) const = default; };

  explicit Oracle(const RandomProgram& program);

  void insert(std::uint32_t id, int type, Record record);
  void update(std::uint32_t id, const std::map<int, Cell>& fields);   // only fields that differ count
  void retract(std::uint32_t id);
  std::vector<Ready> agenda() const;                     // in the order of conflict resolution
  void fire(const Ready& ready);                         // marks it fired and carries its action out

  const std::map<std::uint32_t, std::pair<int, Record>>& facts() const { return facts_; }

 private:
  enum class Truth { False, True, Unknown };
  struct Match { int rule; std::vector<std::uint32_t> facts; std::vector<Cell> locals; };
  struct Known { std::uint64_t since = 0; bool fired = false; };
  struct Key {
    int rule;
    std::vector<std::uint32_t> facts;
    std::vector<std::pair<int, std::int64_t>> locals;
    bool operator<(const Key& other) const { return std::tie(rule, facts, locals) < std::tie(other.rule, other.facts, other.locals); }
  };

  void changed(std::uint32_t id, unsigned mask);         // finds everything again; `mask`: the fields of `id` that changed
  void extend(const Rule& rule, std::size_t at, Match& match, std::vector<Match>& out) const;
  Cell value(const Operand& operand, const Match& match, std::uint32_t candidate, int candidateRow) const;
  Truth test(const Test& test, const Match& match, std::uint32_t candidate, int candidateRow) const;
  Truth all(const Part& part, const Match& match, std::uint32_t candidate) const;
  Truth any(const Clause& clause, const Match& match, std::uint32_t candidate, int candidateRow) const;
  static Key keyOf(const Match& match);
  std::vector<unsigned> readMasks(const Rule& rule) const;

  const RandomProgram& program_;
  std::map<std::uint32_t, std::pair<int, Record>> facts_;
  std::map<Key, Known> matches_;
  std::vector<std::vector<unsigned>> reads_;             // by rule, by row: fields its conditions read
  std::uint64_t changes_ = 0;
};

}  // namespace reticle::test
