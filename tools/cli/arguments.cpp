// The words of a command line, sorted into options and files.
#include "arguments.h"

#include <algorithm>

#include "reticle/text.h"

namespace reticle::cli {

bool Arguments::has(const std::string& name) const { return last(name).has_value(); }

// The last one counts when an option is repeated.
std::optional<std::string> Arguments::last(const std::string& name) const {
  const auto found = std::find_if(options.rbegin(), options.rend(),
                                  [&](const Given& given) { return given.name == name; });
  return found == options.rend() ? std::nullopt : std::optional(found->value);
}

std::string suggestion(const std::string& written, const std::vector<std::string>& names) {
  const std::string meant = nearestName(written, names);
  return meant.empty() ? "" : "; did you mean `" + meant + "`?";
}

// Options may stand anywhere, with `=` or with a space before their value; after `--` all is
// files. A single `-` is a file.
Arguments readArguments(const std::vector<std::string>& words, const std::vector<Option>& known) {
  Arguments result;
  bool onlyFiles = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (onlyFiles || word.size() < 2 || word[0] != '-') {
      result.files.push_back(word);
      continue;
    }
    if (word == "--") {
      onlyFiles = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option = std::find_if(known.begin(), known.end(),
                                     [&](const Option& each) { return each.name == name; });
    if (option == known.end()) {
      std::vector<std::string> names;
      for (const Option& each : known) names.push_back(each.name);
      result.problem = "there is no option `" + name + "`" + suggestion(name, names);
      return result;
    }
    if (option->argument.empty()) {
      if (equals != std::string::npos) {
        result.problem = "`" + name + "` takes no value";
        return result;
      }
      result.options.push_back({name, ""});
    } else if (equals != std::string::npos) {
      result.options.push_back({name, word.substr(equals + 1)});
    } else if (i + 1 < words.size()) {
      result.options.push_back({name, words[++i]});
    } else {
      result.problem = "`" + name + "` needs " + option->argument;
      return result;
    }
  }
  return result;
}

}  // namespace reticle::cli
