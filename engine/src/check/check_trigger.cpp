// What sets a rule off: an event, a change of a property, a fact that comes or goes, a moment.
#include <algorithm>

#include "check/condition_checker.h"
#include "check/expression_checker.h"
#include "check/trigger_checker.h"
#include "model/cron.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// `repeat` takes back that a trigger counts once.
void noteKind(Trigger::Kind kind, Rule& rule) {
  using Kind = Trigger::Kind;
  const bool event = kind == Kind::Event || kind == Kind::Change;
  const bool news = kind == Kind::Insert || kind == Kind::Retract;
  rule.oncePerEvent = rule.oncePerEvent || (event && !rule.repeat);
  rule.oncePerNews = rule.oncePerNews || (news && !rule.repeat);
}

// meta.name of the candidate, or e.meta.subject of another row.
Expr metaOf(const std::string& owner, const std::string& field, std::uint32_t row, FieldId id,
            Type type, Span span) {
  Expr e;
  e.kind = ExprKind::Name;
  e.text = field;
  e.span = e.nameSpan = span;
  e.ref = {Ref::Kind::Field, row, id};
  e.type = std::move(type);
  if (owner.empty()) return e;
  Expr name = e;
  name.text = owner;
  name.ref = {Ref::Kind::Row, row, {}};
  e.kind = ExprKind::Select;
  e.args.push_back(std::move(name));
  return e;
}

}  // namespace

// One trigger is the first of the conditions; several are the branches of an `either`, whose match
// goes on with what has set the rule off, so that each event and fact is a match of its own.
void TriggerChecker::checkTriggers(const tree::Declaration& declaration, Rule& rule, Scope& s) {
  std::vector<Single> all;
  addSingle(*declaration.on, s, all);
  for (const tree::Trigger& further : declaration.orOn) addSingle(further, s, all);
  if (all.empty()) return;
  if (all.size() == 1 && !all[0].ofAnyEvent) {
    checkTrigger(all[0].trigger, rule.trigger, rule.conditions, s);
    return noteKind(rule.trigger.kind, rule);
  }
  std::vector<Span> spans;
  for (const auto& [trigger, ofAnyEvent] : all) {
    spans.push_back(trigger.span);
    if (trigger.kind != tree::Trigger::Kind::Every && trigger.kind != tree::Trigger::Kind::Cron) {
      continue;
    }
    report_.error("RL2009", trigger.span, "a moment cannot be one of several triggers")
        .help.push_back("write a rule of its own for it; both may call one function or flow");
    return;
  }
  Condition either;
  Export which;
  const auto read = [&](std::size_t at, std::vector<Condition>& group) {
    Trigger trigger;
    const bool good = checkBranch(all[at], trigger, group, which, s);
    noteKind(trigger.kind, rule);
    if (at == 0) rule.trigger = std::move(trigger);
    return good;
  };
  if (!conditions_.checkBranches(spans, read, either, s)) return;
  which.type = Type::of(TypeKind::Any);
  which.to = s.locals++;
  either.exports.push_back(std::move(which));
  either.span = {spans.front().file, spans.front().begin, spans.back().end};
  for (const std::vector<Condition>& group : either.groups) {
    either.text += (either.text.empty() ? "on " : " or ") + group.front().text;
  }
  rule.conditions.push_back(std::move(either));
}

void TriggerChecker::addSingle(const tree::Trigger& written, const Scope& s,
                               std::vector<Single>& out) {
  if (written.pattern && written.pattern->type.text == "*") return addAnyEvent(written, s, out);
  const FactType* type =
      written.anyProperty ? types_.resolveRecord(written.type, s.module) : nullptr;
  if (!type || type->kind != FactKind::Subject) {
    out.push_back({written});
    return;
  }
  const std::size_t before = out.size();
  for (std::uint32_t i = 0; i < type->declared; ++i) {
    const Field& field = type->fields[i];
    if (field.ext || field.hidden) continue;
    tree::Trigger one = written;
    one.property = {field.name, written.type.span};
    out.push_back({std::move(one)});
  }
  if (out.size() > before) return;
  report_.error("RL2009", written.type.span,
                quoted(type->name) + " has no declared property whose change could be noticed");
}

