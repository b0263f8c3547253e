// reticle run: rules on facts and events from files, or an example with its scripted world.
//
// What the rules log and emit goes to the output as they fire, what goes wrong to the error stream;
// the summary comes last, so that a run can be read from its end. With --trace, --digest or --json
// the output holds nothing else. The exit status is 1 when anything was refused, failed with nobody
// to handle it, or did not come to rest.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "command.h"
#include "course.h"
#include "events.h"
#include "example.h"
#include "facts.h"
#include "facts_out.h"
#include "files.h"
#include "host.h"
#include "open_engine.h"
#include "reticle/schema.h"
#include "run_options.h"
#include "run_printer.h"
#include "run_result.h"
#include "watch.h"
#include "why.h"

namespace reticle::cli {
namespace {

// How it ended, what is in working memory, and what waits outside.
void printSummary(const Engine& engine, const RunEnd& end, const std::vector<Call>& openCalls) {
  std::cout << end.firings << (end.firings == 1 ? " firing, " : " firings, ") << name(end.reason)
            << "\n";
  if (!end.cycle.empty()) {
    std::cout << "repeating:";
    for (std::size_t i = 0; i < end.cycle.size(); ++i) {
      std::cout << (i == 0 ? " " : " → ") << end.cycle[i];
    }
    if (!end.feeds.empty()) std::cout << ", fed by";
    for (std::size_t i = 0; i < end.feeds.size(); ++i) {
      std::cout << (i == 0 ? " " : ", ") << end.feeds[i];
    }
    std::cout << "\n";
  }
  std::map<TypeId, std::pair<std::string, std::size_t>> counts;
  for (const FactView& fact : engine.facts()) {
    auto& [name, count] = counts[fact.type];
    name = fact.typeName;
    ++count;
  }
  std::cout << "facts:";
  std::string separator = " ";
  for (const auto& [type, count] : counts) {
    std::cout << separator << count.second << " " << count.first;
    separator = ", ";
  }
  std::cout << (counts.empty() ? " none\n" : "\n");
  const std::vector<RunView> runs = engine.runs();
  if (!runs.empty()) std::cout << "runs:\n";
  for (const RunView& run : runs) {
    std::cout << "  " << run.flow << " " << run.key << " " << run.status
              << (run.error.empty() ? "" : ": " + run.error) << "\n";
  }
  if (!openCalls.empty()) std::cout << "open calls:\n";
  for (const Call& call : openCalls) {
    std::cout << "  " << call.id << " " << call.function << argumentsText(call.arguments)
              << " attempt " << call.attempt << ", key " << call.key << "\n";
  }
}

// Conditions that had no value: no failure, since what is unknown does not match, but seldom meant.
void printUnknowns(const Engine& engine) {
  for (const Counters::Rule& rule : engine.counters().rules) {
    for (const Counters::Rule::Unknown& unknown : rule.unknown) {
      std::cerr << "rule \"" << rule.name << "\": `" << unknown.test
                << "` is unknown: " << unknown.cause << " (" << unknown.code << "), "
                << unknown.times << (unknown.times == 1 ? " time" : " times") << "\n";
    }
  }
}

// What one run is asked to do, beside its rules and data.
struct Manner {
  const Arguments& arguments;
  Show show = Show::Words;
  // Again and again, for what is different: then the results stay here, and the summary is only
  // that of the first run.
  bool isWatched = false;
  bool isAgain = false;
  std::optional<Snapshot> snapshot = {};  // of this run, when it came so far
  std::vector<std::string> files = {};    // that it read
};

// Rules that are ready to run, and what listens to them. Stays where it is: parts of it are
// borrowed by others.
struct Stage {
  Compiled compiled;
  Schema schema;
  RunPrinter printer;
  Missing missing;

  Stage(Compiled rules, Show show, bool keeps)
      : compiled(std::move(rules)),
        schema(schemaOf(*compiled.program)),
        printer(schema, compiled.sources, show, keeps) {}

