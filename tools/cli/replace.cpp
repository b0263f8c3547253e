// reticle replace: other rules for a session that is kept in a journal.
//
// The journal is read back with the rules it goes on with so far, the others take over, and the
// journal takes the whole state in: from then on it is opened with the new rules. Nothing fires
// here; `reticle run … --journal` goes on.
#include <iostream>
#include <map>
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

std::string times(std::uint32_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "es");
}

// One line for each rule, then what went with those that are gone.
void printReport(const Replaced& replaced, const std::vector<std::string>& withdrawn) {
  std::size_t same = 0;
  for (const Replaced::Rule& rule : replaced.rules) {
    if (rule.fate == Replaced::Fate::Same && rule.gained == 0 && rule.lost == 0) {
      ++same;
      continue;
    }
    std::cout << name(rule.fate) << " \"" << rule.name << "\"";
    if (rule.gained != 0) std::cout << ", " << times(rule.gained, "match") << " ready";
    if (rule.lost != 0) std::cout << ", " << times(rule.lost, "match") << " no more ready";
    std::cout << "\n";
  }
  if (same != 0) std::cout << same << (same == 1 ? " rule" : " rules") << " as before\n";
  for (const std::string& fact : withdrawn) std::cout << "withdrawn " << fact << "\n";
}

// #3 Bill{id: 1}
std::string factText(const FactView& fact) {
  std::string text = "#" + std::to_string(index(fact.id)) + " " + fact.typeName + "{";
  for (std::size_t i = 0; i < fact.fields.size(); ++i) {
    text += (i == 0 ? "" : ", ") + fact.fields[i].first + ": " + toText(fact.fields[i].second);
  }
  return text + "}";
}

struct Wanted {
  std::string journal;
  std::vector<std::string> before, after;  // files of rules
};

// The first file is the journal; further ones belong to the new rules.
Result<Wanted> readWanted(const Arguments& arguments) {
  Wanted wanted;
  for (const Arguments::Given& option : arguments.options) {
    if (option.name == "--rules") wanted.before.push_back(option.value);
    if (option.name == "--with") wanted.after.push_back(option.value);
  }
  const auto wrong = [](const std::string& message) {
    return Error{ErrorCode::BadInput, message, "", ""};
  };
  if (arguments.files.empty()) return wrong("it needs a journal");
  if (wanted.before.empty()) {
    return wrong("it needs --rules FILE, the rules that the journal goes on with so far");
  }
  if (wanted.after.empty()) return wrong("it needs --with FILE, the new rules");
  wanted.journal = arguments.files[0];
  wanted.after.insert(wanted.after.end(), arguments.files.begin() + 1, arguments.files.end());
  return wanted;
}

int replace(const Arguments& arguments) {
  const Result<Wanted> wanted = readWanted(arguments);
  if (!wanted) return misused("replace", wanted.error().message);
  // Opening would make a new one.
  if (!readFile(wanted->journal)) return kFailed;
  std::optional<std::vector<Source>> before = readSources(wanted->before);
  std::optional<std::vector<Source>> after = readSources(wanted->after);
  if (!before || !after) return kFailed;
  const std::optional<Compiled> old = compileOrComplain(*std::move(before));
  if (!old) return kFailed;
  const std::optional<Compiled> next = compileOrComplain(*std::move(after));
  if (!next) return kFailed;

  const Schema schema = schemaOf(*old->program);
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
  const bool isDryRun = arguments.has("--dry-run");
  // A copy is enough to see what would happen.
  Result<Engine> engine = isDryRun ? openCopy(old->program, wanted->journal, std::move(options))
                                   : openEngine(old->program, wanted->journal, std::move(options));
  if (!engine) {
    complain(engine.error());
    return kFailed;
  }
  if (engine->recovery()) printRecovery(*engine->recovery());
  std::map<FactId, std::string> facts;
  for (const FactView& fact : engine->facts()) facts[fact.id] = factText(fact);
  const Result<Replaced> replaced = engine->replaceProgram(next->program);
  if (arguments.has("--json")) std::cout << wire::toJson(replaced) << "\n";
  if (!replaced) {
    complain(replaced.error());
    return kFailed;
  }
  if (!arguments.has("--json")) {
    std::vector<std::string> withdrawn;
    for (const FactId fact : replaced->withdrawn) withdrawn.push_back(facts[fact]);
    printReport(*replaced, withdrawn);
    std::cout << (isDryRun ? "nothing is written: this is what would happen\n"
                           : "the journal goes on with these rules\n");
  }
  printMissing(missing);
  if (engine->storeError()) complain(*engine->storeError());
  return missing.empty() && !engine->storeError() ? kDone : kFailed;
}

}  // namespace

Command replaceCommand() {
  return {
      "replace",
      "JOURNAL --rules FILE… --with FILE… [--dry-run]",
      "Replaces the rules of a session that is kept in a journal, and says what becomes of each.",
      "A rule is known by its name. The same rule keeps what it has fired and what is ready; "
      "new and changed rules begin with all\n"
      "their matches, which `reticle run FILE… --journal JOURNAL` then fires. Types with facts "
      "and flows with runs must be declared\n"
      "as before; otherwise nothing is changed, and the exit status is 1.\n",
      {{"--rules", "FILE", "the rules that the journal goes on with so far; may be repeated"},
       {"--with", "FILE", "the new rules; may be repeated, or more files may follow"},
       {"--answers", "FILE",
        "what `host pure` functions return, when conditions of the rules ask them"},
       {"--dry-run", "", "only say what would happen"},
       {"--json", "", "the report as JSON"}},
      replace};
}

}  // namespace reticle::cli
