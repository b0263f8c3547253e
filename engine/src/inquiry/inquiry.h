// Questions about a session: what a query finds, why a fact is there, why a rule fires or does not.
// Nothing asked here changes the session, and the session needs nothing of it but to have the
// queries of its own expressions answered (QueryAnswering).
//
// Explanations look at every fact, condition after condition (enumerate.h): slow and obvious, and
// bounded, so that a question about a large session comes to an end; what is cut short says so.
#pragma once

#include <string_view>
#include <vector>

#include "reticle/explanation.h"
#include "reticle/fields.h"
#include "reticle/result.h"
#include "session/session.h"

namespace reticle {

class Inquiry final : public QueryAnswering {
 public:
  // The session outlives it. The program and state count that it has when something is asked.
  explicit Inquiry(const Session& session) : session_(session) {}

  // --- queries
  Result<std::vector<Fields>> runQuery(std::string_view name,
                                       const std::vector<Value>& arguments) const;
  Value query(QueryId query, const Value* arguments, std::size_t count,
              const Surroundings& asker) const override;
  std::vector<FactId> find(const model::Pattern& pattern,
                           const std::vector<Value>& locals) const override;
  std::vector<std::pair<std::string, bool>> conditionsOf(RuleId rule) const override;
  bool match(const std::vector<model::Condition>& conditions, std::uint32_t rowCount,
             std::vector<Value>& locals, std::vector<FactId>& rows) const override;

  // --- explanations
  // What a fact rests on, and what a match is made of and keeps.
  Result<Explanation> explain(FactId fact) const;
  Result<ActivationExplanation> explain(ActivationId activation) const;
  // `bindings` narrow the question down: see Narrowed.
  Result<WhyNot> whyNot(std::string_view rule, const Fields& bindings) const;
  // Where a fact is in the network, and what ended it.
  Result<FactPath> pathOf(FactId fact) const;
  // The partial matches of a rule, condition by condition; at most so many of each.
  Result<RuleMatches> matches(std::string_view rule, std::size_t most) const;

 private:
  const Session::State& state() const { return session_.state(); }

  const Session& session_;
};

}  // namespace reticle
