// What stands in the head of a rule: group, salience, `once`, dates.
#include <algorithm>

#include "base/time_text.h"
#include "check/expression_checker.h"
#include "check/rule_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

namespace {

constexpr std::size_t kDateText = 10;  // characters of a date alone

}  // namespace

// Attributes that contradict each other are an error: whichever of the two was meant, the other
// would be ignored in silence.
void RuleChecker::checkAttributes(const tree::Declaration& declaration, Rule& rule) {
  rule.group = declaration.group.text;
  rule.autoFocus = declaration.autoFocus;
  rule.exclusive = declaration.exclusive.text;
  rule.noLoop = declaration.noLoop;
  rule.repeat = declaration.repeat;
  rule.disabled = declaration.disabled;
  rule.once = declaration.once;
  const auto written = [&](Span span) { return span == Span{} ? declaration.name.span : span; };
  for (const std::string& tag : declaration.tags) {
    if (std::find(rule.tags.begin(), rule.tags.end(), tag) == rule.tags.end()) {
      rule.tags.push_back(tag);
    }
  }
  if (rule.repeat && (rule.noLoop || rule.once)) {
    const std::string other = rule.noLoop ? "no-loop" : "once";
    Diagnostic& d = report_.error("RL2018", written(declaration.repeatSpan),
                                  "`repeat` and " + quoted(other) + " say opposite things");
    d.notes.push_back(
        rule.noLoop
            ? "`no-loop` ends what a rule sets off in itself; `repeat` says that it is meant to go "
              "on"
            : "`once` fires a single time; `repeat` says that firing again and again is meant");
    d.help.push_back("keep one of the two");
  }
  checkAllowed(declaration);
  if (rule.group == "pop" || rule.group == "clear" || rule.group == "return") {
    Diagnostic& d = report_.error("RL2018", declaration.group.span,
                                  "no group can be called " + quoted(rule.group));
    d.notes.push_back(quoted("focus " + rule.group) + " takes the focus back");
    d.help.push_back("choose another name");
  }
  if (rule.autoFocus && rule.group.empty()) {
    Diagnostic& d = report_.error("RL2018", written(declaration.autoFocusSpan),
                                  "`auto-focus` gives a group the focus, and this rule is in none");
    d.help.push_back("put it into one: " + quoted("group urgent auto-focus"));
  }
  checkEffective(declaration, rule);
}

