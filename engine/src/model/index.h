// What every word of a program means: the side product of checking that the language service reads
// (definition, references, rename, hover, completion, semantic tokens). Filled in by the checker
// when asked for, also for programs with mistakes; plain data, no behaviour.
//
// Invariants:
//   (1) A symbol is added before its first use; ids are positions in `symbols`.
//   (2) A use's span covers the name alone, never quotes, dots or brackets around it, so that
//       replacing all of them renames the symbol.
//   (3) Spans of uses never overlap, except that a word may mean two symbols at once (the shorthand
//       of a binding); nothing is recorded for
//       words that could not be resolved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/type.h"
#include "reticle/diagnostic.h"

namespace reticle::model {

enum class SymbolKind : std::uint8_t {
  Fact,
  Subject,
  Event,
  Enum,
  EnumValue,
  Field,
  Const,
  Function,
  Host,
  Table,
  Query,
  Flow,
  Rule,
  Test,
  Group,
  Step,
  Module,
  Binding,  // of a pattern
  // let, accumulate's results, group by, each, for, `as`, find, wait, catch, `old` and `new`
  Local,
  Parameter,
  Variable,  // of a macro
  Builtin,   // a function of the expression language
};

using SymbolId = std::uint32_t;
inline constexpr SymbolId kNoSymbol = 0xffffffff;

struct SymbolNote {
  SymbolKind kind{};
  std::string name;  // as written where it is declared
  // of a field, an enum's value, a parameter, a step: what it is part of
  SymbolId container = kNoSymbol;
  Type type;        // of a value; a function's, table's or query's result
  Span declared;    // its name in the declaration; empty for what is built in
  Span whole;       // the whole declaration
  std::string doc;  // its `///` lines
  // one line for people: "loggedIn: bool = false", "bandOf(t: double) -> Band"
  std::string signature;
};

struct Use {
  // Write: set, update, insert and emit of a field or type
  enum class Kind : std::uint8_t { Definition, Read, Write } kind{};
  Span span;
  SymbolId symbol = kNoSymbol;
};

// An expression or part of one with its type, for hover; and what a constraint becomes in the
// network.
struct TypeNote {
  Span span;
  Type type;
};

// A stretch of text in which the same names can be written.
struct ScopeNote {
  enum class Place : std::uint8_t {
    Constraint,
    Condition,
    Expression,
    Action,
    Step,
    Doing,
    Expect
  } place{};
  Span span;                       // from where the names are known to where they end
  std::vector<SymbolId> visible;   // bindings, locals, parameters: inner ones last
  SymbolId candidate = kNoSymbol;  // in a constraint: the type whose fields are bare names
};

struct Index {
  std::vector<SymbolNote> symbols;
  std::vector<Use> uses;          // in order of place
  std::vector<TypeNote> types;    // inner ones after outer ones
  std::vector<ScopeNote> scopes;  // inner ones after outer ones
};

}  // namespace reticle::model
