// Carries out `test` blocks: each with an engine of its own, a virtual clock and a scripted host.
// What is counted (firings, calls, events) lives here and survives the crashes of a test.
#include <algorithm>
#include <memory>
#include <utility>

#include "base/hash.h"
#include "base/time_text.h"
#include "engine/core.h"
#include "reticle/test.h"
#include "testing/scripted_host.h"
#include "testing/seen_failures.h"

namespace reticle {
namespace {

using model::Action;
using model::Expect;

constexpr std::size_t kShown = 3;  // facts named in a message

// "1 time", "3 times".
std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// The relation of an `expect count`; an equality when none is written.
bool holds(Operator op, std::int64_t a, std::int64_t b) {
  if (op == Operator::Less) return a < b;
  if (op == Operator::LessEqual) return a <= b;
  if (op == Operator::NotEqual) return a != b;
  if (op == Operator::Greater) return a > b;
  if (op == Operator::GreaterEqual) return a >= b;
  return a == b;
}

// The same in words: "at least 3".
std::string bound(Operator op, std::int64_t number) {
  const std::string text = std::to_string(number);
  if (op == Operator::Less) return "fewer than " + text;
  if (op == Operator::LessEqual) return "at most " + text;
  if (op == Operator::NotEqual) return "a number other than " + text + " of";
  if (op == Operator::Greater) return "more than " + text;
  if (op == Operator::GreaterEqual) return "at least " + text;
  return text;
}

// "a", "b"
std::string inQuotes(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + "\"";
  return text;
}

class TestRun final : private TraceObserver, private EventWatcher {
 public:
  // `at`: which of its cases, when it has several.
  TestRun(std::shared_ptr<const Program> program, const model::Test& test, const ZoneOffsets& zones,
          std::size_t at)
      : root_(std::move(program)),
        program_(root_),
        test_(&test),
        zones_(zones),
        at_(at),
        failures_(model()) {
    locals_.resize(test.locals);
    outcome_.name = test.name + caseText();
    host_.kept = &journal_;
    noteHosts();
  }

  // Section by section: what is done, then what is expected. An engine is made even when
  // nothing is done, so that expectations have facts to look at. What failed, and nobody expects,
  // comes first in the report: it may be the reason of the rest.
  TestOutcome run() {
    // An action may put another test, the rest of this one, in its place.
    for (begun_ = 1; begun_ <= test_->sections.size(); ++begun_) {
      for (done_ = 0; done_ < section().doings.size() && !broken_;) {
        doing(section().doings[done_++]);
      }
      if (section().expect) engine();
      for (const Expect& expect : section().expects) {
        if (!broken_) check(expect);
      }
      if (section().expect) order_.clear();
    }
    for (const std::string& function : host_.unscripted) {
      fail(test_->span, "`" + function + "` was called " + counted(calls(function), "time") +
                            ", but the test says no more what it answers");
    }
    std::vector<TestFailure> unexpected = failures_.unexpected();
    for (TestFailure& failure : unexpected) {
      if (failure.span == Span{}) failure.span = test_->span;
    }
    outcome_.failures.insert(outcome_.failures.begin(), unexpected.begin(), unexpected.end());
    outcome_.passed = outcome_.failures.empty();
    outcome_.digest = digest_.hex();
    for (const auto& [rule, fired] : fired_) {
      if (fired.times > 0) outcome_.fired.push_back(fired.place);
    }
    return std::move(outcome_);
  }

 private:
  struct Emitted {
    std::string type;  // its name
    std::vector<Value> values;
  };
  struct FiredRule {
    std::uint64_t times = 0;
    Span place;  // of its name
  };

  const model::Program& model() const { return program_->model; }
  const model::Test::Section& section() const { return test_->sections[begun_ - 1]; }

  void noteHosts() {
    for (const model::Host& host : model().hosts) {
      if (host.result) host_.mustBeScripted.insert(host.name);
    }
  }

