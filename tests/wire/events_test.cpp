// Events as the world sends them, read: plain ones, CloudEvents envelopes; and YAML as values.
#include <doctest/doctest.h>

#include <string>

#include "reticle/wire.h"

namespace wire_events_test {

using namespace reticle;

namespace {

std::string textOf(const std::string& json) {
  const Result<Value> value = wire::parse(json);
  if (!value) return value.error().message;
  const Result<wire::IncomingEvent> event = wire::eventFrom(*value);
  if (!event) return event.error().where + ": " + event.error().message;
  std::string text = event->emit.type + "(";
  for (const auto& [name, each] : event->emit.data) text += " " + name + ": " + toText(each);
  text += " )";
  for (const std::string* part : {&event->emit.subject, &event->emit.id, &event->emit.source}) {
    text += " " + (part->empty() ? "-" : *part);
  }
  if (event->time) text += " at " + std::to_string(*event->time);
  for (const auto& [name, each] : event->extensions) text += " " + name + "=" + toText(each);
  return text;
}

const std::string kEnvelope = R"("specversion": "1.0", "type": "T", "source": "/s", "id": "1")";

}  // namespace

TEST_SUITE("events from outside") {
  TEST_CASE("a plain event names its type; the rest may be left out") {
    CHECK(textOf(R"({"event": "T"})") == "T( ) - - -");
    CHECK(textOf(R"({"event": "T", "data": {"a": 1}, "subject": "s", "id": "i", "source": "o",
                     "time": "1970-01-01T00:00:02Z"})") == "T( a: 1 ) s i o at 2000000");
    CHECK(textOf(R"({"event": "T", "time": 1500, "data": [1]})") ==
          "T( data: [1] ) - - - at 1500000");
    CHECK(textOf(R"({"event": "T", "data": null, "time": null})") == "T( ) - - -");
  }

  TEST_CASE("an envelope has its attributes, data of any kind, and extensions") {
    CHECK(textOf("{" + kEnvelope + R"(, "data": {"a": 1}, "traceparent": "x", "n": 2})") ==
          "T( a: 1 ) - 1 /s traceparent=\"x\" n=2");
    CHECK(textOf("{" + kEnvelope + R"(, "data": "hello", "subject": "d",
                 "datacontenttype": "text/plain", "dataschema": "urn:x"})") ==
          "T( data: \"hello\" ) d 1 /s");
    CHECK(textOf("{" + kEnvelope + R"(, "data_base64": "aGk="})") == "T( data: \"aGk=\" ) - 1 /s");
    CHECK(textOf("{" + kEnvelope + R"(, "data_base64": "eyJhIjogMX0=",
                 "datacontenttype": "Application/JSON; charset=utf-8"})") == "T( a: 1 ) - 1 /s");
    CHECK(textOf("{" + kEnvelope + R"(, "time": "1970-01-01T01:00:01+01:00"})") ==
          "T( ) - 1 /s at 1000000");
  }

  TEST_CASE("what is wrong is named with its member") {
    for (const auto& each : std::vector<std::pair<std::string, std::string>>{
             {"7", ": an event is {\"event\": "},
             {"{}", "event: an event is {\"event\": "},
             {R"({"type": "T"})", "specversion: an event is"},
             {R"({"event": 1})", "event: an event needs a string as `event`"},
             {R"({"event": "T", "dta": 1, "x": 2})", "event: an event has event, data, "},
             {R"({"event": "T", "time": "noon"})", "time: `time` is a time such as"},
             {R"({"event": "T", "time": 9e300})", "time: `time` is a time such as"},
             {R"({"specversion": "2.0"})", "specversion: envelopes of CloudEvents 1.0"},
             {R"({"specversion": "1.0", "type": "T", "source": "s"})", "id: an event needs"},
             {"{" + kEnvelope + R"(, "time": 5})", "time: `time` is a time such as"},
             {"{" + kEnvelope + R"(, "data": 1, "data_base64": ""})",
              "data_base64: an envelope has"},
             {"{" + kEnvelope + R"(, "data_base64": "?"})", "data_base64: `data_base64` is a text"},
             {"{" + kEnvelope + R"(, "data_base64": "aGk=", "datacontenttype": "text/json"})",
              "data_base64: `data_base64` is no JSON, as `datacontenttype` says: "}}) {
      CHECK_MESSAGE(textOf(each.first).find(each.second) == 0, each.first, textOf(each.first));
    }
    CHECK(textOf(R"({"event": "T", "dta": 1, "x": 2})")
              .find("no `dta` (did you mean `data`?), `x`") != std::string::npos);
  }

  TEST_CASE("YAML is read as the same values, and refused where readers of it disagree") {
    const Result<Value> yaml = wire::parseYaml("a:\n  - {b: 1, c: \"x\"}\n  - null\nd: 1.5\n");
    REQUIRE(yaml.ok());
    CHECK(wire::toJson(*yaml) == R"({"a":[{"b":1,"c":"x"},null],"d":1.5})");
    const Result<Value> bad = wire::parseYaml("a: 1\nb: yes\n");
    REQUIRE(!bad.ok());
    CHECK(bad.error().where == "line 2");
  }
}

}  // namespace wire_events_test
