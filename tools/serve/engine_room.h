// The engine and its journal on a thread of their own, with a queue in front.
//
// Many requests share one flush: what waits is taken together, handed in, settled, appended to the
// journal at once, and only then answered (group commit).
//
//   the clock moves to now · inputs are handed in, one after another · one settling ·
//   one append to the journal, durable when it returns · outputs go out · answers go out
//
// Invariants:
//   (1) What is answered with 2xx is durable. What is answered with 4xx has changed nothing. 503
//       says that the journal failed: then it may be in there, or not.
//   (2) The events of one request are all taken or none.
//   (3) After an error of the journal nothing is answered with 2xx any more, and the server ends.
//   (4) A replacement of the rules ends its group: before the next one the journal goes on with the
//       rules that are kept beside it as the previous ones (rules.h).
//   (5) Questions are answered between groups, a few at a time: no event waits for all of them.
//
// It stays until the process ends, since threads that wait for other machines know it; end() gives
// the journal back.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "../cli/open_engine.h"
#include "calls.h"
#include "deliveries.h"
#include "door.h"
#include "jobs.h"
#include "metrics.h"
#include "options.h"
#include "outbox.h"
#include "reticle/engine.h"
#include "reticle/host.h"
#include "rules.h"
#include "trace_stream.h"

namespace reticle::serve {

class EngineRoom {
 public:
  // Borrows all of them; the options stay as they are.
  EngineRoom(const ServeOptions& options, Door& door, Metrics& metrics, TraceStream& trace);

  // Reads the rules and the journal, and takes up what was under way. Says on the error stream what
  // people should know. Errors: those of rules, journal, outbox.
  Status open();
  // Begins to work on the queue.
  void begin();
  // Works off the queue, flushes, and ends. False when the journal failed.
  bool end();

  // False: there is no room in the queue; results of calls always find some.
  bool offer(Job job);
  bool hasFailed() const { return failed_; }
  std::size_t rules() const { return rules_.schema.rules.size(); }

 private:
  using Answers = std::vector<Answer>;

  Result<Engine> openEngine(const std::string& journal);
  EngineOptions engineOptions();
  void work();
  std::vector<Job> takeJobs();
  std::vector<Job> takeWaiting();
  void group(std::vector<Job> jobs);
  bool handIn(std::vector<Job>& jobs, std::size_t begin);
  void answerQuestions();
  void answer(const Look& question);
  void refuseAll(const std::vector<Job>& jobs);
  void moveClock();
  void settle();
  bool flush();

  void carryOut(TakeEvents& job);
  void carryOut(SetSubject& job);
  void carryOut(ReplaceRules& job);
  void carryOut(TakeResult& job);
  std::optional<Problem> prepare(wire::IncomingEvent& event, bool isBinary) const;
  std::optional<Problem> tryOut(const Envelopes& envelopes) const;
  std::optional<Problem> problemOfEvent(const Error& error) const;
  Response replace(std::vector<Source> sources);

  const ServeOptions& options_;
  Door& door_;
  Metrics& metrics_;
  Metrics::Counter &accepted_, &refused_;  // events
  TraceStream& trace_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  std::size_t weight_ = 0;
  bool ending_ = false;
  std::atomic<bool> failed_ = false;
  std::thread thread_;

  // --- of the engine's thread, once it works
  Rules rules_;
  cli::Scripts scripts_;
  cli::Missing missing_;
  std::unique_ptr<Store> store_;
  std::uint64_t journalBytes_ = 0;
  std::optional<Engine> engine_;
  std::unique_ptr<Outbox> outbox_;
  // Never deleted: see there.
  Deliveries* deliveries_ = nullptr;
  Calls* calls_ = nullptr;
  std::deque<Look> questions_;  // that came with groups, and may be answered
  // of the group at hand
  Answers answers_;
  std::size_t inputs_ = 0;
};

}  // namespace reticle::serve
