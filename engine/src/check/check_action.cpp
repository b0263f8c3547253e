// What rules do; flows and tests do most of it too.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

bool leavesHere(const Action& action) {
  switch (action.kind) {
    case Action::Kind::Fail:
    case Action::Kind::Return:
    case Action::Kind::Restart: return true;
    case Action::Kind::If:
    case Action::Kind::Try: return leaves(action.body) && leaves(action.otherwise);
    default: return false;
  }
}

const char* keywordOf(const tree::Action& action) {
  switch (action.kind) {
    case Kind::Call: return "call";
    case Kind::Focus: return "focus";
    case Kind::Halt: return "halt";
    case Kind::Step: return "step";
    case Kind::Find: return "find";
    case Kind::Sleep:
    case Kind::SleepUntil: return "sleep";
    case Kind::Wait:
    case Kind::WaitUntil: return "wait";
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

std::vector<tree::Name> namesBoundBy(const tree::Action& action) {
  const auto ofAll = [](const std::vector<tree::Action>& actions) {
    std::vector<tree::Name> names;
    for (const tree::Action& part : actions) {
      for (const tree::Name& name : namesBoundBy(part)) names.push_back(name);
    }
    return names;
  };
  switch (action.kind) {
    case Kind::Insert:
    case Kind::Let:
    case Kind::Step:
    case Kind::Find:
    case Kind::Wait:
    case Kind::Call:
    case Kind::Start:
      if (action.name) return {action.name};
      if (action.pattern && action.pattern->binding) return {action.pattern->binding};
      return {};
    case Kind::WaitUntil: {
      std::vector<tree::Name> names;
      if (action.name) names.push_back(action.name);
      for (const tree::Condition& condition : action.conditions) {
        if (condition.kind == tree::Condition::Kind::Pattern && condition.pattern &&
            condition.pattern->binding) {
          names.push_back(condition.pattern->binding);
        }
        if (condition.name) names.push_back(condition.name);
        for (const tree::AccumulateFunction& f : condition.functions) names.push_back(f.result);
        for (const tree::GroupKey& key : condition.groupBy) names.push_back(key.name);
      }
      return names;
    }
    case Kind::Parallel:
    case Kind::Branch: return ofAll(action.body);
    // Known behind the block when both ways through it bind them, or the other one leaves.
    case Kind::If:
    case Kind::Try: {
      std::vector<tree::Name> names = ofAll(action.body);
      for (const tree::Name& name : ofAll(action.otherwise)) names.push_back(name);
      return names;
    }
    default: return {};
  }
}

bool leaves(const std::vector<Action>& actions) {
  return std::any_of(actions.begin(), actions.end(), leavesHere);
}

std::vector<Action> Checker::checkActions(const std::vector<tree::Action>& actions, Scope& s) {
  std::vector<Action> out;
  std::vector<std::vector<tree::Name>> bound;
  for (const tree::Action& action : actions) {
    bound.push_back(namesBoundBy(action));
    // A name that a block binds was told apart inside of it.
    if (action.kind == Kind::If || action.kind == Kind::Try) bound.back().clear();
    for (const tree::Name& name : bound.back()) {
      if (!s.find(name.text)) {
        s.absent.push_back({name.text, Absent::Why::Later, name.span, textOf(action), action.span});
      }
    }
  }
  const tree::Action* leaving = nullptr;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const tree::Action& action = actions[i];
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Later &&
             std::any_of(bound[i].begin(), bound[i].end(),
                         [&](const tree::Name& name) { return name.span == a.span; });
    });
    Action checked;
    checked.span = action.span;
    checked.text = textOf(action);
    const auto known = index_.item(action.span, s);
    if (checkAction(action, checked, s)) {
      const bool left = leavesHere(checked);
      out.push_back(std::move(checked));
      if (!left || leaving) continue;
      leaving = &action;
      if (i + 1 < actions.size()) {
        reportUnreachable(action,
                          {actions.begin() + static_cast<std::ptrdiff_t>(i) + 1, actions.end()}, s);
      }
    } else {
      for (const tree::Name& name : bound[i]) {
        if (!s.find(name.text)) {
          s.absent.push_back({name.text, Absent::Why::Broken, name.span, "", {}});
        }
      }
    }
  }
  return out;
}

