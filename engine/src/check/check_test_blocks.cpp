// Tests: what is done to the session, and what is expected of it.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "check/checker.h"
#include "expression/functions.h"
#include "model/text.h"

namespace reticle::model {
namespace {

std::uint32_t countLocals(const std::vector<tree::Action>& actions) {
  std::uint32_t count = 0;
  for (const tree::Action& action : actions) {
    count += 1 + countLocals(action.body) + countLocals(action.otherwise);
  }
  return count;
}

Expr literal(Value value, TypeKind kind, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = std::move(value);
  e.type = Type::of(kind);
  e.span = span;
  return e;
}

}  // namespace

void Checker::checkTest(const tree::Declaration& declaration) {
  if (!declaration.name) return;
  Test test;
  test.name = declaration.name.text;
  test.span = declaration.name.span;
  for (const tree::TestSection& section : declaration.sections) {
    test.locals += countLocals(section.doings);
  }
  Scope s;
  s.place = Scope::Place::Test;
  for (const tree::TestSection& section : declaration.sections) {
    Test::Section checked;
    checked.expect = section.kind == tree::TestSection::Kind::Expect;
    checked.doings = checkActions(section.doings, s);
    for (const tree::Expect& expect : section.expects) {
      Expect one;
      one.span = expect.span;
      const auto known = index_.item(expect.span, s);
      if (checkExpect(expect, one, s, test.locals)) checked.expects.push_back(std::move(one));
    }
    test.sections.push_back(std::move(checked));
  }
  close(s, 0);
  const bool expects =
      std::any_of(declaration.sections.begin(), declaration.sections.end(),
                  [](const tree::TestSection& section) { return !section.expects.empty(); });
  if (!expects && !wasUnread(declaration.span)) {
    warn("RL7001", declaration.name.span,
         "this test expects nothing: it passes whatever the rules do")
        .help.push_back("say what must have happened: `expect { fired \"…\" }`");
  }
  program_.tests.push_back(std::move(test));
}

// Scripts for functions that nothing can call: neither a rule nor a step of any flow. What is pure
// may be asked in any expression.
void Checker::warnUnusedScripts(const tree::Declaration& declaration) {
  if (failed_) return;
  std::set<std::uint32_t> called;
  const auto collect = [&](const auto& self, const std::vector<Action>& actions) -> void {
    for (const Action& action : actions) {
      if (action.kind == Action::Kind::Call ||
          (action.kind == Action::Kind::Step && !action.runsFlow)) {
        called.insert(index(action.function));
      }
      if (action.undoFunction) called.insert(index(*action.undoFunction));
      self(self, action.body);
      self(self, action.otherwise);
    }
  };
  for (const Rule& rule : program_.rules) collect(collect, rule.actions);
  for (const Test& test : program_.tests) {
    for (const Test::Section& section : test.sections) collect(collect, section.doings);
  }
  for (const Flow& flow : program_.flows) {
    collect(collect, flow.steps);
    for (const Flow::Handler& handler : flow.handlers) collect(collect, handler.steps);
  }
  for (const tree::TestSection& section : declaration.sections) {
    for (const tree::Action& doing : section.doings) {
      const Symbol* symbol =
          doing.kind == tree::Action::Kind::Host ? lookup(doing.target.text) : nullptr;
      if (!symbol || symbol->kind != Symbol::Kind::Host || program_.hosts[symbol->index].pure ||
          called.contains(symbol->index)) {
        continue;
      }
      Diagnostic& d =
          warn("RL7002", doing.target.span,
               "nothing calls " + quoted(doing.target.text) + ": this script is never used");
      d.related.push_back({symbol->declaration->name.span,
                           "declared here, and neither a rule nor a step calls it"});
    }
  }
}

bool Checker::checkDoing(const tree::Action& action, Action& out, Scope& s) {
  using Kind = tree::Action::Kind;
  switch (action.kind) {
    case Kind::Settle:
      out.kind = Action::Kind::Settle;
      out.count = action.count;
      return true;
    case Kind::Crash: out.kind = Action::Kind::Crash; return true;
    case Kind::Advance: {
      out.kind = Action::Kind::Advance;
      if (action.duration) {
        out.value = finish(literal(Value::span(action.duration->value), TypeKind::Duration,
                                   action.duration->span));
        return true;
      }
      Expr value = action.value ? *action.value : Expr{};
      check(value, s);
      coerce(value, Type::of(TypeKind::Duration), {"`advance`", {}}, s);
      out.value = finish(std::move(value));
      return true;
    }
    case Kind::Clock: {
      out.kind = Action::Kind::Clock;
      if (!action.value || action.value->kind == ExprKind::Poison) return false;
      const Expr& written = *action.value;
      if (written.kind != ExprKind::Literal || written.value.kind() != ValueKind::String) {
        Expr value = written;
        check(value, s);
        coerce(value, Type::of(TypeKind::Timestamp), {"`clock`", {}}, s);
        out.value = finish(std::move(value));
        return true;
      }
      const int parse = builtinIndex("timestamp");
      Value time = parse < 0 ? Value::error("RL7004", "")
                             : callBuiltin(static_cast<std::size_t>(parse), &written.value, 1);
      if (time.kind() != ValueKind::Timestamp) {
        Diagnostic& d = error("RL7004", written.span, toText(written.value) + " is not a time");
        d.help.push_back("write date, time and zone: `clock \"2024-04-11T12:00:00Z\"`");
        return false;
      }
      out.value = finish(literal(std::move(time), TypeKind::Timestamp, written.span));
      return true;
    }
    case Kind::Host: return checkScript(action, out, s);
    default: return false;
  }
}

bool Checker::checkScript(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Host;
  const tree::Declaration* declaration = nullptr;
  const Host* host = resolveHost(action.target, &declaration);
  if (!host) return false;
  out.function = host->id;
  out.name = host->name;
  const std::optional<Type> result = host->result;
  for (const tree::Action::Script& script : action.scripts) {
    Action::Script checked;
    checked.fails = script.fails;
    checked.times = script.times;
    Expr value = script.value;
    const Type type = check(value, s);
    if (!script.fails && result) {
      coerce(value, *result,
             {"the result of " + quoted(action.target.text),
              declaration->result ? declaration->result->span : Span{}},
             s);
    } else if (!script.fails && type.kind != TypeKind::Null && !isPoison(type)) {
      Diagnostic& d = error("RL7006", value.span, quoted(action.target.text) + " gives nothing");
      d.related.push_back({declaration->name.span, "declared without a result"});
      d.help.push_back("write `returns null`");
    } else if (script.fails && !isText(type) && !isAny(type) && type.kind != TypeKind::Map) {
      error("RL2001", value.span, "`fails` needs the reason as a text, not " + quoted(toText(type)))
          .label = toText(type);
    }
    checked.value = finish(std::move(value));
    out.scripts.push_back(std::move(checked));
  }
  return true;
}

bool Checker::checkExpect(const tree::Expect& expect, Expect& out, Scope& s, std::uint32_t locals) {
  using Kind = tree::Expect::Kind;
  static constexpr std::array<Expect::Kind, 8> kKinds = {
      Expect::Kind::Exists, Expect::Kind::Not,    Expect::Kind::Count, Expect::Kind::Emitted,
      Expect::Kind::Fired,  Expect::Kind::Called, Expect::Kind::Flow,  Expect::Kind::Check};
  out.kind = kKinds[static_cast<std::size_t>(expect.kind)];
  out.negated = expect.negated;
  out.op = expect.op;
  out.number = expect.number;
  out.name = expect.name.text;
  const std::size_t known = s.known.size();
  switch (expect.kind) {
    case Kind::Exists:
    case Kind::Not:
    case Kind::Count:
    case Kind::Emitted: {
      Pattern pattern;
      const bool read = expect.pattern && checkPattern(*expect.pattern, 0, pattern, s);
      s.known.resize(known);
      if (!read) return false;
      const FactType& type = typeOf(pattern.type);
      const bool event = type.kind == FactKind::Event;
      if (event != (expect.kind == Kind::Emitted)) {
        Diagnostic& d = error(
            "RL2009", expect.pattern->type.span,
            event ? quoted(type.name) + " is an event: it is gone when the session has settled"
                  : "only events are emitted; " + quoted(type.name) + " is a " +
                        (type.kind == FactKind::Fact ? "fact" : "subject"));
        if (!type.builtin) d.related.push_back({type.span, "declared here"});
        d.help.push_back(event ? std::string("write ") +
                                     (expect.kind == Kind::Not ? "`not emitted " : "`emitted ") +
                                     type.name + "`"
                               : "write `exists " + type.name + "`");
        return false;
      }
      out.pattern = std::move(pattern);
      return true;
    }
    case Kind::Fired: {
      if (!expect.name) return false;
      if (const auto rule = ruleNames_.find(expect.name.text); rule != ruleNames_.end()) {
        index_.use(expect.name, rule->second);
        return true;
      }
      std::vector<std::string> names;
      for (const auto& [name, span] : ruleNames_) names.push_back(name);
      Diagnostic& d =
          error("RL1005", expect.name.span, "there is no rule called " + quoted(expect.name.text));
      const std::string found = nearest(expect.name.text, names);
      if (!found.empty()) {
        const bool word = std::all_of(found.begin(), found.end(), [](char c) {
          return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                 (c >= 'A' && c <= 'Z');
        });
        d.help.push_back("did you mean " + quoted(found) + "?");
        d.fixes.push_back(edit("replace it with " + quoted(found), expect.name.span,
                               word ? found : toText(Value::string(found))));
        d.related.push_back({ruleNames_.at(found), "declared here"});
      }
      return false;
    }
    case Kind::Called: {
      const tree::Declaration* declaration = nullptr;
      const Host* host = resolveHost(expect.name, &declaration);
      if (!host) return false;
      out.name = host->name;
      const std::size_t mark = s.bindings.size();
      const std::vector<Param> params = host->params;
      out.argumentLocals = static_cast<std::uint32_t>(params.size());
      for (std::size_t i = 0; i < params.size(); ++i) {
        // An argument is meant before a name of the test.
        Binding argument;
        argument.name = params[i].name;
        argument.type = params[i].type;
        argument.ref = {Ref::Kind::Local, locals + static_cast<std::uint32_t>(i), {}};
        argument.span = declaration->params[i].name.span;
        argument.what = "argument";
        argument.quiet = true;
        bind(s, std::move(argument));
      }
      index_.within({expect.span.file, expect.name.span.end, expect.span.end}, s);
      for (const Expr& constraint : expect.constraints) {
        Expr test = constraint;
        check(test, s);
        requireBool(test, s, "a constraint");
        assume(test, true, s);
        out.constraints.push_back(finish(std::move(test)));
      }
      s.bindings.resize(mark);
      s.known.resize(known);
      return true;
    }
    case Kind::Flow: {
      const Symbol* symbol = nullptr;
      const Flow* flow = resolveFlow(expect.name, &symbol);
      if (expect.name && !flow) return false;
      if (flow) out.name = flow->name;
      const std::vector<std::string> states = {"completed", "failed", "running", "waiting",
                                               "cancelled"};
      out.state = expect.state.text;
      if (expect.state && std::find(states.begin(), states.end(), out.state) == states.end()) {
        Diagnostic& d = error("RL7005", expect.state.span, "a run is never " + quoted(out.state));
        suggest(d, expect.state.span, out.state, states);
        d.notes.push_back("its states are " + listed(states));
      }
      if (expect.value) out.value = checkKey(*expect.value, "the key of a run", s);
      return true;
    }
    case Kind::Check: {
      Expr test = expect.value ? *expect.value : Expr{};
      check(test, s);
      requireBool(test, s, "`check`");
      out.value = finish(std::move(test));
      return true;
    }
  }
  return false;
}

}  // namespace reticle::model
