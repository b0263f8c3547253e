// The wire: what the front end returns without a program to run.
#include "reticle/wire.h"
#include "wire/wire_json.h"

namespace reticle::wire {
// Its diagnostics are about one source, the one that was converted.
std::string toJson(const Converted& converted, const Source& source) {
  Json json;
  json.object()
      .key("ok")
      .boolean(converted.ok())
      .key("text")
      .text(converted.text)
      .key("diagnostics")
      .raw(toJson(converted.diagnostics, {source}))
      .endObject();
  return json.take();
}

// Notes point into the imported file, not into the module that came of it.
std::string toJson(const Imported& imported) {
  Json json;
  json.object()
      .key("ok")
      .boolean(imported.ok())
      .key("text")
      .text(imported.text)
      .key("notes")
      .list();
  for (const ImportNote& note : imported.notes) {
    json.object()
        .key("level")
        .text(levelName(note.level))
        .key("pointer")
        .text(note.pointer)
        .key("message")
        .text(note.message);
    json.textUnlessEmpty("help", note.help).endObject();
  }
  json.endList().key("fields").list();
  for (const auto& [fact, field] : imported.fields) {
    json.object().key("fact").text(fact).key("field").text(field).endObject();
  }
  json.endList().endObject();
  return json.take();
}

}  // namespace reticle::wire