// One for each event that the module knows.
void TriggerChecker::addAnyEvent(const tree::Trigger& written, const Scope& s,
                                 std::vector<Single>& out) {
  const std::size_t before = out.size();
  for (const FactType& type : program_.types) {
    if (type.kind != FactKind::Event || type.builtin || type.changeOf) continue;
    const Symbol* known = symbols_.lookup(type.name, s.module);
    if (!known || known->kind != Symbol::Kind::Type || known->index != index(type.id)) continue;
    tree::Trigger one = written;
    one.pattern->type = {type.name, written.pattern->type.span};
    out.push_back({std::move(one), true});
  }
  if (out.size() > before) return;
  report_.error("RL2009", written.pattern->type.span, "no event is declared that could come");
}

// What is known of any event: a map of its `meta`, and of its fields as `data`.
Expr TriggerChecker::eventMap(const Pattern& pattern, Span span) {
  const FactType& type = types_.typeOf(pattern.type);
  const auto literal = [&](const std::string& text) {
    Expr key;
    key.kind = ExprKind::Literal;
    key.value = Value::string(text);
    key.type = Type::of(TypeKind::String);
    key.span = span;
    return key;
  };
  const auto map = [&] {
    Expr e;
    e.kind = ExprKind::Map;
    e.span = e.nameSpan = span;
    e.type = mapOf(Type::of(TypeKind::String), Type::of(TypeKind::Any).asOptional());
    return e;
  };
  const std::string owner = pattern.binding.empty() ? "event" : pattern.binding;
  Expr whole = map(), data = map();
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    const Field& field = type.fields[i];
    const bool meta = field.name.starts_with("meta.");
    if (i >= type.declared && !meta) continue;
    Expr& to = meta ? whole : data;
    to.args.push_back(literal(meta ? field.name.substr(5) : field.name));
    to.args.push_back(metaOf(owner, field.name, pattern.row, FieldId{i}, field.type, span));
  }
  whole.args.push_back(literal("data"));
  whole.args.push_back(std::move(data));
  return whole;
}

// What the trigger makes known of its event (`old`, `new`) goes on as values.
bool TriggerChecker::checkBranch(const Single& single, Trigger& trigger,
                                 std::vector<Condition>& group, Export& which, Scope& s) {
  const tree::Trigger& written = single.trigger;
  const std::size_t mark = s.bindings.size();
  checkTrigger(written, trigger, group, s);
  if (group.empty()) return false;
  const auto named = [&](const std::string& text, Ref ref, Type type) {
    Expr e;
    e.kind = ExprKind::Name;
    e.text = text;
    e.span = e.nameSpan = written.span;
    e.ref = ref;
    e.type = std::move(type);
    return e;
  };
  for (std::size_t i = mark; i < s.bindings.size(); ++i) {
    Binding& binding = s.bindings[i];
    binding.quiet = true;
    if (single.ofAnyEvent && binding.ref.kind == Ref::Kind::Row &&
        binding.name == group.front().pattern.binding) {
      Expr map = eventMap(group.front().pattern, written.span);
      map.text = binding.name;
      binding.type = map.type;
      group.push_back(bound(std::move(map), s));
      binding.ref = {Ref::Kind::Local, group.back().local, {}};
      continue;
    }
    if (binding.ref.kind != Ref::Kind::Field) continue;
    // Properties of one subject may have different types.
    if (written.anyProperty) binding.type = Type::of(TypeKind::Any);
    group.push_back(bound(named(binding.name, binding.ref, binding.type), s));
    binding.ref = {Ref::Kind::Local, group.back().local, {}};
  }
  const Pattern& pattern = group.front().pattern;
  const std::string name = pattern.binding.empty() ? "event" : pattern.binding;
  // With the number of the trigger: a fact that goes is another cause than the same fact's coming.
  Expr cause;
  cause.kind = ExprKind::List;
  cause.text = "trigger";
  cause.span = cause.nameSpan = written.span;
  cause.type = listOf(Type::of(TypeKind::Any));
  Expr number = named("", {}, Type::of(TypeKind::Int));
  number.kind = ExprKind::Literal;
  number.value = Value::integer(static_cast<std::int64_t>(which.from.size()));
  cause.args.push_back(std::move(number));
  cause.args.push_back(
      named(name, {Ref::Kind::Row, pattern.row, {}}, types_.recordType(pattern.type)));
  group.push_back(bound(std::move(cause), s));
  which.from.push_back(group.back().local);
  return true;
}

Condition TriggerChecker::bound(Expr value, Scope& s) {
  Condition let;
  let.kind = Condition::Kind::Let;
  let.span = value.span;
  let.text = "let " + value.text;
  let.local = s.locals++;
  let.expr = expressions_.finish(std::move(value));
  return let;
}

