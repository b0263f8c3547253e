// Steps that call host functions and run flows: their retries and undos, and what runs at the same
// time.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;
using Parts = std::vector<const tree::Action*>;

Retry::Backoff backoffOf(tree::Retry::Backoff backoff) {
  switch (backoff) {
    case tree::Retry::Backoff::None: return Retry::Backoff::None;
    case tree::Retry::Backoff::Constant: return Retry::Backoff::Constant;
    case tree::Retry::Backoff::Linear: return Retry::Backoff::Linear;
    case tree::Retry::Backoff::Exponential: return Retry::Backoff::Exponential;
  }
  return Retry::Backoff::None;
}

// What `after` can name of a part: a step or a branch.
std::string nameOf(const tree::Action& part) {
  return part.kind == Kind::Step || part.kind == Kind::Branch ? part.name.text : "";
}

const tree::Action* find(const Parts& parts, const std::string& name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const tree::Action* part) {
    return !name.empty() && nameOf(*part) == name;
  });
  return found == parts.end() ? nullptr : *found;
}

bool contains(const Parts& parts, const tree::Action* part) {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

// The parts that must have ended before this one begins, also by way of others.
Parts partsBefore(const tree::Action& part, const Parts& parts) {
  Parts before;
  const auto add = [&](const auto& self, const tree::Action& one) -> void {
    for (const tree::Name& name : one.afterSteps) {
      const tree::Action* other = find(parts, name.text);
      if (!other || contains(before, other)) continue;
      before.push_back(other);
      self(self, *other);
    }
  };
  add(add, part);
  return before;
}

}  // namespace

