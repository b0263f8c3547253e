// Names: of declarations, bindings, fields and of what is elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/advice_names.h"

namespace reticle {

class NameParser : private Grammar {
 public:
  explicit NameParser(Reading& reading) : Grammar(reading), advice_(reading) {}

  // IDENT; `what` is what it names, for messages. Empty after a mistake.
  tree::Name takeName(std::string_view what);
  tree::Name groupName();  // of a group of rules: a name or any text
  // QName = IDENT { "." IDENT }
  tree::Name qualifiedName(std::string_view what);
  // The name of a value: a binding, an iteration variable, a step. It begins with a small letter.
  tree::Name bindingName(std::string_view what);
  // The name after the keyword of a declaration. Rules and tests may have a text; `type`: it
  // begins with a capital.
  tree::Name declaredName(std::string_view kind, const Lexeme& keyword, bool type);
  // IDENT { "," IDENT }, added to the list.
  void names(std::vector<tree::Name>& out, std::string_view what);
  // IDENT { "." IDENT }, added to the list.
  void path(std::vector<tree::Name>& out);

  // Whether a binding of this name, with a capital, has been complained about already.
  bool isCapitalBinding(std::string_view name) const;

 private:
  NameAdvice advice_;
  std::vector<std::string> capitalBindings_;
};

}  // namespace reticle
