// What rules do; flows and tests do most of it too.
#include <algorithm>

#include "model/checker.h"
#include "model/suggest.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

std::vector<tree::Name> boundBy(const tree::Action& action) {
  switch (action.kind) {
    case Kind::Insert: case Kind::Let: case Kind::Step: case Kind::Find: case Kind::Wait: case Kind::WaitUntil: case Kind::Call: case Kind::Start:
      if (action.name) return {action.name};
      if (action.pattern && action.pattern->binding) return {action.pattern->binding};
      return {};
    case Kind::Parallel: {
      std::vector<tree::Name> names;
      for (const tree::Action& step : action.body) {
        for (const tree::Name& name : boundBy(step)) names.push_back(name);
      }
      return names;
    }
    default: return {};
  }
}

bool leavesHere(const Action& action) {
  switch (action.kind) {
    case Action::Kind::Fail: case Action::Kind::Return: case Action::Kind::Restart: return true;
    case Action::Kind::If: return leaves(action.body) && leaves(action.otherwise);
    default: return false;
  }
}

const char* keywordOf(const tree::Action& action) {
  switch (action.kind) {
    case Kind::Halt: return "halt";
    case Kind::Step: return "step";
    case Kind::Find: return "find";
    case Kind::Sleep: case Kind::SleepUntil: return "sleep";
    case Kind::Wait: case Kind::WaitUntil: return "wait";
    case Kind::Parallel: return "parallel";
    case Kind::Branch: return "branch";
    case Kind::Try: return "try";
    case Kind::Fail: return "fail";
    case Kind::Return: return "return";
    case Kind::Compensate: return "compensate";
    case Kind::Restart: return "restart";
    case Kind::Clock: return "clock";
    case Kind::Settle: return "settle";
    case Kind::Advance: return "advance";
    case Kind::Crash: return "crash";
    case Kind::Host: return "host";
    default: return "";
  }
}

}  // namespace

bool leaves(const std::vector<Action>& actions) { return std::any_of(actions.begin(), actions.end(), leavesHere); }

std::vector<Action> Checker::checkActions(const std::vector<tree::Action>& actions, Scope& s) {
  std::vector<Action> out;
  std::vector<std::vector<tree::Name>> bound;
  for (const tree::Action& action : actions) {
    bound.push_back(boundBy(action));
    for (const tree::Name& name : bound.back()) {
      if (!s.find(name.text)) s.absent.push_back({name.text, Absent::Why::Later, name.span, textOf(action), action.span});
    }
  }
  const tree::Action* leaving = nullptr;
  bool told = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const tree::Action& action = actions[i];
    if (leaving && !told) {
      told = true;
      Diagnostic& d = error("RL6004", action.span, action.kind == Kind::Step ? "this step can never be reached" : "this can never be reached");
      d.related.push_back({leaving->span, leaving->kind == Kind::If ? "the run leaves here, whatever holds" : "the run leaves here"});
      if (leaving->kind == Kind::Fail) {
        if (action.kind != Kind::Compensate || i + 1 < actions.size()) d.help.push_back("move it into `on failure`");
        const bool compensates = std::any_of(actions.begin() + static_cast<std::ptrdiff_t>(i), actions.end(), [](const tree::Action& a) { return a.kind == Kind::Compensate; });
        if (compensates) d.notes.push_back("`fail` runs the undo steps by itself; `compensate` is not needed");
      }
    }
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Later && std::any_of(bound[i].begin(), bound[i].end(), [&](const tree::Name& name) { return name.span == a.span; });
    });
    Action checked;
    checked.span = action.span;
    checked.text = textOf(action);
    const std::vector<Action> outer = std::move(following_);
    following_.clear();
    const auto known = index_.item(action.span, s);
    if (checkAction(action, checked, s)) {
      const bool left = leavesHere(checked);
      out.push_back(std::move(checked));
      for (Action& more : following_) out.push_back(std::move(more));
      if (left && !leaving) leaving = &action;
    } else {
      for (const tree::Name& name : bound[i]) {
        if (!s.find(name.text)) s.absent.push_back({name.text, Absent::Why::Broken, name.span, "", {}});
      }
    }
    following_ = outer;
  }
  return out;
}

