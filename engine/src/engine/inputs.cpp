// Short spellings of inputs for C++ hosts.
#include <utility>

#include "reticle/input.h"

namespace reticle {

Input insert(std::string type, Fields fields) {
  return input::Insert{std::move(type), std::move(fields)};
}
Input insertAll(std::string type, std::vector<std::string> fields, std::vector<Value> values) {
  return input::InsertAll{std::move(type), std::move(fields), std::move(values)};
}
Input update(FactId fact, Fields fields) { return input::Update{fact, std::move(fields)}; }
Input retract(FactId fact) { return input::Retract{fact}; }
Input setProperty(std::string subject, std::string property, Value value) {
  return input::SetProperties{std::move(subject), {}, {{std::move(property), std::move(value)}}};
}
Input setProperties(std::string subject, Fields properties) {
  return input::SetProperties{std::move(subject), {}, std::move(properties)};
}
Input emit(std::string type, Fields data, std::string subject) {
  return input::Emit{std::move(type), std::move(data), std::move(subject), {}, {}};
}
Input start(std::string flow, Fields arguments, std::string key) {
  return input::Start{std::move(flow), std::move(arguments), std::move(key)};
}
Input stepResult(std::string call, std::uint32_t attempt, Value value) {
  return input::StepResult{std::move(call), attempt, std::move(value)};
}
// The reason alone; a host that has more to say makes the map itself.
Input stepError(std::string call, std::uint32_t attempt, std::string reason) {
  return input::StepResult{std::move(call),
                           attempt,
                           {},
                           true,
                           Value::map({{Value::string("reason"), Value::string(reason)}})};
}
Input advanceTo(Time time) { return input::Advance{time}; }
Input signalRun(std::string flow, std::string key, std::string type, Fields data) {
  return input::Signal{std::move(flow), std::move(key), std::move(type), std::move(data)};
}
Input cancelRun(std::string flow, std::string key) {
  return input::Cancel{std::move(flow), std::move(key)};
}
Input resumeRun(std::string flow, std::string key) {
  return input::Resume{std::move(flow), std::move(key)};
}
Input unsetProperty(std::string subject, std::string property) {
  return input::UnsetProperties{std::move(subject), {std::move(property)}};
}
Input deleteSubject(std::string subject) { return input::DeleteSubject{std::move(subject)}; }
Input compareAndSet(std::string subject, std::string property, Value expected, Value value) {
  return input::CompareAndSet{std::move(subject), std::move(property), std::move(expected),
                              std::move(value)};
}
Input cancelEvent(std::string name, std::string subject) {
  return input::CancelEvent{std::move(name), std::move(subject)};
}

}  // namespace reticle
