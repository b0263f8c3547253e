// How messages name things, and how repairs are made: a name stands in backquotes, a list ends with
// "and".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle::model {

// "`a`"
inline std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }
// "`a`, `b` and `c`"
std::string quotedList(const std::vector<std::string>& names);
// "a, b, c"
std::string listed(const std::vector<std::string>& names);

// "1 row", "2 rows"
std::string counted(std::size_t count, const std::string& what);
// With the letters of ASCII small.
std::string lowerCase(std::string text);

// A repair of one edit.
Fix edit(std::string title, Span span, std::string text);
// The same, called "replace `written` with `text`".
Fix replaceWith(Span span, const std::string& written, const std::string& text);
// Adds "did you mean" with its fix, when one of the names is near; returns it, or "".
std::string suggest(Diagnostic& d, Span span, std::string_view written,
                    const std::vector<std::string>& names);

}  // namespace reticle::model
