// Conditions: patterns, `not`, `exists`, `accumulate`, `let`, `if`; and the names they bind.
#include <algorithm>
#include <array>

#include "model/checker.h"
#include "model/suggest.h"
#include "model/text.h"

namespace reticle::model {
namespace {

struct Bound { tree::Name name; const tree::Condition* condition; };

std::vector<Bound> boundBy(const tree::Condition& condition) {
  std::vector<Bound> names;
  if (condition.kind == tree::Condition::Kind::Pattern && condition.pattern && condition.pattern->binding) names.push_back({condition.pattern->binding, &condition});
  if (condition.name) names.push_back({condition.name, &condition});
  for (const tree::AccumulateFunction& f : condition.functions) names.push_back({f.result, &condition});
  for (const tree::GroupKey& key : condition.groupBy) names.push_back({key.name, &condition});
  return names;
}

constexpr std::array<std::pair<std::string_view, AccumulateFunction::Kind>, 9> kFunctions = {{
    {"count", AccumulateFunction::Kind::Count}, {"sum", AccumulateFunction::Kind::Sum}, {"min", AccumulateFunction::Kind::Min},
    {"max", AccumulateFunction::Kind::Max}, {"avg", AccumulateFunction::Kind::Avg}, {"collect", AccumulateFunction::Kind::Collect},
    {"distinct", AccumulateFunction::Kind::Distinct}, {"first", AccumulateFunction::Kind::First}, {"last", AccumulateFunction::Kind::Last},
}};

}  // namespace

bool Checker::isFree(const tree::Name& name, const Scope& s) {
  const auto same = std::find_if(s.bindings.begin(), s.bindings.end(), [&](const Binding& b) { return b.name == name.text; });
  if (name.text == "this") {
    error("RL1009", name.span, "`this` is the fact that a pattern is looking at; choose another name");
    return false;
  }
  if (same == s.bindings.end()) return true;
  Diagnostic& d = error("RL1007", name.span, quoted(name.text) + " is bound already");
  d.related.push_back({same->span, "this " + std::string(same->what)});
  d.help.push_back("choose another name for one of them");
  return false;
}

Binding Checker::rowBinding(const tree::Pattern& pattern, TypeId type, std::uint32_t row) const {
  Binding binding;
  binding.name = pattern.binding.text;
  binding.type = recordType(type);
  binding.ref = {Ref::Kind::Row, row, {}};
  binding.span = pattern.binding.span;
  binding.prefix = {pattern.binding.span.file, pattern.binding.span.begin, pattern.type.span.begin};
  return binding;
}

void Checker::bind(Scope& s, Binding binding) {
  index_.bound(binding);
  s.bindings.push_back(std::move(binding));
}

std::uint32_t Checker::bindLocal(Scope& s, const tree::Name& name, Type type, const char* what, bool quiet) {
  Binding binding;
  binding.name = name.text;
  binding.type = std::move(type);
  binding.ref = {Ref::Kind::Local, s.locals, {}};
  binding.span = name.span;
  binding.what = what;
  binding.quiet = quiet;
  if (name && isFree(name, s)) bind(s, std::move(binding));
  return s.locals++;
}

void Checker::warnUnused(const Binding& binding) {
  if (binding.name.empty() || binding.name[0] == '_' || allows("RL3002")) return;
  Diagnostic& d = warn("RL3002", binding.span, quoted(binding.name) + " is bound and never used");
  if (!(binding.prefix == Span{})) d.fixes.push_back(edit("take the binding away", binding.prefix, ""));
  d.help.push_back("to keep it call it " + quoted("_" + binding.name));
}

void Checker::close(Scope& s, std::size_t mark, bool leaveTrace) {
  for (std::size_t i = mark; i < s.bindings.size(); ++i) {
    const Binding& binding = s.bindings[i];
    if (!binding.used && !binding.quiet && !isPoison(binding.type)) warnUnused(binding);
    if (leaveTrace) s.absent.push_back({binding.name, Absent::Why::Left, binding.span, "", {}});
  }
  s.bindings.resize(mark);
}

bool Checker::checkPattern(const tree::Pattern& pattern, std::uint32_t row, Pattern& out, Scope& s, bool needed) {
  using Suffix = tree::Suffix::Kind;
  for (const tree::Suffix& suffix : pattern.suffixes) {
    switch (suffix.kind) {
      case Suffix::OverLast: case Suffix::OverLastCount: unsupported(suffix.span, "a window (`over last`)", "keep what must be remembered as facts, and let a flow take them away"); break;
      case Suffix::Held: unsupported(suffix.span, "`held`", "start a flow that sleeps and looks again"); break;
      case Suffix::After: case Suffix::Before: case Suffix::WithinOf:
        unsupported(suffix.span, "the distance in time between two patterns", "compare the times: `meta.time - a.meta.time <= 5m`");
        break;
    }
  }
  const FactType* type = resolveRecord(pattern.type);
  if (!type) {
    if (pattern.binding) s.absent.push_back({pattern.binding.text, Absent::Why::Broken, pattern.binding.span, "", {}});
    return false;
  }
  out.type = type->id;
  out.row = row;
  out.binding = pattern.binding.text;
  out.span = pattern.span;
  out.text = textOf(pattern);
  if (pattern.binding && !isFree(pattern.binding, s)) return false;
  const std::size_t errorsBefore = errors_;
  const Scope::Place place = s.place;
  const std::optional<Candidate> outer = std::move(s.candidate);
  s.place = Scope::Place::Condition;
  s.candidate = Candidate{out.type, row, {}};
  const std::size_t mark = s.bindings.size();
  if (pattern.binding) {
    bind(s, rowBinding(pattern, out.type, row));
    s.bindings.back().own = true;
  }
  index_.within({pattern.span.file, pattern.type.span.end, pattern.span.end}, s, type);
  for (const Expr& written : pattern.constraints) {
    Expr test = written;
    s.constraint = written.span;
    check(test, s);
    requireBool(test, s, "a constraint");
    s.unsure = s.unsure || isPoison(test.type);
    assume(test, true, s);
    out.constraints.push_back({finish(std::move(test))});
  }
  s.constraint = {};
  ownUsed_ = pattern.binding && s.bindings[mark].used;
  s.bindings.resize(mark);
  s.candidate = outer;
  s.place = place;
  if (errors_ == errorsBefore) refuseContradictions(out, needed);
  return true;
}

void Checker::checkConditions(const std::vector<tree::Condition>& conditions, std::vector<Condition>& out, Scope& s) {
  std::vector<std::vector<Bound>> bound;
  for (const tree::Condition& condition : conditions) {
    bound.push_back(boundBy(condition));
    for (const Bound& b : bound.back()) {
      // Two conditions of one name: the second one is reported when its turn comes.
      if (!s.find(b.name.text)) s.absent.push_back({b.name.text, Absent::Why::Later, b.name.span, textOf(condition), condition.span});
    }
  }
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Later && std::any_of(bound[i].begin(), bound[i].end(), [&](const Bound& b) { return b.name.span == a.span; });
    });
    s.condition = conditions[i].span;
    const auto known = index_.item(conditions[i].span, s);
    checkCondition(conditions[i], out, s);
    s.condition = {};
  }
}

