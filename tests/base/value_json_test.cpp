// Values as JSON and back, with what JSON cannot hold.
#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/base64.h"
#include "base/value_json.h"

namespace base_value_json_test {

using namespace reticle;

namespace {

std::string json(const Value& value) {
  std::string out;
  writeJson(out, value);
  return out;
}

Value read(std::string_view text) {
  const Result<Value> value = parseJson(text);
  REQUIRE_MESSAGE(value.ok(), text);
  return *value;
}

}  // namespace

TEST_SUITE("value json") {
  TEST_CASE("values are written as JavaScript would") {
    const std::vector<std::pair<Value, const char*>> table = {
        {Value{}, "null"},
        {Value::boolean(false), "false"},
        {Value::integer(9007199254740992), "9007199254740992"},
        {Value::integer(9007199254740993), R"({"$int":"9007199254740993"})"},
        {Value::integer(INT64_MIN), R"({"$int":"-9223372036854775808"})"},
        {Value::real(100), "100"},
        {Value::real(0.5), "0.5"},
        {Value::real(1e21), "1e+21"},
        {Value::real(std::numeric_limits<double>::quiet_NaN()), R"({"$double":"NaN"})"},
        {Value::real(-std::numeric_limits<double>::infinity()), R"({"$double":"-Infinity"})"},
        {Value::string("a\"\\\b\n\x1f/\xc3\xa9\xe2\x82\xac"), R"("a\"\\\u0008\n\u001f/)"
                                                              "\xc3\xa9\xe2\x82\xac\""},
        {Value::string("x\xff\xc3"), "\"x\xef\xbf\xbd\xef\xbf\xbd\""},
        {Value::bytes("hello"), R"("aGVsbG8=")"},
        {Value::list({Value::integer(1), Value::list({})}), "[1,[]]"},
        {Value::map({{Value::string("b"), Value{}}, {Value::integer(1), Value::boolean(true)}}),
         R"({"b":null,"1":true})"},
        {Value::timestamp(0, 0), R"("1970-01-01T00:00:00Z")"},
        {Value::duration(90, 0), R"("1m30s")"},
        {Value::fact(FactId{7}), R"({"$fact":7})"},
        {Value::type("int"), R"("int")"},
        {Value::error("RL9001", "no \"x\""),
         R"({"$error":{"code":"RL9001","message":"no \"x\""}})"},
    };
    for (const auto& [value, expected] : table) {
      CHECK(json(value) == expected);
      CHECK_FALSE(nlohmann::json::parse(json(value), nullptr, false).is_discarded());
    }
  }

  TEST_CASE("JSON is taken at its word") {
    CHECK(toText(read(R"([null, true, 3, -3, 3.0, 1e3, "x", {"b": 1, "a": [2]}])")) ==
          R"([null, true, 3, -3, 3.0, 1000.0, "x", {"b": 1, "a": [2]}])");
    CHECK(read(R"({"$int": "9223372036854775807"})").asInt() == INT64_MAX);
    CHECK(toText(read(R"({"$double": "NaN"})")) == "NaN");
    CHECK(read(R"({"$fact": 12})").asFact() == FactId{12});
    CHECK(read("18446744073709551615").kind() == ValueKind::Double);
    // Ordinary maps that only look like those.
    CHECK(read(R"({"$int": "x"})").kind() == ValueKind::Map);
    CHECK(read(R"({"$int": "1", "a": 2})").kind() == ValueKind::Map);
    CHECK(read(R"({"$fact": -1})").kind() == ValueKind::Map);
    CHECK(toText(*parseJson(R"({"$int": "1"})", false)) == R"({"$int": "1"})");
    CHECK_FALSE(parseJson(std::string(200, '[') + std::string(200, ']')).ok());
    CHECK_FALSE(parseJson(R"({"a": 1, "a": 1})").ok());
    CHECK_FALSE(parseJson(std::string_view("{}\0x", 4)).ok());
    CHECK(parseJson("{\n\"a\": }").error().where == "line 2, byte 8");
  }

  TEST_CASE("base64 goes there and back") {
    for (const auto& [bytes, text] :
         std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"\xff\xfe", "//4="}}) {
      std::string out;
      appendBase64(out, bytes);
      CHECK(out == text);
      CHECK(*parseBase64(text) == bytes);
    }
    CHECK(*parseBase64("__4") == "\xff\xfe");  // URL-safe, without padding
    CHECK_FALSE(parseBase64("a").has_value());
    CHECK_FALSE(parseBase64("a b=").has_value());
  }
}

}  // namespace base_value_json_test