  // The digest goes over the traces of all engines that the test had: a crash begins another.
  void record(const TraceRecord& record, std::string_view json) override {
    digest_.add(json);
    failures_.note(record);
    const model::Rule* rule = record.rule == kNoRule ? nullptr : &model().rules[index(record.rule)];
    if (record.as<trace::Fire>()) {
      ++fired_[rule->name].times;
      fired_[rule->name].place = rule->nameSpan;
      order_.push_back(rule->name);
    }
    const trace::Failure* failure = record.as<trace::Failure>();
    // A firing that failed as a whole has changed nothing: it is none.
    if (failure && rule && failure->part.empty()) {
      --fired_[rule->name].times;
      const auto last = std::find(order_.rbegin(), order_.rend(), rule->name);
      if (last != order_.rend()) order_.erase(std::next(last).base());
    }
  }

  // Events of the rules only. Their facts are gone at the end of their turn, so the values are
  // kept.
  void eventBegins(const Event& event, const Session& session) override {
    if (event.fromOutside || session.eventFact() == kNoFact) return;
    const Row row = session.rowOf(session.eventFact());
    const model::FactType& type = model().type(event.type);
    emitted_.push_back({type.name, {row.fields, row.fields + type.fields.size()}});
  }

  void fail(Span span, std::string message) {
    outcome_.failures.push_back({std::move(message), span});
  }
  // The rest of the test would only echo this.
  void stop(Span span, std::string message) {
    fail(span, std::move(message));
    broken_ = true;
  }

  // The engine of the test, made when it is needed first: `clock` may say before where its
  // time begins.
  Core& engine() {
    if (!core_) {
      create();
      core_->begin();
    }
    return *core_;
  }

  // Its trace and its events come to this object, whichever engine it is.
  void create() {
    EngineOptions options{.start = start_, .trace = this, .zones = zones_};
    if (test_->strategy) options.strategy = *test_->strategy;
    core_ = std::make_unique<Core>(program_, std::move(options));
    core_->watch(this);
  }

  // In the terms of the test: its locals, and the facts of the engine.
  Value evaluated(const model::Expression& expression) {
    return evaluate(expression.code, Frame{nullptr, locals_.data(), &engine().session()});
  }

  // Binds the values of the case; returns them as they stand behind the test's name.
  std::string caseText() {
    std::string text;
    for (const model::Test::Each& each : test_->each) {
      const Value all = evaluate(each.values.code, Frame{nullptr, locals_.data(), nullptr});
      if (all.kind() != ValueKind::List || at_ >= all.asList().size()) continue;
      locals_[each.local] = all.asList()[at_];
      text += (text.empty() ? " (" : ", ") + each.name + ": " + toText(all.asList()[at_]);
    }
    return text.empty() ? text : text + ")";
  }

  // --- doings

  // What stands between `do` and `expect`: the test's own verbs, or an action of the language.
  void doing(const Action& action) {
    switch (action.kind) {
      case Action::Kind::Clock: return setClock(action);
      case Action::Kind::Settle:
        if (action.count >= 0) {
          engine().settle({.maxFirings = static_cast<std::uint64_t>(action.count)});
          return;
        }
        return settled(settleWith(engine(), host_), action);
      case Action::Kind::Advance: {
        const Value by = evaluated(action.value);
        if (by.isError()) return stop(action.span, std::string(by.errorMessage()));
        return settled(advanceWith(engine(), host_, engine().now() + by.asSpan()), action);
      }
      case Action::Kind::Crash: return crash(action);
      case Action::Kind::Host: return script(action);
      case Action::Kind::Replace: return replace(action);
      case Action::Kind::Emit:
        if (action.at.present() && !arrive(action)) return;
        return change(action);
      case Action::Kind::Insert:
      case Action::Kind::InsertLogical:
      case Action::Kind::Upsert:
      case Action::Kind::Set:
      case Action::Kind::Unset:
      case Action::Kind::UpdateFields:
      case Action::Kind::UpdateWith:
      case Action::Kind::Retract:
      case Action::Kind::Call:
      case Action::Kind::Start:
      case Action::Kind::Signal:
      case Action::Kind::Cancel:
      case Action::Kind::CancelEvent:
      case Action::Kind::Log:
      case Action::Kind::Let:
      case Action::Kind::If:
      case Action::Kind::For:
      case Action::Kind::ForFacts:
      case Action::Kind::Focus:
      case Action::Kind::Refresh:
      case Action::Kind::Halt:
      case Action::Kind::Step:
      case Action::Kind::Find:
      case Action::Kind::Sleep:
      case Action::Kind::SleepUntil:
      case Action::Kind::Wait:
      case Action::Kind::WaitUntil:
      case Action::Kind::Parallel:
      case Action::Kind::Branch:
      case Action::Kind::Try:
      case Action::Kind::Fail:
      case Action::Kind::Return:
      case Action::Kind::Compensate:
      case Action::Kind::Restart: return change(action);
    }
  }