void Checker::checkCondition(const tree::Condition& condition, std::vector<Condition>& out, Scope& s) {
  using Kind = tree::Condition::Kind;
  Condition result;
  result.span = condition.span;
  result.text = textOf(condition);
  const std::uint32_t row = static_cast<std::uint32_t>(s.rows.size());
  const std::size_t known = s.known.size();
  const auto broken = [&] {
    for (const Bound& b : boundBy(condition)) s.absent.push_back({b.name.text, Absent::Why::Broken, b.name.span, "", {}});
  };
  const Span keyword = condition.keyword == Span{} ? condition.span : condition.keyword;
  switch (condition.kind) {
    case Kind::Pattern: {
      result.kind = Condition::Kind::Pattern;
      if (!condition.pattern || !checkPattern(*condition.pattern, row, result.pattern, s, rule_ != nullptr)) return broken();
      const tree::Pattern& pattern = *condition.pattern;
      RowPlace place;
      place.binding = pattern.binding.text;
      place.type = result.pattern.type;
      place.bare = pattern.constraints.empty();
      const Span last = place.bare ? pattern.type.span : pattern.constraints.back().span;
      place.addAt = {last.file, last.end, last.end};
      s.rows.push_back(std::move(place));
      if (pattern.binding) {
        bind(s, rowBinding(pattern, result.pattern.type, row));
        s.bindings.back().used = ownUsed_;
      }
      break;
    }
    case Kind::Not: case Kind::Exists: {
      const bool negated = condition.kind == Kind::Not;
      result.kind = negated ? Condition::Kind::Not : Condition::Kind::Exists;
      if (!condition.groups.empty()) {
        unsupported(keyword, std::string("a group under ") + (negated ? "`not`" : "`exists`"), "let a rule insert a fact for the group (`insert logical`), and ask for that one");
        return;
      }
      if (!condition.pattern || !checkPattern(*condition.pattern, row, result.pattern, s, rule_ && !negated)) return;
      if (condition.pattern->binding && !ownUsed_) warnUnused(rowBinding(*condition.pattern, result.pattern.type, row));
      s.known.resize(known);
      break;
    }
    case Kind::Accumulate:
      result.kind = Condition::Kind::Accumulate;
      if (!condition.groups.empty()) {
        unsupported(keyword, "`accumulate` over a group", "accumulate over one pattern; a rule can insert a fact for the group");
        return broken();
      }
      if (!condition.groupBy.empty()) {
        unsupported(condition.groupBy[0].name.span, "`group by`", "bind the key in a pattern above, and accumulate over what has it");
        return broken();
      }
      checkAccumulate(condition, result, s);
      s.known.resize(known);
      break;
    case Kind::Let: {
      result.kind = Condition::Kind::Let;
      result.name = condition.name.text;
      if (!condition.expr) return broken();
      Expr value = *condition.expr;
      s.constraint = condition.span;
      const Type type = check(value, s);
      s.constraint = {};
      result.expr = finish(std::move(value));
      result.local = bindLocal(s, condition.name, type, "value");
      break;
    }
    case Kind::If: {
      result.kind = Condition::Kind::If;
      if (!condition.expr) return;
      Expr test = *condition.expr;
      s.constraint = condition.span;
      check(test, s);
      requireBool(test, s, "`if`");
      s.unsure = s.unsure || isPoison(test.type);
      s.constraint = {};
      assume(test, true, s);
      result.expr = finish(std::move(test));
      break;
    }
    case Kind::Forall:
      unsupported(keyword, "`forall`", "say it with two negations: `not P(…, !(Q))`");
      return broken();
    case Kind::Either:
      unsupported(keyword, "`either`", "write one rule for each branch, or join tests of one fact with `||`");
      return broken();
    case Kind::Each:
      unsupported(keyword, "`each`", "insert a fact for each element, or walk the list with `exists` or `map` in an expression");
      return broken();
  }
  out.push_back(std::move(result));
}

