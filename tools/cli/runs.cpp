// reticle runs: the runs of flows in a session that is kept in a journal: what they wait for, and
// what is done about one of them.
//
// What is done is an input like any other and stands in the journal; nothing fires and nobody is
// called here. `reticle run … --journal` or `reticle serve` goes on from there.
#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "command.h"
#include "files.h"
#include "host.h"
#include "open_engine.h"
#include "reticle/schema.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

struct Wanted {
  std::string verb, journal, flow, key;
  std::vector<std::string> rules;
  Input input;  // of the verbs that change something
  bool changes() const { return verb == "cancel" || verb == "resume" || verb == "signal"; }
};

Error wrong(const std::string& message) { return {ErrorCode::BadInput, message, "", ""}; }

// VERB JOURNAL, and for all but `list` FLOW KEY.
Result<Wanted> readWanted(const Arguments& arguments) {
  Wanted wanted;
  for (const Arguments::Given& option : arguments.options) {
    if (option.name == "--rules") wanted.rules.push_back(option.value);
  }
  const std::vector<std::string>& words = arguments.files;
  const std::vector<std::string> verbs = {"list", "show", "cancel", "resume", "signal"};
  if (words.empty()) return wrong("it needs a word: list, show, cancel, resume or signal");
  if (std::find(verbs.begin(), verbs.end(), words[0]) == verbs.end()) {
    return wrong("it cannot `" + words[0] + "`" + suggestion(words[0], verbs));
  }
  wanted.verb = words[0];
  if (words.size() < 2) return wrong("it needs a journal");
  wanted.journal = words[1];
  if (wanted.rules.empty()) return wrong("it needs --rules FILE, the rules of the journal");
  if (wanted.verb == "list") {
    if (words.size() > 2) return wrong("`list` takes a journal alone");
    return wanted;
  }
  if (words.size() != 4) return wrong("`" + wanted.verb + "` needs a flow and the key of a run");
  wanted.flow = words[2];
  wanted.key = words[3];
  if (wanted.verb == "cancel") wanted.input = cancelRun(wanted.flow, wanted.key);
  if (wanted.verb == "resume") wanted.input = resumeRun(wanted.flow, wanted.key);
  if (wanted.verb != "signal") return wanted;
  const std::optional<std::string> type = arguments.last("--event");
  if (!type) return wrong("`signal` needs --event TYPE");
  const Result<Value> data = wire::parse(arguments.last("--data").value_or("{}"));
  if (!data) return data.error();
  Result<Input> input =
      wire::inputFrom(Value::map({{Value::string("kind"), Value::string("signal")},
                                  {Value::string("flow"), Value::string(wanted.flow)},
                                  {Value::string("key"), Value::string(wanted.key)},
                                  {Value::string("type"), Value::string(*type)},
                                  {Value::string("data"), *data}}),
                      0);
  if (!input) return input.error();
  wanted.input = std::move(*input);
  return wanted;
}

// Pay "o1" failed: broken
void print(const RunView& run) {
  std::cout << run.flow << " \"" << run.key << "\" " << run.status;
  if (!run.error.empty()) std::cout << ": " << run.error;
  if (run.result && !run.result->isNull()) std::cout << ": " << toText(*run.result);
  std::cout << "\n";
  if (!run.waitsFor.empty()) std::cout << "  " << run.waitsFor << "\n";
}

void printSteps(const RunView& run) {
  for (const StepView& step : run.steps) {
    std::cout << "  " << step.name << " " << step.status;
    if (!step.function.empty()) std::cout << " (" << step.function << ")";
    if (step.attempt > 1) std::cout << ", attempt " << step.attempt;
    if (step.result && !step.result->isNull()) std::cout << ": " << toText(*step.result);
    if (!step.error.empty()) std::cout << ": " << step.error;
    std::cout << "\n";
  }
}

