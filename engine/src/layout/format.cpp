// The formatter: the lexemes of a text in the layout of the language. What the tree says about the
// text stands in marks.h, how lines come about in layout.h.
#include "form/dump.h"
#include "form/written.h"
#include "layout/marks.h"
#include "reticle/form.h"
#include "syntax/parser.h"

namespace reticle {
namespace {

std::string laidOut(const Source& source, const tree::Module& module, const MarkOptions& options) {
  std::vector<Diagnostic> ignored;
  return layOut(markModule(source.text, lex(source.text, 0, ignored), module, options));
}

// Whether a text reads as the same tree.
bool saysTheSame(const Source& source, const std::string& text, const std::string& tree) {
  std::vector<Diagnostic> diagnostics;
  const tree::Module module = parseModule({source.name, text}, 0, diagnostics);
  return diagnostics.empty() && dump(module) == tree;
}

}  // namespace

Converted format(const Source& source) {
  Converted out;
  const tree::Module module = parseModule(source, 0, out.diagnostics);
  if (hasErrors(out.diagnostics)) return out;
  // Where brackets that look needless are not (`log (info)`), they stay; and whatever else may be
  // missed here, no text is ever changed.
  const std::string tree = dump(module);
  for (const bool keep : {false, true}) {
    out.text = laidOut(source, module, {.keepBrackets = keep});
    if (saysTheSame(source, out.text, tree)) return out;
  }
  out.text = source.text;
  return out;
}

std::string canonicalExpression(std::string_view text) {
  const Source source{"", std::string(text)};
  std::vector<Diagnostic> diagnostics;
  const Expr expr = parseExpression(source, 0, diagnostics);
  if (!diagnostics.empty()) return source.text;
  Lexemes lexemes = lex(source.text, 0, diagnostics);
  const auto last = static_cast<std::uint32_t>(lexemes.items.size()) - 2;
  return onOneLine(markExpression(source.text, std::move(lexemes), expr), 0, last);
}

}  // namespace reticle
