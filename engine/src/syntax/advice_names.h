// Advice about names and types.
#pragma once

#include <string>
#include <string_view>

#include "syntax/advice.h"

namespace reticle {

class NameAdvice : public Advice {
 public:
  using Advice::Advice;

  // A text where a name stands.
  bool nameInQuotes(std::string_view what) const;
  // `import a.*`
  bool importOfEverything() const;
  // A binding that begins with a capital; the fix renames it here and below.
  bool capitalBinding(const tree::Name& name, std::string_view what) const;
  bool testNameWithoutQuotes() const;
  bool declarationWithoutName(std::string_view kind, const Lexeme& keyword, bool type) const;
  // The name of a type with a small letter, which it then gets; of a function with a capital.
  void firstLetter(tree::Name& name, std::string_view kind, bool type) const;

 private:
  std::vector<Edit> renames(const tree::Name& name, const std::string& to) const;
};

class TypeAdvice : public Advice {
 public:
  using Advice::Advice;

  // What stands here does not begin a type.
  bool noType() const;
  // `string[]`: the type becomes a list.
  void tookListWithBrackets(tree::TypeUse& type, std::uint32_t begin);
  // `List<…>`: the name becomes ours. `word` is what was written.
  void capitalContainer(tree::TypeUse& type, const Lexeme& word) const;
  bool inlineValueWithoutQuotes() const;
  // Too few or too many of them; the type becomes one that has the right number.
  void typeArguments(tree::TypeUse& type, const Lexeme& word) const;
  // A type with a small letter that is none; it becomes `any`.
  void unknownType(tree::TypeUse& type, const Lexeme& word) const;

 private:
  std::string_view declaredNear(std::string_view word) const;
};

// With its first letter as a type has it, or as a value.
std::string capitalised(std::string_view word);
std::string uncapitalised(std::string_view word);

}  // namespace reticle
