// The stages of compiling, and a journal, as text: for tests, for the command line, for anybody who
// wants to see what became of rules. Stable: the same program gives the same text in every build.
#pragma once

#include <string>
#include <string_view>

#include "reticle/program.h"

namespace reticle {

enum class Stage { Tree, Model, Network };

// A stage of compiling. Tree is available for texts with errors too; the others are empty then.
std::string dump(const Compiled& compiled, Stage stage);

// The built-in functions of expressions, a line for each form, in the order of their names: the
// name, the form, its result and what it gives, with tabs between them. A form that may end without
// a value has `?` behind its result.
std::string dumpFunctions();

// One line an entry, one indented line a decision; how the journal ends in the last line. With the
// program that wrote it types, rules and fields have names; null: numbers.
std::string dumpJournal(std::string_view journal, const Program* program);

}  // namespace reticle
