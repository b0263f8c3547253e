// Decision tables whose rows are in files of their own.
#include <string>
#include <vector>

#include "reticle/test.h"
#include "support/harness.h"

namespace table_files_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const std::string kModule = R"(enum Region { CITY, LAND }
table fee(age: int, region: Region, name: string) -> int by age, region, name hit first from "fees.csv" {
  default => -1
}
table girth(n: int) -> (least: int, word: string) hit first from "sizes.tsv" { }
test "rows" {
  expect {
    check fee(10, Region.CITY, "Ada") == 1
    check fee(30, Region.CITY, "Ada, the first") == 2
    check fee(30, Region.LAND, "x") == 3
    check fee(99, Region.CITY, "x") == -1
    check girth(3).word == "small one"  check girth(3).least == 0  check girth(70).word == "large"
  }
}
)";

std::string told(const std::vector<Source>& sources) { return compile(sources).text(); }

}  // namespace

TEST_SUITE("tables in files") {
  TEST_CASE("cells are written plainly: texts without quotes, values of enums by their own name") {
    const std::vector<Source> sources = {
        {"rules/a.rules", kModule},
        {"rules/fees.csv",
         "region;age;name;fee\r\nCITY;< 18;;1\r\nCITY;18..65;Ada, the first;2\r\n_;18..65;_;3\r\n"},
        {"rules/sizes.tsv", "n\tleast\tword\n0..9\t0\tsmall one\n_\t10\tlarge\n"}};
    CHECK(namedFiles({sources[0]}) ==
          std::vector<std::string>{"rules/fees.csv", "rules/sizes.tsv"});
    const Compiled compiled = compile(sources);
    REQUIRE_MESSAGE(compiled.ok(), compiled.text());
    for (const TestOutcome& outcome : runTests(compiled.program)) {
      std::string failures;
      for (const TestFailure& failure : outcome.failures) failures += failure.message + "\n";
      CHECK_MESSAGE(outcome.passed, failures);
    }
  }

  TEST_CASE("what is missing, too many or cannot be read is said with its place") {
    const Source module = {"a.rules",
                           "table fee(age: int) -> int hit first from \"fees.csv\" { }\n"};
    CHECK(told({module}).find("RL2023") != std::string::npos);
    CHECK(told({module}).find("no source is called `fees.csv`") != std::string::npos);
    const auto with = [&](const std::string& text) { return told({module, {"fees.csv", text}}); };
    CHECK(with("").find("is empty") != std::string::npos);
    CHECK(with("years,fee\n1,2\n").find("has no column `age`") != std::string::npos);
    CHECK(with("age,fee,more\n1,2,3\n").find("has no column `more`") != std::string::npos);
    CHECK(with("age,fee\n1\n").find("fees.csv:2") != std::string::npos);
    const std::string cell = with("age,fee\n_,1\n) 3,2\n");
    CHECK(cell.find("fees.csv:3") != std::string::npos);
    CHECK(cell.find("the cell `) 3` of column `age` cannot be read") != std::string::npos);
    CHECK(with("age,fee\nx,2\n").find("RL1004") != std::string::npos);
    CHECK(with("age,fee\n1,\"a\n").find("RL2024") != std::string::npos);
    CHECK(with("age,fee\n_,2\n") == "");
  }
}

}  // namespace table_files_test
