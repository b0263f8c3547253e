// The tree of a rule module as written: what the parser builds and the model reads.
//
// Every node keeps the span of its whole text; names keep their own spans, so that a diagnostic can
// point at the word. A part that could not be read is left out or holds a Poison expression;
// those who read the tree stay silent about those.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expression/expr.h"

namespace reticle::tree {

// A word that names something; empty when it is absent or could not be read.
struct Name {
  std::string text;
  Span span;
  explicit operator bool() const { return !text.empty(); }
};

// list<T>, map<K, V>, enum("a", "b"), a name; with `?`.
struct TypeUse {
  std::string name;  // "list", "map", "enum", "string", "Band", "shop.Order"
  std::vector<TypeUse> arguments;
  std::vector<std::string> values;  // enum("a", "b")
  bool optional = false;
  Span span;
};

// A field of a type, a parameter, or one of several results of a table.
struct Field {
  Name name;
  TypeUse type;
  bool key = false, ext = false;
  std::optional<Expr> initial;  // = e
  std::optional<std::int64_t> max;
  std::vector<Expr> where;
  std::string doc;
  Span span;
};

// A span of time as written: the value, and the place for what is said about it.
struct Duration {
  Span64 value = 0;
  Span span;
  std::optional<Expr> expr = {};  // instead of a literal: a constant, or for `held` any expression
};

struct Pattern;
struct Condition;
struct Action;

// What follows a pattern and asks for something of time: a window, `held`, or the distance to the
// event of another binding.
struct Suffix {
  enum class Kind { OverLast, OverLastCount, Held, After, Before, WithinOf } kind{};
  Name of;  // After, Before, WithinOf
  std::optional<Duration> duration;
  std::int64_t count = 0;
  std::optional<Expr> by;  // OverLastCount: of each value of it, the newest ones
  Span span;
};

// The facts of a type that satisfy all constraints.
struct Pattern {
  Name binding;  // may be empty
  Name type;
  std::vector<Expr> constraints;
  std::vector<Suffix> suffixes;
  Span span;
};

// `total = sum(i.qty)`; count has no argument, percentile two.
struct AccumulateFunction {
  Name result;
  Name function;
  std::optional<Expr> argument, second;
  Span span;
};
// `key = o.customerId` of `group by`.
struct GroupKey {
  Name name;
  Expr value;
};

// One condition of `when`, a query or `wait until`; which members are used depends on the kind.
struct Condition {
  enum class Kind { Pattern, Not, Exists, Forall, Either, Accumulate, Each, Let, If } kind{};
  Span span;
  Span keyword;  // `not`, `if`, …
  // Pattern; Not, Exists, Accumulate over a single pattern; Forall
  std::optional<Pattern> pattern;
  // Not, Exists, Accumulate over { … }: one; Either: its branches; Forall … satisfies { … }: one
  std::vector<std::vector<Condition>> groups;
  std::optional<Expr> expr;   // Let, If, Each (the list), Forall … satisfies ( … )
  std::optional<Expr> where;  // Each
  Name name;                  // Let, Each
  bool skipErrors = false;
  std::vector<GroupKey> groupBy;
  std::vector<AccumulateFunction> functions;
};

// `name: value` of a call, a step, a restart or an update.
struct Argument {
  Name name;
  Expr value;
};

// How a step, or every step of a flow, is tried again.
struct Retry {
  bool forever = false;
  std::int64_t times = 0;
  std::optional<Expr> condition;
  enum class Backoff { None, Constant, Linear, Exponential } backoff = Backoff::None;
  std::optional<Duration> delay;  // the first pause, where there is a backoff
  std::optional<Duration> max;    // the longest one; none: no bound
  double jitter = 0;
  Span span;
};

// An action of a rule, a step of a flow, or a doing of a test: one list of kinds, since flows and
// tests may hold actions.
struct Action {
  enum class Kind {
    Insert,
    Upsert,
    Set,
    Unset,
    UpdateFields,
    UpdateWith,
    Retract,
    Emit,
    Call,
    Start,
    Signal,
    Cancel,
    CancelEvent,
    Log,
    Let,
    If,
    For,
    Focus,
    Refresh,
    Halt,
    Step,
    Find,
    Sleep,
    SleepUntil,
    Wait,
    WaitUntil,
    Parallel,
    Branch,
    Try,
    Fail,
    Return,
    Compensate,
    Restart,
    Clock,
    Settle,
    Advance,
    Crash,
    Host,
    Replace,
  } kind{};
  Span span;
  Span keyword;
  bool logical = false;   // insert logical
  bool ifAbsent = false;  // insert if absent
  bool muted = false;     // set muted
  // emit … deliver: "local", "outside", "both", "unhandled"; empty when not written
  std::string deliver;
  bool first = false;   // parallel first
  bool run = false;     // step x = run Flow(…)
  bool always = false;  // undo always
  bool ignoreErrors = false;
  bool parallelFor = false;
  // the main expression: what is inserted, set, emitted, logged, returned, the list of for, the
  // condition of if, the name of `cancel event`
  std::optional<Expr> value;
  std::vector<Name> path;  // set a.b = …: a, b
  // binding: `as x`, let x, for x in, step x, branch x, catch x, focus g; refresh: the rule
  Name name;
  // update x, retract x; call/start/signal/cancel/host: qualified function or flow
  Name target;
  std::vector<Argument> arguments;  // call, start, step, restart, update {…}
  std::optional<Expr> to, after, at, replacing, key, with;
  std::string level;                    // log; focus: "pop", "clear", "return" for a group
  std::vector<Action> body, otherwise;  // if, for, parallel, branch, try (otherwise = catch)
  std::optional<Pattern> pattern;       // wait, find, for x in Pattern
  std::vector<Condition> conditions;    // wait until { … }
  std::optional<Duration> duration;     // wait … for, advance, every
  std::vector<Name> afterSteps;         // step x after a, b
  std::optional<Retry> retry;
  std::optional<Duration> timeout;
  Name undoFunction;
  std::vector<Argument> undoArguments;
  std::int64_t count = -1;  // settle n; for … parallel max n
  // What a host function does when a test calls it: `times` times, or from then on (-1).
  struct Script {
    bool fails = false;
    Expr value;
    std::int64_t times = -1;
    Span span;
  };
  std::vector<Script> scripts;  // host f returns … then fails …
  std::string file;             // replace rules with "other.rules"
  Span fileSpan;                // of that text, with its quotes
};

// What a test expects; an occurrence (Emitted, Fired, Called, Failed, Runaway) may be negated, and
// all but the last of them counted.
struct Expect {
  // ORDER: the names in form/dump.cpp and form/printer.cpp, the kinds in check_expect.cpp
  enum class Kind {
    Exists,
    Not,
    Count,
    Emitted,
    Fired,
    Called,
    Flow,
    Check,
    Failed,
    Runaway,
    Order,
    Agenda
  } kind{};
  Span span;
  bool negated = false;
  std::optional<Pattern> pattern;  // Exists, Not, Count, Emitted
  Name name;                       // Fired, Failed, Runaway, Called, Flow; Flow's state in `state`
  Name state;
  Name code;                           // Failed: with which code; none: with any
  std::vector<Name> names;             // Order, Agenda: rules
  std::vector<Expr> constraints;       // Called
  Operator op = Operator::None;        // Count
  std::optional<std::int64_t> number;  // Count; … times
  std::optional<Expr> value;           // Check; Flow's key; Count, instead of a number
};

// A part of a test, in the order of its text: sections may repeat.
struct TestSection {
  enum class Kind { Given, When, Expect } kind{};
  std::vector<Action> doings;
  std::vector<reticle::tree::Expect> expects;
  Span span;
};

// One case of a test that is carried out with several: a value for each name.
struct TestCase {
  std::vector<Expr> values;
  Span span;
};

// `let x = e` in the body of a function.
struct Local {
  Name name;
  Expr value;
  Span span;
};

// What sets a rule off, after `on`.
struct Trigger {
  enum class Kind { Event, Change, Insert, Retract, Every, Cron } kind{};
  std::optional<Pattern> pattern, at;  // Event [at], Insert, Retract
  Name binding, type, property;        // Change; no property: of any …
  bool anyProperty = false;            // … as is written: S.*
  std::vector<Expr> constraints;       // Change
  std::optional<Duration> every;
  std::string cron;
  Span cronSpan;     // of the text of `cron`, with its quotes
  std::string zone;  // Cron; empty: UTC
  Span zoneSpan;
  Name missed;  // Every, Cron: "all", "once", "none"; empty: all
  Span span;
};

// one test of a table cell; a cell is a list of these, any of which may hold
struct Cell {
  enum class Kind { Any, If, Compare, Range, Equal } kind{};
  Operator op = Operator::None;  // Compare: relation; Range: Inclusive / Exclusive
  bool openStart = false;        // Range: its first end is left out, `(30..60]`
  std::vector<Expr> operands;
  Span span;
};
// One cell for each column, and one result for each result of the table.
struct TableRow {
  std::vector<std::vector<Cell>> cells;
  std::vector<Expr> results;
  Span span;
};

// "failure", "cancel", "timeout"
struct Handler {
  std::string on;
  Name error;
  std::vector<Action> body;
  Span span;
};

// Any declaration: one list of members for all kinds, grouped below by the kinds that use them.
struct Declaration {
  enum class Kind {
    Fact,
    Event,
    Subject,
    Enum,
    Const,
    Function,
    Host,
    Table,
    Rule,
    Query,
    Flow,
    Test,
    Given  // what every session begins with: its actions in `then`, no name
  } kind{};
  Name name;
  std::string doc;
  Span span;  // whole declaration
  // from its keyword to the end of its name: what an outline shows
  Span head;
  // Fact, Event, Subject
  std::vector<Field> fields;
  std::string as;  // wire name; name template of a subject
  Span asSpan;
  bool open = false;
  bool asSet = false;  // Fact: `as set`, at asSpan
  std::optional<Duration> expires;
  // Enum
  std::vector<Name> values;
  // Const, Function, Host, Table, Query, Flow
  std::vector<Field> params;
  std::optional<TypeUse> result;
  std::vector<Field> results;  // table with several results
  std::optional<Expr> value;
  std::vector<Local> locals;  // Function
  bool pure = false;
  std::vector<Name> by;
  std::string hit = "unique";  // "unique" "first" "any" "collect" "collect sum" …
  Span hitSpan;                // `hit unique`; empty when not written
  std::vector<TableRow> rows;
  std::optional<Expr> otherwise;  // default => e
  std::string rowsFrom;           // from "rates.csv": the file that the rows are in
  Span rowsFromSpan;              // of that text, with its quotes
  // Rule
  std::optional<Expr> salience, oncePer;
  Name group, exclusive;
  bool autoFocus = false, once = false, noLoop = false, repeat = false, disabled = false;
  std::vector<Name> allow;  // also Table
  std::vector<std::string> tags;
  std::string effectiveFrom, effectiveTo;
  Span fromSpan, toSpan;      // of the two dates, with their quotes
  std::string effectiveZone;  // of dates alone; empty: UTC
  Span effectiveZoneSpan;
  Span autoFocusSpan, onceSpan, repeatSpan;  // of these words
  bool eachCycle = false;                    // salience … each cycle
  std::optional<Trigger> on;
  std::vector<Trigger> orOn;    // on … or …: further triggers
  std::vector<Condition> when;  // also Query
  std::vector<Action> then;     // also Flow: its steps; Given
  // Flow
  std::optional<Expr> key;
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  std::optional<std::int64_t> version;
  std::vector<Handler> handlers;
  // Test: `for (names) in [cases]`, `with strategy s`
  std::vector<TestSection> sections;
  std::vector<Name> caseNames;
  std::vector<TestCase> cases;
  Span casesSpan;
  Name strategy;
};

// `import shop.orders as orders`
struct Import {
  Name module;
  Name alias;
  Span span;
};

// One file.
struct Module {
  Name name;  // may be empty
  std::vector<Import> imports;
  std::vector<Declaration> declarations;
  std::uint32_t file = 0;
};

}  // namespace reticle::tree