// Those that are asked for: all, of a status, or one by its flow and key, the latest.
std::vector<RunView> chosen(const Engine& engine, const Wanted& wanted,
                            const std::optional<std::string>& status) {
  std::vector<RunView> runs = engine.runs();
  if (wanted.verb == "list") {
    std::erase_if(runs, [&](const RunView& run) { return status && run.status != *status; });
    return runs;
  }
  const auto latest = std::find_if(runs.rbegin(), runs.rend(), [&](const RunView& run) {
    return run.flow == wanted.flow && run.key == wanted.key;
  });
  if (latest == runs.rend()) return {};
  return {*latest};
}

int runs(const Arguments& arguments) {
  const Result<Wanted> wanted = readWanted(arguments);
  if (!wanted) return misused("runs", wanted.error().message);
  if (!readFile(wanted->journal)) return kFailed;  // opening would make a new one
  std::optional<std::vector<Source>> sources = readSources(wanted->rules);
  if (!sources) return kFailed;
  const std::optional<Compiled> compiled = compileOrComplain(*std::move(sources));
  if (!compiled) return kFailed;

  const Schema schema = schemaOf(*compiled->program);
  Scripts scripts;
  if (const std::optional<std::string> path = arguments.last("--answers")) {
    std::optional<Scripts> answers = readAnswers(*path, schema);
    if (!answers) return kFailed;
    scripts = *std::move(answers);
  }
  Missing missing;
  EngineOptions options;
  options.zones = systemZones();
  addPureFunctions(options, schema, scripts, Unscripted::StayOpen, missing);
  // Looking does not open the journal for writing: it may be served meanwhile.
  Result<Engine> engine = wanted->changes()
                              ? openEngine(compiled->program, wanted->journal, std::move(options))
                              : openCopy(compiled->program, wanted->journal, std::move(options));
  if (!engine) {
    complain(engine.error());
    return kFailed;
  }
  if (wanted->changes()) {
    const Result<Accepted> done = engine->submit(wanted->input);
    if (!done) {
      complain(done.error());
      return kFailed;
    }
  }
  const std::vector<RunView> found = chosen(*engine, *wanted, arguments.last("--status"));
  if (wanted->verb != "list" && found.empty()) {
    complain({ErrorCode::UnknownRun,
              "there is no run of " + wanted->flow + " with the key \"" + wanted->key + "\"", "key",
              "`reticle runs list` shows all"});
    return kFailed;
  }
  if (arguments.has("--json")) {
    std::cout << wire::toJson(found) << "\n";
  } else {
    for (const RunView& run : found) {
      print(run);
      if (wanted->verb != "list") printSteps(run);
    }
  }
  if (engine->storeError()) complain(*engine->storeError());
  return engine->storeError() ? kFailed : kDone;
}

}  // namespace

Command runsCommand() {
  return {"runs",
          "list|show|cancel|resume|signal JOURNAL [FLOW KEY] --rules FILE…",
          "Shows the runs of flows in a journal, or does something about one of them.",
          "list    all runs, each with what it waits for\n"
          "show    the latest run of a flow and key, with its steps\n"
          "cancel  ends it: its `on cancel` goes on, or what it did is undone\n"
          "resume  lets a failed one go on with what failed; what has a result is not repeated\n"
          "signal  tells it of an event\n"
          "\n"
          "What is done stands in the journal. Nothing fires here, and nobody is called: `reticle "
          "run FILE… --journal JOURNAL` or\n"
          "`reticle serve` goes on from there.\n",
          {{"--rules", "FILE", "the rules of the journal; may be repeated"},
           {"--status", "STATUS", "list: only the running, completed, failed or cancelled"},
           {"--event", "TYPE", "signal: the type of the event"},
           {"--data", "JSON", "signal: its fields"},
           {"--answers", "FILE", "what `host pure` functions return, when conditions ask them"},
           {"--json", "", "the runs as JSON"}},
          runs};
}

}  // namespace reticle::cli
