// Calls of what is declared: functions and tables, host functions, queries.
#include <algorithm>

#include "base/suggest.h"
#include "check/call_checker.h"
#include "check/definitions.h"
#include "check/expression_checker.h"
#include "check/shapes.h"
#include "model/asking.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Where messages point to; built-in things are declared nowhere.
Span declaredAt(const Symbol& symbol) {
  return symbol.declaration ? symbol.declaration->name.span : Span{};
}

}  // namespace

// `a.b.c(x)` may be a call of the function `a.b.c`, or of a method `c` of `a.b`. It is a function
// when nothing called `a` is bound here, and something declared has the whole name.
void CallChecker::checkCall(Expr& e, Scope& s) {
  const std::string base = e.method ? dottedName(e.args[0]) : "";
  const std::string root = base.substr(0, base.find('.'));
  const bool bound =
      !base.empty() && (s.find(root) || root == "this" ||
                        (s.candidate && types_.declaredField(s.candidate->type, root)));
  if (!e.method || (!base.empty() && !bound)) {
    const std::string name = e.method ? base + "." + e.text : e.text;
    const Symbol* symbol = symbols_.lookup(name, s.module);
    if (symbol && symbol->kind != Symbol::Kind::Type && symbol->kind != Symbol::Kind::Enum &&
        symbol->kind != Symbol::Kind::Const) {
      index_.use(
          {name,
           {e.nameSpan.file, e.method ? e.args[0].span.begin : e.nameSpan.begin, e.nameSpan.end}},
          symbol->declaration->name.span);
      if (e.method) {
        e.args.erase(e.args.begin());
        e.method = false;
        e.text = name;
      }
      if (!checkDeclaredCall(e, s, *symbol)) e.type = Type::of(TypeKind::Poison);
      return;
    }
    // `tracker.cretae(…)`: nothing is called `tracker`, so a host function was meant.
    const bool absent = std::any_of(s.absent.begin(), s.absent.end(),
                                    [&](const Absent& a) { return a.name == root; });
    if (e.method && !absent && !symbols_.lookup(root, s.module) &&
        !symbols_.lookup(base, s.module)) {
      if (builtinIndex(name) >= 0) {
        e.args.erase(e.args.begin());
        e.method = false;
        e.text = name;
        return checkBuiltin(e, s);
      }
      if (isNamespace(root) || !nearest(name, functionNames(s)).empty()) {
        reportUnknownFunction(e, name, s);
        e.type = Type::of(TypeKind::Poison);
        return;
      }
    }
  }
  checkBuiltin(e, s);
}

// What is called decides: functions and pure host functions have a value, queries too where they
// can be asked, flows never.
bool CallChecker::checkDeclaredCall(Expr& e, Scope& s, const Symbol& symbol) {
  switch (symbol.kind) {
    case Symbol::Kind::Function: return callFunction(e, s, symbol);
    case Symbol::Kind::Host: return callHost(e, s, symbol);
    case Symbol::Kind::Query: return callQuery(e, s, symbol);
    case Symbol::Kind::Flow: {
      Diagnostic& d = report_.error(
          "RL2016", e.span,
          quoted(e.text) + " is a flow: it runs beside the rules and has no value here");
      d.related.push_back({declaredAt(symbol), "declared here"});
      d.help.push_back("start a run with " + quoted("start " + e.text + "(…)"));
      return false;
    }
    case Symbol::Kind::Type:
    case Symbol::Kind::Enum:
    case Symbol::Kind::Const: break;
  }
  return false;
}

