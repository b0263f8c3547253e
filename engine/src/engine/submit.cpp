// Inputs: checked, traced, applied, entered in the journal.
//
// The order matters: the trace shows an input before what it leads to, and the entry is made
// after everything it decided at once; what rules make of it is decided while settling.
#include <algorithm>

#include "base/value_codec.h"
#include "engine/core.h"
#include "expression/coerce.h"
#include "journal/dump.h"

namespace reticle {

// Carries out an input that was just traced, by its kind. Each is refused as a whole or not at
// all.
struct Core::Accept {
  Core& core;

  Result<Accepted> operator()(const input::Insert& i) {
    const Result<FactId> fact = core.session_.insert(i.type, i.fields);
    if (!fact.ok()) return fact.error();
    return Accepted{.fact = *fact};
  }
  Result<Accepted> operator()(const input::InsertAll& i) {
    Result<std::vector<FactId>> facts = core.session_.insertAll(i.type, i.fields, i.values);
    if (!facts.ok()) return facts.error();
    return Accepted{.facts = *std::move(facts)};
  }
  Result<Accepted> operator()(const input::Update& i) {
    return done(core.session_.update(i.fact, i.fields), i.fact);
  }
  Result<Accepted> operator()(const input::Retract& i) {
    return done(core.session_.retract(i.fact), i.fact);
  }
  Result<Accepted> operator()(const input::SetProperties& i) {
    const Result<FactId> fact =
        core.session_.setProperties(i.subject, i.type, i.properties, i.muted);
    if (!fact.ok()) return fact.error();
    return Accepted{.fact = *fact};
  }
  Result<Accepted> operator()(const input::Emit& i) { return core.session_.raise(i); }
  Result<Accepted> operator()(const input::UnsetProperties& i) {
    const Result<FactId> fact = core.session_.unsetProperties(i.subject, i.properties, i.muted);
    if (!fact.ok()) return fact.error();
    return Accepted{.fact = *fact};
  }
  Result<Accepted> operator()(const input::DeleteSubject& i) {
    const Result<FactId> fact = core.session_.deleteSubject(i.subject);
    if (!fact.ok()) return fact.error();
    return Accepted{.fact = *fact};
  }
  Result<Accepted> operator()(const input::CompareAndSet& i) {
    return core.session_.compareAndSet(i);
  }
  Result<Accepted> operator()(const input::CancelEvent& i) {
    core.session_.cancelEvent(i.name, i.subject);
    return Accepted{};
  }
  // By name; arguments are read by the types of the parameters.
  Result<Accepted> operator()(const input::Start& i) {
    const model::Flow* flow = findFlow(i.flow);
    if (!flow) return unknownFlow(i.flow);
    Result<std::vector<Value>> arguments = core.argumentsFor(*flow, i.arguments);
    if (!arguments.ok()) return arguments.error();
    const Result<RunId> run = core.flows_.start(flow->id, std::move(*arguments), i.key);
    if (!run.ok()) return run.error();
    return Accepted{.run = *run};
  }
  Result<Accepted> operator()(const input::StepResult& i) {
    const Status status = core.flows_.result(i);
    if (!status.ok()) return status.error();
    return Accepted{};
  }
  // Only says where the clock is to go: it moves while settling, from moment to moment.
  Result<Accepted> operator()(const input::Advance& i) {
    core.goal_ = std::max(i.to, i.goal);
    if (i.to > core.target_) {
      core.target_ = i.to;
      core.queueChanged_ = true;
    }
    return Accepted{};
  }

  Result<Accepted> operator()(const input::Signal& i) {
    const model::Flow* flow = findFlow(i.flow);
    if (!flow) return unknownFlow(i.flow);
    Result<Event> event = core.session_.eventOf(i.type, i.data);
    if (!event.ok()) return event.error();
    const Status status =
        core.flows_.signal(flow->id, i.key, event->type, std::move(event->values));
    if (!status.ok()) return status.error();
    return Accepted{.run = core.flows_.find(flow->id, i.key)->id};
  }
  Result<Accepted> operator()(const input::Cancel& i) { return toRun(i, &Flows::cancel); }
  Result<Accepted> operator()(const input::Resume& i) { return toRun(i, &Flows::goOn); }

