// Writes the index of names (index.h) while the checker works: the checker says what it resolved,
// this keeps it. Does nothing without an index.
//
// What is declared is known from the trees before anything is checked; bindings become symbols when
// they are bound. A symbol is found again by the place of its name, so the checker hands over spans
// and no ids. The same place may be recorded many times (cells are read once for each row,
// functions when first used): `complete` puts everything in order and drops what is there twice.
//
// To record what a new construct does: bind with Checker::bind or bindLocal, resolve with check,
// resolve and resolveRecord, and put `item` around every part after which more names are known.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "check/scope.h"
#include "model/index.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

class IndexRecorder {
 public:
  explicit IndexRecorder(Index* index) : index_(index) {}

  // First: the symbols of all declarations and their parts.
  void declare(const std::vector<tree::Module>& modules);
  // Last: types of what is declared, signatures, order.
  void complete();

  // A name written at `span` means what is declared at `declared`. `written` may be qualified; the
  // last part counts.
  void use(const tree::Name& written, Span declared, Use::Kind kind = Use::Kind::Read);
  void type(const tree::Name& written, const FactType& type, Use::Kind kind = Use::Kind::Read);
  void field(const FactType& type, FieldId field, Span span, Use::Kind kind = Use::Kind::Read);
  // A part (parameter, enum value) by its name, of what is declared at `owner`.
  void part(Span owner, const std::string& name, Span span);
  void builtin(std::string_view name, Span span);
  void bound(const Binding& binding);
  void use(const Binding& binding, Span span);
  // Bound in several ways, and one name after them: renaming one renames all.
  void join(const Binding& one, const Binding& other);
  // A field of a subject in its name template, at its place in the text.
  void inTemplate(const tree::Declaration& subject, std::size_t at, const std::string& field);

  void type(Span span, const Type& type);
  // The expression as the checker left it.
  void type(const Expr& expr);
  // The type of a result that nobody wrote down.
  void result(Span declared, const Type& type);

  // The names known before something, and from its end on, when the item ends its life.
  class Item {
   public:
    Item(IndexRecorder& recorder, Span span, const Scope& scope);
    ~Item();
    Item(const Item&) = delete;
    Item& operator=(const Item&) = delete;

   private:
    IndexRecorder& recorder_;
    Span span_;
    const Scope& scope_;
  };
  Item item(Span span, const Scope& scope) { return Item(*this, span, scope); }
  // The names known within a stretch of text (with the fields of `candidate`), or from its end to
  // the end of the declaration.
  void within(Span span, const Scope& scope, const FactType* candidate = nullptr);
  void after(Span span, const Scope& scope) { within({span.file, span.end, 0xffffffff}, scope); }

 private:
  struct Place {
    std::uint32_t file = 0, begin = 0, end = 0;
    SymbolId symbol = kNoSymbol;
  };

  // One number for the place where a name is declared.
  static std::uint64_t placeOf(Span span);
  // The stretch of `written` that is the name itself, without what qualifies it.
  static Span nameIn(const tree::Name& written, const std::string& name, SymbolKind kind);
  SymbolId add(SymbolKind kind, const tree::Name& name, SymbolId container, Span whole,
               const std::string& doc = "");
  void addUse(Use::Kind kind, Span span, SymbolId symbol);
  void fields(const std::vector<tree::Field>& fields, SymbolKind kind, SymbolId owner);
  void groups(const std::vector<tree::Module>& modules);
  SymbolId at(Span declared) const;
  SymbolId partOf(SymbolId owner, const std::string& name) const;
  SymbolId of(const FactType& type);
  SymbolId of(const Binding& binding) const;
  // The declaration around a place; kNoSymbol outside of all.
  SymbolId around(Span span) const;
  void types();
  void signatures();

  Index* index_;
  std::vector<Place> declarations_;             // by place
  std::map<std::uint64_t, SymbolId> declared_;  // by place of the name
  // `old` and `new` of a change, by the place of its property; `err`
  std::map<std::pair<std::uint64_t, std::string>, SymbolId> values_;
  std::map<std::pair<SymbolId, std::string>, SymbolId> parts_;
  std::map<std::string, SymbolId> builtins_;  // functions; `Clock`
  // where the type of a symbol is written
  std::map<SymbolId, std::pair<Span, const tree::Field*>> written_;
  std::map<SymbolId, const tree::Declaration*> trees_;
  // to the one that stands for it
  std::map<SymbolId, SymbolId> joined_;
};

// `mail.send(to: string) -> string`, as it is declared; without the keyword.
std::string signatureOf(const tree::Declaration& declaration);
// `qty: int = 1 where qty > 0`
std::string signatureOf(const tree::Field& field);

}  // namespace reticle::model
