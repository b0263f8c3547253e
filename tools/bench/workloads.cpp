// The workloads that are no classics: one operation of the matcher each.
#include "workload.h"

#include <algorithm>
#include <cstdint>

namespace reticle::bench {
namespace {

Value number(std::size_t value) { return Value::integer(static_cast<std::int64_t>(value)); }

template <typename Key>
void numbered(FactSink& sink, const char* type, const char* field, std::size_t count, Key key) {
  sink.begin(type, {"id", field});
  std::vector<Value> row(2);
  for (std::size_t i = 0; i < count; ++i) {
    row[0] = number(i);
    row[1] = number(key(i));
    sink.row(row);
  }
}

template <typename Of>
void single(FactSink& sink, const char* type, const char* field, std::size_t count, Of of) {
  sink.begin(type, {field});
  std::vector<Value> row(1);
  for (std::size_t i = 0; i < count; ++i) {
    row[0] = number(of(i));
    sink.row(row);
  }
}

std::size_t same(std::size_t i) { return i; }

// --- rules that grow with the size

// facts given to the rules of d, whatever their number
constexpr std::size_t kDispatched = 100'000;
constexpr std::size_t kPerInterval = 10;  // facts given for each rule of d2

// Many rules with a test for a constant each.
std::string constantRules(std::size_t count) {
  std::string out =
      "/// Many rules, told apart by one constant.\nmodule bench.d\n\nfact Item { id: int kind: "
      "int }\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    out += "\nrule kind" + n + "\nwhen {\n  Item(kind == " + n + ")\n}\nthen { }\n";
  }
  return out;
}

// Many rules with an interval each.
std::string intervalRules(std::size_t count) {
  std::string out =
      "/// Many rules, each about an interval.\nmodule bench.d2\n\nfact Item { id: int v: int }\n";
  for (std::size_t i = 0; i < count; ++i) {
    out += "\nrule from" + std::to_string(i) + "\nwhen {\n  Item(v >= " + std::to_string(i) +
           " && v < " + std::to_string(i + 1) + ")\n}\nthen { }\n";
  }
  return out;
}

// Rules such as people write: two or three patterns, a constant or two, a join, a negation, an
// insertion or a change.
std::string manyRules(std::size_t count) {
  std::string out =
      "/// So many rules of an ordinary kind.\nmodule bench.compile\n\n"
      "fact Customer { key id: int level: int region: string }\n"
      "fact Order { key id: int customerId: int amount: int status: string }\n"
      "fact Item { orderId: int sku: string qty: int }\n"
      "fact Note { orderId: int rule: int text: string }\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    out += "\nrule large" + n + " salience " + std::to_string(i % 7) +
           " allow RL4005\nwhen {\n"
           "  c: Customer(level == " +
           std::to_string(i % 5) + ", region == \"r" + std::to_string(i % 11) +
           "\")\n"
           "  o: Order(customerId == c.id, amount > " +
           n + ")\n";
    if (i % 2 == 0) {
      out += "  it: Item(orderId == o.id, qty * 3 > " + std::to_string(i % 13) + ", sku != \"s" +
             std::to_string(i % 17) + "\")\n";
    }
    out += "  not Note(orderId == o.id, rule == " + n + ")\n}\nthen {\n";
    out += "  insert Note{orderId: o.id, rule: " + n + ", text: t\"order {o.id} of {c.region}" +
           (i % 2 == 0 ? ": {it.sku}" : "") + "\"}\n}\n";
  }
  return out;
}

void noFacts(std::size_t, FactSink&) {}