  // A test that runs away ends here, and names the rules, unless it goes on to expect that.
  void settled(const SettleReport& report, const Action& action) {
    if (report.reason != SettleReport::Reason::Limit) return;
    runaway_.insert(runaway_.end(), report.cycle.begin(), report.cycle.end());
    if (expectsRunaway(report.cycle)) return;
    stop(action.span, "nothing came to rest within " + std::to_string(report.firings) +
                          " firings: " + inQuotes(report.cycle) + " fire again and again");
  }

  // In a section that is still to come.
  bool expectsRunaway(const std::vector<std::string>& rules) const {
    return std::any_of(
        test_->sections.begin() + static_cast<std::ptrdiff_t>(begun_), test_->sections.end(),
        [&rules](const model::Test::Section& section) {
          return std::any_of(
              section.expects.begin(), section.expects.end(), [&rules](const Expect& expect) {
                return expect.kind == Expect::Kind::Runaway && !expect.negated &&
                       std::find(rules.begin(), rules.end(), expect.name) != rules.end();
              });
        });
  }

  // Before the engine is there it says where the clock begins; later it moves there, stopping
  // at every timer.
  void setClock(const Action& action) {
    const Value value = core_
                            ? evaluated(action.value)
                            : evaluate(action.value.code, Frame{nullptr, locals_.data(), nullptr});
    Time time = 0;
    if (value.kind() == ValueKind::Timestamp) {
      time = value.asTime();
    } else if (const auto read = value.kind() == ValueKind::String
                                     ? parseTimestamp(value.asString())
                                     : std::nullopt) {
      time = Value::timestamp(read->seconds, read->nanos).asTime();
    } else {
      return stop(action.span, "the clock needs a time such as \"2024-01-15T00:00:00Z\", this is " +
                                   toText(value));
    }
    if (!core_) {
      start_ = time;
      engine();
    } else if (time < engine().now()) {
      stop(action.span,
           "the clock cannot go back from " + toText(Value::timestamp(engine().now())));
    } else {
      settled(advanceWith(engine(), host_, time), action);
    }
  }

  // `emit … at`: the clock moves to the moment of the event first; false when it cannot.
  bool arrive(const Action& action) {
    const Value at = evaluated(action.at);
    const bool span = at.kind() == ValueKind::Duration;
    if (!span && at.kind() != ValueKind::Timestamp) {
      stop(action.span, "`at` needs a moment, or the time since the test began, this is " +
                            (at.isError() ? std::string(at.errorMessage()) : toText(at)));
      return false;
    }
    const Time moment = span ? start_ + at.asSpan() : at.asTime();
    if (moment < engine().now()) {
      stop(action.span, "this moment has passed: it is " +
                            toText(Value::timestamp(engine().now())) + " already");
      return false;
    }
    settled(advanceWith(engine(), host_, moment), action);
    return !broken_;
  }

  // Everything but the journal is lost; the host outside goes on as it was.
  void crash(const Action& action) {
    journal_ += engine().takeJournal();
    core_.reset();
    create();
    const Status recovered = core_->recover(journal_);
    if (!recovered.ok()) stop(action.span, "recovery failed: " + recovered.error().message);
  }

