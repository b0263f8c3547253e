// What each job does to the engine, and how it is answered.
#include <algorithm>
#include <iostream>
#include <map>
#include <utility>

#include "../cli/envelope.h"
#include "../cli/facts.h"
#include "../cli/files.h"
#include "engine_room.h"
#include "problem.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

// How many events were taken, and how many of them had been taken before.
Response accepted(std::size_t events, std::size_t duplicates) {
  Response response;
  response.body = "{\"accepted\":" + std::to_string(events);
  if (duplicates > 0) response.body += ",\"duplicates\":" + std::to_string(duplicates);
  response.body += "}\n";
  return response;
}

bool saysTheSame(const input::Emit& a, const input::Emit& b) {
  return a.type == b.type && a.subject == b.subject && mapOf(a.data) == mapOf(b.data);
}

}  // namespace

std::optional<ConnectionId> askerOf(const Job& job) {
  if (const auto* events = std::get_if<TakeEvents>(&job)) return events->from;
  if (const auto* subject = std::get_if<SetSubject>(&job)) return subject->from;
  if (const auto* look = std::get_if<Look>(&job)) return look->from;
  if (const auto* rules = std::get_if<ReplaceRules>(&job)) return rules->from;
  return std::nullopt;
}

std::size_t weightOf(const Job& job) {
  const TakeEvents* events = std::get_if<TakeEvents>(&job);
  return events ? std::max<std::size_t>(1, events->envelopes.events.size()) : 1;
}

// --- events

// What the rules' declarations make of an envelope: extensions in fields, unknown data passed over
// when that is wanted.
std::optional<Problem> EngineRoom::prepare(wire::IncomingEvent& event, bool isBinary) const {
  const TypeSchema* type = cli::eventType(rules_.schema, event.emit.type);
  if (!type) return std::nullopt;  // the engine says so, better than we could
  if (isBinary) readTexts(*type, event);
  (void)cli::takeExtensions(*type, event);
  if (options_.ignoresUnknown) {
    cli::forgetUnknown(rules_.schema, type->name, event.emit.data);
    return std::nullopt;
  }
  const std::string unknown = cli::unknownFields(rules_.schema, type->name, event.emit.data);
  if (unknown.empty()) return std::nullopt;
  std::string field = "data";
  for (const auto& [name, value] : event.emit.data) {
    if (!type->find(name)) {
      field += "." + name;
      break;
    }
  }
  return Problem{422, unknown, field, "the fields of " + type->name, "UnknownField", {}};
}

// Fields of events are members of `data` to whoever sent them.
std::optional<Problem> EngineRoom::problemOfEvent(const Error& error) const {
  Problem problem = problemOf(error, "data.");
  if (error.code == ErrorCode::UnknownType) problem.field = "type";
  if (error.code == ErrorCode::Duplicate) problem.field = "id";
  if (error.where == "hops") problem.field = "hops";
  if (problem.field.empty()) problem.field = "data";
  return problem;
}

// All or none: each is asked for before the first is taken. Two of one source and id must say the
// same.
std::optional<Problem> EngineRoom::tryOut(const Envelopes& envelopes) const {
  std::map<std::pair<std::string, std::string>, const input::Emit*> named;
  for (std::size_t i = 0; i < envelopes.events.size(); ++i) {
    const input::Emit& event = envelopes.events[i].emit;
    std::optional<Problem> problem;
    if (const Status taken = engine_->canTake(event); !taken) {
      problem = problemOfEvent(taken.error());
    } else if (const auto [same, isNew] = named.emplace(std::pair(event.source, event.id), &event);
               !event.id.empty() && !isNew && !saysTheSame(*same->second, event)) {
      problem =
          Problem{409,
                  "another event of this batch has the same source and id, and says something "
                  "else",
                  "id",
                  "give each event of a source an id of its own",
                  "Duplicate",
                  {}};
    }
    if (!problem) continue;
    problem->item = i;
    return problem;
  }
  return std::nullopt;
}

// One event is taken or refused by the engine itself; several are tried out before.
void EngineRoom::carryOut(TakeEvents& job) {
  std::vector<wire::IncomingEvent>& events = job.envelopes.events;
  std::optional<Problem> wrong;
  std::size_t duplicates = 0;
  for (std::size_t i = 0; i < events.size() && !wrong; ++i) {
    wrong = prepare(events[i], job.envelopes.isBinary);
    if (wrong && job.envelopes.isBatch) wrong->item = i;
  }
  if (!wrong && events.size() > 1) wrong = tryOut(job.envelopes);
  for (std::size_t i = 0; i < events.size() && !wrong; ++i) {
    const Result<Accepted> taken = engine_->submit(std::move(events[i].emit));
    if (!taken) wrong = problemOfEvent(taken.error());
    if (taken && taken->duplicate) ++duplicates;
    if (wrong && job.envelopes.isBatch) wrong->item = i;
    ++inputs_;
  }
  metrics_.count(wrong ? refused_ : accepted_, events.size());
  answers_.emplace_back(job.from, wrong ? responseOf(*wrong) : accepted(events.size(), duplicates));
}

