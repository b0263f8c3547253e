// What constraints and actions mean together: contradictions, patterns that nothing connects, rules
// that feed themselves.
//
// Everything here is sound: it speaks only where the text leaves no doubt, and is silent about the
// rest.
#include <algorithm>
#include <numeric>
#include <set>

#include "check/checker.h"
#include "expression/conjuncts.h"

namespace reticle::model {
namespace {

const Value* constantOf(const Expr& e) {
  if (e.kind == ExprKind::Literal || e.ref.kind == Ref::Kind::Constant) return &e.value;
  return nullptr;
}

// What one conjunct asks of one field of the candidate, with a constant on the other side.
struct Demand {
  FieldId field{};
  Operator op = Operator::None;
  Value value;
  const Expr* expr = nullptr;
};

void demandsOf(const Expr& e, std::uint32_t row, std::vector<Demand>& out) {
  const auto isField = [&](const Expr& x) {
    return x.ref.kind == Ref::Kind::Field && x.ref.row == row;
  };
  if (e.kind != ExprKind::Binary) return;
  const Expr &left = e.args[0], &right = e.args[1];
  switch (e.op) {
    case Operator::Equal:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
      if (const Value* value = isField(left) ? constantOf(right) : nullptr) {
        out.push_back({left.ref.field, e.op, *value, &e});
      } else if (const Value* other = isField(right) ? constantOf(left) : nullptr) {
        out.push_back({right.ref.field, mirrored(e.op), *other, &e});
      }
      return;
    case Operator::In: {
      if (right.kind != ExprKind::Range || !isField(left)) return;
      const Value *from = constantOf(right.args[0]), *to = constantOf(right.args[1]);
      if (from) out.push_back({left.ref.field, Operator::GreaterEqual, *from, &e});
      if (to) {
        out.push_back({left.ref.field,
                       right.op == Operator::Exclusive ? Operator::Less : Operator::LessEqual, *to,
                       &e});
      }
      return;
    }
    default: return;
  }
}

// Whether no value satisfies both.
bool contradict(const Demand& a, const Demand& b, const Type& type) {
  const auto isLower = [](Operator op) {
    return op == Operator::Greater || op == Operator::GreaterEqual;
  };
  const auto isUpper = [](Operator op) {
    return op == Operator::Less || op == Operator::LessEqual;
  };
  const int order = compare(a.value, b.value);
  if (a.op == Operator::Equal && b.op == Operator::Equal) {
    // Equality of what has no order (null, lists) needs no order to differ.
    return !(a.value == b.value) && !a.value.isError() && !b.value.isError();
  }
  if (order == 2) return false;
  if (b.op == Operator::Equal) return contradict(b, a, type);
  if (a.op == Operator::Equal) {
    if (b.op == Operator::Less) return order >= 0;
    if (b.op == Operator::LessEqual) return order > 0;
    if (b.op == Operator::Greater) return order <= 0;
    return b.op == Operator::GreaterEqual && order < 0;
  }
  if (isUpper(a.op) && isLower(b.op)) return contradict(b, a, type);
  if (!isLower(a.op) || !isUpper(b.op)) return false;
  if (order > 0) return true;
  const bool closed = a.op == Operator::GreaterEqual && b.op == Operator::LessEqual;
  if (order == 0) return !closed;
  // Between two whole numbers side by side there is none.
  if (type.kind != TypeKind::Int || a.value.kind() != ValueKind::Int ||
      b.value.kind() != ValueKind::Int) {
    return false;
  }
  const bool open = a.op == Operator::Greater && b.op == Operator::Less;
  return open && b.value.asInt() - 1 == a.value.asInt();
}

// All rows and locals that an expression reads.
void reads(const Expr& e, std::set<std::uint32_t>& rows, std::set<std::uint32_t>& locals) {
  if (e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::Row) {
    rows.insert(e.ref.row);
    return;
  }
  if (e.ref.kind == Ref::Kind::Local) locals.insert(e.ref.row);
  for (const Expr& arg : e.args) reads(arg, rows, locals);
}

bool readsField(const Expr& e, std::uint32_t row, FieldId field) {
  if (e.ref.kind == Ref::Kind::Field) return e.ref.row == row && e.ref.field == field;
  return std::any_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return readsField(arg, row, field); });
}

