// The words of a command line, sorted into options and files.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace reticle::cli {

struct Option {
  std::string name;      // "--facts"
  std::string argument;  // what it takes, for the help text: "FILE"; empty: nothing
  std::string help;
};

struct Arguments {
  struct Given {
    std::string name, value;
  };
  std::vector<Given> options;  // in the order written
  std::vector<std::string> files;
  std::string problem;  // not empty: what is wrong with the command line

  bool has(const std::string& name) const;
  std::optional<std::string> last(const std::string& name) const;
};

// Reads words by the options a command knows: `--name value`, `--name=value`; after `--` everything
// is a file. Stops at the first mistake.
Arguments readArguments(const std::vector<std::string>& words, const std::vector<Option>& known);

// " Did you mean `--facts`?", or nothing.
std::string suggestion(const std::string& written, const std::vector<std::string>& names);

}  // namespace reticle::cli
