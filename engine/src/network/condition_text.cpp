// The canonical text of conditions, of which the builder makes the descriptions of groups.
#include "network/condition_text.h"

#include "expression/code.h"

namespace reticle {
namespace {

std::string number(std::uint64_t n) { return std::to_string(n); }

std::string canonical(const model::Expression& expression,
                      const std::vector<UserFunction>& functions) {
  return canonicalText(expandFunctions(expression.tree, functions));
}

}  // namespace

// ORDER of conditions counts: rows are numbered along it.
std::string groupText(const std::vector<model::Condition>& conditions,
                      const std::vector<UserFunction>& functions) {
  std::string out = "{";
  for (const model::Condition& condition : conditions) {
    out += " " + conditionText(condition, functions);
  }
  return out + " }";
}

std::string conditionText(const model::Condition& condition,
                          const std::vector<UserFunction>& functions) {
  std::string out = number(static_cast<std::uint64_t>(condition.kind));
  if (condition.hasPattern()) {
    out +=
        " type " + number(index(condition.pattern.type)) + " row " + number(condition.pattern.row);
    for (const model::Constraint& constraint : condition.pattern.constraints) {
      out += " & " + canonical(constraint.test, functions);
    }
    for (const model::Suffix& suffix : condition.pattern.suffixes) {
      out += " suffix " + number(static_cast<std::uint64_t>(suffix.kind)) + " " +
             std::to_string(suffix.duration.value_or(-1)) + " " + std::to_string(suffix.count) +
             " " + number(suffix.row);
      if (suffix.by.present()) out += " by " + canonical(suffix.by, functions);
    }
  }
  if (condition.since) out += " since";
  if (condition.expr.present()) out += " expr " + canonical(condition.expr, functions);
  if (condition.where.present()) out += " where " + canonical(condition.where, functions);
  out += " local " + number(condition.local);
  out += intoText(condition, functions);
  for (const model::Export& each : condition.exports) {
    out += each.fact ? " fact " : " value ";
    for (const std::uint32_t from : each.from) out += number(from) + ",";
    out += ">" + number(each.to);
  }
  for (const std::vector<model::Condition>& group : condition.groups) {
    out += groupText(group, functions);
  }
  return out;
}

// Names of results do not count, the locals they go to do.
std::string intoText(const model::Condition& condition,
                     const std::vector<UserFunction>& functions) {
  std::string out;
  for (const model::AccumulateFunction& function : condition.functions) {
    out +=
        " into " + number(function.local) + " " + number(static_cast<std::uint64_t>(function.kind));
    if (function.argument.present()) out += " " + canonical(function.argument, functions);
    if (function.share != 0) {
      out += " " + std::to_string(function.share) + "/" + std::to_string(function.whole);
    }
  }
  for (const model::GroupKey& key : condition.groupBy) {
    out += " by " + number(key.local) + " " + canonical(key.value, functions);
  }
  return out + (condition.skipErrors ? " skip" : "");
}

}  // namespace reticle