  // The session goes on with other rules, and this test with its rest, which is checked against
  // them: names stand for what they stood for.
  void replace(const Action& action) {
    const auto found = std::find_if(root_->replacements.begin(), root_->replacements.end(),
                                    [&](const auto& each) { return each.first == action.span; });
    if (found == root_->replacements.end()) return stop(action.span, "these rules are not there");
    const std::shared_ptr<const Program> next = found->second;
    const auto rest =
        std::find_if(next->model.tests.begin(), next->model.tests.end(),
                     [&](const model::Test& each) { return each.span == test_->span; });
    if (rest == next->model.tests.end()) return stop(action.span, "the test does not go on");
    engine();
    // From here on the ids in the trace are those of the new rules.
    const std::shared_ptr<const Program> before = std::exchange(program_, next);
    failures_.replace(model());
    const Result<Replaced> replaced = core_->replaceProgram(next);
    if (!replaced.ok()) {
      program_ = before;
      failures_.replace(model());
      return stop(action.span, replaced.error().message);
    }
    const Span place = action.span;
    std::vector<Value> locals(rest->locals);
    carryOver(*rest, locals);
    locals_ = std::move(locals);
    test_ = &*rest;
    caseText();
    noteHosts();
    done_ = static_cast<std::size_t>(
        std::count_if(section().doings.begin(), section().doings.end(),
                      [&](const Action& each) { return each.span.begin < place.begin; }));
  }

  // What the actions of this test have named, for those of its rest that have the same place.
  void carryOver(const model::Test& rest, std::vector<Value>& locals) const {
    for (const model::Test::Section& section : test_->sections) {
      for (const Action& action : section.doings) {
        for (const model::Test::Section& other : rest.sections) {
          for (const Action& same : other.doings) {
            if (!action.local || !same.local || !(same.span == action.span)) continue;
            locals[*same.local] = locals_[*action.local];
          }
        }
      }
    }
  }

  // What a function returns from now on, replacing what was said before.
  void script(const Action& action) {
    std::vector<ScriptedHost::Answer> answers;
    for (const Action::Script& script : action.scripts) {
      Value value = evaluated(script.value);
      if (value.isError()) return stop(action.span, std::string(value.errorMessage()));
      answers.push_back({script.fails, std::move(value), script.times});
    }
    host_.scripts[model().hosts[index(action.function)].name] = std::move(answers);
  }

  // An action of the language, handed in as a host would.
  void change(const Action& action) {
    std::vector<Change> changes;
    const Status status = engine().session().evaluate({action}, nullptr, locals_, changes);
    if (!status.ok()) return stop(action.span, status.error().message);
    std::vector<FactId> made(changes.size(), kNoFact);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const std::optional<Input> input = inputFor(changes[i], made);
      if (!input) continue;
      const Result<Accepted> accepted = engine().submit(*input);
      if (!accepted.ok()) return stop(action.span, accepted.error().message);
      made[i] = accepted->fact;
    }
    for (Value& local : locals_) local = resolved(local, made);
  }

  // Facts made by the same action are named by their position (see Session::evaluate).
  static Value resolved(const Value& value, const std::vector<FactId>& made) {
    if (value.kind() != ValueKind::Fact || (index(value.asFact()) & kPendingFact) == 0) {
      return value;
    }
    const std::uint32_t at = index(value.asFact()) & ~kPendingFact;
    return Value::fact(at < made.size() ? made[at] : kNoFact);
  }

  // Actions that hosts have no input for (log, focus, halt) do nothing in a test.
  // Properties of a subject that `unset` takes away whole.
  std::vector<std::string> unsetOf(const Change& change) const {
    std::vector<std::string> names;
    if (model().type(change.type).kind != model::FactKind::Subject) return names;
    if (change.unset) {
      for (const auto& [field, value] : change.assignment) {
        names.push_back(model().type(change.type).fields[index(field)].name);
      }
    }
    for (const Change::Part& part : change.parts) {
      if (part.path.empty() && !part.value) names.push_back(part.property);
    }
    return names;
  }

  // Of the subject that an event is for; empty: it is about none.
  std::string nameOf(const Change& change, FactId fact) {
    if (fact == kNoFact) return change.subject;
    const std::optional<FactView> view = engine().session().fact(fact);
    return view ? view->subject : change.subject;
  }

