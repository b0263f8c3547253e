// Constants, functions and queries, each checked when it is first needed.
#include <algorithm>

#include "check/condition_checker.h"
#include "check/definitions.h"
#include "check/expression_checker.h"
#include "check/table_checker.h"
#include "expression/functions.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

// Parameters and declared results only. The states get their size here, once, so that references
// into them stay good while definitions call each other.
void Definitions::declareFunctions() {
  const std::vector<Symbol>& symbols = symbols_.functions();
  consts_.resize(symbols_.consts().size());
  functions_.resize(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const tree::Module* from = symbols[i].module;
    const tree::Declaration& declaration = *symbols[i].declaration;
    functions_[i].params = params(declaration.params, from);
    if (declaration.result) functions_[i].result = types_.resolve(*declaration.result, from);
    if (!declaration.results.empty()) {
      functions_[i].result = Type::of(TypeKind::Row);
      for (const tree::Field& result : declaration.results) {
        functions_[i].result.members.push_back(
            {result.name.text, types_.resolve(result.type, from), result.name.span});
      }
    }
    for (const Param& param : functions_[i].params) {
      program_.functions[i].params.push_back(param.name);
    }
  }
}

// As functions; what a query gives is known when its conditions are.
void Definitions::declareQueries() {
  const std::vector<Symbol>& symbols = symbols_.queries();
  queries_.resize(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    program_.queries[i].params = params(symbols[i].declaration->params, symbols[i].module);
  }
}

// Each of them once, whoever has asked for it before.
void Definitions::checkConstsAndFunctions() {
  for (std::uint32_t i = 0; i < consts_.size(); ++i) checkConst(i);
  for (std::uint32_t i = 0; i < functions_.size(); ++i) checkFunction(i);
}

// Before the rules, so that no query is first met in the middle of one.
void Definitions::checkQueries() {
  for (std::uint32_t i = 0; i < queries_.size(); ++i) checkQuery(i);
}

// Its value is null while a mistake is known; the type is what counts then.
const Definitions::Constant& Definitions::constant(std::uint32_t index) {
  checkConst(index);
  return consts_[index].constant;
}

// With their defaults, which are checked with the function.
const std::vector<Param>& Definitions::paramsOfFunction(std::uint32_t index) {
  checkFunction(index);
  return functions_[index].params;
}

// One row as a value, or a list of rows.
const Type& Definitions::answerOfQuery(std::uint32_t index) {
  checkQuery(index);
  return queries_[index].answer;
}

// True for a function that is met while its own body is checked.
bool Definitions::isFunctionBusy(std::uint32_t index) const {
  return functions_[index].state == State::Busy;
}

bool Definitions::noteRecursion(std::uint32_t index) {
  const auto first = std::find(busyIndexes_.begin(), busyIndexes_.end(), index);
  if (std::find(first, busyIndexes_.end(), kQuery) != busyIndexes_.end()) return false;
  for (auto at = first; at != busyIndexes_.end(); ++at) program_.functions[*at].recursive = true;
  return true;
}

// True for a query that is met while its own conditions are checked.
bool Definitions::isQueryBusy(std::uint32_t index) const {
  return queries_[index].state == State::Busy;
}

// The way is read off those that are being checked, outermost first.
std::string Definitions::wayBackTo(std::uint32_t function, const std::string& who) const {
  std::string path;
  const auto from =
      std::find(busy_.begin(), busy_.end(), symbols_.functions()[function].declaration->name.text);
  for (auto name = from; name != busy_.end(); ++name) path += quoted(*name) + " → ";
  return path + (from == busy_.end() ? who : quoted(*from));
}

