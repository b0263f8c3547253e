// Bytes in the forms that journals and snapshots are made of: little-endian, the same on every
// platform.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace reticle {

class ByteWriter {
 public:
  void u8(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void u32le(std::uint32_t value) { fixed(value, 4); }
  void u64le(std::uint64_t value) { fixed(value, 8); }
  // Seven bits a byte, the low ones first; the high bit says that more follow.
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<std::uint8_t>(value | 0x80));
    u8(static_cast<std::uint8_t>(value));
  }
  // Small numbers of either sign stay short.
  void zigzag(std::int64_t value) {
    varint(static_cast<std::uint64_t>(value) << 1 ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void real(double value) {
    std::uint64_t bits = 0x7ff8000000000000u;  // one NaN
    if (value == value) std::memcpy(&bits, &value, sizeof bits);
    u64le(bits);
  }
  // Length, then bytes.
  void text(std::string_view text) {
    varint(text.size());
    bytes_ += text;
  }
  // Bytes alone.
  void raw(std::string_view bytes) { bytes_ += bytes; }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }
  void clear() { bytes_.clear(); }

 private:
  void fixed(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) u8(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  std::string bytes_;
};

// Reads what a ByteWriter wrote. Reading past the end or a malformed number fails softly: from then
// on failed() holds and everything reads as zero or empty. The bytes are borrowed; texts point into
// them.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(fixed(1)); }
  std::uint32_t u32le() { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t u64le() { return fixed(8); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = fixed(1);
      if (failed_) return 0;
      if (shift == 63 && byte > 1) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  double real() {
    const std::uint64_t bits = u64le();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  std::string_view text() {
    const std::uint64_t size = varint();
    return size <= remaining() ? raw(static_cast<std::size_t>(size)) : (fail(), std::string_view{});
  }
  std::string_view raw(std::size_t size) {
    if (failed_ || size > remaining()) {
      fail();
      return {};
    }
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  // How many things follow. Each takes a byte at least, so a damaged count cannot ask for more than
  // there is.
  std::size_t count() {
    const std::uint64_t count = varint();
    if (count <= remaining()) return static_cast<std::size_t>(count);
    fail();
    return 0;
  }

  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  bool atEnd() const { return remaining() == 0; }
  std::size_t position() const { return at_; }
  std::size_t remaining() const { return bytes_.size() - at_; }

 private:
  std::uint64_t fixed(std::size_t count) {
    if (failed_ || count > remaining()) {
      fail();
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_ + i])} << (8 * i);
    }
    at_ += count;
    return value;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace reticle
