// From texts to what they mean.
#include "check/check.h"
#include "form/read_module.h"
#include "language/features.h"

namespace reticle::language {

// Only documents that changed are read again; the program is checked as a whole.
void refresh(View& view) {
  bool changed = false;
  for (std::uint32_t file = 0; file < view.documents.size(); ++file) {
    Document& document = view.documents[file];
    if (document.fresh) continue;
    changed = true;
    document.fresh = true;
    document.mistakes.clear();
    document.lines = Lines(document.source.text);
    std::vector<Diagnostic> unheard;  // the parser reads the lexemes once more, and reports
    document.lexemes = document.text ? lex(document.source.text, file, unheard) : Lexemes{};
    view.modules[file] = document.uri.empty()
                             ? tree::Module{}
                             : readModule(document.source, file, document.mistakes);
    view.modules[file].file = file;
  }
  if (!changed) return;
  view.diagnostics.clear();
  for (const Document& document : view.documents) {
    view.diagnostics.insert(view.diagnostics.end(), document.mistakes.begin(),
                            document.mistakes.end());
  }
  view.index = {};
  std::vector<Source> sources;
  for (const Document& document : view.documents) sources.push_back(document.source);
  checkProgram(view.modules, view.diagnostics, {.index = &view.index, .sources = &sources});
  limit(view.diagnostics);
  view.parts.assign(view.index.symbols.size(), {});
  for (model::SymbolId id = 0; id < view.index.symbols.size(); ++id) {
    const model::SymbolId owner = view.index.symbols[id].container;
    if (owner != model::kNoSymbol) view.parts[owner].push_back(id);
  }
}

}  // namespace reticle::language
