// Slots by ids that count up and die roughly in the order they were born: four bytes an id, in
// pages that come with the first id of theirs and go with the last. Looking, setting and clearing
// take constant time.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace reticle {

class IdTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffu;

  // The slot of an id; kNone when it has none.
  std::uint32_t find(std::uint32_t id) const {
    const std::size_t page = id / kPage;
    return page < pages_.size() && pages_[page].slots ? pages_[page].slots[id % kPage] : kNone;
  }

  // Where the slot of an id stands, to be changed (never to kNone); null when it has none. Until
  // the next set() or clear().
  std::uint32_t* slotOf(std::uint32_t id) {
    const std::size_t page = id / kPage;
    if (page >= pages_.size() || !pages_[page].slots || pages_[page].slots[id % kPage] == kNone) {
      return nullptr;
    }
    return &pages_[page].slots[id % kPage];
  }

  // Requires: the id has no slot; the slot is not kNone.
  void set(std::uint32_t id, std::uint32_t slot) {
    const std::size_t at = id / kPage;
    if (at >= pages_.size()) pages_.resize(at + 1);
    Page& page = pages_[at];
    if (!page.slots) begin(page);
    assert(page.slots[id % kPage] == kNone && slot != kNone && "an id has one slot");
    page.slots[id % kPage] = slot;
    ++page.used;
    ++size_;
  }

  // Requires: the id has a slot.
  void clear(std::uint32_t id) {
    Page& page = pages_[id / kPage];
    assert(page.slots && page.slots[id % kPage] != kNone &&
           "only a slot that is set can be cleared");
    page.slots[id % kPage] = kNone;
    --size_;
    // An empty page is all kNone again: the next one that is needed can have it as it is.
    if (--page.used == 0) spare_ = std::move(page.slots);
  }

  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t kPage = 1024;
  struct Page {
    std::unique_ptr<std::uint32_t[]> slots;
    std::uint32_t used = 0;
  };

  void begin(Page& page) {
    if (spare_) {
      page.slots = std::move(spare_);
      return;
    }
    page.slots.reset(new std::uint32_t[kPage]);
    for (std::uint32_t i = 0; i < kPage; ++i) page.slots[i] = kNone;
  }

  std::vector<Page> pages_;
  std::unique_ptr<std::uint32_t[]> spare_;
  std::size_t size_ = 0;
};

}  // namespace reticle
