// What a compiled program declares, by id: types with their fields, rules, flows, functions,
// queries, tests, and the nodes of the network. For editors, pictures and tools: everything that an
// id in a trace, a view or a counter stands for has its name and its place here.
//
// Spans are byte ranges of the sources handed to compile(). The JSON of it is the ProgramSchema of
// wasm/src/types.ts, which spells every member alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"
#include "reticle/ids.h"
#include "reticle/program.h"
#include "reticle/value.h"

namespace reticle {

struct FieldSchema {
  std::string name;
  std::string type;  // as written: "string", "list<int>?"
  // of its values; nothing when they may be of several kinds
  std::optional<ValueKind> kind;
  bool key = false, ext = false, optional = false;
  // `initial`: a default is declared; `value` its value, unless it is computed from what is there.
  bool initial = false;
  std::optional<Value> value;
  std::string doc;
};

struct TypeSchema {
  enum class Kind : std::uint8_t { Fact, Subject, Event };
  TypeId id{};
  std::string name;
  Kind kind = Kind::Fact;
  // subjects: the pattern of their names; events: their name on the wire, when it is another one
  std::string as;
  bool open = false;     // further fields are taken
  bool builtin = false;  // not declared by the sources: `span` is empty
  std::string doc;
  std::vector<FieldSchema> fields;  // the declared ones, in order
  Span span;

  const FieldSchema* find(std::string_view name) const;  // null: there is no such field
};
const char* name(TypeSchema::Kind kind);  // "fact"

struct ParameterSchema {
  std::string name, type;
};

// A condition of a rule and the node it was built into.
struct ConditionSchema {
  std::string kind;  // pattern, not, exists, accumulate, let, if, forall, either, each, event, …
  std::string text;  // as written
  Span span;
  NodeId node = kNoNode;
};

struct RuleSchema {
  RuleId id{};
  std::string name, doc, group;
  std::optional<std::int64_t> salience;  // nothing: computed
  bool disabled = false;                 // it has no nodes then
  Span span, nameSpan;
  NodeId node = kNoNode;  // its production node
  std::vector<ConditionSchema> conditions;
  // Names bound by its patterns, by position of the fact in an activation's `facts`; may be empty.
  std::vector<std::string> bindings;
};

// A step of a flow as written. Only calls have names.
struct StepSchema {
  std::string name, kind, text;
  Span span;
};

struct FlowSchema {
  FlowId id{};
  std::string name, doc;
  Span span;
  std::vector<ParameterSchema> params;
  std::vector<StepSchema> steps;  // in the order written; those inside of others follow them
};

// A `host` function.
struct FunctionSchema {
  FunctionId id{};
  std::string name;
  bool pure = false;
  std::vector<ParameterSchema> params;
  std::optional<std::string> result;  // its type; nothing: it returns none
};

struct QuerySchema {
  std::string name;
  std::vector<ParameterSchema> params;
  Span span;
};

struct TestSchema {
  std::string name;
  Span span;
};

// A node of the network; what the kinds are is said in wasm/src/types.ts.
struct NodeSchema {
  NodeId id{};
  std::string kind, label;
  std::uint32_t layer = 0;
  std::vector<RuleId> rules;   // that share it
  std::optional<TypeId> type;  // of alpha nodes over one type
  Span span;                   // empty: it stands nowhere
  NodeId left = kNoNode;       // beta parent
  NodeId right = kNoNode;      // alpha parent
  NodeId owner = kNoNode;      // of an `end`: the node whose branch it ends
};

// Every vector but `queries` and `tests` is indexed by the id of its items.
struct Schema {
  std::string module;
  std::vector<TypeSchema> types;
  std::vector<RuleSchema> rules;
  std::vector<FlowSchema> flows;
  std::vector<FunctionSchema> functions;
  std::vector<QuerySchema> queries;
  std::vector<TestSchema> tests;
  std::vector<NodeSchema> nodes;

  const TypeSchema* findType(std::string_view name) const;  // null: there is no such type
};

// Made anew each time it is asked for: keep it as long as it is needed.
Schema schemaOf(const Program& program);

}  // namespace reticle
