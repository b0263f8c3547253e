// What tests of the whole engine share: reading files, compiling or failing loudly, watching the
// trace, leaving digests for comparison.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "reticle/engine.h"
#include "support/folder.h"

namespace reticle::test {

// The text of a file below the top folder; empty, and a failed check, when it is not there.
inline std::string readFile(const std::string& path) {
  std::string full = pathOf(path);
  std::FILE* file = std::fopen(full.c_str(), "rb");
  CHECK_MESSAGE(file != nullptr, "cannot read ", full);
  if (!file) return {};
  std::string text;
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, got);
  }
  std::fclose(file);
  return text;
}

// Notes a digest under a name; the same suite leaves the same notes natively and in WebAssembly.
inline void leaveDigest(const std::string& name, const std::string& digest) {
  const char* path = std::getenv("RETICLE_DIGESTS");
  if (!path || !*path) return;
  if (std::FILE* file = std::fopen(path, "a")) {
    std::string line = name + " " + digest + "\n";
    std::fwrite(line.data(), 1, line.size(), file);
    std::fclose(file);
  }
}

inline std::shared_ptr<const Program> compiled(const std::string& name, const std::string& text) {
  Compiled result = compile(name, text);
  CHECK_MESSAGE(result.ok(), result.text());
  return result.program;
}

inline std::shared_ptr<const Program> compiledFile(const std::string& path) {
  return compiled(path.substr(path.rfind('/') + 1), readFile(path));
}

// Keeps every record, and what people would look for in them.
class Watcher : public TraceObserver {
 public:
  void record(const TraceRecord& record, std::string_view) override {
    records.push_back(record);
    if (const auto* said = record.as<trace::Log>()) log.push_back(said->text);
    if (const auto* failure = record.as<trace::Failure>()) failures.push_back(failure->message);
  }
  // Records of a kind since `from`.
  template <typename Body>
  std::size_t count(std::size_t from = 0) const {
    std::size_t number = 0;
    for (std::size_t i = from; i < records.size(); ++i) {
      number += records[i].as<Body>() != nullptr ? 1 : 0;
    }
    return number;
  }
  std::vector<TraceRecord> records;
  std::vector<std::string> log, failures;
};

// A session with its trace watched.
struct Watched {
  explicit Watched(std::shared_ptr<const Program> program, EngineOptions options = {})
      : engine(program, with(options)) {}
  EngineOptions with(EngineOptions options) {
    options.trace = &watch;
    return options;
  }
  FactId insert(const std::string& type, Fields fields) {
    auto accepted = engine.submit(reticle::insert(type, std::move(fields)));
    CHECK_MESSAGE(accepted.ok(), (accepted.ok() ? "" : accepted.error().message));
    return accepted.ok() ? accepted->fact : kNoFact;
  }
  void submit(const Input& input) {
    auto accepted = engine.submit(input);
    CHECK_MESSAGE(accepted.ok(), (accepted.ok() ? "" : accepted.error().message));
  }
  std::uint64_t settle(std::uint64_t most = 100'000) {
    return engine.settle({.maxFirings = most}).firings;
  }

  Watcher watch;
  Engine engine;
};

inline Value text(std::string_view value) { return Value::string(value); }
inline Value number(std::int64_t value) { return Value::integer(value); }

}  // namespace reticle::test