// Of ten facts one passes.
void oneInTen(std::size_t size, FactSink& sink) {
  numbered(sink, "Item", "kind", size, [](std::size_t i) { return i % 10; });
}
// Every fact passes.
void allAlike(std::size_t size, FactSink& sink) {
  numbered(sink, "Item", "kind", size, [](std::size_t) { return std::size_t{3}; });
}
// Each Left has one Right.
void pairs(std::size_t size, FactSink& sink) {
  numbered(sink, "Left", "at", size, same);
  numbered(sink, "Right", "at", size, same);
}
// Ten of each side share a key.
void fanOut(std::size_t size, FactSink& sink) {
  const std::size_t keys = std::max<std::size_t>(size / 10, 1);
  for (const char* side : {"Left", "Right"}) {
    numbered(sink, side, "at", size, [keys](std::size_t i) { return i % keys; });
  }
}
// Every second Left has its Right.
void halfPairs(std::size_t size, FactSink& sink) {
  numbered(sink, "Left", "at", size, same);
  numbered(sink, "Right", "at", size, [](std::size_t i) { return 2 * i; });
}
// In no order; each cooler than the one before.
void mixedDays(std::size_t size, FactSink& sink) {
  numbered(sink, "Day", "temp", size, [size](std::size_t i) { return i * 7919 % size; });
}
void coolingDays(std::size_t size, FactSink& sink) {
  numbered(sink, "Day", "temp", size, [size](std::size_t i) { return size - i; });
}
// One fact that a rule counts up to the limit.
void counter(std::size_t size, FactSink& sink) {
  sink.begin("Counter", {"n", "limit"});
  sink.row({number(0), number(size)});
}
void firstOfChain(std::size_t size, FactSink& sink) {
  sink.begin("Item", {"v", "limit"});
  sink.row({number(0), number(size)});
}
// A path of edges, for what follows from them step by step.
void chain(std::size_t size, FactSink& sink) {
  sink.begin("Edge", {"from", "to"});
  for (std::size_t i = 0; i < size; ++i) sink.row({number(i), number(i + 1)});
}
void dispatched(std::size_t size, FactSink& sink) {
  numbered(sink, "Item", "kind", kDispatched, [size](std::size_t i) { return i % size; });
}
// So many facts for each interval.
void spread(std::size_t size, FactSink& sink) {
  numbered(sink, "Item", "v", size * kPerInterval, [size](std::size_t i) { return i % size; });
}
void successors(std::size_t size, FactSink& sink) {
  single(sink, "A", "k", size, same);
  single(sink, "B", "j", size, same);
}
// In no order, and all but one B below every A: as many matches as there are As.
void oneAbove(std::size_t size, FactSink& sink) {
  const auto mixed = [size](std::size_t i) { return i * 7919 % size; };
  single(sink, "A", "v", size, [&](std::size_t i) { return size + mixed(i); });
  single(sink, "B", "v", size,
         [&](std::size_t i) { return i + 1 == size ? 2 * size : i * 7919 % size; });
}

// --- one change among many facts

std::size_t customersAmong(std::size_t facts) { return std::max<std::size_t>(facts / 10, 1); }

void orders(std::size_t size, FactSink& sink) {
  const std::size_t customers = customersAmong(size);
  numbered(sink, "Customer", "level", customers, [](std::size_t i) { return i % 4; });
  const std::size_t count = std::max<std::size_t>(size - customers, 1);
  sink.begin("Order", {"id", "customerId", "amount", "open"});
  for (std::size_t i = 0; i < count; ++i) {
    sink.row({number(i), number(i % customers), number(i * 7 % 1000), Value::boolean(i % 3 != 0)});
  }
}

constexpr std::size_t kDevices = 100;

void devicesAmongOrders(std::size_t size, FactSink& sink) {
  numbered(sink, "Device", "limit", kDevices, [](std::size_t i) { return i; });
  const std::size_t customers = customersAmong(size);
  numbered(sink, "Customer", "level", customers, [](std::size_t i) { return i % 4; });
  sink.begin("Order", {"id", "customerId", "amount"});
  for (std::size_t i = 0; i + customers < size; ++i) {
    sink.row({number(i), number(i % customers), number(i * 7 % 1000)});
  }
}

}  // namespace

const char* name(Deed deed) {
  switch (deed) {
    case Deed::Settle: return "settle";
    case Deed::RetractAll: return "retractAll";
    case Deed::Updates: return "updates";
    case Deed::Events: return "events";
  }
  return "";
}

