// reticle dump: prints a stage of compiling, or a journal.
#include <algorithm>
#include <iostream>

#include "command.h"
#include "files.h"
#include "reticle/dump.h"

namespace reticle::cli {
namespace {

// The tree can be printed for rules with errors, later stages only for rules without.
int dumpStage(Stage stage, const std::vector<std::string>& files) {
  std::optional<std::vector<Source>> sources = readSources(files);
  if (!sources) return kFailed;
  const Compiled compiled = compile(*std::move(sources));
  if (stage == Stage::Tree || compiled.ok()) std::cout << dump(compiled, stage);
  std::cerr << compiled.text();
  return compiled.ok() ? kDone : kFailed;
}

// With rules the numbers in it become names.
int dumpJournalFile(const std::string& path, const std::optional<std::string>& rules) {
  std::optional<std::string> bytes = readFile(path);
  if (!bytes) return kFailed;
  std::optional<Compiled> compiled;
  if (rules) {
    std::optional<std::vector<Source>> sources = readSources({*rules});
    if (!sources) return kFailed;
    compiled = compileOrComplain(*std::move(sources));
    if (!compiled) return kFailed;
  }
  std::cout << dumpJournal(*bytes, compiled ? compiled->program.get() : nullptr);
  return kDone;
}

// The first word is the stage, the others are files.
int dumpAny(const Arguments& arguments) {
  const std::vector<std::string> stages{"tree", "model", "network", "journal"};
  if (arguments.files.size() == 1 && arguments.files[0] == "functions") {
    std::cout << dumpFunctions();
    return kDone;
  }
  if (arguments.files.size() < 2) {
    return misused("dump", "it needs a stage (tree, model, network, journal) and a file");
  }
  const std::string stage = arguments.files[0];
  const std::vector<std::string> files(arguments.files.begin() + 1, arguments.files.end());
  if (stage == "tree") return dumpStage(Stage::Tree, files);
  if (stage == "model") return dumpStage(Stage::Model, files);
  if (stage == "network") return dumpStage(Stage::Network, files);
  if (stage != "journal") {
    return misused("dump", "there is no stage `" + stage + "`" + suggestion(stage, stages));
  }
  if (files.size() > 1) return misused("dump", "one journal at a time");
  return dumpJournalFile(files[0], arguments.last("--rules"));
}

}  // namespace

Command dumpCommand() {
  return {"dump",
          "tree|model|network|journal FILE… | functions",
          "Prints a stage of compiling rules, or a journal, in its stable text form.",
          "Several files of rules belong to one program. The tree is printed for rules with errors "
          "too.\n`functions` is the table of built-in functions: name, form, result, what it "
          "gives.\n",
          {{"--rules", "FILE",
            "for journals: the rules it belongs to, so that types and rules have names"}},
          dumpAny};
}

}  // namespace reticle::cli
