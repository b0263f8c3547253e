// Calls: built-in functions, declared functions and tables, host functions, queries; and the two
// forms with names, calls of steps and the fields of a new fact.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"
#include "expression/functions.h"

namespace reticle::model {
namespace {

std::string signature(const Overload& overload) {
  std::string text;
  const std::size_t from = overload.method ? 1 : 0;
  if (overload.method && !overload.params.empty()) text = toText(overload.params[0]) + ".";
  text += std::string(overload.name) + "(";
  for (std::size_t i = from; i < overload.params.size(); ++i) {
    text += (i > from ? ", " : "") + toText(overload.params[i]);
  }
  return text + (overload.repeats ? ", …)" : ")");
}

// Whether an argument fits, as it is or as a double written without its point.
bool accepts(const Type& param, const Expr& arg, bool promotes) {
  if (isAny(param) || isAny(arg.type)) return true;
  if (arg.type.kind == TypeKind::Null) return param.optional;
  if (fits(arg.type, param)) return true;
  if (!promotes || param.kind != TypeKind::Double || arg.type.kind != TypeKind::Int) return false;
  Expr copy = arg;
  return promote(copy);
}

std::string plural(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

const Type& paramOf(const Overload& overload, std::size_t i) {
  return overload.params[std::min(i, overload.params.size() - 1)];
}

bool takes(const Overload& overload, std::size_t count) {
  return overload.params.size() == count || (overload.repeats && overload.params.size() < count);
}

using Bound = std::vector<std::pair<std::string, Type>>;

Type* boundTo(Bound& bound, const std::string& name) {
  const auto found = std::find_if(bound.begin(), bound.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == bound.end() ? nullptr : &found->second;
}

bool isParameter(const Type& type) {
  return type.kind == TypeKind::Any && !type.name.empty() && !isUndecided(type);
}

Type substituted(const Type& type, Bound& bound) {
  if (isParameter(type)) {
    const Type* found = boundTo(bound, type.name);
    return found != nullptr ? *found : undecided();
  }
  Type made = type;
  for (Type& argument : made.arguments) argument = substituted(argument, bound);
  return made;
}

}  // namespace

std::vector<const Overload*> Checker::overloadsOf(const std::string& name) const {
  std::vector<const Overload*> found;
  const auto collect = [&](const std::vector<Overload>& from) {
    for (const Overload& overload : from) {
      if (overload.name == name) found.push_back(&overload);
    }
  };
  collect(builtins());
  if (alone_ != nullptr) {
    collect(unsignedBuiltins());
    collect(alone_->functions);
  }
  return found;
}

// Finds what the type parameters of an overload stand for, and the result with them. False: one
// would have to be two types at once.
bool Checker::resolveParameters(const Overload& overload, std::vector<Expr>& args,
                                Type& result) const {
  Bound bound;
  bool fit = true;
  const auto bind = [&](const auto& self, const Type& param, const Type& arg) -> void {
    if (isParameter(param)) {
      Type* known = boundTo(bound, param.name);
      if (known == nullptr) {
        bound.emplace_back(param.name, arg);
        return;
      }
      Type both = join(*known, arg);
      fit = fit && (both.kind != TypeKind::Any || isAny(*known) || isAny(arg));
      *known = std::move(both);
      return;
    }
    for (std::size_t i = 0;
         i < param.arguments.size() && i < arg.arguments.size() && param.kind == arg.kind; ++i) {
      self(self, param.arguments[i], arg.arguments[i]);
    }
  };
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Type& param = paramOf(overload, i);
    const Type* known = isParameter(param) ? boundTo(bound, param.name) : nullptr;
    if (known != nullptr && known->kind == TypeKind::Double) promote(args[i]);
    bind(bind, param, args[i].type);
  }
  result = substituted(overload.result, bound);
  return fit;
}

void Checker::checkCall(Expr& e, Scope& s) {
  const std::string base = e.method ? dottedName(e.args[0]) : "";
  const std::string root = base.substr(0, base.find('.'));
  const bool bound = !base.empty() && (s.find(root) || root == "this" ||
                                       (s.candidate && declaredField(s.candidate->type, root)));
  if (!e.method || (!base.empty() && !bound)) {
    const std::string name = e.method ? base + "." + e.text : e.text;
    const Symbol* symbol = lookup(name);
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
    if (e.method && !absent && !lookup(root) && !lookup(base)) {
      if (builtinIndex(name) >= 0) {
        e.args.erase(e.args.begin());
        e.method = false;
        e.text = name;
        return checkBuiltin(e, s);
      }
      if (!nearest(name, functionNames()).empty()) {
        reportUnknownFunction(e, name);
        e.type = Type::of(TypeKind::Poison);
        return;
      }
    }
  }
  checkBuiltin(e, s);
}

bool Checker::checkDeclaredCall(Expr& e, Scope& s, const Symbol& symbol) {
  const std::string who = quoted(e.text);
  const Span declared = symbol.declaration ? symbol.declaration->name.span : Span{};
  switch (symbol.kind) {
    case Symbol::Kind::Function: {
      if (functions_[symbol.index].state == State::Busy) {
        std::string path;
        const auto from = std::find(busy_.begin(), busy_.end(),
                                    functions_[symbol.index].symbol.declaration->name.text);
        for (auto name = from; name != busy_.end(); ++name) path += quoted(*name) + " → ";
        path += from == busy_.end() ? who : quoted(*from);
        Diagnostic& d = error("RL2015", e.span, "functions may not call themselves: " + path);
        d.related.push_back({declared, "declared here"});
        d.notes.push_back(
            "an expression always ends; walk a list with `map`, `filter`, `all` or `exists`, or "
            "let rules do the repeating");
        for (Expr& arg : e.args) check(arg, s);
        return false;
      }
      checkFunction(symbol.index);
      const FunctionState& state = functions_[symbol.index];
      if (!arrangeArguments(e, s, state.params, who, declared)) return false;
      e.ref = {Ref::Kind::User, symbol.index, {}};
      e.type = functions_[symbol.index].result;
      return true;
    }
    case Symbol::Kind::Host: {
      const Host host = program_.hosts[symbol.index];
      if (!host.pure) {
        Diagnostic& d =
            error("RL2016", e.span,
                  who + " acts on the world outside and cannot be part of an expression");
        d.related.push_back({declared, "declared without `pure`"});
        d.help.push_back("call it as a step of a flow: " +
                         quoted("step x = call " + e.text + "(…)"));
        d.notes.push_back(
            "if it only computes and always answers alike, declare it `host pure function`");
        for (Expr& arg : e.args) check(arg, s);
        return false;
      }
      if (s.place == Scope::Place::Constant) {
        error("RL2014", e.span, "a constant cannot ask a host function");
        return false;
      }
      if (!arrangeArguments(e, s, host.params, who, declared)) return false;
      e.ref = {Ref::Kind::Host, symbol.index, {}};
      e.type = host.result.value_or(Type::of(TypeKind::Any));
      return true;
    }
    case Symbol::Kind::Query: {
      if (s.place == Scope::Place::Constant || s.place == Scope::Place::Check) {
        Diagnostic& d =
            error("RL2014", e.span,
                  s.place == Scope::Place::Constant
                      ? "a constant cannot ask a query"
                      : "the `where` of a field looks at its own fact and cannot ask a query");
        d.related.push_back({declared, "declared here"});
        return false;
      }
      if (queries_[symbol.index].state == State::Busy) {
        error("RL2015", e.span, "the query " + who + " asks itself")
            .related.push_back({declared, "declared here"});
        return false;
      }
      checkQuery(symbol.index);
      if ((s.place == Scope::Place::Condition && rule_) || s.place == Scope::Place::Function) {
        // Nothing would ask it again when its answer changes. (A query is answered at once, and so
        // are the look-ups of flows.)
        unsupported(e.span,
                    s.place == Scope::Place::Function ? "a query inside a function"
                                                      : "a query inside a condition",
                    "write what it asks as patterns, with `exists`, `not` or `accumulate`");
      }
      const std::vector<Param> params = program_.queries[symbol.index].params;
      if (!arrangeArguments(e, s, params, who, declared)) return false;
      e.ref = {Ref::Kind::Query, symbol.index, {}};
      e.type = queries_[symbol.index].answer;
      return true;
    }
    case Symbol::Kind::Flow: {
      Diagnostic& d = error("RL2016", e.span,
                            who + " is a flow: it runs beside the rules and has no value here");
      d.related.push_back({declared, "declared here"});
      d.help.push_back("start a run with " + quoted("start " + e.text + "(…)"));
      return false;
    }
    case Symbol::Kind::Type:
    case Symbol::Kind::Enum:
    case Symbol::Kind::Const: break;
  }
  return false;
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
bool Checker::arrangeArguments(Expr& e, Scope& s, const std::vector<Param>& params,
                               const std::string& who, Span declared) {
  bool good = true;
  for (Expr& arg : e.args) good = !isPoison(check(arg, s)) && good;
  // nothing moves before all is well: messages show the call as it is written
  std::vector<Expr*> places(params.size(), nullptr);
  std::vector<std::string> names;
  for (const Param& param : params) names.push_back(param.name);
  const bool named = std::any_of(e.names.begin(), e.names.end(),
                                 [](const std::string& name) { return !name.empty(); });
  if (!named && e.args.size() > params.size()) {
    Diagnostic& d = error("RL2002", e.args[params.size()].span,
                          who + " takes " + plural(params.size(), "argument") + ", not " +
                              std::to_string(e.args.size()));
    if (!(declared == Span{})) {
      d.related.push_back(
          {declared, "declared with " +
                         (names.empty() ? "no parameters" : "the parameters " + listed(names))});
    }
    return false;
  }
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    std::size_t at = i;
    if (named) {
      const std::string& name = i < e.names.size() ? e.names[i] : "";
      at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      if (at == names.size()) {
        const Span span = i < e.nameSpans.size() ? e.nameSpans[i] : e.args[i].span;
        Diagnostic& d = error("RL2002", span, who + " has no parameter " + quoted(name));
        suggest(d, span, name, names);
        if (!(declared == Span{})) {
          d.related.push_back({declared, "its parameters are " + listed(names)});
        }
        good = false;
        continue;
      }
    }
    if (places[at]) {
      error("RL2006", e.args[i].span, "the argument " + quoted(names[at]) + " is given twice");
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
      const std::size_t said = diagnostics_.size();
      const bool fit = coerce(*places[i], params[i].type, {who, declared}, s);
      if (!fit && !named && diagnostics_.size() == said + 1) {
        showWithin(e.text, i, count, diagnostics_.back());
      }
      good = fit && good;
    } else if (params[i].initial.tree.kind == ExprKind::Poison) {
      missing.push_back(params[i].name);
    }
  }
  if (!missing.empty()) {
    Diagnostic& d = error("RL2002", e.span, who + " also needs " + quotedList(missing));
    if (!(declared == Span{})) {
      d.related.push_back({declared, "declared with the parameters " + listed(names)});
    }
    return false;
  }
  if (!good) return false;
  std::vector<Expr> arranged;
  for (std::size_t i = 0; i < params.size(); ++i) {
    arranged.push_back(places[i] ? std::move(*places[i]) : params[i].initial.tree);
  }
  e.args = std::move(arranged);
  e.names.clear();
  e.nameSpans.clear();
  return true;
}

void Checker::checkBuiltin(Expr& e, Scope& s) {
  std::vector<const Overload*> overloads = overloadsOf(e.text);
  const Span at = e.nameSpan == Span{} ? e.span : e.nameSpan;
  bool poison = false;
  e.type = Type::of(TypeKind::Poison);
  if (overloads.empty() || (e.text == "now" && s.place == Scope::Place::Condition)) {
    if (e.text == "now" && !e.method) {
      if (s.place == Scope::Place::Rule || s.place == Scope::Place::Flow ||
          s.place == Scope::Place::Test) {
        e.type = Type::of(TypeKind::Timestamp);
      }
      return reportNow(e, s);
    }
    if (e.text == "passed" && !e.method) return checkPassed(e, s);
    // The target first: a mistake there is the cause.
    if (e.method && isPoison(check(e.args[0], s))) return;
    return reportUnknownFunction(e, e.text);
  }
  for (Expr& arg : e.args) poison = isPoison(check(arg, s)) || poison;
  if (poison) return;
  index_.builtin(e.text, at);
  const std::string who = quoted(e.text);
  std::vector<const Overload*> styled;
  std::copy_if(overloads.begin(), overloads.end(), std::back_inserter(styled),
               [&](const Overload* o) { return o->method == e.method; });
  if (styled.empty()) {
    const std::string first = e.args.empty() ? "x" : toText(e.args[0]);
    std::string rest;
    for (std::size_t i = 1; i < e.args.size(); ++i) rest += (i > 1 ? ", " : "") + toText(e.args[i]);
    const std::string text = e.method
                                 ? e.text + "(" + first + (rest.empty() ? "" : ", " + rest) + ")"
                                 : first + "." + e.text + "(" + rest + ")";
    Diagnostic& d = error("RL1003", at, who + " is written " + quoted(text));
    if (!e.args.empty()) d.fixes.push_back(edit("write " + quoted(text), e.span, text));
    return;
  }
  std::vector<const Overload*> sized;
  std::copy_if(styled.begin(), styled.end(), std::back_inserter(sized),
               [&](const Overload* o) { return takes(*o, e.args.size()); });
  const auto listForms = [&](Diagnostic& d) {
    std::string forms;
    for (const Overload* overload : styled) {
      forms += (forms.empty() ? "" : ", ") + quoted(signature(*overload));
    }
    d.notes.push_back("the forms are " + forms);
  };
  if (sized.empty()) {
    const std::size_t given = e.args.size() - (e.method ? 1 : 0);
    listForms(error("RL2002", e.span, who + " does not take " + plural(given, "argument")));
    return;
  }
  for (const Overload* overload : sized) {
    bool good = true;
    for (std::size_t i = 0; i < e.args.size(); ++i) {
      good = good && accepts(paramOf(*overload, i), e.args[i], alone_ == nullptr);
    }
    Type result;
    std::vector<Expr> args = e.args;
    if (!good || !resolveParameters(*overload, args, result)) continue;
    e.args = std::move(args);
    for (std::size_t i = 0; i < e.args.size(); ++i) {
      if (paramOf(*overload, i).kind == TypeKind::Double) promote(e.args[i]);
    }
    e.ref.kind = Ref::Kind::Function;
    e.ref.row = static_cast<std::uint32_t>(builtinIndex(e.text));
    e.type = std::move(result);
    // With an argument known only when it runs, other forms may be meant: their results must agree.
    const bool open =
        std::any_of(e.args.begin(), e.args.end(), [](const Expr& arg) { return isAny(arg.type); });
    if (open && std::any_of(sized.begin(), sized.end(),
                            [&](const Overload* o) { return !(o->result == overload->result); })) {
      e.type = Type::of(TypeKind::Any);
    }
    return;
  }
  // The first argument that no form takes; null apart, it may be right.
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    Expr& arg = e.args[i];
    if (std::any_of(sized.begin(), sized.end(), [&](const Overload* o) {
          return accepts(paramOf(*o, i), arg, alone_ == nullptr);
        })) {
      continue;
    }
    Expr required = arg;
    required.type.optional = false;
    if (std::any_of(sized.begin(), sized.end(), [&](const Overload* o) {
          return accepts(paramOf(*o, i), required, alone_ == nullptr);
        })) {
      return reportOptional(arg, s,
                            who + " needs a " + quoted(toText(arg.type.required())) +
                                ", this is a " + quoted(toText(arg.type)));
    }
    Diagnostic& d = error("RL2001", arg.span, who + " cannot take " + quoted(toText(arg.type)));
    d.label = toText(arg.type);
    if (i == 0 && e.method && sized[0]->params[0].kind == TypeKind::Optional) {
      d.help.push_back("an optional comes from " +
                       quoted("."
                              "?member") +
                       ", " + quoted("[?key]") + ", " + quoted("first()") + " or " +
                       quoted("optional.of(…)") + "; for a value that may be null there is " +
                       quoted("?"
                              "?"));
    }
    listForms(d);
    return;
  }
  listForms(error("RL2001", e.span, who + " has no form for these arguments together"));
}

// `passed(t)`: false until the session's clock reaches t, true from then on. No function of its
// argument alone: it sets a timer.
void Checker::checkPassed(Expr& e, Scope& s) {
  bool poison = false;
  for (Expr& arg : e.args) poison = isPoison(check(arg, s)) || poison;
  if (poison) return;
  if (e.args.size() != 1) {
    error("RL2002", e.span, "`passed` takes 1 argument, not " + std::to_string(e.args.size()))
        .help.push_back("write the moment that is waited for: `passed(i.dueAt)`");
    return;
  }
  if (s.place != Scope::Place::Condition) {
    Diagnostic& d = error("RL2009", e.span,
                          "`passed` sets a timer for the condition it stands in; here is none");
    if (s.place == Scope::Place::Flow) {
      d.help.push_back("a flow waits for a moment with " +
                       quoted("sleep until " + toText(e.args[0])));
    } else {
      d.help.push_back("ask for it in `when`: " + quoted("if " + toText(e)));
    }
    return;
  }
  if (e.args[0].type.kind == TypeKind::String) {
    const std::string text = "timestamp(" + toText(e.args[0]) + ")";
    Diagnostic& d = error("RL2001", e.args[0].span,
                          "`passed` needs a `timestamp`, not " + quoted(toText(e.args[0].type)));
    d.label = toText(e.args[0].type);
    d.fixes.push_back(edit("convert it: " + quoted(text), e.args[0].span, text));
    return;
  }
  if (!coerce(e.args[0], Type::of(TypeKind::Timestamp), {"`passed`", {}}, s)) return;
  e.type = Type::of(TypeKind::Bool);
}

void Checker::reportNow(const Expr& e, const Scope& s) {
  if (s.place == Scope::Place::Rule || s.place == Scope::Place::Flow ||
      s.place == Scope::Place::Test) {
    unsupported(e.span, "`now()`",
                "the time of an event is `e.meta.time`, the calendar is the subject `Clock`");
    return;
  }
  if (s.place != Scope::Place::Condition) {
    error("RL3011", e.span, "`now()` has no meaning here")
        .notes.push_back("what is computed once must not depend on when");
    return;
  }
  Diagnostic& d = error("RL3011", e.span, "`now()` in a condition is never asked again");
  d.label = "the value at the moment the fact came in";
  d.help.push_back("to wait for a moment ask " + quoted("if passed(…)") +
                   ": the engine sets a timer for it");
  d.notes.push_back("for calendar conditions match the clock: `Clock(weekday == \"friday\")`");
}

// Declared functions, and those of the language whose names have a point.
std::vector<std::string> Checker::functionNames() const {
  std::vector<std::string> names =
      namesOf({Symbol::Kind::Function, Symbol::Kind::Host, Symbol::Kind::Query});
  for (const Overload& overload : builtins()) {
    if (overload.name.find('.') != std::string_view::npos &&
        (names.empty() || names.back() != overload.name)) {
      names.emplace_back(overload.name);
    }
  }
  return names;
}

void Checker::reportUnknownFunction(const Expr& e, const std::string& name) {
  const Span at = e.nameSpan == Span{} ? e.span : e.nameSpan;
  std::vector<std::string> names = functionNames();
  const bool qualified = name.find('.') != std::string::npos;
  if (!qualified) {
    if (e.method) names.clear();
    for (const Overload& overload : builtins()) {
      if (overload.method == e.method && (names.empty() || names.back() != overload.name)) {
        names.emplace_back(overload.name);
      }
    }
    if (e.method) {
      names.insert(names.end(), {"all", "exists", "exists_one", "map", "filter", "sortBy",
                                 "transformList", "transformMap", "optMap", "optFlatMap"});
    } else {
      names.push_back("has");
    }
  }
  const Span span = qualified ? Span{e.args[0].span.file, e.args[0].span.begin, at.end} : at;
  Diagnostic& d = error("RL1003", span, "there is no function called " + quoted(name));
  if (!suggest(d, span, name, names).empty()) return;
  static constexpr std::pair<std::string_view, std::string_view> kForeign[] = {
      {"length", "size"},
      {"len", "size"},
      {"count", "size"},
      {"toLowerCase", "lowerAscii"},
      {"lower", "lowerAscii"},
      {"toLower", "lowerAscii"},
      {"toUpperCase", "upperAscii"},
      {"upper", "upperAscii"},
      {"toUpper", "upperAscii"},
      {"includes", "contains"},
      {"str", "string"},
      {"toString", "string"},
      {"float", "double"},
      {"any", "exists"},
      {"some", "exists"},
      {"every", "all"},
      {"regex", "matches"},
      {"isNull", "x == null"}};
  for (const auto& [foreign, own] : kForeign) {
    if (name == foreign) d.help.push_back("it is written " + quoted(own) + " here");
  }
}

std::vector<NamedExpression> Checker::namedArguments(const std::vector<tree::Argument>& arguments,
                                                     const std::vector<Param>& params,
                                                     const std::vector<tree::Field>& declared,
                                                     Span call, const std::string& who, Scope& s) {
  std::vector<std::string> names;
  for (const Param& param : params) names.push_back(param.name);
  std::vector<std::optional<Expression>> places(params.size());
  std::vector<bool> broken(params.size(), false);
  bool unknown = false;
  for (const tree::Argument& argument : arguments) {
    const std::size_t at = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), argument.name.text) - names.begin());
    Expr value = argument.value;
    check(value, s);
    if (at == names.size()) {
      unknown = true;
      if (!argument.name) continue;
      Diagnostic& d = error("RL2002", argument.name.span,
                            who + " has no parameter " + quoted(argument.name.text));
      suggest(d, argument.name.span, argument.name.text, names);
      d.notes.push_back(names.empty() ? "it takes no arguments"
                                      : "its parameters are " + listed(names));
      continue;
    }
    if (places[at]) {
      error("RL2006", argument.name.span, "the argument " + quoted(names[at]) + " is given twice")
          .related.push_back({places[at]->tree.span, "first here"});
      continue;
    }
    const Span type = at < declared.size() ? declared[at].type.span : Span{};
    if (at < declared.size()) index_.use(argument.name, declared[at].name.span);
    coerce(value, params[at].type, {quoted(names[at]) + " of " + who, type}, s);
    places[at] = finish(std::move(value));
  }
  std::vector<std::string> missing;
  std::vector<NamedExpression> result;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (!places[i] && params[i].initial.tree.kind != ExprKind::Poison) {
      places[i] = params[i].initial;
    }
    if (!places[i] && params[i].type.optional) {
      Expr null;
      null.kind = ExprKind::Literal;
      null.type = Type::of(TypeKind::Null);
      places[i] = finish(std::move(null));
    }
    if (!places[i]) {
      missing.push_back(params[i].name);
    } else {
      result.push_back({static_cast<FieldId>(i), params[i].name, std::move(*places[i])});
    }
  }
  // A misspelt name is the cause of the missing one.
  if (!missing.empty() && !unknown) {
    Diagnostic& d = error("RL2002", call, who + " also needs " + quotedList(missing));
    if (!declared.empty()) {
      d.related.push_back({declared[0].span, "declared with the parameters " + listed(names)});
    }
  }
  return result;
}

