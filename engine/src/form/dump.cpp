// The dump of a tree: one node a line, children indented, clauses in the order of the grammar,
// spans left out. Two texts that differ only in layout and comments have the same dump.
#include "form/dump.h"

#include <string>
#include <string_view>

#include "base/number.h"
#include "form/written.h"

namespace reticle {
namespace {

using namespace tree;

// Absent clauses leave no line, so that a golden dump grows only where a tree does. Names of nodes
// are those of the grammar; `quoted` stands where a text may hold anything.
class Dump {
 public:
  std::string take() { return std::move(out_); }

  void module(const Module& m) {
    line("module" + (m.name ? " " + m.name.text : std::string()));
    Indent in(*this);
    for (const Import& import : m.imports) {
      line("import " + import.module.text +
           (import.alias ? " as " + import.alias.text : std::string()));
    }
    for (const Declaration& d : m.declarations) declaration(d);
  }

 private:
  // Lives as long as the children of a node are being written.
  struct Indent {
    explicit Indent(Dump& dump) : dump(dump) { ++dump.depth_; }
    ~Indent() { --dump.depth_; }
    Dump& dump;
  };

  void line(std::string_view text) {
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    out_ += text;
    out_ += '\n';
  }
  static std::string quoted(std::string_view text) { return toText(Value::string(text), true); }
  static std::string span(Span64 micros) { return toText(Value::span(micros), true); }
  // Expressions are printed from the tree and not as written: the dump shows how they were
  // understood.
  void clause(std::string_view name, const std::optional<Expr>& e) {
    if (e) line(std::string(name) + " " + toText(*e));
  }
  void clause(std::string_view name, const std::optional<Duration>& d) {
    if (d) line(std::string(name) + " " + duration(*d));
  }
  void clause(std::string_view name, const Name& n) {
    if (n) line(std::string(name) + " " + n.text);
  }
  void flag(std::string_view name, bool set) {
    if (set) line(name);
  }
  static std::string joined(const std::vector<Name>& names, std::string_view between) {
    std::string result;
    for (const Name& name : names) {
      if (!result.empty()) result += between;
      result += name.text;
    }
    return result;
  }
  template <typename Nodes, typename Each>
  // An empty block has no line: whether `when` is absent or empty makes no difference in the tree.
  void block(std::string_view name, const Nodes& nodes, Each each) {
    if (nodes.empty()) return;
    line(name);
    Indent in(*this);
    for (const auto& node : nodes) each(node);
  }

  // The notation of the text form, apart from spaces.
  static std::string type(const TypeUse& t) {
    std::string result = t.name;
    if (!t.arguments.empty()) {
      result += '<';
      for (std::size_t i = 0; i < t.arguments.size(); ++i) {
        (result += i > 0 ? ", " : "") += type(t.arguments[i]);
      }
      result += '>';
    }
    if (t.name == "enum") {
      result += '(';
      for (std::size_t i = 0; i < t.values.size(); ++i) {
        (result += i > 0 ? ", " : "") += quoted(t.values[i]);
      }
      result += ')';
    }
    return result + (t.optional ? "?" : "");
  }

  void documentation(const std::string& doc) {
    if (!doc.empty()) line("doc " + quoted(doc));
  }

  void field(std::string_view what, const Field& f) {
    line(std::string(what) + " " + f.name.text + ": " + type(f.type));
    Indent in(*this);
    documentation(f.doc);
    flag("key", f.key);
    flag("ext", f.ext);
    clause("default", f.initial);
    if (f.max) line("max " + std::to_string(*f.max));
    for (const Expr& e : f.where) line("where " + toText(e));
  }

