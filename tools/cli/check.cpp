// reticle check: are these rules sound?
#include <iostream>

#include "command.h"
#include "files.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

// Each file is a program of its own unless they belong together; errors of any of them decide
// the exit status.
int check(const Arguments& arguments) {
  if (arguments.files.empty()) return misused("check", "it needs a file of rules");
  std::vector<std::vector<std::string>> programs;
  if (arguments.has("--together")) {
    programs.push_back(arguments.files);
  } else {
    for (const std::string& file : arguments.files) programs.push_back({file});
  }

  const bool asJson = arguments.has("--json");
  std::size_t errors = 0, warnings = 0, left = 0;
  std::string json;
  for (const std::vector<std::string>& files : programs) {
    std::optional<std::vector<Source>> sources = readSources(files);
    if (!sources) return kFailed;
    Compiled compiled = reticle::check(*std::move(sources));
    const bool good = !hasErrors(compiled.diagnostics);
    for (const Diagnostic& diagnostic : compiled.diagnostics) {
      left += diagnostic.more;
      if (diagnostic.more > 0) continue;
      if (diagnostic.level == Level::Error) ++errors;
      if (diagnostic.level == Level::Warning) ++warnings;
    }
    if (asJson) {
      json += std::string(json.empty() ? "[" : ",\n ") + "{\"ok\":" + (good ? "true" : "false") +
              ",\"diagnostics\":" + wire::toJson(compiled.diagnostics, compiled.sources) + "}";
    } else {
      std::cout << compiled.text();
      if (arguments.has("--analysis")) std::cout << analyze(compiled.sources);
    }
  }
  if (asJson) {
    std::cout << json << "]\n";
  } else {
    std::cout << errors << (errors == 1 ? " error, " : " errors, ") << warnings
              << (warnings == 1 ? " warning" : " warnings");
    if (left > 0) std::cout << ", and " << left << " more";
    std::cout << "\n";
  }
  return errors == 0 ? kDone : kFailed;
}

}  // namespace

Command checkCommand() {
  return {
      "check",
      "FILE… [--together] [--analysis] [--json]",
      "Says what is wrong with rules. Exits with 1 when there are errors.",
      "",
      {{"--together", "", "the files belong to one program; otherwise each is checked by itself"},
       {"--analysis", "",
        "also every gap and overlap of the tables, and rules that work against each other, allowed "
        "or not"},
       {"--json", "",
        "a list with one object a program: ok, diagnostics (as in the package's types)"}},
      check};
}

}  // namespace reticle::cli
