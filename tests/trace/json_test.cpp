// The JSON of trace records: the shapes of wasm/src/types.ts.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "trace/tracer.h"

namespace trace_json_test {

using namespace reticle;

namespace {

struct Texts final : TraceObserver {
  std::vector<std::string> texts;
  void record(const TraceRecord& record) override { texts.push_back(toJson(record)); }
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
        {{.kind = TraceKind::Input, .time = 1'500, .name = "insert", .text = "Thing{}"},
         R"("kind":"input","input":"insert","text":"Thing{}","time":1.5)"},
        {{.kind = TraceKind::Recover, .count = 7}, R"("kind":"recover","entries":7)"},
        {{.kind = TraceKind::Assert,
          .fact = FactId{3},
          .name = "Thing",
          .subject = "thing|1",
          .values = {{"n", one, {}}, {"t", text, {}}}},
         R"("kind":"assert","fact":3,"type":"Thing","fields":{"n":1,"t":"a \"b\""},"logical":false,"subject":"thing|1")"},
        {{.kind = TraceKind::Update, .fact = FactId{3}, .values = {{"n", one, {}}}},
         R"("kind":"update","fact":3,"changes":{"n":[null,1]})"},
        {{.kind = TraceKind::Retract, .fact = FactId{3}, .name = "Thing"},
         R"("kind":"retract","fact":3,"type":"Thing")"},
        {{.kind = TraceKind::Property,
          .fact = FactId{3},
          .name = "n",
          .text = "e1",
          .subject = "s",
          .values = {{"n", one, {}}}},
         R"("kind":"property","fact":3,"subject":"s","property":"n","old":null,"new":1,"event":"e1")"},
        {{.kind = TraceKind::Event, .phase = "begin", .name = "x.y", .text = "e2"},
         R"("kind":"event","phase":"begin","event":"e2","type":"x.y","data":{})"},
        {{.kind = TraceKind::Memory,
          .node = NodeId{4},
          .flag = true,
          .count = 2,
          .facts = {FactId{1}, FactId{2}}},
         R"("kind":"memory","node":4,"added":true,"facts":[1,2],"count":2)"},
        {{.kind = TraceKind::Activation,
          .rule = RuleId{0},
          .activation = ActivationId{5},
          .salience = -3,
          .recency = 9,
          .facts = {FactId{1}}},
         R"("kind":"activation","rule":0,"activation":5,"facts":[1],"salience":-3,"recency":9)"},
        {{.kind = TraceKind::Deactivation, .rule = RuleId{1}, .activation = ActivationId{5}},
         R"("kind":"deactivation","rule":1,"activation":5)"},
        {{.kind = TraceKind::Fire, .rule = RuleId{1}, .activation = ActivationId{5}},
         R"("kind":"fire","rule":1,"activation":5,"facts":[])"},
        {{.kind = TraceKind::Failure, .name = "RL9001", .text = "no"},
         R"("kind":"failure","code":"RL9001","message":"no")"},
        {{.kind = TraceKind::Log, .name = "info", .text = "hi"},
         R"("kind":"log","level":"info","text":"hi")"},
        {{.kind = TraceKind::Halt}, R"("kind":"halt")"},
        {{.kind = TraceKind::Clock, .time = -1'001}, R"("kind":"clock","time":-1.001)"},
        {{.kind = TraceKind::Timer,
          .run = RunId{2},
          .count = 8,
          .time = 5'000'000,
          .phase = "set",
          .text = "sleep"},
         R"("kind":"timer","run":2,"phase":"set","timer":8,"due":5000,"text":"sleep")"},
        {{.kind = TraceKind::Run,
          .run = RunId{2},
          .phase = "completed",
          .name = "F",
          .text = "k",
          .values = {{"result", one, {}}}},
         R"("kind":"run","run":2,"flow":"F","key":"k","status":"completed","result":1)"},
        {{.kind = TraceKind::Step,
          .run = RunId{2},
          .flag = true,
          .count = 1,
          .time = 1'000,
          .phase = "retrying",
          .name = "call",
          .text = "key",
          .subject = "f.g",
          .step = "s",
          .values = {{"error", Value::string("503"), {}}}},
         R"("kind":"step","run":2,"step":"s","stepKind":"call","status":"retrying","attempt":1,"key":"key","function":"f.g","error":"503","due":1)"},
        {{.kind = TraceKind::Output, .text = R"({"kind":"call"})"},
         R"("kind":"output","output":{"kind":"call"})"},
        {{.kind = TraceKind::Settled, .count = 3, .name = "quiescent"},
         R"("kind":"settled","firings":3,"reason":"quiescent")"},
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
    const std::uint32_t input = tracer.beginInput({.kind = TraceKind::Halt});
    CHECK(input == 1);
    {
      CauseScope scope(tracer, tracer.record({.kind = TraceKind::Halt}));
      tracer.record({.kind = TraceKind::Halt});
    }
    tracer.record({.kind = TraceKind::Halt});
    CHECK(texts.texts ==
          std::vector<std::string>{R"({"seq":1,"cause":0,"origin":1,"kind":"halt"})",
                                   R"({"seq":2,"cause":1,"origin":1,"kind":"halt"})",
                                   R"({"seq":3,"cause":2,"origin":1,"kind":"halt"})",
                                   R"({"seq":4,"cause":1,"origin":1,"kind":"halt"})"});
    CHECK(other.digest() != tracer.digest());
    CHECK(silent.record({.kind = TraceKind::Halt}) == 0);
    CHECK_FALSE(silent.on());
  }
}

}  // namespace trace_json_test
