// The firing that is under way: which activation fires, and its match. One at a time; its buffers
// are used again by the next.
#pragma once

#include <cstdint>
#include <vector>

#include "agenda/agenda.h"
#include "match/matcher.h"
#include "model/model.h"

namespace reticle {

class Firing {
 public:
  // What changes until end() is of this firing. Requires: the match holds
  void begin(const Activation& activation, ActivationSlot slot, const Matcher& matcher) {
    slot_ = slot;
    activation_ = activation.id;
    rule_ = activation.rule;
    recency_ = activation.recency;
    matcher.factsOf(activation.token, facts_);
  }
  // Takes the match in, for its actions: they may end it. Requires: it still holds
  void load(TokenId token, const model::Rule& rule, const Matcher& matcher) {
    matcher.rowsOf(token, rows_, locals_);
    if (locals_.size() < rule.locals) locals_.resize(rule.locals);
  }
  void end() {
    slot_ = kNoActivation;
    activation_ = {};
    rule_ = kNoRule;
    facts_.clear();
  }

  // kNoRule when nothing fires: then changes come from hosts, flows or the clock.
  RuleId rule() const { return rule_; }
  ActivationId activation() const { return activation_; }
  const std::vector<FactId>& facts() const { return facts_; }
  // Where the activation is kept; kNoActivation when its match has ended meanwhile.
  ActivationSlot slot(const Agenda& agenda) const {
    return agenda.at(slot_).id == activation_ ? slot_ : kNoActivation;
  }
  const Row* rows() const { return rows_.data(); }
  std::vector<Value>& locals() { return locals_; }
  // The change that made the match; of the last firing when none is under way.
  std::uint64_t recency() const { return recency_; }

 private:
  ActivationSlot slot_ = kNoActivation;
  ActivationId activation_{};
  RuleId rule_ = kNoRule;
  std::uint64_t recency_ = 0;
  std::vector<FactId> facts_;
  std::vector<Row> rows_;
  std::vector<Value> locals_;
};

}  // namespace reticle