#define RULES(NAME) [](std::size_t) { return program(NAME); }

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{
      {"manners", "Miss Manners: a few facts, one rule that joins them all", "guests", 128,
       Deed::Settle, RULES("manners"), mannersFacts},
      {"waltz", "labelling a drawing of blocks", "regions", 50, Deed::Settle, RULES("waltz"),
       waltzFacts},
      {"waltzdb", "the same from a table of legal labels, with labels taken back", "regions", 16,
       Deed::Settle, RULES("waltzdb"), waltzdbFacts},
      {"sudoku", "boards solved by singles", "boards", 20, Deed::Settle, RULES("sudoku"),
       sudokuFacts},
      {"a", "one test of one fact, a tenth of the facts pass and fire", "facts", 1'000'000,
       Deed::Settle, RULES("a"), oneInTen},
      {"a3", "one test of one fact, all pass and fire", "facts", 1'000'000, Deed::Settle,
       RULES("a"), allAlike},
      {"b", "a join by equality, one match for each fact", "facts on each side", 100'000,
       Deed::Settle, RULES("b"), pairs},
      {"b2", "a join by equality, ten matches for each fact", "facts on each side", 100'000,
       Deed::Settle, RULES("b"), fanOut},
      {"c", "one fact that every firing changes", "firings", 1'000'000, Deed::Settle, RULES("c"),
       counter},
      {"c3", "every firing inserts the fact of the next", "firings", 1'000'000, Deed::Settle,
       RULES("c3"), firstOfChain},
      {"d", "rules told apart by a constant, 100,000 facts", "rules", 1'000, Deed::Settle,
       constantRules, dispatched},
      {"d2", "rules about intervals, ten facts for each", "rules", 1'000, Deed::Settle,
       intervalRules, spread},
      {"e", "`not` over a join, every second one holds", "facts on each side", 100'000,
       Deed::Settle, RULES("e"), halfPairs},
      {"e-exists", "`exists` over a join, all hold", "facts on each side", 100'000, Deed::Settle,
       RULES("e-exists"), pairs},
      {"e-blockers", "`not` over a join, and the blockers are taken away", "facts on each side",
       100'000, Deed::Settle, RULES("e-blockers"), pairs},
      {"e-range", "`not` over a range, and the greatest is taken away", "facts", 20'000,
       Deed::Settle, RULES("e-range"), mixedDays},
      {"e-oldest", "the same, and the greatest is the oldest", "facts", 20'000, Deed::Settle,
       RULES("e-range"), coolingDays},
      {"f", "transitive closure of a chain", "edges", 1'000, Deed::Settle, RULES("f"), chain},
      {"g", "a join by a computed equality", "facts on each side", 2'000, Deed::Settle, RULES("g"),
       successors},
      {"g-less", "a join by order, as many matches as facts", "facts on each side", 2'000,
       Deed::Settle, RULES("g-less"), oneAbove},
      {"h", "facts come, and go again", "facts", 1'000'000, Deed::RetractAll, RULES("h"), oneInTen},
      {"update", "one fact changes among many that rules join", "facts", 100'000, Deed::Updates,
       RULES("update"), orders},
      {"update-sum", "one fact changes among many that a rule sums up", "facts", 100'000,
       Deed::Updates, RULES("update-sum"), orders},
      {"events", "events while unrelated facts lie around", "unrelated facts", 1'000, Deed::Events,
       RULES("events"), devicesAmongOrders},
      {"compile", "rules from text to network", "rules", 1'000, Deed::Settle, manyRules, noFacts},
  };
  return all;
}

#undef RULES

const Workload* findWorkload(std::string_view name) {
  const auto found = std::find_if(workloads().begin(), workloads().end(),
                                  [&](const Workload& each) { return each.name == name; });
  return found == workloads().end() ? nullptr : &*found;
}

// Spread over the facts, always to a value that the fact has not.
Change changeOf(const Workload&, std::size_t size, std::size_t step) {
  const std::size_t customers = customersAmong(size),
                    count = std::max<std::size_t>(size - customers, 1);
  return {customers + step * 7919 % count, "amount", number((step * 13 + 500) % 1000)};
}

Happening eventOf(const Workload&, std::size_t, std::size_t step) {
  return {"Reading",
          {{"device", number(step % kDevices)}, {"value", number(step * 31 % kDevices)}}};
}

}  // namespace reticle::bench
