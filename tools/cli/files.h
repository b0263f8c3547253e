// Files and what the commands make of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/program.h"
#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle::cli {

// The whole file; when it cannot be read, says so on the error stream.
std::optional<std::string> readFile(const std::string& path);
// Reads rule files that belong together; nothing when one cannot be read. Their names in messages
// are the paths as given.
std::optional<std::vector<Source>> readSources(const std::vector<std::string>& paths);

// Data of JSON or, when the name says so, YAML, with numbers as a host in JavaScript has them: 1.0
// is 1. What is wrong is said on the error stream.
std::optional<Value> readData(const std::string& path);
Result<Value> dataFrom(const std::string& path, const std::string& text);

// The members of an object that are none of the known ones, all of them, for a message, each with
// the name that was probably meant: "`a`, `b`"; empty when there are none.
std::string unknownMembers(const Value& object, const std::vector<std::string>& known);

std::string folderOf(const std::string& path);  // "examples/red/", "" for a bare name
std::string stemOf(const std::string& path);    // "devices" of "data/devices.csv"
bool endsWith(const std::string& text, const std::string& end);

// Compiles and prints the diagnostics on the error stream; nothing when there are errors.
std::optional<Compiled> compileOrComplain(std::vector<Source> sources);

// Adds the files that tables of the sources read their rows from, from a folder ("rules/"); empty:
// the names are paths. What is missing is said where the table is.
void addTableFiles(std::vector<Source>& sources, const std::string& folder = {});

// Calls `each` with every line that is not empty, and its number from 1.
template <typename Each>
void forEachLine(std::string_view text, Each each) {
  std::uint32_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) each(number, line);
  }
}

}  // namespace reticle::cli
