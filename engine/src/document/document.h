// A document of JSON, or of YAML read as JSON: its values, and where each of them stands.
//
// Reading never fails as a whole: what is wrong is reported (RL800x for JSON, RL803x for YAML), and
// the values around it are kept, so that one slip hides no other. The reader of a document with
// errors stays silent about what is missing in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

struct DocumentNode {
  enum class Kind : std::uint8_t { Null, Boolean, Number, String, List, Object } kind = Kind::Null;
  // How a text is written, which tells what may be put into it.
  enum class Quotes : std::uint8_t { None, Double, Single, Block } quotes = Quotes::None;
  bool boolean = false;
  // something is wrong with it and was reported: nothing is to be said about what it holds
  bool damaged = false;
  Span span;                        // as written; of a text with its quotes
  std::string text;                 // String: its characters; Number: as written
  std::vector<DocumentNode> items;  // List; Object: the values of its members
  std::vector<std::string> names;   // Object: beside the items
  std::vector<Span> nameSpans;      // without quotes
  // String: where the text begins, and, when it does not stand there byte for byte, where each of
  // its bytes comes from, and its end.
  std::uint32_t inside = 0;
  std::vector<std::uint32_t> places;

  bool is(Kind k) const { return kind == k; }
  const DocumentNode* find(std::string_view name) const;
  // Where a byte of the text stands in the source. Requires: a String, at <= text.size().
  std::uint32_t placeOf(std::uint32_t at) const {
    return places.empty() ? inside + at : places[at];
  }
  Span placeOf(const Span& local) const {
    return {span.file, placeOf(local.begin), placeOf(local.end)};
  }
  // The other way: the byte of the text that stands at, or first after, a byte of the source.
  std::uint32_t byteAt(std::uint32_t place) const;

  // To write documents.
  static DocumentNode string(std::string_view text);
  static DocumentNode number(std::string digits);
  static DocumentNode yes(bool value = true);
  static DocumentNode list() { return of(Kind::List); }
  static DocumentNode object() { return of(Kind::Object); }
  static DocumentNode of(Kind kind);
  DocumentNode& add(std::string name, DocumentNode value);  // returns this object
  DocumentNode& add(DocumentNode item);
};

constexpr int kMaxDocumentDepth = 128;
constexpr std::size_t kMaxDocumentBytes = std::size_t{16} << 20;

DocumentNode readJson(const Source& source, std::uint32_t file,
                      std::vector<Diagnostic>& diagnostics);
DocumentNode readYaml(const Source& source, std::uint32_t file,
                      std::vector<Diagnostic>& diagnostics);

// Whether the name of a source says that it is a document, and of what.
enum class DocumentForm : std::uint8_t { None, Json, Yaml };
DocumentForm documentFormOf(std::string_view name);
DocumentNode readDocument(const Source& source, std::uint32_t file,
                          std::vector<Diagnostic>& diagnostics);

// The smallest value around a byte, and its JSON Pointer. A byte in a member's name leads to its
// value.
struct DocumentPlace {
  std::string pointer;  // "/declarations/5/when/0"; empty: the whole document
  const DocumentNode* node = nullptr;
  bool inText = false;  // inside the quotes of a text
};
DocumentPlace placeIn(const DocumentNode& root, std::uint32_t byte);

// JSON with two spaces of indentation; what fits on a line of 100 columns stands on one. Ends with
// a line break.
std::string printJson(const DocumentNode& root);

// Whether a text is a number as JSON writes them.
bool isJsonNumber(std::string_view text);

// A text as it must be written inside a text of the document; nothing when it cannot be.
bool escapeFor(const DocumentNode& around, std::string& text);

}  // namespace reticle
