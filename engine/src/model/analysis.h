// What a program means as a whole: values that can never be, rows of tables, rules that work against each other or wake each other.
//
// Everything here is sound: it speaks only where the text leaves no doubt, and is silent about the rest. All work is bounded, near linear for ordinary
// programs; what lies beyond a bound is not told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

// One call of the analyses: the checked program beside the trees it came from.
class Analysis {
 public:
  // Requires: `rules` and `tables` stand beside the program's rules and tables.
  Analysis(const Program& program, const std::vector<const tree::Declaration*>& rules, const std::vector<const tree::Declaration*>& tables)
      : program_(program), rules_(rules), tables_(tables) {}

  // What is wrong with the tables that were read without a mistake, whatever else is wrong.
  void checkTables();

  // Everything that is known of the tables, also what is allowed: "table bandOf: …" and a line for each gap, overlap and row that is never reached.
  std::string tablesText() const;

  std::vector<Diagnostic> take() { return std::move(found_); }

 private:
  Diagnostic& say(Level level, std::string code, Span span, std::string message);


  const Program& program_;
  const std::vector<const tree::Declaration*>& rules_;
  const std::vector<const tree::Declaration*>& tables_;
  std::vector<Diagnostic> found_;
};

bool allows(const tree::Declaration& declaration, std::string_view code);

}  // namespace reticle::model
