// The engine's thread: opening, groups of requests, the end.
#include "engine_room.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <type_traits>
#include <utility>

#include "../cli/files.h"
#include "problem.h"
#include "views.h"

namespace reticle::serve {
namespace {

using Steady = std::chrono::steady_clock;

// A group has about so many jobs, and is flushed after so long.
constexpr std::size_t kGroup = 2'000;
constexpr std::chrono::milliseconds kGroupTime{10};
// So long questions are answered between two groups, or one of them.
constexpr std::chrono::milliseconds kQuestionTime{5};

Time wallTime() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool endsGroup(const std::vector<Job>& jobs) {
  return !jobs.empty() && std::holds_alternative<ReplaceRules>(jobs.back());
}

double secondsSince(Steady::time_point began) {
  return std::chrono::duration<double>(Steady::now() - began).count();
}

}  // namespace

EngineRoom::EngineRoom(const ServeOptions& options, Door& door, Metrics& metrics,
                       TraceStream& trace)
    : options_(options),
      door_(door),
      metrics_(metrics),
      accepted_(metrics.counter("reticle_events_total", label("became", "accepted"))),
      refused_(metrics.counter("reticle_events_total", label("became", "refused"))),
      trace_(trace) {}

EngineOptions EngineRoom::engineOptions() {
  EngineOptions options;
  options.start = wallTime();
  options.source = options_.source;
  options.zones = systemZones();
  cli::addPureFunctions(options, rules_.schema, scripts_, cli::Unscripted::StayOpen, missing_);
  return options;
}

// --- opening

Status EngineRoom::open() {
  std::optional<std::vector<Source>> sources = cli::readSources(options_.rules);
  if (!sources) return Error{ErrorCode::BadInput, "the rules cannot be read", "--rules", ""};
  Result<Rules> rules = compileRules(*std::move(sources));
  if (!rules) return rules.error();
  rules_ = std::move(*rules);
  if (options_.answers) {
    std::optional<cli::Scripts> scripts = cli::readAnswers(*options_.answers, rules_.schema);
    if (!scripts) return Error{ErrorCode::BadInput, "the answers cannot be read", "--answers", ""};
    scripts_ = *std::move(scripts);
  }
  Result<std::unique_ptr<Store>> store = fileStore(options_.store);
  if (!store) return store.error();
  store_ = std::move(*store);
  const Result<std::string> journal = store_->read();
  if (!journal) return journal.error();
  Result<Engine> engine = openEngine(*journal);
  if (!engine) return engine.error();
  engine_.emplace(std::move(*engine));
  journalBytes_ = journal->size();
  if (engine_->recovery()) {
    cli::printRecovery(*engine_->recovery());
    if (const std::uint64_t torn = engine_->recovery()->truncated; torn > 0) {
      journalBytes_ -= torn;
      if (const Status cut = store_->truncate(journalBytes_); !cut) return cut.error();
    }
  }
  Result<std::unique_ptr<Outbox>> outbox = Outbox::open(options_.store + ".outbox");
  if (!outbox) return outbox.error();
  outbox_ = std::move(*outbox);
  calls_ = new Calls(options_.calls, options_.timeout, metrics_, [this](input::StepResult result) {
    (void)offer(TakeResult{std::move(result)});
  });
  deliveries_ = new Deliveries(options_.deliveries, *outbox_, metrics_);
  deliveries_->begin();
  if (!flush())
    return Error{ErrorCode::Closed, "the journal cannot be written", options_.store, ""};
  // What the engine gives again it has given by now.
  return outbox_->compact();
}

// The rules of the files or, when the journal goes on with others, those that were kept beside it.
Result<Engine> EngineRoom::openEngine(const std::string& journal) {
  const auto recover = [&](const Rules& rules) {
    std::vector<std::string> names;
    for (const RuleSchema& rule : rules.schema.rules) names.push_back(rule.name);
    trace_.know(std::move(names));
    EngineOptions options = engineOptions();
    options.trace = &trace_;
    return Engine::recover(rules.program, journal, std::move(options));
  };
  Result<Engine> engine = recover(rules_);
  if (engine || engine.error().code != ErrorCode::Mismatch) return engine;
  Result<KeptRules> kept = readKeptRules(options_.store + ".rules.json");
  if (!kept) return kept.error();
  for (std::vector<Source>& sources : kept->candidates) {
    Result<Rules> rules = compileRules(std::move(sources));
    if (!rules) continue;
    Result<Engine> other = recover(*rules);
    if (!other) continue;
    rules_ = std::move(*rules);
    std::cerr << "reticle serve: the journal goes on with the rules that it was last given, which "
                 "are not those of --rules;\n  SIGHUP or PUT /rules without a body goes on with "
                 "those of --rules\n";
    return other;
  }
  Error error = engine.error();
  error.fix = "give the rules that wrote it, or use `reticle replace`";
  return error;
}

void EngineRoom::begin() {
  thread_ = std::thread([this] { work(); });
}

bool EngineRoom::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (calls_) calls_->stop();
  if (deliveries_) deliveries_->stop();
  if (outbox_ && !outbox_->flush()) failed_ = true;
  engine_.reset();
  store_.reset();  // and with it its lock
  return !failed_;
}

