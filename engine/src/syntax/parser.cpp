// Reads a rule module, or a part of one that stands alone: puts the parts of the grammar
// together.
//
// The codes of this stage, and when each is said:
//
//   RL0001  a character that no rule text has: control characters, `$x`, `@x`, letters of other
//           alphabets in names, bytes that are not UTF-8
//   RL0002  a text or template that is never closed
//   RL0003  an escape that texts do not know, or one that is cut short
//   RL0004  `=` where values are compared
//   RL0005  an operator of another language: `and`, `not x`, `===`, `<>`, `&`, `≠`, `x is null`, `a
//           contains b`, `1 < x < 9`
//   RL0006  a number that is none, or does not fit
//   RL0007  a duration that is none, or one that lacks its unit
//   RL0008  comments and quotes of other languages: `#`, `/* */`, “ ”
//   RL0009  a block or bracket that is never closed
//   RL0010  a closing bracket that closes nothing
//   RL0011  a block without `{`, or a clause without its block
//   RL0012  a rule without `then`, a test without sections: a part is missing
//   RL0013  parts in the wrong order: `when` after `then`, `import` after a declaration
//   RL0014  a clause or attribute that stands twice
//   RL0015  a word where a declaration or clause begins that is none, often misspelt
//   RL0016  an attribute that rules, flows, tables or fields do not have
//   RL0017  what stands among the conditions is none
//   RL0018  what stands among the actions, steps, doings or expectations is none
//   RL0019  a declaration, binding or parameter without a name
//   RL0020  a field or parameter without `:` or without a type
//   RL0021  a type with a small first letter, a binding or function with a capital one
//   RL0022  `,` and `;` confused, missing or too many
//   RL0023  a value is missing, or cannot be read
//   RL0024  nested too deep, or too long
//   RL0025  a template whose hole is empty, never closed or holds too much
//   RL0026  a step of flows in a rule, an action of tests elsewhere
//   RL0027  a macro (has, all, exists, exists_one, map, filter) written in another shape than its
//           own
//   RL0028  an unsigned number
//   RL0029  a range that does not stand after `in`
//   RL0030  a type that is written in another way here: `string[]`, `boolean`, `list` alone
//   RL0031  arguments and members given in another way: by position, with `=`, in the wrong
//           brackets
//   RL0032  a table row or its parts
//   RL0033  an action, condition or clause that lacks a part: `set x` without `= …`
//   RL0034  a `?` of optionals where none can stand; in plain CEL: an extension of the rule
//           language
//   RL0099  how many more mistakes there are, which are not shown
//   RL1010  a reserved word as a name
#include "syntax/parser.h"

#include <memory>

#include "syntax/declaration_parser.h"

namespace reticle {
namespace {

// The parts of the grammar, each borrowing those before it.
class Parser : private Grammar {
 public:
  Parser(std::unique_ptr<Reading> reading) : Grammar(*reading), reading_(std::move(reading)) {}

  tree::Module module() { return declarations_.module(); }
  Expr wholeExpression() { return whole(expressions_.expression()); }
  Expr wholeCondition(const std::string& binding) { return whole(expressions_.condition(binding)); }
  std::optional<tree::TypeUse> wholeType();
  std::optional<Span64> wholeDuration();
  std::vector<tree::Cell> wholeCell();

 private:
  Expr whole(Expr expression);
  bool ends(std::string_view what);

  std::unique_ptr<Reading> reading_;
  NameParser names_{*reading_};
  TypeParser types_{*reading_};
  ExpressionParser expressions_{*reading_};
  FieldParser fields_{*reading_, names_, types_, expressions_};
  TableParser tables_{*reading_, names_, expressions_, fields_};
  ConditionParser conditions_{*reading_, names_, types_, expressions_};
  ActionParser actions_{*reading_, names_, expressions_, conditions_};
  RuleParser rules_{*reading_, names_, expressions_, fields_, conditions_, actions_};
  FlowParser flows_{*reading_, names_, expressions_, fields_, actions_};
  TestParser tests_{*reading_, names_, expressions_, conditions_, actions_};
  DeclarationParser declarations_{*reading_, names_, types_, expressions_, fields_,
                                  tables_,   rules_, flows_, tests_};
};

// Whether the text ends here, as it should after a part that stands alone, and is without mistake.
bool Parser::ends(std::string_view what) {
  // An expression too many is worth saying beside another mistake; the rest is not.
  const bool quiet = what != "expression" && complaints().any();
  if (!recovering() && !quiet && !is(End)) {
    complain("RL0023", spanOf(at()),
             shown(at()) + " does not belong to the " + std::string(what) + " before it");
  }
  const bool sound = !recovering() && !complaints().any();
  complaints().arrange();
  return sound;
}

Expr Parser::whole(Expr expression) {
  if (!recovering() && isRange()) Advice(*reading_).lacks(Lack::InBeforeRange, spanOf(at()));
  return ends("expression") ? std::move(expression) : expressions_.poison(0);
}

std::optional<tree::TypeUse> Parser::wholeType() {
  tree::TypeUse result = types_.type();
  if (!ends("type")) return std::nullopt;
  return result;
}

std::optional<Span64> Parser::wholeDuration() {
  const std::optional<tree::Duration> result = expressions_.duration("the duration");
  if (!ends("duration") || !result) return std::nullopt;
  return result->value;
}

std::vector<tree::Cell> Parser::wholeCell() {
  std::vector<tree::Cell> tests = tables_.cell();
  if (!ends("cell")) tests.clear();
  return tests;
}

Parser parserOf(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
                Dialect dialect = Dialect::Rules) {
  return Parser(std::make_unique<Reading>(source, file, diagnostics, dialect));
}

}  // namespace

tree::Module parseModule(const Source& source, std::uint32_t file,
                         std::vector<Diagnostic>& diagnostics) {
  return parserOf(source, file, diagnostics).module();
}

Expr parseExpression(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
                     Dialect dialect) {
  const std::size_t before = diagnostics.size();
  Expr result = parserOf(source, file, diagnostics, dialect).wholeExpression();
  if (diagnostics.size() > before) {
    Expr poison;
    poison.span = {file, 0, static_cast<std::uint32_t>(source.text.size())};
    return poison;
  }
  return result;
}

Expr parseCondition(const Source& source, const ConditionOf& of,
                    std::vector<Diagnostic>& diagnostics) {
  return parserOf(source, 0, diagnostics).wholeCondition(of.binding);
}

std::optional<tree::TypeUse> parseType(const Source& source, std::vector<Diagnostic>& diagnostics) {
  return parserOf(source, 0, diagnostics).wholeType();
}

std::optional<Span64> parseDuration(const Source& source, std::vector<Diagnostic>& diagnostics) {
  return parserOf(source, 0, diagnostics).wholeDuration();
}

std::vector<tree::Cell> parseCell(const Source& source, std::vector<Diagnostic>& diagnostics) {
  return parserOf(source, 0, diagnostics).wholeCell();
}

}  // namespace reticle