  // One list of clauses for all kinds: those of other kinds are empty in the tree and so leave no
  // line.
  void declaration(const Declaration& d) {
    using Kind = Declaration::Kind;
    // ORDER: tree::Declaration::Kind
    static constexpr std::string_view kNames[] = {"fact",     "event", "subject", "enum", "const",
                                                  "function", "host",  "table",   "rule", "query",
                                                  "flow",     "test",  "given"};
    const bool free = d.kind == Kind::Rule || d.kind == Kind::Test;
    line(std::string(kNames[static_cast<std::size_t>(d.kind)]) +
         (d.name ? " " + (free ? quoted(d.name.text) : d.name.text) : std::string()));
    Indent in(*this);
    documentation(d.doc);
    if (!d.as.empty()) line("as " + quoted(d.as));
    flag("as set", d.asSet);
    flag("open", d.open);
    clause("expires", d.expires);
    for (const Field& f : d.fields) field("field", f);
    for (const Name& value : d.values) line("value " + value.text);
    flag("pure", d.pure);
    for (const Field& p : d.params) field("param", p);
    if (d.result) line("result " + type(*d.result));
    for (const Field& r : d.results) field("result", r);
    for (const Local& local : d.locals)
      line("let " + local.name.text + " = " + toText(local.value));
    clause("value", d.value);
    if (!d.by.empty()) line("by " + joined(d.by, ", "));
    // Always, also when it was not written: the tree holds the policy that counts.
    if (d.kind == Kind::Table) line("hit " + d.hit);
    if (!d.rowsFrom.empty()) line("from " + quoted(d.rowsFrom));
    for (const TableRow& r : d.rows) row(r);
    clause("default", d.otherwise);
    clause("salience", d.salience);
    flag("each cycle", d.eachCycle);
    clause("group", d.group);
    flag("auto-focus", d.autoFocus);
    clause("exclusive", d.exclusive);
    flag("once", d.once);
    clause("per", d.oncePer);
    flag("no-loop", d.noLoop);
    flag("repeat", d.repeat);
    flag("disabled", d.disabled);
    if (!d.allow.empty()) line("allow " + joined(d.allow, ", "));
    for (const std::string& tag : d.tags) line("tag " + quoted(tag));
    if (!d.effectiveFrom.empty()) line("from " + quoted(d.effectiveFrom));
    if (!d.effectiveTo.empty()) line("to " + quoted(d.effectiveTo));
    if (!d.effectiveZone.empty()) line("zone " + quoted(d.effectiveZone));
    clause("key", d.key);
    clause("timeout", d.timeout);
    if (d.retry) retry(*d.retry);
    if (d.version) line("version " + std::to_string(*d.version));
    if (d.on) trigger(*d.on);
    for (const Trigger& further : d.orOn) trigger(further);
    block("when", d.when, [&](const Condition& c) { condition(c); });
    block(d.kind == Kind::Flow ? "steps" : "then", d.then, [&](const Action& a) { action(a); });
    for (const Handler& h : d.handlers) {
      line("on " + h.on + (h.error ? " " + h.error.text : std::string()));
      Indent inside(*this);
      for (const Action& a : h.body) action(a);
    }
    clause("strategy", d.strategy);
    if (!d.caseNames.empty()) line("for " + joined(d.caseNames, ", "));
    for (const TestCase& c : d.cases) {
      std::string values;
      for (const Expr& e : c.values) (values += values.empty() ? "" : ", ") += toText(e);
      line("case " + values);
    }
    for (const TestSection& s : d.sections) section(s);
  }

  void row(const TableRow& r) {
    line("row");
    Indent in(*this);
    for (const std::vector<Cell>& tests : r.cells) {
      // Cells with several tests are one line: their order in the row is their column.
      std::string text = "cell";
      for (std::size_t i = 0; i < tests.size(); ++i) {
        const Cell& c = tests[i];
        text += i > 0 ? ", " : " ";
        const std::string first = c.operands.empty() ? "" : toText(c.operands[0]);
        switch (c.kind) {
          case Cell::Kind::Any: text += "_"; break;
          case Cell::Kind::If: text += "if " + first; break;
          case Cell::Kind::Compare: text += std::string(signOf(c.op)) + " " + first; break;
          case Cell::Kind::Range:
            text += (c.openStart ? "after " : "") + first + std::string(signOf(c.op)) +
                    (c.operands.size() > 1 ? toText(c.operands[1]) : "");
            break;
          case Cell::Kind::Equal: text += first; break;
        }
      }
      line(text);
    }
    for (const Expr& e : r.results) line("result " + toText(e));
  }

  std::string duration(const Duration& d) { return d.expr ? toText(*d.expr) : span(d.value); }

  void trigger(const Trigger& t) {
    using Kind = Trigger::Kind;
    switch (t.kind) {
      case Kind::Event: line("on event"); break;
      case Kind::Insert: line("on insert"); break;
      case Kind::Retract: line("on retract"); break;
      case Kind::Every: line("on every " + (t.every ? duration(*t.every) : std::string())); break;
      case Kind::Cron: line("on cron " + quoted(t.cron)); break;
      case Kind::Change:
        line("on change " + (t.binding ? t.binding.text + ": " : std::string()) + t.type.text +
             "." + (t.anyProperty ? "*" : t.property.text));
        break;
    }
    Indent in(*this);
    if (!t.zone.empty()) line("zone " + quoted(t.zone));
    clause("missed", t.missed);
    if (t.pattern) pattern("match", *t.pattern);
    if (t.at) pattern("at", *t.at);
    for (const Expr& e : t.constraints) line("constraint " + toText(e));
  }