// --- the queue

bool EngineRoom::offer(Job job) {
  const std::size_t weight = weightOf(job);
  {
    const std::lock_guard lock(mutex_);
    const bool isInner = std::holds_alternative<TakeResult>(job);
    if (!isInner && (ending_ || (weight_ > 0 && weight_ + weight > options_.limits.queue))) {
      return false;
    }
    const bool leadsToMore =
        std::holds_alternative<TakeEvents>(job) || std::holds_alternative<SetSubject>(job);
    if (leadsToMore &&
        (outbox_->size() > options_.limits.outbox || calls_->open() > options_.limits.calls)) {
      return false;
    }
    weight_ += weight;
    queue_.push_back(std::move(job));
    if (queue_.size() > 1) return true;
  }
  changed_.notify_one();
  return true;
}

// Waits for the queue, or for the next timer; after a failure no timer counts.
std::vector<Job> EngineRoom::takeJobs() {
  std::unique_lock lock(mutex_);
  const auto isDue = [this] { return ending_ || !queue_.empty(); };
  if (!questions_.empty()) return takeWaiting();
  if (const std::optional<Time> timer = failed_ ? std::nullopt : engine_->nextTimer()) {
    constexpr Time kLongest = 60'000'000;  // the wall clock may be set meanwhile
    const Time wait = std::clamp<Time>(*timer - wallTime(), 0, kLongest);
    changed_.wait_for(lock, std::chrono::microseconds(wait), isDue);
  } else {
    changed_.wait(lock, isDue);
  }
  return takeWaiting();
}

// Requires the lock.
std::vector<Job> EngineRoom::takeWaiting() {
  std::vector<Job> jobs;
  std::size_t weight = 0;
  while (!queue_.empty() && weight < kGroup && !endsGroup(jobs)) {
    weight += weightOf(queue_.front());
    jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  weight_ -= weight;
  metrics_.set("reticle_queue_events", "", static_cast<double>(weight_));
  return jobs;
}

void EngineRoom::work() {
  settle();
  group({});  // what recovery has left to do
  for (;;) {
    group(takeJobs());
    answerQuestions();
    if (failed_) door_.stop();
    const std::lock_guard lock(mutex_);
    if (queue_.empty() && questions_.empty() && ending_) return;
  }
}

// --- a group

// What comes while a group is being dealt with joins it, for a while: otherwise the first of many
// clients that were answered together had a flush for themselves, and the others waited for it.
void EngineRoom::group(std::vector<Job> jobs) {
  if (failed_) return refuseAll(jobs);
  inputs_ = 0;
  const Steady::time_point began = Steady::now();
  std::size_t begin = 0;
  while (handIn(jobs, begin) && jobs.size() < kGroup && !endsGroup(jobs) &&
         Steady::now() - began < kGroupTime) {
    begin = jobs.size();
    const std::lock_guard lock(mutex_);
    std::vector<Job> more = takeWaiting();
    if (more.empty()) break;
    std::move(more.begin(), more.end(), std::back_inserter(jobs));
  }
  if (!flush()) {
    answers_.clear();
    return refuseAll(jobs);
  }
  trace_.publish();
  if (options_.traces) door_.traceGrew();
  if (inputs_ > 0) metrics_.observe("reticle_group_inputs", "", static_cast<double>(inputs_));
  if (!answers_.empty()) door_.answer(std::exchange(answers_, {}));
  for (Job& job : jobs) {
    if (Look* question = std::get_if<Look>(&job)) questions_.push_back(std::move(*question));
  }
}

// All but the questions, from there on; then one settling. False when it changed nothing.
bool EngineRoom::handIn(std::vector<Job>& jobs, std::size_t begin) {
  const auto from = jobs.begin() + static_cast<std::ptrdiff_t>(begin);
  const bool changes = std::any_of(
      from, jobs.end(), [](const Job& job) { return !std::holds_alternative<Look>(job); });
  const std::optional<Time> timer = engine_->nextTimer();
  const bool isFirst = begin == 0;  // one time is good enough for a group
  if (isFirst && (changes || (timer && *timer <= wallTime()))) moveClock();
  for (auto job = from; job != jobs.end(); ++job) {
    std::visit(
        [this](auto& each) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(each)>, Look>) carryOut(each);
        },
        *job);
  }
  if (changes) settle();
  return changes;
}

