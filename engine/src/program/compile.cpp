// From sources to a program: read, check, build; and what can be said of each stage.
//
// Later stages rely on what earlier ones have found sound: nothing is built from a model with
// errors. A program is made in its place and never moved, since its flows point into its model.
#include <algorithm>
#include <tuple>

#include "base/hash.h"
#include "check/check.h"
#include "form/dump.h"
#include "form/fit_fixes.h"
#include "form/read_module.h"
#include "journal/dump.h"
#include "model/time.h"
#include "program/program_state.h"
#include "program/replacements.h"
#include "program/table_files.h"
#include "reticle/dump.h"
#include "reticle/program.h"
#include "session/session.h"
#include "syntax/parser.h"
#include "trace/tracer.h"

namespace reticle {

namespace {

// Reads and checks all sources as one program. Diagnostics of reading come first into the list,
// fixes of checking are fitted to the form of their source, and all are sorted by place.
struct FrontEnd {
  std::optional<model::Program> program;
  std::vector<CheckedReplacement> replacements;
};
FrontEnd frontEnd(Compiled& compiled, CheckOptions options) {
  ReadModules modules = readModules(compiled.sources, compiled.diagnostics);
  fillTables(modules.own, compiled.sources, compiled.diagnostics);
  fillTables(modules.replacements, compiled.sources, compiled.diagnostics);
  const std::size_t read = compiled.diagnostics.size();
  options.sources = &compiled.sources;
  FrontEnd checked;
  checked.program = checkProgram(modules.own, compiled.diagnostics, options);
  checked.replacements =
      checkReplacements(modules, compiled.sources, compiled.diagnostics, options);
  fitFixes(compiled.diagnostics, read, compiled.sources);
  std::stable_sort(compiled.diagnostics.begin(), compiled.diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tuple(a.span.file, a.span.begin) <
                            std::tuple(b.span.file, b.span.begin);
                   });
  limit(compiled.diagnostics);
  return checked;
}

// Whether what every session begins with can be: a key twice, a value that `where` refuses. What
// rests on functions of the host cannot be tried.
bool tryGiven(const Program& program, std::vector<Diagnostic>& diagnostics) {
  if (program.model.given.empty()) return true;
  const bool asksHost = std::any_of(program.model.hosts.begin(), program.model.hosts.end(),
                                    [](const model::Host& host) { return host.pure; });
  if (asksHost) return true;
  Tracer tracer(nullptr);
  EngineOptions options;
  options.journal = false;
  Session session(program.model, program.network, options, tracer);
  session.connect(nullptr, nullptr, nullptr);
  session.begin(0);
  const Status done = session.insertGiven();
  if (done) return true;
  Diagnostic& d = diagnostics.emplace_back();
  d.code = "RL2022";
  d.span = done.error().place;
  d.message = "what is given cannot be there at the start: " + done.error().message;
  if (!done.error().fix.empty()) d.help.push_back(done.error().fix);
  return false;
}

// From a checked program to one that sessions can share.
std::shared_ptr<Program> build(model::Program checked, const std::vector<Source>& sources) {
  auto program = std::make_shared<Program>();
  program->model = std::move(checked);
  model::arrangeTime(program->model);
  program->network = buildNetwork(program->model);
  program->flows = compileFlows(program->model);
  program->sources = sources;
  program->hash = hashBytes(model::dump(program->model));
  return program;
}

}  // namespace

// The same without building.
Compiled check(std::vector<Source> sources) {
  Compiled compiled;
  compiled.sources = std::move(sources);
  frontEnd(compiled, {});
  return compiled;
}

// In the order of the stages; each stops at the first that has errors.
Compiled compile(std::vector<Source> sources) {
  Compiled compiled;
  compiled.sources = std::move(sources);
  FrontEnd checked = frontEnd(compiled, {});
  if (!checked.program || hasErrors(compiled.diagnostics)) return compiled;
  const std::shared_ptr<Program> program = build(*std::move(checked.program), compiled.sources);
  if (!tryGiven(*program, compiled.diagnostics)) return compiled;
  for (CheckedReplacement& each : checked.replacements) {
    if (!each.program) return compiled;
    const std::shared_ptr<Program> next = build(*std::move(each.program), compiled.sources);
    if (!tryGiven(*next, compiled.diagnostics)) return compiled;
    program->replacements.emplace_back(each.action, next);
  }
  compiled.program = program;
  return compiled;
}

Compiled compile(std::string_view name, std::string_view text) {
  std::vector<Source> sources;
  sources.push_back({std::string(name), std::string(text)});
  return compile(std::move(sources));
}

std::string Compiled::text() const { return render(diagnostics, sources); }

// The checker again, this time only for what it knows: its diagnostics are left aside.
std::string analyze(const std::vector<Source>& sources) {
  std::string text;
  std::vector<Diagnostic> ignored;
  ReadModules modules = readModules(sources, ignored);
  fillTables(modules.own, sources, ignored);
  checkProgram(std::move(modules.own), ignored, {.analysis = &text});
  return text;
}

// The tree is read anew: a program does not keep it.
std::string dump(const Compiled& compiled, Stage stage) {
  switch (stage) {
    case Stage::Tree: {
      std::string text;
      std::vector<Diagnostic> ignored;
      for (const tree::Module& module : readModules(compiled.sources, ignored).own) {
        text += dump(module);
      }
      return text;
    }
    case Stage::Model:
      return compiled.program ? model::dump(compiled.program->model, model::Internals::Hidden) : "";
    case Stage::Network:
      return compiled.program ? dump(compiled.program->network, compiled.program->model) : "";
  }
  return "";
}

std::string dumpJournal(std::string_view journal, const Program* program) {
  return dumpJournal(journal, program ? &program->model : nullptr);
}

std::uint64_t programHash(const Program& program) { return program.hash; }

}  // namespace reticle