bool readsRowItself(const Expr& e, std::uint32_t row) {
  if (e.ref.kind == Ref::Kind::Field) return false;
  if (e.ref.kind == Ref::Kind::Row && e.ref.row == row) return true;
  return std::any_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return readsRowItself(arg, row); });
}

// +1 when the value written is always more than the field's own, -1 when less, 0 when that is not
// plain.
int direction(const Expr& e, std::uint32_t row, FieldId field) {
  if (e.kind != ExprKind::Binary || (e.op != Operator::Add && e.op != Operator::Subtract)) return 0;
  const auto isField = [&](const Expr& x) {
    return x.ref.kind == Ref::Kind::Field && x.ref.row == row && x.ref.field == field;
  };
  const auto signOf = [](const Expr& x) {
    const Value* value = constantOf(x);
    if (!value || !value->isNumber()) return 0;
    const double number =
        value->kind() == ValueKind::Int ? static_cast<double>(value->asInt()) : value->asDouble();
    return number > 0 ? 1 : number < 0 ? -1 : 0;
  };
  if (isField(e.args[0])) return e.op == Operator::Add ? signOf(e.args[1]) : -signOf(e.args[1]);
  if (e.op == Operator::Add && isField(e.args[1])) return signOf(e.args[0]);
  return 0;
}

std::string lowered(std::string text);

// Where a value that only grows (or only shrinks) could end: at another field whose name says so,
// or at a number well behind the one it is compared with.
std::string boundFor(const FactType& type, FieldId field, int way, const Value& from) {
  const std::vector<std::string> words =
      way > 0 ? std::vector<std::string>{"max", "limit", "target", "capacity"}
              : std::vector<std::string>{"min", "limit", "floor", "reserve"};
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    const std::string name = lowered(type.fields[i].name);
    if (i == index(field) || !(type.fields[i].type == type.fields[index(field)].type)) continue;
    if (std::any_of(words.begin(), words.end(), [&](const std::string& word) {
          return name.find(word) != std::string::npos;
        })) {
      return type.fields[i].name;
    }
  }
  if (from.kind() != ValueKind::Int || from.asInt() > 1'000'000 || from.asInt() < -1'000'000) {
    return "";
  }
  const std::int64_t bound = way > 0 ? (from.asInt() < 100 ? 100 : from.asInt() * 10)
                                     : (from.asInt() > 0 ? 0 : from.asInt() * 10 - 100);
  return std::to_string(bound);
}

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return text;
}

// Whether a field is called like the key of another type, so that the two are as a rule to be
// compared: customerId and Customer.id, or customer, or the very name of a key that is not just an
// `id`.
bool namesKey(const Field& field, const FactType& type, const Field& key) {
  if (!(field.type.required() == key.type.required())) return false;
  const std::string own = lowered(field.name),
                    name = lowered(type.name.substr(type.name.rfind('.') + 1)),
                    target = lowered(key.name);
  return own == name + target || own == name + "_" + target || own == name ||
         (own == target && target != "id");
}

// A join that the two patterns could have, as an example; the constraint stands in the second of
// them.
void offerJoin(const FactType& b, const Pattern& there, const FactType& a, Diagnostic& d) {
  const auto offer = [&](const Field& mine, const Field& other) {
    d.help.push_back("add a join, for example " +
                     quoted(mine.name + " == " + there.binding + "." + other.name) + "  (" +
                     b.name + "." + mine.name + " and " + a.name + "." + other.name + " are both " +
                     quoted(toText(other.type.required())) + ")");
  };
  for (std::uint32_t i = 0; i < b.declared && d.help.empty() && !there.binding.empty(); ++i) {
    for (FieldId key : a.keys) {
      if (d.help.empty() && namesKey(b.fields[i], a, a.fields[index(key)])) {
        offer(b.fields[i], a.fields[index(key)]);
      }
    }
  }
  for (std::uint32_t i = 0; i < a.declared && d.help.empty() && !there.binding.empty(); ++i) {
    for (FieldId key : b.keys) {
      if (d.help.empty() && namesKey(a.fields[i], b, b.fields[index(key)])) {
        offer(b.fields[index(key)], a.fields[i]);
      }
    }
  }
  if (d.help.empty()) {
    d.help.push_back("add a constraint that compares a field of the one with a field of the other");
  }
}

