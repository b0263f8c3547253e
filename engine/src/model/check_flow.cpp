// Flows: their steps, what they wait for, and what happens when something fails.
#include <algorithm>

#include "model/checker.h"
#include "model/suggest.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

// Locals that the actions can bind: at most one each.
std::uint32_t countLocals(const std::vector<tree::Action>& actions) {
  std::uint32_t count = 0;
  for (const tree::Action& action : actions) count += 1 + countLocals(action.body) + countLocals(action.otherwise);
  return count;
}

Retry::Backoff backoffOf(tree::Retry::Backoff backoff) {
  switch (backoff) {
    case tree::Retry::Backoff::None: return Retry::Backoff::None;
    case tree::Retry::Backoff::Constant: return Retry::Backoff::Constant;
    case tree::Retry::Backoff::Linear: return Retry::Backoff::Linear;
    case tree::Retry::Backoff::Exponential: return Retry::Backoff::Exponential;
  }
  return Retry::Backoff::None;
}

Type failureType() { return mapOf(Type::of(TypeKind::String), Type::of(TypeKind::Any)); }

}  // namespace

void Checker::checkFlow(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;
  flow_ = found->second;
  const std::size_t errorsBefore = errors_, saidBefore = diagnostics_.size();
  Scope s;
  s.place = Scope::Place::Flow;
  bindParams(declaration.params, program_.flows[flow_].params, s, true);
  std::uint32_t locals = s.locals + countLocals(declaration.then);
  for (const tree::Handler& handler : declaration.handlers) locals += 1 + countLocals(handler.body);
  // The last local is `err` of the retry conditions.
  s.retryError = locals;
  Flow flow = program_.flows[flow_];
  flow.locals = locals + 1;
  if (declaration.key) {
    Expr key = *declaration.key;
    const Type type = check(key, s);
    if (!isPoison(type) && requireValue(key, s, "the key of a run", "a value") && (type.kind == TypeKind::List || type.kind == TypeKind::Map || type.kind == TypeKind::Record)) {
      error("RL2001", key.span, "the key of a run is a text or a number, not " + quoted(toText(type))).label = toText(type);
    }
    flow.key = finish(std::move(key));
  }
  if (declaration.timeout) flow.timeout = declaration.timeout->value;
  if (declaration.version) unsupported(declaration.name.span, "`version`", "a flow without it goes on as it was written when the program was opened");
  flow.retry = checkRetry(declaration.retry, s);
  const std::size_t params = s.bindings.size();
  flow.steps = checkActions(declaration.then, s);
  close(s, params, true);
  s.known.clear();
  for (Absent& absent : s.absent) {
    if (absent.why == Absent::Why::Left) absent.why = Absent::Why::Unmade;
  }
  for (const tree::Handler& handler : declaration.handlers) {
    if (handler.on != "failure") {
      unsupported(handler.span, "`on " + handler.on + "`", "`on failure` also sees a run whose time is up: `err.reason` tells");
      continue;
    }
    Flow::Handler checked;
    checked.on = handler.on;
    const bool twice = std::any_of(flow.handlers.begin(), flow.handlers.end(), [&](const Flow::Handler& h) { return h.on == handler.on; });
    if (twice) error("RL1007", handler.span, "there are two `on " + handler.on + "`");
    if (handler.error) checked.error = bindLocal(s, handler.error, failureType(), "failure", true);
    if (handler.error) index_.after(handler.error.span, s);
    checked.steps = checkActions(handler.body, s);
    close(s, params, true);
    s.known.clear();
    flow.handlers.push_back(std::move(checked));
  }
  close(s, 0);
  if (errors_ > errorsBefore || wasUnread(declaration.span)) {
    const auto unused = [](const Diagnostic& d) { return d.code == "RL3002"; };
    diagnostics_.erase(std::remove_if(diagnostics_.begin() + static_cast<std::ptrdiff_t>(saidBefore), diagnostics_.end(), unused), diagnostics_.end());
  }
  program_.flows[flow_] = std::move(flow);
}

