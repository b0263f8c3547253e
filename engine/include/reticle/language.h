// The language service: what an editor asks about rule text. One implementation for the playground,
// the npm package and `reticle lsp`.
//
// Requests and results are the JSON of the Language Server Protocol 3.17, by method name; positions
// are lines from 0 and UTF-16 units within the line. The workspace holds open documents; documents
// opened together form one program (modules import each other). Results are pure functions of the
// documents: nothing is read from disk, nothing is remembered between requests but what was opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reticle {

class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  // Opens a document or replaces its text. The end of `uri` says which form it has (`.rules`,
  // `.json`, `.yaml`).
  void open(std::string_view uri, std::string_view text);
  // Replaces a range (LSP positions). Returns false when the document is not open or the range lies
  // outside of it.
  bool edit(std::string_view uri, std::size_t startLine, std::size_t startCharacter,
            std::size_t endLine, std::size_t endCharacter, std::string_view text);
  void close(std::string_view uri);

  // Returns the JSON of a request's result ("null" where there is nothing to say), or
  // {"error": {"code", "message"}} for a method that there is not or parameters that do not fit.
  // Methods:
  //   textDocument/diagnostic          → {"kind": "full", "items": [Diagnostic]}, `data` of each
  //                                    holds its quick fixes
  //   textDocument/completion          textDocument/hover          textDocument/definition
  //                                    textDocument/references
  //   textDocument/prepareRename       textDocument/rename         textDocument/formatting
  //                                    textDocument/rangeFormatting
  //   textDocument/semanticTokens/full textDocument/documentSymbol textDocument/foldingRange
  //                                    textDocument/selectionRange
  //   textDocument/signatureHelp       textDocument/codeAction     textDocument/inlayHint
  //                                    textDocument/documentHighlight
  //   reticle/legend                   → {"tokenTypes": […], "tokenModifiers": […]} of the semantic
  //                                    tokens
  //   reticle/convert                  {"textDocument", "to": "json" | "text"} → {"text"} or
  //                                    {"diagnostics"}
  //   reticle/keywords                 → the words of the language by what they do, from the
  //                                    lexer's table, for a quick colouring
  std::string request(std::string_view method, std::string_view params);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What a module's text says at its top: its own name and those it imports, dotted; empty when it
// says none. Tells which files belong together without reading further.
struct ModuleHeader {
  std::string module;
  std::vector<std::string> imports;
  bool operator==(const ModuleHeader&) const = default;
};
ModuleHeader moduleHeader(std::string_view text);

// The byte of a text at an LSP position: lines from 0, UTF-16 units within the line. A character
// beyond the end of its line is the end of the line; nothing: there is no such line.
std::optional<std::size_t> byteAt(std::string_view text, std::uint32_t line,
                                  std::uint32_t character);

}  // namespace reticle
