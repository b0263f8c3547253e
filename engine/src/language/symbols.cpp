// The shape of a document: outline, folding, selections that grow.
#include <algorithm>
#include <map>

#include "base/unreachable.h"
#include "check/index_recorder.h"
#include "language/context.h"
#include "language/features.h"

namespace reticle::language {
namespace {

using Kind = LexemeKind;
using tree::Declaration;

// The protocol's numbers.
int kindOf(Declaration::Kind kind) {
  switch (kind) {
    case Declaration::Kind::Fact: return 23;    // Struct
    case Declaration::Kind::Subject: return 5;  // Class
    case Declaration::Kind::Event: return 24;   // Event
    case Declaration::Kind::Enum: return 10;
    case Declaration::Kind::Const: return 14;
    case Declaration::Kind::Function:
    case Declaration::Kind::Query: return 12;
    case Declaration::Kind::Host: return 11;   // Interface
    case Declaration::Kind::Table: return 18;  // Array
    case Declaration::Kind::Rule: return 6;    // Method
    case Declaration::Kind::Flow: return 2;    // Module
    case Declaration::Kind::Test: return 17;   // Boolean
    case Declaration::Kind::Given: return 19;  // Object
  }
  unreachable("a declaration has an icon");
}

// Leaves the object open, for children.
void writeSymbol(Json& json, const View& view, const std::string& name, const std::string& detail,
                 int kind, Span whole, Span selected) {
  json.object()
      .key("name")
      .text(name)
      .textUnlessEmpty("detail", detail)
      .key("kind")
      .number(static_cast<std::int64_t>(kind))
      .key("range");
  view.writeRange(json, whole);
  json.key("selectionRange");
  view.writeRange(json, selected);
}

void writeSteps(Json& json, const View& view, const std::vector<tree::Action>& actions) {
  for (const tree::Action& action : actions) {
    if (action.kind == tree::Action::Kind::Step && action.name) {
      writeSymbol(json, view, action.name.text, "call " + action.target.text, 6, action.span,
                  action.name.span);
      json.endObject();
    }
    writeSteps(json, view, action.body);
    writeSteps(json, view, action.otherwise);
  }
}

// Inside and with the brackets, the innermost first.
std::vector<Span> bracketsAround(const View& view, std::uint32_t file, std::uint32_t byte) {
  std::vector<Span> spans;
  std::vector<const Lexeme*> open;
  for (const Lexeme& lexeme : view.document(file).lexemes.items) {
    if (opens(lexeme.kind)) open.push_back(&lexeme);
    if (!closes(lexeme.kind) || open.empty()) continue;
    const Lexeme& from = *open.back();
    open.pop_back();
    if (from.end <= byte && byte <= lexeme.begin) spans.push_back({file, from.end, lexeme.begin});
    if (from.begin <= byte && byte <= lexeme.end) spans.push_back({file, from.begin, lexeme.end});
  }
  return spans;
}

}  // namespace

// Declarations with their fields, values and steps.
std::string outline(const View& view, std::uint32_t file) {
  Json json;
  json.list();
  for (const Declaration& declaration : view.modules[file].declarations) {
    if (!declaration.name) continue;
    // The signature without the name, which stands before it already.
    std::string detail = model::signatureOf(declaration);
    const bool text =
        declaration.kind == Declaration::Kind::Rule || declaration.kind == Declaration::Kind::Test;
    detail = text || !detail.starts_with(declaration.name.text)
                 ? ""
                 : detail.substr(declaration.name.text.size());
    writeSymbol(json, view, declaration.name.text, detail, kindOf(declaration.kind),
                declaration.span, declaration.name.span);
    json.key("children").list();
    for (const tree::Field& field : declaration.fields) {
      writeSymbol(json, view, field.name.text, model::signatureOf(field), 8, field.span,
                  field.name.span);
      json.endObject();
    }
    for (const tree::Name& value : declaration.values) {
      writeSymbol(json, view, value.text, "", 22, value.span, value.span);
      json.endObject();
    }
    if (declaration.kind == Declaration::Kind::Flow) {
      writeSteps(json, view, declaration.then);
      for (const tree::Handler& handler : declaration.handlers) {
        writeSteps(json, view, handler.body);
      }
    }
    json.endList().endObject();
  }
  json.endList();
  return json.take();
}

// Braces, declarations, imports, and comments over several lines. One fold a first line, the
// longest.
std::string folding(const View& view, std::uint32_t file) {
  // by first line: last line, kind
  std::map<std::uint32_t, std::pair<std::uint32_t, const char*>> folds;
  const auto fold = [&](std::uint32_t first, std::uint32_t last, const char* kind) {
    if (first >= last) return;
    const auto [known, fresh] = folds.try_emplace(first, last, kind);
    if (!fresh && known->second.first < last) known->second = {last, kind};
  };
  const std::string& text = view.textOf(file);
  const Lines& lines = view.document(file).lines;
  std::vector<const Lexeme*> open;
  for (const Lexeme& lexeme : view.document(file).lexemes.items) {
    if (lexeme.kind == Kind::BraceOpen) open.push_back(&lexeme);
    if (lexeme.kind != Kind::BraceClose || open.empty()) continue;
    // The closing brace stays to be seen.
    fold(lines.lineOf(open.back()->begin), lines.lineOf(lexeme.begin) - (lexeme.lineFirst ? 1 : 0),
         "region");
    open.pop_back();
  }
  for (const Declaration& declaration : view.modules[file].declarations) {
    fold(lines.lineOf(declaration.span.begin), lines.lineOf(declaration.span.end), "region");
  }
  const std::vector<tree::Import>& imports = view.modules[file].imports;
  if (!imports.empty()) {
    fold(lines.lineOf(imports.front().span.begin), lines.lineOf(imports.back().span.end),
         "imports");
  }
  for (std::uint32_t line = 0, first = 0, comments = 0; line <= lines.count(); ++line) {
    const std::size_t at = line < lines.count() ? text.find_first_not_of(" \t", lines.startOf(line))
                                                : std::string::npos;
    const bool comment = at != std::string::npos && text.compare(at, 2, "//") == 0;
    if (comment && comments++ == 0) first = line;
    if (comment) continue;
    if (comments > 1) fold(first, line - 1, "comment");
    comments = 0;
  }
  Json json;
  json.list();
  for (const auto& [first, rest] : folds) {
    json.object()
        .key("startLine")
        .number(first)
        .key("endLine")
        .number(rest.first)
        .key("kind")
        .text(rest.second)
        .endObject();
  }
  json.endList();
  return json.take();
}

std::string selections(const View& view, std::uint32_t file,
                       const std::vector<std::uint32_t>& bytes) {
  Json json;
  json.list();
  for (const std::uint32_t byte : bytes) {
    std::vector<Span> spans = bracketsAround(view, file, byte);
    const auto around = [&](Span span) {
      if (span.file == file && span.begin <= byte && byte <= span.end && span.begin < span.end) {
        spans.push_back(span);
      }
    };
    for (const Lexeme& lexeme : view.document(file).lexemes.items) {
      if (lexeme.kind != Kind::End) around({file, lexeme.begin, lexeme.end});
    }
    for (const model::TypeNote& note : view.index.types) around(note.span);
    for (const model::ScopeNote& scope : view.index.scopes) around(scope.span);
    for (const Declaration& declaration : view.modules[file].declarations) {
      around(declaration.span);
      for (const tree::Field& field : declaration.fields) around(field.span);
      for (const tree::TableRow& row : declaration.rows) around(row.span);
    }
    spans.push_back({file, 0, static_cast<std::uint32_t>(view.textOf(file).size())});
    std::stable_sort(spans.begin(), spans.end(),
                     [](Span a, Span b) { return a.end - a.begin < b.end - b.begin; });
    // Each one around the one before it; the outermost is written last.
    std::vector<Span> chain;
    for (const Span span : spans) {
      if (chain.empty() || (span.begin <= chain.back().begin && span.end >= chain.back().end &&
                            !(span == chain.back()))) {
        chain.push_back(span);
      }
    }
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (i > 0) json.key("parent");
      json.object().key("range");
      view.writeRange(json, chain[i]);
    }
    for (std::size_t i = 0; i < chain.size(); ++i) json.endObject();
  }
  json.endList();
  return json.take();
}

}  // namespace reticle::language
