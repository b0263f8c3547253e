// What is known and not written: the types of names that declare none, and where a value that may
// be null is known not to be.
#include <map>
#include <set>
#include <utility>

#include "language/features.h"

namespace reticle::language {

using namespace model;

// Only what the range shows; each name once a declaration.
std::string inlayHints(const View& view, Span range) {
  Json json;
  json.list();
  // The position is after the name.
  const auto hint = [&](std::uint32_t byte, const std::string& label, const std::string& tooltip) {
    const Place place = view.placeOf(range.file, byte);
    json.object()
        .key("position")
        .object()
        .key("line")
        .number(place.line)
        .key("character")
        .number(place.character)
        .endObject();
    json.key("label")
        .text(label)
        .key("kind")
        .number(1)
        .textUnlessEmpty("tooltip", tooltip)
        .endObject();
  };
  // By their ends: `d.temp` ends with its field.
  std::multimap<std::uint32_t, const TypeNote*> types;
  for (const TypeNote& note : view.index.types) {
    if (note.span.file == range.file && note.span.end >= range.begin &&
        note.span.begin <= range.end && !note.type.optional) {
      types.emplace(note.span.end, &note);
    }
  }
  std::set<std::pair<SymbolId, const tree::Declaration*>> hinted;
  for (const Use& use : view.index.uses) {
    if (use.span.file != range.file || use.span.end < range.begin || use.span.begin > range.end) {
      continue;
    }
    const SymbolNote& symbol = view.symbol(use.symbol);
    if (symbol.type.kind == TypeKind::Poison) continue;
    if (use.kind == Use::Kind::Definition &&
        (symbol.kind == SymbolKind::Local || symbol.kind == SymbolKind::Step)) {
      hint(use.span.end, ": " + toText(symbol.type), "");
      continue;
    }
    if (use.kind != Use::Kind::Read || !symbol.type.optional ||
        symbol.kind == SymbolKind::Parameter) {
      continue;
    }
    const std::string known = toText(symbol.type.required());
    const auto [from, to] = types.equal_range(use.span.end);
    for (auto note = from; note != to; ++note) {
      if (note->second->span.begin > use.span.begin || toText(note->second->type) != known) {
        continue;
      }
      // A comparison of a `bool?` is a bool that ends there too.
      if (symbol.type.kind == TypeKind::Bool && note->second->span.begin + 1 < use.span.begin &&
          view.textOf(note->second->span).find(' ') != std::string_view::npos) {
        continue;
      }
      if (hinted.insert({use.symbol, view.declarationAt(range.file, use.span.begin)}).second) {
        hint(use.span.end, ": " + known, "known not to be null from here on");
      }
      break;
    }
  }
  json.endList();
  return json.take();
}

}  // namespace reticle::language