bool Checker::checkFlowAction(const tree::Action& action, Action& out, Scope& s) {
  const auto valueOf = [&](Type& type) {
    Expr value = action.value ? *action.value : Expr{};
    type = check(value, s);
    return value;
  };
  Type type;
  switch (action.kind) {
    case Kind::Step: return checkStep(action, out, s);
    case Kind::Parallel: return checkParallel(action, out, s);
    case Kind::Wait: return checkWait(action, out, s);
    case Kind::Find: {
      out.kind = Action::Kind::Find;
      const std::size_t known = s.known.size();
      Pattern pattern;
      if (!action.pattern || !checkPattern(*action.pattern, 0, pattern, s)) return false;
      s.known.resize(known);
      out.type = pattern.type;
      out.pattern = std::move(pattern);
      out.name = action.name.text;
      out.local = bindLocal(s, action.name, recordType(out.type).asOptional(), "fact");
      return true;
    }
    case Kind::Sleep: case Kind::SleepUntil: {
      const bool until = action.kind == Kind::SleepUntil;
      out.kind = until ? Action::Kind::SleepUntil : Action::Kind::Sleep;
      Expr value = valueOf(type);
      coerce(value, Type::of(until ? TypeKind::Timestamp : TypeKind::Duration), {until ? "`sleep until`" : "`sleep`", {}}, s);
      out.value = finish(std::move(value));
      return true;
    }
    case Kind::Fail:
      out.kind = Action::Kind::Fail;
      out.value = finish(valueOf(type));
      return true;
    case Kind::Return: {
      out.kind = Action::Kind::Return;
      const std::optional<Type> result = program_.flows[flow_].result;
      const Span at = action.keyword == Span{} ? action.span : action.keyword;
      if (!action.value) {
        if (result && !result->optional) error("RL2001", at, "this flow gives a " + quoted(toText(*result)) + "; say which");
        return true;
      }
      Expr value = valueOf(type);
      if (result) {
        coerce(value, *result, {"the result of " + quoted(program_.flows[flow_].name), {}}, s);
      } else if (!isPoison(type)) {
        Diagnostic& d = error("RL2001", value.span, "this flow gives nothing");
        d.related.push_back({program_.flows[flow_].span, "declared without a result"});
        d.help.push_back("declare it with " + quoted("-> " + toText(type)));
      }
      out.value = finish(std::move(value));
      return true;
    }
    case Kind::Compensate: out.kind = Action::Kind::Compensate; return true;
    case Kind::Restart: {
      out.kind = Action::Kind::Restart;
      const tree::Declaration* declaration = nullptr;
      for (const auto& [written, index] : indexes_) {
        if (written->kind == tree::Declaration::Kind::Flow && index == flow_) declaration = written;
      }
      const std::vector<Param> params = program_.flows[flow_].params;
      const Span at = action.keyword == Span{} ? action.span : action.keyword;
      out.arguments = namedArguments(action.arguments, params, declaration ? declaration->params : std::vector<tree::Field>{}, at, "`restart`", s);
      return true;
    }
    default: return false;
  }
}

const Host* Checker::resolveHost(const tree::Name& name, const tree::Declaration** declaration) {
  if (!name) return nullptr;
  const Symbol* symbol = lookup(name.text);
  if (symbol && symbol->kind == Symbol::Kind::Host) {
    index_.use(name, symbol->declaration->name.span);
    *declaration = symbol->declaration;
    return &program_.hosts[symbol->index];
  }
  Diagnostic& d = error("RL1003", name.span, "there is no host function called " + quoted(name.text));
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->head, "this is not a host function"});
    if (symbol->kind == Symbol::Kind::Function) d.help.push_back("a function is used in an expression: " + quoted("let x = " + name.text + "(…)"));
    return nullptr;
  }
  if (suggest(d, name.span, name.text, namesOf({Symbol::Kind::Host})).empty()) d.help.push_back("declare it: " + quoted("host function " + name.text + "(…)"));
  return nullptr;
}

