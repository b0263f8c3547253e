// What is said of functions that are not there: near names, and what other languages call ours.
#include <algorithm>

#include "base/suggest.h"
#include "check/call_checker.h"
#include "check/expression_checker.h"
#include "model/message.h"

namespace reticle::model {
namespace {

// How a call of another language becomes one of ours.
enum class Turn : std::uint8_t {
  Rename,    // its name is another: `x.length()`, `x.size()`
  Function,  // a method there, a function here: `x.abs()`, `math.abs(x)`
  Method,    // the other way round: `lower(x)`, `x.lowerAscii()`
  Whole,     // `text`, with `$` for what it is asked of: `x.isEmpty()`, `(x.size() == 0)`
  Say,       // nothing to write in its place: `text` is the help
};

struct Foreign {
  std::string_view name;
  bool method;
  Turn turn;
  std::string_view text;
};

constexpr std::string_view kSum =
    "of a list the elements are matched one by one: `accumulate { each x in list } into total = "
    "sum(x)`; of facts, `accumulate l: Line(order == o.id) into total = sum(l.price)`";

// In any order; a name stands once for functions and once for methods.
constexpr Foreign kForeign[] = {
    {"max", false, Turn::Rename, "math.greatest"},
    {"min", false, Turn::Rename, "math.least"},
    {"abs", false, Turn::Rename, "math.abs"},
    {"round", false, Turn::Rename, "math.round"},
    {"floor", false, Turn::Rename, "math.floor"},
    {"ceil", false, Turn::Rename, "math.ceil"},
    {"ceiling", false, Turn::Rename, "math.ceil"},
    {"trunc", false, Turn::Rename, "math.trunc"},
    {"sqrt", false, Turn::Rename, "math.sqrt"},
    {"sign", false, Turn::Rename, "math.sign"},
    {"len", false, Turn::Rename, "size"},
    {"length", false, Turn::Rename, "size"},
    {"str", false, Turn::Rename, "string"},
    {"toString", false, Turn::Rename, "string"},
    {"float", false, Turn::Rename, "double"},
    {"number", false, Turn::Rename, "double"},
    {"lower", false, Turn::Method, "lowerAscii"},
    {"upper", false, Turn::Method, "upperAscii"},
    {"sum", false, Turn::Say, kSum},
    {"avg", false, Turn::Say, kSum},
    {"average", false, Turn::Say, kSum},
    {"mean", false, Turn::Say, kSum},
    {"count", false, Turn::Say,
     "facts are counted in a condition: `accumulate Order(open) into n = count()`; the elements of "
     "a list are `size(list)`"},
    {"isNull", false, Turn::Say, "it is written `x == null` here"},
    {"if", false, Turn::Say, "it is written `condition ? a : b` here"},

    {"math.max", false, Turn::Rename, "math.greatest"},
    {"math.min", false, Turn::Rename, "math.least"},
    {"math.ceiling", false, Turn::Rename, "math.ceil"},
    {"math.pow", false, Turn::Say,
     "there are no powers: multiply, or declare a `host pure function`"},
    {"math.random", false, Turn::Say,
     "rules give the same result each time: chance comes in from outside, as a fact or event"},
    {"optional.some", false, Turn::Rename, "optional.of"},
    {"optional.just", false, Turn::Rename, "optional.of"},
    {"optional.empty", false, Turn::Rename, "optional.none"},
    {"date.now", false, Turn::Say,
     "to wait for a moment ask `if passed(…)`; the calendar is the subject `Clock`"},

    {"length", true, Turn::Rename, "size"},
    {"len", true, Turn::Rename, "size"},
    {"count", true, Turn::Rename, "size"},
    {"toLowerCase", true, Turn::Rename, "lowerAscii"},
    {"lower", true, Turn::Rename, "lowerAscii"},
    {"toLower", true, Turn::Rename, "lowerAscii"},
    {"toUpperCase", true, Turn::Rename, "upperAscii"},
    {"upper", true, Turn::Rename, "upperAscii"},
    {"toUpper", true, Turn::Rename, "upperAscii"},
    {"includes", true, Turn::Rename, "contains"},
    {"has", true, Turn::Rename, "contains"},
    {"regex", true, Turn::Rename, "matches"},
    {"match", true, Turn::Rename, "matches"},
    {"strip", true, Turn::Rename, "trim"},
    {"any", true, Turn::Say, "it is written `exists` here: `list.exists(x, x > 3)`"},
    {"some", true, Turn::Say, "it is written `exists` here: `list.exists(x, x > 3)`"},
    {"every", true, Turn::Say, "it is written `all` here: `list.all(x, x > 3)`"},
    {"find", true, Turn::Say, "it is written `list.filter(x, x > 3).first()` here"},
    {"reduce", true, Turn::Say, kSum},
    {"sum", true, Turn::Say, kSum},
    {"avg", true, Turn::Say, kSum},
    {"average", true, Turn::Say, kSum},
    {"mean", true, Turn::Say, kSum},
    {"push", true, Turn::Say, "values do not change: a longer list is `list + [x]`"},
    {"append", true, Turn::Say, "values do not change: a longer list is `list + [x]`"},
    {"toString", true, Turn::Function, "string"},
    {"str", true, Turn::Function, "string"},
    {"abs", true, Turn::Function, "math.abs"},
    {"round", true, Turn::Function, "math.round"},
    {"floor", true, Turn::Function, "math.floor"},
    {"ceil", true, Turn::Function, "math.ceil"},
    {"sqrt", true, Turn::Function, "math.sqrt"},
    {"max", true, Turn::Function, "math.greatest"},
    {"min", true, Turn::Function, "math.least"},
    {"isEmpty", true, Turn::Whole, "($.size() == 0)"},
    {"isNull", true, Turn::Whole, "($ == null)"},
};

// Qualified names whatever their first letter: `Math.max`.
const Foreign* foreign(std::string name, bool method) {
  if (name.find('.') != std::string::npos && name[0] >= 'A' && name[0] <= 'Z') {
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
  }
  const auto found =
      std::find_if(std::begin(kForeign), std::end(kForeign),
                   [&](const Foreign& each) { return each.name == name && each.method == method; });
  return found == std::end(kForeign) ? nullptr : found;
}

// The arguments from one of them on, with commas.
std::string argumentsFrom(const Expr& e, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < e.args.size(); ++i) {
    text += (i > from ? ", " : "") + toText(e.args[i]);
  }
  return text;
}

// `name` is where the called name stands.
void turn(const Foreign& from, const Expr& e, Span name, Diagnostic& d) {
  const std::string own(from.text);
  std::string text;
  switch (from.turn) {
    case Turn::Say: d.help.push_back(own); return;
    case Turn::Rename:
      d.fixes.push_back(edit("it is written " + quoted(own) + " here", name, own));
      return;
    case Turn::Function: text = own + "(" + argumentsFrom(e, 0) + ")"; break;
    case Turn::Method:
      if (e.args.empty()) return;
      text = toText(e.args[0]) + "." + own + "(" + argumentsFrom(e, 1) + ")";
      break;
    case Turn::Whole:
      text = own;
      text.replace(text.find('$'), 1, toText(e.args[0]));
      break;
  }
  d.fixes.push_back(edit("it is written " + quoted(text) + " here", e.span, text));
}

}  // namespace

