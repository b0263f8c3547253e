// The JSON of trace records: the shapes of wasm/src/types.ts.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "trace/json.h"
#include "trace/tracer.h"

namespace trace_json_test {

using namespace reticle;

namespace {

struct Texts final : TraceObserver {
  std::vector<std::string> texts;
  void record(const TraceRecord& record, std::string_view json) override {
    CHECK(json == toJson(record));
    texts.emplace_back(json);
  }
};

}  // namespace

TEST_SUITE("trace") {
  TEST_CASE("each kind of record is written in its shape") {
    struct Row {
      TraceRecord record;
      std::string json;
    };
    const Value one = Value::integer(1), text = Value::string("a \"b\"");
    const Row rows[] = {
        {{.body = trace::Input{"insert", "Thing{}", 1'500}},
         R"("kind":"input","input":"insert","text":"Thing{}","time":1.5)"},
        {{.body = trace::Recover{7}}, R"("kind":"recover","entries":7)"},
        {{.body = trace::Assert{"Thing", {{"n", one}, {"t", text}}, false, "thing|1"},
          .fact = FactId{3}},
         R"("kind":"assert","fact":3,"type":"Thing","fields":{"n":1,"t":"a \"b\""},"logical":false,"subject":"thing|1")"},
        {{.body = trace::Update{{{"n", {}, one}}}, .fact = FactId{3}},
         R"("kind":"update","fact":3,"changes":{"n":[null,1]})"},
        {{.body = trace::Retract{"Thing"}, .fact = FactId{3}},
         R"("kind":"retract","fact":3,"type":"Thing")"},
        {{.body = trace::Property{"s", "n", {}, one, "e1"}, .fact = FactId{3}},
         R"("kind":"property","fact":3,"subject":"s","property":"n","old":null,"new":1,"event":"e1")"},
        {{.body = trace::Event{.phase = "begin", .event = "e2", .type = "x.y"}},
         R"("kind":"event","phase":"begin","event":"e2","type":"x.y","data":{})"},
        {{.body = trace::Memory{true, {FactId{1}, FactId{2}}, 2}, .node = NodeId{4}},
         R"("kind":"memory","node":4,"added":true,"facts":[1,2],"count":2)"},
        {{.body = trace::Activation{ActivationId{5}, {FactId{1}}, -3, 9}, .rule = RuleId{0}},
         R"("kind":"activation","rule":0,"activation":5,"facts":[1],"salience":-3,"recency":9)"},
        {{.body = trace::Deactivation{ActivationId{5}}, .rule = RuleId{1}},
         R"("kind":"deactivation","rule":1,"activation":5)"},
        {{.body = trace::Fire{ActivationId{5}, {}}, .rule = RuleId{1}},
         R"("kind":"fire","rule":1,"activation":5,"facts":[])"},
        {{.body = trace::Failure{"RL9001", "no"}},
         R"("kind":"failure","code":"RL9001","message":"no")"},
        {{.body = trace::Log{"info", "hi"}}, R"("kind":"log","level":"info","text":"hi")"},
        {{.body = trace::Halt{}}, R"("kind":"halt")"},
        {{.body = trace::Clock{-1'001}}, R"("kind":"clock","time":-1.001)"},
        {{.body = trace::Timer{"set", 8, 5'000'000, "sleep"}, .run = RunId{2}},
         R"("kind":"timer","run":2,"phase":"set","timer":8,"due":5000,"text":"sleep")"},
        {{.body = trace::Run{"F", "k", "completed", one, {}}, .run = RunId{2}},
         R"("kind":"run","run":2,"flow":"F","key":"k","status":"completed","result":1)"},
        {{.body = trace::Step{"call", "retrying", 1, "key", "f.g", {}, "503", 1'000},
          .run = RunId{2},
          .step = "s"},
         R"("kind":"step","run":2,"step":"s","stepKind":"call","status":"retrying","attempt":1,"key":"key","function":"f.g","error":"503","due":1)"},
        {{.body = trace::Output{Call{"r1/s", 1, "k", "f.g", {{"n", one}}, RunId{1}, "s"}}},
         R"("kind":"output","output":{"kind":"call","call":"r1/s","attempt":1,"key":"k","function":"f.g","args":{"n":1},"run":1,"step":"s"})"},
        {{.body = trace::Settled{3, SettleReport::Reason::Quiescent}},
         R"("kind":"settled","firings":3,"reason":"quiescent")"},
        {{.body = trace::Focus{"night", 1}}, R"("kind":"focus","group":"night","below":1)"},
        {{.body = trace::Replace{"other rules"}}, R"("kind":"replace","text":"other rules")"},
        {{.body = trace::Effective{true}, .rule = RuleId{4}},
         R"("kind":"effective","rule":4,"on":true)"},
    };
    for (const Row& row : rows) {
      const std::string json = toJson(row.record);
      CHECK(json.substr(0, 30) == R"({"seq":0,"cause":0,"origin":0,)");
      // The ids stand in front of a kind's own members, `kind` before them.
      std::string wanted = row.json;
      CHECK(json.substr(30) == wanted + "}");
    }
  }

  TEST_CASE("records are numbered, know their cause, and are counted in the digest") {
    Texts texts, others;
    Tracer tracer(&texts), other(&others), silent(nullptr);
    const std::uint32_t input = tracer.beginInput({.body = trace::Halt{}});
    CHECK(input == 1);
    {
      CauseScope scope(tracer, tracer.record({.body = trace::Halt{}}));
      tracer.record({.body = trace::Halt{}});
    }
    tracer.record({.body = trace::Halt{}});
    CHECK(texts.texts ==
          std::vector<std::string>{R"({"seq":1,"cause":0,"origin":1,"kind":"halt"})",
                                   R"({"seq":2,"cause":1,"origin":1,"kind":"halt"})",
                                   R"({"seq":3,"cause":2,"origin":1,"kind":"halt"})",
                                   R"({"seq":4,"cause":1,"origin":1,"kind":"halt"})"});
    CHECK(other.digest() != tracer.digest());
    CHECK(silent.record({.body = trace::Halt{}}) == 0);
    CHECK_FALSE(silent.on());
  }

  TEST_CASE("who does not want all of it gets records without a text, and there is no digest") {
    struct Few final : TraceObserver {
      std::size_t records = 0;
      void record(const TraceRecord&, std::string_view json) override {
        CHECK(json.empty());
        ++records;
      }
      bool wantsAll() const override { return false; }
    } few;
    Tracer tracer(&few), nobody(nullptr);
    CHECK(tracer.on());
    CHECK_FALSE(tracer.isWhole());
    CHECK(tracer.beginInput({.body = trace::Halt{}}) == 1);
    CHECK(tracer.record({.body = trace::Halt{}}) == 2);
    CHECK(few.records == 2);
    CHECK(tracer.digest() == nobody.digest());
  }
}

}  // namespace trace_json_test
