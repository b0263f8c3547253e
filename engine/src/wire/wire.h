// The wire: JSON text to the structs of engine.h and back, in the shapes of wasm/src/types.ts; both
// sides spell every member alike.
//
// Reading is strict: a member nobody knows, a missing one and a wrong kind of value are refused
// with BadInput, naming what was found, where, and what would be right. Only the shape is looked at
// here; names of types and fields and the values of fields are the session's to judge. Nothing a
// host sends can crash it: nesting and length are bounded. Writing puts text together directly, in
// a fixed order of members.
//
// wire_read.cpp makes inputs of values; wire_schema.cpp writes what compiling gives, wire_views.cpp
// what an engine answers, wire_explanation.cpp what it answers when it is asked why, wire_forms.cpp
// what the front end answers without a program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value_json.h"
#include "reticle/engine.h"
#include "reticle/form.h"
#include "reticle/import.h"

namespace reticle::wire {

// --- what comes in

// What a host hands in, as a value. Errors: see parseJson.
inline Result<Value> parse(std::string_view json) { return parseJson(json); }

// `[{"name", "text"}]`
Result<std::vector<Source>> readSources(std::string_view json);

// `{start?, trace?, source?, cascade?, strategy?, seed?, pure?, timed?}`
struct SessionOptions {
  Time start = 0;
  bool trace = false;
  bool timed = false;  // counters() tell the time spent in actions
  std::string source = "reticle";
  Cascade cascade = Cascade::Fifo;
  bool journal = true;  // see EngineOptions
  Strategy strategy = Strategy::Depth;
  std::uint64_t seed = 0;
  // `host pure` functions that the host answers while rules are matched
  std::vector<std::string> pure;
};
Result<SessionOptions> readOptions(std::string_view json);

// Many facts from columns, one for each of the names: BadInput when they are not of one length.
Result<Input> insertColumns(std::string type, std::vector<std::string> names,
                            std::vector<std::vector<Value>> columns);

// One input. `now` is where `{"kind": "advance", "by": …}` counts from.
Result<Input> readInput(std::string_view json, Time now);
Result<Input> inputFrom(const Value& json, Time now);

Result<SettleOptions> readSettle(std::string_view json);

// Milliseconds, whole or not, as time; nothing when they are no number or no time the engine can
// hold.
Result<Time> timeFromMillis(const Value& millis, std::string_view where);
// Spells a time in milliseconds: 1500, 0.25.
void appendMillis(std::string& out, Time time);

// --- what goes out

std::string toJson(const Compiled& compiled);        // CompileResult
std::string toJson(const Error& error);              // {"error": EngineError}
std::string toJson(const Result<Accepted>& answer);  // SubmitAnswer
std::string toJson(const SettleReport& report);
std::string toJson(const Result<Replaced>& answer);  // ReplaceAnswer
std::string toJson(const Output& output);
std::string toJson(const std::vector<Output>& outputs);
std::string toJson(const Recovery& recovery);
std::string toJson(const FactView& fact);
std::string toJson(const std::vector<FactView>& facts);
std::string toJson(const std::vector<ActivationView>& agenda);
std::string toJson(const std::vector<RunView>& runs);
std::string toJson(const Explanation& explanation);
std::string toJson(const ActivationExplanation& explanation);
std::string toJson(const WhyNot& whyNot);
std::string toJson(const RuleMatches& matches);
std::string toJson(const Counters& counters);
std::string toJson(const std::vector<Fields>& rows);  // what a query answers
std::string toJson(const std::vector<Value>& values);
// TestReport[]
std::string toJson(const std::vector<TestOutcome>& tests, const std::vector<Source>& sources);
std::string toJson(const std::vector<Diagnostic>& diagnostics, const std::vector<Source>& sources);
std::string toJson(const Converted& converted, const Source& source);  // ConvertedText
std::string toJson(const Imported& imported);                          // ImportedRules

// Answers a view by name, or {"error": …}. Arguments: facts {type?} · agenda, runs, counters {} ·
// query {name, args} · explain {fact} or {activation} · whyNot {rule, bindings?} · matches {rule,
// most?} · subject {name} (a FactView or null) · fact {fact} (the same).
std::string view(const Engine& engine, std::string_view what, std::string_view arguments);

}  // namespace reticle::wire
