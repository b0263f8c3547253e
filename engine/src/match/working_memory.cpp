// Where facts stand: slots in chunks by type, ids that lead to slots, and the indexes of keys and
// of subjects' names.
#include "match/working_memory.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <new>

#include "base/hash.h"

namespace reticle {

// A shape says how large a fact of a type is and how it is found.
WorkingMemory::WorkingMemory(const model::Program& program)
    : program_(program), shapes_(program.types.size()) {
  for (const model::FactType& type : program.types) {
    Shape& shape = shapes_[reticle::index(type.id)];
    shape.fields = static_cast<std::uint32_t>(type.fields.size());
    shape.stride =
        static_cast<std::uint32_t>(sizeof(StoredFact) + type.fields.size() * sizeof(Value));
    shape.subject = type.kind == model::FactKind::Subject;
    shape.keyed = !type.keys.empty() && !shape.subject;
  }
}

WorkingMemory::~WorkingMemory() {
  for (Chunk& chunk : chunks_) {
    for (std::uint32_t place = 0; place < chunk.begun; ++place) {
      StoredFact& fact =
          *reinterpret_cast<StoredFact*>(chunk.memory + std::size_t{place} * chunk.stride);
      if (fact.id != kNoFact) std::destroy_n(fact.fields().data(), fact.fieldCount);
    }
    ::operator delete(chunk.memory);
  }
}

// --- slots

// The memory is raw: a fact is made in its slot when it comes.
std::uint32_t WorkingMemory::newChunk(TypeId type) {
  std::uint32_t number;
  if (freeChunks_.empty()) {
    number = static_cast<std::uint32_t>(chunks_.size());
    chunks_.emplace_back();
  } else {
    number = freeChunks_.back();
    freeChunks_.pop_back();
  }
  Shape& shape = shapes_[reticle::index(type)];
  Chunk& chunk = chunks_[number];
  chunk = Chunk{};
  chunk.memory = static_cast<std::byte*>(::operator new (std::size_t{kChunk} * shape.stride));
  chunk.stride = shape.stride;
  chunk.type = reticle::index(type);
  chunk.place = static_cast<std::uint32_t>(shape.chunks.size());
  shape.chunks.push_back(number);
  open(number);
  return number;
}

// A chunk is open while it has a free slot; the last one is filled first.
void WorkingMemory::open(std::uint32_t number) {
  std::vector<std::uint32_t>& open = shapes_[chunks_[number].type].open;
  chunks_[number].openPlace = static_cast<std::uint32_t>(open.size());
  open.push_back(number);
}

void WorkingMemory::close(std::uint32_t number) {
  std::vector<std::uint32_t>& open = shapes_[chunks_[number].type].open;
  const std::uint32_t last = open.back();
  open[chunks_[number].openPlace] = last;
  chunks_[last].openPlace = chunks_[number].openPlace;
  open.pop_back();
  chunks_[number].openPlace = kNone;
}

void WorkingMemory::release(std::uint32_t number) {
  Chunk& chunk = chunks_[number];
  Shape& shape = shapes_[chunk.type];
  const std::uint32_t last = shape.chunks.back();
  shape.chunks[chunk.place] = last;
  chunks_[last].place = chunk.place;
  shape.chunks.pop_back();
  ::operator delete(chunk.memory);
  chunk = Chunk{};
  freeChunks_.push_back(number);
}

// Free slots are linked through firstEntry.
SlotId WorkingMemory::takeSlot(TypeId type) {
  Shape& shape = shapes_[reticle::index(type)];
  const std::uint32_t number = shape.open.empty() ? newChunk(type) : shape.open.back();
  Chunk& chunk = chunks_[number];
  std::uint32_t place = chunk.firstFree;
  if (place != kNone) {
    chunk.firstFree = at(SlotId{number * kChunk + place}).firstEntry;
  } else {
    place = chunk.begun++;
  }
  ++chunk.held;
  if (chunk.full()) close(number);
  return SlotId{number * kChunk + place};
}

void WorkingMemory::freeSlot(SlotId slot) {
  const std::uint32_t number = static_cast<std::uint32_t>(slot) / kChunk,
                      place = static_cast<std::uint32_t>(slot) % kChunk;
  Chunk& chunk = chunks_[number];
  Shape& shape = shapes_[chunk.type];
  StoredFact& fact = at(slot);
  std::destroy_n(fact.fields().data(), fact.fieldCount);
  fact = StoredFact{};
  fact.firstEntry = chunk.firstFree;
  chunk.firstFree = place;
  --chunk.held;
  if (chunk.openPlace == kNone) open(number);
  if (chunk.held > 0) return;
  // One empty chunk a type is kept, so that a fact that comes and goes does not allocate each time.
  if (shape.spare == kNone || shape.spare == number || chunks_[shape.spare].held > 0) {
    shape.spare = number;
    return;
  }
  close(number);
  release(number);
}

// --- keys and names

std::uint64_t WorkingMemory::keyHash(TypeId type, std::span<const Value> fields) const {
  std::uint64_t hash = 0;
  for (FieldId key : declared(type).keys) {
    hash = hashCombine(hash, fields[reticle::index(key)].hash());
  }
  return hash;
}

void WorkingMemory::index(SlotId slot) {
  const StoredFact& fact = at(slot);
  Shape& shape = shapes_[reticle::index(fact.type)];
  if (shape.keyed) {
    shape.byKey.add(keyHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
  }
  if (shape.subject) {
    bySubject_.add(fact.fields()[declared(fact.type).declared].hash(),
                   static_cast<std::uint32_t>(slot));
  }
}

void WorkingMemory::unindex(SlotId slot) {
  const StoredFact& fact = at(slot);
  Shape& shape = shapes_[reticle::index(fact.type)];
  if (shape.keyed) {
    shape.byKey.remove(keyHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
  }
  if (shape.subject) {
    bySubject_.remove(fact.fields()[declared(fact.type).declared].hash(),
                      static_cast<std::uint32_t>(slot));
  }
}

// Whether a change of the field moves the fact in an index.
bool WorkingMemory::isIndexed(TypeId type, FieldId field) const {
  const Shape& shape = shapes_[reticle::index(type)];
  if (shape.subject) return reticle::index(field) == declared(type).declared;
  if (!shape.keyed) return false;
  const std::vector<FieldId>& keys = declared(type).keys;
  return std::find(keys.begin(), keys.end(), field) != keys.end();
}

// Facts that are gone stand in no index, so they are not found.
FactId WorkingMemory::findByKey(TypeId type, std::span<const Value> fields) const {
  const Shape& shape = shapes_[reticle::index(type)];
  if (!shape.keyed) return kNoFact;
  const std::vector<FieldId>& keys = declared(type).keys;
  const std::uint32_t slot = shape.byKey.find(keyHash(type, fields), [&](std::uint32_t candidate) {
    const StoredFact& fact = at(SlotId{candidate});
    return std::all_of(keys.begin(), keys.end(),
                       [&](FieldId key) { return fact.field(key) == fields[reticle::index(key)]; });
  });
  return slot == SlotIndex::kNone ? kNoFact : unlessLeaving(at(SlotId{slot}).id);
}

FactId WorkingMemory::findSubject(std::string_view name) const {
  if (bySubject_.size() == 0) return kNoFact;
  const Value wanted = Value::string(name);
  const std::uint32_t slot = bySubject_.find(wanted.hash(), [&](std::uint32_t candidate) {
    const StoredFact& fact = at(SlotId{candidate});
    return fact.fields()[declared(fact.type).declared] == wanted;
  });
  return slot == SlotIndex::kNone ? kNoFact : unlessLeaving(at(SlotId{slot}).id);
}

// --- facts

// `id`: given when a journal is read back; ids are never used twice.
FactId WorkingMemory::add(TypeId type, std::span<Value> fields, bool logical, std::uint64_t recency,
                          FactId id) {
  assert((id == kNoFact || reticle::index(id) >= next_) && "ids of facts count up");
  assert(fields.size() == shapes_[reticle::index(type)].fields &&
         "a fact has a value for each field of its type");
  if (id == kNoFact) id = FactId{next_};
  next_ = reticle::index(id) + 1;
  const SlotId slot = takeSlot(type);
  ++shapes_[reticle::index(type)].changes;
  StoredFact& fact = *new (address(slot)) StoredFact;
  fact.id = id;
  fact.type = type;
  fact.recency = recency;
  fact.fieldCount = static_cast<std::uint32_t>(fields.size()) & 0xffffffu;
  fact.logical = logical;
  std::uninitialized_move(fields.begin(), fields.end(), fact.fields().data());
  slotOf_.set(reticle::index(id), static_cast<std::uint32_t>(slot));
  ++shapes_[reticle::index(type)].facts;
  index(slot);
  return id;
}

void WorkingMemory::remove(FactId id) {
  const SlotId slot = slotOf(id);
  assert(slot != kNoSlot && "only a fact that is held can be removed");
  if (!at(slot).gone) unindex(slot);
  Shape& shape = shapes_[reticle::index(at(slot).type)];
  --shape.facts;
  ++shape.changes;
  freeSlot(slot);
  slotOf_.clear(reticle::index(id));
}

void WorkingMemory::assign(FactId id, const std::vector<std::pair<FieldId, Value>>& values,
                           std::uint64_t recency) {
  const SlotId slot = slotOf(id);
  assert(slot != kNoSlot && "only a fact that is held can be updated");
  StoredFact& fact = at(slot);
  const bool moves = !fact.gone && std::any_of(values.begin(), values.end(), [&](const auto& each) {
    return isIndexed(fact.type, each.first);
  });
  if (moves) unindex(slot);
  ++shapes_[reticle::index(fact.type)].changes;
  for (const auto& [field, value] : values) fact.fields()[reticle::index(field)] = value;
  fact.recency = recency;
  if (moves) index(slot);
}

// The fact leaves the indexes now and its slot at the end of the turn.
void WorkingMemory::letGo(FactId id) {
  const SlotId slot = slotOf(id);
  assert(slot != kNoSlot && !at(slot).gone && "only a fact that is held can go");
  unindex(slot);
  ++shapes_[reticle::index(at(slot).type)].changes;
  at(slot).gone = true;
}

std::vector<FactId> WorkingMemory::allAndGone(TypeId type) const {
  std::vector<FactId> ids;
  ids.reserve(count(type));
  forEach(type, [&](SlotId, const StoredFact& fact) {
    if (fact.id != leaving_) ids.push_back(fact.id);
  });
  std::sort(ids.begin(), ids.end());
  return ids;
}

// By id, as slots say nothing about age.
std::vector<FactId> WorkingMemory::all(std::optional<TypeId> type) const {
  std::vector<FactId> ids;
  ids.reserve(type ? count(*type) : size());
  const auto keep = [&](SlotId, const StoredFact& fact) {
    if (!fact.gone && fact.id != leaving_) ids.push_back(fact.id);
  };
  if (type) {
    forEach(*type, keep);
  } else {
    for (const model::FactType& each : program_.types) forEach(each.id, keep);
  }
  if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace reticle
