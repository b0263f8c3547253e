// The checked program as text: one line an item, indented by what it belongs to.
#include <algorithm>
#include "base/number.h"
#include "model/model.h"
#include "model/text.h"

namespace reticle::model {
namespace {

class Printer {
 public:
  // Without numbers for a rule or flow alone: its id changes when something else is declared.
  explicit Printer(bool numbered = true, Internals internals = Internals::Shown)
      : numbered_(numbered), internals_(internals) {}
  std::string take() { return std::move(text_); }

  void program(const Program& program) {
    line("module " + (program.module.empty() ? std::string("(no name)") : program.module));
    for (const FactType& type : program.types) fact(type);
    for (const UserFunction& function : program.functions) user(function);
    for (const Host& host : program.hosts) {
      line("host " + std::string(host.pure ? "pure " : "") + host.name + parameters(host.params) +
           (host.result ? " -> " + toText(*host.result) : ""));
    }
    for (const Query& q : program.queries) query(q);
    for (const Rule& r : program.rules) rule(r);
    for (const Flow& f : program.flows) flow(f);
    for (const Test& t : program.tests) test(t);
    if (program.given.empty()) return;
    line("given");
    Indent in(*this);
    actions(program.given);
  }

 private:
  template <typename Id>
  std::string number(Id id) const {
    return numbered_ ? std::to_string(index(id)) + " " : "";
  }
  void line(const std::string& text) { text_ += std::string(depth_ * 2, ' ') + text + "\n"; }

  struct Indent {
    explicit Indent(Printer& printer) : printer_(printer) { ++printer_.depth_; }
    ~Indent() { --printer_.depth_; }
    Printer& printer_;
  };

  static std::string parameters(const std::vector<Param>& params) {
    std::string text = "(";
    for (std::size_t i = 0; i < params.size(); ++i) {
      text += (i ? ", " : "") + params[i].name + ": " + toText(params[i].type);
      if (params[i].initial.tree.kind != ExprKind::Poison) {
        text += " = " + toText(params[i].initial.tree);
      }
    }
    return text + ")";
  }

  // The number in front is the id by which compiled code and traces speak of the type.
  void fact(const FactType& type) {
    // ORDER: FactKind
    static constexpr const char* kKinds[] = {"fact", "subject", "event"};
    std::string head = std::string(kKinds[static_cast<int>(type.kind)]) + " " +
                       std::to_string(index(type.id)) + " " + type.name;
    if (type.wireName != type.name) head += " as " + toText(Value::string(type.wireName));
    if (!type.nameTemplate.empty()) head += " named " + toText(Value::string(type.nameTemplate));
    if (type.asSet) head += " as set";
    if (type.open) head += " open";
    if (type.expires) head += " expires " + durationText(*type.expires);
    if (type.builtin) head += " builtin";
    line(head);
    Indent in(*this);
    for (const Field& field : type.fields) {
      if (field.internal && internals_ == Internals::Hidden) continue;
      std::string text = std::string(field.hidden ? "hidden "
                                     : field.key  ? "key "
                                     : field.ext  ? "ext "
                                                  : "") +
                         field.name + ": " + toText(field.type);
      if (field.initial.tree.kind != ExprKind::Poison) text += " = " + toText(field.initial.tree);
      if (field.max >= 0) text += " max " + std::to_string(field.max);
      for (const Expression& check : field.checks) text += " where " + toText(check.tree);
      line(text);
    }
  }

  void user(const UserFunction& function) {
    std::string params;
    for (const std::string& param : function.params) params += (params.empty() ? "" : ", ") + param;
    line("function " + function.name + "(" + params + ") = " + toText(function.body));
  }

  // `$n` is a row of the frame, `#n` a local value of it, here and in all that follows.
  static std::string suffixText(const Suffix& suffix) {
    const std::string time = suffix.duration ? " " + durationText(*suffix.duration) : "";
    const std::string row = " $" + std::to_string(suffix.row);
    switch (suffix.kind) {
      case Suffix::Kind::OverLast: return "over last" + time;
      case Suffix::Kind::OverLastCount:
        return "over last " + std::to_string(suffix.count) +
               (suffix.by.present() ? " by " + canonicalText(suffix.by.tree) : "");
      case Suffix::Kind::Held:
        return "held" + (suffix.held.present() ? " " + canonicalText(suffix.held.tree) : time);
      case Suffix::Kind::After: return "after" + row + (time.empty() ? "" : " within" + time);
      case Suffix::Kind::Before: return "before" + row + (time.empty() ? "" : " within" + time);
      case Suffix::Kind::WithinOf: return "within" + time + " of" + row;
    }
    return "";
  }

  // What other rules ask for decides how internal fields are counted: it is no part of what this
  // one means.
  static bool asksInternal(const Expr& e) {
    if (e.ref.kind == Ref::Kind::Field && e.text.rfind("…", 0) == 0) return true;
    return std::any_of(e.args.begin(), e.args.end(), asksInternal);
  }

