// The parts of a rule as one line of text, for people: what the page, the trace and the dump show.
#pragma once

#include <string>

#include "syntax/tree.h"

namespace reticle::model {

std::string textOf(const tree::TypeUse& type);
std::string textOf(const tree::Duration& duration);  // 10m; LIMIT
std::string textOf(const tree::Pattern& pattern);    // c: Customer(loggedIn, age > 18)
// accumulate i: Item(of == c.id) into n = sum(i.qty)
std::string textOf(const tree::Condition& condition);
std::string textOf(const tree::Action& action);  // set d.tempc = e.tempc; blocks as { … }
std::string textOf(const tree::Expect& expect);
// 1d2h3m4s5ms6us, the spelling of the language; 0s for nothing.
std::string durationText(Span64 microseconds);

}  // namespace reticle::model
