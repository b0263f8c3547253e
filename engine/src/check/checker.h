// Turns trees into a checked program: one object for one call of checkProgram, its deeds spread
// over check_*.cpp by subject.
//
// Invariants:
//   (1) A name is resolved in the module that wrote it (`module_`), never in the one that uses the
//       declaration.
//   (2) After a mistake the type is Poison, and nothing more is said about what is built on it.
//   (3) Expressions are compiled only while no error is known: the compiler never meets poison.
//   (4) All orders are those of the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.h"
#include "check/check_alone.h"
#include "check/index_recorder.h"
#include "check/scope.h"
#include "expression/functions.h"
#include "model/message.h"
#include "model/model.h"
#include "model/types.h"
#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle::model {

// A declaration that expressions and actions can name.
struct Symbol {
  enum class Kind : std::uint8_t { Type, Enum, Const, Function, Host, Query, Flow };
  Kind kind{};
  std::uint32_t index = 0;                         // among its kind
  const tree::Declaration* declaration = nullptr;  // null: built in
  const tree::Module* module = nullptr;
  bool used = false;  // something has looked it up
};

// Why a value must have a type: said in the message when it has not.
struct Want {
  std::string who;  // "`bandOf`", "the field `percent` of `Discount`"
  Span declared;    // where that was declared; empty when nowhere
};

class Checker {
 public:
  Checker(const std::vector<tree::Module>& modules, std::vector<Diagnostic>& diagnostics,
          CheckOptions options);
  // Empty when something is wrong.
  std::optional<Program> run();
  // One expression in plain CEL (check_alone.h): no literal is promoted, no limit of rule text
  // holds. False when something is wrong.
  bool runAlone(Expr& e, const Environment& environment);

 private:
  enum class State : std::uint8_t { Fresh, Busy, Done };
  struct ConstState {
    Symbol symbol;
    State state = State::Fresh;
    Type type;
    Value value;
  };
  struct FunctionState {
    Symbol symbol;
    State state = State::Fresh;
    std::vector<Param> params;
    Type result;
  };
  struct QueryState {
    Symbol symbol;
    State state = State::Fresh;
    Type answer;
  };

  // --- check.cpp: reports, symbols, the order of work
  Diagnostic& say(Level level, std::string code, Span span, std::string message);
  Diagnostic& error(std::string code, Span span, std::string message) {
    return say(Level::Error, std::move(code), span, std::move(message));
  }
  Diagnostic& warn(std::string code, Span span, std::string message) {
    return say(Level::Warning, std::move(code), span, std::move(message));
  }
  // Whether the parser reported a mistake inside of this place.
  bool wasUnread(Span span) const;
  // Whether an unknown name may come from an import that was not found, which was said.
  bool excused();
  // Says that this engine cannot carry out what stands there (RL0100), when the program is to run.
  // Comes after the construct was checked whole.
  Diagnostic& unsupported(Span span, const std::string& what, const std::string& note = "");
  // What queries can do already, but rules cannot yet.
  // Says what `unsupported` has heard: behind all else, so that it hides no mistake.
  void refuseUnsupported();
  void collect();
  void declare(const tree::Module& module, const tree::Declaration& declaration);
  void warnUnusedImports();
  void warnUnusedDeclarations();
  const Symbol* lookup(const std::string& name);
  std::vector<std::string> namesOf(std::initializer_list<Symbol::Kind> kinds) const;
  void eachDeclaration(tree::Declaration::Kind kind,
                       void (Checker::*deed)(const tree::Declaration&));

  // --- check_types.cpp
  Type resolve(const tree::TypeUse& use);
  Type recordType(TypeId id) const;
  void reportUnknownType(const std::string& name, Span span, bool record);
  const FactType* resolveRecord(const tree::Name& name);
  void addClock();
  void declareFields(const tree::Declaration& declaration);
  void addHiddenFields(FactType& type);
  void checkFields(const tree::Declaration& declaration);
  void nameSubject(const tree::Declaration& declaration, FactType& type);
  TypeId changeType(TypeId subject, FieldId field);
  TypeId openChangeType(TypeId subject, const std::string& property);
  TypeId addChangeType(TypeId subject, FieldId field, const std::string& property, const Type& type,
                       Span span);
  std::optional<FieldId> declaredField(TypeId type, std::string_view name) const;
  std::optional<FieldId> openField(TypeId type) const;
  Diagnostic& reportUnknownField(TypeId type, const std::string& name, Span span);