  void constraints(const Pattern& pattern) {
    Indent in(*this);
    for (const Constraint& constraint : pattern.constraints) {
      if (!asksInternal(constraint.test.tree)) line("where " + canonicalText(constraint.test.tree));
    }
    for (const Suffix& suffix : pattern.suffixes) line(suffixText(suffix));
  }

  void conditions(const std::vector<Condition>& conditions) {
    for (const Condition& condition : conditions) this->condition(condition);
  }

  // Empty lines are never printed: a kind of condition with one group has no word for a further
  // one.
  void groups(const Condition& condition, const char* first, const char* further) {
    Indent in(*this);
    for (std::size_t i = 0; i < condition.groups.size(); ++i) {
      line(i == 0 ? first : further);
      Indent more(*this);
      conditions(condition.groups[i]);
    }
  }

  static std::string localText(std::uint32_t local) { return "#" + std::to_string(local); }

  void condition(const Condition& condition) {
    using Kind = Condition::Kind;
    // ORDER: Condition::Origin
    static constexpr const char* kOrigins[] = {"",    "on ",        "at ",
                                               "on ", "on insert ", "on retract "};
    const std::string row = "$" + std::to_string(condition.pattern.row);
    switch (condition.kind) {
      case Kind::Pattern:
        line(row + " = " + kOrigins[static_cast<int>(condition.origin)] + condition.text);
        constraints(condition.pattern);
        break;
      case Kind::Not:
      case Kind::Exists:
      case Kind::Forall:
        line(condition.text + (condition.hasPattern() ? " as " + row : ""));
        if (condition.hasPattern()) constraints(condition.pattern);
        if (condition.expr.tree.kind != ExprKind::Poison) {
          Indent in(*this);
          line("satisfies " + canonicalText(condition.expr.tree));
        }
        groups(condition, condition.kind == Kind::Forall ? "satisfies" : "group", "");
        break;
      case Kind::Either: {
        line(condition.text);
        groups(condition, "either", "or");
        Indent in(*this);
        for (const Export& name : condition.exports) {
          const std::string sign = name.fact ? "$" : "#";
          std::string text = sign + std::to_string(name.to) + " = " + name.name + ": " +
                             toText(name.type) + " from";
          for (std::size_t i = 0; i < name.from.size(); ++i) {
            text += (i == 0 ? " " : ", ") + sign + std::to_string(name.from[i]);
          }
          line(text);
        }
        break;
      }
      case Kind::Accumulate: {
        line(condition.text + (condition.hasPattern() ? " as " + row : ""));
        if (condition.hasPattern()) constraints(condition.pattern);
        groups(condition, "group", "");
        Indent in(*this);
        for (const GroupKey& key : condition.groupBy) {
          line(localText(key.local) + " = by " + key.name + ": " + toText(key.type) + " = " +
               canonicalText(key.value.tree));
        }
        for (const AccumulateFunction& f : condition.functions) {
          line(localText(f.local) + " = " + f.name + ": " + toText(f.result));
        }
        break;
      }
      case Kind::Each: {
        line(localText(condition.local) + " = " + condition.text);
        Indent in(*this);
        if (condition.where.tree.kind != ExprKind::Poison) {
          line("where " + canonicalText(condition.where.tree));
        }
        break;
      }
      case Kind::Let:
        line(localText(condition.local) + " = " + condition.text +
             (condition.since ? "" : ": " + toText(condition.expr.tree.type)));
        break;
      case Kind::If:
        line(internals_ == Internals::Hidden && asksInternal(condition.expr.tree)
                 ? condition.text
                 : "if " + canonicalText(condition.expr.tree));
        break;
    }
  }

  void actions(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      // The local of `try` is that of its `catch`.
      const bool catches = action.kind == Action::Kind::Try;
      const std::string local = action.local ? "#" + std::to_string(*action.local) : "";
      line((catches || local.empty() ? "" : local + " = ") + action.text);
      Indent in(*this);
      if (action.pattern) constraints(*action.pattern);
      conditions(action.conditions);
      for (const Action::Kept& kept : action.kept) {
        line("#" + std::to_string(kept.local) + " = $" + std::to_string(kept.row));
      }
      this->actions(action.body);
      if (!action.otherwise.empty()) {
        line(catches ? "catch" + (local.empty() ? "" : " " + local) : "else");
        this->actions(action.otherwise);
      }
    }
  }

  void retry(const std::optional<Retry>& retry) {
    static constexpr const char* kBackoffs[] = {"", " backoff constant ", " backoff linear ",
                                                " backoff exponential "};
    if (!retry) return;
    std::string text =
        retry->forever ? "retry forever" : "retry " + std::to_string(retry->times) + " times";
    if (retry->condition.tree.kind != ExprKind::Poison) {
      text += " if " + canonicalText(retry->condition.tree);
    }
    if (retry->backoff != Retry::Backoff::None) {
      text += kBackoffs[static_cast<int>(retry->backoff)] + durationText(retry->delay) +
              (retry->max > 0 ? ".." + durationText(retry->max) : "");
    }
    if (retry->jitter > 0) {
      text += " jitter ";
      appendDouble(text, retry->jitter);
    }
    line(text);
  }

