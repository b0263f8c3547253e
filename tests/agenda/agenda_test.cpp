// The agenda by itself: strategies, groups, exclusives, holding back, and firing again.
#include "agenda/agenda.h"

#include <algorithm>
#include <random>
#include <tuple>

#include <doctest/doctest.h>

namespace agenda_test {

using namespace reticle;

namespace {

// Rules 0, 1, 2, … as given.
AgendaPlan planFor(std::vector<RuleOrder> rules, std::vector<std::string> groups = {""}) {
  AgendaPlan plan;
  plan.groups = std::move(groups);
  for (const RuleOrder& rule : rules) {
    if (rule.exclusive != kNotExclusive && rule.exclusive >= plan.exclusives.size()) {
      plan.exclusives.resize(rule.exclusive + 1);
    }
  }
  plan.rules = std::move(rules);
  return plan;
}

RuleOrder computed(std::uint32_t complexity = 0) {
  RuleOrder rule;
  rule.salience.reset();
  rule.complexity = complexity;
  return rule;
}

RuleOrder fixed(std::int64_t salience, std::uint32_t group = kMainGroup) {
  RuleOrder rule;
  rule.salience = salience;
  rule.group = group;
  return rule;
}

ActivationSlot add(Agenda& agenda, std::uint32_t rule, std::uint64_t recency,
                   std::int64_t salience = 0, std::vector<std::uint64_t> tags = {}) {
  return agenda.add(RuleId{rule}, TokenId{0}, salience, recency, 0, tags);
}

// Fires all, and says in which order: the ids, which count the calls of add().
std::vector<std::uint32_t> fireAll(Agenda& agenda) {
  std::vector<std::uint32_t> order;
  for (agenda.dropIdle(); agenda.ready(); agenda.dropIdle()) {
    const ActivationSlot best = agenda.best();
    order.push_back(index(agenda.at(best).id));
    agenda.markFired(best);
  }
  return order;
}

using Order = std::vector<std::uint32_t>;

}  // namespace

TEST_SUITE("agenda") {
  TEST_CASE("the higher salience fires first, whatever the order of arrival") {
    Agenda agenda(planFor({fixed(0), fixed(10), computed()}));
    add(agenda, 0, 9, 0);
    add(agenda, 1, 1, 10);
    add(agenda, 2, 2, 5);
    add(agenda, 2, 3, 11);
    CHECK(fireAll(agenda) == Order{4, 2, 3, 1});
  }

  TEST_CASE(
      "depth: the newest match first, and of one change in the order in which its matches are "
      "handed in") {
    Agenda agenda(planFor({fixed(0), fixed(0)}));
    add(agenda, 0, 3);
    add(agenda, 0, 4);
    add(agenda, 0, 4);
    add(agenda, 1, 4);
    CHECK(fireAll(agenda) == Order{2, 3, 4, 1});
  }

  TEST_CASE("breadth: the oldest match first") {
    Agenda agenda(planFor({fixed(0), fixed(0)}), Strategy::Breadth);
    add(agenda, 0, 3);
    add(agenda, 0, 4);
    add(agenda, 1, 4);
    CHECK(fireAll(agenda) == Order{1, 2, 3});
  }

  TEST_CASE(
      "lex compares the ages of facts, newest first; of equal ones the match with more facts, then "
      "the more complex rule") {
    Agenda agenda(planFor({computed(1), computed(2)}), Strategy::Lex);
    add(agenda, 0, 9, 0, {1, 5});
    add(agenda, 0, 9, 0, {6, 2});
    add(agenda, 0, 9, 0, {3, 6});
    add(agenda, 0, 9, 0, {6});
    add(agenda, 1, 9, 0, {5, 1});
    CHECK(fireAll(agenda) == Order{3, 2, 4, 5, 1});
  }

  TEST_CASE("mea looks at the first fact before all others") {
    Agenda agenda(planFor({computed()}), Strategy::Mea);
    add(agenda, 0, 9, 0, {1, 50});
    add(agenda, 0, 9, 0, {2, 3});
    add(agenda, 0, 9, 0, {2, 4});
    CHECK(fireAll(agenda) == Order{3, 2, 1});
  }

  TEST_CASE("simplicity and complexity look at the rules, then at the age of the match") {
    for (const Strategy strategy : {Strategy::Simplicity, Strategy::Complexity}) {
      Agenda agenda(planFor({computed(1), computed(7)}), strategy);
      add(agenda, 0, 1);
      add(agenda, 1, 2);
      add(agenda, 0, 3);
      CHECK(fireAll(agenda) ==
            (strategy == Strategy::Simplicity ? Order{3, 1, 2} : Order{2, 3, 1}));
    }
  }

  TEST_CASE("random is one order for one seed, and another for another") {
    const auto order = [](std::uint64_t seed) {
      Agenda agenda(planFor({fixed(0)}), Strategy::Random, seed);
      for (int i = 0; i < 20; ++i) add(agenda, 0, 1);
      return fireAll(agenda);
    };
    CHECK(order(1) == order(1));
    CHECK(order(1) != order(2));
    Order sorted = order(1);
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted != order(1));
    CHECK(sorted.size() == 20);
  }

  TEST_CASE(
      "an activation that fired is kept while its match holds, and is not ready again; ids are "
      "never used twice") {
    Agenda agenda(planFor({fixed(0)}));
    const ActivationSlot slot = add(agenda, 0, 1);
    const ActivationId id = agenda.at(slot).id;
    agenda.markFired(slot);
    CHECK(!agenda.ready());
    REQUIRE(agenda.find(id) == slot);
    CHECK(agenda.at(slot).fired);
    agenda.remove(slot);
    CHECK(agenda.find(id) == kNoActivation);
    const ActivationSlot next = add(agenda, 0, 2);
    CHECK(next == slot);
    CHECK(agenda.at(next).id != id);
    CHECK(agenda.find(agenda.at(next).id) == next);
  }

