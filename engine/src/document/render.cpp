// The terminal rendering of a diagnostic: what is wrong, excerpts of the sources with the guilty
// places marked, and what helps. In a document (JSON, YAML) the place is also named by its JSON
// Pointer, because lines mean little there; that is why rendering stands in this room.
#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "base/excerpt.h"
#include "base/utf8.h"
#include "document/renderer.h"

namespace reticle {
namespace {

// In a document: where in its tree. Characters are counted in the text itself, without quotes and
// escapes.
std::string placeIn(const DocumentNode& root, const Span& span, std::string& pointer) {
  const DocumentPlace place = reticle::placeIn(root, span.begin);
  pointer = place.pointer;
  std::string out = " at " + (place.pointer.empty() ? std::string("the top") : place.pointer);
  if (!place.inText || span.begin < place.node->placeOf(0u)) return out;
  const std::string_view text = place.node->text;
  const std::uint32_t begin = place.node->byteAt(span.begin),
                      end = place.node->byteAt(std::max(span.end, span.begin));
  const std::size_t first = countCodePoints(text.substr(0, begin)) + 1;
  const std::size_t count = countCodePoints(text.substr(begin, end > begin ? end - begin : 0));
  if (count < 2) return out + ", character " + std::to_string(first);
  return out + ", characters " + std::to_string(first) + "-" + std::to_string(first + count - 1);
}

// The smallest member of an object around a place of a JSON text, with its name: as much of the
// text as a message needs to show.
Span memberAround(const DocumentNode& root, const Source& source, const Span& span) {
  Span member{span.file, 0, static_cast<std::uint32_t>(source.text.size())};
  for (const DocumentNode* node = &root; node != nullptr;) {
    const DocumentNode* inner = nullptr;
    for (std::size_t i = 0; i < node->items.size() && inner == nullptr; ++i) {
      const bool named = i < node->nameSpans.size() && node->nameSpans[i].begin > 0;
      const DocumentNode& item = node->items[i];
      const Span whole =
          named ? Span{span.file, node->nameSpans[i].begin - 1, item.span.end} : item.span;
      if (span.begin < whole.begin || span.begin >= whole.end) continue;
      inner = &item;
      if (named) member = whole;
    }
    node = inner;
  }
  return member;
}

// The declaration a pointer leads into, as the text form calls it: rule "x".
std::string declarationAt(const DocumentNode& root, const std::string& pointer) {
  constexpr std::string_view kStart = "/declarations/";
  if (pointer.compare(0, kStart.size(), kStart) != 0) return "";
  std::size_t index = 0;
  for (std::size_t i = kStart.size();
       i < pointer.size() && pointer[i] >= '0' && pointer[i] <= '9' && index < 100'000'000; ++i) {
    index = index * 10 + static_cast<std::size_t>(pointer[i] - '0');
  }
  const DocumentNode* declarations = root.find("declarations");
  if (declarations == nullptr || index >= declarations->items.size()) return "";
  const DocumentNode& declaration = declarations->items[index];
  const DocumentNode *kind = declaration.find("kind"), *name = declaration.find("name");
  if (kind == nullptr || name == nullptr || kind->text.empty() || name->text.empty()) return "";
  static constexpr std::string_view kKinds[] = {"fact",  "event",    "subject", "enum",
                                                "const", "function", "host",    "table",
                                                "rule",  "query",    "flow",    "test"};
  if (std::find(std::begin(kKinds), std::end(kKinds), kind->text) == std::end(kKinds)) return "";
  const bool quoted = kind->text == "rule" || kind->text == "test";
  return "the same " + kind->text + " as text: " + kind->text + " " +
         (quoted ? "\"" + name->text + "\"" : name->text);
}

}  // namespace

// One excerpt a file; in JSON, whose lines mean nothing, one for each place.
struct Renderer::Part {
  std::uint32_t file, place;
  Excerpt excerpt;
};

const TextPlaces& Renderer::placesOf(std::uint32_t file) {
  return places_.try_emplace(file, sources_[file].text).first->second;
}

const DocumentNode& Renderer::documentOf(std::uint32_t file) {
  auto found = documents_.find(file);
  if (found == documents_.end()) {
    std::vector<Diagnostic> ignored;
    found = documents_.emplace(file, readDocument(sources_[file], file, ignored)).first;
  }
  return found->second;
}

// A diagnostic may point into a source that is not at hand: then that place is left out.
void Renderer::mark(std::vector<Part>& parts, const Span& span, char sign, std::string_view label) {
  if (span.file >= sources_.size()) return;
  const Source& source = sources_[span.file];
  const bool json = documentFormOf(source.name) == DocumentForm::Json;
  auto part = std::find_if(parts.begin(), parts.end(), [&](const Part& p) {
    return p.file == span.file && (!json || p.place == span.begin);
  });
  if (part == parts.end()) {
    std::optional<Span> member;
    if (json) member = memberAround(documentOf(span.file), source, span);
    parts.push_back({span.file, span.begin, Excerpt(source, placesOf(span.file), member)});
    part = parts.end() - 1;
  }
  part->excerpt.mark(span, sign, label);
}

std::string Renderer::headOf(const Part& part, const Span& span, bool guilty,
                             std::string& declaration) {
  const Source& source = sources_[part.file];
  const DocumentForm form = documentFormOf(source.name);
  std::string head = source.name;
  if (form != DocumentForm::Json) {
    const Position position = placesOf(part.file).at(part.place);
    head += ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
  }
  if (form == DocumentForm::None) return head;
  const DocumentNode& root = documentOf(part.file);
  std::string pointer;
  const std::string where =
      placeIn(root, guilty ? span : Span{part.file, part.place, part.place}, pointer);
  if (guilty) declaration = declarationAt(root, pointer);
  return head + (guilty ? where : " at " + (pointer.empty() ? std::string("the top") : pointer));
}

std::string Renderer::render(const Diagnostic& diagnostic) {
  std::string out;
  switch (diagnostic.level) {
    case Level::Error: out = "error"; break;
    case Level::Warning: out = "warning"; break;
    case Level::Information: out = "information"; break;
  }
  out += "[" + diagnostic.code + "]: " + diagnostic.message + "\n";

  std::vector<Part> parts;  // the guilty one first
  mark(parts, diagnostic.span, '^', diagnostic.label);
  for (const Related& related : diagnostic.related) mark(parts, related.span, '-', related.message);

  std::uint32_t last = 0;
  for (const Part& part : parts) last = std::max(last, part.excerpt.lastLine());
  const std::size_t width = std::to_string(last + 1).size();
  const std::string margin(width + 1, ' ');
  std::string declaration;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += margin.substr(1) + (i == 0 ? "--> " : "::: ") +
           headOf(parts[i], diagnostic.span, i == 0, declaration) + "\n" + margin + "|\n";
    parts[i].excerpt.print(out, width);
    out += margin + "|\n";
  }
  // What begins with `or` goes on from what the fixes say.
  const auto tellHelp = [&](bool further) {
    for (const std::string& help : diagnostic.help) {
      const bool goesOn = !diagnostic.fixes.empty() && help.compare(0, 3, "or ") == 0;
      if (goesOn == further) out += margin + "= help: " + help + "\n";
    }
  };
  tellHelp(false);
  for (const Fix& fix : diagnostic.fixes) out += margin + "= fix: " + fix.title + "\n";
  tellHelp(true);
  for (const std::string& note : diagnostic.notes) out += margin + "= note: " + note + "\n";
  if (!declaration.empty()) out += margin + "= note: " + declaration + "\n";
  return out;
}

std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources) {
  return Renderer(sources).render(diagnostic);
}

std::string render(const std::vector<Diagnostic>& diagnostics, const std::vector<Source>& sources) {
  Renderer renderer(sources);
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!text.empty()) text += "\n";
    text += renderer.render(diagnostic);
  }
  return text;
}
}  // namespace reticle
