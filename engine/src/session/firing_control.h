// What decides beside the agenda whether a match may fire: `once`, the dates between which a rule
// is effective, what one settling asks for, and `halt`.
//
// An activation that may not fire now is held on the agenda, by one bit a reason (see Held), and
// released when the reason is gone. Held by a settling (its tags, its mode) are only those in
// passedOver_, so that endSettling() can put all of them back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agenda/agenda.h"
#include "model/model.h"
#include "reticle/options.h"
#include "session/calendar.h"
#include "session/once_book.h"

namespace reticle {

class FiringControl {
 public:
  FiringControl(const model::Program& program, Agenda& agenda, Calendar& calendar)
      : program_(program), agenda_(agenda), calendar_(calendar) {}

  // --- activations
  // Why a match of a rule that comes now cannot fire; of Held, but for errors and moments.
  std::uint8_t heldFor(const model::Rule& rule) const {
    std::uint8_t held = calendar_.isEffective(rule) ? 0 : kHeldByDate;
    if (isMuted(rule.id)) held |= kHeldByTag;
    if (turnSpent_ || (pass_ && pass_->rankOf[index(rule.id)] < pass_->rank)) held |= kHeldByTurn;
    return held;
  }
  // An activation that has not fired comes, or is one again.
  void enter(const model::Rule& rule, ActivationSlot slot) {
    const Activation& activation = agenda_.at(slot);
    calendar_.enterDated(activation, slot);
    if (pass_ || (activation.held & (kHeldByTag | kHeldByTurn))) enterSettling(rule, slot);
  }
  // It is about to be marked as fired, or its match has ended.
  void leave(ActivationSlot slot) {
    const Activation& activation = agenda_.at(slot);
    if (program_.rules[index(activation.rule)].once) once_.leave(activation.id, slot);
    calendar_.leaveDated(activation, slot);
  }
  // What the firing of an activation takes from others: they count as fired, too. Requires: it is
  // about to be marked as fired.
  std::vector<ActivationSlot> takeRivals(ActivationSlot slot);
  // Why an activation that has not fired cannot, for people; empty: it can.
  std::string waitsFor(ActivationSlot slot) const;
  OnceBook& once() { return once_; }
  const OnceBook& once() const { return once_; }

  // --- one settling
  void beginSettling(const SettleOptions& options);
  void beginTurn();
  void endSettling();
  bool ready();                 // some activation may fire
  ActivationSlot next() const;  // the one that fires next. Requires: ready()
  void hasFired();              // something has, in this turn

  // --- halt, and the focus as it was last reported
  bool halted() const { return halted_; }
  void setHalted(bool halted) { halted_ = halted; }
  // Whether the focus has changed since this was last asked.
  bool takeFocusChange() {
    if (agenda_.focused() == reportedFocus_) return false;
    reportedFocus_ = agenda_.focused();
    return true;
  }

 private:
  using Named = std::pair<ActivationId, ActivationSlot>;  // slots are used again, ids are not

  // The pass of SettleOptions::Mode::SinglePass through the rules, the highest salience first: each
  // is reached once, and fires then for all that it matches.
  struct Pass {
    std::vector<std::uint32_t> rankOf;        // by rule
    std::vector<std::vector<Named>> waiting;  // by rank; what has gone meanwhile is still listed
    std::size_t rank = 0;                     // the next to be reached
    std::vector<Named> turn;  // of the rule that has been reached, the next one last
  };

  void enterSettling(const model::Rule& rule, ActivationSlot slot);
  bool isMuted(RuleId rule) const { return !muted_.empty() && muted_[index(rule)] != 0; }
  void mute(const std::vector<std::string>& tags);
  void passOver(ActivationSlot slot, Held why);
  void spendTurn();
  void advancePass();

  const model::Program& program_;
  Agenda& agenda_;
  Calendar& calendar_;
  OnceBook once_;
  SettleOptions::Mode mode_ = SettleOptions::Mode::All;
  // by rule: this settling does not ask for it; empty: it asks for all
  std::vector<std::uint8_t> muted_;
  bool turnSpent_ = false;  // nothing more fires in this turn
  std::optional<Pass> pass_;
  std::vector<Named> passedOver_;  // held until the settling ends
  bool halted_ = false;
  std::vector<std::uint32_t> reportedFocus_;
};

}  // namespace reticle
