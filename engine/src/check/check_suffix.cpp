// What a pattern asks of time: windows, `held`, and distances between events.
#include <algorithm>

#include "check/expression_checker.h"
#include "check/pattern_checker.h"
#include "model/asking.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// With its article.
std::string noun(const FactType& type) {
  return type.kind == FactKind::Fact      ? "a fact"
         : type.kind == FactKind::Subject ? "a subject"
                                          : "an event";
}

// Suffixes that measure from another event.
bool isDistance(Suffix::Kind kind) {
  return kind == Suffix::Kind::After || kind == Suffix::Kind::Before ||
         kind == Suffix::Kind::WithinOf;
}

// What an expression reads beside the fact of one row; null: nothing.
const Expr* foreignPart(const Expr& e, std::uint32_t row, const Asking& asking,
                        const std::vector<std::string>& variables = {}) {
  const bool isRow = e.ref.kind == Ref::Kind::Row || e.ref.kind == Ref::Kind::Field;
  const bool asks =
      e.ref.kind == Ref::Kind::Query || (e.ref.kind == Ref::Kind::User && asking.query(e));
  if (Asking::isPassed(e) || asks || e.ref.kind == Ref::Kind::FactField ||
      (isRow && e.ref.row != row) ||
      (e.ref.kind == Ref::Kind::Local &&
       std::find(variables.begin(), variables.end(), e.text) == variables.end())) {
    return &e;
  }
  std::vector<std::string> known = variables;
  if (e.kind == ExprKind::Macro) known.insert(known.end(), e.names.begin(), e.names.end());
  for (const Expr& arg : e.args) {
    if (const Expr* found = foreignPart(arg, row, asking, known)) return found;
  }
  return nullptr;
}

}  // namespace

// One window, one `held`, and one distance of a kind to each event.
void PatternChecker::checkSuffixes(const tree::Pattern& pattern, Pattern& out, Scope& s) {
  if (pattern.suffixes.empty()) return;
  if (s.condition == Span{}) {
    // A trigger, a step, an action or a test: it looks at one moment.
    Diagnostic& d =
        report_.error("RL2009", pattern.suffixes[0].span,
                      "only the conditions of a rule or query look at a stretch of time");
    d.help.push_back(s.rule ? "put the pattern into `when`"
                            : "a rule or query can ask for it, and a flow with `wait until { … }`");
    return;
  }
  for (const tree::Suffix& written : pattern.suffixes) {
    Suffix suffix;
    if (!checkSuffix(written, pattern, out.type, suffix, s)) continue;
    if (suffix.kind == Suffix::Kind::Held && !s.rule && !heldAlone(written, suffix, out)) {
      continue;
    }
    const auto same =
        std::find_if(out.suffixes.begin(), out.suffixes.end(), [&](const Suffix& other) {
          const bool windows =
              (other.kind == Suffix::Kind::OverLast || other.kind == Suffix::Kind::OverLastCount) &&
              (suffix.kind == Suffix::Kind::OverLast || suffix.kind == Suffix::Kind::OverLastCount);
          return windows || (other.kind == suffix.kind &&
                             (!isDistance(suffix.kind) || other.row == suffix.row));
        });
    if (same != out.suffixes.end()) {
      Diagnostic& d = report_.error("RL2006", written.span,
                                    suffix.kind == Suffix::Kind::Held ? "`held` is given twice"
                                    : isDistance(suffix.kind) ? "this distance is given twice"
                                                              : "a pattern has one window");
      d.related.push_back({same->span, "the first one"});
      continue;
    }
    out.suffixes.push_back(std::move(suffix));
  }
}

// A query has no matches that could tell since when they hold: the fact itself must.
bool PatternChecker::heldAlone(const tree::Suffix& written, const Suffix& suffix,
                               const Pattern& pattern) {
  if (suffix.held.present() && !readsOnly(suffix.held.tree, pattern.row)) {
    report_
        .error("RL2009", written.duration->span,
               "outside of rules `held` asks for a time that the fact itself says")
        .help.push_back("write a constant, or a field of the fact");
    return false;
  }
  for (const Constraint& constraint : pattern.constraints) {
    const Expr& test = constraint.test.tree;
    const Expr whole = expandFunctions(test, program_.functions);
    if (readsOnly(test, pattern.row) && !Asking(program_).beyond(whole)) continue;
    Diagnostic& d = report_.error("RL2009", written.span,
                                  "outside of rules `held` asks since when the fact alone is so");
    d.related.push_back({test.span, "this depends on more than the fact"});
    d.help.push_back("ask that behind the pattern: " + quoted("if " + toText(test)));
    return false;
  }
  return true;
}

