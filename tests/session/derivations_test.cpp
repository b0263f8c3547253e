#include "session/derivations.h"

#include <doctest/doctest.h>

#include <map>

#include "base/hash.h"

using namespace reticle;

TEST_SUITE("derivations") {
  TEST_CASE("each fact keeps its own derivation while others come and go") {
    Derivations derivations;
    std::map<std::uint32_t, std::pair<RuleId, std::vector<FactId>>> expected;
    std::uint64_t state = 7;
    const auto random = [&](std::uint64_t below) { return static_cast<std::uint32_t>(mix64(++state) % below); };
    for (std::uint32_t id = 1; id <= 20'000; ++id) {
      std::vector<FactId> facts(random(5));
      for (FactId& fact : facts) fact = FactId{1 + random(1000)};
      const RuleId rule{random(9)};
      derivations.add(FactId{id}, rule, facts);
      expected[id] = {rule, facts};
      while (expected.size() > 3000) {
        auto gone = expected.lower_bound(random(id));
        if (gone == expected.end()) gone = expected.begin();
        derivations.erase(FactId{gone->first});
        CHECK_FALSE(derivations.find(FactId{gone->first}).has_value());
        expected.erase(gone);
      }
    }
    for (const auto& [id, wanted] : expected) {
      const auto found = derivations.find(FactId{id});
      REQUIRE(found.has_value());
      CHECK(found->rule == wanted.first);
      CHECK(found->facts == wanted.second);
    }
    derivations.erase(FactId{30'000});   // never had one
    CHECK_FALSE(derivations.find(FactId{30'000}).has_value());
  }
}
