// Optionals and the extensions of CEL in rule text: their types, and what firing makes of them.
#include <doctest/doctest.h>

#include <string>

#include "reticle/engine.h"

namespace check_optional_test {

using namespace reticle;

namespace {

// What the one rule of the text finds in an item without a note and in one with: the texts it
// inserts as `Found`, in order.
std::string found(const std::string& condition, const std::string& value,
                  const std::string& more = "") {
  const Compiled compiled =
      compile("test",
              "module m\nfact Item { key id: string note: string? price: double extra: map<string, "
              "int> }\nfact Found { key text: string }\n" +
                  more + "rule r when { i: Item " + condition +
                  " } then { insert Found{text: " + value + "} }\n");
  if (!compiled.ok()) return compiled.text();
  Engine engine(compiled.program);
  const auto insert = [&](const char* id, Value note) {
    CHECK(engine
              .submit(
                  input::Insert{"Item",
                                {{"id", Value::string(id)},
                                 {"note", std::move(note)},
                                 {"price", Value::real(2.5)},
                                 {"extra", Value::map({{Value::string(id), Value::integer(7)}})}}})
              .ok());
  };
  insert("a", Value{});
  insert("b", Value::string("hi"));
  engine.settle();
  std::string all;
  for (const FactView& fact : engine.facts("Found")) {
    for (const auto& [name, text] : fact.fields) {
      all += (all.empty() ? "" : " ") + toText(text, false);
    }
  }
  return all;
}

}  // namespace

TEST_SUITE("optionals in rules") {
  TEST_CASE("a field that may be null is an optional after `.?`") {
    CHECK(found("", "t\"{i.id}:{i.?note.orValue('-')}\"") == "b:hi a:-");
    CHECK(found("if i.?note.hasValue()", "i.id") == "b");
    CHECK(found("if !i.?note.hasValue()", "i.id") == "a");
    CHECK(found("if i.?note.optMap(n, n.size() > 1).orValue(false)", "i.id") == "b");
    CHECK(found("", "string(i.?price.orValue(0))") == "2.5");
  }

  TEST_CASE("in a pattern too, beside plain fields, as a join and in a function") {
    const std::string both = found("", "i.id", "");
    CHECK(both == "b a");
    CHECK(found("j: Item(note != null, i.?note == this.?note)", "i.id") == "b");
    CHECK(found("", "noteOf(i)",
                "function noteOf(x: Item) -> string = x.?note.or(optional.of(x.id)).value()\n") ==
          "hi a");
  }

  TEST_CASE("maps, lists and their optional elements") {
    CHECK(found("if i.extra[?\"a\"].hasValue()", "i.id") == "a");
    CHECK(found("if i.extra.?b.orValue(0) == 7", "i.id") == "b");
    CHECK(found("", "[i.id, ?i.?note].join('+')") == "b+hi a");
    CHECK(found("if {\"k\": 1, ?\"n\": i.?note.optMap(n, 2)}.size() == 2", "i.id") == "b");
  }

  TEST_CASE("functions whose names have a point, and the macros of two variables") {
    CHECK(found("if math.greatest(1, 2, 3, 4, 5, 6) == 6 && math.sqrt(i.price * 10) == 5.0",
                "i.id") == "b a");
    CHECK(found("if i.extra.exists(k, v, k == \"b\" && v == 7)", "i.id") == "b");
    CHECK(found("", "'%s=%.1f'.format([i.id, i.price])") == "b=2.5 a=2.5");
    CHECK(found("", "lists.range(3).sortBy(n, -n).map(n, string(n)).join()") == "210");
    CHECK(found("", "cel.bind(p, i.price, string(p + p))") == "5");
  }

  TEST_CASE("there are no unsigned numbers in rule text") {
    CHECK(found("if uint(1) == uint(1)", "i.id").find("there is no function called `uint`") !=
          std::string::npos);
    CHECK(found("if 1u == 1u", "i.id").find("RL0028") != std::string::npos);
  }

  TEST_CASE(
      "a zone that nobody knows makes the condition unknown, one that the host knows gives its "
      "hour") {
    const Compiled compiled = compile(
        "test",
        "module m\nfact At { at: timestamp key zone: string }\nfact Hour { key hour: int }\n"
        "rule r when { a: At } then { insert Hour{hour: a.at.getHours(a.zone)} }\n");
    REQUIRE(compiled.ok());
    EngineOptions options;
    options.zones = [](std::string_view zone, std::int64_t) {
      return zone == "Test/East" ? std::optional<std::int32_t>(7200) : std::nullopt;
    };
    Engine engine(compiled.program, options);
    for (const char* zone : {"Test/East", "Test/West", "test/east"}) {
      CHECK(engine
                .submit(input::Insert{
                    "At", {{"at", Value::timestamp(Time{0})}, {"zone", Value::string(zone)}}})
                .ok());
      engine.settle();
    }
    REQUIRE(engine.facts("Hour").size() == 1);
    CHECK(engine.facts("Hour")[0].fields[0].second == Value::integer(2));
  }
}

}  // namespace check_optional_test
