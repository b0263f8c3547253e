// What every command of `reticle` has: its words, its help and what it does.
#pragma once

#include <string>
#include <vector>

#include "arguments.h"

namespace reticle::cli {

enum Exit { kDone = 0, kFailed = 1, kMisused = 2 };

struct Command {
  std::string name;
  std::string usage;    // after the name: "FILE… [--json]"
  std::string summary;  // one line
  std::string details;  // more lines for `reticle <command> --help`; may be empty
  std::vector<Option> options;
  int (*run)(const Arguments& arguments);
};

Command checkCommand();
Command importCommand();
Command testCommand();
Command runCommand();
Command replaceCommand();
Command runsCommand();
Command dumpCommand();
Command fmtCommand();
Command convertCommand();
Command schemaCommand();
Command conformanceCommand();
Command lspCommand();
Command keywordsCommand();
Command benchCommand();
Command serveCommand();

// Says on the error stream what is wrong with the way a command was called. Returns kMisused.
int misused(const std::string& command, const std::string& problem);

}  // namespace reticle::cli