// A function is checked when it is first called, so that its result is known whatever the order of
// the text.
bool CallChecker::callFunction(Expr& e, Scope& s, const Symbol& symbol) {
  const std::string who = quoted(e.text);
  const bool table = symbol.declaration->kind == tree::Declaration::Kind::Table;
  const bool recurs = definitions_.isFunctionBusy(symbol.index);
  const bool may = recurs && !table && symbol.declaration->result;
  if (recurs && !(may && definitions_.noteRecursion(symbol.index))) {
    Diagnostic& d =
        report_.error("RL2015", e.span,
                      std::string(table ? "tables"
                                  : may ? "functions"
                                        : "functions without a declared result") +
                          " may not call themselves" + (may ? " through a query: " : ": ") +
                          definitions_.wayBackTo(symbol.index, who));
    d.related.push_back({declaredAt(symbol), "declared here"});
    d.notes.push_back(
        table ? "a table is looked up, and looks nothing up in itself"
        : may ? "a query is answered from the facts that are there, and cannot rest on itself"
              : "a function that calls itself says what it gives: `-> int` behind its parameters");
    for (Expr& arg : e.args) expressions_.check(arg, s);
    return false;
  }
  const std::vector<Param>& params = definitions_.paramsOfFunction(symbol.index);
  if (!arrangeArguments(e, s, params, who, declaredAt(symbol))) return false;
  e.ref = {Ref::Kind::User, symbol.index, {}};
  e.type = definitions_.resultOfFunction(symbol.index);
  return mayAsk(e, s, symbol, Asking(program_).query(e));
}

// Only pure host functions: an expression may be asked any number of times, or never.
bool CallChecker::callHost(Expr& e, Scope& s, const Symbol& symbol) {
  const std::string who = quoted(e.text);
  const Host& host = program_.hosts[symbol.index];
  if (!host.pure) {
    Diagnostic& d = report_.error(
        "RL2016", e.span, who + " acts on the world outside and cannot be part of an expression");
    d.related.push_back({declaredAt(symbol), "declared without `pure`"});
    d.help.push_back("call it as a step of a flow: " + quoted("step x = call " + e.text + "(…)"));
    d.notes.push_back(
        "if it only computes and always answers alike, declare it `host pure function`");
    for (Expr& arg : e.args) expressions_.check(arg, s);
    return false;
  }
  if (s.place == Scope::Place::Constant) {
    report_.error("RL2014", e.span, "a constant cannot ask a host function");
    return false;
  }
  if (!arrangeArguments(e, s, host.params, who, declaredAt(symbol))) return false;
  e.ref = {Ref::Kind::Host, symbol.index, {}};
  e.type = host.result.value_or(Type::of(TypeKind::Any));
  return true;
}

// What is computed once, or for one fact alone, would not learn of it when a query's answer
// changes. `asks`: the call is of a query, or of a function that asks one.
bool CallChecker::mayAsk(const Expr& e, const Scope& s, const Symbol& symbol, bool asks) {
  const bool constant = s.place == Scope::Place::Constant;
  if (!asks || !(constant || s.place == Scope::Place::Check)) return true;
  const std::string query =
      symbol.kind == Symbol::Kind::Query ? "a query" : quoted(e.text) + ", which asks a query";
  Diagnostic& d = report_.error(
      "RL2014", e.span,
      constant ? "a constant cannot ask " + query
               : "the `where` of a field looks at its own fact and cannot ask " + query);
  d.related.push_back({declaredAt(symbol), "declared here"});
  return false;
}

// A condition that asks a query is asked again after each change of what the query looks at (see
// model/asking.h).
bool CallChecker::callQuery(Expr& e, Scope& s, const Symbol& symbol) {
  const std::string who = quoted(e.text);
  if (!mayAsk(e, s, symbol, true)) return false;
  if (definitions_.isQueryBusy(symbol.index)) {
    report_.error("RL2015", e.span, "the query " + who + " asks itself")
        .related.push_back({declaredAt(symbol), "declared here"});
    return false;
  }
  const Type answer = definitions_.answerOfQuery(symbol.index);
  const std::vector<Param> params = program_.queries[symbol.index].params;
  if (!arrangeArguments(e, s, params, who, declaredAt(symbol))) return false;
  e.ref = {Ref::Kind::Query, symbol.index, {}};
  e.type = answer;
  return true;
}