  std::optional<Input> inputFor(const Change& change, const std::vector<FactId>& made) {
    const FactId fact = change.pending ? made[change.pending - 1] : change.fact;
    switch (change.kind) {
      case Change::Kind::Insert:
      case Change::Kind::InsertLogical:
        return input::Insert{model().type(change.type).name, named(change, made)};
      case Change::Kind::Set: {
        Fields fields;
        for (const auto& [field, value] : change.assignment) {
          fields.emplace_back(model().type(change.type).fields[index(field)].name,
                              resolved(value, made));
        }
        for (const auto& [name, value] : change.undeclared) {
          fields.emplace_back(name, resolved(value, made));
        }
        const std::optional<FactView> view = engine().session().fact(fact);
        if (std::vector<std::string> going = unsetOf(change); view && !going.empty()) {
          return input::UnsetProperties{view->subject, std::move(going), change.muted};
        }
        for (const Change::Part& part : change.parts) {
          if (view) fields.emplace_back(part.property, wholeOf(*view, part));
        }
        if (change.muted && view) {
          return input::SetProperties{view->subject, {}, std::move(fields), true};
        }
        return input::Update{fact, std::move(fields)};
      }
      case Change::Kind::Retract: return input::Retract{fact};
      case Change::Kind::Emit: {
        // A test is the world outside: what it emits is not sent there, unless it says so.
        input::Emit emit{
            model().type(change.type).name, named(change, made), nameOf(change, fact), {}, {}};
        emit.due = change.due;
        emit.replacing = change.waitingAs;
        if (change.deliver != Delivery::Both) emit.deliver = change.deliver;
        return emit;
      }
      case Change::Kind::CancelEvent:
        return input::CancelEvent{change.waitingAs, nameOf(change, fact)};
      case Change::Kind::Start: {
        const model::Flow& flow = model().flows[index(change.flow)];
        Fields arguments;
        for (std::size_t i = 0; i < change.arguments.size(); ++i) {
          arguments.emplace_back(flow.params[i].name, resolved(change.arguments[i], made));
        }
        return input::Start{flow.name, std::move(arguments), change.key};
      }
      case Change::Kind::Signal:
        return input::Signal{model().flows[index(change.flow)].name, change.key,
                             model().type(change.type).name, named(change, made)};
      case Change::Kind::Cancel:
        return input::Cancel{model().flows[index(change.flow)].name, change.key};
      case Change::Kind::Log:
      case Change::Kind::Focus:
      case Change::Kind::Refresh:
      case Change::Kind::Halt: return {};
    }
    return {};
  }

  // A property with one part set or taken away; null when the property itself goes.
  static Value wholeOf(const FactView& view, const Change::Part& part) {
    Value whole;
    for (const auto& [name, value] : view.fields) {
      if (name == part.property) whole = value;
    }
    if (part.path.empty()) return Value();
    const Result<Value> changed = withPart(whole, part, 0);
    return changed ? *changed : whole;
  }

  // The declared fields, and what an open type has beside them.
  Fields named(const Change& change, const std::vector<FactId>& made) const {
    const model::FactType& type = model().type(change.type);
    Fields fields;
    for (std::size_t i = 0; i < type.declared && i < change.values.size(); ++i) {
      fields.emplace_back(type.fields[i].name, resolved(change.values[i], made));
    }
    if (type.open && index(type.undeclared()) < change.values.size()) {
      for (const auto& [name, value] : change.values[index(type.undeclared())].asMap()) {
        fields.emplace_back(std::string(name.asString()), resolved(value, made));
      }
    }
    return fields;
  }

  // --- expectations

  // The first few facts, for a message.
  std::string listed(TypeId type, const std::vector<FactId>& facts) {
    std::string text;
    for (std::size_t i = 0; i < facts.size() && i < kShown; ++i) {
      text += i == 0 ? ": " : ", ";
      text += described(type, engine().session().rowOf(facts[i]).fields);
    }
    return facts.size() > kShown ? text + ", …" : text;
  }

  // Thing{id: "a", n: 2}: the fields that say something.
  std::string described(TypeId id, const Value* values) const {
    const model::FactType& type = model().type(id);
    std::string text = type.name + "{";
    bool first = true;
    for (std::size_t i = 0; i < type.declared; ++i) {
      if (values == nullptr || values[i].isNull()) continue;
      text += (first ? "" : ", ") + type.fields[i].name + ": " + toText(values[i]);
      first = false;
    }
    return text + "}";
  }

