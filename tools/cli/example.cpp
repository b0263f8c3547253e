// Examples, read and carried out.
//
// The same steps in the same order as wasm/src/example.ts, down to the inputs that are refused:
// both come to the same digests, which the tests compare.
#include "example.h"

#include <algorithm>
#include <iostream>

#include "facts.h"
#include "files.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

// What is wrong with an example, and at which member.
Error bad(std::string message, std::string where) {
  return {ErrorCode::BadInput, std::move(message), std::move(where), ""};
}

// Empty for what is no text.
std::string textOf(const Value* value) {
  return value && value->kind() == ValueKind::String ? std::string(value->asString()) : "";
}

// The members of an example and of its steps that nothing reads, all of them with their places: a
// misspelt one would change what the example shows without a word. Inputs (with a `kind`) are read
// as strictly when they are handed in.
std::string unknownOf(const Value& json) {
  std::string unknown = unknownMembers(
      json, {"$schema", "title", "paragraph", "rules", "start", "inputs", "host", "leave"});
  const Value* inputs = json.find("inputs");
  if (!inputs || inputs->kind() != ValueKind::List) return unknown;
  for (std::size_t i = 0; i < inputs->asList().size(); ++i) {
    const Value& step = inputs->asList()[i];
    if (step.kind() != ValueKind::Map || step.find("kind")) continue;
    std::vector<std::string> known{"settle", "max", "advance", "csv", "type"};
    if (step.find("settle")) known = {"settle", "max"};
    if (step.find("advance")) known = {"advance"};
    if (step.find("csv")) known = {"csv", "type"};
    const std::string wrong = unknownMembers(step, known);
    if (wrong.empty()) continue;
    unknown += (unknown.empty() ? "" : ", ") + wrong + " in input " + std::to_string(i);
  }
  return unknown;
}

// Carries out the steps of one example, in order. A step that cannot be carried out is refused
// and the others go on.
class Runner {
 public:
  Runner(Engine& engine, ScriptHost& host, const Schema& schema, const Example& example,
         const std::string& folder)
      : engine_(engine), host_(host), schema_(schema), example_(example), folder_(folder) {}

  // The last settle is known first: on the first screen it stops short.
  ExampleRun run(bool firstScreen) {
    const auto isSettle = [](const Value& step) {
      return step.kind() == ValueKind::Map && step.find("settle");
    };
    const auto last = std::find_if(example_.inputs.rbegin(), example_.inputs.rend(), isSettle);
    for (std::size_t i = 0; i < example_.inputs.size(); ++i) {
      const Value& step = example_.inputs[i];
      if (step.kind() != ValueKind::Map) {
        refuse(i, "this is no step of an example");
      } else if (step.find("kind")) {
        submit(i, step);
      } else if (step.find("advance")) {
        advance(i, step);
      } else if (step.find("csv")) {
        insertRows(textOf(step.find("csv")), textOf(step.find("type")));
      } else if (step.find("settle")) {
        const bool isLast = last != example_.inputs.rend() && &step == &*last;
        settle(step, firstScreen && isLast ? example_.leave : 0);
      } else {
        refuse(i,
               "this is no step of an example; there are settle, advance, csv and the kinds of "
               "inputs");
      }
    }
    return run_;
  }

 private:
  void refuse(std::size_t step, const std::string& message) {
    std::cerr << "input " << step << ": " << message << "\n";
    ++run_.refused;
  }
  void add(SettleReport report) {
    run_.firings += report.firings;
    run_.reason = report.reason;
    if (!report.cycle.empty()) run_.cycle = std::move(report.cycle);
  }

  void submit(std::size_t i, const Value& step) {
    const Result<Input> input = wire::inputFrom(step, engine_.now());
    if (!input) return refuse(i, input.error().message);
    const Result<Accepted> answer = engine_.submit(*input);
    if (!answer) refuse(i, answer.error().message + " (" + name(answer.error().code) + ")");
  }

