// What one server takes from the world at most. Beyond each limit something is refused with a
// status that says so; nothing is cut in silence.
#pragma once

#include <chrono>
#include <cstddef>

namespace reticle::serve {

// Those that an option sets are members; the others are the same for every server.
struct Limits {
  std::size_t body = 1 << 20;         // bytes of a request's body: 413
  std::size_t batch = 1'000;          // events of one request: 413
  std::size_t queue = 10'000;         // events that wait for the engine: 429
  std::size_t outbox = 100'000;       // outputs that are not delivered yet: 429
  std::size_t calls = 100'000;        // calls of host functions under way: 429
  std::size_t answers = 256 << 20;    // bytes of answers that have not left: 503 for questions
  std::size_t connections = 10'000;   // the longest idle one makes room, otherwise 503
  std::size_t traceBytes = 16 << 20;  // records kept for those who read the trace
  // A request must be whole so long after its first byte: 408.
  std::chrono::milliseconds request{10'000};
};

constexpr std::size_t kHeadBytes = 16'384;       // request line and headers: 431
constexpr std::size_t kHeaderCount = 100;        // 431
constexpr std::size_t kTargetBytes = 8'192;      // path and query: 414
constexpr std::size_t kAttributeBytes = 1'024;   // an attribute of an envelope: 400
constexpr std::size_t kReceiving = 268'435'456;  // bodies on their way in, of all connections: 503
constexpr std::size_t kTraceClients = 64;        // 503
constexpr std::size_t kClientBytes = 262'144;    // on the way to one reader of the trace
constexpr std::size_t kPage = 1'000;             // items of a list, unless `limit` says fewer

// A connection with no request is closed after so long.
constexpr std::chrono::seconds kIdleTime{60};
// One that takes nothing of its answer is closed after so long.
constexpr std::chrono::seconds kWriteTime{10};
// How long a stopping server waits for answers to leave.
constexpr std::chrono::seconds kDrainTime{10};

}  // namespace reticle::serve