  // Every fact of the type, whatever the pattern wanted.
  std::vector<FactId> all(TypeId type) {
    std::vector<FactId> facts;
    for (const FactView& view : engine().session().facts(model().type(type).name)) {
      facts.push_back(view.id);
    }
    return facts;
  }

  // One branch for each kind of expectation; each fails with what was found instead.
  void check(const Expect& expect) {
    switch (expect.kind) {
      case Expect::Kind::Exists:
      case Expect::Kind::Not: return checkFacts(expect);
      case Expect::Kind::Count: {
        std::int64_t number = expect.number.value_or(0);
        if (expect.value.present()) {
          const Value value = evaluated(expect.value);
          if (value.isError()) {
            return fail(expect.span,
                        "expected " + toText(expect.value.tree) +
                            " facts; it has no value: " + std::string(value.errorMessage()));
          }
          number = value.asInt();
        }
        const std::vector<FactId> found = engine().session().find(*expect.pattern, locals_);
        if (holds(expect.op, static_cast<std::int64_t>(found.size()), number)) return;
        return fail(expect.span, "expected " + bound(expect.op, number) + " " +
                                     model().type(expect.pattern->type).name +
                                     (number == 1 ? " fact" : " facts") + ", found " +
                                     std::to_string(found.size()) +
                                     listed(expect.pattern->type, found));
      }
      case Expect::Kind::Emitted: return checkEmitted(expect);
      case Expect::Kind::Fired: {
        std::uint64_t count = 0;
        if (const auto fired = fired_.find(expect.name); fired != fired_.end()) {
          count = fired->second.times;
        }
        return checkTimes(expect, count, "rule \"" + expect.name + "\" to fire", "it fired",
                          unknownsOf(expect.name));
      }
      case Expect::Kind::Failed: return checkFailed(expect);
      case Expect::Kind::Runaway: return checkRunaway(expect);
      case Expect::Kind::Called: return checkCalled(expect);
      case Expect::Kind::Flow: return checkFlow(expect);
      case Expect::Kind::Check: return checkTrue(expect);
      case Expect::Kind::Order: {
        return checkNames(expect, order_, "these rules to fire, in this order", "what fired was");
      }
      case Expect::Kind::Agenda: {
        std::vector<std::string> names;
        for (const ActivationView& each : engine().session().agenda()) {
          if (each.waits.empty()) names.push_back(each.name);
        }
        return checkNames(expect, names, "this agenda", "it is");
      }
    }
  }

  void checkNames(const Expect& expect, const std::vector<std::string>& found,
                  const std::string& what, const std::string& instead) {
    if (found == expect.names) return;
    fail(expect.span, "expected " + what + ": [" + inQuotes(expect.names) + "]; " + instead + " [" +
                          inQuotes(found) + "]");
  }

  // What the conditions of a rule ask and had no value, for a message.
  std::string unknownsOf(const std::string& rule) {
    std::string text;
    for (const Counters::Rule& each : engine().session().counters().rules) {
      if (each.name != rule) continue;
      for (const Counters::Rule::Unknown& unknown : each.unknown) {
        text += "; `" + unknown.test + "` is unknown: " + unknown.cause;
      }
    }
    return text;
  }

  // Facts of the pattern, or none of them.
  void checkFacts(const Expect& expect) {
    const std::vector<FactId> found = engine().session().find(*expect.pattern, locals_);
    const bool wanted = expect.kind == Expect::Kind::Exists && !expect.negated;
    const TypeId type = expect.pattern->type;
    if (wanted != found.empty()) return;
    if (!wanted) {
      return fail(expect.span, "expected no " + expect.pattern->text + ", found " +
                                   std::to_string(found.size()) + listed(type, found));
    }
    const std::vector<FactId> others = all(type);
    fail(expect.span,
         "expected " + expect.pattern->text + ", found none" +
             (others.empty() ? ""
                             : "; there " + std::string(others.size() == 1 ? "is " : "are ") +
                                   std::to_string(others.size()) + " " + model().type(type).name +
                                   listed(type, others)));
  }

