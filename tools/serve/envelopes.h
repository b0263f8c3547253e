// Events as requests carry them: CloudEvents 1.0 over HTTP, in its three modes.
//
//   structured  Content-Type: application/cloudevents+json        one envelope
//   batch       Content-Type: application/cloudevents-batch+json  a list of envelopes
//   binary      ce-specversion, ce-id, ce-type, ce-source, …      the body is the data
//
// Only the shape is judged here, more strictly than by wire::eventFrom: what the specification
// forbids is refused. What a type means, and which fields it has, is for the rules.
#pragma once

#include <optional>
#include <vector>

#include "http.h"
#include "limits.h"
#include "problem.h"
#include "reticle/schema.h"
#include "reticle/wire.h"

namespace reticle::serve {

struct Envelopes {
  std::vector<wire::IncomingEvent> events;
  bool isBatch = false;
  // Extensions came in headers, where everything is text.
  bool isBinary = false;
};

// The body of a request, or of an event in binary mode, as JSON; `field` names it in a problem.
std::optional<Problem> readJson(const std::string& body, Value& to, const char* field = "body");

// Nothing: `to` holds all of them. Otherwise the first thing that is wrong.
std::optional<Problem> readEnvelopes(const Request& request, const Limits& limits, Envelopes& to);

// Of binary mode: extensions for fields that are numbers or booleans are read as such. What is no
// such value stays a text, which the field then refuses.
void readTexts(const TypeSchema& type, wire::IncomingEvent& event);

}  // namespace reticle::serve
