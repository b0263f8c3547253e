// What must hold at every place of every program we have.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "language/service.h"
#include "support/files.h"

namespace language_property_test {

namespace {

using nlohmann::json;
using namespace reticle;
using reticle::test::Service;

std::vector<std::string> programs(bool broken) {
  std::vector<std::string> files;
  for (const std::string folder : {"tests/scripts/programs", "tests/scenarios"}) {
    for (const std::string& name : test::filesOf(folder, ".rules")) {
      files.push_back(folder + "/" + name);
    }
  }
  for (const std::string example :
       {"device-temperature", "discounts", "finops", "manners", "order-saga", "sudoku"}) {
    files.push_back("examples/" + example + "/" + example + ".rules");
  }
  for (const std::string folder :
       {"tests/scripts/diagnostics-model", "tests/scripts/diagnostics-syntax"}) {
    if (!broken) continue;
    const std::vector<std::string> all = test::filesOf(folder, ".rules");
    for (std::size_t i = 0; i < all.size(); i += 5) files.push_back(folder + "/" + all[i]);
  }
  return files;
}

std::vector<std::string> codes(Service& service) {
  std::vector<std::string> list;
  for (const json& item : service.feature("diagnostic")["items"]) list.push_back(item["code"]);
  std::sort(list.begin(), list.end());
  return list;
}

json placeAt(const std::string& text, std::size_t byte) {
  const auto [line, character] = test::placeOf(text, byte);
  return {{"line", line}, {"character", character}};
}

}  // namespace

TEST_SUITE("language everywhere") {
  TEST_CASE("every place of every program has a result") {
    for (const std::string& file : programs(true)) {
      CAPTURE(file);
      const std::string text = test::contentOf(file);
      Service service(text);
      for (std::size_t byte = 0; byte <= text.size(); byte += 1 + byte % 11) {
        if ((static_cast<unsigned char>(text[byte]) & 0xc0) == 0x80) continue;
        CAPTURE(byte);
        for (const char* method : {"hover", "completion", "definition", "signatureHelp"}) {
          const json answer = service.feature(method, {{"position", placeAt(text, byte)}});
          CHECK(!answer.is_discarded());
          CHECK(!(answer.is_object() && answer.contains("error")));
        }
      }
    }
  }

  TEST_CASE("a program cut off anywhere still has results") {
    const std::string text = test::contentOf("examples/order-saga/order-saga.rules");
    for (std::size_t end = 0; end < text.size(); end += 41) {
      Service service(text.substr(0, end) + test::kCursor);
      CHECK(service.feature("completion")["items"].is_array());
      service.feature("hover");
      service.feature("semanticTokens/full");
    }
  }

  TEST_CASE("tokens stand in order and do not overlap") {
    for (const std::string& file : programs(true)) {
      CAPTURE(file);
      Service service(test::contentOf(file));
      const json data = service.feature("semanticTokens/full")["data"];
      CHECK(data.size() % 5 == 0);
      std::size_t end = 0;
      for (std::size_t i = 0; i + 4 < data.size(); i += 5) {
        const std::size_t down = data[i], right = data[i + 1], length = data[i + 2];
        CHECK(length > 0);
        if (down == 0 && i > 0) CHECK(right >= end);
        end = length;
      }
    }
  }

  TEST_CASE("a fresh name for any symbol leaves the program as right as it was") {
    for (const std::string& file : programs(false)) {
      CAPTURE(file);
      const std::string text = test::contentOf(file);
      Service service(text);
      const std::vector<std::string> before = codes(service);
      // Some of the places where something is declared: every token with the modifier
      // `declaration`.
      const json data = service.feature("semanticTokens/full")["data"];
      std::size_t line = 0, character = 0, count = 0;
      for (std::size_t i = 0; i + 4 < data.size(); i += 5) {
        const std::size_t down = data[i], right = data[i + 1], type = data[i + 3];
        character = down > 0 ? right : character + right;
        line += down;
        if ((data[i + 4].get<unsigned>() & 1) == 0 || ++count % 3 != 0) continue;
        const bool capital = type >= 1 && type <= 4;
        const json answer =
            service.feature("rename", {{"position", {{"line", line}, {"character", character}}},
                                       {"newName", capital ? "Zzyzx" : "zzyzx"}});
        CAPTURE(line);
        CAPTURE(character);
        // A module's name is refused, and one that the engine fills itself.
        const std::string refused =
            answer.contains("error") ? answer["error"]["message"].get<std::string>() : "";
        if (refused.starts_with("modules") ||
            refused.find("is raised by the engine") != std::string::npos) {
          continue;
        }
        REQUIRE_MESSAGE(answer.contains("changes"), answer.dump());
        Service renamed(Service::edited(text, answer["changes"][Service::kUri]));
        CHECK(codes(renamed) == before);
      }
      CHECK(count > 0);
    }
  }
}

}  // namespace language_property_test
