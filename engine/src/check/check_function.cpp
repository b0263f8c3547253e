// Constants, functions, tables, queries, and the declarations of host functions and flows.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"
#include "expression/functions.h"

namespace reticle::model {

void Checker::checkConst(std::uint32_t index) {
  ConstState& entry = consts_[index];
  if (entry.state == State::Done) return;
  const tree::Declaration& declaration = *entry.symbol.declaration;
  if (entry.state == State::Busy) {
    error("RL2015", declaration.name.span,
          "the constant " + quoted(declaration.name.text) + " is made of itself");
    entry.type = Type::of(TypeKind::Poison);
    return;
  }
  entry.state = State::Busy;
  const tree::Module* outer = module_;
  module_ = entry.symbol.module;
  Scope s;
  s.place = Scope::Place::Constant;
  Expr tree = declaration.value ? *declaration.value : Expr{};
  Type type = check(tree, s);
  if (declaration.result) {
    const Type wanted = resolve(*declaration.result);
    coerce(tree, wanted,
           {"the constant " + quoted(declaration.name.text), declaration.result->span}, s);
    type = wanted;
  }
  ConstState& state = consts_[index];
  if (!isPoison(state.type)) state.type = type;
  index_.result(declaration.name.span, type);
  const Span span = tree.span;
  const Expression expression = finish(std::move(tree));
  if (const std::optional<Value> value = fold(expression)) {
    state.value = *value;
    if (value->isError()) {
      error("RL2014", span, "the constant " + quoted(declaration.name.text) + " cannot be computed")
          .label = std::string(value->errorMessage());
      state.type = Type::of(TypeKind::Poison);
    }
  }
  state.state = State::Done;
  module_ = outer;
}

std::vector<Param> Checker::params(const std::vector<tree::Field>& fields) {
  std::vector<Param> result;
  for (const tree::Field& field : fields) {
    const auto same = std::find_if(result.begin(), result.end(),
                                   [&](const Param& p) { return p.name == field.name.text; });
    if (field.name && same != result.end()) {
      Diagnostic& d = error("RL1007", field.name.span,
                            "there are two parameters called " + quoted(field.name.text));
      d.related.push_back(
          {fields[static_cast<std::size_t>(same - result.begin())].name.span, "the first one"});
    }
    Param param;
    param.name = field.name.text;
    // Which of two is meant cannot be known: nothing is said about either use.
    param.type =
        field.name && same != result.end() ? Type::of(TypeKind::Poison) : resolve(field.type);
    result.push_back(std::move(param));
  }
  return result;
}

void Checker::paramDefaults(const std::vector<tree::Field>& fields, std::vector<Param>& params) {
  for (std::size_t i = 0; i < fields.size() && i < params.size(); ++i) {
    if (!fields[i].initial) continue;
    Scope s;
    s.place = Scope::Place::Constant;
    Expr tree = *fields[i].initial;
    check(tree, s);
    coerce(tree, params[i].type, {"the parameter " + quoted(params[i].name), fields[i].type.span},
           s);
    params[i].initial = finish(std::move(tree));
  }
}

void Checker::bindParams(const std::vector<tree::Field>& fields, const std::vector<Param>& params,
                         Scope& s, bool quiet) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    Binding binding;
    binding.name = params[i].name;
    binding.type = params[i].type;
    binding.ref = {Ref::Kind::Local, s.locals++, {}};
    binding.span = fields[i].name.span;
    binding.what = "parameter";
    binding.quiet = quiet;
    bind(s, std::move(binding));
  }
  if (!fields.empty()) index_.after(fields.back().span, s);
}

void Checker::declareHost(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;
  std::vector<Param> declared = params(declaration.params);
  std::optional<Type> result;
  if (declaration.result) result = resolve(*declaration.result);
  if (declaration.pure && !declaration.result) {
    error("RL2009", declaration.name.span,
          quoted(declaration.name.text) + " is pure but gives nothing")
        .help.push_back("say what it gives: " + quoted("-> string"));
  }
  Host& host = program_.hosts[found->second];
  host.params = std::move(declared);
  host.result = std::move(result);
}

void Checker::declareFlow(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;
  std::vector<Param> declared = params(declaration.params);
  std::optional<Type> result;
  if (declaration.result) result = resolve(*declaration.result);
  Flow& flow = program_.flows[found->second];
  flow.params = std::move(declared);
  flow.result = std::move(result);
}

void Checker::defaults(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;
  using Kind = tree::Declaration::Kind;
  std::vector<Param>* params =
      declaration.kind == Kind::Host    ? &program_.hosts[found->second].params
      : declaration.kind == Kind::Query ? &program_.queries[found->second].params
                                        : &program_.flows[found->second].params;
  paramDefaults(declaration.params, *params);
}

void Checker::checkFunction(std::uint32_t index) {
  if (functions_[index].state != State::Fresh) return;
  functions_[index].state = State::Busy;
  const tree::Module* outer = module_;
  module_ = functions_[index].symbol.module;
  const tree::Declaration& declaration = *functions_[index].symbol.declaration;
  busy_.push_back(declaration.name.text);
  if (builtinIndex(declaration.name.text) >= 0) {
    error("RL1009", declaration.name.span,
          quoted(declaration.name.text) + " is a function of the language")
        .help.push_back("choose another name");
  }
  paramDefaults(declaration.params, functions_[index].params);
  if (declaration.kind == tree::Declaration::Kind::Table) {
    checkTable(index);
  } else {
    Scope s;
    s.place = Scope::Place::Function;
    bindParams(declaration.params, functions_[index].params, s, true);
    Expr tree = declaration.value ? *declaration.value : Expr{};
    check(tree, s);
    if (declaration.result) {
      coerce(tree, functions_[index].result,
             {"the result of " + quoted(declaration.name.text), declaration.result->span}, s);
    } else {
      functions_[index].result = tree.type;
    }
    program_.functions[index].body = std::move(tree);
  }
  busy_.pop_back();
  module_ = outer;
  functions_[index].state = State::Done;
}

namespace {

// Whether a condition that binds no fact may hold in several ways.
bool givesSeveral(const Condition& condition) {
  return condition.kind == Condition::Kind::Each || !condition.groupBy.empty() ||
         !condition.exports.empty();
}

}  // namespace

void Checker::checkQuery(std::uint32_t at) {
  if (queries_[at].state != State::Fresh) return;
  queries_[at].state = State::Busy;
  const tree::Module* outer = module_;
  module_ = queries_[at].symbol.module;
  const tree::Declaration& declaration = *queries_[at].symbol.declaration;
  // It may be reached from the middle of a rule.
  const tree::Declaration* rule = rule_;
  const bool ownUsed = ownUsed_;
  rule_ = nullptr;
  Scope s;
  s.place = Scope::Place::Condition;
  bindParams(declaration.params, program_.queries[at].params, s, false);
  const std::size_t params = s.bindings.size();
  for (std::size_t i = 0; i < params; ++i) {
    program_.queries[at].localNames.emplace_back(s.bindings[i].name, s.bindings[i].type);
  }
  std::vector<Condition> conditions;
  checkConditions(declaration.when, conditions, s);
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
  close(s, 0);
  rule_ = rule;
  ownUsed_ = ownUsed;
  queries_[at].state = State::Done;
  module_ = outer;
}

}  // namespace reticle::model
