// What expressions come to, whatever the facts are: sums that leave the whole numbers, comparisons
// that always turn out the same way, lists that multiply each other.
//
// Known of a value are the ends of its range: those of literals, and of fields whose `where` gives
// them. All else may be anything.
#include <algorithm>
#include <limits>

#include "analysis/analysis.h"
#include "analysis/place.h"
#include "expression/fuel.h"
#include "model/message.h"

namespace reticle::model {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min(),
                       kGreatest = std::numeric_limits<std::int64_t>::max();

// A whole number, or that there is none: `beyond` the least one (-1) or the greatest (1).
struct Point {
  std::int64_t value = 0;
  int beyond = 0;
};

bool operator<(const Point& a, const Point& b) {
  return a.beyond != b.beyond ? a.beyond < b.beyond : a.value < b.value;
}

// Beyond the whole numbers in the direction of the operands' sign.
Point added(std::int64_t a, std::int64_t b) {
  Point sum;
  if (__builtin_add_overflow(a, b, &sum.value)) sum = {0, a > 0 ? 1 : -1};
  return sum;
}

// As a sum with the sign turned.
Point subtracted(std::int64_t a, std::int64_t b) {
  Point difference;
  if (__builtin_sub_overflow(a, b, &difference.value)) difference = {0, b < 0 ? 1 : -1};
  return difference;
}

// By the rule of signs.
Point multiplied(std::int64_t a, std::int64_t b) {
  Point product;
  if (__builtin_mul_overflow(a, b, &product.value)) product = {0, (a < 0) == (b < 0) ? 1 : -1};
  return product;
}

struct Range {
  std::int64_t least = kLeast, greatest = kGreatest;
  bool empty() const { return least > greatest; }
};

// An open end is that of all whole numbers. Null is no number, so such a set has no range.
Range rangeOf(const ValueSet& values) {
  Range range;
  if (values.line() != Line::Whole || values.intervals().empty() || values.hasNull()) return range;
  // Whole numbers are cut before a value only.
  const Cut &from = values.intervals().front().from, &to = values.intervals().back().to;
  if (from.side == Cut::Side::Before && from.value.kind() == ValueKind::Int) {
    range.least = from.value.asInt();
  }
  if (to.side == Cut::Side::Before && to.value.kind() == ValueKind::Int &&
      to.value.asInt() > kLeast) {
    range.greatest = to.value.asInt() - 1;
  }
  return range.empty() ? Range{} : range;
}

// What gives true or false of two values.
bool isComparison(Operator op) {
  switch (op) {
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
    case Operator::In: return true;
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
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

enum class Outcome : std::uint8_t { Open, True, False };

// Equality of ranges is never certain but where they are apart.
Outcome compared(Operator op, const Range& a, const Range& b) {
  const auto either = [](bool yes, bool no) {
    return yes ? Outcome::True : no ? Outcome::False : Outcome::Open;
  };
  const bool apart = a.greatest < b.least || b.greatest < a.least;
  switch (op) {
    case Operator::Less: return either(a.greatest < b.least, a.least >= b.greatest);
    case Operator::LessEqual: return either(a.greatest <= b.least, a.least > b.greatest);
    case Operator::Greater: return either(a.least > b.greatest, a.greatest <= b.least);
    case Operator::GreaterEqual: return either(a.least >= b.greatest, a.greatest < b.least);
    case Operator::Equal: return either(false, apart);
    case Operator::NotEqual: return either(apart, false);
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
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
  return Outcome::Open;
}

}  // namespace

// One walk over all expressions of one declaration.
class Analysis::Values {
 public:
  Values(Analysis& analysis, const tree::Declaration* written)
      : analysis_(analysis), written_(written) {}

  void walk(const Rule& rule) {
    rows_.assign(rule.rowTypes.begin(), rule.rowTypes.end());
    const RuleTests tests = testsOf(analysis_.program_, rule);
    for (const PlaceTest& test : tests.tests) known_.push_back(test.expr);
    for (const Condition& condition : rule.conditions) walk(condition);
    rows_.assign(rule.rowTypes.begin(), rule.rowTypes.end());
    walk(rule.salience);
    walk(rule.oncePer);
    walk(rule.actions);
  }

  void walk(const Query& query) {
    for (const Condition& condition : query.conditions) walk(condition);
  }

  void walk(const Flow& flow) {
    walk(flow.key);
    walk(flow.steps);
    for (const Flow::Handler& handler : flow.handlers) walk(handler.steps);
  }

  void walk(const Expression& expression) {
    if (expression.present()) walk(expression.tree);
  }

  void walk(const Expr& e) {
    const std::size_t reported = analysis_.found_.size();
    if (e.kind == ExprKind::Binary && isComparison(e.op)) reportComparison(e);
    if ((e.kind == ExprKind::Binary || e.kind == ExprKind::Unary) && e.type.kind == TypeKind::Int &&
        !e.type.optional) {
      reportOverflow(e);
    }
    if (e.kind == ExprKind::Macro) reportCost(e);
    if (analysis_.found_.size() > reported) return;  // one cause, one message
    for (const Expr& arg : e.args) walk(arg);
  }

 private:
  void walk(const Condition& condition) {
    if (condition.hasPattern()) walk(condition.pattern);
    const std::vector<std::optional<TypeId>> outer = rows_;
    for (const std::vector<Condition>& group : condition.groups) {
      for (const Condition& inner : group) walk(inner);
      const bool kept = condition.kind != Condition::Kind::Either && condition.groups.size() == 1;
      if (!kept) rows_ = outer;
    }
    walk(condition.expr);
    walk(condition.where);
    for (const AccumulateFunction& f : condition.functions) walk(f.argument);
    for (const GroupKey& key : condition.groupBy) walk(key.value);
    if (!condition.groups.empty()) rows_ = outer;
  }

  void walk(const Pattern& pattern) {
    if (pattern.row >= rows_.size()) rows_.resize(pattern.row + 1);
    rows_[pattern.row] = pattern.type;
    for (const Constraint& constraint : pattern.constraints) walk(constraint.test);
    for (const Suffix& suffix : pattern.suffixes) walk(suffix.by);
  }

  void walk(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      for (const Expression* e : {&action.target, &action.value, &action.after, &action.at,
                                  &action.replacing, &action.key}) {
        walk(*e);
      }
      for (const std::vector<NamedExpression>* list :
           {&action.fields, &action.arguments, &action.undoArguments}) {
        for (const NamedExpression& e : *list) walk(e.value);
      }
      const std::vector<std::optional<TypeId>> outer = rows_;
      // these have a frame of their own
      if (action.pattern || !action.conditions.empty()) rows_.clear();
      if (action.pattern) walk(*action.pattern);
      for (const Condition& condition : action.conditions) walk(condition);
      rows_ = outer;
      walk(action.body);
      walk(action.otherwise);
    }
  }

  const Field* fieldOf(const Expr& e) const {
    if (e.ref.kind == Ref::Kind::Field) {
      if (e.ref.row >= rows_.size() || !rows_[e.ref.row]) return nullptr;
      const FactType& type = analysis_.program_.type(*rows_[e.ref.row]);
      return index(e.ref.field) < type.fields.size() ? &type.fields[index(e.ref.field)] : nullptr;
    }
    if (e.kind != ExprKind::Select || e.ref.kind != Ref::Kind::FactField || e.args.empty() ||
        e.args[0].type.kind != TypeKind::Record) {
      return nullptr;
    }
    const FactType& type = analysis_.program_.type(e.args[0].type.record);
    return index(e.ref.field) < type.fields.size() ? &type.fields[index(e.ref.field)] : nullptr;
  }

  // The range of a whole number; `beyond`: where its last step leaves the whole numbers for
  // certain.
  Range rangeOf(const Expr& e, int* beyond = nullptr) const {
    if (e.type.kind != TypeKind::Int || e.type.optional) return {};
    if (e.kind == ExprKind::Literal || e.ref.kind == Ref::Kind::Constant) {
      return e.value.kind() == ValueKind::Int ? Range{e.value.asInt(), e.value.asInt()} : Range{};
    }
    if (const Field* field = fieldOf(e)) return model::rangeOf(declaredValues(*field));
    std::vector<Point> ends;
    if (e.kind == ExprKind::Unary && e.op == Operator::Negate) {
      const Range a = rangeOf(e.args[0]);
      ends = {subtracted(0, a.least), subtracted(0, a.greatest)};
    } else if (e.kind == ExprKind::Binary) {
      const Range a = rangeOf(e.args[0]), b = rangeOf(e.args[1]);
      switch (e.op) {
        case Operator::Add: ends = {added(a.least, b.least), added(a.greatest, b.greatest)}; break;
        case Operator::Subtract:
          ends = {subtracted(a.least, b.greatest), subtracted(a.greatest, b.least)};
          break;
        case Operator::Multiply:
          ends = {multiplied(a.least, b.least), multiplied(a.least, b.greatest),
                  multiplied(a.greatest, b.least), multiplied(a.greatest, b.greatest)};
          break;
        case Operator::Modulo:
          if (b.least == b.greatest && b.least > 0) {
            return {a.least < 0 ? 1 - b.least : 0, b.least - 1};
          }
          return {};
        case Operator::Divide:
          if (b.least == b.greatest && b.least > 0) {
            return {a.least / b.least, a.greatest / b.least};
          }
          return {};
        case Operator::None:
        case Operator::Not:
        case Operator::Negate:
        case Operator::Element:
        case Operator::Wrap:
        case Operator::Or:
        case Operator::And:
        case Operator::Equal:
        case Operator::NotEqual:
        case Operator::Less:
        case Operator::LessEqual:
        case Operator::Greater:
        case Operator::GreaterEqual:
        case Operator::In:
        case Operator::Coalesce:
        case Operator::Inclusive:
        case Operator::Exclusive: return {};
      }
    } else if (e.kind == ExprKind::Ternary) {
      const Range a = rangeOf(e.args[1]), b = rangeOf(e.args[2]);
      return {std::min(a.least, b.least), std::max(a.greatest, b.greatest)};
    } else {
      return {};
    }
    const Point least = *std::min_element(ends.begin(), ends.end()),
                greatest = *std::max_element(ends.begin(), ends.end());
    if (beyond) *beyond = least.beyond > 0 ? 1 : greatest.beyond < 0 ? -1 : 0;
    // What may leave the whole numbers may be anything, or nothing.
    if (least.beyond != 0 || greatest.beyond != 0) return {};
    return {least.value, greatest.value};
  }

  bool isReported(const Span& span) const {
    return std::any_of(analysis_.found_.begin(), analysis_.found_.end(), [&](const Diagnostic& d) {
      return d.span.file == span.file && d.span.begin <= span.begin && span.end <= d.span.end &&
             !(d.span == Span{});
    });
  }

  bool silent(const Expr& e, std::string_view code) const {
    return e.span == Span{} || (written_ && allows(*written_, code)) || isReported(e.span);
  }

  // What is known of the fields in an expression, each once.
  void noteFields(const Expr& e, Diagnostic& d) const {
    if (const Field* field = fieldOf(e)) {
      const Span place = field->checks.empty() ? field->span : field->checks[0].tree.span;
      const bool known = std::any_of(d.related.begin(), d.related.end(),
                                     [&](const Related& r) { return r.span == place; });
      if (!field->checks.empty() && !known) {
        d.related.push_back(
            {place, "declared so: " + describe(field->name, declaredValues(*field), field->type)});
      }
      return;
    }
    for (const Expr& arg : e.args) noteFields(arg, d);
  }

  void reportOverflow(const Expr& e) {
    int beyond = 0;
    rangeOf(e, &beyond);
    if (beyond == 0 || silent(e, "RL2012")) return;
    const std::string what = e.kind == ExprKind::Unary    ? "negation"
                             : e.op == Operator::Add      ? "sum"
                             : e.op == Operator::Subtract ? "difference"
                                                          : "product";
    Diagnostic& d = analysis_.say(
        Level::Warning, "RL2012", e.span,
        "this " + what + " is always too " + (beyond > 0 ? "great" : "small") + " for an `int`");
    d.label = beyond > 0 ? "more than 9223372036854775807" : "less than -9223372036854775808";
    noteFields(e, d);
    d.help.push_back("count in a greater unit, or use real numbers: `double(…)`");
    d.notes.push_back(
        "what overflows has no value: a condition with it does not hold, and an action with it "
        "fails");
  }

  Outcome outcomeOf(const Expr& e) const {
    const Expr &left = e.args[0], &right = e.args[1];
    if (constantValue(left) && constantValue(right)) return Outcome::Open;  // a switch, as a rule
    for (const bool swapped : {false, true}) {
      const Field* field = fieldOf(swapped ? right : left);
      if (!field || field->checks.empty() || (swapped && e.op == Operator::In)) continue;
      std::optional<ValueSet> values;
      if (!swapped) {
        values = ValueSet::where(field->type, e);
      } else if (const std::optional<Value> value = constantValue(left)) {
        values = ValueSet::where(field->type, mirrored(e.op), *value);
      }
      if (!values) continue;
      const ValueSet declared = declaredValues(*field);
      if (declared.empty() || declared.hasNull()) return Outcome::Open;
      if (!declared.overlaps(*values)) return Outcome::False;
      return values->contains(declared) ? Outcome::True : Outcome::Open;
    }
    return left.type.kind == TypeKind::Int && right.type.kind == TypeKind::Int &&
                   !left.type.optional && !right.type.optional
               ? compared(e.op, rangeOf(left), rangeOf(right))
               : Outcome::Open;
  }

  void reportComparison(const Expr& e) {
    if (std::find(known_.begin(), known_.end(), &e) != known_.end()) return;  // see checkRule
    const Outcome outcome = outcomeOf(e);
    if (outcome == Outcome::Open || silent(e, "RL2013")) return;
    Diagnostic& d =
        analysis_.say(Level::Warning, "RL2013", e.span,
                      outcome == Outcome::True ? "this is always true" : "this is always false");
    d.label = outcome == Outcome::True ? "holds for every value" : "holds for no value";
    noteFields(e, d);
    if (outcome == Outcome::True) d.help.push_back("take it away, or compare with another value");
  }

  // How many elements a list or map has at the most; -1: no bound is declared.
  std::int64_t mostOf(const Expr& e) const {
    if (const Field* field = fieldOf(e)) return field->max;
    if (e.kind == ExprKind::List) return static_cast<std::int64_t>(e.args.size());
    if (e.kind == ExprKind::Map) return static_cast<std::int64_t>(e.args.size() / 2);
    const bool keeps =
        e.kind == ExprKind::Macro && (e.text == "map" || e.text == "filter" || e.text == "sortBy" ||
                                      e.text == "transformList" || e.text == "transformMap");
    return keeps ? mostOf(e.args[0]) : -1;
  }

  // What the macros in an expression come to when all lists are full: a step for each element,
  // those of unknown size counted as one.
  struct Cost {
    std::int64_t steps = 0;
    std::size_t unknown = 0;         // how many lists of unknown size multiply each other
    std::vector<const Expr*> lists;  // those of the costliest way
  };

  Cost costOf(const Expr& e) const {
    constexpr std::int64_t kMuch = std::int64_t{1} << 40;
    Cost cost;
    for (std::size_t i = 0; i < e.args.size(); ++i) {
      Cost part = costOf(e.args[i]);
      if (e.kind == ExprKind::Macro && i > 0) {
        const std::int64_t most = mostOf(e.args[0]);
        const std::int64_t each = std::max<std::int64_t>(part.steps, 1),
                           times = most < 0 ? 1 : most;
        part.steps = times > kMuch / each ? kMuch : each * times;
        part.unknown += most < 0 ? 1 : 0;
        part.lists.insert(part.lists.begin(), &e.args[0]);
      }
      const bool costlier =
          part.steps > cost.steps || (part.steps == cost.steps && part.unknown > cost.unknown);
      const std::int64_t sum = std::min(kMuch, cost.steps + part.steps);
      const std::size_t unknown = std::max(cost.unknown, part.unknown);
      if (costlier) cost = std::move(part);
      cost.steps = sum;
      cost.unknown = unknown;
    }
    return cost;
  }

  // Over the limit with declared sizes an expression is refused; of what is not declared only the
  // third power is reported.
  void reportCost(const Expr& e) {
    const Cost cost = costOf(e);
    const bool tooMuch = cost.steps > kFuel;
    if (!tooMuch && cost.unknown < 3) return;
    if (tooMuch ? isReported(e.span) : silent(e, "RL2020")) return;
    Diagnostic& d =
        analysis_.say(tooMuch ? Level::Error : Level::Warning, "RL2020", e.span,
                      tooMuch ? "this takes too many steps when the lists are full"
                              : "three lists multiply each other here, and none has a bound");
    for (const Expr* list : cost.lists) {
      const std::int64_t most = mostOf(*list);
      if (tooMuch == (most >= 0)) {
        d.related.push_back(
            {list->span, tooMuch ? "up to " + std::to_string(most) + " elements" : "of any size"});
      }
    }
    d.help.push_back(tooMuch ? "make the inner elements facts of their own, and match them; or "
                               "declare a smaller `max`"
                             : "give the fields a `max`, or make the inner elements facts of their "
                               "own, and match them");
    d.notes.push_back("an evaluation ends without a value after 100,000 steps");
  }

  Analysis& analysis_;
  const tree::Declaration* written_;
  std::vector<std::optional<TypeId>> rows_;  // by row, as far as they are known here
  // conjuncts that the analysis of conditions has judged
  std::vector<const Expr*> known_;
};

// Tables are left out: their cells are compared as sets by the analysis of tables.
void Analysis::checkValues() {
  const auto writtenAt = [&](const Span& span) -> const tree::Declaration* {
    for (const tree::Module& module : modules_) {
      for (const tree::Declaration& declaration : module.declarations) {
        if (declaration.span == span) return &declaration;
      }
    }
    return nullptr;
  };
  for (std::size_t i = 0; i < program_.rules.size(); ++i) {
    Values(*this, rules_[i]).walk(program_.rules[i]);
  }
  for (const Query& query : program_.queries) Values(*this, nullptr).walk(query);
  for (const Flow& flow : program_.flows) Values(*this, writtenAt(flow.span)).walk(flow);
  for (const UserFunction& function : program_.functions) {
    const bool table = std::any_of(program_.tables.begin(), program_.tables.end(),
                                   [&](const Table& t) { return t.name == function.name; });
    if (!table) Values(*this, nullptr).walk(function.body);
  }
}

}  // namespace reticle::model
