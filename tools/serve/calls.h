// Calls of host functions, performed by posting their arguments to a URL each.
//
// The request has the arguments as a JSON object and the header Idempotency-Key, which is the same
// for every attempt of a step. A 2xx answer is the result: its JSON, or null when it has no body.
// Everything else is an error of the step: {"reason", "status", "body"}. Whether the step is tried
// again is said in the flow; here is one attempt each.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "metrics.h"
#include "post.h"
#include "reticle/input.h"
#include "reticle/output.h"

namespace reticle::serve {

// The error of a step. `status`: of the answer; 0: there was none.
Value callError(const std::string& reason, int status = 0, Value body = {});

// Its threads wait for others and are never waited for: it stays until the process ends.
class Calls {
 public:
  using Returned = std::function<void(input::StepResult)>;  // from any thread
  Calls(std::map<std::string, std::string> urls, std::chrono::milliseconds timeout,
        Metrics& metrics, Returned returned);

  // A call without a URL stays open, and its function is named once on the error stream.
  void take(const Call& call);
  // Calls under way are cut off; the engine begins them again at the next start.
  void stop();
  // How many are under way or wait; does not wait.
  std::size_t open() const { return open_; }

 private:
  void work();
  input::StepResult perform(const Call& call, const std::string& url);

  const std::map<std::string, std::string> urls_;  // by function
  const std::chrono::milliseconds timeout_;
  Metrics& metrics_;
  const Returned returned_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Call> waiting_;
  std::set<std::string> unserved_;
  std::set<Post*> busy_;
  std::atomic<std::size_t> open_ = 0;
  bool stopping_ = false;
  std::size_t threads_ = 0;
};

}  // namespace reticle::serve
