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

// A line either returns or fails, perhaps so many times.
Result<ScriptLine> scriptLine(const Value& json, const std::string& function) {
  const std::string where = "host." + function;
  if (json.kind() != ValueKind::Map) {
    return bad("a line of a script is {\"returns\": …} or {\"fails\": \"reason\"}", where);
  }
  ScriptLine line;
  const Value* fails = json.find("fails");
  const Value* returns = json.find("returns");
  const Value* times = json.find("times");
  if (!fails == !returns) return bad("a line of a script has either `returns` or `fails`", where);
  line.fails = fails != nullptr;
  line.reason = textOf(fails);
  if (returns) line.value = *returns;
  if (times) {
    if (times->kind() != ValueKind::Int || times->asInt() < 0) {
      return bad("`times` is a whole number", where);
    }
    line.times = times->asInt();
  }
  return line;
}

// As it comes out of a host that holds numbers as JavaScript does: 1.0 is 1.
Result<Value> parseAsHost(const std::string& text) {
  Result<Value> json = wire::parse(text);
  if (!json) return json;
  return wire::parse(wire::toJson(*json));
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
    add(host_.settle({}, firings));
  }

  Engine& engine_;
  ScriptHost& host_;
  const Schema& schema_;
  const Example& example_;
  const std::string& folder_;
  ExampleRun run_;
};

}  // namespace

// Strict about what it knows, and blind to members for other hosts.
Result<Example> readExample(const std::string& text) {
  const Result<Value> json = parseAsHost(text);
  if (!json) return json.error();
  if (json->kind() != ValueKind::Map) return bad("an example is an object", "");
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
    if (host->kind() != ValueKind::Map) {
      return bad("`host` is an object with a list of answers for each function", "host");
    }
    for (const auto& [key, lines] : host->asMap()) {
      const std::string name{key.asString()};
      if (lines.kind() != ValueKind::List) {
        return bad("a script is a list of answers", "host." + name);
      }
      for (const Value& each : lines.asList()) {
        Result<ScriptLine> line = scriptLine(each, name);
        if (!line) return line.error();
        example.host[name].push_back(std::move(*line));
      }
    }
  }
  return example;
}

ExampleRun runExample(Engine& engine, ScriptHost& host, const Schema& schema,
                      const Example& example, const std::string& folder, bool firstScreen) {
  return Runner(engine, host, schema, example, folder).run(firstScreen);
}

}  // namespace reticle::cli
