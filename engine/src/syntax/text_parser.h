// The recursive descent over the lexemes of one file. Private to the parser: others use
// syntax/parser.h.
//
// How mistakes are handled:
//   - `complain` reports and reading goes on as if the right thing stood there (a repaired
//     mistake);
//   - `fail` reports and turns on `recovering_`: everything keeps still until the nearest list or
//     block has skipped to its next item.
// So one cause gives one message. Nothing is said about a lexeme the lexer complained about, nor
// twice about one place.
//
// Every function reads at least the lexeme it was called for or turns on `recovering_`; every loop
// checks that it moves.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace reticle {

// A diagnostic in the making; does nothing when the parser keeps still.
class Complaint {
 public:
  explicit Complaint(std::vector<Diagnostic>* list)
      : list_(list), index_(list ? list->size() - 1 : 0) {}
  explicit operator bool() const { return list_ != nullptr; }
  Complaint& label(std::string text);
  Complaint& related(Span span, std::string message);
  Complaint& fix(std::string title, Span span, std::string text);
  Complaint& fix(std::string title, std::vector<Edit> edits);
  Complaint& write(Span span, const std::string& text);  // a fix "write `text`"
  Complaint& help(std::string text);
  Complaint& note(std::string text);

 private:
  Diagnostic& get() { return (*list_)[index_]; }
  std::vector<Diagnostic>* list_;
  std::size_t index_;
};

class TextParser {
 public:
  TextParser(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
             Dialect dialect = Dialect::Rules);
  tree::Module module();
  Expr wholeExpression();
  Expr wholeCondition(const std::string& binding);
  std::optional<tree::TypeUse> wholeType();
  std::optional<Span64> wholeDuration();
  std::vector<tree::Cell> wholeCell();

 private:
  using enum LexemeKind;
  using Words = std::initializer_list<std::string_view>;

  // What a block holds: where its items begin and what ends it.
  enum class Inside : std::uint8_t {
    Module,
    Fields,
    Values,
    Conditions,
    Actions,
    Steps,
    Doings,
    Rows,
    Sections,
    Expects
  };

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Block {
    std::uint32_t open = 0;
    bool opened = false;
    Inside inside{};
    std::string what;
    bool single = false;            // without braces, and not longer than the line it begins on
    std::size_t complaint = kNone;  // about its missing `{`: a position in diagnostics_
  };

  // Lexemes (parser.cpp)
  const Lexeme& at(std::uint32_t ahead = 0) const {
    return lexemes_.items[std::min<std::size_t>(next_ + ahead, lexemes_.items.size() - 1)];
  }
  const Lexeme& previous() const { return lexemes_.items[next_ > 0 ? next_ - 1 : 0]; }
  const Lexeme& take();
  bool is(LexemeKind kind, std::uint32_t ahead = 0) const { return at(ahead).kind == kind; }
  bool isWord(std::string_view word, std::uint32_t ahead = 0) const {
    return is(Word, ahead) && textOf(at(ahead)) == word;
  }
  bool isAnyWord(Words words, std::uint32_t ahead = 0) const;
  bool takeIf(LexemeKind kind) { return is(kind) && (take(), true); }
  bool takeWord(std::string_view word) { return isWord(word) && (take(), true); }
  std::string_view textOf(const Lexeme& lexeme) const {
    return std::string_view(source_.text).substr(lexeme.begin, lexeme.end - lexeme.begin);
  }
  // the source text in back quotes, on one line, cut when long
  std::string shown(const Span& span) const;
  std::string shown(const Lexeme& lexeme) const { return shown(spanOf(lexeme)); }
  std::string written(const Span& span) const;  // the source text
  Span spanOf(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }
  Span spanFrom(std::uint32_t begin) const {
    return {file_, begin, std::max(begin, previous().end)};
  }
  Span after(const Span& span) const { return {file_, span.end, span.end}; }
  Span before(const Span& span) const { return {file_, span.begin, span.begin}; }
  bool capital(const Lexeme& lexeme) const;
  // A name whose last part begins with a capital; `past` is the number of lexemes of the whole
  // dotted name.
  bool typeStarts(std::uint32_t ahead = 0, std::uint32_t* past = nullptr) const;
  bool operandStarts(std::uint32_t ahead = 0) const;
  std::uint32_t lineStartOf(const Lexeme& lexeme) const;

