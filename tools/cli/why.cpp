// The answers to why, why not, and what was done, as text.
//
// Everything comes from the same calls that hosts have (Engine::explain, whyNot, matches,
// counters); here it is only laid out. A reason stands below what it explains, one step further
// in.
#include "why.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "reticle/schema.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

constexpr std::size_t kMostMatches = 20;

std::string indented(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

// Returns false, so that it can end a question.
bool complain(const Error& error) {
  std::cerr << "reticle: " << error.message << (error.fix.empty() ? "" : "; " + error.fix) << "\n";
  return false;
}

// #1 + #2
std::string factsText(const std::vector<FactId>& facts) {
  std::string text;
  for (FactId fact : facts) text += (text.empty() ? "#" : " + #") + std::to_string(index(fact));
  return text;
}

// c = "ada", n = 2
std::string bindingsText(const Fields& bindings) {
  std::string text;
  for (const auto& [name, value] : bindings) {
    text += (text.empty() ? "" : ", ") + name + " = " + toText(value);
  }
  return text;
}

std::string numbered(std::uint64_t number, const std::string& one, const std::string& many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

// --- why a fact is there

// A reason below what it explains, indented.
void print(const Explanation& explanation, int depth) {
  std::cout << indented(depth) << "#" << index(explanation.fact) << " " << explanation.text << "\n";
  for (const Explanation::By& by : explanation.by) {
    std::cout << indented(depth + 1) << "by \"" << by.rule << "\" at change " << by.change
              << (by.bindings.empty() ? "" : ", with " + bindingsText(by.bindings))
              << (by.facts.empty() ? "\n" : ", from\n");
    for (const Explanation& fact : by.facts) print(fact, depth + 2);
  }
}

// `what`: a fact's number, or a type for all of its facts.
bool explain(const Engine& engine, const std::string& what) {
  std::vector<FactId> facts;
  const std::optional<std::int64_t> number = intFromText(what);
  if (number && *number > 0 && *number < INT64_C(0x100000000)) {
    facts.push_back(FactId{static_cast<std::uint32_t>(*number)});
  } else {
    for (const FactView& fact : engine.facts(what)) facts.push_back(fact.id);
  }
  if (facts.empty()) {
    return complain({ErrorCode::UnknownFact, "there is no " + what + " to explain", {}, {}});
  }
  for (FactId fact : facts) {
    const Result<Explanation> explanation = engine.explain(fact);
    if (!explanation) return complain(explanation.error());
    print(*explanation, 0);
  }
  return true;
}

// --- why a rule does not fire

// How many facts fit, how many partial matches come and how many go on.
std::string countsText(const ConditionReport& report) {
  std::string text = report.ofType > 0 ? numbered(report.facts, "fact fits", "facts fit") + " of " +
                                             std::to_string(report.ofType) + "; "
                                       : "";
  text += numbered(report.reached, "match comes", "matches come") + ", " +
          numbered(report.partial, "goes on", "go on");
  return text + (report.more ? " (not all were counted)" : "");
}

// The facts, the test, and why it is not true.
std::string textOf(const NearMiss& miss) {
  std::string text =
      factsText(miss.facts) + (miss.facts.empty() ? "" : ": ") + "`" + miss.test + "`";
  if (!miss.error.empty()) return text + " is unknown: " + miss.error;
  return text + " is false (" + toText(miss.left) + " against " + toText(miss.right) + ")";
}

void print(const std::vector<ConditionReport>& conditions, int depth) {
  for (std::size_t at = 0; at < conditions.size(); ++at) {
    const ConditionReport& report = conditions[at];
    std::cout << indented(depth) << at + 1 << ". " << report.text << "\n"
              << indented(depth + 2) << countsText(report) << "\n";
    if (!report.results.empty()) {
      std::cout << indented(depth + 2) << bindingsText(report.results) << "\n";
    }
    if (!report.note.empty() && report.reached > 0) {
      std::cout << indented(depth + 2) << report.note << "\n";
    }
    for (const Blocker& blocker : report.blockers) {
      std::cout << indented(depth + 2) << "in the way: " << factsText(blocker.facts)
                << (blocker.by.empty() ? ", handed in" : ", by \"" + blocker.by + "\"") << "\n";
    }
    for (const NearMiss& miss : report.nearest) {
      std::cout << indented(depth + 2) << "near: " << textOf(miss) << "\n";
    }
    for (std::size_t group = 0; group < report.groups.size(); ++group) {
      if (report.groups.size() > 1) {
        std::cout << indented(depth + 2) << "branch " << group + 1 << "\n";
      }
      print(report.groups[group], depth + 2);
    }
  }
}

// The summary, then condition by condition.
bool whyNot(const Engine& engine, const std::string& rule, const Fields& bindings) {
  const Result<WhyNot> answer = engine.whyNot(rule, bindings);
  if (!answer) return complain(answer.error());
  std::cout << answer->summary << "\n";
  print(answer->conditions, 1);
  return true;
}

// --- where its partial matches stand

void print(const std::vector<MatchView>& matches, std::uint64_t count, bool more) {
  for (const MatchView& match : matches) {
    std::cout << indented(2) << factsText(match.facts);
    if (!match.bindings.empty()) {
      std::cout << (match.facts.empty() ? "" : " ") << bindingsText(match.bindings);
    }
    if (match.activation != ActivationId{}) {
      std::cout << "  activation " << index(match.activation)
                << (match.fired ? ", fired" : ", ready");
    }
    std::cout << "\n";
  }
  if (count > matches.size()) {
    std::cout << indented(2) << "… and " << count - matches.size()
              << (more ? " more at least\n" : " more\n");
  }
}

// Stage by stage, and what became of complete matches.
bool matches(const Engine& engine, const std::string& rule) {
  const Result<RuleMatches> answer = engine.matches(rule, kMostMatches);
  if (!answer) return complain(answer.error());
  std::cout << "\"" << answer->rule << "\"\n";
  for (const RuleMatches::Stage& stage : answer->conditions) {
    std::cout << indented(1) << stage.text << ": " << stage.count
              << (stage.more ? " (not all were counted)" : "") << "\n";
    print(stage.matches, stage.count, stage.more);
  }
  std::cout << indented(1) << "complete:\n";
  print(answer->complete, answer->complete.size(), false);
  return true;
}

// --- what was done

// Spaces before it, up to the width.
std::string padded(std::string text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

// Columns of numbers to the right, the last column as it is.
void printTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) line += padded(row[i], widths[i]) + "  ";
    std::cout << line << row.back() << "\n";
  }
}

