// Conditions that can never hold, or that say nothing: one field after the other, over the patterns
// of a rule and the joins between them.
#include <algorithm>
#include <map>

#include "analysis/analysis.h"
#include "analysis/place.h"
#include "model/message.h"

namespace reticle::model {
namespace {

constexpr std::size_t kMaxTests = 200;  // of one rule

// `x != null`, on either side.
bool asksForValue(const Expr& e) {
  return e.kind == ExprKind::Binary && e.op == Operator::NotEqual &&
         std::any_of(e.args.begin(), e.args.end(), [](const Expr& arg) {
           return arg.kind == ExprKind::Literal && arg.value.isNull();
         });
}

// Whether an order or equality between two fields cannot hold for any of their values.
bool refutes(Operator op, const ValueSet& a, const ValueSet& b) {
  if (a.intervals().empty() || b.intervals().empty()) return false;  // null, or reported elsewhere
  if (op == Operator::Equal) return !a.overlaps(b);
  const auto before = [](const ValueSet& x, const ValueSet& y, bool strict) {
    // No x below some y: the least x is beyond the greatest y.
    const Cut &least = x.intervals().front().from, &most = y.intervals().back().to;
    if (compare(least, most) >= 0) return true;
    if (!strict) return false;
    ValueSet common(x.line());
    common.add({least, most});
    return common.single().has_value();
  };
  switch (op) {
    case Operator::Less: return before(a, b, true);
    case Operator::LessEqual: return before(a, b, false);
    case Operator::Greater: return before(b, a, true);
    case Operator::GreaterEqual: return before(b, a, false);
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::In:
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo:
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive: break;
  }
  return false;
}

}  // namespace

// Each rule for itself: bounds between rules are no contradiction.
void Analysis::checkConditions() {
  for (std::size_t i = 0; i < program_.rules.size(); ++i) checkRule(program_.rules[i], *rules_[i]);
}

// First one field after the other, since a contradiction there explains one between fields; then
// the joins; then circles of orders.
void Analysis::checkRule(const Rule& rule, const tree::Declaration& written) {
  const RuleTests tests = testsOf(program_, rule);
  if (tests.tests.size() > kMaxTests) return;
  std::map<Place, std::vector<const PlaceTest*>> byPlace;
  for (const PlaceTest& test : tests.tests) byPlace[test.place].push_back(&test);
  bool possible = true;
  std::map<Place, ValueSet> left;
  for (const auto& [place, asked] : byPlace) {
    const Field& field = program_.type(rule.rowTypes[place.row]).fields[place.field];
    const ValueSet declared = declaredValues(field);
    left.emplace(place, declared);
    for (std::size_t at = 0; at < asked.size() && possible; ++at) {
      possible = narrow(field, declared, left.find(place)->second, asked, at, written);
    }
    if (!possible) return;
  }
  for (const Expr* join : tests.joins) {
    const auto valuesOf = [&](const Expr& side) {
      const auto known = left.find(placeOf(side));
      return known != left.end()
                 ? known->second
                 : declaredValues(
                       program_.type(rule.rowTypes[side.ref.row]).fields[index(side.ref.field)]);
    };
    const ValueSet a = valuesOf(join->args[0]), b = valuesOf(join->args[1]);
    const Type& typeA = join->args[0].type;
    const Type& typeB = join->args[1].type;
    // Null joins null; and an enum's values are positions in its own list.
    const bool unlike = a.line() != b.line() || a.line() == Line::None ||
                        a.line() == Line::Choice || typeA.optional || typeB.optional;
    if (unlike || !refutes(join->op, a, b)) continue;
    Diagnostic& d = say(Level::Error, "RL3007", join->span, "this rule can never fire");
    d.label = "cannot hold";
    for (const Expr& side : join->args) {
      const auto asked = byPlace.find(placeOf(side));
      if (asked != byPlace.end()) {
        d.related.push_back(
            {asked->second.front()->expr->span, "needs " + toText(*asked->second.front()->expr)});
      }
    }
    d.notes.push_back(describe(toText(join->args[0]), a, typeA) + ", and " +
                      describe(toText(join->args[1]), b, typeB));
    return;
  }
  checkOrders(tests);
}

// Takes one test of a field into account, after those before it. False when nothing is left.
bool Analysis::narrow(const Field& field, const ValueSet& declared, ValueSet& left,
                      const std::vector<const PlaceTest*>& asked, std::size_t at,
                      const tree::Declaration& written) {
  const PlaceTest& test = *asked[at];
  const ValueSet before = left;
  left = left.intersected(test.values);
  const std::string needs = "needs " + toText(*test.expr);
  const auto noteDeclared = [&](Diagnostic& d) {
    d.related.push_back({field.checks.empty() ? field.span : field.checks[0].tree.span,
                         "declared so: " + describe(field.name, declared, field.type)});
  };
  if (left.empty()) {
    Diagnostic& d = say(Level::Error, "RL3007", test.expr->span, "this rule can never fire");
    d.label = needs;
    if (!declared.overlaps(test.values)) {
      noteDeclared(d);
      d.notes.push_back("no value that " + quoted(field.name) + " may have satisfies this");
      return false;
    }
    const PlaceTest* against = nullptr;
    for (std::size_t i = 0; i < at && !against; ++i) {
      if (!asked[i]->values.intersected(declared).overlaps(test.values)) against = asked[i];
    }
    for (std::size_t i = 0; i < at; ++i) {
      if (!against || against == asked[i]) {
        d.related.push_back({asked[i]->expr->span, "needs " + toText(*asked[i]->expr)});
      }
    }
    d.notes.push_back("no value of " + quoted(field.name) + " (" + toText(field.type) +
                      ") satisfies " + (d.related.size() == 1 ? "both" : "all of them"));
    const bool bare = against && onlyField(*against->expr)->kind == ExprKind::Name &&
                      onlyField(*test.expr)->kind == ExprKind::Name;
    if (bare) {
      d.help.push_back("for either of the two, write " +
                       quoted(toText(*against->expr) + " || " + toText(*test.expr)));
    }
    return false;
  }
  if (test.values.contains(declared) && !declared.empty()) {
    if (allows(written, "RL2013") || asksForValue(*test.expr)) return true;
    Diagnostic& d = say(Level::Warning, "RL2013", test.expr->span, "this is always true");
    noteDeclared(d);
    d.help.push_back("take it away; it keeps no fact out");
    return true;
  }
  if (allows(written, "RL3008")) return true;
  // A test for null is what lets the others be read at all.
  for (std::size_t i = 0; i < at; ++i) {
    const bool later =
        asked[i]->values.intersected(declared).contains(test.values.intersected(declared)) &&
        !asked[i]->values.contains(declared);
    const bool earlier = test.values.contains(asked[i]->values.intersected(declared));
    if (!later && !earlier) continue;
    const PlaceTest &idle = earlier ? test : *asked[i], &strict = earlier ? *asked[i] : test;
    if (asksForValue(*idle.expr)) continue;
    Diagnostic& d = say(Level::Warning, "RL3008", idle.expr->span,
                        quoted(toText(*idle.expr)) + " says nothing that " +
                            quoted(toText(*strict.expr)) + " does not say");
    d.related.push_back({strict.expr->span, "this asks for more"});
    d.help.push_back("take it away; if it is kept for the reader, add `allow RL3008` to the rule");
    return true;
  }
  return true;
}

// `a.t < b.t` and `b.t < a.t`: a circle of orders with a strict one in it.
void Analysis::checkOrders(const RuleTests& tests) {
  struct Edge {
    Place from, to;
    bool strict;
    const Expr* expr;
  };
  std::vector<Edge> edges;
  for (const Expr* join : tests.joins) {
    const Place a = placeOf(join->args[0]), b = placeOf(join->args[1]);
    switch (join->op) {
      case Operator::Less: edges.push_back({a, b, true, join}); break;
      case Operator::LessEqual: edges.push_back({a, b, false, join}); break;
      case Operator::Greater: edges.push_back({b, a, true, join}); break;
      case Operator::GreaterEqual: edges.push_back({b, a, false, join}); break;
      case Operator::Equal:
        edges.push_back({a, b, false, join});
        edges.push_back({b, a, false, join});
        break;
      case Operator::None:
      case Operator::Not:
      case Operator::Negate:
      case Operator::Element:
      case Operator::Wrap:
      case Operator::Or:
      case Operator::And:
      case Operator::NotEqual:
      case Operator::In:
      case Operator::Add:
      case Operator::Subtract:
      case Operator::Multiply:
      case Operator::Divide:
      case Operator::Modulo:
      case Operator::Coalesce:
      case Operator::Inclusive:
      case Operator::Exclusive: break;
    }
  }
  if (edges.size() > kMaxTests) return;
  for (const Edge& strict : edges) {
    if (!strict.strict) continue;
    // The way back from its greater side to its smaller one.
    std::map<Place, const Edge*> reached;
    std::vector<Place> next{strict.to};
    while (!next.empty() && !reached.contains(strict.from)) {
      const Place at = next.back();
      next.pop_back();
      for (const Edge& edge : edges) {
        if (edge.from != at || edge.to == strict.to || !reached.emplace(edge.to, &edge).second) {
          continue;
        }
        next.push_back(edge.to);
      }
    }
    const auto way = reached.find(strict.from);
    if (way == reached.end()) continue;
    std::vector<const Expr*> others;
    for (Place at = strict.from; at != strict.to; at = reached.find(at)->second->from) {
      others.push_back(reached.find(at)->second->expr);
    }
    const Expr* last = strict.expr;
    for (const Expr* e : others) {
      if (e->span.begin > last->span.begin) last = e;
    }
    Diagnostic& d = say(Level::Error, "RL3007", last->span, "this rule can never fire");
    d.label = "needs " + toText(*last);
    others.push_back(strict.expr);
    std::sort(others.begin(), others.end(),
              [](const Expr* x, const Expr* y) { return x->span.begin < y->span.begin; });
    for (const Expr* e : others) {
      if (e != last) d.related.push_back({e->span, "needs " + toText(*e)});
    }
    d.notes.push_back("the comparisons run in a circle: no values satisfy all of them");
    return;
  }
}

}  // namespace reticle::model