// How long, as the match says it; a constant is as good as a literal.
bool PatternChecker::checkHeld(const tree::Duration& written, Suffix& out, Scope& s) {
  Expr tree = *written.expr;
  expressions_.check(tree, s);
  if (!fit_.coerce(tree, Type::of(TypeKind::Duration), {"`held`", {}}, s)) return false;
  const auto reads = [](const auto& self, const Expr& e) -> bool {
    return e.ref.kind == Ref::Kind::Row || e.ref.kind == Ref::Kind::Field ||
           e.ref.kind == Ref::Kind::Local || e.ref.kind == Ref::Kind::Query ||
           e.ref.kind == Ref::Kind::Host ||
           std::any_of(e.args.begin(), e.args.end(),
                       [&](const Expr& arg) { return self(self, arg); });
  };
  const bool varies = reads(reads, tree);
  out.held = expressions_.finish(std::move(tree));
  if (varies) return true;
  const std::optional<Value> value = expressions_.fold(out.held);
  if (value && value->kind() == ValueKind::Duration) out.duration = value->asSpan();
  out.held = {};
  return out.duration.has_value();
}

// Each suffix fits some kinds of facts only: windows of time and distances events, `held` what
// stays.
bool PatternChecker::checkSuffix(const tree::Suffix& written, const tree::Pattern& pattern,
                                 TypeId id, Suffix& out, Scope& s) {
  static constexpr Suffix::Kind kKinds[] = {Suffix::Kind::OverLast, Suffix::Kind::OverLastCount,
                                            Suffix::Kind::Held,     Suffix::Kind::After,
                                            Suffix::Kind::Before,   Suffix::Kind::WithinOf};
  out.kind = kKinds[static_cast<int>(written.kind)];
  out.span = written.span;
  out.count = written.count;
  if (written.duration && written.duration->expr && out.kind == Suffix::Kind::Held) {
    if (!checkHeld(*written.duration, out, s)) return false;
  } else if (written.duration) {
    out.duration = expressions_.spanOf(*written.duration, s.module);
    if (!out.duration) return false;
  }
  const FactType& type = types_.typeOf(id);
  const auto wrongKind = [&](const std::string& message) -> Diagnostic& {
    Diagnostic& d = report_.error("RL2009", written.span, message);
    if (!type.builtin) {
      d.related.push_back({type.span, quoted(type.name) + " is declared here, as " + noun(type)});
    }
    return d;
  };
  switch (out.kind) {
    case Suffix::Kind::OverLast:
      if (type.kind != FactKind::Event) {
        wrongKind("a window of time holds events; " + quoted(type.name) + " is " + noun(type))
            .help.push_back(
                "for the newest ones write `over last 20 facts`; for a time of its own compare it: "
                "`Clock` and `passed(…)` tell when it has come");
        return false;
      }
      break;
    case Suffix::Kind::OverLastCount:
      if (out.count <= 0) {
        report_.error("RL2009", written.span, "this window holds nothing")
            .help.push_back("write how many it holds: `over last 20 events`");
        return false;
      }
      if (written.by) checkWindowKey(written, out, s);
      break;
    case Suffix::Kind::Held:
      if (type.kind == FactKind::Event) {
        wrongKind("`held` asks how long something has been true; " + quoted(type.name) +
                  " is an event and over at once")
            .help.push_back("to look back write `over last " +
                            (out.duration ? durationText(*out.duration) : std::string("10m")) +
                            "`");
        return false;
      }
      break;
    case Suffix::Kind::After:
    case Suffix::Kind::Before:
    case Suffix::Kind::WithinOf:
      if (type.kind != FactKind::Event) {
        wrongKind("only events have a time to measure from; " + quoted(type.name) + " is " +
                  noun(type))
            .help.push_back("compare times that it holds: " + quoted("paidAt - sentAt <= 5m"));
        return false;
      }
      if (!resolveEvent(written, pattern, out, s)) return false;
      warnEndless(written, pattern, id, out, s);
      break;
  }
  // A stretch of no length is a mistake for all of them, in words of their own.
  if (out.duration && *out.duration <= 0) {
    Diagnostic& d =
        report_.error("RL2009", written.duration->span,
                      isDistance(out.kind) ? "two events are never within no time of each other"
                      : out.kind == Suffix::Kind::Held ? "`held` needs a stretch of time"
                                                       : "this window holds nothing");
    d.help.push_back("write a length: `10s`, `5m`, `1h30m`");
    return false;
  }
  return true;
}