std::optional<Retry> Checker::checkRetry(const std::optional<tree::Retry>& retry, Scope& s) {
  if (!retry) return std::nullopt;
  Retry out;
  out.forever = retry->forever;
  out.times = retry->times;
  out.backoff = backoffOf(retry->backoff);
  out.delay = retry->delay;
  out.max = retry->max;
  out.jitter = retry->jitter;
  if (retry->max != 0 && retry->max < retry->delay) {
    error("RL2009", retry->span, "the longest delay of this retry is shorter than the first").help.push_back("write " + quoted(durationText(retry->max) + ".." + durationText(retry->delay)));
  }
  if (retry->condition) {
    Binding err;
    err.name = "err";
    err.type = failureType();
    err.ref = {Ref::Kind::Local, s.retryError, {}};
    err.span = retry->span;
    err.what = "failure";
    err.quiet = true;
    bind(s, std::move(err));
    index_.within(retry->condition->span, s);
    Expr condition = *retry->condition;
    check(condition, s);
    requireBool(condition, s, "the condition of `retry`");
    s.bindings.pop_back();
    out.condition = finish(std::move(condition));
  }
  return out;
}

void Checker::checkAfter(const tree::Action& step, Scope& s) {
  std::vector<std::string> steps;
  for (const Binding& binding : s.bindings) {
    if (std::string_view(binding.what) == "step") steps.push_back(binding.name);
  }
  for (const tree::Name& name : step.afterSteps) {
    Binding* found = s.find(name.text);
    if (found && std::string_view(found->what) == "step") {
      found->used = true;
      index_.use(*found, name.span);
      continue;
    }
    const auto absent = std::find_if(s.absent.begin(), s.absent.end(), [&](const Absent& a) { return a.name == name.text; });
    if (absent != s.absent.end()) {
      if (absent->why == Absent::Why::Broken) continue;
      Diagnostic& d = error("RL6006", name.span, quoted(step.name.text) + " cannot come after " + quoted(name.text));
      d.related.push_back({absent->span, absent->why == Absent::Why::Left ? "a step inside a block that has ended" : "this step is further down"});
      continue;
    }
    Diagnostic& d = error("RL1005", name.span, "there is no step called " + quoted(name.text));
    suggest(d, name.span, name.text, steps);
  }
}

bool Checker::checkStep(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Step;
  out.name = action.name.text;
  checkAfter(action, s);
  if (action.run) {
    unsupported(action.keyword == Span{} ? action.span : action.keyword, "`step … = run`", "start the flow with `start` and wait for an event that it emits");
    return false;
  }
  const tree::Declaration* declaration = nullptr;
  const Host* host = resolveHost(action.target, &declaration);
  if (!host) {
    for (const tree::Argument& argument : action.arguments) {
      Expr value = argument.value;
      check(value, s);
    }
    return false;
  }
  out.function = host->id;
  Type result = host->result.value_or(Type::of(TypeKind::Null));
  if (action.ignoreErrors && result.kind != TypeKind::Null && result.kind != TypeKind::Any) result.optional = true;
  const std::vector<Param> params = host->params;
  out.arguments = namedArguments(action.arguments, params, declaration->params, action.target.span, quoted(action.target.text), s);
  out.retry = checkRetry(action.retry, s);
  if (action.timeout) out.timeout = action.timeout->value;
  out.ignoreErrors = action.ignoreErrors;
  // Within one block a step has its name to itself: the journal knows it by that.
  const Binding* same = s.find(action.name.text);
  if (same && std::string_view(same->what) == "step") {
    error("RL6007", action.name.span, "there are two steps called " + quoted(action.name.text)).related.push_back({same->span, "the first one"});
    return false;
  }
  out.local = bindLocal(s, action.name, result, "step", true);
  if (action.undoFunction) {
    out.undoAlways = action.always;
    if (action.always) unsupported(action.undoFunction.span, "`undo always`", "`undo` runs when the step has succeeded and the run fails");
    const tree::Declaration* undoDeclaration = nullptr;
    if (const Host* undo = resolveHost(action.undoFunction, &undoDeclaration)) {
      out.undoFunction = undo->id;
      const std::vector<Param> undoParams = undo->params;
      out.undoArguments = namedArguments(action.undoArguments, undoParams, undoDeclaration->params, action.undoFunction.span, quoted(action.undoFunction.text), s);
    }
  }
  return true;
}

