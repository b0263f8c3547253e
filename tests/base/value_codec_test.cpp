// Values as bytes: the round trip, and bytes that nobody has written.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "base/hash.h"
#include "base/value_codec.h"

namespace base_value_codec_test {

using namespace reticle;

namespace {

std::vector<Value> samples() {
  return {
      Value{},
      Value::boolean(true),
      Value::integer(0),
      Value::integer(INT64_MIN),
      Value::integer(INT64_MAX),
      Value::real(-0.0),
      Value::real(0.1),
      Value::real(std::numeric_limits<double>::infinity()),
      Value::string(""),
      Value::string("gr\xc3\xbc\xc3\x9f"),
      Value::bytes(std::string_view("\0\xff", 2)),
      Value::timestamp(-62135596800, 999999999),
      Value::duration(-5, -500000000),
      Value::type("int"),
      Value::fact(FactId{4000000000u}),
      Value::error("RL9001", "no"),
      Value::list({Value::integer(1), Value::list({Value::string("x")})}),
      Value::map({{Value::string("b"), Value::integer(1)},
                  {Value::integer(2), Value{}},
                  {Value::boolean(true), Value::map({})}}),
  };
}

std::string exact(const Value& value) {
  Digest digest;
  digest.add(value);
  return digest.hex();
}

}  // namespace

TEST_SUITE("value codec") {
  TEST_CASE("every value comes back exactly as it was") {
    for (const Value& value : samples()) {
      CAPTURE(toText(value));
      ByteWriter writer;
      encode(writer, value);
      ByteReader reader(writer.bytes());
      const Value back = decodeValue(reader);
      CHECK_FALSE(reader.failed());
      CHECK(reader.atEnd());
      CHECK(exact(back) == exact(value));
    }
  }

  TEST_CASE("whatever is cut off is noticed") {
    for (const Value& value : samples()) {
      CAPTURE(toText(value));
      ByteWriter writer;
      encode(writer, value);
      for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
        ByteReader reader(std::string_view(writer.bytes()).substr(0, size));
        decodeValue(reader);
        CHECK(reader.failed());
      }
    }
  }

  TEST_CASE("any bytes are safe to read, and what is read can be written") {
    std::uint64_t state = 7;
    for (int round = 0; round < 20000; ++round) {
      std::string bytes;
      const std::size_t size = round % 40;
      for (std::size_t i = 0; i < size; ++i) {
        state = mix64(state + i + 1);
        // Small bytes are kinds and counts: more of those.
        bytes += static_cast<char>(state % 3 == 0 ? state >> 8 & 0xff : state >> 8 & 0x0f);
      }
      ByteReader reader(bytes);
      const Value value = decodeValue(reader);
      if (reader.failed()) continue;
      ByteWriter writer;
      encode(writer, value);
      ByteReader again(writer.bytes());
      if (exact(decodeValue(again)) != exact(value)) FAIL_CHECK(toText(value));
    }
  }

  TEST_CASE("nesting without end is refused") {
    // a list whose count is 6, whose first item is a list …
    const std::string deep(100000, '\x06');
    ByteReader reader(deep);
    decodeValue(reader);
    CHECK(reader.failed());
    std::string lists;
    for (int i = 0; i < 1000; ++i) lists += std::string_view("\x06\x01", 2);
    lists += '\0';
    ByteReader nested(lists);
    decodeValue(nested);
    CHECK(nested.failed());
  }

  TEST_CASE("a map with the same key twice is refused") {
    ByteWriter writer;
    writer.u8(static_cast<std::uint8_t>(ValueKind::Map));
    writer.varint(2);
    for (int i = 0; i < 2; ++i) {
      encode(writer, Value::string("a"));
      encode(writer, Value::integer(i));
    }
    ByteReader reader(writer.bytes());
    decodeValue(reader);
    CHECK(reader.failed());
  }

  TEST_CASE("numbers of every size survive") {
    ByteWriter writer;
    for (int shift = 0; shift < 64; ++shift) {
      writer.varint(std::uint64_t{1} << shift);
      writer.zigzag(static_cast<std::int64_t>(std::uint64_t{1} << shift));
      writer.zigzag(-(std::int64_t{1} << (shift % 63)));
    }
    writer.u32le(0x01020304);
    writer.u64le(0x0102030405060708);
    ByteReader reader(writer.bytes());
    for (int shift = 0; shift < 64; ++shift) {
      CHECK(reader.varint() == std::uint64_t{1} << shift);
      CHECK(reader.zigzag() == static_cast<std::int64_t>(std::uint64_t{1} << shift));
      CHECK(reader.zigzag() == -(std::int64_t{1} << (shift % 63)));
    }
    CHECK(reader.u32le() == 0x01020304);
    CHECK(reader.u64le() == 0x0102030405060708);
    CHECK(reader.atEnd());
    CHECK_FALSE(reader.failed());
    CHECK(reader.u8() == 0);
    CHECK(reader.failed());
    CHECK(writer.bytes().substr(writer.bytes().size() - 12, 4) == "\x04\x03\x02\x01");
  }

  TEST_CASE("a number longer than 64 bits fails") {
    ByteReader reader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
    CHECK(reader.varint() == 0);
    CHECK(reader.failed());
  }
}

}  // namespace base_value_codec_test
