// Opens engines for the commands that run rules or read a journal back.
#include "open_engine.h"

#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include "files.h"
#include "reticle/text.h"

namespace reticle::cli {

Result<Engine> openEngine(const std::shared_ptr<const Program>& program,
                          const std::optional<std::string>& journal, EngineOptions options) {
  options.journal = journal.has_value();
  if (!journal) return Engine(program, std::move(options));
  Result<std::unique_ptr<Store>> store = fileStore(*journal);
  if (!store) return store.error();
  return Engine::open(program, std::move(*store), std::move(options));
}

Result<Engine> openCopy(const std::shared_ptr<const Program>& program, const std::string& journal,
                        EngineOptions options) {
  const std::optional<std::string> bytes = readFile(journal);
  if (!bytes) return Error{ErrorCode::Closed, "there is no journal to read", journal, ""};
  return Engine::recover(program, *bytes, std::move(options));
}

void addPureFunctions(EngineOptions& options, const Schema& schema, const Scripts& scripts,
                      Unscripted unscripted, Missing& missing) {
  for (const FunctionSchema& function : schema.functions) {
    if (!function.pure) continue;
    const auto found = scripts.find(function.name);
    if (found == scripts.end() && unscripted == Unscripted::StayOpen) {
      options.functions.emplace_back(
          function.name, [name = function.name, &missing](const std::vector<Value>&) {
            ++missing[name];
            return Value::error("RL9001", "the host function `" + name + "` is not given");
          });
      continue;
    }
    const std::vector<ScriptLine> script =
        found == scripts.end() ? std::vector<ScriptLine>{} : found->second;
    auto execution = std::make_shared<std::uint64_t>(0);
    options.functions.emplace_back(function.name, [script, execution](const std::vector<Value>&) {
      const ScriptLine line = scriptedAnswer(script, (*execution)++);
      return line.fails ? Value::error("RL9001", line.reason) : line.value;
    });
  }
}

void complain(const Error& error) {
  std::cerr << "reticle: " << error.message << " (" << name(error.code);
  std::cerr << (error.where.empty() ? "" : ", ") << error.where << ")";
  if (!error.fix.empty()) std::cerr << "; " << error.fix;
  std::cerr << "\n";
}

void printMissing(const Missing& missing) {
  for (const auto& [name, times] : missing) {
    std::cerr << "reticle: the host function `" << name << "` is not given, and was asked " << times
              << (times == 1 ? " time" : " times")
              << "; --answers FILE, or an example.json under `host`, can say what it returns\n";
  }
}

void printRecovery(const Recovery& recovery) {
  std::cerr << "recovered " << recovery.entries << " entries";
  if (recovery.truncated != 0) std::cerr << ", " << recovery.truncated << " torn bytes cut";
  std::cerr << "\n";
}

// All names that are no functions at once: a script for a function that is not there is a slip of
// the pen, and the function that was meant would stay without one.
std::optional<Scripts> readAnswers(const std::string& path, const Schema& schema) {
  const std::optional<Value> json = readData(path);
  if (!json) return std::nullopt;
  Result<Scripts> scripts = readScripts(*json, "");
  if (!scripts) {
    std::cerr << path << ": " << scripts.error().message
              << (scripts.error().where.empty() ? "" : " (" + scripts.error().where + ")") << "\n";
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const FunctionSchema& function : schema.functions) names.push_back(function.name);
  std::string unknown;
  for (const auto& [name, script] : *scripts) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    unknown += (unknown.empty() ? "`" : ", `") + name + "`";
    const std::string meant = nearestName(name, names);
    if (!meant.empty()) unknown += " (did you mean `" + meant + "`?)";
  }
  if (unknown.empty()) return *std::move(scripts);
  std::cerr << path << ": the rules declare no host function " << unknown << "\n";
  return std::nullopt;
}

}  // namespace reticle::cli
