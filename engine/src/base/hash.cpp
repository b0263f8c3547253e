// The hash functions behind indexes and digests, and the checksum of the journal. Their results
// stand in journals and in recorded digests: none of them may ever change.
#include "base/hash.h"

#include <array>
#include <cstring>

namespace reticle {
namespace {

// Little-endian, whatever the machine.
std::uint64_t load64(const char* p) {
  std::uint64_t x = 0;
  for (int i = 7; i >= 0; --i) x = x << 8 | static_cast<unsigned char>(p[i]);
  return x;
}

constexpr std::uint32_t kCastagnoli = 0x82f63b78u;  // reversed polynomial
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

// Eight tables, so that eight bytes are taken in one step ("slicing by 8", Kounavis and Berry
// 2005).
constexpr CrcTables makeCrcTables() {
  CrcTables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ kCastagnoli : crc >> 1;
    tables[0][i] = crc;
  }
  for (std::size_t t = 1; t < 8; ++t) {
    for (std::size_t i = 0; i < 256; ++i) {
      tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
    }
  }
  return tables;
}

constexpr CrcTables kCrc = makeCrcTables();

}  // namespace

// Eight bytes a round, multiplied by odd constants; the length goes into the seed, so that trailing
// zeros count.
std::uint64_t hashBytes(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t state = seed ^ (bytes.size() * 0x9e3779b97f4a7c15u);
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; p += 8, left -= 8) {
    state = (state ^ load64(p)) * 0xd6e8feb86659fd93u ^ state >> 29;
  }
  std::uint64_t tail = 0;
  for (std::size_t i = left; i-- > 0;) tail = tail << 8 | static_cast<unsigned char>(p[i]);
  return mix64((state ^ tail) * 0x9fb21c651e98df25u ^ state >> 31);
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; p += 8, left -= 8) {
    const std::uint64_t x = load64(p) ^ crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) crc ^= kCrc[7 - i][x >> (8 * i) & 0xff];
  }
  for (; left > 0; ++p, --left) {
    crc = crc >> 8 ^ kCrc[0][(crc ^ static_cast<unsigned char>(*p)) & 0xff];
  }
  return ~crc;
}

// The length first: else "ab", "c" would give what "a", "bc" gives.
void Digest::add(std::string_view text) {
  add(std::uint64_t{text.size()});
  add(hashBytes(text));
}

// The kind first, then what it holds; lists and maps in their order, which is the order written.
void Digest::add(const Value& value) {
  add(static_cast<std::uint64_t>(value.kind()));
  switch (value.kind()) {
    case ValueKind::Null: break;
    case ValueKind::Bool: add(std::uint64_t{value.asBool()}); break;
    case ValueKind::Int: add(static_cast<std::uint64_t>(value.asInt())); break;
    case ValueKind::Double: {
      // One NaN: which bits an operation gives for it depends on the processor.
      const double real = value.asDouble();
      std::uint64_t bits = 0x7ff8000000000000u;
      if (real == real) std::memcpy(&bits, &real, sizeof bits);
      add(bits);
      break;
    }
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type: add(value.asString()); break;
    case ValueKind::List:
      add(std::uint64_t{value.asList().size()});
      for (const Value& item : value.asList()) add(item);
      break;
    case ValueKind::Map:
      add(std::uint64_t{value.asMap().size()});
      for (const auto& [key, item] : value.asMap()) {
        add(key);
        add(item);
      }
      break;
    case ValueKind::Timestamp:
    case ValueKind::Duration:
      add(static_cast<std::uint64_t>(value.seconds()));
      add(static_cast<std::uint64_t>(std::int64_t{value.nanos()}));
      break;
    case ValueKind::Fact: add(std::uint64_t{index(value.asFact())}); break;
    case ValueKind::Uint: add(value.asUint()); break;
    case ValueKind::Optional:
      add(std::uint64_t{value.isNone() ? 0u : 1u});
      if (!value.isNone()) add(value.held());
      break;
    case ValueKind::Error:
      add(value.errorCode());
      add(value.errorMessage());
      break;
  }
}

std::string Digest::hex() const {
  const std::uint64_t number = value();
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
  return text;
}

}  // namespace reticle