bool Checker::allowedHere(const tree::Action& action, const Scope& s) {
  const Span at = action.keyword == Span{} ? action.span : action.keyword;
  using Place = Scope::Place;
  const bool flow = s.place == Place::Flow, test = s.place == Place::Test;
  const std::string word = quoted(keywordOf(action));
  switch (action.kind) {
    case Kind::Call:
      if (!flow) return true;
      error("RL6011", at, "a flow calls in a step")
          .help.push_back("write " + quoted("step x = call " + action.target.text + "(…)"));
      return false;
    case Kind::Branch:
      if (wasUnread(action.span)) return false;
      error("RL6011", at, "`branch` belongs into `parallel`")
          .help.push_back("write " +
                          quoted("parallel { branch " + action.name.text + " { … } … }"));
      return false;
    case Kind::Halt:
      if (!test) return true;
      error("RL6011", at, "`halt` belongs into a rule");
      return false;
    case Kind::Step:
    case Kind::Find:
    case Kind::Sleep:
    case Kind::SleepUntil:
    case Kind::Wait:
    case Kind::WaitUntil:
    case Kind::Parallel:
    case Kind::Try:
    case Kind::Fail:
    case Kind::Return:
    case Kind::Compensate:
    case Kind::Restart:
      if (flow) return true;
      if (wasUnread(action.span)) return false;
      if (test) {
        error("RL6011", at, word + " belongs into a flow")
            .help.push_back(action.kind == Kind::Sleep || action.kind == Kind::Wait ||
                                    action.kind == Kind::WaitUntil
                                ? "a test lets time pass with `advance 10m`"
                                : "a test starts a flow with `start Name(…)`");
      } else {
        Diagnostic& d = error("RL6011", at, word + " belongs into a flow");
        d.help.push_back("declare a `flow` and begin it here with `start Name(…)`");
        d.notes.push_back("a rule fires at once and as a whole; it cannot wait");
      }
      return false;
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Host:
      if (test) return true;
      error("RL6011", at, word + " belongs into a test");
      return false;
    case Kind::Insert:
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateFields:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Start:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::Log:
    case Kind::Let:
    case Kind::If:
    case Kind::For:
    case Kind::Focus: return true;
  }
  return false;
}

bool Checker::checkAction(const tree::Action& action, Action& out, Scope& s) {
  if (!allowedHere(action, s)) return false;
  switch (action.kind) {
    case Kind::Insert: return checkInsert(action, out, s);
    case Kind::Upsert: return checkUpsert(action, out, s);
    case Kind::Set: return checkSet(action, out, s);
    case Kind::Unset: return checkUnset(action, out, s);
    case Kind::UpdateFields:
    case Kind::UpdateWith: return checkUpdate(action, out, s);
    case Kind::Retract: return checkRetract(action, out, s);
    case Kind::Emit: return checkEmit(action, out, s);
    case Kind::Call: return checkCallAction(action, out, s);
    case Kind::Start: return checkStart(action, out, s);
    case Kind::Signal: return checkSignal(action, out, s);
    case Kind::Cancel: return checkCancel(action, out, s);
    case Kind::Focus: return checkFocus(action, out, s);
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
      out.local = bindResult(s, action.name, type, "value", s.place == Scope::Place::Test);
      return true;
    }
    case Kind::If: return checkIf(action, out, s);
    case Kind::For: return checkFor(action, out, s);
    case Kind::Halt: out.kind = Action::Kind::Halt; return true;
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Host: return checkDoing(action, out, s);
    default: return checkFlowAction(action, out, s);
  }
}

// What names a run or a pending event: a text or a number.
Expression Checker::checkKey(const Expr& written, const std::string& what, Scope& s) {
  Expr key = written;
  const Type type = check(key, s);
  if (!isPoison(type) && requireValue(key, s, what, "a value") &&
      (type.kind == TypeKind::List || type.kind == TypeKind::Map ||
       type.kind == TypeKind::Record)) {
    error("RL2001", key.span, what + " is a text or a number, not " + quoted(toText(type))).label =
        toText(type);
  }
  return finish(std::move(key));
}

const Flow* Checker::resolveFlow(const tree::Name& name, const Symbol** found) {
  if (!name) return nullptr;
  const Symbol* symbol = lookup(name.text);
  if (symbol && symbol->kind == Symbol::Kind::Flow) {
    index_.use(name, symbol->declaration->name.span);
    *found = symbol;
    return &program_.flows[symbol->index];
  }
  Diagnostic& d = error("RL1005", name.span, "there is no flow called " + quoted(name.text));
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->head, "this is not a flow"});
    if (symbol->kind == Symbol::Kind::Host) {
      d.help.push_back("host functions are called in the steps of a flow");
    }
  } else {
    suggest(d, name.span, name.text, namesOf({Symbol::Kind::Flow}));
  }
  return nullptr;
}

// Arguments of something that is not known: their own mistakes are told all the same.
void Checker::lookAt(const std::vector<tree::Argument>& arguments, Scope& s) {
  for (const tree::Argument& argument : arguments) {
    Expr value = argument.value;
    check(value, s);
  }
}

