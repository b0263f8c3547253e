// The facts of one session.
//
// A fact stands in a slot: a head of 32 bytes with its fields directly after it. Slots of one type
// lie together in chunks, all of one stride:
//
//   slot            = chunk number * kChunk + place
//   chunk of a type ─▶ │ head │ f0 │ f1 │ f2 │ head │ f0 │ f1 │ f2 │ …
//
// Invariants:
//   (1) Ids count up from 1 and are never reused; slots are, once their fact is gone.
//   (2) A fact stays in its slot and at its address while it is held (its values change only
//       through `assign`).
//   (3) Facts of a type with keys are found by them; subjects by name.
//
// Working memory only keeps: it neither matches nor checks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/id_table.h"
#include "base/slot_index.h"
#include "expression/code.h"
#include "model/model.h"
#include "reticle/ids.h"

namespace reticle {

enum class TokenId : std::uint32_t {};
constexpr TokenId kNoToken{0xffffffffu};

// Where a fact stands in working memory. Never seen by hosts or traces.
enum class SlotId : std::uint32_t {};
constexpr SlotId kNoSlot{0xffffffffu};

struct StoredFact {
  static constexpr std::uint32_t kNone = 0xffffffffu;

  FactId id = kNoFact;  // kNoFact: the slot is free
  TypeId type{};
  // the change of working memory that made it or updated it last
  std::uint64_t recency = 0;
  TokenId firstToken = kNoToken;       // kept by the matcher: tokens that carry it,
  std::uint32_t firstEntry = kNone;    // where it stands in memories,
  std::uint32_t firstBlocked = kNone;  // and what it blocks
  std::uint32_t fieldCount : 24 = 0;
  bool logical : 1 = false;
  // retracted in this turn, and kept for those who report it: neither found by key nor listed
  bool gone : 1 = false;

  // Declared, then hidden.
  std::span<Value> fields() { return {reinterpret_cast<Value*>(this + 1), fieldCount}; }
  std::span<const Value> fields() const {
    return {reinterpret_cast<const Value*>(this + 1), fieldCount};
  }
  const Value& field(FieldId at) const { return fields()[reticle::index(at)]; }
};
static_assert(sizeof(StoredFact) == 32 && sizeof(StoredFact) % alignof(Value) == 0);

class WorkingMemory {
 public:
  explicit WorkingMemory(const model::Program& program);
  ~WorkingMemory();
  WorkingMemory(const WorkingMemory&) = delete;
  WorkingMemory& operator=(const WorkingMemory&) = delete;

  // Takes a fact in under the next id, or under a given one (recovery; must be larger than any
  // before). The values, one for each field of the type, are moved from.
  FactId add(TypeId type, std::span<Value> fields, bool logical, std::uint64_t recency,
             FactId id = kNoFact);
  FactId add(TypeId type, std::vector<Value>&& fields, bool logical, std::uint64_t recency,
             FactId id = kNoFact) {
    return add(type, std::span<Value>(fields), logical, recency, id);
  }
  void remove(FactId id);  // Requires: held
  void letGo(FactId id);   // marks it as gone. Requires: held, not gone
  // A fact that is held only until those that match it have let it go: found by key, name or type
  // no more. kNoFact: none.
  void setLeaving(FactId id) { leaving_ = id; }
  bool isLeaving(FactId id) const { return id == leaving_ && id != kNoFact; }
  // Requires: held
  void assign(FactId id, const std::vector<std::pair<FieldId, Value>>& values,
              std::uint64_t recency);

  // kNoSlot when it is not held
  SlotId slotOf(FactId id) const { return SlotId{slotOf_.find(reticle::index(id))}; }
  // Requires: the slot holds a fact
  StoredFact& at(SlotId slot) { return *reinterpret_cast<StoredFact*>(address(slot)); }
  const StoredFact& at(SlotId slot) const {
    return *reinterpret_cast<const StoredFact*>(address(slot));
  }
  Row row(SlotId slot) const {
    const StoredFact& fact = at(slot);
    return {fact.fields().data(), fact.id};
  }

  bool holds(FactId id) const {  // held and not gone
    const StoredFact* fact = find(id);
    return fact && !fact->gone;
  }
  const StoredFact* find(FactId id) const {
    const SlotId slot = slotOf(id);
    return slot == kNoSlot ? nullptr : &at(slot);
  }
  StoredFact* find(FactId id) {
    const SlotId slot = slotOf(id);
    return slot == kNoSlot ? nullptr : &at(slot);
  }
  Row row(FactId id) const {  // null fields when it is not held
    const SlotId slot = slotOf(id);
    return slot == kNoSlot ? Row{} : row(slot);
  }

