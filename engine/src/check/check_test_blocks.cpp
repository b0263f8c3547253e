// Tests: what is done to the session.
#include <algorithm>
#include <set>

#include "base/time_text.h"
#include "check/action_checker.h"
#include "check/arguments.h"
#include "check/expression_checker.h"
#include "check/test_checker.h"
#include "expression/functions.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// More than these actions can bind: the arguments of `called` come after them.
std::uint32_t countLocals(const std::vector<tree::Action>& actions) {
  std::uint32_t count = 0;
  for (const tree::Action& action : actions) {
    count += 1 + countLocals(action.body) + countLocals(action.otherwise);
  }
  return count;
}

// A value that the parser has read in its own form: a duration, a moment.
Expr literal(Value value, TypeKind kind, Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = std::move(value);
  e.type = Type::of(kind);
  e.span = span;
  return e;
}

// What a part of a test names, without checking it. Nothing of that is left over.
class Mentioned {
 public:
  Mentioned(Symbols& symbols, const tree::Module* from) : symbols_(symbols), from_(from) {}

  void in(const tree::Action& action) {
    for (const auto* each : {&action.value, &action.to, &action.after, &action.at,
                             &action.replacing, &action.key, &action.with}) {
      if (*each) in(**each);
    }
    for (const tree::Argument& argument : action.arguments) in(argument.value);
    note(action.target.text);
    for (const tree::Action& inside : action.body) in(inside);
    for (const tree::Action& inside : action.otherwise) in(inside);
  }
  void in(const tree::Expect& expect) {
    if (expect.pattern) {
      note(expect.pattern->type.text);
      for (const Expr& constraint : expect.pattern->constraints) in(constraint);
    }
    note(expect.name.text);
    for (const Expr& constraint : expect.constraints) in(constraint);
    if (expect.value) in(*expect.value);
  }

 private:
  void in(const Expr& expr) {
    note(expr.text);
    for (const Expr& arg : expr.args) in(arg);
  }
  // Whatever is looked up counts as used.
  void note(const std::string& name) {
    if (!name.empty()) (void)symbols_.lookup(name, from_);
  }

  Symbols& symbols_;
  const tree::Module* from_;
};

}  // namespace

// Sections follow each other in one scope: what is named above is known below.
void TestChecker::checkTest(const tree::Declaration& declaration, const tree::Module* from) {
  // The parser has reported that.
  if (!declaration.name) return;
  Test test;
  test.name = declaration.name.text;
  test.span = declaration.name.span;
  for (const tree::TestSection& section : declaration.sections) {
    // Before any section is checked: arguments of expectations get numbers after all of these.
    test.locals += countLocals(section.doings);
  }
  Scope s = Scope::in(Scope::Place::Test, from);
  test.locals += static_cast<std::uint32_t>(declaration.caseNames.size());
  checkCases(declaration, test, s);
  checkStrategy(declaration, test);
  for (const tree::TestSection& section : declaration.sections) {
    Test::Section checked;
    checked.expect = section.kind == tree::TestSection::Kind::Expect;
    // What comes after it is about other rules, and checked with them.
    const auto replaces = std::find_if(
        section.doings.begin(), section.doings.end(),
        [](const tree::Action& action) { return action.kind == tree::Action::Kind::Replace; });
    if (replaces != section.doings.end()) {
      checked.doings = actions_.checkActions({section.doings.begin(), replaces + 1}, s);
      for (Binding& binding : s.bindings) binding.used = true;  // there, perhaps
      test.sections.push_back(std::move(checked));
      Mentioned mentioned(symbols_, from);
      for (auto rest = replaces + 1; rest != section.doings.end(); ++rest) mentioned.in(*rest);
      for (const tree::Expect& expect : section.expects) mentioned.in(expect);
      for (auto after = &section + 1; after != &declaration.sections.back() + 1; ++after) {
        for (const tree::Action& doing : after->doings) mentioned.in(doing);
        for (const tree::Expect& expect : after->expects) mentioned.in(expect);
      }
      break;
    }
    checked.doings = actions_.checkActions(section.doings, s);
    for (const tree::Expect& expect : section.expects) {
      Expect one;
      one.span = expect.span;
      const auto known = index_.item(expect.span, s);
      if (checkExpect(expect, one, s, test.locals)) checked.expects.push_back(std::move(one));
    }
    test.sections.push_back(std::move(checked));
  }
  // Ends the life of all names of the test.
  bindings_.close(s, 0);
  const bool expects =
      std::any_of(declaration.sections.begin(), declaration.sections.end(),
                  [](const tree::TestSection& section) { return !section.expects.empty(); });
  if (!expects && !report_.wasUnread(declaration.span)) {
    report_
        .warn("RL7001", declaration.name.span,
              "this test expects nothing: it passes whatever the rules do")
        .help.push_back("say what must have happened: `expect { fired \"…\" }`");
  }
  program_.tests.push_back(std::move(test));
}

