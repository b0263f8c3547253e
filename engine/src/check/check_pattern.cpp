// Patterns: their type, their constraints, and what they ask of time.
#include <algorithm>
#include <cctype>

#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

std::string noun(const FactType& type) {
  return type.kind == FactKind::Fact      ? "a fact"
         : type.kind == FactKind::Subject ? "a subject"
                                          : "an event";
}

bool isDistance(Suffix::Kind kind) {
  return kind == Suffix::Kind::After || kind == Suffix::Kind::Before ||
         kind == Suffix::Kind::WithinOf;
}

}  // namespace

Binding Checker::rowBinding(const tree::Pattern& pattern, TypeId type, std::uint32_t row) const {
  Binding binding;
  binding.name = pattern.binding.text;
  binding.type = recordType(type);
  binding.ref = {Ref::Kind::Row, row, {}};
  binding.span = pattern.binding.span;
  // In a document the type may stand in front of the name, as it may in text that was mended.
  if (pattern.binding.span.begin < pattern.type.span.begin) {
    binding.prefix = {pattern.binding.span.file, pattern.binding.span.begin,
                      pattern.type.span.begin};
  }
  return binding;
}

bool Checker::checkPattern(const tree::Pattern& pattern, std::uint32_t row, Pattern& out, Scope& s,
                           bool needed) {
  const FactType* type = resolveRecord(pattern.type);
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
    const std::size_t said = diagnostics_.size();
    check(test, s);
    if (diagnostics_.size() == said + 1 && diagnostics_.back().code == "RL3011") {
      offerPassed(pattern, static_cast<std::size_t>(&written - pattern.constraints.data()), test,
                  diagnostics_.back());
    }
    requireBool(test, s, "a constraint");
    s.unsure = s.unsure || isPoison(test.type);
    assume(test, true, s);
    out.constraints.push_back({finish(std::move(test))});
  }
  s.constraint = {};
  checkSuffixes(pattern, out, s);
  ownUsed_ = pattern.binding && s.bindings[mark].used;
  s.bindings.resize(mark);
  s.candidate = outer;
  s.place = place;
  if (errors_ == errorsBefore) refuseContradictions(out, needed);
  return true;
}

