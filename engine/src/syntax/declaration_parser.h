// Modules and their declarations: the grammar from the top.
#pragma once

#include <string_view>

#include "syntax/advice_declarations.h"
#include "syntax/flow_parser.h"
#include "syntax/rule_parser.h"
#include "syntax/table_parser.h"
#include "syntax/test_parser.h"

namespace reticle {

class DeclarationParser : private Grammar {
 public:
  DeclarationParser(Reading& reading, NameParser& names, TypeParser& types,
                    ExpressionParser& expressions, FieldParser& fields, TableParser& tables,
                    RuleParser& rules, FlowParser& flows, TestParser& tests)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        types_(types),
        expressions_(expressions),
        fields_(fields),
        tables_(tables),
        rules_(rules),
        flows_(flows),
        tests_(tests) {}

  // File = [ "module" QName ] { "import" QName [ "as" IDENT ] } { [ Doc ] Decl }
  tree::Module module();

 private:
  // How the declaration with a keyword is read.
  struct Form {
    std::string_view keyword;
    tree::Declaration::Kind kind;
    std::string_view named;                               // what its name is a name of
    void (DeclarationParser::*read)(tree::Declaration&);  // after the name
  };
  // Null when the word begins no declaration.
  static const Form* formOf(std::string_view keyword);

  void header(tree::Module& module);
  void import(tree::Module& module);
  // False when nothing was read that should be kept.
  bool declaration(tree::Declaration& out);
  // What follows the keyword: the name, and then what the form says.
  void body(const Form& form, const Lexeme& keyword, tree::Declaration& out);
  // Fact, Event, Subject = KEYWORD TYPE [ attributes ] Fields
  void recordType(tree::Declaration& out);
  // Enum = "enum" TYPE "{" IDENT { "," IDENT } "}"
  void enumeration(tree::Declaration& out);
  void value(tree::Declaration& out);
  // Const = "const" IDENT [ ":" Type ] "=" Expr
  void constant(tree::Declaration& out);
  // Function = "function" IDENT Params "->" Type ( "=" Expr | "{" { "let" … } "return" Expr "}" )
  void function(tree::Declaration& out);
  void functionBody(tree::Declaration& out);
  // Given = "given" Actions
  void given(tree::Declaration& out);
  // Host = "host" [ "pure" ] "function" QName Params [ "->" Type ]
  void host(tree::Declaration& out);
  void table(tree::Declaration& out) { tables_.table(out); }
  void rule(tree::Declaration& out) { rules_.rule(out); }
  void query(tree::Declaration& out) { rules_.query(out); }
  void flow(tree::Declaration& out) { flows_.flow(out); }
  void test(tree::Declaration& out) { tests_.test(out); }

  DeclarationAdvice advice_;
  NameParser& names_;
  TypeParser& types_;
  // The parts are borrowed: parser.cpp makes them all, in the order in which they need each other.
  ExpressionParser& expressions_;
  FieldParser& fields_;
  TableParser& tables_;
  RuleParser& rules_;
  FlowParser& flows_;
  TestParser& tests_;
};

}  // namespace reticle