  // --- check_names.cpp
  void checkName(Expr& e, Scope& s);
  void checkSelect(Expr& e, Scope& s);
  bool resolveMeta(Expr& e, Scope& s);
  bool resolveQualified(Expr& e, Scope& s);
  void selectFrom(Expr& e, Scope& s);
  // Tells when an undeclared property of an open subject is called much like a declared one, or
  // like one of `names`.
  void warnNearProperty(TypeId type, const std::string& name, Span at,
                        std::vector<std::string> names = {});
  void becomeOpenProperty(Expr& e, Expr row, TypeId type, FieldId field, const Scope& s);
  void selectFromOptional(Expr& e, Scope& s);
  static void wrapField(Expr& e);
  bool reportAmbiguous(Expr& e, Scope& s, const Binding* outer, const Symbol* constant);
  void reportUnknownName(Expr& e, Scope& s);
  bool reportAbsent(const Expr& e, Scope& s);

  // --- check_expression.cpp, check_operators.cpp
  const Type& check(Expr& e, Scope& s);
  void checkLiteral(Expr& e);
  void checkIndex(Expr& e, Scope& s);
  void checkTernary(Expr& e, Scope& s);
  void checkList(Expr& e, Scope& s);
  void checkMap(Expr& e, Scope& s);
  void checkMacro(Expr& e, Scope& s);
  void checkUnary(Expr& e, Scope& s);
  void checkBinary(Expr& e, Scope& s);
  void checkLogical(Expr& e, Scope& s);
  void checkComparison(Expr& e, Scope& s);
  void warnNullJoin(const Expr& e, const Scope& s);
  void checkIn(Expr& e, Scope& s);
  void checkArithmetic(Expr& e, Scope& s);
  void checkCoalesce(Expr& e, Scope& s);
  void checkElement(Expr& e, Scope& s);
  void checkOptionalMap(Expr& e, Scope& s);
  void checkSortBy(Expr& e, const Type& range);
  Type elementOf(Expr& e, const Type& container, const Type& at);
  void offerMultiplication(const Expr& product, Diagnostic& d) const;
  void checkDivision(const Expr& e, const Scope& s);
  void reportOperands(const Expr& e, const std::string& verb);
  bool enumLiteral(Expr& e, const Type& type);

  // --- check_fit.cpp
  bool coerce(Expr& e, const Type& to, const Want& want, Scope& s);
  void requireBool(Expr& e, Scope& s, const std::string& who);
  bool requireValue(Expr& e, Scope& s, const std::string& who, const std::string& need);
  void reportMismatch(const Expr& e, const Type& to, const Want& want);
  void reportOptional(const Expr& e, Scope& s, const std::string& label);

  // --- check_call.cpp
  void checkCall(Expr& e, Scope& s);
  void checkBuiltin(Expr& e, Scope& s);
  void checkPassed(Expr& e, Scope& s);
  std::vector<const Overload*> overloadsOf(const std::string& name) const;
  bool resolveParameters(const Overload& overload, std::vector<Expr>& args, Type& result) const;
  bool checkDeclaredCall(Expr& e, Scope& s, const Symbol& symbol);
  bool arrangeArguments(Expr& e, Scope& s, const std::vector<Param>& params, const std::string& who,
                        Span declared);
  std::vector<std::string> functionNames() const;
  void reportUnknownFunction(const Expr& e, const std::string& name);
  void reportNow(const Expr& e, const Scope& s);
  std::vector<NamedExpression> namedArguments(const std::vector<tree::Argument>& arguments,
                                              const std::vector<Param>& params,
                                              const std::vector<tree::Field>& declared, Span call,
                                              const std::string& who, Scope& s);
  // The fields of `Type{…}`, for insert, upsert, emit and signal.
  std::vector<NamedExpression> checkRecord(const Expr& e, FactKind wanted, const std::string& verb,
                                           TypeId& type, Scope& s, bool& good);

  // --- check_table.cpp
  void checkTable(std::uint32_t index);
  std::vector<Expr> tableSubjects(const tree::Declaration& table, Scope& s);
  void noteCell(const std::vector<tree::Cell>& cell, const Expr& subject, const Expr* lowered,
                Table& table);
  Expr tableDefault(const tree::Declaration& table, const Type& type, Scope& s);
  Expr lowerCell(const std::vector<tree::Cell>& cell, const Expr& subject, Scope& s);
  Expr rowResult(const tree::Declaration& table, const tree::TableRow& row, const Type& type,
                 Scope& s);