// --- subjects

void EngineRoom::carryOut(SetSubject& job) {
  const std::string name = job.properties.subject;
  const bool isThere = engine_->subject(name).has_value();
  if (!job.creates && !isThere) {
    answers_.emplace_back(job.from, responseOf({404,
                                                "there is no subject `" + name + "`",
                                                "path",
                                                "PUT creates one",
                                                "UnknownSubject",
                                                {}}));
    return;
  }
  const Result<Accepted> taken = engine_->submit(std::move(job.properties));
  ++inputs_;
  metrics_.count("reticle_properties_total", label("became", taken ? "accepted" : "refused"));
  if (!taken) {
    Problem problem = problemOf(taken.error());
    if (problem.field.empty()) problem.field = "body";
    answers_.emplace_back(job.from, responseOf(problem));
    return;
  }
  Response response;
  response.status = isThere ? 200 : 201;
  response.body =
      "{\"subject\":" + inQuotes(name) + ",\"fact\":" + std::to_string(index(taken->fact)) + "}\n";
  answers_.emplace_back(job.from, std::move(response));
}

// --- calls

// As HostLoop::submit, but for the shape of the error: every error of a call has the members that
// handlers read of one that came over HTTP.
void EngineRoom::carryOut(TakeResult& job) {
  ++inputs_;
  const Result<Accepted> taken = engine_->submit(job.result);
  if (taken) return;
  const ErrorCode code = taken.error().code;
  if (code != ErrorCode::WrongType && code != ErrorCode::BadInput) return;
  input::StepResult failed{.call = job.result.call, .attempt = job.result.attempt};
  failed.failed = true;
  failed.error = callError(taken.error().message);
  (void)engine_->submit(failed);
}

// --- rules

// What came before is settled with the old rules.
void EngineRoom::carryOut(ReplaceRules& job) {
  settle();
  Response response;
  if (job.sources) {
    response = replace(*std::move(job.sources));
  } else if (std::optional<std::vector<Source>> files = cli::readSources(options_.rules)) {
    response = replace(*std::move(files));
  } else {
    response = responseOf({422,
                           "the files of --rules cannot be read",
                           "--rules",
                           "files that are there; the error stream says which",
                           "",
                           {}});
  }
  const bool isDone = response.status == 200;
  metrics_.count("reticle_rules_replaced_total", label("became", isDone ? "replaced" : "refused"));
  if (job.from) {
    answers_.emplace_back(*job.from, std::move(response));
  } else {
    std::cerr << "reticle serve: " << (isDone ? "the rules are replaced: " : "the rules stay: ")
              << response.body;
  }
}

// The sources are kept first: the journal goes on with no others (rules.h).
Response EngineRoom::replace(std::vector<Source> sources) {
  std::string diagnostics;
  Result<Rules> rules = compileRules(std::move(sources), &diagnostics);
  if (!rules) {
    std::cerr << rules.error().message;
    Response response = responseOf({422,
                                    "the rules are broken, and the old ones go on",
                                    "body",
                                    "rules that `reticle check` finds nothing wrong with",
                                    "",
                                    {}});
    response.body.insert(response.body.rfind('}'), ",\"diagnostics\":" + diagnostics);
    return response;
  }
  const Status kept = keepRules(options_.store + ".rules.json", rules->sources, rules_.sources);
  if (!kept) return responseOf(problemOf(kept.error()));
  Result<Replaced> replaced = engine_->replaceProgram(rules->program);
  if (!replaced) {
    (void)keepRules(options_.store + ".rules.json", rules_.sources, {});
    Problem problem = problemOf(replaced.error());
    problem.status = 409;
    return responseOf(problem);
  }
  rules_ = std::move(*rules);
  std::vector<std::string> names;
  for (const RuleSchema& rule : rules_.schema.rules) names.push_back(rule.name);
  trace_.know(std::move(names));
  Response response;
  response.body = wire::toJson(replaced) + "\n";
  return response;
}

}  // namespace reticle::serve