// All that was handed in is durable by now, or has failed for good.
void EngineRoom::answerQuestions() {
  const Steady::time_point began = Steady::now();
  while (!questions_.empty()) {
    answer(questions_.front());
    questions_.pop_front();
    if (Steady::now() - began > kQuestionTime) return;
  }
}

void EngineRoom::answer(const Look& question) {
  Response response;
  if (failed_) {
    response = journalFailed();
  } else if (question.request.path == "/metrics") {
    measure(*engine_, metrics_);
    metrics_.set("reticle_leaving_bytes", "", static_cast<double>(door_.leaving()));
    response.type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics_.text();
  } else if (door_.leaving() > options_.limits.answers) {
    response = responseOf({503,
                           "too many answers wait for their readers",
                           "",
                           "the same question, later; smaller pages",
                           "",
                           {}});
  } else {
    response = look(*engine_, rules_.schema, question.request);
  }
  door_.answer({{question.from, std::move(response)}});
}

// After the journal has failed, nobody knows what of the group is on the disk.
void EngineRoom::refuseAll(const std::vector<Job>& jobs) {
  Answers answers;
  for (const Job& job : jobs) {
    const std::optional<ConnectionId> from = askerOf(job);
    if (from) answers.emplace_back(*from, journalFailed());
  }
  door_.answer(std::move(answers));
}

// From timer to timer. Outputs wait for the flush, so none are taken on the way.
void EngineRoom::moveClock() {
  const Time now = wallTime();
  if (now <= engine_->now()) return;
  HostLoop loop(*engine_);
  loop.beginAdvance(now);
  while (loop.moveOn()) {
    while (loop.next().kind != HostLoop::Step::Kind::Idle) continue;
  }
}

void EngineRoom::settle() {
  const Steady::time_point began = Steady::now();
  const SettleReport report = engine_->settle();
  metrics_.observe("reticle_settle_duration_seconds", "", secondsSince(began));
  if (report.reason == SettleReport::Reason::Limit) metrics_.count("reticle_settle_limits_total");
}

// The order matters: the outbox holds what the journal is about to call taken (outbox.h).
bool EngineRoom::flush() {
  const std::string bytes = engine_->takeJournal();
  if (!bytes.empty()) {
    const Steady::time_point began = Steady::now();
    Status kept = outbox_->flush();
    if (kept) kept = store_->append(bytes);
    if (!kept) {
      failed_ = true;
      cli::complain(kept.error());
      return false;
    }
    metrics_.observe("reticle_flush_duration_seconds", "", secondsSince(began));
    journalBytes_ += bytes.size();
    metrics_.set("reticle_journal_bytes", "", static_cast<double>(journalBytes_));
  }
  engine_->journalDurable();
  for (const Output& output : engine_->takeOutputs()) {
    if (const Call* call = std::get_if<Call>(&output)) calls_->take(*call);
    if (const CloudEvent* event = std::get_if<CloudEvent>(&output)) deliveries_->take(*event);
  }
  return true;
}

}  // namespace reticle::serve
