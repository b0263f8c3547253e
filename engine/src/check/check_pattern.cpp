// Patterns: their type, their constraints, and constraints that contradict each other.
#include <algorithm>
#include <cctype>

#include "check/demands.h"
#include "check/expression_checker.h"
#include "check/pattern_checker.h"
#include "expression/conjuncts.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {

// The stretch up to the type is what a repair takes away when nobody uses the name.
Binding PatternChecker::rowBinding(const tree::Pattern& pattern, TypeId type,
                                   std::uint32_t row) const {
  Binding binding;
  binding.name = pattern.binding.text;
  binding.type = types_.recordType(type);
  binding.ref = {Ref::Kind::Row, row, {}};
  binding.span = pattern.binding.span;
  // In a document the type may stand in front of the name, as it may in text that was mended.
  if (pattern.binding.span.begin < pattern.type.span.begin) {
    binding.prefix = {pattern.binding.span.file, pattern.binding.span.begin,
                      pattern.type.span.begin};
  }
  return binding;
}

// The row is added after the constraints were read: they see the candidate, not the row.
bool PatternChecker::checkRow(const tree::Pattern& pattern, Pattern& out, Scope& s, bool needed) {
  bool ownUsed = false;
  const auto row = static_cast<std::uint32_t>(s.rows.size());
  if (!readPattern(pattern, row, out, s, needed, ownUsed)) return false;
  addRow(pattern, out, ownUsed, s);
  return true;
}

// Where a pattern stands alone: a step, an expectation, a loop over facts.
bool PatternChecker::checkPattern(const tree::Pattern& pattern, Pattern& out, Scope& s) {
  bool ownUsed = false;
  return readPattern(pattern, 0, out, s, false, ownUsed);
}

// Inside, bare names are fields of the candidate. Its own binding is known there as well, and
// yields to a field of the same name.
bool PatternChecker::readPattern(const tree::Pattern& pattern, std::uint32_t row, Pattern& out,
                                 Scope& s, bool needed, bool& ownUsed) {
  const FactType* type = types_.resolveRecord(pattern.type, s.module);
  if (!type) {
    if (pattern.binding) {
      s.absent.push_back({pattern.binding.text, Absent::Why::Broken, pattern.binding.span, "", {}});
    }
    return false;
  }
  out.type = type->id;
  out.row = row;
  out.binding = pattern.binding.text;
  out.span = pattern.span;
  out.text = textOf(pattern);
  if (pattern.binding && !bindings_.isFree(pattern.binding, s)) return false;
  const std::size_t errorsBefore = report_.errors();
  const Scope::Place place = s.place;
  const std::optional<Candidate> outer = std::move(s.candidate);
  s.place = Scope::Place::Condition;
  s.candidate = Candidate{out.type, row, {}};
  const std::size_t mark = s.bindings.size();
  if (pattern.binding) {
    bindings_.bind(s, rowBinding(pattern, out.type, row));
    s.bindings.back().own = true;
  }
  index_.within({pattern.span.file, pattern.type.span.end, pattern.span.end}, s, type);
  readConstraints(pattern, out, s);
  if (out.type == kClockType) noteZone(out);
  checkSuffixes(pattern, out, s);
  ownUsed = pattern.binding && s.bindings[mark].used;
  s.bindings.resize(mark);
  s.candidate = outer;
  s.place = place;
  // What was read wrong contradicts nothing.
  if (report_.errors() == errorsBefore) refuseContradictions(out, needed);
  return true;
}

// There is a Clock for each zone that a pattern names, so the name has to be known here.
void PatternChecker::noteZone(const Pattern& clock) {
  const auto isZone = [&](const Expr& e) {
    return e.ref.kind == Ref::Kind::Field && e.ref.row == clock.row && e.ref.field == kClockZone;
  };
  const auto asks = [&](const auto& self, const Expr& e) -> bool {
    return isZone(e) || std::any_of(e.args.begin(), e.args.end(),
                                    [&](const Expr& arg) { return self(self, arg); });
  };
  for (const Constraint& constraint : clock.constraints) {
    const Expr& test = constraint.test.tree;
    if (isPoison(test.type) || !asks(asks, test)) continue;
    if (test.kind == ExprKind::Binary && test.op == Operator::Equal) {
      const Expr& zone = test.args[isZone(test.args[0]) ? 1 : 0];
      const std::optional<Value> value = expressions_.fold(expressions_.finish(Expr(zone)));
      if ((isZone(test.args[0]) || isZone(test.args[1])) && value &&
          value->kind() == ValueKind::String) {
        const std::string name(value->asString());
        if (!fit_.checkZone(name, zone.span)) return;
        std::vector<std::string>& zones = program_.clockZones;
        if (name != "UTC" && std::find(zones.begin(), zones.end(), name) == zones.end()) {
          zones.push_back(name);
        }
        continue;
      }
    }
    report_.error("RL2009", test.span, "which clock is meant must be known when this is checked")
        .help.push_back("name its zone: `Clock(zone == \"Europe/Berlin\")`");
  }
}