// Moments are no facts: `every` and `cron` add no condition.
void TriggerChecker::checkTrigger(const tree::Trigger& written, Trigger& trigger,
                                  std::vector<Condition>& out, Scope& s) {
  // ORDER: tree::Trigger::Kind
  static constexpr Trigger::Kind kKinds[] = {Trigger::Kind::Event,  Trigger::Kind::Change,
                                             Trigger::Kind::Insert, Trigger::Kind::Retract,
                                             Trigger::Kind::Every,  Trigger::Kind::Cron};
  trigger.kind = kKinds[static_cast<int>(written.kind)];
  trigger.span = written.span;
  switch (written.kind) {
    case tree::Trigger::Kind::Event: checkEventTrigger(written, out, s); return;
    case tree::Trigger::Kind::Change: checkChangeTrigger(written, out, s); return;
    case tree::Trigger::Kind::Insert:
    case tree::Trigger::Kind::Retract: checkFactTrigger(written, out, s); return;
    case tree::Trigger::Kind::Every:
      if (!written.every) return;
      if (const auto every = expressions_.spanOf(*written.every, s.module)) {
        trigger.every = *every;
      } else {
        return;
      }
      // A stretch of nothing would fire without end at one moment.
      if (trigger.every <= 0) {
        report_.error("RL2009", written.every->span, "`every` needs a stretch of time")
            .help.push_back("write for example `on every 5m`");
      }
      checkMissed(written, trigger);
      return;
    case tree::Trigger::Kind::Cron: checkCron(written, trigger); return;
  }
}

// The plan is read here, so that a session never meets one it cannot read.
void TriggerChecker::checkCron(const tree::Trigger& written, Trigger& out) {
  out.cron = written.cron;
  out.zone = written.zone;
  out.zoneSpan = written.zoneSpan;
  fit_.checkZone(written.zone, written.zoneSpan == Span{} ? written.span : written.zoneSpan);
  checkMissed(written, out);
  CronMistake mistake;
  if (parseCron(written.cron, out.plan, mistake)) return;
  Span span = written.cronSpan == Span{} ? written.span : written.cronSpan;
  // Inside the quotes, where the text is written as it is.
  const bool plain =
      !(written.cronSpan == Span{}) && span.end - span.begin == written.cron.size() + 2;
  if (plain && mistake.end > mistake.begin) {
    span = {span.file, span.begin + 1 + static_cast<std::uint32_t>(mistake.begin),
            span.begin + 1 + static_cast<std::uint32_t>(mistake.end)};
  }
  Diagnostic& d = report_.error("RL2019", span, mistake.message);
  if (!mistake.help.empty()) d.help.push_back(mistake.help);
}

void TriggerChecker::checkMissed(const tree::Trigger& written, Trigger& out) {
  using Missed = Trigger::Missed;
  if (!written.missed) return;
  const std::string& word = written.missed.text;
  if (word == "all" || word == "once" || word == "none") {
    out.missed = word == "all" ? Missed::All : word == "once" ? Missed::Once : Missed::None;
    return;
  }
  Diagnostic& d = report_.error("RL1005", written.missed.span,
                                "moments that are missed come " +
                                    quotedList({"all", "once", "none"}) + ", not " + quoted(word));
  suggest(d, written.missed.span, word, {"all", "once", "none"});
}

// A trigger's pattern is the first condition of the rule.
bool TriggerChecker::addTriggerPattern(const tree::Pattern& pattern, Condition& out, Scope& s) {
  tree::Condition written;
  written.kind = tree::Condition::Kind::Pattern;
  written.pattern = pattern;
  written.span = pattern.span;
  std::vector<Condition> one;
  conditions_.checkCondition(written, one, s);
  if (one.empty()) return false;
  out = std::move(one[0]);
  s.rows.back().brief = true;
  return true;
}