  void pattern(std::string_view what, const Pattern& p) {
    line(std::string(what) + " " + (p.binding ? p.binding.text + ": " : std::string()) +
         p.type.text);
    Indent in(*this);
    for (const Expr& e : p.constraints) line("constraint " + toText(e));
    for (const Suffix& s : p.suffixes) {
      using Kind = Suffix::Kind;
      const std::string time = s.duration ? duration(*s.duration) : "";
      switch (s.kind) {
        case Kind::OverLast: line("over last " + time); break;
        case Kind::OverLastCount:
          line("over last " + std::to_string(s.count) + " events" +
               (s.by ? " by " + toText(*s.by) : ""));
          break;
        case Kind::Held: line("held " + time); break;
        case Kind::After: line("after " + s.of.text + (s.duration ? " within " + time : "")); break;
        case Kind::Before:
          line("before " + s.of.text + (s.duration ? " within " + time : ""));
          break;
        case Kind::WithinOf: line("within " + time + " of " + s.of.text); break;
      }
    }
  }

  void condition(const Condition& c) {
    using Kind = Condition::Kind;
    static constexpr std::string_view kNames[] = {
        "match", "not", "exists", "forall", "either", "accumulate", "each", "let", "if"};
    const std::string name(kNames[static_cast<std::size_t>(c.kind)]);
    // A pattern is its own line, without a level for the condition around it.
    if (c.kind == Kind::Pattern) {
      if (c.pattern) pattern(name, *c.pattern);
      return;
    }
    if (c.kind == Kind::Let || c.kind == Kind::If) {
      line(name + (c.name ? " " + c.name.text + " =" : std::string()) +
           (c.expr ? " " + toText(*c.expr) : ""));
      return;
    }
    line(name + (c.name ? " " + c.name.text : std::string()));
    Indent in(*this);
    flag("skip errors", c.skipErrors);
    if (c.pattern) pattern("match", *c.pattern);
    for (std::size_t i = 0; i < c.groups.size(); ++i) {
      // `groups` holds the branches of an `either`, the inside of a `forall`, or the one group of
      // any other condition.
      line(c.kind == Kind::Either   ? (i == 0 ? "either" : "or")
           : c.kind == Kind::Forall ? "satisfies"
                                    : "group");
      Indent inside(*this);
      for (const Condition& inner : c.groups[i]) condition(inner);
    }
    clause(c.kind == Kind::Each ? "in" : "satisfies", c.expr);
    clause("where", c.where);
    for (const GroupKey& key : c.groupBy) line("by " + key.name.text + " = " + toText(key.value));
    for (const AccumulateFunction& f : c.functions) {
      line("into " + f.result.text + " = " + f.function.text + "(" +
           (f.argument ? toText(*f.argument) : "") + (f.second ? ", " + toText(*f.second) : "") +
           ")");
    }
  }

  void retry(const Retry& r) {
    line(r.forever ? "retry forever" : "retry " + std::to_string(r.times) + " times");
    Indent in(*this);
    clause("if", r.condition);
    static constexpr std::string_view kNames[] = {"", "constant", "linear", "exponential"};
    if (r.backoff != Retry::Backoff::None) {
      line("backoff " + std::string(kNames[static_cast<std::size_t>(r.backoff)]) + " " +
           (r.delay ? duration(*r.delay) : "") + (r.max ? ".." + duration(*r.max) : ""));
    }
    if (r.jitter > 0) {
      std::string text = "jitter ";
      appendDouble(text, r.jitter);
      line(text);
    }
  }

  void arguments(std::string_view what, const std::vector<Argument>& arguments) {
    for (const Argument& a : arguments) {
      line(std::string(what) + " " + a.name.text + ": " + toText(a.value));
    }
  }