// From left to right, each with what the ones before say about null.
void PatternChecker::readConstraints(const tree::Pattern& pattern, Pattern& out, Scope& s) {
  for (std::size_t i = 0; i < pattern.constraints.size(); ++i) {
    Expr test = pattern.constraints[i];
    s.constraint = test.span;
    const std::size_t said = report_.said();
    expressions_.check(test, s);
    if (report_.said() == said + 1 && report_.last().code == "RL3011") {
      offerPassed(pattern, i, test, report_.last(), s);
    }
    fit_.requireBool(test, s, "a constraint");
    s.unsure = s.unsure || isPoison(test.type);
    assume(test, true, s);
    out.constraints.push_back({expressions_.finish(std::move(test))});
  }
  s.constraint = {};
}

// `dueAt < now()` was meant to come true one day: that is `if passed(i.dueAt)` after the pattern
// of a rule, which is where `d` gets its repair.
void PatternChecker::offerPassed(const tree::Pattern& pattern, std::size_t index,
                                 const Expr& checked, Diagnostic& d, const Scope& s) {
  if (!s.rule || !pattern.binding || checked.kind != ExprKind::Binary) return;
  const bool plain =
      std::any_of(s.rule->when.begin(), s.rule->when.end(), [&](const tree::Condition& condition) {
        return condition.kind == tree::Condition::Kind::Pattern && condition.pattern &&
               &*condition.pattern == &pattern;
      });
  const bool less = checked.op == Operator::Less || checked.op == Operator::LessEqual;
  if (!plain ||
      (!less && checked.op != Operator::Greater && checked.op != Operator::GreaterEqual)) {
    return;
  }
  const Expr &moment = checked.args[less ? 0 : 1], &now = checked.args[less ? 1 : 0];
  if (now.kind != ExprKind::Call || now.text != "now" || moment.kind != ExprKind::Name ||
      moment.ref.kind != Ref::Kind::Field) {
    return;
  }
  if (moment.type.kind != TypeKind::Timestamp || moment.type.optional) return;
  tree::Pattern rest = pattern;
  rest.constraints.erase(rest.constraints.begin() + static_cast<std::ptrdiff_t>(index));
  const std::string test = "if passed(" + pattern.binding.text + "." + moment.text + ")";
  std::string noun = pattern.type.text.substr(pattern.type.text.rfind('.') + 1);
  noun[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(noun[0])));
  d.fixes.push_back(edit(quoted(textOf(rest)) + " with " + quoted(test) +
                             "  (the engine sets a timer for each " + noun + ")",
                         pattern.span, textOf(rest) + "\n  " + test));
  d.help.clear();
}

// The pattern's fact becomes a row of the match (or of the group it stands in).
void PatternChecker::addRow(const tree::Pattern& pattern, const Pattern& checked, bool ownUsed,
                            Scope& s) {
  RowPlace place;
  place.binding = pattern.binding.text;
  place.type = checked.type;
  place.bare = pattern.constraints.empty();
  const Span last = place.bare ? pattern.type.span : pattern.constraints.back().span;
  place.addAt = {last.file, last.end, last.end};
  place.brief =
      std::any_of(checked.suffixes.begin(), checked.suffixes.end(), [](const Suffix& suffix) {
        return suffix.kind == Suffix::Kind::OverLast || suffix.kind == Suffix::Kind::OverLastCount;
      });
  s.rows.push_back(std::move(place));
  s.mostRows = std::max(s.mostRows, static_cast<std::uint32_t>(s.rows.size()));
  if (!pattern.binding) return;
  bindings_.bind(s, rowBinding(pattern, checked.type, checked.row));
  s.bindings.back().used = ownUsed;
}

// Only within one pattern and one field, where both ends are constants; what needs more is asked by
// the analysis, when the program is whole.
void PatternChecker::refuseContradictions(const Pattern& pattern, bool needed) {
  std::vector<Demand> demands;
  for (const Constraint& constraint : pattern.constraints) {
    std::vector<const Expr*> parts;
    splitConjuncts(constraint.test.tree, parts);
    for (const Expr* part : parts) demandsOf(*part, pattern.row, demands);
  }
  for (std::size_t i = 0; i < demands.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (demands[i].field != demands[j].field || demands[i].expr == demands[j].expr) continue;
      const Field& field = types_.typeOf(pattern.type).fields[index(demands[i].field)];
      if (!contradict(demands[j], demands[i], field.type)) continue;
      Diagnostic& d =
          report_.error("RL3007", demands[i].expr->span,
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

}  // namespace reticle::model
