// Constants, functions, tables and queries, and the heads of host functions and flows.
//
// A definition is checked when something first needs it, so that the order of the text does not
// matter. While it is being checked it is busy: who needs it then is part of it, which is an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"

namespace reticle::model {

class ConditionChecker;
class ExpressionChecker;
class TableChecker;

class Definitions : CheckerPart {
 public:
  Definitions(const Shared& shared, ExpressionChecker& expressions, TableChecker& tables,
              ConditionChecker& conditions)
      : CheckerPart(shared), expressions_(expressions), tables_(tables), conditions_(conditions) {}

  // In this order: the heads of everything, then the bodies.
  void declareHost(const tree::Declaration& declaration, const tree::Module* from);
  void declareFlow(const tree::Declaration& declaration, const tree::Module* from);
  void declareFunctions();
  void declareQueries();
  void checkConstsAndFunctions();
  // The defaults of the parameters of a host function, query or flow.
  void defaults(const tree::Declaration& declaration, const tree::Module* from);
  void checkQueries();

  // A constant is computed while it is checked: its value, and the type of that.
  struct Constant {
    Type type;
    Value value;
  };
  // What others need of a definition; checks it first.
  const Constant& constant(std::uint32_t index);
  const std::vector<Param>& paramsOfFunction(std::uint32_t index);
  const Type& resultOfFunction(std::uint32_t index) const { return functions_[index].result; }
  const Type& answerOfQuery(std::uint32_t index);

  bool isFunctionBusy(std::uint32_t index) const;
  // A function that is being checked is called: all on the way back to it are recursive. False, and
  // nothing is noted, when the way leads through a query. Requires: it is busy
  bool noteRecursion(std::uint32_t index);
  bool isQueryBusy(std::uint32_t index) const;
  // "`f` → `g` → `f`": how a busy function came to call itself; `who` when that is not known.
  std::string wayBackTo(std::uint32_t function, const std::string& who) const;

 private:
  // Fresh until first needed, Busy while being checked, Done after.
  enum class State : std::uint8_t { Fresh, Busy, Done };
  struct ConstState {
    State state = State::Fresh;
    Constant constant;
  };
  struct FunctionState {
    State state = State::Fresh;
    std::vector<Param> params;
    Type result;
  };
  struct QueryState {
    State state = State::Fresh;
    Type answer;
  };

  // Requires: the definition is Fresh.
  void checkConst(std::uint32_t index);
  void checkFunction(std::uint32_t index);
  void checkQuery(std::uint32_t at);
  std::vector<Param> params(const std::vector<tree::Field>& fields, const tree::Module* from);
  void paramDefaults(const std::vector<tree::Field>& fields, std::vector<Param>& params,
                     const tree::Module* from);

  ExpressionChecker& expressions_;
  TableChecker& tables_;
  ConditionChecker& conditions_;
  // Beside the symbols of their kind; sized when the heads are declared, so that references stay.
  std::vector<ConstState> consts_;
  std::vector<FunctionState> functions_;
  std::vector<QueryState> queries_;
  std::vector<std::string> busy_;           // functions being checked, outermost first
  std::vector<std::uint32_t> busyIndexes_;  // the same by position, and kQuery for each query
  static constexpr std::uint32_t kQuery = 0xffffffffu;
};

}  // namespace reticle::model
