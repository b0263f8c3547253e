// A checked rule program: every name resolved, every expression typed and compiled. What the
// network builder, the session, the flows and the tests read; made once, never changed.
//
// Rows and locals. A match of a rule is a sequence of facts, called rows 0, 1, 2, … in the order
// written: one for each positive pattern (a trigger's patterns come first), then for an `either`
// one for each fact that all its branches bind. A pattern under `not`, `exists`, `forall` or
// `accumulate` sees its candidate as the row after the last one bound before it. Inside a group `{
// … }` the candidates are further rows in the same manner; they end with the group, and what
// follows the group uses their numbers again:
//
//   a: A              row 0
//   not {             (rows 1, 2: only inside)
//     b: B            row 1
//     c: C            row 2
//   }
//   d: D              row 1
//
// Values bound by `let`, `each`, `accumulate` and `group by` in conditions, then by `let`, `for`
// and `as` in actions, are locals 0, 1, 2, … The local of a group ends with it too, but its number
// is never used again in the same rule.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expression/code.h"
#include "expression/expr.h"
#include "expression/type.h"
#include "model/table.h"
#include "reticle/diagnostic.h"
#include "reticle/ids.h"
#include "reticle/input.h"
#include "reticle/options.h"
#include "syntax/accumulate_functions.h"

namespace reticle::model {

// A checked expression with its compiled form. The tree stays for analysis (which rows and fields
// it reads).
struct Expression {
  Expr tree;
  Code code;
  bool present() const { return !code.empty(); }
};

struct Field {
  std::string name;
  Type type;
  bool key = false, ext = false;
  bool hidden = false;  // filled in by the engine, see FactType
  // hidden, and for the engine alone (see FactType::stage): no expression of the author's reads it
  bool internal = false;
  // no rows, no locals; absent: must be given, unless the type is optional (then null)
  Expression initial;
  std::vector<Expression> checks;  // `where`: the fact is row 0
  std::int64_t max = -1;           // bound on size; -1 none
  std::string doc;
  Span span;
};

enum class FactKind : std::uint8_t { Fact, Subject, Event };

// Hidden fields stand after the declared ones and are reached as `x.meta.<name>`:
//   Event:   meta.id string, meta.subject string?, meta.time timestamp, meta.type string,
//            meta.source string, meta.cause string?
//   Subject: meta.name string
// and, behind that, for `open` facts and subjects one field "…" (map<string, any>) with what is not
// declared.
struct FactType {
  TypeId id{};
  std::string name;  // "Device"
  FactKind kind = FactKind::Fact;
  std::string wireName;  // event: `as`, else the name
  // subject: `as` as written, "device|{id}"; else "{<key>}" or the type's name
  std::string nameTemplate;
  Expression subjectName;  // subject: gives the name from row 0
  bool open = false;
  // Equal facts are one. All declared fields, and the undeclared ones of an open type, are its
  // `keys` then, although none is called so.
  bool asSet = false;
  bool builtin = false;  // Clock; change events
  std::optional<Span64> expires;
  std::vector<Field> fields;
  std::uint32_t declared = 0;  // fields before this position are declared, the others hidden
  std::vector<FieldId> keys;
  std::string doc;
  Span span;
  // A change event (`on change d: Device.p`): its subject type and property (the hidden "…" for an
  // undeclared one); fields `old`, `new`.
  std::optional<std::pair<TypeId, FieldId>> changeOf;

  // What time and triggers need; worked out by arrangeTime() (model/time.h) for a program that is
  // to run. Internal fields, where rules need them:
  //   …stage   int, events: which of `lifetimes` the event has reached; 0 is the first. Patterns
  //            test it, so that each sees the event as long as it may
  //   …order   int, events: counts up with each event, to tell earlier from later at one moment
  //   …phase   int, facts and subjects (see Phase)
  //   …barred  list<int>, facts and subjects: rules `on insert` that do not fire for this fact any
  //            more, since it did not satisfy their pattern throughout
  //   …since   timestamp?, facts and subjects: since when the fact satisfies the pattern of a
  //            `held`, without a break (see Stretch)
  std::optional<FieldId> stage, order, phase, barred;
  // ascending: for how long patterns see an event of this type; 0: in its own turn; empty: nothing
  // sees it
  std::vector<Span64> lifetimes;
  std::vector<RuleId> onInsert;  // rules that fire when a fact of this type is inserted
  bool onRetract = false;        // some rule fires when one is retracted
  // events: some pattern sees one for ever. Without it those of lifetime kForever go when no `over
  // last n` holds them
  bool endless = false;
  // tests: the fact is row 0; reads: as FieldMask
  struct Stretch {
    FieldId since{};
    std::vector<Expression> tests;
    std::uint64_t reads = 0;
    std::string text;
  };
  std::vector<Stretch> stretches;

