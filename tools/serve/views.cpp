// Each question: its arguments read, the engine asked, the answer as JSON.
//
// The bodies are the shapes of wasm/src/types.ts, in an object whose member has the question's name
// where the answer is a list.
#include "views.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "limits.h"
#include "problem.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

struct Question {
  const Engine& engine;
  const Schema& schema;
  const Request& request;
};

Response json(std::string body) {
  Response response;
  response.body = std::move(body) + "\n";
  return response;
}

Response problem(int status, std::string title, std::string field, std::string expected) {
  return responseOf({status, std::move(title), std::move(field), std::move(expected), "", {}});
}

// JSON where it can be read as such, otherwise text.
Value written(const std::string& text) {
  Result<Value> value = wire::parse(text);
  return value ? std::move(*value) : Value::string(text);
}

// An argument that the question does not know, if there is one.
std::optional<Response> unknownArgument(const Request& request,
                                        std::initializer_list<const char*> known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string names;
    for (const char* each : known) names += std::string(names.empty() ? "" : ", ") + each;
    return problem(400, "there is no argument `" + name + "` here", name,
                   names.empty() ? "none" : names);
  }
  return std::nullopt;
}

// A number from 1 to `most`, or the problem with it.
std::optional<Response> readNumber(const Request& request, const char* name, std::int64_t most,
                                   std::int64_t& to) {
  const std::string* text = request.argument(name);
  if (!text) return std::nullopt;
  const std::optional<std::int64_t> number = intFromText(*text);
  if (!number || *number < 0 || *number > most) {
    return problem(400, "`" + std::string(name) + "` is no number that fits", name,
                   "0 to " + std::to_string(most));
  }
  to = *number;
  return std::nullopt;
}

// `{"facts":[…],"next":12}`: `next` is the `after` of the next page, when there is one.
Response pageOf(const char* name, const std::vector<FactView>& page, const std::string& next) {
  return json("{\"" + std::string(name) + "\":" + wire::toJson(page) +
              (next.empty() ? "" : ",\"next\":" + next) + "}");
}

std::optional<Response> checkType(const Schema& schema, const std::string* type) {
  if (!type || schema.findType(*type)) return std::nullopt;
  std::vector<std::string> names;
  for (const TypeSchema& each : schema.types) names.push_back(each.name);
  const std::string meant = nearestName(*type, names);
  return problem(404, "there is no type `" + *type + "`", "type",
                 meant.empty() ? "a type of the rules" : "`" + meant + "`");
}

Response facts(const Question& of) {
  if (auto wrong = unknownArgument(of.request, {"type", "limit", "after"})) return *wrong;
  std::int64_t limit = kPage, after = 0;
  if (auto wrong = readNumber(of.request, "limit", kPage, limit)) return *wrong;
  if (auto wrong = readNumber(of.request, "after", UINT32_MAX, after)) return *wrong;
  const std::string* type = of.request.argument("type");
  if (auto wrong = checkType(of.schema, type)) return *wrong;
  std::vector<FactView> all = of.engine.facts(type ? *type : std::string());
  const auto begin = std::find_if(all.begin(), all.end(),
                                  [&](const FactView& fact) { return index(fact.id) > after; });
  const auto end = std::min(limit, static_cast<std::int64_t>(all.end() - begin)) + begin;
  const std::string next =
      end == all.end() || end == begin ? "" : std::to_string(index((end - 1)->id));
  return pageOf("facts", {std::make_move_iterator(begin), std::make_move_iterator(end)}, next);
}

// By name, whatever their types.
Response subjects(const Question& of) {
  if (auto wrong = unknownArgument(of.request, {"type", "limit", "after"})) return *wrong;
  std::int64_t limit = kPage;
  if (auto wrong = readNumber(of.request, "limit", kPage, limit)) return *wrong;
  const std::string* type = of.request.argument("type");
  if (auto wrong = checkType(of.schema, type)) return *wrong;
  const std::string* after = of.request.argument("after");
  const auto most = static_cast<std::size_t>(limit);
  // One more than asked for: whether there is a next page.
  std::vector<FactView> page = of.engine.subjects(
      {.type = type ? *type : "", .after = after ? *after : "", .limit = most + 1});
  const bool isMore = page.size() > most && most > 0;
  if (page.size() > most) page.resize(most);
  return pageOf("subjects", page, isMore ? inQuotes(page.back().subject) : "");
}

Response subject(const Question& of) {
  if (auto wrong = unknownArgument(of.request, {})) return *wrong;
  const std::string name = of.request.path.substr(std::string_view("/subjects/").size());
  const std::optional<FactView> fact = of.engine.subject(name);
  if (!fact) {
    return problem(404, "there is no subject `" + name + "`", "path",
                   "a name that GET /subjects lists; `/` in a name may be written as %2F");
  }
  return json(wire::toJson(*fact));
}

Response runs(const Question& of) {
  if (auto wrong = unknownArgument(of.request, {"flow", "key", "status"})) return *wrong;
  std::vector<RunView> all = of.engine.runs();
  const auto keep = [&](const char* name, std::string RunView::*member) {
    const std::string* wanted = of.request.argument(name);
    if (!wanted) return;
    std::erase_if(all, [&](const RunView& run) { return run.*member != *wanted; });
  };
  keep("flow", &RunView::flow);
  keep("key", &RunView::key);
  keep("status", &RunView::status);
  return json("{\"runs\":" + wire::toJson(all) + "}");
}

