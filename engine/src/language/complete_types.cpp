// Completion: what is known at the place.
#include <algorithm>

#include "language/completion.h"

namespace reticle::language {

using namespace model;

namespace {

using Kind = LexemeKind;

bool isComparison(Kind kind) {
  return kind == Kind::Equal || kind == Kind::NotEqual || kind == Kind::Less ||
         kind == Kind::LessEqual || kind == Kind::Greater || kind == Kind::GreaterEqual;
}

// Of ASCII letters: names have no others.
std::string lowered(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

// Names of the innermost scope around the place, outer ones first.
std::vector<SymbolId> Completer::visible() const {
  const ScopeNote* scope = view_.scopeAt(file_, context_.word.begin);
  // A place before the declaration's own scopes belongs to none.
  const std::uint32_t head = words_[context_.head].begin;
  if (!scope || context_.declaration.empty() || scope->span.begin < head) return {};
  return scope->visible;
}

// Bindings that stand before the place in the same declaration, read from the words alone: what
// could not be parsed has no scope.
std::vector<std::pair<std::string, Type>> Completer::hidden() const {
  std::vector<std::pair<std::string, Type>> found;
  if (context_.declaration.empty()) return found;
  const std::vector<SymbolId> known = visible();
  for (std::uint32_t i = context_.head; i + 2 < context_.next; ++i) {
    if (words_[i].kind != Kind::Word || words_[i + 1].kind != Kind::Colon ||
        !words_.capital(i + 2)) {
      continue;
    }
    std::uint32_t last = i + 2;
    while (words_[last + 1].kind == Kind::Dot && words_.capital(last + 2)) last += 2;
    const SymbolId type = view_.declared(words_.pathEndingAt(last));
    const std::string name(words_.text(i));
    if (type == kNoSymbol || view_.symbol(type).kind == SymbolKind::Enum ||
        std::any_of(known.begin(), known.end(),
                    [&](SymbolId id) { return view_.symbol(id).name == name; })) {
      continue;
    }
    Type record = Type::of(TypeKind::Record);
    record.name = view_.symbol(type).name;
    found.emplace_back(name, std::move(record));
  }
  return found;
}

// The type whose fields are bare names here.
SymbolId Completer::candidate() const {
  for (std::size_t i = context_.frames.size(); i-- > 0;) {
    const Frame& frame = context_.frames[i];
    if (frame.block == Block::Pattern) {
      const SymbolId symbol = view_.declared(frame.name);
      return frame.verb == "called" ? kNoSymbol : symbol;
    }
    if (frame.block == Block::Fields) return view_.declared(words_.text(context_.head + 1));
    if (frame.block == Block::Record || frame.block == Block::Actions ||
        frame.block == Block::Conditions) {
      return kNoSymbol;
    }
  }
  return kNoSymbol;
}

// From the inside out: fields of the candidate, names in scope, bindings that were read from words,
// constants.
Type Completer::typeOfName(const std::string& name) const {
  const SymbolId owner = candidate();
  if (owner != kNoSymbol) {
    if (name == "this") {
      Type type = Type::of(TypeKind::Record);
      type.name = view_.symbol(owner).name;
      return type;
    }
    const SymbolId field = view_.partOf(owner, name);
    if (field != kNoSymbol) return view_.symbol(field).type;
  }
  const std::vector<SymbolId> names = visible();
  for (std::size_t i = names.size(); i-- > 0;) {
    if (view_.symbol(names[i]).name == name) return view_.symbol(names[i]).type;
  }
  for (const auto& [hiddenName, type] : hidden()) {
    if (hiddenName == name) return type;
  }
  const SymbolId declared = view_.declared(name);
  return declared != kNoSymbol && view_.symbol(declared).kind == SymbolKind::Const
             ? view_.symbol(declared).type
             : Type::of(TypeKind::Poison);
}

// Member by member; Poison as soon as one is not known.
Type Completer::typeOfPath(const std::string& path) const {
  std::size_t dot = path.find('.');
  Type type = typeOfName(path.substr(0, dot));
  while (dot != std::string::npos && type.kind != TypeKind::Poison) {
    const std::size_t next = path.find('.', dot + 1);
    const std::string name =
        path.substr(dot + 1, next == std::string::npos ? next : next - dot - 1);
    // `e.meta.time`: one name of two parts.
    if (name == "meta" && next != std::string::npos) {
      const std::string part = path.substr(next + 1);
      return Type::of(part == "time" ? TypeKind::Timestamp : TypeKind::String);
    }
    type = view_.memberOf(type, name);
    dot = next;
  }
  return type;
}

// The type that a record in braces makes or changes.
Type Completer::typeOfRecord(const Frame& frame) const {
  const SymbolId type =
      frame.verb == "update" ? view_.symbolOf(typeOfName(frame.name)) : view_.declared(frame.name);
  Type record = Type::of(type == kNoSymbol ? TypeKind::Poison : TypeKind::Record);
  if (type != kNoSymbol) record.name = view_.symbol(type).name;
  return record;
}

// What stands on the left of a comparison is what is wanted on its right.
Wanted Completer::comparedAt(std::uint32_t op) const {
  if (op == 0 || op >= words_.size() || !isComparison(words_[op].kind)) return {};
  std::uint32_t first = op - 1;
  const std::string left = words_.pathEndingAt(op - 1, &first);
  if (left.empty()) return {};
  // `size(x) ==`, `a + b ==`: the word before the sign is not all of it; the type is then only a
  // guess.
  return {typeOfPath(left), left.substr(left.rfind('.') + 1)};
}

// By what stands before the place: a comparison, `name:`, `=`, a cell of a table, a keyword.
Wanted Completer::wanted() const {
  if (before_ >= words_.size() || before_ == 0) return {};
  const Frame& frame = context_.frame();
  const Kind kind = words_[before_].kind;
  if (isComparison(kind) && frame.block != Block::Rows) return comparedAt(before_);
  if (kind == Kind::Colon && words_[before_ - 1].kind == Kind::Word) {
    const std::string name(words_.text(before_ - 1));
    if (frame.block == Block::Record) return {view_.memberOf(typeOfRecord(frame), name), name};
    if (frame.block == Block::Arguments) {
      const SymbolId part = view_.partOf(view_.declared(frame.name), name);
      if (part != kNoSymbol) return {view_.symbol(part).type, name};
    }
  }
  if (kind == Kind::Assign && words_.is(frame.item, "set")) {
    const std::string path = words_.pathEndingAt(before_ - 1);
    return {typeOfPath(path), path.substr(path.rfind('.') + 1)};
  }
  if (frame.block == Block::Fields && kind == Kind::Assign) {
    for (std::uint32_t i = before_; i > frame.open; --i) {
      if (words_[i].kind == Kind::Colon) return {typeOfName(std::string(words_.text(i - 1))), ""};
    }
  }
  // The column, by the bars since the row began.
  if (frame.block == Block::Rows) {
    const SymbolId table = view_.declared(words_.text(context_.head + 1));
    const tree::Declaration* tree = table == kNoSymbol ? nullptr : view_.treeOf(table);
    if (!tree) return {};
    std::size_t column = 0;
    for (std::uint32_t i = frame.item; i < context_.next; ++i) {
      if (words_[i].kind == Kind::Bar) ++column;
      if (words_[i].kind == Kind::FatArrow) return {view_.symbol(table).type, ""};
    }
    const std::string name =
        column == 0                                         ? ""
        : tree->by.empty() && column <= tree->params.size() ? tree->params[column - 1].name.text
        : !tree->by.empty() && column <= tree->by.size()    ? tree->by[column - 1].text
                                                            : "";
    const SymbolId part = view_.partOf(table, name);
    if (part != kNoSymbol) return {view_.symbol(part).type, name};
  }
  if (frame.block == Block::Module && context_.declaration == "rule" &&
      words_.is(before_, "salience")) {
    return {Type::of(TypeKind::Int), ""};
  }
  return {};
}

// 0: the type fits and the names are alike; 2: it fits; 5: nothing is wanted; 6: it does not fit.
char Completer::rankOf(const Wanted& wanted, const std::string& name, const Type& type) const {
  if (!wanted.known()) return '5';
  if (!fits(type.required(), wanted.type.required())) return '6';
  const std::string mine = lowered(name), other = lowered(wanted.name);
  if (!mine.empty() && !other.empty() &&
      (mine == other || endsWith(other, mine) || endsWith(mine, other))) {
    return '0';
  }
  return '2';
}

}  // namespace reticle::language
