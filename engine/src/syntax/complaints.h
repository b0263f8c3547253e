// What the parser has to say about mistakes, and whether it is keeping still.
//
//   - `complain` reports, and reading goes on as if the right thing stood there (a repaired
//     mistake);
//   - `fail` reports and begins recovering: nothing more is said until the nearest list or block
//     has skipped to its next item.
//
// So one cause gives one message. Nothing is said about a lexeme the lexer complained about, nor
// twice in a row about one place.
#pragma once

#include <string>
#include <vector>

#include "reticle/diagnostic.h"
#include "syntax/lexeme_reader.h"

namespace reticle {

// A diagnostic in the making; does nothing when the parser keeps still.
class Complaint {
 public:
  Complaint() = default;
  // About the last of the list, which is borrowed.
  explicit Complaint(std::vector<Diagnostic>& list) : list_(&list), index_(list.size() - 1) {}
  explicit operator bool() const { return list_ != nullptr; }
  Complaint& label(std::string text);
  Complaint& related(Span span, std::string message);
  Complaint& fix(std::string title, Span span, std::string text);
  Complaint& fix(std::string title, std::vector<Edit> edits);
  Complaint& write(Span span, const std::string& text);  // a fix "write `text`"
  Complaint& help(std::string text);
  Complaint& note(std::string text);
  // One more edit for the first fix, and what it does.
  void extendFix(Edit edit, const std::string& title);

 private:
  Diagnostic& get() { return (*list_)[index_]; }
  std::vector<Diagnostic>* list_ = nullptr;
  std::size_t index_ = 0;
};

class Complaints {
 public:
  // Borrows both, the lexemes for its whole life; what stands in the list already is left alone.
  Complaints(const LexemeReader& lexemes, std::vector<Diagnostic>& list)
      : lexemes_(lexemes), list_(list), first_(list.size()) {}

  Complaint complain(std::string code, Span span, std::string message);
  Complaint fail(std::string code, Span span, std::string message);

  bool recovering() const { return recovering_; }
  void recover() { recovering_ = true; }  // without a word: the mistake is known
  void resume() { recovering_ = false; }
  // Lets the next complaint be about the place of the last one.
  void forgetPlace() { complainedAt_ = kNowhere; }

  // Whether the parser, or the lexer before it, has reported anything.
  bool any() const { return list_.size() > first_; }
  // In the order of the text, and not more than a person reads.
  void arrange();

  // For looking ahead by reading: what was said since is taken back.
  struct Mark {
    std::size_t reported;
    std::uint32_t complainedAt;
  };
  Mark mark() const { return {list_.size(), complainedAt_}; }
  void rewind(const Mark& mark);

 private:
  static constexpr std::uint32_t kNowhere = 0xffffffff;
  const LexemeReader& lexemes_;
  std::vector<Diagnostic>& list_;
  std::size_t first_;
  bool recovering_ = false;
  std::uint32_t complainedAt_ = kNowhere;  // the last place complained about
  std::size_t left_ = 0;                   // mistakes that are not in the list
};

}  // namespace reticle
