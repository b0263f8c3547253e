// One session of a compiled program: the way in for C++ hosts.
//
//   auto compiled = reticle::compile("discounts.rules", text);
//   reticle::Engine engine{compiled.program};
//   engine.submit(reticle::insert("Customer", {{"id", Value::string("ada")}, {"loggedIn",
//   Value::boolean(true)}}));
//   auto report = engine.settle();
//
// There is one way to change anything: submit an input, then settle. The engine reads no clock,
// file or random number: time comes in by `advance`, what must be done outside goes out by
// takeOutputs(), and results come back as inputs. Everything between is a pure function of the
// inputs so far, the same natively and in WebAssembly.
//
// An engine belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "reticle/explanation.h"
#include "reticle/ids.h"
#include "reticle/program.h"
#include "reticle/result.h"
#include "reticle/trace.h"
#include "reticle/value.h"
#include "reticle/zones.h"

namespace reticle {

namespace input {
struct Insert {
  std::string type;
  Fields fields;
};
struct Update {
  FactId fact;
  Fields fields;
};
struct Retract {
  FactId fact;
};
// Properties of a subject; the first ones create it. `type` may be empty when the name fits one
// subject type's `as` pattern.
struct SetProperties {
  std::string subject, type;
  Fields properties;
  bool muted = false;
};
// empty id: the engine gives e1, e2, …
struct Emit {
  std::string type;
  Fields data;
  std::string subject, id, source;
};
// empty key: the flow's own key expression
struct Start {
  std::string flow;
  Fields arguments;
  std::string key;
};
// error: a map with `reason`
struct StepResult {
  std::string call;
  std::uint32_t attempt = 1;
  Value value;
  bool failed = false;
  Value error;
};
// due timers fire in order, each as a turn of its own
struct Advance {
  Time to = 0;
};
// Many facts of one type: `values` row by row, in each row one for each of `fields`. All of them
// or, when one is refused, none.
struct InsertAll {
  std::string type;
  std::vector<std::string> fields;
  std::vector<Value> values;
};
}  // namespace input

using Input =
    std::variant<input::Insert, input::Update, input::Retract, input::SetProperties, input::Emit,
                 input::Start, input::StepResult, input::Advance, input::InsertAll>;

Input insert(std::string type, Fields fields);
Input insertAll(std::string type, std::vector<std::string> fields, std::vector<Value> values);
Input update(FactId fact, Fields fields);
Input retract(FactId fact);
Input setProperty(std::string subject, std::string property, Value value);
Input setProperties(std::string subject, Fields properties);
Input emit(std::string type, Fields data, std::string subject = {});
Input start(std::string flow, Fields arguments, std::string key = {});
Input stepResult(std::string call, std::uint32_t attempt, Value value);
Input stepError(std::string call, std::uint32_t attempt, std::string reason);
Input advanceTo(Time time);

struct Accepted {
  FactId fact = kNoFact;      // Insert, SetProperties
  std::string event;          // Emit
  RunId run = kNoRun;         // Start
  std::vector<FactId> facts;  // InsertAll, by row
};

struct SettleOptions {
  std::uint64_t maxFirings = 100'000;      // the runaway guard; 1 is a single step
  std::optional<ActivationId> activation;  // fire only this one, out of its turn
  // How much fires in each turn. The first turn is that of all inputs so far; each event, each run
  // that goes on and each moment of the clock has one of its own. What is passed over stays on the
  // agenda, for a later settle().
  //   All          the best activation, again and again, until nothing is ready
  //   FirstMatch   the best one only: rules as a list of decisions
  //   SinglePass   each rule once, by salience, then in the order of declaration: its activations
  //                that are there when it is reached. Rules further on see
  //                what earlier ones changed; no change leads back. A computed salience orders the
  //                activations of its rule only.
  enum class Mode : std::uint8_t { All, FirstMatch, SinglePass } mode = Mode::All;
  // only rules that have one of these fire, the others wait; empty: all rules
  std::vector<std::string> tags;
};

struct Fired {
  RuleId rule;
  std::string name;
  ActivationId activation;
  std::vector<FactId> facts;
};

struct SettleReport {
  enum class Reason : std::uint8_t { Quiescent, Limit, Halted } reason = Reason::Quiescent;
  std::uint64_t firings = 0;
  std::vector<Fired> fired;        // the first 10,000
  std::vector<std::string> cycle;  // at the limit: the repeating rules, by name
  // … and the properties they change that make them fire again: "Counter.n"; "Counter" when facts
  // come or go
  std::vector<std::string> feeds;
};
const char* name(SettleReport::Reason reason);

// A call that the host must perform and answer with stepResult or stepError. `key` is the same for
// every attempt: pass it to the target as idempotency key. Steps are executed at least once; a
// result is recorded exactly once.
struct Call {
  std::string id;
  std::uint32_t attempt = 1;
  std::string key, function;
  Fields arguments;
  RunId run;
  std::string step;
};
// Something that happened, on its way out as a CloudEvents 1.0 envelope.
struct CloudEvent {
  std::string type, source, id, originId, subject, cause, propertyName;
  Time time = 0;
  Fields data;
  Fields extensions;  // `ext` properties of the subject
};
using Output = std::variant<Call, CloudEvent>;

struct FactView {
  FactId id;
  TypeId type;
  std::string typeName;
  Fields fields;
  bool logical = false;
  std::string subject;
  std::uint64_t recency = 0;
};
// waits: why it cannot fire now; empty when it can
struct ActivationView {
  ActivationId id;
  RuleId rule;
  std::string name;
  std::vector<FactId> facts;
  std::int64_t salience = 0;
  std::uint64_t recency = 0;
  Fields bindings;
  std::string waits = {};
};
struct StepView {
  std::string name, kind, function, status, key, error;
  std::uint32_t attempt = 0;
  std::optional<Value> result;
  std::optional<Time> due;
  bool recorded = false;
};
struct RunView {
  RunId id;
  std::string flow, key, status, error;
  std::optional<Value> result;
  std::vector<StepView> steps;
};

// What replacing the rules of a session has changed.
struct Replaced {
  // Same: the rule means what it meant, and its activations are what they were. A rule is known by
  // its name.
  enum class Fate : std::uint8_t { Same, Added, Changed, Removed };
  // activations that are ready now, and that no more are
  struct Rule {
    std::string name;
    Fate fate = Fate::Same;
    std::uint32_t gained = 0, lost = 0;
  };
  // in the order of the new program, then those that are gone
  std::vector<Rule> rules;
  std::vector<FactId> withdrawn;  // logical facts that nothing supports any more
};
const char* name(Replaced::Fate fate);

// Where a journal is kept. Implementations: memoryStore(), fileStore() (native). Used by one engine
// at a time.
class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::string> read() = 0;  // everything kept so far
  // durable when it returns; after an error the store takes nothing more
  virtual Status append(std::string_view bytes) = 0;
  virtual Status truncate(std::uint64_t length) = 0;  // cuts a torn tail
};
std::unique_ptr<Store> memoryStore(std::string initial = {});
// An append-only file, flushed with fdatasync before append returns; one writer at a time (an
// exclusive lock). Native builds only.
Result<std::unique_ptr<Store>> fileStore(const std::string& path);