const Host* Checker::resolveHost(const tree::Name& name, const tree::Declaration** declaration) {
  if (!name) return nullptr;
  const Symbol* symbol = lookup(name.text);
  if (symbol && symbol->kind == Symbol::Kind::Host) {
    index_.use(name, symbol->declaration->name.span);
    *declaration = symbol->declaration;
    return &program_.hosts[symbol->index];
  }
  Diagnostic& d =
      error("RL1003", name.span, "there is no host function called " + quoted(name.text));
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->head, "this is not a host function"});
    if (symbol->kind == Symbol::Kind::Function) {
      d.help.push_back("a function is used in an expression: " +
                       quoted("let x = " + name.text + "(…)"));
    }
    if (symbol->kind == Symbol::Kind::Flow) {
      d.help.push_back("a flow is a step of another with " + quoted("run " + name.text + "(…)"));
    }
    return nullptr;
  }
  if (suggest(d, name.span, name.text, namesOf({Symbol::Kind::Host})).empty()) {
    d.help.push_back("declare it: " + quoted("host function " + name.text + "(…)"));
  }
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
    error("RL2009", retry->span, "the longest delay of this retry is shorter than the first")
        .help.push_back("write " +
                        quoted(durationText(retry->max) + ".." + durationText(retry->delay)));
  }
  if (retry->jitter > 1) {
    Diagnostic& d = error("RL2009", retry->span, "`jitter` is a part of the pause, from 0 to 1");
    d.help.push_back("`jitter 0.2` makes each pause longer or shorter by up to a fifth");
  } else if (retry->jitter > 0 && retry->backoff == tree::Retry::Backoff::None) {
    error("RL2009", retry->span, "there is no pause that `jitter` could change")
        .help.push_back("say how long to wait between the attempts: `backoff constant 1s`");
  }
  if (retry->condition) {
    Binding err;
    err.name = "err";
    err.type = mapOf(Type::of(TypeKind::String), Type::of(TypeKind::Any));
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

void Checker::checkAfter(const tree::Action& step, const Parts& parts, Scope& s) {
  std::vector<std::string> steps;
  for (const Binding& binding : s.bindings) {
    if (std::string_view(binding.what) == "step") steps.push_back(binding.name);
  }
  for (const tree::Action* part : parts) {
    if (part != &step && !nameOf(*part).empty()) steps.push_back(nameOf(*part));
  }
  for (const tree::Name& name : step.afterSteps) {
    const tree::Action* part = find(parts, name.text);
    if (part && part != &step) {
      index_.use(name, part->name.span);
      continue;
    }
    Binding* found = s.find(name.text);
    if (found && std::string_view(found->what) == "step") {
      found->used = true;
      index_.use(*found, name.span);
      continue;
    }
    const auto absent = std::find_if(s.absent.begin(), s.absent.end(),
                                     [&](const Absent& a) { return a.name == name.text; });
    if (part || absent != s.absent.end()) {
      if (!part && absent->why == Absent::Why::Broken) continue;
      Diagnostic& d =
          error("RL6006", name.span,
                part ? quoted(name.text) + " cannot come after itself"
                     : quoted(step.name.text) + " cannot come after " + quoted(name.text));
      if (!part) {
        d.related.push_back({absent->span, absent->why == Absent::Why::Left
                                               ? "a step inside a block that has ended"
                                               : "this step is further down"});
      }
      continue;
    }
    Diagnostic& d = error("RL1005", name.span, "there is no step called " + quoted(name.text));
    suggest(d, name.span, name.text, steps);
  }
}

bool Checker::checkStep(const tree::Action& action, Action& out, Scope& s, const Parts& parts) {
  out.kind = Action::Kind::Step;
  out.name = action.name.text;
  checkAfter(action, parts, s);
  for (const tree::Name& name : action.afterSteps) {
    if (find(parts, name.text)) out.afterParts.push_back(name.text);
  }
  Type result = Type::of(TypeKind::Null);
  if (action.run) {
    const Symbol* symbol = nullptr;
    const Flow* flow = resolveFlow(action.target, &symbol);
    if (!flow) {
      lookAt(action.arguments, s);
      return false;
    }
    out.runsFlow = true;
    out.flow = flow->id;
    result = flow->result.value_or(result);
    const std::vector<Param> params = flow->params;
    out.arguments = namedArguments(action.arguments, params, symbol->declaration->params,
                                   action.target.span, "the flow " + quoted(flow->name), s);
    unsupported(action.keyword == Span{} ? action.span : action.keyword, "`step … = run`",
                "start the flow with `start` and wait for an event that it emits");
  } else {
    const tree::Declaration* declaration = nullptr;
    const Host* host = resolveHost(action.target, &declaration);
    if (!host) {
      lookAt(action.arguments, s);
      return false;
    }
    out.function = host->id;
    result = host->result.value_or(result);
    const std::vector<Param> params = host->params;
    out.arguments = namedArguments(action.arguments, params, declaration->params,
                                   action.target.span, quoted(action.target.text), s);
  }
  out.retry = checkRetry(action.retry, s);
  if (action.timeout) out.timeout = action.timeout->value;
  out.ignoreErrors = action.ignoreErrors;
  // Within one block a step has its name to itself: the journal knows it by that.
  const Binding* same = s.find(action.name.text);
  if (same && std::string_view(same->what) == "step") {
    error("RL6007", action.name.span, "there are two steps called " + quoted(action.name.text))
        .related.push_back({same->span, "the first one"});
    return false;
  }
  const Type plain = result;
  if (action.ignoreErrors && result.kind != TypeKind::Null && result.kind != TypeKind::Any) {
    result.optional = true;
  }
  out.local = bindResult(s, action.name, result, "step", true);
  if (action.undoFunction) checkUndo(action, out, plain, s);
  return true;
}

// The undo of a step sees what the step saw and its result, which is there once the step has
// succeeded.
void Checker::checkUndo(const tree::Action& action, Action& out, const Type& result, Scope& s) {
  out.undoAlways = action.always;
  const tree::Declaration* declaration = nullptr;
  const Host* undo = resolveHost(action.undoFunction, &declaration);
  if (!undo) return lookAt(action.undoArguments, s);
  out.undoFunction = undo->id;
  Binding* own = s.bindings.empty() || s.bindings.back().name != action.name.text
                     ? nullptr
                     : &s.bindings.back();
  const Type outer = own ? own->type : result;
  if (own && own->type.kind != TypeKind::Null && !isAny(own->type)) {
    own->type = result;
    if (action.always) own->type.optional = true;
  }
  const std::vector<Param> params = undo->params;
  const std::size_t said = diagnostics_.size();
  out.undoArguments = namedArguments(action.undoArguments, params, declaration->params,
                                     action.undoFunction.span, quoted(action.undoFunction.text), s);
  if (own && s.bindings.back().name == action.name.text) s.bindings.back().type = outer;
  for (std::size_t i = said; i < diagnostics_.size(); ++i) {
    Diagnostic& d = diagnostics_[i];
    if (d.code == "RL2007" && action.always &&
        d.message == quoted(action.name.text) + " may be null here") {
      d.code = "RL6008";
      d.message = quoted(action.name.text) + " may have no result when it is undone";
      d.related.push_back({action.name.span, "`undo always` also runs when this step has failed"});
      d.help.clear();
      d.help.push_back("write `undo call` to undo it only when it has succeeded");
    } else if (d.code == "RL1004" && d.message.ends_with(" is used before it is bound")) {
      d.code = "RL6008";
      d.message = d.message.substr(0, d.message.find('`', 1) + 1) + " may not be there when " +
                  quoted(action.name.text) + " is undone";
      d.notes.push_back("an undo sees what was bound before its step, and the result of the step");
      d.help.clear();
    }
  }
  if (action.always) {
    unsupported(action.undoFunction.span, "`undo always`",
                "`undo` runs when the step has succeeded and the run fails");
  }
}

// Parts that run at the same time. Each is read as if it were alone with what it comes `after`;
// behind the block all their names are known.
bool Checker::checkParallel(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Parallel;
  out.first = action.first;
  const Span at = action.keyword == Span{} ? action.span : action.keyword;
  Parts parts, waiting;
  for (const tree::Action& part : action.body) {
    if (const tree::Action* twin = find(parts, nameOf(part))) {
      const std::string what =
          part.kind == twin->kind ? part.kind == Kind::Step ? "steps" : "branches" : "parts";
      error("RL6007", part.name.span, "there are two " + what + " called " + quoted(part.name.text))
          .related.push_back({twin->name.span, "the first one"});
    } else {
      parts.push_back(&part);
    }
  }
  waiting = parts;
  std::vector<std::vector<Binding>> made(parts.size());
  const auto place = [&](const tree::Action* part) {
    return static_cast<std::size_t>(std::find(parts.begin(), parts.end(), part) - parts.begin());
  };
  std::vector<Action> checked(parts.size());
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const tree::Action* part) {
      const Parts before = partsBefore(*part, parts);
      return std::none_of(before.begin(), before.end(), [&](const tree::Action* other) {
        return other != part && contains(waiting, other);
      });
    });
    if (next == waiting.end()) {
      std::vector<std::string> names;
      for (const tree::Action* part : waiting) names.push_back(quoted(nameOf(*part)));
      Diagnostic& d = error("RL6006", waiting[0]->name.span,
                            "these steps wait for each other: " + listed(names));
      for (std::size_t i = 1; i < waiting.size(); ++i) {
        d.related.push_back({waiting[i]->name.span, "waits too"});
      }
      return false;
    }
    const tree::Action* part = *next;
    waiting.erase(next);
    const std::size_t mark = s.bindings.size(), known = s.known.size(), absent = s.absent.size();
    const Parts before = partsBefore(*part, parts);
    for (const tree::Action* other : before) {
      s.bindings.insert(s.bindings.end(), made[place(other)].begin(), made[place(other)].end());
    }
    const std::size_t own = s.bindings.size();
    for (const tree::Action* other : parts) {
      if (other == part || contains(before, other)) continue;
      const Span behind{part->name.span.file, part->name.span.end, part->name.span.end};
      const bool joins = part->kind == Kind::Step && !nameOf(*other).empty() && !action.first;
      for (const tree::Name& name : namesBoundBy(*other)) {
        s.absent.push_back(
            {name.text, Absent::Why::Sibling, name.span, nameOf(*other), joins ? behind : Span{}});
      }
    }
    Action& result = checked[place(part)];
    result.span = part->span;
    result.text = textOf(*part);
    const bool good = checkPartOf(action, *part, parts, result, s);
    if (!good) result.text.clear();
    made[place(part)].assign(s.bindings.begin() + static_cast<std::ptrdiff_t>(own),
                             s.bindings.end());
    // The parts before were used or not: that is known of their copies.
    for (std::size_t i = mark; i < own; ++i) {
      for (std::vector<Binding>& names : made) {
        for (Binding& binding : names) {
          binding.used = binding.used || (binding.name == s.bindings[i].name && s.bindings[i].used);
        }
      }
    }
    s.bindings.resize(mark);
    s.known.resize(known);
    s.absent.resize(absent);
    if (!good) {
      for (const tree::Name& name : namesBoundBy(*part)) {
        s.absent.push_back({name.text, Absent::Why::Broken, name.span, "", {}});
      }
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!checked[i].text.empty()) out.body.push_back(std::move(checked[i]));
    for (Binding& binding : made[i]) {
      if (!isFree({binding.name, binding.span}, s)) continue;
      if (action.first && binding.type.kind != TypeKind::Null && !isAny(binding.type)) {
        binding.type.optional = true;
      }
      s.bindings.push_back(std::move(binding));
    }
  }
  if (action.first) {
    unsupported(at, "`parallel first`", "`parallel` waits for all of its steps");
  } else {
    for (const tree::Action* part : parts) {
      if (part->kind != Kind::Step) {
        unsupported(part->keyword == Span{} ? part->span : part->keyword,
                    "anything but a step inside `parallel`",
                    "put it before or after the `parallel`");
      }
    }
  }
  return true;
}

bool Checker::checkPartOf(const tree::Action& parallel, const tree::Action& part,
                          const Parts& parts, Action& out, Scope& s) {
  if (parallel.first) {
    for (const tree::Name& name : part.afterSteps) {
      if (!find(parts, name.text)) continue;
      Diagnostic& d =
          error("RL6006", name.span, "in `parallel first` nothing comes after another part");
      d.notes.push_back("the first part to end ends the others");
      d.help.push_back("write what belongs together as one `branch`");
      return false;
    }
  }
  const auto known = index_.item(part.span, s);
  if (part.kind == Kind::Step) return checkStep(part, out, s, parts);
  if (part.kind != Kind::Branch) return checkAction(part, out, s);
  out.kind = Action::Kind::Branch;
  out.name = part.name.text;
  out.body = checkActions(part.body, s);
  return true;
}

}  // namespace reticle::model
