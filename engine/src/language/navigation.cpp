// Where a name is declared and where it is used.
#include "language/features.h"

namespace reticle::language {

using namespace model;

namespace {

const Use* useAt(const At& at) { return at.view.useAt(at.file, at.byte); }

}  // namespace

// What the language itself declares has no place to go to.
std::string definition(const At& at) {
  const Use* use = useAt(at);
  if (!use) return "null";
  const SymbolNote& symbol = at.view.symbol(use->symbol);
  if (symbol.declared == Span{}) return "null";
  Json json;
  at.view.writeLocation(json, symbol.declared);
  return json.take();
}

std::string references(const At& at, bool declaration) {
  const Use* use = useAt(at);
  if (!use) return "null";
  Json json;
  json.list();
  // Writers first, then readers: the two sides of a property as two stretches of one list.
  for (const Use::Kind kind : {Use::Kind::Definition, Use::Kind::Write, Use::Kind::Read}) {
    if (kind == Use::Kind::Definition && !declaration) continue;
    for (const Use& other : at.view.usesOf(use->symbol)) {
      if (other.kind == kind) at.view.writeLocation(json, other.span);
    }
  }
  json.endList();
  return json.take();
}

// Within the one document: declared, read, written.
std::string highlights(const At& at) {
  const Use* use = useAt(at);
  if (!use) return "null";
  Json json;
  json.list();
  for (const Use& other : at.view.usesOf(use->symbol)) {
    if (other.span.file != at.file) continue;
    json.object().key("range");
    at.view.writeRange(json, other.span);
    json.key("kind")
        .number(other.kind == Use::Kind::Definition ? 1
                : other.kind == Use::Kind::Read     ? 2
                                                    : 3)
        .endObject();
  }
  json.endList();
  return json.take();
}

}  // namespace reticle::language
