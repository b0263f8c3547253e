// What the options of `reticle serve` ask for, read.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../cli/arguments.h"
#include "deliveries.h"
#include "limits.h"
#include "reticle/result.h"

namespace reticle::serve {

struct ServeOptions {
  int port = 0;
  std::string address = "127.0.0.1";
  bool isLoopback = true;
  std::vector<std::string> hosts;  // further names by which the server may be called
  std::string token;               // empty: none is asked for
  std::string origin;              // whose pages may read; empty: none
  std::vector<std::string> rules;  // paths
  std::string store;
  std::string source = "reticle";  // `source` of outgoing events
  std::optional<std::string> answers;
  std::map<std::string, std::string> calls;  // URLs by function
  std::chrono::milliseconds timeout{30'000};
  DeliveryOptions deliveries;
  Limits limits;
  bool ignoresUnknown = false;
  bool traces = false;
};

const std::vector<cli::Option>& serveOptions();

// Errors: BadInput, with the whole sentence for the user.
Result<ServeOptions> readServeOptions(const cli::Arguments& arguments);

}  // namespace reticle::serve