  // --- check_collect.cpp
  Type collectedRow(const tree::Declaration& table, const Type& declared);
  // `hit collect`: what the rows give together; `tests` and `results` by row, `none`: the result
  // when no row matches, if one is declared.
  Expr collectRows(const tree::Declaration& table, const Type& type, const Type& result,
                   const std::vector<Expr>& tests, const std::vector<Expr>& results,
                   const std::optional<Expr>& none);

  // --- check_function.cpp
  void checkConst(std::uint32_t index);
  void checkFunction(std::uint32_t index);
  void checkQuery(std::uint32_t index);
  std::vector<Param> params(const std::vector<tree::Field>& fields);
  void paramDefaults(const std::vector<tree::Field>& fields, std::vector<Param>& params);
  void bindParams(const std::vector<tree::Field>& fields, const std::vector<Param>& params,
                  Scope& s, bool quiet);
  void declareHost(const tree::Declaration& declaration);
  void declareFlow(const tree::Declaration& declaration);
  void defaults(const tree::Declaration& declaration);
  std::optional<Value> fold(const Expression& expression);

  // --- check_rule.cpp
  void checkRule(const tree::Declaration& declaration);
  void checkAttributes(const tree::Declaration& declaration, Rule& rule);
  void checkEffective(const tree::Declaration& declaration, Rule& rule);
  std::optional<Time> dateIn(const std::string& text, Span span, bool wholeDay);
  void checkSalience(const tree::Declaration& declaration, Rule& rule, Scope& s);
  void checkOnce(const tree::Declaration& declaration, Rule& rule, Scope& s);
  void refuseChangesOfGone(const std::vector<Action>& actions, std::uint32_t row, Span trigger);