// A column is checked as a list, whose elements agree on a type.
void TestChecker::checkCases(const tree::Declaration& declaration, Test& test, Scope& s) {
  for (const tree::TestCase& one : declaration.cases) {
    if (one.values.size() == declaration.caseNames.size()) continue;
    Diagnostic& d =
        report_.error("RL7009", one.span,
                      "this case has " + counted(one.values.size(), "value") +
                          ", and the test names " + std::to_string(declaration.caseNames.size()));
    d.related.push_back({declaration.caseNames[0].span, "the names begin here"});
  }
  const Scope constant = Scope::in(Scope::Place::Constant, s.module);
  for (std::size_t i = 0; i < declaration.caseNames.size(); ++i) {
    Expr column;
    column.kind = ExprKind::List;
    column.span = declaration.casesSpan;
    for (const tree::TestCase& one : declaration.cases) {
      if (i < one.values.size()) column.args.push_back(one.values[i]);
    }
    Scope inner = constant;
    const Type list = expressions_.check(column, inner);
    const Type element = list.kind == TypeKind::List && !list.arguments.empty()
                             ? list.arguments[0]
                             : Type::of(TypeKind::Any);
    const std::uint32_t local =
        bindings_.bindLocal(s, declaration.caseNames[i], element, "value", false);
    test.each.push_back(
        {declaration.caseNames[i].text, local, expressions_.finish(std::move(column))});
  }
  test.cases = declaration.cases.size();
}

void TestChecker::checkStrategy(const tree::Declaration& declaration, Test& test) {
  if (!declaration.strategy) return;
  test.strategy = strategyNamed(declaration.strategy.text);
  if (test.strategy) return;
  Diagnostic& d = report_.error("RL1005", declaration.strategy.span,
                                "no strategy is called " + quoted(declaration.strategy.text));
  d.help.push_back(
      "there are `depth`, `breadth`, `lex`, `mea`, `simplicity`, `complexity` and "
      "`random`");
}

// Its facts are stated, and there is no match that anything could hang on.
void TestChecker::checkGiven(const tree::Declaration& declaration, const tree::Module* from) {
  Scope s = Scope::in(Scope::Place::Given, from);
  s.locals = program_.givenLocals;
  std::vector<Action> checked = actions_.checkActions(declaration.then, s);
  bindings_.close(s, 0);
  program_.givenLocals = s.locals;
  for (Action& action : checked) program_.given.push_back(std::move(action));
}

// Scripts for functions that nothing can call: neither a rule nor a step of any flow. What is pure
// may be asked in any expression.
void TestChecker::warnUnusedScripts(const tree::Declaration& declaration,
                                    const tree::Module* from) {
  // Only in a program that is right: a call that could not be checked would be missing below.
  if (report_.failed()) return;
  // A set in order, although only asked for membership: nothing visible may depend on hashing.
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
      const Symbol* symbol = doing.kind == tree::Action::Kind::Host
                                 ? symbols_.lookup(doing.target.text, from)
                                 : nullptr;
      if (!symbol || symbol->kind != Symbol::Kind::Host || program_.hosts[symbol->index].pure ||
          called.contains(symbol->index)) {
        continue;
      }
      Diagnostic& d = report_.warn(
          "RL7002", doing.target.span,
          "nothing calls " + quoted(doing.target.text) + ": this script is never used");
      d.related.push_back({symbol->declaration->name.span,
                           "declared here, and neither a rule nor a step calls it"});
    }
  }
}

