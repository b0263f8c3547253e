// Hashes that are the same on every platform and in every build: for equality (hashBytes,
// hashCombine), for telling two states apart
// (Digest) and for finding damaged bytes (crc32c). None of them withstands an attacker who may
// choose the input freely.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reticle/value.h"

namespace reticle {

// Spreads every bit of the input over the whole result.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  return x;
}

// Depends on the order of the calls.
constexpr std::uint64_t hashCombine(std::uint64_t seed, std::uint64_t value) {
  return mix64((seed ^ value) + 0x9e3779b97f4a7c15u) + (seed << 6) + (seed >> 2);
}

std::uint64_t hashBytes(std::string_view bytes, std::uint64_t seed = 0);

// CRC-32C (Castagnoli). `seed` is the result for the bytes before these, 0 at the start.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

// A running 64-bit fingerprint of a sequence of things. Depends on their order and on where one
// ends and the next begins; values are taken exactly: 1 and 1.0 differ, and so do maps whose
// entries stand in another order.
class Digest {
 public:
  void add(std::uint64_t number) { state_ = hashCombine(state_, number); }
  void add(std::string_view text);
  void add(const Value& value);
  std::uint64_t value() const { return mix64(state_); }
  std::string hex() const;  // 16 digits

 private:
  std::uint64_t state_ = 0x52657469636c6531u;
};

}  // namespace reticle