 private:
  // What is done to the latest run of a flow and key.
  template <typename Wanted>
  Result<Accepted> toRun(const Wanted& i, Status (Flows::*what)(FlowId, std::string_view)) {
    const model::Flow* flow = findFlow(i.flow);
    if (!flow) return unknownFlow(i.flow);
    const Status status = (core.flows_.*what)(flow->id, i.key);
    if (!status.ok()) return status.error();
    return Accepted{.run = core.flows_.find(flow->id, i.key)->id};
  }
  const model::Flow* findFlow(const std::string& name) const {
    for (const model::Flow& flow : core.program_->model.flows) {
      if (flow.name == name) return &core.program_->model.flows[index(flow.newest)];
    }
    return nullptr;
  }
  static Error unknownFlow(const std::string& name) {
    return Error{ErrorCode::UnknownFlow, "there is no flow \"" + name + "\"", "flow"};
  }
  static Result<Accepted> done(const Status& status, FactId fact) {
    if (!status.ok()) return status.error();
    return Accepted{.fact = fact};
  }
};

// By parameter, in order: given ones read by their type, others by their default; facts must be
// there.
Result<std::vector<Value>> Core::argumentsFor(const model::Flow& flow, const Fields& given) const {
  std::vector<Value> arguments(flow.params.size());
  std::vector<bool> present(flow.params.size());
  for (const auto& [name, value] : given) {
    const auto param =
        std::find_if(flow.params.begin(), flow.params.end(),
                     [&name = name](const model::Param& param) { return param.name == name; });
    if (param == flow.params.end()) {
      return Error{ErrorCode::UnknownField,
                   "flow " + flow.name + " has no parameter \"" + name + "\"", name};
    }
    const std::size_t at = static_cast<std::size_t>(param - flow.params.begin());
    const std::string where = "the parameter \"" + name + "\" of " + flow.name;
    Result<Value> read = coerce(value, param->type, where);
    if (!read.ok()) return read.error();
    if (read->kind() == ValueKind::Fact && !session_.holds(read->asFact())) {
      return Error{
          ErrorCode::UnknownFact,
          where + " is fact " + std::to_string(index(read->asFact())) + ", which is not there",
          name};
    }
    arguments[at] = std::move(*read);
    present[at] = true;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const model::Param& param = flow.params[i];
    if (present[i]) continue;
    if (param.initial.present()) {
      arguments[i] = evaluate(param.initial.code, Frame{nullptr, arguments.data(), &session_});
    } else if (!param.type.optional && param.type.kind != TypeKind::Null) {
      return Error{ErrorCode::MissingField,
                   "flow " + flow.name + " needs its parameter \"" + param.name + "\" (" +
                       toText(param.type) + ")",
                   param.name};
    }
  }
  return arguments;
}

namespace {

Error notKept(const std::string& where, const std::string& why) {
  return Error{ErrorCode::BadInput, where + " is " + why, where, {}};
}

Status checkKept(const Fields& fields) {
  for (const auto& [name, value] : fields) {
    if (!mayNotBeKept(value)) continue;
    if (const std::string why = whyNotKept(value); !why.empty()) return notKept(name, why);
  }
  return Done{};
}

// What is taken in can always be read back from a journal: every value that an input carries.
struct CheckKept {
  Status operator()(const input::Insert& i) const { return checkKept(i.fields); }
  Status operator()(const input::Update& i) const { return checkKept(i.fields); }
  Status operator()(const input::Retract&) const { return Done{}; }
  Status operator()(const input::SetProperties& i) const { return checkKept(i.properties); }
  Status operator()(const input::Emit& i) const {
    const Status data = checkKept(i.data);
    return data ? checkKept(i.extensions) : data;
  }
  Status operator()(const input::UnsetProperties&) const { return Done{}; }
  Status operator()(const input::DeleteSubject&) const { return Done{}; }
  Status operator()(const input::CompareAndSet& i) const {
    return checkKept({{"expected", i.expected}, {"value", i.value}});
  }
  Status operator()(const input::CancelEvent&) const { return Done{}; }
  Status operator()(const input::Start& i) const { return checkKept(i.arguments); }
  Status operator()(const input::StepResult& i) const {
    return i.failed ? checkKept({{"error", i.error}}) : checkKept({{"value", i.value}});
  }
  Status operator()(const input::Advance&) const { return Done{}; }
  Status operator()(const input::Signal& i) const { return checkKept(i.data); }
  Status operator()(const input::Cancel&) const { return Done{}; }
  Status operator()(const input::Resume&) const { return Done{}; }
  Status operator()(const input::InsertAll& i) const {
    for (std::size_t at = 0; at < i.values.size(); ++at) {
      if (!mayNotBeKept(i.values[at])) continue;
      const std::string why = whyNotKept(i.values[at]);
      if (why.empty()) continue;
      const std::size_t width = i.fields.empty() ? 1 : i.fields.size();
      return notKept("row " + std::to_string(at / width) + ": " +
                         (i.fields.empty() ? std::string("a value") : i.fields[at % width]),
                     why);
    }
    return Done{};
  }
};

}  // namespace

Status Core::canTake(const input::Emit& event) const {
  if (storeError_) {
    return Error{ErrorCode::Closed, "the journal's store failed: " + storeError_->message,
                 storeError_->where, "open the journal anew"};
  }
  const Status kept = CheckKept{}(event);
  return kept ? session_.canRaise(event) : kept;
}

// A refused input is traced but not journaled, unless it decided something before it was refused
// (a result that made its attempt fail).
Result<Accepted> Core::submit(const Input& input) {
  if (storeError_) {
    return Error{ErrorCode::Closed, "the journal's store failed: " + storeError_->message,
                 storeError_->where, "open the journal anew"};
  }
  if (tracer_.on()) {
    tracer_.beginInput({.body = trace::Input{name(kindOf(input)), summary(input), session_.now()}});
  }
  const Status kept = std::visit(CheckKept{}, input);
  Result<Accepted> accepted =
      kept.ok() ? std::visit(Accept{*this}, input) : Result<Accepted>(kept.error());
  if (!accepted.ok()) {
    if (tracer_.on()) {
      const Error& error = accepted.error();
      tracer_.record({.body = trace::Failure{name(error.code), error.message, {}, {}}});
    }
    if (!hasDecided()) return accepted;
  }
  commit(kindOf(input), options_.journal ? encodeInput(input) : std::string());
  if (storeError_) return *storeError_;
  return accepted;
}

}  // namespace reticle
