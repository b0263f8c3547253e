// Matches found by looking at every fact, condition after condition: for queries, for what flows
// and actions look up, and for saying why a rule did not fire. Slow and obvious; it shares neither
// code nor memories with the matcher.
//
// Conditions are true, false or unknown. Where only what is true counts (the conditions of a rule
// or query themselves) places are strict; inside of a group under `not`, `forall` and `accumulate`
// they are loose: what is unknown goes on too, marked `unsure`, and the values it cannot know are
// errors.
//
// Made for one question: working memory must not change while it is in use.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/flat_map.h"
#include "inquiry/partial_match.h"
#include "match/truth.h"
#include "match/working_memory.h"
#include "model/model.h"

namespace reticle {

class Enumerator {
 public:
  Enumerator(const model::Program& program, const WorkingMemory& memory,
             const Surroundings& surroundings)
      : program_(program), memory_(memory), surroundings_(surroundings) {}

  // All matches of conditions, one after the other, that grow from a partial match; in order
  // (comesBefore).
  std::vector<PartialMatch> matches(const std::vector<model::Condition>& conditions,
                                    PartialMatch from) const;
  // The ways to extend a partial match over one condition; at most `limit` of them, as they are
  // found.
  std::vector<PartialMatch> extend(const model::Condition& condition, const PartialMatch& from,
                                   std::size_t limit = SIZE_MAX) const;
  // Calls `use` for each of them until it returns false. Returns whether it never did. What `use`
  // is given lives only as long as the call.
  using Use = std::function<bool(PartialMatch&)>;
  bool each(const model::Condition& condition, PartialMatch& from, bool loose,
            const Use& use) const;
  bool each(const std::vector<model::Condition>& conditions, std::size_t at, PartialMatch& from,
            bool loose, const Use& use) const;
  // The same for the candidates of `not`, `exists`, `forall` and `accumulate`: facts of its pattern
  // or matches of its group.
  bool eachCandidate(const model::Condition& condition, PartialMatch& from, bool loose,
                     const Use& use) const;

  // From now on at most so many tests of facts; then all searching ends, with whatever was found.
  void allow(std::uint64_t tests) { left_ = tests; }
  bool spent() const { return left_ == 0; }

  // Whether a candidate satisfies a pattern next to a partial match.
  Truth test(const model::Pattern& pattern, PartialMatch& from, FactId candidate) const;
  // Candidates of a pattern for which it is true (or, when `unsure`, not definitely false); in
  // order of id.
  std::vector<FactId> candidates(const model::Pattern& pattern, PartialMatch from,
                                 bool unsure) const;
  // Whether `not`, `exists`, `forall` or `if` holds beside a partial match.
  Truth truth(const model::Condition& condition, PartialMatch& from) const;
  // A row with a fact in it; it need not be bound.
  void put(PartialMatch& match, std::uint32_t row, FactId fact) const;
  Value value(const model::Expression& expression, const PartialMatch& match) const;
  const std::vector<FactId>& factsOf(TypeId type) const;

 private:
  // What fields of the candidate must equal, by a pattern's constraints.
  using EqualTests = std::vector<std::pair<FieldId, Code>>;
  // The facts of a type by the value of a field: made when they are asked for by it a second time,
  // since a first question alone costs less without.
  struct FieldIndex {
    bool asked = false, made = false;
    FlatMap<std::uint64_t, std::vector<FactId>> facts;
  };

  bool isInWindow(const model::Pattern& pattern, FactId candidate) const;
  Truth some(const model::Condition& condition, PartialMatch& from, bool loose) const;
  Truth all(const model::Condition& forall, PartialMatch& from) const;
  bool pass(Truth truth, PartialMatch& match, bool loose, const Use& use) const;
  bool eachFact(const model::Pattern& pattern, PartialMatch& from, bool loose,
                const Use& use) const;
  bool eachElement(const model::Condition& condition, PartialMatch& from, bool loose,
                   const Use& use) const;
  bool eachBranch(const model::Condition& either, PartialMatch& from, bool loose,
                  const Use& use) const;
  bool eachResult(const model::Condition& accumulate, PartialMatch& from, bool loose,
                  const Use& use) const;
  const EqualTests& equalTests(const model::Pattern& pattern) const;
  // The only fact that can satisfy a pattern's tests of its keys (kNoFact: none can); nothing when
  // they do not tell.
  std::optional<FactId> byKeys(const model::Pattern& pattern, const PartialMatch& match) const;
  // Facts of which the others are definitely not what a pattern looks for; in order of id.
  const std::vector<FactId>& candidatesFor(const model::Pattern& pattern,
                                           const PartialMatch& match) const;

  const model::Program& program_;
  const WorkingMemory& memory_;
  const Surroundings& surroundings_;
  mutable std::map<TypeId, std::vector<FactId>> facts_;
  mutable std::map<const model::Pattern*, EqualTests> equalTests_;
  mutable std::map<std::pair<TypeId, FieldId>, FieldIndex> byField_;
  // of patterns `over last n`: ascending
  mutable std::map<const model::Pattern*, std::vector<FactId>> windows_;
  mutable std::uint64_t left_ = UINT64_MAX;
};

}  // namespace reticle
