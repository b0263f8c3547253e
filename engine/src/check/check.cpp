// The codes of this stage. RL0 (all but RL0100) belongs to the parser, RL9 to the running engine.
//
//   RL0100  part of the language that this engine does not carry out yet
//   RL1001  unknown field                              RL1002  unknown type, fact, event or subject
//   RL1003  unknown function or host function          RL1004  unknown name; used before it is
//           bound
//   RL1005  unknown rule, flow, module or step         RL1006  a name means two things here
//   RL1007  declared or bound twice                    RL1008  two imports give the same name
//   RL1009  a name that the engine keeps for itself    RL1011  undeclared property much like a
//           declared one (warning)
//   RL2001  a value of the wrong type                  RL2002  wrong number or names of arguments
//   RL2003  operands that do not fit their operator    RL2004  a condition that is not true or
//           false
//   RL2005  not a value of the enum                    RL2006  the same key or field given twice
//   RL2007  may be null                                RL2008  a required field is missing
//   RL2009  the wrong kind of thing for this deed      RL2010  comparison that can never hold:
//           unlike enums, or null with what never is
//   RL2011  integer division that is 0 (warning)       RL2012  a sum or product that always
//           overflows (warning)
//   RL2013  a comparison that always turns out the same way (warning)
//   RL2014  a constant that cannot be computed
//   RL2015  recursion of functions, constants, queries RL2016  a host function that is not pure, in
//           an expression
//   RL2017  cannot be walked, indexed or selected from RL2018  attributes that contradict each
//           other
//   RL2019  a plan of `cron` that cannot be read       RL2020  nested too deeply, or too many steps
//   RL3002  bound or declared, never used (warning)    RL3005  nothing connects two patterns
//           (warning)
//   RL3007  constraints that contradict each other     RL3009  null joins null (warning)
//   RL3011  the clock in a condition                   RL3012  events kept for ever (warning)
//   RL3013  more than an accumulate function can do
//   RL4001  a rule that feeds itself (warning)          RL4006  a rule that repeats another
//           (information)
//   RL5001  values that no row of a table matches (w.) RL5002  two rows of a table that both match
//   RL5003  a row that is never reached (warning)      RL5004  two rows with the same conditions
//   RL5005  rows that meet and disagree under `any`    RL5006  a column that never matters
//           (information)
//   RL5007  what `hit collect` does not give           RL5009  a row of the wrong width
//   RL5008  the subjects of the columns do not fit the parameters
//   RL6001  a condition that never holds (warning)     RL6002  a condition that always holds
//           (warning)
//   RL6003  a wait that never ends (warning)           RL6004  a step that is never reached
//   RL6005  a value that may not be there
//   RL6006  steps that wait for each other             RL6007  two steps of one name
//   RL6008  a call that cannot be undone               RL6009  a run that may stay for ever
//           (information)
//   RL6011  a deed in a place where it has no meaning  RL6012  `insert logical` outside of a rule
//   RL6013  the result of a call that has none         RL6014  an event at two times
//   RL7001  a test that expects nothing (warning)      RL7002  a script that nothing asks for
//           (warning)
//   RL7004  a time that cannot be read                 RL7005  not a state of a flow
//   RL7006  a script for what is no host function's
#include "check/check.h"

#include <algorithm>

#include "analysis/analysis.h"
#include "base/suggest.h"
#include "check/checker.h"
#include "document/document.h"