  // Something that was counted: at all, so many times, or not at all.
  void checkTimes(const Expect& expect, std::uint64_t count, const std::string& what,
                  const std::string& did, const std::string& more = "") {
    const std::int64_t times = static_cast<std::int64_t>(count);
    const bool met = expect.number ? times == *expect.number : times > 0;
    if (met != expect.negated) return;
    std::string wanted = expect.number ? counted(static_cast<std::uint64_t>(*expect.number), "time")
                         : expect.negated ? ""
                                          : "at least once";
    if (!wanted.empty()) wanted = " " + wanted;
    fail(expect.span, "expected " + what + (expect.negated ? " not at all" : "") + wanted + "; " +
                          did + " " + counted(count, "time") + more);
  }

  // What is expected, or counted in vain, need not be reported once more.
  void checkFailed(const Expect& expect) {
    const std::uint64_t count = failures_.count(expect.name, expect.code);
    const std::string first = failures_.first(expect.name, "");
    const std::size_t before = outcome_.failures.size();
    checkTimes(expect, count,
               "rule \"" + expect.name + "\" to fail" +
                   (expect.code.empty() ? "" : " with " + expect.code),
               expect.code.empty() ? "it failed" : "it did so", first.empty() ? "" : ": " + first);
    if (!expect.negated || outcome_.failures.size() > before) {
      failures_.expectRule(expect.name, expect.code);
    }
  }

  void checkRunaway(const Expect& expect) {
    const bool ran = std::find(runaway_.begin(), runaway_.end(), expect.name) != runaway_.end();
    if (ran != expect.negated) return;
    fail(expect.span,
         "expected rule \"" + expect.name + "\" " + (expect.negated ? "not " : "") +
             "to fire again and again until the limit; " +
             (runaway_.empty() ? "everything came to rest" : inQuotes(runaway_) + " did"));
  }

  // Constraints of the pattern are tested against the values that the event had in its turn.
  void checkEmitted(const Expect& expect) {
    std::uint64_t count = 0;
    std::string others;
    for (const Emitted& event : emitted_) {
      if (event.type != model().type(expect.pattern->type).name) continue;
      const Row row{event.values.data(), kNoFact};
      const Frame frame{&row, locals_.data(), &engine().session()};
      const bool fits =
          std::all_of(expect.pattern->constraints.begin(), expect.pattern->constraints.end(),
                      [&frame](const model::Constraint& constraint) {
                        return evaluate(constraint.test.code, frame).isTrue();
                      });
      if (fits) ++count;
      if (!fits && others.size() < 200) {
        others += (others.empty() ? "; others: " : ", ") +
                  described(expect.pattern->type, event.values.data());
      }
    }
    checkTimes(expect, count, expect.pattern->text + " to be emitted", "it was emitted", others);
  }

  // Over all engines of the test: the host outlives a crash.
  std::uint64_t calls(const std::string& function) const {
    return static_cast<std::uint64_t>(
        std::count_if(host_.performed.begin(), host_.performed.end(),
                      [&function](const ScriptedHost::Performed& each) {
                        return each.call.function == function;
                      }));
  }

  // The arguments of each call stand as locals after those of the test.
  void checkCalled(const Expect& expect) {
    std::uint64_t count = 0;
    std::string others;
    for (const ScriptedHost::Performed& each : host_.performed) {
      if (each.call.function != expect.name) continue;
      std::vector<Value> locals = locals_;  // the arguments stand after the test's own
      locals.resize(test_->locals);
      for (const auto& [name, value] : each.call.arguments) locals.push_back(value);
      locals.resize(std::max<std::size_t>(locals.size(), test_->locals + expect.argumentLocals));
      const Frame frame{nullptr, locals.data(), &engine().session()};
      const bool fits = std::all_of(expect.constraints.begin(), expect.constraints.end(),
                                    [&frame](const model::Expression& constraint) {
                                      return evaluate(constraint.code, frame).isTrue();
                                    });
      if (fits) ++count;
      if (fits || others.size() > 200) continue;
      others += others.empty() ? "; other calls: (" : ", (";
      for (std::size_t i = 0; i < each.call.arguments.size(); ++i) {
        others += (i > 0 ? ", " : "") + each.call.arguments[i].first + ": " +
                  toText(each.call.arguments[i].second);
      }
      others += ")";
    }
    checkTimes(expect, count,
               "`" + expect.name + "` to be called" + (expect.constraints.empty() ? "" : " so"),
               "it was called", others);
  }