  void advance(std::size_t i, const Value& step) {
    const std::optional<Span64> by = spanFromText(textOf(step.find("advance")));
    if (!by || *by < 0) {
      return refuse(i, "`advance` is a duration such as \"10m\"");
    }
    add(host_.advance(*by));
  }

  // CSV beside the example; its rows count as inputs of their own.
  void insertRows(const std::string& file, const std::string& type) {
    const std::optional<std::string> text = readFile(folder_ + file);
    if (!text) {
      ++run_.refused;
      return;
    }
    run_.refused += submitTable(engine_, schema_, {file, type, {}}, *text).refused;
  }

  // `leave`: so many activations stay ready, for the first screen.
  void settle(const Value& step, std::int64_t leave) {
    const Value* given = step.find("settle");
    const Value* most = given->kind() == ValueKind::Int ? given : step.find("max");
    std::optional<std::uint64_t> firings;
    if (leave > 0) {
      firings = static_cast<std::uint64_t>(
          std::max<std::int64_t>(0, static_cast<std::int64_t>(engine_.agenda().size()) - leave));
    } else if (most && most->kind() == ValueKind::Int && most->asInt() >= 0) {
      firings = static_cast<std::uint64_t>(most->asInt());
    }
    SettleReport report = host_.settle({}, firings);
    // What fired last when a budget ends is no circle.
    if (firings) report.cycle.clear();
    add(std::move(report));
  }

  Engine& engine_;
  ScriptHost& host_;
  const Schema& schema_;
  const Example& example_;
  const std::string& folder_;
  ExampleRun run_;
};

}  // namespace

Result<Example> readExample(const std::string& text) {
  const Result<Value> json = dataFrom("example.json", text);
  if (!json) return json.error();
  if (json->kind() != ValueKind::Map) return bad("an example is an object", "");
  if (const std::string unknown = unknownOf(*json); !unknown.empty()) {
    return bad("an example has no " + unknown + "; `reticle schema example` says what it has", "");
  }
  Example example;
  example.title = textOf(json->find("title"));
  const Value* rules = json->find("rules");
  if (rules && rules->kind() == ValueKind::String) example.rules.emplace_back(rules->asString());
  if (rules && rules->kind() == ValueKind::List) {
    for (const Value& file : rules->asList()) example.rules.push_back(textOf(&file));
  }
  if (example.rules.empty()) return bad("`rules` names a file of rules, or several", "rules");
  const Value* inputs = json->find("inputs");
  if (!inputs || inputs->kind() != ValueKind::List) return bad("`inputs` is a list", "inputs");
  example.inputs = inputs->asList();
  if (const Value* start = json->find("start")) {
    const std::optional<Time> time = timeFromText(textOf(start));
    if (!time) {
      return bad("`start` is an RFC 3339 time such as \"2024-04-11T12:00:00Z\"", "start");
    }
    example.start = *time;
  }
  if (const Value* leave = json->find("leave"); leave && leave->kind() == ValueKind::Int) {
    example.leave = leave->asInt();
  }
  if (const Value* host = json->find("host")) {
    Result<Scripts> scripts = readScripts(*host, "host");
    if (!scripts) return scripts.error();
    example.host = *std::move(scripts);
  }
  return example;
}

std::vector<std::string> dataFilesOf(const Example& example) {
  std::vector<std::string> files;
  for (const Value& step : example.inputs) {
    const std::string file = step.kind() == ValueKind::Map ? textOf(step.find("csv")) : "";
    if (!file.empty() && std::find(files.begin(), files.end(), file) == files.end()) {
      files.push_back(file);
    }
  }
  return files;
}

ExampleRun runExample(Engine& engine, ScriptHost& host, const Schema& schema,
                      const Example& example, const std::string& folder, bool firstScreen) {
  return Runner(engine, host, schema, example, folder).run(firstScreen);
}

}  // namespace reticle::cli
