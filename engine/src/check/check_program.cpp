// The whole check of a program: which part does what, in which order.
#include <algorithm>

#include "analysis/analysis.h"
#include "check/checker.h"
#include "model/types.h"

namespace reticle::model {

// The parts borrow each other before all of them are made: none calls another before the checker
// runs.
Checker::Checker(const std::vector<tree::Module>& modules, std::vector<Diagnostic>& diagnostics,
                 CheckOptions options, const Environment* alone)
    : modules_(modules),
      options_(options),
      report_(diagnostics, options.sources),
      index_(options.index),
      symbols_(modules, program_, report_),
      types_(program_, symbols_, index_, report_),
      bindings_(index_, report_),
      fit_(types_, report_, alone),
      shared_{program_, report_, symbols_, types_, bindings_, fit_, index_},
      expressions_(shared_, definitions_),
      facts_(shared_, expressions_),
      tables_(shared_, expressions_),
      patterns_(shared_, expressions_),
      conditions_(shared_, expressions_, patterns_),
      definitions_(shared_, expressions_, tables_, conditions_),
      arguments_(shared_, expressions_),
      ways_(shared_, expressions_),
      actions_(shared_, modules, expressions_, patterns_, arguments_, ways_, flows_, tests_),
      flows_(shared_, expressions_, patterns_, conditions_, arguments_, ways_, actions_),
      rules_(shared_, expressions_, conditions_, actions_),
      tests_(shared_, expressions_, patterns_, arguments_, actions_) {}

template <typename Check>
void Checker::eachDeclaration(tree::Declaration::Kind kind, const Check& check) {
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) {
      if (declaration.kind == kind) check(declaration, &module);
    }
  }
}

// Warnings about what nobody uses come when everything has been read, and the analyses when it was
// read without a mistake.
std::optional<Program> Checker::run() {
  const std::size_t before = report_.said();
  if (!modules_.empty()) program_.module = modules_[0].name.text;
  checkDeclarations();
  checkBodies();
  requireZones();
  symbols_.warnUnusedImports();
  symbols_.warnUnusedDeclarations();
  analyse();
  index_.complete();
  report_.reportLeft();
  report_.sort(before);
  if (report_.failed()) return std::nullopt;
  return std::move(program_);
}

// Heads before bodies, so that the order of the text does not matter.
void Checker::checkDeclarations() {
  using Kind = tree::Declaration::Kind;
  using tree::Declaration;
  using tree::Module;
  facts_.addClock();
  symbols_.collect();
  index_.declare(modules_);
  for (Kind kind : {Kind::Fact, Kind::Event, Kind::Subject}) {
    eachDeclaration(
        kind, [&](const Declaration& d, const Module* from) { facts_.declareFields(d, from); });
  }
  eachDeclaration(Kind::Host, [&](const Declaration& d, const Module* from) {
    definitions_.declareHost(d, from);
  });
  eachDeclaration(Kind::Flow, [&](const Declaration& d, const Module* from) {
    definitions_.declareFlow(d, from);
  });
  definitions_.declareFunctions();
  definitions_.declareQueries();
  definitions_.checkConstsAndFunctions();
  for (Kind kind : {Kind::Fact, Kind::Event, Kind::Subject}) {
    eachDeclaration(kind,
                    [&](const Declaration& d, const Module* from) { facts_.checkFields(d, from); });
  }
  for (Kind kind : {Kind::Host, Kind::Query, Kind::Flow}) {
    eachDeclaration(
        kind, [&](const Declaration& d, const Module* from) { definitions_.defaults(d, from); });
  }
  definitions_.checkQueries();
}

// Rules before flows: a rule may start a flow by its head alone.
void Checker::checkBodies() {
  using Kind = tree::Declaration::Kind;
  using tree::Declaration;
  using tree::Module;
  eachDeclaration(Kind::Rule,
                  [&](const Declaration& d, const Module* from) { rules_.checkRule(d, from); });
  eachDeclaration(Kind::Flow,
                  [&](const Declaration& d, const Module* from) { flows_.checkFlow(d, from); });
  eachDeclaration(Kind::Given,
                  [&](const Declaration& d, const Module* from) { tests_.checkGiven(d, from); });
  eachDeclaration(Kind::Test,
                  [&](const Declaration& d, const Module* from) { tests_.checkTest(d, from); });
  ways_.warnUnheardSignals();
  eachDeclaration(Kind::Test, [&](const Declaration& d, const Module* from) {
    tests_.warnUnusedScripts(d, from);
  });
}

// Its messages go through the reporter as all others do, which keeps silent where the parser has
// spoken.
void Checker::analyse() {
  Analysis analysis(program_, modules_, rules_.trees(), tables_.trees());
  analysis.checkTables();
  if (!report_.failed()) {
    analysis.checkConditions();
    analysis.checkValues();
    analysis.checkConflicts();
    analysis.checkDoubles();
    analysis.checkStrata();
    analysis.checkCycles();
  }
  if (options_.analysis) {
    *options_.analysis +=
        analysis.tablesText() + (report_.failed() ? "" : analysis.conflictsText());
  }
  for (Diagnostic& found : analysis.take()) {
    Diagnostic& d = report_.say(found.level, found.code, found.span, found.message);
    d = std::move(found);
  }
  for (const auto& [level, span] : analysis.left()) {
    report_.say(level, "RL0099", span, "and 1 more").more = 1;
  }
}

// Names were resolved before (see check_alone.h): a variable is a local whose name begins with a
// point, so that no variable of a macro is taken for it.
bool Checker::runAlone(Expr& e) {
  const Environment& environment = *fit_.alone();
  Scope s;
  s.place = Scope::Place::Function;
  for (std::size_t i = 0; i < environment.variables.size(); ++i) {
    Binding binding;
    binding.name = "." + environment.variables[i].first;
    binding.type = environment.variables[i].second;
    binding.ref = {Ref::Kind::Local, static_cast<std::uint32_t>(i), {}};
    binding.what = "variable";
    binding.quiet = true;
    s.bindings.push_back(std::move(binding));
  }
  expressions_.check(e, s);
  return !report_.failed() && !isPoison(e.type);
}

}  // namespace reticle::model
