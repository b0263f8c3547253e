// Queries: matches of their conditions, found by looking at every fact.

#include "expression/coerce.h"
#include "inquiry/enumerate.h"
#include "inquiry/inquiry.h"
#include "session/state.h"

namespace reticle {

std::vector<FactId> Inquiry::find(const model::Pattern& pattern,
                                  const std::vector<Value>& locals) const {
  PartialMatch from;
  from.locals = locals;
  return Enumerator(state().program, state().memory, session_)
      .candidates(pattern, std::move(from), false);
}

bool Inquiry::match(const std::vector<model::Condition>& conditions, std::uint32_t rowCount,
                    std::vector<Value>& locals, std::vector<FactId>& rows) const {
  PartialMatch from(rowCount, 0);
  from.locals = locals;
  const std::vector<PartialMatch> found =
      Enumerator(state().program, state().memory, session_).matches(conditions, std::move(from));
  if (found.empty()) return false;
  locals = found.front().locals;
  rows = found.front().facts();
  return true;
}

// --- queries

namespace {

// One result a match, in the order of matches: what the conditions bind by name, facts first.
// Arguments are the first locals of a query.
std::vector<Fields> resultsOf(const Surroundings& asker, const Session::State& s,
                              const model::Query& query, const Value* arguments,
                              std::size_t count) {
  PartialMatch from(query.frameRows, query.locals);
  for (std::size_t i = 0; i < count && i < query.params.size(); ++i) from.locals[i] = arguments[i];
  std::vector<Fields> out;
  for (const PartialMatch& match :
       Enumerator(s.program, s.memory, asker).matches(query.conditions, std::move(from))) {
    Fields result;
    for (std::size_t row = 0; row < query.bindings.size() && row < match.bound; ++row) {
      if (!query.bindings[row].empty()) {
        result.emplace_back(query.bindings[row], Value::fact(match.rows[row].fact));
      }
    }
    for (std::size_t local = query.params.size(); local < query.localNames.size(); ++local) {
      if (!query.localNames[local].first.empty()) {
        result.emplace_back(query.localNames[local].first, match.locals[local]);
      }
    }
    out.push_back(std::move(result));
  }
  return out;
}

}  // namespace

// Arguments come from a host: unlike those of an expression they are checked.
Result<std::vector<Fields>> Inquiry::runQuery(std::string_view name,
                                              const std::vector<Value>& arguments) const {
  const Session::State& s = state();
  for (const model::Query& query : s.program.queries) {
    if (query.name != name) continue;
    if (arguments.size() != query.params.size()) {
      return Error{ErrorCode::BadInput,
                   "the query \"" + query.name + "\" takes " + std::to_string(query.params.size()) +
                       " arguments, this gives " + std::to_string(arguments.size()),
                   "arguments",
                   {}};
    }
    std::vector<Value> fitting;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      auto value = coerce(arguments[i], query.params[i].type,
                          "the argument \"" + query.params[i].name + "\" of " + query.name);
      if (!value) return value.error();
      fitting.push_back(std::move(*value));
    }
    return resultsOf(session_, s, query, fitting.data(), fitting.size());
  }
  return Error{
      ErrorCode::UnknownQuery, "there is no query \"" + std::string(name) + "\"", "name", {}};
}

// What an expression sees of a query: maps, or for a query of one its first result.
Value Inquiry::query(QueryId id, const Value* args, std::size_t count,
                     const Surroundings& asker) const {
  const model::Query& asked = state().program.queries[index(id)];
  Value::List rows;
  for (const Fields& fields : resultsOf(asker, state(), asked, args, count)) {
    rows.push_back(mapOf(fields));
  }
  if (!asked.single) return Value::list(std::move(rows));
  return rows.empty() ? Value::error("RL9001", "the query `" + asked.name + "` has no answer")
                      : rows[0];
}

}  // namespace reticle
