// The public class: each method is one call of the core, or of the session that it runs.
#include "reticle/engine.h"

#include "engine/core.h"

namespace reticle {

Engine::Engine(std::shared_ptr<const Program> program, EngineOptions options)
    : Engine(std::make_unique<Core>(std::move(program), std::move(options))) {
  core_->begin();
}
Engine::Engine(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

// With a store there always is a journal, whatever the options say.
Result<Engine> Engine::open(std::shared_ptr<const Program> program, std::unique_ptr<Store> store,
                            EngineOptions options) {
  options.journal = true;
  auto core = std::make_unique<Core>(std::move(program), std::move(options));
  const Status opened = core->open(std::move(store));
  if (!opened.ok()) return opened.error();
  return Engine(std::move(core));
}

Result<Engine> Engine::recover(std::shared_ptr<const Program> program, std::string_view journal,
                               EngineOptions options) {
  options.journal = true;
  auto core = std::make_unique<Core>(std::move(program), std::move(options));
  const Status recovered = core->recover(journal);
  if (!recovered.ok()) return recovered.error();
  return Engine(std::move(core));
}

Result<Accepted> Engine::submit(const Input& input) { return core_->submit(input); }
SettleReport Engine::settle(const SettleOptions& options) { return core_->settle(options); }
Result<Replaced> Engine::replaceProgram(std::shared_ptr<const Program> program) {
  return core_->replaceProgram(std::move(program));
}
std::vector<Output> Engine::takeOutputs() { return core_->takeOutputs(); }
std::string Engine::takeJournal() { return core_->takeJournal(); }
void Engine::journalDurable() { core_->journalDurable(); }
const std::optional<Recovery>& Engine::recovery() const { return core_->recovery(); }
const std::optional<Error>& Engine::storeError() const { return core_->storeError(); }

// What a session shows of itself, and what it says when it is asked why.
std::vector<FactView> Engine::facts(std::string_view type) const {
  return core_->session().facts(type);
}
std::size_t Engine::factCount() const { return core_->session().factCount(); }
std::optional<FactView> Engine::fact(FactId id) const { return core_->session().fact(id); }
std::optional<FactView> Engine::subject(std::string_view name) const {
  return core_->session().subject(name);
}
std::vector<ActivationView> Engine::agenda() const { return core_->session().agenda(); }
std::vector<RunView> Engine::runs() const { return core_->flows().runs(); }
Status Engine::canTake(const input::Emit& event) const { return core_->canTake(event); }
std::vector<WaitingEventView> Engine::waitingEvents() const {
  return core_->session().waitingEvents();
}
std::vector<FactView> Engine::subjects(const SubjectSelection& which) const {
  return core_->session().subjects(which);
}
Result<Value> Engine::property(std::string_view subject, std::string_view name) const {
  return core_->session().property(subject, name);
}
// Nothing can come between: an engine belongs to one thread at a time.
Result<Accepted> Engine::updateProperty(std::string_view subject, std::string_view name,
                                        const std::function<Value(const Value&)>& change) {
  const Result<Value> held = property(subject, name);
  if (!held && held.error().code == ErrorCode::UnknownField) return held.error();
  return submit(
      setProperty(std::string(subject), std::string(name), change(held ? *held : Value())));
}
Result<std::vector<Fields>> Engine::query(std::string_view name,
                                          const std::vector<Value>& arguments) const {
  return core_->inquiry().runQuery(name, arguments);
}
Result<Explanation> Engine::explain(FactId fact) const { return core_->inquiry().explain(fact); }
Result<ActivationExplanation> Engine::explain(ActivationId activation) const {
  return core_->inquiry().explain(activation);
}
Result<WhyNot> Engine::whyNot(std::string_view rule, const Fields& bindings) const {
  return core_->inquiry().whyNot(rule, bindings);
}
Result<FactPath> Engine::pathOf(FactId fact) const { return core_->inquiry().pathOf(fact); }
Result<RuleMatches> Engine::matches(std::string_view rule, std::size_t most) const {
  return core_->inquiry().matches(rule, most);
}
Counters Engine::counters() const { return core_->session().counters(); }
std::vector<std::uint32_t> Engine::memoryCounts() const { return core_->session().memoryCounts(); }
Time Engine::now() const { return core_->now(); }
std::optional<Time> Engine::nextTimer() const { return core_->nextTimer(); }
std::string Engine::digest() const { return core_->digest(); }
std::string Engine::traceDigest() const { return core_->traceDigest(); }

// The names that the wire and the trace use.
const char* name(Replaced::Fate fate) {
  switch (fate) {
    case Replaced::Fate::Same: return "same";
    case Replaced::Fate::Added: return "added";
    case Replaced::Fate::Changed: return "changed";
    case Replaced::Fate::Removed: return "removed";
  }
  return "";
}

const char* name(SettleReport::Reason reason) {
  switch (reason) {
    case SettleReport::Reason::Quiescent: return "quiescent";
    case SettleReport::Reason::Limit: return "limit";
    case SettleReport::Reason::Halted: return "halted";
  }
  return "";
}

}  // namespace reticle