// `allow` names codes of warnings.
void RuleChecker::checkAllowed(const tree::Declaration& declaration) {
  for (const tree::Name& name : declaration.allow) {
    const bool code = name.text.size() == 6 && name.text.starts_with("RL") &&
                      std::all_of(name.text.begin() + 2, name.text.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
    if (!name || code) continue;
    report_.error("RL1005", name.span, "no warning is called " + quoted(name.text))
        .help.push_back("`allow` names the code of a warning: `allow RL3005`");
  }
}

// `effective from … to …`: a date alone means the whole day, so that the last one counts too.
void RuleChecker::checkEffective(const tree::Declaration& declaration, Rule& rule) {
  if (declaration.effectiveFrom.empty() && declaration.effectiveTo.empty()) return;
  const Span from = declaration.fromSpan == Span{} ? declaration.name.span : declaration.fromSpan;
  const Span to = declaration.toSpan == Span{} ? declaration.name.span : declaration.toSpan;
  if (!declaration.effectiveFrom.empty()) {
    rule.effectiveFrom = dateIn(declaration.effectiveFrom, from, false);
  }
  if (!declaration.effectiveTo.empty()) {
    rule.effectiveTo = dateIn(declaration.effectiveTo, to, true);
  }
  if (!declaration.effectiveZone.empty()) {
    const Span zone = declaration.effectiveZoneSpan == Span{} ? declaration.name.span
                                                              : declaration.effectiveZoneSpan;
    rule.fromInZone = declaration.effectiveFrom.size() == kDateText;
    rule.toInZone = declaration.effectiveTo.size() == kDateText;
    rule.effectiveZone = declaration.effectiveZone;
    const bool known = fit_.checkZone(rule.effectiveZone, zone);
    if (known && !rule.fromInZone && !rule.toInZone) {
      report_.error("RL2018", zone, "these are moments with a zone of their own")
          .help.push_back("write dates alone, `\"2024-12-31\"`, or leave the zone out");
    }
  }
  if (rule.effectiveFrom && rule.effectiveTo && *rule.effectiveFrom >= *rule.effectiveTo) {
    Diagnostic& d =
        report_.error("RL3007", to, "this rule is never effective: it ends before it begins");
    d.related.push_back({from, "begins here"});
    d.fixes.push_back(edit("swap the two dates", {from.file, from.begin, to.end},
                           toText(Value::string(declaration.effectiveTo)) + " to " +
                               toText(Value::string(declaration.effectiveFrom))));
  }
}

// The moment that a text names; of a date alone its first moment, or the first one after it.
std::optional<Time> RuleChecker::dateIn(const std::string& text, Span span, bool wholeDay) {
  const bool date = text.size() == kDateText;
  const std::optional<Instant> instant = parseTimestamp(date ? text + "T00:00:00Z" : text);
  if (instant) {
    return instant->seconds * 1'000'000 + instant->nanos / 1'000 +
           (date && wholeDay ? Time{86'400'000'000} : Time{0});
  }
  Diagnostic& d = report_.error("RL7004", span, toText(Value::string(text)) + " is not a date");
  const auto digits = [&](std::size_t at, std::size_t count) {
    return text.size() >= at + count &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                       text.begin() + static_cast<std::ptrdiff_t>(at + count),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  if (date && digits(0, 4) && digits(5, 2) && digits(8, 2) && text[4] == '-' && text[7] == '-') {
    d.notes.push_back("the calendar has no such day");
  } else if (date && digits(0, 2) && digits(3, 2) && digits(6, 4)) {
    d.help.push_back("write the year first: `\"" + text.substr(6) + "-" + text.substr(3, 2) + "-" +
                     text.substr(0, 2) + "\"`");
  } else {
    d.help.push_back(
        "write year, month and day, `\"2024-12-31\"`, or a moment with its zone, "
        "`\"2024-12-31T18:00:00Z\"`");
  }
  return std::nullopt;
}

// `once`, `once per e`.
void RuleChecker::checkOnce(const tree::Declaration& declaration, Rule& rule, Scope& s) {
  if (!declaration.once) return;
  if (declaration.oncePer) {
    Expr value = *declaration.oncePer;
    const Type type = expressions_.check(value, s);
    const Span whole = value.span;
    std::vector<const Expr*> open = {&value};
    bool constant = !isPoison(type);
    while (constant && !open.empty()) {
      const Expr& e = *open.back();
      open.pop_back();
      if (e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::Local ||
          e.ref.kind == Ref::Kind::Row) {
        constant = false;
      }
      for (const Expr& arg : e.args) open.push_back(&arg);
    }
    if (constant) {
      Diagnostic& d = report_.error("RL2009", whole, "this is the same for every match");
      d.help.push_back(
          "name something of the match, for example " +
          quoted("once per " + (s.bindings.empty() ? std::string("c") : s.bindings[0].name)) +
          "; for once at all write `once`");
    }
    rule.oncePer = expressions_.finish(std::move(value));
  }
}

// A salience that is the same for every match is computed once, here: the agenda then orders the
// rule without asking again.
void RuleChecker::checkSalience(const tree::Declaration& declaration, Rule& rule, Scope& s) {
  rule.fixedSalience = 0;
  if (!declaration.salience) return;
  Expr tree = *declaration.salience;
  const Scope::Place place = s.place;
  // Before each firing it may ask what no condition may.
  if (declaration.eachCycle) s.place = Scope::Place::Rule;
  expressions_.check(tree, s);
  s.place = place;
  if (!fit_.coerce(tree, Type::of(TypeKind::Int), {"`salience`", {}}, s)) return;
  bool constant = true;
  const auto look = [&](const auto& self, const Expr& e) -> void {
    if (e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::Local ||
        e.ref.kind == Ref::Kind::Row || e.ref.kind == Ref::Kind::Host) {
      constant = false;
    }
    for (const Expr& arg : e.args) self(self, arg);
  };
  look(look, tree);
  const Span span = tree.span;
  rule.eachCycle = declaration.eachCycle;
  rule.salience = expressions_.finish(std::move(tree));
  // From here on it counts as computed for each match.
  rule.fixedSalience.reset();
  if (!constant || rule.eachCycle) return;
  const std::optional<Value> value = expressions_.fold(rule.salience);
  if (value && value->kind() == ValueKind::Int) {
    rule.fixedSalience = value->asInt();
  } else if (value) {
    report_.error("RL2014", span, "this salience cannot be computed");
  }
}

}  // namespace reticle::model