namespace reticle {

std::optional<model::Program> checkProgram(const std::vector<tree::Module>& modules,
                                           std::vector<Diagnostic>& diagnostics,
                                           CheckOptions options) {
  return model::Checker(modules, diagnostics, options).run();
}

namespace model {

Checker::Checker(const std::vector<tree::Module>& modules, std::vector<Diagnostic>& diagnostics,
                 CheckOptions options)
    : modules_(modules),
      diagnostics_(diagnostics),
      options_(options),
      failed_(hasErrors(diagnostics)) {
  for (const Diagnostic& d : diagnostics) {
    if (d.level == Level::Error) unread_.push_back(d.span);
  }
}

std::optional<Program> Checker::run() {
  using Kind = tree::Declaration::Kind;
  const std::size_t before = diagnostics_.size();
  if (!modules_.empty()) program_.module = modules_[0].name.text;
  addClock();
  collect();
  index_.declare(modules_);
  for (Kind kind : {Kind::Fact, Kind::Event, Kind::Subject}) {
    eachDeclaration(kind, &Checker::declareFields);
  }
  eachDeclaration(Kind::Host, &Checker::declareHost);
  eachDeclaration(Kind::Flow, &Checker::declareFlow);
  for (std::uint32_t i = 0; i < functions_.size(); ++i) {
    module_ = functions_[i].symbol.module;
    const tree::Declaration& declaration = *functions_[i].symbol.declaration;
    functions_[i].params = params(declaration.params);
    if (declaration.result) functions_[i].result = resolve(*declaration.result);
    if (!declaration.results.empty()) {
      functions_[i].result = Type::of(TypeKind::Row);
      for (const tree::Field& result : declaration.results) {
        functions_[i].result.members.push_back(
            {result.name.text, resolve(result.type), result.name.span});
      }
    }
    for (const Param& param : functions_[i].params) {
      program_.functions[i].params.push_back(param.name);
    }
  }
  for (std::uint32_t i = 0; i < queries_.size(); ++i) {
    module_ = queries_[i].symbol.module;
    program_.queries[i].params = params(queries_[i].symbol.declaration->params);
  }
  for (std::uint32_t i = 0; i < consts_.size(); ++i) checkConst(i);
  for (std::uint32_t i = 0; i < functions_.size(); ++i) checkFunction(i);
  for (Kind kind : {Kind::Fact, Kind::Event, Kind::Subject}) {
    eachDeclaration(kind, &Checker::checkFields);
  }
  for (Kind kind : {Kind::Host, Kind::Query, Kind::Flow}) eachDeclaration(kind, &Checker::defaults);
  for (std::uint32_t i = 0; i < queries_.size(); ++i) checkQuery(i);
  eachDeclaration(Kind::Rule, &Checker::checkRule);
  eachDeclaration(Kind::Flow, &Checker::checkFlow);
  eachDeclaration(Kind::Test, &Checker::checkTest);
  warnUnheardSignals();
  eachDeclaration(Kind::Test, &Checker::warnUnusedScripts);
  warnUnusedImports();
  warnUnusedDeclarations();
  analyse();
  refuseUnsupported();
  index_.complete();
  // In the order of the text, whatever the order of the work.
  std::stable_sort(diagnostics_.begin() + static_cast<std::ptrdiff_t>(before), diagnostics_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return a.span.file != b.span.file ? a.span.file < b.span.file
                                                       : a.span.begin < b.span.begin;
                   });
  if (failed_) return std::nullopt;
  return std::move(program_);
}

bool Checker::wasUnread(Span span) const {
  return std::any_of(unread_.begin(), unread_.end(), [&](Span s) {
    return s.file == span.file && s.begin >= span.begin && s.end <= span.end;
  });
}

bool Checker::excused() {
  if (std::find(brokenImports_.begin(), brokenImports_.end(), module_) == brokenImports_.end()) {
    return false;
  }
  failed_ = true;
  ++errors_;
  return true;
}

Diagnostic& Checker::say(Level level, std::string code, Span span, std::string message) {
  // The reader has already spoken about this place: what it made of it is no more the author's.
  if (wasUnread(span)) {
    if (level == Level::Error) ++errors_;
    silent_ = Diagnostic{};
    return silent_;
  }
  if (level == Level::Error) {
    failed_ = true;
    ++errors_;
  }
  Diagnostic d;
  d.code = std::move(code);
  d.level = level;
  d.span = span;
  d.message = std::move(message);
  diagnostics_.push_back(std::move(d));
  return diagnostics_.back();
}

Diagnostic& Checker::unsupported(Span span, const std::string& what, const std::string& note) {
  Diagnostic d;
  d.code = "RL0100";
  d.span = span;
  d.message = what + " is part of the language, but this engine does not carry it out yet";
  if (!note.empty()) d.notes.push_back(note);
  pending_.push_back(std::move(d));
  return pending_.back();
}

void Checker::refuseUnsupported() {
  if (!options_.forRun) return;
  for (Diagnostic& d : pending_) {
    if (wasUnread(d.span)) continue;
    failed_ = true;
    diagnostics_.push_back(std::move(d));
  }
}

void Checker::eachDeclaration(tree::Declaration::Kind kind,
                              void (Checker::*deed)(const tree::Declaration&)) {
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) {
      if (declaration.kind != kind) continue;
      module_ = &module;
      (this->*deed)(declaration);
    }
  }
}

void Checker::collect() {
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) declare(module, declaration);
  }
  std::vector<std::string> moduleNames;
  for (const tree::Module& module : modules_) {
    if (module.name) moduleNames.push_back(module.name.text);
  }
  for (const tree::Module& module : modules_) {
    for (const tree::Import& import : module.imports) {
      const std::string& name = import.module.text;
      if (name.empty() || symbols_.contains(name) ||
          std::find(moduleNames.begin(), moduleNames.end(), name) != moduleNames.end()) {
        continue;
      }
      brokenImports_.push_back(&module);
      Diagnostic& d =
          error("RL1005", import.module.span, "there is no module called " + quoted(name));
      suggest(d, import.module.span, name, moduleNames);
    }
  }
}

