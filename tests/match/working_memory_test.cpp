// What is kept about facts: by id, by slot, by type, by key and by name.

#include "match/working_memory.h"

#include <map>

#include "base/hash.h"
#include "program/program_state.h"
#include "support/harness.h"

namespace match_working_memory_test {

using namespace reticle;

namespace {

const char* const kTypes = R"(
fact Plain { n: int text: string }
fact Keyed { key a: int key b: string n: int }
subject Room as "room|{id}" { key id: string n: int? }
)";

struct Memory {
  Memory() : program(test::compiled("types.rules", kTypes)), memory(program->model) {}
  TypeId type(std::string_view name) const { return program->model.findType(name)->id; }
  FactId plain(std::int64_t n) {
    return memory.add(type("Plain"), {Value::integer(n), Value::string(std::to_string(n))}, false,
                      1);
  }
  FactId keyed(std::int64_t a, std::string_view b) {
    return memory.add(type("Keyed"), {Value::integer(a), Value::string(b), Value::integer(0)},
                      false, 1);
  }
  FactId find(std::int64_t a, std::string_view b) const {
    const std::vector<Value> wanted = {Value::integer(a), Value::string(b), Value()};
    return memory.findByKey(type("Keyed"), wanted);
  }

  std::shared_ptr<const Program> program;
  WorkingMemory memory;
};

}  // namespace

