// reticle import: rule files of other engines as rule modules.
//
// The notes say what became of each part of the old file; a module is written even when some
// parts had no counterpart.
#include <fstream>
#include <iostream>

#include "command.h"
#include "files.h"
#include "reticle/import.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

const char* nameOf(Level level) {
  switch (level) {
    case Level::Error: return "error";
    case Level::Warning: return "warning";
    case Level::Information: return "note";
  }
  return "";
}

// One line a note, with its place in the file.
void print(const std::string& path, const ImportNote& note) {
  std::cerr << nameOf(note.level) << ": " << note.message << "\n  --> " << path
            << (note.pointer.empty() ? "" : " at " + note.pointer) << "\n";
  if (!note.help.empty()) std::cerr << "  = help: " << note.help << "\n";
}

// The module goes to the output or into the file of `-o`, the notes to the error stream.
int import(const Arguments& arguments) {
  const std::optional<std::string> from = arguments.last("--from");
  if (!from) return misused("import", "it needs `--from json-rules-engine`");
  if (*from != "json-rules-engine") {
    return misused("import", "rules from `" + *from + "` cannot be imported" +
                                 suggestion(*from, {"json-rules-engine"}) +
                                 "; there is `json-rules-engine`");
  }
  if (arguments.files.size() != 1) {
    return misused("import", arguments.files.empty() ? "it needs a file to import"
                                                     : "it imports one file at a time");
  }
  const std::string& path = arguments.files[0];
  const std::optional<std::string> text = readFile(path);
  if (!text) return kFailed;
  const Imported imported = importJsonRules(path, *text);
  if (arguments.has("--json")) {
    std::cout << wire::toJson(imported) << "\n";
    return imported.ok() ? kDone : kFailed;
  }
  for (const ImportNote& note : imported.notes) print(path, note);
  if (!imported.ok()) return kFailed;
  const std::optional<std::string> target = arguments.last("-o");
  if (!target) {
    std::cout << imported.text;
    return kDone;
  }
  std::ofstream file(*target, std::ios::binary);
  file << imported.text;
  file.close();
  if (file) return kDone;
  std::cerr << "reticle: cannot write " << *target << "\n";
  return kFailed;
}

}  // namespace

Command importCommand() {
  return {"import",
          "--from json-rules-engine FILE [-o OUT | --json]",
          "Turns a rule file of another engine into a rule module.",
          "FILE is JSON as json-rules-engine 7 takes it: a rule, a list of rules, or {\"rules\": "
          "[…], \"conditions\": {name: …}} with shared conditions;\n"
          "`decisions` may stand for `rules`.\n"
          "What has no counterpart, or one that differs, is said on the error stream and in a "
          "comment at the top of the module.\n",
          {{"--from", "FORMAT", "what the file is: json-rules-engine"},
           {"-o", "OUT", "where the module goes; otherwise it is printed"},
           {"--json", "",
            "print module, notes, and the field of each fact as one JSON object instead"}},
          import};
}

}  // namespace reticle::cli
