// Events that leave the engine, on their way to others: in structured mode, to each URL in order
// and one at a time, again and again until it is taken or given up.
//
// What is promised: every event that left the engine is posted at least once, with one id, or it
// stands in the dead-letter file. A crash may repeat it, never lose it (outbox.h).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "event_routes.h"
#include "metrics.h"
#include "outbox.h"
#include "post.h"
#include "reticle/output.h"

namespace reticle::serve {

struct DeliveryOptions {
  // By type of the event on the wire; the empty one is for all types that have none of their own.
  std::multimap<std::string, std::string> targets;
  EventRoutes routes;                        // the URLs that it leads to come on top
  std::uint32_t attempts = 8;                // then it is given up
  std::chrono::milliseconds firstWait{500};  // after the first failure; twice as long each time
  std::chrono::milliseconds timeout{30'000};
  std::string deadLetters;  // path
};

// Its threads wait for others and are never waited for: it stays until the process ends.
class Deliveries {
 public:
  // Borrows the outbox and the metrics.
  Deliveries(DeliveryOptions options, Outbox& outbox, Metrics& metrics);

  // Takes what the outbox holds from before up, and begins.
  void begin();
  // An event that the engine gave out, for the targets that are for it.
  void take(const CloudEvent& event);
  // Those under way are cut off; they are begun again at the next start.
  void stop();

 private:
  using Key = Outbox::Key;
  struct Target {
    std::string url;
    std::deque<std::pair<Key, std::string>> waiting;
    std::unique_ptr<Post> post;
  };

  std::vector<std::string> targetsOf(const CloudEvent& event) const;
  void enqueue(const Key& key, std::string event);
  void work(Target& target);
  bool deliver(Target& target, const Key& key, const std::string& event);
  void giveUp(const Key& key, const std::string& event, std::uint32_t attempts, const Posted& last);
  bool waitFor(std::chrono::milliseconds time);

  const DeliveryOptions options_;
  Outbox& outbox_;
  Metrics& metrics_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, std::unique_ptr<Target>> targets_;  // by URL
  std::mutex deadLetters_;
};

}  // namespace reticle::serve
