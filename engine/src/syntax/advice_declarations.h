// Advice about modules, the declarations of types, constants and functions, fields, and tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "syntax/advice.h"

namespace reticle {

class DeclarationAdvice : public Advice {
 public:
  using Advice::Advice;

  // The head of a module
  bool moduleWithoutName(const Lexeme& keyword) const;
  bool moduleTwice(const tree::Name& name) const;
  // By its file, or by parts.
  bool importOfOtherLanguages() const;

  // Where no declaration begins
  // The keyword that is meant, misspelt or of another language; empty when there is none.
  std::string_view declarationOfOtherLanguages() const;
  // A whole declaration of Drools or Python, which is skipped.
  bool tookDeclarationOfOtherLanguages();
  // Takes what stands here; what follows may be the name of a module.
  enum class Stray { Nothing, Package, Header };
  Stray tookNoDeclaration();
  void hostWithoutFunction(const Lexeme& keyword) const;

  // Types, constants and functions
  void attributeOfType(tree::Declaration::Kind kind) const;
  // A keyword of a declaration at the beginning of a line: what stands before it has no fields.
  bool nextDeclaration() const;
  // `extends Base`
  bool tookParentOfType();
  bool enumValueInQuotes() const;
  bool numberOfEnumValue() const;
  bool constantWithoutSign() const;
  // True when the body follows all the same.
  bool tookBodyWithoutSign(const Span& head);

 private:
  void noDeclaration() const;
};

class FieldAdvice : public Advice {
 public:
  using Advice::Advice;

  // No block of fields follows; fields in round brackets are skipped.
  bool tookNoFields(const tree::Declaration& declaration);
  // `key key id`
  void markTwice() const;
  // `string name`
  bool typeBeforeField() const;
  bool typeBeforeParameter() const;
  // `name?: string`
  bool questionAfterName(const tree::Name& field) const;
  // `name string`; false when the type is missing too.
  bool typeWithoutColon(const tree::Name& field) const;
  // Nothing that can be a type stands after the colon.
  bool fieldWithoutType(const tree::Name& field) const;
  // `id: string key`
  bool markAfterField(const tree::Name& field) const;
  bool notNull() const;
  // `unique`, `required` and the like.
  bool attributeOfColumns() const;
  // `=> n * 2`
  bool bodyInsteadOfResult() const;
};

class TableAdvice : public Advice {
 public:
  using Advice::Advice;

  void noClauseOfTable() const;
  // True when a word stands where the policy should.
  bool noHitPolicy() const;
  void rowAfterDefault(const Span& otherwise) const;
  void rowWithoutBar() const;
  bool resultWithoutArrow(const Lexeme& first) const;
  void cellsAndColumns(const Lexeme& first, std::size_t cells, std::size_t columns,
                       const tree::Declaration& table) const;
  // `||`
  void emptyCell() const;
  void barAfterLastCell() const;
  void nothingInCell() const;
  // The results of a table with several, or one, in the place of `default`'s.
  void resultsOfDefault(const Span& results, std::size_t count,
                        const tree::Declaration& table) const;

  // What stands in cells elsewhere
  // `in [1, 2]`, `..5`, `not "a"`, `.startsWith("x")`: says how it is written, and takes it.
  // `column` is what the cell tests; it may be empty.
  bool tookCellOfOtherLanguages(std::string_view column);
  // `or` and `||` between the tests of a cell
  bool tookOrOfCell();
  void andOfCell() const;
  // `> 3 && != 5`
  void boundsOfCell(const Span& tests, std::string_view column) const;
  // `5..`, whose first end is read
  bool tookRangeWithoutEnd(const Expr& first);
  void noRangeInBrackets() const;
  // `[1..5]`, of which the brackets say nothing
  void bracketsOfRange(const Span& written, const tree::Cell& range) const;

 private:
  void policyOfOtherTables(Complaint& c) const;
  bool inOfCell(std::string_view column) const;
  bool functionOfCell(std::string_view column) const;
  void skipTest();
};

}  // namespace reticle