  // Without a key any run of the flow will do; with one its latest run speaks.
  void checkFlow(const Expect& expect) {
    std::string key;
    if (expect.value.present()) key = toText(evaluated(expect.value), false);
    std::string found;
    RunId shown = kNoRun;
    bool met = false;
    for (const RunView& run : engine().flows().runs()) {
      if (run.flow != expect.name || (expect.value.present() && run.key != key)) continue;
      const bool waits = run.status == "running" &&
                         std::any_of(run.steps.begin(), run.steps.end(), [](const StepView& step) {
                           return step.status == "started" && step.kind != "call";
                         });
      const bool fits = expect.state == "waiting" ? waits : run.status == expect.state;
      met = expect.value.present() ? fits : met || fits;  // the latest run speaks for its key
      shown = run.id;
      found =
          run.status + (waits ? " (waiting)" : "") + (run.error.empty() ? "" : ": " + run.error);
    }
    if (met != expect.negated) {
      return failures_.expectRuns(expect.name, expect.value.present() ? &key : nullptr,
                                  expect.state != "failed");
    }
    failures_.expectRun(shown);  // its error is in the message
    const std::string name =
        "flow " + expect.name + (expect.value.present() ? " key \"" + key + "\"" : "");
    fail(expect.span, "expected " + name + (expect.negated ? " not " : " ") + expect.state + "; " +
                          (found.empty() ? "there is no such run" : "it is " + found));
  }

  // A comparison that fails shows both of its sides.
  void checkTrue(const Expect& expect) {
    const Value value = evaluated(expect.value);
    if (value.isTrue()) return;
    std::string message = "expected " + toText(expect.value.tree);
    const Expr& tree = expect.value.tree;
    const bool compares =
        tree.kind == ExprKind::Binary && tree.op >= Operator::Equal && tree.op <= Operator::In;
    if (value.isError()) {
      message += "; it has no value: " + std::string(value.errorMessage());
    } else if (compares) {
      const auto side = [&](const Expr& expr) {
        return toText(evaluate(compileExpr(expr, model().functions),
                               Frame{nullptr, locals_.data(), &engine().session()}));
      };
      message += "; it is " + side(tree.args[0]) + " against " + side(tree.args[1]);
    } else {
      message += "; it is " + toText(value);
    }
    fail(expect.span, std::move(message));
  }

  static constexpr std::uint32_t kPendingFact = 0x80000000u;

  const std::shared_ptr<const Program> root_;  // with all that may replace it
  std::shared_ptr<const Program> program_;     // the rules of now
  const model::Test* test_;                    // of program_
  const ZoneOffsets& zones_;
  const std::size_t at_;  // which case
  TestOutcome outcome_;
  Digest digest_;
  ScriptedHost host_;
  std::string journal_;
  Time start_ = 0;
  std::vector<Value> locals_;
  std::map<std::string, FiredRule> fired_;  // by name: ids change with the rules
  std::vector<std::string> order_;  // the firings since the last section that expects something
  SeenFailures failures_;
  std::vector<std::string> runaway_;  // rules that the limit stopped, in the order of their circle
  std::vector<Emitted> emitted_;
  std::size_t begun_ = 0;  // sections
  std::size_t done_ = 0;   // actions of the section that began last
  bool broken_ = false;
  std::unique_ptr<Core> core_;
};

}  // namespace

std::vector<TestOutcome> runTests(std::shared_ptr<const Program> program,
                                  const ZoneOffsets& zones) {
  std::vector<TestOutcome> outcomes;
  for (const model::Test& test : program->model.tests) {
    const std::size_t cases = test.each.empty() ? 1 : test.cases;
    for (std::size_t at = 0; at < cases; ++at) {
      outcomes.push_back(TestRun(program, test, zones, at).run());
    }
  }
  return outcomes;
}

}  // namespace reticle
