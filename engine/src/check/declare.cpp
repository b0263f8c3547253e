// Gives declarations their names, and the program a place for each.
#include <algorithm>

#include "check/symbols.h"
#include "model/message.h"

namespace reticle::model {
namespace {

FactKind factKindOf(tree::Declaration::Kind kind) {
  return kind == tree::Declaration::Kind::Fact    ? FactKind::Fact
         : kind == tree::Declaration::Kind::Event ? FactKind::Event
                                                  : FactKind::Subject;
}

std::uint32_t sizeOf(std::size_t size) { return static_cast<std::uint32_t>(size); }

}  // namespace

// Without a name there is nothing to find it by; the parser has reported that.
void Symbols::declare(const tree::Module& module, const tree::Declaration& declaration) {
  if (!declaration.name) return;
  const std::string qualified =
      module.name ? module.name.text + "." + declaration.name.text : declaration.name.text;
  if (isOtherVersion(declaration, qualified)) return declareVersion(module, declaration, qualified);
  if (!takeName(declaration, qualified)) return;
  if (declaration.kind == tree::Declaration::Kind::Rule) {
    ruleNames_.emplace(declaration.name.text, declaration.name.span);
    return;
  }
  if (declaration.kind == tree::Declaration::Kind::Test) return;
  Symbol symbol;
  symbol.declaration = &declaration;
  symbol.module = &module;
  place(declaration, qualified, symbol);
  indexes_.emplace(&declaration, symbol.index);
  symbols_.emplace(qualified, symbol);
}

// A flow may be declared again with another version.
bool Symbols::isOtherVersion(const tree::Declaration& declaration,
                             const std::string& qualified) const {
  const auto found = symbols_.find(qualified);
  if (declaration.kind != tree::Declaration::Kind::Flow || !declaration.version ||
      found == symbols_.end() || found->second.kind != Symbol::Kind::Flow ||
      !found->second.declaration->version) {
    return false;
  }
  const FlowId newest{found->second.index};
  return std::none_of(program_.flows.begin(), program_.flows.end(), [&](const Flow& flow) {
    return flow.newest == newest && flow.version == declaration.version;
  });
}

// The name means the newest one.
void Symbols::declareVersion(const tree::Module& module, const tree::Declaration& declaration,
                             const std::string& qualified) {
  Symbol symbol;
  symbol.declaration = &declaration;
  symbol.module = &module;
  place(declaration, qualified, symbol);
  indexes_.emplace(&declaration, symbol.index);
  Symbol& known = symbols_.find(qualified)->second;
  const FlowId before{known.index}, made{symbol.index};
  const bool newer = *declaration.version > *known.declaration->version;
  program_.flows[index(made)].newest = newer ? made : before;
  if (!newer) return;
  for (Flow& flow : program_.flows) {
    if (flow.newest == before) flow.newest = made;
  }
  symbol.used = known.used;
  known = symbol;
}

// False when another declaration has the name, which is reported.
bool Symbols::takeName(const tree::Declaration& declaration, const std::string& qualified) {
  using Kind = tree::Declaration::Kind;
  const bool isRule = declaration.kind == Kind::Rule, isTest = declaration.kind == Kind::Test;
  // Rules and tests have names of their own; all other kinds share theirs.
  const std::string key = isRule ? "rule " + qualified : isTest ? "test " + qualified : qualified;
  const auto [place, fresh] = spans_.try_emplace(key, declaration.name.span);
  if (fresh && (isRule || isTest || declaration.name.text != "Clock")) return true;
  Diagnostic& d =
      report_.error("RL1007", declaration.name.span,
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
  return false;
}

// A bare name that two modules use is the first one's; the second is known by its full name, also
// in traces.
std::uint32_t Symbols::addType(const tree::Declaration& declaration, const std::string& qualified) {
  FactType type;
  type.id = static_cast<TypeId>(program_.types.size());
  type.name = program_.findType(declaration.name.text) ? qualified : declaration.name.text;
  type.kind = factKindOf(declaration.kind);
  type.wireName = declaration.kind == tree::Declaration::Kind::Event && !declaration.as.empty()
                      ? declaration.as
                      : type.name;
  type.open = declaration.open && declaration.kind != tree::Declaration::Kind::Event;
  type.doc = declaration.doc;
  type.span = declaration.name.span;
  program_.types.push_back(std::move(type));
  return sizeOf(program_.types.size() - 1);
}

// Values stay in the order of the text, which is the order that messages list.
std::uint32_t Symbols::addEnum(const tree::Declaration& declaration) {
  Type type = Type::of(TypeKind::Enum);
  type.name = declaration.name.text;
  for (const tree::Name& value : declaration.values) {
    const auto same = std::find(type.values.begin(), type.values.end(), value.text);
    if (same == type.values.end()) {
      type.values.push_back(value.text);
      continue;
    }
    Diagnostic& d =
        report_.error("RL1007", value.span,
                      quoted(type.name) + " has the value " + quoted(value.text) + " twice");
    d.related.push_back(
        {declaration.values[static_cast<std::size_t>(same - type.values.begin())].span,
         "the first one"});
  }
  enums_.push_back({std::move(type), declaration.name.span});
  return sizeOf(enums_.size() - 1);
}

// What is declared later is found as well: bodies are checked when everything has its place.
void Symbols::place(const tree::Declaration& declaration, const std::string& qualified,
                    Symbol& symbol) {
  using Kind = tree::Declaration::Kind;
  const auto fill = [&](auto& made) {
    made.name = declaration.name.text;
    made.span = declaration.name.span;
  };
  // Constants, functions and queries have a state while they are checked (see Definitions), which
  // stands beside these lists.
  const auto list = [&](Symbol::Kind kind, std::vector<Symbol>& among) {
    symbol.kind = kind;
    symbol.index = sizeOf(among.size());
    among.push_back(symbol);
  };
  switch (declaration.kind) {
    case Kind::Fact:
    case Kind::Event:
    case Kind::Subject:
      symbol.kind = Symbol::Kind::Type;
      symbol.index = addType(declaration, qualified);
      return;
    case Kind::Enum:
      symbol.kind = Symbol::Kind::Enum;
      symbol.index = addEnum(declaration);
      return;
    case Kind::Const: list(Symbol::Kind::Const, consts_); return;
    case Kind::Function:
    case Kind::Table:
      list(Symbol::Kind::Function, functions_);
      program_.functions.push_back({declaration.name.text, {}, {}});
      return;
    case Kind::Host: {
      symbol.kind = Symbol::Kind::Host;
      symbol.index = sizeOf(program_.hosts.size());
      Host& host = program_.hosts.emplace_back();
      host.id = static_cast<FunctionId>(symbol.index);
      host.pure = declaration.pure;
      fill(host);
      return;
    }
    case Kind::Query: {
      list(Symbol::Kind::Query, queries_);
      Query& query = program_.queries.emplace_back();
      query.id = static_cast<QueryId>(symbol.index);
      fill(query);
      return;
    }
    case Kind::Flow: {
      symbol.kind = Symbol::Kind::Flow;
      symbol.index = sizeOf(program_.flows.size());
      Flow& flow = program_.flows.emplace_back();
      flow.id = flow.newest = static_cast<FlowId>(symbol.index);
      flow.version = declaration.version;
      flow.doc = declaration.doc;
      fill(flow);
      return;
    }
    case Kind::Rule:
    case Kind::Test:
    case Kind::Given: return;
  }
}

}  // namespace reticle::model
