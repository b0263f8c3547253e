// Derived facts follow their reasons: at the end of each operation, before anything fires, what was
// derived from a match that the operation has renewed gets the values that follow now, and what
// nothing holds up any more goes. So no firing ever sees a conclusion that is stale.

#include <algorithm>

#include "session/state.h"

namespace reticle {

// In recovery all of this follows as decisions.
void Session::State::noteEnded(const Activation& activation, ActivationSlot slot) {
  if (decisions.recovering()) return;
  if (!activation.supports) {
    renewals.endedAgain(activation.id);
    return;
  }
  renewals.ended(identityOf(activation.rule, activation.token), *truths.conclusionsOf(slot));
}

bool Session::State::noteCame(const Activation& activation, ActivationSlot slot) {
  return renewals.came(identityOf(activation.rule, activation.token), activation.id, slot);
}

// ORDER: first what can be made true again, so that it is not taken for unfounded. Each change may
// end and renew other matches.
void Session::State::settleTruths() {
  if (decisions.recovering()) {
    truths.forgetDoubts();
    return;
  }
  if (renewals.empty() && !truths.hasDoubts() && !refusals.hasFreed()) return;
  while (true) {
    if (renewals.hasRenewed()) {
      conclude(renewals.takeRenewed());
    } else if (const std::optional<FactId> fact =
                   truths.hasDoubts() ? truths.takeUnfounded() : std::nullopt) {
      retractTold(*fact);
    } else {
      break;
    }
  }
  if (!renewals.empty()) renewals.clear();
  if (refusals.hasFreed()) rearmFreed();
}

void Session::State::noteUncovered(const StoredFact& stated) {
  const std::vector<ActivationSlot>* keepers = truths.supportsOf(stated.id);
  if (!keepers || decisions.recovering()) return;
  for (const ActivationSlot slot : *keepers) {
    const Activation& activation = agenda.at(slot);
    renewals.uncovered(identityOf(activation.rule, activation.token), activation.id, slot,
                       stated.type, {stated.fields().begin(), stated.fields().end()});
  }
}

// What one match derives is computed before anything of it is changed, as in a firing.
void Session::State::conclude(const Renewals::Renewed& renewed) {
  const auto holds = [&] { return agenda.at(renewed.slot).id == renewed.activation; };
  if (!holds()) return;
  const model::Rule& rule = program.rules[index(renewed.identity.rule)];
  std::vector<Row> rows;
  std::vector<Value> locals;
  matcher.rowsOf(agenda.at(renewed.slot).token, rows, locals);
  if (locals.size() < rule.locals) locals.resize(rule.locals);
  std::vector<Change> wanted = conclusionsOf(rule, rows.data(), locals);
  std::vector<FactId> found(wanted.size(), kNoFact);
  for (std::size_t i = 0; i < wanted.size() && holds(); ++i) {
    std::vector<Value>& values = wanted[i].values;
    for (Value& value : values) value = resolvePending(value, found);
    // One that speaks of a conclusion that is not there yet has to wait, too.
    if (std::find(values.begin(), values.end(), Value::fact(kNoFact)) == values.end()) {
      found[i] = concludeOne(renewed, wanted[i].type, values);
    }
  }
}

// A new conclusion waits for the firing, but where a statement was taken back. One that has other
// values now changes in place, unless something else holds it up with the values it has.
FactId Session::State::concludeOne(const Renewals::Renewed& by, TypeId typeId,
                                   std::vector<Value>& values) {
  const model::FactType& type = program.type(typeId);
  FactId twin = checks.twin(typeId, values);
  if (twin == kNoFact && type.keys.empty()) twin = truths.findEqual(typeId, values);
  if (twin == kNoFact) {
    if (!by.uncovered || by.uncovered->first != typeId ||
        !FactChecks::sameKey(type, values, by.uncovered->second)) {
      return kNoFact;
    }
    twin = assertFact(typeId, values, true);
    addSupport(twin, agenda.at(by.slot).id == by.activation ? by.slot : kNoActivation,
               by.activation);
    return twin;
  }
  const StoredFact& stored = *memory.find(twin);
  if (!stored.logical ||
      std::equal(values.begin(), values.begin() + type.declared, stored.fields().begin())) {
    addSupport(twin, by.slot, by.activation);
    return twin;
  }
  const bool own =
      std::find(by.conclusions.begin(), by.conclusions.end(), twin) != by.conclusions.end();
  if (!own || truths.isSupported(twin) || !renewals.mayRevise(twin)) return twin;
  addSupport(twin, by.slot, by.activation);
  Assignment assignment;
  for (std::uint32_t field = 0; field < type.declared; ++field) {
    assignment.emplace_back(FieldId{field}, values[field]);
  }
  setFields(twin, assignment, false);
  return twin;
}

}  // namespace reticle
