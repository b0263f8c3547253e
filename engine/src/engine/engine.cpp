#include "reticle/engine.h"

#include "engine/core.h"

namespace reticle {

struct Engine::State {
  Core core;
  State(std::shared_ptr<const Program> program, EngineOptions options)
      : core(std::move(program), std::move(options)) {}
};

Engine::Engine(std::shared_ptr<const Program> program, EngineOptions options)
    : Engine(std::make_unique<State>(std::move(program), std::move(options))) {
  state_->core.begin();
}
Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::open(std::shared_ptr<const Program> program, std::unique_ptr<Store> store,
                            EngineOptions options) {
  options.journal = true;
  auto state = std::make_unique<State>(std::move(program), std::move(options));
  const Status opened = state->core.open(std::move(store));
  if (!opened.ok()) return opened.error();
  return Engine(std::move(state));
}

Result<Engine> Engine::recover(std::shared_ptr<const Program> program, std::string_view journal,
                               EngineOptions options) {
  options.journal = true;
  auto state = std::make_unique<State>(std::move(program), std::move(options));
  const Status recovered = state->core.recover(journal);
  if (!recovered.ok()) return recovered.error();
  return Engine(std::move(state));
}

Result<Accepted> Engine::submit(const Input& input) { return state_->core.submit(input); }
SettleReport Engine::settle(const SettleOptions& options) { return state_->core.settle(options); }
Result<Replaced> Engine::replaceProgram(std::shared_ptr<const Program> program) {
  return state_->core.replaceProgram(std::move(program));
}
std::vector<Output> Engine::takeOutputs() { return state_->core.takeOutputs(); }
std::string Engine::takeJournal() { return state_->core.takeJournal(); }
void Engine::journalDurable() { state_->core.journalDurable(); }
const std::optional<Recovery>& Engine::recovery() const { return state_->core.recovery(); }
const std::optional<Error>& Engine::storeError() const { return state_->core.storeError(); }

std::vector<FactView> Engine::facts(std::string_view type) const {
  return state_->core.session().facts(type);
}
std::size_t Engine::factCount() const { return state_->core.session().factCount(); }
std::optional<FactView> Engine::fact(FactId id) const { return state_->core.session().fact(id); }
std::optional<FactView> Engine::subject(std::string_view name) const {
  return state_->core.session().subject(name);
}
std::vector<ActivationView> Engine::agenda() const { return state_->core.session().agenda(); }
std::vector<RunView> Engine::runs() const { return state_->core.flows().runs(); }
Result<std::vector<Fields>> Engine::query(std::string_view name,
                                          const std::vector<Value>& arguments) const {
  return state_->core.session().runQuery(name, arguments);
}
Result<Explanation> Engine::explain(FactId fact) const {
  return state_->core.session().explain(fact);
}
Result<ActivationExplanation> Engine::explain(ActivationId activation) const {
  return state_->core.session().explain(activation);
}
Result<WhyNot> Engine::whyNot(std::string_view rule, const Fields& bindings) const {
  return state_->core.session().whyNot(rule, bindings);
}
Result<RuleMatches> Engine::matches(std::string_view rule, std::size_t most) const {
  return state_->core.session().matches(rule, most);
}
Counters Engine::counters() const { return state_->core.session().counters(); }
std::vector<std::uint32_t> Engine::memoryCounts() const {
  return state_->core.session().memoryCounts();
}
Time Engine::now() const { return state_->core.session().now(); }
std::optional<Time> Engine::nextTimer() const { return state_->core.nextTimer(); }
std::string Engine::digest() const { return state_->core.digest(); }
std::string Engine::traceDigest() const { return state_->core.traceDigest(); }

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