// `on insert` and `on retract` fire once, for the coming or going alone.
void TriggerChecker::checkFactTrigger(const tree::Trigger& trigger, std::vector<Condition>& out,
                                      Scope& s) {
  const bool insert = trigger.kind == tree::Trigger::Kind::Insert;
  const std::string word = insert ? "on insert" : "on retract";
  Condition fact;
  if (!trigger.pattern || !addTriggerPattern(*trigger.pattern, fact, s)) return;
  const FactType& type = types_.typeOf(fact.pattern.type);
  if (type.kind == FactKind::Event) {
    Diagnostic& d =
        report_.error("RL2009", trigger.pattern->type.span,
                      quoted(word) + " waits for a fact; " + quoted(type.name) + " is an event");
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back(insert ? "write " + quoted("on " + textOf(*trigger.pattern))
                            : std::string("an event is over at once; wait for it with ") +
                                  quoted("on " + textOf(*trigger.pattern)));
  } else if (type.builtin) {
    Diagnostic& d =
        report_.error("RL2009", trigger.pattern->type.span,
                      quoted(type.name) + " is kept by the engine: it neither comes nor goes");
    d.help.push_back("for each change of one of its properties write " +
                     quoted("on change " + type.name + "." + type.fields[0].name));
  }
  fact.origin = insert ? Condition::Origin::Insert : Condition::Origin::Retract;
  out.push_back(std::move(fact));
}

// With `at` a second pattern follows, joined with the event by the name of its subject.
void TriggerChecker::checkEventTrigger(const tree::Trigger& trigger, std::vector<Condition>& out,
                                       Scope& s) {
  const auto broken = [&](const std::optional<tree::Pattern>& pattern) {
    if (pattern && pattern->binding) {
      s.absent.push_back(
          {pattern->binding.text, Absent::Why::Broken, pattern->binding.span, "", {}});
    }
  };
  if (!trigger.pattern) return broken(trigger.at);
  Condition event;
  if (!addTriggerPattern(*trigger.pattern, event, s)) return broken(trigger.at);
  event.origin = Condition::Origin::Event;
  const TypeId eventType = event.pattern.type;
  if (types_.typeOf(eventType).kind != FactKind::Event) {
    const FactType& type = types_.typeOf(eventType);
    Diagnostic& d = report_.error("RL2009", trigger.pattern->type.span,
                                  "`on` waits for an event; " + quoted(type.name) + " is a " +
                                      (type.kind == FactKind::Fact ? "fact" : "subject"));
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back("put the pattern into `when`");
    if (type.kind == FactKind::Subject) {
      d.help.push_back("for the changes of a property write " +
                       quoted("on change d: " + type.name + ".property"));
    }
    return broken(trigger.at);
  }
  const std::string eventBinding = event.pattern.binding;
  const std::uint32_t eventRow = event.pattern.row;
  out.push_back(std::move(event));
  if (!trigger.at) return;
  Condition subject;
  if (!addTriggerPattern(*trigger.at, subject, s)) return;
  const FactType& type = types_.typeOf(subject.pattern.type);
  if (type.kind != FactKind::Subject) {
    Diagnostic& d =
        report_.error("RL2009", trigger.at->type.span,
                      "`at` names the subject of the event; " + quoted(type.name) + " is " +
                          (type.kind == FactKind::Fact ? "a fact" : "an event"));
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back("join it in `when`, with a constraint on one of its fields");
    return;
  }
  subject.origin = Condition::Origin::At;
  subject.pattern.constraints.insert(
      subject.pattern.constraints.begin(),
      {joinOnSubject(subject.pattern.row, subject.pattern.type, eventRow, eventType, eventBinding,
                     trigger.at->type.span)});
  out.push_back(std::move(subject));
}

// meta.name == e.meta.subject
Expression TriggerChecker::joinOnSubject(std::uint32_t subjectRow, TypeId subject,
                                         std::uint32_t eventRow, TypeId event,
                                         const std::string& binding, Span span) {
  const Type string = Type::of(TypeKind::String);
  Expr test;
  test.kind = ExprKind::Binary;
  test.op = Operator::Equal;
  test.span = span;
  test.type = Type::of(TypeKind::Bool);
  test.args.push_back(
      metaOf("", "meta.name", subjectRow, *types_.typeOf(subject).find("meta.name"), string, span));
  test.args.push_back(metaOf(binding.empty() ? "event" : binding, "meta.subject", eventRow,
                             *types_.typeOf(event).find("meta.subject"), string.asOptional(),
                             span));
  return expressions_.finish(std::move(test));
}

