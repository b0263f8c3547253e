// What the modules declare, by name: who is meant where, and what nobody means.
//
// Invariants:
//   (1) A name is resolved in the module that wrote it, never in the one that uses the declaration:
//       every question says from where it is asked (null: from nowhere, as plain CEL does).
//   (2) A declaration has one name; the first of two keeps it, and the second has no index.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/reporter.h"
#include "expression/type.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

// A declaration that expressions and actions can name.
struct Symbol {
  enum class Kind : std::uint8_t { Type, Enum, Const, Function, Host, Query, Flow };
  Kind kind{};
  std::uint32_t index = 0;                         // among its kind
  const tree::Declaration* declaration = nullptr;  // null: built in
  const tree::Module* module = nullptr;
  bool used = false;  // something has looked it up
};

class Symbols {
 public:
  Symbols(const std::vector<tree::Module>& modules, Program& program, Reporter& report)
      : modules_(modules), program_(program), report_(report) {}

  // Gives every declaration its name, and the program a place for what it declares.
  void collect();
  // A type of the engine's own. Requires: it is type 0.
  void addBuiltin(const std::string& name) { symbols_.emplace(name, Symbol{}); }

  // Null: nothing is called so. Two imports that both give the name are reported here.
  const Symbol* lookup(const std::string& name, const tree::Module* from);
  // The names of these kinds as they are written in that module.
  std::vector<std::string> namesOf(std::initializer_list<Symbol::Kind> kinds,
                                   const tree::Module* from) const;
  // Whether an unknown name may come from an import that was not found, which was reported.
  bool excused(const tree::Module* from);

  // The place of a declaration among its kind; empty when its name belongs to another.
  std::optional<std::uint32_t> indexOf(const tree::Declaration& declaration) const;
  const Type& enumAt(std::uint32_t index) const { return enums_[index].type; }
  Span enumSpan(std::uint32_t index) const { return enums_[index].span; }
  // By index.
  const std::vector<Symbol>& consts() const { return consts_; }
  const std::vector<Symbol>& functions() const { return functions_; }
  const std::vector<Symbol>& queries() const { return queries_; }
  const std::map<std::string, Span>& ruleNames() const { return ruleNames_; }

  // Last: everything has been looked up.
  void warnUnusedImports();
  void warnUnusedDeclarations();

 private:
  struct Enum {
    Type type;
    Span span;
  };

  void declare(const tree::Module& module, const tree::Declaration& declaration);
  bool takeName(const tree::Declaration& declaration, const std::string& qualified);
  bool isOtherVersion(const tree::Declaration& declaration, const std::string& qualified) const;
  void declareVersion(const tree::Module& module, const tree::Declaration& declaration,
                      const std::string& qualified);
  std::uint32_t addType(const tree::Declaration& declaration, const std::string& qualified);
  std::uint32_t addEnum(const tree::Declaration& declaration);
  // Makes a place for it in the program, and fills in kind and index.
  void place(const tree::Declaration& declaration, const std::string& qualified, Symbol& symbol);
  void checkImports();
  const Symbol* find(const std::string& qualified);
  const Symbol* findAround(const std::string& name, const tree::Module* from);
  const Symbol* findByPrefix(const std::string& name, const tree::Module& from);
  const Symbol* findImported(const std::string& name, const tree::Module& from);
  bool isLibrary(const tree::Module& module) const;
  void warnUnusedDeclaration(const tree::Module& module, const tree::Declaration& declaration);

  const std::vector<tree::Module>& modules_;
  Program& program_;
  Reporter& report_;
  std::map<std::string, Symbol> symbols_;  // by qualified name
  std::map<std::string, Span> spans_;      // of their names
  std::map<const tree::Declaration*, std::uint32_t> indexes_;
  std::vector<Enum> enums_;
  std::vector<Symbol> consts_, functions_, queries_;
  std::map<std::string, Span> ruleNames_;
  std::set<const tree::Import*> usedImports_;
  std::vector<const tree::Module*> brokenImports_;
};

}  // namespace reticle::model
