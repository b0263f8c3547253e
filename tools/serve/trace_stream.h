// The engine's trace for those who watch it from afar: the last records in a ring of bounded size,
// and readers that follow it as server-sent events.
//
// Invariants:
//   (1) Records are shown only after publish(): when what they tell of is durable.
//   (2) The ring has at most the bytes that it was given; the oldest records make room.
//   (3) A reader never misses a record without being told: one that is overtaken by the ring gets a
//       last record that says so.
//
// The engine's thread writes, the door's thread reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "reticle/schema.h"
#include "reticle/trace.h"

namespace reticle::serve {

class TraceStream final : public TraceObserver {
 public:
  // `keeps`: whether there is a trace to read; without it only what rules log, and what fails, goes
  // to the error stream. `epoch` tells the traces of one journal apart, one for each start.
  TraceStream(bool keeps, std::size_t bytes, std::string epoch);

  void record(const TraceRecord& record, std::string_view json) override;
  bool wantsAll() const override { return keeps_; }

  // The names of rules in messages are those of this program from here on.
  void know(std::vector<std::string> rules) { rules_ = std::move(rules); }
  // What was recorded so far may be seen, and what rules log is said.
  void publish();

  // --- readers
  // The number of the next record to read; 0: from what comes next.
  struct Reader {
    std::uint64_t next = 0;
    bool isOvertaken = false;
  };
  // From the start of what is kept, or behind the record with that id (the `id` of an event).
  Reader readerFrom(const std::string* lastEventId, bool fromStart) const;
  // The next records as events, about `most` bytes; empty: there are none now.
  std::string read(Reader& reader, std::size_t most) const;
  // What a reader gets as its last record, when it was overtaken.
  std::string lostRecord(const Reader& reader) const;

 private:
  const bool keeps_;
  const std::size_t most_;
  const std::string epoch_;
  std::vector<std::string> rules_;
  std::string said_;  // for the error stream, until publish()
  mutable std::mutex mutex_;
  std::deque<std::string> ring_;  // records; the first has the number first_
  std::uint64_t first_ = 1, published_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace reticle::serve
