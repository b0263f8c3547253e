// The rules that a server goes by: read from files or from a request, and kept beside the journal,
// which goes on with no others.
//
// STORE.rules.json holds the sources that the journal goes on with, and those from before: it is
// written before the journal says that the rules were replaced, so one of the two always fits.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http.h"
#include "problem.h"
#include "reticle/program.h"
#include "reticle/result.h"
#include "reticle/schema.h"

namespace reticle::serve {

struct Rules {
  std::vector<Source> sources;  // with the tables that they name
  std::shared_ptr<const Program> program;
  Schema schema;
};

// Broken rules are an error whose `message` is what a terminal shows; `diagnostics`, if asked for,
// takes them as JSON.
Result<Rules> compileRules(std::vector<Source> sources, std::string* diagnostics = nullptr);

// The sources in the body of PUT /rules: text, or JSON as [{"name", "text"}, …].
std::optional<Problem> readRules(const Request& request, std::vector<Source>& to);

struct KeptRules {
  std::vector<std::vector<Source>> candidates;  // current ones first
};
Result<KeptRules> readKeptRules(const std::string& path);
// Durable when it returns.
Status keepRules(const std::string& path, const std::vector<Source>& current,
                 const std::vector<Source>& previous);

}  // namespace reticle::serve
