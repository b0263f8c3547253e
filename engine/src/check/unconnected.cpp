// Patterns of a rule that nothing connects, so that each fact of the one meets all of the other.
#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "analysis/analysis.h"
#include "check/demands.h"
#include "check/rules_alone.h"
#include "expression/conjuncts.h"
#include "model/message.h"

namespace reticle::model {
namespace {

// All rows and locals that an expression reads.
void reads(const Expr& e, std::set<std::uint32_t>& rows, std::set<std::uint32_t>& locals) {
  if (e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::Row) {
    rows.insert(e.ref.row);
    return;
  }
  if (e.ref.kind == Ref::Kind::Local) locals.insert(e.ref.row);
  for (const Expr& arg : e.args) reads(arg, rows, locals);
}

// Whether a field is called like the key of another type, so that the two are as a rule to be
// compared: customerId and Customer.id, or customer, or the very name of a key that is not just an
// `id`.
bool namesKey(const Field& field, const FactType& type, const Field& key) {
  if (!(field.type.required() == key.type.required())) return false;
  const std::string own = lowerCase(field.name),
                    name = lowerCase(type.name.substr(type.name.rfind('.') + 1)),
                    target = lowerCase(key.name);
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

// Groups of rows that some condition mentions together; `let` and `accumulate` pass on what they
// were computed from.
class Connections {
 public:
  explicit Connections(const Rule& rule)
      : rule_(rule), group_(rule.rows), sources_(rule.locals + 1) {
    // Each row alone, to begin with.
    std::iota(group_.begin(), group_.end(), 0u);
    for (const Condition& condition : rule.conditions) add(condition);
  }

  bool connected(std::uint32_t a, std::uint32_t b) const { return group_[a] == group_[b]; }

 private:
  using Rows = std::set<std::uint32_t>;

  void add(const Condition& condition) {
    Rows rows;
    if (condition.kind == Condition::Kind::Pattern) ++bound_;
    readsOf(condition, rows);
    // A candidate of a negated or accumulated pattern, or of a group, is no row of the match.
    rows.erase(rows.lower_bound(bound_), rows.end());
    for (const Export& name : condition.exports) {
      if (name.fact) {
        rows.insert(bound_++);
      } else {
        sources_[name.to] = rows;
      }
    }
    if (condition.kind == Condition::Kind::Let || condition.kind == Condition::Kind::Each) {
      sources_[condition.local] = rows;
    } else {
      connect(rows);
    }
    for (const AccumulateFunction& f : condition.functions) sources_[f.local] = rows;
    for (const GroupKey& key : condition.groupBy) sources_[key.local] = rows;
  }

  void connect(const Rows& rows) {
    std::optional<std::uint32_t> first;
    for (std::uint32_t row : rows) {
      if (row >= rule_.rows) continue;
      if (!first) {
        first = group_[row];
      } else {
        std::replace(group_.begin(), group_.end(), std::uint32_t{group_[row]}, *first);
      }
    }
  }

  void readsOf(const Expression& expression, Rows& rows) const {
    Rows locals;
    reads(expression.tree, rows, locals);
    for (std::uint32_t local : locals) {
      if (local < sources_.size()) rows.insert(sources_[local].begin(), sources_[local].end());
    }
  }

  // All that a condition reads, with the conditions inside of it, whose own candidates are among
  // it.
  void readsOf(const Condition& condition, Rows& rows) {
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
        readsOf(inner, rows);
        if (inner.kind == Condition::Kind::Let || inner.kind == Condition::Kind::Each) {
          readsOf(inner.expr, sources_[inner.local]);
        }
      }
    }
  }

  const Rule& rule_;
  std::vector<std::uint32_t> group_;  // by row: the least row of its group, as far as it is known
  std::vector<Rows> sources_;         // by local: the rows that it was computed from
  std::uint32_t bound_ = 0;           // rows of the match so far
};

// Only where both sides can be many: types with a key, and subjects. Facts without a key are as a
// rule single ones (a phase, a counter).
bool canBeMany(const Condition& condition, const Types& types) {
  if (condition.origin != Condition::Origin::When) return false;
  const Pattern& pattern = condition.pattern;
  const FactType& type = types.typeOf(pattern.type);
  if (type.builtin || type.kind == FactKind::Event || type.keys.empty()) return false;
  // A pattern that pins the whole key to constants is one fact.
  std::set<std::uint32_t> pinned;
  for (const Constraint& constraint : pattern.constraints) {
    std::vector<const Expr*> parts;
    std::vector<Demand> demands;
    splitConjuncts(constraint.test.tree, parts);
    for (const Expr* part : parts) demandsOf(*part, pattern.row, demands);
    for (const Demand& demand : demands) {
      if (demand.op == Operator::Equal) pinned.insert(index(demand.field));
    }
  }
  return !std::all_of(type.keys.begin(), type.keys.end(),
                      [&](FieldId key) { return pinned.contains(index(key)); });
}

// At the second of the two, where the join would be written.
void warnPair(const tree::Declaration& declaration, const Pattern& here, const Pattern& there,
              const Types& types, Reporter& report) {
  const FactType &a = types.typeOf(there.type), &b = types.typeOf(here.type);
  const auto nameOf = [](const Pattern& pattern, const FactType& type) {
    return quoted(pattern.binding.empty() ? type.name : pattern.binding);
  };
  Diagnostic& d = report.warn("RL3005", headOf(declaration, here),
                              "nothing connects " + nameOf(here, b) + " with " + nameOf(there, a) +
                                  ": every " + a.name + " meets every " + b.name);
  d.label = "with each of these";
  d.related.push_back({headOf(declaration, there), "each of these"});
  offerJoin(b, there, a, d);
  const Span after{declaration.name.span.file, declaration.name.span.end,
                   declaration.name.span.end};
  d.fixes.push_back(
      edit("if all pairs are meant, add `allow RL3005` to the rule", after, " allow RL3005"));
}

}  // namespace

// One warning for a rule: the first join that is added may connect all of it.
void warnUnconnected(const tree::Declaration& declaration, const Rule& rule, const Types& types,
                     Reporter& report) {
  if (allows(declaration, "RL3005")) return;
  const Connections connections(rule);
  std::vector<const Condition*> patterns(rule.rows, nullptr);
  for (const Condition& condition : rule.conditions) {
    if (condition.kind == Condition::Kind::Pattern && condition.pattern.row < rule.rows) {
      patterns[condition.pattern.row] = &condition;
    }
  }
  const auto many = [&](std::uint32_t row) {
    return patterns[row] && canBeMany(*patterns[row], types);
  };
  for (std::uint32_t row = 1; row < rule.rows; ++row) {
    if (!many(row)) continue;
    // Spoken at the first pattern of a group that has many on either side.
    std::optional<std::uint32_t> other;
    bool first = true;
    for (std::uint32_t before = 0; before < row; ++before) {
      if (!many(before)) continue;
      if (connections.connected(before, row)) {
        first = false;
      } else if (!other) {
        other = before;
      }
    }
    if (!first || !other) continue;
    return warnPair(declaration, patterns[row]->pattern, patterns[*other]->pattern, types, report);
  }
}

}  // namespace reticle::model