// Those that only tests have: time, crashes, what host functions answer.
bool TestChecker::checkDoing(const tree::Action& action, Action& out, Scope& s) {
  using Kind = tree::Action::Kind;
  switch (action.kind) {
    case Kind::Settle:
      out.kind = Action::Kind::Settle;
      out.count = action.count;
      return true;
    case Kind::Crash: out.kind = Action::Kind::Crash; return true;
    case Kind::Advance: {
      out.kind = Action::Kind::Advance;
      if (action.duration && !action.duration->expr) {
        out.value = expressions_.finish(literal(Value::span(action.duration->value),
                                                TypeKind::Duration, action.duration->span));
        return true;
      }
      Expr value = action.duration ? *action.duration->expr : action.value ? *action.value : Expr{};
      expressions_.check(value, s);
      fit_.coerce(value, Type::of(TypeKind::Duration), {"`advance`", {}}, s);
      out.value = expressions_.finish(std::move(value));
      return true;
    }
    case Kind::Clock: {
      out.kind = Action::Kind::Clock;
      if (!action.value || action.value->kind == ExprKind::Poison) return false;
      const Expr& written = *action.value;
      if (written.kind != ExprKind::Literal || written.value.kind() != ValueKind::String) {
        Expr value = written;
        expressions_.check(value, s);
        fit_.coerce(value, Type::of(TypeKind::Timestamp), {"`clock`", {}}, s);
        out.value = expressions_.finish(std::move(value));
        return true;
      }
      const int parse = builtinIndex("timestamp");
      Value time = parse < 0 ? Value::error("RL7004", "")
                             : callBuiltin(static_cast<std::size_t>(parse), &written.value, 1);
      // A date alone is its midnight in UTC, as in data.
      if (const auto date = parseDate(written.value.asString());
          date && time.kind() != ValueKind::Timestamp) {
        time = Value::timestamp(date->seconds, date->nanos);
      }
      if (time.kind() != ValueKind::Timestamp) {
        Diagnostic& d =
            report_.error("RL7004", written.span, toText(written.value) + " is not a time");
        d.help.push_back(
            "write date, time and zone, or a date alone: `clock \"2024-04-11T12:00:00Z\"`");
        return false;
      }
      out.value = expressions_.finish(literal(std::move(time), TypeKind::Timestamp, written.span));
      return true;
    }
    case Kind::Host: return checkScript(action, out, s);
    case Kind::Replace:
      out.kind = Action::Kind::Replace;
      out.name = action.file;
      return true;
    case Kind::Insert:
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateFields:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Call:
    case Kind::Start:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::CancelEvent:
    case Kind::Log:
    case Kind::Let:
    case Kind::If:
    case Kind::For:
    case Kind::Focus:
    case Kind::Refresh:
    case Kind::Halt:
    case Kind::Step:
    case Kind::Find:
    case Kind::Sleep:
    case Kind::SleepUntil:
    case Kind::Wait:
    case Kind::WaitUntil:
    case Kind::Parallel:
    case Kind::Branch:
    case Kind::Try:
    case Kind::Fail:
    case Kind::Return:
    case Kind::Compensate:
    case Kind::Restart: break;
  }
  return false;
}

// `lasting`: what answers all calls before it; null: it says itself that it is for none.
void TestChecker::warnUnreached(const tree::Action::Script& script,
                                const tree::Action::Script* lasting) {
  const std::string word = script.fails ? "`fails`" : "`returns`";
  Diagnostic& d = report_.warn("RL7008", script.span, "this " + word + " is never reached");
  if (!lasting) return;
  d.related.push_back({lasting->span, "without a number it is for all calls from here on"});
  d.help.push_back("say how often it comes first: " + quoted("1 times"));
  d.fixes.push_back(edit("write `1 times`",
                         {lasting->span.file, lasting->span.end, lasting->span.end}, " 1 times"));
}

// What a host function shall answer must be what it is declared to give.
bool TestChecker::checkScript(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Host;
  const tree::Declaration* declaration = nullptr;
  const Host* host = arguments_.resolveHost(action.target, &declaration, s);
  if (!host) return false;
  out.function = host->id;
  out.name = host->name;
  const std::optional<Type> result = host->result;
  const tree::Action::Script* lasting = nullptr;  // one that is for all calls from there on
  for (const tree::Action::Script& script : action.scripts) {
    if (lasting || script.times == 0) warnUnreached(script, lasting);
    if (script.times < 0 && !lasting) lasting = &script;
    Action::Script checked;
    checked.fails = script.fails;
    checked.times = script.times;
    Expr value = script.value;
    const Type type = expressions_.check(value, s);
    if (!script.fails && result) {
      fit_.coerce(value, *result,
                  {"the result of " + quoted(action.target.text),
                   declaration->result ? declaration->result->span : Span{}},
                  s);
    } else if (!script.fails && type.kind != TypeKind::Null && !isPoison(type)) {
      Diagnostic& d =
          report_.error("RL7006", value.span, quoted(action.target.text) + " gives nothing");
      d.related.push_back({declaration->name.span, "declared without a result"});
      d.help.push_back("write `returns null`");
    } else if (script.fails && !isText(type) && !isAny(type) && type.kind != TypeKind::Map) {
      report_
          .error("RL2001", value.span,
                 "`fails` needs the reason as a text, not " + quoted(toText(type)))
          .label = toText(type);
    }
    checked.value = expressions_.finish(std::move(value));
    out.scripts.push_back(std::move(checked));
  }
  return true;
}

}  // namespace reticle::model
