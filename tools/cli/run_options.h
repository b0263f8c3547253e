// What the options of `reticle run` ask for, read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arguments.h"
#include "events.h"
#include "facts.h"
#include "facts_out.h"
#include "reticle/options.h"
#include "reticle/result.h"

namespace reticle::cli {

// What happens after the facts are in, in the order written: the clock goes on, or events come.
struct Happening {
  std::optional<Span64> advance;
  EventsFile events;  // when it is not that
};

struct RunOptions {
  SettleOptions settle;
  std::optional<std::uint64_t> firings;  // of all rounds together
  Strategy strategy = Strategy::Depth;
  std::uint64_t seed = 0;
  Time start = 0;
  std::vector<FactsFile> facts;
  std::vector<Happening> happenings;
  std::vector<OutFile> outs;
  std::optional<std::string> answers;  // path
};

// Those that are for rules and not for an example, for the help.
const std::vector<Option>& runOptions();

// Errors: BadInput, with the whole sentence for the user.
Result<RunOptions> readRunOptions(const Arguments& arguments);

// All files that such a run reads: rules, facts, events, answers, descriptions of tables.
std::vector<std::string> filesOf(const RunOptions& options, const Arguments& arguments);

}  // namespace reticle::cli
