// Text to checked program, with and without an index of names: a program exactly when there is no
// error, and every span within the text.
#include "check/check.h"
#include "fuzz/targets.h"
#include "syntax/parser.h"

namespace reticle::fuzz {
namespace {

bool within(const Span& span, const Source& source) {
  return span.begin <= span.end && span.end <= source.text.size();
}

std::string indexBroken(const model::Index& index, const Source& source) {
  for (const model::SymbolNote& symbol : index.symbols) {
    if (!within(symbol.declared, source) || !within(symbol.whole, source)) {
      return "a symbol is declared outside of the text: " + symbol.name;
    }
  }
  std::uint32_t last = 0;
  for (const model::Use& use : index.uses) {
    if (use.symbol >= index.symbols.size()) return "a use of a symbol that there is not";
    if (!within(use.span, source)) {
      return "a use outside of the text: " + index.symbols[use.symbol].name;
    }
    if (use.span.begin < last) {
      return "the uses are not in order of place: " + index.symbols[use.symbol].name;
    }
    last = use.span.begin;
  }
  for (const model::TypeNote& note : index.types) {
    if (!within(note.span, source)) return "a typed place outside of the text";
  }
  for (const model::ScopeNote& scope : index.scopes) {
    if (!within(scope.span, source)) return "a scope outside of the text";
    for (const model::SymbolId id : scope.visible) {
      if (id >= index.symbols.size()) return "a visible symbol that there is not";
    }
  }
  return "";
}

}  // namespace

std::string checkerBroken(std::string_view input) {
  const std::vector<Source> sources{{"fuzz.rules", std::string(input)}};
  std::vector<Diagnostic> read;
  const tree::Module module = parseModule(sources[0], 0, read);

  model::Index index;
  std::vector<Diagnostic> seen;
  checkProgram({module}, seen, {.index = &index});
  if (std::string broken = diagnosticsBroken(seen, sources); !broken.empty()) return broken;
  if (std::string broken = indexBroken(index, sources[0]); !broken.empty()) return broken;

  std::vector<Diagnostic> told;
  const bool checked = checkProgram({module}, told).has_value();
  if (checked == hasErrors(told)) {
    return checked ? "a program in spite of an error" : "no program, and no error said";
  }
  // Running asks more of a program than writing it, and nothing less.
  if (hasErrors(seen) && checked) return "an error that only shows while writing";
  return diagnosticsBroken(told, sources);
}

}  // namespace reticle::fuzz
