// What a compiled program declares, gathered from its model and its network.
//
// The one place where kinds of the model get the words that hosts see. A kind that is added to
// the model must be named here: the switches have no default.
#include "reticle/schema.h"

#include <algorithm>
#include <utility>

#include "program/program_state.h"

namespace reticle {
namespace {

// As rule text begins it; conditions that a trigger or a change became go by that name.
const char* nameOf(const model::Condition& condition) {
  using Kind = model::Condition::Kind;
  using Origin = model::Condition::Origin;
  if (condition.origin == Origin::Event) return "event";
  if (condition.origin == Origin::Change) return "change";
  if (condition.origin == Origin::Insert) return "insert";
  if (condition.origin == Origin::Retract) return "retract";
  switch (condition.kind) {
    case Kind::Pattern: return "pattern";
    case Kind::Not: return "not";
    case Kind::Exists: return "exists";
    case Kind::Accumulate: return "accumulate";
    case Kind::Let: return "let";
    case Kind::If: return "if";
    case Kind::Forall: return "forall";
    case Kind::Either: return "either";
    case Kind::Each: return "each";
  }
  return "pattern";
}

// As rule text begins it; several kinds of the model are one word of the language.
const char* nameOf(model::Action::Kind kind) {
  using Kind = model::Action::Kind;
  switch (kind) {
    case Kind::Insert: return "insert";
    case Kind::InsertLogical: return "insert logical";
    case Kind::Upsert: return "upsert";
    case Kind::Set: return "set";
    case Kind::Unset: return "unset";
    case Kind::UpdateFields:
    case Kind::UpdateWith: return "update";
    case Kind::Retract: return "retract";
    case Kind::Emit: return "emit";
    case Kind::Call: return "call";
    case Kind::Start: return "start";
    case Kind::Signal: return "signal";
    case Kind::Cancel: return "cancel";
    case Kind::CancelEvent: return "cancelEvent";
    case Kind::Log: return "log";
    case Kind::Let: return "let";
    case Kind::If: return "if";
    case Kind::For:
    case Kind::ForFacts: return "for";
    case Kind::Focus: return "focus";
    case Kind::Refresh: return "refresh";
    case Kind::Halt: return "halt";
    case Kind::Step: return "call";
    case Kind::Find: return "find";
    case Kind::Sleep:
    case Kind::SleepUntil: return "sleep";
    case Kind::Wait:
    case Kind::WaitUntil: return "wait";
    case Kind::Parallel: return "parallel";
    case Kind::Branch: return "branch";
    case Kind::Try: return "try";
    case Kind::Fail: return "fail";
    case Kind::Return: return "return";
    case Kind::Compensate: return "compensate";
    case Kind::Restart: return "restart";
    case Kind::Clock: return "clock";
    case Kind::Settle: return "settle";
    case Kind::Advance: return "advance";
    case Kind::Crash: return "crash";
    case Kind::Host: return "host";
    case Kind::Replace: return "replace";
  }
  return "";
}

std::vector<ParameterSchema> schemaOf(const std::vector<model::Param>& params) {
  std::vector<ParameterSchema> out;
  for (const model::Param& param : params) out.push_back({param.name, toText(param.type)});
  return out;
}

TypeSchema::Kind schemaOf(model::FactKind kind) {
  switch (kind) {
    case model::FactKind::Fact: return TypeSchema::Kind::Fact;
    case model::FactKind::Subject: return TypeSchema::Kind::Subject;
    case model::FactKind::Event: return TypeSchema::Kind::Event;
  }
  return TypeSchema::Kind::Fact;
}

// Of the values that a field of the type holds, other than null.
std::optional<ValueKind> kindOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::Null: return ValueKind::Null;
    case TypeKind::Bool: return ValueKind::Bool;
    case TypeKind::Int: return ValueKind::Int;
    case TypeKind::Double: return ValueKind::Double;
    case TypeKind::String:
    case TypeKind::Enum: return ValueKind::String;
    case TypeKind::Bytes: return ValueKind::Bytes;
    case TypeKind::List: return ValueKind::List;
    case TypeKind::Map: return ValueKind::Map;
    case TypeKind::Timestamp: return ValueKind::Timestamp;
    case TypeKind::Duration: return ValueKind::Duration;
    case TypeKind::Record: return ValueKind::Fact;
    case TypeKind::Type: return ValueKind::Type;
    case TypeKind::Optional: return ValueKind::Optional;
    case TypeKind::Uint: return ValueKind::Uint;
    case TypeKind::Any:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return {};
}

// A default that reads other fields or functions of the host has no value here.
FieldSchema schemaOf(const model::Field& field) {
  FieldSchema out{.name = field.name,
                  .type = toText(field.type),
                  .kind = kindOf(field.type),
                  .key = field.key,
                  .ext = field.ext,
                  .optional = field.type.optional,
                  .initial = field.initial.present(),
                  .value = {},
                  .doc = field.doc};
  if (!out.initial) return out;
  Value value = evaluate(field.initial.code, Frame{});
  if (!value.isError()) out.value = std::move(value);
  return out;
}

// Fields after the declared ones are the matcher's own and stay hidden. The type of a change
// event is built in, too: it stands nowhere in the sources.
TypeSchema schemaOf(const model::FactType& type) {
  TypeSchema out{.id = type.id, .name = type.name, .kind = schemaOf(type.kind)};
  if (type.kind == model::FactKind::Subject) out.as = type.nameTemplate;
  if (type.kind == model::FactKind::Event && type.wireName != type.name) out.as = type.wireName;
  out.open = type.open;
  out.builtin = type.builtin || type.changeOf.has_value();
  out.doc = type.doc;
  for (std::uint32_t i = 0; i < type.declared && i < type.fields.size(); ++i) {
    out.fields.push_back(schemaOf(type.fields[i]));
  }
  if (!out.builtin) out.span = type.span;
  return out;
}

// A disabled rule was not built: it has no nodes.
RuleSchema schemaOf(const model::Rule& rule, const Network& network) {
  const auto at = index(rule.id);
  RuleSchema out{.id = rule.id, .name = rule.name, .doc = rule.doc, .group = rule.group};
  out.salience = rule.fixedSalience;
  out.disabled = rule.disabled;
  out.span = rule.span;
  out.nameSpan = rule.nameSpan;
  if (at < network.productions.size()) out.node = network.productions[at];
  for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
    const model::Condition& condition = rule.conditions[i];
    const bool isBuilt =
        at < network.conditionNodes.size() && i < network.conditionNodes[at].size();
    out.conditions.push_back({nameOf(condition), condition.text, condition.span,
                              isBuilt ? network.conditionNodes[at][i] : kNoNode});
  }
  out.bindings = rule.bindings;
  return out;
}

