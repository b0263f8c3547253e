// Mistakes as markers, and their repairs.
#include "base/unreachable.h"
#include "language/features.h"

namespace reticle::language {
namespace {

// The protocol's numbers.
int severityOf(Level level) {
  switch (level) {
    case Level::Error: return 1;
    case Level::Warning: return 2;
    case Level::Information: return 3;
  }
  unreachable("a level has a number");
}

// An editor shows one text: the rest of the story stands below the message, a line each.
std::string wholeMessage(const Diagnostic& d) {
  std::string text = d.message;
  if (!d.label.empty()) text += " (" + d.label + ")";
  for (const std::string& help : d.help) text += "\nhelp: " + help;
  for (const std::string& note : d.notes) text += "\nnote: " + note;
  return text;
}

}  // namespace

void writeDiagnostic(Json& json, const View& view, const Diagnostic& d) {
  json.object().key("range");
  view.writeRange(json, d.span);
  json.key("severity")
      .number(static_cast<std::int64_t>(severityOf(d.level)))
      .key("code")
      .text(d.code)
      .key("source")
      .text("reticle");
  json.key("message").text(wholeMessage(d));
  if (!d.related.empty()) {
    json.key("relatedInformation").list();
    for (const Related& related : d.related) {
      json.object().key("location");
      view.writeLocation(json, related.span);
      json.key("message").text(related.message).endObject();
    }
    json.endList();
  }
  json.key("data").object().key("fixes").list();
  for (const Fix& fix : d.fixes) {
    json.object().key("title").text(fix.title).key("edit");
    view.writeWorkspaceEdit(json, fix.edits);
    json.endObject();
  }
  json.endList().endObject().endObject();
}

// All of a document at once: the editor forgets those of before.
std::string diagnostics(const View& view, std::uint32_t file) {
  Json json;
  json.object().key("kind").text("full").key("items").list();
  for (const Diagnostic& d : view.diagnostics) {
    if (d.span.file == file) writeDiagnostic(json, view, d);
  }
  json.endList().endObject();
  return json.take();
}

// The fixes of all diagnostics that touch the range.
std::string codeActions(const View& view, Span range) {
  Json json;
  json.list();
  for (const Diagnostic& d : view.diagnostics) {
    if (d.span.file != range.file || d.span.end < range.begin || d.span.begin > range.end) continue;
    for (const Fix& fix : d.fixes) {
      json.object()
          .key("title")
          .text(fix.title)
          .key("kind")
          .text("quickfix")
          .key("diagnostics")
          .list();
      writeDiagnostic(json, view, d);
      json.endList();
      if (d.fixes.size() == 1) json.key("isPreferred").boolean(true);
      json.key("edit");
      view.writeWorkspaceEdit(json, fix.edits);
      json.endObject();
    }
  }
  json.endList();
  return json.take();
}

}  // namespace reticle::language
