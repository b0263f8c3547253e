// The command `reticle`. Each subcommand has a file of its own; this one finds it and prints help.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "command.h"

namespace reticle::cli {
namespace {

// In the order of the help.
const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      checkCommand(),   testCommand(),   runCommand(),         serveCommand(),    fmtCommand(),
      convertCommand(), schemaCommand(), importCommand(),      replaceCommand(),  runsCommand(),
      dumpCommand(),    lspCommand(),    conformanceCommand(), keywordsCommand(), benchCommand()};
  return all;
}

void printHelp(std::ostream& out) {
  out << "usage: reticle <command> …\n\n";
  for (const Command& command : commands()) {
    out << "  " << command.name << " " << command.usage << "\n      " << command.summary << "\n";
  }
  out << "\n`reticle <command> --help` says more.\n";
}

// Usage, what it does, options with what they are for.
void printHelp(const Command& command) {
  std::cout << "usage: reticle " << command.name << " " << command.usage << "\n\n"
            << command.summary << "\n";
  if (!command.details.empty()) std::cout << "\n" << command.details;
  std::cout << "\n";
  std::size_t width = 0;
  const auto shown = [](const Option& option) {
    return option.name + (option.argument.empty() ? "" : " " + option.argument);
  };
  for (const Option& option : command.options) width = std::max(width, shown(option).size());
  for (const Option& option : command.options) {
    std::cout << "  " << shown(option) << std::string(width - shown(option).size() + 3, ' ')
              << option.help << "\n";
  }
}

// The first word chooses the command; what cannot be read leads to its usage.
int run(const std::vector<std::string>& words) {
  if (words.empty()) {
    printHelp(std::cerr);
    return kMisused;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    printHelp(std::cout);
    return kDone;
  }
  const auto command = std::find_if(commands().begin(), commands().end(),
                                    [&](const Command& each) { return each.name == words[0]; });
  if (command == commands().end()) {
    std::vector<std::string> names;
    for (const Command& each : commands()) names.push_back(each.name);
    std::cerr << "reticle: there is no command `" << words[0] << "`" << suggestion(words[0], names)
              << "\n`reticle --help` lists them\n";
    return kMisused;
  }
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  for (const std::string& word : rest) {
    if (word == "--") break;
    if (word == "--help" || word == "-h") {
      printHelp(*command);
      return kDone;
    }
  }
  const Arguments arguments = readArguments(rest, command->options);
  if (!arguments.problem.empty()) return misused(command->name, arguments.problem);
  return command->run(arguments);
}

}  // namespace

int misused(const std::string& command, const std::string& problem) {
  std::cerr << "reticle " << command << ": " << problem << "\n`reticle " << command
            << " --help` says how it is used\n";
  return kMisused;
}

}  // namespace reticle::cli

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const int status = reticle::cli::run({argv + 1, argv + argc});
  std::cout.flush();
  return std::cout ? status : reticle::cli::kFailed;
}
