// Rule files of other engines, turned into rule modules: a help for moving house, not a second
// front end.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

// What the author of the old file should know about one kind of thing in it. An error is about one
// place; of all else there is one note for all places, with how many they are.
//   Error         the file cannot be read as what it says it is; there is no module
//   Warning       has no counterpart: the module says it another way, and something is left to do
//   Information   has one, which differs at the edges
struct ImportNote {
  Level level = Level::Error;
  std::string pointer;  // JSON Pointer (RFC 6901) of the first place; empty: the whole file
  std::string message;  // what is there, and what became of it
  std::string help;     // what to do; may be empty
};

struct Imported {
  std::string text;               // the module; empty when a note is an error
  std::vector<ImportNote> notes;  // in the order in which they come up
  // The fields of `Input` by the names of the facts they hold, as `fact` or, where one fact became
  // several fields, `fact` more than once.
  std::vector<std::pair<std::string, std::string>> fields;
  bool ok() const { return !text.empty(); }
};

// Rules of json-rules-engine 7: one rule, a list of rules, or {"rules": […], "conditions": {name:
// condition}} (`decisions` may stand for `rules`). The module has one fact type, `Input`, with a
// field for each fact the rules ask for (null: not given; what does not fit makes a comparison
// false, as there), and an event type for each kind of event with its params. `name` is the file's,
// for the module's name and the comment at its top.
Imported importJsonRules(std::string_view name, std::string_view json);

}  // namespace reticle
