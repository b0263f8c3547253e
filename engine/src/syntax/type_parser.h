// Types as they are written: `list<string>?`.
#pragma once

#include "syntax/advice_names.h"

namespace reticle {

class TypeParser : private Grammar {
 public:
  explicit TypeParser(Reading& reading) : Grammar(reading), advice_(reading) {}

  // Type = ( "list" "<" Type ">" | "map" "<" Type "," Type ">" | "enum" "(" … ")" | QName ) [ "?" ]
  // What cannot be understood becomes `any`, so that nothing follows from it.
  tree::TypeUse type();

 private:
  // Without the `?`, which `type` reads.
  tree::TypeUse simpleType();
  void enumValues(tree::TypeUse& out);
  void typeArguments(tree::TypeUse& out);

  TypeAdvice advice_;
  // Of types in types: `list<list<…>>`; the limit protects the stack.
  int nesting_ = 0;
};

}  // namespace reticle
