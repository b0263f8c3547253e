// Events from files, handed in one after another, each with its own turn: JSON Lines, or a list in
// JSON or YAML. An item is one of
//   {"event": "Type", "data": {…}, …} or a CloudEvents envelope (see wire::eventFrom)
//   {"kind": …}: any input as hosts hand it in, such as {"kind": "set", …}
// An event whose `time` is later than the clock moves the clock there first.
#pragma once

#include <cstddef>
#include <string>

#include "course.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

struct EventsFile {
  std::string path;
  bool ignoreUnknown = false;  // data that no field is for are passed over
};

struct EventCounts {
  std::size_t taken = 0, refused = 0;
};

// What is refused is said on the error stream with its place, at most ten times of a kind; so are,
// as notes, extensions that no field is for and events older than the clock.
EventCounts submitEvents(Engine& engine, Course& course, const Schema& schema,
                         const EventsFile& file, const std::string& text);

}  // namespace reticle::cli
