// Puts together what a run came to.
#include "run_result.h"

#include <algorithm>
#include <utility>

#include "reticle/wire.h"

namespace reticle::cli {
namespace {

std::string jsonText(const std::string& text) { return wire::toJson(Value::string(text)); }

// ,"name":value
std::string member(const std::string& name, const std::string& json) {
  return ",\"" + name + "\":" + json;
}

std::string memberIfAny(const std::string& name, const std::string& text) {
  return text.empty() ? "" : member(name, jsonText(text));
}

std::string textsOf(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) json += (json.empty() ? "" : ",") + jsonText(text);
  return "[" + json + "]";
}

// The list without the comma before its first item, which each item brings.
std::string listOf(const std::string& items) {
  return "[" + (items.empty() ? items : items.substr(1)) + "]";
}

// The envelope alone, out of {"kind": "event", "event": …}.
std::string envelopeOf(const CloudEvent& event) {
  const Result<Value> output = wire::parse(wire::toJson(Output(event)));
  const Value* envelope = output ? output->find("event") : nullptr;
  return envelope ? wire::toJson(*envelope) : "null";
}

// The key fields of a fact, or, without a key, all fields that say something.
std::string identityOf(const TypeSchema& type, const FactView& fact) {
  const bool isKeyed = std::any_of(type.fields.begin(), type.fields.end(),
                                   [](const FieldSchema& field) { return field.key; });
  Fields shown;
  for (const auto& [name, value] : fact.fields) {
    const FieldSchema* field = type.find(name);
    if (isKeyed ? field && field->key : !value.isNull()) shown.emplace_back(name, value);
  }
  return type.name + "{" + fieldsText(shown) + "}";
}

// "total: 5 → 7, paid: false → true"
std::string changesOf(const Fields& before, const Fields& after) {
  std::string text;
  const auto valueOf = [](const Fields& fields, const std::string& name) {
    for (const auto& [each, value] : fields) {
      if (each == name) return value;
    }
    return Value();
  };
  const auto add = [&](const std::string& name, const Value& old, const Value& value) {
    if (toText(old) == toText(value)) return;
    text += (text.empty() ? "" : ", ") + name + ": " + toText(old) + " → " + toText(value);
  };
  for (const auto& [name, value] : after) add(name, valueOf(before, name), value);
  for (const auto& [name, value] : before) {
    const auto isIt = [&name = name](const auto& field) { return field.first == name; };
    if (std::none_of(after.begin(), after.end(), isIt)) add(name, value, Value());
  }
  return text;
}

// Lines for what only one of two lists has, each as often as it has it more often.
std::string linesOf(const std::vector<std::string>& before, const std::vector<std::string>& after,
                    const std::string& what) {
  std::map<std::string, std::int64_t> more;  // in `after` than before
  for (const std::string& each : before) --more[each];
  for (const std::string& each : after) ++more[each];
  std::string text;
  const auto only = [&](const std::vector<std::string>& in, std::int64_t sign) {
    for (const std::string& each : in) {
      if (more[each] * sign <= 0) continue;
      more[each] -= sign;
      text += (sign > 0 ? "+ " : "- ") + what + each + "\n";
    }
  };
  only(before, -1);
  only(after, 1);
  return text;
}

std::string factLines(const Snapshot& before, const Snapshot& after) {
  std::string gone, come, changed;
  std::multimap<std::string, const Snapshot::Fact*> old;
  for (const Snapshot::Fact& fact : before.facts) old.emplace(fact.identity, &fact);
  for (const Snapshot::Fact& fact : after.facts) {
    const auto same = old.find(fact.identity);
    if (same == old.end()) {
      come += "+ " + fact.identity + "\n";
      continue;
    }
    const std::string changes = changesOf(same->second->fields, fact.fields);
    if (!changes.empty()) changed += "~ " + fact.identity + " " + changes + "\n";
    old.erase(same);
  }
  for (const auto& [identity, fact] : old) gone += "- " + identity + "\n";
  return gone + come + changed;
}

}  // namespace

