#include "match/working_memory.h"

#include <algorithm>
#include <cassert>

#include "base/hash.h"

namespace reticle {

std::uint64_t WorkingMemory::keyHash(const model::FactType& type, const std::vector<Value>& fields) const {
  std::uint64_t hash = mix64(reticle::index(type.id));
  for (FieldId key : type.keys) hash = hashCombine(hash, fields[reticle::index(key)].hash());
  return hash;
}

void WorkingMemory::index(const StoredFact& fact) {
  const model::FactType& type = program_.type(fact.type);
  std::uint32_t id = reticle::index(fact.id);
  if (!type.keys.empty()) byKey_.add(keyHash(type, fact.fields), id);
  if (type.kind == model::FactKind::Subject) bySubject_.add(fact.fields[type.declared].hash(), id);
}

void WorkingMemory::unindex(const StoredFact& fact) {
  byKey_.remove(reticle::index(fact.id));
  bySubject_.remove(reticle::index(fact.id));
}

FactId WorkingMemory::add(TypeId type, std::vector<Value> fields, bool logical, std::uint64_t recency, FactId id) {
  assert((id == kNoFact || reticle::index(id) >= next_) && "ids of facts count up");
  if (id == kNoFact) id = FactId{next_};
  next_ = reticle::index(id) + 1;
  std::uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  StoredFact& fact = slots_[slot];
  fact = StoredFact{};
  fact.id = id;
  fact.type = type;
  fact.logical = logical;
  fact.recency = recency;
  fact.fields = std::move(fields);
  slotOf_[reticle::index(id)] = slot;
  index(fact);
  return id;
}

void WorkingMemory::remove(FactId id) {
  std::uint32_t* slot = slotOf_.find(reticle::index(id));
  assert(slot && "only a fact that is held can be removed");
  if (!slots_[*slot].gone) unindex(slots_[*slot]);
  slots_[*slot] = StoredFact{};
  free_.push_back(*slot);
  slotOf_.erase(reticle::index(id));
}

void WorkingMemory::assign(FactId id, const std::vector<std::pair<FieldId, Value>>& values, std::uint64_t recency) {
  StoredFact* fact = find(id);
  assert(fact && "only a fact that is held can be updated");
  if (!fact->gone) unindex(*fact);
  for (const auto& [field, value] : values) fact->fields[reticle::index(field)] = value;
  fact->recency = recency;
  if (!fact->gone) index(*fact);
}

void WorkingMemory::letGo(FactId id) {
  StoredFact* fact = find(id);
  assert(fact && !fact->gone && "only a fact that is held can go");
  unindex(*fact);
  fact->gone = true;
}

bool WorkingMemory::holds(FactId id) const {
  const StoredFact* fact = find(id);
  return fact && !fact->gone;
}

const StoredFact* WorkingMemory::find(FactId id) const {
  const std::uint32_t* slot = slotOf_.find(reticle::index(id));
  return slot ? &slots_[*slot] : nullptr;
}

StoredFact* WorkingMemory::find(FactId id) { return const_cast<StoredFact*>(static_cast<const WorkingMemory*>(this)->find(id)); }

Row WorkingMemory::row(FactId id) const {
  const StoredFact* fact = find(id);
  return fact ? Row{fact->fields.data(), id} : Row{};
}

FactId WorkingMemory::findByKey(TypeId type, const std::vector<Value>& fields) const {
  const model::FactType& declared = program_.type(type);
  if (declared.keys.empty()) return kNoFact;
  const HashIndex::Group* group = byKey_.find(keyHash(declared, fields));
  if (!group) return kNoFact;
  for (std::uint32_t id : *group) {
    const StoredFact* fact = find(FactId{id});
    if (fact->type != type) continue;
    bool equal = std::all_of(declared.keys.begin(), declared.keys.end(),
                             [&](FieldId key) { return fact->fields[reticle::index(key)] == fields[reticle::index(key)]; });
    if (equal) return fact->id;
  }
  return kNoFact;
}

FactId WorkingMemory::findSubject(std::string_view name) const {
  Value wanted = Value::string(name);
  const HashIndex::Group* group = bySubject_.find(wanted.hash());
  if (!group) return kNoFact;
  for (std::uint32_t id : *group) {
    const StoredFact* fact = find(FactId{id});
    if (fact->fields[program_.type(fact->type).declared] == wanted) return fact->id;
  }
  return kNoFact;
}

std::vector<FactId> WorkingMemory::all(std::optional<TypeId> type) const {
  std::vector<FactId> ids;
  for (const StoredFact& fact : slots_)
    if (fact.id != kNoFact && !fact.gone && (!type || fact.type == *type)) ids.push_back(fact.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace reticle