// Steps that run at the same time. Those that come `after` others of the same block are carried out in a further parallel behind it.
bool Checker::checkParallel(const tree::Action& action, Action& out, Scope& s) {
  if (action.first) {
    unsupported(action.keyword == Span{} ? action.span : action.keyword, "`parallel first`", "`parallel` waits for all of its steps");
    return false;
  }
  std::vector<const tree::Action*> steps;
  for (const tree::Action& step : action.body) {
    if (step.kind == Kind::Step) steps.push_back(&step);
    else unsupported(step.keyword == Span{} ? step.span : step.keyword, "anything but a step inside `parallel`", "put it before or after the `parallel`");
  }
  const auto sibling = [&](const std::string& name) -> const tree::Action* {
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const tree::Action* step) { return step->name.text == name; });
    return found == steps.end() ? nullptr : *found;
  };
  out.kind = Action::Kind::Parallel;
  std::vector<const tree::Action*> waiting = steps, done;
  Action* layer = &out;
  while (!waiting.empty()) {
    std::vector<const tree::Action*> ready, later;
    for (const tree::Action* step : waiting) {
      const bool free = std::none_of(step->afterSteps.begin(), step->afterSteps.end(), [&](const tree::Name& name) {
        const tree::Action* before = sibling(name.text);
        return before && std::find(done.begin(), done.end(), before) == done.end();
      });
      (free ? ready : later).push_back(step);
    }
    if (ready.empty()) {
      std::vector<std::string> names;
      for (const tree::Action* step : waiting) names.push_back(quoted(step->name.text));
      Diagnostic& d = error("RL6006", waiting[0]->name.span, "these steps wait for each other: " + listed(names));
      for (std::size_t i = 1; i < waiting.size(); ++i) d.related.push_back({waiting[i]->name.span, "waits too"});
      return false;
    }
    // Each step of the layer is read as if it were alone; the names of the others are known, but not their values.
    std::vector<Binding> made;
    for (const tree::Action* step : ready) {
      const std::size_t mark = s.bindings.size(), absent = s.absent.size();
      for (const tree::Action* other : steps) {
        const bool over = std::find(done.begin(), done.end(), other) != done.end();
        const Span at{step->name.span.file, step->name.span.end, step->name.span.end};
        if (other != step && !over) s.absent.push_back({other->name.text, Absent::Why::Sibling, other->name.span, "", at});
      }
      Action checked;
      checked.span = step->span;
      checked.text = textOf(*step);
      const auto twin = std::find_if(made.begin(), made.end(), [&](const Binding& b) { return b.name == step->name.text; });
      if (twin != made.end()) {
        error("RL6007", step->name.span, "there are two steps called " + quoted(step->name.text)).related.push_back({twin->span, "the first one"});
      } else if (checkStep(*step, checked, s)) {
        layer->body.push_back(std::move(checked));
      }
      s.absent.resize(absent);
      if (s.bindings.size() == mark) s.absent.push_back({step->name.text, Absent::Why::Broken, step->name.span, "", {}});
      for (std::size_t i = mark; i < s.bindings.size(); ++i) made.push_back(s.bindings[i]);
      s.bindings.resize(mark);
    }
    for (Binding& binding : made) s.bindings.push_back(std::move(binding));
    done.insert(done.end(), ready.begin(), ready.end());
    waiting = std::move(later);
    if (waiting.empty()) break;
    Action next;
    next.kind = Action::Kind::Parallel;
    next.span = out.span;
    next.text = out.text;
    following_.push_back(std::move(next));
    layer = &following_.back();
  }
  return true;
}

bool Checker::checkWait(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Wait;
  const std::size_t known = s.known.size();
  Pattern pattern;
  if (!action.pattern || !checkPattern(*action.pattern, 0, pattern, s)) return false;
  s.known.resize(known);
  const FactType& type = typeOf(pattern.type);
  if (type.kind != FactKind::Event) {
    Diagnostic& d = error("RL2009", action.pattern->type.span, "`wait` waits for an event; " + quoted(type.name) + " is a " + (type.kind == FactKind::Fact ? "fact" : "subject"));
    if (!type.builtin) d.related.push_back({type.span, "declared here"});
    d.help.push_back("to look for one that is there write " + quoted("let x = find " + type.name + "(…)"));
    return false;
  }
  out.type = pattern.type;
  out.pattern = std::move(pattern);
  if (action.duration) out.duration = action.duration->value;
  const tree::Name& name = action.name ? action.name : action.pattern->binding;
  if (!name) return true;
  out.name = name.text;
  Type event = recordType(out.type);
  if (out.duration) event.optional = true;
  out.local = bindLocal(s, name, std::move(event), "event");
  return true;
}

}  // namespace reticle::model
