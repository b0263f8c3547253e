// What the session reports to the trace. A record's header says what it is about; its body is what
// the page and other observers read, spelled as in wasm/src/types.ts.

#include "session/trace_records.h"

#include <utility>

namespace reticle::records {

TraceRecord asserted(const model::FactType& type, const StoredFact& fact) {
  trace::Assert body{type.name, {}, fact.logical, {}};
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    body.fields.emplace_back(type.fields[i].name, fact.fields()[i]);
  }
  if (type.kind == model::FactKind::Subject) {
    body.subject = std::string(fact.fields()[type.declared].asString());
  }
  return {.body = std::move(body), .fact = fact.id};
}

// Internal fields are the engine's own business.
std::optional<TraceRecord> updated(const model::FactType& type, const StoredFact& fact,
                                   const Assignment& assignment) {
  trace::Update body;
  for (const auto& [field, value] : assignment) {
    const model::Field& declared = type.fields[index(field)];
    if (!declared.internal) body.changes.push_back({declared.name, fact.field(field), value});
  }
  if (body.changes.empty()) return std::nullopt;
  return TraceRecord{.body = std::move(body), .fact = fact.id};
}

TraceRecord retracted(const model::FactType& type, FactId fact) {
  return {.body = trace::Retract{type.name}, .fact = fact};
}

TraceRecord propertyChanged(const Event& event) {
  return {.body = trace::Property{event.subject, event.property, event.old, event.value, event.id},
          .fact = event.fact};
}

// A change of a property goes by the name that CloudEvents of it have.
TraceRecord event(const model::Program& program, const Event& event, const char* phase,
                  std::optional<Time> due) {
  trace::Event body{.phase = phase, .event = event.id, .subject = event.subject, .due = due};
  if (event.gone) {
    body.type = event.property.empty() ? "subject-deleted" : "subject-property-deleted";
    if (!event.property.empty()) {
      body.data = {{"property_name", Value::string(event.property)}, {"old_value", event.old}};
    }
    return {.body = std::move(body), .fact = event.fact};
  }
  if (!event.property.empty()) {
    body.type = "subject-property-changed";
    body.data = {{"property_name", Value::string(event.property)},
                 {"old_value", event.old},
                 {"value", event.value}};
    return {.body = std::move(body), .fact = event.fact};
  }
  const model::FactType& type = program.type(event.type);
  body.type = type.wireName;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    body.data.emplace_back(type.fields[i].name, event.values[i]);
  }
  return {.body = std::move(body)};
}

TraceRecord memory(NodeId node, bool added, const std::vector<FactId>& facts, std::uint32_t count) {
  return {.body = trace::Memory{added, facts, count}, .node = node};
}

TraceRecord activated(const Activation& activation, std::vector<FactId> facts) {
  return {.body = trace::Activation{activation.id, std::move(facts), activation.salience,
                                    activation.recency},
          .rule = activation.rule};
}

TraceRecord deactivated(const Activation& activation) {
  return {.body = trace::Deactivation{activation.id}, .rule = activation.rule};
}

TraceRecord fired(RuleId rule, ActivationId activation, const std::vector<FactId>& facts) {
  return {.body = trace::Fire{activation, facts}, .rule = rule};
}

TraceRecord failed(RuleId rule, const Error& error, std::string part) {
  return {.body = trace::Failure{name(error.code), error.message, std::move(part), error.place},
          .rule = rule};
}

TraceRecord noSubject(RuleId rule, const model::FactType& event, const std::string& subject) {
  return {.body = trace::Log{"warn", "emit " + event.name + ": there is no subject " + subject},
          .rule = rule};
}

TraceRecord logged(RuleId rule, const Change& change) {
  return {.body = trace::Log{change.level, change.text}, .rule = rule};
}

TraceRecord halted(RuleId rule) { return {.body = trace::Halt{}, .rule = rule}; }

TraceRecord focused(const AgendaPlan& plan, const std::vector<std::uint32_t>& focused) {
  trace::Focus body;
  if (!focused.empty()) {
    body.group = plan.groups[focused.back()];
    body.below = static_cast<std::uint32_t>(focused.size() - 1);
  }
  return {.body = std::move(body)};
}

TraceRecord clockMoved(Time time) { return {.body = trace::Clock{time}}; }

TraceRecord replaced() { return {.body = trace::Replace{"the rules are replaced"}}; }

}  // namespace reticle::records