TEST_SUITE("working memory") {
  TEST_CASE("a fact stays where it is while others come and go") {
    Memory m;
    const FactId stays = m.plain(-1);
    const SlotId slot = m.memory.slotOf(stays);
    const Value* fields = m.memory.row(stays).fields;
    std::vector<FactId> others;
    for (int i = 0; i < 10'000; ++i) others.push_back(m.plain(i));
    for (const FactId fact : others) m.memory.remove(fact);
    CHECK(m.memory.slotOf(stays) == slot);
    CHECK(m.memory.row(stays).fields == fields);
    CHECK(m.memory.row(slot).fact == stays);
    CHECK(fields[1] == Value::string("-1"));
    CHECK(m.memory.size() == 1);
    CHECK(m.memory.slotOf(others[0]) == kNoSlot);
    CHECK(m.memory.find(others[9999]) == nullptr);
    CHECK(m.memory.row(others[5]).fields == nullptr);
  }

  TEST_CASE("slots are used again, ids are not") {
    Memory m;
    const FactId first = m.plain(1);
    const SlotId slot = m.memory.slotOf(first);
    m.memory.at(slot).firstToken = TokenId{7};
    m.memory.remove(first);
    const FactId second = m.plain(2);
    CHECK(second != first);
    CHECK(m.memory.slotOf(second) == slot);
    CHECK(m.memory.at(slot).firstToken == kNoToken);  // nothing of the fact before is left
    CHECK(m.memory.at(slot).firstEntry == StoredFact::kNone);
    CHECK(m.memory.nextId() == FactId{3});
    CHECK(m.memory.add(m.type("Plain"), {Value(), Value()}, true, 9, FactId{5000}) == FactId{5000});
    CHECK(m.memory.nextId() == FactId{5001});
    CHECK(bool{m.memory.find(FactId{5000})->logical});
    CHECK(m.memory.find(FactId{5000})->recency == 9);
    CHECK(m.memory.find(FactId{4999}) == nullptr);
  }

  TEST_CASE("keys find the fact that has them now, names the subject") {
    Memory m;
    const FactId fact = m.keyed(1, "x"), other = m.keyed(1, "y");
    CHECK(m.find(1, "x") == fact);
    CHECK(m.find(1, "y") == other);
    CHECK(m.find(2, "x") == kNoFact);
    m.memory.assign(fact, {{FieldId{2}, Value::integer(5)}}, 2);
    CHECK(m.find(1, "x") == fact);
    m.memory.assign(fact, {{FieldId{0}, Value::integer(2)}, {FieldId{2}, Value::integer(6)}}, 3);
    CHECK(m.find(1, "x") == kNoFact);
    CHECK(m.find(2, "x") == fact);
    CHECK(m.memory.find(fact)->recency == 3);
    CHECK(m.memory.row(fact).fields[2] == Value::integer(6));
    m.memory.remove(fact);
    CHECK(m.find(2, "x") == kNoFact);
    CHECK(m.find(1, "y") == other);

    const model::FactType& room = m.program->model.type(m.type("Room"));
    std::vector<Value> fields(room.fields.size());
    fields[0] = Value::string("a");
    fields[room.declared] = Value::string("room|a");
    CHECK(m.memory.findSubject("room|a") == kNoFact);
    const FactId subject = m.memory.add(room.id, std::move(fields), false, 4);
    CHECK(m.memory.findSubject("room|a") == subject);
    CHECK(m.memory.findSubject("room|b") == kNoFact);
    m.memory.remove(subject);
    CHECK(m.memory.findSubject("room|a") == kNoFact);
  }

  // Against a map of ids: thousands of facts of three types come, change their keys and go, in
  // waves, so that chunks are released and used again by other types.
  TEST_CASE("what is held is what was put in, after any order of adding, assigning and removing") {
    Memory m;
    struct Expected {
      TypeId type;
      std::int64_t a;
    };
    std::map<FactId, Expected> held;
    std::map<std::int64_t, FactId> byKey;
    std::uint64_t state = 1;
    const auto random = [&](std::uint64_t below) { return mix64(++state) % below; };
    const TypeId keyed = m.type("Keyed"), plain = m.type("Plain");
    for (int step = 0; step < 20'000; ++step) {
      const bool growing = step / 2000 % 2 == 0;
      const std::uint64_t deed = random(10);
      if (held.empty() || deed < (growing ? 7u : 1u)) {
        const auto a = static_cast<std::int64_t>(random(5000));
        if (random(3) == 0) {
          held[m.plain(a)] = {plain, a};
        } else if (byKey.count(a) == 0) {
          const FactId fact = m.keyed(a, "k");
          held[fact] = {keyed, a};
          byKey[a] = fact;
        }
        continue;
      }
      auto chosen =
          held.lower_bound(FactId{static_cast<std::uint32_t>(random(index(m.memory.nextId())))});
      if (chosen == held.end()) chosen = held.begin();
      auto& [fact, expected] = *chosen;
      if (deed == 9 && expected.type == keyed) {
        const auto a = static_cast<std::int64_t>(random(5000));
        if (byKey.count(a) != 0) continue;
        byKey.erase(expected.a);
        byKey[a] = fact;
        expected.a = a;
        m.memory.assign(fact, {{FieldId{0}, Value::integer(a)}}, 1);
      } else {
        if (expected.type == keyed) byKey.erase(expected.a);
        m.memory.remove(fact);
        held.erase(chosen);
      }
      if (step % 500 != 0) continue;
      std::vector<FactId> all, ofKeyed;
      for (const auto& [id, what] : held) {
        all.push_back(id);
        if (what.type == keyed) ofKeyed.push_back(id);
        const StoredFact* stored = m.memory.find(id);
        REQUIRE(stored != nullptr);
        CHECK(stored->id == id);
        CHECK(stored->type == what.type);
        CHECK(stored->field(FieldId{0}) == Value::integer(what.a));
        if (what.type == keyed) CHECK(m.find(what.a, "k") == id);
      }
      CHECK(m.memory.all() == all);
      CHECK(m.memory.all(keyed) == ofKeyed);
      CHECK(m.memory.count(keyed) == ofKeyed.size());
      CHECK(m.memory.size() == all.size());
      for (std::int64_t a = 0; a < 5000; a += 7) {
        CHECK((m.find(a, "k") != kNoFact) == (byKey.count(a) != 0));
      }
    }
  }
}

}  // namespace match_working_memory_test