// `call` outside of a flow: a request that leaves when the firing is committed.
bool Checker::checkCallAction(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Call;
  const tree::Declaration* declaration = nullptr;
  const Host* host = resolveHost(action.target, &declaration);
  if (!host) {
    lookAt(action.arguments, s);
    return false;
  }
  out.function = host->id;
  out.name = host->name;
  const bool pure = host->pure;
  const std::vector<Param> params = host->params;
  out.arguments = namedArguments(action.arguments, params, declaration->params, action.target.span,
                                 quoted(action.target.text), s);
  if (action.name) {
    Diagnostic& d =
        error("RL6013", action.name.span,
              "a `call` in a " + std::string(s.place == Scope::Place::Test ? "test" : "rule") +
                  " has no result to name");
    d.notes.push_back("it is sent when the firing is over, and answered later");
    d.help.push_back("start a flow, whose steps have results: " +
                     quoted("step " + action.name.text + " = call " + action.target.text + "(…)"));
    return false;
  }
  if (pure) {
    Diagnostic& d = error(
        "RL2009", action.target.span,
        quoted(action.target.text) + " is pure: it only answers, and nobody reads the answer here");
    d.related.push_back({declaration->name.span, "declared `pure`"});
    d.help.push_back("use it in an expression: " + quoted("let x = " + action.target.text + "(…)"));
    return false;
  }
  unsupported(action.keyword == Span{} ? action.span : action.keyword, "`call` in a rule",
              "start a flow with `start`, and call in one of its steps");
  return true;
}

bool Checker::checkStart(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Start;
  if (!action.target) return false;
  const Symbol* symbol = nullptr;
  const Flow* flow = resolveFlow(action.target, &symbol);
  if (!flow) {
    lookAt(action.arguments, s);
    return false;
  }
  out.flow = flow->id;
  out.name = flow->name;
  const std::vector<Param> params = flow->params;
  out.arguments = namedArguments(action.arguments, params, symbol->declaration->params,
                                 action.target.span, "the flow " + quoted(flow->name), s);
  if (action.key) out.key = checkKey(*action.key, "the key of a run", s);
  if (action.name) {
    out.local = bindResult(s, action.name, Type::of(TypeKind::String), "key of the run",
                           s.place == Scope::Place::Test);
    unsupported(action.name.span, "`start … as`", "a run is known by its key");
  }
  return true;
}

bool Checker::checkSignal(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Signal;
  const Symbol* symbol = nullptr;
  const Flow* flow = resolveFlow(action.target, &symbol);
  if (flow) {
    out.flow = flow->id;
    out.name = flow->name;
  }
  if (action.key) out.key = checkKey(*action.key, "the key of a run", s);
  if (!action.with) return false;
  bool good = false;
  out.fields = checkRecord(*action.with, FactKind::Event, "signal", out.type, s, good);
  if (!flow || !good) return false;
  signals_.push_back({out.flow, out.type,
                      action.with->nameSpan == Span{} ? action.with->span : action.with->nameSpan,
                      rule_});
  unsupported(action.keyword == Span{} ? action.span : action.keyword, "`signal`",
              "emit an event that the flow waits for");
  return true;
}

bool Checker::checkCancel(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Cancel;
  const Symbol* symbol = nullptr;
  const Flow* flow = resolveFlow(action.target, &symbol);
  if (action.key) out.key = checkKey(*action.key, "the key of a run", s);
  if (!flow) return false;
  out.flow = flow->id;
  out.name = flow->name;
  unsupported(action.keyword == Span{} ? action.span : action.keyword, "`cancel`",
              "emit an event that the flow waits for, and `return` there");
  return true;
}

bool Checker::checkFocus(const tree::Action& action, Action& out, Scope&) {
  out.kind = Action::Kind::Focus;
  out.name = action.name.text;
  if (!action.name) return false;
  std::vector<std::string> groups;
  for (const tree::Module& module : modules_) {
    for (const tree::Declaration& declaration : module.declarations) {
      if (declaration.kind != tree::Declaration::Kind::Rule || !declaration.group) continue;
      if (declaration.group.text == out.name &&
          std::find(groups.begin(), groups.end(), out.name) == groups.end()) {
        index_.use(action.name, declaration.group.span);
      }
      groups.push_back(declaration.group.text);
    }
  }
  if (std::find(groups.begin(), groups.end(), out.name) == groups.end()) {
    Diagnostic& d =
        error("RL1005", action.name.span, "no rule is in a group called " + quoted(out.name));
    if (suggest(d, action.name.span, out.name, groups).empty()) {
      d.help.push_back("put the rules that it switches on into it: " +
                       quoted("rule … group " + out.name));
    }
    return false;
  }
  return true;
}