std::string toJson(const Engine& engine, const Schema& schema, const RunEnd& end,
                   const Happened& happened, const std::vector<Call>& openCalls,
                   const std::map<std::string, std::uint64_t>& missing) {
  std::string json =
      "{\"firings\":" + std::to_string(end.firings) + member("reason", jsonText(name(end.reason)));
  if (!end.cycle.empty()) json += member("cycle", textsOf(end.cycle));
  if (!end.feeds.empty()) json += member("feeds", textsOf(end.feeds));
  json += member("refused", std::to_string(end.refused)) +
          member("now", wire::toJson(Value::timestamp(engine.now()))) +
          member("facts", wire::toJson(engine.facts()));
  std::string events, fired, logs, failures, calls, absent;
  for (const CloudEvent& event : happened.events) events += "," + envelopeOf(event);
  for (const auto& [rule, times] : happened.rules) {
    fired += ",{\"rule\":" + jsonText(schema.rules[index(rule)].name) +
             member("times", std::to_string(times.fired)) +
             (times.failed == 0 ? "" : member("failed", std::to_string(times.failed))) + "}";
  }
  for (const trace::Log& log : happened.logs) {
    logs += ",{\"level\":" + jsonText(log.level) + member("text", jsonText(log.text)) + "}";
  }
  for (const Happened::Failure& failure : happened.failures) {
    failures += ",{\"code\":" + jsonText(failure.code) +
                member("message", jsonText(failure.message)) + memberIfAny("rule", failure.rule) +
                memberIfAny("run", failure.flow) + memberIfAny("part", failure.part) +
                memberIfAny("place", failure.place) + "}";
  }
  for (const Call& call : openCalls) calls += "," + wire::toJson(Output(call));
  for (const auto& [function, times] : missing) {
    absent += (absent.empty() ? "" : ",") + jsonText(function) + ":" + std::to_string(times);
  }
  return json + member("events", listOf(events)) + member("fired", listOf(fired)) +
         member("logs", listOf(logs)) + member("failures", listOf(failures)) +
         member("runs", wire::toJson(engine.runs())) + member("calls", listOf(calls)) +
         member("missing", "{" + absent + "}") + "}\n";
}

Snapshot snapshotOf(const Engine& engine, const Schema& schema, const Happened& happened) {
  Snapshot snapshot;
  for (const FactView& fact : engine.facts()) {
    const TypeSchema& type = schema.types[index(fact.type)];
    if (type.builtin || type.kind == TypeSchema::Kind::Event) continue;
    snapshot.facts.push_back({identityOf(type, fact), fact.fields});
  }
  for (const CloudEvent& event : happened.events) snapshot.events.push_back(eventText(event));
  for (const Happened::Failure& failure : happened.failures) {
    snapshot.failures.push_back((failure.rule.empty() ? "" : "rule \"" + failure.rule + "\": ") +
                                failure.message + " (" + failure.code + ")");
  }
  for (const auto& [rule, times] : happened.rules) {
    if (times.fired > 0) snapshot.fired[schema.rules[index(rule)].name] = times.fired;
  }
  return snapshot;
}

std::string differenceOf(const Snapshot& before, const Snapshot& after) {
  std::string text = factLines(before, after) + linesOf(before.events, after.events, "event ") +
                     linesOf(before.failures, after.failures, "failure: ");
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> fired;
  for (const auto& [rule, times] : before.fired) fired[rule].first = times;
  for (const auto& [rule, times] : after.fired) fired[rule].second = times;
  for (const auto& [rule, times] : fired) {
    if (times.first == times.second) continue;
    text += "~ rule \"" + rule + "\" fired " + std::to_string(times.first) + " → " +
            std::to_string(times.second) + " times\n";
  }
  return text.empty() ? "no difference\n" : text;
}

}  // namespace reticle::cli