// `c: Customer` of a pattern as written.
Span headOf(const tree::Declaration& declaration, const Pattern& pattern) {
  for (const tree::Condition& condition : declaration.when) {
    if (condition.pattern && condition.pattern->span == pattern.span) {
      return {pattern.span.file, pattern.span.begin, condition.pattern->type.span.end};
    }
  }
  return pattern.span;
}

}  // namespace

void Checker::refuseContradictions(const Pattern& pattern, bool needed) {
  std::vector<Demand> demands;
  for (const Constraint& constraint : pattern.constraints) {
    std::vector<const Expr*> parts;
    splitConjuncts(constraint.test.tree, parts);
    for (const Expr* part : parts) demandsOf(*part, pattern.row, demands);
  }
  for (std::size_t i = 0; i < demands.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (demands[i].field != demands[j].field || demands[i].expr == demands[j].expr) continue;
      const Field& field = typeOf(pattern.type).fields[index(demands[i].field)];
      if (!contradict(demands[j], demands[i], field.type)) continue;
      Diagnostic& d = error("RL3007", demands[i].expr->span,
                            needed ? "this rule can never fire" : "no fact can ever match this");
      d.label = "needs " + toText(*demands[i].expr);
      d.related.push_back({demands[j].expr->span, "needs " + toText(*demands[j].expr)});
      d.notes.push_back("no value of " + quoted(field.name) + " (" + toText(field.type) +
                        ") satisfies both");
      d.help.push_back("for either of the two, write " +
                       quoted(toText(*demands[j].expr) + " || " + toText(*demands[i].expr)));
      return;
    }
  }
}

