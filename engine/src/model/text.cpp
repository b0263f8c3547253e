// The canonical text of types, patterns, conditions, actions and expectations, on one line.
#include "model/text.h"

#include "base/number.h"

namespace reticle::model {
namespace {

// In the quotes of rule text, with its escapes.
std::string quoted(const std::string& text) { return toText(Value::string(text)); }

// In parentheses, by name where one is written.
std::string argumentsText(const std::vector<tree::Argument>& arguments) {
  std::string text;
  for (const tree::Argument& argument : arguments) {
    if (!text.empty()) text += ", ";
    text += argument.name.text + ": " + toText(argument.value);
  }
  return text;
}

// What is called, with its arguments.
std::string callText(const tree::Name& target, const std::vector<tree::Argument>& arguments) {
  return target.text + "(" + argumentsText(arguments) + ")";
}

// `a.b.c` of the names that a `set` goes through.
std::string pathText(const std::vector<tree::Name>& path) {
  std::string text;
  for (const tree::Name& part : path) text += (text.empty() ? "" : ".") + part.text;
  return text;
}

// A word and its expression, or nothing.
std::string optionalText(const char* word, const std::optional<Expr>& expr) {
  return expr ? std::string(" ") + word + " " + toText(*expr) : "";
}

// With the space in front, so that it can be left out.
std::string exprText(const std::optional<Expr>& expr) { return expr ? " " + toText(*expr) : ""; }

// A window, `held` or a distance, as it is written after a pattern.
std::string suffixText(const tree::Suffix& suffix) {
  using Kind = tree::Suffix::Kind;
  const std::string duration = suffix.duration ? textOf(*suffix.duration) : "";
  switch (suffix.kind) {
    case Kind::OverLast: return " over last " + duration;
    case Kind::OverLastCount:
      return " over last " + std::to_string(suffix.count) + " facts" +
             optionalText("by", suffix.by);
    case Kind::Held: return " held " + duration;
    case Kind::After:
      return " after " + suffix.of.text + (duration.empty() ? "" : " within " + duration);
    case Kind::Before:
      return " before " + suffix.of.text + (duration.empty() ? "" : " within " + duration);
    case Kind::WithinOf: return " within " + duration + " of " + suffix.of.text;
  }
  return "";
}

// Only what differs from the defaults is written.
std::string retryText(const tree::Retry& retry) {
  using Backoff = tree::Retry::Backoff;
  std::string text =
      retry.forever ? "retry forever" : "retry " + std::to_string(retry.times) + " times";
  if (retry.condition) text += " if " + toText(*retry.condition);
  if (retry.backoff != Backoff::None) {
    text += retry.backoff == Backoff::Constant ? " backoff constant "
            : retry.backoff == Backoff::Linear ? " backoff linear "
                                               : " backoff exponential ";
    if (retry.delay) text += textOf(*retry.delay);
    if (retry.max) text += ".." + textOf(*retry.max);
  }
  if (retry.jitter > 0) {
    text += " jitter ";
    appendDouble(text, retry.jitter);
  }
  return text;
}

// On one line: texts are for messages and for comparing rules.
std::string groupText(const std::vector<tree::Condition>& group) {
  if (group.empty()) return "{ }";
  std::string text = "{ ";
  for (std::size_t i = 0; i < group.size(); ++i) text += (i == 0 ? "" : "; ") + textOf(group[i]);
  return text + " }";
}

// A step with all that may follow it, in the order of the grammar.
std::string stepText(const tree::Action& a) {
  std::string text = "step " + a.name.text;
  for (std::size_t i = 0; i < a.afterSteps.size(); ++i) {
    text += (i == 0 ? " after " : ", ") + a.afterSteps[i].text;
  }
  text += std::string(" = ") + (a.run ? "run " : "call ") + callText(a.target, a.arguments);
  if (a.retry) text += " " + retryText(*a.retry);
  if (a.timeout) text += " timeout " + textOf(*a.timeout);
  if (a.undoFunction) {
    text += std::string(" undo ") + (a.always ? "always " : "") + "call " +
            callText(a.undoFunction, a.undoArguments);
  }
  if (a.ignoreErrors) text += " ignore errors";
  return text;
}

// A script of a test.
std::string hostText(const tree::Action& a) {
  std::string text = "host " + a.target.text;
  for (std::size_t i = 0; i < a.scripts.size(); ++i) {
    text += std::string(i == 0 ? " " : " then ") + (a.scripts[i].fails ? "fails " : "returns ") +
            toText(a.scripts[i].value);
    if (a.scripts[i].times >= 0) text += " " + std::to_string(a.scripts[i].times) + " times";
  }
  return text;
}

}  // namespace

std::string textOf(const tree::Duration& duration) {
  return duration.expr ? toText(*duration.expr) : durationText(duration.value);
}

// In the greatest units that leave no rest: `1h30m`, and never `90m`.
std::string durationText(Span64 microseconds) {
  static constexpr struct {
    const char* unit;
    std::uint64_t size;
  } kUnits[] = {{"d", 86'400'000'000u}, {"h", 3'600'000'000u}, {"m", 60'000'000u},
                {"s", 1'000'000u},      {"ms", 1'000u},        {"us", 1u}};
  if (microseconds == 0) return "0s";
  std::string text = microseconds < 0 ? "-" : "";
  std::uint64_t rest = microseconds < 0 ? 0 - static_cast<std::uint64_t>(microseconds)
                                        : static_cast<std::uint64_t>(microseconds);
  for (const auto& [unit, size] : kUnits) {
    if (rest >= size) text += std::to_string(rest / size) + unit;
    rest %= size;
  }
  return text;
}

// Canonical: what was written in another layout, or read from a document, has the same text.
std::string textOf(const tree::TypeUse& type) {
  std::string text = type.name;
  if (!type.values.empty()) {
    text += "(";
    for (std::size_t i = 0; i < type.values.size(); ++i) {
      text += (i == 0 ? "" : ", ") + quoted(type.values[i]);
    }
    text += ")";
  }
  if (!type.arguments.empty()) {
    text += "<";
    for (std::size_t i = 0; i < type.arguments.size(); ++i) {
      text += (i == 0 ? "" : ", ") + textOf(type.arguments[i]);
    }
    text += ">";
  }
  return text + (type.optional ? "?" : "");
}

std::string textOf(const tree::Pattern& pattern) {
  std::string text =
      pattern.binding ? pattern.binding.text + ": " + pattern.type.text : pattern.type.text;
  if (!pattern.constraints.empty()) {
    text += "(";
    for (std::size_t i = 0; i < pattern.constraints.size(); ++i) {
      text += (i == 0 ? "" : ", ") + toText(pattern.constraints[i]);
    }
    text += ")";
  }
  for (const tree::Suffix& suffix : pattern.suffixes) text += suffixText(suffix);
  return text;
}

std::string textOf(const tree::Condition& condition) {
  using Kind = tree::Condition::Kind;
  // Each group once: of conditions in conditions a second time would double with every level.
  const auto candidates = [&condition] {
    return condition.pattern          ? textOf(*condition.pattern)
           : condition.groups.empty() ? std::string("{ }")
                                      : groupText(condition.groups[0]);
  };
  switch (condition.kind) {
    case Kind::Pattern: return candidates();
    case Kind::Not: return "not " + candidates();
    case Kind::Exists: return "exists " + candidates();
    case Kind::Forall:
      return "forall " + (condition.pattern ? textOf(*condition.pattern) : "…") + " satisfies " +
             (condition.expr             ? "(" + toText(*condition.expr) + ")"
              : condition.groups.empty() ? "…"
                                         : groupText(condition.groups[0]));
    case Kind::Either: {
      std::string text = "either ";
      for (std::size_t i = 0; i < condition.groups.size(); ++i) {
        text += (i == 0 ? "" : " or ") + groupText(condition.groups[i]);
      }
      return text;
    }
    case Kind::Each:
      return "each " + condition.name.text + " in" + exprText(condition.expr) +
             optionalText("where", condition.where);
    case Kind::Let: return "let " + condition.name.text + " =" + exprText(condition.expr);
    case Kind::If: return "if" + exprText(condition.expr);
    case Kind::Accumulate: break;
  }
  std::string text =
      std::string("accumulate ") + (condition.skipErrors ? "skip errors " : "") + candidates();
  for (std::size_t i = 0; i < condition.groupBy.size(); ++i) {
    text += (i == 0 ? " group by " : ", ") + condition.groupBy[i].name.text + " = " +
            toText(condition.groupBy[i].value);
  }
  text += " into ";
  for (std::size_t i = 0; i < condition.functions.size(); ++i) {
    const tree::AccumulateFunction& f = condition.functions[i];
    text += (i == 0 ? "" : ", ") + f.result.text + " = " + f.function.text + "(" +
            (f.argument ? toText(*f.argument) : "") + (f.second ? ", " + toText(*f.second) : "") +
            ")";
  }
  return text;
}

std::string textOf(const tree::Action& a) {
  using Kind = tree::Action::Kind;
  const std::string as = a.name ? " as " + a.name.text : "";
  const std::string let = a.name ? "let " + a.name.text + " = " : "";
  const std::string pattern = a.pattern ? textOf(*a.pattern) : "";
  switch (a.kind) {
    case Kind::Insert:
      return std::string("insert") +
             (a.logical    ? " logical"
              : a.ifAbsent ? " if absent"
                           : "") +
             exprText(a.value) + as;
    case Kind::Upsert: return "upsert" + exprText(a.value);
    case Kind::Set:
      return std::string("set ") + (a.muted ? "muted " : "") + pathText(a.path) + " =" +
             exprText(a.value);
    case Kind::Unset: return "unset " + pathText(a.path);
    case Kind::UpdateFields:
      return "update " + a.target.text + " {" + argumentsText(a.arguments) + "}";
    case Kind::UpdateWith:
      return "update " + a.target.text + " with" + exprText(a.with ? a.with : a.value);
    case Kind::Retract: return "retract " + a.target.text;
    case Kind::Emit:
      return "emit" + exprText(a.value) + optionalText("to", a.to) +
             optionalText("after", a.after) + optionalText("at", a.at) +
             optionalText("replacing", a.replacing) +
             (a.deliver.empty() ? "" : " deliver " + a.deliver);
    case Kind::Call: return "call " + callText(a.target, a.arguments) + as;
    case Kind::Start:
      return "start " + callText(a.target, a.arguments) + optionalText("key", a.key) + as;
    case Kind::Signal:
      return "signal " + a.target.text + optionalText("key", a.key) + optionalText("with", a.with);
    case Kind::Cancel: return "cancel " + a.target.text + optionalText("key", a.key);
    case Kind::CancelEvent: return "cancel event" + exprText(a.value) + optionalText("to", a.to);
    case Kind::Log: return "log" + (a.level.empty() ? "" : " " + a.level) + exprText(a.value);
    case Kind::Let: return "let " + a.name.text + " =" + exprText(a.value);
    case Kind::If: return "if" + exprText(a.value);
    case Kind::For:
      return "for " + a.name.text + " in" + (a.pattern ? " " + pattern : exprText(a.value)) +
             (a.parallelFor ? " parallel" : "") +
             (a.parallelFor && a.count >= 0 ? " max " + std::to_string(a.count) : "");
    case Kind::Focus: return "focus " + (a.name ? a.name.text : a.level);
    case Kind::Refresh: return "refresh " + quoted(a.name.text);
    case Kind::Halt: return "halt";
    case Kind::Step: return stepText(a);
    case Kind::Find: return let + "find " + pattern;
    case Kind::Sleep: return "sleep" + exprText(a.value);
    case Kind::SleepUntil: return "sleep until" + exprText(a.value);
    case Kind::Wait:
      return let + "wait " + pattern + (a.duration ? " for " + textOf(*a.duration) : "");
    case Kind::WaitUntil:
      return let + "wait until" + (a.value ? exprText(a.value) : " " + groupText(a.conditions)) +
             (a.duration ? " for " + textOf(*a.duration) : "");
    case Kind::Parallel: return a.first ? "parallel first" : "parallel";
    case Kind::Branch: return "branch " + a.name.text;
    case Kind::Try: return "try";
    case Kind::Fail: return "fail" + exprText(a.value);
    case Kind::Return: return "return" + exprText(a.value);
    case Kind::Compensate: return "compensate";
    case Kind::Restart: return "restart (" + argumentsText(a.arguments) + ")";
    case Kind::Clock: return "clock" + exprText(a.value);
    case Kind::Settle: return a.count >= 0 ? "settle " + std::to_string(a.count) : "settle";
    case Kind::Advance:
      return "advance" + (a.duration ? " " + textOf(*a.duration) : exprText(a.value));
    case Kind::Crash: return "crash";
    case Kind::Host: return hostText(a);
    case Kind::Replace: return "replace rules with " + toText(Value::string(a.file));
  }
  return "";
}

std::string textOf(const tree::Expect& expect) {
  using Kind = tree::Expect::Kind;
  // ORDER: Operator, from Equal on
  static constexpr const char* kRelations[] = {"==", "!=", "<", "<=", ">", ">="};
  const std::string pattern = expect.pattern ? textOf(*expect.pattern) : "";
  const std::string number = expect.number ? std::to_string(*expect.number) : "";
  const std::string times = expect.number ? " " + number + " times" : "";
  const std::string negated = expect.negated ? "not " : "";
  switch (expect.kind) {
    case Kind::Exists: return "exists " + pattern;
    case Kind::Not: return "not " + pattern;
    case Kind::Count: {
      const int relation = static_cast<int>(expect.op) - static_cast<int>(Operator::Equal);
      return "count " + pattern + " " +
             (relation >= 0 && relation < 6 ? kRelations[relation] : "?") + " " +
             (expect.value ? toText(*expect.value) : number);
    }
    case Kind::Emitted: return negated + "emitted " + pattern + times;
    case Kind::Fired: return negated + "fired " + quoted(expect.name.text) + times;
    case Kind::Failed:
      return negated + "failed " + quoted(expect.name.text) +
             (expect.code ? " " + expect.code.text : "") + times;
    case Kind::Runaway: return negated + "runaway " + quoted(expect.name.text);
    case Kind::Called: {
      std::string text = negated + "called " + expect.name.text;
      for (std::size_t i = 0; i < expect.constraints.size(); ++i) {
        text += (i == 0 ? "(" : ", ") + toText(expect.constraints[i]);
      }
      return text + (expect.constraints.empty() ? "" : ")") + times;
    }
    case Kind::Flow:
      return "flow " + expect.name.text + optionalText("key", expect.value) + " " +
             expect.state.text;
    case Kind::Check: return "check" + exprText(expect.value);
    case Kind::Order:
    case Kind::Agenda: {
      std::string text = expect.kind == Kind::Order ? "order [" : "agenda [";
      for (std::size_t i = 0; i < expect.names.size(); ++i) {
        text += (i == 0 ? "" : ", ") + toText(Value::string(expect.names[i].text));
      }
      return text + "]";
    }
  }
  return "";
}

}  // namespace reticle::model