// A default that a message offers for one of the arguments of a call is shown within the call:
// `bandOf(new ?? 0.0, ...)`.
static void showWithin(const std::string& function, std::size_t index, std::size_t count,
                       Diagnostic& d) {
  constexpr std::string_view kDefault = "give a default: ";
  if (d.code != "RL2007" || d.fixes.empty() || d.fixes.back().edits.size() != 1) return;
  Fix& fix = d.fixes.back();
  const std::size_t at = fix.title.find(kDefault);
  if (at == std::string::npos) return;
  const std::string text = function + "(" + (index > 0 ? "..., " : "") + fix.edits[0].text +
                           (index + 1 < count ? ", ..." : "") + ")";
  fix.title = fix.title.substr(0, at) + std::string(kDefault) + quoted(text);
}

// Checks the arguments of a call in an expression and puts them into the order of the parameters.
bool CallChecker::arrangeArguments(Expr& e, Scope& s, const std::vector<Param>& params,
                                   const std::string& who, Span declared) {
  bool good = true;
  for (Expr& arg : e.args) good = !isPoison(expressions_.check(arg, s)) && good;
  // nothing moves before all is well: messages show the call as it is written
  std::vector<Expr*> places(params.size(), nullptr);
  std::vector<std::string> names;
  for (const Param& param : params) names.push_back(param.name);
  const bool named = std::any_of(e.names.begin(), e.names.end(),
                                 [](const std::string& name) { return !name.empty(); });
  if (!named && e.args.size() > params.size()) {
    Diagnostic& d = report_.error("RL2002", e.args[params.size()].span,
                                  who + " takes " + counted(params.size(), "argument") + ", not " +
                                      std::to_string(e.args.size()));
    if (!(declared == Span{})) {
      d.related.push_back(
          {declared, "declared with " +
                         (names.empty() ? "no parameters" : "the parameters " + listed(names))});
    }
    return false;
  }
  // Each argument finds its place, by order or by name.
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    std::size_t at = i;
    if (named) {
      const std::string& name = i < e.names.size() ? e.names[i] : "";
      at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      if (at == names.size()) {
        const Span span = i < e.nameSpans.size() ? e.nameSpans[i] : e.args[i].span;
        Diagnostic& d = report_.error("RL2002", span, who + " has no parameter " + quoted(name));
        suggest(d, span, name, names);
        if (!(declared == Span{})) {
          d.related.push_back({declared, "its parameters are " + listed(names)});
        }
        good = false;
        continue;
      }
    }
    if (places[at]) {
      report_.error("RL2006", e.args[i].span,
                    "the argument " + quoted(names[at]) + " is given twice");
      good = false;
      continue;
    }
    if (named && i < e.nameSpans.size()) index_.part(declared, names[at], e.nameSpans[i]);
    places[at] = &e.args[i];
  }
  if (!good) return false;
  const std::size_t count = e.args.size();
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (places[i]) {
      const std::size_t said = report_.said();
      const bool fit = fit_.coerce(*places[i], params[i].type, {who, declared}, s);
      if (!fit && !named && report_.said() == said + 1) {
        showWithin(e.text, i, count, report_.last());
      }
      good = fit && good;
    } else if (params[i].initial.tree.kind == ExprKind::Poison) {
      missing.push_back(params[i].name);
    }
  }
  if (!missing.empty()) {
    Diagnostic& d = report_.error("RL2002", e.span, who + " also needs " + quotedList(missing));
    if (!(declared == Span{})) {
      d.related.push_back({declared, "declared with the parameters " + listed(names)});
    }
    return false;
  }
  if (!good) return false;
  // All fit: now the call takes the order of the parameters, with the defaults put in.
  std::vector<Expr> arranged;
  for (std::size_t i = 0; i < params.size(); ++i) {
    arranged.push_back(places[i] ? std::move(*places[i]) : params[i].initial.tree);
  }
  e.args = std::move(arranged);
  e.names.clear();
  e.nameSpans.clear();
  return true;
}

}  // namespace reticle::model