  // Complaints (recovery.cpp)
  Complaint complain(std::string code, Span span, std::string message);
  Complaint fail(std::string code, Span span, std::string message);
  Complaint missingValue();
  void reserved(const Lexeme& word, std::string_view what);
  // A mandatory keyword: also taken, with a complaint, when it is misspelt.
  bool takeWordOrTypo(std::string_view word);
  std::string_view nearest(std::string_view word, Words words) const;
  std::string_view declaredNear(std::string_view word) const;

  // Blocks, lists, recovery (recovery.cpp)
  Block openBlock(Inside inside, std::string what, const Lexeme& owner);
  bool blockEnds(const Block& block);
  void endItem(const Block& block, std::uint32_t began);
  void skipToItem(Inside inside, const Lexeme* item = nullptr);
  bool itemStarts(Inside inside, std::uint32_t ahead = 0) const;
  bool declarationStarts(std::uint32_t ahead = 0) const;
  bool closedFromOutside(const Block& block) const;
  void reportOpenBlock(const Block& block);
  void skipBalanced();
  bool skipInList(LexemeKind close);
  // where the bracket there is closed; 0 when it is not
  std::uint32_t closing(std::uint32_t open) const;
  // that turn the round brackets there into braces
  std::vector<Edit> bracesFor(std::uint32_t open) const;
  // here and below, in the same declaration
  std::vector<Edit> renames(const tree::Name& name, const std::string& to) const;
  enum class ListStep { Again, End };
  ListStep endListItem(const Lexeme& open, LexemeKind close, std::string_view what);
  template <typename Item>
  void block(Inside inside, std::string what, const Lexeme& owner, Item item) {
    const Block opened = openBlock(inside, std::move(what), owner);
    if (recovering_) return;
    if (++blockNesting_ > kMaxNesting) {
      fail("RL0024", spanOf(previous()), "blocks are nested deeper than 64 levels");
      skipBalanced();
      --blockNesting_;
      return;
    }
    const Inside outer = inside_;
    inside_ = inside;
    while (!blockEnds(opened)) {
      const std::uint32_t began = next_;
      item();
      endItem(opened, began);
    }
    inside_ = outer;
    --blockNesting_;
  }
  // The items between an opening bracket, just taken, and its closing one.
  template <typename Item>
  void list(LexemeKind close, std::string_view what, Item item) {
    const Lexeme open = previous();
    while (!takeIf(close)) {
      const std::uint32_t began = next_;
      item();
      if (recovering_ && !skipInList(close)) return;
      if (endListItem(open, close, what) == ListStep::End) return;
      if (next_ == began) return;
    }
  }

  // Names and types (declarations.cpp)
  tree::Name takeName(std::string_view what);
  tree::Name nameOf(const Lexeme& lexeme) const;
  tree::Name qualifiedName(std::string_view what);
  tree::Name bindingName(std::string_view what);
  tree::Name declaredName(std::string_view kind, const Lexeme& keyword, bool type);
  tree::TypeUse type();
  tree::TypeUse simpleType();
  std::optional<std::string> text(std::string_view what);
  std::optional<tree::Duration> duration(std::string_view what);
  std::optional<std::int64_t> count(std::string_view what);

  // Declarations
  void header(tree::Module& module);
  bool declaration(tree::Declaration& out);
  std::string_view declarationKeyword();
  void factLike(tree::Declaration& out, std::string_view keyword);
  void enumeration(tree::Declaration& out);
  void constant(tree::Declaration& out);
  void function(tree::Declaration& out);
  void host(tree::Declaration& out);
  void functionBody(tree::Declaration& out);
  void resultType(tree::Declaration& out, bool required);
  void fields(tree::Declaration& out);
  tree::Field field();
  void fieldType(tree::Field& out);
  std::vector<tree::Field> params();
  void table(tree::Declaration& out);
  void tableHit(tree::Declaration& out);
  tree::TableRow row(const tree::Declaration& table);
  tree::Cell cell();
  void rule(tree::Declaration& out);
  bool ruleAttribute(tree::Declaration& out);
  bool ruleClause(tree::Declaration& out);
  void query(tree::Declaration& out);
  void flow(tree::Declaration& out);
  void test(tree::Declaration& out);
  void section(tree::Declaration& out);

