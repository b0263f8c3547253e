// A new name for everything that means the same. Whether the new name is free is not guessed: the
// renamed program is read and checked again, and the renaming is refused when anything else would
// come to mean something new.
#include <algorithm>

#include "language/features.h"
#include "reticle/keywords.h"

namespace reticle::language {

using namespace model;

namespace {

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

bool isPlainName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

// Names that are written as texts: nearly everything is allowed in them.
bool isText(SymbolKind kind) {
  return kind == SymbolKind::Rule || kind == SymbolKind::Test || kind == SymbolKind::Group;
}
bool isTypeKind(SymbolKind kind) {
  return kind == SymbolKind::Fact || kind == SymbolKind::Subject || kind == SymbolKind::Event ||
         kind == SymbolKind::Enum;
}
bool isSmall(SymbolKind kind) {
  return kind == SymbolKind::Function || kind == SymbolKind::Table || kind == SymbolKind::Query ||
         kind == SymbolKind::Binding || kind == SymbolKind::Local || kind == SymbolKind::Step;
}

// Why this cannot be renamed; empty when it can.
std::string fixedBecause(const View& view, const SymbolNote& symbol) {
  if (symbol.kind == SymbolKind::Builtin) {
    return quoted(symbol.name) + " is a function of the language";
  }
  if (symbol.kind == SymbolKind::Module) {
    return "modules are not renamed here: their imports may stand in files that are not open";
  }
  if (symbol.declared == Span{}) return quoted(symbol.name) + " is named by the language";
  if (!view.document(symbol.declared.file).text) {
    return quoted(symbol.name) + " is declared in " +
           view.document(symbol.declared.file).source.name + ", which is not in the text form";
  }
  return "";
}

// Why this is no name for it; empty when it is.
std::string unfitBecause(const SymbolNote& symbol, const std::string& name) {
  if (isText(symbol.kind)) {
    if (name.empty()) return "a name is needed";
    return name.find('\n') != std::string::npos ? "a name stands on one line" : "";
  }
  std::string_view rest = name;
  while (symbol.kind == SymbolKind::Host && rest.find('.') != std::string_view::npos) {
    if (!isPlainName(rest.substr(0, rest.find('.')))) return quoted(name) + " is not a name";
    rest.remove_prefix(rest.find('.') + 1);
  }
  if (!isPlainName(rest)) {
    return quoted(name) +
           " is not a name: names are written with the letters a to z, digits and `_`";
  }
  if (isReservedWord(rest)) {
    return quoted(name) + " is a word of the expression language and cannot be a name";
  }
  if (name == "this") return "`this` is the fact that a pattern is looking at";
  const bool capital = name[0] >= 'A' && name[0] <= 'Z';
  if (isTypeKind(symbol.kind) && !capital) return "the name of a type begins with a capital";
  if (isSmall(symbol.kind) && capital) return "only types begin with a capital";
  return "";
}

// What stands at the use after the renaming, and where.
Edit editFor(const View& view, const Use& use, const SymbolNote& symbol, const std::string& name) {
  if (!isText(symbol.kind)) return {use.span, name};
  const std::string& text = view.textOf(use.span.file);
  const char before = use.span.begin > 0 ? text[use.span.begin - 1] : ' ';
  const std::string literal = toText(Value::string(name));
  if (before == '"') return {use.span, literal.substr(1, literal.size() - 2)};
  if (before == '\'') return {{use.span.file, use.span.begin - 1, use.span.end + 1}, literal};
  return {use.span,
          isPlainName(name) && !isReservedWord(name) && !findKeyword(name) ? name : literal};
}

// The same mistakes before and after mean that none came about.
std::vector<std::string> codesOf(const View& view) {
  std::vector<std::string> codes;
  for (const Diagnostic& d : view.diagnostics) codes.push_back(d.code);
  std::sort(codes.begin(), codes.end());
  return codes;
}

// Who has the name already, as a sentence.
std::string takenBy(const View& view, const SymbolNote& symbol, const std::string& name,
                    const View& after) {
  for (SymbolId id = 0; id < view.index.symbols.size(); ++id) {
    const SymbolNote& other = view.symbol(id);
    if (other.name != name || other.container != symbol.container ||
        isText(other.kind) != isText(symbol.kind)) {
      continue;
    }
    return "there is already something called " + quoted(name) +
           (symbol.container == kNoSymbol ? ""
                                          : " in " + quoted(view.symbol(symbol.container).name));
  }
  const std::vector<std::string> before = codesOf(view);
  for (const Diagnostic& d : after.diagnostics) {
    if (!std::binary_search(before.begin(), before.end(), d.code)) {
      return "the name " + quoted(name) + " does not fit: " + d.message;
    }
  }
  return "the name " + quoted(name) + " would mean something else at one of its places";
}

}  // namespace

// What would be renamed, or why nothing can be.
std::string prepareRename(const At& at) {
  const Use* use = at.view.useAt(at.file, at.byte);
  if (!use) return "null";
  const SymbolNote& symbol = at.view.symbol(use->symbol);
  const std::string fixed = fixedBecause(at.view, symbol);
  if (!fixed.empty()) return refusal(Refusal::Refused, fixed);
  Json json;
  json.object().key("range");
  at.view.writeRange(json, use->span);
  json.key("placeholder").text(symbol.name).endObject();
  return json.take();
}

std::string rename(const At& at, const std::string& name) {
  const View& view = at.view;
  const Use* found = view.useAt(at.file, at.byte);
  if (!found) return refusal(Refusal::Refused, "there is no name here");
  const SymbolNote& symbol = view.symbol(found->symbol);
  std::string reason = fixedBecause(view, symbol);
  if (reason.empty()) reason = unfitBecause(symbol, name);
  if (!reason.empty()) return refusal(Refusal::Refused, reason);
  std::vector<Edit> edits;
  std::size_t all = 0;
  if (name != symbol.name) {
    for (const Use& use : view.usesOf(found->symbol)) {
      if (!view.document(use.span.file).text) {
        return refusal(Refusal::Refused, quoted(symbol.name) + " is used in " +
                                             view.document(use.span.file).source.name +
                                             ", which is not in the text form");
      }
      ++all;
      // Another name for it, from `import … as`, stays.
      if (isText(symbol.kind) || view.textOf(use.span) == symbol.name) {
        edits.push_back(editFor(view, use, symbol, name));
      }
    }
    // The edits are made in a copy from the end of each text, so that places before them stay.
    View after = view;
    Span declared = symbol.declared;
    for (std::size_t i = edits.size(); i-- > 0;) {
      Document& document = after.documents[edits[i].span.file];
      document.source.text.replace(edits[i].span.begin, edits[i].span.end - edits[i].span.begin,
                                   edits[i].text);
      document.fresh = false;
      const bool shifts =
          edits[i].span.file == declared.file && edits[i].span.begin < symbol.declared.begin;
      if (shifts) {
        declared.begin += static_cast<std::uint32_t>(edits[i].text.size()) -
                          (edits[i].span.end - edits[i].span.begin);
      }
    }
    refresh(after);
    const Use* now = after.useAt(declared.file, declared.begin);
    if (!now) now = after.useAt(declared.file, declared.begin + 1);  // quotes were needed
    if (codesOf(view) != codesOf(after) || !now || after.usesOf(now->symbol).size() != all) {
      return refusal(Refusal::Refused, takenBy(view, symbol, name, after));
    }
  }
  Json json;
  view.writeWorkspaceEdit(json, std::move(edits));
  return json.take();
}

}  // namespace reticle::language