void Checker::warnUnusedImports() {
  if (failed_) return;
  for (const tree::Module& module : modules_) {
    for (const tree::Import& import : module.imports) {
      if (!import.module || usedImports_.contains(&import)) continue;
      Diagnostic& d =
          warn("RL3002", import.span, quoted(import.module.text) + " is imported and never used");
      d.fixes.push_back(edit("take the import away", import.span, ""));
    }
  }
}

// A module that others import is a library, and so is one that does nothing by itself: who uses it
// need not be here.
void Checker::warnUnusedDeclarations() {
  using Kind = tree::Declaration::Kind;
  if (failed_) return;
  for (const tree::Module& module : modules_) {
    const bool acts = std::any_of(
        module.declarations.begin(), module.declarations.end(), [](const tree::Declaration& d) {
          return d.kind == Kind::Rule || d.kind == Kind::Query || d.kind == Kind::Flow;
        });
    const bool imported =
        std::any_of(modules_.begin(), modules_.end(), [&](const tree::Module& other) {
          return &other != &module &&
                 std::any_of(other.imports.begin(), other.imports.end(),
                             [&](const tree::Import& import) {
                               return import.module.text == module.name.text ||
                                      import.module.text.starts_with(module.name.text + ".");
                             });
        });
    if (!acts || imported) continue;
    for (const tree::Declaration& declaration : module.declarations) {
      const bool callable = declaration.kind == Kind::Const || declaration.kind == Kind::Function ||
                            declaration.kind == Kind::Table || declaration.kind == Kind::Host;
      if (!callable && declaration.kind != Kind::Event) continue;
      const std::string& name = declaration.name.text;
      const auto symbol = symbols_.find(module.name ? module.name.text + "." + name : name);
      if (symbol == symbols_.end() || symbol->second.used || name[0] == '_') continue;
      Diagnostic& d =
          warn("RL3002", declaration.name.span,
               callable ? quoted(name) + " is declared and never used"
                        : "nothing emits " + quoted(name) + ", and nothing waits for it");
      if (callable) {
        d.help.push_back(name.find('.') == std::string::npos
                             ? "take it away, or to keep it call it " + quoted("_" + name)
                             : "take it away, or call it in a step of a flow");
      }
      if (!callable) {
        d.help.push_back("take it away, or react to it with a rule: " + quoted("on e: " + name));
      }
    }
  }
}

