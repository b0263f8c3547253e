// Where events go by what their envelopes say: routes from place to place, and places with a URL.
//
//   {"destinations": {"archive": "http://…"},
//    "routes": [{"when": {"deviceclass": "class-a"}, "to": "class-a"},
//               {"from": "class-a", "when": {"type": "data-received"}, "to": "archive"}]}
//
// Every event that leaves stands at `default` first. A route leads it on from its `from` to its
// `to` when all attributes of `when` are equal; so does each that fits. A name that is no
// destination is a place between routes (a broker). It depends on the event alone.
//
// Invariant: every `to` is a destination, or the `from` of another route.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reticle/output.h"
#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle::serve {

class EventRoutes {
 public:
  // From the JSON above. Errors: BadInput, with the place in `where`.
  static Result<EventRoutes> from(const Value& json);

  // The URLs of all destinations that the event comes to, each once, nearest first.
  std::vector<std::string> urlsFor(const CloudEvent& event) const;

 private:
  struct Route {
    std::string from, to;
    std::vector<std::pair<std::string, std::string>> when;  // attribute, text
  };

  Status readDestinations(const Value& json);
  Status readRoute(const Value& json, const std::string& where);
  Status check() const;

  std::map<std::string, std::string> urls_;  // by destination
  std::vector<Route> routes_;
};

}  // namespace reticle::serve
