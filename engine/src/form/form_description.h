// What each construct looks like in the JSON form, said once. The reader, the writer and the schema
// all walk these functions, so that they cannot disagree: a member that is described here is read,
// written and in the schema, in this order.
//
// To add a clause to a construct, add one line to its function. To add a condition or an action,
// add its leading member to the table and a case to the switch. A new kind of value is a method of
// all three of FormReader, FormWriter and FormSchema:
//
//   name, names, path     identifiers; Naming says which
//   text, texts           free text; empty ones are left out
//   flag                  `true`, or left out
//   integer, number       numbers
//   duration, span, type  in the notation of the text form
//   word                  one of a few words
//   value                 an expression; a text is CEL source, a number, true, false and null are
//                         themselves, {"lit": x} is any literal
//   condition(s)          an expression, always CEL source
//   made                  {"type", "fields"}, or CEL source
//   arguments             names and values
//   object, list          described by another function
//
// `choose` picks the kind of a node by its leading member; it returns false when there is none, and
// nothing more is read then. `need` says whether a member must be there.
#pragma once

#include <string_view>

#include "syntax/tree.h"

namespace reticle::form {

enum class Need { Optional, Required };
constexpr Need kRequired = Need::Required;

// Types begin with a capital, bindings and functions do not; parts of a qualified name are joined
// by points.
enum class Naming { Plain, Binding, Type, Qualified, QualifiedType };

template <typename Kind>
// The member that tells the kind of a node, and the kind.
struct Lead {
  std::string_view member;
  Kind kind;
};

template <typename F>
// Declared first: conditions and actions hold each other and themselves.
void describe(F& f, tree::Condition& c);
template <typename F>
void describe(F& f, tree::Action& a);

template <typename F>
void describe(F& f, tree::Import& i) {
  f.name("module", i.module, Naming::Qualified, kRequired);
  f.name("as", i.alias, Naming::Plain);
}

template <typename F>
void describe(F& f, tree::Field& field) {
  f.name("name", field.name, Naming::Plain, kRequired);
  f.type("type", field.type, kRequired);
  f.text("doc", field.doc);
  f.flag("key", field.key);
  f.flag("ext", field.ext);
  f.value("default", field.initial);
  f.integer("max", field.max);
  f.checks("where", field.where);
}

// A tag: the same node as a parameter, which has less to say than a field.
struct Parameter {};
template <typename F>
void describe(F& f, tree::Field& field, Parameter) {
  f.name("name", field.name, Naming::Plain, kRequired);
  f.type("type", field.type, kRequired);
  f.value("default", field.initial);
}

template <typename F>
void describe(F& f, tree::Retry& r) {
  f.times("times", r.forever, r.times);
  f.condition("if", r.condition);
  f.word("backoff", r.backoff,
         {{"constant", tree::Retry::Backoff::Constant},
          {"linear", tree::Retry::Backoff::Linear},
          {"exponential", tree::Retry::Backoff::Exponential}});
  f.duration("delay", r.delay);
  f.duration("max", r.max);
  f.number("jitter", r.jitter);
}

// Patterns and conditions

template <typename F>
void describe(F& f, tree::Pattern& p) {
  f.name("match", p.type, Naming::QualifiedType, kRequired);
  f.name("as", p.binding, Naming::Binding);
  f.conditions("where", p.constraints, p.binding.text);
  f.suffixes(p.suffixes);
}

template <typename F>
void describe(F& f, tree::Suffix& s, tree::Suffix::Kind kind) {
  using Kind = tree::Suffix::Kind;
  s.kind = kind;
  switch (kind) {
    case Kind::OverLast:
    case Kind::OverLastCount: f.window(s); break;
    case Kind::Held: break;  // a duration alone
    case Kind::After:
    case Kind::Before:
      f.name("of", s.of, Naming::Binding, kRequired);
      f.duration("within", s.duration);
      break;
    case Kind::WithinOf:
      f.name("of", s.of, Naming::Binding, kRequired);
      f.duration("span", s.duration, kRequired);
      break;
  }
}

// A pattern has no keyword; its type stands for it.
inline constexpr Lead<tree::Condition::Kind> kConditions[] = {
    {"match", tree::Condition::Kind::Pattern}, {"not", tree::Condition::Kind::Not},
    {"exists", tree::Condition::Kind::Exists}, {"forall", tree::Condition::Kind::Forall},
    {"either", tree::Condition::Kind::Either}, {"accumulate", tree::Condition::Kind::Accumulate},
    {"each", tree::Condition::Kind::Each},     {"let", tree::Condition::Kind::Let},
    {"if", tree::Condition::Kind::If},
};

template <typename F>
void describe(F& f, tree::Condition& c) {
  using Kind = tree::Condition::Kind;
  if (!f.choose(c.kind, kConditions, "condition", c.keyword)) return;
  switch (c.kind) {
    case Kind::Pattern: f.here(c.pattern); break;
    case Kind::Not: f.group("not", c.pattern, c.groups); break;
    case Kind::Exists: f.group("exists", c.pattern, c.groups); break;
    case Kind::Forall:
      f.object("forall", c.pattern, kRequired);
      f.satisfies("satisfies", c);
      break;
    case Kind::Either: f.branches("either", c.groups); break;
    case Kind::Accumulate:
      f.group("accumulate", c.pattern, c.groups);
      f.flag("skipErrors", c.skipErrors);
      f.groupBy("groupBy", c.groupBy);
      f.into("into", c.functions);
      break;
    case Kind::Each:
      f.name("each", c.name, Naming::Binding, kRequired);
      f.source("in", c.expr, kRequired);
      f.condition("where", c.where);
      break;
    case Kind::Let:
      f.name("let", c.name, Naming::Binding, kRequired);
      f.value("be", c.expr, kRequired);
      break;
    case Kind::If: f.condition("if", c.expr, kRequired); break;
  }
}

// Insert and Retract share a member, whose value tells them apart.
inline constexpr Lead<tree::Trigger::Kind> kTriggers[] = {
    {"event", tree::Trigger::Kind::Event}, {"change", tree::Trigger::Kind::Change},
    {"fact", tree::Trigger::Kind::Insert}, {"every", tree::Trigger::Kind::Every},
    {"cron", tree::Trigger::Kind::Cron},
};

template <typename F>
void describe(F& f, tree::Trigger& t) {
  using Kind = tree::Trigger::Kind;
  Span keyword;
  if (!f.choose(t.kind, kTriggers, "trigger", keyword)) return;
  switch (t.kind) {
    case Kind::Event:
      f.object("event", t.pattern, kRequired);
      f.object("at", t.at);
      break;
    case Kind::Change:
      f.name("change", t.type, Naming::QualifiedType, kRequired);
      f.name("property", t.property, Naming::Plain);
      f.flag("any", t.anyProperty);
      f.name("as", t.binding, Naming::Binding);
      f.conditions("where", t.constraints, "");
      break;
    case Kind::Insert:
    case Kind::Retract:
      f.word("fact", t.kind, {{"insert", Kind::Insert}, {"retract", Kind::Retract}}, kRequired);
      f.here(t.pattern);
      break;
    case Kind::Every:
      f.duration("every", t.every, kRequired);
      f.name("missed", t.missed, Naming::Plain);
      break;
    case Kind::Cron:
      f.text("cron", t.cron, kRequired, &t.cronSpan);
      f.text("zone", t.zone, Need::Optional, &t.zoneSpan);
      f.name("missed", t.missed, Naming::Plain);
      break;
  }
}

// Actions, steps, doings

// A clause of one may be the leading member of another (`for` after `wait`, `call` in a `step`):
// the first of these that is there counts.
inline constexpr Lead<tree::Action::Kind> kActions[] = {
    {"insert", tree::Action::Kind::Insert},
    {"upsert", tree::Action::Kind::Upsert},
    {"set", tree::Action::Kind::Set},
    {"unset", tree::Action::Kind::Unset},
    {"update", tree::Action::Kind::UpdateFields},
    {"retract", tree::Action::Kind::Retract},
    {"emit", tree::Action::Kind::Emit},
    {"step", tree::Action::Kind::Step},
    {"start", tree::Action::Kind::Start},
    {"call", tree::Action::Kind::Call},
    {"signal", tree::Action::Kind::Signal},
    {"cancel", tree::Action::Kind::Cancel},
    {"cancelEvent", tree::Action::Kind::CancelEvent},
    {"log", tree::Action::Kind::Log},
    {"wait", tree::Action::Kind::Wait},
    {"waitUntil", tree::Action::Kind::WaitUntil},
    {"find", tree::Action::Kind::Find},
    {"let", tree::Action::Kind::Let},
    {"if", tree::Action::Kind::If},
    {"for", tree::Action::Kind::For},
    {"focus", tree::Action::Kind::Focus},
    {"refresh", tree::Action::Kind::Refresh},
    {"halt", tree::Action::Kind::Halt},
    {"sleep", tree::Action::Kind::Sleep},
    {"sleepUntil", tree::Action::Kind::SleepUntil},
    {"parallel", tree::Action::Kind::Parallel},
    {"branch", tree::Action::Kind::Branch},
    {"try", tree::Action::Kind::Try},
    {"fail", tree::Action::Kind::Fail},
    {"return", tree::Action::Kind::Return},
    {"compensate", tree::Action::Kind::Compensate},
    {"restart", tree::Action::Kind::Restart},
    {"clock", tree::Action::Kind::Clock},
    {"settle", tree::Action::Kind::Settle},
    {"advance", tree::Action::Kind::Advance},
    {"crash", tree::Action::Kind::Crash},
    {"host", tree::Action::Kind::Host},
    {"replaceRules", tree::Action::Kind::Replace},
};

// The kind of a script is whether it fails.
inline constexpr Lead<bool> kScripts[] = {{"returns", false}, {"fails", true}};

template <typename F>
void describe(F& f, tree::Action::Script& s) {
  Span keyword;
  if (!f.choose(s.fails, kScripts, "script", keyword)) return;
  f.value(s.fails ? "fails" : "returns", s.value);
  f.integer("times", s.times);
}

template <typename F>
void describe(F& f, tree::Action& a) {
  using Kind = tree::Action::Kind;
  if (!f.choose(a.kind, kActions, "action", a.keyword)) return;
  switch (a.kind) {
    case Kind::Insert:
      f.made("insert", a.value);
      f.flag("logical", a.logical);
      f.flag("ifAbsent", a.ifAbsent);
      f.name("as", a.name, Naming::Binding);
      break;
    case Kind::Upsert: f.made("upsert", a.value); break;
    case Kind::Set:
      f.path("set", a.path);
      f.value("to", a.value, kRequired);
      f.flag("muted", a.muted);
      break;
    case Kind::Unset: f.path("unset", a.path); break;
    case Kind::UpdateFields:
    case Kind::UpdateWith:
      f.name("update", a.target, Naming::Plain, kRequired);
      f.fieldsOrWith(a);
      break;
    case Kind::Retract: f.name("retract", a.target, Naming::Plain, kRequired); break;
    case Kind::Emit:
      f.made("emit", a.value);
      f.value("to", a.to);
      f.value("after", a.after);
      f.value("at", a.at);
      f.value("replacing", a.replacing);
      f.word("deliver", a.deliver,
             {{"local", "local"},
              {"outside", "outside"},
              {"both", "both"},
              {"unhandled", "unhandled"}});
      break;
    case Kind::Call:
      f.name("call", a.target, Naming::Qualified, kRequired);
      f.arguments("args", a.arguments);
      f.name("as", a.name, Naming::Binding);
      break;
    case Kind::Start:
      f.name("start", a.target, Naming::Qualified, kRequired);
      f.arguments("args", a.arguments);
      f.value("key", a.key);
      f.name("as", a.name, Naming::Binding);
      break;
    case Kind::Signal:
      f.name("signal", a.target, Naming::Qualified, kRequired);
      f.value("key", a.key, kRequired);
      f.made("with", a.with);
      break;
    case Kind::Cancel:
      f.name("cancel", a.target, Naming::Qualified, kRequired);
      f.value("key", a.key, kRequired);
      break;
    case Kind::CancelEvent:
      f.value("cancelEvent", a.value, kRequired);
      f.value("to", a.to);
      break;
    case Kind::Log:
      f.word("log", a.level,
             {{"debug", "debug"}, {"info", "info"}, {"warn", "warn"}, {"error", "error"}},
             kRequired);
      f.value("text", a.value, kRequired);
      break;
    case Kind::Let:
      f.name("let", a.name, Naming::Binding, kRequired);
      f.value("be", a.value, kRequired);
      break;
    case Kind::If:
      f.condition("if", a.value, kRequired);
      f.list("do", a.body, kRequired);
      f.list("else", a.otherwise);
      break;
    case Kind::For:
      f.name("for", a.name, Naming::Binding, kRequired);
      f.patternOrSource("in", a.pattern, a.value);
      f.parallel("parallel", a.parallelFor, a.count);
      f.list("do", a.body, kRequired);
      break;
    case Kind::Focus: f.focus("focus", a.name, a.level); break;
    case Kind::Refresh: f.label("refresh", a.name); break;
    case Kind::Halt: f.only("halt"); break;
    case Kind::Step:
      f.name("step", a.name, Naming::Binding, kRequired);
      f.names("after", a.afterSteps, Naming::Plain);
      f.callOrRun(a);
      f.arguments("args", a.arguments);
      f.object("retry", a.retry);
      f.duration("timeout", a.timeout);
      f.within("undo", static_cast<bool>(a.undoFunction), [&] {
        f.name("call", a.undoFunction, Naming::Qualified, kRequired);
        f.arguments("args", a.undoArguments);
        f.flag("always", a.always);
      });
      f.flag("ignoreErrors", a.ignoreErrors);
      break;
    case Kind::Find:
      f.name("let", a.name, Naming::Binding, kRequired);
      f.object("find", a.pattern, kRequired);
      break;
    case Kind::Sleep: f.value("sleep", a.value, kRequired); break;
    case Kind::SleepUntil: f.value("sleepUntil", a.value, kRequired); break;
    case Kind::Wait:
      f.name("let", a.name, Naming::Binding);
      f.object("wait", a.pattern, kRequired);
      f.duration("for", a.duration);
      break;
    case Kind::WaitUntil:
      f.name("let", a.name, Naming::Binding);
      f.conditionsOrSource("waitUntil", a.conditions, a.value);
      f.duration("for", a.duration);
      break;
    case Kind::Parallel:
      f.list("parallel", a.body, kRequired);
      f.flag("first", a.first);
      break;
    case Kind::Branch:
      f.name("branch", a.name, Naming::Binding, kRequired);
      f.list("do", a.body, kRequired);
      break;
    case Kind::Try:
      f.list("try", a.body, kRequired);
      f.name("as", a.name, Naming::Binding);
      f.list("catch", a.otherwise, kRequired);
      break;
    case Kind::Fail: f.value("fail", a.value, kRequired); break;
    case Kind::Return: f.value("return", a.value, kRequired); break;
    case Kind::Compensate: f.only("compensate"); break;
    case Kind::Restart: f.arguments("restart", a.arguments); break;
    case Kind::Clock: f.literal("clock", a.value); break;
    case Kind::Settle: f.settle("settle", a.count); break;
    case Kind::Advance: f.duration("advance", a.duration, kRequired); break;
    case Kind::Crash: f.only("crash"); break;
    case Kind::Host:
      f.name("host", a.target, Naming::Qualified, kRequired);
      f.list("script", a.scripts, kRequired, 1);
      break;
    case Kind::Replace: f.text("replaceRules", a.file, kRequired, &a.fileSpan); break;
  }
}

// Tests

inline constexpr Lead<tree::Expect::Kind> kExpectations[] = {
    {"exists", tree::Expect::Kind::Exists}, {"not", tree::Expect::Kind::Not},
    {"count", tree::Expect::Kind::Count},   {"emitted", tree::Expect::Kind::Emitted},
    {"fired", tree::Expect::Kind::Fired},   {"called", tree::Expect::Kind::Called},
    {"flow", tree::Expect::Kind::Flow},     {"check", tree::Expect::Kind::Check},
    {"failed", tree::Expect::Kind::Failed}, {"runaway", tree::Expect::Kind::Runaway},
    {"order", tree::Expect::Kind::Order},   {"agenda", tree::Expect::Kind::Agenda},
};
// What `not` takes beside a pattern.
inline constexpr Lead<tree::Expect::Kind> kNegated[] = {{"emitted", tree::Expect::Kind::Emitted},
                                                        {"fired", tree::Expect::Kind::Fired},
                                                        {"called", tree::Expect::Kind::Called},
                                                        {"failed", tree::Expect::Kind::Failed},
                                                        {"runaway", tree::Expect::Kind::Runaway}};

template <typename F>
// What may stand after `not` as well as alone. Requires: the kind is one of kNegated.
void describeOccurrence(F& f, tree::Expect& e) {
  using Kind = tree::Expect::Kind;
  if (e.kind == Kind::Emitted) {
    f.object("emitted", e.pattern, kRequired);
  } else if (e.kind == Kind::Fired) {
    f.label("fired", e.name);
  } else if (e.kind == Kind::Failed) {
    f.label("failed", e.name);
    f.name("code", e.code, Naming::Plain);
  } else if (e.kind == Kind::Runaway) {
    f.label("runaway", e.name);
    return;  // a settling runs away or does not
  } else {
    f.name("called", e.name, Naming::Qualified, kRequired);
    f.conditions("where", e.constraints, "");
  }
  f.integer("times", e.number);
}

template <typename F>
void describe(F& f, tree::Expect& e) {
  using Kind = tree::Expect::Kind;
  Span keyword;
  // Before the kinds: `not` around an occurrence is no kind, but a mark on that.
  if (f.negation("not", e)) return;
  if (!f.choose(e.kind, kExpectations, "expectation", keyword)) return;
  switch (e.kind) {
    case Kind::Exists: f.object("exists", e.pattern, kRequired); break;
    case Kind::Not: f.object("not", e.pattern, kRequired); break;
    case Kind::Count:
      f.object("count", e.pattern, kRequired);
      f.comparison(e.op, e.number, e.value);
      break;
    case Kind::Emitted:
    case Kind::Fired:
    case Kind::Called:
    case Kind::Failed:
    case Kind::Runaway: describeOccurrence(f, e); break;
    case Kind::Flow:
      f.name("flow", e.name, Naming::Qualified, kRequired);
      f.value("key", e.value);
      f.name("state", e.state, Naming::Plain, kRequired);
      break;
    case Kind::Check: f.condition("check", e.value, kRequired); break;
    case Kind::Order: f.labels("order", e.names); break;
    case Kind::Agenda: f.labels("agenda", e.names); break;
  }
}

inline constexpr Lead<tree::TestSection::Kind> kSections[] = {
    {"given", tree::TestSection::Kind::Given},
    {"when", tree::TestSection::Kind::When},
    {"expect", tree::TestSection::Kind::Expect}};

template <typename F>
void describe(F& f, tree::TestSection& s) {
  using Kind = tree::TestSection::Kind;
  Span keyword;
  if (!f.choose(s.kind, kSections, "part of a test", keyword)) return;
  switch (s.kind) {
    case Kind::Given: f.list("given", s.doings, kRequired); break;
    case Kind::When: f.list("when", s.doings, kRequired); break;
    case Kind::Expect: f.list("expect", s.expects, kRequired); break;
  }
}

// Declarations

template <typename F>
void describe(F& f, tree::TableRow& r) {
  f.cells("in", r.cells);
  f.values("out", r.results);
}

template <typename F>
void describe(F& f, tree::TestCase& c) {
  f.values("values", c.values);
}

template <typename F>
void describe(F& f, tree::Local& l) {
  f.name("name", l.name, Naming::Binding, kRequired);
  f.value("be", l.value);
}

template <typename F>
void describe(F& f, tree::Handler& h) {
  f.name("as", h.error, Naming::Binding);
  f.list("do", h.body, kRequired);
}

inline constexpr Lead<tree::Declaration::Kind> kDeclarations[] = {
    {"fact", tree::Declaration::Kind::Fact},       {"event", tree::Declaration::Kind::Event},
    {"subject", tree::Declaration::Kind::Subject}, {"enum", tree::Declaration::Kind::Enum},
    {"const", tree::Declaration::Kind::Const},     {"function", tree::Declaration::Kind::Function},
    {"host", tree::Declaration::Kind::Host},       {"table", tree::Declaration::Kind::Table},
    {"rule", tree::Declaration::Kind::Rule},       {"query", tree::Declaration::Kind::Query},
    {"flow", tree::Declaration::Kind::Flow},       {"test", tree::Declaration::Kind::Test},
    {"given", tree::Declaration::Kind::Given},
};

template <typename F>
void describeAttributes(F& f, tree::Declaration& d) {
  f.value("salience", d.salience);
  f.flag("eachCycle", d.eachCycle);
  f.label("group", d.group, Need::Optional);
  f.flag("autoFocus", d.autoFocus, &d.autoFocusSpan);
  f.label("exclusive", d.exclusive, Need::Optional);
  f.once("once", d);
  f.flag("noLoop", d.noLoop);
  f.flag("repeat", d.repeat, &d.repeatSpan);
  f.flag("disabled", d.disabled);
  f.names("allow", d.allow, Naming::Plain);
  f.texts("tags", d.tags);
  f.text("from", d.effectiveFrom, Need::Optional, &d.fromSpan);
  f.text("to", d.effectiveTo, Need::Optional, &d.toSpan);
  f.text("zone", d.effectiveZone, Need::Optional, &d.effectiveZoneSpan);
}

// ORDER: the members of describeAttributes; one that is missing here would not be written.
inline bool hasAttributes(const tree::Declaration& d) {
  return d.salience || d.group || d.autoFocus || d.exclusive || d.once || d.noLoop || d.repeat ||
         d.disabled || !d.allow.empty() || !d.tags.empty() || !d.effectiveFrom.empty() ||
         !d.effectiveTo.empty() || !d.effectiveZone.empty();
}

template <typename F>
void describe(F& f, tree::Declaration& d) {
  using Kind = tree::Declaration::Kind;
  if (!f.chooseBy("kind", d.kind, kDeclarations, "declaration")) return;
  f.text("doc", d.doc);
  switch (d.kind) {
    case Kind::Fact:
    case Kind::Event:
    case Kind::Subject:
      f.name("name", d.name, Naming::Type, kRequired);
      if (d.kind != Kind::Fact) f.text("as", d.as, Need::Optional, &d.asSpan);
      if (d.kind == Kind::Event) f.duration("expires", d.expires);
      if (d.kind == Kind::Fact) f.flag("set", d.asSet, &d.asSpan);
      if (d.kind != Kind::Event) f.flag("open", d.open);
      f.list("fields", d.fields, kRequired);
      break;
    case Kind::Enum:
      f.name("name", d.name, Naming::Type, kRequired);
      f.names("values", d.values, Naming::Plain, kRequired);
      break;
    case Kind::Const:
      f.name("name", d.name, Naming::Plain, kRequired);
      f.type("type", d.result);
      f.value("value", d.value, kRequired);
      break;
    case Kind::Function:
      f.name("name", d.name, Naming::Binding, kRequired);
      f.params("params", d.params, kRequired);
      f.type("result", d.result, kRequired);
      f.list("let", d.locals);
      f.source("value", d.value, kRequired);
      break;
    case Kind::Host:
      f.name("name", d.name, Naming::Qualified, kRequired);
      f.flag("pure", d.pure);
      f.params("params", d.params, kRequired);
      f.type("result", d.result);
      break;
    case Kind::Table:
      f.name("name", d.name, Naming::Binding, kRequired);
      f.params("params", d.params, kRequired);
      f.typeOrParams("result", d.result, d.results);
      f.names("by", d.by, Naming::Plain);
      f.hit("hit", d.hit, d.hitSpan);
      f.text("from", d.rowsFrom, Need::Optional, &d.rowsFromSpan);
      f.names("allow", d.allow, Naming::Plain);
      f.list("rows", d.rows, kRequired);
      f.value("default", d.otherwise);
      break;
    case Kind::Rule:
      f.label("name", d.name);
      f.within("attributes", hasAttributes(d), [&] { describeAttributes(f, d); });
      f.object("on", d.on);
      f.list("or", d.orOn);
      f.list("when", d.when);
      f.list("then", d.then, kRequired);
      break;
    case Kind::Query:
      f.name("name", d.name, Naming::Binding, kRequired);
      f.params("params", d.params, kRequired);
      f.list("when", d.when, kRequired);
      break;
    case Kind::Flow:
      f.name("name", d.name, Naming::Plain, kRequired);
      f.params("params", d.params, kRequired);
      f.type("result", d.result);
      f.value("key", d.key);
      f.duration("timeout", d.timeout);
      f.object("retry", d.retry);
      f.integer("version", d.version);
      f.names("allow", d.allow, Naming::Plain);
      f.list("do", d.then, kRequired);
      f.handlers("handlers", d.handlers);
      break;
    case Kind::Test:
      f.label("name", d.name);
      f.within("for", !d.caseNames.empty(), [&] {
        f.names("names", d.caseNames, Naming::Binding, kRequired);
        f.list("cases", d.cases, kRequired, 1);
      });
      f.name("strategy", d.strategy, Naming::Plain);
      f.list("steps", d.sections, kRequired);
      break;
    case Kind::Given: f.list("do", d.then, kRequired); break;
  }
}

template <typename F>
// The root of every document.
void describe(F& f, tree::Module& m) {
  f.ignored("$schema");
  f.version("form", 1);
  f.name("module", m.name, Naming::Qualified);
  f.list("imports", m.imports);
  f.list("declarations", m.declarations, kRequired);
}

}  // namespace reticle::form
