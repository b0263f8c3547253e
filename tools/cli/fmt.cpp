// reticle fmt: rules in the one layout of the language.
//
// A file is written only when its layout changes, and then it is named on the output; so the
// output of --check is the list of files that are not yet in the layout.
#include <cstdio>
#include <iostream>

#include "command.h"
#include "files.h"
#include "reticle/form.h"

namespace reticle::cli {
namespace {

// False when the file could not be written whole.
bool writeFile(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

// A file with mistakes stays as it is. `--check` writes nothing.
int fmt(const Arguments& arguments) {
  if (arguments.files.empty()) return misused("fmt", "it needs a file of rules");
  const bool check = arguments.has("--check"), print = arguments.has("--stdout");
  if (check && print) return misused("fmt", "--check prints no text, and --stdout does");
  int status = kDone;
  for (const std::string& path : arguments.files) {
    const std::optional<std::string> text = readFile(path);
    if (!text) {
      status = kFailed;
      continue;
    }
    const Source source{path, *text};
    if (formOf(source) != Form::Text) {
      std::cerr
          << path
          << ": only the text form has a layout; `reticle convert` writes JSON and text anew\n";
      status = kFailed;
      continue;
    }
    const Converted formatted = format(source);
    if (!formatted.ok()) {
      std::cerr << render(formatted.diagnostics, {source}) << "\n";
      status = kFailed;
      continue;
    }
    if (print) {
      std::cout << formatted.text;
    } else if (formatted.text != *text) {
      if (check) {
        status = kFailed;
      } else if (!writeFile(path, formatted.text)) {
        std::cerr << path << ": cannot be written\n";
        status = kFailed;
        continue;
      }
      std::cout << path << "\n";
    }
  }
  return status;
}

}  // namespace

Command fmtCommand() {
  return {"fmt",
          "FILE… [--check | --stdout]",
          "Lays out rules in the one style there is. Files are rewritten in place; those that "
          "change are named.",
          "Comments stay where they are. A file with mistakes of form is left alone, and its "
          "mistakes are said.\n",
          {{"--check", "", "writes nothing; exits with 1 when a file would change, and names it"},
           {"--stdout", "", "prints the texts instead of writing them"}},
          fmt};
}

}  // namespace reticle::cli
