// Conditions one after the other, and the names they bind.
#include <algorithm>

#include "check/condition_checker.h"
#include "check/expression_checker.h"
#include "check/pattern_checker.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

struct BoundName {
  tree::Name name;
  const tree::Condition* condition;
};

std::vector<BoundName> boundBy(const tree::Condition& condition);

// What an `either` makes known after it: the names that each of its branches binds.
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

// Whoever uses them is told nothing more: the mistake was reported.
void ConditionChecker::breakNames(const tree::Condition& condition, Scope& s) {
  for (const BoundName& b : boundBy(condition)) {
    if (!s.find(b.name.text)) {
      s.absent.push_back({b.name.text, Absent::Why::Broken, b.name.span, "", {}});
    }
  }
}

// As with actions: first all names, so that a use before the binding is known as such, then one
// condition after the other.
void ConditionChecker::checkConditions(const std::vector<tree::Condition>& conditions,
                                       std::vector<Condition>& out, Scope& s) {
  std::vector<std::vector<BoundName>> bound;
  for (const tree::Condition& condition : conditions) {
    bound.push_back(boundBy(condition));
    for (const BoundName& b : bound.back()) {
      // Two conditions of one name: the second one is reported when its turn comes.
      if (!s.find(b.name.text)) {
        s.absent.push_back(
            {b.name.text, Absent::Why::Later, b.name.span, "", condition.span, &condition});
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
void ConditionChecker::checkTest(const Expr& written, const std::string& who, Expression& out,
                                 Scope& s) {
  Expr test = written;
  expressions_.check(test, s);
  fit_.requireBool(test, s, who);
  s.unsure = s.unsure || isPoison(test.type);
  assume(test, true, s);
  out = expressions_.finish(std::move(test));
}

// A condition of any kind becomes one condition of the program, in the same order.
void ConditionChecker::checkCondition(const tree::Condition& condition, std::vector<Condition>& out,
                                      Scope& s) {
  using Kind = tree::Condition::Kind;
  Condition result;
  result.span = condition.span;
  result.text = textOf(condition);
  bool read = true;
  switch (condition.kind) {
    case Kind::Pattern:
      result.kind = Condition::Kind::Pattern;
      read = condition.pattern && patterns_.checkRow(*condition.pattern, result.pattern, s,
                                                     s.rule != nullptr && s.groups == 0);
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
      const Type type = expressions_.check(value, s);
      s.constraint = {};
      result.expr = expressions_.finish(std::move(value));
      result.local = bindings_.bindLocal(s, condition.name, type, "value");
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
  // A condition that was not read is left out; the rule is refused for the mistake in it.
  if (read) {
    out.push_back(std::move(result));
  } else {
    breakNames(condition, s);
  }
}

// The elements of a list, or the keys of a map, one match for each.
bool ConditionChecker::checkEach(const tree::Condition& condition, Condition& out, Scope& s) {
  out.kind = Condition::Kind::Each;
  out.name = condition.name.text;
  if (!condition.expr) return false;
  Expr list = *condition.expr;
  s.constraint = condition.span;
  const Type type = expressions_.check(list, s);
  Type element = Type::of(TypeKind::Poison);
  const Span span = list.span;
  if (type.optional && !isAny(type)) {
    fit_.reportOptional(list, s, "`each` needs a list");
  } else if (type.kind == TypeKind::List || type.kind == TypeKind::Map) {
    element = type.arguments[0];  // of a map the keys, as everywhere in the language
  } else if (type.kind == TypeKind::Any) {
    element = type;
  } else if (!isPoison(type)) {
    Diagnostic& d =
        report_.error("RL2017", span,
                      "`each` walks a list or the keys of a map; this is " + quoted(toText(type)));
    d.label = toText(type);
    if (type.kind == TypeKind::Record) {
      d.help.push_back("the facts of a type are matched by a pattern: " +
                       quoted(out.name + ": " + type.name));
    }
  }
  out.expr = expressions_.finish(std::move(list));
  s.constraint = {};
  const bool read = !isPoison(element);
  if (read) out.local = bindings_.bindLocal(s, condition.name, element, "element");
  if (read && condition.where) {
    s.constraint = condition.where->span;
    checkTest(*condition.where, "`where`", out.where, s);
    s.constraint = {};
  }
  return read;
}

}  // namespace reticle::model
