// The one place through which every record goes.
#include "trace/tracer.h"

#include <string_view>
#include <utility>

#include "trace/json.h"

namespace reticle {

// The text is written once: it goes into the digest, and to the observer.
std::uint32_t Tracer::record(TraceRecord record) {
  if (!on()) return 0;
  record.seq = next_++;
  record.cause = cause_;
  record.origin = origin_;
  std::string json;
  if (whole_) {
    json = toJson(record);
    digest_.add(std::string_view{json});
  }
  observer_->record(record, json);
  return record.seq;
}

// Its own seq is the origin of the chain that it begins, also of itself.
std::uint32_t Tracer::beginInput(TraceRecord record) {
  if (!on()) return 0;
  setCause(0, next_);
  const std::uint32_t seq = this->record(std::move(record));
  setCause(seq, seq);
  return seq;
}

std::string Tracer::digest() const { return digest_.hex(); }

}  // namespace reticle
