// Rules: attributes, triggers, and the two halves put together.
#include <algorithm>

#include "model/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

// meta.name of the candidate, or e.meta.subject of another row.
Expr metaOf(const std::string& owner, const std::string& field, std::uint32_t row, FieldId id, Type type, Span span) {
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

void Checker::checkRule(const tree::Declaration& declaration) {
  if (!declaration.name) return;
  const auto known = ruleNames_.find(declaration.name.text);
  if (known == ruleNames_.end()) return;
  rule_ = &declaration;
  const std::size_t errorsBefore = errors_;
  const std::size_t saidBefore = diagnostics_.size();
  Rule rule;
  rule.id = static_cast<RuleId>(program_.rules.size());
  rule.name = declaration.name.text;
  rule.doc = declaration.doc;
  rule.span = declaration.span;
  rule.nameSpan = declaration.name.span;
  checkAttributes(declaration, rule);
  Scope s;
  s.place = Scope::Place::Condition;
  if (declaration.on) checkTrigger(*declaration.on, rule.conditions, s);
  checkConditions(declaration.when, rule.conditions, s);
  rule.rows = static_cast<std::uint32_t>(s.rows.size());
  rule.conditionLocals = s.locals;
  for (const RowPlace& row : s.rows) {
    rule.bindings.push_back(row.binding);
    rule.rowTypes.push_back(row.type);
  }
  checkSalience(declaration, rule, s);
  rule.localNames.resize(s.locals);
  for (const Binding& binding : s.bindings) {
    if (binding.ref.kind == Ref::Kind::Local) rule.localNames[binding.ref.row] = {binding.name, binding.type};
  }
  s.place = Scope::Place::Rule;
  s.absent.erase(std::remove_if(s.absent.begin(), s.absent.end(), [](const Absent& a) { return a.why != Absent::Why::Broken; }), s.absent.end());
  rule.actions = checkActions(declaration.then, s);
  rule.locals = s.locals;
  rule.localNames.resize(s.locals);
  const auto nameLocals = [&](const auto& self, const std::vector<Action>& actions) -> void {
    for (const Action& action : actions) {
      if (action.local && *action.local < rule.localNames.size()) rule.localNames[*action.local].first = action.name;
      self(self, action.body);
      self(self, action.otherwise);
    }
  };
  nameLocals(nameLocals, rule.actions);
  close(s, 0);
  if (errors_ > errorsBefore || wasUnread(declaration.span)) {
    // What an error left unread may have used the binding: no warning is better than a wrong one.
    const auto unused = [](const Diagnostic& d) { return d.code == "RL3002"; };
    diagnostics_.erase(std::remove_if(diagnostics_.begin() + static_cast<std::ptrdiff_t>(saidBefore), diagnostics_.end(), unused), diagnostics_.end());
  } else if (!failed_) {
    warnUnconnected(declaration, rule);
    warnSelfFeeding(declaration, rule);
  }
  program_.rules.push_back(std::move(rule));
  ruleTrees_.push_back(&declaration);
  rule_ = nullptr;
}

void Checker::checkAttributes(const tree::Declaration& declaration, Rule& rule) {
  rule.group = declaration.group.text;
  rule.noLoop = declaration.noLoop;
  rule.repeat = declaration.repeat;
  rule.disabled = declaration.disabled;
  if (declaration.exclusive) unsupported(declaration.exclusive.span, "`exclusive`", "let the rule with the higher `salience` change what the others ask for");
  if (declaration.oncePer) unsupported(declaration.oncePer->span, "`once per`", "insert a fact that remembers it, and ask for it with `not`");
  else if (declaration.once) unsupported(declaration.name.span, "`once`", "insert a fact that remembers it, and ask for it with `not`");
  if (!declaration.effectiveFrom.empty() || !declaration.effectiveTo.empty()) {
    unsupported(declaration.name.span, "`effective`", "match the calendar: `Clock(date >= \"2024-04-01\")`");
  }
}

void Checker::checkSalience(const tree::Declaration& declaration, Rule& rule, Scope& s) {
  rule.fixedSalience = 0;
  if (!declaration.salience) return;
  Expr tree = *declaration.salience;
  check(tree, s);
  if (!coerce(tree, Type::of(TypeKind::Int), {"`salience`", {}}, s)) return;
  bool constant = true;
  const auto look = [&](const auto& self, const Expr& e) -> void {
    if (e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::Local || e.ref.kind == Ref::Kind::Row || e.ref.kind == Ref::Kind::Host) constant = false;
    for (const Expr& arg : e.args) self(self, arg);
  };
  look(look, tree);
  const Span span = tree.span;
  rule.salience = finish(std::move(tree));
  rule.fixedSalience.reset();
  if (!constant) return;
  const std::optional<Value> value = fold(rule.salience);
  if (value && value->kind() == ValueKind::Int) rule.fixedSalience = value->asInt();
  else if (value) error("RL2014", span, "this salience cannot be computed");
}

void Checker::checkTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s) {
  switch (trigger.kind) {
    case tree::Trigger::Kind::Event: checkEventTrigger(trigger, out, s); return;
    case tree::Trigger::Kind::Change: checkChangeTrigger(trigger, out, s); return;
    case tree::Trigger::Kind::Insert: unsupported(trigger.span, "`on insert`", "a pattern in `when` fires for each fact that comes in"); break;
    case tree::Trigger::Kind::Retract: unsupported(trigger.span, "`on retract`", "emit an event where the fact is taken away"); break;
    case tree::Trigger::Kind::Every: unsupported(trigger.span, "`on every`", "a flow that sleeps and restarts does the same"); break;
    case tree::Trigger::Kind::Cron: unsupported(trigger.span, "`on cron`", "match the calendar with `Clock(…)`, or sleep in a flow"); break;
  }
  if (trigger.pattern && trigger.pattern->binding) s.absent.push_back({trigger.pattern->binding.text, Absent::Why::Broken, trigger.span, "", {}});
}

