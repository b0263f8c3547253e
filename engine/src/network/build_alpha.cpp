// The alpha part of the network: types, tests of one fact, windows over the newest, and indexes.
#include "network/builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "network/reads.h"

namespace reticle {

namespace {

// In the alpha part the candidate is row 0.
FieldMask readsOfRow0(const Expr& expr) {
  std::vector<FieldMask> reads;
  addFieldReads(expr, reads);
  return reads.empty() ? 0 : reads[0];
}

}  // namespace

// Every type has its node, whether rules match it or not: facts enter the network there.
void NetworkBuilder::addType(const model::FactType& type) {
  network_.typeNodes.push_back(share("type " + std::to_string(index(type.id)), [&](Node& fresh) {
    fresh.kind = NodeKind::Type;
    fresh.type = type.id;
    fresh.label = type.name;
    fresh.span = type.span;
  }));
}

// Shared by the canonical text of the test, below one parent.
NodeId NetworkBuilder::addTest(NodeId parent, TypeId type, const Expr& test, bool loose) {
  return share(
      "test " + std::to_string(index(parent)) + (loose ? " loose " : " ") + canonicalText(test),
      [&](Node& fresh) {
        fresh.kind = NodeKind::Test;
        fresh.right = parent;
        fresh.type = type;
        fresh.test = compiled(test);
        fresh.tree = test;
        fresh.loose = loose;
        fresh.testReads = readsOfRow0(test);
        fresh.label = toText(test);
        fresh.span = test.span;
      });
}

// A chain of tests. A loose one lets through what is not definitely false, and matters only where
// the test can fail.
NodeId NetworkBuilder::addAlpha(TypeId type, const std::vector<Expr>& tests, bool loose) {
  NodeId at = network_.typeNodes[index(type)];
  for (const Expr& test : tests) at = addTest(at, type, test, loose && canFail(test));
  return at;
}

NodeId NetworkBuilder::addNewest(NodeId parent, TypeId type, const model::Pattern& pattern) {
  for (const model::Suffix& suffix : pattern.suffixes) {
    if (suffix.kind != model::Suffix::Kind::OverLastCount) continue;
    const bool keyed = suffix.by.present();
    const Expr by = keyed ? moveRow(expanded(suffix.by), pattern.row, 0) : Expr{};
    return share("newest " + std::to_string(static_cast<std::uint64_t>(suffix.count)) + " of " +
                     std::to_string(index(parent)) + (keyed ? " by " + canonicalText(by) : ""),
                 [&](Node& fresh) {
                   fresh.kind = NodeKind::Newest;
                   fresh.right = parent;
                   fresh.type = type;
                   fresh.newest = static_cast<std::uint64_t>(suffix.count);
                   fresh.label = "last " + std::to_string(suffix.count);
                   fresh.span = suffix.span;
                   if (!keyed) return;
                   fresh.newestBy = compiled(by);
                   fresh.testReads = readsOfRow0(by);
                   fresh.label += " by " + toText(suffix.by.tree);
                 });
  }
  return parent;
}

// The same events as for a rule: those that satisfy what the pattern asks of its own fact.
void NetworkBuilder::addWindows(const Conditions& conditions) {
  for (const Condition& condition : conditions) {
    for (const Conditions& group : condition.groups) addWindows(group);
    if (!condition.hasPattern()) continue;
    const model::Pattern& pattern = condition.pattern;
    const bool counts = std::any_of(pattern.suffixes.begin(), pattern.suffixes.end(),
                                    [](const model::Suffix& suffix) {
                                      return suffix.kind == model::Suffix::Kind::OverLastCount;
                                    });
    if (!counts || program_.type(pattern.type).kind != model::FactKind::Event) continue;
    const Split parts = split(constraintsOf(pattern), pattern.row, false, false, false);
    addNewest(addAlpha(pattern.type, parts.alpha, false), pattern.type, pattern);
  }
}

void NetworkBuilder::addWindows(const std::vector<model::Action>& actions) {
  for (const model::Action& action : actions) {
    addWindows(action.conditions);
    addWindows(action.body);
    addWindows(action.otherwise);
  }
}

// One index serves all nodes that look facts up by the same fields.
AlphaIndexId NetworkBuilder::addIndex(NodeId alpha, const Split& parts) {
  std::string description = std::to_string(index(alpha));
  for (const Split::Key& key : parts.keys) description += " | " + canonicalText(key.right);
  if (parts.range) description += " order " + canonicalText(parts.range->right);
  if (parts.rangeDecides) description += " decides";
  auto known = indexes_.find(description);
  if (known != indexes_.end()) return known->second;
  AlphaIndexId id{static_cast<std::uint32_t>(network_.indexes.size())};
  AlphaIndex fresh;
  fresh.alpha = alpha;
  for (const Split::Key& key : parts.keys) {
    fresh.keys.push_back(operand(key.right, 0, nullptr));
    fresh.reads |= readsOfRow0(key.right);
  }
  if (parts.range) {
    fresh.ordered = true;
    fresh.decides = parts.rangeDecides;
    fresh.order = operand(parts.range->right, 0, nullptr);
    fresh.reads |= readsOfRow0(parts.range->right);
  }
  network_.indexes.push_back(std::move(fresh));
  node(alpha).indexes.push_back(id);
  indexes_.emplace(description, id);
  return id;
}

// From the cheapest to read to what has to be evaluated.
Operand NetworkBuilder::operand(const Expr& expr, std::uint32_t candidateRow,
                                const Node* at) const {
  Operand out;
  if (expr.kind == ExprKind::Literal || expr.ref.kind == Ref::Kind::Constant) {
    out.kind = Operand::Kind::Constant;
    out.code.constants.push_back(expr.value);
  } else if (expr.ref.kind == Ref::Kind::Field && expr.ref.row == candidateRow) {
    out.kind = Operand::Kind::Candidate;
    out.field = index(expr.ref.field);
  } else if (expr.ref.kind == Ref::Kind::Field && at && expr.ref.row < at->rows.size() &&
             at->rows[expr.ref.row].hops != TokenPath::kUnbound) {
    out.kind = Operand::Kind::Row;
    out.path = at->rows[expr.ref.row];
    out.field = index(expr.ref.field);
  } else if (expr.ref.kind == Ref::Kind::Local && at && expr.ref.row < at->locals.size() &&
             at->locals[expr.ref.row].hops != TokenPath::kUnbound) {
    out.kind = Operand::Kind::Local;
    out.path = at->locals[expr.ref.row];
  } else {
    out.code = compiled(expr);
  }
  return out;
}

}  // namespace reticle
