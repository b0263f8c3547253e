// Numbers trace records, hands them to the observer and keeps their digest.
#pragma once

#include <cstdint>
#include <string>

#include "base/hash.h"
#include "reticle/trace.h"

namespace reticle {

class Tracer {
 public:
  explicit Tracer(TraceObserver* observer)
      : observer_(observer), whole_(observer && observer->wantsAll()) {}

  // True when somebody watches; build records only then.
  bool on() const { return observer_ != nullptr; }
  // True when it is the whole trace that somebody watches; build records of memories only then.
  bool isWhole() const { return whole_; }
  // Completes seq, cause and origin of a record, writes it as JSON once if the whole trace is
  // wanted, for the digest and for the observer, and hands it on. Returns its seq (0 when nobody
  // watches).
  std::uint32_t record(TraceRecord record);
  // An input: the beginning of a chain. Records that follow have it as cause and origin until the
  // scope changes.
  std::uint32_t beginInput(TraceRecord record);

  std::uint32_t cause() const { return cause_; }
  std::uint32_t origin() const { return origin_; }
  // What follows is caused by record `cause` of the chain that began with `origin`.
  void setCause(std::uint32_t cause, std::uint32_t origin) {
    cause_ = cause;
    origin_ = origin;
  }

  std::string digest() const;

 private:
  TraceObserver* observer_;
  bool whole_;
  std::uint32_t next_ = 1, cause_ = 0, origin_ = 0;
  Digest digest_;
};

// Restores cause and origin at the end of a block.
class CauseScope {
 public:
  CauseScope(Tracer& tracer, std::uint32_t cause) : CauseScope(tracer, cause, tracer.origin()) {}
  CauseScope(Tracer& tracer, std::uint32_t cause, std::uint32_t origin)
      : tracer_(tracer), cause_(tracer.cause()), origin_(tracer.origin()) {
    tracer_.setCause(cause, origin);
  }
  ~CauseScope() { tracer_.setCause(cause_, origin_); }
  CauseScope(const CauseScope&) = delete;
  CauseScope& operator=(const CauseScope&) = delete;

 private:
  Tracer& tracer_;
  std::uint32_t cause_, origin_;
};

}  // namespace reticle