struct Recovery {
  std::uint64_t entries = 0, bytes = 0, truncated = 0;
  std::string digest;
  std::uint32_t runs = 0;
};

enum class Cascade : std::uint8_t { Fifo, Nested };

// Which of the activations of one salience fires first. Each strategy orders all of them: where it
// leaves a tie, the newer match fires first, and of the matches of one change that of the rule
// declared first, then the one with the newer facts, row by row, then by place in lists.
//   Depth       the newest match
//   Breadth     the oldest match
//   Lex         the match with the newer facts: their ages are compared newest first; then the more
//               complex rule
//   Mea         the match whose first fact is newer; then as Lex
//   Simplicity  the rule with fewer comparisons in its conditions
//   Complexity  the rule with more of them
//   Random      any, the same one for the same seed
// The age of a fact is that of its last update.
enum class Strategy : std::uint8_t { Depth, Breadth, Lex, Mea, Simplicity, Complexity, Random };
const char* name(Strategy strategy);  // "depth"
std::optional<Strategy> strategyNamed(std::string_view name);

// A `host pure` function, called while matching: same arguments, same answer, no effect.
using PureFunction = std::function<Value(const std::vector<Value>&)>;

// Nanoseconds since some moment, for counting only: nothing that the engine decides reads it.
using Stopwatch = std::function<std::uint64_t()>;