// Constants are computed here and never again: an expression that uses one holds its value.
void Definitions::checkConst(std::uint32_t index) {
  ConstState& state = consts_[index];
  if (state.state == State::Done) return;
  const Symbol& symbol = symbols_.consts()[index];
  const tree::Declaration& declaration = *symbol.declaration;
  Constant& constant = state.constant;
  if (state.state == State::Busy) {
    report_.error("RL2015", declaration.name.span,
                  "the constant " + quoted(declaration.name.text) + " is made of itself");
    constant.type = Type::of(TypeKind::Poison);
    return;
  }
  state.state = State::Busy;
  Scope s = Scope::in(Scope::Place::Constant, symbol.module);
  Expr tree = declaration.value ? *declaration.value : Expr{};
  Type type = expressions_.check(tree, s);
  if (declaration.result) {
    const Type wanted = types_.resolve(*declaration.result, symbol.module);
    fit_.coerce(tree, wanted,
                {"the constant " + quoted(declaration.name.text), declaration.result->span}, s);
    type = wanted;
  }
  // It may have met itself meanwhile.
  if (!isPoison(constant.type)) constant.type = type;
  index_.result(declaration.name.span, type);
  const Span span = tree.span;
  const Expression expression = expressions_.finish(std::move(tree));
  if (const std::optional<Value> value = expressions_.fold(expression)) {
    constant.value = *value;
    if (value->isError()) {
      report_
          .error("RL2014", span,
                 "the constant " + quoted(declaration.name.text) + " cannot be computed")
          .label = std::string(value->errorMessage());
      constant.type = Type::of(TypeKind::Poison);
    }
  }
  state.state = State::Done;
}

// Two of one name are both kept, so that the places of the others stay right.
std::vector<Param> Definitions::params(const std::vector<tree::Field>& fields,
                                       const tree::Module* from) {
  std::vector<Param> result;
  for (const tree::Field& field : fields) {
    const auto same = std::find_if(result.begin(), result.end(),
                                   [&](const Param& p) { return p.name == field.name.text; });
    if (field.name && same != result.end()) {
      Diagnostic& d = report_.error("RL1007", field.name.span,
                                    "there are two parameters called " + quoted(field.name.text));
      d.related.push_back(
          {fields[static_cast<std::size_t>(same - result.begin())].name.span, "the first one"});
    }
    Param param;
    param.name = field.name.text;
    // Which of two is meant cannot be known: nothing is said about either use.
    param.type = field.name && same != result.end() ? Type::of(TypeKind::Poison)
                                                    : types_.resolve(field.type, from);
    result.push_back(std::move(param));
  }
  return result;
}

// A default sees no other parameter: it is a constant.
void Definitions::paramDefaults(const std::vector<tree::Field>& fields, std::vector<Param>& params,
                                const tree::Module* from) {
  for (std::size_t i = 0; i < fields.size() && i < params.size(); ++i) {
    if (!fields[i].initial) continue;
    Scope s = Scope::in(Scope::Place::Constant, from);
    Expr tree = *fields[i].initial;
    expressions_.check(tree, s);
    fit_.coerce(tree, params[i].type,
                {"the parameter " + quoted(params[i].name), fields[i].type.span}, s);
    params[i].initial = expressions_.finish(std::move(tree));
  }
}

// A pure host function must say what it gives, since it is nothing but that.
void Definitions::declareHost(const tree::Declaration& declaration, const tree::Module* from) {
  const auto found = symbols_.indexOf(declaration);
  if (!found) return;
  std::vector<Param> declared = params(declaration.params, from);
  std::optional<Type> result;
  if (declaration.result) result = types_.resolve(*declaration.result, from);
  if (declaration.pure && !declaration.result) {
    report_
        .error("RL2009", declaration.name.span,
               quoted(declaration.name.text) + " is pure but gives nothing")
        .help.push_back("say what it gives: " + quoted("-> string"));
  }
  Host& host = program_.hosts[*found];
  host.params = std::move(declared);
  host.result = std::move(result);
}

// Its steps are checked after all rules; until then a `start` needs no more than this.
void Definitions::declareFlow(const tree::Declaration& declaration, const tree::Module* from) {
  const auto found = symbols_.indexOf(declaration);
  if (!found) return;
  std::vector<Param> declared = params(declaration.params, from);
  std::optional<Type> result;
  if (declaration.result) result = types_.resolve(*declaration.result, from);
  Flow& flow = program_.flows[*found];
  flow.params = std::move(declared);
  flow.result = std::move(result);
}

// Those of functions are checked with the functions themselves.
void Definitions::defaults(const tree::Declaration& declaration, const tree::Module* from) {
  const auto found = symbols_.indexOf(declaration);
  if (!found) return;
  using Kind = tree::Declaration::Kind;
  std::vector<Param>* params = declaration.kind == Kind::Host    ? &program_.hosts[*found].params
                               : declaration.kind == Kind::Query ? &program_.queries[*found].params
                                                                 : &program_.flows[*found].params;
  paramDefaults(declaration.params, *params, from);
}

