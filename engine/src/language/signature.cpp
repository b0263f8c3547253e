// The parameters of the call being written.
#include <algorithm>

#include "expression/functions.h"
#include "language/context.h"
#include "language/features.h"

namespace reticle::language {

using namespace model;

namespace {

// One form of a call.
struct Signature {
  std::string label;
  std::vector<std::string> params;
  std::string doc;
};

void write(Json& json, const Signature& signature) {
  json.object()
      .key("label")
      .text(signature.label)
      .textUnlessEmpty("documentation", signature.doc)
      .key("parameters")
      .list();
  for (const std::string& param : signature.params) {
    json.object().key("label").text(param).endObject();
  }
  json.endList().endObject();
}

// Of a method without the value it is called on.
Signature signatureOf(const Overload& overload) {
  Signature signature;
  signature.label =
      (overload.method && !overload.params.empty() ? toText(overload.params[0]) + "." : "") +
      std::string(overload.name) + "(";
  for (std::size_t i = overload.method ? 1 : 0; i < overload.params.size(); ++i) {
    signature.label += (signature.params.empty() ? "" : ", ") + toText(overload.params[i]);
    signature.params.push_back(toText(overload.params[i]));
  }
  signature.label += ") -> " + toText(overload.result);
  signature.doc = overload.doc;
  return signature;
}

}  // namespace

// For the innermost call or record around the place, within the braces at hand.
std::string signatureHelp(const At& at) {
  const Context context = contextAt(at.view, at.file, at.byte);
  const Words words(at.view, at.file);
  const Frame* call = nullptr;
  for (std::size_t i = context.frames.size(); i-- > 1 && !call;) {
    const Block block = context.frames[i].block;
    if (block == Block::Arguments ||
        (block == Block::Record && context.frames[i].verb != "update")) {
      call = &context.frames[i];
    }
    if (block >= Block::Fields && block <= Block::Expects) break;
  }
  if (!call || call->name.empty()) return "null";
  // Which argument: as many commas on this level, or what its name says.
  std::size_t active = 0;
  std::string named;
  int depth = 0;
  for (std::uint32_t i = call->open + 1; i < context.next; ++i) {
    const LexemeKind kind = words[i].kind;
    depth += opens(kind) ? 1 : closes(kind) ? -1 : 0;
    if (depth != 0) continue;
    if (kind == LexemeKind::Comma) {
      ++active;
      named.clear();
    } else if (kind == LexemeKind::Colon) {
      named = words.text(i - 1);
    }
  }
  std::vector<Signature> signatures;
  const SymbolId symbol = at.view.declared(call->name);
  if (symbol != kNoSymbol) {
    const SymbolNote& note = at.view.symbol(symbol);
    Signature signature;
    signature.doc = note.doc;
    signature.label = note.signature;
    const bool record = call->block == Block::Record;
    std::string fields;
    for (const SymbolId part : at.view.parts[symbol]) {
      const SymbolNote& one = at.view.symbol(part);
      if (one.kind != (record ? SymbolKind::Field : SymbolKind::Parameter) ||
          one.name.find('.') != std::string::npos) {
        continue;
      }
      if (one.name == named) active = signature.params.size();
      fields += (fields.empty() ? "" : ", ") + one.signature;
      signature.params.push_back(one.signature);
    }
    if (record) signature.label = note.name + "{" + fields + "}";
    signatures.push_back(std::move(signature));
  } else {
    // A built-in function or method: all its forms.
    const std::string name = call->name.substr(call->name.rfind('.') + 1);
    for (const Overload& overload : builtins()) {
      if (overload.name == name) signatures.push_back(signatureOf(overload));
    }
  }
  if (signatures.empty()) return "null";
  // The first form with room for the argument.
  std::size_t form = 0;
  while (form + 1 < signatures.size() && signatures[form].params.size() <= active) ++form;
  Json json;
  json.object().key("signatures").list();
  for (const Signature& signature : signatures) write(json, signature);
  json.endList()
      .key("activeSignature")
      .number(form)
      .key("activeParameter")
      .number(active)
      .endObject();
  return json.take();
}

}  // namespace reticle::language