bool CallChecker::isNamespace(const std::string& root) {
  const std::string start = lowerCase(root) + ".";
  if (start == "date.") return true;
  const std::vector<Overload>& all = builtins();
  return std::any_of(all.begin(), all.end(),
                     [&](const Overload& overload) { return overload.name.starts_with(start); });
}

// Declared functions, and those of the language whose names have a point.
std::vector<std::string> CallChecker::functionNames(const Scope& s) const {
  std::vector<std::string> names =
      symbols_.namesOf({Symbol::Kind::Function, Symbol::Kind::Host, Symbol::Kind::Query}, s.module);
  for (const Overload& overload : builtins()) {
    if (overload.name.find('.') != std::string_view::npos &&
        (names.empty() || names.back() != overload.name)) {
      names.emplace_back(overload.name);
    }
  }
  return names;
}

// What other languages call ours first: `math.min` is near to `math.sign`, and means `math.least`.
void CallChecker::reportUnknownFunction(const Expr& e, const std::string& name, const Scope& s) {
  const Span at = e.nameSpan == Span{} ? e.span : e.nameSpan;
  const bool qualified = name.find('.') != std::string::npos;
  const Span span = qualified ? Span{e.args[0].span.file, e.args[0].span.begin, at.end} : at;
  Diagnostic& d = report_.error("RL1003", span, "there is no function called " + quoted(name));
  if (const Foreign* from = foreign(name, !qualified && e.method)) return turn(*from, e, span, d);
  std::vector<std::string> names = functionNames(s);
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
  suggest(d, span, name, names);
}

}  // namespace reticle::model
