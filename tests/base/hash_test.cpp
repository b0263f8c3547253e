// Hashes, checksums and digests: fixed values, since journals hold them.
#include <doctest/doctest.h>

#include <string>

#include "base/hash.h"

namespace base_hash_test {

using namespace reticle;

TEST_SUITE("hash") {
  TEST_CASE("CRC-32C gives the published check values") {
    CHECK(crc32c("") == 0);
    CHECK(crc32c("123456789") == 0xe3069283u);
    CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43u);
  }

  TEST_CASE("CRC-32C can be continued") {
    const std::string text = "The quick brown fox jumps over the lazy dog";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      CHECK(crc32c(std::string_view(text).substr(cut),
                   crc32c(std::string_view(text).substr(0, cut))) == crc32c(text));
    }
  }

  TEST_CASE("a digest depends on order, on borders and on kinds") {
    const auto of = [](auto... parts) {
      Digest digest;
      (digest.add(parts), ...);
      return digest.hex();
    };
    using std::string_view;
    CHECK(of(string_view("a"), string_view("b")) != of(string_view("b"), string_view("a")));
    CHECK(of(string_view("ab"), string_view("")) != of(string_view("a"), string_view("b")));
    CHECK(of(Value::integer(1)) != of(Value::real(1)));
    CHECK(of(Value::string("a")) != of(Value::bytes("a")));
    CHECK(of(Value::list({Value::integer(1)}), Value::integer(2)) !=
          of(Value::list({Value::integer(1), Value::integer(2)})));
    CHECK(of(Value::integer(1)) == of(Value::integer(1)));
  }

  TEST_CASE("digests are the same on every platform") {
    Digest digest;
    digest.add(std::uint64_t{42});
    digest.add(std::string_view("reticle"));
    digest.add(Value::map({{Value::string("a"), Value::list({Value::integer(-1), Value::real(0.5),
                                                             Value::duration(1, 5)})}}));
    CHECK(digest.hex() == "c871e9c34f141a9b");
    CHECK(hashBytes("reticle, a rule engine") == 0x2f430eb01184fe77u);
  }
}

}  // namespace base_hash_test