// Rules, then nodes with their kind and what they test.
void counters(const Engine& engine, const Schema& schema) {
  const Counters counted = engine.counters();
  std::vector<std::vector<std::string>> rows{{"matches", "firings", "failures", "ms", "rule"}};
  for (const Counters::Rule& rule : counted.rules) {
    char millis[32];
    std::snprintf(millis, sizeof millis, "%.3f", static_cast<double>(rule.nanoseconds) / 1e6);
    rows.push_back({std::to_string(rule.matches), std::to_string(rule.firings),
                    std::to_string(rule.failures), millis, rule.name});
  }
  printTable(rows);
  rows = {{"left", "right", "tests", "tokens", "memory", "node"}};
  for (const Counters::Node& node : counted.nodes) {
    const NodeSchema& shown = schema.nodes[index(node.node)];
    rows.push_back({std::to_string(node.left), std::to_string(node.right),
                    std::to_string(node.tests), std::to_string(node.tokens),
                    std::to_string(node.memory),
                    std::to_string(index(node.node)) + " " + shown.kind +
                        (shown.label.empty() ? "" : " " + shown.label)});
  }
  printTable(rows);
}

// `c.id=ada`, `o=12`, `tags=["a"]`: JSON where it can be read as such, otherwise text.
std::optional<std::pair<std::string, Value>> binding(const std::string& written) {
  const std::size_t equals = written.find('=');
  if (equals == 0 || equals == std::string::npos) return std::nullopt;
  const std::string text = written.substr(equals + 1);
  Result<Value> value = wire::parse(text);
  return std::pair(written.substr(0, equals), value ? std::move(*value) : Value::string(text));
}

}  // namespace

const std::vector<Option>& whyOptions() {
  static const std::vector<Option> options{
      {"--why-not", "RULE", "say at the end why the rule does not fire, condition by condition"},
      {"--with", "NAME=VALUE",
       "narrow the --why-not before it down: to a fact (o=12), or a value (c.id=ada)"},
      {"--matches", "RULE", "print the rule's partial matches, condition by condition"},
      {"--explain", "FACT", "say why a fact is there: its number, or a type for all of its facts"},
      {"--counters", "", "print what each rule and each node of the network did"}};
  return options;
}

std::optional<std::string> wrongWhy(const Arguments& arguments) {
  bool ruleBefore = false;
  for (const Arguments::Given& option : arguments.options) {
    ruleBefore = ruleBefore || option.name == "--why-not";
    if (option.name != "--with") continue;
    if (!ruleBefore) return "--with stands behind the --why-not it is about";
    if (!binding(option.value)) return "--with needs NAME=VALUE, this is `" + option.value + "`";
  }
  return std::nullopt;
}

bool sayWhy(const Engine& engine, const Schema& schema, const Arguments& arguments) {
  bool answered = true;
  for (std::size_t at = 0; at < arguments.options.size(); ++at) {
    const Arguments::Given& option = arguments.options[at];
    if (option.name == "--explain") answered = explain(engine, option.value) && answered;
    if (option.name == "--matches") answered = matches(engine, option.value) && answered;
    if (option.name == "--counters") counters(engine, schema);
    if (option.name != "--why-not") continue;
    Fields bindings;
    for (std::size_t next = at + 1;
         next < arguments.options.size() && arguments.options[next].name == "--with"; ++next) {
      if (auto one = binding(arguments.options[next].value)) bindings.push_back(std::move(*one));
    }
    answered = whyNot(engine, option.value, bindings) && answered;
  }
  return answered;
}

std::uint64_t stopwatch() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace reticle::cli
