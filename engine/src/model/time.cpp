// Turns what rules ask of time into fields, tests and timers that the network knows.
#include "model/time.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/asking.h"
#include "model/conclusions.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// --- expressions that nobody wrote

// Expressions made here stand in no text; `placeAt` gives them a place later.
Expr literal(Value value, TypeKind kind) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.type = Type::of(kind);
  e.value = std::move(value);
  return e;
}

// The field of the fact in a row: a bare name for the candidate's own, else `binding.name`.
Expr fieldOf(const FactType& type, FieldId field, std::uint32_t row, const std::string& binding) {
  const Field& declared = type.fields[index(field)];
  Expr e;
  e.kind = ExprKind::Name;
  e.text = declared.name;
  e.type = declared.type;
  e.ref = {Ref::Kind::Field, row, field};
  if (binding.empty()) return e;
  Expr owner = e;
  owner.text = binding;
  owner.ref = {Ref::Kind::Row, row, {}};
  e.kind = ExprKind::Select;
  e.args.push_back(std::move(owner));
  return e;
}

// Typed at once, since nothing checks it any more.
Expr binary(Operator op, Expr left, Expr right, TypeKind result = TypeKind::Bool) {
  Expr e;
  e.kind = ExprKind::Binary;
  e.op = op;
  e.type = Type::of(result);
  e.args.push_back(std::move(left));
  e.args.push_back(std::move(right));
  return e;
}

// `!x`
Expr negated(Expr operand) {
  Expr e;
  e.kind = ExprKind::Unary;
  e.op = Operator::Not;
  e.type = Type::of(TypeKind::Bool);
  e.args.push_back(std::move(operand));
  return e;
}

// `passed(t)`: sets a timer, and is false until then.
Expr passedAt(Expr moment) {
  Expr e;
  e.kind = ExprKind::Call;
  e.text = "passed";
  e.type = Type::of(TypeKind::Bool);
  e.args.push_back(std::move(moment));
  return e;
}

// A message about what was made points at what it was made of.
void placeAt(Expr& e, Span span) {
  e.span = e.nameSpan = span;
  for (Expr& arg : e.args) placeAt(arg, span);
}

// Measured from another event.
bool isDistance(const Suffix& suffix) {
  return suffix.kind == Suffix::Kind::After || suffix.kind == Suffix::Kind::Before ||
         suffix.kind == Suffix::Kind::WithinOf;
}

class Arranger {
 public:
  explicit Arranger(Program& program) : program_(program), asking_(program) {}

  // The order matters: what must be kept decides which fields there are, and the conditions below
  // test those fields.
  void run() {
    measure();
    for (FactType& type : program_.types) addFields(type);
    for (Rule& rule : program_.rules) {
      enter(rule.locals, rule.id);
      rearrange(rule.conditions);
      bindConclusions(rule);
      if (rule.localNames.size() < rule.locals) rule.localNames.resize(rule.locals);
      arrangeActions(rule.actions);
    }
    for (Query& query : program_.queries) {
      enter(query.locals);
      rearrange(query.conditions);
      if (query.localNames.size() < query.locals) query.localNames.resize(query.locals);
    }
    for (Flow& flow : program_.flows) {
      enter(flow.locals);
      arrangeActions(flow.steps);
      for (Flow::Handler& handler : flow.handlers) arrangeActions(handler.steps);
    }
    for (Test& test : program_.tests) {
      for (Test::Section& section : test.sections) {
        arrangeActions(section.doings);
        for (Expect& expect : section.expects) {
          if (looks(expect)) hide(*expect.pattern, shortest(expect.pattern->type));
        }
      }
    }
  }

 private:
  // Rows and locals belong to one rule, query or flow.
  void enter(std::uint32_t& locals, RuleId rule = kNoRule) {
    locals_ = &locals;
    rule_ = rule;
    rows_.clear();
  }