bool Checker::allowedHere(const tree::Action& action, const Scope& s) {
  const Span at = action.keyword == Span{} ? action.span : action.keyword;
  using Place = Scope::Place;
  const bool flow = s.place == Place::Flow, test = s.place == Place::Test;
  const std::string word = quoted(keywordOf(action));
  switch (action.kind) {
    case Kind::Upsert: unsupported(at, "`upsert`", "ask with `not` in one rule and insert, ask for it in another and `set`"); return false;
    case Kind::Unset: unsupported(at, "`unset`", "a property declared with `?` can be set to null"); return false;
    case Kind::Signal: unsupported(at, "`signal`", "emit an event that the flow waits for"); return false;
    case Kind::Cancel: unsupported(at, "`cancel`", "emit an event that the flow waits for, and `return` there"); return false;
    case Kind::Focus: unsupported(at, "`focus`", "all groups are active; order rules with `salience`, or ask for a fact that says which phase it is"); return false;
    case Kind::Call:
      if (flow) error("RL6011", at, "a flow calls in a step").help.push_back("write " + quoted("step x = call " + action.target.text + "(…)"));
      else unsupported(at, "`call` in a rule", "start a flow with `start`, and call in one of its steps");
      return false;
    case Kind::WaitUntil: unsupported(at, "`wait until`", "wait for an event that a rule emits when the conditions hold"); return false;
    case Kind::Branch: unsupported(at, "`branch`", "inside `parallel` stand single steps"); return false;
    case Kind::Try: unsupported(at, "`try`", "`ignore errors` on a step makes its result null, `on failure` ends the flow"); return false;
    case Kind::Halt:
      if (!test) return true;
      error("RL6011", at, "`halt` belongs into a rule");
      return false;
    case Kind::Step: case Kind::Find: case Kind::Sleep: case Kind::SleepUntil: case Kind::Wait: case Kind::Parallel: case Kind::Fail: case Kind::Return:
    case Kind::Compensate: case Kind::Restart:
      if (flow) return true;
      if (wasUnread(action.span)) return false;
      if (test) {
        error("RL6011", at, word + " belongs into a flow").help.push_back(action.kind == Kind::Sleep || action.kind == Kind::Wait ? "a test lets time pass with `advance 10m`" : "a test starts a flow with `start Name(…)`");
      } else {
        Diagnostic& d = error("RL6011", at, word + " belongs into a flow");
        d.help.push_back("declare a `flow` and begin it here with `start Name(…)`");
        d.notes.push_back("a rule fires at once and as a whole; it cannot wait");
      }
      return false;
    case Kind::Clock: case Kind::Settle: case Kind::Advance: case Kind::Crash: case Kind::Host:
      if (test) return true;
      error("RL6011", at, word + " belongs into a test");
      return false;
    case Kind::Insert: case Kind::Set: case Kind::UpdateFields: case Kind::UpdateWith: case Kind::Retract: case Kind::Emit: case Kind::Start: case Kind::Log:
    case Kind::Let: case Kind::If: case Kind::For: return true;
  }
  return false;
}

bool Checker::checkAction(const tree::Action& action, Action& out, Scope& s) {
  if (!allowedHere(action, s)) return false;
  switch (action.kind) {
    case Kind::Insert: return checkInsert(action, out, s);
    case Kind::Set: return checkSet(action, out, s);
    case Kind::UpdateFields: case Kind::UpdateWith: return checkUpdate(action, out, s);
    case Kind::Retract: return checkRetract(action, out, s);
    case Kind::Emit: return checkEmit(action, out, s);
    case Kind::Start: return checkStart(action, out, s);
    case Kind::Log: {
      out.kind = Action::Kind::Log;
      out.level = action.level.empty() ? "info" : action.level;
      Expr text = action.value ? *action.value : Expr{};
      check(text, s);
      out.value = finish(std::move(text));
      return true;
    }
    case Kind::Let: {
      out.kind = Action::Kind::Let;
      Expr value = action.value ? *action.value : Expr{};
      const Type type = check(value, s);
      out.value = finish(std::move(value));
      out.name = action.name.text;
      out.local = bindLocal(s, action.name, type, "value", s.place == Scope::Place::Test);
      return true;
    }
    case Kind::If: return checkIf(action, out, s);
    case Kind::For: return checkFor(action, out, s);
    case Kind::Halt: out.kind = Action::Kind::Halt; return true;
    case Kind::Clock: case Kind::Settle: case Kind::Advance: case Kind::Crash: case Kind::Host: return checkDoing(action, out, s);
    default: return checkFlowAction(action, out, s);
  }
}

