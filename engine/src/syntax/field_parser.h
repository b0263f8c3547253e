// Fields of types, parameters, and result types.
#pragma once

#include <vector>

#include "syntax/advice_declarations.h"
#include "syntax/expression_parser.h"
#include "syntax/name_parser.h"
#include "syntax/type_parser.h"

namespace reticle {

class FieldParser : private Grammar {
 public:
  FieldParser(Reading& reading, NameParser& names, TypeParser& types, ExpressionParser& expressions)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        types_(types),
        expressions_(expressions) {}

  // Fields = "{" { Field [ "," ] } "}"
  void fields(tree::Declaration& out);
  // Params = "(" [ Param { "," Param } ] ")"
  std::vector<tree::Field> params();
  // A type that does not belong where it stands.
  void skipType() { types_.type(); }
  // "->" Type, after the parameters.
  void resultType(tree::Declaration& out, bool required);

 private:
  // Field = [ "key" | "ext" ] IDENT ":" Type { "=" Expr | "max" INT | "where" Expr }
  tree::Field field();
  void fieldType(tree::Field& out);
  // False when none stands here.
  bool fieldAttribute(tree::Field& out);
  // Param = IDENT ":" Type [ "=" Expr ]
  void param(std::vector<tree::Field>& params);

  FieldAdvice advice_;
  NameParser& names_;
  TypeParser& types_;
  ExpressionParser& expressions_;
};

}  // namespace reticle