// `dueAt < now()` was meant to come true one day: that is `if passed(i.dueAt)` behind the pattern
// of a rule, which is where `d` gets its repair.
void Checker::offerPassed(const tree::Pattern& pattern, std::size_t index, const Expr& checked,
                          Diagnostic& d) const {
  if (!rule_ || !pattern.binding || checked.kind != ExprKind::Binary) return;
  const bool plain =
      std::any_of(rule_->when.begin(), rule_->when.end(), [&](const tree::Condition& condition) {
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

// The pattern's fact becomes a row of the match (or of the group at hand).
void Checker::addRow(const tree::Pattern& pattern, const Pattern& checked, Scope& s) {
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
  bind(s, rowBinding(pattern, checked.type, checked.row));
  s.bindings.back().used = ownUsed_;
}

void Checker::checkSuffixes(const tree::Pattern& pattern, Pattern& out, Scope& s) {
  if (pattern.suffixes.empty()) return;
  if (s.condition == Span{}) {
    // A trigger, a step, an action or a test: it looks at one moment.
    Diagnostic& d = error("RL2009", pattern.suffixes[0].span,
                          "only the conditions of a rule or query look at a stretch of time");
    d.help.push_back(rule_ ? "put the pattern into `when`"
                           : "a rule or query can ask for it, and a flow with `wait until { … }`");
    return;
  }
  for (const tree::Suffix& written : pattern.suffixes) {
    Suffix suffix;
    if (!checkSuffix(written, pattern, out.type, suffix, s)) continue;
    const auto same =
        std::find_if(out.suffixes.begin(), out.suffixes.end(), [&](const Suffix& other) {
          const bool windows =
              (other.kind == Suffix::Kind::OverLast || other.kind == Suffix::Kind::OverLastCount) &&
              (suffix.kind == Suffix::Kind::OverLast || suffix.kind == Suffix::Kind::OverLastCount);
          return windows || (other.kind == suffix.kind &&
                             (!isDistance(suffix.kind) || other.row == suffix.row));
        });
    if (same != out.suffixes.end()) {
      Diagnostic& d = error("RL2006", written.span,
                            suffix.kind == Suffix::Kind::Held ? "`held` is given twice"
                            : isDistance(suffix.kind)         ? "this distance is given twice"
                                                              : "a pattern has one window");
      d.related.push_back({same->span, "the first one"});
      continue;
    }
    out.suffixes.push_back(std::move(suffix));
  }
}

bool Checker::checkSuffix(const tree::Suffix& written, const tree::Pattern& pattern, TypeId id,
                          Suffix& out, Scope& s) {
  static constexpr Suffix::Kind kKinds[] = {Suffix::Kind::OverLast, Suffix::Kind::OverLastCount,
                                            Suffix::Kind::Held,     Suffix::Kind::After,
                                            Suffix::Kind::Before,   Suffix::Kind::WithinOf};
  out.kind = kKinds[static_cast<int>(written.kind)];
  out.span = written.span;
  out.count = written.count;
  if (written.duration) out.duration = written.duration->value;
  const FactType& type = typeOf(id);
  const auto wrongKind = [&](const std::string& message) -> Diagnostic& {
    Diagnostic& d = error("RL2009", written.span, message);
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
        error("RL2009", written.span, "this window holds nothing")
            .help.push_back("write how many it holds: `over last 20 events`");
        return false;
      }
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
      if (!rule_) {
        unsupported(
            written.span, "`held` in a query",
            "let a rule insert a fact when it has held (`insert logical`), and ask for that one");
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
  if (out.duration && *out.duration <= 0) {
    Diagnostic& d = error("RL2009", written.duration->span,
                          isDistance(out.kind) ? "two events are never within no time of each other"
                          : out.kind == Suffix::Kind::Held ? "`held` needs a stretch of time"
                                                           : "this window holds nothing");
    d.help.push_back("write a length: `10s`, `5m`, `1h30m`");
    return false;
  }
  return true;
}

// The event that a distance is measured from: a binding above.
bool Checker::resolveEvent(const tree::Suffix& written, const tree::Pattern& pattern, Suffix& out,
                           Scope& s) {
  if (!written.of) return false;
  if (pattern.binding.text == written.of.text) {
    error("RL2009", written.of.span, quoted(written.of.text) + " is this very event")
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
  const Type type = check(name, s);
  s.candidate = candidate;
  if (isPoison(type)) return false;
  const bool event = type.kind == TypeKind::Record && name.ref.kind == Ref::Kind::Row &&
                     typeOf(type.record).kind == FactKind::Event;
  if (!event) {
    const std::string word = written.kind == tree::Suffix::Kind::After    ? "`after`"
                             : written.kind == tree::Suffix::Kind::Before ? "`before`"
                                                                          : "`within … of`";
    Diagnostic& d = error("RL2009", written.of.span,
                          word + " names an event; " + quoted(written.of.text) + " is " +
                              (type.kind == TypeKind::Record ? noun(typeOf(type.record))
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
void Checker::warnEndless(const tree::Suffix& written, const tree::Pattern& pattern, TypeId type,
                          const Suffix& suffix, const Scope& s) {
  if (suffix.duration || suffix.kind == Suffix::Kind::WithinOf || suffix.row >= s.rows.size() ||
      allows("RL3012")) {
    return;
  }
  const bool own = suffix.kind == Suffix::Kind::Before;
  const FactType& kept = typeOf(own ? type : s.rows[suffix.row].type);
  const bool windowed =
      std::any_of(pattern.suffixes.begin(), pattern.suffixes.end(), [](const tree::Suffix& other) {
        return other.kind == tree::Suffix::Kind::OverLast ||
               other.kind == tree::Suffix::Kind::OverLastCount;
      });
  if (kept.expires || (own ? windowed : s.rows[suffix.row].brief)) return;
  const FactType& other = typeOf(own ? s.rows[suffix.row].type : type);
  Diagnostic& d = warn("RL3012", written.span,
                       "each " + quoted(kept.name) + " is kept for ever: a " + quoted(other.name) +
                           " that fits may come at any time");
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