struct EngineOptions {
  Time start = 0;                  // where the session's clock begins
  TraceObserver* trace = nullptr;  // borrowed; must outlive the engine
  std::string source = "reticle";  // `source` of outgoing events
  // Nested: an event leaves after the events it caused
  Cascade cascade = Cascade::Fifo;
  // Whether a session without a store keeps its journal for takeJournal(). It grows until it is
  // taken; a session that lives and dies with its process does without, and is faster. With a
  // store, or recovered from a journal, there always is one.
  bool journal = true;
  Strategy strategy = Strategy::Depth;
  std::uint64_t seed = 0;  // of Strategy::Random
  std::vector<std::pair<std::string, PureFunction>> functions;
  // named time zones; without it only UTC and offsets are known
  ZoneOffsets zones = {};
  // asked twice a firing, for counters(); without it no time is counted
  Stopwatch stopwatch = {};
};

class Engine {
 public:
  // A session without a store: its journal is available through takeJournal(), unless the options
  // say `journal: false`.
  explicit Engine(std::shared_ptr<const Program> program, EngineOptions options = {});
  // Opens a session on a store: a new one when it is empty, otherwise recovered from its journal.
  // Errors: Corrupt (a damaged entry with sound ones behind it; nothing is cut), Mismatch (another
  // program, or a digest that does not agree), errors of the store.
  static Result<Engine> open(std::shared_ptr<const Program> program, std::unique_ptr<Store> store,
                             EngineOptions options = {});
  // The same from journal bytes kept by the host, which goes on appending what takeJournal() gives.
  // `truncated` of recovery() says how many bytes at the end were torn and must be cut.
  static Result<Engine> recover(std::shared_ptr<const Program> program, std::string_view journal,
                                EngineOptions options = {});
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  // Takes an input in: journaled and applied, nothing fired yet. Refused inputs change nothing.
  Result<Accepted> submit(const Input& input);
  // Fires until nothing is ready, then lets events and runs take their turns, until all is quiet or
  // the budget is spent.
  SettleReport settle(const SettleOptions& options = {});
  // Goes on with other rules, on the same facts. Rules that mean the same as before keep their
  // activations: what has fired does not fire again, and what is ready keeps its age. New and
  // changed rules begin with all their matches. Logical facts lose the support of rules that are
  // gone or changed.
  // Refused, and nothing is changed: when a type that has facts or pending events is declared
  // otherwise (BadInput), when a flow that has runs is (BadInput).
  // The journal takes the whole state in, so that it is recovered with the new program, and with no
  // older one.
  Result<Replaced> replaceProgram(std::shared_ptr<const Program> program);
  // What the host must do; each output is given once, and only after its entry is durable.
  std::vector<Output> takeOutputs();

  // Entries made since the last call, for hosts that keep the journal themselves (no store): append
  // them, then say journalDurable().
  std::string takeJournal();
  void journalDurable();
  const std::optional<Recovery>& recovery() const;
  // Set when the store failed: the engine then refuses inputs (Closed).
  const std::optional<Error>& storeError() const;

  std::vector<FactView> facts(std::string_view type = {}) const;  // in order of id
  // of all types, without looking at them
  std::size_t factCount() const;
  std::optional<FactView> fact(FactId id) const;
  std::optional<FactView> subject(std::string_view name) const;
  std::vector<ActivationView> agenda() const;  // best first
  std::vector<RunView> runs() const;
  Result<std::vector<Fields>> query(std::string_view name,
                                    const std::vector<Value>& arguments) const;
  Result<Explanation> explain(FactId fact) const;
  // ready ones, and those that fired and still match
  Result<ActivationExplanation> explain(ActivationId activation) const;
  // Why a rule is not ready to fire. `bindings` narrows it down: to a fact (`{"c",
  // Value::fact(id)}`, or its number) or to a value of a field or of a name that the conditions
  // bind (`{"c.id", Value::string("ada")}`).
  Result<WhyNot> whyNot(std::string_view rule, const Fields& bindings = {}) const;
  // at most so many a condition
  Result<RuleMatches> matches(std::string_view rule, std::size_t most = 100) const;
  Counters counters() const;
  std::vector<std::uint32_t> memoryCounts() const;  // by node id
  Time now() const;
  // When something happens by itself next: a timer of a run, the end of a window or stretch, a
  // moment that a rule waits for, a date, or a change of Clock that some rule can tell.
  std::optional<Time> nextTimer() const;
  // Of the whole state: facts, agenda, runs, timers, queued events. Equal states of all builds have
  // equal digests.
  std::string digest() const;
  // Of all trace records so far; only counted while there is an observer.
  std::string traceDigest() const;

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reticle
