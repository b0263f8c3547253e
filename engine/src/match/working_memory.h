// The facts of one session.
//
// Invariants:
//   (1) Ids count up from 1 and are never reused.
//   (2) The fields of a fact stay at their address while it is held (their values change only through `assign`).
//   (3) Facts of a type with keys are found by them; subjects by name.
//
// Working memory only keeps: it neither matches nor checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/flat_map.h"
#include "expression/code.h"
#include "model/model.h"
#include "reticle/ids.h"

namespace reticle {

enum class TokenId : std::uint32_t {};
constexpr TokenId kNoToken{0xffffffffu};

struct StoredFact {
  FactId id = kNoFact;
  TypeId type{};
  bool logical = false;
  bool gone = false;                     // retracted in this turn, and kept for those who tell of it: neither found by key nor listed
  std::uint64_t recency = 0;             // the change of working memory that made it or updated it last
  std::vector<Value> fields;             // declared, then hidden
  TokenId firstToken = kNoToken;         // tokens that carry it; kept by the matcher
};

class WorkingMemory {
 public:
  explicit WorkingMemory(const model::Program& program) : program_(program) {}

  // Takes a fact in under the next id, or under a given one (recovery; must be larger than any before).
  FactId add(TypeId type, std::vector<Value> fields, bool logical, std::uint64_t recency, FactId id = kNoFact);
  void remove(FactId id);                // Requires: held
  void letGo(FactId id);                 // marks it as gone. Requires: held, not gone
  bool holds(FactId id) const;           // held and not gone
  void assign(FactId id, const std::vector<std::pair<FieldId, Value>>& values, std::uint64_t recency);

  const StoredFact* find(FactId id) const;
  StoredFact* find(FactId id);
  Row row(FactId id) const;
  // The fact of a type whose keys equal those of `fields`; kNoFact when there is none or the type has no keys.
  FactId findByKey(TypeId type, const std::vector<Value>& fields) const;
  FactId findSubject(std::string_view name) const;
  // All facts that are not gone, of a type when given, in order of id.
  std::vector<FactId> all(std::optional<TypeId> type = {}) const;
  std::size_t size() const { return slotOf_.size(); }
  FactId nextId() const { return FactId{next_}; }

 private:
  std::uint64_t keyHash(const model::FactType& type, const std::vector<Value>& fields) const;
  void index(const StoredFact& fact);
  void unindex(const StoredFact& fact);

  const model::Program& program_;
  std::vector<StoredFact> slots_;
  std::vector<std::uint32_t> free_;
  FlatMap<std::uint32_t, std::uint32_t> slotOf_;
  HashIndex byKey_;                      // types with keys
  HashIndex bySubject_;                  // by name
  std::uint32_t next_ = 1;
};

}  // namespace reticle