std::vector<NamedExpression> Checker::checkRecord(const Expr& e, FactKind wanted,
                                                  const std::string& verb, TypeId& id, Scope& s,
                                                  bool& good) {
  std::vector<NamedExpression> result;
  good = false;
  const bool event = wanted == FactKind::Event;
  if (e.kind == ExprKind::Poison) return result;
  if (e.kind != ExprKind::Record) {
    Expr value = e;
    if (isPoison(check(value, s))) return result;
    Diagnostic& d = error("RL2009", e.span,
                          quoted(verb) + " needs a new " + (event ? "event" : "fact") +
                              ", written " + quoted("Type{field: value}"));
    d.label = toText(value.type);
    return result;
  }
  const Span nameSpan = e.nameSpan == Span{} ? e.span : e.nameSpan;
  const FactType* found = resolveRecord({e.text, nameSpan});
  if (!found) return result;
  const FactType& type = *found;
  if ((type.kind == FactKind::Event) != event) {
    Diagnostic& d =
        error("RL2009", nameSpan,
              event ? quoted(type.name) + " is a " +
                          (type.kind == FactKind::Fact ? "fact" : "subject") + "; " +
                          (verb == "signal" ? "a run is told of events" : "only events are emitted")
                    : quoted(type.name) + " is an event; events are emitted, not inserted");
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    if (verb != "signal") {
      d.help.push_back("write " + quoted((event ? "insert " : "emit ") + e.text + "{…}"));
    }
    return result;
  }
  if (type.builtin) {
    error("RL2009", nameSpan, quoted(type.name) + " is kept by the engine and cannot be inserted");
    return result;
  }
  id = type.id;
  good = true;
  index_.type({e.text, nameSpan}, type, Use::Kind::Write);
  bool unknown = false;
  std::vector<std::string> given;
  for (std::size_t i = 0; i < e.args.size() && i < e.names.size(); ++i) {
    const std::string& name = e.names[i];
    const Span span = i < e.nameSpans.size() ? e.nameSpans[i] : e.args[i].span;
    Expr value = e.args[i];
    check(value, s);
    if (std::find(given.begin(), given.end(), name) != given.end()) {
      error("RL2006", span, "the field " + quoted(name) + " is given twice");
      continue;
    }
    given.push_back(name);
    const FactType& fact = typeOf(id);
    if (const auto field = declaredField(id, name)) {
      const Field& declared = fact.fields[index(*field)];
      const Type to = declared.type;
      index_.field(fact, *field, span, Use::Kind::Write);
      coerce(value, to, {"the field " + quoted(name) + " of " + quoted(fact.name), declared.span},
             s);
      result.push_back({*field, name, finish(std::move(value))});
    } else if (const auto open = openField(id)) {
      result.push_back({*open, name, finish(std::move(value))});
    } else {
      reportUnknownField(id, name, span);
      unknown = true;
    }
  }
  std::vector<std::string> missing;
  const FactType& fact = typeOf(id);
  for (std::uint32_t i = 0; i < fact.declared; ++i) {
    const Field& field = fact.fields[i];
    const bool filled =
        field.type.optional || isPoison(field.type) || field.initial.tree.kind != ExprKind::Poison;
    if (!filled && std::find(given.begin(), given.end(), field.name) == given.end()) {
      missing.push_back(field.name);
    }
  }
  if (!missing.empty() && !unknown) {
    Diagnostic& d = error("RL2008", nameSpan,
                          "a new " + quoted(fact.name) + " also needs " + quotedList(missing));
    for (const std::string& name : missing) {
      d.related.push_back({fact.fields[index(*declaredField(id, name))].span,
                           "has no default and may not be null"});
    }
    d.help.push_back("add " + quoted(missing[0] + ": …"));
  }
  return result;
}

}  // namespace reticle::model