  // Requires: no type is added meanwhile; fields are, and types keep their places.
  FactType& type(TypeId id) { return program_.types[index(id)]; }

  // Compiles a tree that was made here; it has been typed while it was made.
  Expression finish(Expr tree, Span span) {
    placeAt(tree, span);
    Code code = compileExpr(tree, program_.functions);
    return {std::move(tree), std::move(code)};
  }

  // --- what there is to keep

  // Walks the whole program before anything is changed: a lifetime belongs to a type, and any rule
  // may lengthen it.
  void measure() {
    for (const Rule& rule : program_.rules) {
      addTiming(program_, rule.conditions, timing_);
      noteActions(rule.actions);
      noteTriggers(rule.conditions, rule.id);
    }
    for (const Query& query : program_.queries) addTiming(program_, query.conditions, timing_);
    for (const Flow& flow : program_.flows) {
      noteActions(flow.steps);
      for (const Flow::Handler& handler : flow.handlers) noteActions(handler.steps);
    }
    for (const Test& test : program_.tests) {
      for (const Test::Section& section : test.sections) {
        noteActions(section.doings);
        for (const Expect& expect : section.expects) {
          if (looks(expect)) note(expect.pattern->type, shortest(expect.pattern->type));
        }
      }
    }
    for (const auto& [pattern, lifetime] : timing_.lifetimes) {
      note(pattern->type, lifetime);
      const bool counted = std::any_of(
          pattern->suffixes.begin(), pattern->suffixes.end(),
          [](const Suffix& suffix) { return suffix.kind == Suffix::Kind::OverLastCount; });
      // A window by number bounds how many are kept, and so needs no time.
      if (lifetime == kForever && !counted) type(pattern->type).endless = true;
      if (std::any_of(pattern->suffixes.begin(), pattern->suffixes.end(), isDistance)) {
        ordered_.push_back(pattern->type);
      }
    }
    for (FactType& each : program_.types) {
      // Sorted and each once: the stage of an event is the index of the lifetime it has outlived.
      std::vector<Span64>& all = each.lifetimes;
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
    }
  }

  // One trigger stands first, several stand in the branches of an `either`.
  void noteTriggers(const std::vector<Condition>& conditions, RuleId rule) {
    for (const Condition& condition : conditions) {
      if (condition.origin == Condition::Origin::Insert) {
        std::vector<RuleId>& rules = type(condition.pattern.type).onInsert;
        if (rules.empty() || rules.back() != rule) rules.push_back(rule);
      }
      if (condition.origin == Condition::Origin::Retract) {
        type(condition.pattern.type).onRetract = true;
      }
      if (condition.kind != Condition::Kind::Either) continue;
      for (const std::vector<Condition>& group : condition.groups) noteTriggers(group, rule);
    }
  }

  void note(TypeId id, Span64 lifetime) {
    if (type(id).kind == FactKind::Event) type(id).lifetimes.push_back(lifetime);
  }

  // Patterns of actions and expectations look at one moment.
  Span64 shortest(TypeId id) { return type(id).expires.value_or(0); }
  static bool looks(const Expect& expect) {
    return expect.pattern && expect.kind != Expect::Kind::Emitted;
  }
  static bool looks(const Action& action) {
    return action.pattern &&
           (action.kind == Action::Kind::ForFacts || action.kind == Action::Kind::Find);
  }