// The event of the property that `on change` names; empty after a mistake.
std::optional<TypeId> TriggerChecker::changedType(const tree::Trigger& trigger, const Scope& s) {
  const FactType* type = types_.resolveRecord(trigger.type, s.module);
  if (!type) return std::nullopt;
  if (type->kind != FactKind::Subject) {
    Diagnostic& d =
        report_.error("RL2009", trigger.type.span,
                      "only subjects tell of their changes; " + quoted(type->name) + " is " +
                          (type->kind == FactKind::Fact ? "a fact" : "an event"));
    d.related.push_back({type->span, "declared here"});
    if (type->kind == FactKind::Fact) {
      d.help.push_back(
          "declare it as a `subject`, or put a pattern into `when`: it fires again when a property "
          "it reads changes");
    }
    return std::nullopt;
  }
  if (!trigger.property) {
    report_.error("RL2009", trigger.span, "`on change` does not say of which property")
        .help.push_back("name one, " + quoted("on change d: " + type->name + ".…") +
                        ", or all: " + quoted(type->name + ".*"));
    return std::nullopt;
  }
  const TypeId subject = type->id;
  if (const auto property = types_.declaredField(subject, trigger.property.text)) {
    index_.field(*type, *property, trigger.property.span);
    return types_.changeType(subject, *property);
  }
  if (!type->open) {
    types_.reportUnknownField(subject, trigger.property.text, trigger.property.span);
    return std::nullopt;
  }
  expressions_.names().warnNearProperty(subject, trigger.property.text, trigger.property.span, s);
  return types_.openChangeType(subject, trigger.property.text);
}

// The event of the change, with `old` and `new` as its fields; it becomes a row.
Condition TriggerChecker::changeCondition(const tree::Trigger& trigger, TypeId changed, Scope& s) {
  Condition change;
  change.kind = Condition::Kind::Pattern;
  change.origin = Condition::Origin::Change;
  change.pattern.type = changed;
  change.pattern.row = static_cast<std::uint32_t>(s.rows.size());
  change.span = change.pattern.span = trigger.span;
  change.text = change.pattern.text = "change " + trigger.type.text + "." + trigger.property.text;
  RowPlace place;
  place.type = changed;
  place.bare = trigger.constraints.empty();
  const Span last = place.bare ? trigger.property.span : trigger.constraints.back().span;
  place.addAt = {last.file, last.end, last.end};
  place.trigger = {trigger.type.span.file, trigger.type.span.begin, trigger.property.span.end};
  place.written = "on change " + (trigger.binding ? trigger.binding.text + ": " : "") +
                  trigger.type.text + "." + trigger.property.text;
  s.rows.push_back(std::move(place));
  s.mostRows = std::max(s.mostRows, static_cast<std::uint32_t>(s.rows.size()));
  for (const char* name : {"old", "new"}) {
    Binding value;
    value.name = name;
    value.ref = {Ref::Kind::Field, change.pattern.row, *types_.typeOf(changed).find(name)};
    value.type = types_.typeOf(changed).fields[index(value.ref.field)].type;
    value.span = trigger.property.span;
    value.what = "value of the change";
    value.quiet = true;
    bindings_.bind(s, std::move(value));
  }
  return change;
}

// Two conditions: the event of the change, and the subject it is about, which is as it is after the
// change.
void TriggerChecker::checkChangeTrigger(const tree::Trigger& trigger, std::vector<Condition>& out,
                                        Scope& s) {
  const std::optional<TypeId> changed = changedType(trigger, s);
  if (!changed) {
    if (trigger.binding) {
      s.absent.push_back({trigger.binding.text, Absent::Why::Broken, trigger.binding.span, "", {}});
    }
    for (const char* name : {"old", "new"}) {
      s.absent.push_back({name, Absent::Why::Broken, trigger.span, "", {}});
    }
    return;
  }
  const TypeId subject = types_.typeOf(*changed).changeOf->first;
  Condition change = changeCondition(trigger, *changed, s);
  const RowPlace place = s.rows.back();
  const std::uint32_t eventRow = change.pattern.row;
  out.push_back(std::move(change));
  tree::Pattern pattern;
  pattern.binding = trigger.binding;
  pattern.type = trigger.type;
  pattern.constraints = trigger.constraints;
  pattern.span = trigger.span;
  tree::Condition written;
  written.kind = tree::Condition::Kind::Pattern;
  written.pattern = std::move(pattern);
  written.span = trigger.span;
  std::vector<Condition> one;
  conditions_.checkCondition(written, one, s);
  if (one.empty()) return;
  one[0].pattern.constraints.insert(one[0].pattern.constraints.begin(),
                                    {joinOnSubject(one[0].pattern.row, subject, eventRow, *changed,
                                                   "change", trigger.type.span)});
  // A constraint cannot be added after this pattern: its parentheses are those of the trigger.
  s.rows.back().addAt = place.addAt;
  s.rows.back().bare = place.bare;
  out.push_back(std::move(one[0]));
}

}  // namespace reticle::model