void Checker::checkAccumulate(const tree::Condition& condition, Condition& out, Scope& s) {
  out.skipErrors = condition.skipErrors;
  const std::uint32_t row = static_cast<std::uint32_t>(s.rows.size());
  const auto broken = [&] {
    for (const Bound& b : boundBy(condition)) s.absent.push_back({b.name.text, Absent::Why::Broken, b.name.span, "", {}});
  };
  if (!condition.pattern || !checkPattern(*condition.pattern, row, out.pattern, s)) return broken();
  const tree::Pattern& pattern = *condition.pattern;
  const std::size_t mark = s.bindings.size();
  RowPlace place;
  place.binding = pattern.binding.text;
  place.type = out.pattern.type;
  place.bare = pattern.constraints.empty();
  const Span last = place.bare ? pattern.type.span : pattern.constraints.back().span;
  place.addAt = {last.file, last.end, last.end};
  s.rows.push_back(std::move(place));
  if (pattern.binding) {
    bind(s, rowBinding(pattern, out.pattern.type, row));
    s.bindings.back().used = ownUsed_;
  }
  std::vector<Type> types;
  for (const tree::AccumulateFunction& written : condition.functions) {
    AccumulateFunction function;
    function.name = written.result.text;
    function.result = accumulateResult(written, function, s);
    types.push_back(function.result);
    out.functions.push_back(std::move(function));
  }
  s.rows.pop_back();
  close(s, mark);
  for (std::size_t i = 0; i < condition.functions.size(); ++i) out.functions[i].local = bindLocal(s, condition.functions[i].result, types[i], "result");
}

