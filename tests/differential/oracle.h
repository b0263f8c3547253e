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
  // The derived fact that stands where one with these fields would: of its key, or equal to it.
  std::uint32_t twin(int type, const std::vector<Value>& fields) const;
  // Whether two different facts of one key would be derived; `inTheWay`: the one that is there.
  bool contradicts(const Rule& rule, const OracleMatch& match,
                   const std::vector<std::vector<Value>>& values, std::uint32_t& inTheWay) const;
  void free(std::uint32_t fact);
  // A match that has derived facts, and was ended or renewed by the operation at hand.
  struct Renewal {
    int rule = 0;
    std::vector<std::uint32_t> facts;
    std::vector<Value> places;
    std::set<std::uint32_t> conclusions;
    std::uint64_t serial = 0;  // of the match that took its place
  };
  void noteEnded(const OracleMatch& match);
  // Returns the serials of those that took the place of others.
  std::set<std::uint64_t> noteCame(std::vector<OracleMatch> fresh);
  void conclude(const Renewal& renewal);
  static std::string identity(int rule, const Combination& combination);

  const RuleProgram& program_;
  Facts facts_;
  // of logical facts: the matches that keep them
  std::map<std::uint32_t, std::set<std::uint64_t>> supports_;
  // lost a support and have others, which may stand on these facts themselves
  std::set<std::uint32_t> doubtful_;
  std::set<std::uint32_t> made_;
  std::map<std::string, OracleMatch> matches_;  // by identity
  // by rule, by name: fields that conditions, salience and conclusions read
  std::vector<std::vector<unsigned>> reads_;
  std::uint32_t lastFact_ = 0;
  std::uint64_t changes_ = 0, lastSerial_ = 0;
  const OracleMatch* firing_ = nullptr;
  std::vector<Renewal> ended_, renewed_;
  std::map<std::uint32_t, int> revisions_;  // by fact, in the operation at hand
  // While a host changes a fact: matches that had fired and end count as fired when a later such
  // change brings them back as they were, before anything fires.
  bool changedByHost_ = false;
  Facts before_;                                    // the change at hand
  std::multiset<std::string> returning_;            // identities with the values read
  std::map<std::uint64_t, std::uint32_t> refused_;  // by serial: the fact that was in the way
  std::set<std::uint64_t> freed_;                   // ready again after the operation at hand
  std::string returnOf(const OracleMatch& match, const Facts& facts) const;
};

}  // namespace reticle::test
