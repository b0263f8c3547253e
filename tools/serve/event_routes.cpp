// Reading routes, and following them.
#include "event_routes.h"

#include <algorithm>
#include <optional>

#include "../cli/files.h"
#include "post.h"

namespace reticle::serve {
namespace {

constexpr const char* kStart = "default";

Error bad(std::string message, std::string where, std::string fix = {}) {
  return {ErrorCode::BadInput, std::move(message), std::move(where), std::move(fix)};
}

// The attribute as text; nothing when the event has none of that name.
std::optional<std::string> attribute(const CloudEvent& event, const std::string& name) {
  const std::pair<const char*, const std::string*> texts[] = {
      {"type", &event.type},
      {"source", &event.source},
      {"id", &event.id},
      {"subject", &event.subject},
      {"originid", &event.originId},
      {"cause", &event.cause},
      {"propertyname", &event.propertyName}};
  for (const auto& [known, text] : texts) {
    if (name != known) continue;
    return text->empty() ? std::nullopt : std::optional(*text);
  }
  if (name == "hops")
    return event.hops == 0 ? std::nullopt : std::optional(std::to_string(event.hops));
  for (const auto& [extension, value] : event.extensions) {
    if (extension == name && !value.isNull()) return toText(value, false);
  }
  return std::nullopt;
}

bool isText(const Value* value) {
  return value && value->kind() == ValueKind::String && !value->asString().empty();
}

}  // namespace

Result<EventRoutes> EventRoutes::from(const Value& json) {
  if (json.kind() != ValueKind::Map) return bad("routes are an object", "");
  if (const std::string unknown = cli::unknownMembers(json, {"destinations", "routes"});
      !unknown.empty()) {
    return bad("there is no member " + unknown, "", "`destinations` and `routes`");
  }
  EventRoutes routes;
  const Value *destinations = json.find("destinations"), *list = json.find("routes");
  if (!destinations || destinations->kind() != ValueKind::Map) {
    return bad("`destinations` is an object of URLs by name", "destinations");
  }
  if (!list || list->kind() != ValueKind::List) return bad("`routes` is a list", "routes");
  if (const Status read = routes.readDestinations(*destinations); !read) return read.error();
  for (std::size_t i = 0; i < list->asList().size(); ++i) {
    const std::string where = "route " + std::to_string(i + 1);
    if (const Status read = routes.readRoute(list->asList()[i], where); !read) return read.error();
  }
  if (const Status sound = routes.check(); !sound) return sound.error();
  return routes;
}

Status EventRoutes::readDestinations(const Value& json) {
  for (const auto& [name, url] : json.asMap()) {
    const std::string destination(name.asString());
    if (!isText(&url)) return bad("a destination has a URL", "destination " + destination);
    const std::string text(url.asString());
    if (const std::string wrong = notUrl(text); !wrong.empty()) {
      return bad(wrong, "destination " + destination);
    }
    urls_[destination] = text;
  }
  return Done{};
}

Status EventRoutes::readRoute(const Value& json, const std::string& where) {
  if (json.kind() != ValueKind::Map) return bad("a route is an object", where);
  if (const std::string unknown = cli::unknownMembers(json, {"from", "when", "to"});
      !unknown.empty()) {
    return bad("a route has no " + unknown, where, "`from`, `when`, `to`");
  }
  const Value *from = json.find("from"), *when = json.find("when"), *to = json.find("to");
  if (from && !isText(from)) return bad("`from` is the name of a place", where);
  if (!isText(to)) return bad("`to` is the name of a destination or a place", where);
  if (when && when->kind() != ValueKind::Map) {
    return bad("`when` is an object of attributes", where, "{\"type\": \"data-received\"}");
  }
  Route route{from ? std::string(from->asString()) : kStart, std::string(to->asString()), {}};
  for (const auto& [name, value] : when ? when->asMap() : Value::Map{}) {
    const std::string attribute(name.asString());
    const bool isPlain = value.kind() == ValueKind::String || value.kind() == ValueKind::Int ||
                         value.kind() == ValueKind::Bool;
    if (!isPlain) return bad("`" + attribute + "` is a text, an integer or a boolean", where);
    route.when.emplace_back(attribute, toText(value, false));
  }
  routes_.push_back(std::move(route));
  return Done{};
}

Status EventRoutes::check() const {
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    const std::string where = "route " + std::to_string(i + 1);
    const bool goesOn = std::any_of(routes_.begin(), routes_.end(),
                                    [&](const Route& each) { return each.from == route.to; });
    if (!goesOn && urls_.count(route.to) == 0) {
      return bad("`" + route.to + "` is no destination, and no route leads on from there", where);
    }
  }
  return Done{};
}

// A place is left once, by whatever ways an event comes to it.
std::vector<std::string> EventRoutes::urlsFor(const CloudEvent& event) const {
  std::vector<std::string> places{kStart}, urls;
  const auto add = [](std::vector<std::string>& to, const std::string& name) {
    if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string place = places[i];
    if (const auto found = urls_.find(place); found != urls_.end()) add(urls, found->second);
    for (const Route& route : routes_) {
      const bool fits = route.from == place &&
                        std::all_of(route.when.begin(), route.when.end(), [&](const auto& each) {
                          return attribute(event, each.first) == each.second;
                        });
      if (fits) add(places, route.to);
    }
  }
  return urls;
}

}  // namespace reticle::serve
