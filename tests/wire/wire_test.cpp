// The JSON edge: inputs as hosts write them, hostile texts, and what comes back.
#include <doctest/doctest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "reticle/wire.h"
#include "wire/wire_json.h"

namespace wire_test {

using namespace reticle;

namespace {

// The input as the engine sees it, or the error's message.
template <typename Kind>
Kind read(const std::string& json, Time now = 0) {
  const Result<Input> input = wire::readInput(json, now);
  if (!input) {
    FAIL_CHECK(input.error().message);
    return {};
  }
  const Kind* kind = std::get_if<Kind>(&*input);
  CHECK(kind != nullptr);
  return kind ? *kind : Kind{};
}

std::string refusal(const std::string& json) {
  const Result<Input> input = wire::readInput(json, 0);
  return input ? "taken" : input.error().message;
}

nlohmann::json parsed(const std::string& json) {
  nlohmann::json result = nlohmann::json::parse(json, nullptr, false);
  CHECK_MESSAGE(!result.is_discarded(), json);
  return result;
}

}  // namespace

TEST_SUITE("wire: inputs") {
  TEST_CASE("every kind of input is read") {
    const auto insert = read<input::Insert>(
        R"({"kind":"insert","type":"Customer","fields":{"id":"ada","age":36,"score":1.5}})");
    CHECK(insert.type == "Customer");
    REQUIRE(insert.fields.size() == 3);
    CHECK(insert.fields[0] == std::pair(std::string("id"), Value::string("ada")));
    CHECK(insert.fields[1].second.kind() == ValueKind::Int);
    CHECK(insert.fields[2].second == Value::real(1.5));

    const auto all = read<input::InsertAll>(
        R"({"kind":"insertAll","type":"T","fields":["a","b"],"rows":[[1,"x"],[2,"y"]]})");
    CHECK(all.fields == std::vector<std::string>{"a", "b"});
    CHECK(all.values == std::vector<Value>{Value::integer(1), Value::string("x"), Value::integer(2),
                                           Value::string("y")});
    CHECK(refusal(R"({"kind":"insertAll","type":"T","fields":["a","b"],"rows":[[1]]})") ==
          "the input `insertAll` needs a list of lists with a value for each of `fields` as "
          "`rows`, this is a list");
    const Result<Input> columns = wire::insertColumns(
        "T", {"a", "b"},
        {{Value::integer(1), Value::integer(2)}, {Value::string("x"), Value::string("y")}});
    REQUIRE(columns.ok());
    CHECK(std::get<input::InsertAll>(*columns).values == all.values);
    CHECK(wire::insertColumns("T", {"a", "b"}, {{Value()}, {}}).error().message ==
          "the column `b` has 0 values, `a` has 1");

    CHECK(index(read<input::Update>(R"({"kind":"update","fact":7,"fields":{}})").fact) == 7);
    CHECK(index(read<input::Retract>(R"({"kind":"retract","fact":7})").fact) == 7);
    const auto set = read<input::SetProperties>(
        R"({"kind":"set","subject":"device|1","properties":{"t":1},"muted":true})");
    CHECK(set.subject == "device|1");
    CHECK(set.muted);
    const auto emit = read<input::Emit>(
        R"({"kind":"emit","type":"E","data":{},"subject":"s","id":"x","source":"here"})");
    CHECK(emit.subject + emit.id + emit.source == "sxhere");
    const auto start =
        read<input::Start>(R"({"kind":"start","flow":"F","args":{"a":1},"key":"k"})");
    CHECK(start.flow + start.key == "Fk");
    const auto result =
        read<input::StepResult>(R"({"kind":"result","call":"c1","attempt":2,"value":[1]})");
    CHECK(result.attempt == 2);
    CHECK_FALSE(result.failed);
    const auto failed = read<input::StepResult>(
        R"({"kind":"result","call":"c1","attempt":2,"error":{"reason":"503"}})");
    CHECK(failed.failed);
    CHECK(*failed.error.find("reason") == Value::string("503"));
  }

  TEST_CASE("time is in milliseconds, `by` counts from now") {
    CHECK(read<input::Advance>(R"({"kind":"advance","to":1500})").to == 1'500'000);
    CHECK(read<input::Advance>(R"({"kind":"advance","to":0.25})").to == 250);
    CHECK(read<input::Advance>(R"({"kind":"advance","by":1000})", 5).to == 1'000'005);
    CHECK(refusal(R"({"kind":"advance","to":1e300})").find("9999") != std::string::npos);
    CHECK(refusal(R"({"kind":"advance","to":1,"by":1})").find("both") != std::string::npos);
    CHECK(refusal(R"({"kind":"advance"})").find("needs `to`") != std::string::npos);
  }

  TEST_CASE("members keep their order, and numbers beyond JSON's are themselves") {
    const auto insert = read<input::Insert>(
        R"({"kind":"insert","type":"T","fields":{"z":{"$int":"9223372036854775807"},"a":{"$double":"-Infinity"},"m":{"$fact":3}}})");
    REQUIRE(insert.fields.size() == 3);
    CHECK(insert.fields[0].first == "z");
    CHECK(insert.fields[0].second.asInt() == INT64_MAX);
    CHECK(insert.fields[1].second.kind() == ValueKind::Double);
    CHECK(index(insert.fields[2].second.asFact()) == 3);
  }

  TEST_CASE("what is refused is said with what would be right") {
    CHECK(refusal("[1]") ==
          "an input is an object whose `kind` is one of `insert`, `update`, `retract`, `set`, "
          "`emit`, `start`, `result`, `advance`, "
          "`insertAll`, `signal`, `cancel`, `unset`, `deleteSubject`, `compareAndSet`, "
          "`cancelEvent`, this is a list");
    CHECK(refusal(R"({"kind":"signal","flow":"F","type":"E"})") ==
          "the input `signal` needs `key`, a string");
    CHECK(refusal(R"({"kind":"insert","type":"T"})") ==
          "the input `insert` needs `fields`, an object with a value for each field");
    CHECK(refusal(R"({"kind":"insert","type":7,"fields":{}})") ==
          "the input `insert` needs a string as `type`, this is 7");
    CHECK(refusal(R"({"kind":"update","fact":1.5,"fields":{}})") ==
          "the input `update` needs a whole number from 1 to 4294967295 as `fact`, this is 1.5");
    CHECK(refusal(R"({"kind":"result","call":"c","attempt":1,"error":"x"})")
              .find("a string `reason`") != std::string::npos);

    const Result<Input> typo = wire::readInput(R"({"kind":"insert","typ":"T","fields":{}})", 0);
    REQUIRE_FALSE(typo);
    CHECK(typo.error().code == ErrorCode::BadInput);
    CHECK(typo.error().where == "typ");
    CHECK(typo.error().fix == "write `type`");
    const Result<Input> kind = wire::readInput(R"({"kind":"inset"})", 0);
    REQUIRE_FALSE(kind);
    CHECK(kind.error().fix == "write `insert`");
  }
}

TEST_SUITE("wire: hostile text") {
  TEST_CASE("nothing that is not JSON is taken") {
    for (const char* text : {"", " ", "{", "[1,", "{\"a\":1,}", "nul", "\"\xff\"", "\"\\ud800\"",
                             "{\"a\":1,\"a\":2}", "1e999", "[1] 2", "\x00"}) {
      CAPTURE(text);
      CHECK_FALSE(wire::parse(text).ok());
    }
  }

  TEST_CASE("depth is bounded, at every bracket") {
    for (const char* bracket : {"[", "{\"a\":"}) {
      std::string text;
      for (int i = 0; i < 200'000; ++i) text += bracket;
      const Result<Value> value = wire::parse(text);
      REQUIRE_FALSE(value);
      CHECK(value.error().message.find("deeper") != std::string::npos);
    }
    std::string nested = "1";
    for (int i = 0; i < 100; ++i) nested = "[" + nested + "]";
    CHECK(wire::parse(nested).ok());
    CHECK_FALSE(wire::parse("[" + nested + "]").ok());
  }

  TEST_CASE("every prefix and every changed byte of an input has a result") {
    const std::string text =
        R"({"kind":"emit","type":"Event","data":{"a":[1,2.5,null,true,{"$int":"5"}]},"subject":"s","id":"\u00e9","source":""})";
    CHECK(wire::readInput(text, 0).ok());
    for (std::size_t i = 0; i < text.size(); ++i) {
      CHECK_FALSE(wire::readInput(text.substr(0, i), 0).ok());
      for (const char c : {'\0', '"', '{', '}', '[', ']', ',', ':', '\\', '9', '\x80'}) {
        std::string changed = text;
        changed[i] = c;
        const Result<Input> answer = wire::readInput(changed, 0);
        if (!answer) CHECK_FALSE(answer.error().message.empty());
      }
    }
  }

  TEST_CASE("options and sources are as strict") {
    CHECK(wire::readSettle("").ok());
    CHECK(wire::readSettle(R"({"maxFirings":3})")->maxFirings == 3);
    CHECK_FALSE(wire::readSettle(R"({"maxFirings":-1})").ok());
    CHECK_FALSE(wire::readSettle(R"({"maxFiring":1})").ok());
    CHECK(wire::readSettle(R"({"mode":"first-match"})")->mode == SettleOptions::Mode::FirstMatch);
    CHECK(wire::readSettle(R"({"mode":"single-pass","tags":["a","b"]})")->tags ==
          std::vector<std::string>{"a", "b"});
    CHECK_FALSE(wire::readSettle(R"({"mode":"first"})").ok());
    CHECK_FALSE(wire::readSettle(R"({"tags":"a"})").ok());
    CHECK(wire::readOptions(R"({"strategy":"lex","seed":7})")->strategy == Strategy::Lex);
    CHECK(wire::readOptions(R"({"strategy":"random","seed":7})")->seed == 7);
    CHECK(wire::readOptions(R"({"strategy":"bredth"})").error().fix == "write `breadth`");
    CHECK_FALSE(wire::readOptions(R"({"seed":-1})").ok());
    CHECK(wire::readOptions(R"({"start":1000,"trace":true,"cascade":"nested","pure":["f"]})")
              ->start == 1'000'000);
    CHECK_FALSE(wire::readOptions(R"({"journal":false})")->journal);
    CHECK(wire::readOptions("{}")->journal);
    CHECK_FALSE(wire::readOptions(R"({"cascade":"lifo"})").ok());
    CHECK_FALSE(wire::readOptions(R"({"pure":[1]})").ok());
    CHECK(wire::readSources(R"([{"name":"a","text":"b"}])")->size() == 1);
    CHECK_FALSE(wire::readSources(R"([{"name":"a"}])").ok());
    CHECK_FALSE(wire::readSources(R"("rules")").ok());
  }
}

TEST_SUITE("wire: results") {
  TEST_CASE("what replacing the rules has changed, and why it is refused") {
    Replaced replaced;
    replaced.rules = {{"a", Replaced::Fate::Changed, 2, 1}, {"b", Replaced::Fate::Removed, 0, 3}};
    replaced.withdrawn = {FactId{7}};
    CHECK(
        wire::toJson(Result<Replaced>(replaced)) ==
        R"({"rules":[{"rule":"a","fate":"changed","gained":2,"lost":1},{"rule":"b","fate":"removed","gained":0,"lost":3}],"withdrawn":[7]})");
    CHECK(wire::toJson(Result<Replaced>(Error{ErrorCode::BadInput, "no", "", ""}))
              .find(R"("error")") != std::string::npos);
  }

  TEST_CASE("an event leaves as a CloudEvents envelope with its extensions beside") {
    CloudEvent event;
    event.type = "subject-property-changed";
    event.source = "my-ruleset";
    event.id = event.originId = "e1";
    event.subject = "foo";
    event.propertyName = "moo";
    event.data = {
        {"property_name", Value::string("moo")}, {"old_value", {}}, {"value", Value::integer(1)}};
    event.extensions = {{"deviceclass", Value::string("x")}, {"id", Value::string("not this")}};
    CHECK(
        wire::toJson(Output{event}) ==
        R"({"kind":"event","event":{"specversion":"1.0","type":"subject-property-changed","source":"my-ruleset","id":"e1","originid":"e1",)"
        R"("subject":"foo","datacontenttype":"application/json","propertyname":"moo","deviceclass":"x",)"
        R"("data":{"property_name":"moo","old_value":null,"value":1}}})");
  }

  TEST_CASE("a call, a report and an error have the shapes of types.ts") {
    CHECK(
        wire::toJson(Output{Call{
            "c1", 2, "k", "pay.charge", {{"amount", Value::integer(5)}}, RunId{3}, "charge"}}) ==
        R"({"kind":"call","call":"c1","attempt":2,"key":"k","function":"pay.charge","args":{"amount":5},"run":3,"step":"charge"})");
    SettleReport report;
    report.firings = 1;
    report.fired = {{RuleId{0}, "a \"rule\"", ActivationId{4}, {FactId{1}, FactId{2}}}};
    CHECK(
        wire::toJson(report) ==
        R"({"firings":1,"reason":"quiescent","fired":[{"rule":"a \"rule\"","activation":4,"facts":[1,2]}]})");
    CHECK(wire::toJson(Error{ErrorCode::UnknownType, "no", "x", ""}) ==
          R"({"error":{"code":"UnknownType","message":"no","where":"x"}})");
    CHECK(wire::toJson(Result<Accepted>(Accepted{.fact = FactId{3}})) == R"({"ok":true,"fact":3})");
  }

  TEST_CASE("times leave as milliseconds") {
    std::string text;
    for (const Time time : {Time{0}, Time{1'500'000}, Time{250}, Time{-1}}) {
      wire::appendMillis(text, time);
      text += ' ';
    }
    CHECK(text == "0 1500 0.25 -0.001 ");
  }
}

