// What a session needs from those who run it. Both are given to Session::connect() and outlive the
// session.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/model.h"
#include "reticle/ids.h"
#include "reticle/value.h"
#include "session/event.h"

namespace reticle {

// What the session hands on to the one who runs it.
class Effects {
 public:
  virtual ~Effects() = default;
  // An event waits for its turn.
  virtual void eventRaised() = 0;
  virtual void startFlow(FlowId flow, std::vector<Value> arguments, std::string key) = 0;
  // An event for the run of that key alone; no rule sees it. `values`: its declared fields.
  virtual void signalRun(FlowId flow, const std::string& key, TypeId event,
                         std::vector<Value> values) = 0;
  virtual void cancelRun(FlowId flow, const std::string& key) = 0;
  // An event begins its turn (after it was asserted, before rules fire): waiting runs look at it,
  // and it goes out if it is to.
  virtual void eventBegins(const Event& event) = 0;
  virtual void eventEnds(const Event& event) = 0;
};

// What expressions and actions look up in working memory beside the matcher: queries, and the facts
// of a pattern. The rooms after the session implement it (inquiry/inquiry.h); the session only
// asks.
class QueryAnswering {
 public:
  virtual ~QueryAnswering() = default;
  // The results of a query, each a map, or the first of them for a query of one; an error value
  // when that one is missing. `arguments`: `count` values that fit the parameters.
  virtual Value query(QueryId query, const Value* arguments, std::size_t count,
                      const Surroundings& asker) const = 0;
  // Facts of a pattern, its candidate in row 0 of a frame with the given locals; in order of id.
  virtual std::vector<FactId> find(const model::Pattern& pattern,
                                   const std::vector<Value>& locals) const = 0;
  // Each condition of a rule as it is written; whether anything holds for it and all before it.
  virtual std::vector<std::pair<std::string, bool>> conditionsOf(RuleId rule) const = 0;
  // The first match of conditions beside the given locals: what it binds is put into them, and its
  // facts, by row, into `rows`. False when there is none; nothing is changed then.
  virtual bool match(const std::vector<model::Condition>& conditions, std::uint32_t rowCount,
                     std::vector<Value>& locals, std::vector<FactId>& rows) const = 0;
};

}  // namespace reticle
