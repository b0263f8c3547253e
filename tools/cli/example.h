// An example: rules, what is done to them, and what the world returns: the contents of
// examples/<name>/example.json, which exampleSchema() describes.
//
// wasm/src/example.ts reads the same and comes to the same digests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

struct Example {
  std::string title;
  std::vector<std::string> rules;  // file names beside it
  std::vector<Value> inputs;
  Scripts host;
  Time start = 0;
  std::int64_t leave = 0;
};

// Strict: what nothing reads is refused. Errors: BadInput, with the member in `where`.
Result<Example> readExample(const std::string& json);

// The files of data that its inputs name, beside it.
std::vector<std::string> dataFilesOf(const Example& example);

// The JSON Schema (draft 2020-12) of it.
const char* exampleSchema();

struct ExampleRun {
  std::uint64_t firings = 0;
  SettleReport::Reason reason = SettleReport::Reason::Quiescent;
  std::vector<std::string> cycle;
  std::size_t refused = 0;
};

// Carries out the inputs. Files are read from `folder`. On the first screen the last settle leaves
// `leave` activations ready.
ExampleRun runExample(Engine& engine, ScriptHost& host, const Schema& schema,
                      const Example& example, const std::string& folder, bool firstScreen);

}  // namespace reticle::cli