  EngineOptions options(const Scripts& scripts, Unscripted unscripted, Time start, bool timed) {
    EngineOptions options;
    options.start = start;
    options.trace = &printer;
    options.zones = systemZones();
    if (timed) options.stopwatch = stopwatch;
    addPureFunctions(options, schema, scripts, unscripted, missing);
    return options;
  }
};

std::unique_ptr<Stage> stageFor(std::vector<Source> sources, const Manner& manner) {
  std::optional<Compiled> compiled = compileOrComplain(std::move(sources));
  if (!compiled) return nullptr;
  const bool keeps = manner.isWatched || manner.arguments.has("--json");
  return std::make_unique<Stage>(*std::move(compiled), manner.show, keeps);
}

// The summary, the digests or the JSON, then what was asked with --why-not and its like. 1 when
// anything was refused or failed.
int finish(const Engine& engine, Stage& stage, const ScriptHost& host, const RunEnd& end,
           Manner& manner) {
  const Arguments& arguments = manner.arguments;
  // Calls that stay open although answers were given: their functions were forgotten there.
  if (arguments.has("--answers")) {
    for (const Call& call : host.openCalls()) ++stage.missing[call.function];
  }
  if (arguments.has("--json")) {
    std::cout << toJson(engine, stage.schema, end, stage.printer.happened(), host.openCalls(),
                        stage.missing);
  } else if (arguments.has("--digest")) {
    std::cout << "digest " << engine.digest() << "\ntrace " << engine.traceDigest() << "\n";
  } else if (!manner.isAgain) {
    printSummary(engine, end, host.openCalls());
  }
  if (manner.isWatched) {
    manner.snapshot = snapshotOf(engine, stage.schema, stage.printer.happened());
  }
  if (end.refused != 0) std::cerr << end.refused << " refused\n";
  stage.printer.printTotals();
  printUnknowns(engine);
  printMissing(stage.missing);
  if (engine.storeError()) complain(*engine.storeError());
  if (!host.failure().empty()) std::cerr << "reticle: " << host.failure() << "\n";
  const bool isAnswered = sayWhy(engine, stage.schema, arguments);
  const bool isSound = isAnswered && end.refused == 0 && stage.printer.failures() == 0 &&
                       stage.missing.empty() && !engine.storeError() && host.failure().empty();
  return isSound ? kDone : kFailed;
}

// Rules, inputs, clock and host all come from the example; files are beside it.
int runExampleFile(const std::string& path, Manner& manner) {
  manner.files = {path};
  const std::optional<std::string> text = readFile(path);
  if (!text) return kFailed;
  const Result<Example> example = readExample(*text);
  if (!example) {
    std::cerr << path << ": " << example.error().message << "\n";
    return kFailed;
  }
  const std::string folder = folderOf(path);
  for (const std::string& file : example->rules) manner.files.push_back(folder + file);
  for (const std::string& file : dataFilesOf(*example)) manner.files.push_back(folder + file);
  std::vector<Source> sources;
  for (const std::string& file : example->rules) {
    std::optional<std::string> rules = readFile(folder + file);
    if (!rules) return kFailed;
    sources.push_back({file, *std::move(rules)});
  }
  addTableFiles(sources, folder);
  const std::unique_ptr<Stage> stage = stageFor(std::move(sources), manner);
  if (!stage) return kFailed;
  const Arguments& arguments = manner.arguments;
  Result<Engine> engine = openEngine(stage->compiled.program, arguments.last("--journal"),
                                     stage->options(example->host, Unscripted::ReturnNull,
                                                    example->start, arguments.has("--counters")));
  if (!engine) {
    complain(engine.error());
    return kFailed;
  }
  ScriptHost host(*engine, example->host, Unscripted::ReturnNull);
  const ExampleRun run =
      runExample(*engine, host, stage->schema, *example, folder, !arguments.has("--digest"));
  return finish(*engine, *stage, host, {run.firings, run.reason, run.cycle, {}, run.refused},
                manner);
}

// What comes after the facts, in the order written. False when a file cannot be read.
bool carryOut(const std::vector<Happening>& happenings, Engine& engine, Course& course,
              const Schema& schema, std::size_t& refused) {
  for (const Happening& each : happenings) {
    if (each.advance) {
      if (course.goesOn()) course.advance(*each.advance);
      continue;
    }
    const EventsFile& file = each.events;
    const std::optional<std::string> text = readFile(file.path);
    if (!text) return false;
    refused += submitEvents(engine, course, schema, file, *text).refused;
  }
  return true;
}

// Facts are handed in file by file; then one settling; then events and the way of the clock.
int runRules(Manner& manner) {
  const Arguments& arguments = manner.arguments;
  const Result<RunOptions> wanted = readRunOptions(arguments);
  if (!wanted) return misused("run", wanted.error().message);
  manner.files = filesOf(*wanted, arguments);
  std::optional<std::vector<Source>> sources = readSources(arguments.files);
  if (!sources) return kFailed;
  const std::unique_ptr<Stage> stage = stageFor(*std::move(sources), manner);
  if (!stage) return kFailed;
  Scripts scripts;
  if (wanted->answers) {
    std::optional<Scripts> answers = readAnswers(*wanted->answers, stage->schema);
    if (!answers) return kFailed;
    scripts = *std::move(answers);
  }
  EngineOptions options =
      stage->options(scripts, Unscripted::StayOpen, wanted->start, arguments.has("--counters"));
  options.strategy = wanted->strategy;
  options.seed = wanted->seed;
  Result<Engine> engine =
      openEngine(stage->compiled.program, arguments.last("--journal"), std::move(options));
  if (!engine) {
    complain(engine.error());
    return kFailed;
  }
  if (engine->recovery()) printRecovery(*engine->recovery());
  std::size_t refused = 0;
  for (const FactsFile& file : wanted->facts) {
    const std::optional<std::string> text = readFile(file.path);
    if (!text) return kFailed;
    refused += submitFacts(*engine, stage->schema, file, *text).refused;
  }
  ScriptHost host(*engine, std::move(scripts), Unscripted::StayOpen);
  Course course(*engine, host, wanted->settle, wanted->firings);
  course.settle();
  if (!carryOut(wanted->happenings, *engine, course, stage->schema, refused)) return kFailed;
  const SettleReport& report = course.report();
  int status = finish(*engine, *stage, host,
                      {report.firings, report.reason, report.cycle, report.feeds, refused}, manner);
  for (const OutFile& file : wanted->outs) {
    if (!writeFacts(*engine, stage->schema, file)) status = kFailed;
  }
  // At a limit that an example sets itself there is nothing wrong.
  return course.goesOn() ? status : kFailed;
}

int runOnce(Manner& manner) {
  const std::string& first = manner.arguments.files[0];
  return endsWith(first, ".json") ? runExampleFile(first, manner) : runRules(manner);
}

// Runs again whenever a file is saved, until a signal comes. Rules that do not compile, and files
// that cannot be read, are said, and the next saving is waited for.
int runWatched(const Arguments& arguments) {
  FileWatch watch;
  std::optional<Snapshot> last;
  std::vector<std::string> files = arguments.files;
  std::vector<std::string> saved;
  do {
    watch.know(files);
    Manner manner{.arguments = arguments, .isWatched = true};
    manner.isAgain = last.has_value();
    manner.show = manner.isAgain ? Show::Nothing : Show::Words;
    for (std::size_t i = 0; i < saved.size(); ++i) {
      std::cout << (i == 0 ? "--- saved: " : ", ") << saved[i]
                << (i + 1 == saved.size() ? "\n" : "");
    }
    std::cout.flush();
    const int status = runOnce(manner);
    if (status == kMisused) return status;
    // The example says which files there are; those it names anew have to be known as well.
    if (manner.files != files) {
      files = manner.files;
      watch.add(files);
    }
    if (manner.snapshot) {
      if (last) std::cout << differenceOf(*last, *manner.snapshot);
      last = std::move(manner.snapshot);
    } else {
      std::cout << "nothing ran\n";
    }
    std::cout << "watching " << files.size() << (files.size() == 1 ? " file\n" : " files\n");
    std::cout.flush();
    saved = watch.wait();
  } while (!saved.empty());
  return kDone;
}

// Options that need the output, or the session, for themselves; empty when they go together.
std::string wrongTogether(const Arguments& arguments) {
  std::vector<std::string> given;
  for (const char* option : {"--json", "--trace", "--digest", "--watch"}) {
    if (arguments.has(option)) given.emplace_back(option);
  }
  if (given.size() > 1) return "`" + given[0] + "` and `" + given[1] + "` do not go together";
  if (arguments.has("--json")) {
    for (const Option& option : whyOptions()) {
      if (arguments.has(option.name)) {
        return "`--json` and `" + option.name + "` do not go together";
      }
    }
  }
  if (arguments.has("--watch") && arguments.has("--journal")) {
    return "`--watch` begins anew each time, and keeps no `--journal`";
  }
  return "";
}

int run(const Arguments& arguments) {
  if (arguments.files.empty()) {
    return misused("run", "it needs a file of rules, or an example.json");
  }
  if (const std::optional<std::string> wrong = wrongWhy(arguments)) return misused("run", *wrong);
  if (const std::string wrong = wrongTogether(arguments); !wrong.empty()) {
    return misused("run", wrong);
  }
  if (endsWith(arguments.files[0], ".json")) {
    if (arguments.files.size() > 1) return misused("run", "one example at a time");
    for (const Option& option : runOptions()) {
      if (arguments.has(option.name)) {
        return misused("run", "`" + option.name + "` is for rules; an example says this itself");
      }
    }
  }
  if (arguments.has("--watch")) return runWatched(arguments);
  Manner manner{.arguments = arguments};
  if (arguments.has("--trace")) manner.show = Show::Records;
  if (arguments.has("--digest") || arguments.has("--json")) manner.show = Show::Nothing;
  return runOnce(manner);
}

}  // namespace

Command runCommand() {
  Command command{
      "run",
      "FILE… [--facts FILE]… [--events FILE]… [--advance D]… | example.json",
      "Runs rules on facts and events and prints what they log and emit, then how it ended.",
      "Several files of rules belong to one program. Facts are JSON or YAML, [{\"type\": \"T\", "
      "\"fields\": {…}}, …] or\n"
      "{\"T\": [{…}, …]}, as JSON Lines one of them a line, or a table (CSV, TSV) with a header "
      "row; the type of its rows is that\n"
      "of --type, of the file's name, or the one that fits the columns. What no field is for is a "
      "mistake.\n"
      "Events are {\"event\": \"Type\", \"data\": {…}} or CloudEvents envelopes; one with a later "
      "`time` moves the clock there first.\n"
      "--events and --advance are carried out in the order written, after the facts have "
      "settled.\n"
      "What is refused or fails is said with its place, the rest is kept, and the exit status is "
      "1. Calls of host functions\n"
      "without --answers are listed as open. An example.json brings inputs, a scripted host and a "
      "virtual clock of its own.\n"
      "engine/docs/command.md says more.\n",
      {},
      run};
  command.options = runOptions();
  const std::vector<Option> more{
      {"--journal", "FILE", "keep the journal there; a session that is there already goes on"},
      {"--json", "",
       "print what it came to as one JSON object: facts, events, firings, failures, runs"},
      {"--watch", "", "run again when a file is saved, and print what is different"},
      {"--trace", "", "print every trace record, one JSON object a line"},
      {"--digest", "", "print the digests of state and trace instead of the summary"}};
  command.options.insert(command.options.end(), more.begin(), more.end());
  command.options.insert(command.options.end(), whyOptions().begin(), whyOptions().end());
  return command;
}

}  // namespace reticle::cli
