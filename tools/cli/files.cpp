// Files of the command: read, named, compiled.
#include "files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <utility>

#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::cli {

// Bytes as they are. What cannot be read is said on the error stream.
std::optional<std::string> readFile(const std::string& path) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) {
    std::cerr << "reticle: cannot read " << path << ": it is a folder\n";
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) {
    std::cerr << "reticle: cannot read " << path << "\n";
    return std::nullopt;
  }
  return text;
}

// Sources go by their path, which is what diagnostics show.
std::optional<std::vector<Source>> readSources(const std::vector<std::string>& paths) {
  std::vector<Source> sources;
  for (const std::string& path : paths) {
    std::optional<std::string> text = readFile(path);
    if (!text) return std::nullopt;
    sources.push_back({path, *std::move(text)});
  }
  addTableFiles(sources);
  return sources;
}

void addTableFiles(std::vector<Source>& sources, const std::string& folder) {
  std::vector<std::string> names = namedFiles(sources);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    const auto known = [&name](const Source& source) { return source.name == name; };
    if (std::any_of(sources.begin(), sources.end(), known)) continue;
    std::ifstream file(folder + name, std::ios::binary);
    if (!file.is_open()) continue;
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    sources.push_back({name, std::move(text)});
    // A file of rules may have tables of its own.
    if (i + 1 == names.size()) names = namedFiles(sources);
  }
}

Result<Value> dataFrom(const std::string& path, const std::string& text) {
  const bool isYaml = endsWith(path, ".yaml") || endsWith(path, ".yml");
  const Result<Value> data = isYaml ? wire::parseYaml(text) : wire::parse(text);
  if (!data) return data.error();
  return wire::parse(wire::toJson(*data));
}

std::optional<Value> readData(const std::string& path) {
  const std::optional<std::string> text = readFile(path);
  if (!text) return std::nullopt;
  Result<Value> data = dataFrom(path, *text);
  if (data) return *std::move(data);
  const Error& error = data.error();
  std::cerr << path << ": " << error.message
            << (error.where.empty() ? "" : " (" + error.where + ")") << "\n";
  return std::nullopt;
}

std::string unknownMembers(const Value& object, const std::vector<std::string>& known) {
  std::string unknown;
  for (const auto& [key, value] : object.asMap()) {
    const std::string name{key.asString()};
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    unknown += (unknown.empty() ? "`" : ", `") + name + "`";
    const std::string meant = nearestName(name, known);
    if (!meant.empty()) unknown += " (did you mean `" + meant + "`?)";
  }
  return unknown;
}

std::string folderOf(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

std::string stemOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Warnings are printed too, and stop nothing.
std::optional<Compiled> compileOrComplain(std::vector<Source> sources) {
  Compiled compiled = compile(std::move(sources));
  std::cerr << compiled.text();
  if (!compiled.ok()) return std::nullopt;
  return compiled;
}

}  // namespace reticle::cli
