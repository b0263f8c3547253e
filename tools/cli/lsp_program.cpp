// Which documents make one program, and the workspace of each.
//
// A file on disk counts until it is opened, and again after it is closed. Workspaces are made
// when they are first asked for, and thrown away when it changes who belongs together.
#include "lsp_program.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "files.h"

namespace reticle::cli {
namespace {

constexpr std::size_t kMostFiles = 5000;

int digitOf(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// %41 is A; what is no escape stays.
std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && digitOf(text[i + 1]) >= 0 &&
                        digitOf(text[i + 2]) >= 0;
    result +=
        escape ? static_cast<char>(digitOf(text[i + 1]) * 16 + digitOf(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return result;
}

// The inverse, with everything escaped that is no plain letter of a path.
std::string uriOf(const std::string& path) {
  std::string uri = "file://";
  for (const char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += "0123456789ABCDEF"[byte >> 4];
      uri += "0123456789ABCDEF"[byte & 15];
    }
  }
  return uri;
}

// An import names a module or something inside of one.
bool imports(const std::string& import, const std::string& module) {
  return !module.empty() &&
         (import == module || import.compare(0, module.size() + 1, module + ".") == 0);
}

}  // namespace

std::string LspPrograms::keyOf(const std::string& uri) {
  constexpr std::string_view kFile = "file://";
  return uri.compare(0, kFile.size(), kFile) == 0
             ? decoded(std::string_view(uri).substr(kFile.size()))
             : uri;
}

// Programs are put together anew only when the top of a document changed: that alone decides who
// belongs together.
void LspPrograms::readHeader(Document& document) {
  ModuleHeader header = moduleHeader(document.text);
  if (header == document.header) return;
  document.header = std::move(header);
  programs_.clear();
}

// False when there is no such file, or there are too many.
bool LspPrograms::load(const std::string& path) {
  if (documents_.size() >= kMostFiles) return false;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::optional<std::string> text = readFile(path);
  if (!text) return false;
  Document& document = documents_[path];
  if (document.uri.empty()) document.uri = uriOf(path);
  document.text = std::move(*text);
  document.open = false;
  programs_.clear();
  readHeader(document);
  return true;
}

void LspPrograms::addFolder(const std::string& uri) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::recursive_directory_iterator entry(keyOf(uri), fs::directory_options::skip_permission_denied,
                                         error),
      end;
  std::vector<std::string> paths;
  for (; !error && entry != end && paths.size() < kMostFiles; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (entry->is_directory(ignored) &&
        (name.starts_with(".") || name == "node_modules" || name == "build")) {
      entry.disable_recursion_pending();
    } else if (endsWith(name, ".rules")) {
      paths.push_back(entry->path().string());
    }
  }
  // The same order everywhere, so that names declared twice are reported alike.
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    const auto known = documents_.find(path);
    if (known == documents_.end() || !known->second.open) load(path);
  }
}

void LspPrograms::open(const std::string& uri, std::string text) {
  Document& document = documents_[keyOf(uri)];
  document.uri = uri;
  document.text = std::move(text);
  document.open = true;
  programs_.clear();
  readHeader(document);
}

bool LspPrograms::change(const std::string& uri, const Change& change) {
  const std::string key = keyOf(uri);
  const auto found = documents_.find(key);
  if (found == documents_.end() || !found->second.open) return false;
  Document& document = found->second;
  if (change.line < 0) {
    open(uri, change.text);
    return true;
  }
  const auto at = [&](std::int64_t line, std::int64_t character) {
    return byteAt(document.text, static_cast<std::uint32_t>(line),
                  static_cast<std::uint32_t>(character));
  };
  const auto begin = at(change.line, change.character),
             end = at(change.endLine, change.endCharacter);
  if (!begin || !end || *begin > *end) return false;
  document.text.replace(*begin, *end - *begin, change.text);
  readHeader(document);
  for (auto& [members, workspace] : programs_) {
    workspace->edit(document.uri, static_cast<std::size_t>(change.line),
                    static_cast<std::size_t>(change.character),
                    static_cast<std::size_t>(change.endLine),
                    static_cast<std::size_t>(change.endCharacter), change.text);
  }
  return true;
}

void LspPrograms::close(const std::string& uri) {
  const std::string key = keyOf(uri);
  documents_.erase(key);
  programs_.clear();
  if (endsWith(key, ".rules")) load(key);
}

void LspPrograms::fileChanged(const std::string& uri) {
  const std::string key = keyOf(uri);
  const auto known = documents_.find(key);
  if ((known != documents_.end() && known->second.open) || !endsWith(key, ".rules")) return;
  if (load(key)) return;
  documents_.erase(key);
  programs_.clear();
}

// Imports are followed both ways, until nothing is added.
std::vector<std::string> LspPrograms::membersOf(const std::string& key) const {
  std::set<std::string> members{key};
  for (std::vector<std::string> ahead{key}; !ahead.empty();) {
    const Document& document = documents_.at(ahead.back());
    ahead.pop_back();
    for (const auto& [other, known] : documents_) {
      if (members.contains(other)) continue;
      const bool needed = std::any_of(
          document.header.imports.begin(), document.header.imports.end(),
          [&](const std::string& import) { return imports(import, known.header.module); });
      const bool needs = std::any_of(
          known.header.imports.begin(), known.header.imports.end(),
          [&](const std::string& import) { return imports(import, document.header.module); });
      if (!needed && !needs) continue;
      members.insert(other);
      ahead.push_back(other);
    }
  }
  return {members.begin(), members.end()};
}

// One workspace for each set of members, made when it is first asked for.
Workspace* LspPrograms::programOf(const std::string& uri) {
  const std::string key = keyOf(uri);
  if (!documents_.contains(key)) return nullptr;
  const std::vector<std::string> members = membersOf(key);
  std::string name;
  for (const std::string& member : members) name += member + "\n";
  std::unique_ptr<Workspace>& program = programs_[name];
  if (!program) {
    program = std::make_unique<Workspace>();
    for (const std::string& member : members) {
      program->open(documents_.at(member).uri, documents_.at(member).text);
    }
  }
  return program.get();
}

std::vector<std::string> LspPrograms::openBeside(const std::string& uri) {
  std::vector<std::string> uris;
  const std::string key = keyOf(uri);
  if (!documents_.contains(key)) return uris;
  for (const std::string& member : membersOf(key)) {
    if (documents_.at(member).open) uris.push_back(documents_.at(member).uri);
  }
  return uris;
}

}  // namespace reticle::cli
