// Reads fields and parameters: a name, a type, and what is said of the value.
#include <utility>

#include "syntax/field_parser.h"

namespace reticle {

void FieldParser::fields(tree::Declaration& out) {
  const Lexeme owner = previous();
  if (!recovering() && advice_.tookNoFields(out)) return;
  blocks().block(Inside::Fields, "block of fields", owner, [&] {
    tree::Field field = this->field();
    if (field.name) out.fields.push_back(std::move(field));
  });
}

// Field = [ "key" | "ext" ] IDENT ":" Type { "=" Expr | "max" INT | "where" Expr }
tree::Field FieldParser::field() {
  tree::Field out;
  out.doc = lexemes().docOf(at());
  const std::uint32_t begin = at().begin;
  while (isAnyWord({"key", "ext"}) && is(Word, 1) && !is(Colon, 1)) {
    bool& mark = isWord("key") ? out.key : out.ext;
    if (mark) advice_.markTwice();
    mark = true;
    take();
  }
  if (!is(Word)) {
    advice_.lacks(Lack::Field, spanOf(at()), {shown(at())});
    return out;
  }
  if (advice_.typeBeforeField()) {
    out.type.name = std::string(textOf(at()));
    out.type.span = spanOf(take());
    out.name = nameOf(take());
    out.span = spanFrom(begin);
    return out;
  }
  out.name = names_.takeName("field");
  if (recovering()) return out;
  if (advice_.questionAfterName(out.name)) take();
  fieldType(out);
  // A word with a colon after it is the next field, also where it is called `max` or `where`.
  while (!recovering() && !is(Colon, 1) && fieldAttribute(out)) {}
  out.span = spanFrom(begin);
  return out;
}

// ":" Type
void FieldParser::fieldType(tree::Field& out) {
  if (!takeIf(Colon) && !advice_.typeWithoutColon(out.name)) return;
  if (!advice_.fieldWithoutType(out.name)) out.type = types_.type();
}

// "=" Expr | "max" INT | "where" Expr; false when none stands here.
bool FieldParser::fieldAttribute(tree::Field& out) {
  if (is(Assign)) {
    if (out.initial) advice_.lacks(Lack::OneDefault, spanOf(at()), {out.name.text});
    take();
    out.initial = expressions_.initialValue();
  } else if (isWord("max")) {
    if (out.max) advice_.lacks(Lack::OneBound, spanOf(at()), {out.name.text});
    take();
    out.max = expressions_.count("the bound");
  } else if (takeWord("where")) {
    out.where.push_back(expressions_.fieldCheck());
  } else if (advice_.markAfterField(out.name)) {
    (isWord("key") ? out.key : out.ext) = true;
    take();
  } else if (advice_.notNull()) {
    take();
    take();
  } else if (advice_.attributeOfColumns()) {
    take();
    if (operandStarts() && !at().lineFirst) expressions_.expression();
  } else {
    return false;
  }
  return true;
}

// Params = "(" [ Param { "," Param } ] ")"
std::vector<tree::Field> FieldParser::params() {
  std::vector<tree::Field> params;
  if (recovering()) return params;
  if (!takeIf(ParenOpen)) {
    advice_.lacks(Lack::Parameters, spanOf(previous()), {shown(previous())});
    return params;
  }
  blocks().list(ParenClose, "parameters", [&] { param(params); });
  return params;
}

// Param = IDENT ":" Type [ "=" Expr ]
void FieldParser::param(std::vector<tree::Field>& params) {
  tree::Field out;
  const std::uint32_t begin = at().begin;
  if (advice_.typeBeforeParameter()) {
    out.type.name = std::string(textOf(take()));
    out.name = nameOf(take());
  } else {
    out.name = names_.takeName("parameter");
    if (recovering()) return;
    if (takeIf(Colon)) {
      out.type = types_.type();
    } else {
      advice_.lacks(Lack::TypeOfParameter, out.name.span, {out.name.text});
      if (is(Word) && !at().lineFirst) types_.type();
    }
    if (takeIf(Assign)) out.initial = expressions_.expression();
    out.span = spanFrom(begin);
  }
  params.push_back(std::move(out));
}

// [ "->" Type ]
void FieldParser::resultType(tree::Declaration& out, bool required) {
  if (recovering() || advice_.bodyInsteadOfResult()) return;
  if (takeIf(Arrow) || advice_.tookInstead(Spot::FunctionResult)) {
    out.result = types_.type();
  } else if (required) {
    advice_.lacks(Lack::ResultType, out.head);
  }
}

}  // namespace reticle