  // declared or hidden ("meta.subject")
  std::optional<FieldId> find(std::string_view field) const;
  // Requires: open
  FieldId undeclared() const {
    return FieldId{kind == FactKind::Subject ? declared + 1 : declared};
  }
};

// Clock, and its field `zone`. ORDER: Facts::addClock
constexpr TypeId kClockType{0};
constexpr FieldId kClockZone{4};

constexpr Span64 kForever = std::numeric_limits<Span64>::max();

// Of facts whose type has rules `on insert` or `on retract`.
// Fresh: inserted in this turn. Gone: retracted in this turn; only `on retract` sees it
enum class Phase : std::uint8_t { Settled, Fresh, Gone };

struct Constraint {
  Expression test;
  // reads the candidate only; as long as it holds, what it reads renews no match
  bool internal = false;
};

// What a pattern asks of time beside its constraints.
struct Suffix {
  enum class Kind : std::uint8_t {
    OverLast,       // of the events of the last `duration` only
    OverLastCount,  // of the newest `count` events or facts only
    Held,           // true without a break for `duration`
    // the candidate, an event, happened after (before) the event in row `row`; not more than
    // `duration` from it, when given
    After,
    Before,
    WithinOf,  // … not more than `duration` from it, on either side
  } kind{};
  std::optional<Span64> duration;
  Expression held;  // Held: for as long as this says, when that is no constant
  std::int64_t count = 0;
  Expression by;  // OverLastCount: reads the candidate alone; a window for each of its values
  std::uint32_t row = 0;
  Span span;
};

// A pattern: which facts of `type`, seen as row `row`, satisfy all constraints.
struct Pattern {
  TypeId type{};
  std::uint32_t row = 0;
  std::string binding;  // may be empty
  std::vector<Constraint> constraints;
  std::vector<Suffix> suffixes;  // at most one window, one `held`, any number of distances
  Span span;
  std::string text;  // canonical, for people: `c: Customer(loggedIn)`
};

struct AccumulateFunction {
  using Kind = AccumulateKind;
  Kind kind{};
  Expression argument;  // absent for count; sees the candidate's row
  // Percentile: which part of all values is not above the result, share of whole
  std::int64_t share = 0, whole = 1;
  std::uint32_t local = 0;  // where the result goes
  std::string name;
  Type result;
};

// `group by name = value`: sees what the argument of a function sees.
struct GroupKey {
  Expression value;
  // where it goes: after the condition there is one match for each combination of values
  std::uint32_t local = 0;
  std::string name;
  Type type;
};

// A name that all branches of an `either` bind alike, and that is known after it.
struct Export {
  std::string name;
  Type type;
  bool fact = false;  // row `to` after the `either`, else local `to`
  std::uint32_t to = 0;
  std::vector<std::uint32_t> from;  // its row (local) in each branch
};

// Shapes, by kind:
//   Pattern                 pattern
//   Not, Exists             pattern; or groups[0], then `pattern` says nothing
//   Forall                  pattern (the candidates), and expr that must be true of each; or
//                           groups[0] that must hold for each
//   Either                  groups: the branches, at least two; exports
//   Accumulate              pattern or groups[0]; functions, groupBy, skipErrors
//   Each                    expr: a list, a map (its keys are walked), or any; where (may be
//                           absent); local, name
//   Let                     expr, local, name
//   If                      expr
//
// In a program that is to run only Let and If ask `passed` (see arrangeTime() in model/time.h).
struct Condition {
  enum class Kind : std::uint8_t {
    Pattern,
    Not,
    Exists,
    Accumulate,
    Let,
    If,
    Forall,
    Either,
    Each
  } kind{};
  Pattern pattern;
  std::vector<std::vector<Condition>> groups;
  Expression expr;
  Expression where;
  std::uint32_t local = 0;
  std::string name;
  std::vector<AccumulateFunction> functions;
  std::vector<GroupKey> groupBy;
  std::vector<Export> exports;
  bool skipErrors = false;
  // Let: not `expr`, but since when what stands in front is true of the same facts, without a
  // break. See arrangeTime()
  bool since = false;
  // Set on the patterns that a trigger wrote: the event of `on E`, the change event of `on change`,
  // the fact of `on insert` and `on retract`.
  // The change event pattern is followed by the subject's pattern, which holds the join on
  // meta.name == meta.subject as its first constraint.
  enum class Origin : std::uint8_t {
    When,
    Event,
    At,
    Change,
    Insert,
    Retract
  } origin = Origin::When;
  Span span;
  std::string text;