void Checker::declare(const tree::Module& module, const tree::Declaration& declaration) {
  using Kind = tree::Declaration::Kind;
  if (!declaration.name) return;
  const std::string qualified =
      module.name ? module.name.text + "." + declaration.name.text : declaration.name.text;
  const bool isRule = declaration.kind == Kind::Rule, isTest = declaration.kind == Kind::Test;
  // Rules and tests have names of their own; nothing else is told apart by its kind.
  const std::string key = isRule ? "rule " + qualified : isTest ? "test " + qualified : qualified;
  const auto [place, fresh] = spans_.try_emplace(key, declaration.name.span);
  if (!fresh || (!isRule && !isTest && declaration.name.text == "Clock")) {
    Diagnostic& d = error("RL1007", declaration.name.span,
                          isRule   ? "there are two rules called " + quoted(declaration.name.text)
                          : isTest ? "there are two tests called " + quoted(declaration.name.text)
                                   : quoted(declaration.name.text) + " is declared twice");
    if (fresh) {
      d.message = "`Clock` is a subject of the engine";
      d.notes.push_back("its fields are weekday, date, hour, minute and zone; choose another name");
    } else {
      d.label = "again here";
      d.related.push_back({place->second, "first declared here"});
    }
    return;
  }
  if (isRule) {
    ruleNames_.emplace(declaration.name.text, declaration.name.span);
    return;
  }
  Symbol symbol;
  symbol.declaration = &declaration;
  symbol.module = &module;
  switch (declaration.kind) {
    case Kind::Fact:
    case Kind::Event:
    case Kind::Subject: {
      FactType type;
      type.id = static_cast<TypeId>(program_.types.size());
      type.name = program_.findType(declaration.name.text) ? qualified : declaration.name.text;
      type.kind = declaration.kind == Kind::Fact    ? FactKind::Fact
                  : declaration.kind == Kind::Event ? FactKind::Event
                                                    : FactKind::Subject;
      type.wireName =
          declaration.kind == Kind::Event && !declaration.as.empty() ? declaration.as : type.name;
      type.open = declaration.open;
      if (declaration.expires) {
        type.expires = declaration.expires->value;
        if (*type.expires <= 0) {
          error("RL2009", declaration.expires->span,
                "an event that is kept for no time cannot be met")
              .help.push_back("write for how long it stays: `expires 10m`");
        }
      }
      type.doc = declaration.doc;
      type.span = declaration.name.span;
      symbol.kind = Symbol::Kind::Type;
      symbol.index = index(type.id);
      program_.types.push_back(std::move(type));
      break;
    }
    case Kind::Enum: {
      Type type = Type::of(TypeKind::Enum);
      type.name = declaration.name.text;
      for (const tree::Name& value : declaration.values) {
        const auto same = std::find(type.values.begin(), type.values.end(), value.text);
        if (same != type.values.end()) {
          Diagnostic& d =
              error("RL1007", value.span,
                    quoted(type.name) + " has the value " + quoted(value.text) + " twice");
          d.related.push_back(
              {declaration.values[static_cast<std::size_t>(same - type.values.begin())].span,
               "the first one"});
        } else {
          type.values.push_back(value.text);
        }
      }
      symbol.kind = Symbol::Kind::Enum;
      symbol.index = static_cast<std::uint32_t>(enums_.size());
      enums_.push_back(std::move(type));
      enumSpans_.push_back(declaration.name.span);
      break;
    }
    case Kind::Const:
      symbol.kind = Symbol::Kind::Const;
      symbol.index = static_cast<std::uint32_t>(consts_.size());
      consts_.push_back({symbol, State::Fresh, {}, {}});
      break;
    case Kind::Function:
    case Kind::Table:
      symbol.kind = Symbol::Kind::Function;
      symbol.index = static_cast<std::uint32_t>(functions_.size());
      functions_.push_back({symbol, State::Fresh, {}, {}});
      program_.functions.push_back({declaration.name.text, {}, {}});
      break;
    case Kind::Host: {
      symbol.kind = Symbol::Kind::Host;
      symbol.index = static_cast<std::uint32_t>(program_.hosts.size());
      Host host;
      host.id = static_cast<FunctionId>(symbol.index);
      host.name = declaration.name.text;
      host.pure = declaration.pure;
      host.span = declaration.name.span;
      program_.hosts.push_back(std::move(host));
      break;
    }
    case Kind::Query: {
      symbol.kind = Symbol::Kind::Query;
      symbol.index = static_cast<std::uint32_t>(queries_.size());
      Query query;
      query.id = static_cast<QueryId>(symbol.index);
      query.name = declaration.name.text;
      query.span = declaration.name.span;
      queries_.push_back({symbol, State::Fresh, {}});
      program_.queries.push_back(std::move(query));
      break;
    }
    case Kind::Flow: {
      symbol.kind = Symbol::Kind::Flow;
      symbol.index = static_cast<std::uint32_t>(program_.flows.size());
      Flow flow;
      flow.id = static_cast<FlowId>(symbol.index);
      flow.name = declaration.name.text;
      flow.doc = declaration.doc;
      flow.span = declaration.name.span;
      program_.flows.push_back(std::move(flow));
      break;
    }
    case Kind::Rule:
    case Kind::Test: return;
  }
  indexes_.emplace(&declaration, symbol.index);
  symbols_.emplace(qualified, symbol);
}

