// Reading what a question is narrowed down to, and asking it of partial matches.

#include "inquiry/narrowed.h"

#include <algorithm>

#include "expression/coerce.h"

namespace reticle {

namespace {

// Whether a condition, of the rule itself, is the one that gives a local its value.
bool bindsLocal(const model::Condition& condition, std::uint32_t local) {
  using Kind = model::Condition::Kind;
  switch (condition.kind) {
    case Kind::Let:
    case Kind::Each: return condition.local == local;
    case Kind::Accumulate:
      return std::any_of(condition.functions.begin(), condition.functions.end(),
                         [&](const auto& function) { return function.local == local; }) ||
             std::any_of(condition.groupBy.begin(), condition.groupBy.end(),
                         [&](const auto& key) { return key.local == local; });
    case Kind::Either:
      return std::any_of(condition.exports.begin(), condition.exports.end(),
                         [&](const auto& name) { return !name.fact && name.to == local; });
    case Kind::Pattern:
    case Kind::Not:
    case Kind::Exists:
    case Kind::Forall:
    case Kind::If: return false;
  }
  return false;
}

// For a name that was mistyped: says which there are.
Error unbound(const model::Rule& rule, const std::string& name) {
  std::string names;
  const auto add = [&](const std::string& known) {
    if (!known.empty()) names += (names.empty() ? "`" : ", `") + known + "`";
  };
  for (const std::string& binding : rule.bindings) add(binding);
  for (std::uint32_t i = 0; i < rule.conditionLocals && i < rule.localNames.size(); ++i) {
    add(rule.localNames[i].first);
  }
  return Error{ErrorCode::BadInput,
               "the conditions of \"" + rule.name + "\" bind no `" + name + "`; they bind " +
                   (names.empty() ? "no names" : names),
               "bindings",
               {}};
}

}  // namespace

Result<Narrowed> Narrowed::read(const Session::State& state, const model::Rule& rule,
                                const Fields& bindings) {
  Narrowed out;
  for (const auto& [path, value] : bindings) {
    const std::size_t dot = path.find('.');
    const std::string name = path.substr(0, dot);
    const auto row = std::find(rule.bindings.begin(), rule.bindings.end(), name);
    if (row != rule.bindings.end() && !name.empty()) {
      const auto at = static_cast<std::uint32_t>(row - rule.bindings.begin());
      // The name of a fact alone: which one; with a member: what it holds.
      if (dot == std::string::npos) {
        const bool number = value.kind() == ValueKind::Int && value.asInt() > 0 &&
                            value.asInt() < INT64_C(0x100000000);
        if (value.kind() != ValueKind::Fact && !number) {
          return Error{ErrorCode::BadInput,
                       "`" + name + "` is a fact: give its number, this is " + toText(value),
                       "bindings", "or give one of its fields: \"" + name + ".…\""};
        }
        out.facts_.push_back(
            {at, number ? FactId{static_cast<std::uint32_t>(value.asInt())} : value.asFact()});
        continue;
      }
      const model::FactType& type = state.program.type(rule.rowTypes[at]);
      const std::string member = path.substr(dot + 1);
      const std::optional<FieldId> field = type.find(member);
      if (!field) {
        return Error{
            ErrorCode::UnknownField, type.name + " has no field `" + member + "`", "bindings", {}};
      }
      Result<Value> wanted = coerce(value, type.fields[index(*field)].type, "`" + path + "`");
      if (!wanted) return wanted.error();
      out.fields_.push_back({at, *field, std::move(*wanted)});
      continue;
    }
    std::optional<std::uint32_t> local;
    for (std::uint32_t i = 0; i < rule.conditionLocals && i < rule.localNames.size(); ++i) {
      if (rule.localNames[i].first == path && !path.empty()) local = i;
    }
    if (!local) return unbound(rule, name);
    Result<Value> wanted = coerce(value, rule.localNames[*local].second, "`" + path + "`");
    if (!wanted) return wanted.error();
    out.locals_.push_back({*local, std::move(*wanted)});
  }
  return out;
}

// A fact that is excluded here is never looked at: neither does it match nor is it a near miss.
bool Narrowed::allows(std::uint32_t row, const Row& candidate) const {
  for (const Fact& one : facts_) {
    if (one.row == row && one.fact != candidate.fact) return false;
  }
  for (const Member& one : fields_) {
    if (one.row == row && !(candidate.fields[index(one.field)] == one.value)) return false;
  }
  return true;
}

bool Narrowed::allows(const model::Condition& condition, const PartialMatch& match) const {
  if (condition.kind == model::Condition::Kind::Pattern &&
      !allows(condition.pattern.row, match.rows[condition.pattern.row])) {
    return false;
  }
  for (const model::Export& name : condition.exports) {
    if (name.fact && !allows(name.to, match.rows[name.to])) return false;
  }
  for (const Local& one : locals_) {
    if (bindsLocal(condition, one.local) && !(match.locals[one.local] == one.value)) return false;
  }
  return true;
}

}  // namespace reticle
