// reticle run: rules on facts from files, or an example with its scripted world.
//
// What the rules log and emit goes to the output as they fire, what goes wrong to the error stream;
// the summary comes last, so that a run can be read from its end. With --trace or --digest the
// output holds nothing else. The exit status is 1 when anything was refused, failed with nobody to
// handle it, or did not come to rest.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <limits>
#include <map>

#include "command.h"
#include "example.h"
#include "facts.h"
#include "files.h"
#include "host.h"
#include "reticle/schema.h"
#include "reticle/text.h"
#include "run_printer.h"
#include "why.h"

namespace reticle::cli {
namespace {

using Missing = std::map<std::string, std::uint64_t>;  // functions that nobody gives

// How it ended, what is in working memory, and what waits outside.
void printSummary(const Engine& engine, std::uint64_t firings, SettleReport::Reason reason,
                  const std::vector<std::string>& cycle, const std::vector<std::string>& feeds,
                  const std::vector<Call>& openCalls) {
  std::cout << firings << (firings == 1 ? " firing, " : " firings, ") << name(reason) << "\n";
  if (!cycle.empty()) {
    std::cout << "repeating:";
    for (std::size_t i = 0; i < cycle.size(); ++i) std::cout << (i == 0 ? " " : " → ") << cycle[i];
    if (!feeds.empty()) std::cout << ", fed by";
    for (std::size_t i = 0; i < feeds.size(); ++i) std::cout << (i == 0 ? " " : ", ") << feeds[i];
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

// Without a journal nothing is kept, and everything is faster.
Result<Engine> openEngine(const std::shared_ptr<const Program>& program,
                          const std::optional<std::string>& journal, EngineOptions options) {
  options.journal = journal.has_value();
  if (!journal) return Engine(program, std::move(options));
  Result<std::unique_ptr<Store>> store = fileStore(*journal);
  if (!store) return store.error();
  return Engine::open(program, std::move(*store), std::move(options));
}

// What went wrong, with its code, where, and what would help, on one line.
void complain(const Error& error) {
  std::cerr << "reticle: " << error.message << " (" << name(error.code);
  std::cerr << (error.where.empty() ? "" : ", ") << error.where << ")";
  if (!error.fix.empty()) std::cerr << "; " << error.fix;
  std::cerr << "\n";
}

// With the `host pure` functions, whose results come from the same scripts. Without `scripts` none
// is given: whoever asks one gets an error, and `missing` counts it.
EngineOptions optionsFor(const Schema& schema, const Scripts* scripts, Time start,
                         TraceObserver& observer, bool timed, Missing& missing) {
  EngineOptions options;
  options.start = start;
  options.trace = &observer;
  options.zones = systemZones();
  if (timed) options.stopwatch = stopwatch;
  for (const FunctionSchema& function : schema.functions) {
    if (!function.pure) continue;
    if (!scripts) {
      options.functions.emplace_back(
          function.name, [name = function.name, &missing](const std::vector<Value>&) {
            ++missing[name];
            return Value::error("RL9001", "the host function `" + name + "` is not given");
          });
      continue;
    }
    const auto found = scripts->find(function.name);
    const std::vector<ScriptLine> script =
        found == scripts->end() ? std::vector<ScriptLine>{} : found->second;
    auto execution = std::make_shared<std::uint64_t>(0);
    options.functions.emplace_back(function.name, [script, execution](const std::vector<Value>&) {
      const ScriptLine line = scriptedAnswer(script, (*execution)++);
      return line.fails ? Value::error("RL9001", line.reason) : line.value;
    });
  }
  return options;
}

// Which functions nobody gives, and how often they were asked.
void printMissing(const Missing& missing) {
  for (const auto& [name, times] : missing) {
    std::cerr << "reticle: the host function `" << name << "` is not given, and was asked " << times
              << (times == 1 ? " time" : " times")
              << "; an example.json can say under `host` what it returns\n";
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

// The summary or the digests, then what was asked with --why-not and its like. 1 when anything
// was refused or failed.
int finish(const Engine& engine, const Schema& schema, std::uint64_t firings,
           SettleReport::Reason reason, const std::vector<std::string>& cycle,
           const std::vector<std::string>& feeds, const ScriptHost& host, std::size_t refused,
           const RunPrinter& printer, const Missing& missing, const Arguments& arguments) {
  if (arguments.has("--digest")) {
    std::cout << "digest " << engine.digest() << "\ntrace " << engine.traceDigest() << "\n";
  } else {
    printSummary(engine, firings, reason, cycle, feeds, host.openCalls());
  }
  if (refused != 0) std::cerr << refused << " refused\n";
  printer.printTotals();
  printUnknowns(engine);
  printMissing(missing);
  if (engine.storeError()) complain(*engine.storeError());
  if (!host.failure().empty()) std::cerr << "reticle: " << host.failure() << "\n";
  const bool isAnswered = sayWhy(engine, schema, arguments);
  const bool isSound = isAnswered && refused == 0 && printer.failures() == 0 && missing.empty() &&
                       !engine.storeError() && host.failure().empty();
  return isSound ? kDone : kFailed;
}

// Rules, inputs, clock and host all come from the example; files are beside it.
int runExampleFile(const std::string& path, const Arguments& arguments) {
  const std::optional<std::string> text = readFile(path);
  if (!text) return kFailed;
  const Result<Example> example = readExample(*text);
  if (!example) {
    std::cerr << path << ": " << example.error().message << "\n";
    return kFailed;
  }
  const std::string folder = folderOf(path);
  std::vector<Source> sources;
  for (const std::string& file : example->rules) {
    std::optional<std::string> rules = readFile(folder + file);
    if (!rules) return kFailed;
    sources.push_back({file, *std::move(rules)});
  }
  const std::optional<Compiled> compiled = compileOrComplain(std::move(sources));
  if (!compiled) return kFailed;
  const bool withDigest = arguments.has("--digest");
  const Schema schema = schemaOf(*compiled->program);
  RunPrinter printer(schema, compiled->sources, withDigest, arguments.has("--trace"));
  Missing missing;
  Result<Engine> engine = openEngine(compiled->program, arguments.last("--journal"),
                                     optionsFor(schema, &example->host, example->start, printer,
                                                arguments.has("--counters"), missing));
  if (!engine) {
    complain(engine.error());
    return kFailed;
  }
  ScriptHost host(*engine, example->host);
  const ExampleRun run = runExample(*engine, host, schema, *example, folder, !withDigest);
  return finish(*engine, schema, run.firings, run.reason, run.cycle, {}, host, run.refused, printer,
                missing, arguments);
}

// What the options of `run` ask for, read.
struct RunOptions {
  SettleOptions settle;
  std::optional<std::uint64_t> firings;  // of all rounds together
  Strategy strategy = Strategy::Depth;
  std::uint64_t seed = 0;
  Time start = 0;
  std::vector<FactsFile> facts;
};

// An option whose value is not what it needs.
Error unreadable(const std::string& option, const std::string& wanted, const std::string& given) {
  return {ErrorCode::BadInput, option + wanted + ", this is `" + given + "`", option, ""};
}

// A whole number that is not negative; nothing when the option is not given.
Result<std::optional<std::uint64_t>> numberFrom(const Arguments& arguments,
                                                const std::string& option) {
  const std::optional<std::string> given = arguments.last(option);
  if (!given) return std::optional<std::uint64_t>();
  const std::optional<std::int64_t> number = intFromText(*given);
  if (!number || *number < 0) return unreadable(option, " needs a whole number", *given);
  return std::optional(static_cast<std::uint64_t>(*number));
}

// Options about the file of facts before them.
constexpr const char* kOfFacts[] = {"--type", "--delimiter", "--decimal",       "--no-header",
                                    "--map",  "--null",      "--ignore-unknown"};

// "a, b": the parts without the spaces around them.
std::vector<std::string> partsOf(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string part = list.substr(begin, end - begin);
    const std::size_t first = part.find_first_not_of(' '), last = part.find_last_not_of(' ');
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
    begin = end + 1;
  }
  return parts;
}

// What is wrong with it, or nothing.
std::optional<Error> readFactsOption(const Arguments::Given& option, FactsFile& file) {
  if (option.name == "--type") file.type = option.value;
  if (option.name == "--no-header") file.table.columns = partsOf(option.value);
  if (option.name == "--null") file.table.nulls.push_back(option.value);
  if (option.name == "--ignore-unknown") file.table.ignoreUnknown = true;
  if (option.name == "--delimiter") {
    const bool tab = option.value == "tab" || option.value == "\\t";
    if (!tab && (option.value.size() != 1 || option.value == "\"" || option.value == "\n")) {
      return unreadable("--delimiter", " is one character, or the word tab", option.value);
    }
    file.table.delimiter = tab ? '\t' : option.value[0];
  }
  if (option.name == "--decimal") {
    if (option.value != "." && option.value != ",") {
      return unreadable("--decimal", " is `.` or `,`", option.value);
    }
    file.table.decimal = option.value[0];
  }
  if (option.name == "--map") {
    const std::size_t equals = option.value.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == option.value.size()) {
      return unreadable("--map", " needs COLUMN=FIELD", option.value);
    }
    file.table.fields.emplace_back(option.value.substr(0, equals), option.value.substr(equals + 1));
  }
  return std::nullopt;
}

// Errors: BadInput, with the whole sentence for the user.
Result<RunOptions> readOptions(const Arguments& arguments) {
  RunOptions options;
  const auto firings = numberFrom(arguments, "--max-firings");
  if (!firings) return firings.error();
  options.firings = *firings;
  if (const std::optional<std::string> mode = arguments.last("--mode")) {
    if (*mode == "first-match") {
      options.settle.mode = SettleOptions::Mode::FirstMatch;
    } else if (*mode == "single-pass") {
      options.settle.mode = SettleOptions::Mode::SinglePass;
    } else if (*mode != "all") {
      return unreadable("--mode", " is all, first-match or single-pass", *mode);
    }
  }
  for (const Arguments::Given& option : arguments.options) {
    if (option.name == "--tag") options.settle.tags.push_back(option.value);
  }
  if (const std::optional<std::string> given = arguments.last("--strategy")) {
    const std::optional<Strategy> named = strategyNamed(*given);
    if (!named) {
      return unreadable("--strategy",
                        " is depth, breadth, lex, mea, simplicity, complexity or random", *given);
    }
    options.strategy = *named;
  }
  const auto seed = numberFrom(arguments, "--seed");
  if (!seed) return seed.error();
  options.seed = seed->value_or(0);
  if (const std::optional<std::string> given = arguments.last("--start")) {
    const std::optional<Time> time = timeFromText(*given);
    if (!time) return unreadable("--start", " needs a time such as 2024-04-11T12:00:00Z", *given);
    options.start = *time;
  }
  for (const Arguments::Given& option : arguments.options) {
    if (option.name == "--facts") {
      options.facts.push_back({option.value, "", {}});
    } else if (std::find(std::begin(kOfFacts), std::end(kOfFacts), option.name) !=
               std::end(kOfFacts)) {
      if (options.facts.empty()) {
        return Error{ErrorCode::BadInput, option.name + " stands behind the --facts it is about",
                     option.name, ""};
      }
      if (std::optional<Error> wrong = readFactsOption(option, options.facts.back())) return *wrong;
    }
  }
  return options;
}

// Goes to the error stream: it is no result of the rules.
void printRecovery(const Recovery& recovery) {
  std::cerr << "recovered " << recovery.entries << " entries";
  if (recovery.truncated != 0) std::cerr << ", " << recovery.truncated << " torn bytes cut";
  std::cerr << "\n";
}

// Facts are handed in file by file; then one settling, with the calls left open.
int runRules(const Arguments& arguments) {
  const Result<RunOptions> wanted = readOptions(arguments);
  if (!wanted) return misused("run", wanted.error().message);
  std::optional<std::vector<Source>> sources = readSources(arguments.files);
  if (!sources) return kFailed;
  const std::optional<Compiled> compiled = compileOrComplain(*std::move(sources));
  if (!compiled) return kFailed;
  const Schema schema = schemaOf(*compiled->program);
  RunPrinter printer(schema, compiled->sources, arguments.has("--digest"),
                     arguments.has("--trace"));
  Missing missing;
  EngineOptions options =
      optionsFor(schema, nullptr, wanted->start, printer, arguments.has("--counters"), missing);
  options.strategy = wanted->strategy;
  options.seed = wanted->seed;
  Result<Engine> engine =
      openEngine(compiled->program, arguments.last("--journal"), std::move(options));
  if (!engine) {
    complain(engine.error());
    return kFailed;
  }
  if (engine->recovery()) printRecovery(*engine->recovery());
  std::size_t refused = 0;
  for (const FactsFile& file : wanted->facts) {
    const std::optional<std::string> text = readFile(file.path);
    if (!text) return kFailed;
    refused += submitFacts(*engine, schema, file, *text).refused;
  }
  ScriptHost host(*engine);
  const SettleReport report = host.settle(wanted->settle, wanted->firings);
  const int status = finish(*engine, schema, report.firings, report.reason, report.cycle,
                            report.feeds, host, refused, printer, missing, arguments);
  // At a limit that an example sets itself there is nothing wrong.
  return report.reason == SettleReport::Reason::Limit ? kFailed : status;
}

int run(const Arguments& arguments) {
  if (arguments.files.empty()) {
    return misused("run", "it needs a file of rules, or an example.json");
  }
  if (const std::optional<std::string> wrong = wrongWhy(arguments)) return misused("run", *wrong);
  if (!endsWith(arguments.files[0], ".json")) return runRules(arguments);
  if (arguments.files.size() > 1) return misused("run", "one example at a time");
  std::vector<std::string> names(std::begin(kOfFacts), std::end(kOfFacts));
  names.insert(names.end(),
               {"--facts", "--max-firings", "--start", "--strategy", "--seed", "--mode", "--tag"});
  for (const std::string& name : names) {
    if (arguments.has(name)) {
      return misused("run", "`" + name + "` is for rules; an example says this itself");
    }
  }
  return runExampleFile(arguments.files[0], arguments);
}

}  // namespace

Command runCommand() {
  Command command{
      "run",
      "FILE… [--facts FILE [--type T]]… | example.json",
      "Runs rules on facts and prints what they log, then how it ended.",
      "Several files of rules belong to one program. Facts are JSON, [{\"type\": \"T\", "
      "\"fields\": {…}}, …] or {\"T\": [{…}, …]},\n"
      "as JSON Lines one of them a line, or a table (CSV, TSV) with a header row; the type of its "
      "rows is that of --type, of the\n"
      "file's name, or the one that fits the columns. A column that no field has is a mistake.\n"
      "What is refused or fails is said with its place, the rest is kept, and the exit status is "
      "1. Time "
      "stands still: calls of host\n"
      "functions are listed as open. An example.json brings inputs, a scripted host and a virtual "
      "clock of its own.\n",
      {{"--facts", "FILE", "facts to insert: .json, .jsonl, .csv or .tsv; may be repeated"},
       {"--type", "T", "the type of the facts in the file before it"},
       {"--delimiter", "C",
        "what stands between its cells: `,`, `;`, tab or another character; otherwise it is "
        "recognised"},
       {"--decimal", "C", "what stands before the fraction in its numbers: `.` or `,`"},
       {"--no-header", "NAMES", "it has no header row; its columns in order: id,price,qty"},
       {"--map", "COLUMN=FIELD",
        "one of its columns, and the field it is for: `Verbrauch (kWh)=kwh`; may be repeated"},
       {"--null", "TEXT", "what stands for null in its cells: NA; may be repeated"},
       {"--ignore-unknown", "", "what it says beyond the fields of the type is passed over"},
       {"--start", "TIME", "where the clock stands; otherwise 1970-01-01T00:00:00Z"},
       {"--max-firings", "N", "stop after so many"},
       {"--strategy", "S",
        "which of the matches of one salience fires first: depth (the newest), breadth, lex, mea, "
        "simplicity, complexity, random"},
       {"--seed", "N", "for the strategy random: another number gives another order"},
       {"--mode", "M",
        "all; first-match: only the best activation of each turn; single-pass: each rule once, in "
        "order"},
       {"--tag", "TAG", "only rules with this tag fire; may be repeated"},
       {"--journal", "FILE", "keep the journal there; a session that is there already goes on"},
       {"--trace", "", "print every trace record, one JSON object a line"},
       {"--digest", "", "print the digests of state and trace instead of the summary"}},
      run};
  command.options.insert(command.options.end(), whyOptions().begin(), whyOptions().end());
  return command;
}

}  // namespace reticle::cli