  // The fact of a type whose keys equal those of `fields`; kNoFact when there is none, the type has
  // no keys, or it is a subject's (found by name).
  FactId findByKey(TypeId type, std::span<const Value> fields) const;
  FactId findSubject(std::string_view name) const;
  // All facts that are not gone, of a type when given, in order of id.
  std::vector<FactId> all(std::optional<TypeId> type = {}) const;
  std::vector<FactId> allAndGone(TypeId type) const;  // those that are gone, too; in order of id
  // Calls `use(slot, fact)` for each fact of a type, in no order that may be seen.
  template <typename Use>
  void forEach(TypeId type, const Use& use) const {
    for (std::uint32_t number : shapes_[reticle::index(type)].chunks) {
      const Chunk& chunk = chunks_[number];
      for (std::uint32_t place = 0; place < chunk.begun; ++place) {
        const SlotId slot{number * kChunk + place};
        if (const StoredFact& fact = at(slot); fact.id != kNoFact) use(slot, fact);
      }
    }
  }
  std::size_t size() const { return slotOf_.size(); }
  std::size_t count(TypeId type) const { return shapes_[reticle::index(type)].facts; }
  // How often facts of the type have come, changed or gone.
  std::uint64_t changesOf(TypeId type) const { return shapes_[reticle::index(type)].changes; }
  FactId nextId() const { return FactId{next_}; }
  // ids before are not given any more
  void countFrom(FactId next) {
    if (next_ < reticle::index(next)) next_ = reticle::index(next);
  }

 private:
  FactId unlessLeaving(FactId id) const { return id == leaving_ ? kNoFact : id; }
  static constexpr std::uint32_t kChunk = 64;
  static constexpr std::uint32_t kNone = StoredFact::kNone;

  struct Chunk {
    std::byte* memory = nullptr;  // null: released, its number is free
    std::uint32_t stride = 0;
    std::uint32_t type = 0;
    // places that ever held a fact; heads beyond are not constructed
    std::uint32_t begun = 0;
    std::uint32_t held = 0;
    // place; places before `begun` without a fact, linked through `firstEntry`
    std::uint32_t firstFree = kNone;
    std::uint32_t place = 0;          // in the `chunks` of its type
    std::uint32_t openPlace = kNone;  // in its `open`; kNone: full
    bool full() const { return firstFree == kNone && begun == kChunk; }
  };
  // What working memory knows of a type.
  struct Shape {
    std::uint32_t stride = 0, fields = 0;
    bool keyed = false, subject = false;  // has facts in byKey, bySubject_
    std::vector<std::uint32_t> chunks;
    std::vector<std::uint32_t> open;  // chunks with room
    // the chunk that became empty last and was kept, so that a fact that comes and goes allocates
    // nothing
    std::uint32_t spare = kNone;
    std::size_t facts = 0;
    std::uint64_t changes = 0;
    SlotIndex byKey;
  };

  std::byte* address(SlotId slot) const {
    const std::uint32_t number = static_cast<std::uint32_t>(slot);
    const Chunk& chunk = chunks_[number / kChunk];
    return chunk.memory + std::size_t{number % kChunk} * chunk.stride;
  }
  SlotId takeSlot(TypeId type);
  void freeSlot(SlotId slot);
  std::uint32_t newChunk(TypeId type);
  void release(std::uint32_t chunk);
  void open(std::uint32_t chunk);   // Requires: not open
  void close(std::uint32_t chunk);  // Requires: open

  const model::FactType& declared(TypeId type) const { return program_.type(type); }
  std::uint64_t keyHash(TypeId type, std::span<const Value> fields) const;
  void index(SlotId slot);
  void unindex(SlotId slot);
  bool isIndexed(TypeId type, FieldId field) const;

  const model::Program& program_;
  std::vector<Chunk> chunks_;
  std::vector<std::uint32_t> freeChunks_;
  std::vector<Shape> shapes_;  // by type
  IdTable slotOf_;
  SlotIndex bySubject_;  // by name, of all types
  std::uint32_t next_ = 1;
  FactId leaving_ = kNoFact;
};

}  // namespace reticle
