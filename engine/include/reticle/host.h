// The loop between an engine and its host: settle, perform the calls that came out, submit their
// results, and again, until nothing more comes of it. Test blocks, the command and the npm package
// all go by it, so that the same inputs leave the same trace everywhere.
//
//   class Tickets final : public Host {
//     void perform(const Call& call, Time) override { … results_.push_back(…); }
//     std::vector<input::StepResult> takeResults(Time) override { return take(results_); }
//   };
//   Tickets tickets;
//   HostLoop(engine).settle(tickets);
//
// One round: settle → the outputs → the calls performed in their order → the results submitted in
// their order. A round follows when results were submitted, the last one came to rest, and it was
// not to fire one activation or in one turn only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reticle/engine.h"
#include "reticle/input.h"
#include "reticle/options.h"
#include "reticle/output.h"
#include "reticle/result.h"

namespace reticle {

// Performs calls, at once or by and by. All times are those of the session's clock.
class Host {
 public:
  virtual ~Host() = default;
  // A call came out. Its result is given by takeResults(), or never: then the call stays open.
  virtual void perform(const Call& call, Time now) = 0;
  // The results that are there by `now`, each once, in the order in which they are submitted.
  virtual std::vector<input::StepResult> takeResults(Time now) = 0;
  // When the next result is there; advancing stops at that time. Nothing: none is under way.
  virtual std::optional<Time> nextResult() const { return {}; }
  // An event went out.
  virtual void received(CloudEvent) {}
  // Where the journal's bytes are appended before outputs are taken, when this host keeps them.
  virtual std::string* journal() { return nullptr; }
};

// One request of a host: a settling with all its rounds, or the way of the clock to a time. Borrows
// the engine. A host that performs calls while it waits for others takes the steps itself:
//
//   loop.begin();
//   for (;;) {
//     HostLoop::Step step = loop.next();
//     Settled   keep the journal, if it is kept outside, and say that it is durable
//     Outputs   perform the calls; submit() each result when it is there
//     Idle      done, as far as no result is missing
//   }
class HostLoop {
 public:
  explicit HostLoop(Engine& engine);
  explicit HostLoop(Core& core) : core_(core) {}  // for the library's own parts

  // Settles and lets `host` perform, until nothing more comes of it. `firings`: at most so many, of
  // all rounds together; without it each round has options.maxFirings.
  // Returns the firings of all rounds, and why the last one ended.
  SettleReport settle(Host& host, const SettleOptions& options = {},
                      std::optional<std::uint64_t> firings = {});
  // Moves the clock to `to` from moment to moment (a timer, a result that is there), so that a call
  // made at one of them is performed at its own time.
  SettleReport advance(Host& host, Time to);

  // --- the same by steps
  struct Step {
    enum class Kind : std::uint8_t { Settled, Outputs, Idle } kind = Kind::Idle;
    SettleReport round;           // Settled: of this round alone
    std::vector<Output> outputs;  // Outputs: in order
  };
  void begin(const SettleOptions& options = {}, std::optional<std::uint64_t> firings = {});
  void beginAdvance(Time to);
  // Moves the clock to the next moment, `due` among them, and begins to settle there; false when it
  // has arrived, or the last settling did not come to rest.
  bool moveOn(std::optional<Time> due = {});
  Step next();
  // Hands a result in. One that comes late or twice is passed over; one of the wrong type makes the
  // attempt fail.
  void submit(const input::StepResult& result);
  const SettleReport& report() const { return report_; }

  // The first error of an input that the engine should have taken: what its store met.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  void run(Host& host);
  SettleReport settleOnce();
  bool mayGoOn() const;
  void note(const Error& error);

  Core& core_;
  SettleOptions options_;
  std::optional<std::uint64_t> firings_;
  SettleReport report_;
  bool begun_ = false;      // a settling is due
  bool submitted_ = false;  // results came in since the last one
  // On the way to a time: where to, where it stands, how often it has stood there.
  Time target_ = 0;
  std::optional<Time> reached_;
  int atOneMoment_ = 0;
  std::optional<Error> failure_;
};

}  // namespace reticle
