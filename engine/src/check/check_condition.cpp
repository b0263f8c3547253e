// Conditions one after the other, and the names they bind.
#include <algorithm>

#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

struct BoundName {
  tree::Name name;
  const tree::Condition* condition;
};

std::vector<BoundName> boundBy(const tree::Condition& condition);

// What an `either` makes known behind it: the names that each of its branches binds.
std::vector<BoundName> boundByAll(const tree::Condition& either) {
  std::vector<BoundName> common;
  for (std::size_t i = 0; i < either.groups.size(); ++i) {
    std::vector<BoundName> names;
    for (const tree::Condition& inner : either.groups[i]) {
      for (BoundName& bound : boundBy(inner)) names.push_back({std::move(bound.name), &either});
    }
    if (i == 0) {
      common = std::move(names);
      continue;
    }
    std::erase_if(common, [&](const BoundName& bound) {
      return std::none_of(names.begin(), names.end(), [&](const BoundName& other) {
        return other.name.text == bound.name.text;
      });
    });
  }
  return common;
}

std::vector<BoundName> boundBy(const tree::Condition& condition) {
  using Kind = tree::Condition::Kind;
  if (condition.kind == Kind::Either) return boundByAll(condition);
  std::vector<BoundName> names;
  if (condition.kind == Kind::Pattern && condition.pattern && condition.pattern->binding) {
    names.push_back({condition.pattern->binding, &condition});
  }
  if (condition.name) names.push_back({condition.name, &condition});
  for (const tree::AccumulateFunction& f : condition.functions) {
    names.push_back({f.result, &condition});
  }
  for (const tree::GroupKey& key : condition.groupBy) names.push_back({key.name, &condition});
  return names;
}

}  // namespace

bool Checker::isFree(const tree::Name& name, const Scope& s) {
  const auto same = std::find_if(s.bindings.begin(), s.bindings.end(),
                                 [&](const Binding& b) { return b.name == name.text; });
  if (name.text == "this") {
    error("RL1009", name.span,
          "`this` is the fact that a pattern is looking at; choose another name");
    return false;
  }
  if (same == s.bindings.end()) return true;
  Diagnostic& d = error("RL1007", name.span, quoted(name.text) + " is bound already");
  d.related.push_back({same->span, "this " + std::string(same->what)});
  d.help.push_back("choose another name for one of them");
  return false;
}

void Checker::bind(Scope& s, Binding binding) {
  index_.bound(binding);
  s.bindings.push_back(std::move(binding));
}

std::uint32_t Checker::bindLocal(Scope& s, const tree::Name& name, Type type, const char* what,
                                 bool quiet) {
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
  if (!(binding.prefix == Span{})) {
    d.fixes.push_back(edit("take the binding away", binding.prefix, ""));
  }
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

void Checker::breakNames(const tree::Condition& condition, Scope& s) {
  for (const BoundName& b : boundBy(condition)) {
    if (!s.find(b.name.text)) {
      s.absent.push_back({b.name.text, Absent::Why::Broken, b.name.span, "", {}});
    }
  }
}

void Checker::checkConditions(const std::vector<tree::Condition>& conditions,
                              std::vector<Condition>& out, Scope& s) {
  std::vector<std::vector<BoundName>> bound;
  for (const tree::Condition& condition : conditions) {
    bound.push_back(boundBy(condition));
    for (const BoundName& b : bound.back()) {
      // Two conditions of one name: the second one is reported when its turn comes.
      if (!s.find(b.name.text)) {
        s.absent.push_back(
            {b.name.text, Absent::Why::Later, b.name.span, textOf(condition), condition.span});
      }
    }
  }
  const Span outer = s.condition;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Later &&
             std::any_of(bound[i].begin(), bound[i].end(),
                         [&](const BoundName& b) { return b.name.span == a.span; });
    });
    s.condition = conditions[i].span;
    const auto known = index_.item(conditions[i].span, s);
    checkCondition(conditions[i], out, s);
    s.condition = outer;
  }
}

// A condition about values.
void Checker::checkTest(const Expr& written, const std::string& who, Expression& out, Scope& s) {
  Expr test = written;
  check(test, s);
  requireBool(test, s, who);
  s.unsure = s.unsure || isPoison(test.type);
  assume(test, true, s);
  out = finish(std::move(test));
}

void Checker::checkCondition(const tree::Condition& condition, std::vector<Condition>& out,
                             Scope& s) {
  using Kind = tree::Condition::Kind;
  Condition result;
  result.span = condition.span;
  result.text = textOf(condition);
  bool read = true;
  switch (condition.kind) {
    case Kind::Pattern:
      result.kind = Condition::Kind::Pattern;
      read = condition.pattern &&
             checkPattern(*condition.pattern, static_cast<std::uint32_t>(s.rows.size()),
                          result.pattern, s, rule_ != nullptr && s.groups == 0);
      if (read) addRow(*condition.pattern, result.pattern, s);
      break;
    case Kind::Not:
    case Kind::Exists: read = checkNegation(condition, result, s); break;
    case Kind::Forall: read = checkForall(condition, result, s); break;
    case Kind::Either: read = checkEither(condition, result, s); break;
    case Kind::Accumulate: read = checkAccumulate(condition, result, s); break;
    case Kind::Each: read = checkEach(condition, result, s); break;
    case Kind::Let: {
      result.kind = Condition::Kind::Let;
      result.name = condition.name.text;
      read = condition.expr.has_value();
      if (!read) break;
      Expr value = *condition.expr;
      s.constraint = condition.span;
      const Type type = check(value, s);
      s.constraint = {};
      result.expr = finish(std::move(value));
      result.local = bindLocal(s, condition.name, type, "value");
      break;
    }
    case Kind::If:
      result.kind = Condition::Kind::If;
      if (!condition.expr) return;
      s.constraint = condition.span;
      checkTest(*condition.expr, "`if`", result.expr, s);
      s.constraint = {};
      break;
  }
  if (read) {
    out.push_back(std::move(result));
  } else {
    breakNames(condition, s);
  }
}

bool Checker::checkEach(const tree::Condition& condition, Condition& out, Scope& s) {
  out.kind = Condition::Kind::Each;
  out.name = condition.name.text;
  if (!condition.expr) return false;
  Expr list = *condition.expr;
  s.constraint = condition.span;
  const Type type = check(list, s);
  Type element = Type::of(TypeKind::Poison);
  const Span span = list.span;
  if (type.optional && !isAny(type)) {
    reportOptional(list, s, "`each` needs a list");
  } else if (type.kind == TypeKind::List || type.kind == TypeKind::Map) {
    element = type.arguments[0];  // of a map the keys, as everywhere in the language
  } else if (type.kind == TypeKind::Any) {
    element = type;
  } else if (!isPoison(type)) {
    Diagnostic& d =
        error("RL2017", span,
              "`each` walks a list or the keys of a map; this is " + quoted(toText(type)));
    d.label = toText(type);
    if (type.kind == TypeKind::Record) {
      d.help.push_back("the facts of a type are matched by a pattern: " +
                       quoted(out.name + ": " + type.name));
    }
  }
  out.expr = finish(std::move(list));
  s.constraint = {};
  const bool read = !isPoison(element);
  if (read) out.local = bindLocal(s, condition.name, element, "element");
  if (read && condition.where) {
    s.constraint = condition.where->span;
    checkTest(*condition.where, "`where`", out.where, s);
    s.constraint = {};
  }
  return read;
}

}  // namespace reticle::model
