// Programs for tests that replace rules: the trees of modules and tests are put together anew.
#include "program/replacements.h"

#include <algorithm>

#include "form/read_module.h"
#include "model/message.h"
#include "program/table_files.h"

namespace reticle {
namespace {

using Kind = tree::Action::Kind;

template <typename Visit>
void eachReplacement(const tree::Module& module, const Visit& visit) {
  for (const tree::Declaration& test : module.declarations) {
    if (test.kind != tree::Declaration::Kind::Test) continue;
    for (std::size_t section = 0; section < test.sections.size(); ++section) {
      const std::vector<tree::Action>& doings = test.sections[section].doings;
      for (std::size_t i = 0; i < doings.size(); ++i) {
        if (doings[i].kind == Kind::Replace && !doings[i].file.empty()) visit(test, section, i);
      }
    }
  }
}

bool binds(const tree::Action& action) {
  return action.name && (action.kind == Kind::Insert || action.kind == Kind::Let);
}

// The test as it goes on behind an action: of what comes before only what binds names.
tree::Declaration restOf(tree::Declaration test, std::size_t section, std::size_t at) {
  for (std::size_t i = 0; i <= section; ++i) {
    test.sections[i].expects.clear();
    std::vector<tree::Action> kept;
    std::vector<tree::Action>& doings = test.sections[i].doings;
    for (std::size_t j = 0; j < doings.size(); ++j) {
      if ((i == section && j > at) || binds(doings[j])) kept.push_back(std::move(doings[j]));
    }
    doings = std::move(kept);
  }
  return test;
}

bool isWithin(const Span& span, const Span& whole, const Span& after) {
  return span.file == whole.file && span.begin >= after.end && span.end <= whole.end;
}

// What is said of the new file, or of the rest of the test; each once.
void take(std::vector<Diagnostic>& found, const tree::Declaration& test, const Span& action,
          std::uint32_t file, std::vector<Diagnostic>& diagnostics) {
  for (Diagnostic& d : found) {
    const bool about = d.span.file == file || isWithin(d.span, test.span, action);
    if (!about && d.level != Level::Error) continue;
    const bool known =
        std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& e) {
          return e.code == d.code && e.span == d.span && e.message == d.message;
        });
    if (!known) diagnostics.push_back(std::move(d));
  }
}

}  // namespace

std::vector<std::string> replacementFiles(const tree::Module& module, const Source& source) {
  std::vector<std::string> names;
  eachReplacement(module, [&](const tree::Declaration& test, std::size_t section, std::size_t at) {
    names.push_back(folderOf(source.name) + test.sections[section].doings[at].file);
  });
  return names;
}

ReadModules readModules(const std::vector<Source>& sources, std::vector<Diagnostic>& diagnostics) {
  std::vector<tree::Module> all;
  std::vector<std::string> replacing;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    if (isTableFile(sources[i])) continue;
    all.push_back(readModule(sources[i], i, diagnostics));
    for (std::string& name : replacementFiles(all.back(), sources[i])) {
      if (name != sources[i].name) replacing.push_back(std::move(name));
    }
  }
  ReadModules modules;
  for (tree::Module& module : all) {
    const bool replaces =
        std::find(replacing.begin(), replacing.end(), sources[module.file].name) != replacing.end();
    (replaces ? modules.replacements : modules.own).push_back(std::move(module));
  }
  return modules;
}

std::vector<CheckedReplacement> checkReplacements(const ReadModules& modules,
                                                  const std::vector<Source>& sources,
                                                  std::vector<Diagnostic>& diagnostics,
                                                  const CheckOptions& options) {
  std::vector<CheckedReplacement> checked;
  for (std::size_t own = 0; own < modules.own.size(); ++own) {
    const tree::Module& module = modules.own[own];
    eachReplacement(module, [&](const tree::Declaration& test, std::size_t section,
                                std::size_t at) {
      const tree::Action& action = test.sections[section].doings[at];
      const std::string name = folderOf(sources[module.file].name) + action.file;
      const auto file =
          std::find_if(modules.replacements.begin(), modules.replacements.end(),
                       [&](const tree::Module& each) { return sources[each.file].name == name; });
      if (file == modules.replacements.end()) {
        Diagnostic& d = diagnostics.emplace_back();
        d.code = "RL2023";
        d.span = action.fileSpan == Span{} ? action.span : action.fileSpan;
        d.message = "these rules are not there: no other source is called " + model::quoted(name);
        d.help.push_back("hand the file in with the module, under that name");
        return;
      }
      std::vector<tree::Module> together = modules.own;
      together[own] = *file;
      together[own].declarations.erase(
          std::remove_if(
              together[own].declarations.begin(), together[own].declarations.end(),
              [](const tree::Declaration& d) { return d.kind == tree::Declaration::Kind::Test; }),
          together[own].declarations.end());
      together[own].declarations.push_back(restOf(test, section, at));
      std::vector<Diagnostic> found;
      checked.push_back({action.span, checkProgram(together, found, options)});
      take(found, test, action.span, file->file, diagnostics);
    });
  }
  return checked;
}

}  // namespace reticle
