// The journal as text: for tests, the command line and everyone who looks for what happened.
#pragma once

#include <string>
#include <string_view>

#include "model/model.h"
#include "reticle/input.h"

namespace reticle {

// One line an entry, one indented line a decision; how the journal ends in the last line. With the
// program, types, rules and fields have names.
std::string dumpJournal(std::string_view bytes, const model::Program* program = nullptr);

// What an input says, in one line, for the trace and for dumps: `Customer{id: "ada"}`.
std::string summary(const Input& input);

}  // namespace reticle