// A local for a name that an action binds. A name that both ways through a block bind has one place
// for both, see `keepCommon`.
std::uint32_t Checker::bindResult(Scope& s, const tree::Name& name, Type type, const char* what,
                                  bool quiet) {
  const std::size_t before = s.bindings.size();
  const std::uint32_t local = bindLocal(s, name, std::move(type), what, quiet);
  const auto twin = std::find_if(s.shared.begin(), s.shared.end(),
                                 [&](const Binding& other) { return other.name == name.text; });
  if (twin == s.shared.end() || s.bindings.size() == before) return local;
  s.bindings.back().ref = twin->ref;
  return twin->ref.row;
}

// Ends the life of what a block has bound, and hands it over: whether it is there behind the block,
// the other way through decides.
std::vector<Binding> Checker::takeBound(Scope& s, std::size_t mark) {
  std::vector<Binding> bound(s.bindings.begin() + static_cast<std::ptrdiff_t>(mark),
                             s.bindings.end());
  s.bindings.resize(mark);
  for (const Binding& binding : bound) {
    s.absent.push_back({binding.name, Absent::Why::Left, binding.span, "", {}});
  }
  return bound;
}

// After two ways of which one was taken: what both have bound is there, and all that a way has
// bound when the other one left.
void Checker::keepCommon(std::vector<Binding> first, bool firstLeaves, std::vector<Binding> second,
                         bool secondLeaves, Scope& s) {
  const auto drop = [&](const Binding& binding) {
    if (!binding.used && !binding.quiet && !isPoison(binding.type)) warnUnused(binding);
  };
  const auto keep = [&](Binding binding) {
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Left && a.name == binding.name && a.span == binding.span;
    });
    bind(s, std::move(binding));
  };
  for (Binding& binding : first) {
    const auto twin = std::find_if(second.begin(), second.end(), [&](const Binding& other) {
      return other.name == binding.name;
    });
    const bool common = twin != second.end() && binding.type.required() == twin->type.required() &&
                        binding.ref.row == twin->ref.row;
    if (secondLeaves && !firstLeaves) {
      keep(std::move(binding));
    } else if (common && !firstLeaves) {
      binding.used = binding.used || twin->used;
      binding.type.optional = binding.type.optional || twin->type.optional;
      twin->used = true;
      index_.join(binding, *twin);
      keep(std::move(binding));
    } else {
      drop(binding);
    }
  }
  for (Binding& binding : second) {
    if (firstLeaves && !secondLeaves) {
      keep(std::move(binding));
    } else {
      drop(binding);
    }
  }
}

bool Checker::checkIf(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::If;
  Expr test = action.value ? *action.value : Expr{};
  check(test, s);
  requireBool(test, s, "`if`");
  s.unsure = s.unsure || isPoison(test.type);
  const std::size_t known = s.known.size(), bindings = s.bindings.size(), shared = s.shared.size();
  assume(test, true, s);
  out.body = checkActions(action.body, s);
  std::vector<Binding> body = takeBound(s, bindings);
  s.known.resize(known);
  assume(test, false, s);
  for (const Binding& binding : body) s.shared.push_back(binding);
  out.otherwise = checkActions(action.otherwise, s);
  s.shared.resize(shared);
  std::vector<Binding> otherwise = takeBound(s, bindings);
  s.known.resize(known);
  const bool bodyLeaves = leaves(out.body), otherwiseLeaves = leaves(out.otherwise);
  keepCommon(std::move(body), bodyLeaves, std::move(otherwise), otherwiseLeaves, s);
  // After a branch that leaves the flow, the other one was taken.
  if (bodyLeaves) assume(test, false, s);
  if (otherwiseLeaves) assume(test, true, s);
  warnConstant(action, test);
  out.value = finish(std::move(test));
  return true;
}

bool Checker::checkFor(const tree::Action& action, Action& out, Scope& s) {
  const std::size_t known = s.known.size(), bindings = s.bindings.size();
  const bool quiet = s.place == Scope::Place::Test;
  out.atOnce = action.parallelFor;
  out.count = action.count;
  if (action.parallelFor) {
    const Span at = action.keyword == Span{} ? action.span : action.keyword;
    if (action.count == 0) {
      error("RL2009", at, "with `max 0` this `for` begins nothing")
          .help.push_back(
              "say how many elements run at the same time: `parallel max 4`, or `parallel` for all "
              "of them");
    }
    unsupported(at, "`for … parallel`", "without `parallel` the elements take their turns");
  }
  out.name = action.name.text;
  if (action.pattern) {
    out.kind = Action::Kind::ForFacts;
    if (s.place != Scope::Place::Flow) {
      Diagnostic& d = error("RL6011", action.span, "`for` over facts belongs into a flow");
      if (s.place == Scope::Place::Rule) {
        d.help.push_back(
            "bind the facts with a pattern in `when`: the rule fires for each of them");
      }
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
        Diagnostic& d =
            error("RL2017", list.span, "`for` walks a list; this is " + quoted(toText(type)));
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