Response agenda(const Question& of) {
  if (auto wrong = unknownArgument(of.request, {"limit"})) return *wrong;
  std::int64_t limit = kPage;
  if (auto wrong = readNumber(of.request, "limit", kPage, limit)) return *wrong;
  std::vector<ActivationView> all = of.engine.agenda();
  if (all.size() > static_cast<std::size_t>(limit)) all.resize(static_cast<std::size_t>(limit));
  return json("{\"agenda\":" + wire::toJson(all) + "}");
}

Response explain(const Question& of) {
  if (auto wrong = unknownArgument(of.request, {"fact", "activation"})) return *wrong;
  std::int64_t fact = 0, activation = 0;
  if (auto wrong = readNumber(of.request, "fact", UINT32_MAX, fact)) return *wrong;
  if (auto wrong = readNumber(of.request, "activation", UINT32_MAX, activation)) return *wrong;
  if ((fact == 0) == (activation == 0)) {
    return problem(400, "what is to be explained?", "fact",
                   "`fact` with the id of a fact, or `activation`");
  }
  if (fact != 0) {
    const auto answer = of.engine.explain(FactId{static_cast<std::uint32_t>(fact)});
    return answer ? json(wire::toJson(*answer)) : responseOf(problemOf(answer.error()));
  }
  const auto answer = of.engine.explain(ActivationId{static_cast<std::uint32_t>(activation)});
  return answer ? json(wire::toJson(*answer)) : responseOf(problemOf(answer.error()));
}

// Every argument but the rule is a binding.
Response whyNot(const Question& of) {
  const std::string* rule = of.request.argument("rule");
  if (!rule) return problem(400, "which rule is it about?", "rule", "`rule` with its name");
  Fields bindings;
  for (const auto& [name, value] : of.request.query) {
    if (name != "rule") bindings.emplace_back(name, written(value));
  }
  const Result<WhyNot> answer = of.engine.whyNot(*rule, bindings);
  return answer ? json(wire::toJson(*answer)) : responseOf(problemOf(answer.error()));
}

// Arguments by the names of the query's parameters.
Response query(const Question& of) {
  const std::string name = of.request.path.substr(std::string_view("/query/").size());
  const auto found = std::find_if(of.schema.queries.begin(), of.schema.queries.end(),
                                  [&](const QuerySchema& each) { return each.name == name; });
  if (found == of.schema.queries.end()) {
    std::vector<std::string> names;
    for (const QuerySchema& each : of.schema.queries) names.push_back(each.name);
    const std::string meant = nearestName(name, names);
    return problem(404, "there is no query `" + name + "`", "path",
                   meant.empty() ? "a query of the rules" : "`" + meant + "`");
  }
  std::vector<Value> arguments;
  for (const ParameterSchema& parameter : found->params) {
    const std::string* text = of.request.argument(parameter.name);
    if (!text) {
      return problem(400, "the query needs `" + parameter.name + "`", parameter.name,
                     "a " + parameter.type);
    }
    // A text that looks like a number is a text where a text is asked for.
    arguments.push_back(parameter.type.rfind("string", 0) == 0 ? Value::string(*text)
                                                               : written(*text));
  }
  for (const auto& [argument, value] : of.request.query) {
    const bool isKnown = std::any_of(found->params.begin(), found->params.end(),
                                     [&name = argument](auto& each) { return each.name == name; });
    if (!isKnown) {
      return problem(400, "the query has no parameter `" + argument + "`", argument,
                     found->params.empty() ? "none" : "its parameters");
    }
  }
  const Result<std::vector<Fields>> rows = of.engine.query(name, arguments);
  return rows ? json("{\"rows\":" + wire::toJson(*rows) + "}")
              : responseOf(problemOf(rows.error()));
}

struct Place {
  std::string_view path;
  bool isPrefix;
  Response (*answer)(const Question&);
};

constexpr Place kPlaces[] = {
    {"/facts", false, facts},    {"/subjects", false, subjects}, {"/subjects/", true, subject},
    {"/runs", false, runs},      {"/agenda", false, agenda},     {"/explain", false, explain},
    {"/why-not", false, whyNot}, {"/query/", true, query},
};

const Place* placeOf(const std::string& path) {
  for (const Place& place : kPlaces) {
    if (place.isPrefix ? path.size() > place.path.size() && path.rfind(place.path, 0) == 0
                       : path == place.path) {
      return &place;
    }
  }
  return nullptr;
}

}  // namespace

bool isView(const std::string& path) { return placeOf(path) != nullptr; }

Response look(const Engine& engine, const Schema& schema, const Request& request) {
  return placeOf(request.path)->answer({engine, schema, request});
}

void measure(const Engine& engine, Metrics& metrics) {
  metrics.set("reticle_facts", "", static_cast<double>(engine.factCount()));
  metrics.set("reticle_clock_seconds", "", static_cast<double>(engine.now()) / 1e6);
  metrics.clear("reticle_rule_firings_total");
  metrics.clear("reticle_rule_failures_total");
  for (const Counters::Rule& rule : engine.counters().rules) {
    const std::string name = label("rule", rule.name);
    metrics.set("reticle_rule_firings_total", name, static_cast<double>(rule.firings));
    metrics.set("reticle_rule_failures_total", name, static_cast<double>(rule.failures));
  }
}

}  // namespace reticle::serve
