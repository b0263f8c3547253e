// One session of a compiled program: the way in for C++ hosts.
//
//   auto compiled = reticle::compile("discounts.rules", text);
//   reticle::Engine engine{compiled.program};
//   engine.submit(reticle::insert("Customer", {{"id", Value::string("ada")}}));
//   auto report = engine.settle();
//
// There is one way to change anything: submit an input, then settle. The engine reads no clock,
// file or random number: time comes in by `advance`, what must be done outside goes out by
// takeOutputs(), and results come back as inputs. Everything between is a pure function of the
// inputs so far, the same natively and in WebAssembly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/explanation.h"
#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/input.h"
#include "reticle/options.h"
#include "reticle/output.h"
#include "reticle/program.h"
#include "reticle/result.h"
#include "reticle/store.h"
#include "reticle/trace.h"
#include "reticle/value.h"
#include "reticle/views.h"

namespace reticle {

class Core;  // opaque: the session, its runs and its journal

// An engine belongs to one thread at a time. It keeps its program alive, and owns its store.
class Engine {
 public:
  // A session without a store: its journal is available through takeJournal(), unless the options
  // say `journal: false`.
  explicit Engine(std::shared_ptr<const Program> program, EngineOptions options = {});

  // Opens a session on a store: a new one when it is empty, otherwise recovered from its journal. A
  // torn tail is cut.
  // Errors: Corrupt (a damaged entry with sound ones after it; nothing is cut), Mismatch (another
  // program, or a digest that does not agree), those of the store.
  static Result<Engine> open(std::shared_ptr<const Program> program, std::unique_ptr<Store> store,
                             EngineOptions options = {});

  // The same from journal bytes kept by the host, which goes on appending what takeJournal() gives.
  // `truncated` of recovery() says how many bytes at the end were torn and must be cut.
  static Result<Engine> recover(std::shared_ptr<const Program> program, std::string_view journal,
                                EngineOptions options = {});

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  // Takes an input in: journaled and applied, nothing fired yet.
  // Errors: a name that the program does not have (UnknownType, UnknownField, …), a value that does
  // not fit (WrongType, MissingField, DuplicateKey, ConstraintViolated), a result nobody waits for
  // (UnknownCall, Stale); Closed after an error of the store. A refused input changes nothing.
  Result<Accepted> submit(const Input& input);

  // Whether submit() would take an event now, and why not; nothing changes. For hosts that take
  // many events together or none.
  Status canTake(const input::Emit& event) const;

  // Fires until nothing is ready, then lets events and runs take their turns and due timers fire,
  // until all is quiet or the budget is spent. Returns what fired and why it stopped; actions that
  // fail are reported by the trace.
  SettleReport settle(const SettleOptions& options = {});

  // Goes on with other rules, on the same facts. Rules that mean the same as before keep their
  // activations: what has fired does not fire again, and what is ready keeps its age. New and
  // changed rules begin with all their matches. Logical facts lose the support of rules that are
  // gone or changed. The journal takes the whole state in, so that it is recovered with the new
  // program, and with no older one.
  // Errors, and nothing is changed: BadInput when a type that has facts or pending events, or a
  // flow that has runs, is declared otherwise.
  Result<Replaced> replaceProgram(std::shared_ptr<const Program> program);

  // What the host must do since the last call, in order. Each output is given once, and only after
  // its entry is durable; recovery may give it again.
  std::vector<Output> takeOutputs();

  // The bytes of the entries made since the last call, for hosts that keep the journal themselves
  // (no store): append them, then say journalDurable(). From the first call on outputs wait for it.
  std::string takeJournal();
  void journalDurable();

  // What was read back, when open() or recover() found a journal.
  const std::optional<Recovery>& recovery() const;
  // Set when the store failed: the engine then refuses inputs (Closed).
  const std::optional<Error>& storeError() const;

  // The facts of a type, or of all types, in order of id; factCount() does not look at them.
  std::vector<FactView> facts(std::string_view type = {}) const;
  std::size_t factCount() const;
  // One fact by its id, a subject by its name; nothing when it is not there.
  std::optional<FactView> fact(FactId id) const;
  std::optional<FactView> subject(std::string_view name) const;
  // The matches that have not fired, best first.
  std::vector<ActivationView> agenda() const;
  // All runs, in order of id.
  std::vector<RunView> runs() const;

  // The events that wait for their moment, soonest first.
  std::vector<WaitingEventView> waitingEvents() const;

  // Subjects by name, page by page: the last name of one page is `after` of the next. Looks at all
  // subjects of the type.
  std::vector<FactView> subjects(const SubjectSelection& which = {}) const;

  // One property of a subject. Errors: UnknownSubject, MissingProperty, UnknownField.
  Result<Value> property(std::string_view subject, std::string_view name) const;

  // Sets a property to what `change` makes of its value (null: it is not there yet), as one input.
  // Errors: those of submit().
  Result<Accepted> updateProperty(std::string_view subject, std::string_view name,
                                  const std::function<Value(const Value&)>& change);

  // The rows of a query, each with its values by name. `arguments`: one for each parameter.
  // Errors: UnknownQuery, BadInput (another number of arguments), WrongType.
  Result<std::vector<Fields>> query(std::string_view name,
                                    const std::vector<Value>& arguments) const;

  // What a fact came from, what that came from, and so on. Errors: UnknownFact.
  Result<Explanation> explain(FactId fact) const;
  // What a match rests on, of one that is ready, or that fired and still matches. Errors:
  // UnknownActivation.
  Result<ActivationExplanation> explain(ActivationId activation) const;
  // Why a rule is not ready to fire. `bindings` narrows it down: to a fact (`{"c",
  // Value::fact(id)}`, or its number) or to a value of a field or of a name that the conditions
  // bind (`{"c.id", Value::string("ada")}`). Errors: BadInput.
  Result<WhyNot> whyNot(std::string_view rule, const Fields& bindings = {}) const;
  // Which nodes of the network a fact came to, and what ended it there. Errors: UnknownFact.
  Result<FactPath> pathOf(FactId fact) const;
  // Where a rule's partial matches stand, condition by condition; of each at most `most`.
  Result<RuleMatches> matches(std::string_view rule, std::size_t most = 100) const;

  // What the network and the rules did so far; the second only what each node's memory holds, by
  // node id.
  Counters counters() const;
  std::vector<std::uint32_t> memoryCounts() const;

  // Where the session's clock stands.
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
  friend class HostLoop;  // reticle/host.h
  explicit Engine(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace reticle