// Which window a fact stands in is known from the fact alone.
void PatternChecker::checkWindowKey(const tree::Suffix& written, Suffix& out, Scope& s) {
  Expr key = *written.by;
  const Type type = expressions_.check(key, s);
  if (isPoison(type)) return;
  if (type.kind == TypeKind::Null) {
    report_.error("RL2001", key.span, "`by` needs a value of each fact, not null");
    return;
  }
  if (const Expr* other = foreignPart(key, s.candidate->row, Asking(program_))) {
    Diagnostic& d = report_.error("RL2009", other->span,
                                  "`by` asks only of the pattern's own fact which window it is in");
    d.help.push_back("name a field of it: " + quoted("over last 3 events by e.sensor") +
                     "; compare with others among the constraints");
    return;
  }
  out.by = expressions_.finish(std::move(key));
}

// The event that a distance is measured from: a binding above.
bool PatternChecker::resolveEvent(const tree::Suffix& written, const tree::Pattern& pattern,
                                  Suffix& out, Scope& s) {
  if (!written.of) return false;
  if (pattern.binding.text == written.of.text) {
    report_.error("RL2009", written.of.span, quoted(written.of.text) + " is this very event")
        .help.push_back("name an event that a pattern above binds");
    return false;
  }
  Expr name;
  name.kind = ExprKind::Name;
  name.text = written.of.text;
  name.span = name.nameSpan = written.of.span;
  // A field of the candidate is not meant, whatever it is called.
  const std::optional<Candidate> candidate = std::move(s.candidate);
  s.candidate = std::nullopt;
  const Type type = expressions_.check(name, s);
  s.candidate = candidate;
  if (isPoison(type)) return false;
  const bool event = type.kind == TypeKind::Record && name.ref.kind == Ref::Kind::Row &&
                     types_.typeOf(type.record).kind == FactKind::Event;
  if (!event) {
    const std::string word = written.kind == tree::Suffix::Kind::After    ? "`after`"
                             : written.kind == tree::Suffix::Kind::Before ? "`before`"
                                                                          : "`within … of`";
    Diagnostic& d =
        report_.error("RL2009", written.of.span,
                      word + " names an event; " + quoted(written.of.text) + " is " +
                          (type.kind == TypeKind::Record ? noun(types_.typeOf(type.record))
                                                         : "a " + quoted(toText(type))));
    if (const Binding* binding = s.find(written.of.text)) {
      d.related.push_back({binding->span, "bound here"});
    }
    d.notes.push_back("the distance is that of their `meta.time`, which only events have");
    return false;
  }
  out.row = name.ref.row;
  return true;
}

// A distance without a bound keeps the earlier of the two events for as long as the session lives.
void PatternChecker::warnEndless(const tree::Suffix& written, const tree::Pattern& pattern,
                                 TypeId type, const Suffix& suffix, const Scope& s) {
  if (suffix.duration || suffix.kind == Suffix::Kind::WithinOf || suffix.row >= s.rows.size() ||
      allows(s, "RL3012")) {
    return;
  }
  const bool own = suffix.kind == Suffix::Kind::Before;
  const FactType& kept = types_.typeOf(own ? type : s.rows[suffix.row].type);
  const bool windowed =
      std::any_of(pattern.suffixes.begin(), pattern.suffixes.end(), [](const tree::Suffix& other) {
        return other.kind == tree::Suffix::Kind::OverLast ||
               other.kind == tree::Suffix::Kind::OverLastCount;
      });
  if (kept.expires || (own ? windowed : s.rows[suffix.row].brief)) return;
  const FactType& other = types_.typeOf(own ? s.rows[suffix.row].type : type);
  Diagnostic& d = report_.warn("RL3012", written.span,
                               "each " + quoted(kept.name) + " is kept for ever: a " +
                                   quoted(other.name) + " that fits may come at any time");
  if (!kept.builtin) d.related.push_back({kept.span, "declared without `expires`"});
  d.fixes.push_back(edit("bound the distance, for example " + quoted("within 5m"),
                         {written.span.file, written.span.end, written.span.end}, " within 5m"));
  if (!kept.builtin) {
    d.help.push_back("or say how long the event stays: " +
                     quoted("event " + kept.name + " expires 1h"));
  }
  d.notes.push_back("if it is meant, add `allow RL3012` to the rule");
}

}  // namespace reticle::model
