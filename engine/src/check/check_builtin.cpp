// Calls of the functions of the language: their forms, and what is said when none fits.
#include <algorithm>

#include "base/suggest.h"
#include "check/call_checker.h"
#include "check/expression_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// A form as it is written: `string.charAt(int)`.
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

// Notes the forms of a function, for whoever has written none of them.
void listForms(const std::vector<const Overload*>& forms, Diagnostic& d) {
  std::string text;
  for (const Overload* overload : forms) {
    text += (text.empty() ? "" : ", ") + quoted(signature(*overload));
  }
  d.notes.push_back("the forms are " + text);
}

// `x ?? ""`, offered for x, becomes `(x ?? "")`.
void bracketDefault(Diagnostic& d) {
  if (d.fixes.empty() || d.fixes.back().edits.size() != 1) return;
  Fix& fix = d.fixes.back();
  std::string& text = fix.edits[0].text;
  if (fix.title.find("give a default: ") == std::string::npos || text.starts_with("(")) return;
  text = "(" + text + ")";
  fix.title = fix.title.substr(0, fix.title.find('`')) + quoted(text);
}

// A call as it would be written in the other style: `f(x)` for `x.f()`.
std::string otherStyle(const Expr& e) {
  const std::string first = e.args.empty() ? "x" : toText(e.args[0]);
  std::string rest;
  for (std::size_t i = 1; i < e.args.size(); ++i) rest += (i > 1 ? ", " : "") + toText(e.args[i]);
  return e.method ? e.text + "(" + first + (rest.empty() ? "" : ", " + rest) + ")"
                  : first + "." + e.text + "(" + rest + ")";
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

// The last parameter of a form that repeats stands for all further arguments.
const Type& paramOf(const Overload& overload, std::size_t i) {
  return overload.params[std::min(i, overload.params.size() - 1)];
}

// Whether a form has place for so many arguments.
bool takes(const Overload& overload, std::size_t count) {
  return overload.params.size() == count || (overload.repeats && overload.params.size() < count);
}

using Bound = std::vector<std::pair<std::string, Type>>;

// What a type parameter stands for so far; null: nothing yet.
Type* boundTo(Bound& bound, const std::string& name) {
  const auto found = std::find_if(bound.begin(), bound.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == bound.end() ? nullptr : &found->second;
}

// `T` in `list(T)`: of any type, with a name.
bool isParameter(const Type& type) {
  return type.kind == TypeKind::Any && !type.name.empty() && !isUndecided(type);
}

// The type with what its parameters stand for. What nothing has decided stays undecided: the
// element type of `[]` is found by what it meets.
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

// All forms of a name, methods and functions alike. Unsigned numbers are part of plain CEL only.
std::vector<const Overload*> CallChecker::overloadsOf(const std::string& name) const {
  std::vector<const Overload*> found;
  const auto collect = [&](const std::vector<Overload>& from) {
    for (const Overload& overload : from) {
      if (overload.name == name) found.push_back(&overload);
    }
  };
  collect(builtins());
  if (fit_.alone() != nullptr) {
    collect(unsignedBuiltins());
    collect(fit_.alone()->functions);
  }
  return found;
}

// Finds what the type parameters of an overload stand for, and the result with them. False: one
// would have to be two types at once.
bool CallChecker::resolveParameters(const Overload& overload, std::vector<Expr>& args,
                                    Type& result) const {
  Bound bound;
  bool fit = true;
  const auto matchTypes = [&](const auto& self, const Type& param, const Type& arg) -> void {
    if (isParameter(param)) {
      Type* known = boundTo(bound, param.name);
      if (known == nullptr) {
        bound.emplace_back(param.name, arg);
        return;
      }
      Type both = fit_.join(*known, arg);
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
    if (known != nullptr && known->kind == TypeKind::Double) fit_.promote(args[i]);
    matchTypes(matchTypes, param, args[i].type);
  }
  result = substituted(overload.result, bound);
  return fit;
}

// From the name to the style (function or method), to the number of arguments, to their types: the
// first of these that does not fit is what the message speaks of.
void CallChecker::checkBuiltin(Expr& e, Scope& s) {
  const std::vector<const Overload*> overloads = overloadsOf(e.text);
  e.type = Type::of(TypeKind::Poison);
  if (overloads.empty() || (e.text == "now" && s.place == Scope::Place::Condition)) {
    return checkAbsentBuiltin(e, s);
  }
  bool poison = false;
  for (Expr& arg : e.args) poison = isPoison(expressions_.check(arg, s)) || poison;
  if (poison) return;
  const Span at = e.nameSpan == Span{} ? e.span : e.nameSpan;
  index_.builtin(e.text, at);
  const std::string who = quoted(e.text);
  std::vector<const Overload*> styled;
  std::copy_if(overloads.begin(), overloads.end(), std::back_inserter(styled),
               [&](const Overload* o) { return o->method == e.method; });
  // The name is known, in the other style: `size(x)` for `x.size()`.
  if (styled.empty()) {
    const std::string text = otherStyle(e);
    Diagnostic& d = report_.error("RL1003", at, who + " is written " + quoted(text));
    if (!e.args.empty()) d.fixes.push_back(edit("write " + quoted(text), e.span, text));
    return;
  }
  std::vector<const Overload*> sized;
  std::copy_if(styled.begin(), styled.end(), std::back_inserter(sized),
               [&](const Overload* o) { return takes(*o, e.args.size()); });
  if (sized.empty()) {
    const std::size_t given = e.args.size() - (e.method ? 1 : 0);
    listForms(styled, report_.error("RL2002", e.span,
                                    who + " does not take " + counted(given, "argument")));
    return;
  }
  if (!takeForm(e, sized)) return reportArguments(e, s, sized, styled);
  refuseKnownFailure(e);
}

// `now`, `passed`, and what is no function.
void CallChecker::checkAbsentBuiltin(Expr& e, Scope& s) {
  if (e.text == "now" && !e.method) {
    if (!e.args.empty()) {
      report_.error("RL2002", e.span,
                    "`now` takes no arguments, not " + std::to_string(e.args.size()));
    } else if (s.place == Scope::Place::Rule || s.place == Scope::Place::Flow ||
               s.place == Scope::Place::Test || s.place == Scope::Place::Given) {
      e.type = Type::of(TypeKind::Timestamp);
    } else {
      reportNow(e, s);
    }
    return;
  }
  if (e.text == "passed" && !e.method) return checkPassed(e, s);
  // The target first: a mistake there is the cause.
  if (e.method && isPoison(expressions_.check(e.args[0], s))) return;
  reportUnknownFunction(e, e.text, s);
}

// Forms are tried in the order of their declaration; an argument may become a double on the way, so
// each trial works on a copy.
bool CallChecker::takeForm(Expr& e, const std::vector<const Overload*>& forms) {
  for (const Overload* overload : forms) {
    bool good = true;
    for (std::size_t i = 0; i < e.args.size(); ++i) {
      good = good && accepts(paramOf(*overload, i), e.args[i], fit_.alone() == nullptr);
    }
    Type result;
    std::vector<Expr> args = e.args;
    if (!good || !resolveParameters(*overload, args, result)) continue;
    e.args = std::move(args);
    for (std::size_t i = 0; i < e.args.size(); ++i) {
      if (paramOf(*overload, i).kind == TypeKind::Double) fit_.promote(e.args[i]);
    }
    // Which form it is, the engine finds by the values; here the name is enough.
    e.ref.kind = Ref::Kind::Function;
    e.ref.row = static_cast<std::uint32_t>(builtinIndex(e.text));
    e.type = std::move(result);
    // With an argument known only when it runs, other forms may be meant: their results must agree.
    const bool open =
        std::any_of(e.args.begin(), e.args.end(), [](const Expr& arg) { return isAny(arg.type); });
    if (open && std::any_of(forms.begin(), forms.end(),
                            [&](const Overload* o) { return !(o->result == overload->result); })) {
      e.type = Type::of(TypeKind::Any);
    }
    return true;
  }
  return false;
}

// The first argument that no form takes; null apart, it may be right.
void CallChecker::reportArguments(Expr& e, Scope& s, const std::vector<const Overload*>& sized,
                                  const std::vector<const Overload*>& styled) {
  const std::string who = quoted(e.text);
  const auto accepted = [&](std::size_t i, const Expr& arg) {
    return std::any_of(sized.begin(), sized.end(), [&](const Overload* o) {
      return accepts(paramOf(*o, i), arg, fit_.alone() == nullptr);
    });
  };
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    const Expr& arg = e.args[i];
    if (accepted(i, arg)) continue;
    Expr required = arg;
    required.type.optional = false;
    if (accepted(i, required)) {
      const std::size_t said = report_.said();
      fit_.reportOptional(arg, s,
                          who + " needs a " + quoted(toText(arg.type.required())) + ", this is a " +
                              quoted(toText(arg.type)));
      // In front of a point a default stands in brackets.
      if (i == 0 && e.method && report_.said() > said) bracketDefault(report_.last());
      return;
    }
    Diagnostic& d =
        report_.error("RL2001", arg.span, who + " cannot take " + quoted(toText(arg.type)));
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
    listForms(styled, d);
    return;
  }
  listForms(styled,
            report_.error("RL2001", e.span, who + " has no form for these arguments together"));
}

// `passed(t)`: false until the session's clock reaches t, true from then on. No function of its
// argument alone: it sets a timer.
void CallChecker::checkPassed(Expr& e, Scope& s) {
  bool poison = false;
  for (Expr& arg : e.args) poison = isPoison(expressions_.check(arg, s)) || poison;
  if (poison) return;
  if (e.args.size() != 1) {
    report_
        .error("RL2002", e.span, "`passed` takes 1 argument, not " + std::to_string(e.args.size()))
        .help.push_back("write the moment that is waited for: `passed(i.dueAt)`");
    return;
  }
  if (s.place != Scope::Place::Condition) {
    Diagnostic& d = report_.error(
        "RL2009", e.span, "`passed` sets a timer for the condition it stands in; here is none");
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
    Diagnostic& d =
        report_.error("RL2001", e.args[0].span,
                      "`passed` needs a `timestamp`, not " + quoted(toText(e.args[0].type)));
    d.label = toText(e.args[0].type);
    d.fixes.push_back(edit("convert it: " + quoted(text), e.args[0].span, text));
    return;
  }
  if (!fit_.coerce(e.args[0], Type::of(TypeKind::Timestamp), {"`passed`", {}}, s)) return;
  e.type = Type::of(TypeKind::Bool);
}

// A condition is asked again when a fact changes, and time is no fact: `now()` would be as old as
// the fact. `passed` says the same with a timer.
void CallChecker::reportNow(const Expr& e, const Scope& s) {
  if (s.place != Scope::Place::Condition) {
    report_.error("RL3011", e.span, "`now()` has no meaning here")
        .notes.push_back("what is computed once must not depend on when");
    return;
  }
  Diagnostic& d = report_.error("RL3011", e.span, "`now()` in a condition is never asked again");
  d.label = "the value at the moment the fact came in";
  d.help.push_back("to wait for a moment ask " + quoted("if passed(…)") +
                   ": the engine sets a timer for it");
  d.notes.push_back("for calendar conditions match the clock: `Clock(weekday == \"friday\")`");
}

}  // namespace reticle::model