bool Checker::checkInsert(const tree::Action& action, Action& out, Scope& s) {
  out.kind = action.logical ? Action::Kind::InsertLogical : Action::Kind::Insert;
  if (action.logical && s.place != Scope::Place::Rule) {
    Diagnostic& d = error("RL6012", action.keyword == Span{} ? action.span : action.keyword, "`insert logical` belongs into a rule");
    d.notes.push_back("what it inserts stays while the rule's match holds, and here is no match");
    d.help.push_back("write `insert`");
  }
  if (!action.value) return false;
  bool good = false;
  out.fields = checkRecord(*action.value, FactKind::Fact, out.type, s, good);
  if (!good) return false;
  if (!action.name) return true;
  out.name = action.name.text;
  out.local = bindLocal(s, action.name, recordType(out.type), "fact", s.place == Scope::Place::Test);
  return true;
}

bool Checker::checkEmit(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Emit;
  if (!action.value) return false;
  bool good = false;
  out.fields = checkRecord(*action.value, FactKind::Event, out.type, s, good);
  if (action.to) {
    Expr to = *action.to;
    const Type type = check(to, s);
    if (!isPoison(type) && requireValue(to, s, "`to`", "a subject")) {
      const bool subject = type.kind == TypeKind::Record && typeOf(type.record).kind == FactKind::Subject;
      if (!subject && !isText(type) && !isAny(type)) {
        Diagnostic& d = error("RL2001", to.span, "`to` needs a subject or its name, not " + quoted(toText(type)));
        d.label = toText(type);
        if (type.kind == TypeKind::Record) d.related.push_back({typeOf(type.record).span, "declared as a " + std::string(typeOf(type.record).kind == FactKind::Fact ? "fact" : "event")});
      }
    }
    out.target = finish(std::move(to));
  }
  if (action.after) unsupported(action.after->span, "`emit … after`", "start a flow that sleeps and then emits");
  if (action.at) unsupported(action.at->span, "`emit … at`", "start a flow with `sleep until`, which then emits");
  if (action.replacing) unsupported(action.replacing->span, "`emit … replacing`");
  return good;
}

bool Checker::checkTarget(const tree::Name& name, const char* verb, Action& out, Scope& s) {
  if (!name) return false;
  Expr target;
  target.kind = ExprKind::Name;
  target.text = name.text;
  target.span = target.nameSpan = name.span;
  if (!s.find(name.text)) {
    if (reportAbsent(target, s)) return false;
    std::vector<std::string> names;
    for (const Binding& binding : s.bindings) {
      if (binding.type.kind == TypeKind::Record) names.push_back(binding.name);
    }
    Diagnostic& d = error("RL1004", name.span, "nothing is called " + quoted(name.text) + " here");
    const Symbol* symbol = lookup(name.text);
    if (symbol && symbol->kind == Symbol::Kind::Type) {
      d.help.push_back("bind the fact in a pattern, and write " + quoted(std::string(verb) + " x") + " for " + quoted("x: " + name.text));
    } else if (suggest(d, name.span, name.text, names).empty() && !names.empty()) {
      d.notes.push_back("facts bound here: " + listed(names));
    }
    return false;
  }
  const Type type = check(target, s);
  if (isPoison(type)) return false;
  if (type.kind != TypeKind::Record) {
    Diagnostic& d = error("RL2009", name.span, quoted(verb) + " changes a fact; " + quoted(name.text) + " is " + quoted(toText(type)));
    d.related.push_back({s.find(name.text)->span, "this " + std::string(s.find(name.text)->what)});
    return false;
  }
  if (type.optional) {
    reportOptional(target, s, quoted(verb) + " needs a fact");
    return false;
  }
  const FactType& fact = typeOf(type.record);
  if (fact.kind == FactKind::Event || fact.builtin) {
    Diagnostic& d = error("RL2009", name.span, fact.kind == FactKind::Event ? quoted(name.text) + " is an event: what has happened cannot be changed" : quoted(fact.name) + " is kept by the engine");
    if (fact.kind == FactKind::Event) d.notes.push_back("events are gone by themselves after the cycle in which they came");
    return false;
  }
  out.type = type.record;
  out.target = finish(std::move(target));
  return true;
}