const Symbol* Checker::lookup(const std::string& name) {
  const auto at = [this](const std::string& qualified) -> const Symbol* {
    const auto found = symbols_.find(qualified);
    if (found == symbols_.end()) return nullptr;
    found->second.used = true;
    return &found->second;
  };
  // CEL's container rule: the module's own names first, then those of the modules around it.
  for (std::string container = module_ ? module_->name.text : ""; !container.empty();) {
    if (const Symbol* symbol = at(container + "." + name)) return symbol;
    const std::size_t dot = container.rfind('.');
    container.resize(dot == std::string::npos ? 0 : dot);
  }
  if (const Symbol* symbol = at(name)) {
    // Written in full: the import that allows it is used.
    for (std::size_t i = 0; module_ && i < module_->imports.size(); ++i) {
      const std::string& target = module_->imports[i].module.text;
      if (name == target || name.starts_with(target + ".")) {
        usedImports_.insert(&module_->imports[i]);
      }
    }
    return symbol;
  }
  if (!module_) return nullptr;
  for (const tree::Import& import : module_->imports) {
    const std::string& target = import.module.text;
    const std::string last = target.substr(target.rfind('.') + 1);  // npos + 1 is 0
    const std::string& prefix = import.alias ? import.alias.text : last;
    if (name == prefix) {
      if (const Symbol* symbol = at(target)) {
        usedImports_.insert(&import);
        return symbol;
      }
    }
    if (name.size() > prefix.size() + 1 && name.compare(0, prefix.size(), prefix) == 0 &&
        name[prefix.size()] == '.') {
      if (const Symbol* symbol = at(target + name.substr(prefix.size()))) {
        usedImports_.insert(&import);
        return symbol;
      }
    }
  }
  const Symbol* found = nullptr;
  const tree::Import* giver = nullptr;
  for (const tree::Import& import : module_->imports) {
    const Symbol* symbol = at(import.module.text + "." + name);
    if (!symbol) continue;
    // Two imports of one module, one of them perhaps for its alias: both count as used.
    usedImports_.insert(&import);
    if (symbol == found) continue;
    if (!found) {
      found = symbol;
      giver = &import;
      continue;
    }
    // Said once for each name, at the second import: there the author can say which is meant.
    if (spans_.try_emplace("import " + name, import.span).second) {
      Diagnostic& d = error("RL1008", import.span, quoted(name) + " comes from two imports");
      d.related.push_back({giver->span, "also from here"});
      d.help.push_back("write " + quoted(giver->module.text + "." + name) + " or " +
                       quoted(import.module.text + "." + name));
    }
  }
  return found;
}

std::vector<std::string> Checker::namesOf(std::initializer_list<Symbol::Kind> kinds) const {
  std::vector<std::string> names;
  const std::string own = module_ && module_->name ? module_->name.text + "." : "";
  for (const auto& [qualified, symbol] : symbols_) {
    if (std::find(kinds.begin(), kinds.end(), symbol.kind) == kinds.end()) continue;
    bool shortened = !own.empty() && qualified.starts_with(own);
    std::string name = shortened ? qualified.substr(own.size()) : qualified;
    for (std::size_t i = 0; module_ && !shortened && i < module_->imports.size(); ++i) {
      const std::string prefix = module_->imports[i].module.text + ".";
      if (!qualified.starts_with(prefix)) continue;
      name = qualified.substr(prefix.size());
      shortened = true;
    }
    names.push_back(std::move(name));
  }
  return names;
}

void Checker::analyse() {
  Analysis analysis(program_, modules_, ruleTrees_, tableTrees_);
  analysis.checkTables();
  if (!failed_) {
    analysis.checkConditions();
    analysis.checkValues();
    analysis.checkConflicts();
    analysis.checkDoubles();
    analysis.checkStrata();
    analysis.checkCycles();
  }
  if (options_.analysis) {
    *options_.analysis += analysis.tablesText() + (failed_ ? "" : analysis.conflictsText());
  }
  for (Diagnostic& found : analysis.take()) {
    Diagnostic& d = say(found.level, found.code, found.span, found.message);
    d = std::move(found);
  }
}

Expression Checker::finish(Expr tree) {
  Expression expression;
  if (!failed_) expression.code = compileExpr(tree, program_.functions);
  expression.tree = std::move(tree);
  return expression;
}

std::optional<Value> Checker::fold(const Expression& expression) {
  if (failed_ || expression.code.empty()) return std::nullopt;
  return evaluate(expression.code, Frame{});
}

bool Checker::allows(const std::string& code) const {
  const auto allowed = [&](const tree::Declaration* owner) {
    return owner && std::any_of(owner->allow.begin(), owner->allow.end(),
                                [&](const tree::Name& name) { return name.text == code; });
  };
  return allowed(rule_) || allowed(flowDeclaration_);
}

std::uint32_t Checker::lineAt(const Span& span) const {
  if (!options_.sources || span.file >= options_.sources->size()) return 0;
  const Source& source = (*options_.sources)[span.file];
  return documentFormOf(source.name) == DocumentForm::None ? positionOf(source, span.begin).line
                                                           : 0;
}

std::uint32_t Checker::onlyLineAt(const Span& span) const {
  const std::uint32_t line = lineAt(span);
  if (line == 0 || span.end < span.begin || span.end > (*options_.sources)[span.file].text.size()) {
    return 0;
  }
  const std::string_view text = (*options_.sources)[span.file].text;
  std::size_t begin = span.begin, end = span.end;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
  const bool alone =
      (begin == 0 || text[begin - 1] == '\n') && (end == text.size() || text[end] == '\n');
  return alone &&
                 text.substr(span.begin, span.end - span.begin).find('\n') == std::string_view::npos
             ? line
             : 0;
}

}  // namespace model
}  // namespace reticle
