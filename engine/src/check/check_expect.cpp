// What a test expects of the session.
#include <algorithm>
#include <array>

#include "base/failure_codes.h"
#include "base/suggest.h"
#include "check/arguments.h"
#include "check/expression_checker.h"
#include "check/pattern_checker.h"
#include "check/test_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

// Facts, events, firings, calls, runs and plain checks. What is not declared cannot be expected,
// and a misspelt name would pass with `not`: so all names are resolved.
bool TestChecker::checkExpect(const tree::Expect& expect, Expect& out, Scope& s,
                              std::uint32_t locals) {
  using Kind = tree::Expect::Kind;
  // ORDER: tree::Expect::Kind
  static constexpr std::array<Expect::Kind, 12> kKinds = {
      Expect::Kind::Exists, Expect::Kind::Not,     Expect::Kind::Count, Expect::Kind::Emitted,
      Expect::Kind::Fired,  Expect::Kind::Called,  Expect::Kind::Flow,  Expect::Kind::Check,
      Expect::Kind::Failed, Expect::Kind::Runaway, Expect::Kind::Order, Expect::Kind::Agenda};
  out.kind = kKinds[static_cast<std::size_t>(expect.kind)];
  out.negated = expect.negated;
  out.op = expect.op;
  out.number = expect.number;
  out.name = expect.name.text;
  switch (expect.kind) {
    case Kind::Exists:
    case Kind::Not:
    case Kind::Emitted: return expectFact(expect, out, s);
    case Kind::Count: {
      if (expect.value) {
        Expr number = *expect.value;
        expressions_.check(number, s);
        if (!fit_.coerce(number, Type::of(TypeKind::Int), {"the number of facts", {}}, s)) {
          return false;
        }
        out.value = expressions_.finish(std::move(number));
      }
      return expectFact(expect, out, s);
    }
    case Kind::Fired:
    case Kind::Runaway: return findRule(expect.name);
    case Kind::Failed: return findRule(expect.name) && expectCode(expect, out);
    case Kind::Order:
    case Kind::Agenda: {
      bool good = true;
      for (const tree::Name& name : expect.names) {
        good = findRule(name) && good;
        out.names.push_back(name.text);
      }
      return good;
    }
    case Kind::Called: return expectCalled(expect, out, s, locals);
    case Kind::Flow: return expectFlow(expect, out, s);
    case Kind::Check: {
      Expr test = expect.value ? *expect.value : Expr{};
      expressions_.check(test, s);
      fit_.requireBool(test, s, "`check`");
      out.value = expressions_.finish(std::move(test));
      return true;
    }
  }
  return false;
}

// Events are gone when the session has settled: they are expected with `emitted`.
bool TestChecker::expectFact(const tree::Expect& expect, Expect& out, Scope& s) {
  using Kind = tree::Expect::Kind;
  const std::size_t known = s.known.size();
  Pattern pattern;
  const bool read = expect.pattern && patterns_.checkPattern(*expect.pattern, pattern, s);
  s.known.resize(known);
  if (!read) return false;
  const FactType& type = types_.typeOf(pattern.type);
  const bool event = type.kind == FactKind::Event;
  if (event != (expect.kind == Kind::Emitted)) {
    Diagnostic& d = report_.error(
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

// How a firing can fail: what has no value (RL…), and what is refused. A code that none has would
// never be met, and with `not` always.
bool TestChecker::expectCode(const tree::Expect& expect, Expect& out) {
  out.code = expect.code.text;
  if (!expect.code) return true;
  std::vector<std::string> codes;
  for (const ErrorCode code : kFiringErrors) codes.emplace_back(name(code));
  codes.emplace_back(kUnhandledRun);
  if (std::find(codes.begin(), codes.end(), out.code) != codes.end()) return true;
  Diagnostic& d = report_.error("RL7007", expect.code.span,
                                "no firing fails with the code " + quoted(out.code));
  if (out.code == kRunaway) {
    d.help.push_back("a settling that is stopped is expected with " +
                     quoted("runaway " + toText(Value::string(expect.name.text))));
  } else {
    suggest(d, expect.code.span, out.code, codes);
  }
  d.notes.push_back("the codes are " + listed(codes));
  return false;
}

// The arguments of the call are names of their own in what is expected of it.
bool TestChecker::expectCalled(const tree::Expect& expect, Expect& out, Scope& s,
                               std::uint32_t locals) {
  const std::size_t known = s.known.size();
  const tree::Declaration* declaration = nullptr;
  const Host* host = arguments_.resolveHost(expect.name, &declaration, s);
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
    bindings_.bind(s, std::move(argument));
  }
  index_.within({expect.span.file, expect.name.span.end, expect.span.end}, s);
  for (const Expr& constraint : expect.constraints) {
    Expr test = constraint;
    expressions_.check(test, s);
    fit_.requireBool(test, s, "a constraint");
    assume(test, true, s);
    out.constraints.push_back(expressions_.finish(std::move(test)));
  }
  s.bindings.resize(mark);
  s.known.resize(known);
  return true;
}

// The flow may be left out, which means any; so may its state and key.
bool TestChecker::expectFlow(const tree::Expect& expect, Expect& out, Scope& s) {
  const Symbol* symbol = nullptr;
  const Flow* flow = arguments_.resolveFlow(expect.name, &symbol, s);
  if (expect.name && !flow) return false;
  if (flow) out.name = flow->name;
  const std::vector<std::string> states = {"completed", "failed", "running", "waiting",
                                           "cancelled"};
  out.state = expect.state.text;
  if (expect.state && std::find(states.begin(), states.end(), out.state) == states.end()) {
    Diagnostic& d =
        report_.error("RL7005", expect.state.span, "a run is never " + quoted(out.state));
    suggest(d, expect.state.span, out.state, states);
    d.notes.push_back("its states are " + listed(states));
  }
  if (expect.value) out.value = arguments_.checkKey(*expect.value, "the key of a run", s);
  return true;
}

}  // namespace reticle::model