void Checker::warnUnconnected(const tree::Declaration& declaration, const Rule& rule) {
  if (allows("RL3005")) return;
  // Groups of rows that some condition mentions together; `let` and `accumulate` pass on what they
  // were computed from.
  std::vector<std::uint32_t> group(rule.rows);
  std::iota(group.begin(), group.end(), 0u);
  std::vector<std::set<std::uint32_t>> sources(rule.locals + 1);
  const auto connect = [&](const std::set<std::uint32_t>& rows) {
    const auto bound = rows.upper_bound(rule.rows == 0 ? 0 : rule.rows - 1);
    std::optional<std::uint32_t> first;
    for (auto row = rows.begin(); row != bound; ++row) {
      if (*row >= rule.rows) continue;
      if (!first) {
        first = group[*row];
      } else {
        std::replace(group.begin(), group.end(), group[*row], *first);
      }
    }
  };
  const auto readsOf = [&](const Expression& expression, std::set<std::uint32_t>& rows) {
    std::set<std::uint32_t> locals;
    reads(expression.tree, rows, locals);
    for (std::uint32_t local : locals) {
      if (local < sources.size()) rows.insert(sources[local].begin(), sources[local].end());
    }
  };
  // All that a condition reads, with the conditions inside of it, whose own candidates are among
  // it.
  const auto readsOfCondition = [&](const auto& self, const Condition& condition,
                                    std::set<std::uint32_t>& rows) -> void {
    for (const Constraint& constraint : condition.pattern.constraints) {
      readsOf(constraint.test, rows);
    }
    for (const Suffix& suffix : condition.pattern.suffixes) {
      if (suffix.kind == Suffix::Kind::After || suffix.kind == Suffix::Kind::Before ||
          suffix.kind == Suffix::Kind::WithinOf) {
        rows.insert({condition.pattern.row, suffix.row});
      }
    }
    readsOf(condition.expr, rows);
    readsOf(condition.where, rows);
    for (const AccumulateFunction& f : condition.functions) readsOf(f.argument, rows);
    for (const GroupKey& key : condition.groupBy) readsOf(key.value, rows);
    for (const std::vector<Condition>& group : condition.groups) {
      for (const Condition& inner : group) {
        self(self, inner, rows);
        if (inner.kind == Condition::Kind::Let || inner.kind == Condition::Kind::Each) {
          readsOf(inner.expr, sources[inner.local]);
        }
      }
    }
  };
  std::uint32_t bound = 0;  // rows of the match so far
  for (const Condition& condition : rule.conditions) {
    std::set<std::uint32_t> rows;
    if (condition.kind == Condition::Kind::Pattern) ++bound;
    readsOfCondition(readsOfCondition, condition, rows);
    // A candidate of a negated or accumulated pattern, or of a group, is no row of the match.
    rows.erase(rows.lower_bound(bound), rows.end());
    for (const Export& name : condition.exports) {
      if (name.fact) {
        rows.insert(bound++);
      } else {
        sources[name.to] = rows;
      }
    }
    if (condition.kind == Condition::Kind::Let || condition.kind == Condition::Kind::Each) {
      sources[condition.local] = rows;
    } else {
      connect(rows);
    }
    for (const AccumulateFunction& f : condition.functions) sources[f.local] = rows;
    for (const GroupKey& key : condition.groupBy) sources[key.local] = rows;
  }
  // Only where both sides can be many: types with a key, and subjects. Facts without a key are as a
  // rule single ones (a phase, a counter).
  std::vector<const Condition*> patterns(rule.rows, nullptr);
  for (const Condition& condition : rule.conditions) {
    if (condition.kind == Condition::Kind::Pattern && condition.pattern.row < rule.rows) {
      patterns[condition.pattern.row] = &condition;
    }
  }
  const auto many = [&](std::uint32_t row) {
    if (!patterns[row] || patterns[row]->origin != Condition::Origin::When) return false;
    const FactType& type = typeOf(patterns[row]->pattern.type);
    if (type.builtin || type.kind == FactKind::Event || type.keys.empty()) return false;
    // A pattern that pins the whole key to constants is one fact.
    std::set<std::uint32_t> pinned;
    for (const Constraint& constraint : patterns[row]->pattern.constraints) {
      std::vector<const Expr*> parts;
      std::vector<Demand> demands;
      splitConjuncts(constraint.test.tree, parts);
      for (const Expr* part : parts) demandsOf(*part, row, demands);
      for (const Demand& demand : demands) {
        if (demand.op == Operator::Equal) pinned.insert(index(demand.field));
      }
    }
    return !std::all_of(type.keys.begin(), type.keys.end(),
                        [&](FieldId key) { return pinned.contains(index(key)); });
  };
  for (std::uint32_t row = 1; row < rule.rows; ++row) {
    if (!many(row)) continue;
    // Spoken at the first pattern of a group that has many on either side.
    std::optional<std::uint32_t> other;
    bool first = true;
    for (std::uint32_t before = 0; before < row; ++before) {
      if (!many(before)) continue;
      if (group[before] == group[row]) {
        first = false;
      } else if (!other) {
        other = before;
      }
    }
    if (!first || !other) continue;
    const Pattern &here = patterns[row]->pattern, &there = patterns[*other]->pattern;
    const FactType &a = typeOf(there.type), &b = typeOf(here.type);
    const auto nameOf = [](const Pattern& pattern, const FactType& type) {
      return quoted(pattern.binding.empty() ? type.name : pattern.binding);
    };
    Diagnostic& d = warn("RL3005", headOf(declaration, here),
                         "nothing connects " + nameOf(here, b) + " with " + nameOf(there, a) +
                             ": every " + a.name + " meets every " + b.name);
    d.label = "with each of these";
    d.related.push_back({headOf(declaration, there), "each of these"});
    offerJoin(b, there, a, d);
    const Span after{declaration.name.span.file, declaration.name.span.end,
                     declaration.name.span.end};
    d.fixes.push_back(
        edit("if all pairs are meant, add `allow RL3005` to the rule", after, " allow RL3005"));
    return;
  }
}