Type Checker::accumulateResult(const tree::AccumulateFunction& f, AccumulateFunction& out, Scope& s) {
  using Kind = AccumulateFunction::Kind;
  const Type poison = Type::of(TypeKind::Poison);
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const auto& entry) { return entry.first == f.function.text; });
  Expr argument = f.argument ? *f.argument : Expr{};
  if (f.argument) check(argument, s);
  if (found == kFunctions.end()) {
    if (!f.function) return poison;
    std::vector<std::string> names;
    for (const auto& [name, kind] : kFunctions) names.emplace_back(name);
    Diagnostic& d = error("RL1003", f.function.span, "`accumulate` has no function " + quoted(f.function.text));
    const std::string& written = f.function.text;
    const std::string meant = written == "average" || written == "mean" ? "avg" : written == "total" ? "sum" : written == "list" || written == "array" ? "collect" : written == "set" ? "distinct" : "";
    if (meant.empty()) suggest(d, f.function.span, written, names);
    else d.fixes.push_back(replaceWith(f.function.span, written, meant));
    d.notes.push_back("its functions are " + listed(names));
    return poison;
  }
  out.kind = found->second;
  const std::string who = quoted(f.function.text);
  if (out.kind == Kind::Count) {
    if (f.argument) error("RL3013", argument.span, "`count` counts facts and takes no argument").help.push_back("put what to count into the pattern, as a constraint");
    return Type::of(TypeKind::Int);
  }
  if (!f.argument) {
    error("RL2002", f.span, who + " needs to know of what").help.push_back("write for example " + quoted(f.function.text + "(x.amount)") + " with `x` bound by the pattern");
    return poison;
  }
  const Type type = argument.type;
  if (isPoison(type)) return poison;
  const bool list = out.kind == Kind::Collect || out.kind == Kind::Distinct;
  if (!list && out.kind != Kind::First && out.kind != Kind::Last && !requireValue(argument, s, who, "a value of each fact")) return poison;
  const Span span = argument.span;
  out.argument = finish(std::move(argument));
  if (isAny(type)) return list ? listOf(type) : type;
  const auto refuse = [&](const std::string& what) {
    Diagnostic& d = error("RL2001", span, who + " needs " + what + ", not " + quoted(toText(type)));
    d.label = toText(type);
    return poison;
  };
  switch (out.kind) {
    case Kind::Sum:
      if (!isNumber(type) && type.kind != TypeKind::Duration) return refuse("numbers");
      return type;
    case Kind::Avg:
      if (!isNumber(type) && type.kind != TypeKind::Duration) return refuse("numbers");
      // Of nothing there is no average, least or greatest: null.
      return (type.kind == TypeKind::Int ? Type::of(TypeKind::Double) : type).asOptional();
    case Kind::Min: case Kind::Max:
      if (!isNumber(type) && type.kind != TypeKind::String && type.kind != TypeKind::Timestamp && type.kind != TypeKind::Duration) return refuse("values with an order");
      return type.asOptional();
    case Kind::First: case Kind::Last: return type.asOptional();
    case Kind::Collect: case Kind::Distinct: return listOf(type);
    case Kind::Count: break;
  }
  return poison;
}

}  // namespace reticle::model
