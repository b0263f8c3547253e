// One expression by itself, as plain CEL has it: for the conformance suite. The checker is that of
// rule text with its additions switched off;
// names are found by the container rule of CEL.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "expression/expr.h"
#include "expression/functions.h"
#include "reticle/diagnostic.h"

namespace reticle::model {

struct Environment {
  std::string container;  // "a.b": a name x may be a.b.x, a.x or x
  // by full name; variable i is local i of the frame
  std::vector<std::pair<std::string, Type>> variables;
  // declared ones, known by their types only
  std::vector<Overload> functions;
};

// Gives every name its meaning: a macro's variable, the variable of the environment with the
// longest name that is written there, a type, a function of the language. What is left is found by
// nobody. An expression in this state can be compiled and run without having been checked.
void resolveNames(Expr& e, const Environment& environment);

// Types the expression. Requires: its names are resolved. False: something is wrong, and was
// reported.
bool checkAlone(Expr& e, const Environment& environment, std::vector<Diagnostic>& diagnostics);

// The type as the definition of CEL writes it: "map(string, list(dyn))".
std::string celText(const Type& type);

}  // namespace reticle::model