// What is inside of others follows them.
void addSteps(const std::vector<model::Action>& actions, std::vector<StepSchema>& out) {
  for (const model::Action& action : actions) {
    const bool isCall = action.kind == model::Action::Kind::Step;
    out.push_back({isCall ? action.name : "", action.runsFlow ? "run" : nameOf(action.kind),
                   action.text, action.span});
    addSteps(action.body, out);
    addSteps(action.otherwise, out);
  }
}

FlowSchema schemaOf(const model::Flow& flow) {
  FlowSchema out{flow.id, flow.name, flow.doc, flow.span, schemaOf(flow.params), {}};
  addSteps(flow.steps, out.steps);
  return out;
}

FunctionSchema schemaOf(const model::Host& host) {
  FunctionSchema out{host.id, host.name, host.pure, schemaOf(host.params), {}};
  if (host.result) out.result = toText(*host.result);
  return out;
}

// Of alpha nodes only those over one type say which.
NodeSchema schemaOf(const Node& node) {
  NodeSchema out{.id = node.id, .kind = name(node.kind), .label = node.label};
  out.layer = node.layer;
  out.rules = node.rules;
  if (node.kind == NodeKind::Type || node.kind == NodeKind::Test) out.type = node.type;
  if (node.span.end > node.span.begin) out.span = node.span;
  out.left = node.left;
  out.right = node.right;
  out.owner = node.owner;
  return out;
}

}  // namespace

// In the order of ids throughout.
Schema schemaOf(const Program& program) {
  const model::Program& model = program.model;
  Schema out;
  out.module = model.module;
  for (const model::FactType& type : model.types) out.types.push_back(schemaOf(type));
  for (const model::Rule& rule : model.rules) {
    out.rules.push_back(schemaOf(rule, program.network));
  }
  for (const model::Flow& flow : model.flows) {
    if (flow.newest == flow.id) out.flows.push_back(schemaOf(flow));
  }
  for (const model::Host& host : model.hosts) out.functions.push_back(schemaOf(host));
  for (const model::Query& query : model.queries) {
    out.queries.push_back({query.name, schemaOf(query.params), query.span});
  }
  for (const model::Test& test : model.tests) out.tests.push_back({test.name, test.span});
  for (const Node& node : program.network.nodes) out.nodes.push_back(schemaOf(node));
  return out;
}

const FieldSchema* TypeSchema::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [name](const FieldSchema& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const TypeSchema* Schema::findType(std::string_view name) const {
  const auto found = std::find_if(types.begin(), types.end(),
                                  [name](const TypeSchema& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

const char* name(TypeSchema::Kind kind) {
  switch (kind) {
    case TypeSchema::Kind::Fact: return "fact";
    case TypeSchema::Kind::Subject: return "subject";
    case TypeSchema::Kind::Event: return "event";
  }
  return "fact";
}

}  // namespace reticle
