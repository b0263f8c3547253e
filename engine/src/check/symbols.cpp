// Finds who is meant by a name: CEL's container rule first, then the imports; and finds the names
// that nobody means.
#include "check/symbols.h"

#include <algorithm>

#include "model/message.h"

namespace reticle::model {

// All names before the first lookup, so that the order of the text does not matter.
void Symbols::collect() {
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) declare(module, declaration);
  }
  checkImports();
}

// A module may also be imported for a declaration of its own name.
void Symbols::checkImports() {
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
          report_.error("RL1005", import.module.span, "there is no module called " + quoted(name));
      if (!suggest(d, import.module.span, name, moduleNames).empty()) continue;
      d.help.push_back("the files of a program are given together: `reticle check --together " +
                       std::string(module.name ? module.name.text : "this") + ".rules " + name +
                       ".rules`");
      d.notes.push_back("a module is found by what its file says after `module`, not by its name");
    }
  }
}

// What a missing module would have declared is not missed a second time.
bool Symbols::excused(const tree::Module* from) {
  if (std::find(brokenImports_.begin(), brokenImports_.end(), from) == brokenImports_.end()) {
    return false;
  }
  report_.fail();
  return true;
}

// Asked with the declaration and not with its name, since a name may be taken by another.
std::optional<std::uint32_t> Symbols::indexOf(const tree::Declaration& declaration) const {
  const auto found = indexes_.find(&declaration);
  return found == indexes_.end() ? std::nullopt : std::optional(found->second);
}

// Whatever is looked up counts as used.
const Symbol* Symbols::find(const std::string& qualified) {
  const auto found = symbols_.find(qualified);
  if (found == symbols_.end()) return nullptr;
  found->second.used = true;
  return &found->second;
}

// Nearest first: what is declared here is never hidden by an import.
const Symbol* Symbols::lookup(const std::string& name, const tree::Module* from) {
  if (const Symbol* symbol = findAround(name, from)) return symbol;
  if (!from) return nullptr;
  if (const Symbol* symbol = findByPrefix(name, *from)) return symbol;
  return findImported(name, *from);
}

// CEL's container rule: the module's own names first, then those of the modules around it.
const Symbol* Symbols::findAround(const std::string& name, const tree::Module* from) {
  for (std::string container = from ? from->name.text : ""; !container.empty();) {
    if (const Symbol* symbol = find(container + "." + name)) return symbol;
    const std::size_t dot = container.rfind('.');
    container.resize(dot == std::string::npos ? 0 : dot);
  }
  const Symbol* symbol = find(name);
  if (!symbol || !from) return symbol;
  // Written in full: the import that allows it is used.
  for (const tree::Import& import : from->imports) {
    const std::string& target = import.module.text;
    if (name == target || name.starts_with(target + ".")) usedImports_.insert(&import);
  }
  return symbol;
}

// `pricing.LIMIT`, with the alias or the last part of an import in front.
const Symbol* Symbols::findByPrefix(const std::string& name, const tree::Module& from) {
  for (const tree::Import& import : from.imports) {
    const std::string& target = import.module.text;
    const std::string last = target.substr(target.rfind('.') + 1);  // npos + 1 is 0
    const std::string& prefix = import.alias ? import.alias.text : last;
    if (name == prefix) {
      if (const Symbol* symbol = find(target)) {
        usedImports_.insert(&import);
        return symbol;
      }
    }
    if (name.size() > prefix.size() + 1 && name.compare(0, prefix.size(), prefix) == 0 &&
        name[prefix.size()] == '.') {
      if (const Symbol* symbol = find(target + name.substr(prefix.size()))) {
        usedImports_.insert(&import);
        return symbol;
      }
    }
  }
  return nullptr;
}

// A bare name that an import gives; the first import wins, and a second one is reported.
const Symbol* Symbols::findImported(const std::string& name, const tree::Module& from) {
  const Symbol* found = nullptr;
  const tree::Import* giver = nullptr;
  for (const tree::Import& import : from.imports) {
    const Symbol* symbol = find(import.module.text + "." + name);
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
      Diagnostic& d =
          report_.error("RL1008", import.span, quoted(name) + " comes from two imports");
      d.related.push_back({giver->span, "also from here"});
      d.help.push_back("write " + quoted(giver->module.text + "." + name) + " or " +
                       quoted(import.module.text + "." + name));
    }
  }
  return found;
}