namespace {

// `let x = e` in front of what a function gives is cel.bind(x, e, …) around it.
Expr bodyOf(const tree::Declaration& function) {
  Expr body = function.value ? *function.value : Expr{};
  for (auto local = function.locals.rbegin(); local != function.locals.rend(); ++local) {
    Expr bind;
    bind.kind = ExprKind::Macro;
    bind.text = "bind";
    bind.span = {local->span.file, local->span.begin, body.span.end};
    bind.nameSpan = local->name.span;
    bind.names.push_back(local->name.text);
    bind.nameSpans.push_back(local->name.span);
    bind.args.push_back(local->value);
    bind.args.push_back(std::move(body));
    body = std::move(bind);
  }
  return body;
}

}  // namespace

// A function without a declared result gives what its body gives.
void Definitions::checkFunction(std::uint32_t index) {
  FunctionState& state = functions_[index];
  if (state.state != State::Fresh) return;
  state.state = State::Busy;
  const Symbol& symbol = symbols_.functions()[index];
  const tree::Declaration& declaration = *symbol.declaration;
  busy_.push_back(declaration.name.text);
  busyIndexes_.push_back(index);
  if (builtinIndex(declaration.name.text) >= 0) {
    report_
        .error("RL1009", declaration.name.span,
               quoted(declaration.name.text) + " is a function of the language")
        .help.push_back("choose another name");
  }
  paramDefaults(declaration.params, state.params, symbol.module);
  if (declaration.kind == tree::Declaration::Kind::Table) {
    program_.functions[index].body =
        tables_.checkTable(declaration, symbol.module, state.params, state.result);
  } else {
    Scope s = Scope::in(Scope::Place::Function, symbol.module);
    bindings_.bindParams(declaration.params, state.params, s, true);
    Expr tree = bodyOf(declaration);
    expressions_.check(tree, s);
    if (declaration.result) {
      fit_.coerce(tree, state.result,
                  {"the result of " + quoted(declaration.name.text), declaration.result->span}, s);
    } else {
      state.result = tree.type;
    }
    program_.functions[index].body = std::move(tree);
  }
  busy_.pop_back();
  busyIndexes_.pop_back();
  state.state = State::Done;
}

namespace {

// Whether a condition that binds no fact may hold in several ways.
bool givesSeveral(const Condition& condition) {
  return condition.kind == Condition::Kind::Each || !condition.groupBy.empty() ||
         !condition.exports.empty();
}

}  // namespace

// A query is a condition part of its own. What it binds is what it gives; one that binds no fact
// and cannot hold in several ways gives a single row.
void Definitions::checkQuery(std::uint32_t at) {
  if (queries_[at].state != State::Fresh) return;
  queries_[at].state = State::Busy;
  busyIndexes_.push_back(kQuery);
  const Symbol& symbol = symbols_.queries()[at];
  const tree::Declaration& declaration = *symbol.declaration;
  Scope s = Scope::in(Scope::Place::Condition, symbol.module);
  bindings_.bindParams(declaration.params, program_.queries[at].params, s, false);
  const std::size_t params = s.bindings.size();
  for (std::size_t i = 0; i < params; ++i) {
    program_.queries[at].localNames.emplace_back(s.bindings[i].name, s.bindings[i].type);
  }
  std::vector<Condition> conditions;
  conditions_.checkConditions(declaration.when, conditions, s);
  Query& query = program_.queries[at];
  query.conditions = std::move(conditions);
  query.rows = static_cast<std::uint32_t>(s.rows.size());
  query.locals = s.locals;
  query.frameRows = std::max(s.mostRows, query.rows);
  query.localNames.resize(s.locals);
  for (const RowPlace& row : s.rows) query.bindings.push_back(row.binding);
  Type answer = Type::of(TypeKind::Row);
  for (std::size_t i = params; i < s.bindings.size(); ++i) {
    Binding& binding = s.bindings[i];
    // What a query binds is its answer.
    binding.quiet = true;
    answer.members.push_back({binding.name, binding.type, binding.span});
    if (binding.ref.kind == Ref::Kind::Local) {
      query.localNames[binding.ref.row] = {binding.name, binding.type};
    }
  }
  query.single = s.rows.empty() &&
                 std::none_of(query.conditions.begin(), query.conditions.end(), givesSeveral);
  queries_[at].answer = query.single ? answer : listOf(answer);
  index_.result(declaration.name.span, queries_[at].answer);
  bindings_.close(s, 0);
  busyIndexes_.pop_back();
  queries_[at].state = State::Done;
}

}  // namespace reticle::model
