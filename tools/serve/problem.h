// What is wrong with a request, for whoever sent it: a JSON body of type application/problem+json
// (RFC 9457) with the field at fault.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http.h"
#include "reticle/result.h"

namespace reticle::serve {

struct Problem {
  int status = 400;
  std::string title;     // what was found
  std::string field;     // "specversion", "data.qty", "header content-length"; may be empty
  std::string expected;  // what would be right; may be empty, when the title says it
  std::string code;      // of the engine's error: "UnknownType"; may be empty
  std::optional<std::size_t> item;  // of a batch, from 0
};

// {"title", "status", "field"?, "expected"?, "code"?, "item"?}
Response responseOf(const Problem& problem);

// An error of the engine or of reading. `prefix` stands before its field: "data.".
Problem problemOf(const Error& error, const std::string& prefix = {});

// 503: the journal cannot be written, and nothing more is taken.
Response journalFailed();

// As a string in JSON.
std::string inQuotes(std::string_view text);

}  // namespace reticle::serve