// In the order of their qualified names, which makes suggestions stable.
std::vector<std::string> Symbols::namesOf(std::initializer_list<Symbol::Kind> kinds,
                                          const tree::Module* from) const {
  std::vector<std::string> names;
  if (report_.isFull()) return names;  // for advice alone, which nobody would read
  const std::string own = from && from->name ? from->name.text + "." : "";
  for (const auto& [qualified, symbol] : symbols_) {
    if (std::find(kinds.begin(), kinds.end(), symbol.kind) == kinds.end()) continue;
    bool shortened = !own.empty() && qualified.starts_with(own);
    std::string name = shortened ? qualified.substr(own.size()) : qualified;
    for (std::size_t i = 0; from && !shortened && i < from->imports.size(); ++i) {
      const std::string prefix = from->imports[i].module.text + ".";
      if (!qualified.starts_with(prefix)) continue;
      name = qualified.substr(prefix.size());
      shortened = true;
    }
    names.push_back(std::move(name));
  }
  return names;
}

// After a mistake nobody knows what would have been used.
void Symbols::warnUnusedImports() {
  if (report_.failed()) return;
  for (const tree::Module& module : modules_) {
    for (const tree::Import& import : module.imports) {
      if (!import.module || usedImports_.contains(&import)) continue;
      Diagnostic& d = report_.warn("RL3002", import.span,
                                   quoted(import.module.text) + " is imported and never used");
      d.fixes.push_back(edit("take the import away", import.span, ""));
    }
  }
}

// A module that others import is a library, and so is one that does nothing by itself: who uses it
// need not be here.
bool Symbols::isLibrary(const tree::Module& module) const {
  using Kind = tree::Declaration::Kind;
  const bool acts = std::any_of(
      module.declarations.begin(), module.declarations.end(), [](const tree::Declaration& d) {
        return d.kind == Kind::Rule || d.kind == Kind::Query || d.kind == Kind::Flow;
      });
  const auto imports = [&](const tree::Import& import) {
    return import.module.text == module.name.text ||
           import.module.text.starts_with(module.name.text + ".");
  };
  return !acts || std::any_of(modules_.begin(), modules_.end(), [&](const tree::Module& other) {
    return &other != &module && std::any_of(other.imports.begin(), other.imports.end(), imports);
  });
}

// The same holds for declarations.
void Symbols::warnUnusedDeclarations() {
  if (report_.failed()) return;
  for (const tree::Module& module : modules_) {
    if (isLibrary(module)) continue;
    for (const tree::Declaration& declaration : module.declarations) {
      warnUnusedDeclaration(module, declaration);
    }
  }
}

// Facts and subjects may come from outside, and enums cost nothing: what can be called, and events
// that nobody handles, are as a rule left over.
void Symbols::warnUnusedDeclaration(const tree::Module& module,
                                    const tree::Declaration& declaration) {
  using Kind = tree::Declaration::Kind;
  const bool callable = declaration.kind == Kind::Const || declaration.kind == Kind::Function ||
                        declaration.kind == Kind::Table || declaration.kind == Kind::Host;
  if (!callable && declaration.kind != Kind::Event) return;
  const std::string& name = declaration.name.text;
  const auto symbol = symbols_.find(module.name ? module.name.text + "." + name : name);
  if (symbol == symbols_.end() || symbol->second.used || name[0] == '_') return;
  Diagnostic& d =
      report_.warn("RL3002", declaration.name.span,
                   callable ? quoted(name) + " is declared and never used"
                            : "nothing emits " + quoted(name) + ", and nothing waits for it");
  if (callable) {
    d.help.push_back(name.find('.') == std::string::npos
                         ? "take it away, or to keep it call it " + quoted("_" + name)
                         : "take it away, or call it in a step of a flow");
  } else {
    d.help.push_back("take it away, or react to it with a rule: " + quoted("on e: " + name));
  }
}

}  // namespace reticle::model
