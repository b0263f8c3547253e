// reticle convert: the same rules as text or as JSON.
#include <iostream>

#include "command.h"
#include "files.h"
#include "reticle/form.h"

namespace reticle::cli {
namespace {

// The converted text goes to the output, what was wrong to the error stream.
int convertFile(const Arguments& arguments) {
  if (arguments.files.size() != 1) {
    return misused("convert", "it needs one file of rules: text, JSON or YAML");
  }
  const std::string to = arguments.last("--to").value_or("");
  if (to != "json" && to != "text") {
    return misused("convert",
                   to.empty() ? "it needs --to json or --to text"
                              : "there is no form `" + to + "` to write; there are json and text");
  }
  const std::optional<std::string> text = readFile(arguments.files[0]);
  if (!text) return kFailed;
  const Source source{arguments.files[0], *text};
  const Converted converted = convert(source, to == "json" ? Form::Json : Form::Text);
  if (!converted.diagnostics.empty()) {
    std::cerr << render(converted.diagnostics, {source}) << "\n";
  }
  if (!converted.ok()) return kFailed;
  std::cout << converted.text;
  return kDone;
}

}  // namespace

Command convertCommand() {
  return {"convert",
          "FILE --to json|text",
          "Prints rules in another form. Reads text, JSON (`.json`) and YAML (`.yaml`, `.yml`).",
          "Nothing is lost but `//` comments and layout. Rules with mistakes of form are not "
          "converted.\n",
          {{"--to", "FORM", "json or text"}},
          convertFile};
}

}  // namespace reticle::cli
