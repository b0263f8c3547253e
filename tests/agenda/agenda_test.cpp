#include "agenda/agenda.h"

#include <doctest/doctest.h>

using namespace reticle;

namespace {

std::vector<FactId> facts(std::initializer_list<std::uint32_t> ids) {
  std::vector<FactId> out;
  for (std::uint32_t id : ids) out.push_back(FactId{id});
  return out;
}

std::uint32_t next(Agenda& agenda) { return index(agenda.best()); }

}  // namespace

TEST_SUITE("agenda") {
  TEST_CASE("the higher salience fires first, whatever the order of arrival") {
    Agenda agenda;
    auto low = agenda.add(RuleId{0}, TokenId{1}, facts({9}), 0, 9).id;
    auto high = agenda.add(RuleId{5}, TokenId{2}, facts({1}), 10, 1).id;
    CHECK(next(agenda) == index(high));
    agenda.markFired(high);
    CHECK(next(agenda) == index(low));
  }

  TEST_CASE("then the newer match, then the rule declared first, then the newer facts") {
    Agenda agenda;
    auto old = agenda.add(RuleId{0}, TokenId{1}, facts({1, 2}), 0, 3).id;
    auto laterRule = agenda.add(RuleId{2}, TokenId{2}, facts({1, 9}), 0, 4).id;
    auto olderFacts = agenda.add(RuleId{1}, TokenId{3}, facts({1, 3}), 0, 4).id;
    auto newerFacts = agenda.add(RuleId{1}, TokenId{4}, facts({1, 4}), 0, 4).id;
    std::vector<std::uint32_t> order;
    while (agenda.ready()) {
      order.push_back(next(agenda));
      agenda.markFired(agenda.best());
    }
    CHECK(order == std::vector<std::uint32_t>{index(newerFacts), index(olderFacts), index(laterRule), index(old)});
  }

  TEST_CASE("an activation that fired is kept while its match holds, and is not ready again") {
    Agenda agenda;
    auto id = agenda.add(RuleId{0}, TokenId{7}, facts({1}), 0, 1).id;
    agenda.markFired(id);
    CHECK(!agenda.ready());
    REQUIRE(agenda.find(id) != nullptr);
    CHECK(agenda.find(id)->fired);
    Activation gone = agenda.remove(TokenId{7});
    CHECK(gone.id == id);
    CHECK(agenda.find(id) == nullptr);
    CHECK(agenda.add(RuleId{0}, TokenId{7}, facts({1}), 0, 2).id != id);   // ids are never used twice
  }
}
