// The wire: JSON text to the structs of the public headers and back, in the shapes of
// wasm/src/types.ts; both sides spell every member alike. For bindings, commands and servers.
//
// Reading is strict: a member nobody knows, a missing one and a wrong kind of value are refused
// with BadInput, naming what was found, where, and what would be right. Only the shape is looked at
// here; names of types and fields and the values of fields are the session's to judge. Nothing a
// host sends can crash it: nesting and length are bounded. Writing puts text together directly, in
// a fixed order of members.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/engine.h"
#include "reticle/form.h"
#include "reticle/import.h"
#include "reticle/test.h"

namespace reticle::wire {

// --- what comes in

// What a host hands in, as a value: JSON at its word, with `{"$int": "…"}`, `{"$double": "NaN"}`
// and `{"$fact": 12}` for what JSON has not. Integral numbers that fit are ints, others doubles.
// Errors: BadInput for text that is no JSON (`where` is then "line 2, byte 17"), members that stand
// twice, and nesting beyond 100 levels.
Result<Value> parse(std::string_view json);

// The same from YAML, as far as rules may be written in it (engine/docs/forms.md): what readers of
// YAML disagree about is refused. Errors: BadInput, `where` is "line 2".
Result<Value> parseYaml(std::string_view yaml);

// `[{"name", "text"}]`
Result<std::vector<Source>> readSources(std::string_view json);

// `{start?, trace?, source?, cascade?, strategy?, seed?, pure?, timed?}`
struct SessionOptions {
  Time start = 0;
  bool trace = false;
  bool timed = false;  // counters() report the time spent in actions
  std::string source = "reticle";
  Cascade cascade = Cascade::Fifo;
  bool journal = true;  // see EngineOptions
  Strategy strategy = Strategy::Depth;
  std::uint64_t seed = 0;
  // `host pure` functions that the host provides while rules are matched
  std::vector<std::string> pure;
};
Result<SessionOptions> readOptions(std::string_view json);

// Many facts from columns, one for each of the names: BadInput when they are not of one length.
Result<Input> insertColumns(std::string type, std::vector<std::string> names,
                            std::vector<std::vector<Value>> columns);

// One input. `now` is where `{"kind": "advance", "by": …}` counts from.
Result<Input> readInput(std::string_view json, Time now);
Result<Input> inputFrom(const Value& json, Time now);

// An event as the world sends it, in one of two forms:
//   {"event": "Type", "data"?: {…}, "subject"?, "id"?, "source"?, "time"?}
//   a CloudEvents 1.0 envelope in JSON, {"specversion": "1.0", "type", "source", "id", …}
// Data that are no object are the field `data` of the event; `data_base64` is that field too, or,
// when `datacontenttype` says JSON, read as it. `time` is an RFC 3339 text, in the first form also
// a number of milliseconds: when it happened, which is for the host to mind (input::Advance).
// Errors: BadInput; of the first form all unknown members are named.
struct IncomingEvent {
  input::Emit emit;
  std::optional<Time> time;
  Fields extensions;  // the envelope's further members, in order
};
Result<IncomingEvent> eventFrom(const Value& json);

Result<SettleOptions> readSettle(std::string_view json);

// --- what goes out

std::string toJson(const Value& value);              // what parse() reads
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
std::string toJson(const std::vector<WaitingEventView>& events);
std::string toJson(const Explanation& explanation);
std::string toJson(const ActivationExplanation& explanation);
std::string toJson(const WhyNot& whyNot);
std::string toJson(const RuleMatches& matches);
std::string toJson(const FactPath& path);
std::string toJson(const Counters& counters);
std::string toJson(const std::vector<Fields>& rows);  // what a query returns
std::string toJson(const std::vector<Value>& values);
// TestReport[]
std::string toJson(const std::vector<TestOutcome>& tests, const std::vector<Source>& sources);
std::string toJson(const std::vector<Diagnostic>& diagnostics, const std::vector<Source>& sources);
std::string toJson(const Converted& converted, const Source& source);  // ConvertedText
std::string toJson(const Imported& imported);                          // ImportedRules

// A view by its name, or {"error": …}. Arguments: facts {type?} · agenda, runs, counters {} ·
// query {name, args} · explain {fact} or {activation} · whyNot {rule, bindings?} · matches {rule,
// most?} · pathOf {fact} · subject {name} (a FactView or null) · fact {fact} (the same).
std::string view(const Engine& engine, std::string_view what, std::string_view arguments);

}  // namespace reticle::wire