  TEST_CASE(
      "groups fire while they have the focus, the one pushed last first; a group with nothing "
      "ready loses it") {
    Agenda agenda(planFor({fixed(0), fixed(0, 1), fixed(0, 2)}, {"", "one", "two"}));
    add(agenda, 0, 1);
    add(agenda, 1, 2);
    add(agenda, 2, 3);
    CHECK(agenda.inOrder().size() == 3);
    CHECK(agenda.at(agenda.best()).rule == RuleId{0});
    agenda.focus(1);
    agenda.focus(2);
    agenda.focus(2);
    CHECK(agenda.focused() == std::vector<std::uint32_t>{1, 2});
    CHECK(fireAll(agenda) == Order{3, 2, 1});
    CHECK(agenda.focused().empty());
    add(agenda, 1, 4);
    CHECK(!agenda.ready());
  }

  TEST_CASE("auto-focus: an activation that becomes ready gives its group the focus") {
    RuleOrder alarm = fixed(0, 1);
    alarm.autoFocus = true;
    Agenda agenda(planFor({fixed(100), alarm}, {"", "alarms"}));
    add(agenda, 0, 1);
    const ActivationSlot held = agenda.add(RuleId{1}, TokenId{0}, 0, 2, kHeldByDate);
    CHECK(agenda.focused().empty());
    agenda.release({held}, kHeldByDate);
    CHECK(agenda.focused() == std::vector<std::uint32_t>{1});
    CHECK(fireAll(agenda) == Order{2, 1});
  }

  TEST_CASE("an activation is ready when nothing holds it any more, and takes its place then") {
    Agenda agenda(planFor({fixed(0)}));
    std::vector<ActivationSlot> slots;
    for (std::uint64_t recency : {1, 1, 2, 3, 3, 3, 4}) slots.push_back(add(agenda, 0, recency));
    const Order whole{7, 4, 5, 6, 3, 1, 2};
    for (const ActivationSlot slot : {slots[1], slots[4], slots[6]}) agenda.hold(slot, kHeldByTag);
    agenda.hold(slots[4], kHeldByDate);
    CHECK(agenda.inOrder().size() == 4);
    agenda.release({slots[6], slots[4], slots[1]}, kHeldByTag);
    CHECK(agenda.inOrder().size() == 6);
    agenda.release({slots[4]}, kHeldByDate);
    CHECK(fireAll(agenda) == whole);
  }

  TEST_CASE("rivals are the other activations of the same exclusive name that have not fired") {
    RuleOrder one = fixed(0), other = fixed(5), apart = fixed(0);
    one.exclusive = other.exclusive = 0;
    apart.exclusive = 1;
    Agenda agenda(planFor({one, other, apart}));
    const ActivationSlot a = add(agenda, 0, 1), b = add(agenda, 1, 1), c = add(agenda, 0, 2);
    add(agenda, 2, 2);
    CHECK(agenda.rivals(b) == std::vector<ActivationSlot>{a, c});
    agenda.markFired(a);
    CHECK(agenda.rivals(b) == std::vector<ActivationSlot>{c});
    agenda.remove(c);
    CHECK(agenda.rivals(b).empty());
  }

  TEST_CASE(
      "what is listed and what fires is one order, under every strategy and whatever comes and "
      "goes") {
    for (const Strategy strategy :
         {Strategy::Depth, Strategy::Breadth, Strategy::Lex, Strategy::Mea, Strategy::Simplicity,
          Strategy::Complexity, Strategy::Random}) {
      CAPTURE(name(strategy));
      std::mt19937 random(static_cast<std::uint32_t>(strategy) + 1);
      Agenda agenda(planFor({fixed(0), fixed(3), computed(2), computed(4)}), strategy, 7);
      std::vector<ActivationSlot> present;
      std::uint64_t recency = 1;
      const auto take = [&](std::size_t at) {
        const ActivationSlot slot = present[at];
        present.erase(present.begin() + static_cast<std::ptrdiff_t>(at));
        return slot;
      };
      for (int step = 0; step < 4000; ++step) {
        const std::uint32_t dice = random() % 10;
        if (dice < 5 || present.empty()) {
          recency += random() % 2;
          const std::uint32_t rule = random() % 4;
          const std::int64_t salience = rule == 0   ? 0
                                        : rule == 1 ? 3
                                                    : static_cast<std::int64_t>(random() % 5);
          present.push_back(agenda.add(RuleId{rule}, TokenId{0}, salience, recency,
                                       random() % 8 == 0 ? kHeldByDate : 0,
                                       {random() % 9, random() % 9}));
        } else if (dice < 7) {
          agenda.remove(take(random() % present.size()));
        } else if (dice == 7 && agenda.ready()) {
          agenda.markFired(agenda.best());
        } else if (dice == 8) {
          agenda.hold(present[random() % present.size()], kHeldByDate);
        } else {
          agenda.release({present[random() % present.size()], present[random() % present.size()]},
                         kHeldByDate);
        }
        const std::vector<ActivationSlot> listed = agenda.inOrder();
        bool sound =
            listed.empty() == !agenda.ready() && (listed.empty() || agenda.best() == listed[0]);
        for (std::size_t i = 1; i < listed.size(); ++i) {
          sound = sound && agenda.firesBefore(listed[i - 1], listed[i]);
        }
        const auto isReady = [&](ActivationSlot slot) { return agenda.at(slot).ready(); };
        REQUIRE(sound);
        REQUIRE(static_cast<std::size_t>(std::count_if(present.begin(), present.end(), isReady)) ==
                listed.size());
      }
    }
  }
}

}  // namespace agenda_test