void Checker::checkEventTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s) {
  const auto broken = [&](const std::optional<tree::Pattern>& pattern) {
    if (pattern && pattern->binding) s.absent.push_back({pattern->binding.text, Absent::Why::Broken, pattern->binding.span, "", {}});
  };
  if (!trigger.pattern) return broken(trigger.at);
  const auto add = [&](const tree::Pattern& pattern, Condition& condition) {
    tree::Condition written;
    written.kind = tree::Condition::Kind::Pattern;
    written.pattern = pattern;
    written.span = pattern.span;
    std::vector<Condition> one;
    checkCondition(written, one, s);
    if (one.empty()) return false;
    condition = std::move(one[0]);
    return true;
  };
  Condition event;
  if (!add(*trigger.pattern, event)) return broken(trigger.at);
  event.origin = Condition::Origin::Event;
  const TypeId eventType = event.pattern.type;
  if (typeOf(eventType).kind != FactKind::Event) {
    const FactType& type = typeOf(eventType);
    Diagnostic& d = error("RL2009", trigger.pattern->type.span, "`on` waits for an event; " + quoted(type.name) + " is a " + (type.kind == FactKind::Fact ? "fact" : "subject"));
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back("put the pattern into `when`");
    if (type.kind == FactKind::Subject) d.help.push_back("for the changes of a property write " + quoted("on change d: " + type.name + ".property"));
    return broken(trigger.at);
  }
  const std::string eventBinding = event.pattern.binding;
  const std::uint32_t eventRow = event.pattern.row;
  out.push_back(std::move(event));
  if (!trigger.at) return;
  Condition subject;
  if (!add(*trigger.at, subject)) return;
  const FactType& type = typeOf(subject.pattern.type);
  if (type.kind != FactKind::Subject) {
    Diagnostic& d = error("RL2009", trigger.at->type.span, "`at` names the subject of the event; " + quoted(type.name) + " is " + (type.kind == FactKind::Fact ? "a fact" : "an event"));
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back("join it in `when`, with a constraint on one of its fields");
    return;
  }
  subject.origin = Condition::Origin::At;
  subject.pattern.constraints.insert(subject.pattern.constraints.begin(),
                                     {joinOnSubject(subject.pattern.row, subject.pattern.type, eventRow, eventType, eventBinding, trigger.at->type.span)});
  out.push_back(std::move(subject));
}