TEST_SUITE("wire: compiling") {
  TEST_CASE("the schema says what the rules declare, with places in UTF-16 units") {
    const Compiled compiled = compile(
        "light.rules",
        "module demo\n"
        "/// 😀 a lamp\n"
        "fact Lamp { key id: int color: enum(\"red\", \"green\") = \"red\" note: string? }\n"
        "rule \"🟢 go\" salience 5\n"
        "when { l: Lamp(color == \"green\") not Lamp(id == 7) }\n"
        "then { log info \"go\" }\n");
    CHECK_MESSAGE(compiled.ok(), compiled.text());
    const nlohmann::json json = parsed(wire::toJson(compiled));
    REQUIRE(json.contains("schema"));
    const nlohmann::json& schema = json["schema"];
    CHECK(schema["module"] == "demo");
    nlohmann::json lamp;
    for (const auto& type : schema["types"]) {
      if (type["name"] == "Lamp") lamp = type;
    }
    CHECK(lamp["kind"] == "fact");
    CHECK(lamp["fields"][0] == nlohmann::json{{"name", "id"}, {"type", "int"}, {"key", true}});
    CHECK(lamp["fields"][1]["default"] == "red");
    CHECK(lamp["fields"][2]["optional"] == true);
    const nlohmann::json& rule = schema["rules"][0];
    CHECK(rule["name"] == "🟢 go");
    CHECK(rule["salience"] == 5);
    CHECK(rule["conditions"].size() == 2);
    CHECK(rule["conditions"][1]["kind"] == "not");
    CHECK(rule["bindings"] == nlohmann::json{"l"});
    CHECK(rule["nameSpan"]["line"] == 4);
    CHECK(rule["nameSpan"]["column"] == 6);
    // The emoji is one code point and two UTF-16 units; so is the one in the comment above.
    const int length = rule["nameSpan"]["end"].get<int>() - rule["nameSpan"]["start"].get<int>();
    CHECK(length ==
          rule["nameSpan"]["endColumn"].get<int>() - rule["nameSpan"]["column"].get<int>() + 1);
    const nlohmann::json& nodes = schema["network"]["nodes"];
    CHECK(nodes[rule["node"].get<std::size_t>()]["kind"] == "production");
    for (std::size_t i = 0; i < nodes.size(); ++i) CHECK(nodes[i]["id"] == i);
  }

  TEST_CASE(
      "diagnostics carry place, fixes and the terminal's rendering; positions agree with "
      "positionOf") {
    const Compiled compiled = compile("bad.rules",
                                      "module m\nfact A { x: int }\n// ä😀\nrule r when { a: A(xx "
                                      "== 1) } then { log info \"\" }\n");
    CHECK_FALSE(compiled.ok());
    const nlohmann::json json = parsed(wire::toJson(compiled));
    CHECK_FALSE(json.contains("schema"));
    REQUIRE_FALSE(json["diagnostics"].empty());
    const nlohmann::json& first = json["diagnostics"][0];
    CHECK(first["level"] == "error");
    CHECK(first["span"]["file"] == "bad.rules");
    const Position position = positionOf(compiled.sources[0], compiled.diagnostics[0].span.begin);
    CHECK(first["span"]["start"] == position.utf16);
    CHECK(first["span"]["line"] == position.line);
    CHECK(first["span"]["column"] == position.column);
    CHECK(first["text"].get<std::string>().find("bad.rules:4") != std::string::npos);
  }

  TEST_CASE("what is asked why crosses whole: ancestry, activations, why not, matches, counters") {
    const Compiled compiled = compile("why.rules", R"(
module m
fact A { key x: int  y: any = 0 }
fact Stop { x: int }
fact B { x: int }
rule stop allow RL3005 when { a: A(y == 9) } then { insert Stop{x: a.x} }
rule r when { a: A(y > 1)  let twice = a.x * 2  not Stop(x == a.x) } then { insert logical B{x: twice} }
)");
    REQUIRE_MESSAGE(compiled.ok(), compiled.text());
    Engine engine{compiled.program};
    const auto ask = [&](const char* what, const char* arguments) {
      return parsed(wire::view(engine, what, arguments));
    };
    CHECK(engine.submit(insert("A", {{"x", Value::integer(1)}, {"y", Value::string("?")}})).ok());
    CHECK(engine.submit(insert("A", {{"x", Value::integer(2)}, {"y", Value::integer(9)}})).ok());
    engine.settle();
    const nlohmann::json why = ask("whyNot", R"({"rule":"r"})");
    CHECK(why["state"] == "noMatch");
    CHECK(why["conditions"][0]["ofType"] == 2);
    CHECK(why["conditions"][0]["facts"] == 1);
    CHECK(why["conditions"][2]["reached"] == 1);
    CHECK(why["conditions"][2]["partial"] == 0);
    CHECK(why["conditions"][2]["blockers"][0]["by"] == "stop");
    CHECK(why["conditions"][2]["blockers"][0]["facts"] == why["conditions"][2]["blockedBy"]);
    const nlohmann::json narrowed = ask("whyNot", R"({"rule":"r","bindings":{"a.x":1}})");
    CHECK(narrowed["conditions"][0]["nearest"][0]["facts"] == nlohmann::json::array({1}));
    CHECK_FALSE(narrowed["conditions"][0]["nearest"][0]["error"].get<std::string>().empty());
    CHECK(ask("whyNot", R"({"rule":"r","bindings":{"z":1}})").contains("error"));

    CHECK(engine.submit(update(FactId{1}, {{"y", Value::integer(2)}})).ok());
    engine.settle();
    const nlohmann::json matches = ask("matches", R"({"rule":"r","most":1})");
    CHECK(matches["conditions"][0]["count"] == 2);
    CHECK(matches["conditions"][0]["matches"].size() == 1);
    CHECK(matches["complete"][0]["fired"] == true);
    CHECK(matches["complete"][0]["bindings"]["twice"] == 2);
    const nlohmann::json activation =
        ask("explain",
            ("{\"activation\":" + matches["complete"][0]["activation"].dump() + "}").c_str());
    CHECK(activation["state"] == "fired");
    CHECK(activation["facts"][0]["fact"] == 1);
    const nlohmann::json fact =
        ask("explain", ("{\"fact\":" + activation["keeps"][0].dump() + "}").c_str());
    CHECK(fact["origin"] == "logical");
    CHECK(fact["by"][0]["activation"] == activation["activation"]);
    CHECK(fact["by"][0]["bindings"]["twice"] == 2);
    CHECK(ask("explain", R"({"fact":1,"activation":1})").contains("error"));

    const nlohmann::json counters = ask("counters", "{}");
    CHECK(counters["rules"][1]["rule"] == "r");
    CHECK(counters["rules"][1]["firings"] == 1);
    CHECK_FALSE(counters["rules"][1].contains("millis"));
    CHECK(counters["nodes"].size() == engine.memoryCounts().size());
  }

  TEST_CASE("a view that cannot be given is an error") {
    const Compiled compiled = compile(
        "m.rules", "module m\nfact A { x: int }\nrule r when { a: A } then { log info \"\" }\n");
    REQUIRE(compiled.ok());
    Engine engine{compiled.program};
    CHECK(parsed(wire::view(engine, "facts", "")).is_array());
    CHECK(parsed(wire::view(engine, "agenda", "{}")).empty());
    CHECK(parsed(wire::view(engine, "subject", R"({"name":"nobody"})")).is_null());
    for (const auto& view :
         {std::pair("nothing", "{}"), std::pair("explain", R"({"fact":99})"),
          std::pair("query", R"({"name":"none"})"), std::pair("whyNot", R"({"rule":"none"})"),
          std::pair("matches", R"({"rule":"none"})"), std::pair("explain", R"({"activation":7})"),
          std::pair("explain", "{}"), std::pair("facts", "{"), std::pair("agenda", R"({"x":1})")}) {
      const char* what = view.first;
      const char* arguments = view.second;
      CAPTURE(what);
      CHECK(parsed(wire::view(engine, what, arguments)).contains("error"));
    }
  }
}

}  // namespace wire_test
