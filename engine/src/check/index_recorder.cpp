// Keeps what the checker resolves: uses, bindings, types and the names known at each place.
#include "check/index_recorder.h"

#include <algorithm>
#include <tuple>

#include "expression/functions.h"
#include "model/text.h"

namespace reticle::model {
namespace {

SymbolKind kindOf(const Binding& binding) {
  const std::string_view what = binding.what;
  if (what == "step") return SymbolKind::Step;
  if (what == "variable") return SymbolKind::Variable;
  if (what == "parameter" || what == "argument") return SymbolKind::Parameter;
  return what == "binding" ? SymbolKind::Binding : SymbolKind::Local;
}

}  // namespace

std::uint64_t IndexRecorder::placeOf(Span span) {
  return static_cast<std::uint64_t>(span.file) << 32 | span.begin;
}

// Places without an index, or without text, are dropped at the end, by `complete`.
void IndexRecorder::addUse(Use::Kind kind, Span span, SymbolId symbol) {
  if (span.begin < span.end && symbol != kNoSymbol) index_->uses.push_back({kind, span, symbol});
}

// What is declared at that place; kNoSymbol when nothing is.
SymbolId IndexRecorder::at(Span declared) const {
  const auto found = declared_.find(placeOf(declared));
  return found == declared_.end() || declared == Span{} ? kNoSymbol : found->second;
}

// By name: parts have no place of their own in the trees that name them.
SymbolId IndexRecorder::partOf(SymbolId owner, const std::string& name) const {
  const auto found = parts_.find({owner, name});
  return found == parts_.end() ? kNoSymbol : found->second;
}

// Declarations are in the order of the text and do not overlap.
SymbolId IndexRecorder::around(Span span) const {
  const auto after = std::upper_bound(
      declarations_.begin(), declarations_.end(), span, [](Span s, const Place& place) {
        return std::tie(s.file, s.begin) < std::tie(place.file, place.begin);
      });
  if (after == declarations_.begin()) return kNoSymbol;
  const Place& place = *std::prev(after);
  return place.file == span.file && span.begin < place.end ? place.symbol : kNoSymbol;
}

// Built-in types have no place: they become symbols when they are first named.
SymbolId IndexRecorder::of(const FactType& type) {
  if (!type.builtin) return at(type.span);
  if (type.changeOf) return kNoSymbol;
  const auto [found, fresh] = builtins_.try_emplace(type.name, kNoSymbol);
  if (!fresh) return found->second;
  const SymbolId id = found->second =
      add(SymbolKind::Subject, {type.name, {}}, kNoSymbol, {}, type.doc);
  index_->symbols[id].signature = type.name;
  index_->symbols[id].type = Type::of(TypeKind::Record);
  index_->symbols[id].type.record = type.id;
  index_->symbols[id].type.name = type.name;
  return id;
}

// A change type stands for the property it tells of; other built-in types have no place.
SymbolId IndexRecorder::of(const Binding& binding) const {
  const auto value = values_.find({placeOf(binding.span), binding.name});
  return value != values_.end() ? value->second : at(binding.span);
}

// The last part of a qualified name is what is renamed; the parts before it name modules.
void IndexRecorder::use(const tree::Name& written, Span declared, Use::Kind kind) {
  if (!index_) return;
  const SymbolId symbol = at(declared);
  if (symbol != kNoSymbol) {
    addUse(kind, nameIn(written, index_->symbols[symbol].name, index_->symbols[symbol].kind),
           symbol);
  }
}

// As a name: the type is used there, and renamed with it.
void IndexRecorder::type(const tree::Name& written, const FactType& type, Use::Kind kind) {
  if (!index_) return;
  const SymbolId symbol = of(type);
  if (symbol != kNoSymbol) {
    addUse(kind, nameIn(written, index_->symbols[symbol].name, index_->symbols[symbol].kind),
           symbol);
  }
}

// Hidden fields are the engine's: they have no declaration to go to.
void IndexRecorder::field(const FactType& type, FieldId field, Span span, Use::Kind kind) {
  if (!index_ || index(field) >= type.fields.size()) return;
  const SymbolId owner = of(type);
  const Field& known = type.fields[index(field)];
  SymbolId symbol = partOf(owner, known.name);
  if (symbol == kNoSymbol && owner != kNoSymbol && known.name != "…") {
    // Kept by the engine: `meta.time`, the fields of Clock.
    symbol = add(SymbolKind::Field, {known.name, {}}, owner, {}, known.doc);
    index_->symbols[symbol].type = known.type;
    index_->symbols[symbol].signature = known.name + ": " + toText(known.type);
  }
  addUse(kind, span, symbol);
}

// A parameter or a value of an enum, of what is declared at `owner`.
void IndexRecorder::part(Span owner, const std::string& name, Span span) {
  if (index_) addUse(Use::Kind::Read, span, partOf(at(owner), name));
}

// One symbol for all uses of a name, so that the editor can list them.
void IndexRecorder::builtin(std::string_view name, Span span) {
  if (!index_) return;
  const auto [found, fresh] = builtins_.try_emplace(std::string(name), kNoSymbol);
  if (fresh) {
    SymbolNote note;
    note.kind = SymbolKind::Builtin;
    note.name = name;
    note.type = Type::of(TypeKind::Poison);
    for (const Overload& overload : builtins()) {
      if (overload.name != name) continue;
      std::string text =
          overload.method && !overload.params.empty() ? toText(overload.params[0]) + "." : "";
      text += note.name + "(";
      for (std::size_t i = overload.method ? 1 : 0; i < overload.params.size(); ++i) {
        text += (i > (overload.method ? 1u : 0u) ? ", " : "") + toText(overload.params[i]);
      }
      note.signature +=
          (note.signature.empty() ? "" : "\n") + text + ") -> " + toText(overload.result);
      if (note.doc.empty()) note.doc = overload.doc;
    }
    found->second = static_cast<SymbolId>(index_->symbols.size());
    index_->symbols.push_back(std::move(note));
  }
  addUse(Use::Kind::Read, span, found->second);
}

// Values of a change and failures have no place of their own: theirs is the place they come from.
void IndexRecorder::bound(const Binding& binding) {
  if (!index_ || binding.name.empty() || binding.span == Span{}) return;
  // `old`, `new` and `err` are written nowhere.
  const bool unwritten = std::string_view(binding.what) == "value of the change" ||
                         binding.span.end - binding.span.begin != binding.name.size();
  SymbolId symbol = of(binding);
  if (symbol == kNoSymbol ||
      (unwritten && !values_.contains({placeOf(binding.span), binding.name}))) {
    symbol = add(kindOf(binding), {binding.name, unwritten ? Span{} : binding.span},
                 around(binding.span), binding.span);
    if (index_->symbols[symbol].declared == Span{}) {
      values_.emplace(std::pair{placeOf(binding.span), binding.name}, symbol);
    }
  }
  SymbolNote& note = index_->symbols[symbol];
  if (note.type.kind == TypeKind::Poison) note.type = binding.type;
  if (note.signature.empty()) note.signature = binding.name + ": " + toText(binding.type);
}

void IndexRecorder::use(const Binding& binding, Span span) {
  if (index_) addUse(Use::Kind::Read, span, of(binding));
}

// Both ways through a block bind it: it is one name to its author.
void IndexRecorder::join(const Binding& one, const Binding& other) {
  if (!index_) return;
  const SymbolId first = of(one), second = of(other);
  if (first != kNoSymbol && second != kNoSymbol && first != second) {
    joined_[std::max(first, second)] = std::min(first, second);
  }
}

// Inside of the quotes, where the text is written as it is.
void IndexRecorder::inTemplate(const tree::Declaration& subject, std::size_t position,
                               const std::string& field) {
  // With escapes or other quotes in it, places in the text and in the value differ.
  if (!index_ || subject.asSpan.end - subject.asSpan.begin != subject.as.size() + 2) return;
  const std::uint32_t begin = subject.asSpan.begin + 1 + static_cast<std::uint32_t>(position);
  addUse(Use::Kind::Read,
         {subject.asSpan.file, begin, begin + static_cast<std::uint32_t>(field.size())},
         partOf(at(subject.name.span), field));
}

// Types and scopes

void IndexRecorder::type(Span span, const Type& type) {
  if (index_ && span.begin < span.end && type.kind != TypeKind::Poison) {
    index_->types.push_back({span, type});
  }
}

void IndexRecorder::type(const Expr& expr) {
  if (!index_ || expr.kind == ExprKind::Literal) return;
  // What the checker made up, such as the comparison of a cell, has a part outside of itself.
  for (const Expr& arg : expr.args) {
    if (arg.span.begin < expr.span.begin || arg.span.end > expr.span.end) return;
  }
  type(expr.span, expr.type);
}

// Shown beside the name, as if it had been written.
void IndexRecorder::result(Span declared, const Type& type) {
  if (!index_ || type.kind == TypeKind::Poison) return;
  const SymbolId symbol = at(declared);
  if (symbol != kNoSymbol) index_->symbols[symbol].type = type;
}

// From here on the names of the scope are known.
IndexRecorder::Item::Item(IndexRecorder& recorder, Span span, const Scope& scope)
    : recorder_(recorder), span_(span), scope_(scope) {
  recorder.within(span, scope);
}
IndexRecorder::Item::~Item() { recorder_.after(span_, scope_); }

// The scopes of the editor's completion: they nest, and the innermost counts.
void IndexRecorder::within(Span span, const Scope& scope, const FactType* candidate) {
  if (!index_ || span == Span{}) return;
  ScopeNote note;
  switch (scope.place) {
    case Scope::Place::Constant:
    case Scope::Place::Check:
    case Scope::Place::Function: note.place = ScopeNote::Place::Expression; break;
    case Scope::Place::Condition: note.place = ScopeNote::Place::Condition; break;
    case Scope::Place::Rule: note.place = ScopeNote::Place::Action; break;
    case Scope::Place::Flow: note.place = ScopeNote::Place::Step; break;
    case Scope::Place::Given: note.place = ScopeNote::Place::Action; break;
    case Scope::Place::Test: note.place = ScopeNote::Place::Doing; break;
  }
  note.span = span;
  if (span.end == 0xffffffff) {
    // Until its declaration ends; the recorder of an inner part cuts it short by beginning later.
    const SymbolId owner = around({span.file, span.begin > 0 ? span.begin - 1 : 0, span.begin});
    note.span.end = owner == kNoSymbol ? span.begin : index_->symbols[owner].whole.end;
  }
  for (const Binding& binding : scope.bindings) {
    const SymbolId symbol = of(binding);
    if (symbol != kNoSymbol) note.visible.push_back(symbol);
  }
  if (candidate) {
    note.place = ScopeNote::Place::Constraint;
    note.candidate = of(*candidate);
  }
  index_->scopes.push_back(std::move(note));
}

// The end

}  // namespace reticle::model