 public:
  void query(const Query& q) {
    line("query " + q.name + parameters(q.params) + (q.single ? " single" : ""));
    Indent in(*this);
    conditions(q.conditions);
  }

  void rule(const Rule& r) {
    std::string head = "rule " + number(r.id) + toText(Value::string(r.name));
    // A salience that must be computed prints its expression; zero is the usual one and is left
    // out.
    if (!r.fixedSalience) {
      head += " salience " + canonicalText(r.salience.tree);
    } else if (*r.fixedSalience != 0) {
      head += " salience " + std::to_string(*r.fixedSalience);
    }
    if (r.eachCycle) head += " each cycle";
    if (!r.group.empty()) head += " group " + r.group;
    if (r.autoFocus) head += " auto-focus";
    if (!r.exclusive.empty()) head += " exclusive " + r.exclusive;
    // A poisoned tree stands for an expression that is not there, here and above.
    if (r.oncePer.tree.kind != ExprKind::Poison) {
      head += " once per " + canonicalText(r.oncePer.tree);
    } else if (r.once) {
      head += " once";
    }
    if (r.effectiveFrom) head += " from " + toText(Value::timestamp(*r.effectiveFrom));
    if (r.effectiveTo) head += " to " + toText(Value::timestamp(*r.effectiveTo));
    if (!r.effectiveZone.empty()) {
      head += std::string(" by the clocks of ") + r.effectiveZone +
              (r.fromInZone ? "" : ", not from") + (r.toInZone ? "" : ", not to");
    }
    for (const std::string& tag : r.tags) head += " tag " + toText(Value::string(tag));
    if (r.noLoop) head += " no-loop";
    if (r.repeat) head += " repeat";
    if (r.disabled) head += " disabled";
    line(head);
    Indent in(*this);
    // What is so when nothing is said is not written, here and below.
    const std::string missed = r.trigger.missed == Trigger::Missed::Once   ? " missed once"
                               : r.trigger.missed == Trigger::Missed::None ? " missed none"
                                                                           : "";
    if (r.trigger.kind == Trigger::Kind::Every) {
      line("on every " + durationText(r.trigger.every) + missed);
    }
    if (r.trigger.kind == Trigger::Kind::Cron) {
      line("on cron " + toText(Value::string(r.trigger.cron)) +
           (r.trigger.zone.empty() ? "" : " zone " + toText(Value::string(r.trigger.zone))) +
           missed);
    }
    conditions(r.conditions);
    line("then");
    Indent more(*this);
    actions(r.actions);
  }

  // Its version is part of the text, and so of what the flow means: see meaning.cpp.
  void flow(const Flow& f) {
    std::string head = "flow " + number(f.id) + f.name + parameters(f.params);
    if (f.result) head += " -> " + toText(*f.result);
    if (f.key.tree.kind != ExprKind::Poison) head += " key " + toText(f.key.tree);
    if (f.timeout) head += " timeout " + durationText(*f.timeout);
    if (f.version) head += " version " + std::to_string(*f.version);
    line(head);
    {
      Indent in(*this);
      retry(f.retry);
      actions(f.steps);
    }
    for (const Flow::Handler& handler : f.handlers) {
      line("on " + handler.on + (handler.error ? " #" + std::to_string(*handler.error) : ""));
      Indent in(*this);
      actions(handler.steps);
    }
  }

 private:
  // Expectations only by their number: what they ask is in the text of the rules.
  void test(const Test& t) {
    line("test " + toText(Value::string(t.name)) +
         (t.cases > 0 ? " cases " + std::to_string(t.cases) : "") +
         (t.strategy ? std::string(" strategy ") + name(*t.strategy) : ""));
    Indent in(*this);
    for (const Test::Section& section : t.sections) {
      line(section.expect ? "expect " + std::to_string(section.expects.size()) : "do");
      Indent more(*this);
      actions(section.doings);
    }
  }

  bool numbered_;
  Internals internals_;
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace

// Every list in the order of the program, every default left out: two programs that mean the same
// have the same dump.
std::string dump(const Program& program, Internals internals) {
  Printer printer(true, internals);
  printer.program(program);
  return printer.take();
}

std::string dump(const Rule& rule) {
  Printer printer(false);
  printer.rule(rule);
  return printer.take();
}

std::string dump(const Query& query) {
  Printer printer(false);
  printer.query(query);
  return printer.take();
}

std::string dump(const Flow& flow) {
  Printer printer(false);
  printer.flow(flow);
  return printer.take();
}

}  // namespace reticle::model
