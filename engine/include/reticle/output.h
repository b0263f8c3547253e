// What an engine asks of its host, and what it reports: outputs on their way out, what settling
// did, what replacing the rules changed.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// A call that the host must perform and whose result it submits, with stepResult() or stepError()
// and this id and attempt. Steps are executed at least once; a result is recorded exactly once.
struct Call {
  std::string id;
  std::uint32_t attempt = 1;  // from 1
  // The same for every attempt: pass it to the target as idempotency key.
  std::string key;
  std::string function;  // the `host` function, as declared
  Fields arguments;      // by parameter, in order
  RunId run;
  std::string step;
};

// Something that happened, on its way out as a CloudEvents 1.0 envelope.
struct CloudEvent {
  std::string type, source, id;
  std::string originId;      // of the first event of its chain
  std::string subject;       // empty: it is about none
  std::string cause;         // id of the event that caused it; may be empty
  std::string propertyName;  // of a `subject-property-changed`; otherwise empty
  Time time = 0;             // 0: the session's clock was never set
  Fields data;
  // `ext` properties of the subject, and what the event that began its chain brought of
  // `traceparent` and `tracestate`
  Fields extensions;
  // How many events led to it, each to the next without waiting; goes with it as `hops`
  std::uint32_t hops = 0;
};

using Output = std::variant<Call, CloudEvent>;

// One activation that fired.
struct Fired {
  RuleId rule;
  std::string name;
  ActivationId activation;
  std::vector<FactId> facts;  // of its match, row by row
};

// What Engine::settle() did, and why it stopped.
//   Quiescent  nothing is ready, and nothing waits for its turn
//   Limit      SettleOptions::maxFirings are spent, or a million turns
//   Halted     a rule said `halt`
struct SettleReport {
  enum class Reason : std::uint8_t { Quiescent, Limit, Halted } reason = Reason::Quiescent;
  std::uint64_t firings = 0;
  std::vector<Fired> fired;        // the first 10,000
  std::vector<std::string> cycle;  // at the limit: the repeating rules, by name
  // … and the properties they change that make them fire again: "Counter.n"; "Counter" when facts
  // come or go
  std::vector<std::string> feeds;
};
const char* name(SettleReport::Reason reason);  // "quiescent"

// What Engine::replaceProgram() changed.
struct Replaced {
  // Same: the rule means what it meant, and its activations are what they were. A rule is known by
  // its name.
  enum class Fate : std::uint8_t { Same, Added, Changed, Removed };
  struct Rule {
    std::string name;
    Fate fate = Fate::Same;
    std::uint32_t gained = 0, lost = 0;  // activations that are ready now; that no more are
  };
  // in the order of the new program, then those that are gone
  std::vector<Rule> rules;
  std::vector<FactId> withdrawn;  // logical facts that nothing supports any more
};
const char* name(Replaced::Fate fate);  // "same"

}  // namespace reticle
