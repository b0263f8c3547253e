// The documents that a language server knows, and which of them make one program: those that import
// each other, whether open or only on disk.
// Two files that know nothing of each other are two programs, whatever they declare.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/language.h"

namespace reticle::cli {

class LspPrograms {
 public:
  // The `.rules` files below a folder (a uri); hidden folders and node_modules are left out.
  void addFolder(const std::string& uri);
  void open(const std::string& uri, std::string text);
  // Replaces a range (lines and UTF-16 units), or with `line` < 0 the whole text. False: the
  // document is not open, or the range is not in it.
  struct Change {
    std::int64_t line = -1, character = 0, endLine = 0, endCharacter = 0;
    std::string text;
  };
  bool change(const std::string& uri, const Change& change);
  // What is on disk counts again.
  void close(const std::string& uri);
  void fileChanged(const std::string& uri);

  // The program that a document belongs to; null when it is not known.
  Workspace* programOf(const std::string& uri);
  // The open documents of that program.
  std::vector<std::string> openBeside(const std::string& uri);

 private:
  struct Document {
    std::string uri, text;
    ModuleHeader header;
    bool open = false;
  };
  // The same file is written in several ways as a uri.
  static std::string keyOf(const std::string& uri);
  std::vector<std::string> membersOf(const std::string& key) const;
  void readHeader(Document& document);
  bool load(const std::string& path);

  std::map<std::string, Document> documents_;  // by key
  // by the keys of their members; empty after a change of what imports what
  std::map<std::string, std::unique_ptr<Workspace>> programs_;
};

}  // namespace reticle::cli