  // Conditions
  std::vector<tree::Condition> conditions(const Lexeme& owner, std::string what);
  tree::Condition condition();
  std::uint32_t boundOtherwise() const;
  void notACondition();
  void group(tree::Condition& out, const Lexeme& owner);
  void accumulate(tree::Condition& out);
  tree::Pattern pattern(std::string_view what);
  void constraints(std::vector<Expr>& out, const std::string& binding);
  bool suffix(tree::Suffix& out);
  tree::Trigger trigger();

  // Actions, steps, doings
  std::vector<tree::Action> actions(Inside inside, const Lexeme& owner, std::string what);
  tree::Action action();
  bool ruleAction(std::string_view word, tree::Action& out);
  bool flowStep(std::string_view word, tree::Action& out);
  bool testDoing(std::string_view word, tree::Action& out);
  void notAnAction();
  void withoutBrackets();
  void setAction(tree::Action& out);
  void updateAction(tree::Action& out);
  void emitAction(tree::Action& out);
  void deliverClause(tree::Action& out);
  void letAction(tree::Action& out);
  void skipTypeOfLet();
  void ifAction(tree::Action& out);
  void forAction(tree::Action& out);
  void waitStep(tree::Action& out);
  void callStep(tree::Action& out);
  void stepOptions(tree::Action& out);
  void parallelStep(tree::Action& out);
  void hostScript(tree::Action& out);
  tree::Retry retry(bool inHead);
  std::vector<tree::Argument> arguments(std::string_view of);
  std::vector<tree::Argument> fieldValues(std::string_view of);
  tree::Expect expectation();

  // Expressions
  Expr whole(Expr expression);
  bool ends(std::string_view what);
  Expr expression();
  Expr headExpression();  // `Type{…}` is not read at its top
  Expr conditionExpression(const std::string& binding);
  Expr binary(int minimum);
  Expr unary();
  Expr member();
  Expr primary();
  Expr wordExpression();
  Expr numberLiteral(bool negative, std::uint32_t begin);
  Expr templateExpression();
  Expr listExpression();
  Expr mapExpression();
  Expr record(std::uint32_t lexemes);
  Expr selection(Expr target);
  void callArguments(Expr& call);
  Expr macro(Expr call);
  Expr hasMacro(Expr call);
  Expr element(Expr value, std::uint32_t begin) const;
  Expr inRange(Expr range);
  Expr poison(std::uint32_t begin) const;
  struct Infix {
    Operator op = Operator::None;
    int level = -1;
    int lexemes = 1;
    std::string_view meant;
    bool negated = false, method = false;
  };
  Infix infix() const;
  Infix foreignInfix() const;
  Expr applyInfix(const Infix& infix, Expr left, const Span& sign);
  Expr chain(const Infix& infix, Expr first);
  bool tooHigh(int height, const Span& span, bool chain = false);

  static constexpr int kMaxNesting = 64;

  const Source& source_;
  std::uint32_t file_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t firstDiagnostic_;
  Lexemes lexemes_;
  bool cel_;  // plain CEL
  std::uint32_t next_ = 0;
  bool recovering_ = false;
  std::uint32_t complainedAt_ = 0xffffffff;  // the last place complained about
  Inside inside_ = Inside::Module;
  int nesting_ = 0, blockNesting_ = 0;
  int height_ = 0;           // of the expression read last
  bool records_ = true;      // Type{…} may be read here
  bool inRow_ = false;       // `|` and `=>` belong to the table
  bool assignEnds_ = false;  // `=` may follow the expression
  bool inCondition_ = false;
  // a `=` behind a whole comparison begins the default of the field
  bool inWhere_ = false;
  std::vector<std::string> capitalBindings_;  // complained about already
  std::string binding_;                       // of the pattern whose constraints are read
  // A block that its indentation says has ended, though no `}` came: the likely culprit when a `}`
  // turns out to be missing.
  struct Suspect {
    Block block;
    Lexeme end;
  };
  std::optional<Suspect> suspect_;
  std::uint32_t openReportedAt_ = 0xffffffff;
};

// An expression of a kind, at its place, with nothing in it yet.
inline Expr node(ExprKind kind, Span span) {
  Expr e;
  e.kind = kind;
  e.span = span;
  return e;
}

// Bounded edit distance with transpositions; `limit` + 1 when it is more.
int editDistance(std::string_view a, std::string_view b, int limit);

}  // namespace reticle
