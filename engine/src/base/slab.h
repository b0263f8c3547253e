// Things of one kind under 32-bit numbers, in pages: numbers of things that are gone are used
// again, addresses of things that are there never change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace reticle {

// T is default-constructible and says by `T::nextFree()` where the next free number is to be kept
// while it is not in use.
template <typename T>
class Slab {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffu;

  T& operator[](std::uint32_t number) { return pages_[number >> kShift][number & kMask]; }
  const T& operator[](std::uint32_t number) const {
    return pages_[number >> kShift][number & kMask];
  }

  // A thing in its initial state.
  std::uint32_t make() {
    if (free_ != kNone) {
      const std::uint32_t number = free_;
      T& thing = (*this)[number];
      free_ = thing.nextFree();
      thing = T();
      ++size_;
      return number;
    }
    if ((begun_ & kMask) == 0 && (begun_ >> kShift) == pages_.size()) {
      pages_.push_back(std::make_unique<T[]>(std::size_t{1} << kShift));
    }
    ++size_;
    return begun_++;
  }

  void release(std::uint32_t number) {
    (*this)[number].nextFree() = free_;
    free_ = number;
    --size_;
  }

  std::size_t size() const { return size_; }
  std::uint32_t begun() const { return begun_; }  // numbers ever given out are below

 private:
  static constexpr std::uint32_t kShift = 9, kMask = (1u << kShift) - 1;

  std::vector<std::unique_ptr<T[]>> pages_;
  std::uint32_t begun_ = 0, free_ = kNone;
  std::size_t size_ = 0;
};

}  // namespace reticle