bool Checker::fieldToSet(const tree::Name& name, Action& out, NamedExpression& field, Type& type) {
  const FactType& fact = typeOf(out.type);
  field.name = name.text;
  if (const auto found = declaredField(out.type, name.text)) {
    const Field& declared = fact.fields[index(*found)];
    index_.field(fact, *found, name.span, Use::Kind::Write);
    if (declared.key && fact.kind == FactKind::Subject) {
      Diagnostic& d = error("RL2009", name.span, quoted(name.text) + " makes the name of the subject and cannot be changed");
      d.related.push_back({declared.span, "declared `key`"});
      return false;
    }
    field.field = *found;
    type = declared.type;
    return true;
  }
  if (name.text == "meta" && fact.kind == FactKind::Subject) {
    error("RL2009", name.span, "`meta` is kept by the engine");
    return false;
  }
  if (const auto open = openField(out.type)) {
    field.field = *open;
    type = Type::of(TypeKind::Any);
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
    const std::string close = nearest(name.text, names);
    if (!close.empty() && !allows("RL1011")) {
      Diagnostic& d = warn("RL1011", name.span, quoted(name.text) + " is not declared in " + quoted(fact.name));
      d.label = "taken as an undeclared property";
      d.related.push_back({fact.span, "`open`: properties need not be declared"});
      d.help.push_back("did you mean " + quoted(close) + "?");
      d.fixes.push_back(replaceWith(name.span, name.text, close));
    }
    return true;
  }
  reportUnknownField(out.type, name.text, name.span);
  return false;
}

bool Checker::checkSet(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Set;
  if (action.path.empty()) return false;
  Expr value = action.value ? *action.value : Expr{};
  const auto look = [&] { check(value, s); };
  if (!checkTarget(action.path[0], "set", out, s)) {
    look();
    return false;
  }
  if (action.path.size() == 1) {
    look();
    Diagnostic& d = error("RL2009", action.path[0].span, "say which field of " + quoted(action.path[0].text) + " is set");
    d.help.push_back("write " + quoted("set " + action.path[0].text + ".field = …") + ", or for several " + quoted("update " + action.path[0].text + " {…}"));
    return false;
  }
  NamedExpression field;
  Type type;
  const bool known = fieldToSet(action.path[1], out, field, type);
  look();
  if (!known) return false;
  if (action.path.size() > 2) {
    unsupported(action.path[2].span, "setting a part of a property", "set the whole property to a new map");
    return false;
  }
  const Span declared = index(field.field) < typeOf(out.type).declared ? typeOf(out.type).fields[index(field.field)].span : Span{};
  coerce(value, type, {"the field " + quoted(field.name) + " of " + quoted(typeOf(out.type).name), declared}, s);
  field.value = finish(std::move(value));
  out.fields.push_back(std::move(field));
  return true;
}

bool Checker::checkUpdate(const tree::Action& action, Action& out, Scope& s) {
  out.kind = action.kind == Kind::UpdateWith ? Action::Kind::UpdateWith : Action::Kind::UpdateFields;
  const bool target = checkTarget(action.target, "update", out, s);
  if (action.kind == Kind::UpdateWith) {
    const std::optional<Expr>& written = action.with ? action.with : action.value;
    Expr value = written ? *written : Expr{};
    const Type type = check(value, s);
    if (!isPoison(type) && requireValue(value, s, "`update … with`", "a map") && !isAny(type) && type.kind != TypeKind::Map && type.kind != TypeKind::Row) {
      error("RL2001", value.span, "`update … with` needs a map, not " + quoted(toText(type))).label = toText(type);
    }
    out.value = finish(std::move(value));
    return target;
  }
  std::vector<std::string> given;
  for (const tree::Argument& argument : action.arguments) {
    Expr value = argument.value;
    check(value, s);
    if (!target) continue;
    if (std::find(given.begin(), given.end(), argument.name.text) != given.end()) {
      error("RL2006", argument.name.span, "the field " + quoted(argument.name.text) + " is given twice");
      continue;
    }
    given.push_back(argument.name.text);
    NamedExpression field;
    Type type;
    if (!fieldToSet(argument.name, out, field, type)) continue;
    const Span declared = index(field.field) < typeOf(out.type).declared ? typeOf(out.type).fields[index(field.field)].span : Span{};
    coerce(value, type, {"the field " + quoted(field.name) + " of " + quoted(typeOf(out.type).name), declared}, s);
    field.value = finish(std::move(value));
    out.fields.push_back(std::move(field));
  }
  return target;
}

bool Checker::checkRetract(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Retract;
  return checkTarget(action.target, "retract", out, s);
}

