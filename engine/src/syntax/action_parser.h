// Actions of rules, steps of flows and doings of tests. Flows and tests may hold actions, and
// blocks hold all three: so they are read together, and a step in the wrong place is understood.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/advice_actions.h"
#include "syntax/condition_parser.h"

namespace reticle {

class ActionParser : private Grammar {
 public:
  ActionParser(Reading& reading, NameParser& names, ExpressionParser& expressions,
               ConditionParser& conditions)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        expressions_(expressions),
        conditions_(conditions) {}

  // Actions, Steps or Doings = "{" { … [ ";" ] } "}"; `owner` is the keyword in front.
  std::vector<tree::Action> actions(Inside inside, const Lexeme& owner, std::string what);
  // Retry, after its keyword. Behind a step, an `if` with a block is the next step; in the head of
  // a flow there is none.
  tree::Retry retry(bool inHead);

 private:
  // How the item that begins with a word is read.
  struct Form {
    std::string_view word;
    tree::Action::Kind kind;
    void (ActionParser::*read)(tree::Action&);  // after the word; null when nothing follows
  };
  static const Form* formOf(std::string_view word);

  // Actions (actions.cpp)
  // One item of a block. Each function below
  // reads what follows the word it is named for, which has been taken.
  tree::Action action();
  void insert(tree::Action& out);
  // For the verbs that take one expression and nothing more.
  void value(tree::Action& out);
  // Set = "set" [ "muted" ] Path "=" Expr
  void set(tree::Action& out);
  void unset(tree::Action& out);
  // Update = "update" IDENT ( "{" Arguments "}" | "with" Expr )
  void update(tree::Action& out);
  void retract(tree::Action& out);
  // Emit = "emit" Record { "to" | "after" | "at" | "replacing" Expr | "deliver" … }
  void emit(tree::Action& out);
  void deliver(tree::Action& out);
  // Call = "call" QName "(" [ Arguments ] ")"; start takes a key too
  void call(tree::Action& out);
  void start(tree::Action& out);
  void signal(tree::Action& out);
  void cancel(tree::Action& out);
  void keyOfRun(tree::Action& out);
  void log(tree::Action& out);
  void let(tree::Action& out);
  void ifAction(tree::Action& out);
  // The `else` of an `if`, which may be another `if`.
  void otherwise(tree::Action& out);
  void forAction(tree::Action& out);
  void focus(tree::Action& out);
  void refresh(tree::Action& out);
  void halt(tree::Action& out);
  // By name, in round brackets; `of` is what they belong to, for messages.
  std::vector<tree::Argument> arguments(std::string_view of);
  std::vector<tree::Argument> fieldValues(std::string_view of);

  // Steps and doings (steps.cpp)
  // Step = "step" IDENT [ "after" … ] "=" ( "call" | "run" ) Call { StepOption }
  void step(tree::Action& out);
  // Retry, timeout, undo and `ignore errors`, in any order.
  void stepOptions(tree::Action& out);
  void undo(tree::Action& out);
  void sleep(tree::Action& out);
  void wait(tree::Action& out);
  void parallel(tree::Action& out);
  void branch(tree::Action& out);
  void tryStep(tree::Action& out);
  void failOrReturn(tree::Action& out);
  void restart(tree::Action& out);
  void backoff(tree::Retry& out);
  // False when no `if` of the plan stands here.
  bool retryCondition(tree::Retry& out, bool inHead);
  void clock(tree::Action& out);
  void settle(tree::Action& out);
  void advance(tree::Action& out);
  void host(tree::Action& out);
  void replace(tree::Action& out);
  // One outcome of a host function; false when none stands here.
  bool script(tree::Action& out);

  ActionAdvice advice_;
  NameParser& names_;
  ExpressionParser& expressions_;
  ConditionParser& conditions_;
};

}  // namespace reticle