  // Whether `pattern` says something (its type is otherwise that of the first declaration).
  bool hasPattern() const {
    return kind == Kind::Pattern || kind == Kind::Forall ||
           ((kind == Kind::Not || kind == Kind::Exists || kind == Kind::Accumulate) &&
            groups.empty());
  }
};

// When `on cron` fires: a point of time, in minutes, whose parts are all in these sets (bit n: the
// value n), in the zone of the trigger.
// As is usual, when both days are restricted (no `*`) one of the two is enough.
struct CronPlan {
  std::uint64_t minutes = 0;   // 0..59
  std::uint32_t hours = 0;     // 0..23
  std::uint32_t days = 0;      // 1..31
  std::uint32_t months = 0;    // 1..12
  std::uint32_t weekdays = 0;  // 0..6, Sunday is 0
  bool anyDay = false, anyWeekday = false;
};

// What sets a rule off. Event, Change, Insert and Retract are also the first of its conditions (see
// Condition::origin); Every and Cron bind nothing and stand in no condition: the rule fires for
// each match of its conditions, or once when it has none, each time the moment comes.
struct Trigger {
  enum class Kind : std::uint8_t { None, Event, Change, Insert, Retract, Every, Cron } kind{};
  Span64 every = 0;
  std::string cron;  // as written
  CronPlan plan;
  std::string zone;  // Cron: in which its fields are read; empty: UTC
  Span zoneSpan;
  // Every, Cron: which of several moments that pass in one movement of the clock it fires at. Once:
  // the last one. None: the last one too, if the clock goes on by no more than kOnTime past it
  enum class Missed : std::uint8_t { All, Once, None } missed = Missed::All;
  Span span;
};

constexpr Span64 kOnTime = 60'000'000;

struct Action;

struct NamedExpression {
  FieldId field{};
  std::string name;
  Expression value;
};

struct Retry {
  bool forever = false;
  std::int64_t times = 0;  // attempts beyond the first
  Expression condition;    // local `err` is the last local
  enum class Backoff : std::uint8_t { None, Constant, Linear, Exponential } backoff = Backoff::None;
  Span64 delay = 0, max = 0;
  double jitter = 0;
};

// An action of a rule or a step of a flow; tests use them too.
struct Action {
  enum class Kind : std::uint8_t {
    Insert,
    InsertLogical,
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
    ForFacts,
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
  // Insert…, Upsert, Emit, Signal (the event); the type of `target` for Set, Unset, Update…
  TypeId type{};
  // Insert…, Upsert, Emit, Signal, UpdateFields; Set, Unset: one (hidden field "…" and `name` for
  // an
  std::vector<NamedExpression> fields;
  // undeclared property, with an empty name all of them; Unset: without a value)
  // Set, Unset: which entry of the property, when that is a map: c, d of `set a.b.c.d`
  std::vector<std::string> part;
  bool muted = false;     // Set: raises no change event
  bool ifAbsent = false;  // Insert: nothing where a fact of its key is there
  // Set, Unset, Update…, Retract: gives a fact reference; Emit, CancelEvent: `to`, gives a fact
  // reference or a subject's name
  Expression target;
  // UpdateWith, Log, Let, If, For (the list), Sleep…, Fail, Return, Clock, Advance
  Expression value;
  Expression after, at;  // Emit: later by this duration, or at this time
  // Emit: what names the event while it waits, together with its subject; a waiting one of both
  // names is dropped. CancelEvent: which one
  Expression replacing;
  Delivery deliver = Delivery::Both;  // Emit
  // Start, Signal, Cancel; absent: the flow's own key expression
  Expression key;
  // where a binding goes: Insert as, Start as (the run's key as a text), Let, For, ForFacts, Step,
  // Find, Wait,
  std::optional<std::uint32_t> local;
  // WaitUntil (whether it came to hold), Try (what
  // failed, for `otherwise`)
  std::string level;  // Log; Focus: "pop", "clear", "return" instead of a group
  // Step, Branch: its name; Start, Signal, Cancel: the flow's; Focus: the group's; Refresh: the
  // rule's; Call, Host: the
  // function's; Replace: the file's, as written
  std::string name;
  FlowId flow{};
  FunctionId function{};  // Start, Signal, Cancel, Step; Call, Step, Host
  bool runsFlow = false;  // Step: `run Flow(…)`
  // Call, Start, Step, Restart: by parameter position (field), missing ones filled with defaults
  std::vector<NamedExpression> arguments;
  // Step inside of Parallel: parts of the same Parallel that must have ended; never a cycle
  std::vector<std::string> afterParts;
  // If, For, ForFacts, Parallel (its parts, all begun at once but for `after`), Branch, Try
  // (`otherwise`: catch)
  std::vector<Action> body, otherwise;
  // Parallel: the first part to end ends the others; what those bind is null
  bool first = false;
  // of a part of Parallel: the locals that it binds are those from one number up to another
  std::uint32_t localsBegin = 0, localsEnd = 0;
  // For, ForFacts: all elements at the same time, `count` of them when that is not -1
  bool atOnce = false;
  // ForFacts, Find, Wait: its row is row 0 of a frame of its own beside the run's locals
  std::optional<Pattern> pattern;
  // WaitUntil, unless `value` is asked: rows from 0 on in a frame of its own, locals among the
  // run's. `kept`: facts that are named after the wait.
  std::vector<Condition> conditions;
  std::uint32_t rows = 0;
  struct Kept {
    std::uint32_t row = 0, local = 0;
  };
  std::vector<Kept> kept;
  // Wait…, WaitUntil … for: then all that they bind is null
  std::optional<Span64> duration;
  std::optional<Retry> retry;     // Step; absent: the flow's
  std::optional<Span64> timeout;  // Step
  std::optional<FunctionId> undoFunction;
  std::vector<NamedExpression> undoArguments;
  bool undoAlways = false, ignoreErrors = false;
  std::int64_t count = -1;  // Settle, For…
  struct Script {
    bool fails = false;
    Expression value;
    std::int64_t times = -1;
  };
  std::vector<Script> scripts;  // Host
  std::string text;             // canonical, for people
};

struct Rule {
  RuleId id{};
  std::string name;
  Expression salience;                        // constant in most rules; sees rows and locals
  std::optional<std::int64_t> fixedSalience;  // when it is a constant (0 when not written)
  bool eachCycle = false;                     // the salience is computed again before each firing
  // fires only while this group has the focus, if anything ever gives it; may be empty
  std::string group;
  bool autoFocus = false;  // gives its group the focus when it can fire
  // of the activations of this group only the first one fires; may be empty
  std::string exclusive;
  bool noLoop = false, repeat = false, disabled = false;
  bool once = false;                  // also with `oncePer`
  Expression oncePer;                 // sees rows and locals of the conditions
  std::optional<Time> effectiveFrom;  // fires from then on …
  std::optional<Time> effectiveTo;    // … and no more from then on
  // Both are what the clocks of this zone show, as if it were UTC; empty: they are moments
  std::string effectiveZone;
  bool fromInZone = false, toInZone = false;
  std::vector<std::string> tags;
  Trigger trigger;
  // Of several triggers `trigger` is the first; the first condition is then an `either` of what
  // each of them waits for, and makes known which event or fact it was (a local).
  //
  // Whether the rule fires once for each event (also a change), each fact that comes or goes,
  // whatever it changes: it has a trigger of that kind, and is not `repeat`.
  bool oncePerEvent = false, oncePerNews = false;
  std::vector<Condition> conditions;  // trigger first
  std::vector<Action> actions;
  std::uint32_t rows = 0;  // facts of a match
  // the most facts seen at once: those of a match, and candidates inside groups
  std::uint32_t frameRows = 0;
  std::uint32_t conditionLocals = 0;  // locals bound by conditions
  std::uint32_t locals = 0;           // all locals
  // of those, beside the first: what conclusions and attributes ask of other
  // facts, bound by the last conditions
  std::vector<std::uint32_t> asked;
  std::vector<std::string> bindings;  // by row; empty where unnamed
  std::vector<TypeId> rowTypes;
  std::vector<std::pair<std::string, Type>> localNames;  // by local
  std::string doc;
  Span span, nameSpan;
};

struct Param {
  std::string name;
  Type type;
  Expression initial;
};

struct Host {
  FunctionId id{};
  std::string name;
  bool pure = false;
  std::vector<Param> params;
  std::optional<Type> result;
  Span span;
};

// Parameters are locals 0..n-1 of the conditions' frame.
struct Query {
  QueryId id{};
  std::string name;
  std::vector<Param> params;
  std::vector<Condition> conditions;
  std::uint32_t rows = 0, locals = 0;
  std::uint32_t frameRows = 0;  // see Rule
  std::vector<std::string> bindings;
  // from params.size() on: what an answer holds beside its bindings (unnamed: nothing)
  std::vector<std::pair<std::string, Type>> localNames;
  // nothing it binds can be there twice: there is one answer, and a call in an expression gives
  // that map instead of a list
  bool single = false;
  Span span;
};

// Parameters are locals 0..n-1.
struct Flow {
  FlowId id{};
  std::string name;
  std::vector<Param> params;
  std::optional<Type> result;
  Expression key;
  std::optional<Span64> timeout;
  std::optional<Retry> retry;
  // Runs go on with the version they began with; new ones begin with the newest.
  std::optional<std::int64_t> version;
  FlowId newest{};  // of all versions of this flow; itself when there is one
  std::vector<Action> steps;
  struct Handler {
    std::string on;
    std::optional<std::uint32_t> error;
    std::vector<Action> steps;
  };
  std::vector<Handler> handlers;
  std::uint32_t locals = 0;
  std::uint32_t retryError = 0;  // the local that conditions of `retry` see the failure in
  std::string doc;
  Span span;
};

struct Expect {
  enum class Kind : std::uint8_t {
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
  bool negated = false;
  std::optional<Pattern> pattern;  // Exists, Not, Count, Emitted: the candidate is row 0
  std::string name;                // Fired, Failed, Runaway, Called, Flow
  // Flow: completed, failed, running, waiting, cancelled
  std::string state;
  std::string code;                // Failed: with which code; empty: with any
  std::vector<std::string> names;  // Order, Agenda: rules
  // Called: arguments are locals after the test's own, see `argumentLocals`
  std::vector<Expression> constraints;
  std::uint32_t argumentLocals = 0;
  Operator op = Operator::None;
  std::optional<std::int64_t> number;
  Expression value;  // Check; Flow's key; Count, instead of a number
  Span span;
};

struct Test {
  std::string name;
  struct Section {
    bool expect = false;
    std::vector<Action> doings;
    std::vector<Expect> expects;
  };
  std::vector<Section> sections;
  std::uint32_t locals = 0;
  // Carried out once for each of `cases`: a value for each name, in a list by case.
  struct Each {
    std::string name;
    std::uint32_t local = 0;
    Expression values;
  };
  std::vector<Each> each;
  std::size_t cases = 0;
  std::optional<Strategy> strategy;
  Span span;
};

struct Program {
  std::string module;
  std::vector<FactType> types;  // the built-in Clock is types[0]
  std::vector<Rule> rules;
  std::vector<Host> hosts;
  std::vector<Query> queries;
  std::vector<Flow> flows;
  std::vector<Test> tests;
  // What every session begins with, in the order of the text; and how many locals that needs.
  std::vector<Action> given;
  std::uint32_t givenLocals = 0;
  std::vector<UserFunction> functions;  // declared functions and tables
  std::vector<Table> tables;            // what their rows match: for coverage()
  // change events that some rule listens to
  std::map<std::pair<TypeId, FieldId>, TypeId> changeTypes;
  // … of undeclared properties of `open` subjects, by their names
  std::map<std::pair<TypeId, std::string>, TypeId> openChangeTypes;
  // Zones beside UTC of which some pattern asks a Clock, in the order of the text.
  std::vector<std::string> clockZones;

  const FactType* findType(std::string_view name) const;
  const FactType& type(TypeId id) const { return types[index(id)]; }
};

// The stable dump of the checked program; the fields that the engine adds to types are nothing that
// people have written.
enum class Internals : std::uint8_t { Shown, Hidden };
std::string dump(const Program& program, Internals internals = Internals::Shown);
// Of one declaration, without its number.
std::string dump(const Rule& rule);
std::string dump(const Query& query);
std::string dump(const Flow& flow);

}  // namespace reticle::model
