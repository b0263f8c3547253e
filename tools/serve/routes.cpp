// Methods and paths.
#include "routes.h"

#include <iostream>
#include <string_view>
#include <utility>

#include "envelopes.h"
#include "guard.h"
#include "media_type.h"
#include "problem.h"
#include "reticle/csv.h"
#include "views.h"

namespace reticle::serve {
namespace {

struct Route {
  const char* name;     // for metrics
  std::string methods;  // "GET, HEAD"
};

// By the path alone; the name is empty when there is none.
Route routeOf(const std::string& path) {
  if (path == "/" || path == "/events") return {"events", "POST"};
  if (path == "/rules") return {"rules", "PUT"};
  if (path.rfind("/subjects/", 0) == 0 && path.size() > 10) {
    return {"subject", "GET, HEAD, PUT, PATCH"};
  }
  if (path == "/healthz") return {"healthz", "GET, HEAD"};
  if (path == "/metrics") return {"metrics", "GET, HEAD"};
  if (path == "/trace") return {"trace", "GET, HEAD"};
  if (path == "/subjects") return {"subjects", "GET, HEAD"};
  if (isView(path)) return {"view", "GET, HEAD"};
  return {"", ""};
}

// Whether a list such as "GET, HEAD" has the method.
bool allows(const std::string& methods, const std::string& method) {
  return (", " + methods + ",").find(", " + method + ",") != std::string::npos;
}

// Before a page from elsewhere reads with a header of its own: only to take up a stream again.
Response preflight() {
  Response response;
  response.status = 204;
  response.type.clear();
  response.headers = {{"Access-Control-Allow-Methods", "GET"},
                      {"Access-Control-Allow-Headers", "Last-Event-ID"},
                      {"Access-Control-Max-Age", "600"}};
  return response;
}

}  // namespace

void Routes::answer(ConnectionId from, Response response) {
  door_.answer({{from, std::move(response)}});
}

const char* Routes::received(ConnectionId from, Request request) {
  if (std::optional<Response> refusal = refusalOf(request, options_)) {
    answer(from, *std::move(refusal));
    return "refused";
  }
  const Route route = routeOf(request.path);
  if (route.methods.empty()) {
    answer(from, responseOf({404,
                             "there is nothing at `" + request.path + "`",
                             "path",
                             "/ for events; `reticle serve --help` lists the others",
                             "",
                             {}}));
    return "unknown";
  }
  if (request.method == "OPTIONS" && allows(route.methods, "GET") && !options_.origin.empty()) {
    answer(from, preflight());
    return route.name;
  }
  if (!allows(route.methods, request.method)) {
    Response response = responseOf(
        {405, "`" + request.method + "` means nothing here", "method", route.methods, "", {}});
    response.headers.emplace_back("Allow", route.methods);
    answer(from, std::move(response));
    return route.name;
  }
  if (request.method == "POST") {
    takeEvents(from, request);
  } else if (request.path == "/rules") {
    replaceRules(from, request);
  } else if (request.method == "PUT" || request.method == "PATCH") {
    setSubject(from, request);
  } else if (request.path == "/healthz") {
    health(from);
  } else if (request.path == "/trace") {
    beginStream(from, request);
  } else {
    offer(from, Look{from, std::move(request)});
  }
  return route.name;
}

void Routes::offer(ConnectionId from, Job job) {
  if (room_.offer(std::move(job))) return;
  Response response = responseOf(
      {429, "more is waiting than may wait", "", "the same request, a little later", "", {}});
  response.headers.emplace_back("Retry-After", "1");
  answer(from, std::move(response));
}

void Routes::takeEvents(ConnectionId from, const Request& request) {
  TakeEvents job{from, {}};
  std::optional<Problem> wrong = readEnvelopes(request, options_.limits, job.envelopes);
  if (!wrong && !request.query.empty()) {
    wrong = Problem{400, "events have no arguments", request.query[0].first, "none", "", {}};
  }
  if (wrong) {
    metrics_.count("reticle_events_total", label("became", "refused"));
    return answer(from, responseOf(*wrong));
  }
  offer(from, std::move(job));
}

// The body is an object of properties.
void Routes::setSubject(ConnectionId from, const Request& request) {
  SetSubject job{from, {}, request.method == "PUT"};
  job.properties.subject = request.path.substr(std::string_view("/subjects/").size());
  for (const auto& [name, value] : request.query) {
    if (name == "type") {
      job.properties.type = value;
    } else if (name == "muted" && (value == "true" || value == "false")) {
      job.properties.muted = value == "true";
    } else {
      return answer(from, responseOf({400,
                                      "there is no argument `" + name + "` of that kind",
                                      name,
                                      "type=NAME, muted=true",
                                      "",
                                      {}}));
    }
  }
  const MediaType type = mediaType(request.header("content-type"));
  const bool isRead = type.type.empty() || type.type == "application/json" ||
                      type.type == "application/merge-patch+json";
  if (!isRead || !isUtf8(type)) {
    return answer(from, responseOf({415,
                                    "properties of this content type are not read",
                                    "content-type",
                                    "application/json, in UTF-8",
                                    "",
                                    {}}));
  }
  if (!notUtf8(job.properties.subject).empty()) {
    return answer(from, responseOf({400, "the name is no UTF-8", "path", "UTF-8", "", {}}));
  }
  Value json;
  if (const std::optional<Problem> wrong = readJson(request.body, json)) {
    return answer(from, responseOf(*wrong));
  }
  if (json.kind() != ValueKind::Map) {
    return answer(
        from,
        responseOf({400, "properties are an object", "body", "{\"property\": value, …}", "", {}}));
  }
  for (const auto& [name, value] : json.asMap()) {
    job.properties.properties.emplace_back(std::string(name.asString()), value);
  }
  offer(from, std::move(job));
}

void Routes::replaceRules(ConnectionId from, const Request& request) {
  ReplaceRules job{from, std::nullopt};
  if (!request.body.empty()) {
    std::vector<Source> sources;
    if (std::optional<Problem> wrong = readRules(request, sources)) {
      return answer(from, responseOf(*wrong));
    }
    job.sources = std::move(sources);
  }
  offer(from, std::move(job));
}

void Routes::hungUp() {
  if (!room_.offer(ReplaceRules{std::nullopt, std::nullopt})) {
    std::cerr << "reticle serve: the queue is full, SIGHUP is passed over\n";
  }
}

// --- the trace

void Routes::beginStream(ConnectionId from, const Request& request) {
  if (!trace_.wantsAll()) {
    return answer(
        from,
        responseOf({404, "this server keeps no trace", "path", "start it with --trace", "", {}}));
  }
  const std::string* whence = request.argument("from");
  if (whence && *whence != "start" && *whence != "now") {
    return answer(
        from,
        responseOf({400, "the trace cannot be read from there", "from", "start or now", "", {}}));
  }
  if (door_.streams() >= kTraceClients) {
    return answer(from, responseOf({503,
                                    "too many read the trace",
                                    "",
                                    "at most " + std::to_string(kTraceClients),
                                    "",
                                    {}}));
  }
  Response response;
  response.type = "text/event-stream";
  response.streamFrom =
      trace_.readerFrom(request.header("last-event-id"), whence && *whence == "start").next;
  answer(from, std::move(response));
}

void Routes::health(ConnectionId from) {
  if (room_.hasFailed()) return answer(from, journalFailed());
  Response response;
  response.body = "{\"status\":\"ok\"}\n";
  answer(from, std::move(response));
}

}  // namespace reticle::serve