  void noteActions(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (looks(action)) note(action.pattern->type, shortest(action.pattern->type));
      addTiming(program_, action.conditions, timing_);
      noteActions(action.body);
      noteActions(action.otherwise);
    }
  }

  // --- the fields for it

  // The names begin with a sign that no name can have, so they meet none of the author's.
  FieldId add(FactType& to, std::string name, Type type) {
    Field field;
    field.name = std::move(name);
    field.type = std::move(type);
    field.hidden = field.internal = true;
    field.span = to.span;
    to.fields.push_back(std::move(field));
    return FieldId{static_cast<std::uint32_t>(to.fields.size() - 1)};
  }

  void addFields(FactType& to) {
    const Type number = Type::of(TypeKind::Int);
    // With a single lifetime the event is simply gone when that is over.
    if (to.lifetimes.size() > 1) to.stage = add(to, "…stage", number);
    // A distance joins two types, so both have it when one needs it.
    if (to.kind == FactKind::Event && !ordered_.empty()) to.order = add(to, "…order", number);
    if (to.onInsert.empty() && !to.onRetract) return;
    to.phase = add(to, "…phase", number);
    if (to.onInsert.empty()) return;
    Type rules = Type::of(TypeKind::List);
    rules.arguments.push_back(number);
    to.barred = add(to, "…barred", std::move(rules));
  }

  // --- patterns

  // `words`: what it asks, for people, to whom the fields mean nothing.
  void addInternal(Pattern& pattern, Expr test, std::string_view words) {
    test.text = words;
    pattern.constraints.push_back({finish(std::move(test), pattern.span), true});
  }

  // Hides events from a pattern that sees them no more, and facts that are gone.
  void hide(Pattern& pattern, Span64 lifetime) {
    const FactType& of = type(pattern.type);
    if (of.stage && lifetime < of.lifetimes.back()) {
      const auto stage = std::lower_bound(of.lifetimes.begin(), of.lifetimes.end(), lifetime) -
                         of.lifetimes.begin();
      addInternal(pattern,
                  binary(Operator::LessEqual, fieldOf(of, *of.stage, pattern.row, ""),
                         literal(Value::integer(stage), TypeKind::Int)),
                  "still visible");
    }
    if (of.onRetract) {
      addInternal(
          pattern,
          binary(Operator::NotEqual, fieldOf(of, *of.phase, pattern.row, ""),
                 literal(Value::integer(static_cast<std::int64_t>(Phase::Gone)), TypeKind::Int)),
          "not retracted");
    }
  }

  // `on insert` and `on retract` match a fact in a phase of its life that other patterns do not
  // see.
  void addTriggerTests(Pattern& pattern, Condition::Origin origin, RuleId rule) {
    const FactType& of = type(pattern.type);
    const Phase phase = origin == Condition::Origin::Insert ? Phase::Fresh : Phase::Gone;
    addInternal(pattern,
                binary(Operator::Equal, fieldOf(of, *of.phase, pattern.row, ""),
                       literal(Value::integer(static_cast<std::int64_t>(phase)), TypeKind::Int)),
                phase == Phase::Fresh ? "just inserted" : "just retracted");
    if (origin != Condition::Origin::Insert) return;
    addInternal(pattern,
                negated(binary(Operator::In, literal(Value::integer(index(rule)), TypeKind::Int),
                               fieldOf(of, *of.barred, pattern.row, ""))),
                "as it was inserted");
  }

  void addDistances(Pattern& pattern) {
    const FactType& of = type(pattern.type);
    for (const Suffix& suffix : pattern.suffixes) {
      if (!isDistance(suffix)) continue;
      const FactType& other = type(rows_[suffix.row].type);
      const std::string& name = rows_[suffix.row].binding;
      const auto add = [&](Expr test, const std::string& words = {}) {
        test.text = words;
        pattern.constraints.push_back({finish(std::move(test), suffix.span), false});
      };
      const auto ours = [&](FieldId field) { return fieldOf(of, field, pattern.row, ""); };
      const auto theirs = [&](FieldId field) { return fieldOf(other, field, suffix.row, name); };
      const FieldId time = *of.find("meta.time"), otherTime = *other.find("meta.time");
      // `within`: a bound on the distance of the two times, on one side or on both.
      const auto bounded = [&](Operator side, Operator op) {
        Expr span = literal(Value::span(*suffix.duration), TypeKind::Duration);
        add(binary(op, ours(time),
                   binary(side, theirs(otherTime), std::move(span), TypeKind::Timestamp)));
      };
      if (suffix.duration && suffix.kind != Suffix::Kind::Before) {
        bounded(Operator::Add, Operator::LessEqual);
      }
      if (suffix.duration && suffix.kind != Suffix::Kind::After) {
        bounded(Operator::Subtract, Operator::GreaterEqual);
      }
      // By the order of arrival and not by time: two events of one moment still follow each other.
      if (suffix.kind == Suffix::Kind::After) {
        add(binary(Operator::Greater, ours(*of.order), theirs(*other.order)), "after " + name);
      }
      if (suffix.kind == Suffix::Kind::Before) {
        add(binary(Operator::Less, ours(*of.order), theirs(*other.order)), "before " + name);
      }
    }
  }

  // Everything that a pattern asks for at once is in its constraints; returns what it asks beyond:
  // conditions to stand after it, in the order given.
  std::vector<Condition> arrange(Pattern& pattern, Condition::Origin origin, RuleId rule,
                                 std::vector<Condition>& atEnd) {
    const std::optional<Expr> held = takeHeld(pattern);
    const auto timing = timing_.lifetimes.find(&pattern);
    const Span64 lifetime = timing == timing_.lifetimes.end() ? 0 : timing->second;
    setRow(pattern.row, pattern.type, pattern.binding);
    std::vector<Condition> behind;
    std::vector<Constraint> kept;
    for (Constraint& constraint : pattern.constraints) {
      if (!isAskedAgain(constraint.test)) {
        constraint.internal = held && readsOnly(constraint.test.tree, pattern.row);
        kept.push_back(std::move(constraint));
        continue;
      }
      Condition test;
      test.kind = Condition::Kind::If;
      test.span = constraint.test.tree.span;
      test.text = "if " + toText(constraint.test.tree);
      test.expr = std::move(constraint.test);
      behind.push_back(std::move(test));
    }
    pattern.constraints = std::move(kept);
    if (held) addHeld(pattern, *held, behind, atEnd);
    addDistances(pattern);
    if (origin == Condition::Origin::Insert || origin == Condition::Origin::Retract) {
      addTriggerTests(pattern, origin, rule);
    } else {
      hide(pattern, lifetime);
    }
    return behind;
  }

  static std::optional<Expr> takeHeld(Pattern& pattern) {
    for (auto suffix = pattern.suffixes.begin(); suffix != pattern.suffixes.end(); ++suffix) {
      if (suffix->kind != Suffix::Kind::Held) continue;
      Expr held = suffix->held.present()
                      ? std::move(suffix->held.tree)
                      : literal(Value::span(suffix->duration.value_or(0)), TypeKind::Duration);
      pattern.suffixes.erase(suffix);
      return held;
    }
    return std::nullopt;
  }

  static void readFields(const Expr& e, std::uint64_t& mask) {
    if (e.ref.kind == Ref::Kind::Field) {
      // One bit a field; all fields from the 64th on share the last bit, which only makes the test
      // coarser.
      mask |= std::uint64_t{1} << std::min(index(e.ref.field), 63u);
    } else if (e.ref.kind == Ref::Kind::Row) {
      mask = ~std::uint64_t{0};
    } else {
      for (const Expr& arg : e.args) readFields(arg, mask);
    }
  }

  void addHeld(Pattern& pattern, Expr span, std::vector<Condition>& behind,
               std::vector<Condition>& atEnd) {
    FactType& of = type(pattern.type);
    // When the pattern depends on nothing but its fact, the fact itself can keep since when it
    // holds; otherwise each match must, in a local of its own.
    const bool alone =
        behind.empty() &&
        std::all_of(pattern.constraints.begin(), pattern.constraints.end(),
                    [](const Constraint& constraint) { return constraint.internal; });
    Expr since;
    if (alone) {
      since = fieldOf(of, stretchOf(of, pattern), pattern.row, "");
    } else {
      Condition begin;
      begin.kind = Condition::Kind::Let;
      begin.since = true;
      begin.span = pattern.span;
      begin.text = "let since";
      begin.local = (*locals_)++;
      begin.expr = finish(literal(Value(), TypeKind::Null), pattern.span);
      since.kind = ExprKind::Name;
      since.text = "since";
      since.type = Type::of(TypeKind::Timestamp);
      since.ref = {Ref::Kind::Local, begin.local, {}};
      behind.push_back(std::move(begin));
    }
    Condition wait;
    wait.kind = Condition::Kind::If;
    wait.span = pattern.span;
    wait.text = "held " + toText(span);
    const std::string words = "since + " + toText(span);
    Expr moment = binary(Operator::Add, std::move(since), std::move(span), TypeKind::Timestamp);
    moment.text = words;
    wait.expr = finish(passedAt(std::move(moment)), pattern.span);
    (alone ? behind : atEnd).push_back(std::move(wait));
  }

  // The field that says since when a fact satisfies the pattern; one for all patterns that ask the
  // same.
  FieldId stretchOf(FactType& of, const Pattern& pattern) {
    FactType::Stretch stretch;
    for (const Constraint& constraint : pattern.constraints) {
      Expr test = constraint.test.tree;
      moveTo0(test, pattern.row);
      stretch.text += (stretch.text.empty() ? "" : ", ") + canonicalText(test);
      readFields(test, stretch.reads);
      stretch.tests.push_back(finish(std::move(test), constraint.test.tree.span));
    }
    for (const FactType::Stretch& known : of.stretches) {
      if (known.text == stretch.text) return known.since;
    }
    // tests of different fields have different texts
    stretch.since = add(of, "…since(" + stretch.text + ")", Type::of(TypeKind::Timestamp));
    of.stretches.push_back(std::move(stretch));
    return of.stretches.back().since;
  }

  // The tests of a stretch are evaluated with the fact alone, as row 0.
  static void moveTo0(Expr& e, std::uint32_t row) {
    if ((e.ref.kind == Ref::Kind::Row || e.ref.kind == Ref::Kind::Field) && e.ref.row == row) {
      e.ref.row = 0;
    }
    for (Expr& arg : e.args) moveTo0(arg, row);
  }

  // --- conditions

  // What must be a condition of its own. What queries and flows look for is found when they are
  // asked, whatever else it asks.
  bool isAskedAgain(const Expression& expression) const {
    if (!expression.present()) return false;
    return asking_.passed(expression.tree) || (rule_ != kNoRule && looksBeyond(expression));
  }

  // A parameter of a function may turn out to be a row: only then are calls put in place.
  bool looksBeyond(const Expression& expression) const {
    return asking_.beyond(expression.tree) &&
           asking_.beyond(expandFunctions(expression.tree, program_.functions));
  }

  // A conclusion is as fresh as what it was computed from, and so are the attributes of an
  // activation: what they ask of facts beside the match is bound by the match, too, which begins
  // anew with another answer.
  void bindConclusions(Rule& rule) {
    std::vector<Expression> reads;
    for (Expr& read : conclusionsAhead(rule.actions, rule.conditionLocals)) {
      Code code = compileExpr(read, program_.functions);
      reads.push_back({std::move(read), std::move(code)});
    }
    if (!rule.eachCycle && rule.salience.present()) reads.push_back(rule.salience);
    if (rule.oncePer.present()) reads.push_back(rule.oncePer);
    for (Expression& read : reads) {
      if (!looksBeyond(read)) continue;
      let(std::move(read), rule.conditions);
      rule.asked.push_back(rule.conditions.back().local);
    }
  }

  // The waiting of `held` stands at the end: it begins when everything else is true.
  void rearrange(std::vector<Condition>& conditions) {
    std::vector<Condition> out, atEnd;
    for (Condition& condition : conditions) {
      const auto deadline = timing_.deadlines.find(&condition);
      if (deadline != timing_.deadlines.end()) {
        out.push_back(waitingFor(deadline->second, condition.span));
      }
      rearrange(condition, out, atEnd);
    }
    std::move(atEnd.begin(), atEnd.end(), std::back_inserter(out));
    conditions = std::move(out);
  }

  void rearrange(Condition& condition, std::vector<Condition>& out, std::vector<Condition>& atEnd) {
    using Kind = Condition::Kind;
    switch (condition.kind) {
      case Kind::Pattern: {
        std::vector<Condition> behind = arrange(condition.pattern, condition.origin, rule_, atEnd);
        out.push_back(std::move(condition));
        std::move(behind.begin(), behind.end(), std::back_inserter(out));
        return;
      }
      case Kind::Not:
      case Kind::Exists:
      case Kind::Forall:
      case Kind::Accumulate: {
        const std::vector<RowName> rows = rows_;
        if (condition.hasPattern()) {
          arrangeCandidate(condition);
        } else {
          for (std::vector<Condition>& group : condition.groups) rearrange(group);
        }
        if (condition.kind == Kind::Accumulate) arrangeArguments(condition);
        rows_ = rows;
        out.push_back(std::move(condition));
        return;
      }
      case Kind::Either: {
        const std::vector<RowName> rows = rows_;
        for (std::vector<Condition>& group : condition.groups) {
          rearrange(group);
          rows_ = rows;
        }
        for (const Export& name : condition.exports) {
          if (name.fact) setRow(name.to, name.type.record, name.name);
        }
        out.push_back(std::move(condition));
        return;
      }
      case Kind::Each: arrangeEach(condition, out); return;
      case Kind::Let:
      case Kind::If: out.push_back(std::move(condition)); return;
    }
  }

  // The pattern of a `not` and its kind; with more than a pattern to ask, a group of both.
  void arrangeCandidate(Condition& condition) {
    std::vector<Condition> atEnd;
    std::vector<Condition> behind =
        arrange(condition.pattern, Condition::Origin::When, rule_, atEnd);
    std::move(atEnd.begin(), atEnd.end(), std::back_inserter(behind));
    const bool forall = condition.kind == Condition::Kind::Forall;
    if (forall) {
      for (std::vector<Condition>& group : condition.groups) rearrange(group);
    }
    const bool asksOf = forall && isAskedAgain(condition.expr);
    if (behind.empty() && !asksOf) return;
    Condition candidate;
    candidate.span = condition.pattern.span;
    candidate.text = condition.pattern.text;
    candidate.pattern = std::move(condition.pattern);
    condition.pattern = {};
    std::vector<Condition> group;
    group.push_back(std::move(candidate));
    std::move(behind.begin(), behind.end(), std::back_inserter(group));
    if (forall) {  // no candidate for which the rest is not true
      Condition rest;
      rest.span = condition.span;
      if (condition.groups.empty()) {
        rest.kind = Condition::Kind::If;
        rest.text = "if !(" + toText(condition.expr.tree) + ")";
        rest.expr = finish(negated(std::move(condition.expr.tree)), condition.span);
        condition.expr = {};
      } else {
        rest.kind = Condition::Kind::Not;
        rest.text = "not { … }";
        rest.groups = std::move(condition.groups);
      }
      condition.kind = Condition::Kind::Not;
      condition.groups.clear();
      group.push_back(std::move(rest));
    }
    condition.groups.push_back(std::move(group));
  }

  // Arguments and keys that ask `passed` are bound inside the group.
  void arrangeArguments(Condition& condition) {
    const auto bind = [&](Expression& expression) {
      if (!isAskedAgain(expression)) return;
      if (condition.groups.empty()) {
        Condition candidate;
        candidate.span = condition.pattern.span;
        candidate.text = condition.pattern.text;
        candidate.pattern = std::move(condition.pattern);
        condition.pattern = {};
        condition.groups.emplace_back();
        condition.groups[0].push_back(std::move(candidate));
      }
      expression = let(std::move(expression), condition.groups[0]);
    };
    for (AccumulateFunction& function : condition.functions) bind(function.argument);
    for (GroupKey& key : condition.groupBy) bind(key.value);
  }

  // A test of the elements stands after the `each`, since it may read what that binds.
  void arrangeEach(Condition& condition, std::vector<Condition>& out) {
    if (isAskedAgain(condition.expr)) condition.expr = let(std::move(condition.expr), out);
    std::optional<Condition> test;
    if (isAskedAgain(condition.where)) {
      test.emplace();
      test->kind = Condition::Kind::If;
      test->span = condition.where.tree.span;
      test->text = "if " + toText(condition.where.tree);
      test->expr = std::move(condition.where);
      condition.where = {};
    }
    out.push_back(std::move(condition));
    if (test) out.push_back(std::move(*test));
  }

  // Binds a value to a local of its own; returns how it is read.
  Expression let(Expression value, std::vector<Condition>& out) {
    Condition condition;
    condition.kind = Condition::Kind::Let;
    condition.span = value.tree.span;
    condition.text = "let " + toText(value.tree);
    condition.local = (*locals_)++;
    Expr read;
    read.kind = ExprKind::Name;
    read.text = toText(value.tree);
    read.type = value.tree.type;
    read.ref = {Ref::Kind::Local, condition.local, {}};
    const Span span = condition.span;
    condition.expr = std::move(value);
    out.push_back(std::move(condition));
    return finish(std::move(read), span);
  }

  // One of each list must have passed.
  // A negation over the future waits until no event can come any more that would break it.
  Condition waitingFor(const std::vector<std::vector<Timing::Moment>>& all, Span span) {
    std::optional<Expr> whole;
    for (const std::vector<Timing::Moment>& any : all) {
      std::optional<Expr> part;
      for (const Timing::Moment& moment : any) {
        const FactType& of = type(moment.type);
        Expr time = fieldOf(of, *of.find("meta.time"), moment.row, rows_[moment.row].binding);
        Expr test = passedAt(binary(Operator::Add, std::move(time),
                                    literal(Value::span(moment.after), TypeKind::Duration),
                                    TypeKind::Timestamp));
        part = part ? binary(Operator::Or, std::move(*part), std::move(test)) : std::move(test);
      }
      whole = whole ? binary(Operator::And, std::move(*whole), std::move(*part)) : std::move(*part);
    }
    Condition condition;
    condition.kind = Condition::Kind::If;
    condition.span = span;
    condition.text = "if " + toText(*whole);
    condition.expr = finish(std::move(*whole), span);
    return condition;
  }

  // Conditions of an action bind rows of their own, so those of the action before are forgotten.
  void arrangeActions(std::vector<Action>& actions) {
    for (Action& action : actions) {
      if (looks(action)) hide(*action.pattern, shortest(action.pattern->type));
      if (!action.conditions.empty()) {
        rows_.clear();
        rearrange(action.conditions);
      }
      arrangeActions(action.body);
      arrangeActions(action.otherwise);
    }
  }

  // --- the rows that are bound where we are

  struct RowName {
    TypeId type{};
    std::string binding;
  };
  void setRow(std::uint32_t row, TypeId type, const std::string& binding) {
    if (rows_.size() <= row) rows_.resize(row + 1);
    rows_[row] = {type, binding.empty() ? "event" : binding};
  }

  Program& program_;
  const Asking asking_;
  Timing timing_;
  std::vector<TypeId> ordered_;  // of patterns that stand in a distance
  std::vector<RowName> rows_;
  std::uint32_t* locals_ = nullptr;
  RuleId rule_ = kNoRule;
};

}  // namespace

// Rules and queries alike; flows wait with steps of their own.
void arrangeTime(Program& program) { Arranger(program).run(); }

}  // namespace reticle::model
