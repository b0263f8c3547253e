// Prints a tree as rule text: every construct once, one item a line. The layout makes it pretty.
#include "form/printer.h"

#include "base/number.h"
#include "syntax/lexer.h"

namespace reticle {
namespace {

using namespace tree;

// Requires: the tree was read without a mistake. The words of a clause are each followed by a
// space; spaces too many and the indentation are left to the layout, which reads what this writes.
// Expressions come from `Written`, so they keep the literals of their author.
class Printer {
 public:
  explicit Printer(const Written& written) : written_(written) {}

  std::string print(const Module& m) {
    if (m.name) line("module " + m.name.text);
    for (const Import& i : m.imports) {
      line("import " + i.module.text + (i.alias ? " as " + i.alias.text : ""));
    }
    for (const Declaration& d : m.declarations) {
      out_ += '\n';
      declaration(d);
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { (out_ += text) += '\n'; }
  void word(std::string_view text) { (out_ += text) += ' '; }
  std::string text(const Expr& e) const { return written_.of(e); }

  // A clause that is absent prints nothing, in all three.
  void clause(std::string_view keyword, const std::optional<Expr>& e) {
    if (e) word(std::string(keyword) + " " + text(*e));
  }
  void clause(std::string_view keyword, const std::optional<Duration>& d) {
    if (d) word(std::string(keyword) + " " + written_.of(*d));
  }
  void clause(std::string_view keyword, const Name& name) {
    if (name) word(std::string(keyword) + " " + name.text);
  }
  static std::string joined(const std::vector<Name>& names, std::string_view between = ", ") {
    std::string out;
    for (const Name& name : names) (out += out.empty() ? "" : between) += name.text;
    return out;
  }
  std::string list(const std::vector<Expr>& exprs) const {
    std::string out;
    for (const Expr& e : exprs) (out += out.empty() ? "" : ", ") += text(e);
    return out;
  }

  // A block whose items stand on lines of their own, or on one.
  template <typename Items, typename Each>
  void block(const Items& items, Each each, bool open = true) {
    out_ += open && !items.empty() ? "{\n" : "{ ";
    for (const auto& item : items) {
      each(item);
      out_ += open ? '\n' : ' ';
    }
    out_ += "} ";
  }
  // `<=`: a text that ends in a line break has a last, empty line, and reading it back gives the
  // same text.
  void doc(const std::string& text) {
    if (text.empty()) return;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      line("/// " + text.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  // Declarations

  void declaration(const Declaration& d) {
    using Kind = Declaration::Kind;
    // ORDER: tree::Declaration::Kind
    static constexpr std::string_view kNames[] = {
        "fact",  "event", "subject", "enum", "const", "function", "host function",
        "table", "rule",  "query",   "flow", "test",  "given"};
    doc(d.doc);
    word(d.kind == Kind::Host && d.pure ? "host pure function"
                                        : kNames[static_cast<std::size_t>(d.kind)]);
    out_ += d.kind == Kind::Rule   ? ruleName(d.name.text)
            : d.kind == Kind::Test ? quotedText(d.name.text)
                                   : d.name.text;
    out_ += ' ';
    switch (d.kind) {
      case Kind::Fact:
      case Kind::Event:
      case Kind::Subject:
        if (!d.as.empty()) word("as " + quotedText(d.as));
        clause("expires", d.expires);
        if (d.asSet) word("as set");
        if (d.open) word("open");
        block(d.fields, [&](const Field& f) { field(f); });
        break;
      case Kind::Enum: out_ += "{ " + joined(d.values) + " }"; break;
      case Kind::Const:
        if (d.result) out_ += ": " + typeText(*d.result);
        clause("=", d.value);
        break;
      case Kind::Function:
        params(d.params);
        result(d);
        if (d.locals.empty()) {
          clause("=", d.value);
          break;
        }
        out_ += "{\n";
        for (const Local& local : d.locals) {
          line("let " + local.name.text + " = " + text(local.value));
        }
        clause("return", d.value);
        out_ += "\n}";
        break;
      case Kind::Host:
        params(d.params);
        result(d);
        break;
      case Kind::Table: table(d); break;
      case Kind::Rule: rule(d); break;
      case Kind::Query:
        params(d.params);
        conditions(d.when);
        break;
      case Kind::Flow: flow(d); break;
      case Kind::Given: actions(d.then); break;
      case Kind::Test:
        cases(d);
        clause("with strategy", d.strategy);
        out_ += "{\n";
        for (const TestSection& s : d.sections) section(s);
        out_ += "}";
        break;
    }
    out_ += '\n';
  }

  void cases(const Declaration& d) {
    if (d.caseNames.empty()) return;
    const bool several = d.caseNames.size() > 1;
    word(" for " + (several ? "(" + joined(d.caseNames) + ")" : d.caseNames[0].text) + " in");
    std::string all;
    for (const TestCase& c : d.cases) {
      all += all.empty() ? "" : ", ";
      all += several ? "(" + list(c.values) + ")" : list(c.values);
    }
    word("[" + all + "]");
  }

  // A rule may be called by a plain word.
  static std::string ruleName(const std::string& name) {
    bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') && !isReservedWord(name) &&
                 name != "on" && name != "when" && name != "then";
    for (const char c : name) {
      plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_');
    }
    return plain ? name : quotedText(name);
  }

  void result(const Declaration& d) {
    if (d.result) word(" -> " + typeText(*d.result));
  }
  void field(const Field& f) {
    doc(f.doc);
    if (f.key) word("key");
    if (f.ext) word("ext");
    word(f.name.text + ": " + typeText(f.type));
    clause("=", f.initial);
    if (f.max) word("max " + std::to_string(*f.max));
    for (const Expr& e : f.where) word("where " + text(e));
  }
  void params(const std::vector<Field>& params) {
    out_ += '(';
    for (std::size_t i = 0; i < params.size(); ++i) {
      out_ += i > 0 ? ", " : "";
      out_ += params[i].name.text + ": " + typeText(params[i].type);
      if (params[i].initial) out_ += " = " + text(*params[i].initial);
    }
    out_ += ") ";
  }

  void table(const Declaration& d) {
    params(d.params);
    if (d.result) {
      result(d);
    } else {
      out_ += "-> ";
      params(d.results);
    }
    if (!d.by.empty()) word("by " + joined(d.by));
    // The usual policy is printed only where its author wrote it.
    if (d.hit != "unique" || d.hitSpan.end > d.hitSpan.begin) word("hit " + d.hit);
    if (!d.rowsFrom.empty()) word("from " + quotedText(d.rowsFrom));
    if (!d.allow.empty()) word("allow " + joined(d.allow));
    out_ += "{\n";
    for (const TableRow& row : d.rows) {
      for (const std::vector<Cell>& cell : row.cells) word("| " + written_.of(cell));
      line("=> " + list(row.results));
    }
    clause("default =>", d.otherwise);
    out_ += "}";
  }

  // The order of the attributes is the canonical one; the grammar accepts them in any.
  void rule(const Declaration& d) {
    clause("salience", d.salience);
    if (d.eachCycle) word("each cycle");
    if (d.group) word("group " + ruleName(d.group.text));
    if (d.autoFocus) word("auto-focus");
    if (d.exclusive) word("exclusive " + ruleName(d.exclusive.text));
    if (d.once) word("once");
    clause("per", d.oncePer);
    if (d.noLoop) word("no-loop");
    if (d.repeat) word("repeat");
    if (d.disabled) word("disabled");
    if (!d.allow.empty()) word("allow " + joined(d.allow));
    if (!d.tags.empty()) {
      std::string tags;
      for (const std::string& tag : d.tags) (tags += tags.empty() ? "" : ", ") += quotedText(tag);
      word("tags(" + tags + ")");
    }
    if (!d.effectiveFrom.empty() || !d.effectiveTo.empty()) word("effective");
    if (!d.effectiveFrom.empty()) word("from " + quotedText(d.effectiveFrom));
    if (!d.effectiveTo.empty()) word("to " + quotedText(d.effectiveTo));
    if (!d.effectiveZone.empty()) word("zone " + quotedText(d.effectiveZone));
    if (d.on) trigger("\non ", *d.on);
    for (const Trigger& further : d.orOn) trigger("or ", further);
    if (!d.when.empty()) {
      out_ += "\nwhen ";
      conditions(d.when);
    }
    out_ += "\nthen ";
    actions(d.then);
  }

  void flow(const Declaration& d) {
    params(d.params);
    result(d);
    clause("key", d.key);
    clause("timeout", d.timeout);
    if (d.retry) retry(*d.retry);
    if (d.version) word("version " + std::to_string(*d.version));
    if (!d.allow.empty()) word("allow " + joined(d.allow));
    actions(d.then);
    for (const Handler& h : d.handlers) {
      word("\non " + h.on + " " + h.error.text);
      actions(h.body);
    }
  }

  void retry(const Retry& r) {
    static constexpr std::string_view kNames[] = {"", "constant", "linear", "exponential"};
    word(r.forever ? "retry forever" : "retry " + std::to_string(r.times) + " times");
    clause("if", r.condition);
    if (r.backoff != Retry::Backoff::None) {
      word("backoff " + std::string(kNames[static_cast<std::size_t>(r.backoff)]) + " " +
           (r.delay ? written_.of(*r.delay) : "") + (r.max ? ".." + written_.of(*r.max) : ""));
    }
    if (r.jitter > 0) {
      std::string jitter = "jitter ";
      appendDouble(jitter, r.jitter);
      word(jitter);
    }
  }

  // Conditions

  void trigger(std::string_view lead, const Trigger& t) {
    using Kind = Trigger::Kind;
    out_ += lead;
    switch (t.kind) {
      case Kind::Event:
        if (t.pattern) pattern(*t.pattern);
        if (t.at) {
          word("at");
          pattern(*t.at);
        }
        break;
      case Kind::Change:
        word("change");
        if (t.binding) word(t.binding.text + ":");
        out_ += t.type.text + "." + (t.anyProperty ? "*" : t.property.text);
        if (!t.constraints.empty()) word(" (" + list(t.constraints) + ")");
        break;
      case Kind::Insert:
      case Kind::Retract:
        word(t.kind == Kind::Insert ? "insert" : "retract");
        if (t.pattern) pattern(*t.pattern);
        break;
      case Kind::Every:
        clause("every", t.every);
        clause("missed", t.missed);
        break;
      case Kind::Cron:
        word("cron " + quotedText(t.cron));
        if (!t.zone.empty()) word("zone " + quotedText(t.zone));
        clause("missed", t.missed);
        break;
    }
  }

  void pattern(const Pattern& p) {
    if (p.binding) word(p.binding.text + ":");
    out_ += p.type.text;
    if (!p.constraints.empty()) out_ += "(" + list(p.constraints) + ")";
    out_ += ' ';
    for (const Suffix& s : p.suffixes) {
      using Kind = Suffix::Kind;
      const std::string time = s.duration ? written_.of(*s.duration) : "";
      switch (s.kind) {
        case Kind::OverLast: word("over last " + time); break;
        case Kind::OverLastCount:
          word("over last " + std::to_string(s.count) + " events");
          clause("by", s.by);
          break;
        case Kind::Held: word("held " + time); break;
        case Kind::After:
        case Kind::Before:
          word((s.kind == Kind::After ? "after " : "before ") + s.of.text);
          clause("within", s.duration);
          break;
        case Kind::WithinOf: word("within " + time + " of " + s.of.text); break;
      }
    }
  }

  void conditions(const std::vector<Condition>& conditions, bool open = true) {
    block(
        conditions, [&](const Condition& c) { condition(c); }, open);
  }

  void condition(const Condition& c) {
    using Kind = Condition::Kind;
    // A single pattern stands without braces; `groups` is used for everything else.
    const auto group = [&] {
      if (c.pattern) {
        pattern(*c.pattern);
      } else if (!c.groups.empty()) {
        conditions(c.groups[0]);
      }
    };
    switch (c.kind) {
      case Kind::Pattern: group(); break;
      case Kind::Not:
        word("not");
        group();
        break;
      case Kind::Exists:
        word("exists");
        group();
        break;
      case Kind::Forall:
        word("forall");
        if (c.pattern) pattern(*c.pattern);
        word("satisfies");
        if (c.expr) {
          out_ += "(" + text(*c.expr) + ")";
        } else if (!c.groups.empty()) {
          conditions(c.groups[0]);
        }
        break;
      case Kind::Either:
        for (std::size_t i = 0; i < c.groups.size(); ++i) {
          word(i == 0 ? "either" : "or");
          // A branch with one condition stays on the line of its `either` or `or`.
          conditions(c.groups[i], c.groups[i].size() > 1);
        }
        break;
      case Kind::Accumulate: {
        word(c.skipErrors ? "accumulate skip errors" : "accumulate");
        group();
        std::string keys, functions;
        for (const GroupKey& key : c.groupBy) {
          keys += (keys.empty() ? "group by " : ", ") + key.name.text + " = " + text(key.value);
        }
        for (const AccumulateFunction& f : c.functions) {
          functions += (functions.empty() ? "" : ", ") + f.result.text + " = " + f.function.text +
                       "(" + (f.argument ? text(*f.argument) : "") +
                       (f.second ? ", " + text(*f.second) : "") + ")";
        }
        word(keys);
        word("into " + functions);
        break;
      }
      case Kind::Each:
        word("each " + c.name.text);
        clause("in", c.expr);
        clause("where", c.where);
        break;
      case Kind::Let:
        word("let " + c.name.text);
        clause("=", c.expr);
        break;
      case Kind::If: head("if", c.expr); break;
    }
  }

  // In front of a block a record would be taken for it.
  void head(std::string_view keyword, const std::optional<Expr>& e) {
    if (e) word(std::string(keyword) + " " + (holdsRecord(*e) ? "(" + text(*e) + ")" : text(*e)));
  }
  static bool holdsRecord(const Expr& e) {
    if (e.kind == ExprKind::Record) return true;
    for (const Expr& arg : e.args) {
      if (holdsRecord(arg)) return true;
    }
    return false;
  }

  // Actions

  std::string named(const std::vector<Argument>& arguments) const {
    std::string out;
    for (const Argument& a : arguments) {
      out += (out.empty() ? "" : ", ") + a.name.text + ": " + text(a.value);
    }
    return out;
  }
  std::string call(const std::string& target, const std::vector<Argument>& arguments) const {
    return target + "(" + named(arguments) + ")";
  }

  void actions(const std::vector<Action>& actions, bool open = true) {
    block(
        actions, [&](const Action& a) { action(a); }, open);
  }

  void action(const Action& a) {
    using Kind = Action::Kind;
    switch (a.kind) {
      case Kind::Insert:
        clause(a.logical ? "insert logical" : a.ifAbsent ? "insert if absent" : "insert", a.value);
        clause("as", a.name);
        break;
      case Kind::Upsert: clause("upsert", a.value); break;
      case Kind::Set:
        word((a.muted ? "set muted " : "set ") + joined(a.path, "."));
        clause("=", a.value);
        break;
      case Kind::Unset: word("unset " + joined(a.path, ".")); break;
      case Kind::UpdateFields:
        word("update " + a.target.text + " {" + named(a.arguments) + "}");
        break;
      case Kind::UpdateWith:
        word("update " + a.target.text);
        clause("with", a.with);
        break;
      case Kind::Retract: word("retract " + a.target.text); break;
      case Kind::Emit:
        clause("emit", a.value);
        clause("to", a.to);
        clause("after", a.after);
        clause("at", a.at);
        clause("replacing", a.replacing);
        if (!a.deliver.empty()) word("deliver " + a.deliver);
        break;
      case Kind::Call:
      case Kind::Start:
        word((a.kind == Kind::Call ? "call " : "start ") + call(a.target.text, a.arguments));
        clause("key", a.key);
        clause("as", a.name);
        break;
      case Kind::Signal:
      case Kind::Cancel:
        word((a.kind == Kind::Signal ? "signal " : "cancel ") + a.target.text);
        clause("key", a.key);
        clause("with", a.with);
        break;
      case Kind::CancelEvent:
        clause("cancel event", a.value);
        clause("to", a.to);
        break;
      case Kind::Log: clause(a.level.empty() ? "log" : "log " + a.level, a.value); break;
      case Kind::Let:
        word("let " + a.name.text);
        clause("=", a.value);
        break;
      case Kind::If:
        head("if", a.value);
        actions(a.body);
        if (a.otherwise.empty()) break;
        word("else");
        // `else if`: the tree has it as an `if` alone in the `else`, and the text form writes no
        // braces around it.
        if (a.otherwise.size() == 1 && a.otherwise[0].kind == Kind::If) {
          action(a.otherwise[0]);
        } else {
          actions(a.otherwise);
        }
        break;
      case Kind::For:
        word("for " + a.name.text);
        if (a.pattern) {
          word("in");
          pattern(*a.pattern);
        } else {
          head("in", a.value);
        }
        if (a.parallelFor) {
          // -1: without a limit.
          word(a.count >= 0 ? "parallel max " + std::to_string(a.count) : "parallel");
        }
        actions(a.body);
        break;
      case Kind::Focus: word("focus " + (a.name ? ruleName(a.name.text) : a.level)); break;
      case Kind::Refresh: word("refresh " + ruleName(a.name.text)); break;
      case Kind::Halt: word("halt"); break;
      case Kind::Step: step(a); break;
      case Kind::Find:
      case Kind::Wait:
        if (a.name) word("let " + a.name.text + " =");
        word(a.kind == Kind::Find ? "find" : "wait");
        if (a.pattern) pattern(*a.pattern);
        clause("for", a.duration);
        break;
      case Kind::WaitUntil:
        if (a.name) word("let " + a.name.text + " =");
        word("wait until");
        if (a.value) {
          word(text(*a.value));
        } else {
          conditions(a.conditions);
        }
        clause("for", a.duration);
        break;
      case Kind::Sleep: clause("sleep", a.value); break;
      case Kind::SleepUntil: clause("sleep until", a.value); break;
      case Kind::Parallel:
        word(a.first ? "parallel first" : "parallel");
        actions(a.body);
        break;
      case Kind::Branch:
        word("branch " + a.name.text);
        actions(a.body);
        break;
      case Kind::Try:
        word("try");
        actions(a.body);
        word("catch " + a.name.text);
        actions(a.otherwise);
        break;
      case Kind::Fail: clause("fail", a.value); break;
      case Kind::Return: clause("return", a.value); break;
      case Kind::Compensate: word("compensate"); break;
      case Kind::Restart: word("restart (" + named(a.arguments) + ")"); break;
      case Kind::Clock: clause("clock", a.value); break;
      case Kind::Settle: word(a.count >= 0 ? "settle " + std::to_string(a.count) : "settle"); break;
      case Kind::Advance: clause("advance", a.duration); break;
      case Kind::Crash: word("crash"); break;
      case Kind::Host:
        word("host " + a.target.text);
        for (std::size_t i = 0; i < a.scripts.size(); ++i) {
          const Action::Script& s = a.scripts[i];
          word((i > 0 ? "then " : "") + std::string(s.fails ? "fails " : "returns ") +
               text(s.value));
          if (s.times >= 0) word(std::to_string(s.times) + " times");
        }
        break;
      case Kind::Replace: word("replace rules with " + quotedText(a.file)); break;
    }
  }

  // In the order of the grammar: what it waits for, what it does, how often and how long, how it
  // is undone.
  void step(const Action& a) {
    word("step " + a.name.text);
    if (!a.afterSteps.empty()) word("after " + joined(a.afterSteps));
    word((a.run ? "= run " : "= call ") + call(a.target.text, a.arguments));
    if (a.retry) retry(*a.retry);
    clause("timeout", a.timeout);
    if (a.undoFunction) {
      word((a.always ? "undo always call " : "undo call ") +
           call(a.undoFunction.text, a.undoArguments));
    }
    if (a.ignoreErrors) word("ignore errors");
  }

  // Tests

  void section(const TestSection& s) {
    static constexpr std::string_view kNames[] = {"given", "when", "expect"};
    word(kNames[static_cast<std::size_t>(s.kind)]);
    if (s.kind == TestSection::Kind::Expect) {
      block(
          s.expects, [&](const tree::Expect& e) { expectation(e); }, s.expects.size() > 1);
    } else {
      actions(s.doings, s.doings.size() > 1);
    }
    out_ += '\n';
  }

  void expectation(const tree::Expect& e) {
    using Kind = tree::Expect::Kind;
    static constexpr std::string_view kNames[] = {"exists", "not",     "count", "emitted",
                                                  "fired",  "called",  "flow",  "check",
                                                  "failed", "runaway", "order", "agenda"};
    if (e.negated) word("not");
    word(kNames[static_cast<std::size_t>(e.kind)]);
    if (e.pattern) pattern(*e.pattern);
    // The name of a rule may be any text, the others are names.
    if (e.kind == Kind::Fired || e.kind == Kind::Failed || e.kind == Kind::Runaway) {
      word(ruleName(e.name.text));
      if (e.code) word(e.code.text);
    } else if (e.name) {
      word(e.constraints.empty() ? e.name.text : e.name.text + "(" + list(e.constraints) + ")");
    }
    if (e.kind == Kind::Order || e.kind == Kind::Agenda) {
      std::string all;
      for (const Name& name : e.names) {
        (all += all.empty() ? "" : ", ") += quotedText(name.text);
      }
      word("[" + all + "]");
    }
    if (e.kind == Kind::Flow) {
      clause("key", e.value);
      word(e.state.text);
    } else if (e.value) {
      if (e.op != Operator::None) word(std::string(signOf(e.op)));
      word(text(*e.value));
    }
    // `count` has a relation, the occurrences have `3 times`.
    if (!e.number) return;
    if (e.op != Operator::None) {
      word(std::string(signOf(e.op)) + " " + std::to_string(*e.number));
    } else {
      word(std::to_string(*e.number) + " times");
    }
  }

  const Written& written_;
  std::string out_;
};

}  // namespace

std::string printText(tree::Module& module, const Written& written) {
  return Printer(written).print(module);
}

}  // namespace reticle
