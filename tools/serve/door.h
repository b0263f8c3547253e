// The way in from the network: one thread that takes connections, reads requests and writes
// answers, for all connections at once, with epoll.
//
// A connection costs a descriptor and a few hundred bytes, never a thread: idle ones, half-open
// ones and those that send a byte a second hold nobody up. Each has a deadline for what it does
// (limits.h).
//
// Invariants:
//   (1) A request that was given to Requests::received is answered exactly once, by answer(), in
//       the order of its connection: the next request of a connection waits for it.
//   (2) After stop() nothing new is taken, and run() ends when all answers have left.
//   (3) A connection without a request holds no bytes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "http.h"
#include "limits.h"
#include "metrics.h"
#include "reticle/result.h"
#include "trace_stream.h"

namespace reticle::serve {

using ConnectionId = std::uint64_t;
using Answer = std::pair<ConnectionId, Response>;

// Who deals with what comes in. Called on the door's thread, so it must not wait.
class Requests {
 public:
  virtual ~Requests() = default;
  // Returns the name of the route, for metrics.
  virtual const char* received(ConnectionId from, Request request) = 0;
  // SIGHUP; the others end the door by themselves.
  virtual void hungUp() = 0;
};

class Door {
 public:
  // Pages from `origin` may read what GET answers; empty: none may.
  Door(const Limits& limits, std::string origin, Metrics& metrics, const TraceStream& trace);
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // Takes the address. `port` 0: any that is free. Returns the one it took.
  Result<int> listen(const std::string& address, int port);
  // Until SIGTERM, SIGINT or stop(), and then until all answers have left. The signals must be
  // blocked in all threads.
  void run(Requests& requests);

  // How many connections are streams; for the door's own thread.
  std::size_t streams() const { return streams_; }

  // --- from any thread
  void answer(std::vector<Answer> answers);
  // Bytes of answers and of the trace that have not left, of all connections.
  std::size_t leaving() const { return leaving_; }
  void traceGrew();
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    enum class Doing : std::uint8_t { Reading, Waiting, Writing, Streaming } doing = Doing::Reading;
    int socket = -1;
    std::uint32_t watched = 0;  // of epoll
    bool isReadable = false;    // by a page of the origin
    bool isHead = false, keepAlive = true, endsAfter = false;
    bool isIdle = false;  // stands in idle_, there
    std::list<ConnectionId>::iterator place;
    const char* route = "none";
    RequestReader reader;
    std::string out;
    std::size_t sent = 0, counted = 0;  // of `out`: what has left; its part of leaving_
    Clock::time_point begun;            // of the request
    Clock::time_point deadline;         // of what it does
    TraceStream::Reader trace;
    explicit Connection(std::size_t maxBody) : reader(maxBody) {}
  };
  using Connections = std::unordered_map<ConnectionId, Connection>;

  void accept();
  void listenAgain();
  bool makeRoom();
  void noteIdle(ConnectionId id, Connection& connection);
  void readable(ConnectionId id, Connection& connection);
  void goOnReading(ConnectionId id, Connection& connection, std::string_view bytes);
  void put(ConnectionId id, Connection& connection, Response response);
  void write(ConnectionId id, Connection& connection);
  void fillStream(ConnectionId id, Connection& connection);
  void watch(ConnectionId id, Connection& connection, std::uint32_t events);
  void close(ConnectionId id, const char* why);
  void countReceiving(std::size_t before, std::size_t after);
  void countLeaving(Connection& connection);
  void countAnswer(const Connection& connection, int status);
  void deliverAnswers();
  void fillStreams();
  void sweep();
  void beginStop();
  bool hasDrained() const;
  void wake();

  Limits limits_;
  const std::string origin_;
  Metrics& metrics_;
  const TraceStream& trace_;
  Requests* requests_ = nullptr;
  int epoll_ = -1, listener_ = -1, wake_ = -1, signals_ = -1;
  Connections connections_;
  ConnectionId next_ = 16;  // smaller ones are the door's own descriptors
  // Of answers: by route and status, by route.
  std::map<std::pair<const char*, int>, Metrics::Counter*> answered_;
  std::map<const char*, Metrics::Histogram*> durations_;
  std::list<ConnectionId> idle_;  // without a request, the one that waits longest first
  std::size_t receiving_ = 0;     // what readers hold, of all connections
  std::size_t streams_ = 0;
  bool listens_ = true;  // false: descriptors have run out
  bool stopping_ = false;
  Clock::time_point drainedBy_;

  std::mutex mutex_;
  std::vector<Answer> answers_;
  std::atomic<std::size_t> leaving_ = 0;
  std::atomic<bool> traceGrew_ = false, stopAsked_ = false;
};

}  // namespace reticle::serve
