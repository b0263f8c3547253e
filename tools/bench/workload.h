// What `reticle bench NAME` carries out: rules, facts, and what happens to them.
//
// A workload is a pure function of its size: the same rules and the same facts in the same order on
// every machine, so that other engines can be given exactly them (`reticle bench NAME --write
// FOLDER`).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/value.h"

namespace reticle::bench {

// Takes the facts of a workload in, in the order in which the engine is to get them.
class FactSink {
 public:
  virtual ~FactSink() = default;
  // The rows that follow are facts of this type, with these fields.
  virtual void begin(std::string_view type, const std::vector<std::string>& fields) = 0;
  // One value for each field; borrowed for the call.
  virtual void row(const std::vector<Value>& values) = 0;
};

// What happens once the facts are there.
enum class Deed {
  Settle,      // all that is ready fires
  RetractAll,  // every fact given is taken away again, then all that is ready fires
  // all that is ready fires, then one fact after the other is changed, with a settling after each
  Updates,
  // all that is ready fires, then one event after the other is emitted, with a settling after each
  Events,
};
const char* name(Deed deed);

struct Workload {
  std::string name;
  std::string about;     // one line
  std::string counts;    // what its size is a number of: "guests"
  std::size_t size = 0;  // the one that figures are compared at
  Deed deed = Deed::Settle;
  std::string (*rules)(std::size_t size) = nullptr;
  void (*facts)(std::size_t size, FactSink& sink) = nullptr;
};

const std::vector<Workload>& workloads();
const Workload* findWorkload(std::string_view name);

// The deeds of Updates and Events: number `step` of kChanges. A change sets one field of the fact
// that was given as number `fact`, from 0.
constexpr std::size_t kChanges = 10'000;
struct Change {
  std::size_t fact = 0;
  std::string field;
  Value value;
};
Change changeOf(const Workload& workload, std::size_t size, std::size_t step);
struct Happening {
  std::string type;
  std::vector<std::pair<std::string, Value>> data;
};
Happening eventOf(const Workload& workload, std::size_t size, std::size_t step);

// Facts of the classics; see classics.cpp.
void mannersFacts(std::size_t guests, FactSink& sink);
void waltzFacts(std::size_t regions, FactSink& sink);
void waltzdbFacts(std::size_t regions, FactSink& sink);
void sudokuFacts(std::size_t boards, FactSink& sink);

// The rules in programs/NAME.rules, compiled into the command.
std::string program(std::string_view name);

}  // namespace reticle::bench
