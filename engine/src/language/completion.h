// What is worth offering at a place, gathered. Private to completion: others use features.h.
//
// The place is known from the words before it (context.h); names and types by the index, helped by
// the words where a mistake hides a binding.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "language/context.h"
#include "language/features.h"

namespace reticle::language {

enum class ItemKind : int {
  Method = 2,
  Function = 3,
  Field = 5,
  Variable = 6,
  Class = 7,
  Module = 9,
  Value = 12,
  Enum = 13,
  Keyword = 14,
  Snippet = 15,
  EnumMember = 20,
  Constant = 21,
  Event = 23
};

struct Item {
  std::string label;
  ItemKind kind{};
  std::string detail;  // its type or signature
  std::string doc;
  std::string insert;  // a snippet; empty: the label
  char rank = '5';     // '0' comes first
};

// What is compared with or given to something: what fits it comes first.
struct Wanted {
  Type type = Type::of(TypeKind::Poison);
  std::string name;  // of the field on the other side: `customerId` looks for `id`
  bool known() const { return type.kind != TypeKind::Poison && type.kind != TypeKind::Any; }
};

class Completer {
 public:
  explicit Completer(const At& at);
  std::string run();

 private:
  // completion.cpp: which case it is
  void gather();
  bool afterWord(std::string_view word);
  void atModule();
  void inItems();
  void inRows();
  bool typePlace() const;
  bool operandBefore() const;
  bool keywordBefore() const;

  // complete_names.cpp: what is offered
  void members();
  void fieldsOf(const Type& type, const Wanted& wanted);
  void methodsOf(const Type& type);
  void expression(const Wanted& wanted);
  void values(const Wanted& wanted);
  void boundFields(const Wanted& wanted);
  void functions();
  void namedParts(std::initializer_list<model::SymbolKind> kinds, const std::string& owner);
  void types(std::initializer_list<model::SymbolKind> kinds, const char* shape);
  void symbols(std::initializer_list<model::SymbolKind> kinds, bool withArguments = false);
  void facts();
  void typeNames();
  void words(std::uint32_t places, char rank = '6');
  void words(std::initializer_list<std::string_view> words);
  void add(Item item);

  // complete_types.cpp: what is known at the place
  std::vector<model::SymbolId> visible() const;
  // Bindings that the words before the place bind, but no readable tree.
  std::vector<std::pair<std::string, Type>> hidden() const;
  model::SymbolId candidate() const;
  Type typeOfPath(const std::string& path) const;
  Type typeOfName(const std::string& name) const;
  Type typeOfRecord(const Frame& frame) const;
  Wanted wanted() const;
  Wanted comparedAt(std::uint32_t op) const;
  // How well a value fits, as a rank.
  char rankOf(const Wanted& wanted, const std::string& name, const Type& type) const;

  const View& view_;
  std::uint32_t file_, byte_;
  Context context_;
  Words words_;
  std::uint32_t before_;  // the lexeme before the word; words_.size() when there is none
  std::vector<Item> items_;
};

// Whole constructs for the start of a declaration or an item, as snippets: label, place, text, what
// it is.
struct Template {
  std::string_view label;
  std::uint32_t places;
  std::string_view text;
  std::string_view doc;
};
const std::vector<Template>& templates();

}  // namespace reticle::language
