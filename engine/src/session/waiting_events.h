// Events that wait for their moment: `emit … after`, `emit … at`.
//
// Invariants:
//   (1) Numbers count up and are never used again; events of one moment have their turns in the
//       order of their numbers.
//   (2) Of the events that have a name at most one waits for each name and subject.
//
// The calendar has a timer for each, by its number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "session/event.h"

namespace reticle {

class WaitingEvents {
 public:
  struct Waiting {
    Time due = 0;
    std::string name;  // may be empty
    Event event;
  };

  bool isEmpty() const { return waiting_.empty(); }
  const std::map<std::uint32_t, Waiting>& all() const { return waiting_; }
  std::uint32_t nextNumber() const { return next_; }

  // Returns its number. Requires: none of its name and subject waits.
  std::uint32_t add(Waiting waiting) {
    const std::uint32_t number = next_++;
    if (!waiting.name.empty()) named_[{waiting.name, waiting.event.subject}] = number;
    waiting_.emplace(number, std::move(waiting));
    return number;
  }
  std::optional<std::uint32_t> find(const std::string& name, const std::string& subject) const {
    const auto found = named_.find({name, subject});
    if (name.empty() || found == named_.end()) return std::nullopt;
    return found->second;
  }
  // Takes one out; nothing when it is not there.
  std::optional<Waiting> take(std::uint32_t number) {
    const auto found = waiting_.find(number);
    if (found == waiting_.end()) return std::nullopt;
    Waiting out = std::move(found->second);
    waiting_.erase(found);
    if (!out.name.empty()) named_.erase({out.name, out.event.subject});
    return out;
  }
  // Of an image: with the number it had.
  void restore(std::uint32_t number, Waiting waiting) {
    if (!waiting.name.empty()) named_[{waiting.name, waiting.event.subject}] = number;
    waiting_.emplace(number, std::move(waiting));
  }
  void countFrom(std::uint32_t next) { next_ = next; }
  template <typename Use>
  void reviseEach(const Use& change) {
    for (auto& [number, waiting] : waiting_) change(waiting.event);
  }
  // Nothing of a session in which no event ever waited.
  void addTo(Digest& digest) const {
    if (next_ == 1) return;
    digest.add(next_);
    for (const auto& [number, waiting] : waiting_) {
      digest.add(number);
      digest.add(static_cast<std::uint64_t>(waiting.due));
      digest.add(waiting.name);
      digest.add(waiting.event.id);
    }
  }

 private:
  std::uint32_t next_ = 1;
  std::map<std::uint32_t, Waiting> waiting_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> named_;  // name, subject
};

}  // namespace reticle
