// The slow, obvious engine: after every change it finds all matches again by trying every
// combination of facts, and compares with those before. It knows nothing of networks, tokens or
// indexes.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "differential/program.h"
#include "differential/truth.h"

namespace reticle::test {

// A match of a rule, from the change that made it to the one that ends it.
struct OracleMatch {
  std::uint64_t serial = 0;
  int rule = 0;
  Combination combination;
  std::int64_t salience = 0;
  std::uint64_t since = 0;  // the change that made it
  bool fired = false;
};

class Oracle {
 public:
  explicit Oracle(const RuleProgram& program);

  std::uint32_t insert(int type, std::vector<Value> fields);
  // only fields that differ count
  void update(std::uint32_t fact, const std::map<int, Value>& fields);
  void retract(std::uint32_t fact);
  void fire(std::size_t position);  // of the agenda

  // what is ready, best first
  std::vector<OracleMatch> agenda() const;
  const Facts& facts() const { return facts_; }
  // of the facts, those that rules inserted
  const std::set<std::uint32_t>& made() const { return made_; }

 private:
  std::uint32_t add(int type, std::vector<Value> fields, bool logical);
  void change(std::uint32_t fact, const std::map<int, Value>& fields);
  void remove(std::uint32_t fact);
  // Finds all matches again after the fields `mask` of `fact` changed (none when it came or went).
  void rematch(std::uint32_t fact, unsigned mask);
  bool read(const OracleMatch& match, std::uint32_t fact, unsigned mask) const;
  void withdrawUnsupported();
  std::set<std::uint32_t> founded() const;
  void derive(int type, std::vector<Value> fields, std::uint64_t by);
  static std::string identity(int rule, const Combination& combination);

  const RuleProgram& program_;
  Facts facts_;
  // of logical facts: the matches that keep them
  std::map<std::uint32_t, std::set<std::uint64_t>> supports_;
  // lost a support and have others, which may stand on these facts themselves
  std::set<std::uint32_t> doubtful_;
  std::set<std::uint32_t> made_;
  std::map<std::string, OracleMatch> matches_;  // by identity
  // by rule, by name: fields that conditions and salience read
  std::vector<std::vector<unsigned>> reads_;
  std::uint32_t lastFact_ = 0;
  std::uint64_t changes_ = 0, lastSerial_ = 0;
  const OracleMatch* firing_ = nullptr;
};

}  // namespace reticle::test
