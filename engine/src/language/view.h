// What the features of the language service look at: the open documents, what they mean together,
// and how to say where something is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "language/json.h"
#include "language/lines.h"
#include "model/index.h"
#include "reticle/diagnostic.h"
#include "syntax/lexer.h"
#include "syntax/tree.h"

namespace reticle::language {

struct Document {
  std::string uri;     // empty: closed, the slot is free
  Source source;       // its name is the last part of the uri
  bool text = true;    // the text form; JSON and YAML have diagnostics only
  bool fresh = false;  // read since the last change
  Lines lines;
  Lexemes lexemes;
  std::vector<Diagnostic> mistakes;  // of reading
};

struct View {
  std::vector<Document> documents;    // by file
  std::vector<tree::Module> modules;  // beside them
  model::Index index;
  std::vector<std::vector<model::SymbolId>> parts;  // of each symbol, in order
  std::vector<Diagnostic> diagnostics;              // of everything, in order of place

  const Document& document(std::uint32_t file) const { return documents[file]; }
  const std::string& textOf(std::uint32_t file) const { return documents[file].source.text; }
  std::string_view textOf(Span span) const {
    return std::string_view(textOf(span.file)).substr(span.begin, span.end - span.begin);
  }
  const model::SymbolNote& symbol(model::SymbolId id) const { return index.symbols[id]; }

  // The use of a name at a place or ending there; null when there is none.
  const model::Use* useAt(std::uint32_t file, std::uint32_t byte) const;
  const model::Use* useOf(Span span) const;
  std::vector<model::Use> usesOf(model::SymbolId symbol) const;
  // The type of exactly this expression; null when it is not known.
  const Type* typeOf(Span span) const;
  const model::ScopeNote* scopeAt(std::uint32_t file, std::uint32_t byte) const;
  // What a record or declared enum type is.
  model::SymbolId symbolOf(const Type& type) const;
  // A declared symbol by its name as written; kNoSymbol when there is none.
  model::SymbolId declared(std::string_view name) const;
  model::SymbolId partOf(model::SymbolId owner, std::string_view name) const;
  // The field, member or result of a value of this type; Poison when there is none.
  Type memberOf(const Type& type, std::string_view name) const;
  const tree::Declaration* declarationAt(std::uint32_t file, std::uint32_t byte) const;
  const tree::Declaration* treeOf(model::SymbolId symbol) const;

  Place placeOf(std::uint32_t file, std::uint32_t byte) const {
    return documents[file].lines.placeOf(textOf(file), byte);
  }
  void writeRange(Json& json, Span span) const;                        // {"start", "end"}
  void writeLocation(Json& json, Span span) const;                     // {"uri", "range"}
  void writeEdit(Json& json, Span span, std::string_view text) const;  // {"range", "newText"}
  // {"changes": {uri: [TextEdit…]}}
  void writeWorkspaceEdit(Json& json, std::vector<Edit> edits) const;
};

}  // namespace reticle::language