// meta.name == e.meta.subject
Expression Checker::joinOnSubject(std::uint32_t subjectRow, TypeId subject, std::uint32_t eventRow, TypeId event, const std::string& binding, Span span) {
  const Type string = Type::of(TypeKind::String);
  Expr test;
  test.kind = ExprKind::Binary;
  test.op = Operator::Equal;
  test.span = span;
  test.type = Type::of(TypeKind::Bool);
  test.args.push_back(metaOf("", "meta.name", subjectRow, *typeOf(subject).find("meta.name"), string, span));
  test.args.push_back(metaOf(binding.empty() ? "event" : binding, "meta.subject", eventRow, *typeOf(event).find("meta.subject"), string.asOptional(), span));
  return finish(std::move(test));
}

void Checker::checkChangeTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s) {
  tree::Pattern pattern;
  pattern.binding = trigger.binding;
  pattern.type = trigger.type;
  pattern.constraints = trigger.constraints;
  pattern.span = trigger.span;
  const auto broken = [&] {
    if (trigger.binding) s.absent.push_back({trigger.binding.text, Absent::Why::Broken, trigger.binding.span, "", {}});
    for (const char* name : {"old", "new"}) s.absent.push_back({name, Absent::Why::Broken, trigger.span, "", {}});
  };
  const FactType* type = resolveRecord(trigger.type);
  if (!type) return broken();
  const TypeId subject = type->id;
  if (type->kind != FactKind::Subject) {
    Diagnostic& d = error("RL2009", trigger.type.span, "only subjects tell of their changes; " + quoted(type->name) + " is " + (type->kind == FactKind::Fact ? "a fact" : "an event"));
    d.related.push_back({type->span, "declared here"});
    if (type->kind == FactKind::Fact) d.help.push_back("declare it as a `subject`, or put a pattern into `when`: it fires again when a property it reads changes");
    return broken();
  }
  const auto property = declaredField(subject, trigger.property.text);
  if (!property) {
    if (!trigger.property) return broken();
    if (type->open) {
      Diagnostic& d = unsupported(trigger.property.span, "`on change` of an undeclared property");
      d.help.push_back("declare " + quoted(trigger.property.text) + " in " + quoted(type->name));
    } else {
      reportUnknownField(subject, trigger.property.text, trigger.property.span);
    }
    return broken();
  }
  const TypeId changed = changeType(subject, *property);
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
  s.rows.push_back(place);
  for (const char* name : {"old", "new"}) {
    Binding value;
    value.name = name;
    value.ref = {Ref::Kind::Field, change.pattern.row, *typeOf(changed).find(name)};
    value.type = typeOf(changed).fields[index(value.ref.field)].type;
    value.span = trigger.property.span;
    value.what = "value of the change";
    value.quiet = true;
    bind(s, std::move(value));
  }
  const std::uint32_t eventRow = change.pattern.row;
  out.push_back(std::move(change));
  tree::Condition written;
  written.kind = tree::Condition::Kind::Pattern;
  written.pattern = std::move(pattern);
  written.span = trigger.span;
  std::vector<Condition> one;
  checkCondition(written, one, s);
  if (one.empty()) return;
  one[0].pattern.constraints.insert(one[0].pattern.constraints.begin(), {joinOnSubject(one[0].pattern.row, subject, eventRow, changed, "change", trigger.type.span)});
  // A constraint cannot be added behind this pattern: its parentheses are those of the trigger.
  s.rows.back().addAt = place.addAt;
  s.rows.back().bare = place.bare;
  out.push_back(std::move(one[0]));
}

}  // namespace reticle::model