  // --- check_trigger.cpp
  void checkTrigger(const tree::Trigger& trigger, Rule& rule, Scope& s);
  void checkEventTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s);
  void checkChangeTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s);
  void checkFactTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s);
  void checkCron(const tree::Trigger& trigger, Trigger& out);
  bool addTriggerPattern(const tree::Pattern& pattern, Condition& out, Scope& s);
  Expression joinOnSubject(std::uint32_t subjectRow, TypeId subject, std::uint32_t eventRow,
                           TypeId event, const std::string& binding, Span span);

  // --- check_condition.cpp
  void checkConditions(const std::vector<tree::Condition>& conditions, std::vector<Condition>& out,
                       Scope& s);
  void checkCondition(const tree::Condition& condition, std::vector<Condition>& out, Scope& s);
  bool checkEach(const tree::Condition& condition, Condition& out, Scope& s);
  void checkTest(const Expr& written, const std::string& who, Expression& out, Scope& s);
  // Names that a condition was to bind and does not, because of a mistake that was said.
  void breakNames(const tree::Condition& condition, Scope& s);

  // --- check_group.cpp: conditions inside of conditions
  // What a group has bound is taken back by `leave`, all of it.
  struct Mark {
    std::size_t bindings, known, rows;
  };
  Mark enter(Scope& s);
  // Ends the names bound since the mark: unused ones are told; `word` is the condition they were
  // inside of.
  void leave(Scope& s, const Mark& mark, const std::string& word);
  bool checkGroup(const std::vector<tree::Condition>& group, std::vector<Condition>& out, Scope& s,
                  Span keyword, const std::string& word);
  bool checkNegation(const tree::Condition& condition, Condition& out, Scope& s);
  bool checkForall(const tree::Condition& condition, Condition& out, Scope& s);
  bool checkEither(const tree::Condition& condition, Condition& out, Scope& s);
  // What one branch of an `either` binds.
  struct Branch {
    std::vector<Binding> names;
    Span span;
  };
  void exportNames(const std::vector<Branch>& branches, Condition& out, Scope& s);

  // --- check_accumulate.cpp
  bool checkAccumulate(const tree::Condition& condition, Condition& out, Scope& s);
  Type accumulateResult(const tree::AccumulateFunction& f, AccumulateFunction& out, bool grouped,
                        Scope& s);

  // --- check_pattern.cpp
  // Reads a pattern whose candidate is row `row`; `needed`: without a match the rule cannot fire.
  // False when its type is unknown.
  bool checkPattern(const tree::Pattern& pattern, std::uint32_t row, Pattern& out, Scope& s,
                    bool needed = false);
  void addRow(const tree::Pattern& pattern, const Pattern& checked, Scope& s);
  void checkSuffixes(const tree::Pattern& pattern, Pattern& out, Scope& s);
  void offerPassed(const tree::Pattern& pattern, std::size_t index, const Expr& checked,
                   Diagnostic& d) const;
  bool checkSuffix(const tree::Suffix& suffix, const tree::Pattern& pattern, TypeId type,
                   Suffix& out, Scope& s);
  bool resolveEvent(const tree::Suffix& suffix, const tree::Pattern& pattern, Suffix& out,
                    Scope& s);
  void warnEndless(const tree::Suffix& written, const tree::Pattern& pattern, TypeId type,
                   const Suffix& suffix, const Scope& s);
  void bind(Scope& s, Binding binding);
  std::uint32_t bindLocal(Scope& s, const tree::Name& name, Type type, const char* what,
                          bool quiet = false);
  // Ends the life of the names bound since `mark`.
  void close(Scope& s, std::size_t mark, bool leaveTrace = false);
  void warnUnused(const Binding& binding);
  bool isFree(const tree::Name& name, const Scope& s);
  Binding rowBinding(const tree::Pattern& pattern, TypeId type, std::uint32_t row) const;

  // --- check_change.cpp
  bool checkInsert(const tree::Action& action, Action& out, Scope& s);
  bool checkUpsert(const tree::Action& action, Action& out, Scope& s);
  bool checkEmit(const tree::Action& action, Action& out, Scope& s);
  void checkWhen(const tree::Action& action, Action& out, Scope& s);
  bool checkPart(const tree::Action& action, Action& out, Type& type, Scope& s);
  bool checkSet(const tree::Action& action, Action& out, Scope& s);
  bool checkUnset(const tree::Action& action, Action& out, Scope& s);
  bool checkUpdate(const tree::Action& action, Action& out, Scope& s);
  bool checkRetract(const tree::Action& action, Action& out, Scope& s);

  // --- check_action.cpp
  std::vector<Action> checkActions(const std::vector<tree::Action>& actions, Scope& s);
  bool checkAction(const tree::Action& action, Action& out, Scope& s);
  bool allowedHere(const tree::Action& action, const Scope& s);
  Expression checkKey(const Expr& written, const std::string& what, Scope& s);
  const Flow* resolveFlow(const tree::Name& name, const Symbol** symbol);
  void lookAt(const std::vector<tree::Argument>& arguments, Scope& s);
  bool checkCallAction(const tree::Action& action, Action& out, Scope& s);
  bool checkStart(const tree::Action& action, Action& out, Scope& s);
  bool checkSignal(const tree::Action& action, Action& out, Scope& s);
  bool checkCancel(const tree::Action& action, Action& out, Scope& s);
  bool checkFocus(const tree::Action& action, Action& out, Scope& s);
  std::uint32_t bindResult(Scope& s, const tree::Name& name, Type type, const char* what,
                           bool quiet = false);
  std::vector<Binding> takeBound(Scope& s, std::size_t mark);
  void keepCommon(std::vector<Binding> first, bool firstLeaves, std::vector<Binding> second,
                  bool secondLeaves, Scope& s);
  bool checkIf(const tree::Action& action, Action& out, Scope& s);
  bool checkFor(const tree::Action& action, Action& out, Scope& s);
  // The fact that an action changes; false when there is none or it cannot be changed so.
  bool checkTarget(const tree::Name& name, const char* verb, Action& out, Scope& s);
  bool fieldToSet(const tree::Name& name, Action& out, NamedExpression& field, Type& type);

  // --- check_flow.cpp
  void checkFlow(const tree::Declaration& declaration);
  void checkHandlers(const tree::Declaration& declaration, Flow& flow, Scope& s);
  bool checkFlowAction(const tree::Action& action, Action& out, Scope& s);
  bool checkReturn(const tree::Action& action, Action& out, Scope& s);
  bool checkTry(const tree::Action& action, Action& out, Scope& s);
  bool checkWait(const tree::Action& action, Action& out, Scope& s);
  bool checkWaitUntil(const tree::Action& action, Action& out, Scope& s);

  // --- check_step.cpp
  std::optional<Retry> checkRetry(const std::optional<tree::Retry>& retry, Scope& s);
  void checkAfter(const tree::Action& step, const std::vector<const tree::Action*>& parts,
                  Scope& s);
  const Host* resolveHost(const tree::Name& name, const tree::Declaration** declaration);
  bool checkStep(const tree::Action& action, Action& out, Scope& s,
                 const std::vector<const tree::Action*>& parts = {});
  void checkUndo(const tree::Action& action, Action& out, const Type& result, Scope& s);
  bool checkParallel(const tree::Action& action, Action& out, Scope& s);
  bool checkPartOf(const tree::Action& parallel, const tree::Action& part,
                   const std::vector<const tree::Action*>& parts, Action& out, Scope& s);

  // --- check_reach.cpp: ways through actions and steps
  void reportUnreachable(const tree::Action& leaving, const std::vector<tree::Action>& rest,
                         const Scope& s);
  void warnConstant(const tree::Action& action, const Expr& test);
  void warnEndless(const tree::Action& action, const Action& checked);
  void informOfEndless(const tree::Declaration& declaration);
  void warnWithoutUndo(const tree::Declaration& declaration);
  void warnUnheardSignals();

  // --- check_test.cpp
  void checkTest(const tree::Declaration& declaration);
  void warnUnusedScripts(const tree::Declaration& declaration);
  bool checkDoing(const tree::Action& action, Action& out, Scope& s);
  bool checkScript(const tree::Action& action, Action& out, Scope& s);
  bool checkExpect(const tree::Expect& expect, Expect& out, Scope& s, std::uint32_t locals);

  // --- analysis.cpp: what the whole program means
  void analyse();

  // --- check_together.cpp: rules as a whole
  void warnUnconnected(const tree::Declaration& declaration, const Rule& rule);
  void warnSelfFeeding(const tree::Declaration& declaration, const Rule& rule);
  void refuseContradictions(const Pattern& pattern, bool needed);
  bool allows(const std::string& code) const;

  // As the functions of these names, but for plain CEL: there a literal is what it is, and null
  // goes with few types.
  bool promote(Expr& e) const;
  Type join(const Type& a, const Type& b) const;

  Expression finish(Expr tree);
  // The line, from 1, at which a place begins; 0 when the sources are not known, or are documents,
  // whose lines mean nothing.
  std::uint32_t lineAt(const Span& span) const;
  // The same of what has its lines for itself; 0 also when it has more than one.
  std::uint32_t onlyLineAt(const Span& span) const;
  // After a comparison is known to be true (or false): remembers what cannot be null any more.
  void assume(const Expr& condition, bool truth, Scope& s) const;
  const FactType& typeOf(TypeId id) const { return program_.types[index(id)]; }

  const std::vector<tree::Module>& modules_;
  std::vector<Diagnostic>& diagnostics_;
  CheckOptions options_;
  IndexRecorder index_{options_.index};
  const Environment* alone_ = nullptr;  // plain CEL
  std::vector<Span> unread_;            // places of the parser's errors
  Diagnostic silent_;                   // where reports go that nobody needs
  std::vector<const tree::Module*> brokenImports_;
  std::set<const tree::Import*> usedImports_;
  std::vector<Diagnostic> pending_;  // what `unsupported` has heard
  bool failed_ = false;
  Program program_;
  const tree::Module* module_ = nullptr;
  const tree::Declaration* rule_ = nullptr;  // the rule at hand, for `allow`
  std::map<std::string, Symbol> symbols_;    // by qualified name
  std::map<std::string, Span> spans_;        // of their names
  std::vector<Type> enums_;
  std::vector<Span> enumSpans_;
  std::vector<ConstState> consts_;
  std::vector<FunctionState> functions_;
  std::vector<QueryState> queries_;
  std::vector<std::string> busy_;  // functions being checked, outermost first
  std::map<std::string, Span> ruleNames_;
  std::map<const tree::Declaration*, std::uint32_t> indexes_;
  std::size_t depth_ = 0;
  // whether the pattern read last used its own binding
  bool ownUsed_ = false;
  std::size_t errors_ = 0;  // said so far
  std::uint32_t flow_ = 0;  // the flow at hand
  // the same, as written; null outside of flows
  const tree::Declaration* flowDeclaration_ = nullptr;
  struct Signal {
    FlowId flow;
    TypeId event;
    Span span;
    const tree::Declaration* rule;
  };
  // for warnUnheardSignals: flows may be declared behind
  std::vector<Signal> signals_;
  std::vector<const tree::Declaration*> ruleTrees_;   // beside program_.rules
  std::vector<const tree::Declaration*> tableTrees_;  // beside program_.tables
  // actions that one written action needs after the first
  std::vector<Action> following_;
};

// Unchecked: without a type.
Expr binary(Operator op, Expr left, Expr right);
// "a.b.c" of a chain of names, or "".
std::string dottedName(const Expr& e);
bool leaves(const std::vector<Action>& actions);
// What an action names for those behind it, and its parts for those behind them.
std::vector<tree::Name> namesBoundBy(const tree::Action& action);
// Whether an expression is the same whatever the facts and values are.
bool isFixed(const Expr& checked);

}  // namespace reticle::model