bool Checker::checkStart(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Start;
  if (!action.target) return false;
  const Symbol* symbol = lookup(action.target.text);
  if (!symbol || symbol->kind != Symbol::Kind::Flow) {
    Diagnostic& d = error("RL1005", action.target.span, "there is no flow called " + quoted(action.target.text));
    if (symbol && symbol->declaration) {
      d.related.push_back({symbol->declaration->head, "this is not a flow"});
      if (symbol->kind == Symbol::Kind::Host) d.help.push_back("host functions are called in the steps of a flow");
    } else {
      suggest(d, action.target.span, action.target.text, namesOf({Symbol::Kind::Flow}));
    }
    for (const tree::Argument& argument : action.arguments) {
      Expr value = argument.value;
      check(value, s);
    }
    return false;
  }
  index_.use(action.target, symbol->declaration->name.span);
  const Flow& flow = program_.flows[symbol->index];
  out.flow = flow.id;
  out.name = flow.name;
  const std::vector<Param> params = flow.params;
  out.arguments = namedArguments(action.arguments, params, symbol->declaration->params, action.target.span, "the flow " + quoted(flow.name), s);
  if (action.key) {
    Expr key = *action.key;
    const Type type = check(key, s);
    if (!isPoison(type) && requireValue(key, s, "the key of a run", "a value") && (type.kind == TypeKind::List || type.kind == TypeKind::Map || type.kind == TypeKind::Record)) {
      error("RL2001", key.span, "the key of a run is a text or a number, not " + quoted(toText(type))).label = toText(type);
    }
    out.key = finish(std::move(key));
  }
  if (action.name) {
    unsupported(action.name.span, "`start … as`", "a run is known by its key");
    return false;
  }
  return true;
}

bool Checker::checkIf(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::If;
  Expr test = action.value ? *action.value : Expr{};
  check(test, s);
  requireBool(test, s, "`if`");
  s.unsure = s.unsure || isPoison(test.type);
  const std::size_t known = s.known.size(), bindings = s.bindings.size();
  assume(test, true, s);
  out.body = checkActions(action.body, s);
  close(s, bindings, true);
  s.known.resize(known);
  assume(test, false, s);
  out.otherwise = checkActions(action.otherwise, s);
  close(s, bindings, true);
  s.known.resize(known);
  // After a branch that leaves the flow, the other one was taken.
  if (leaves(out.body)) assume(test, false, s);
  if (leaves(out.otherwise)) assume(test, true, s);
  out.value = finish(std::move(test));
  return true;
}

bool Checker::checkFor(const tree::Action& action, Action& out, Scope& s) {
  const std::size_t known = s.known.size(), bindings = s.bindings.size();
  const bool quiet = s.place == Scope::Place::Test;
  if (action.parallelFor) {
    unsupported(action.keyword == Span{} ? action.span : action.keyword, "`for … parallel`", "without `parallel` the elements take their turns");
    return false;
  }
  out.name = action.name.text;
  if (action.pattern) {
    out.kind = Action::Kind::ForFacts;
    if (s.place != Scope::Place::Flow) {
      Diagnostic& d = error("RL6011", action.span, "`for` over facts belongs into a flow");
      if (s.place == Scope::Place::Rule) d.help.push_back("bind the facts with a pattern in `when`: the rule fires for each of them");
      d.span = action.pattern->span;
      return false;
    }
    Pattern pattern;
    if (!checkPattern(*action.pattern, 0, pattern, s)) return false;
    out.type = pattern.type;
    out.pattern = std::move(pattern);
    out.local = bindLocal(s, action.name, recordType(out.type), "fact", quiet);
    // What the pattern asked of its candidate is known of the bound fact.
    const std::string row = "r0.", local = "l" + std::to_string(*out.local) + ".";
    for (std::size_t i = known; i < s.known.size(); ++i) {
      if (s.known[i].starts_with(row)) s.known[i] = local + s.known[i].substr(row.size());
    }
  } else {
    out.kind = Action::Kind::For;
    Expr list = action.value ? *action.value : Expr{};
    const Type type = check(list, s);
    Type element = Type::of(TypeKind::Poison);
    if (requireValue(list, s, "`for`", "a list")) {
      if (type.kind == TypeKind::List) {
        element = type.arguments[0];
      } else if (isAny(type)) {
        element = Type::of(TypeKind::Any);
      } else {
        Diagnostic& d = error("RL2017", list.span, "`for` walks a list; this is " + quoted(toText(type)));
        d.label = toText(type);
      }
    }
    out.value = finish(std::move(list));
    out.local = bindLocal(s, action.name, element, "element", quiet);
  }
  out.body = checkActions(action.body, s);
  close(s, bindings, true);
  s.known.resize(known);
  return true;
}

}  // namespace reticle::model
