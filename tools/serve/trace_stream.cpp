// The ring of trace records and what its readers get.
#include "trace_stream.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "problem.h"

namespace reticle::serve {

TraceStream::TraceStream(bool keeps, std::size_t bytes, std::string epoch)
    : keeps_(keeps), most_(bytes), epoch_(std::move(epoch)) {}

// Failures of inputs go back to whoever sent them; others are said here.
void TraceStream::record(const TraceRecord& record, std::string_view json) {
  if (const trace::Log* log = record.as<trace::Log>()) {
    said_ += log->level + ": " + log->text + "\n";
  } else if (const trace::Failure* failure = record.as<trace::Failure>()) {
    const bool isRule = record.rule != kNoRule && index(record.rule) < rules_.size();
    if (isRule || record.run != kNoRun || failure->code == "RL9004") {
      if (isRule) said_ += "rule \"" + rules_[index(record.rule)] + "\": ";
      said_ += failure->message + " (" + failure->code + ")\n";
    }
  }
  if (!keeps_) return;
  const std::lock_guard lock(mutex_);
  ring_.emplace_back(json);
  bytes_ += json.size();
  while (bytes_ > most_ && ring_.size() > 1) {
    bytes_ -= ring_.front().size();
    ring_.pop_front();
    ++first_;
  }
}

void TraceStream::publish() {
  if (!said_.empty()) std::cerr << std::exchange(said_, {});
  const std::lock_guard lock(mutex_);
  published_ = first_ + ring_.size() - 1;
}

// `id` is the epoch, a point and the record's number; of another start it says nothing.
TraceStream::Reader TraceStream::readerFrom(const std::string* lastEventId, bool fromStart) const {
  const std::lock_guard lock(mutex_);
  if (lastEventId) {
    const std::size_t point = lastEventId->rfind('.');
    const std::string number = point == std::string::npos ? "" : lastEventId->substr(point + 1);
    const bool digits =
        !number.empty() && number.size() < 19 &&
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && lastEventId->substr(0, point) == epoch_) {
      return {std::min<std::uint64_t>(std::stoull(number), published_) + 1, false};
    }
    return {first_, false};
  }
  return {fromStart ? first_ : published_ + 1, false};
}

std::string TraceStream::read(Reader& reader, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (reader.next < first_) {
    reader.isOvertaken = true;
    return text;
  }
  for (; reader.next <= published_ && text.size() < most; ++reader.next) {
    text += "id: " + epoch_ + "." + std::to_string(reader.next) +
            "\ndata: " + ring_[static_cast<std::size_t>(reader.next - first_)] + "\n\n";
  }
  return text;
}

std::string TraceStream::lostRecord(const Reader& reader) const {
  const std::lock_guard lock(mutex_);
  return "event: dropped\ndata: {\"kind\":\"dropped\",\"from\":" + std::to_string(reader.next) +
         ",\"to\":" + std::to_string(first_ - 1) + ",\"text\":" +
         inQuotes(
             "this reader was too slow: these records are gone; read on with a "
             "new request") +
         "}\n\n";
}

}  // namespace reticle::serve
