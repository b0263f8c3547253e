// The events of a session: the one that has its turn, and those that wait for theirs in the order
// in which they were raised.
//
// Invariants:
//   (1) At most one event has its turn. While it has, currentFact() is what it was asserted as, or
//       kNoFact when nothing matches it.
//   (2) An event raised during a turn is caused by the event of that turn, and keeps the id of the
//       first of the chain.
//   (3) The session's own ids count up from "e1", also over ids that hosts gave.
#pragma once

#include <cassert>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "base/hash.h"
#include "model/model.h"
#include "session/event.h"

namespace reticle {

class EventQueue {
 public:
  // --- raising
  std::string takeId() { return "e" + std::to_string(next_++); }
  // The last one that was taken is not used: its event is not raised.
  void giveBackId() { --next_; }
  // An event of recovery has taken one.
  void skipId() { ++next_; }
  // Says what caused an event that is raised now.
  void chain(Event& event) const {
    if (!event.originId.empty()) return;
    const Event* from = current_ ? &*current_ : actor_;
    event.originId = from ? from->originId : event.id;
    if (!from) return;
    event.cause = from->id;
    event.hops = from->hops + 1;
    event.afterFailure = event.afterFailure || from->afterFailure;
    continueTrace(*from, event);
  }
  // Outside of turns: what is raised is caused by this event, which is borrowed; null: by none.
  void actFor(const Event* event) { actor_ = event; }
  // The chain that led to an event, backwards and as far as it is remembered:
  // `e7 Pong by "rule b" <- e6 Ping by "rule a"`.
  std::string chainText(const model::Program& program, const Event& event) const;
  // What the event of an id was and what raised it, as in chainText(); empty: it is forgotten.
  std::string originText(const model::Program& program, const std::string& id) const;
  void push(Event event) { waiting_.push_back(std::move(event)); }

  // --- turns
  bool hasWaiting() const { return !waiting_.empty(); }
  // The first that waits has its turn now. Requires: hasWaiting(), and no event has its turn
  const Event& begin() {
    assert(!current_ && hasWaiting() && "one event at a time");
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    remember(*current_);
    return *current_;
  }
  const Event* current() const { return current_ ? &*current_ : nullptr; }
  FactId currentFact() const { return currentFact_; }
  void setCurrentFact(FactId fact) { currentFact_ = fact; }
  // Returns the event whose turn is over. Requires: current()
  Event end() {
    assert(current_ && "there is an event to end");
    Event event = std::move(*current_);
    current_.reset();
    currentFact_ = kNoFact;
    return event;
  }

  // --- as a whole: for images and digests of a session
  std::uint32_t nextNumber() const { return next_; }
  const std::deque<Event>& waiting() const { return waiting_; }
  void restore(std::uint32_t nextNumber, std::optional<Event> current, FactId currentFact,
               std::deque<Event> waiting) {
    next_ = nextNumber;
    current_ = std::move(current);
    currentFact_ = currentFact;
    waiting_ = std::move(waiting);
  }
  // Calls `change(event)` for every event that has had no turn yet, and for the one that has it
  // when it was asserted.
  template <typename Use>
  void reviseEach(const Use& change) {
    for (Event& event : waiting_) change(event);
    if (current_ && currentFact_ != kNoFact) change(*current_);
  }
  void addTo(Digest& digest) const {
    digest.add(next_);
    digest.add(current_ ? current_->id : std::string());
    for (const Event& event : waiting_) digest.add(event.id);
  }

 private:
  // Of an event that has had its turn: enough to name it.
  struct Past {
    std::string id, cause, property;
    TypeId type{};
    RuleId by = kNoRule;
  };
  static constexpr std::size_t kRemembered = 64;

  // `traceparent` goes on with a new span for each event, and `tracestate` as it is (W3C Trace
  // Context).
  static void continueTrace(const Event& from, Event& event);
  void remember(const Event& event);
  static std::string textOf(const model::Program& program, const Past& past);

  std::deque<Past> past_;  // oldest first; only for texts
  const Event* actor_ = nullptr;
  std::uint32_t next_ = 1;
  std::optional<Event> current_;
  FactId currentFact_ = kNoFact;
  std::deque<Event> waiting_;
};

}  // namespace reticle
