// What a document is made of, where a byte stands in it, and how it is written as JSON.
#include "document/document.h"

#include <algorithm>

#include "base/json_pointer.h"
#include "base/unreachable.h"
#include "base/utf8.h"
#include "base/value_json.h"

namespace reticle {
namespace {

// What fits is written on one line.
constexpr std::size_t kLine = 100;

// On one line, with spaces after `,` and `:`.
std::string flat(const DocumentNode& node) {
  std::string out;
  switch (node.kind) {
    case DocumentNode::Kind::Null: return "null";
    case DocumentNode::Kind::Boolean: return node.boolean ? "true" : "false";
    case DocumentNode::Kind::Number: return node.text;
    case DocumentNode::Kind::String: writeJsonString(out, node.text); return out;
    case DocumentNode::Kind::List:
      for (const DocumentNode& item : node.items) (out += out.empty() ? "[" : ", ") += flat(item);
      return out.empty() ? "[]" : out + "]";
    case DocumentNode::Kind::Object:
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        out += out.empty() ? "{" : ", ";
        writeJsonString(out, node.names[i]);
        (out += ": ") += flat(node.items[i]);
      }
      return out.empty() ? "{}" : out + "}";
  }
  unreachable("a kind of node is written somehow");
}

// `indent`: of the line on which the value stands; `column`: where on it, without the comma that
// may follow.
void print(std::string& out, const DocumentNode& node, std::size_t indent, std::size_t column) {
  const bool object = node.is(DocumentNode::Kind::Object);
  const std::string line = flat(node);
  if ((!object && !node.is(DocumentNode::Kind::List)) || node.items.empty() ||
      column + countCodePoints(line) <= kLine) {
    out += line;
    return;
  }
  out += object ? "{\n" : "[\n";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::size_t began = out.size();
    out.append(indent + 2, ' ');
    if (object) {
      writeJsonString(out, node.names[i]);
      out += ": ";
    }
    print(out, node.items[i], indent + 2, countCodePoints(std::string_view(out).substr(began)) + 1);
    out += i + 1 < node.items.size() ? ",\n" : "\n";
  }
  out.append(indent, ' ');
  out += object ? '}' : ']';
}

}  // namespace

// Objects are small: names are compared one by one.
const DocumentNode* DocumentNode::find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &items[i];
  }
  return nullptr;
}

// Without `places` the text stands in the source byte for byte.
std::uint32_t DocumentNode::byteAt(std::uint32_t place) const {
  if (places.empty()) {
    return std::min(place > inside ? place - inside : 0, static_cast<std::uint32_t>(text.size()));
  }
  const auto found = std::lower_bound(places.begin(), places.end(), place);
  return static_cast<std::uint32_t>(
      std::min<std::size_t>(static_cast<std::size_t>(found - places.begin()), text.size()));
}

DocumentNode DocumentNode::of(Kind kind) {
  DocumentNode node;
  node.kind = kind;
  return node;
}
DocumentNode DocumentNode::string(std::string_view text) {
  DocumentNode node = of(Kind::String);
  node.text = std::string(text);
  return node;
}
DocumentNode DocumentNode::number(std::string digits) {
  DocumentNode node = of(Kind::Number);
  node.text = std::move(digits);
  return node;
}
DocumentNode DocumentNode::yes(bool value) {
  DocumentNode node = of(Kind::Boolean);
  node.boolean = value;
  return node;
}
DocumentNode& DocumentNode::add(std::string name, DocumentNode value) {
  names.push_back(std::move(name));
  items.push_back(std::move(value));
  return *this;
}
DocumentNode& DocumentNode::add(DocumentNode item) {
  items.push_back(std::move(item));
  return *this;
}

// By the ending alone; everything else is rule text.
DocumentForm documentFormOf(std::string_view name) {
  const auto ends = [&](std::string_view end) {
    return name.size() >= end.size() && name.substr(name.size() - end.size()) == end;
  };
  if (ends(".json")) return DocumentForm::Json;
  if (ends(".yaml") || ends(".yml")) return DocumentForm::Yaml;
  return DocumentForm::None;
}

// Anything that is not called YAML is read as JSON.
DocumentNode readDocument(const Source& source, std::uint32_t file,
                          std::vector<Diagnostic>& diagnostics) {
  return documentFormOf(source.name) == DocumentForm::Yaml ? readYaml(source, file, diagnostics)
                                                           : readJson(source, file, diagnostics);
}

// From the top down into the one child that lies around the byte; siblings never overlap.
DocumentPlace placeIn(const DocumentNode& root, std::uint32_t byte) {
  DocumentPlace place{"", &root, false};
  const auto around = [&](const Span& span) {
    return span.begin <= byte && byte < std::max(span.end, span.begin + 1);
  };
  bool deeper = true;
  while (deeper) {
    deeper = false;
    const DocumentNode& node = *place.node;
    for (std::size_t i = 0; i < node.items.size() && !deeper; ++i) {
      const bool object = node.is(DocumentNode::Kind::Object);
      if (!around(node.items[i].span) &&
          !(object && i < node.nameSpans.size() && around(node.nameSpans[i]))) {
        continue;
      }
      appendPointer(place.pointer, object ? node.names[i] : std::to_string(i));
      place.node = &node.items[i];
      deeper = around(node.items[i].span);
      if (!deeper) return place;
    }
  }
  const DocumentNode& node = *place.node;
  // The byte after the last one still counts: that is where one types on.
  place.inText = node.is(DocumentNode::Kind::String) && byte >= node.placeOf(0u) &&
                 byte <= node.placeOf(static_cast<std::uint32_t>(node.text.size()));
  return place;
}

std::string printJson(const DocumentNode& root) {
  std::string out;
  print(out, root, 0, 0);
  return out + "\n";
}

// By the kind of quotes that are around it already.
bool escapeFor(const DocumentNode& around, std::string& text) {
  std::string out;
  switch (around.quotes) {
    case DocumentNode::Quotes::Double:
      writeJsonString(out, text);
      text = out.substr(1, out.size() - 2);
      return true;
    case DocumentNode::Quotes::Single:
      for (const char c : text) {
        if (c == '\n') return false;
        out += c;
        if (c == '\'') out += c;
      }
      text = std::move(out);
      return true;
    case DocumentNode::Quotes::Block: return text.find('\n') == std::string::npos;
    // A plain text of YAML could become something else.
    case DocumentNode::Quotes::None:
      return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.';
      });
  }
  unreachable("a text is quoted in one of these ways");
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool isJsonNumber(std::string_view text) {
  std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - from;
  };
  const bool zero = i < text.size() && text[i] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (i < text.size() && text[i] == '.' && (++i, digits() == 0)) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

}  // namespace reticle
