// The canonical layout, as edits of what lies between the words; and the other spellings.
#include "reticle/form.h"

#include <algorithm>

#include "language/features.h"

namespace reticle::language {
namespace {

using Kind = LexemeKind;

// Without `;`, which the layout leaves out.
std::vector<Lexeme> wordsOf(const Lexemes& lexemes) {
  std::vector<Lexeme> words = lexemes.items;
  std::erase_if(words, [](const Lexeme& lexeme) { return lexeme.kind == Kind::Semicolon; });
  return words;
}

// From the one text to the other, piece by piece, so that an editor's cursor and marks stay where
// they are. The words are alike; when they are not, the whole text is one piece.
std::vector<Edit> editsBetween(const View& view, std::uint32_t file, const std::string& to) {
  const std::string& from = view.textOf(file);
  std::vector<Diagnostic> unheard;
  const std::vector<Lexeme> before = wordsOf(view.document(file).lexemes),
                            after = wordsOf(lex(to, file, unheard));
  const auto alike = [](const Lexeme& a, const Lexeme& b) { return a.kind == b.kind; };
  if (!std::equal(before.begin(), before.end(), after.begin(), after.end(), alike)) {
    return {{{file, 0, static_cast<std::uint32_t>(from.size())}, to}};
  }
  std::vector<Edit> edits;
  const auto compare = [&](std::uint32_t oldBegin, std::uint32_t oldEnd, std::uint32_t newBegin,
                           std::uint32_t newEnd) {
    const std::string text = to.substr(newBegin, newEnd - newBegin);
    if (from.compare(oldBegin, oldEnd - oldBegin, text) != 0) {
      edits.push_back({{file, oldBegin, oldEnd}, text});
    }
  };
  std::uint32_t oldEnd = 0, newEnd = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool end = before[i].kind == Kind::End;
    compare(oldEnd, end ? static_cast<std::uint32_t>(from.size()) : before[i].begin, newEnd,
            end ? static_cast<std::uint32_t>(to.size()) : after[i].begin);
    if (end) break;
    compare(before[i].begin, before[i].end, after[i].begin, after[i].end);
    oldEnd = before[i].end;
    newEnd = after[i].end;
  }
  return edits;
}

// Moves what was reported about a source read alone to its place among the documents.
void placeIn(Diagnostic& d, std::uint32_t file) {
  d.span.file = file;
  for (Related& related : d.related) related.span.file = file;
  for (Fix& fix : d.fixes) {
    for (Edit& each : fix.edits) each.span.file = file;
  }
}

}  // namespace

// Null when the text cannot be read: then nothing is moved.
std::string formatting(const View& view, std::uint32_t file, std::optional<Span> range) {
  const Converted formatted = format(view.document(file).source);
  if (!formatted.ok()) return "null";
  Json json;
  json.list();
  for (const Edit& edit : editsBetween(view, file, formatted.text)) {
    if (range && (edit.span.begin < range->begin || edit.span.end > range->end)) continue;
    view.writeEdit(json, edit.span, edit.text);
  }
  json.endList();
  return json.take();
}

// The other spelling of the document, or what prevents it.
std::string converted(const View& view, std::uint32_t file, std::string_view to) {
  if (to != "json" && to != "text") {
    return refusal(Refusal::BadParameters, "`to` is \"text\" or \"json\"");
  }
  const Converted other =
      convert(view.document(file).source, to == "json" ? Form::Json : Form::Text);
  Json json;
  if (other.ok()) {
    json.object().key("text").text(other.text).endObject();
    return json.take();
  }
  json.object().key("diagnostics").list();
  for (Diagnostic d : other.diagnostics) {
    placeIn(d, file);
    writeDiagnostic(json, view, d);
  }
  json.endList().endObject();
  return json.take();
}

}  // namespace reticle::language