void Checker::warnSelfFeeding(const tree::Declaration& declaration, const Rule& rule) {
  if (rule.noLoop || rule.repeat || declaration.on || allows("RL4001")) return;
  // One set of one field of a bound fact, and nothing else that could end it.
  const Action* set = nullptr;
  for (const Action& action : rule.actions) {
    if (action.kind == Action::Kind::Log || action.kind == Action::Kind::Let ||
        action.kind == Action::Kind::Emit) {
      continue;
    }
    const bool sets =
        (action.kind == Action::Kind::Set || action.kind == Action::Kind::UpdateFields) &&
        action.fields.size() == 1 && action.part.empty();
    if (!sets || set) return;
    set = &action;
  }
  if (!set || set->target.tree.ref.kind != Ref::Kind::Row) return;
  const std::uint32_t row = set->target.tree.ref.row;
  const FieldId field = set->fields[0].field;
  const int way = direction(set->fields[0].value.tree, row, field);
  if (way == 0) return;
  const Expr* reader = nullptr;
  Demand demand;
  for (const Condition& condition : rule.conditions) {
    // what these see of the change is not plain
    if (!condition.groups.empty() || condition.kind == Condition::Kind::Each) return;
    if (condition.expr.present() &&
        (readsField(condition.expr.tree, row, field) || readsRowItself(condition.expr.tree, row))) {
      return;
    }
    for (const Constraint& constraint : condition.pattern.constraints) {
      const Expr& test = constraint.test.tree;
      if (readsRowItself(test, row)) return;
      if (!readsField(test, row, field)) continue;
      if (condition.kind != Condition::Kind::Pattern || condition.pattern.row != row) return;
      std::vector<const Expr*> parts;
      splitConjuncts(test, parts);
      for (const Expr* part : parts) {
        if (!readsField(*part, row, field)) continue;
        std::vector<Demand> demands;
        demandsOf(*part, row, demands);
        if (demands.size() != 1 || demands[0].field != field) return;
        const bool lower =
            demands[0].op == Operator::Greater || demands[0].op == Operator::GreaterEqual;
        const bool upper = demands[0].op == Operator::Less || demands[0].op == Operator::LessEqual;
        // A bound on the side to which the value goes ends it.
        if (way > 0 ? !lower : !upper) return;
        if (reader) continue;
        reader = part;
        demand = demands[0];
      }
    }
    // A negated or accumulated pattern of the same type sees the change as well.
    if (condition.kind != Condition::Kind::Pattern && condition.hasPattern() &&
        condition.pattern.type == rule.rowTypes[row]) {
      return;
    }
  }
  if (!reader) return;
  const std::string property = typeOf(rule.rowTypes[row]).name + "." + set->fields[0].name;
  Diagnostic& d = warn("RL4001", set->span, "this rule can make itself fire for ever");
  d.label = "... and this change keeps the condition true";
  d.related.push_back({reader->span, "the rule reads " + quoted(property) + " here ..."});
  const Span after{declaration.name.span.file, declaration.name.span.end,
                   declaration.name.span.end};
  d.fixes.push_back(edit("add `no-loop` to fire once for each outside change", after, " no-loop"));
  const std::string bound = boundFor(typeOf(rule.rowTypes[row]), field, way, demand.value);
  const bool plain =
      reader->args[0].kind == ExprKind::Name || reader->args[1].kind == ExprKind::Name;
  const std::string test =
      set->fields[0].name + (way > 0 ? " < " : " > ") + (bound.empty() ? "…" : bound);
  if (bound.empty() || !plain) {
    d.help.push_back("or add the condition that ends it, for example " + quoted(test));
  } else {
    d.fixes.push_back(edit("or add the condition that ends it, for example " + quoted(test),
                           {reader->span.file, reader->span.end, reader->span.end}, " && " + test));
  }
  d.notes.push_back(
      "add `repeat` if it is meant; the run then stops at the limit of 100,000 firings with "
      "RL9004");
}

}  // namespace reticle::model
