// The cases of CEL's conformance suite, and the runner that reads them.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "reticle/conformance.h"
#include "support/folder.h"

namespace testing_conformance_test {

using namespace reticle;

namespace {

// One zone, so that no test depends on the machine.
std::optional<std::int32_t> oneZone(std::string_view zone, std::int64_t) {
  if (zone != "Asia/Kathmandu") return std::nullopt;
  return 20700;
}

ConformanceCase only(const std::string& line) {
  const auto results = runConformance(line, oneZone);
  REQUIRE(results.ok());
  REQUIRE(results->size() == 1);
  return results->front();
}

std::string messageOf(const std::string& text) {
  const auto results = runConformance(text);
  return results.ok() ? "" : results.error().message;
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("every case of the project's own file passes") {
    std::ifstream file(test::pathOf("tests/expression/cases.jsonl"), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto results = runConformance(text);
    REQUIRE(results.ok());
    CHECK(results->size() > 300);
    for (const ConformanceCase& result : *results) {
      CAPTURE(result.line);
      CAPTURE(result.expression);
      CAPTURE(result.wanted);
      CAPTURE(result.got);
      CHECK(result.passed);
    }
  }

  TEST_CASE("a case passes only for the very value, kind and type that is wanted") {
    CHECK(only(R"json({"expr":"1 + 1","value":{"int":"2"}})json").passed);
    CHECK_FALSE(only(R"json({"expr":"1 + 1","value":{"double":2}})json").passed);
    CHECK_FALSE(only(R"json({"expr":"1 + 1","value":{"uint":"2"}})json").passed);
    CHECK_FALSE(only(R"json({"expr":"1 + 1","error":"overflow"})json").passed);
    CHECK(only(R"json({"expr":"1 / 0","error":"division"})json").passed);
    CHECK_FALSE(only(R"json({"expr":"1 / 0","value":{"int":"0"}})json").passed);
    CHECK(only(R"json({"expr":"0.0 / 0.0","value":{"double":"NaN"}})json").passed);
    CHECK(only(R"json({"expr":"1 == 1"})json").passed);
    CHECK_FALSE(only(R"json({"expr":"1 == 2"})json").passed);
    CHECK(only(R"json({"expr":"[1]","checkOnly":true,"type":"list(int)"})json").passed);
    CHECK_FALSE(only(R"json({"expr":"[1]","checkOnly":true,"type":"list(dyn)"})json").passed);
    CHECK_FALSE(
        only(R"json({"expr":"[1]","value":{"list":[{"int":"1"}]},"type":"list(dyn)"})json").passed);
    CHECK(
        only(
            R"json({"expr":"{'a': 1, 'b': 2}","value":{"map":[[{"string":"b"},{"int":"2"}],[{"string":"a"},{"int":"1"}]]}})json")
            .passed);
    CHECK_FALSE(only(R"json({"expr":"{'a': 1}","value":{"map":[]}})json").passed);
  }

  TEST_CASE("an unchecked case is run as it is, a checked one is refused first") {
    CHECK(only(R"json({"expr":"1 == 'a'","check":false,"value":{"bool":false}})json").passed);
    CHECK_FALSE(only(R"json({"expr":"1 == 'a'","value":{"bool":false}})json").passed);
    CHECK(only(R"json({"expr":"nothing","check":false,"error":"no such name"})json").passed);
  }

  TEST_CASE("time zones are the host's, and what it does not know is an error") {
    CHECK(
        only(
            R"json({"expr":"timestamp('2009-02-13T23:31:30Z').getMinutes('Asia/Kathmandu')","value":{"int":"16"}})json")
            .passed);
    const ConformanceCase unknown =
        only(R"json({"expr":"timestamp(0).getHours('Mars/Olympus')","value":{"int":"1"}})json");
    CHECK_FALSE(unknown.passed);
    CHECK(unknown.got.find("\"Mars/Olympus\" is no time zone known here") != std::string::npos);
  }

  TEST_CASE("what a case says of itself comes back, as JSON too") {
    const ConformanceCase result = only(
        R"json({"file":"f","section":"s","name":"n \"1\"","profile":"p","expr":"'a'","value":{"string":"b"},"more":1})json");
    CHECK(result.wanted == "string \"b\"");
    CHECK(
        toJson(result) ==
        R"json({"file":"f","section":"s","name":"n \"1\"","profile":"p","passed":false,"got":"string \"a\""})json");
  }

  TEST_CASE(
      "a value or type that is unknown fails its case alone, a line that is no case fails the file "
      "and is named") {
    const auto results = runConformance(
        "{\"expr\":\"1\",\"value\":{\"object\":{}}}\n\n{\"expr\":\"1\",\"value\":{\"int\":\"1\"}}"
        "\r\n{\"expr\":\"1\",\"env\":{\"x\":\"Thing\"},\"value\":{\"int\":\"1\"}}\n");
    REQUIRE(results.ok());
    REQUIRE(results->size() == 3);
    CHECK((*results)[0].got == "there are no values of the kind `object` here");
    CHECK((*results)[1].passed);
    CHECK((*results)[1].line == 3);
    CHECK((*results)[2].got == "there is no type `Thing` here");
    CHECK(messageOf("{\"expr\":\"1\"}\n{oops\n").find("line 2 is no JSON") == 0);
    CHECK(messageOf("[1]\n").find("line 1 is no case") == 0);
    CHECK(messageOf("{\"name\":\"x\"}\n").find("line 1 is no case") == 0);
    CHECK(messageOf("{\"expr\":\"1\",\"env\":[]}\n").find("`env` must be an object") !=
          std::string::npos);
    CHECK(runConformance("")->empty());
  }
}

}  // namespace testing_conformance_test