  // All actions share one node, so this writes every member that is set and needs no case for each
  // kind.
  void action(const Action& a) {
    static constexpr std::string_view kNames[] = {
        "insert",  "upsert", "set",         "unset",      "update",     "update",       "retract",
        "emit",    "call",   "start",       "signal",     "cancel",     "cancel event", "log",
        "let",     "if",     "for",         "focus",      "refresh",    "halt",         "step",
        "find",    "sleep",  "sleep until", "wait",       "wait until", "parallel",     "branch",
        "try",     "fail",   "return",      "compensate", "restart",    "clock",        "settle",
        "advance", "crash",  "host",        "replace"};
    std::string head(kNames[static_cast<std::size_t>(a.kind)]);
    if (a.logical) head += " logical";
    if (a.ifAbsent) head += " if absent";
    if (a.muted) head += " muted";
    if (a.first) head += " first";
    if (!a.level.empty()) head += " " + a.level;
    if (!a.path.empty()) head += " " + joined(a.path, ".");
    if (a.name) {
      head += " " + (a.kind == Action::Kind::Refresh ? quoted(a.name.text) : a.name.text);
    }
    line(head);
    Indent in(*this);
    if (!a.file.empty()) line("with " + quoted(a.file));
    if (a.target) line((a.run ? "run " : "target ") + a.target.text);
    if (!a.afterSteps.empty()) line("after " + joined(a.afterSteps, ", "));
    if (a.pattern) pattern("match", *a.pattern);
    clause("value", a.value);
    arguments("argument", a.arguments);
    clause("to", a.to);
    if (!a.deliver.empty()) line("deliver " + a.deliver);
    clause("after", a.after);
    clause("at", a.at);
    clause("replacing", a.replacing);
    clause("key", a.key);
    clause("with", a.with);
    block("until", a.conditions, [&](const Condition& c) { condition(c); });
    clause("for", a.duration);
    // -1 stands for "not given" here and in the scripts below.
    if (a.count >= 0) line("count " + std::to_string(a.count));
    flag("parallel", a.parallelFor);
    if (a.retry) retry(*a.retry);
    clause("timeout", a.timeout);
    if (a.undoFunction) {
      line(std::string(a.always ? "undo always " : "undo ") + a.undoFunction.text);
      Indent inside(*this);
      arguments("argument", a.undoArguments);
    }
    flag("ignore errors", a.ignoreErrors);
    for (const Action::Script& s : a.scripts) {
      line((s.fails ? "fails " : "returns ") + toText(s.value) +
           (s.times >= 0 ? " " + std::to_string(s.times) + " times" : std::string()));
    }
    block("do", a.body, [&](const Action& inner) { action(inner); });
    block(a.kind == Action::Kind::Try ? "catch" : "else", a.otherwise,
          [&](const Action& inner) { action(inner); });
  }

  void section(const TestSection& s) {
    static constexpr std::string_view kNames[] = {"given", "when", "expect"};
    line(kNames[static_cast<std::size_t>(s.kind)]);
    Indent in(*this);
    for (const Action& a : s.doings) action(a);
    for (const tree::Expect& e : s.expects) expectation(e);
  }

  // The names follow the order of tree::Expect::Kind; a rule's name may be any text, the others are
  // names.
  void expectation(const tree::Expect& e) {
    using Kind = tree::Expect::Kind;
    static constexpr std::string_view kNames[] = {"exists", "not",     "count", "emitted",
                                                  "fired",  "called",  "flow",  "check",
                                                  "failed", "runaway", "order", "agenda"};
    std::string head =
        (e.negated ? "not " : "") + std::string(kNames[static_cast<std::size_t>(e.kind)]);
    if (e.name) {
      const bool rule = e.kind == Kind::Fired || e.kind == Kind::Failed || e.kind == Kind::Runaway;
      head += " " + (rule ? quoted(e.name.text) : e.name.text);
    }
    if (e.code) head += " " + e.code.text;
    for (const Name& name : e.names) head += " " + quoted(name.text);
    if (e.state) head += " " + e.state.text;
    line(head);
    Indent in(*this);
    if (e.pattern) pattern("match", *e.pattern);
    for (const Expr& c : e.constraints) line("constraint " + toText(c));
    clause(e.kind == Kind::Flow ? "key" : e.op != Operator::None ? signOf(e.op) : "value", e.value);
    if (e.number) {
      line((e.op == Operator::None ? std::string("times") : std::string(signOf(e.op))) + " " +
           std::to_string(*e.number));
    }
  }

  std::string out_;
  int depth_ = 0;
};

}  // namespace

std::string dump(const tree::Module& module) {
  Dump dump;
  dump.module(module);
  return dump.take();
}

}  // namespace reticle
