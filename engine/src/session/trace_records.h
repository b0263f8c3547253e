// What the session reports to the trace, one function a kind of record. They are asked only while
// somebody watches (Tracer::on()).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agenda/agenda.h"
#include "match/working_memory.h"
#include "model/model.h"
#include "reticle/result.h"
#include "reticle/trace.h"
#include "session/change.h"
#include "session/event.h"

namespace reticle::records {

TraceRecord asserted(const model::FactType& type, const StoredFact& fact);
// Before it is carried out. Nothing when only internal fields change.
std::optional<TraceRecord> updated(const model::FactType& type, const StoredFact& fact,
                                   const Assignment& assignment);
TraceRecord retracted(const model::FactType& type, FactId fact);
TraceRecord propertyChanged(const Event& event);
// phase: "waiting", "dropped" (with `due`), "raised", "begin", "end"
TraceRecord event(const model::Program& program, const Event& event, const char* phase,
                  std::optional<Time> due = {});
TraceRecord memory(NodeId node, bool added, const std::vector<FactId>& facts, std::uint32_t count);

TraceRecord activated(const Activation& activation, std::vector<FactId> facts);
TraceRecord deactivated(const Activation& activation);
TraceRecord fired(RuleId rule, ActivationId activation, const std::vector<FactId>& facts);
// `part`: what of a firing failed, when the rest stands.
TraceRecord failed(RuleId rule, const Error& error, std::string part = {});
// An event goes to a subject that is not there; nobody sees it `at` one.
TraceRecord noSubject(RuleId rule, const model::FactType& event, const std::string& subject);
TraceRecord logged(RuleId rule, const Change& change);
TraceRecord halted(RuleId rule);
// `focused`: the groups above the main one, the lowest first.
TraceRecord focused(const AgendaPlan& plan, const std::vector<std::uint32_t>& focused);
TraceRecord clockMoved(Time time);
TraceRecord replaced();

}  // namespace reticle::records
